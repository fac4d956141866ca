"""Interphase between lithium and a sulfide electrolyte."""

from __future__ import annotations

from twin.parts.formulas.typing import Quantity


def interphase_resistance(
    charge: Quantity,
    charge_density: Quantity,
    conductivity: Quantity,
    contact: Quantity,
) -> Quantity:
    r"""Resistance of an interphase of the thickness that its charge amounts to.

    .. math:: R = q / (\rho_q \kappa_{ip} \theta)

    Parameters
    ----------
    charge : q, lithium consumed per area [C.m-2]
    charge_density : rho_q, charge per volume of interphase [C.m-3]
    conductivity : kappa_ip [S.m-1]
    contact : theta [-]

    Returns
    -------
    R [Ohm.m2]

    Examples
    --------
    1 uAh.cm-2 is 36 C.m-2 and 9 nm; at 1e-7 S.cm-1 that is 9 Ohm.cm2:

    >>> round(float(interphase_resistance(36.0, 4e9, 1e-5, 1.0)) * 1e4, 1)
    9.0
    """
    return charge / (charge_density * conductivity * contact)
