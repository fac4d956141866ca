"""Closure of voids by creep under stack pressure: k = 3/2 A (3P/2n)^n.

A = 7.7e-3 s-1, n = 6.6, so at 1 MPa k = 0.01155 x (3 / 13.2)^6.6
= 0.01155 x exp(-6.6 x 1.481605) = 0.01155 x 5.66516e-5 = 6.5433e-7 s-1.
"""

import numpy as np
import pytest

from twin import names

HOUR = 3600.0
# current that empties the surface after tau = 350.2 s and then leaves 1.348 nm of void
# per second
STRIPPING = 10.0


@pytest.mark.parametrize(
    ("pressure", "temperature", "time_constant"),
    [
        (1e6, 298.15, 1.52829e6),  # 424.5 h
        (3e6, 298.15, 1084.44),  # 3^6.6 = 1409.3 times faster: 18.1 min
        (7e6, 298.15, 4.04165),  # 7^6.6 = 378135 times faster: 4.0 s
        # 37 kJ/mol from 25 to 60 C: exp(4450.07 x 3.52358e-4) = 4.79730
        (3e6, 333.15, 226.052),
    ],
)
def test_time_constant(constant_current, of, pressure, temperature, time_constant):
    changes = {
        names.STACK_PRESSURE: pressure,
        names.AMBIENT_TEMPERATURE: temperature,
    }
    solution = constant_current(0.0, 1.0, changes)
    for side in (of.negative, of.positive):
        rate = solution[side(names.CREEP_CLOSURE)].entries[-1]
        assert 1 / rate == pytest.approx(time_constant, rel=1e-4)


def test_voids_decay_with_the_time_constant_and_contact_returns(protocol, of):
    """3 MPa: 18.07 min. What is left after 1 h is exp(-3600 / 1084.44) = 0.036156."""
    solution = protocol(
        [(STRIPPING, 420.0), (0.0, HOUR), (0.0, 2 * HOUR)],
        {names.STACK_PRESSURE: 3e6},
    )
    stripped, rested, healed = solution.cycles[0].steps
    for kind in (names.ACCESSIBLE_VOIDS, names.OCCLUDED_VOIDS, names.VOID_VOLUME):
        voids = of.negative(kind)
        before = stripped[voids].entries[-1]
        assert before > 4e-9
        assert rested[voids].entries[-1] / before == pytest.approx(0.036156, rel=1e-3)
        curve = rested[voids].entries / before
        elapsed = rested.t - rested.t[0]
        assert curve == pytest.approx(np.exp(-elapsed / 1084.44), rel=1e-3)
    contact = of.negative(names.CONTACT_FRACTION)
    assert stripped[contact].entries[-1] < 0.65
    assert healed[contact].entries[-1] > 0.999


def test_closed_voids_leave_the_thickness_not_the_inventory(protocol, of):
    solution = protocol([(STRIPPING, 420.0), (0.0, 3 * HOUR)], {names.STACK_PRESSURE: 3e6})
    stripped, rested = solution.cycles[0].steps
    inventory = of.negative(names.INVENTORY)
    before, after = stripped[inventory].entries[-1], rested[inventory].entries[-1]
    assert after == pytest.approx(before, rel=1e-10)
    closed = (
        stripped[of.negative(names.VOID_VOLUME)].entries[-1]
        - rested[of.negative(names.VOID_VOLUME)].entries[-1]
    )
    thinner = (
        stripped[of.negative(names.SLAB_THICKNESS)].entries[-1]
        - rested[of.negative(names.SLAB_THICKNESS)].entries[-1]
    )
    assert closed > 4e-8
    assert thinner == pytest.approx(closed, rel=1e-6, abs=0)


def test_no_closure_without_pressure(protocol, of):
    """0.1 MPa: 10^6.6 times slower than 1 MPa, 1/k = 6.0842e12 s, 1.9e5 years.

    A day of rest closes 86400 / 6.0842e12 = 1.4e-8 of the voids.
    """
    solution = protocol(
        [(STRIPPING, 420.0), (0.0, 24 * HOUR)], {names.STACK_PRESSURE: 0.1e6}
    )
    stripped, rested = solution.cycles[0].steps
    rate = rested[of.negative(names.CREEP_CLOSURE)].entries[-1]
    assert 1 / rate == pytest.approx(6.0842e12, rel=1e-3)
    voids = of.negative(names.VOID_VOLUME)
    assert rested[voids].entries[-1] == pytest.approx(
        stripped[voids].entries[-1], rel=1e-7, abs=0
    )
