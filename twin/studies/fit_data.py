r"""What a fit is held against: rows of cases and curves, each with its uncertainty.

A row's residual is in standard deviations. Its stated uncertainty is that; where a paper
states none, the tolerance of the case counts as two standard deviations. With y simulated
and y_m reported,

.. math:: r = (y / y_m - 1) / s, \qquad r = \ln(y / y_m) / s

the second where the tolerance is a factor. A bound that is met has no residual, nor has a
life that a run survived and that was reported as a lower bound.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from twin import units
from twin.errors import RecordError, UnknownNameError
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.parameters import load_cell
from twin.parts.protocols import Protocol
from twin.run.observables import observable
from twin.run.requests import requested
from twin.studies.cases import Case, Row, own_file
from twin.studies.curve_cases import Curve as CaseCurve
from twin.studies.fit_curves import FileDatum, file_data

#: Standard deviations in a tolerance.
DEVIATIONS: Final = 2.0

#: More points of a curve than a fit needs.
_MOST_POINTS: Final = 100_000


@dataclass(frozen=True)
class RowDatum:
    """A row of a case, and the cell and experiment that give it.

    Attributes
    ----------
    row : as in the case
    paper : of the case
    cell, protocol : what is run
    measured : reported number in SI
    over : cell whose number the cell's own is divided by, of a reported ratio
    """

    row: Row
    paper: str
    cell: Cell
    protocol: Protocol
    measured: float
    over: Cell | None = None

    @property
    def id(self) -> str:
        """Of the row."""
        return self.row.id

    @property
    def cells(self) -> tuple[Cell, ...]:
        """That the number depends on."""
        return (self.cell,) if self.over is None else (self.cell, self.over)

    @property
    def unit(self) -> str:
        """SI unit of the number; empty of a ratio."""
        return observable(self.row.observable).unit if self.over is None else ""

    def spread(self, step: float = 0.0) -> float:
        """Standard deviation: relative, or of the logarithm where a factor is given.

        Parameters
        ----------
        step : of the staircase, in SI; 0 without one
        """
        stated = self.row.measurement.uncertainty
        if stated is not None:
            return stated / abs(self.row.measurement.value)
        tolerance = self.row.tolerance
        if tolerance.factor is not None:
            return math.log(tolerance.factor) / DEVIATIONS
        return tolerance.limits(self.measured, step)[1] / DEVIATIONS

    def residual(self, simulated: float, step: float = 0.0) -> tuple[float, float]:
        """Residual in standard deviations, and its slope against the simulated number.

        Parameters
        ----------
        simulated : in SI
        step : of the staircase, in SI
        """
        ratio, spread = simulated / self.measured, self.spread(step)
        by_factor = self.row.tolerance.factor is not None
        if by_factor and self.row.measurement.uncertainty is None:
            # a run that fails at once has no logarithm
            ratio = max(ratio, 1e-6)
            value, slope = math.log(ratio) / spread, 1 / (ratio * self.measured * spread)
        else:
            value, slope = (ratio - 1) / spread, 1 / (self.measured * spread)
        bound = self.row.measurement.bound
        above, below = bound in (">=", ">"), bound in ("<=", "<")
        if (above and value > 0) or (below and value < 0):
            return 0.0, 0.0
        return value, slope

    def with_measured(self, value: float) -> RowDatum:
        """The same row with another reported number, in SI; its uncertainty grows alike."""
        old = self.row.measurement
        in_unit = units.convert(value, self.unit, old.unit)
        stated = old.uncertainty
        measurement = replace(
            old,
            value=in_unit,
            uncertainty=None if stated is None else stated * abs(in_unit / old.value),
        )
        return replace(self, row=replace(self.row, measurement=measurement), measured=value)


@dataclass(frozen=True)
class Curve:
    """A measured voltage over time, of one run of an experiment.

    Attributes
    ----------
    id : names the curve in the records that are fitted to it
    cell, experiment, arguments : what was run, as in a row of a case
    time : since the start of the experiment, rising, shape (points,) [s]
    voltage : in the model's sign, positive current being discharge, shape (points,) [V]
    uncertainty : standard deviation of a voltage [V]
    end_uncertainty : relative standard deviation of the times. Where it is given, the last
        time counts as one more datum, at which a limit ended the run, and voltages count
        the less the faster they change, as in a collapse. None if a curve just stops.
    """

    id: str
    cell: str | Path | Cell
    experiment: str | Path | Protocol
    time: Sequence[float] | Array
    voltage: Sequence[float] | Array
    uncertainty: float
    arguments: Mapping[str, str] = field(default_factory=dict)
    end_uncertainty: float | None = None


@dataclass(frozen=True)
class CurveDatum:
    r"""A curve that was checked, and the cell and experiment that give it.

    Attributes
    ----------
    uncertainty : standard deviation of each voltage, shape (points,) [V]: that of the
        voltage and that of the time together, :math:`\sqrt{s^2 + (\dot V s_t t)^2}`
    """

    id: str
    cell: Cell
    protocol: Protocol
    time: Array
    voltage: Array
    uncertainty: Array
    end_uncertainty: float | None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cell."""
        return (self.cell,)


