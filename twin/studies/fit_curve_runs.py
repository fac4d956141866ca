"""Runs of a case's curves that a fit repeats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.studies.fit_curves import FileDatum
from twin.studies.fit_readings import Prediction
from twin.studies.fit_unknowns import Unknown

#: Change of a parameter, as a share of its bounds' distance on the scale of the fit: more
#: than of single numbers, as an integrator's steps leave the points of a curve uneven.
_CHANGE: Final = 5e-3


class FileGroup:
    """A curve of a case, differentiated by running it once more for each parameter.

    Parameters
    ----------
    cell : what is run
    unknowns : of the whole fit
    """

    def __init__(self, cell: Cell, unknowns: Sequence[Unknown]) -> None:
        self._cell, self._unknowns = cell, list(unknowns)
        self._acting = [k for k, u in enumerate(unknowns) if u.acts_on(cell)]

    def predict(self, data: Sequence[object], values: Array) -> list[Prediction]:
        """Numbers of the curve at values of all unknowns.

        Parameters
        ----------
        data : the curve
        values : shape (unknowns,), in SI

        Raises
        ------
        SolveError
            If a run fails.
        """
        (datum,) = data
        assert isinstance(datum, FileDatum)
        base = {self._unknowns[k].name: float(values[k]) for k in self._acting}
        value = datum.predicted(self._cell.with_values(base, "fit"))
        slope = np.zeros((value.size, len(self._unknowns)))
        for k in self._acting:
            unknown = self._unknowns[k]
            there = shifted_value(unknown, base[unknown.name], _CHANGE)
            cell = self._cell.with_values(base | {unknown.name: there}, "fit")
            slope[:, k] = (datum.predicted(cell) - value) / (there - base[unknown.name])
        return [Prediction(value, slope)]


def shifted_value(unknown: Unknown, value: float, change: float) -> float:
    """A value a little further, away from the upper bound.

    Parameters
    ----------
    unknown : Unknown
    value : in SI
    change : as a share of its bounds' distance on the scale of the fit
    """
    x = unknown.to_scale(value)
    return unknown.from_scale(x + change * (1 if x < 0.5 else -1))
