"""Lithium metal with finite self-diffusion: rates, limits, surface split."""

from __future__ import annotations

import math

from twin.parts.formulas.constants import FARADAY, GAS_CONSTANT
from twin.parts.formulas.typing import Quantity, log, sqrt, tanh

#: Occupancies over which supply hands over to voids, and vacancies to new lithium [-].
#: Small against the occupancies of a stripping, large against the solver's error. Where
#: a cycle empties only a few percent of the surface the second one shows: at 2 % the new
#: lithium is 4 % too much.
ONSET_WIDTH = 1e-3
FILLING_WIDTH = 5e-4


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


def void_share(excess: Quantity) -> Quantity:
    r"""Share of a stripping current that leaves voids instead of coming from the lattice.

    .. math:: s_v = \tfrac{1}{2}[1 - \tanh(a / 2w)]

    A smooth step: none while the contacts hold more lithium than the critical occupancy,
    all of it once they hold less.

    Parameters
    ----------
    excess : a = u_c - u_crit, occupancy at the contacts over the critical one [-]

    Returns
    -------
    s_v [-], between 0 and 1

    Examples
    --------
    >>> float(void_share(0.0)), float(void_share(-0.1))
    (0.5, 1.0)
    >>> float(void_share(0.05)) < 1e-15
    True
    """
    return (1 - tanh(excess / (2 * ONSET_WIDTH))) / 2


def growth_share(vacant: Quantity) -> Quantity:
    r"""Share of a plating current that adds new lithium instead of filling vacancies.

    .. math:: s_g = 1 - a |a| / (a^2 + w^2)

    One where the lattice is full, none where it has vacancies. Beyond one atom per site,
    where only the solver's error can lead, it exceeds one and takes atoms out again.

    Parameters
    ----------
    vacant : a = 1 - u_s, vacant share of the sites at the surface [-]

    Returns
    -------
    s_g [-], between 0 and 1 for 0 <= a

    Examples
    --------
    >>> float(growth_share(0.0)), float(growth_share(0.2)) < 1e-5
    (1.0, True)
    """
    return 1 - vacant * abs(vacant) / (vacant**2 + FILLING_WIDTH**2)


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

    Sand, Phil. Mag. 1 (1901) 45, doi 10.1080/14786440109462590; a limit of the model,
    used to check it.

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
