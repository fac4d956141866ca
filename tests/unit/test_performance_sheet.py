"""Performance sheets of runs whose numbers are given: what is told, chosen, left out."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from twin import names, report_predict
from twin.cli import app
from twin.errors import SolveError, TwinError
from twin.parts.parameters import load_cell
from twin.run.galvanostatic import FAILED, REASON
from twin.run.results import COMPLETED, ENDED_BY
from twin.studies import predict as module
from twin.studies import rate_sheet
from twin.studies.ranges import Factor
from twin.studies.rate_sheet import OF_RATE, RESISTANCES, split_resistance

CELL = load_cell("thin_llzo_ncm622")
SHORT = names.variable_of(names.SHORT_EVENT, "negative")
REST = ("uncertainty", "ccd", "life", "temperature")

#: Parameters that change the made-up capacity, by how much over their ranges.
EFFECTS = {
    names.CATHODE_RADIUS: 0.01,
    names.INTERLAYER_THICKNESS: 0.5,
    names.SEPARATOR_THICKNESS: 0.4,
    names.CATHODE_POROSITY: 0.02,
    names.CATHODE_DIFFUSIVITY: 0.3,
    names.LITHIUM_THICKNESS: 0.2,
    names.CATHODE_BRUGGEMAN: 0.1,
}


def made_up(
    rates: int, charge: float, ended: str = COMPLETED, until: int = 99
) -> xr.Dataset:
    """Cycles of a charge and a discharge of 30 A/m2, cut after some of the half cycles."""
    cycle, density, passed, energy = [1], [0.0], [0.0], [0.0]
    area = CELL.values[names.ELECTRODE_AREA]
    for half in range(min(2 * rates, until)):
        sign = 1 if half % 2 else -1
        for share in (0.0, 0.5, 1.0):
            cycle.append(1 + half // 2)
            density.append(30.0 * sign)
            start = -charge if sign > 0 else 0.0
            passed.append(start + sign * charge * share)
            # at 4 V while discharging, in W.h
            energy.append(4.0 * max(0.0, passed[-1] + charge) * area / 3600 * (sign > 0))
    resistances = {
        rate_sheet._STACK: 5e-3,
        rate_sheet._FOIL: 2e-3,
        names.SEPARATOR_BULK_DROP: 3e-3,
        names.SEPARATOR_GB_DROP: 1e-3,
        names.POLARISATION: 20e-3,
    }
    current = np.array(density)
    columns = {
        "cycle": np.array(cycle),
        names.TOTAL_CURRENT_DENSITY: current,
        names.AREAL_CAPACITY: np.array(passed),
        names.DISCHARGE_ENERGY: np.array(energy),
        **{name: size * current for name, size in resistances.items()},
    }
    return xr.Dataset({n: ("time", v) for n, v in columns.items()}, attrs={ENDED_BY: ended})


class Runs:
    """In place of the simulations."""

    ended, until = COMPLETED, 99

    def __init__(
        self, cell: Any, schedule: Any, outputs: Any, inputs: Sequence[str], **_: Any
    ) -> None:
        self.rates = len(schedule.cycles)
        self.used_inputs = inputs

    def run_many(self, designs: Sequence[Mapping[str, float]]) -> list[xr.Dataset]:
        found = []
        for given in designs:
            change = sum(
                weight * (given[name] / CELL.values[name] - 1)
                for name, weight in EFFECTS.items()
                if name in given
            )
            charge = 108000 * (1 + change)
            found.append(made_up(self.rates, charge, self.ended, self.until))
            if self.ended == FAILED:
                found[-1].attrs[REASON] = f"cell {CELL.name}: no step is small enough"
        return found


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> type[Runs]:
    kind = type("Made", (Runs,), {})
    monkeypatch.setattr(rate_sheet, "GalvanostaticRun", kind)
    return kind


def sheet(**asked: Any) -> Any:
    return module.predict(
        CELL, **{"rates": (0.5, 1.0, 2.0), "without": REST, "workers": 1, **asked}
    )


def test_an_early_end_is_told(runs: type[Runs]) -> None:
    # shorted in the charge of the third cycle of three
    runs.ended, runs.until = SHORT, 5
    found = sheet()
    assert found.figure("capacity at 1C").value == pytest.approx(3.0)
    missing = found.figure("capacity at 2C")
    assert np.isnan([missing.value, missing.low, missing.high]).all()
    told = "negative short circuit in the charge before the discharge at 2C"
    assert told in missing.remark
    assert found.figure("energy at 1C").value == pytest.approx(3.0 * 4.0)
    assert found.figure("capacity at 1C").remark == ""
    assert any(told in note for note in found.notes)
    # 17.14 mg/cm2 at 175 mAh/g
    assert "nominal 3 mAh/cm2" in found.conditions["capacity"]
    page = report_predict.sheet_page(found)
    assert "<td>capacity at 2C</td><td>not reached</td>" in page
    assert "<td>nan" not in page
    plain = json.loads(found.to_json(), parse_constant=pytest.fail)
    rows = {one["name"]: one for one in plain["figures"]["rates"]}
    assert rows["energy at 2C"]["value"] is None


def test_lent_parameters_without_ranges_are_told(runs: type[Runs], tmp_path: Path) -> None:
    """A table in the design's file gives one of them a range."""
    text = (
        'title = "design"\nbase = "thin_llzo_ncm622"\n'
        '[options]\n"cathode from" = "OKane2022"\n'
    )
    own = (
        f'["{names.CATHODE_RADIUS}"]\nvalue = 5.22e-6\nunit = "m"\n'
        'range = [4e-6, 6e-6]\nstatus = "assumed"\n'
        'source = { paper = "twin", locator = "a guess" }\n'
    )
    told, varied = [], []
    for content in (text, text + own):
        file = tmp_path / "design.toml"
        file.write_text(content)
        found = module.predict(file, rates=(0.5,), without=REST[1:], workers=1)
        told += [note for note in found.notes if "lent" in note]
        varied.append(names.CATHODE_RADIUS in found.varied)
    counts = [int(note.partition(" ")[0]) for note in told]
    assert counts[0] == counts[1] + 1
    assert "value, unit, range, status and source" in told[0]
    assert varied == [False, True]
    # without intervals there is nothing to say
    notes = module.predict(file, rates=(0.5,), without=REST, workers=1).notes
    assert not any("lent" in note for note in notes)


