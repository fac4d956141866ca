"""Plating refills what it can reach: occluded voids and vacancies stay behind."""

import math

import numpy as np
import pybamm
import pytest

from twin import names

# depletion at tau = 350.2 s the first time; 1.348 nm of void per second after it
STRIPPING = 10.0
CYCLE = [(STRIPPING, 360.0), (-STRIPPING, 360.0)]
SITES = 76.9e3  # mol.m-3


def _at_cycle_ends(solution, name):
    return np.array([cycle.steps[-1][name].entries[-1] for cycle in solution.cycles])


@pytest.fixture
def ratcheted(protocol):
    """Three cycles past depletion with nine tenths of new voids occluded."""
    return protocol(CYCLE, repeat=3)


def test_occluded_voids_grow_from_cycle_to_cycle(ratcheted, of):
    occluded = _at_cycle_ends(ratcheted, of.negative(names.OCCLUDED_VOIDS))
    contact = _at_cycle_ends(ratcheted, of.negative(names.CONTACT_FRACTION))
    assert np.all(np.diff(occluded) > 0)
    assert np.all(np.diff(contact) < 0)
    assert contact[-1] < 0.9 * contact[0]


def test_plating_does_not_reach_occluded_voids(ratcheted, of):
    occluded, accessible = (
        of.negative(names.OCCLUDED_VOIDS),
        of.negative(names.ACCESSIBLE_VOIDS),
    )
    for cycle in ratcheted.cycles:
        stripped, plated = (step for step in cycle.steps)
        assert plated[occluded].entries[-1] == pytest.approx(
            stripped[occluded].entries[-1], rel=1e-6, abs=0
        )
        assert plated[accessible].entries[-1] < 0.5 * stripped[accessible].entries[-1]


def test_nine_tenths_of_new_voids_are_occluded(protocol, of):
    """v_o / v_a = f_o / (1 - f_o) = 9 before anything was refilled."""
    solution = protocol([(STRIPPING, 400.0)])
    occluded = solution[of.negative(names.OCCLUDED_VOIDS)].entries[-1]
    accessible = solution[of.negative(names.ACCESSIBLE_VOIDS)].entries[-1]
    assert occluded / accessible == pytest.approx(9.0, rel=1e-4)


def test_without_occlusion_plating_recovers_more(protocol, ratcheted, of):
    free = protocol(CYCLE, {names.OCCLUDED_FRACTION: 0.0}, repeat=3)
    contact = of.negative(names.CONTACT_FRACTION)
    recovered = _at_cycle_ends(free, contact)
    assert np.all(recovered > _at_cycle_ends(ratcheted, contact))
    # plating more than doubles the contact that the last stripping left
    assert recovered[-1] > 2 * free.cycles[-1].steps[0][contact].entries[-1]


def test_refilling_takes_voids_with_its_share_of_the_plating(protocol, of):
    """dv_a/dt = -j v_a / (v_a + h_r), so v_a + h_r ln v_a falls by j t.

    j = 10 / 7.419722e9 = 1.347759e-9 m/s; 20 s of plating take 2.695519e-8 m.
    """
    height = 5e-7
    solution = protocol(
        [(STRIPPING, 430.0), (-STRIPPING, 20.0)], {names.OCCLUDED_FRACTION: 0.0}
    )
    stripped, plated = solution.cycles[0].steps
    accessible = of.negative(names.ACCESSIBLE_VOIDS)
    before, after = stripped[accessible].entries[-1], plated[accessible].entries[-1]
    assert before > 3e-8
    taken = before - after + height * math.log(before / after)
    assert taken == pytest.approx(2.695519e-8, rel=1e-4, abs=0)


