"""Impedance with the capacitances of separator and interfaces, and diffusion.

Resistances of the fresh cell on 1 cm2: grains 80 Ohm, grain boundaries 20 Ohm, two
interfaces of 10 Ohm. The lithium starts slightly short of full: at an occupancy of one,
plating adds new lithium instead of filling vacancies, and the response is not linear.
"""

import numpy as np
import pybamm
import pytest

from twin import names
from twin.models.symmetric_cell import SymmetricCell

NEARLY_FULL = {names.INITIAL_OCCUPANCY: 0.999}
LAWS = ["resistance", "Butler-Volmer"]


@pytest.fixture
def impedance(cell_values):
    def run(frequencies, changes=None, law="resistance"):
        simulation = pybamm.EISSimulation(
            SymmetricCell({"surface form": "differential"}, interface_kinetics=law),
            parameter_values=cell_values({**NEARLY_FULL, **(changes or {})}),
        )
        return np.asarray(simulation.solve(np.asarray(frequencies)).impedance)

    return run


def _peaks(frequencies, impedance):
    """Frequencies at which -Im Z has a maximum."""
    y = -impedance.imag
    inner = (y[1:-1] > y[:-2]) & (y[1:-1] > y[2:])
    return frequencies[1:-1][inner]


@pytest.mark.parametrize(
    ("law", "interface"),
    [
        ("resistance", 10.0),  # Ohm.cm2
        # RT/(F i0) = 25.69258 mV / 2 mA/cm2
        ("Butler-Volmer", 12.84629),
    ],
)
def test_resistance_before_diffusion(impedance, law, interface):
    """Slow diffusion apart, 80 + 20 + 2 x R_interface: 120 Ohm, or 125.69 Ohm.

    The diffusion of D = 1e-11 m2/s adds 0.0219 Ohm.cm2 at omega = 1 Hz, 3 mOhm.cm2 at
    10 Hz.
    """
    changes = {names.LITHIUM_DIFFUSIVITY: 1e-11}
    z = impedance([10.0], changes, law)[0]
    assert z.real == pytest.approx(100 + 2 * interface, rel=1e-3)


@pytest.mark.parametrize("law", LAWS)
def test_capacitances_short_everything_at_high_frequency(impedance, law):
    """Z -> 1 / (i omega C_bulk): 1 / (2 pi 1e12 x 1e-11 F) = 15.9155 mOhm."""
    z = impedance([1e12], law=law)[0]
    assert abs(z.real) < 1e-4 * 120
    assert z.imag == pytest.approx(-15.9155e-3, rel=1e-2)


def test_three_arcs_peak_where_they_should(impedance):
    """1 / (2 pi R C), R in Ohm.cm2 and C in F/cm2.

    Grains 80 x 1e-11: 198.944 MHz; grain boundaries 20 x 1e-8: 795.775 kHz;
    interfaces 10 x 1e-5: 1591.55 Hz. The foot of the grains' arc, 80 f / 198.944 MHz,
    and the tail of the interfaces', 20 x 1591.55 Hz / f, shift the maximum between them
    by (0.320 - 0.040) / 10 = 2.8 %, to 818 kHz.
    """
    frequencies = np.logspace(2.5, 9.5, 1401)
    z = impedance(frequencies, {names.LITHIUM_DIFFUSIVITY: 1e-11})
    peaks = _peaks(frequencies, z)
    assert len(peaks) == 3
    assert peaks == pytest.approx([1591.55, 818e3, 198.944e6], rel=1e-2)


def test_spectrum_is_that_of_the_equivalent_circuit(impedance):
    """Four R || C in series, 80 | 1e-11, 20 | 1e-8 and twice 10 Ohm | 1e-5 F."""
    frequencies = np.logspace(2, 10, 81)
    s = 2j * np.pi * frequencies
    circuit = sum(
        r / (1 + s * r * c) for r, c in [(80, 1e-11), (20, 1e-8), (10, 1e-5), (10, 1e-5)]
    )
    z = impedance(frequencies, {names.LITHIUM_DIFFUSIVITY: 1e-11})
    assert abs(z - circuit).max() < 1e-4 * 120


