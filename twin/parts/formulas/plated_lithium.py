"""Lithium plated on a bare substrate."""

from __future__ import annotations

from twin.parts.formulas.constants import FARADAY, GAS_CONSTANT
from twin.parts.formulas.typing import Quantity, exp, log, positive_part, sqrt


def plated_share(thickness: Quantity, depletion_thickness: Quantity) -> Quantity:
    r"""Share of the substrate from which plated lithium can still be stripped.

    .. math:: s = h / (h + h_0)

    Parameters
    ----------
    thickness : h of the plated lithium [m]
    depletion_thickness : h_0 at which half of the substrate is bare [m]

    Returns
    -------
    s [-]

    Examples
    --------
    >>> round(float(plated_share(1e-6, 1e-6)), 6)
    0.5
    """
    held = positive_part(thickness)
    # a trace, so that the logarithm of the overpotential stays finite: a bare substrate
    # gives a current only beyond 3.5 V, where every cut-off has ended the discharge
    return held / (held + depletion_thickness) + 1e-30


def nucleation_potential(
    thickness: Quantity, overpotential: Quantity, nucleus: Quantity
) -> Quantity:
    r"""Potential at which lithium plates on a substrate that is not yet covered.

    .. math:: U = -\eta_{nuc}\, e^{-h/h_{nuc}}

    Parameters
    ----------
    thickness : h of the plated lithium [m]
    overpotential : eta_nuc on the bare substrate [V]
    nucleus : h_nuc over which nuclei cover it [m]

    Returns
    -------
    U against lithium [V]

    Examples
    --------
    >>> float(nucleation_potential(0.0, 0.1, 1e-8))
    -0.1
    """
    return -overpotential * exp(-thickness / nucleus)


def substrate_current(
    overpotential: Quantity,
    exchange_current: Quantity,
    share: Quantity,
    temperature: Quantity,
) -> Quantity:
    r"""Current density of a substrate, stripped only where there is lithium.

    .. math:: i = i_0 [s\, e^{F\eta/2RT} - e^{-F\eta/2RT}]

    Parameters
    ----------
    overpotential : eta [V]
    exchange_current : i_0 [A.m-2]
    share : s, see :func:`plated_share` [-]
    temperature : T [K]

    Returns
    -------
    i [A.m-2], positive while stripping

    Examples
    --------
    >>> float(substrate_current(0.0, 2.0, 1.0, 298.15))
    0.0
    """
    scaled = FARADAY * overpotential / (2 * GAS_CONSTANT * temperature)
    return exchange_current * (share * exp(scaled) - exp(-scaled))


def substrate_overpotential(
    current: Quantity, exchange_current: Quantity, share: Quantity, temperature: Quantity
) -> Quantity:
    r"""Inverse of :func:`substrate_current`.

    .. math:: \eta = \frac{2RT}{F} \ln \frac{2}{\sqrt{q^2 + 4s} - q}, \qquad q = i/i_0

    Parameters
    ----------
    current : i [A.m-2], positive while stripping
    exchange_current : i_0 [A.m-2]
    share : s, see :func:`plated_share` [-]
    temperature : T [K]

    Returns
    -------
    eta [V]

    Examples
    --------
    >>> i = substrate_current(0.03, 2.0, 0.4, 298.15)
    >>> round(float(substrate_overpotential(i, 2.0, 0.4, 298.15)), 9)
    0.03
    """
    q = current / exchange_current
    # of the two forms of the root the one without a cancelling difference:
    # (q + root)/2s where stripping, 2/(root - q) where plating
    stripping = positive_part(q)
    plating = positive_part(-q)
    root_of = (stripping + sqrt(stripping**2 + 4 * share)) / (
        plating + sqrt(plating**2 + 4 * share)
    )
    return 2 * GAS_CONSTANT * temperature / FARADAY * log(root_of / sqrt(share))
