"""Fits of the model: values and intervals that follow by hand, and noisy data."""

import math
from pathlib import Path

import numpy as np
import pytest

from twin import names
from twin.errors import SolveError
from twin.parts.parameters import load_cell
from twin.run.results import TIME_DIMENSION
from twin.run.simulate import simulate
from twin.studies.fit import PROFILE_RISE, fit, problem_of, profile
from twin.studies.fit_data import Curve, CurveDatum
from twin.studies.fit_result import result_of

BULK = "Separator bulk conductivity at 25 C"
BOLTZMANN = 8.617333e-5  # eV/K
#: 1/298.15 - 1/333.15, and what it makes of a pellet's and an interface's activation
RECIPROCAL = 1 / 298.15 - 1 / 333.15
PELLET, INTERFACE = (math.exp(e / BOLTZMANN * RECIPROCAL) for e in (0.368, 0.957))


def test_a_conductivity_follows_from_a_resistance_by_hand() -> None:
    found = fit(["mann2025"], [BULK], rows=["mann-rtot-60"])
    # 20.8 Ohm.cm2 at 60 C less two interfaces of 73 at 25 C, and 14.48 of grain boundaries
    grains = (20.8 - 2 * 73 / INTERFACE) * PELLET - 0.07 / 4.835e-3
    (one,) = found.parameters
    assert one.value == pytest.approx(0.07 / grains * 100, rel=1e-4)
    # 1 % of 20.8 is sd, and d(ln kappa) = -dR / R_grains; 1.96 of them either way
    spread = 0.01 * 20.8 / (grains / PELLET)
    assert math.log(one.high / one.value) == pytest.approx(1.96 * spread, rel=1e-3)
    assert math.log(one.value / one.low) == pytest.approx(1.96 * spread, rel=1e-3)
    assert found.fitted_to == (("mann-rtot-60",),)
    assert found.data[0].residual == pytest.approx(0.0, abs=1e-2)


def test_a_profile_of_a_nearly_linear_problem_is_its_parabola() -> None:
    problem = problem_of(["mann2025"], [BULK], rows=["mann-rtot-60"])
    found = result_of(problem, *problem.minimum(np.array([0.5])))
    line = profile(problem, found, BULK)
    best, deviation = found.parameters[0].value, math.log(
        found.parameters[0].high / found.parameters[0].value
    ) / 1.96
    # residuals are linear in 1/kappa: a few percent from the parabola at three deviations
    expected = (np.log(line.values / best) / deviation) ** 2
    assert line.rise == pytest.approx(expected, rel=0.06, abs=1e-3)
    assert (line.rise > PROFILE_RISE).any()


def test_pellet_parts_cannot_be_told_apart_by_one_resistance() -> None:
    both = [BULK, "Separator grain-boundary conductivity at 25 C"]
    rows = ["mann-rtot-60", "mann-ccd-lina-60-v0"]  # Ohm's law twice
    found = fit(["mann2025"], both, rows=rows)
    assert [one.identified for one in found.parameters] == [False, False]
    (note,) = [note for note in found.notes if "apart" in note]
    assert all(name in note for name in both)


def test_a_parameter_without_effect_is_a_note_and_no_crash() -> None:
    wanted = [BULK, "Critical surface occupancy"]
    found = fit(["mann2025"], wanted, rows=["mann-rtot-60", "mann-ccd-lina-60-v0"])
    (note,) = [note for note in found.notes if "has no effect" in note]
    assert "Critical surface occupancy" in note
    assert found.parameters[0].identified and not found.parameters[1].identified
    assert (found.parameters[1].low, found.parameters[1].high) == (0.0, 0.1)


def test_derivatives_are_those_of_repeated_runs_and_values_those_of_simulate() -> None:
    problem = problem_of(
        ["mann2025"],
        ["Lithium self-diffusivity at 25 C", "Lithium thickness", BULK],
        rows=["mann-strip-60-0.2", "mann-ccd-lina-60-v0"],
        prior=True,  # three parameters and two numbers
    )
    x = np.array([0.4, 0.6, 0.5])
    found = problem.evaluate(x)
    change = 1e-3
    for k in range(3):
        step = change * np.eye(3)[k]
        up, down = problem.evaluate(x + step), problem.evaluate(x - step)
        slope = (up.residuals - down.residuals) / (2 * change)
        assert found.jacobian[:, k] == pytest.approx(slope, rel=5e-3, abs=1e-3)
    values = problem.values(x)
    cell = load_cell("mann2025_lina").with_values(
        {u.name: float(v) for u, v in zip(problem.unknowns, values, strict=True)}, "test"
    )
    run = simulate(cell, "full_stripping", arguments={"current_density": "0.2 mA.cm-2"})
    stripped = float(run[names.AREAL_CAPACITY][-1])
    assert found.predictions[0].value[0] == pytest.approx(stripped, rel=1e-3)


def test_a_curve_gives_back_what_it_was_made_with() -> None:
    arguments = {"current_density": "1 mA.cm-2"}
    cell = load_cell("mann2025_li")
    made = simulate(cell, "full_stripping", arguments=arguments)
    end = float(made[TIME_DIMENSION][-1])
    time = np.linspace(0.01, 0.97, 30) * end
    voltage = np.interp(time, made[TIME_DIMENSION], made[names.VOLTAGE])
    curve = Curve(
        "mine",
        "mann2025_li",
        "full_stripping",
        [*time, end],
        [*voltage, -1.0],
        1e-3,
        arguments,
        end_uncertainty=0.01,
    )
    wanted = ["Lithium self-diffusivity at 25 C", BULK]
    problem = problem_of([], wanted, curves=[curve])
    found = result_of(problem, *problem.minimum(np.full(2, 0.5)))
    assert found.converged
    for one in found.parameters:
        assert one.low < one.start < one.high
        assert one.value == pytest.approx(one.start, rel=0.01)
    # the values are the shipped ones again, and so are their rows
    for rows, one in zip(found.fitted_to, found.parameters, strict=True):
        before = cell.records[one.name].fitted_to
        assert before
        assert rows == (*before, "mine")
    (datum,) = problem.data
    assert isinstance(datum, CurveDatum)
    # 1 % of the time at which it ends is 1 % of the charge, which goes with D^0.45: a
    # standard deviation of about 2 % in D, that the voltages before can only better
    width = math.log(found.parameters[0].high / found.parameters[0].low)
    assert width < 4 * 0.01 / 0.4
    # voltages in a collapse count for less than the flat ones
    assert datum.uncertainty[-1] > 100 * datum.uncertainty[0]
    flat = found.minimum.predictions[0].value[:25] - datum.voltage[:25]
    assert np.abs(flat).max() < 1e-4


def test_a_run_that_fails_names_the_row_and_the_values(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(
        'title = "Too much"\npaper = "me2026"\nreference = "notebook"\n\n[[rows]]\n'
        'id = "much"\ncell = "mann2025_lina"\nexperiment = "full_stripping"\n'
        'arguments = { current_density = "1000 mA.cm-2" }\n'
        'observable = "stripped capacity"\ntolerance = 0.1\nreason = "none"\n'
    )
    (tmp_path / "measurements.csv").write_text(
        "id,quantity,value,unit,bound,locator\nmuch,capacity,1,mA.h.cm-2,=,page 1\n"
    )
    with pytest.raises(SolveError, match=r"rows much: .*'Separator bulk conductivity"):
        fit([tmp_path], [BULK])
