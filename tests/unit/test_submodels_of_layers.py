"""Separators, interlayers and the cathode at numbers worked by hand."""

from types import SimpleNamespace

import pytest
from by_hand import (
    DIFFERENTIAL,
    FALSE,
    HOT,
    ONE,
    THERMAL,
    E,
    F,
    Numbers,
    at,
    near,
    parameters,
)

from twin import names
from twin.names import Side, variable_of
from twin.parts.submodels.cathode_interphase import CathodeInterphase
from twin.parts.submodels.interlayer_host import InterlayerHost
from twin.parts.submodels.interlayer_plating import InterlayerPlating
from twin.parts.submodels.interlayer_properties import (
    InterlayerProperties,
    PolaronInterlayerProperties,
)
from twin.parts.submodels.reduced_conduction import ReducedConduction
from twin.parts.submodels.reduction_front import ReductionFront
from twin.parts.submodels.reduction_stack import ReductionStack
from twin.parts.submodels.separator_conduction import SeparatorConduction
from twin.parts.submodels.symmetric_stack import SymmetricStack

# --- separators ------------------------------------------------------------------------
SEPARATOR = parameters(
    SEPARATOR_THICKNESS=5e-4,
    BULK_CONDUCTIVITY=0.1,
    BULK_CONDUCTIVITY_EA=ONE,
    GB_CONDUCTIVITY=0.4,
    GB_CONDUCTIVITY_EA=2 * ONE,
    BULK_CAPACITANCE=0.5,
    GB_CAPACITANCE=0.25,
)
BULK, GB = 5e-3 / E, 1.25e-3 / E**2  # Ohm.m2: L / (0.1 e) and L / (0.4 e^2)


def test_separator_conduction() -> None:
    found = Numbers(
        SeparatorConduction(FALSE),
        {names.IONIC_CURRENT_DENSITY: 3.0, names.CELL_TEMPERATURE: HOT},
        SEPARATOR,
    )
    assert found.value(names.SEPARATOR_BULK_RESISTANCE) == near(BULK)
    assert found.value(names.SEPARATOR_GB_RESISTANCE) == near(GB)
    assert found.value(names.SEPARATOR_RESISTANCE) == near(BULK + GB)
    assert found.value(names.SEPARATOR_CONDUCTIVITY) == near(5e-4 / (BULK + GB))
    assert found.value(names.SEPARATOR_BULK_DROP) == near(3 * BULK)
    assert found.value(names.SEPARATOR_GB_DROP) == near(3 * GB)


def test_capacitances_of_a_separator() -> None:
    """C du/dt = i - u / R."""
    found = Numbers(
        SeparatorConduction(DIFFERENTIAL),
        {
            names.IONIC_CURRENT_DENSITY: 3.0,
            names.CELL_TEMPERATURE: HOT,
            names.SEPARATOR_BULK_DROP: BULK,
            names.SEPARATOR_GB_DROP: 2 * GB,
        },
        SEPARATOR,
    )
    assert found.rate(names.SEPARATOR_BULK_DROP) == near((3 - 1) / 0.5)
    assert found.rate(names.SEPARATOR_GB_DROP) == near((3 - 2) / 0.25)
    assert found.start(names.SEPARATOR_BULK_DROP) == 0
    assert found.start(names.SEPARATOR_GB_DROP) == 0


POLARON = parameters(
    REDUCED_FRACTION=0.25,
    SEPARATOR_POLARON=2.0,
    SEPARATOR_POLARON_EA=ONE,
    ELECTRONIC_CONDUCTIVITY=0.1,
)
REDUCED = {
    names.TOTAL_CURRENT_DENSITY: 3.0,
    names.REDUCED_SHARE: 0.2,
    names.CELL_TEMPERATURE: HOT,
    **at("negative", CONTACT_FRACTION=0.5),
}


