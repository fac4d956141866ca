"""Every formula at numbers worked by hand from its equation, not read off the code.

Arguments are chosen so that exponents are whole: at twice the reference temperature, and
with an activation energy of ``ONE``, an Arrhenius factor is e.
"""

import math

import numpy as np
import pybamm
import pytest

from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.cathode import (
    electrode_thickness,
    insertion_exchange_current,
    walled_potential,
)
from twin.parts.formulas.constants import (
    FARADAY,
    GAS_CONSTANT,
    MEGAPASCAL,
    REFERENCE_TEMPERATURE,
)
from twin.parts.formulas.contact import (
    constriction_resistance,
    contact_fraction,
    contact_occupancy,
)
from twin.parts.formulas.creep import creep_closure_rate
from twin.parts.formulas.fade import (
    active_material_loss_rate,
    film_resistance,
    lost_current,
    retained_current,
)
from twin.parts.formulas.filament import (
    filament_growth_rate,
    filament_threshold,
    griffith_threshold,
)
from twin.parts.formulas.impedance import (
    arc,
    blocked_warburg,
    diffusivity_from_warburg,
    warburg,
    warburg_coefficient,
)
from twin.parts.formulas.interlayer import (
    host_insertion_current,
    host_potential,
    linear_profile,
    percolating_conductivity,
    polaron_conductivity,
    porous_resistance,
    reaction_modulus,
    specific_area,
)
from twin.parts.formulas.interphase import interphase_resistance
from twin.parts.formulas.kinetics import (
    butler_volmer_current,
    butler_volmer_overpotential,
    contact_limited_resistance,
)
from twin.parts.formulas.lithium_metal import (
    concentration_overpotential,
    growth_share,
    sand_time,
    slab_utilisation,
    stripping_rate,
    void_share,
)
from twin.parts.formulas.plated_lithium import (
    nucleation_potential,
    plated_share,
    substrate_current,
    substrate_overpotential,
)
from twin.parts.formulas.reduction import squared_depth_rate
from twin.parts.formulas.separator import series_conductivity
from twin.parts.formulas.stack import (
    areal_mass,
    energy_density,
    lithium_mass,
    specific_energy,
)
from twin.parts.formulas.typing import (
    arcsinh,
    exp,
    log,
    positive_part,
    sinh,
    sqrt,
    tanh,
)

F = 96485.33212
T = 298.15
THERMAL = 0.02569257912  # RT/F [V] = 8.314462618 x 298.15 / 96485.33212
E = 2.718281828
#: R x 596.3 K: with it, E/R (1/596.3 - 1/298.15) = -1.
ONE = 4957.914059
HOT = 596.3


def near(expected: float, rel: float = 1e-6) -> object:
    return pytest.approx(expected, rel=rel, abs=0)


def test_constants() -> None:
    """e N_A and k N_A of the SI's exact numbers."""
    assert FARADAY == near(1.602176634e-19 * 6.02214076e23, 1e-10)
    assert GAS_CONSTANT == near(1.380649e-23 * 6.02214076e23, 1e-10)
    assert (REFERENCE_TEMPERATURE, MEGAPASCAL) == (273.15 + 25, 10**6)


@pytest.mark.parametrize(
    ("ours", "x", "expected"),
    [
        (exp, 0.5, 1.6487212707),
        (log, 0.5, -0.6931471806),
        (sqrt, 0.25, 0.5),
        (arcsinh, 0.5, 0.4812118251),
        (sinh, 0.5, 0.5210953055),
        (tanh, 0.5, 0.4621171573),
        (positive_part, 0.5, 0.5),
        (positive_part, -0.5, 0.0),
    ],
)
def test_functions_of_numbers_arrays_and_symbols(ours, x, expected) -> None:
    assert float(ours(x)) == pytest.approx(expected, rel=1e-9)
    assert ours(np.array([x, x])) == pytest.approx(np.array([expected, expected]))
    assert ours(pybamm.Scalar(x)).evaluate() == pytest.approx(expected, rel=1e-9)


