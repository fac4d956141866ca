"""Constant current on a slab too thick for its far side to matter: Sand's time.

tau = pi D [F c_Li (1 - u_crit) / 2i]^2 with F c_Li = 7.419722e9 C.m-3.
"""

import math

import numpy as np
import pytest

from twin import names

# 1 mm is 17 diffusion lengths sqrt(D tau) at D = 1e-13 m2/s. Tens of micrometres are
# stripped, of which the voids that precede depletion are a small part, but not small
# beside voids of 0.1 um: high ones keep the contact whole until tau.
THICK = {
    names.LITHIUM_THICKNESS: 1e-3,
    names.LITHIUM_DIFFUSIVITY: 1e-13,
    names.VOID_HEIGHT: 1e-5,
}
TAU = 35022.7  # s, at D = 1e-13 m2/s, i = 10 A/m2, u_crit = 0.1


@pytest.mark.parametrize(
    ("current_density", "changes", "tau"),
    [
        # pi x 1e-13 x (7.419722e9 x 0.9 / 20)^2 = pi x 1e-13 x (3.338875e8)^2
        (10.0, THICK, 35022.7),
        # twice the current: a quarter of the time
        (20.0, THICK, 8755.69),
        # 0.7 instead of 0.9 to strip: 35022.7 x (7/9)^2
        (10.0, {**THICK, names.CRITICAL_OCCUPANCY: 0.3}, 21186.8),
        # half the lithium per volume: a quarter of the time
        (10.0, {**THICK, names.LITHIUM_VOLUME_FRACTION: 0.5}, 8755.69),
        # voids of 0.1 um: D = 1e-15 m2/s, 34 diffusion lengths in 20 um
        (10.0, {names.LITHIUM_THICKNESS: 20e-6}, 350.227),
        # 60 C: 40 kJ/mol, 5.44770 times faster diffusion
        (
            10.0,
            {
                **THICK,
                names.LITHIUM_DIFFUSIVITY: 1e-15,
                names.AMBIENT_TEMPERATURE: 333.15,
                names.LITHIUM_THICKNESS: 40e-6,
            },
            1907.93,
        ),
    ],
)
def test_voids_begin_at_sands_time(
    constant_current, depletion_time, of, current_density, changes, tau
):
    solution = constant_current(current_density, 1.1 * tau, changes)
    depleted = depletion_time(solution)
    assert depleted == pytest.approx(tau, rel=5e-3)
    critical = changes.get(names.CRITICAL_OCCUPANCY, 0.1)
    occupancy = solution[of.negative(names.CONTACT_OCCUPANCY)]
    assert float(occupancy(depleted)) == pytest.approx(critical, abs=5e-3)
    assert float(occupancy(0.98 * tau)) > critical + 5e-3


def test_charge_times_current_is_a_constant_of_the_lithium(
    constant_current, depletion_time
):
    """i Q = pi D (F c_Li)^2 / 4 = 0.1201 mA.mAh.cm-4 per 1e-11 cm2/s.

    At 1 mA/cm2 for D = 1e-15 m2/s = 1e-11 cm2/s and a critical occupancy of zero.
    """
    changes = {names.CRITICAL_OCCUPANCY: 0.0, names.LITHIUM_THICKNESS: 20e-6}
    solution = constant_current(10.0, 600.0, changes)
    charge = 1.0 * depletion_time(solution) / 3600  # mAh/cm2
    assert 1.0 * charge == pytest.approx(0.1201, rel=5e-3)


def test_what_the_lattice_still_gives_after_depletion(constant_current, of):
    """A surface held at the critical occupancy: voids take (2/pi) atan sqrt(t/tau - 1).

    From Abel's equation for a flux that keeps the surface where Sand's time left it, for
    contacts that share their depletion zone (no crowding):
    t = 1.25 tau: (2/pi) atan(0.5) = 0.29517; t = 2 tau: one half.
    """
    changes = {**THICK, names.CROWDING_EXPONENT: 0.0, names.VOID_HEIGHT: 1e-4}
    solution = constant_current(10.0, 2 * TAU, changes)
    voids, rate = (
        solution[of.negative(name)]
        for name in (names.VOID_GROWTH_RATE, names.STRIPPING_RATE)
    )
    for time, expected in ((1.25 * TAU, 0.29517), (2 * TAU, 0.5)):
        share = float(voids(time)) / float(rate(time))
        assert share == pytest.approx(expected, rel=1e-2)


def test_surface_occupancy_converges_with_the_square_of_the_mesh(
    constant_current, order_of, of
):
    """Declared order: 2, against u_s = 1 - (2 i / F c_Li) sqrt(t / pi D).

    At half of Sand's time, 17500 s: 2 x 10 / 7.419722e9 x sqrt(17500 / pi 1e-13)
    = 2.695519e-9 x 2.360175e8 = 0.636190.
    """
    name = of.negative(names.SURFACE_OCCUPANCY)
    errors = [
        constant_current(10.0, 17500, THICK, cells=cells, rtol=1e-9, atol=1e-11)[
            name
        ].entries[-1]
        - (1 - 20 / 7419722040.028 * math.sqrt(17500 / (math.pi * 1e-13)))
        for cells in (20, 40, 80, 160, 320)
    ]
    assert order_of(errors) == pytest.approx([2, 2, 2, 2], abs=0.1)
    # 80 cells, fewer than the default mesh of 100
    assert abs(errors[2]) < 3e-4


def test_depletion_time_converges_with_the_square_of_the_mesh(
    constant_current, depletion_time, order_of
):
    """Declared order: 2, from the differences between successive meshes."""
    times = [
        depletion_time(
            constant_current(10.0, 1.1 * TAU, THICK, cells=cells, rtol=1e-9, atol=1e-11)
        )
        for cells in (20, 40, 80, 160, 320)
    ]
    assert all(order >= 1.7 for order in order_of(np.diff(times)))


def test_end_of_stripping_converges_with_the_square_of_the_mesh(constant_current, order_of):
    """Through the loss of contact to the cut-off, with voids of 0.1 um."""
    changes = {**THICK, names.VOID_HEIGHT: 1e-7}
    ends = []
    for cells in (20, 40, 80, 160):
        solution = constant_current(
            10.0, 1.2 * TAU, changes, cells=cells, rtol=1e-9, atol=1e-11
        )
        assert solution.termination == f"event: {names.POLARISATION_EVENT}"
        ends.append(solution.t[-1])
    assert all(order >= 1.7 for order in order_of(np.diff(ends)))


def test_end_of_stripping_converges_with_the_tolerance(constant_current):
    """The end of the stripping moves by no more than ten times the tolerance."""
    changes = {**THICK, names.VOID_HEIGHT: 1e-7}

    def end(rtol):
        solution = constant_current(10.0, 1.2 * TAU, changes, rtol=rtol, atol=rtol / 100)
        assert solution.termination == f"event: {names.POLARISATION_EVENT}"
        return solution.t[-1]

    finest = end(1e-9)
    errors = {rtol: abs(end(rtol) / finest - 1) for rtol in (1e-4, 1e-5, 1e-6, 1e-7)}
    assert all(error < 10 * rtol for rtol, error in errors.items()), errors
    assert errors[1e-7] < errors[1e-4] / 10
