"""Slab and interlayer on a mesh of four cells, at numbers worked by hand.

A field has its values at y = 1/8, 3/8, 5/8 and 7/8, a flux at 0, 1/4, 1/2, 3/4 and 1.
"""

from typing import Any

import numpy as np
import pytest
from by_hand import HOT, ONE, E, F, at, parameters
from meshed import Layer, Meshed, near

from twin import names
from twin.names import Side, variable_of
from twin.parts.submodels.interlayer_potential import InterlayerPotential
from twin.parts.submodels.lithium_diffusion import LithiumDiffusion
from twin.parts.submodels.lithium_loss import LithiumLoss


def of_slab(side: Side) -> dict[str, Layer]:
    return {names.lithium_domain(side): Layer(names.lithium_coordinate(side), 0, 1, 4)}


def of_layer(side: Side) -> dict[str, Layer]:
    return {
        names.interlayer_domain(side): Layer(names.interlayer_coordinate(side), 0, 1, 4)
    }


# --- the lithium slab ------------------------------------------------------------------
SIDE: Side = "positive"


def slab() -> Meshed:
    """L = 2e-5 m, D = 2e-10 m2/s (D/L^2 = 1/2), content 10, 12, 16, 20 um, 20 um held.

    New lithium j_g = 4 um/s, creep closes 0.1 x 10 um = 1 um/s.
    """
    return Meshed(
        LithiumDiffusion(SIDE),
        of_slab(SIDE),
        at(
            SIDE,
            LITHIUM_CONTENT=[10e-6, 12e-6, 16e-6, 20e-6],
            SLAB_THICKNESS=2e-5,
            SLAB_LITHIUM=2e-5,
        ),
        {
            **at(
                SIDE,
                VOID_VOLUME=1e-5,
                CREEP_CLOSURE=0.1,
                LITHIUM_GROWTH_RATE=4e-6,
                LATTICE_RATE=1e-6,
                INTERPHASE_CONSUMPTION=0.5e-6,
                STRIPPING_RATE=-2e-6,
                LOST_SHARE=0.25,
            ),
            names.CELL_TEMPERATURE: HOT,
        },
        parameters(
            LITHIUM_DIFFUSIVITY=2e-10 / E,
            LITHIUM_DIFFUSIVITY_EA=ONE,
            LITHIUM_SITE_CONCENTRATION=1e4,
            LITHIUM_VOLUME_FRACTION=0.5,
            LITHIUM_THICKNESS=2.5e-5,
            INITIAL_OCCUPANCY=0.9,
            EXHAUSTED_FRACTION=0.05,
        ),
    )


def test_balance_of_the_slab() -> None:
    """At 0 the flux is 4 - 1 - 0.5 - 0.25 x 2 = 2 um/s, at 1 it is zero.

    In between -1/2 dn/d(xi) + 0.2 (1 - xi) n with n the mean of both cells:
    -4 + 0.15 x 11 = -2.35, -8 + 0.1 x 14 = -6.6, -8 + 0.05 x 18 = -7.1. Four times the
    differences, less 1/20 of what each cell holds.
    """
    found = slab()
    content = variable_of(names.LITHIUM_CONTENT, SIDE)
    expected = (4 * 4.35 - 0.5, 4 * 4.25 - 0.6, 4 * 0.5 - 0.8, -4 * 7.1 - 1.0)
    assert found.rate(content) == near(*(1e-6 * rate for rate in expected))
    assert found.rate(variable_of(names.SLAB_LITHIUM, SIDE)) == near(1e-6)
    assert found.rate(variable_of(names.SLAB_THICKNESS, SIDE)) == near(3e-6)
    # D/L^2 of it is the flux of 2 um/s
    assert found.gradient(content, "left") == near(-4e-6)
    assert found.gradient(content, "right") == near(0)


def test_what_the_slab_holds() -> None:
    """1e4 x 0.5 x (14.5 um - 10 um) = 0.0225 of 5e3 x 25 um x 0.9 = 0.1125 mol/m2."""
    found = slab()
    assert found.value(variable_of(names.OCCUPANCY, SIDE)) == near(0.5, 0.6, 0.8, 1.0)
    # half a cell before the first value: 10 - (12 - 10)/2 um
    assert found.value(variable_of(names.SURFACE_OCCUPANCY, SIDE)) == near(0.45)
    assert found.value(variable_of(names.INVENTORY, SIDE)) == near(0.0225)
    assert found.value(variable_of(names.INVENTORY_FRACTION, SIDE)) == near(0.2)
    assert found.value(variable_of(names.UTILISATION, SIDE)) == near(0.8)
    assert found.numbers(found.model.events[0].expression) == near(0.15)