def test_arrhenius() -> None:
    assert arrhenius(3.0, ONE, HOT) == near(3 * E)
    assert arrhenius(3.0, 2 * ONE, HOT) == near(3 * E**2)
    # colder: 1/149.075 - 1/298.15 = 2/596.3
    assert arrhenius(3.0, ONE, 149.075) == near(3 / E**2)


# --- cathode ----------------------------------------------------------------------------
def test_walls_of_a_potential() -> None:
    """2 V x e^-1 one width from either end, e^-2 at two widths."""
    assert walled_potential(3.4, 0.002) == near(3.4 + 0.7357588823)
    assert walled_potential(3.4, 0.004) == near(3.4 + 0.2706705665)
    assert walled_potential(3.4, 0.998) == near(3.4 - 0.7357588823)
    assert walled_potential(3.4, 0.996) == near(3.4 - 0.2706705665)


def test_insertion_exchange_current() -> None:
    """2 x 3 sqrt(0.1 x 0.9); 6 sqrt(1e-8) at the ends and beyond."""
    assert insertion_exchange_current(3.0, 0.1) == near(1.8)
    assert insertion_exchange_current(3.0, 0.9) == near(1.8)
    assert insertion_exchange_current(3.0, 0.0) == near(6e-4)
    assert insertion_exchange_current(3.0, 1.5) == near(6e-4)


def test_electrode_thickness() -> None:
    assert electrode_thickness(0.02, 5000.0, 0.5) == near(8e-6)


# --- contact, creep ---------------------------------------------------------------------
def test_contact_fraction() -> None:
    """0.8 [0.25 + 0.75/e], and with e^-2."""
    assert contact_fraction(1e-7, 1e-7, 0.8, 0.25) == near(0.8 * 0.5259095809)
    assert contact_fraction(2e-7, 1e-7, 0.8, 0.25) == near(0.8 * 0.3515014624)


def test_contact_occupancy() -> None:
    """1 - 0.3 x 0.25^-0.5."""
    assert contact_occupancy(0.7, 0.25, 0.5) == near(0.4)


def test_constriction_resistance() -> None:
    """Pi 4e-6 x 0.5^1.5 / (4 x 0.2 x 0.5); pi x 4e-6 x 0.19^1.5 / (4 x 0.2 x 0.81)."""
    assert constriction_resistance(0.25, 4e-6, 0.2) == near(1.110720735e-5)
    assert constriction_resistance(0.6561, 4e-6, 0.2) == near(1.606072920e-6)


def test_constriction_ends_smoothly() -> None:
    """The gap is rounded to (g + sqrt(g^2 + 1e-16)) / 2.

    At theta = 1: 0.5e-8^1.5 x pi 4e-6 / 0.8. At sqrt theta = 1 + 1e-7:
    (-1e-7 + 1.0049876e-7) / 2 = 2.49378e-10, ^1.5 = 3.938107e-15.
    """
    assert constriction_resistance(1.0, 4e-6, 0.2) == near(3.535533906e-13 * 1.570796327e-5)
    beyond = constriction_resistance((1 + 1e-7) ** 2, 4e-6, 0.2)
    assert beyond == near(3.938107e-15 * 1.570796327e-5, 1e-5)


def test_creep_closure_rate() -> None:
    """Stress 3 x 4 MPa / (2 x 3) = 2 MPa: 1.5 x 1e-3 x 2^3, and e times that when hot."""
    assert creep_closure_rate(4e6, 1e-3, 3.0, ONE, T) == near(0.012)
    assert creep_closure_rate(4e6, 1e-3, 3.0, ONE, HOT) == near(0.012 * E)
    assert creep_closure_rate(2e6, 1e-3, 3.0, ONE, T) == near(0.0015)


# --- losses -----------------------------------------------------------------------------
def test_losses_of_a_current() -> None:
    assert lost_current(np.array([-10.0, 8.0]), 0.25).tolist() == [2.5, 0.0]
    assert retained_current(np.array([-10.0, 8.0]), 0.25).tolist() == [-7.5, 8.0]


