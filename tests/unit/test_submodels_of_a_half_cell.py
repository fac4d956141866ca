"""The cathode's liquid, conduction and films, and what joins them to PyBaMM, by hand.

Separator and cathode have two and four cells of 1e-5 m, with values in their middles.
"""

from typing import Any

import numpy as np
import pybamm
import pytest
from by_hand import HOT, ONE, THERMAL, E, F, Numbers, parameters
from meshed import Layer, Meshed, near

from twin import names
from twin.parts.submodels.cathode_conduction import CathodeConduction
from twin.parts.submodels.catholyte_diffusion import CatholyteDiffusion
from twin.parts.submodels.filmed_kinetics import FilmedKinetics
from twin.parts.submodels.half_cell_anode import HalfCellAnode
from twin.parts.submodels.ionic_current_collector import IonicCurrentCollector
from twin.parts.submodels.liquid_diffusion import LiquidDiffusion
from twin.parts.submodels.liquid_separator import LiquidSeparator

LAYERS = {
    "separator": Layer("x_s", 0, 2e-5, 2, "current collector"),
    "positive electrode": Layer("x_p", 2e-5, 6e-5, 4, "current collector"),
}
OPTIONS = pybamm.BatteryModelOptions({"working electrode": "positive"})
PARAM = pybamm.LithiumIonParameters(OPTIONS)
I = 1e-3 * F  # noqa: E741  A/m2, of which each mol/m2 carries F

# What PyBaMM calls the rest.
POROSITY = "Porosity"
SALT = "Porosity times concentration [mol.m-3]"
SALT_BY_REGION = "Electrolyte concentration concatenation [mol.m-3]"
SEPARATOR_SALT = "Separator porosity times concentration [mol.m-3]"
SEPARATOR_EFFICIENCY = "Separator electrolyte transport efficiency"

#: At 500 K: t = 0.2 + 1e-4 c, D = 1e-13 c.
LIQUID = parameters(
    LIQUID_CONCENTRATION=1000.0,
    TRANSFERENCE_NUMBER=lambda c, T: 0.2 + 2e-7 * c * T,
    LIQUID_DIFFUSIVITY=lambda c, T: 2e-16 * c * T,
    SEPARATOR_THICKNESS=2e-5,
    CATHODE_THICKNESS=4e-5,
    SEPARATOR_POROSITY=0.4,
    CATHODE_POROSITY=0.5,
    ELECTRODE_AREA=2.0,
)


# --- a liquid in the cathode only ------------------------------------------------------
def catholyte() -> Meshed:
    """c = 600, 1200, 2400, 800 mol/m3; D B / eps = 0.3, 0.6, 1.2, 0.4 x 1e-10 m2/s."""
    return Meshed(
        CatholyteDiffusion(PARAM, OPTIONS),
        LAYERS,
        {names.POSITIVE_SALT: [300.0, 600.0, 1200.0, 400.0]},
        {
            names.SEPARATOR_POROSITY: [0.4] * 2,
            names.CATHODE_POROSITY: [0.5] * 4,
            POROSITY: [0.4, 0.4, 0.5, 0.5, 0.5, 0.5],
            names.POSITIVE_TEMPERATURE: [500.0] * 4,
            names.POSITIVE_TRANSPORT_EFFICIENCY: [0.25] * 4,
            names.POSITIVE_VOLUMETRIC_CURRENT: [-100 * F, -50 * F, -200 * F, -100 * F],
            names.COLLECTOR_CURRENT_DENSITY: I,
        },
        LIQUID,
    )


def test_balance_of_a_catholyte() -> None:
    """Harmonic means 0.4, 0.8, 0.6 x 1e-10 on slopes 3, 6, -8 x 1e7: -1.2, -4.8, 4.8 mmol.

    1 - t = 0.74, 0.68, 0.56, 0.72, by extrapolation 0.77 at the separator, through which
    0.77 mmol enters; nothing leaves at the collector.
    """
    found = catholyte()
    rate = found.rate(names.POSITIVE_SALT)
    diffused = (120 + 77, 480 - 120, -480 - 480, 480)
    reacted = (74, 34, 112, 72)
    assert rate == near(*np.subtract(diffused, reacted))
    # D B / eps at the separator: 0.3 - 0.15
    left = found.gradient(names.POSITIVE_SALT, "left")
    assert left == near(-0.77e-3 / 0.15e-10)
    assert found.gradient(names.POSITIVE_SALT, "right") == [0]


def test_what_a_catholyte_shows() -> None:
    """The separator carries what the cathode has beside it: 600 - 300 mol/m3."""
    found = catholyte()
    concentration = found.value(names.ELECTROLYTE_CONCENTRATION)
    assert concentration == near(300, 300, 600, 1200, 2400, 800)
    assert found.value(SEPARATOR_SALT) == near(120, 120)
    assert found.gradient(names.ELECTROLYTE_CONCENTRATION, "left") == [0]