def test_start_of_the_slab() -> None:
    found = slab()
    assert found.start(variable_of(names.LITHIUM_CONTENT, SIDE)) == near(22.5e-6)
    assert found.start(variable_of(names.SLAB_LITHIUM, SIDE)) == near(22.5e-6)
    assert found.start(variable_of(names.SLAB_THICKNESS, SIDE)) == near(25e-6)
    assert {found.scale(name) for name in found.unknowns} == {1e-4}


# --- the interlayer --------------------------------------------------------------------
DELTA = [1e-6, 2e-6, 4e-6, 5e-6]


def layer(side: Side, electronic: Any = 6.0, form: str = "false") -> Meshed:
    """L = 2e-5 m, kappa = 2, sigma = 6 S/m, 3 A/m2 towards the foil, which takes 2 A/m2."""
    sign = 1 if side == "negative" else -1
    return Meshed(
        InterlayerPotential(side, {"surface form": form}),
        of_layer(side),
        at(side, INTERLAYER_POTENTIAL=DELTA, MEAN_IONIC_CURRENT=2.0),
        {
            **at(
                side,
                INTERLAYER_IONIC_CONDUCTIVITY=2.0,
                INTERLAYER_ELECTRONIC=electronic,
                FARADAIC_CURRENT_DENSITY=-sign * 2.0,
                INTERLAYER_AREA=1e5,
                PORE_CURRENT=[0.1, 0.1, 0.2, 0.2],
                HOST_CURRENT=[0.2] * 4,
                PORE_LITHIUM=[1e3, 2e3, 3e3, 4e3],
                HOST_LITHIUM=[4e3] * 4,
                INVENTORY=5.0,
                LOST_LITHIUM=6.0,
                HOST_START=0.3,
            ),
            names.IONIC_CURRENT_DENSITY: -sign * 3.0,
            names.CELL_TEMPERATURE: HOT,
        },
        parameters(
            INTERLAYER_THICKNESS=2e-5,
            INTERLAYER_EXCHANGE_CURRENT=2.0,
            INTERLAYER_EXCHANGE_CURRENT_EA=ONE,
            INTERLAYER_CAPACITANCE=0.25,
            INTERLAYER_INITIAL_LITHIUM=1e-3,
            INTERLAYER_EMPTY_PORE=1e-3,
        ),
    )


#: Ionic current at the faces: 3, then 1/4 (6/2e-5 x 4e-6 + 3) = 1.05, 1/4 (2.4 + 3) = 1.35,
#: 1.05, and the 2 A/m2 that the foil takes. The divergence is four times the
#: differences, -7.8, 1.2, -1.2 and 3.8; less L a (i_n + i_h) = 2e-5 x 1e5 x (0.3 and 0.4):
BALANCE = (-8.4, 0.6, -2.0, 3.0)


@pytest.mark.parametrize("side", ["negative", "positive"])
def test_balance_of_the_interlayer(side: Side) -> None:
    found = layer(side)
    current = found.value(variable_of(names.INTERLAYER_IONIC_CURRENT, side))
    assert current == near(3.0, 1.05, 1.35, 1.05, 2.0)
    potential = variable_of(names.INTERLAYER_POTENTIAL, side)
    mean = variable_of(names.MEAN_IONIC_CURRENT, side)
    assert found.residual(potential) == near(*BALANCE)
    # 2 - 2 + sum of y div i / 4 = (-0.975 + 0.45 - 0.75 + 3.325) / 4
    assert found.residual(mean) == near(0.5125)
    # 3 L / kappa; -(8/2)(-2) - 3 = 5, times L / sigma
    assert found.gradient(potential, "left") == near(3e-5)
    assert found.gradient(potential, "right") == near(5 * 2e-5 / 6)
    reaction = found.value(variable_of(names.INTERLAYER_REACTION, side))
    assert reaction == near(3e4, 3e4, 4e4, 4e4)