def test_film_resistance() -> None:
    assert film_resistance(4e-6, 5e-4) == near(2.5e-3)


@pytest.mark.parametrize("current", [6.0, -6.0])
def test_active_material_loss_rate(current: float) -> None:
    """2e-3 x 0.5 x 6 / 3600, whichever way the current goes."""
    assert active_material_loss_rate(current, 2e-3, 0.5, 3600.0) == near(-1.666666667e-6)


# --- filaments --------------------------------------------------------------------------
def test_griffith_threshold() -> None:
    """Pi a = 4e-6: 1e6 / (2 x 2e-3) = 2.5e8 Pa, x 13e-6 / 96485.33212; then Y = 1.12."""
    assert griffith_threshold(1e6, 4e-6 / math.pi, 2.0) == near(0.03368387638)
    assert griffith_threshold(1e6, 4e-6 / math.pi) == near(0.03368387638 * 2 / 1.12)


def test_filament_threshold_falls_as_the_cell_warms() -> None:
    assert filament_threshold(0.04, ONE, HOT) == near(0.04 / E)


def test_filament_growth_rate() -> None:
    """z = 2, p = 3: 6/3000 x 8/9."""
    assert filament_growth_rate(6.0, 0.08, 0.04, 3000.0, 3.0) == near(1.777777778e-3)


# --- impedance --------------------------------------------------------------------------
def test_elements_at_an_angular_frequency_of_two() -> None:
    """R C = 1, R = 3: 3 / (1 + 2i) = 0.6 - 1.2i.

    Sigma = 3: 3 (1 - i) / sqrt 2. With t_d = 0.25 sqrt(2i) = 1 + i and its half:
    3 sqrt 2 coth(0.5 + 0.5i) / (1 + i); coth(a + ib) = (sinh 2a - i sin 2b) /
    (cosh 2a - cos 2b) = (1.175201194 - 0.841470985i) / (1.543080635 - 0.540302306).
    """
    f = [1 / math.pi]
    assert arc(f, 3.0, 1 / 3)[0] == pytest.approx(0.6 - 1.2j, rel=1e-9)
    assert warburg(f, 3.0)[0] == pytest.approx(2.121320344 * (1 - 1j), rel=1e-9)
    coth = 1.171945145 - 0.839139579j
    expected = 4.242640687 * coth / (1 + 1j)
    assert blocked_warburg(f, 3.0, 0.25)[0] == pytest.approx(expected, rel=1e-6)


def test_warburg_coefficient_and_its_inverse() -> None:
    """2 R T / (F^2 c u sqrt(2 D)) with R T = F THERMAL.

    2 x 0.02569257912 / (96485.33212 x 1e4 x 0.5 x 2) = 5.325696364e-11.
    """
    assert warburg_coefficient(2.0, 1e4, 0.5, T, 2) == near(5.325696364e-11)
    # the square root of 2 D is twice that of the coefficient at half of it
    assert diffusivity_from_warburg(2 * 5.325696364e-11, 1e4, 0.5, T, 2) == near(0.5, 1e-5)


# --- interlayer -------------------------------------------------------------------------
def test_host_potential() -> None:
    """0.3 + 0.4 x 0.25 + (RT/F) ln 3; at the ends ln(1 + 1e9) = 20.72326584."""
    assert host_potential(0.25, 0.3, 0.4, T) == near(0.4 + THERMAL * 1.098612289)
    assert host_potential(0.0, 0.3, 0.4, T) == near(0.5 + THERMAL * 20.72326584)
    assert host_potential(1.0, 0.3, 0.4, T) == near(0.1 - THERMAL * 20.72326584)
    # past an end the empty or full part stays at the edge of 1e-9
    assert host_potential(-0.5, 0.3, 0.0, T) == near(
        0.3 + THERMAL * (20.72326584 + 0.4054651081)
    )
    assert host_potential(1.5, 0.3, 0.0, T) == near(
        0.3 - THERMAL * (20.72326584 + 0.4054651081)
    )


