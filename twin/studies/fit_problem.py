r"""Residuals of a fit and their minimum.

Parameters are scaled so that their bounds lie at 0 and 1, on a logarithmic scale where
both are positive. Minimised is :math:`\chi^2 = \sum_i r_i^2`, r in standard deviations.
With a prior, the middle of the bounds with a standard deviation of a quarter of their
distance counts as one more datum for each parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import least_squares

from twin.errors import SolveError, TwinError
from twin.models.compat import Array
from twin.studies.fit_curves import FileDatum
from twin.studies.fit_data import CurveDatum, Datum, RowDatum
from twin.studies.fit_readings import Prediction
from twin.studies.fit_runs import grouped
from twin.studies.fit_unknowns import Unknown

#: Standard deviation of a parameter about the middle of its bounds, on the scale of the
#: fit: they are two of them away.
PRIOR_DEVIATION: Final = 0.25

#: Relative changes of 1 + chi2, and of the parameters, at which a fit ends: far less than
#: what the uncertainties leave open, however small chi2 is.
_CHI2_TOLERANCE: Final = 1e-4
_TOLERANCE: Final = 1e-4

#: Evaluations after which a fit is given up.
_MOST_EVALUATIONS: Final = 60

#: Residual of each datum where a run fails on the way: the step is taken back.
_FAILED_RESIDUAL: Final = 1e4

#: Called with the number of evaluations done and chi2 of the last one.
FitProgress = Callable[[int, float], None]


@dataclass(frozen=True)
class Evaluation:
    """A fit at one set of values.

    Attributes
    ----------
    x : shape (unknowns,), on the scale of the fit
    predictions : of each datum
    residuals : shape (numbers,), in standard deviations; prior last
    jacobian : shape (numbers, unknowns), derivatives of the residuals by x
    owners : place of the datum that each residual belongs to; -1 of the prior
    """

    x: Array
    predictions: tuple[Prediction, ...]
    residuals: Array
    jacobian: Array
    owners: Array

    @property
    def chi2(self) -> float:
        """Sum of the squared residuals."""
        return float(self.residuals @ self.residuals)


class FitProblem:
    """Data, unknowns and the runs that connect them, which are built once.

    Parameters
    ----------
    data : rows and curves
    unknowns : what is fitted
    prior : whether the bounds count as a prior

    Raises
    ------
    TwinError
        If there are no data or no unknowns, or more unknowns than data without a prior,
        or a run cannot be built.
    """

    def __init__(
        self, data: Sequence[Datum], unknowns: Sequence[Unknown], prior: bool = False
    ) -> None:
        if not data or not unknowns:
            missing = "data" if not data else "parameters"
            raise TwinError(f"there are no {missing} to fit; name some")
        numbers = sum(_numbers(datum) for datum in data)
        if numbers < len(unknowns) and not prior:
            raise TwinError(
                f"{len(unknowns)} parameters cannot be fitted to {numbers} numbers: choose "
                "fewer parameters or more rows, or let the bounds count as a prior"
            )
        self.data, self.unknowns, self.prior = tuple(data), tuple(unknowns), prior
        self._groups = grouped(data, unknowns)
        self._last: Evaluation | None = None

    def with_data(self, data: Sequence[Datum]) -> FitProblem:
        """The same runs held against other numbers of the same rows and curves.

        Parameters
        ----------
        data : same ids in the same order
        """
        assert [datum.id for datum in data] == [datum.id for datum in self.data]
        other = FitProblem.__new__(FitProblem)
        other.data, other.unknowns, other.prior = tuple(data), self.unknowns, self.prior
        other._groups = self._groups
        other._last = None
        return other

    def values(self, x: Array) -> Array:
        """Values of the unknowns in SI at a place on the scale of the fit."""
        return np.array(
            [u.from_scale(float(z)) for u, z in zip(self.unknowns, x, strict=True)]
        )

    def evaluate(self, x: Array) -> Evaluation:
        """Predictions and residuals at a place on the scale of the fit.

        Parameters
        ----------
        x : shape (unknowns,)

        Raises
        ------
        SolveError
            If a run fails, with its cell, its rows and the values of the parameters.
        """
        if self._last is not None and np.array_equal(self._last.x, x):
            return self._last
        values = self.values(x)
        found: dict[int, Prediction] = {}
        for group, places in self._groups:
            own = [self.data[place] for place in places]
            try:
                predicted = group.predict(own, values)
            except SolveError as error:
                rows = ", ".join(datum.id for datum in own)
                at = ", ".join(
                    f"'{u.name}' = {v:.5g}"
                    for u, v in zip(self.unknowns, values, strict=True)
                )
                raise SolveError(f"{error} (at {at})", where=f"rows {rows}") from error
            found.update(zip(places, predicted, strict=True))
        self._last = self._evaluation(x, values, [found[n] for n in range(len(self.data))])
        return self._last

    def _evaluation(
        self, x: Array, values: Array, predictions: list[Prediction]
    ) -> Evaluation:
        by_x = np.array(
            [u.slope(float(v)) for u, v in zip(self.unknowns, values, strict=True)]
        )
        residuals, slopes, owners = [], [], []
        for place, (datum, predicted) in enumerate(
            zip(self.data, predictions, strict=True)
        ):
            own, own_slope = _residuals(datum, predicted)
            residuals.append(own)
            slopes.append(own_slope[:, np.newaxis] * predicted.slope * by_x)
            owners.append(np.full(own.size, place))
        if self.prior:
            residuals.append((x - 0.5) / PRIOR_DEVIATION)
            slopes.append(np.eye(x.size) / PRIOR_DEVIATION)
            owners.append(np.full(x.size, -1))
        return Evaluation(
            x.copy(),
            tuple(predictions),
            np.concatenate(residuals),
            np.vstack(slopes),
            np.concatenate(owners),
        )

    def minimum(
        self,
        x: Array,
        held: Sequence[int] = (),
        progress: FitProgress | None = None,
    ) -> tuple[Evaluation, int, bool]:
        """The values with the smallest sum of squares, from a start.

        Parameters
        ----------
        x : start, shape (unknowns,), on the scale of the fit
        held : unknowns that stay where they start
        progress : called after each evaluation

        Returns
        -------
        the minimum, the number of evaluations, and whether it was found in time

        Raises
        ------
        SolveError
            If the runs fail at the start.
        """
        free = [k for k in range(x.size) if k not in held]
        whole = np.array(x, dtype=float)
        first = self.evaluate(whole)
        if not free:
            return first, 1, True
        count = 1

        def place(part: Array) -> Array:
            full = whole.copy()
            full[free] = part
            return full

        def residuals(part: Array) -> Array:
            nonlocal count
            count += 1
            try:
                found = self.evaluate(place(part))
            except SolveError:
                return np.full(first.residuals.size + 1, _FAILED_RESIDUAL)
            if progress is not None:
                progress(count, found.chi2)
            return np.append(found.residuals, 1.0)

        def jacobian(part: Array) -> Array:
            own = self.evaluate(place(part)).jacobian[:, free]
            return np.vstack([own, np.zeros(len(free))])

        # a start on a bound would have no way but one
        begin = np.clip(whole[free], 1e-3, 1 - 1e-3)
        result = least_squares(
            residuals,
            begin,
            jacobian,
            bounds=(0.0, 1.0),
            method="dogbox",  # the default slows down near a bound
            ftol=_CHI2_TOLERANCE,
            xtol=_TOLERANCE,
            gtol=None,
            max_nfev=_MOST_EVALUATIONS,
        )
        return self.evaluate(place(result.x)), count, bool(result.success)


def _numbers(datum: Datum) -> int:
    if isinstance(datum, CurveDatum):
        return datum.time.size + (datum.end_uncertainty is not None)
    return datum.measured.size if isinstance(datum, FileDatum) else 1


def _residuals(datum: Datum, predicted: Prediction) -> tuple[Array, Array]:
    """Residuals of a datum, and their slopes against what is predicted."""
    if isinstance(datum, RowDatum):
        value, slope = datum.residual(float(predicted.value[0]), predicted.step)
        return np.array([value]), np.array([slope])
    if isinstance(datum, FileDatum):
        off = predicted.value - datum.measured
        return off / datum.uncertainty, 1 / datum.uncertainty
    measured, spread = datum.voltage, datum.uncertainty
    if datum.end_uncertainty is not None:
        end = float(datum.time[-1])
        measured = np.append(measured, end)
        spread = np.append(spread, datum.end_uncertainty * end)
    return (predicted.value - measured) / spread, 1 / spread
