"""Between which temperatures a full cell keeps its capacity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from twin import names
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

    .. math:: \Delta T = -\Delta Q / (dQ/dT)

    with the change of the capacity at the limit and its slope there.

    Parameters
    ----------
    cell : without fade
    cycling, rate : how it is charged and discharged
    factors : parameters that are varied
    workers : processes
    progress : called with the share of the work done
    """
    own = cell.values[names.AMBIENT_TEMPERATURE] - _ZERO_C
    grid = sorted({*GRID, own})
    study = RateStudy(cell, cycling, (rate,), (names.AMBIENT_TEMPERATURE,))
    rows = np.array(grid)[:, None] + _ZERO_C
    values, _ = evaluated(study, rows, workers)
    # where the cell cannot be run at all it has no capacity
    capacity = np.nan_to_num(values[:, 0]) / 36000
    place = grid.index(own)
    needed = SHARE * float(capacity[place])
    window = TemperatureWindow(tuple(grid), tuple(map(float, capacity)), needed)
    figures = []
    for name, direction in (("lowest temperature", -1), ("highest temperature", 1)):
        number = place
        while (
            0 <= number + direction < len(grid) and capacity[number + direction] >= needed
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
        limit = grid[number] + (needed - capacity[number]) / slope
        inputs = tuple(one.name for one in factors)
        there = RateStudy(
            cell.with_values({names.AMBIENT_TEMPERATURE: limit + _ZERO_C}, "the limit"),
            cycling,
            (rate,),
            inputs,
        )
        found, reasons = evaluated(there, designs(factors), workers, progress)
        if not np.isfinite(found[0, 0]):
            remark = f"interpolated, without an interval: at the limit itself {reasons[0]}"
            figures.append(Figure(name, "degC", limit, limit, limit, remark=remark))
            continue
        moved = limit - (found[:, 0] - found[0, 0]) / 36000 / slope
        figures.append(propagated(name, "degC", moved, factors, least=-_ZERO_C))
    return window, tuple(figures)
