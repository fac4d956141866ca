"""Interfaces, filaments and plated lithium at numbers worked by hand."""

from typing import Any

import pytest
from by_hand import (
    COLD,
    DIFFERENTIAL,
    FALSE,
    HOT,
    ONE,
    SIDES,
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
from twin.parts.submodels.concentration_overpotential import ConcentrationOverpotential
from twin.parts.submodels.constriction import Constriction
from twin.parts.submodels.electrode_stack import ElectrodeStack
from twin.parts.submodels.electronic_leakage import ElectronicLeakage
from twin.parts.submodels.filament import Filament, NoFilament
from twin.parts.submodels.interface_butler_volmer import InterfaceButlerVolmer
from twin.parts.submodels.interface_resistance import InterfaceResistance
from twin.parts.submodels.interlayer_host import NoInterlayerHost
from twin.parts.submodels.interphase import Interphase, NoInterphase
from twin.parts.submodels.lithium_loss import NoLithiumLoss
from twin.parts.submodels.plated_lithium import PlatedLithium


# --- interface -------------------------------------------------------------------------
def test_concentration_overpotential() -> None:
    found = Numbers(
        ConcentrationOverpotential("positive"),
        {**at("positive", CONTACT_OCCUPANCY=0.5), names.CELL_TEMPERATURE: COLD},
        parameters(CRITICAL_OCCUPANCY=0.1),
    )
    name = variable_of(names.CONCENTRATION_OVERPOTENTIAL, "positive")
    assert found.value(name) == near(THERMAL * 0.6930471956)


def test_constriction() -> None:
    """Pi 4e-6 x 0.5^1.5 / (4 x 0.2 x 0.5), times 3 A/m2."""
    found = Numbers(
        Constriction("negative"),
        {
            **at("negative", CONTACT_FRACTION=0.25),
            names.SEPARATOR_CONDUCTIVITY: 0.2,
            names.IONIC_CURRENT_DENSITY: 3.0,
        },
        parameters(SPOT_HALF_SPACING=4e-6),
    )
    resistance = variable_of(names.CONSTRICTION_RESISTANCE, "negative")
    drop = variable_of(names.CONSTRICTION_OVERPOTENTIAL, "negative")
    assert found.value(resistance) == near(1.110720735e-5)
    assert found.value(drop) == near(3 * 1.110720735e-5)


RESISTIVE = parameters(
    INTERFACE_RESISTANCE=2.0,
    INTERFACE_RESISTANCE_EA=ONE,
    INITIAL_CONTACT=0.8,
    SCAFFOLD_AREA_RATIO=2.0,
    INTERFACE_CAPACITANCE=0.5,
)


def test_interface_resistance() -> None:
    """2/e x 0.8 / 0.4 = 4/e; local current 3 / (0.4 x 2)."""
    side: Side = "negative"
    found = Numbers(
        InterfaceResistance(side, FALSE),
        {
            **at(side, CONTACT_FRACTION=0.4),
            names.IONIC_CURRENT_DENSITY: 3.0,
            names.CELL_TEMPERATURE: HOT,
        },
        RESISTIVE,
    )
    assert found.value(variable_of(names.CHARGE_TRANSFER_RESISTANCE, side)) == near(4 / E)
    assert found.value(variable_of(names.INTERFACE_OVERPOTENTIAL, side)) == near(12 / E)
    assert found.value(variable_of(names.FARADAIC_CURRENT_DENSITY, side)) == 3.0
    assert found.value(variable_of(names.LOCAL_CURRENT_DENSITY, side)) == near(3.75)


def test_double_layer_of_an_interface() -> None:
    """I_F = 0.2 / (4/e) = 0.05 e; (3 - 0.05 e) / 0.5."""
    side: Side = "negative"
    found = Numbers(
        InterfaceResistance(side, DIFFERENTIAL),
        {
            **at(side, CONTACT_FRACTION=0.4, INTERFACE_OVERPOTENTIAL=0.2),
            names.IONIC_CURRENT_DENSITY: 3.0,
            names.CELL_TEMPERATURE: HOT,
        },
        RESISTIVE,
    )
    faradaic = variable_of(names.FARADAIC_CURRENT_DENSITY, side)
    assert found.value(faradaic) == near(0.05 * E)
    assert found.rate(variable_of(names.INTERFACE_OVERPOTENTIAL, side)) == near(
        (3 - 0.05 * E) / 0.5
    )
    assert found.start(variable_of(names.INTERFACE_OVERPOTENTIAL, side)) == 0


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_foil_behind_an_interlayer(side: Side, sign: int) -> None:
    """Drop 0.3 - 0.1 counted along the current: 0.2 / (4/e)."""
    model = InterfaceResistance(side, DIFFERENTIAL)
    model.behind_interlayer = True
    found = Numbers(
        model,
        {
            **at(
                side,
                CONTACT_FRACTION=0.4,
                FOIL_POTENTIAL=0.3,
                CONCENTRATION_OVERPOTENTIAL=0.1,
            ),
            names.IONIC_CURRENT_DENSITY: 3.0,
            names.CELL_TEMPERATURE: HOT,
        },
        RESISTIVE,
    )
    drop = found.value(variable_of(names.INTERFACE_OVERPOTENTIAL, side))
    assert drop == near(sign * 0.2)
    faradaic = found.value(variable_of(names.FARADAIC_CURRENT_DENSITY, side))
    assert faradaic == near(sign * 0.05 * E)
    assert model.rhs == {}


def test_interface_butler_volmer() -> None:
    """True contact 0.2 x 2.5 = 0.5, i_0 = 3 e, RT/F twice as large as at 25 C.

    R = RT / (F x 0.5 x 3 e); i = 0.5 x 2 x 3 e sinh 1 at 2RT/F = 4 THERMAL.
    """
    side: Side = "negative"
    given = {
        **at(side, CONTACT_FRACTION=0.2),
        names.IONIC_CURRENT_DENSITY: 3 * E * 1.175201194,
        names.CELL_TEMPERATURE: HOT,
    }
    law = parameters(
        EXCHANGE_CURRENT=3.0,
        EXCHANGE_CURRENT_EA=ONE,
        SCAFFOLD_AREA_RATIO=2.5,
        INTERFACE_CAPACITANCE=0.5,
    )
    found = Numbers(InterfaceButlerVolmer(side, FALSE), given, law)
    resistance = found.value(variable_of(names.CHARGE_TRANSFER_RESISTANCE, side))
    assert resistance == near(2 * THERMAL / (1.5 * E))
    drop = found.value(variable_of(names.INTERFACE_OVERPOTENTIAL, side))
    assert drop == near(4 * THERMAL)
    charged = {**given, variable_of(names.INTERFACE_OVERPOTENTIAL, side): 4 * THERMAL}
    found = Numbers(InterfaceButlerVolmer(side, DIFFERENTIAL), charged, law)
    faradaic = found.value(variable_of(names.FARADAIC_CURRENT_DENSITY, side))
    assert faradaic == near(3 * E * 1.175201194)


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_electrode_stack(side: Side, sign: int) -> None:
    """0.5 +- (0.1 + 0.02 + 3 x 0.01), 1 + 2 + 0.01, 5 + 6 + 7."""
    found = Numbers(
        ElectrodeStack(side),
        {
            **at(
                side,
                CONCENTRATION_OVERPOTENTIAL=0.5,
                INTERFACE_OVERPOTENTIAL=0.1,
                CONSTRICTION_OVERPOTENTIAL=0.02,
                INTERPHASE_RESISTANCE=0.01,
                CHARGE_TRANSFER_RESISTANCE=1.0,
                CONSTRICTION_RESISTANCE=2.0,
                INVENTORY=5.0,
                INTERPHASE_LITHIUM=6.0,
                LOST_LITHIUM=7.0,
            ),
            names.IONIC_CURRENT_DENSITY: 3.0,
        },
        {},
    )
    assert found.value(variable_of(names.STACK_POTENTIAL, side)) == near(0.5 + sign * 0.15)
    assert found.value(variable_of(names.STACK_RESISTANCE, side)) == near(3.01)
    assert found.value(variable_of(names.ELECTRODE_LITHIUM, side)) == 18.0


def test_interphase() -> None:
    """Q = 36 x 2 = 72 C/m2 from the square 4, K = 5 e, kappa = 1e-5 e.

    R = 72 / (4e9 x 1e-5 e x 0.5); dq/dt = 5 e / 144.
    """
    side: Side = "negative"
    found = Numbers(
        Interphase(side),
        {
            **at(
                side,
                CONTACT_FRACTION=0.5,
                INTERPHASE_CHARGE_SQUARED=4.0,
                INTERPHASE_LITHIUM=0.1,
            ),
            names.CELL_TEMPERATURE: HOT,
        },
        parameters(
            INTERPHASE_RATE=5.0,
            INTERPHASE_RATE_EA=ONE,
            INTERPHASE_CONDUCTIVITY=1e-5,
            INTERPHASE_CONDUCTIVITY_EA=ONE,
            INTERPHASE_CHARGE_DENSITY=4e9,
            INTERPHASE_INITIAL_CHARGE=18.0,
            LITHIUM_SITE_CONCENTRATION=1e4,
            LITHIUM_VOLUME_FRACTION=0.5,
        ),
    )
    assert found.value(variable_of(names.INTERPHASE_CHARGE, side)) == near(72.0)
    resistance = found.value(variable_of(names.INTERPHASE_RESISTANCE, side))
    assert resistance == near(72 / (2e4 * E))
    consumed = found.value(variable_of(names.INTERPHASE_CONSUMPTION, side))
    assert consumed == near(5 * E / 144 / (F * 5e3))
    assert found.rate(variable_of(names.INTERPHASE_LITHIUM, side)) == near(5 * E / 144 / F)
    squared = variable_of(names.INTERPHASE_CHARGE_SQUARED, side)
    assert found.rate(squared) == near(5 * E / 1296)
    # 18 C/m2 are half of the unit, and 18/F mol/m2
    assert found.start(squared) == near(0.25)
    assert found.start(variable_of(names.INTERPHASE_LITHIUM, side)) == near(18 / F)
    assert found.variables[variable_of(names.INTERPHASE_LITHIUM, side)].scale.value == 1e-2


# --- filaments -------------------------------------------------------------------------
FILAMENT = parameters(
    FILAMENT_THRESHOLD=0.04,
    FILAMENT_THRESHOLD_EA=ONE,
    SHORT_CONDUCTANCE_FULL=8.0,
    FILAMENT_CHARGE=3000.0,
    FILAMENT_EXPONENT=3.0,
    SHORT_LENGTH=1.0,
)


def filament(side: Side, sign: int, length: float, behind: float = 0.0) -> Numbers:
    model = Filament(side)
    model.behind_interlayer = behind != 0
    return Numbers(
        model,
        {
            **at(
                side,
                FILAMENT_LENGTH=length,
                INTERFACE_OVERPOTENTIAL=-sign * 0.03 / E,
                CONSTRICTION_OVERPOTENTIAL=-sign * 0.02 / E,
                INTERPHASE_RESISTANCE=0.005 / E,
                SEPARATOR_SIDE_POTENTIAL=behind / E,
            ),
            names.IONIC_CURRENT_DENSITY: -sign * 6.0,
            names.TOTAL_CURRENT_DENSITY: -sign * 9.0,
            names.CELL_TEMPERATURE: HOT,
        },
        FILAMENT,
    )


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_filament_grows_while_plating(side: Side, sign: int) -> None:
    """Eta = (0.03 + 0.02 + 6 x 0.005)/e = 0.08/e, threshold 0.04/e: z = 2, 6/3000 x 8/9."""
    found = filament(side, sign, 0.5)
    assert found.value(variable_of(names.FILAMENT_RATIO, side)) == near(2.0)
    length = variable_of(names.FILAMENT_LENGTH, side)
    assert found.rate(length) == near(1.777777778e-3)
    assert found.start(length) == 0
    assert found.events() == [near(0.5)]
    stripping = filament(side, -sign, 0.5)
    assert stripping.value(variable_of(names.FILAMENT_RATIO, side)) == 0
    assert stripping.rate(length) == 0
    # a short does not heal: stripping takes nothing from a filament that has arrived
    assert filament(side, -sign, 1.06).rate(length) == 0


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_filament_that_arrives(side: Side, sign: int) -> None:
    """At 1.06, one width beyond 1.05: (1 + tanh 1)/2 = 0.8807970780 of 8 S/m2.

    All of the current, 9/3000, goes on into that share of it.
    """
    found = filament(side, sign, 1.06)
    conductance = found.value(variable_of(names.SHORT_CONDUCTANCE, side))
    assert conductance == near(8 * 0.8807970780)
    rate = found.rate(variable_of(names.FILAMENT_LENGTH, side))
    assert rate == near(0.1192029220 * 1.777777778e-3 + 0.8807970780 * 3e-3)


def test_filament_behind_an_interlayer() -> None:
    """0.12/e at the separator over 0.04/e; none at a potential above that of lithium."""
    for side, sign in SIDES:
        ratio = variable_of(names.FILAMENT_RATIO, side)
        assert filament(side, sign, 0.5, behind=-0.12).value(ratio) == near(3.0)
        assert filament(side, sign, 0.5, behind=0.12).value(ratio) == 0


def test_electronic_leakage() -> None:
    """-(1e-5/5e-4 + 0.1 + 0.2) x 2 = -0.64; residual 5 - 0.64 - 7."""
    model = ElectronicLeakage(("negative", "positive"))
    found = Numbers(
        model,
        {
            **at("negative", SHORT_CONDUCTANCE=0.1),
            **at("positive", SHORT_CONDUCTANCE=0.2),
            names.VOLTAGE: 2.0,
            names.IONIC_CURRENT_DENSITY: 5.0,
            names.LEAKED_CHARGE: 11.0,
            names.TOTAL_CURRENT_DENSITY: 7.0,
        },
        parameters(ELECTRONIC_CONDUCTIVITY=1e-5, SEPARATOR_THICKNESS=5e-4),
    )
    assert found.value(names.LEAKAGE_CURRENT_DENSITY) == near(-0.64)
    assert found.rate(names.LEAKED_CHARGE) == near(-0.64)
    ionic = found.variables[names.IONIC_CURRENT_DENSITY]
    assert found.number(model.algebraic[ionic]) == near(-2.64)
    assert found.start(names.LEAKED_CHARGE) == found.start(names.IONIC_CURRENT_DENSITY) == 0


# --- plated lithium --------------------------------------------------------------------
FILM = parameters(
    LITHIUM_SITE_CONCENTRATION=8e4,
    EXCHANGE_CURRENT=2.0,
    EXCHANGE_CURRENT_EA=ONE,
    DEPLETION_THICKNESS=3e-6,
    NUCLEATION_OVERPOTENTIAL=0.1,
    NUCLEUS_THICKNESS=1e-6,
    INTERFACE_CAPACITANCE=0.5,
    PLATED_THICKNESS=5e-6,
)


def film(side: Side, current: float, options: Any, **variables: float) -> Numbers:
    """A film of 1 um that covers a quarter, with U = -0.1/e of nucleation."""
    model = PlatedLithium(side, options)
    model.behind_interlayer = "FOIL_POTENTIAL" in variables
    return Numbers(
        model,
        {
            **at(side, SLAB_THICKNESS=1e-6, LOST_SHARE=0.25, **variables),
            names.CELL_TEMPERATURE: HOT,
            names.IONIC_CURRENT_DENSITY: current,
        },
        FILM,
    )


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_film_of_plated_lithium(side: Side, sign: int) -> None:
    """I/i_0 = 3: (2RT/F) ln 2/(sqrt 10 - 3) - 0.1/e; RT/F over i_0 = 2 e."""
    found = film(side, sign * 6 * E, FALSE)
    drop = found.value(variable_of(names.INTERFACE_OVERPOTENTIAL, side))
    assert drop == near(sign * (4 * THERMAL * 2.511593640 - 0.1 / E))
    resistance = found.value(variable_of(names.CHARGE_TRANSFER_RESISTANCE, side))
    assert resistance == near(2 * THERMAL / (2 * E))
    assert found.value(variable_of(names.INVENTORY, side)) == near(0.08)
    assert found.value(variable_of(names.CONTACT_FRACTION, side)) == 1
    for absent in (
        names.CONCENTRATION_OVERPOTENTIAL,
        names.CONSTRICTION_OVERPOTENTIAL,
        names.CONSTRICTION_RESISTANCE,
    ):
        assert found.value(variable_of(absent, side)) == 0
    thickness = variable_of(names.SLAB_THICKNESS, side)
    assert found.rate(thickness) == near(-6 * E / (8e4 * F))
    assert found.start(thickness) == 5e-6
    assert found.variables[thickness].scale.value == 1e-5
    # a quarter of what plates is dead
    plating = film(side, -sign * 6 * E, FALSE)
    assert plating.rate(thickness) == near(0.75 * 6 * E / (8e4 * F))


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_current_of_a_film_with_a_double_layer(side: Side, sign: int) -> None:
    """Drop - U = 2RT/F: 2 e (0.25 e - 1/e); (7 - i) / 0.5."""
    drop = sign * (4 * THERMAL - 0.1 / E)
    found = film(side, 7.0, DIFFERENTIAL, INTERFACE_OVERPOTENTIAL=drop)
    faradaic = sign * 2 * E * (0.25 * E - 1 / E)
    name = variable_of(names.FARADAIC_CURRENT_DENSITY, side)
    assert found.value(name) == near(faradaic)
    drop_name = variable_of(names.INTERFACE_OVERPOTENTIAL, side)
    assert found.rate(drop_name) == near((7 - faradaic) / 0.5)
    assert found.start(drop_name) == 0


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_film_behind_an_interlayer(side: Side, sign: int) -> None:
    found = film(side, 7.0, DIFFERENTIAL, FOIL_POTENTIAL=4 * THERMAL - 0.1 / E)
    faradaic = sign * 2 * E * (0.25 * E - 1 / E)
    name = variable_of(names.FARADAIC_CURRENT_DENSITY, side)
    assert found.value(name) == near(faradaic)
    drop = found.value(variable_of(names.INTERFACE_OVERPOTENTIAL, side))
    assert drop == near(sign * (4 * THERMAL - 0.1 / E))


@pytest.mark.parametrize(
    "absent", [NoFilament, NoInterlayerHost, NoInterphase, NoLithiumLoss]
)
def test_a_mechanism_that_is_absent_adds_nothing(absent: type) -> None:
    found = Numbers(absent("positive"), {}, {})
    assert found.variables
    for name, symbol in found.variables.items():
        assert name.startswith("Positive")
        assert found.number(symbol.orphans[0] if symbol.children else symbol) == 0
