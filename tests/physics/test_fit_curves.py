"""Fits to curves from files, to ratios of cells and to numbers of aged cells."""

import math
from pathlib import Path

import numpy as np
import pytest

import twin
from twin import names
from twin.run.observables import OBSERVABLES
from twin.studies.fit import fit, problem_of
from twin.studies.validate import validate

BULK = "Separator bulk conductivity at 25 C"
BOLTZMANN = 8.617333e-5  # eV/K
RECIPROCAL = 1 / 298.15 - 1 / 333.15
PELLET, INTERFACE = (math.exp(e / BOLTZMANN * RECIPROCAL) for e in (0.368, 0.957))

HEAD = 'title = "Mine"\npaper = "me2026"\nreference = "notebook"\n'
CURVE = """
[[curves]]
id = "{id}"
file = "{id}.csv"
kind = "{kind}"
cell = "{cell}"
experiment = "{experiment}"
arguments = {{ {arguments} }}
rmse = "{rmse}"
{more}
reason = "none"
"""


def test_a_flat_voltage_gives_a_conductivity_by_hand(tmp_path: Path) -> None:
    """20.8 mV at 1 mA/cm2 are 20.8 Ohm.cm2, however many rows say so."""
    curve = CURVE.format(
        id="pulse",
        kind="voltage",
        cell="mann2025_lina",
        experiment="current_pulse",
        arguments='current_density = "1 mA.cm-2", duration = "1 ms"',
        rmse="0.416 mV",
        more='over = "time"\npositive_current = "discharge"',
    )
    (tmp_path / "case.toml").write_text(HEAD + curve)
    rows = [f"{t},0.0208,1" for t in (0, 1e-4, 5e-4, 1e-3)]
    text = "\n".join(["Time / s,Voltage / V,Current / mA/cm2", *rows, rows[-1]])
    (tmp_path / "pulse.csv").write_text(text + "\n")
    found = fit([tmp_path], [BULK])
    (one,) = found.parameters
    grains = (20.8 - 2 * 73 / INTERFACE) * PELLET - 0.07 / 4.835e-3
    assert one.value == pytest.approx(0.07 / grains * 100, rel=1e-3)
    # 0.416 mV are two standard deviations of the whole curve: 1 % of the voltage
    spread = 0.01 * 20.8 / (grains / PELLET)
    assert math.log(one.high / one.value) == pytest.approx(1.96 * spread, rel=1e-2)
    assert found.fitted_to == (("pulse",),)
    assert found.notes[0] == "pulse.csv of 'pulse' was repaired: 1 duplicate row removed"


ROW = """
[[rows]]
id = "ohm"
cell = "mann2025_lina"
experiment = "current_pulse"
arguments = { current_density = "1 mA.cm-2" }
observable = "initial cell resistance"
tolerance = 0.02
reason = "none"
"""


def test_a_curve_and_a_row_are_fitted_together(tmp_path: Path) -> None:
    """Two experiments on one cell, made with another diffusivity and another pellet."""
    lithium = "Lithium self-diffusivity at 25 C [m2.s-1]"
    changes = {lithium: 1.4e-14, f"{BULK} [S.m-1]": 0.1}
    arguments = {"current_density": "2 mA.cm-2"}
    made = twin.simulate("mann2025_lina", "full_stripping", changes, arguments)
    charge = made[names.AREAL_CAPACITY].to_numpy() / 36000
    voltage = np.abs(made[names.VOLTAGE].to_numpy())
    lines = ["Capacity / mAh/cm2,Voltage / V"]
    lines += [f"{q:.9g},{v:.9g}" for q, v in zip(charge, voltage, strict=True)]
    (tmp_path / "strip.csv").write_text("\n".join(lines) + "\n")
    curve = CURVE.format(
        id="strip",
        kind="voltage",
        cell="mann2025_lina",
        experiment="full_stripping",
        arguments='current_density = "2 mA.cm-2"',
        rmse="5 mV",
        more="capacity_error = 0.02",
    )
    (tmp_path / "case.toml").write_text(HEAD + ROW + curve)
    resistance = float(made[names.CELL_RESISTANCE][0]) * 1e4
    (tmp_path / "measurements.csv").write_text(
        "id,quantity,value,unit,bound,locator\n"
        f"ohm,resistance,{resistance:.9g},Ohm.cm2,=,p\n"
    )
    found = fit([tmp_path], [lithium, BULK])
    assert found.fitted_to == (("ohm", "strip"), ("ohm", "strip"))
    for one, value in zip(found.parameters, changes.values(), strict=True):
        assert one.identified and one.low < value < one.high
        assert one.value == pytest.approx(value, rel=0.01)
    assert found.data[1].unit == "V"
    assert found.data[1].residual < 0.1
    only = problem_of([tmp_path], [lithium], rows=["strip"])
    assert [datum.id for datum in only.data] == ["strip"]


