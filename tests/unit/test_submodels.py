"""Mechanisms of an electrode or separator at numbers worked by hand from their equations.

No cell is built: a submodel gets its variables as numbers, and what it adds is evaluated.
At twice the reference temperature and with ``ONE`` as activation energy, an Arrhenius
factor is e.
"""

from types import SimpleNamespace
from typing import Any

import pybamm
import pytest

from twin import names
from twin.names import Side, variable_of
from twin.parts.submodels.cathode_interphase import CathodeInterphase
from twin.parts.submodels.concentration_overpotential import ConcentrationOverpotential
from twin.parts.submodels.constriction import Constriction
from twin.parts.submodels.contact import Contact
from twin.parts.submodels.creep_closure import CreepClosure
from twin.parts.submodels.electrode_stack import ElectrodeStack
from twin.parts.submodels.electronic_leakage import ElectronicLeakage
from twin.parts.submodels.filament import Filament, NoFilament
from twin.parts.submodels.foil_contact import FoilContact
from twin.parts.submodels.interface_butler_volmer import InterfaceButlerVolmer
from twin.parts.submodels.interface_resistance import InterfaceResistance
from twin.parts.submodels.interlayer_host import InterlayerHost, NoInterlayerHost
from twin.parts.submodels.interlayer_plating import InterlayerPlating
from twin.parts.submodels.interlayer_properties import (
    InterlayerProperties,
    PolaronInterlayerProperties,
)
from twin.parts.submodels.interphase import Interphase, NoInterphase
from twin.parts.submodels.lattice_supply import LatticeSupply
from twin.parts.submodels.lithium_growth import LithiumGrowth
from twin.parts.submodels.lithium_loss import LithiumLoss, NoLithiumLoss
from twin.parts.submodels.plated_lithium import PlatedLithium
from twin.parts.submodels.reduced_conduction import ReducedConduction
from twin.parts.submodels.reduction_front import ReductionFront
from twin.parts.submodels.reduction_stack import ReductionStack
from twin.parts.submodels.separator_conduction import SeparatorConduction
from twin.parts.submodels.symmetric_stack import SymmetricStack
from twin.parts.submodels.void_growth import VoidGrowth
from twin.parts.submodels.void_refilling import VoidRefilling
from twin.parts.submodels.void_volume import VoidVolume

F = 96485.33212
THERMAL = 0.02569257912  # RT/F [V] at 298.15 K
E = 2.718281828
ONE = 4957.914059  # R x 596.3 K
HOT = 596.3
COLD = 298.15
FALSE = {"surface form": "false"}
DIFFERENTIAL = {"surface form": "differential"}
SIDES: tuple[tuple[Side, int], ...] = (("negative", 1), ("positive", -1))


class Numbers:
    """What a submodel makes of variables and parameters that are numbers.

    Names without a side are given plainly, those of an electrode as they stand in
    ``twin.names``; ``value``, ``rate`` and ``start`` take them alike.
    """

    def __init__(
        self,
        model: pybamm.BaseSubModel,
        variables: dict[str, float],
        parameters: dict[str, float],
    ) -> None:
        self.side: Side = getattr(model, "side", "negative")
        # a positive electrode has parameters of its own
        own = {names.parameter_of(k, self.side): v for k, v in parameters.items()}
        self.parameters = pybamm.ParameterValues({**parameters, **own})
        self.variables = model.get_fundamental_variables()
        self.numbers = {
            symbol: pybamm.Scalar(variables[name])
            for name, symbol in self.variables.items()
            if isinstance(symbol, pybamm.Variable) and name in variables
        }
        self.variables = {
            **{name: pybamm.Scalar(value) for name, value in variables.items()},
            **self.variables,
        }
        model.get_coupled_variables(self.variables)
        model.set_rhs(self.variables)
        model.set_algebraic(self.variables)
        model.set_initial_conditions(self.variables)
        model.add_events_from(self.variables)
        self.model = model

    def number(self, symbol: pybamm.Symbol) -> float:
        return float(self.parameters.process_symbol(self._known(symbol)).evaluate())

    def _known(self, symbol: pybamm.Symbol) -> pybamm.Symbol:
        """The expression with numbers in the place of its states."""
        if symbol in self.numbers:
            return self.numbers[symbol]
        children = [self._known(child) for child in symbol.children]
        return symbol.create_copy(new_children=children) if children else symbol

    def value(self, name: str) -> float:
        return self.number(self.variables[name])

    def rate(self, name: str) -> float:
        return self.number(self.model.rhs[self.variables[name]])

    def start(self, name: str) -> float:
        return self.number(self.model.initial_conditions[self.variables[name]])

    def events(self) -> list[float]:
        return [self.number(event.expression) for event in self.model.events]