Datum = RowDatum | CurveDatum | FileDatum


def checked_curve(curve: Curve) -> CurveDatum:
    """A curve with its cell and experiment.

    Raises
    ------
    RecordError
        If times do not rise, a number is not finite or there are none.

    Examples
    --------
    >>> checked_curve(Curve("c", "mann2025_li", "rest", [0, 0], [0, 0], 1e-3))
    Traceback (most recent call last):
    twin.errors.RecordError: curve c: times must rise; point 2 does not.
    """
    where = f"curve {curve.id}"
    time = np.asarray(curve.time, dtype=float)
    voltage = np.asarray(curve.voltage, dtype=float)
    if time.ndim != 1 or time.shape != voltage.shape or not 2 <= time.size <= _MOST_POINTS:
        raise RecordError(
            f"{time.size} times and {voltage.size} voltages: give as many of one as of the "
            f"other, from 2 to {_MOST_POINTS}.",
            where=where,
        )
    if not (np.isfinite(time).all() and np.isfinite(voltage).all()):
        raise RecordError("a time or a voltage is not a finite number.", where=where)
    falls = np.flatnonzero(np.diff(time) <= 0)
    if falls.size or time[0] < 0:
        point = int(falls[0]) + 2 if falls.size else 1
        raise RecordError(f"times must rise; point {point} does not.", where=where)
    for number in (curve.uncertainty, curve.end_uncertainty):
        if number is not None and not (math.isfinite(number) and number > 0):
            raise RecordError(f"uncertainty {number} is not above zero.", where=where)
    name = curve.cell if not isinstance(curve.cell, str) else load_cell(curve.cell)
    cell, protocol = requested(name, curve.experiment, None, curve.arguments)
    in_time = (curve.end_uncertainty or 0.0) * time
    spread = np.hypot(curve.uncertainty, np.gradient(voltage, time) * in_time)
    return CurveDatum(
        curve.id, cell, protocol, time, voltage, spread, curve.end_uncertainty
    )


def case_data(cases: Sequence[Case], ids: Sequence[str] = ()) -> list[RowDatum | FileDatum]:
    """Rows and curves of cases as data of a fit.

    Parameters
    ----------
    cases : cases
    ids : of rows and curves; if empty, all that are not contradicted

    Raises
    ------
    UnknownNameError
        If no case has a row or a curve of that id.
    RecordError
        If an id appears in two of the cases.
    TwinError
        As :func:`twin.studies.fit_curves.file_data`.

    Examples
    --------
    >>> from twin.studies.cases import load_case
    >>> [datum.id for datum in case_data([load_case("mann2025")], ["mann-rtot-60"])]
    ['mann-rtot-60']
    """
    pairs: dict[str, tuple[Case, Row | CaseCurve]] = {}
    for case in cases:
        items: tuple[Row | CaseCurve, ...] = (*case.rows, *case.curves)
        for item in items:
            if item.id in pairs:
                other = pairs[item.id][0].path
                raise RecordError(f"'{item.id}' is in {other} too", where=str(case.path))
            pairs[item.id] = (case, item)
    for wanted in ids:
        if wanted not in pairs:
            raise UnknownNameError("row or curve", wanted, pairs)
    chosen = list(dict.fromkeys(ids)) or [
        key for key, (_, item) in pairs.items() if item.contradiction is None
    ]
    data: list[RowDatum | FileDatum] = []
    for key in chosen:
        case, item = pairs[key]
        if isinstance(item, Row):
            data.append(_row_datum(case, item))
        else:
            data += file_data([case], [key])
    return data


def _row_datum(case: Case, row: Row) -> RowDatum:
    cell = load_cell(own_file(case, row.cell))
    cell, protocol = requested(cell, row.experiment, None, row.arguments)
    over = None if row.over is None else load_cell(own_file(case, row.over))
    found = RowDatum(row, case.paper, cell, protocol, row.measurement.value, over)
    measured = units.convert(row.measurement.value, row.measurement.unit, found.unit)
    return replace(found, measured=measured)
