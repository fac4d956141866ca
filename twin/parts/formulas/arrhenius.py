"""Temperature dependence of transport, kinetics and creep."""

from __future__ import annotations

from twin.parts.formulas.constants import GAS_CONSTANT, REFERENCE_TEMPERATURE
from twin.parts.formulas.typing import Quantity, exp


def arrhenius(
    value_25: Quantity, activation_energy: Quantity, temperature: Quantity
) -> Quantity:
    r"""Value of a thermally activated quantity at a temperature.

    .. math:: k(T) = k_{25} \exp[-(E/R)(1/T - 1/298.15)]

    Parameters
    ----------
    value_25 : value at 298.15 K, any unit
    activation_energy : E [J.mol-1]; pass -E for a resistance, which falls with T
    temperature : T [K]

    Returns
    -------
    value at T, in the unit of ``value_25``

    Examples
    --------
    >>> round(float(arrhenius(1.0, 40e3, 333.15)), 3)
    5.448
    """
    inverse = 1 / temperature - 1 / REFERENCE_TEMPERATURE
    return value_25 * exp(-(activation_energy / GAS_CONSTANT) * inverse)
