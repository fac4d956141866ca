"""Intercalation cathodes."""

from __future__ import annotations

from twin.parts.formulas.typing import Quantity, exp, positive_part, sqrt


def walled_potential(potential: Quantity, stoichiometry: Quantity) -> Quantity:
    r"""An open-circuit potential with a wall at either end of the stoichiometry range.

    .. math:: U_{walled} = U + W [e^{-x/s} - e^{-(1-x)/s}], \qquad W = 2\ V,\; s = 0.002

    Curves fitted to data say nothing beyond them: one that stays flat to x = 1 would let
    a discharge run on for ever. The walls add less than 0.1 mV for 0.02 < x < 0.98.

    Parameters
    ----------
    potential : U of the published curve [V]
    stoichiometry : x [-]

    Returns
    -------
    U_walled [V]

    Examples
    --------
    >>> round(float(walled_potential(3.4, 0.5)), 6)
    3.4
    >>> float(walled_potential(3.4, 1.0)) < 1.5
    True
    """
    height, width = 2.0, 0.002
    return potential + height * (
        exp(-stoichiometry / width) - exp(-(1 - stoichiometry) / width)
    )


def insertion_exchange_current(half_filled: Quantity, stoichiometry: Quantity) -> Quantity:
    r"""Exchange-current density over the stoichiometry of a particle's surface.

    .. math:: i_0 = 2 i_{0,1/2} \sqrt{x(1 - x)}

    Parameters
    ----------
    half_filled : value at x = 1/2 [A.m-2]
    stoichiometry : x [-]

    Returns
    -------
    i_0 [A.m-2]

    Examples
    --------
    >>> round(float(insertion_exchange_current(3.0, 0.5)), 6)
    3.0
    """
    product = positive_part(stoichiometry * (1 - stoichiometry))
    # never quite zero, so that a full or empty surface still has a defined slope
    return 2 * half_filled * sqrt(product + 1e-8)


def electrode_thickness(
    loading: Quantity, density: Quantity, active_fraction: Quantity
) -> Quantity:
    r"""Thickness of an electrode of a given loading.

    .. math:: L = m / (\rho\, \epsilon_{am})

    Parameters
    ----------
    loading : m, active material per area [kg.m-2]
    density : rho of the active material [kg.m-3]
    active_fraction : its share of the electrode's volume [-]

    Returns
    -------
    L [m]

    Examples
    --------
    2 mg.cm-2 of LiCoO2 at half of the volume:

    >>> round(electrode_thickness(0.02, 5050.0, 0.5) * 1e6, 2)
    7.92
    """
    return loading / (density * active_fraction)