def test_interface_arc_of_an_exchange_current(impedance):
    """12.84629 Ohm.cm2 x 1e-5 F/cm2: 1238.92 Hz."""
    frequencies = np.logspace(2.5, 4.5, 401)
    z = impedance(frequencies, {names.LITHIUM_DIFFUSIVITY: 1e-11}, "Butler-Volmer")
    assert _peaks(frequencies, z) == pytest.approx([1238.92], rel=2e-2)


def test_sizes_of_the_arcs(impedance):
    """Real parts between the arcs, at the geometric means of their peaks.

    80 + 20 Ohm above the interfaces' arc, 80 Ohm above the boundaries'.
    """
    z = impedance([35588.0, 12.5822e6], {names.LITHIUM_DIFFUSIVITY: 1e-11})
    # grain boundaries and grains still count in full, interfaces 20 / (1 + 22.36^2)
    assert z[0].real == pytest.approx(100.0, rel=5e-3)
    # grains in full, boundaries 20 / (1 + 15.81^2) = 0.08 Ohm, grains less 0.4 %
    assert z[1].real == pytest.approx(80.0, rel=5e-3)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("diffusivity", [1e-15, 1e-13])
def test_warburg_slope_gives_back_the_diffusivity(impedance, law, diffusivity):
    """Z_W = 2 RT / (F^2 c_Li u sqrt(i omega D)): |Im Z| = A / sqrt(2 omega).

    By hand RT / (F^2 c_Li) = 2478.957 / (9.309419e9 x 76900)
    = 3.462742e-12, so D = [2 x 3.462742e-12 / (0.95 A)]^2 with A in Ohm.m2.s^-0.5.

    A twentieth of the sites is vacant: with fewer than some tenths of a percent, plating
    adds new lithium instead of filling vacancies and the slope is that of stripping only.
    """
    # diffusion length sqrt(D / omega) = 10 um: a tenth of the slab, 60 mesh cells
    omega = diffusivity / 1e-10
    frequencies = np.array([omega, 4 * omega]) / (2 * np.pi)
    changes = {
        names.LITHIUM_DIFFUSIVITY: diffusivity,
        names.INITIAL_OCCUPANCY: 0.95,
    }
    z = impedance(frequencies, changes, law)
    roots = 1 / np.sqrt(2 * np.pi * frequencies)
    # slopes of the real and the imaginary part over omega^-1/2, Ohm.m2
    for part in (z.real, -z.imag):
        slope = (part[0] - part[1]) * 1e-4 / (roots[0] - roots[1])
        found = (2 * 3.462742e-12 / (0.95 * np.sqrt(2) * slope)) ** 2
        assert found == pytest.approx(diffusivity, rel=0.05, abs=0)


def test_needs_capacitances(cell_values):
    with pytest.raises(ValueError, match="surface form"):
        pybamm.EISSimulation(SymmetricCell(), parameter_values=cell_values())


@pytest.mark.parametrize("law", LAWS)
def test_capacitances_leave_the_slow_response_alone(constant_current, law):
    """10 s after a step, 1e4 times the slowest R C: both forms give one voltage."""
    voltages = [
        constant_current(
            10.0,
            20.0,
            NEARLY_FULL,
            rtol=1e-8,
            atol=1e-10,
            model=SymmetricCell({"surface form": form}, interface_kinetics=law),
        )[names.VOLTAGE](10.0)
        for form in ("false", "differential")
    ]
    assert voltages[0] == pytest.approx(voltages[1], abs=1e-6)


def test_interface_charges_with_its_time_constant(constant_current, of):
    """R C = 1e-3 Ohm.m2 x 0.1 F/m2 = 1e-4 s: 1 - exp(-1) = 0.632121 of 10 mV."""
    solution = constant_current(
        10.0,
        5e-4,
        NEARLY_FULL,
        rtol=1e-8,
        atol=1e-10,
        model=SymmetricCell({"surface form": "differential"}),
    )
    for side in (of.negative, of.positive):
        drop = solution[side(names.INTERFACE_OVERPOTENTIAL)](1e-4)
        assert drop == pytest.approx(6.32121e-3, rel=1e-4)
