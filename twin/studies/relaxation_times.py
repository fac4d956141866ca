"""Distribution of relaxation times of a spectrum."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls
from scipy.signal import find_peaks

from twin.parts.spectra import ComplexArray, FloatArray, Spectrum

#: Relaxation times a decade, and decades beyond the frequencies measured on either side.
_PER_DECADE: Final = 10
_BEYOND: Final = 0.5

#: Penalties tried, relative to residuals over |Z|. Below these an exact spectrum gets
#: ripples beside its peaks.
_PENALTIES: Final = np.logspace(-4, 1, 11)
_FOLDS: Final = 5

#: A peak stands out of its valleys by this share of the largest.
_PROMINENCE: Final = 0.01

#: Density below which there is nothing but rounding, over the median |Z|.
_ROUNDING: Final = 1e-6

FEWEST_POINTS: Final = 10


@dataclass(frozen=True)
class Peak:
    """A peak of the distribution: a process with a time constant.

    Attributes
    ----------
    time_constant : centre of its upper half [s]
    resistance : integral between its valleys [Ohm.m2, or Ohm]
    """

    time_constant: float
    resistance: float

    @property
    def capacitance(self) -> float:
        """Time constant over resistance [F.m-2, or F]."""
        return self.time_constant / self.resistance


@dataclass(frozen=True, eq=False)
class RelaxationTimes:
    """A distribution of relaxation times.

    Attributes
    ----------
    time_constant : tau, shape (m,), rising [s]
    density : gamma, shape (m,), resistance per unit of ln(tau) [Ohm.m2, or Ohm]
    ohmic : resistance in series [Ohm.m2, or Ohm]
    inductance : in series; zero unless the highest frequency is inductive [H.m2, or H]
    inverse_capacitance : of a capacitance in series; zero without [m2.F-1, or F-1]
    penalty : regularisation parameter chosen [-]
    residual : root mean square of the residuals over |Z| [-]
    peaks : from short to long time constants
    """

    time_constant: FloatArray
    density: FloatArray
    ohmic: float
    inductance: float
    inverse_capacitance: float
    penalty: float
    residual: float
    peaks: tuple[Peak, ...]

    def resistance_between(self, shortest: float, longest: float) -> float:
        """Resistance of all processes between two time constants.

        Parameters
        ----------
        shortest, longest : bounds [s]; 0 and infinity leave a side open

        Returns
        -------
        resistance [Ohm.m2, or Ohm]

        Examples
        --------
        >>> from twin.parts.formulas.impedance import arc
        >>> f = np.logspace(6, 0, 61)
        >>> two = Spectrum(f, 1.0 + arc(f, 2.0, 1e-5) + arc(f, 5.0, 2e-3))
        >>> found = relaxation_times(two)
        >>> round(found.resistance_between(1e-3, 1.0), 1)
        5.0
        """
        edges = _edges(self.time_constant)
        width = math.log(self.time_constant[1] / self.time_constant[0])
        below = np.concatenate([[0.0], np.cumsum(self.density * width)])
        bounds = np.log(np.clip([shortest, longest], edges[0], edges[-1]))
        low, high = np.interp(bounds, np.log(edges), below)
        return float(high - low)

    def to_json(self) -> Mapping[str, Any]:
        """Plain numbers and lists."""
        return {
            "time_constant": self.time_constant.tolist(),
            "density": self.density.tolist(),
            "ohmic": self.ohmic,
            "inductance": self.inductance,
            "inverse_capacitance": self.inverse_capacitance,
            "penalty": self.penalty,
            "residual": self.residual,
            "peaks": [
                {
                    "time_constant": peak.time_constant,
                    "resistance": peak.resistance,
                    "capacitance": peak.capacitance,
                }
                for peak in self.peaks
            ],
        }


def relaxation_times(spectrum: Spectrum, penalty: float | None = None) -> RelaxationTimes:
    r"""Distribution of relaxation times by regularised non-negative least squares.

    .. math:: Z = R_0 + i\omega L + \frac{1}{i\omega C}
        + \int \frac{\gamma(\ln\tau)}{1 + i\omega\tau}\, d\ln\tau

    minimises the residuals over |Z| plus lambda times the integral of
    (d gamma / d ln tau)^2, gamma in units of the median |Z|, with nothing negative and
    gamma zero beyond the ends. The integral is a sum over ten time constants a decade,
    half a decade beyond the frequencies measured.

    lambda is chosen by cross-validation: each fifth of the points in turn is predicted
    from the others, and the largest lambda is taken whose error is within one standard
    error of the least (Hastie, Tibshirani, Friedman, The Elements of Statistical
    Learning, section 7.10).

    Semi-infinite diffusion has no distribution of finite weight: it shows as a rise
    towards long time constants and, in part, as the series capacitance.

    T. H. Wan, M. Saccoccio, C. Chen, F. Ciucci, Electrochim. Acta 184 (2015) 483,
    doi:10.1016/j.electacta.2015.09.097; A. Maradesa et al., J. Electrochem. Soc. 170
    (2023) 030502, doi:10.1149/1945-7111/acbca4, on the choice of lambda.

    Parameters
    ----------
    spectrum : at least 10 points
    penalty : lambda [-]; chosen if not given. A series of spectra is compared at one.

    Returns
    -------
    RelaxationTimes

    Raises
    ------
    TwinError
        If the spectrum has too few points.

    Examples
    --------
    100 Ohm.cm2 beside 1 uF/cm2 relax in 1e-4 s:

    >>> from twin.parts.formulas.impedance import arc
    >>> f = np.logspace(6, 0, 61)
    >>> (peak,) = relaxation_times(Spectrum(f, 5e-3 + arc(f, 1e-2, 1e-2))).peaks
    >>> round(peak.resistance, 4), round(peak.time_constant, 5)
    (0.01, 0.0001)
    """
    spectrum.require(FEWEST_POINTS, "a distribution of relaxation times")
    problem = _Problem(spectrum)
    if penalty is None:
        penalty = _cross_validated(problem)
    found = problem.solve(penalty, np.ones(spectrum.frequency.size, bool))
    residual = problem.residuals(found)
    series = dict(
        zip(problem.series, found[: len(problem.series)] * problem.scale, strict=True)
    )
    density = found[len(problem.series) :] * problem.unit
    return RelaxationTimes(
        time_constant=problem.times,
        density=density,
        ohmic=float(series["ohmic"]),
        inductance=float(series.get("inductance", 0.0)),
        inverse_capacitance=float(series["capacitance"]),
        penalty=float(penalty),
        residual=float(np.sqrt(np.mean(abs(residual) ** 2) / 2)),
        peaks=_peaks(problem.times, density, _ROUNDING * problem.unit),
    )


class _Problem:
    """The linear problem of one spectrum: columns, weights and penalty matrix."""

    def __init__(self, spectrum: Spectrum) -> None:
        omega = spectrum.angular_frequency
        beyond = 10**_BEYOND
        shortest, longest = 1 / omega[0] / beyond, beyond / omega[-1]
        count = round(math.log10(longest / shortest) * _PER_DECADE) + 1
        self.times: FloatArray = np.geomspace(shortest, longest, count)
        width = math.log(self.times[1] / self.times[0])
        self.unit = float(np.median(abs(spectrum.impedance)))
        columns = {"ohmic": np.ones(omega.size, complex), "capacitance": 1 / (1j * omega)}
        if spectrum.impedance[0].imag > 0:
            # without inductive data an inductance only trades against the fastest arc
            columns["inductance"] = 1j * omega
        self.series = tuple(columns)
        weight = 1 / abs(spectrum.impedance)
        series = np.column_stack(list(columns.values())) * weight[:, None]
        # each of unit length: the series elements are not penalised, only found
        lengths = np.linalg.norm(series, axis=0)
        kernel = (
            width / (1 + 1j * omega[:, None] * self.times) * weight[:, None] * self.unit
        )
        self.matrix: ComplexArray = np.hstack([series / lengths, kernel])
        self.target: ComplexArray = spectrum.impedance * weight
        self.scale: FloatArray = 1 / lengths
        padded = np.pad(np.eye(count), ((1, 1), (0, 0)))
        slope = np.diff(padded, axis=0) / math.sqrt(width)
        self.roughness = np.hstack([np.zeros((count + 1, len(columns))), slope])

    def solve(self, penalty: float, kept: npt.NDArray[np.bool_]) -> FloatArray:
        """Coefficients, of the series elements first, from the points that are kept."""
        matrix, target = self.matrix[kept], self.target[kept]
        stacked = np.vstack([matrix.real, matrix.imag, math.sqrt(penalty) * self.roughness])
        values = np.concatenate(
            [target.real, target.imag, np.zeros(self.roughness.shape[0])]
        )
        found: FloatArray = nnls(stacked, values, maxiter=30 * stacked.shape[1])[0]
        return found

    def residuals(self, found: FloatArray) -> ComplexArray:
        """Residuals over |Z| at all points."""
        missed: ComplexArray = self.target - self.matrix @ found
        return missed


def _cross_validated(problem: _Problem) -> float:
    """Largest penalty that predicts left-out points as well as any."""
    fold = np.arange(problem.target.size) % _FOLDS
    means, errors = [], []
    for penalty in _PENALTIES:
        scores = []
        for number in range(_FOLDS):
            missed = problem.residuals(problem.solve(penalty, fold != number))
            scores.append(np.mean(abs(missed[fold == number]) ** 2))
        means.append(float(np.mean(scores)))
        errors.append(float(np.std(scores, ddof=1)) / math.sqrt(_FOLDS))
    best = int(np.argmin(means))
    good = np.flatnonzero(np.array(means) <= means[best] + errors[best])
    return float(_PENALTIES[good[-1]])


def _edges(times: FloatArray) -> FloatArray:
    """Bounds of the intervals of ln(tau) that the time constants stand for."""
    half = math.sqrt(times[1] / times[0])
    edges: FloatArray = np.append(times / half, times[-1] * half)
    return edges


def _peaks(times: FloatArray, density: FloatArray, least: float) -> tuple[Peak, ...]:
    """Peaks of the density, each with all that lies between its valleys."""
    largest = float(density.max())
    if largest <= least:
        return ()
    # with a zero at either side, so that an end can be a peak
    padded = np.concatenate([[0.0], density, [0.0]])
    tops = find_peaks(padded, prominence=_PROMINENCE * largest)[0] - 1
    width = math.log(times[1] / times[0])
    starts = [0]
    for left, right in zip(tops[:-1], tops[1:], strict=True):
        starts.append(int(left + np.argmin(density[left:right])))
    bounds = [*starts, density.size]
    found = []
    for top, start, end in zip(tops, bounds[:-1], bounds[1:], strict=True):
        inside = density[start:end]
        upper = np.where(inside >= density[top] / 2, inside, 0.0)
        centre = float(np.sum(upper * np.log(times[start:end])) / upper.sum())
        found.append(Peak(math.exp(centre), float(inside.sum() * width)))
    return tuple(found)
