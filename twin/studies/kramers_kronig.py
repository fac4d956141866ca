"""Whether a spectrum can come from a linear, causal and steady cell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from twin.errors import TwinError
from twin.parts.spectra import ComplexArray, FloatArray, Spectrum

#: mu below which more elements would fit the noise (Schoenleber et al.).
OVERFITTED: Final = 0.85

#: Root mean square of the systematic residuals that passes, over |Z|. Drift of a
#: few percent during a sweep leaves more.
TOLERANCE: Final = 3e-3

#: The same above which a measured spectrum is none of a cell at all: no drift that leaves
#: anything to compare explains it.
REFUSED: Final = 0.05

#: Standard errors by which noise alone may exceed the tolerance.
_SIGMAS: Final = 2.0

#: Elements a decade at the start of the search. With fewer, a sharp arc between two
#: elements is met by a positive and a negative one, which mu takes for overfitting.
_FEWEST_PER_DECADE: Final = 3

FEWEST_POINTS: Final = 8


@dataclass(frozen=True, eq=False)
class KramersKronig:
    """Result of the test.

    Attributes
    ----------
    passed : whether the systematic residuals are within the tolerance
    residual : (Z - Z_fit) / |Z|, shape (n,), in the order of the spectrum [-]
    chi_square : mean of |residual|^2 [-]
    systematic : root mean square of the part of the residuals that follows the
        frequency smoothly; noise does not, drift and side reactions do [-]
    noise : root mean square of the rest, of each part of the impedance [-]
    elements : number of resistances beside capacitances in the fit
    mu : one minus the share of negative resistances in the fit
    tolerance : what `systematic` was compared with, chance included [-]
    """

    passed: bool
    residual: ComplexArray
    chi_square: float
    systematic: float
    noise: float
    elements: int
    mu: float
    tolerance: float

    @property
    def message(self) -> str:
        """The verdict in one sentence."""
        numbers = (
            f"systematic residuals of {100 * self.systematic:.2g} % against "
            f"{100 * self.tolerance:.2g} % allowed, noise {100 * self.noise:.2g} %"
        )
        if self.passed:
            return f"Kramers-Kronig test passed: {numbers}."
        return (
            f"Kramers-Kronig test failed: {numbers}. The cell was not steady, linear and "
            "causal during the sweep: rest it longer, lower the amplitude, or cut the "
            "frequencies where the residuals stand out."
        )

    def to_json(self) -> Mapping[str, Any]:
        """Plain numbers and lists."""
        return {
            "passed": self.passed,
            "message": self.message,
            "chi_square": self.chi_square,
            "systematic": self.systematic,
            "noise": self.noise,
            "tolerance": self.tolerance,
            "elements": self.elements,
            "mu": self.mu,
            "residual_real": self.residual.real.tolist(),
            "residual_imaginary": self.residual.imag.tolist(),
        }


def kramers_kronig(spectrum: Spectrum, tolerance: float = TOLERANCE) -> KramersKronig:
    r"""Linear Kramers-Kronig test.

    .. math:: Z = R_0 + i\omega L + \frac{1}{i\omega C}
        + \sum_{k=1}^{M} \frac{R_k}{1 + i\omega\tau_k}

    with tau_k evenly spaced in their logarithm from 1/omega_max to 1/omega_min obeys the
    Kramers-Kronig relations whatever the signs of R_k, and is linear in them. What it
    cannot fit, weighted by 1/|Z|, breaks the relations. M grows until
    mu = 1 - sum|R_k < 0| / sum|R_k >= 0| falls below 0.85.

    B. A. Boukamp, J. Electrochem. Soc. 142 (1995) 1885, doi:10.1149/1.2044210;
    M. Schoenleber, D. Klotz, E. Ivers-Tiffee, Electrochim. Acta 131 (2014) 20,
    doi:10.1016/j.electacta.2014.01.034.

    The verdict is on the systematic part of the residuals r: noise makes neighbours
    independent, so that half their mean square difference is its variance (J. von
    Neumann, Ann. Math. Stat. 12 (1941) 367, doi:10.1214/aoms/1177731677), and what <r^2>
    exceeds it by is systematic. Noise hides drift: at 1 % of |Z| a drift of 10 % passes.

    Parameters
    ----------
    spectrum : at least 8 points
    tolerance : systematic residual that passes, over |Z| [-]; two standard errors of
        the noise are added in squares

    Returns
    -------
    KramersKronig

    Raises
    ------
    TwinError
        If the spectrum has too few points.

    Examples
    --------
    >>> from twin.parts.formulas.impedance import arc
    >>> f = np.logspace(5, -1, 61)
    >>> kramers_kronig(Spectrum(f, 1e-2 + arc(f, 2e-2, 1e-2))).passed
    True
    >>> kramers_kronig(Spectrum(f, 1e-2 + np.conj(arc(f, 2e-2, 1e-2)))).passed
    False
    """
    spectrum.require(FEWEST_POINTS, "the Kramers-Kronig test")
    size = spectrum.frequency.size
    decades = math.log10(spectrum.frequency[0] / spectrum.frequency[-1])
    most = size // 2
    fewest = min(most, max(3, math.ceil(_FEWEST_PER_DECADE * decades)))
    for elements in range(fewest, most + 1):
        residual, mu = _fit(spectrum, elements)
        if mu < OVERFITTED:
            break
    both = np.concatenate([residual.real, residual.imag])
    steps = np.concatenate([np.diff(residual.real), np.diff(residual.imag)])
    square = float(np.mean(both**2))
    noise_square = min(square, float(np.mean(steps**2)) / 2)
    systematic = math.sqrt(square - noise_square)
    by_chance = _SIGMAS * square / math.sqrt(both.size)
    allowed = math.sqrt(tolerance**2 + by_chance)
    return KramersKronig(
        passed=systematic <= allowed,
        residual=residual,
        chi_square=float(np.mean(abs(residual) ** 2)),
        systematic=systematic,
        noise=math.sqrt(noise_square),
        elements=elements,
        mu=mu,
        tolerance=allowed,
    )


def _fit(spectrum: Spectrum, elements: int) -> tuple[ComplexArray, float]:
    """Residuals over |Z|, and mu, with so many elements."""
    omega = spectrum.angular_frequency
    times = np.geomspace(1 / omega[0], 1 / omega[-1], elements)
    s = 1j * omega
    series = [np.ones_like(s), s, 1 / s]
    arcs = [1 / (1 + s * time) for time in times]
    weight = 1 / abs(spectrum.impedance)
    matrix = np.column_stack([*series, *arcs]) * weight[:, None]
    target = spectrum.impedance * weight
    stacked = np.vstack([matrix.real, matrix.imag])
    # columns of equal length: an inductance in H is a tiny number beside Ohms
    lengths = np.linalg.norm(stacked, axis=0)
    found = np.linalg.lstsq(
        stacked / lengths, np.concatenate([target.real, target.imag]), rcond=None
    )[0]
    resistances: FloatArray = (found / lengths)[len(series) :]
    negative = float(-resistances[resistances < 0].sum())
    positive = float(resistances[resistances >= 0].sum())
    mu = 1 - negative / positive if positive > 0 else 0.0
    return target - matrix @ (found / lengths), mu


def causal(spectrum: Spectrum) -> KramersKronig:
    """The test of a measured spectrum, which refuses one that no cell can have.

    Parameters
    ----------
    spectrum : at least 8 points

    Raises
    ------
    TwinError
        If the residuals that follow the frequency exceed :data:`REFUSED` of |Z|.

    Examples
    --------
    >>> f = np.logspace(5, -1, 61)
    >>> causal(Spectrum(f, 10 + 5 / (1 + 1e-2j * f))).passed
    True
    """
    found = kramers_kronig(spectrum)
    if found.systematic > REFUSED:
        raise TwinError(
            f"is not causal: real and imaginary part miss each other by "
            f"{100 * found.systematic:.2g} % of |Z| (Kramers-Kronig test, at most "
            f"{100 * REFUSED:g} %). Check which column is which, and its sign; measure a "
            "cell at rest, at a smaller amplitude.",
            where=spectrum.label,
        )
    return found
