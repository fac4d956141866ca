"""Masses of the layers of a cell, and energy over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from twin.parts.formulas.constants import FARADAY
from twin.parts.formulas.typing import Quantity

#: Molar mass of lithium [kg.mol-1]: CIAAW standard atomic weight, 6.94.
LITHIUM_MOLAR_MASS: Final = 6.94e-3


def areal_mass(thickness: float, parts: Sequence[tuple[float, float]]) -> float:
    r"""Mass of a layer per area.

    .. math:: m = L \sum_k \epsilon_k \rho_k

    Parameters
    ----------
    thickness : L [m]
    parts : volume fraction [-] and density [kg.m-3] of each part; what is missing to one
        is empty

    Returns
    -------
    m [kg.m-2]

    Examples
    --------
    20 um of a dense garnet of 5.1 g/cm3, 10.2 mg/cm2:

    >>> round(areal_mass(20e-6, [(1.0, 5100.0)]), 6)
    0.102
    """
    return thickness * sum(fraction * density for fraction, density in parts)


def lithium_mass(charge: float) -> float:
    r"""Mass of the lithium that holds a charge, both per area.

    .. math:: m = q M_{Li} / F

    Parameters
    ----------
    charge : q [C.m-2]

    Returns
    -------
    m [kg.m-2]

    Examples
    --------
    1 mAh/cm2 is 0.259 mg/cm2:

    >>> round(lithium_mass(36000.0) * 100, 3)
    0.259
    """
    return charge * LITHIUM_MOLAR_MASS / FARADAY


def specific_energy(energy: Quantity, mass: Quantity) -> Quantity:
    """Energy over mass, both per area.

    Parameters
    ----------
    energy : [J.m-2]
    mass : of the stack [kg.m-2]

    Returns
    -------
    [J.kg-1]; 3600 are 1 Wh/kg

    Examples
    --------
    11.4 mWh/cm2 on 45 mg/cm2:

    >>> round(specific_energy(11.4 * 36000, 0.45) / 3600, 1)
    253.3
    """
    return energy / mass


def energy_density(energy: Quantity, thickness: Quantity) -> Quantity:
    """Energy over volume, of an energy per area.

    Parameters
    ----------
    energy : [J.m-2]
    thickness : of the stack [m]

    Returns
    -------
    [J.m-3]; 3.6e6 are 1 Wh/L

    Examples
    --------
    11.4 mWh/cm2 in 160 um:

    >>> round(energy_density(11.4 * 36000, 160e-6) / 3.6e6, 1)
    712.5
    """
    return energy / thickness