def test_reduced_conduction() -> None:
    """0.8 L / (0.5 kappa) of the rest, and 0.2 L / 0.5 over sigma = 1.5/e + 0.1."""
    found = Numbers(ReducedConduction(FALSE), dict(REDUCED), {**SEPARATOR, **POLARON})
    reduced = 0.2 * 5e-4 / (0.5 * 0.6518191618)
    assert found.value(names.SEPARATOR_BULK_RESISTANCE) == near(1.6 * BULK)
    assert found.value(names.SEPARATOR_GB_RESISTANCE) == near(1.6 * GB)
    assert found.value(names.REDUCED_RESISTANCE) == near(reduced)
    assert found.value(names.CELL_RESISTANCE) == near(1.6 * (BULK + GB) + reduced)
    assert found.value(names.SEPARATOR_RESISTANCE) == near(1.6 * (BULK + GB) + reduced)
    assert found.value(names.SEPARATOR_CONDUCTIVITY) == near(5e-4 / (BULK + GB))
    assert found.value(names.SEPARATOR_BULK_DROP) == near(4.8 * BULK)
    assert found.value(names.SEPARATOR_GB_DROP) == near(4.8 * GB)


def test_capacitances_of_a_pellet_that_is_reduced() -> None:
    """C du/dt = 0.8 x 3 / 0.5 - u / R_whole: the drop of the rest is the limit at rest."""
    given = {**REDUCED, names.SEPARATOR_BULK_DROP: BULK, names.SEPARATOR_GB_DROP: 2 * GB}
    found = Numbers(ReducedConduction(DIFFERENTIAL), given, {**SEPARATOR, **POLARON})
    assert found.rate(names.SEPARATOR_BULK_DROP) == near((4.8 - 1) / 0.5)
    assert found.rate(names.SEPARATOR_GB_DROP) == near((4.8 - 2) / 0.25)
    assert found.start(names.SEPARATOR_BULK_DROP) == 0
    assert found.start(names.SEPARATOR_GB_DROP) == 0


@pytest.mark.parametrize(
    ("squared", "share", "slowing"),
    # tanh(1/2) half a width before the fronts meet
    [(0.25, 0.5, 1.0), (1 - 5e-4, 0.9997499687, 0.4621171573), (-1e-9, 0.0, 1.0)],
)
def test_reduction_front(squared: float, share: float, slowing: float) -> None:
    """8 x 1e-3 x 1.5 / (F x 2e4 x 0.5 x 4e-6) = 3.109280897e-6, on 0.5 of the faces.

    Taken 2e4 x 0.5 x 2e-3 z = 20 z mol/m2 of the foils' 2 x 1e-3 x 0.5 x 8e4 = 80.
    """
    found = Numbers(
        ReductionFront(),
        {
            names.SQUARED_REDUCED_SHARE: squared,
            names.SEPARATOR_CONDUCTIVITY: 1e-3,
            **at("negative", CONTACT_FRACTION=0.5),
        },
        parameters(
            REDUCIBLE_SITES=2e4,
            REDUCED_FRACTION=0.5,
            SEPARATOR_THICKNESS=2e-3,
            REDUCTION_POTENTIAL=1.5,
            LITHIUM_THICKNESS=1e-3,
            LITHIUM_VOLUME_FRACTION=0.5,
            LITHIUM_SITE_CONCENTRATION=8e4,
            EXHAUSTED_FRACTION=0.1,
        ),
    )
    assert found.value(names.REDUCED_SHARE) == pytest.approx(share, rel=1e-9)
    assert found.value(names.TAKEN_LITHIUM) == pytest.approx(20 * share, rel=1e-9)
    assert found.value(names.TOTAL_LITHIUM) == near(80.0)
    left = 1 - share / 4
    assert found.value(names.FOIL_FRACTION) == near(left)
    assert found.events() == [near(left - 0.1)]
    rate = found.rate(names.SQUARED_REDUCED_SHARE)
    assert rate == near(0.5 * 3.109280897e-6 * slowing)
    assert found.start(names.SQUARED_REDUCED_SHARE) == near(1e-8)


def test_reduction_stack() -> None:
    """-(0.1 + 0.2 + 3 x 0.05); 2 A.h are 7200 C on 0.5 m2."""
    found = Numbers(
        ReductionStack(),
        {
            names.TOTAL_CURRENT_DENSITY: 3.0,
            names.SEPARATOR_BULK_DROP: 0.1,
            names.SEPARATOR_GB_DROP: 0.2,
            names.REDUCED_RESISTANCE: 0.05,
            names.DISCHARGE_CAPACITY: 2.0,
        },
        parameters(SERIES_CELLS=4.0, ELECTRODE_AREA=0.5, POLARISATION_CUT_OFF=1.0),
    )
    assert found.value(names.VOLTAGE) == near(-0.45)
    assert found.value(names.BATTERY_VOLTAGE) == near(-1.8)
    assert found.value(names.POLARISATION) == near(0.45)
    assert found.value(names.AREAL_CAPACITY) == near(14400.0)
    assert found.value(names.OPEN_CIRCUIT_VOLTAGE) == 0
    assert found.events() == [near(0.55)]


