"""Charge transfer across the lithium/separator interface."""

from __future__ import annotations

from twin.parts.formulas.constants import FARADAY, GAS_CONSTANT
from twin.parts.formulas.typing import Quantity, arcsinh, sinh


def butler_volmer_current(
    overpotential: Quantity,
    exchange_current: Quantity,
    contact: Quantity,
    temperature: Quantity,
) -> Quantity:
    r"""Current density per nominal area, symmetric Butler-Volmer on the contacts.

    .. math:: i = \theta\, 2 i_0 \sinh(F\eta/2RT)

    Parameters
    ----------
    overpotential : eta [V]
    exchange_current : i_0 per true contact area [A.m-2]
    contact : true contact area over nominal area [-]
    temperature : T [K]

    Returns
    -------
    i [A.m-2]
    """
    scaled = FARADAY * overpotential / (2 * GAS_CONSTANT * temperature)
    return contact * 2 * exchange_current * sinh(scaled)


def butler_volmer_overpotential(
    current: Quantity,
    exchange_current: Quantity,
    contact: Quantity,
    temperature: Quantity,
) -> Quantity:
    r"""Inverse of :func:`butler_volmer_current`.

    .. math:: \eta = (2RT/F)\,\mathrm{arcsinh}(i / 2 i_0 \theta)

    Parameters
    ----------
    current : i [A.m-2]
    exchange_current : i_0 per true contact area [A.m-2]
    contact : true contact area over nominal area [-]
    temperature : T [K]

    Returns
    -------
    eta [V]

    Examples
    --------
    >>> i = butler_volmer_current(0.02, 5.0, 0.5, 298.15)
    >>> round(float(butler_volmer_overpotential(i, 5.0, 0.5, 298.15)), 6)
    0.02
    """
    thermal = 2 * GAS_CONSTANT * temperature / FARADAY
    return thermal * arcsinh(current / (2 * exchange_current * contact))


def contact_limited_resistance(
    interface_resistance: Quantity, initial_contact: Quantity, contact: Quantity
) -> Quantity:
    r"""Interface resistance when part of the measured contact is lost.

    .. math:: R = \mathrm{ASR}\; \theta_0 / \theta

    Parameters
    ----------
    interface_resistance : ASR measured on the fresh interface [Ohm.m2]
    initial_contact : theta_0 of the fresh interface [-]
    contact : theta [-]

    Returns
    -------
    R [Ohm.m2]

    Examples
    --------
    >>> float(contact_limited_resistance(1.0, 0.8, 0.2))
    4.0
    """
    return interface_resistance * initial_contact / contact