@pytest.mark.parametrize(("tolerance", "excess"), [(1e-6, 2e-5), (1e-8, 1e-7)])
@pytest.mark.parametrize("cells", [50, 100, 400])
def test_lattice_is_never_filled_beyond_one_atom_per_site(
    protocol, of, tolerance, excess, cells
):
    """At either electrode, up to what the solver's tolerance allows."""
    solver = pybamm.IDAKLUSolver(rtol=tolerance, atol=tolerance / 100)
    solution = protocol(CYCLE, repeat=3, solver=solver, cells=cells)
    for name in (names.OCCUPANCY, names.SURFACE_OCCUPANCY):
        for side in (of.negative, of.positive):
            occupancy = solution[side(name)].entries
            assert occupancy.max() < 1 + excess
    # and plating fills the surface to the brim, voids or not
    surface = solution[of.negative(names.SURFACE_OCCUPANCY)].entries
    assert surface[-1] > 0.998


def test_new_lithium_starts_when_the_surface_is_full_again(protocol, of):
    """Flux +j for t0, then -j: 2 sqrt(t - t0) = sqrt(t) at t = 4/3 t0.

    Half of Sand's time, t0 = 180 s, leaves no voids. Until 60 s of plating vacancies at
    the surface take everything, after it most of the plating is new lithium.
    """
    solution = protocol([(STRIPPING, 180.0), (-STRIPPING, 180.0)], period=0.5)
    plated = solution.cycles[0].steps[1]
    elapsed = plated.t - plated.t[0]
    growth = plated[of.negative(names.LITHIUM_GROWTH_RATE)].entries / 1.347759e-9
    started = elapsed[np.argmax(growth > 0.05)]
    assert started == pytest.approx(60.0, rel=2e-2)
    assert np.all(growth[(elapsed > 1) & (elapsed < 55)] < 0.05)
    assert np.all(growth[elapsed > 66] > 0.2)


def test_vacancies_left_behind_thicken_the_slab(protocol, of):
    """Flux +j for t0, -j for t0/3, then a full surface (u = 1) until 2 t0.

    With s = t/t0 and a^2 = s - 4/3 the lattice takes, of the plating current,
    q = (2 / pi a) [g(sqrt(4/3)) - 2 g(sqrt(1/3))] / 2 with g(y) = 2 (y - a atan(y/a))
    (Abel's equation with u = 1), 1 at s = 4/3 and 0.17548 at s = 2. The rest,
    the integral of 1 - q from 4/3 to 2, is 0.43269 of the charge of a half cycle:
    0.43269 x 1.347759e-9 m/s x 180 s = 1.04970e-7 m of new lithium, and as many sites
    are vacant in the slab. The formula neglects that new lithium moves the surface, by a
    tenth of sqrt(D t0) = 1.3 um, and that growth begins while 0.2 % of the sites at the
    surface are vacant, of up to 20 %: some percent more lithium grows.
    """
    solution = protocol(
        [(STRIPPING, 180.0), (-STRIPPING, 180.0)], {names.LITHIUM_DIFFUSIVITY: 1e-14}
    )
    stripped, plated = solution.cycles[0].steps
    thickness = of.negative(names.SLAB_THICKNESS)
    inventory = of.negative(names.INVENTORY)
    assert stripped[thickness].entries[-1] == pytest.approx(1e-4, rel=1e-9, abs=0)
    grown = plated[thickness].entries[-1] - 1e-4
    assert 1.04970e-7 < grown < 1.05 * 1.04970e-7
    vacant = plated[thickness].entries[-1] - plated[inventory].entries[-1] / SITES
    assert vacant == pytest.approx(grown, rel=1e-6, abs=0)


def test_vacancies_grow_from_cycle_to_cycle(protocol, of):
    solution = protocol([(STRIPPING, 120.0), (-STRIPPING, 120.0)], repeat=5)
    thickness = _at_cycle_ends(solution, of.negative(names.SLAB_THICKNESS))
    assert np.all(np.diff(thickness) > 1e-8)
    # while no voids form
    assert _at_cycle_ends(solution, of.negative(names.VOID_VOLUME))[-1] < 1e-9