def aged_case(folder: Path, capacities: list[float]) -> None:
    """Capacities over cycles of zhu2025's cell at 1C [mAh/g]."""
    arguments = 'charge_rate = "0.5", discharge_rate = "1"'
    text = CURVE.format(
        id="fade",
        kind="cycling",
        cell="zhu2025_lco_llto60",
        experiment="rate_test",
        arguments=arguments,
        rmse="4 mA.h.g-1",
        more="",
    )
    (folder / "case.toml").write_text(HEAD + text)
    lines = [f"{number},{one}" for number, one in enumerate(capacities, start=1)]
    header = "Cycle Count / 1,Discharge capacity / mAh/g"
    (folder / "fade.csv").write_text("\n".join([header, *lines]) + "\n")


def test_capacities_over_cycles_are_those_of_an_aged_cell(tmp_path: Path) -> None:
    arguments = {"charge_rate": "0.5", "discharge_rate": "1"}
    made = twin.age("zhu2025_lco_llto60", "rate_test", 3, arguments=arguments)
    mass = twin.load_cell("zhu2025_lco_llto60").values[names.CATHODE_LOADING]
    capacity = made[names.CYCLE_DISCHARGED].to_numpy() / mass / 3600
    # 2 mAh/g below in the first cycle, 2 above in the last: half a limit, in two of three
    off = np.array([-2.0, 0.0, 2.0])
    aged_case(tmp_path, (capacity - off).tolist())
    (row,) = validate([tmp_path])
    assert row.simulated == pytest.approx(2 * math.sqrt(2 / 3), rel=1e-3)
    problem = problem_of([tmp_path], ["Positive particle diffusivity at 25 C"])
    found = problem.evaluate(np.array([problem.unknowns[0].to_scale(
        problem.unknowns[0].start)]))  # fmt: skip
    # two standard deviations are 4 mAh/g, and three points weigh as one number
    assert found.residuals == pytest.approx(off / 2 / math.sqrt(3), abs=1e-3)


def test_an_aged_number_is_read_off_an_aged_cell(tmp_path: Path) -> None:
    row = """
[[rows]]
id = "after"
cell = "zhu2025_lco_llto60"
experiment = "rate_test"
arguments = { charge_rate = "0.5", discharge_rate = "1", cycles = "3" }
observable = "discharge capacity after ageing"
tolerance = 0.1
reason = "none"
"""
    (tmp_path / "case.toml").write_text(HEAD + row)
    (tmp_path / "measurements.csv").write_text(
        "id,quantity,value,unit,bound,locator\nafter,capacity,100,mA.h.g-1,=,p\n"
    )
    arguments = {"charge_rate": "0.5", "discharge_rate": "1", "cycles": "3"}
    made = twin.simulate("zhu2025_lco_llto60", "rate_test", arguments=arguments)
    capacity = OBSERVABLES["discharge capacity"].read(made)
    problem = problem_of([tmp_path], ["Positive particle diffusivity at 25 C"])
    start = problem.unknowns[0].to_scale(problem.unknowns[0].start)
    (found,) = problem.evaluate(np.array([start])).predictions
    assert found.value[0] == pytest.approx(capacity, rel=1e-3)


def test_a_ratio_of_two_cells_goes_with_an_activation_energy_by_hand() -> None:
    """ln(R25/R60) = E/R (1/T25 - 1/T60), less what the split of the spectra leaves."""
    name = "Interface resistance activation energy"
    bounds = {f"{name} [J.mol-1]": (6e4, 12e4)}
    problem = problem_of(["mann2025"], [name], rows=["mann-rif-ratio-first"], bounds=bounds)
    (unknown,) = problem.unknowns
    assert set(unknown.cells) == {"mann2025_lina", "mann2025_lina_25C"}
    by_hand = 8.314463 * math.log(40) / RECIPROCAL
    found = problem.evaluate(np.array([unknown.to_scale(by_hand)])).predictions[0]
    assert found.value[0] == pytest.approx(40, rel=1e-2)
    assert found.slope[0, 0] == pytest.approx(40 * RECIPROCAL / 8.314463, rel=2e-2)
