"""Lithium and charge are conserved, whatever happens and on any mesh."""

import numpy as np
import pytest

from twin import names

FARADAY = 96485.33212  # C.mol-1
STRIPPING = 10.0

CASES = {
    # surfaces stay well supplied
    "whole contact": ([(STRIPPING, 180.0), (-STRIPPING, 180.0)], {}),
    # half cycles past depletion; a scaffold keeps enough contact for all cycles
    "voids": (
        [(STRIPPING, 360.0), (-STRIPPING, 360.0)],
        {names.OCCLUDED_FRACTION: 0.5, names.SCAFFOLD_FLOOR: 0.2},
    ),
    # voids that close by creep, 18 min at 3 MPa
    "voids under pressure": (
        [(STRIPPING, 420.0), (-STRIPPING, 420.0)],
        {
            names.OCCLUDED_FRACTION: 0.5,
            names.SCAFFOLD_FLOOR: 0.2,
            names.STACK_PRESSURE: 3e6,
        },
    ),
    # a share of the current passes as electrons
    "electronic leakage": (
        [(STRIPPING, 180.0), (0.0, 60.0), (-STRIPPING, 180.0)],
        {names.ELECTRONIC_CONDUCTIVITY: 1e-4},
    ),
}


@pytest.fixture(params=CASES)
def cycled(request, protocol, cells):
    steps, changes = CASES[request.param]
    solution = protocol(steps, changes, repeat=10, cells=cells)
    return request.param, solution


@pytest.fixture(params=[20, 100])
def cells(request):
    return request.param


def test_lithium(cycled):
    """Both slabs hold 2 x 76900 mol/m3 x 1e-4 m = 15.38 mol/m2, at all times."""
    _, solution = cycled
    lithium = solution[names.TOTAL_LITHIUM].entries
    assert lithium == pytest.approx(15.38, rel=1e-8)


def test_charge(cycled, of):
    """What an electrode lost is the charge passed less what leaked past it."""
    case, solution = cycled
    passed = solution[names.AREAL_CAPACITY].entries
    ionic = passed - solution[names.LEAKED_CHARGE].entries
    initial = 7.69  # mol/m2
    for side, sign in ((of.negative, -1), (of.positive, 1)):
        inventory = solution[side(names.INVENTORY)].entries
        error = FARADAY * (inventory - initial) - sign * ionic
        assert np.abs(error).max() < 1e-8 * FARADAY * initial
        # relative to the charge of a half cycle as well
        assert np.abs(error).max() < 1e-6 * np.abs(passed).max()
    leaked = np.abs(solution[names.LEAKED_CHARGE].entries).max()
    assert (leaked > 0.1) == (case == "electronic leakage")


def test_cases_do_what_they_say(protocol, of):
    """The balances above are tried with voids, refilling, growth and creep at work."""
    steps, changes = CASES["voids"]
    voids = of.negative(names.VOID_VOLUME)
    solution = protocol(steps, changes, repeat=10)
    assert solution[voids].entries.max() > 1e-8
    assert solution[of.negative(names.SLAB_THICKNESS)].entries[-1] > 1.001e-4
    steps, changes = CASES["voids under pressure"]
    solution = protocol(steps, changes, repeat=10)
    assert solution[voids].entries.max() > 1e-8
    assert solution[of.negative(names.CREEP_CLOSURE)].entries[-1] > 9e-4