def test_how_intervals_are_made_is_told_if_there_are_any(runs: type[Runs]) -> None:
    ranges = [f"{names.SEPARATOR_THICKNESS}=10:30 um"]
    told = [
        "intervals" in sheet(without=REST[first:], ranges=ranges).conditions
        for first in (0, 1)
    ]
    assert told == [False, True]


def test_a_voltage_far_outside_the_cathodes_is_told(runs: type[Runs]) -> None:
    notes = sheet(arguments={"upper": "6 V"}).notes
    assert any(note.startswith("6 V lies far outside the open-circuit") for note in notes)
    notes = sheet(arguments={"upper": "4.3 V", "lower": "2.8 V"}).notes
    assert not any("lies far outside" in note for note in notes)


def test_resistances_multiply(runs: type[Runs], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parameters that make a resistance four times less do not make it negative."""
    monkeypatch.setattr(
        runs, "run_many", lambda _, designs: [halved(given) for given in designs]
    )

    def halved(given: Mapping[str, float]) -> xr.Dataset:
        run = made_up(1, 108000.0)
        for name in (names.SEPARATOR_THICKNESS, names.LITHIUM_THICKNESS):
            if given[name] < CELL.values[name]:
                run[names.SEPARATOR_BULK_DROP] /= 4
        return run

    found = sheet(
        rates=(0.5,),
        without=REST[1:],
        ranges=[
            f"{names.SEPARATOR_THICKNESS}=10:30 um",
            f"{names.LITHIUM_THICKNESS}=5:30 um",
        ],
    ).figure("separator, bulk")
    # 3 mV/(A/m2) are 30 Ohm.cm2; the sum would be 30 - 22.5 sqrt(2) < 0
    assert found.value == pytest.approx(30.0)
    assert found.low == pytest.approx(30 * 4 ** -math.sqrt(2))


def test_a_discharge_that_costs_contact_is_told(
    runs: type[Runs], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The voltage may end a discharge long before all contact is lost."""

    def fading(charge: float) -> xr.Dataset:
        run = made_up(2, charge)
        # 0.8 at first; the first discharge ends with half of that, the second with a tenth
        contact = np.interp(run[names.TOTAL_CURRENT_DENSITY], [-30, 30], [0.8, 0.4])
        contact[(run["cycle"] == 2) & (run[names.TOTAL_CURRENT_DENSITY] > 0)] = 0.08
        contact[0] = 0.8
        run[names.variable_of(names.CONTACT_FRACTION, "negative")] = ("time", contact)
        return run

    monkeypatch.setattr(runs, "run_many", lambda _, designs: [fading(108000.0)])
    found = sheet(rates=(0.5, 1.0))
    assert found.figure("capacity at 0.5C").remark == ""
    told = "10 % of the lithium's contact left at the end of the discharge"
    assert found.figure("capacity at 1C").remark == told


def test_an_early_end_at_the_first_rate_is_no_row_of_zeros(runs: type[Runs]) -> None:
    runs.ended, runs.until = SHORT, 1
    found = sheet()
    for group in ("rates", "resistance"):
        assert all(np.isnan(one.value) for one in found.figures[group])
    assert "<h2>Figures" in report_predict.sheet_page(found)
    assert "discharge at 0.5C" in found.figure("capacity at 0.5C").remark


def test_what_was_discharged_before_an_end_is_kept(runs: type[Runs]) -> None:
    runs.ended, runs.until = SHORT, 6
    figure = sheet().figure("capacity at 2C")
    assert figure.value == pytest.approx(3.0)
    assert "negative short circuit in the discharge at 2C" in figure.remark


def test_a_cell_that_cannot_be_run_is_named_once(runs: type[Runs]) -> None:
    runs.ended = FAILED
    with pytest.raises(SolveError) as error:
        sheet()
    assert str(error.value) == f"cell {CELL.name}: no step is small enough"


def test_resistances_by_hand() -> None:
    run = made_up(1, 1000.0)
    run[names.POLARISATION][-1] *= 3  # at the end, which counts for nothing
    found = split_resistance(run, 1)
    # foil 2, from foil to separator 5 - 2, bulk 3, boundaries 1, left 20 - 5 - 3 - 1
    assert np.array(found) * 1e3 == pytest.approx([2.0, 3.0, 3.0, 1.0, 11.0])
    assert len(RESISTANCES) == 5
    assert OF_RATE[0] == "capacity"


def test_what_dominates_the_capacity_is_varied_over_temperature(
    runs: type[Runs], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Factor] = []

    def window(*arguments: Any) -> Any:
        given.extend(arguments[3])
        raise SolveError("seen")

    monkeypatch.setattr(module, "temperature_window", window)
    ends = ((name, CELL.values[name]) for name in EFFECTS)
    ranges = [f"{name}={0.9 * value!r}:{1.1 * value!r}" for name, value in ends]
    sheet(ranges=ranges, without=("ccd", "life"), rates=(0.5,))
    # the largest five, the largest first
    assert [one.name for one in given] == [
        names.INTERLAYER_THICKNESS,
        names.SEPARATOR_THICKNESS,
        names.CATHODE_DIFFUSIVITY,
        names.LITHIUM_THICKNESS,
        names.CATHODE_BRUGGEMAN,
    ]


def test_a_part_that_fails_leaves_the_others(
    runs: type[Runs], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise SolveError("no step is small enough")

    for name in ("temperature_window", "ccd_figure", "life"):
        monkeypatch.setattr(module, name, fails)
    found = sheet(without=("uncertainty",))
    asked = found.left_out.pop("uncertainty")
    assert asked == "as asked for"
    assert set(found.left_out) == {"temperature", "ccd", "life"}
    assert set(found.left_out.values()) == {"no step is small enough"}
    assert found.figure("capacity at 1C").value == pytest.approx(3.0)
    assert not any("window" in name or "critical" in name for name in found.conditions)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--rate", "-1"], "--rate: -1C: C-rates are numbers from 0.001 to 200"),
        (["--rate", "nan"], "--rate: nanC"),
        (["--rates", "0.5,inf"], "--rates: infC"),
        (["--rates", "1e9"], "--rates: 1e+09C"),
        (["--rate", "1e-9"], "--rate: 1e-09C"),
        (["--set", "charge_rate=1e9"], "--set charge_rate: 1e+09C"),
        (["--set", "cycles=3"], "one cycle at each of --rates"),
        (["--set", "Discharge rate=2"], "--set discharge_rate"),
        (["--set", "longest_hold=1 h"], "no hold"),
        (["--workers", "0"], "give at least 1"),
        (["--longest-life", "0"], "--longest-life: 0 cycles"),
        (["--set", "half_cycle_capacity=1 V", "--without", "ccd"], "mA.h.cm-2"),
        (["--set", "half_cycle_capacity=-1 mA.h.cm-2"], "must be above zero"),
    ],
)
def test_what_would_be_ignored_or_fail_late_is_refused_first(
    runs: type[Runs],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    told: str,
) -> None:
    monkeypatch.setattr(runs, "run_many", pytest.fail)
    result = CliRunner().invoke(app, ["predict", CELL.name, *arguments])
    assert isinstance(result.exception, TwinError)
    assert told in str(result.exception)


def test_more_lithium_than_there_is_is_refused_first(
    runs: type[Runs], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "run_many", pytest.fail)
    with pytest.raises(TwinError, match="100 mAh/cm2 is more than"):
        module.predict(
            "zhu2025_lco_llto60",
            arguments={"half_cycle_capacity": "100 mA.h.cm-2"},
            without=("uncertainty",),
        )
