"""Lithium metal with finite self-diffusion: rates, limits, surface split."""

from __future__ import annotations

import math

from twin.parts.formulas.constants import FARADAY, GAS_CONSTANT
from twin.parts.formulas.typing import Quantity, log, positive_part, sqrt

#: Keeps 0/0 away when neither current nor vacancies are present [m.s-1]: a billionth
#: of the rate at 1 uA.cm-2, so it never competes with a real current.
NO_RATE = 1e-21


def stripping_rate(
    current_density: Quantity, site_concentration: Quantity, volume_fraction: Quantity
) -> Quantity:
    r"""Thickness of lithium taken per time, positive while stripping.

    .. math:: j = i / (F c_{Li} \epsilon_{Li})

    Parameters
    ----------
    current_density : i [A.m-2], positive while this electrode strips
    site_concentration : c_Li, sites of pure lithium metal [mol.m-3]
    volume_fraction : lithium volume fraction of the anode [-]

    Returns
    -------
    j [m.s-1]

    Examples
    --------
    1 mA.cm-2 takes 1.35 nm of dense lithium per second:

    >>> round(float(stripping_rate(10.0, 76.9e3, 1.0)) * 1e9, 2)
    1.35
    """
    return current_density / (FARADAY * site_concentration * volume_fraction)


def limited_share(demand: Quantity, supply: Quantity) -> Quantity:
    r"""Rate that a limited supply carries out of a demand; never more than either.

    .. math:: s = d\,\sigma / (d + \sigma)

    Demand and supply act as two conductances in series, which is smooth, needs no
    width to be tuned, and leaves ``demand - s`` to whatever carries the rest (void
    growth while stripping, new lithium while plating).

    Parameters
    ----------
    demand, supply : rates [m.s-1], both >= 0

    Returns
    -------
    s [m.s-1]

    Examples
    --------
    >>> float(limited_share(1.0, 1e6)) > 0.999
    True
    >>> float(limited_share(1.0, 0.0))
    0.0
    """
    return demand * supply / (demand + supply + NO_RATE)


def surface_exchange_rate(
    diffusivity: Quantity, exchange_depth: Quantity, available: Quantity
) -> Quantity:
    r"""Largest rate at which the lattice gives or takes atoms at the contact.

    .. math:: \sigma = (D/\delta)\,\max(a, 0)

    Parameters
    ----------
    diffusivity : D [m2.s-1]
    exchange_depth : delta [m], depth of the layer that exchanges with the contact
    available : a [-]; excess occupancy over the critical one while stripping,
        vacant share of the sites while plating

    Returns
    -------
    sigma [m.s-1]
    """
    return diffusivity / exchange_depth * positive_part(available)


def concentration_overpotential(
    occupancy: Quantity, critical_occupancy: Quantity, temperature: Quantity
) -> Quantity:
    r"""Loss of potential because the lithium at the contacts is diluted by vacancies.

    .. math:: \eta_c = -(RT/F) \ln \max(u_c, u_{crit})

    Ideal mixture of atoms and vacancies: the activity of lithium is its occupancy, the
    same assumption with which a Warburg coefficient is turned into a diffusivity. At
    the critical occupancy the interface itself takes over the supply, so the activity
    falls no further.

    Parameters
    ----------
    occupancy : u_c, under the contacts [-]
    critical_occupancy : u_crit [-]
    temperature : T [K]

    Returns
    -------
    eta_c [V], positive for u_c < 1

    Examples
    --------
    >>> round(float(concentration_overpotential(0.5, 0.1, 298.15)) * 1e3, 1)
    17.8
    >>> round(float(concentration_overpotential(-3.0, 0.1, 298.15)) * 1e3, 1)
    59.1
    """
    width = 1e-4  # rounds the corner, far below any critical occupancy in use
    excess = occupancy - critical_occupancy
    activity = critical_occupancy + (excess + sqrt(excess**2 + width**2)) / 2 + width
    return -(GAS_CONSTANT * temperature / FARADAY) * log(activity / (1 + width))


def sand_time(
    current_density: float,
    diffusivity: float,
    site_concentration: float,
    critical_occupancy: float = 0.0,
) -> float:
    r"""Time until the surface of a semi-infinite slab is depleted at constant current.

    .. math:: \tau = \pi D [F c_{Li}(1 - u_{crit}) / 2i]^2

    Sand, Phil. Mag. 1 (1901) 45; a limit of the model, used to check it.

    Parameters
    ----------
    current_density : i [A.m-2]
    diffusivity : D [m2.s-1]
    site_concentration : c_Li times the lithium volume fraction [mol.m-3]
    critical_occupancy : occupancy that counts as depleted [-]

    Returns
    -------
    tau [s]

    Examples
    --------
    i tau = 0.120 mA.mAh.cm-4 over i for 1e-11 cm2.s-1:

    >>> tau = sand_time(10.0, 1e-15, 76.9e3)
    >>> round(tau / 3600, 3)
    0.12
    """
    available = FARADAY * site_concentration * (1 - critical_occupancy)
    return math.pi * diffusivity * (available / (2 * current_density)) ** 2


def slab_utilisation(
    current_density: float,
    thickness: float,
    diffusivity: float,
    site_concentration: float,
) -> float:
    """Share of a thin slab stripped when its surface is depleted, at long times.

    .. math:: 1 - i L / (3 F D c_{Li})

    Quasi-steady parabolic profile under a constant flux (Carslaw and Jaeger, section
    3.8), valid once D t / L^2 exceeds about one half.

    Parameters
    ----------
    current_density : i [A.m-2]
    thickness : L [m]
    diffusivity : D [m2.s-1]
    site_concentration : c_Li times the lithium volume fraction [mol.m-3]

    Returns
    -------
    utilisation [-]

    Examples
    --------
    >>> round(slab_utilisation(0.5, 20e-6, 4.5e-15, 76.9e3), 2)
    0.9
    """
    loss = current_density * thickness
    return 1 - loss / (3 * FARADAY * diffusivity * site_concentration)