def test_host_insertion_current() -> None:
    """U' = 0.3 + 0.4 x 0.25 = 0.4; 2RT/F above it, the exponent is one.

    4 [0.25/(1/e + 1e-5) - 0.75/(e + 1e-5)], with 2.718207940 and 0.3678780879.
    """
    above = host_insertion_current(0.4 + 2 * THERMAL, 0.25, 0.3, 0.4, 2.0, T)
    assert above == near(4 * (0.25 * 2.718207940 - 0.75 * 0.3678780879))
    below = host_insertion_current(0.4 - 2 * THERMAL, 0.25, 0.3, 0.4, 2.0, T)
    assert below == near(4 * (0.25 * 0.3678780879 - 0.75 * 2.718207940))


def test_percolating_conductivity() -> None:
    """0.1 + 2 [(0.4 - 0.1)/0.9]^3; the matrix alone below the threshold."""
    assert percolating_conductivity(0.4, 2.0, 0.1, 0.1, 3.0) == near(0.1 + 2 / 27)
    assert percolating_conductivity(0.05, 2.0, 0.1, 0.1, 3.0) == near(0.1)


def test_polaron_conductivity() -> None:
    """4 x 2 x 0.25 x 0.75 / e + 0.1 with E = RT = 2478.957030 J/mol."""
    assert polaron_conductivity(0.25, 2.0, 0.1, 2478.957030, T) == near(0.6518191618)
    assert polaron_conductivity(-0.1, 2.0, 0.1, 2478.957030, T) == near(0.1)


def test_specific_area() -> None:
    assert specific_area(0.4, 2e-6) == near(9e5)


def test_reaction_modulus() -> None:
    """1e-5 sqrt(1e6 x 2 / 0.02569257912 x (1/0.5 + 1/0.25)) = 1e-5 sqrt(4.670609339e8)."""
    assert reaction_modulus(1e6, 2.0, 1e-5, 0.5, 0.25, T) == near(0.2161159258)


def test_linear_profile() -> None:
    """Nu = 2, kappa = 2, sigma = 3, at y = 0.25.

    2 / 3.626860408 x (cosh 1.5 / 2 + cosh 0.5 / 3) / (1/2 + 1/3)
    = 0.5514411295 x (1.176204808 + 0.3758753217) / 0.8333333333.
    """
    assert linear_profile(0.25, 2.0, 2.0, 3.0) == near(1.027056984)


def test_porous_resistance() -> None:
    """L = 1e-5, kappa = 0.5, sigma = 0.25: nu is ten times that above, 2.161159.

    sinh 2.161159 = 4.283002, cosh = 4.398194:
    1e-5/0.75 x [1 + (2 + 2.5 x 4.398194) / (2.161159 x 4.283002)].
    """
    found = porous_resistance(1e-5, 0.5, 0.25, 1e8, 2.0, T)
    assert found == near(1e-5 / 0.75 * (1 + 12.99548385 / (2.161159258 * 4.283002034)))


# --- lithium metal ----------------------------------------------------------------------
def test_interphase_resistance() -> None:
    assert interphase_resistance(36.0, 4e9, 1e-5, 0.5) == near(1.8e-3)


def test_butler_volmer() -> None:
    """F eta / 2RT = 1: 0.5 x 2 x 3 x sinh 1 = 3.525603581."""
    assert butler_volmer_current(2 * THERMAL, 3.0, 0.5, T) == near(3.525603581)
    assert butler_volmer_overpotential(3.525603581, 3.0, 0.5, T) == near(2 * THERMAL)
    assert butler_volmer_current(2 * THERMAL, 3.0, 0.5, 2 * T) == near(3 * 0.5210953055)


def test_contact_limited_resistance() -> None:
    assert contact_limited_resistance(2.0, 0.8, 0.4) == near(4.0)


def test_stripping_rate() -> None:
    assert stripping_rate(2 * F, 1e4, 0.5) == near(4e-4)