def test_symmetric_stack() -> None:
    """(0.1 - 0.4) - 0.02 - 0.03 = -0.35; open circuit 0.005 - 0.007."""
    found = Numbers(
        SymmetricStack(),
        {
            **at(
                "negative",
                STACK_POTENTIAL=0.4,
                STACK_RESISTANCE=1.0,
                CONCENTRATION_OVERPOTENTIAL=0.007,
                ELECTRODE_LITHIUM=10.0,
            ),
            **at(
                "positive",
                STACK_POTENTIAL=0.1,
                STACK_RESISTANCE=2.0,
                CONCENTRATION_OVERPOTENTIAL=0.005,
                ELECTRODE_LITHIUM=20.0,
            ),
            names.SEPARATOR_BULK_DROP: 0.02,
            names.SEPARATOR_GB_DROP: 0.03,
            names.SEPARATOR_RESISTANCE: 4.0,
            names.DISCHARGE_CAPACITY: 2.0,
        },
        parameters(SERIES_CELLS=4.0, ELECTRODE_AREA=0.5, POLARISATION_CUT_OFF=1.0),
    )
    assert found.value(names.VOLTAGE) == near(-0.35)
    assert found.value(names.BATTERY_VOLTAGE) == near(-1.4)
    assert found.value(names.POLARISATION) == near(0.35)
    assert found.value(names.OPEN_CIRCUIT_VOLTAGE) == near(-0.002)
    assert found.value(names.CELL_RESISTANCE) == 7.0
    assert found.value(names.AREAL_CAPACITY) == near(14400.0)
    assert found.value(names.TOTAL_LITHIUM) == 30.0
    assert found.events() == [near(0.65)]


# --- interlayers -----------------------------------------------------------------------
PORES = parameters(
    INTERLAYER_EMPTY_PORE=1e-3,
    INTERLAYER_EXCHANGE_CURRENT=3.0,
    INTERLAYER_EXCHANGE_CURRENT_EA=ONE,
    LITHIUM_SITE_CONCENTRATION=1e4,
    INTERLAYER_POROSITY=0.4,
    INTERLAYER_INITIAL_LITHIUM=0.15,
)


def test_interlayer_plating() -> None:
    """One 2RT/F above lithium: 3 e (2.718207940 - 0.3678780878); pores of 4000 mol/m3."""
    side: Side = "negative"
    for sign, share in ((1, 1.0), (-1, 0.75)):
        found = Numbers(
            InterlayerPlating(side),
            {
                **at(
                    side,
                    PORE_FILLING=0.5,
                    INTERLAYER_POTENTIAL=sign * 4 * THERMAL,
                    INTERLAYER_AREA=1e6,
                    LOST_SHARE=0.25,
                ),
                names.CELL_TEMPERATURE: HOT,
            },
            PORES,
        )
        current = sign * 3 * E * (2.718207940 - 0.3678780878)
        assert found.value(variable_of(names.PORE_CURRENT, side)) == near(current)
        assert found.value(variable_of(names.PORE_LITHIUM, side)) == near(2000.0)
        filling = variable_of(names.PORE_FILLING, side)
        # a quarter of what plates is dead
        assert found.rate(filling) == near(-1e6 * share * current / (4000 * F))
        assert found.start(filling) == 0.15


