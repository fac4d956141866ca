"""Results: units, provenance, and files that come back identical."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import twin
from twin import names
from twin.errors import RecordError, TwinError


@pytest.fixture(scope="module")
def pulse() -> xr.Dataset:
    return twin.simulate(
        "mann2025_lina",
        "strip_plate_cycling",
        arguments={"cycles": "2", "rest": "1 min"},
    )


def test_every_variable_has_its_unit(pulse: xr.Dataset) -> None:
    assert pulse[names.VOLTAGE].attrs["units"] == "V"
    assert pulse["time"].attrs["units"] == "s"
    contact = names.variable_of(names.CONTACT_FRACTION, "negative")
    assert pulse[contact].attrs["units"] == "1"
    assert all("units" in pulse[name].attrs for name in pulse.variables)


def test_cycles_and_steps_are_numbered(pulse: xr.Dataset) -> None:
    # strip, rest, plate, rest; twice; 0.1 mAh.cm-2 at 0.5 mA.cm-2 is 720 s
    assert sorted(set(pulse["cycle"].to_numpy())) == [1, 2]
    assert sorted(set(pulse["step"].to_numpy())) == [1, 2, 3, 4]
    assert float(pulse["time"][-1]) == pytest.approx(2 * (2 * 720 + 2 * 60))
    plating = (pulse["step"] == 3) & (pulse["cycle"] == 2)
    # the first point of a step is the last of the one before
    assert (pulse[names.CURRENT].where(plating, drop=True)[1:] < 0).all()


def test_profile_runs_from_separator_to_collector(pulse: xr.Dataset) -> None:
    occupancy = pulse[names.variable_of(names.OCCUPANCY, "negative")]
    assert occupancy.dims == ("time", "negative_position")
    stripped = occupancy[np.argmax(pulse["step"].to_numpy() == 2)]
    assert float(stripped[0]) < float(stripped[-1])


def test_records_travel_with_the_result(pulse: xr.Dataset) -> None:
    records = json.loads(pulse.attrs["parameters"])
    diffusivity = records[names.LITHIUM_DIFFUSIVITY]
    assert diffusivity["status"] == "fitted"
    assert diffusivity["fitted_to"] == ["mann-strip-60-0.2", "mann-strip-60-1.0"]
    assert records[names.SEPARATOR_THICKNESS]["source"]["locator"] == "methods 4.2"


def test_a_setting_is_recorded_as_the_users_assumption() -> None:
    result = twin.simulate(
        "mann2025_lina", "current_pulse", {names.LITHIUM_THICKNESS: 5e-5}
    )
    record = json.loads(result.attrs["parameters"])[names.LITHIUM_THICKNESS]
    assert record["value"] == 5e-5
    assert (record["status"], record["source"]["paper"]) == ("assumed", "user")


def test_a_file_comes_back_identical(pulse: xr.Dataset, tmp_path: Path) -> None:
    path = twin.save(pulse, tmp_path / "run.nc")
    xr.testing.assert_identical(twin.load(path), pulse)
    assert [file.name for file in tmp_path.iterdir()] == ["run.nc"]


def test_nothing_is_left_of_a_result_that_cannot_be_written(
    pulse: xr.Dataset, tmp_path: Path
) -> None:
    broken = pulse.assign_attrs(bad=object())
    with pytest.raises(Exception, match="attr"):
        twin.save(broken, tmp_path / "run.nc")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"CDF\x01 not really", b"text"])
def test_files_that_are_no_results_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.nc"
    path.write_bytes(content)
    with pytest.raises(TwinError, match="not a NetCDF result"):
        twin.load(path)
    with pytest.raises(TwinError, match="no such file"):
        twin.load(tmp_path / "none.nc")


def test_an_experiment_for_another_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text(
        'title = "t"\npaper = "p"\nmodels = ["FullCell"]\n[arguments.d]\nvalue = 1\n'
        'unit = "h"\nmeaning = "m"\n[[steps]]\ndo = "rest"\nduration = "d"\n'
    )
    with pytest.raises(RecordError, match="runs on FullCell"):
        twin.simulate("mann2025_lina", str(path))
