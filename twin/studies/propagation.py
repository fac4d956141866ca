"""Intervals of numbers from the ranges of the parameters that they rest on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from twin.models.compat import Array
from twin.studies.campaign import executor, run_campaign
from twin.studies.ranges import Factor
from twin.studies.tasks import Task

#: How intervals are found, in words for a reader.
METHOD: Final = (
    "each uncertain parameter is moved alone to both ends of its range; the changes add up "
    "as the root of the sum of their squares, those upwards and those downwards apart; of "
    "resistances, critical current densities and lives, which ranges change by factors, "
    "the logarithms add up so, unless one is at nothing"
)

#: Relative change of a number below which it is the solver's, whose tolerance is 1e-6.
_NOISE: Final = 1e-5

#: Share of the squares from which a parameter is named.
_LEAST_SHARE: Final = 0.01

#: Parameters named beside each number.
DOMINANT: Final = 3

#: Designs that a process evaluates at a time.
BATCH: Final = 4


@dataclass(frozen=True)
class Figure:
    """A number with its interval.

    Attributes
    ----------
    name : what it is
    unit : of value, low and high
    value : at the cell's own values; not a number if the cell does not get there
    low, high : ends of the interval
    open_end : whether the upper end is only a bound, as designs reached what was tried
    bound : "=" or ">=" or "<=", if the number is a bound
    dominated_by : up to three parameters, each with its share of the squares
    failed : designs that have no number, left out of the interval
    remark : one sentence, or empty
    """

    name: str
    unit: str
    value: float
    low: float
    high: float
    bound: str = "="
    dominated_by: tuple[tuple[str, float], ...] = field(default=())
    failed: int = 0
    remark: str = ""
    open_end: bool = False


def designs(factors: Sequence[Factor]) -> Array:
    """The cell, and for each factor the cell at the low and at the high end of its range.

    Returns
    -------
    ndarray, shape (1 + 2 factors, factors)

    Examples
    --------
    >>> designs([Factor("a", 1.0, 3.0, 2.0, "assumed")])
    array([[2.],
           [1.],
           [3.]])
    """
    own = np.array([factor.value for factor in factors])
    rows = np.tile(own, (1 + 2 * len(factors), 1))
    for place, factor in enumerate(factors):
        rows[1 + 2 * place, place] = factor.low
        rows[2 + 2 * place, place] = factor.high
    return rows


def evaluated(
    task: Task,
    rows: Array,
    workers: int,
    progress: Callable[[float], None] | None = None,
    batch: int = BATCH,
) -> tuple[Array, dict[int, str]]:
    """Outputs of designs, and why some have none.

    Parameters
    ----------
    task : what evaluates
    rows : ndarray, shape (designs, inputs)
    workers : processes
    progress : called with the share of the designs done
    batch : designs that a process evaluates at a time

    Returns
    -------
    tuple of ndarray, shape (designs, outputs), and dict of design to reason
    """
    if not len(rows):
        return np.empty((0, task.width)), {}
    by = executor(min(workers, -(-len(rows) // batch)))
    kept = run_campaign(task, rows, {}, by, batch=batch, progress=progress)
    return kept.values(), kept.reasons()


def propagated(
    name: str,
    unit: str,
    values: Array,
    factors: Sequence[Factor],
    *,
    scale: float = 1.0,
    least: float = 0.0,
    most: float = np.inf,
    ratios: bool = False,
    bound: str = "=",
    remark: str = "",
) -> Figure:
    r"""A number and its interval, from its values at :func:`designs`.

    .. math:: y_{high} = y + \sqrt{\sum_k \max(\delta_k^-, \delta_k^+, 0)^2}, \qquad
        y_{low} = y - \sqrt{\sum_k \min(\delta_k^-, \delta_k^+, 0)^2}

    with the changes that the two ends of each range make; with ``ratios``, :math:`\ln y`
    stands in the place of y. Ranges count as independent, and effects as additive, or as
    factors: it is no worst case.

    Parameters
    ----------
    name, unit : of the figure
    values : ndarray, shape (designs,); one that could not be run is not a number
    factors : in the order of the designs
    scale : value of one unit in what values are given in
    least : what no design falls below, in the unit; one that does extends it
    most : where runs end, in the unit: a design that gets there may go further
    ratios : whether effects multiply, if no design is at nothing or below; for numbers
        that ranges change by factors, whose sums could pass through nothing
    bound, remark : of the figure

    Examples
    --------
    Two parameters that change 10 by 3 and 4 either way:

    >>> one, other = (Factor(n, 0.0, 2.0, 1.0, "assumed") for n in "ab")
    >>> found = propagated("y", "", np.array([10.0, 7, 13, 6, 14]), [one, other])
    >>> found.low, found.high, found.dominated_by[0]
    (5.0, 15.0, ('b', 0.64))

    A parameter that halves and doubles 10:

    >>> found = propagated("y", "", np.array([10.0, 5, 20]), [one], ratios=True)
    >>> round(found.low, 9), round(found.high, 9)
    (5.0, 20.0)
    """
    shown = np.asarray(values, dtype=float) / scale
    if np.isnan(shown[0]):
        return Figure(name, unit, np.nan, np.nan, np.nan, bound, remark=remark)
    value = float(shown[0])
    ratios = ratios and not np.any(shown <= 0)
    least = min(least, float(np.nanmin(shown)))
    change = (shown[1:] - value).reshape(-1, 2)
    failed = int(np.isnan(change).sum())
    change = np.nan_to_num(change)
    change[np.abs(change) <= _NOISE * abs(value)] = 0.0
    if ratios:
        change = np.log1p(change / value)
    up = float(np.sqrt((change.max(axis=1, initial=0.0) ** 2).sum()))
    down = float(np.sqrt((change.min(axis=1, initial=0.0) ** 2).sum()))
    low, high = value - down, value + up
    if ratios:
        low, high = value * np.exp(-down), value * np.exp(up)
    width = np.abs(change).max(axis=1, initial=0.0) ** 2
    total = float(width.sum())
    order = np.argsort(-width, kind="stable")[:DOMINANT]
    dominant = tuple(
        (factors[place].name, float(width[place] / total))
        for place in order
        if total > 0 and width[place] >= _LEAST_SHARE * total
    )
    reached = bool(np.any(shown >= most * (1 - _NOISE)))
    low, high = max(least, float(low)), min(most, float(high)) if reached else float(high)
    return Figure(
        name, unit, value, low, high, bound, dominant, failed, remark, open_end=reached
    )