def at(side: Side, **values: float) -> dict[str, float]:
    """Variables of one electrode, by the constants of ``twin.names``."""
    return {variable_of(getattr(names, key), side): v for key, v in values.items()}


def parameters(**values: float) -> dict[str, float]:
    return {getattr(names, key): value for key, value in values.items()}


def near(expected: float, rel: float = 1e-6) -> Any:
    return pytest.approx(expected, rel=rel, abs=0)


# --- voids ----------------------------------------------------------------------------
@pytest.mark.parametrize(("side", "sign"), SIDES)
@pytest.mark.parametrize(
    ("contact", "mean", "share"),
    [
        # tanh(1/2): s_v = 0.2689414214 one width above the critical occupancy
        (0.101, 1.0, 0.2689414214),
        (1.0, 0.501, 0.2689414214),
        # both: 1 - 0.7310585786^2
        (0.101, 0.501, 0.4655533548),
        (0.05, 1.0, 1.0),
    ],
)
def test_void_growth(side: Side, sign: int, contact, mean, share) -> None:
    """J = i / (F c eps) = 2 F / (F 1e4 0.5) = 4e-4 m/s; slab of 2e-5 m."""
    found = Numbers(
        VoidGrowth(side),
        at(
            side,
            FARADAIC_CURRENT_DENSITY=sign * 2 * F,
            CONTACT_OCCUPANCY=contact,
            SLAB_LITHIUM=mean * 2e-5,
            SLAB_THICKNESS=2e-5,
        ),
        parameters(
            LITHIUM_SITE_CONCENTRATION=1e4,
            LITHIUM_VOLUME_FRACTION=0.5,
            CRITICAL_OCCUPANCY=0.1,
            ADHESION_OCCUPANCY=0.5,
        ),
    )
    assert found.value(variable_of(names.STRIPPING_RATE, side)) == near(4e-4)
    assert found.value(variable_of(names.VOID_GROWTH_RATE, side)) == near(4e-4 * share)


def test_no_voids_grow_while_plating() -> None:
    found = Numbers(
        VoidGrowth("negative"),
        at(
            "negative",
            FARADAIC_CURRENT_DENSITY=-2 * F,
            CONTACT_OCCUPANCY=0.05,
            SLAB_LITHIUM=1e-5,
            SLAB_THICKNESS=2e-5,
        ),
        parameters(
            LITHIUM_SITE_CONCENTRATION=1e4,
            LITHIUM_VOLUME_FRACTION=0.5,
            CRITICAL_OCCUPANCY=0.1,
            ADHESION_OCCUPANCY=0.0,
        ),
    )
    assert found.value(variable_of(names.STRIPPING_RATE, "negative")) == near(-4e-4)
    assert found.value(variable_of(names.VOID_GROWTH_RATE, "negative")) == 0


def test_void_volume() -> None:
    """0.7 x 8 - 1 - 0.5 x 3 = 3.1 and 0.3 x 8 - 0.5 x 2 = 1.4."""
    side: Side = "positive"
    found = Numbers(
        VoidVolume(side),
        at(
            side,
            ACCESSIBLE_VOIDS=3.0,
            OCCLUDED_VOIDS=2.0,
            VOID_GROWTH_RATE=8.0,
            VOID_REFILLING_RATE=1.0,
            CREEP_CLOSURE=0.5,
        ),
        parameters(OCCLUDED_FRACTION=0.3),
    )
    assert found.value(variable_of(names.VOID_VOLUME, side)) == 5.0
    assert found.rate(variable_of(names.ACCESSIBLE_VOIDS, side)) == near(3.1)
    assert found.rate(variable_of(names.OCCLUDED_VOIDS, side)) == near(1.4)
    assert found.start(variable_of(names.ACCESSIBLE_VOIDS, side)) == 0
    assert found.start(variable_of(names.OCCLUDED_VOIDS, side)) == 0
    scales = [
        found.variables[variable_of(n, side)].scale.value
        for n in (names.ACCESSIBLE_VOIDS, names.OCCLUDED_VOIDS)
    ]
    assert scales == [1e-7, 1e-7]


@pytest.mark.parametrize(
    ("rate", "voids", "expected"),
    [(-6.0, 3e-7, 4.5), (6.0, 3e-7, 0.0), (-6.0, -3e-7, 0.0)],
)
def test_void_refilling(rate: float, voids: float, expected: float) -> None:
    """6 x 3 / (3 + 1)."""
    found = Numbers(
        VoidRefilling("negative"),
        at("negative", STRIPPING_RATE=rate, ACCESSIBLE_VOIDS=voids),
        parameters(REFILLING_HEIGHT=1e-7),
    )
    name = variable_of(names.VOID_REFILLING_RATE, "negative")
    assert found.value(name) == pytest.approx(expected, rel=1e-9)


