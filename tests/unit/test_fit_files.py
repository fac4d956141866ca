"""Files that fits write: what they say of the rows behind them cannot be taken out."""

import json
import shutil
from pathlib import Path

import pytest

from twin.errors import RecordError, TwinError
from twin.names import VOLTAGE
from twin.parts.fit_reports import same_value
from twin.parts.parameters import load_cell
from twin.run.simulate import simulate
from twin.studies.fit import fit
from twin.studies.fit_files import write_fit

BULK = "Separator bulk conductivity at 25 C [S.m-1]"
PULSE = {"current_density": "1 mA.cm-2"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fits") / "new"
    found = fit(["mann2025"], [BULK], rows=["mann-rtot-60"])
    paths = write_fit(found, folder, "mine")
    assert {path.name for path in paths} == {
        "llzo_mann2025_fitted.toml",
        "mann2025_lina_fitted.toml",
        "mine.fit.json",
    }
    return folder


def test_a_fit_writes_records_and_a_cell_that_uses_them(written: Path) -> None:
    record = load_cell(written / "mann2025_lina_fitted.toml").records[BULK]
    before = load_cell("mann2025_lina").records[BULK]
    assert (record.status, record.fitted_to) == ("fitted", ("mann-rtot-60",))
    assert record.value == pytest.approx(before.value, rel=0.01)
    assert record.file.endswith("llzo_mann2025_fitted.toml")
    assert (record.low, record.high) == pytest.approx((before.low, before.high))
    assert "95 % interval" in str(record.source.method)
    assert not list(written.glob(".part-*"))


def test_files_that_exist_are_left_alone(written: Path, tmp_path: Path) -> None:
    found = fit(["mann2025"], [BULK], rows=["mann-rtot-60"])
    (tmp_path / "mine.fit.json").write_text("precious")
    with pytest.raises(TwinError, match="exists already"):
        write_fit(found, tmp_path, "mine")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.fit.json"]
    assert (tmp_path / "mine.fit.json").read_text() == "precious"
    write_fit(found, tmp_path, "mine", force=True)
    assert json.loads((tmp_path / "mine.fit.json").read_text())["converged"] is True


def test_taking_the_rows_out_of_a_written_record_is_refused(
    written: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(written, folder)
    records = folder / "llzo_mann2025_fitted.toml"
    cell = folder / "mann2025_lina_fitted.toml"
    text = records.read_text()

    emptied = text.replace('fitted_to = ["mann-rtot-60"]', "fitted_to = []")
    records.write_text(emptied)
    with pytest.raises(RecordError, match="fitted value names the rows"):
        load_cell(cell)
    records.write_text(emptied.replace('"fitted"', '"assumed"'))
    with pytest.raises(RecordError, match=r"mine.fit.json fitted to mann-rtot-60"):
        load_cell(cell)
    records.write_text(text.replace("mann-rtot-60", "another-row"))
    with pytest.raises(RecordError, match="does not list mann-rtot-60"):
        load_cell(cell)
    # moved into the cell's own tables the value is still the report's
    cell.write_text(
        'title = "mine"\nbase = "mann2025_lina"\n'
        + text[text.index("[") :].replace('"fitted"', '"assumed"').partition("fitted_to")[0]
    )
    with pytest.raises(RecordError, match="fitted to mann-rtot-60"):
        load_cell(cell)
    # a report that cannot be read does not let anything through
    (folder / "mine.fit.json").write_text("{}")
    with pytest.raises(RecordError, match="is no report of a fit"):
        load_cell(cell)


PULSES = """
title = "Two pulses of one pellet"
paper = "me2026"
reference = "notebook"

[[rows]]
id = "one"
cell = "mann2025_lina"
experiment = "current_pulse"
arguments = { current_density = "1 mA.cm-2" }
observable = "initial polarisation"
tolerance = 0.05
reason = "none"

[[rows]]
id = "two"
cell = "mann2025_lina_fitted.toml"
experiment = "current_pulse"
arguments = { current_density = "2 mA.cm-2" }
observable = "initial polarisation"
tolerance = 0.05
reason = "none"
"""


@pytest.mark.parametrize(("volts", "rows"), [(50, ("one", "two")), (60, ("two",))])
def test_a_second_fit_begins_with_what_the_first_one_wrote(
    tmp_path: Path, volts: float, rows: tuple[str, ...]
) -> None:
    """With the same value it keeps the rows of the first, and both cells stay good."""
    (tmp_path / "case.toml").write_text(PULSES)
    (tmp_path / "measurements.csv").write_text(
        "id,quantity,value,unit,bound,locator\n"
        f"one,voltage,25,mV,=,p\ntwo,voltage,{volts},mV,=,p\n"
    )
    write_fit(fit([tmp_path], [BULK], rows=["one"]), tmp_path, "first")
    write_fit(fit([tmp_path], [BULK], rows=["two"]), tmp_path, "second")
    first = load_cell(tmp_path / "mann2025_lina_fitted.toml").records[BULK]
    second = load_cell(tmp_path / "mann2025_lina_fitted_fitted.toml").records[BULK]
    assert (first.fitted_to, second.fitted_to) == (("one",), rows)
    reported = json.loads((tmp_path / "second.fit.json").read_text())["parameters"]
    assert tuple(reported[0]["fitted_to"]) == rows
    assert same_value(first.value, second.value) == (rows == ("one", "two"))
    # what neither fit says is refused as before
    path = tmp_path / Path(second.file).name
    path.write_text(path.read_text().replace('"two"', '"three"').replace('"one", ', ""))
    with pytest.raises(RecordError, match=r"fit.json fitted to .* does not list"):
        load_cell(tmp_path / "mann2025_lina_fitted_fitted.toml")


def test_a_fit_that_finds_a_shipped_value_keeps_its_rows(tmp_path: Path) -> None:
    shipped = load_cell("mann2025_lina")
    volts = float(simulate(shipped, "current_pulse", arguments=PULSE)[VOLTAGE][0]) * 1e3
    (tmp_path / "case.toml").write_text(PULSES.partition('\n[[rows]]\nid = "two"')[0])
    (tmp_path / "measurements.csv").write_text(
        f"id,quantity,value,unit,bound,locator\none,voltage,{abs(volts)!r},mV,=,p\n"
    )
    write_fit(fit([tmp_path], [BULK]), tmp_path)
    record = load_cell(tmp_path / "mann2025_lina_fitted.toml").records[BULK]
    assert same_value(record.value, shipped.records[BULK].value)
    assert record.fitted_to == ("mann-rtot-60", "one")
