r"""What data say about fitted parameters: intervals, correlations, identifiability.

With J the derivatives of the residuals by the parameters, on the scale of the fit, the
Fisher information is :math:`F = J^T J` and the covariance :math:`F^{-1}`. An eigenvector of
F with the eigenvalue :math:`\lambda` is a direction that the data fix within
:math:`1/\sqrt{\lambda}`: where that is a quarter of the distance of the bounds or more, the
data say no more than the bounds do, and the parameters in it cannot be told apart.

Reference: Seber and Wild, Nonlinear Regression, Wiley 1989, sections 2.1 and 5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from twin.models.compat import Array
from twin.studies.fit_problem import PRIOR_DEVIATION, Evaluation

#: Share of probability in an interval.
CONFIDENCE: Final = 0.95

#: Correlation from which two parameters are called hard to tell apart.
STRONG: Final = 0.95

#: Component of an eigenvector, beside its largest, from which a parameter counts to it.
_COMPONENT: Final = 0.3

#: Probability of a chi2 as large as found below which the stated uncertainties are not
#: believed, and the intervals widened to what the residuals say.
_UNLIKELY: Final = 0.05


@dataclass(frozen=True)
class Direction:
    """A combination of parameters, and how well the data fix it.

    Attributes
    ----------
    eigenvalue : of the Fisher information
    vector : shape (unknowns,), of length one, on the scale of the fit
    members : places of the parameters that make it up
    fixed : whether the data say more about it than the bounds
    """

    eigenvalue: float
    vector: Array
    members: tuple[int, ...]
    fixed: bool


@dataclass(frozen=True)
class Statistics:
    """What data say about the parameters of a fit, all on its scale.

    Attributes
    ----------
    chi2 : at the minimum
    freedom : data that count less unknowns; bounds that are met do not count
    widening : factor on the standard deviations; above 1 where chi2 is so large that the
        stated uncertainties are not believed
    deviation : standard deviation of each parameter; not finite where the data say nothing
    half_width : of the 95 % interval
    correlation : shape (unknowns, unknowns); not a number where the data say nothing
    directions : eigenvectors of the Fisher information, the worst known first
    without_effect : places of parameters that no residual depends on
    """

    chi2: float
    freedom: int
    widening: float
    deviation: Array
    half_width: Array
    correlation: Array
    directions: tuple[Direction, ...]
    without_effect: tuple[int, ...]

    @property
    def identified(self) -> tuple[bool, ...]:
        """For each parameter, whether it is in no direction that the data leave open."""
        open_ones = {k for d in self.directions if not d.fixed for k in d.members}
        return tuple(k not in open_ones for k in range(self.deviation.size))

    @property
    def strong_pairs(self) -> list[tuple[int, int, float]]:
        """Pairs of parameters that the data hardly tell apart, and their correlation."""
        n = self.deviation.size
        return [
            (a, b, float(self.correlation[a, b]))
            for a in range(n)
            for b in range(a + 1, n)
            if abs(self.correlation[a, b]) >= STRONG
        ]


def statistics(found: Evaluation) -> Statistics:
    """Intervals, correlations and identifiability at the minimum of a fit.

    Parameters
    ----------
    found : minimum, with a prior or without
    """
    J = found.jacobian
    information = J.T @ J
    values, vectors = np.linalg.eigh(information)
    values = np.maximum(values, 0.0)
    floor = max(float(values[-1]), 1.0) * 1e-13
    of_data = J[found.owners >= 0]
    without = tuple(int(k) for k in np.flatnonzero(np.all(of_data == 0, axis=0)))
    with np.errstate(divide="ignore"):
        spread = np.where(values > floor, 1 / np.sqrt(np.maximum(values, floor)), np.inf)
    directions = tuple(
        Direction(
            float(values[n]),
            vectors[:, n],
            _members(vectors[:, n]),
            bool(spread[n] < PRIOR_DEVIATION * (1 - 1e-9)),
        )
        for n in range(values.size)
    )
    covariance, deviation = _covariance(vectors, spread)
    # a bound that is met says nothing here
    counting = np.any(J != 0, axis=1) | (found.residuals != 0)
    freedom = int(counting.sum()) - J.shape[1]
    widening, quantile = 1.0, float(stats.norm.ppf((1 + CONFIDENCE) / 2))
    if freedom > 0 and stats.chi2.sf(found.chi2, freedom) < _UNLIKELY:
        widening = math.sqrt(found.chi2 / freedom)
        quantile = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom))
    with np.errstate(invalid="ignore"):
        correlation = covariance / np.outer(deviation, deviation)
    return Statistics(
        found.chi2,
        freedom,
        widening,
        deviation * widening,
        deviation * widening * quantile,
        correlation,
        directions,
        without,
    )


def _covariance(vectors: Array, spread: Array) -> tuple[Array, Array]:
    """Covariance and standard deviations; infinite along what the data leave open."""
    known = np.isfinite(spread)
    part = vectors[:, known] * spread[known]
    covariance = part @ part.T
    deviation = np.sqrt(np.diag(covariance))
    touched = np.any(np.abs(vectors[:, ~known]) > 1e-6, axis=1)
    deviation[touched] = np.inf
    covariance[touched, :] = covariance[:, touched] = np.inf
    return covariance, deviation


def _members(vector: Array) -> tuple[int, ...]:
    share = np.abs(vector) / np.max(np.abs(vector))
    return tuple(int(k) for k in np.flatnonzero(share >= _COMPONENT))


def sampled(
    found: Evaluation, known: Statistics, number: int, seed: int
) -> Array:
    """Values on the scale of the fit, drawn from its Gaussian posterior within the bounds.

    The posterior is that of the problem linearised at the minimum, with the bounds as its
    ends; a direction that the data leave open is drawn evenly between the bounds.

    Parameters
    ----------
    found : minimum
    known : its statistics
    number : of the samples
    seed : of the random numbers

    Returns
    -------
    x, shape (number, unknowns)
    """
    generator = np.random.default_rng(seed)
    vectors = np.stack([d.vector for d in known.directions], axis=1)
    spread = np.array(
        [
            known.widening / math.sqrt(d.eigenvalue) if d.eigenvalue > 0 else np.inf
            for d in known.directions
        ]
    )
    kept: list[Array] = []
    # wider than the bounds is as wide as can be told
    spread = np.minimum(spread, 1.0)
    while len(kept) < number:
        drawn = found.x + (generator.standard_normal((number, spread.size)) * spread) @ (
            vectors.T
        )
        inside = np.all((drawn >= 0) & (drawn <= 1), axis=1)
        kept += list(drawn[inside])
    return np.array(kept[:number])


def names_of(places: Sequence[int], labels: Sequence[str]) -> str:
    """Labels of some parameters in words.

    Examples
    --------
    >>> names_of([0, 2], ["a", "b", "c"])
    "'a' and 'c'"
    """
    quoted = [f"'{labels[k]}'" for k in places]
    return " and ".join(quoted) if len(quoted) < 3 else (
        ", ".join(quoted[:-1]) + f" and {quoted[-1]}"
    )
