r"""Curves from files of a case as data of a fit.

A curve of a case has one limit of its root-mean-square error, which counts as two standard
deviations, as the tolerance of a row does. What makes a curve differ moves its points
together, so that more points are not more knowledge: with n points, each of which has the
uncertainty s,

.. math:: r_k = \frac{y_k - y_{m,k}}{\sqrt{n}\, s_k}, \qquad \sum_k r_k^2 = (RMSE / s)^2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from twin.errors import RecordError
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.curve_tables import CapacityTable, HalfCycleCurve, read_capacities
from twin.parts.parameters import load_cell
from twin.parts.protocols import Protocol
from twin.run.requests import requested
from twin.run.simulate import simulate
from twin.studies.cases import Case, own_file
from twin.studies.curve_cases import Curve
from twin.studies.curves import (
    aged_capacities,
    areal_factor,
    measured_half,
    rate_capacities,
    simulated_half,
)

#: Standard deviations in a limit.
_DEVIATIONS: Final = 2.0

#: Points of a voltage curve, evenly spread from its start to its end.
_POINTS: Final = 50


@dataclass(frozen=True)
class FileDatum:
    """A curve of a case, and the numbers of its file that a fit is held against.

    Attributes
    ----------
    curve : as in the case
    cell, protocol : what is run
    table : of capacities; None of a voltage curve
    x : capacities [C.m-2] or times [s] of a voltage curve, cycles or rates, shape (points,)
    measured : voltages [V] or capacities [C.m-2] there and, if the case limits it, the
        capacity [C.m-2] at the end of a voltage curve
    uncertainty : of each of these
    repairs : what was changed in the file's numbers after reading them
    """

    curve: Curve
    cell: Cell
    protocol: Protocol
    table: CapacityTable | None
    x: Array
    measured: Array
    uncertainty: Array
    repairs: tuple[str, ...]

    @property
    def id(self) -> str:
        """Of the curve."""
        return self.curve.id

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cell."""
        return (self.cell,)

    @property
    def unit(self) -> str:
        """SI unit of the numbers over x."""
        return "V" if self.table is None else "C.m-2"

    def predicted(self, cell: Cell) -> Array:
        """The same numbers of a simulated cell.

        Parameters
        ----------
        cell : the curve's cell, with other values

        Raises
        ------
        TwinError
            If the cell cannot be run so.
        SolveError
            If the solver fails.
        """
        if self.table is None:
            return self._voltages(cell)
        if self.curve.kind == "cycling":
            numbers, found = aged_capacities(self.curve, cell, self.table)
            # what came to its end before has no capacity left
            return np.interp(self.x, numbers, found, right=0.0)
        return rate_capacities(self.curve, cell, self.table)

    def _voltages(self, cell: Cell) -> Array:
        curve = self.curve
        result = simulate(cell, curve.experiment, arguments=curve.arguments)
        half = simulated_half(result, curve.half_cycle, where=f"curve {curve.id}")
        there = _over(half, curve)
        # beyond the end of the run its last voltage stays
        voltage = np.interp(self.x, there, _shown(half.voltage, cell))
        return np.append(voltage, half.capacity[-1])[: self.measured.size]


def file_data(cases: Sequence[Case], ids: Sequence[str]) -> list[FileDatum]:
    """Curves of cases as data of a fit.

    Parameters
    ----------
    cases : cases
    ids : of the curves

    Raises
    ------
    TwinError
        If a file cannot be read or holds no such curve, or cell and experiment do not fit.

    Examples
    --------
    >>> file_data([], [])
    []
    """
    pairs = {curve.id: (case, curve) for case in cases for curve in case.curves}
    return [_datum(*pairs[one]) for one in ids]


def _datum(case: Case, curve: Curve) -> FileDatum:
    cell, protocol = requested(
        load_cell(own_file(case, curve.cell)), curve.experiment, None, curve.arguments
    )
    if curve.kind == "voltage":
        return _of_voltages(curve, cell, protocol)
    over = "cycle" if curve.kind == "cycling" else "rate"
    table = read_capacities(curve.path, over, curve.columns)  # type: ignore[arg-type]
    areal = areal_factor(table.unit, curve, cell)
    spread = np.full(table.x.size, curve.rmse * areal / _DEVIATIONS)
    return FileDatum(
        curve,
        cell,
        protocol,
        table,
        table.x,
        table.capacity * areal,
        spread * np.sqrt(table.x.size),
        table.repairs,
    )


def _of_voltages(curve: Curve, cell: Cell, protocol: Protocol) -> FileDatum:
    measured = measured_half(curve, cell)
    areal = areal_factor(measured.unit, curve, cell)
    half = HalfCycleCurve(
        measured.capacity * areal, "C.m-2", measured.voltage, measured.time
    )
    whole = _over(half, curve)
    # middles of equal stretches: a collapse at the very end is what the capacity tells
    x = whole[0] + (whole[-1] - whole[0]) * (np.arange(_POINTS) + 0.5) / _POINTS
    voltage = np.interp(x, whole, _shown(half.voltage, cell))
    # an end that may be off by so much moves a steep voltage by its slope times that
    share = (curve.capacity_error or 0.0) / _DEVIATIONS
    moved = np.gradient(voltage, x) * share * x
    spread = np.hypot(curve.rmse / _DEVIATIONS, moved) * np.sqrt(_POINTS)
    if share:
        end = float(half.capacity[-1])
        voltage, spread = np.append(voltage, end), np.append(spread, share * end)
    return FileDatum(curve, cell, protocol, None, x, voltage, spread, measured.repairs)


def _over(half: HalfCycleCurve, curve: Curve) -> Array:
    if curve.over == "capacity":
        return half.capacity
    if half.time is None:
        raise RecordError(
            'has capacities but no times; compare it over = "capacity"',
            where=str(curve.path),
        )
    return half.time


def _shown(voltage: Array, cell: Cell) -> Array:
    return np.abs(voltage) if cell.model == "SymmetricCell" else voltage