def test_start_of_a_catholyte() -> None:
    found = catholyte()
    # one value for all places: 0.5 x 1000
    assert set(found.start(names.POSITIVE_SALT)) == {500.0}
    assert found.scale(names.POSITIVE_SALT) == 1000.0
    bounds = found.unknowns[names.POSITIVE_SALT].bounds
    assert [float(bound.evaluate()) for bound in bounds] == [0, np.inf]


# --- a liquid in the whole cell --------------------------------------------------------
def test_balance_of_a_liquid() -> None:
    """As much enters as the current carries: of i/F = 1 mmol, 0.23 migrate, 0.77 diffuse.

    D B = 0.3, 0.6, 1.2, 0.4, 1.2, 0.6 x 1e-10, with harmonic means 0.4, 0.8, 0.6, 0.6, 0.8
    on slopes 6, 12, -16, 16, -12 x 1e7: -2.4, -9.6, 9.6, -9.6, 9.6 mmol. Migrated are
    0.23, then 0.29, 0.38, 0.36, 0.36, 0.38 and at the collector 0.26 mmol.
    """
    found = Meshed(
        LiquidDiffusion(PARAM, OPTIONS),
        LAYERS,
        {
            SEPARATOR_SALT: [240.0, 480.0],
            names.POSITIVE_SALT: [1200.0, 400.0, 1200.0, 600.0],
        },
        {
            names.SEPARATOR_POROSITY: [0.4] * 2,
            names.CATHODE_POROSITY: [0.5] * 4,
            POROSITY: [0.4, 0.4, 0.5, 0.5, 0.5, 0.5],
            names.WHOLE_CELL_TEMPERATURE: [500.0] * 6,
            names.ELECTROLYTE_TRANSPORT_EFFICIENCY: [0.5] * 6,
            names.COLLECTOR_CURRENT_DENSITY: I,
            "Electrolyte current density [A.m-2]": I,
            "Sum of electrolyte reaction source terms [A.m-3]": [0.0] * 6,
            "Volume-averaged velocity [m.s-1]": 0.0,
            "Transverse volume-averaged acceleration [m.s-2]": 0.0,
        },
        LIQUID,
    )
    for name in (names.ELECTROLYTE_CONCENTRATION, SALT_BY_REGION):
        # D B at the lithium: 0.3 - 0.15
        assert found.gradient(name, "left") == near(-0.77e-3 / 0.15e-10)
        assert found.gradient(name, "right") == [0]
    flux = (1.0, -2.4 + 0.29, -9.6 + 0.38, 9.6 + 0.36, -9.6 + 0.36, 9.6 + 0.38, 0.26)
    rate = found.rate(SALT)
    assert rate == near(*(-100 * np.diff(flux)))


def test_separator_that_a_liquid_fills() -> None:
    """0.25^1.5 x 4e-3 c = 0.5 S/m at the first concentration and 500 K."""
    found = Numbers(
        LiquidSeparator(PARAM),
        {names.CELL_TEMPERATURE: 500.0},
        parameters(
            SEPARATOR_POROSITY=0.25,
            SEPARATOR_BRUGGEMAN=1.5,
            SEPARATOR_THICKNESS=2e-5,
            LIQUID_CONCENTRATION=1000.0,
            LIQUID_CONDUCTIVITY=lambda c, T: 8e-6 * c * T,
        ),
    )
    assert [found.value(names.SEPARATOR_CONDUCTIVITY)] == near(0.5)
    assert [found.value(names.SEPARATOR_RESISTANCE)] == near(4e-5)
    # it is in PyBaMM's own region
    assert found.value(names.SEPARATOR_BULK_DROP) == 0
    assert found.value(names.SEPARATOR_GB_DROP) == 0


# --- conduction in the cathode ---------------------------------------------------------
@pytest.mark.parametrize(("solid", "expected"), [(True, 0.125 * 0.4 * E), (False, 0.125)])
def test_cathode_conduction(solid: bool, expected: float) -> None:
    """0.25^1.5, of a solid times 0.4 e S/m; the separator's region resists nothing."""
    found = Meshed(
        CathodeConduction(PARAM, OPTIONS, solid=solid),
        LAYERS,
        {},
        {
            names.SEPARATOR_POROSITY: [0.5] * 2,
            names.CATHODE_POROSITY: [0.25] * 4,
            names.CELL_TEMPERATURE: HOT,
        },
        parameters(
            SEPARATOR_BRUGGEMAN=1.5,
            CATHODE_BRUGGEMAN=1.5,
            CATHOLYTE_CONDUCTIVITY=0.4,
            CATHOLYTE_CONDUCTIVITY_EA=ONE,
        ),
    )
    assert found.value(names.POSITIVE_TRANSPORT_EFFICIENCY) == near(*[expected] * 4)
    assert found.value(SEPARATOR_EFFICIENCY) == near(1e6, 1e6)
    whole = found.value(names.ELECTROLYTE_TRANSPORT_EFFICIENCY)
    assert whole == near(1e6, 1e6, *[expected] * 4)


