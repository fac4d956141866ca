r"""Impedances of circuit elements, and of lithium that diffuses in the metal.

All are complex functions of the frequency f, with omega = 2 pi f and the engineers' sign:
a capacitive element has a negative imaginary part. Resistances per area, as everywhere in
this package, give impedances per area; in Ohm and F they hold as well.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from twin.parts.formulas.constants import FARADAY, GAS_CONSTANT

Frequencies: TypeAlias = npt.ArrayLike
Impedance: TypeAlias = npt.NDArray[np.complex128]


def arc(
    frequency: Frequencies, resistance: float, capacitance: float, exponent: float = 1.0
) -> Impedance:
    r"""Resistance beside a capacitance, or beside a constant phase element (ZARC).

    .. math:: Z = R / [1 + (i\omega R C)^a]

    Parameters
    ----------
    frequency : f, shape (n,) [Hz]
    resistance : R [Ohm.m2]
    capacitance : C [F.m-2]; the arc peaks at omega R C = 1 for any exponent
    exponent : a [-]; 1 is a semicircle, less is a depressed one

    Returns
    -------
    Z, shape (n,) [Ohm.m2]

    Examples
    --------
    At f = 1 / (2 pi R C) half the resistance, in phase and out of phase:

    >>> z = arc([1 / (2 * np.pi * 1e-3)], 1e-2, 0.1)
    >>> [complex(np.round(value * 1e3, 6)) for value in z]
    [(5-5j)]
    """
    s = 2j * np.pi * np.asarray(frequency, dtype=float)
    return np.asarray(resistance / (1 + (s * resistance * capacitance) ** exponent))


def warburg(frequency: Frequencies, coefficient: float) -> Impedance:
    r"""Semi-infinite diffusion.

    .. math:: Z = \sigma (1 - i) \omega^{-1/2}

    Parameters
    ----------
    frequency : f, shape (n,) [Hz]
    coefficient : sigma [Ohm.m2.s-0.5]

    Returns
    -------
    Z, shape (n,) [Ohm.m2]

    Examples
    --------
    >>> z = warburg([4 / (2 * np.pi)], 6.0)
    >>> [complex(np.round(value, 9)) for value in z]
    [(3-3j)]
    """
    omega = 2 * np.pi * np.asarray(frequency, dtype=float)
    return np.asarray(coefficient * (1 - 1j) / np.sqrt(omega))


def blocked_warburg(
    frequency: Frequencies, coefficient: float, diffusion_time: float
) -> Impedance:
    r"""Diffusion in a slab whose far side lets nothing through.

    .. math:: Z = \sigma\sqrt{2}\, \coth\!\sqrt{i\omega t_d} / \sqrt{i\omega}, \qquad
        t_d = L^2 / D

    A semi-infinite diffusion above f = 1 / (2 pi t_d), and far below it a resistance
    sigma sqrt(2 t_d) / 3 in series with a capacitance sqrt(t_d) / (sigma sqrt(2)): the
    slab fills and empties as a whole.

    Parameters
    ----------
    frequency : f, shape (n,) [Hz]
    coefficient : sigma of the same material without the far side [Ohm.m2.s-0.5]
    diffusion_time : t_d [s]

    Returns
    -------
    Z, shape (n,) [Ohm.m2]

    Examples
    --------
    At low frequency the real part is a third of sigma sqrt(2 t_d):

    >>> z = blocked_warburg([1e-6], 3.0, 50.0)
    >>> round(float(z[0].real), 3)
    10.0
    """
    root = np.sqrt(2j * np.pi * np.asarray(frequency, dtype=float))
    depth = root * math.sqrt(diffusion_time)
    return np.asarray(coefficient * math.sqrt(2) / (root * np.tanh(depth)))


def warburg_coefficient(
    diffusivity: float,
    site_concentration: float,
    occupancy: float,
    temperature: float,
    electrodes: int = 1,
) -> float:
    r"""Warburg coefficient of lithium metal that supplies a current from its lattice.

    .. math:: \sigma = \frac{n R T}{F^2 c_{Li} u_0 \sqrt{2 D}}

    Derivation. The potential of the electrode is lower by eta = -(RT/F) ln u where the
    occupancy under the contacts is u (:func:`concentration_overpotential` of
    :mod:`twin.parts.formulas.lithium_metal`). An alternating current density i draws
    j = i / (F c_Li) from a lattice of sites c_Li; the solution of du/dt = D u'' with
    D u'(0) = j that vanishes far away is u - u0 = -j exp(-x sqrt(s / D)) / sqrt(s D),
    s = i omega. Hence Z = eta / i = RT / (F^2 c_Li u0 sqrt(s D)) at each electrode,
    which is sigma (1 - i) omega^-1/2.

    The activity is the occupancy, that of the atoms, and not u / (1 - u), that of atoms
    on a lattice with vacancies of their own chemical potential: with the latter the
    coefficient would be larger by 1 / (1 - u0) and a D read from it by its square, 2500
    times at u0 = 0.98. The formula holds while the contact is whole and vacancies are
    there to be filled: where lithium fills its sites to a tenth of a percent, plating
    adds new metal instead and only stripping sees this impedance.

    Parameters
    ----------
    diffusivity : D [m2.s-1]
    site_concentration : c_Li, times the lithium volume fraction [mol.m-3]
    occupancy : u0, mean occupancy of the sites [-]
    temperature : T [K]
    electrodes : n, equal electrodes in series: 2 for a symmetric cell, 1 for a half cell

    Returns
    -------
    sigma [Ohm.m2.s-0.5]

    Examples
    --------
    1e-15 m2.s-1 (1e-11 cm2.s-1), in Ohm.cm2.s-0.5:

    >>> round(1e4 * warburg_coefficient(1e-15, 76.9e3, 0.98, 298.15), 2)
    0.79
    """
    per_electrode = GAS_CONSTANT * temperature / (FARADAY**2 * site_concentration)
    return electrodes * per_electrode / (occupancy * math.sqrt(2 * diffusivity))


def diffusivity_from_warburg(
    coefficient: float,
    site_concentration: float,
    occupancy: float,
    temperature: float,
    electrodes: int = 1,
) -> float:
    r"""Self-diffusivity of lithium from its Warburg coefficient.

    .. math:: D = \frac{1}{2}\left[\frac{n R T}{F^2 c_{Li} u_0 \sigma}\right]^2

    The inverse of :func:`warburg_coefficient`, whose assumptions it shares.

    Parameters
    ----------
    coefficient : sigma [Ohm.m2.s-0.5]
    site_concentration, occupancy, temperature, electrodes : as there

    Returns
    -------
    D [m2.s-1]

    Examples
    --------
    >>> sigma = warburg_coefficient(4.5e-15, 76.9e3, 0.98, 298.15, electrodes=2)
    >>> round(1e15 * diffusivity_from_warburg(sigma, 76.9e3, 0.98, 298.15, 2), 6)
    4.5
    """
    at_one = warburg_coefficient(
        1.0, site_concentration, occupancy, temperature, electrodes
    )
    return (at_one / coefficient) ** 2


def series(*parts: Any) -> Impedance:
    """Sum of resistances and impedances in series.

    Parameters
    ----------
    parts : numbers or arrays of shape (n,) [Ohm.m2]

    Returns
    -------
    Z, shape (n,) [Ohm.m2]

    Examples
    --------
    >>> [complex(z) for z in series(1.0, np.array([2 - 1j]))]
    [(3-1j)]
    """
    return np.asarray(sum(parts), dtype=np.complex128)