@pytest.mark.parametrize("side", ["negative", "positive"])
def test_double_layer_of_the_interlayer(side: Side) -> None:
    """L a C = 2e-5 x 1e5 x 0.25 = 0.5."""
    found = layer(side, form="differential")
    potential = variable_of(names.INTERLAYER_POTENTIAL, side)
    assert found.rate(potential) == near(*(2 * one for one in BALANCE))
    assert list(found.model.algebraic) == [
        found.variables[variable_of(names.MEAN_IONIC_CURRENT, side)]
    ]


@pytest.mark.parametrize("side", ["negative", "positive"])
def test_what_the_interlayer_shows(side: Side) -> None:
    """E = 5.5e-6 - 2e-5/2 x 2, the first being half a cell beyond the last value.

    L (2.5e3 + 4e3) = 0.05 + 0.08 mol/m2. Nu^2 = a i_0 F L^2 / RT (1/2 + 1/6) with
    i_0 = 2 e and RT/F = 0.05138515824 V; R of :func:`porous_resistance`.
    """
    found = layer(side)
    stack = found.value(variable_of(names.STACK_POTENTIAL, side))
    assert stack == near(5.5e-6 - 2e-5)
    for name, expected in (
        (names.LITHIUM_IN_PORES, 0.05),
        (names.LITHIUM_IN_HOST, 0.08),
        (names.INTERLAYER_LITHIUM, 0.13),
        (names.ELECTRODE_LITHIUM, 11.13),
        (names.SEPARATOR_SIDE_POTENTIAL, 0.5e-6),
    ):
        assert found.value(variable_of(name, side)) == near(expected)
    nu = (1e5 * 2 * E / 0.05138515824 * 2e-5**2 * (1 / 2 + 1 / 6)) ** 0.5
    bracket = 1 + (2 + (6 / 2 + 2 / 6) * np.cosh(nu)) / (nu * np.sinh(nu))
    resistance = found.value(variable_of(names.STACK_RESISTANCE, side))
    assert resistance == near(2e-5 / 8 * bracket)


def test_conductivity_that_varies_over_the_interlayer() -> None:
    """Sigma = 2, 4, 6, 8 S/m: shares 2/4, 2/6, 2/8 and 2/10, between them their means.

    At the foil it is 9 by extrapolation: -(11/2)(-2) - 3 = 8, times L / 9. Its mean is 5.
    """
    side: Side = "negative"
    found = layer(side, electronic=[2.0, 4.0, 6.0, 8.0])
    potential = variable_of(names.INTERLAYER_POTENTIAL, side)
    assert found.gradient(potential, "right") == near(8 * 2e-5 / 9)
    nu = (1e5 * 2 * E / 0.05138515824 * 2e-5**2 * (1 / 2 + 1 / 5)) ** 0.5
    bracket = 1 + (2 + (5 / 2 + 2 / 5) * np.cosh(nu)) / (nu * np.sinh(nu))
    resistance = found.value(variable_of(names.STACK_RESISTANCE, side))
    assert resistance == near(2e-5 / 7 * bracket)


def test_start_of_the_interlayer() -> None:
    """(1 - tanh 1) x 0.3 where a tenth of a per cent of metal holds the layer at 0 V."""
    found = layer("negative")
    start = found.start(variable_of(names.INTERLAYER_POTENTIAL, "negative"))
    assert start == near(0.2384058440 * 0.3)
    assert found.start(variable_of(names.MEAN_IONIC_CURRENT, "negative")) == near(0)


def test_lithium_lost_in_an_interlayer() -> None:
    """A quarter of what plates: 4 F on the foil, 2e-5 x 1e5 x (1 + 3)/4 F in the pores."""
    side: Side = "positive"
    model = LithiumLoss(side)
    model.behind_interlayer = True
    found = Meshed(
        model,
        of_layer(side),
        at(side, LOST_LITHIUM=0.0),
        at(
            side,
            FARADAIC_CURRENT_DENSITY=4 * F,
            INTERLAYER_AREA=1e5,
            PORE_CURRENT=[-F, -3 * F, 2 * F, 0.0],
        ),
        parameters(PLATING_LOSS=0.25, INTERLAYER_THICKNESS=2e-5),
    )
    assert found.rate(variable_of(names.LOST_LITHIUM, side)) == near(1 + 0.5)
