"""Lithium filaments that grow through a separator while plating."""

from __future__ import annotations

import math

from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.constants import FARADAY
from twin.parts.formulas.typing import Quantity


def griffith_threshold(
    toughness: float, defect_length: float, geometry: float = 1.12
) -> float:
    r"""Overpotential at which lithium in a surface defect opens it as a crack.

    .. math:: \eta_c = \frac{V_m}{F} \frac{K_{IC}}{Y \sqrt{\pi a}}

    The pressure of lithium plated at an overpotential, F eta / V_m, against the critical
    stress of a crack; Porz et al., Adv. Energy Mater. 7 (2017) 1701003,
    doi 10.1002/aenm.201701003. Molar volume of lithium 13.0 cm3/mol.

    Parameters
    ----------
    toughness : K_IC [Pa.m0.5]
    defect_length : a [m]
    geometry : Y [-]; 1.12 is a crack at a free surface

    Returns
    -------
    eta_c [V]

    Examples
    --------
    LLZO with defects of 3 um:

    >>> round(griffith_threshold(1.0e6, 3e-6) * 1e3, 1)
    39.2
    """
    molar_volume = 13.0e-6  # m3.mol-1
    stress = toughness / (geometry * math.sqrt(math.pi * defect_length))
    return molar_volume / FARADAY * stress


def filament_threshold(
    threshold_25: Quantity, activation_energy: Quantity, temperature: Quantity
) -> Quantity:
    r"""Threshold overpotential at a temperature; it falls as the cell warms.

    .. math:: \eta_c(T) = \eta_{c,25} \exp[+(E/R)(1/T - 1/298.15)]

    Parameters
    ----------
    threshold_25 : eta_c at 25 C [V]
    activation_energy : E [J.mol-1]
    temperature : T [K]

    Returns
    -------
    eta_c [V]

    Examples
    --------
    >>> round(float(filament_threshold(0.04, 24e3, 333.15)) * 1e3, 1)
    14.5
    """
    return arrhenius(threshold_25, -activation_energy, temperature)


def filament_growth_rate(
    plating_current: Quantity,
    local_overpotential: Quantity,
    threshold: Quantity,
    charge: Quantity,
    exponent: Quantity,
) -> Quantity:
    r"""Rate at which a filament crosses the separator, as a share of its thickness.

    .. math:: \dot X = \frac{|i|}{Q_s} \frac{z^p}{1 + z^p}, \qquad z = \eta / \eta_c

    Growth takes charge: far above the threshold the charge Q_s plated at one go shorts
    the cell, far below it many cycles add up.

    Parameters
    ----------
    plating_current : |i| while plating, zero while stripping [A.m-2]
    local_overpotential : eta at the contacts [V], >= 0
    threshold : eta_c [V]
    charge : Q_s [C.m-2]
    exponent : p [-]

    Returns
    -------
    dX/dt [s-1]; the cell is shorted at X = 1

    Examples
    --------
    At the threshold half of the current counts:

    >>> filament_growth_rate(10.0, 0.04, 0.04, 9000.0, 7.0) * 9000.0 / 10.0
    0.5
    """
    ratio = local_overpotential / threshold
    power = ratio**exponent
    return plating_current / charge * power / (1 + power)
