"""Reduction of an oxide by lithium that moves in from its faces."""

from __future__ import annotations

from twin.parts.formulas.constants import FARADAY
from twin.parts.formulas.typing import Quantity


def squared_depth_rate(
    conductivity: Quantity,
    potential: Quantity,
    site_concentration: Quantity,
    reduced_fraction: Quantity,
    thickness: Quantity,
) -> Quantity:
    r"""Rate of the squared share of a pellet that two reduction fronts have crossed.

    .. math:: \frac{d(2s/L)^2}{dt} = \frac{8\, \kappa\, E}{F\, n\, x\, L^2}, \qquad
        \dot s = \frac{\kappa E}{F n x\, s}

    Parabolic growth of a mixed-conducting layer between lithium and the oxide that is
    not reduced yet (Wagner, Z. Phys. Chem. 21B (1933) 25): lithium ions cross the depth s
    that is reduced already, driven by the potential of the reduction, electrons follow in
    a layer that conducts them far better. One front from each face.

    Parameters
    ----------
    conductivity : kappa, ionic, of the reduced oxide [S.m-1]
    potential : E, of the reduction against lithium [V]
    site_concentration : n, reducible ions per volume [mol.m-3]
    reduced_fraction : x, share of them that is reduced behind the front [-]
    thickness : L of the pellet [m]

    Returns
    -------
    d(z^2)/dt [s-1], z = 2s/L

    Examples
    --------
    1.7e-5 S/cm, 1.38 V, 1 mm: fronts meet after seven and a half hours.

    >>> rate = squared_depth_rate(1.7e-3, 1.38, 2.85e4, 0.188, 1e-3)
    >>> round(float(1 / rate) / 3600, 1)
    7.7
    """
    taken = FARADAY * site_concentration * reduced_fraction
    return 8 * conductivity * potential / (taken * thickness**2)
