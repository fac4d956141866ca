"""Mixed ionic/electronic conducting interlayers: kinetics, conductivities, a limit."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from twin.parts.formulas.constants import FARADAY, GAS_CONSTANT
from twin.parts.formulas.typing import Quantity, exp, log, positive_part, sqrt, tanh

#: f_1, room below which plating in pores gives way [-]: a choice, as sharp as a mesh of 40
#: cells follows while full pores spread over the layer.
CLOSING_WIDTH: Final = 0.05

#: Times the exchange current at which neither potential nor traces matter any more.
LIMITING_RATIO: Final = 1e5


def driven(scaled: Quantity) -> Quantity:
    r"""Exponential of an overpotential, up to a limiting current.

    .. math:: \frac{1}{e^{-x} + 1/\lambda} \approx e^x \quad (e^x \ll \lambda)

    Transport to a pore wall ends the exponential rise. Without that, rounding in an
    empty host or pore, times the exponential of a volt, would be a current.

    Parameters
    ----------
    scaled : x = F eta / 2RT [-]

    Returns
    -------
    factor on the exchange current [-], at most :data:`LIMITING_RATIO`

    Examples
    --------
    >>> round(float(driven(1.0)), 3), round(float(driven(60.0)))
    (2.718, 100000)
    """
    return 1 / (exp(-scaled) + 1 / LIMITING_RATIO)


def pore_plating_current(
    potential_difference: Quantity,
    filling: Quantity,
    empty_filling: Quantity,
    exchange_current: Quantity,
    temperature: Quantity,
) -> Quantity:
    r"""Current density of lithium stripping from or plating into pores, per pore wall.

    .. math:: i_n = i_0 \left[ \tanh\frac{f}{f_0}\, e^{F\delta/2RT}
        - \tanh\frac{1 - f}{f_1}\, e^{-F\delta/2RT} \right]

    with exponentials limited as in :func:`driven`.

    Symmetric kinetics against lithium, stripped only where there is lithium and plated
    only where there is room; in between the metal in the pores is in equilibrium at 0 V
    whatever its amount. The last pores are the hardest to reach: over f_1 the reaction
    gives way to emptier ones (:data:`CLOSING_WIDTH`). Where rounding takes f past an end
    of its range, both terms go on smoothly and lead it back; a kink there would cost the
    solver many small steps.

    Parameters
    ----------
    potential_difference : delta = phi_el - phi_ion [V]
    filling : f, share of the pore volume that lithium fills [-]
    empty_filling : f_0, filling below which stripping starves [-]
    exchange_current : i_0 [A.m-2]
    temperature : T [K]

    Returns
    -------
    i_n [A.m-2], positive while stripping

    Examples
    --------
    >>> round(float(pore_plating_current(0.0, 0.3, 1e-3, 1.0, 298.15)), 9)
    0.0
    """
    scaled = FARADAY * potential_difference / (2 * GAS_CONSTANT * temperature)
    held = tanh(filling / empty_filling)
    room = tanh((1 - filling) / CLOSING_WIDTH)
    return exchange_current * (held * driven(scaled) - room * driven(-scaled))


def host_potential(
    stoichiometry: Quantity, potential: Quantity, slope: Quantity, temperature: Quantity
) -> Quantity:
    r"""Equilibrium potential of lithium stored in the host, against lithium.

    .. math:: U_h = U_0 + g(1/2 - x) + (RT/F) \ln[(1 - x)/x]

    Frumkin isotherm; Levi and Aurbach, Electrochim. Acta 45 (1999) 167,
    doi 10.1016/S0013-4686(99)00202-9. It has a wall at either end of the range.

    Parameters
    ----------
    stoichiometry : x [-], 0 = empty, 1 = full
    potential : U_0 at x = 1/2 [V]
    slope : g [V]
    temperature : T [K]

    Returns
    -------
    U_h [V]

    Examples
    --------
    >>> float(host_potential(0.5, 0.3, 0.4, 298.15))
    0.3
    """
    edge = 1e-9  # keeps the logarithm finite when rounding passes an end of the range
    low = positive_part(stoichiometry) + edge
    high = positive_part(1 - stoichiometry) + edge
    thermal = GAS_CONSTANT * temperature / FARADAY
    return potential + slope * (0.5 - stoichiometry) + thermal * log(high / low)


def host_insertion_current(
    potential_difference: Quantity,
    stoichiometry: Quantity,
    potential: Quantity,
    slope: Quantity,
    exchange_current: Quantity,
    temperature: Quantity,
) -> Quantity:
    r"""Current density of lithium leaving or entering the host, per pore wall.

    .. math:: i_h = 2 i_0 \left[ x\, e^{F(\delta - U')/2RT}
        - (1 - x)\, e^{-F(\delta - U')/2RT} \right], \qquad U' = U_0 + g(1/2 - x)

    Symmetric Butler-Volmer kinetics with the exchange-current density
    :math:`2 i_0 \sqrt{x(1 - x)}` about :func:`host_potential`, written so that the host
    neither empties below nor fills beyond its sites, at any potential; exponentials are
    limited as in :func:`driven`.

    Parameters
    ----------
    potential_difference : delta = phi_el - phi_ion [V]
    stoichiometry : x [-]
    potential : U_0 at x = 1/2 [V]
    slope : g [V]
    exchange_current : i_0 at x = 1/2 [A.m-2]
    temperature : T [K]

    Returns
    -------
    i_h [A.m-2], positive while lithium leaves

    Examples
    --------
    >>> equilibrium = host_potential(0.2, 0.3, 0.4, 298.15)
    >>> current = host_insertion_current(equilibrium, 0.2, 0.3, 0.4, 1.0, 298.15)
    >>> abs(float(current)) < 1e-4  # but for the limiting current
    True
    """
    standard = potential + slope * (0.5 - stoichiometry)
    scaled = FARADAY * (potential_difference - standard) / (2 * GAS_CONSTANT * temperature)
    room = 1 - stoichiometry
    return 2 * exchange_current * (stoichiometry * driven(scaled) - room * driven(-scaled))


def percolating_conductivity(
    fraction: Quantity,
    conductivity: Quantity,
    matrix: Quantity,
    threshold: Quantity,
    exponent: Quantity,
) -> Quantity:
    r"""Conductivity of a composite whose conducting particles percolate in a matrix.

    .. math:: \kappa = \kappa_m + \kappa_c
        \left[\frac{\max(\phi - \phi_c, 0)}{1 - \phi_c}\right]^t

    Kirkpatrick, Rev. Mod. Phys. 45 (1973) 574, doi 10.1103/RevModPhys.45.574, with the
    matrix conducting in parallel.

    Parameters
    ----------
    fraction : phi, volume fraction of the conductor [-]
    conductivity : kappa_c of the conductor [S.m-1]
    matrix : kappa_m of the rest [S.m-1]
    threshold : phi_c [-]; small particles around large ones percolate at small fractions
    exponent : t [-], about 2 in three dimensions

    Returns
    -------
    kappa [S.m-1]

    Examples
    --------
    >>> round(float(percolating_conductivity(0.55, 0.1, 0.001, 0.1, 2.0)), 4)
    0.026
    """
    connected = positive_part(fraction - threshold) / (1 - threshold)
    return matrix + conductivity * connected**exponent


def polaron_conductivity(
    reduced_fraction: Quantity,
    largest: Quantity,
    residual: Quantity,
    activation_energy: Quantity,
    temperature: Quantity,
) -> Quantity:
    r"""Electronic conductivity of a partly reduced oxide by small-polaron hopping.

    .. math:: \sigma = \sigma_m\, 4x(1 - x)\, e^{-E_a/RT} + \sigma_0

    An electron hops from a reduced ion to one that is not; Tuller and Nowick, J. Phys.
    Chem. Solids 38 (1977) 859.

    Parameters
    ----------
    reduced_fraction : x, share of the transition metal that is reduced [-]
    largest : sigma_m, conductivity at x = 1/2 without the barrier [S.m-1]
    residual : sigma_0 [S.m-1]
    activation_energy : E_a [J.mol-1]
    temperature : T [K]

    Returns
    -------
    sigma [S.m-1]

    Examples
    --------
    >>> float(polaron_conductivity(0.5, 2.0, 0.1, 0.0, 298.15))
    2.1
    """
    hopping = exp(-activation_energy / (GAS_CONSTANT * temperature))
    # a little of both ions is always there; also keeps the slope finite at the ends
    mixed = positive_part(reduced_fraction * (1 - reduced_fraction))
    return 4 * largest * mixed * hopping + residual


def specific_area(porosity: Quantity, radius: Quantity) -> Quantity:
    r"""Pore wall area per volume of a packing of spheres.

    .. math:: a = 3 (1 - \epsilon) / r

    Parameters
    ----------
    porosity : epsilon [-]
    radius : r [m]

    Returns
    -------
    a [m-1]

    Examples
    --------
    >>> round(specific_area(0.4, 1e-6))
    1800000
    """
    return 3 * (1 - porosity) / radius


def reaction_modulus(
    area: float,
    exchange_current: float,
    thickness: float,
    ionic: float,
    electronic: float,
    temperature: float,
) -> float:
    r"""Ratio of the layer's thickness to the depth of its reaction zone.

    .. math:: \nu^2 = (a i_0 F L^2 / RT)(1/\kappa + 1/\sigma)

    Newman and Tobias, J. Electrochem. Soc. 109 (1962) 1183, doi 10.1149/1.2425269.

    Parameters
    ----------
    area : a [m-1]
    exchange_current : i_0 [A.m-2]
    thickness : L [m]
    ionic, electronic : kappa, sigma [S.m-1]
    temperature : T [K]

    Returns
    -------
    nu [-]

    Examples
    --------
    >>> round(reaction_modulus(1e6, 1.0, 1e-5, 0.02, 1.0, 298.15), 2)
    0.45
    """
    stiffness = area * exchange_current * FARADAY / (GAS_CONSTANT * temperature)
    return float(thickness * sqrt(stiffness * (1 / ionic + 1 / electronic)))


def linear_profile(position: Any, modulus: float, ionic: float, electronic: float) -> Any:
    r"""Reaction profile of a porous layer with linear kinetics and a blocked foil.

    .. math:: \frac{a i_n L}{i} = \frac{\nu}{\sinh\nu}\,
        \frac{\cosh[\nu(1-y)]/\kappa + \cosh(\nu y)/\sigma}{1/\kappa + 1/\sigma}

    Newman and Tobias, J. Electrochem. Soc. 109 (1962) 1183, doi 10.1149/1.2425269.

    Parameters
    ----------
    position : y [-], 0 at the separator, 1 at the collector
    modulus : nu [-], see :func:`reaction_modulus`
    ionic, electronic : kappa, sigma [S.m-1]

    Returns
    -------
    local over mean reaction rate [-], shape of ``position``

    Examples
    --------
    >>> profile = linear_profile(np.array([0.0, 1.0]), 2.0, 1.0, 1e6)
    >>> [round(float(value), 3) for value in profile]
    [2.075, 0.551]
    """
    y = np.asarray(position, dtype=float)
    near = np.cosh(modulus * (1 - y)) / ionic
    far = np.cosh(modulus * y) / electronic
    scale = modulus / np.sinh(modulus) / (1 / ionic + 1 / electronic)
    return scale * (near + far)


def porous_resistance(
    thickness: Quantity,
    ionic: Quantity,
    electronic: Quantity,
    area: Quantity,
    exchange_current: Quantity,
    temperature: Quantity,
) -> Quantity:
    r"""Resistance of a porous layer with linear kinetics and a blocked foil.

    .. math:: R = \frac{L}{\kappa + \sigma}\left[1 +
        \frac{2 + (\sigma/\kappa + \kappa/\sigma)\cosh\nu}{\nu\sinh\nu}\right]

    Newman and Tobias, J. Electrochem. Soc. 109 (1962) 1183, doi 10.1149/1.2425269.

    Parameters
    ----------
    thickness : L [m]
    ionic, electronic : kappa, sigma [S.m-1]
    area : a [m-1]
    exchange_current : i_0 [A.m-2]
    temperature : T [K]

    Returns
    -------
    R [Ohm.m2]

    Examples
    --------
    Slow kinetics in a well-conducting layer leave RT/(F a i_0 L), here 25.7 Ohm.cm2:

    >>> r = porous_resistance(1e-5, 1e3, 1e3, 1e5, 10.0, 298.15)
    >>> round(float(r) * 1e4, 1)
    25.7
    """
    stiffness = area * exchange_current * FARADAY / (GAS_CONSTANT * temperature)
    modulus = thickness * sqrt(stiffness * (1 / ionic + 1 / electronic))
    # in decaying exponentials, which cannot overflow
    decay = exp(-2 * modulus)
    coth = (1 + decay) / (1 - decay)
    csch = 2 * exp(-modulus) / (1 - decay)
    mismatch = electronic / ionic + ionic / electronic
    bracket = 1 + (2 * csch + mismatch * coth) / modulus
    return thickness / (ionic + electronic) * bracket
