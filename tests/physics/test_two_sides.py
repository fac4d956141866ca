"""The positive electrode is an electrode like the negative one, with its own values."""

import pytest

from twin import names

MIRRORED = (
    names.CONTACT_FRACTION,
    names.SURFACE_OCCUPANCY,
    names.CONTACT_OCCUPANCY,
    names.INVENTORY,
    names.SLAB_THICKNESS,
    names.ACCESSIBLE_VOIDS,
    names.OCCLUDED_VOIDS,
)


@pytest.mark.parametrize(
    ("occupancy", "rtol", "agreement"),
    [
        (0.99, 1e-9, 1e-7),
        # a full lattice takes no lithium: rounding decides how the solver gets there
        (1.0, 1e-6, 1e-6),
    ],
)
def test_reversed_current_mirrors_the_solution(
    constant_current, of, occupancy, rtol, agreement
):
    """Past depletion, where the stripped electrode has lost part of its contact."""
    changes = {names.INITIAL_OCCUPANCY: occupancy}
    there, back = (
        constant_current(current, 410.0, changes, rtol=rtol, atol=rtol / 100)
        for current in (10.0, -10.0)
    )
    assert there[of.negative(names.CONTACT_FRACTION)].entries[-1] < 0.8
    times = [1.0, 100.0, 340.0, 410.0]
    voltage = there[names.VOLTAGE](times)
    assert back[names.VOLTAGE](times) == pytest.approx(-voltage, rel=agreement)
    for name in MIRRORED:
        for one, other in ((of.negative, of.positive), (of.positive, of.negative)):
            expected = there[one(name)](times)
            assert back[other(name)](times) == pytest.approx(
                expected, rel=agreement, abs=agreement * abs(expected).max()
            ), name


def test_positive_electrode_of_its_own_thickness(constant_current, depletion_time, of):
    """Thin slabs of 10 and 20 um, each stripped: 1 - i L / (3 F D c_Li).

    D = 4.5e-15 m2/s, i = 0.5 A/m2: losses of 0.04992 and 0.09983, and 0.1 is critical.
    """
    changes = {
        names.LITHIUM_THICKNESS: 20e-6,
        names.parameter_of(names.LITHIUM_THICKNESS, "positive"): 10e-6,
        names.LITHIUM_DIFFUSIVITY: 4.5e-15,
        names.VOID_HEIGHT: 1e-5,
    }
    for current_density, side, expected in (
        (0.5, of.negative, 0.80017),
        (-0.5, of.positive, 0.85008),
    ):
        solution = constant_current(current_density, 3e5, changes)
        depleted = depletion_time(solution, side)
        utilisation = float(solution[side(names.UTILISATION)](depleted))
        assert utilisation == pytest.approx(expected, rel=5e-3)


def test_initial_inventories(constant_current, of):
    """76900 mol/m3 x 100 um and x 30 um at 0.8 of the sites."""
    changes = {
        names.parameter_of(names.LITHIUM_THICKNESS, "positive"): 30e-6,
        names.parameter_of(names.INITIAL_OCCUPANCY, "positive"): 0.8,
    }
    solution = constant_current(0.0, 1.0, changes)
    negative, positive = (
        solution[side(names.INVENTORY)].entries[0] for side in (of.negative, of.positive)
    )
    assert negative == pytest.approx(7.69, rel=1e-9)
    assert positive == pytest.approx(1.8456, rel=1e-9)
    total = solution[names.TOTAL_LITHIUM].entries[0]
    assert total == pytest.approx(9.5356, rel=1e-9)


def test_unequal_interfaces(constant_current, of):
    """5 mOhm.m2 at the positive electrode only: 10 x (10e-3 + 1e-3 + 5e-3) = 0.16 V."""
    changes = {names.parameter_of(names.INTERFACE_RESISTANCE, "positive"): 5e-3}
    solution = constant_current(10.0, 1.0, changes)
    assert solution[names.VOLTAGE].entries[0] == pytest.approx(-0.16, rel=1e-6)