def test_interlayer_host() -> None:
    """U' = 0.3 + 0.4 x 0.25 and one 2RT/F above it; 6 e (0.25 x 2.718 - 0.75 x 0.368)."""
    side: Side = "negative"
    found = Numbers(
        InterlayerHost(side),
        {
            **at(
                side,
                HOST_STOICHIOMETRY=0.25,
                INTERLAYER_POTENTIAL=0.4 + 4 * THERMAL,
                INTERLAYER_AREA=1e6,
            ),
            names.CELL_TEMPERATURE: HOT,
        },
        parameters(
            HOST_POTENTIAL=0.3,
            HOST_SLOPE=0.4,
            HOST_EXCHANGE_CURRENT=3.0,
            INTERLAYER_EXCHANGE_CURRENT_EA=ONE,
            HOST_CAPACITY=2e9,
            HOST_INITIAL_STOICHIOMETRY=0.75,
        ),
    )
    current = 6 * E * (0.25 * 2.718207940 - 0.75 * 0.3678780878)
    assert found.value(variable_of(names.HOST_CURRENT, side)) == near(current)
    assert found.value(variable_of(names.HOST_LITHIUM, side)) == near(2e9 / F * 0.25)
    # 0.3 - 0.1 - (RT/F) ln 3 at the start
    start = found.value(variable_of(names.HOST_START, side))
    assert start == near(0.2 - 2 * THERMAL * 1.098612289)
    stoichiometry = variable_of(names.HOST_STOICHIOMETRY, side)
    assert found.rate(stoichiometry) == near(-1e6 * current / 2e9)
    assert found.start(stoichiometry) == 0.75


def test_interlayer_properties() -> None:
    """(0.1 + 2/27) e, 3 x 0.6 / 2e-6, and polarons 1.5/e + 0.1 at x = 0.25."""
    side: Side = "positive"
    composition = parameters(
        INTERLAYER_CONDUCTOR_FRACTION=0.4,
        INTERLAYER_CONDUCTOR_CONDUCTIVITY=2.0,
        INTERLAYER_MATRIX_CONDUCTIVITY=0.1,
        INTERLAYER_PERCOLATION_THRESHOLD=0.1,
        INTERLAYER_PERCOLATION_EXPONENT=3.0,
        INTERLAYER_IONIC_EA=ONE,
        INTERLAYER_POROSITY=0.4,
        INTERLAYER_PARTICLE_RADIUS=2e-6,
        INTERLAYER_ELECTRONIC_CONDUCTIVITY=0.1,
        INTERLAYER_POLARON_CONDUCTIVITY=2.0,
        INTERLAYER_POLARON_EA=ONE,
    )
    given = {**at(side, HOST_STOICHIOMETRY=0.25), names.CELL_TEMPERATURE: HOT}
    found = Numbers(InterlayerProperties(side), given, composition)
    ionic = found.value(variable_of(names.INTERLAYER_IONIC_CONDUCTIVITY, side))
    assert ionic == near((0.1 + 2 / 27) * E)
    assert found.value(variable_of(names.INTERLAYER_AREA, side)) == near(9e5)
    electronic = variable_of(names.INTERLAYER_ELECTRONIC, side)
    assert found.value(electronic) == 0.1
    found = Numbers(PolaronInterlayerProperties(side), given, composition)
    assert found.value(electronic) == near(0.6518191618)


# --- cathode ---------------------------------------------------------------------------
@pytest.mark.parametrize("current", [6.0, -6.0])
def test_cathode_interphase(current: float) -> None:
    """Sqrt(4e-8) + 1e-4 = 3e-4 Ohm.m2, on 1e5 x 2e-5 = 2 times the area."""
    param = SimpleNamespace(p=SimpleNamespace(L=2e-5))
    found = Numbers(
        CathodeInterphase(param, FALSE),
        {
            names.FILM_SQUARED: 4.0,
            names.FILM_FROM_CHARGE: 1e-4,
            names.POSITIVE_SURFACE: 1e5,
            names.IONIC_CURRENT_DENSITY: current,
            names.CELL_TEMPERATURE: HOT,
        },
        parameters(
            FILM_RATE=1e-12,
            FILM_RATE_EA=ONE,
            FILM_PER_CHARGE=1e-9,
            FILM_PER_CHARGE_EA=2 * ONE,
            FILM_INITIAL_RESISTANCE=3e-4,
        ),
    )
    assert found.value(names.FILM_RESISTANCE) == near(3e-4)
    assert found.value(names.FILM_ELECTRODE_RESISTANCE) == near(1.5e-4)
    assert found.rate(names.FILM_SQUARED) == near(1e-4 * E)
    assert found.rate(names.FILM_FROM_CHARGE) == near(3e-9 * E**2)
    assert found.start(names.FILM_SQUARED) == near(9.0)
    assert found.start(names.FILM_FROM_CHARGE) == 0
    assert found.variables[names.FILM_FROM_CHARGE].scale.value == 1e-4
