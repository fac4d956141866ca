"""Two independent integrators agree: IDAKLU and the one that CasADi brings."""

from types import SimpleNamespace

import numpy as np
import pybamm
import pytest

from twin import names
from twin.errors import SolveError
from twin.models.integrator import LADDER
from twin.models.symmetric_cell import SymmetricCell
from twin.run import solving
from twin.run.simulate import simulate
from twin.run.solving import _began_wrong, _solver

pytestmark = pytest.mark.filterwarnings(
    "ignore:pybamm.CasadiSolver is deprecated:DeprecationWarning"
)


@pytest.fixture
def solvers():
    return (
        pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8),
        pybamm.CasadiSolver(mode="safe", rtol=1e-6, atol=1e-8),
    )


def test_stripping_past_depletion(constant_current, of, solvers):
    """410 s at a depletion time of 350 s; voids cost a good part of the contact."""
    one, two = (constant_current(10.0, 410.0, solver=solver) for solver in solvers)
    contact = of.negative(names.CONTACT_FRACTION)
    assert 0.2 < one[contact].entries[-1] < 0.8
    times = two.t[1:]
    voltage = one[names.VOLTAGE](times)
    assert voltage == pytest.approx(two[names.VOLTAGE](times), abs=1e-4)
    # 1e-4 V is little beside what happens: 120 mV at the start, 180 mV at the end
    assert voltage.max() - voltage.min() > 0.05
    assert one[contact](times) == pytest.approx(two[contact](times), abs=1e-4)


def test_strip_and_plate(protocol, of, solvers):
    steps = [(10.0, 380.0), (-10.0, 380.0)]
    one, two = (protocol(steps, solver=solver) for solver in solvers)
    times = two.t[(two.t > 1) & (abs(two.t - 380) > 1)]
    assert one[names.VOLTAGE](times) == pytest.approx(two[names.VOLTAGE](times), abs=1e-4)
    thickness = of.negative(names.SLAB_THICKNESS)
    # new lithium: 190 nm
    grown = [solution[thickness].entries[-1] - 1e-4 for solution in (one, two)]
    assert grown[0] > 1e-7
    assert grown[0] == pytest.approx(grown[1], rel=1e-3, abs=0)


def test_both_find_the_same_end(constant_current, solvers):
    one, two = (constant_current(10.0, 1e3, solver=solver) for solver in solvers)
    ended = f"event: {names.POLARISATION_EVENT}"
    assert one.termination == two.termination == ended
    assert one.t[-1] == pytest.approx(two.t[-1], rel=1e-4)


@pytest.mark.parametrize("attempt", LADDER, ids=lambda one: one.name)
def test_every_attempt_gives_up_where_it_only_trembles(attempt):
    options = _solver(SymmetricCell(), attempt)._options
    assert (options["num_steps_no_progress"], options["t_no_progress"]) == (1000, 1.0)


@pytest.mark.parametrize(
    ("experiment", "arguments", "least"),
    [
        # the faster of C/50 and C/20, 72 000 s
        ("rate_test", {"charge_rate": "0.02", "discharge_rate": "0.05"}, 72.0),
        # 18 s
        ("discharge", {"discharge_rate": "200"}, 1.0),
        # a year at most, or over in no time
        ("full_stripping", {"current_density": "1e-4 mA.cm-2"}, 1.0),
    ],
)
def test_further_attempts_have_to_get_on_faster(
    monkeypatch, experiment, arguments, least
):
    seen = []

    def solve(simulation, *_):
        seen.append(simulation._solver._options["t_no_progress"])
        raise SolveError("seen")

    monkeypatch.setattr(solving, "_solve", solve)
    full = experiment != "full_stripping"
    cell = "yang2024_nano_5mAh" if full else "mann2025_li"
    with pytest.raises(SolveError, match="seen"):
        simulate(cell, experiment, arguments=arguments)
    # but for the first attempt, and the one with tighter tolerances
    assert LADDER[3].factor < 1
    assert seen == pytest.approx([1.0, least, least, 1.0, least, least])


@pytest.mark.parametrize(
    ("termination", "end", "wrong"),
    [
        ("event: 4.2 V [experiment]", 1e-13, True),
        ("event: 4.2 V [experiment]", 1e-3, False),
        ("final time", 1e-13, False),
    ],
)
def test_a_step_that_is_over_in_no_time_began_at_a_false_state(termination, end, wrong):
    step = SimpleNamespace(termination=termination, t=np.array([0.0, end]))
    solution = SimpleNamespace(cycles=[None, SimpleNamespace(steps=[step])])
    assert _began_wrong(solution) is wrong
