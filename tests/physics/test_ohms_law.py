"""A fresh cell is a row of resistors; electrons may pass beside it."""

import pytest

from twin import names

# lithium that diffuses so fast that nothing happens to it within a second:
# 1 - u_s = 2.7e-9 sqrt(1 / pi 1e-10) = 1.5e-4 at 10 A/m2, 4 uV
FAST = {names.LITHIUM_DIFFUSIVITY: 1e-10}


@pytest.mark.parametrize(
    ("temperature", "voltage"),
    [
        # grains 0.8e-3/0.1 = 8e-3, boundaries 0.8e-3/0.4 = 2e-3, interfaces 2 x 1e-3
        # Ohm.m2: 10 A/m2 x 12e-3
        (298.15, -0.12),
        # 60 C: 8e-3 / 4.40744 (35 kJ/mol) + 2e-3 / 6.73348 (45) + 2e-3 / 12.7151 (60)
        # = 1.81511e-3 + 2.97023e-4 + 1.57293e-4 = 2.26943e-3
        (333.15, -0.0226943),
    ],
)
def test_voltage_of_a_fresh_cell(constant_current, temperature, voltage):
    changes = {names.AMBIENT_TEMPERATURE: temperature}
    solution = constant_current(10.0, 1.0, changes)
    assert solution[names.VOLTAGE].entries[0] == pytest.approx(voltage, rel=1e-5)
    resistance = solution[names.CELL_RESISTANCE].entries[0]
    assert resistance == pytest.approx(-voltage / 10, rel=1e-5)


def test_parts_of_the_voltage(constant_current, of):
    """80, 20 and 10 mV at 10 A/m2 over 8, 2 and 1 mOhm.m2."""
    solution = constant_current(10.0, 1.0)
    for name, expected in {
        names.SEPARATOR_BULK_DROP: 0.08,
        names.SEPARATOR_GB_DROP: 0.02,
        of.negative(names.INTERFACE_OVERPOTENTIAL): 0.01,
        of.positive(names.INTERFACE_OVERPOTENTIAL): 0.01,
    }.items():
        assert solution[name].entries[0] == pytest.approx(expected, rel=1e-6), name
    assert solution[names.SEPARATOR_RESISTANCE].entries[0] == pytest.approx(0.01)
    assert solution[names.SEPARATOR_CONDUCTIVITY].entries[0] == pytest.approx(0.08)


def test_resistance_of_a_poorly_wetted_interface(constant_current, of):
    """The ASR is measured on the initial contact, whatever that is.

    Constriction under a quarter of contact comes on top, at both electrodes:
    pi x 2e-6 (1 - 0.5)^1.5 / (4 x 0.08 x 0.5) = 2.22144e-6 / 0.16 = 1.38840e-5 Ohm.m2.
    """
    solution = constant_current(10.0, 1.0, {names.INITIAL_CONTACT: 0.25})
    asr = solution[of.negative(names.CHARGE_TRANSFER_RESISTANCE)].entries[0]
    assert asr == pytest.approx(1e-3, rel=1e-6)
    constriction = solution[of.negative(names.CONSTRICTION_RESISTANCE)].entries[0]
    assert constriction == pytest.approx(1.38840e-5, rel=1e-5)
    # 10 x (12e-3 + 2 x 1.38840e-5)
    assert solution[names.VOLTAGE].entries[0] == pytest.approx(-0.12027768, rel=1e-5)
    # the current crowds on a quarter of the area
    local = solution[of.negative(names.LOCAL_CURRENT_DENSITY)].entries[0]
    assert local == pytest.approx(40.0, rel=1e-6)


def test_electronic_leakage_under_current(constant_current):
    """G = 1e-2 / 0.8e-3 = 12.5 S/m2 beside R = 12e-3 Ohm.m2: G R = 0.15.

    Ions carry 10 / 1.15 = 8.695652 A/m2, electrons 1.304348; V = -8.695652 x 0.012.
    """
    changes = {names.ELECTRONIC_CONDUCTIVITY: 1e-2, **FAST}
    solution = constant_current(10.0, 1.0, changes)
    for name, expected in {
        names.IONIC_CURRENT_DENSITY: 8.695652,
        names.LEAKAGE_CURRENT_DENSITY: 1.304348,
        names.VOLTAGE: -0.1043478,
    }.items():
        assert solution[name].entries == pytest.approx(expected, rel=1e-4), name
    # in one second
    leaked = solution[names.LEAKED_CHARGE].entries[-1]
    assert leaked == pytest.approx(1.304348, rel=1e-4)


def test_electronic_leakage_at_open_circuit(constant_current, of):
    """Half the lithium missing from one electrode: RT/F ln 2 = 17.8087 mV.

    Through G = 12.5 S/m2 and R = 12e-3 Ohm.m2 the full electrode strips by itself with
    17.8087e-3 x 12.5 / 1.15 = 0.193573 A/m2, and V = 17.8087e-3 / 1.15 is left.
    """
    changes = {
        names.ELECTRONIC_CONDUCTIVITY: 1e-2,
        names.parameter_of(names.INITIAL_OCCUPANCY, "positive"): 0.5,
    }
    solution = constant_current(0.0, 1.0, changes)
    for name, expected in {
        names.OPEN_CIRCUIT_VOLTAGE: 17.8087e-3,
        names.VOLTAGE: 15.4858e-3,
        names.IONIC_CURRENT_DENSITY: 0.193573,
        names.LEAKAGE_CURRENT_DENSITY: -0.193573,
    }.items():
        assert solution[name].entries[0] == pytest.approx(expected, rel=1e-3), name
    stripping = solution[of.negative(names.STRIPPING_RATE)].entries[0]
    # j = i / F c_Li = 0.193573 / 7.419722e9
    assert stripping == pytest.approx(2.60890e-11, rel=1e-3, abs=0)
