"""Between which temperatures a full cell keeps its capacity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from twin import names
from twin.errors import SolveError
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.run.solving import Progress
from twin.studies.propagation import Figure, designs, evaluated, propagated
from twin.studies.ranges import Factor
from twin.studies.rate_sheet import Cycling, RateStudy

#: Share of the capacity at the cell's own temperature that has to be left.
SHARE: Final = 0.8

#: Temperatures that are looked at [C].
GRID: Final = (-30.0, -20.0, -10.0, 0.0, 10.0, 25.0, 40.0, 60.0, 80.0)

_ZERO_C: Final = 273.15
_MAH_CM2: Final = 36000.0

#: Of designs.
_Numbers = np.ndarray[Any, np.dtype[np.intp]]

#: Change of a limit from which on it is looked at again [K].
_FAR: Final = 1.0


@dataclass(frozen=True)
class TemperatureWindow:
    """Capacity over temperature.

    Attributes
    ----------
    temperatures : [C]
    capacities : at the sheet's rate [mA.h.cm-2]
    needed : capacity that has to be left [mA.h.cm-2]
    """

    temperatures: tuple[float, ...]
    capacities: tuple[float, ...]
    needed: float


def temperature_window(
    cell: Cell,
    cycling: Cycling,
    rate: float,
    factors: Sequence[Factor],
    workers: int,
    progress: Progress | None = None,
) -> tuple[TemperatureWindow, tuple[Figure, ...]]:
    r"""Lowest and highest temperature at which the capacity is large enough.

    Between the temperatures looked at the capacity is interpolated. What a parameter
    changes moves a limit by

    .. math:: \Delta T = \frac{0.8\,Q_{own} - Q_{limit}}{dQ/dT}

    with the design's capacities at the cell's own temperature and at the limit, and the
    slope there. Where that is more than a degree, the capacity is looked at again in the
    new place, and a secant corrects it.

    Parameters
    ----------
    cell : without fade
    cycling, rate : how it is charged and discharged
    factors : parameters that are varied
    workers : processes
    progress : called with the share of the work done

    Raises
    ------
    SolveError
        If the cell has no capacity at its own temperature.
    """
    own = cell.values[names.AMBIENT_TEMPERATURE] - _ZERO_C
    grid = sorted({*GRID, own})
    factors = [one for one in factors if one.name != names.AMBIENT_TEMPERATURE]
    varied = designs(factors)
    inputs = (names.AMBIENT_TEMPERATURE, *(one.name for one in factors))
    study = RateStudy(cell, cycling, (rate,), inputs)

    def capacities(at: Array, rows: Array, done: Progress | None = None) -> Array:
        whole = np.column_stack([at + _ZERO_C, rows])
        values, _ = evaluated(study, whole, workers, done)
        return np.asarray(values[:, 0] / _MAH_CM2)

    temperatures = np.array([*grid, *[own] * (len(varied) - 1)])
    own_rows = np.repeat(varied[:1], len(grid), axis=0)
    found = capacities(temperatures, np.vstack([own_rows, varied[1:]]), progress)
    place = grid.index(own)
    if not found[place] > 0:
        raise SolveError(f"no capacity at {own:g} C, the cell's own temperature")
    needed = SHARE * np.array([found[place], *found[len(grid) :]])
    # where the cell cannot be run at all it has no capacity
    capacity = np.nan_to_num(found[: len(grid)])
    window = TemperatureWindow(tuple(grid), tuple(map(float, capacity)), float(needed[0]))
    figures = []
    for name, direction in (("lowest temperature", -1), ("highest temperature", 1)):
        number = place
        while (
            0 <= number + direction < len(grid)
            and capacity[number + direction] >= needed[0]
        ):
            number += direction
        beyond = number + direction
        if not 0 <= beyond < len(grid):
            bound = "<=" if direction < 0 else ">="
            end = grid[number]
            remark = "the capacity is large enough up to the last temperature looked at"
            figures.append(Figure(name, "degC", end, end, end, bound, remark=remark))
            continue
        slope = (capacity[beyond] - capacity[number]) / (grid[beyond] - grid[number])
        limit = grid[number] + (needed[0] - capacity[number]) / slope
        # no design's limit is on the other side of its own temperature
        last = grid[0] if direction < 0 else grid[-1]
        ends = (min(own, last), max(own, last))

        def spare(at: Array, which: _Numbers) -> Array:
            return capacities(at, varied[which]) - needed[which]

        moved = _moved(spare, limit, float(slope), ends, len(varied))
        if not np.isfinite(moved[0]):
            remark = "interpolated, without an interval: the cell cannot be run there"
            figures.append(Figure(name, "degC", limit, limit, limit, remark=remark))
            continue
        remark = ""
        if np.any(moved == last):
            remark = "the interval ends at the last temperature looked at"
        figures.append(
            propagated(name, "degC", moved, factors, least=-_ZERO_C, remark=remark)
        )
    return window, tuple(figures)


def _moved(
    spare: Callable[[Array, _Numbers], Array],
    limit: float,
    slope: float,
    ends: tuple[float, float],
    count: int,
) -> Array:
    """Where designs have no capacity to spare [C], from an estimate for all of them.

    Parameters
    ----------
    spare : capacity beyond what is needed, at temperatures, of designs by their number
    limit, slope : the estimate, and the capacity's slope there
    ends : between which the temperatures lie
    count : of the designs
    """
    low, high = ends
    first = spare(np.full(count, limit), np.arange(count))
    moved = np.asarray(np.clip(limit - first / slope, low, high))
    far = np.flatnonzero(np.abs(moved - limit) > _FAR)
    if far.size:
        again = spare(moved[far], far)
        rise = (again - first[far]) / (moved[far] - limit)
        # a slope the other way, or none, tells less than the line did
        better = np.isfinite(rise) & (rise * slope > 0)
        corrected = moved[far][better] - again[better] / rise[better]
        moved[far[better]] = np.clip(corrected, low, high)
    return moved
