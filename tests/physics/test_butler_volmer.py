"""The interface law of an exchange-current density: eta = 2RT/F asinh(i / 2 i0 theta)."""

import pytest

from twin import names
from twin.models.symmetric_cell import SymmetricCell


@pytest.fixture
def pulse(constant_current):
    def run(current_density, changes=None):
        model = SymmetricCell(interface_kinetics="Butler-Volmer")
        return constant_current(current_density, 1.0, changes, model=model)

    return run


@pytest.mark.parametrize(
    ("current_density", "changes", "overpotential"),
    [
        # i0 = 20 A/m2: 2 x 25.69258 mV x asinh(10 / 40 = 0.25) = 51.38516 x 0.2474664
        (10.0, {}, 12.71610e-3),
        # 51.38516 mV x asinh(10) = 51.38516 x 2.998223
        (400.0, {}, 154.0642e-3),
        # half the contact: 51.38516 mV x asinh(0.5) = 51.38516 x 0.4812118
        (10.0, {names.INITIAL_CONTACT: 0.5}, 24.72714e-3),
        # which a scaffold of twice the area makes up for
        (
            10.0,
            {names.INITIAL_CONTACT: 0.5, names.SCAFFOLD_AREA_RATIO: 2.0},
            12.71610e-3,
        ),
        # 60 C: 2RT/F = 57.41728 mV, i0 = 20 x 8.322740 = 166.4548 A/m2,
        # asinh(10 / 332.9096) = 0.03003367
        (10.0, {names.AMBIENT_TEMPERATURE: 333.15}, 1.724452e-3),
    ],
)
def test_overpotential(pulse, of, current_density, changes, overpotential):
    changes = {names.POLARISATION_CUT_OFF: 1e3, **changes}
    solution = pulse(current_density, changes)
    for side in (of.negative, of.positive):
        drop = solution[side(names.INTERFACE_OVERPOTENTIAL)].entries[0]
        assert drop == pytest.approx(overpotential, rel=1e-5)


def test_voltage(pulse):
    """10 A/m2 x 10e-3 Ohm.m2 in the separator and 12.71610 mV at each interface."""
    solution = pulse(10.0)
    assert solution[names.VOLTAGE].entries[0] == pytest.approx(-0.1254322, rel=1e-5)


def test_small_currents_see_a_resistance(pulse, of):
    """RT / (F i0) = 25.69258e-3 / 20 = 1.284629e-3 Ohm.m2."""
    solution = pulse(0.01)
    drop = solution[of.negative(names.INTERFACE_OVERPOTENTIAL)].entries[0]
    assert drop / 0.01 == pytest.approx(1.284629e-3, rel=1e-5)
    resistance = solution[of.negative(names.CHARGE_TRANSFER_RESISTANCE)].entries[0]
    assert resistance == pytest.approx(1.284629e-3, rel=1e-5)


def test_large_currents_see_less(pulse, of):
    """At 400 A/m2 154.0642 mV, less than a third of 400 x 1.284629e-3 = 513.85 mV."""
    solution = pulse(400.0, {names.POLARISATION_CUT_OFF: 1e3})
    drop = solution[of.negative(names.INTERFACE_OVERPOTENTIAL)].entries[0]
    assert drop / (400 * 1.284629e-3) == pytest.approx(0.299822, rel=1e-4)


def test_plating_mirrors_stripping(pulse, of):
    there = pulse(10.0)[of.negative(names.INTERFACE_OVERPOTENTIAL)].entries[0]
    back = pulse(-10.0)[of.negative(names.INTERFACE_OVERPOTENTIAL)].entries[0]
    assert back == pytest.approx(-there, rel=1e-12)