def test_shares_of_the_surface() -> None:
    """(1 - tanh(1/2)) / 2 at one width; 1 - 1/2 at one width, 1 -+ 4/5 at two."""
    assert void_share(1e-3) == near(0.2689414214)
    assert void_share(-1e-3) == near(0.7310585786)
    assert growth_share(5e-4) == near(0.5)
    assert growth_share(1e-3) == near(0.2)
    assert growth_share(-1e-3) == near(1.8)


def test_concentration_overpotential() -> None:
    """-(RT/F) ln 0.50005 far above the corner, zero for full sites.

    At the corner u_c = u_crit = 0.1: (0.1 + 0.5e-4 + 1e-4) / 1.0001 = 0.1001399860.
    At 1e-4 above it: (0.1 + (1 + sqrt 2)/2 x 1e-4 + 1e-4) / 1.0001 = 0.1002106893.
    Far below it: (0.1 + 1e-4) / 1.0001 = 0.1000899910.
    """
    assert concentration_overpotential(0.5, 0.1, T) == near(THERMAL * 0.6930471956)
    assert concentration_overpotential(1.0, 0.1, T) == pytest.approx(0, abs=1e-9)
    for occupancy, activity in [
        (0.1, 0.1001399860),
        (0.1001, 0.1002106893),
        (-0.9, 0.1000899935),
    ]:
        found = concentration_overpotential(occupancy, 0.1, T)
        assert found == near(-THERMAL * math.log(activity), 1e-7)


def test_sand_time() -> None:
    """Pi 1e-15 [96485.33212 x 1e4 x 0.5 / 20]^2 = pi 1e-15 x 5.818387071e14."""
    assert sand_time(10.0, 1e-15, 1e4, 0.5) == near(1.827900208)
    assert sand_time(10.0, 1e-15, 1e4) == near(4 * 1.827900208)


def test_slab_utilisation() -> None:
    """1 - 0.5 x 2e-5 / (3 x 96485.33212 x 1e-14 x 1e4) = 1 - 1e-5 / 2.894559964e-5."""
    assert slab_utilisation(0.5, 2e-5, 1e-14, 1e4) == near(0.6545243448)


# --- plated lithium ---------------------------------------------------------------------
def test_plated_share() -> None:
    assert plated_share(2e-6, 1e-6) == near(2 / 3)
    assert plated_share(0.0, 1e-6) == near(1e-30)
    assert plated_share(-5e-7, 1e-6) == near(1e-30)


def test_nucleation_potential() -> None:
    assert nucleation_potential(2e-8, 0.1, 1e-8) == near(-0.1 * 0.1353352832)


def test_substrate_current() -> None:
    """F eta / 2RT = 1: 3 (0.5 e - 1/e)."""
    assert substrate_current(2 * THERMAL, 3.0, 0.5, T) == near(2.973784418)


def test_substrate_overpotential() -> None:
    """i/i_0 = +-3, s = 0.25: ln 2/(sqrt 10 -+ 3) = 2.511594 and -1.125299."""
    assert substrate_overpotential(6.0, 2.0, 0.25, T) == near(2 * THERMAL * 2.511593640)
    assert substrate_overpotential(-6.0, 2.0, 0.25, T) == near(-2 * THERMAL * 1.125299279)
    assert substrate_overpotential(6.0, 2.0, 0.25, 2 * T) == near(4 * THERMAL * 2.511593640)


# --- separator, stack -------------------------------------------------------------------
def test_squared_depth_rate() -> None:
    """8 x 1e-3 x 1.5 / (96485.33212 x 2e4 x 0.5 x 4e-6) = 0.012 / 3859.413285."""
    assert squared_depth_rate(1e-3, 1.5, 2e4, 0.5, 2e-3) == near(3.109280989e-6)


def test_series_conductivity() -> None:
    assert series_conductivity(0.1, 0.4) == near(0.08)


def test_stack() -> None:
    assert areal_mass(2e-5, [(0.5, 2000.0), (0.25, 4000.0)]) == near(0.04)
    assert lithium_mass(2 * F) == near(2 * 6.94e-3)
    assert specific_energy(6.0, 0.5) == near(12.0)
    assert energy_density(6.0, 0.5) == near(12.0)
