"""Slow losses of a cell: lithium, resistance, active material."""

from __future__ import annotations

from twin.parts.formulas.typing import Quantity, positive_part, sqrt


def lost_current(current: Quantity, share: Quantity) -> Quantity:
    r"""Part of a plating current whose lithium becomes dead.

    .. math:: i_{dead} = (1 - CE) \max(-i, 0)

    Parameters
    ----------
    current : i, positive while stripping [A.m-2]
    share : 1 - CE [-]

    Returns
    -------
    i_dead >= 0 [A.m-2]

    Examples
    --------
    >>> float(lost_current(-10.0, 0.01)), float(lost_current(10.0, 0.01))
    (0.1, 0.0)
    """
    return share * positive_part(-current)


def retained_current(current: Quantity, share: Quantity) -> Quantity:
    r"""Current density that the lithium left alive answers to.

    .. math:: i_{alive} = i + (1 - CE) \max(-i, 0)

    Parameters
    ----------
    current : i, positive while stripping [A.m-2]
    share : 1 - CE [-]

    Returns
    -------
    i_alive [A.m-2]

    Examples
    --------
    >>> float(retained_current(-10.0, 0.01)), float(retained_current(10.0, 0.01))
    (-9.9, 10.0)
    """
    return current + lost_current(current, share)


def film_resistance(squared: Quantity, from_charge: Quantity) -> Quantity:
    r"""Resistance of an interphase that grows with time and with charge.

    .. math:: R = \sqrt{R_t^2} + R_q, \qquad
        \partial_t R_t^2 = K(T), \quad \partial_t R_q = k_q(T) |j|

    Parameters
    ----------
    squared : R_t^2, parabolic part, squared [Ohm2.m4]
    from_charge : R_q, linear in the charge that has passed [Ohm.m2]

    Returns
    -------
    R [Ohm.m2], per area of particle surface

    Examples
    --------
    >>> float(film_resistance(9e-6, 1e-3))
    0.004
    """
    return sqrt(squared) + from_charge


def active_material_loss_rate(
    current_density: Quantity,
    loss: Quantity,
    active_fraction: Quantity,
    areal_capacity: Quantity,
) -> Quantity:
    r"""Rate at which the volume fraction of active material falls.

    .. math:: \dot\epsilon = -k\, \epsilon_0\, |i| / Q_0

    Parameters
    ----------
    current_density : i of the cell [A.m-2]
    loss : k, share lost when the nominal capacity has passed once, either way [-]
    active_fraction : epsilon_0 at the start [-]
    areal_capacity : Q_0, nominal [C.m-2]

    Returns
    -------
    d(epsilon)/dt <= 0 [s-1]

    Examples
    --------
    One passage of the nominal capacity, 3600 s at 1C, loses a thousandth of one half:

    >>> round(3600 * float(active_material_loss_rate(10.0, 1e-3, 0.5, 36000.0)), 9)
    -0.0005
    """
    # the magnitude by two positive parts, which symbols, arrays and numbers have alike
    magnitude = positive_part(current_density) + positive_part(-current_density)
    return -loss * active_fraction * magnitude / areal_capacity