def test_contact() -> None:
    """0.8 [0.25 + 0.75/e] = 0.4207276647; 1 - 0.3 / 0.4207276647^0.5 = 0.5374905."""
    found = Numbers(
        Contact("negative"),
        at("negative", VOID_VOLUME=1e-7, SURFACE_OCCUPANCY=0.7),
        parameters(
            VOID_HEIGHT=1e-7,
            INITIAL_CONTACT=0.8,
            SCAFFOLD_FLOOR=0.25,
            CROWDING_EXPONENT=0.5,
            LOST_CONTACT=0.1,
        ),
    )
    assert found.value(variable_of(names.CONTACT_FRACTION, "negative")) == near(
        0.4207276647
    )
    occupancy = found.value(variable_of(names.CONTACT_OCCUPANCY, "negative"))
    assert occupancy == near(1 - 0.3 / 0.4207276647**0.5)
    # ln(0.5259095809 / 0.1): positive until a tenth of the fresh contact is left
    assert found.events() == [near(1.6599593)]


def test_creep_closure() -> None:
    """Stress 2 MPa: 1.5 x 1e-3 x 8 x e."""
    found = Numbers(
        CreepClosure("negative"),
        {names.CELL_TEMPERATURE: HOT},
        parameters(STACK_PRESSURE=4e6, CREEP_RATE=1e-3, CREEP_EXPONENT=3.0, CREEP_EA=ONE),
    )
    assert found.value(variable_of(names.CREEP_CLOSURE, "negative")) == near(0.012 * E)


def test_foil_contact() -> None:
    """Theta = e^-0.5; dg/dt = -0.012 e x 0.5; g(0) = -ln 0.8."""
    found = Numbers(
        FoilContact(),
        {names.CELL_TEMPERATURE: HOT, names.GAP_VOLUME: 0.5},
        parameters(
            STACK_PRESSURE=4e6,
            CREEP_RATE=1e-3,
            CREEP_EXPONENT=3.0,
            CREEP_EA=ONE,
            INITIAL_CONTACT=0.8,
        ),
    )
    for side, _ in SIDES:
        assert found.value(variable_of(names.CONTACT_FRACTION, side)) == near(0.6065306597)
    assert found.rate(names.GAP_VOLUME) == near(-0.006 * E)
    assert found.start(names.GAP_VOLUME) == near(0.2231435513)


# --- lattice ---------------------------------------------------------------------------
def test_lattice_supply() -> None:
    found = Numbers(
        LatticeSupply("negative"),
        at(
            "negative",
            STRIPPING_RATE=10.0,
            VOID_GROWTH_RATE=1.0,
            VOID_REFILLING_RATE=2.0,
            LITHIUM_GROWTH_RATE=4.0,
        ),
        {},
    )
    assert found.value(variable_of(names.LATTICE_RATE, "negative")) == 15.0


@pytest.mark.parametrize(("rate", "plating"), [(-10.0, 8.0), (10.0, -2.0)])
def test_lithium_growth(rate: float, plating: float) -> None:
    """Half of (10 - 2) at one width of vacancies, 5e-4."""
    found = Numbers(
        LithiumGrowth("negative"),
        at(
            "negative",
            STRIPPING_RATE=rate,
            VOID_REFILLING_RATE=2.0,
            SURFACE_OCCUPANCY=1 - 5e-4,
        ),
        {},
    )
    name = variable_of(names.LITHIUM_GROWTH_RATE, "negative")
    assert found.value(name) == near(plating / 2)


@pytest.mark.parametrize(("side", "sign"), SIDES)
def test_lithium_loss(side: Side, sign: int) -> None:
    """A quarter of 4 F while plating, nothing while stripping."""
    for current, lost in ((-4 * F, 1.0), (4 * F, 0.0)):
        found = Numbers(
            LithiumLoss(side),
            at(side, FARADAIC_CURRENT_DENSITY=sign * current, LOST_LITHIUM=3.0),
            parameters(PLATING_LOSS=0.25),
        )
        name = variable_of(names.LOST_LITHIUM, side)
        assert found.rate(name) == pytest.approx(lost)
        assert found.value(variable_of(names.LOST_CHARGE, side)) == near(3 * F)
        assert found.start(name) == 0
        assert found.variables[name].scale.value == near(1000 / F)


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