# --- kinetics behind a film ------------------------------------------------------------
def test_filmed_kinetics() -> None:
    """J = 2 x 1.5 sinh(1, -1, 0, 2), behind a film of 0.05 Ohm.m2.

    2RT/F is four times RT/F at 25 C; the exchange current is 2.5e-3 x 1200 x 2e4 / 4e4.
    """
    drops = [0.1, -0.1, 0.0, 0.2]
    seen = [4 * THERMAL, -4 * THERMAL, 0.0, 8 * THERMAL]
    whole = [3.5 + drop + eta for drop, eta in zip(drops, seen, strict=True)]
    found = Meshed(
        FilmedKinetics(PARAM, "positive", "lithium-ion main", OPTIONS, "primary"),
        LAYERS,
        {names.FILM_OVERPOTENTIAL: drops},
        {
            names.POSITIVE_POTENTIAL_DIFFERENCE: whole,
            names.FILM_RESISTANCE: 0.05,
            names.COLLECTOR_CURRENT_DENSITY: 1.0,
            names.POSITIVE_SURFACE: [1e5] * 4,
            names.POSITIVE_CONCENTRATION: [1200.0] * 4,
            names.POSITIVE_TEMPERATURE: [HOT] * 4,
            "X-averaged positive electrode surface area to volume ratio [m-1]": 1e5,
            "Positive particle surface concentration [mol.m-3]": [2e4] * 4,
            "Positive electrode open-circuit potential [V]": [3.5] * 4,
            "Positive electrode interface utilisation": [1.0] * 4,
        },
        {
            **LIQUID,
            **parameters(
                CATHODE_MAXIMUM_CONCENTRATION=4e4,
                EXCHANGE_CURRENT_FUNCTION=lambda c, surface, most, T: (
                    2.5e-3 * c * surface / most * T / HOT
                ),
            ),
        },
    )
    current = 3 * np.array([1.175201194, -1.175201194, 0.0, 3.626860408])
    assert found.value(names.POSITIVE_INTERFACIAL_CURRENT) == near(*current)
    residual = found.residual(names.FILM_OVERPOTENTIAL)
    assert residual == near(*(drops - 0.05 * current))
    assert found.start(names.FILM_OVERPOTENTIAL) == [0]
    # PyBaMM counts the film as a loss, and the kinetics and the film as one difference
    assert found.value(names.POSITIVE_FILM_OVERPOTENTIAL) == near(-0.1, 0.1, 0, -0.2)
    assert found.value(names.POSITIVE_FILM_OVERPOTENTIAL_X) == near(-0.05)
    assert found.value(names.POSITIVE_POTENTIAL_DIFFERENCE) == near(*whole)


# --- what joins our anode to PyBaMM ----------------------------------------------------
def joined(model: Any, given: dict[str, Any]) -> Meshed:
    return Meshed(model, LAYERS, {}, given, {})


def test_half_cell_anode() -> None:
    """0.1 + 0.02 + 0.04 V are lost between the collector at 0.5 V and the cathode."""
    found = joined(
        HalfCellAnode(PARAM, OPTIONS),
        {
            names.NEGATIVE_COLLECTOR_POTENTIAL: 0.5,
            names.variable_of(names.STACK_POTENTIAL, "negative"): 0.1,
            names.SEPARATOR_BULK_DROP: 0.02,
            names.SEPARATOR_GB_DROP: 0.04,
            names.COLLECTOR_CURRENT_DENSITY: 3.0,
        },
    )
    for name, expected in (
        (names.LITHIUM_ELECTRODE_POTENTIAL, 0.5),
        (names.LITHIUM_ELECTROLYTE_POTENTIAL, 0.34),
        (names.LITHIUM_REACTION_OVERPOTENTIAL, 0.16),
        (names.LITHIUM_SURFACE_POTENTIAL_DIFFERENCE, 0.16),
        (names.LITHIUM_PLATING_CURRENT_DENSITY, 3.0),
        (names.LITHIUM_TOTAL_CURRENT_DENSITY, 3.0),
        (names.NEGATIVE_POTENTIAL_DROP, 0.0),
        (names.NEGATIVE_OHMIC_LOSSES, 0.0),
        (names.NEGATIVE_FILM_OVERPOTENTIAL, 0.0),
    ):
        assert found.value(name) == near(expected)


def test_ionic_current_collector() -> None:
    """Of 3 A/m2 that pass the cell 2 are carried by ions."""
    found = joined(
        IonicCurrentCollector(PARAM),
        {names.IONIC_CURRENT_DENSITY: 2.0, names.TOTAL_CURRENT_DENSITY: 3.0},
    )
    assert found.value(names.COLLECTOR_CURRENT_DENSITY) == near(2.0)
    assert found.value(names.NEGATIVE_COLLECTOR_POTENTIAL) == near(0.0)
