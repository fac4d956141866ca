"""Closure of voids by power-law creep of lithium under stack pressure."""

from __future__ import annotations

from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.constants import MEGAPASCAL
from twin.parts.formulas.typing import Quantity


def creep_closure_rate(
    pressure: Quantity,
    creep_rate: Quantity,
    exponent: Quantity,
    activation_energy: Quantity,
    temperature: Quantity,
) -> Quantity:
    r"""Rate constant at which voids close under pressure.

    .. math:: k = \tfrac{3}{2} A (3P/2n)^n \exp[-(Q/R)(1/T - 1/298.15)]

    Closure of a spherical void in a power-law creeping solid (Wilkinson and Ashby,
    Acta Metall. 23, 1975); creep law of lithium from Masias et al., J. Mater. Sci. 54
    (2019) 2585, doi 10.1007/s10853-018-2971-3, its activation energy from LePage et al.,
    J. Electrochem. Soc. 166 (2019) A89, doi 10.1149/2.0221902jes.

    With their values and at 25 C, 1/k is 424 h at 1 MPa, 18 min at 3 MPa, 4 s at 7 MPa.
    The creep law was measured up to 0.6 MPa, which 3P/2n passes at 2.6 MPa: read the
    upper end as fast.

    Parameters
    ----------
    pressure : P [Pa]
    creep_rate : A (1 MPa)^n, creep rate at 1 MPa and 25 C [s-1]
    exponent : n [-]
    activation_energy : Q [J.mol-1]
    temperature : T [K]

    Returns
    -------
    k [s-1]

    Examples
    --------
    >>> k = creep_closure_rate(3e6, 7.7e-3, 6.6, 37e3, 298.15)
    >>> round(float(1 / k) / 60, 1)
    18.1
    """
    stress = 3 * pressure / (2 * exponent) / MEGAPASCAL
    return 1.5 * arrhenius(creep_rate, activation_energy, temperature) * stress**exponent
