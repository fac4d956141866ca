"""Contact between lithium and separator: coverage by voids, crowding, constriction."""

from __future__ import annotations

import math

from twin.parts.formulas.typing import Quantity, exp, sqrt


def contact_fraction(
    void_volume: Quantity,
    void_height: Quantity,
    initial_contact: Quantity,
    scaffold_floor: Quantity,
) -> Quantity:
    r"""Share of the nominal area that touches the separator.

    .. math:: \theta = \theta_0 [f_s + (1 - f_s) e^{-v/h_v}]

    Flat voids of height h_v that nucleate at random places and merge: each added
    element of void covers free area only in proportion to what is left (Poisson
    coverage, as in the Kolmogorov-Johnson-Mehl-Avrami theory).

    Parameters
    ----------
    void_volume : v, void volume per nominal area [m]
    void_height : h_v [m]
    initial_contact : theta_0 [-], contact left by wetting
    scaffold_floor : f_s [-], share of the contact that a scaffold keeps

    Returns
    -------
    theta [-]

    Examples
    --------
    >>> round(float(contact_fraction(0.1e-6, 0.1e-6, 0.8, 0.0)), 4)
    0.2943
    """
    covered = exp(-void_volume / void_height)
    return initial_contact * (scaffold_floor + (1 - scaffold_floor) * covered)


def contact_occupancy(
    surface_occupancy: Quantity, contact: Quantity, crowding: Quantity
) -> Quantity:
    r"""Occupancy under the remaining contacts, where the current crowds.

    .. math:: u_c = 1 - (1 - u_s)\,\theta^{-m}

    Parameters
    ----------
    surface_occupancy : u_s, laterally averaged [-]
    contact : theta [-]
    crowding : m [-]; 0 = contacts share one depletion zone, 1 = isolated contacts

    Returns
    -------
    u_c [-]

    Examples
    --------
    >>> float(contact_occupancy(0.75, 0.5, 1.0))
    0.5
    """
    return 1 - (1 - surface_occupancy) * contact ** (-crowding)


def constriction_resistance(
    contact: Quantity, half_spacing: Quantity, conductivity: Quantity
) -> Quantity:
    r"""Spreading resistance in the separator under contact spots, one side.

    .. math:: R = \pi b (1 - \sqrt{\theta})^{1.5} / (4 \kappa \sqrt{\theta})

    Cooper, Mikic and Yovanovich, Int. J. Heat Mass Transfer 12 (1969) 279,
    doi 10.1016/0017-9310(69)90011-8.

    Parameters
    ----------
    contact : theta [-], 0 < theta <= 1
    half_spacing : b, half the distance between spots [m]
    conductivity : kappa of the separator [S.m-1]

    Returns
    -------
    R [Ohm.m2]

    Examples
    --------
    >>> r = constriction_resistance(0.25, 5e-6, 0.1)
    >>> round(float(r) * 1e4, 3)
    0.278
    """
    # rounding of theta just above 1 must not reach the power
    root = sqrt(contact)
    gap = 1 - root
    closed = (gap + sqrt(gap**2 + 1e-16)) / 2
    return math.pi * half_spacing * closed**1.5 / (4 * conductivity * root)
