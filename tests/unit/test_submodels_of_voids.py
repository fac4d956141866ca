"""Voids, contact and lattice at numbers worked by hand from their equations."""

import pytest
from by_hand import HOT, ONE, SIDES, E, F, Numbers, at, near, parameters

from twin import names
from twin.names import Side, variable_of
from twin.parts.submodels.contact import Contact
from twin.parts.submodels.creep_closure import CreepClosure
from twin.parts.submodels.foil_contact import FoilContact
from twin.parts.submodels.lattice_supply import LatticeSupply
from twin.parts.submodels.lithium_growth import LithiumGrowth
from twin.parts.submodels.lithium_loss import LithiumLoss
from twin.parts.submodels.void_growth import VoidGrowth
from twin.parts.submodels.void_refilling import VoidRefilling
from twin.parts.submodels.void_volume import VoidVolume


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
