"""What each cycle of a result charged and discharged."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from twin import names


@dataclass(frozen=True)
class HalfCycle:
    """The steps of a cycle that run in one direction, together.

    Attributes
    ----------
    charge : charge passed, positive in either direction [C.m-2]
    current_density : largest magnitude at the end of one of its steps [A.m-2]
    """

    charge: float = 0.0
    current_density: float = 0.0


@dataclass(frozen=True)
class Cycle:
    """One cycle, as a battery tester counts it."""

    charged: HalfCycle = HalfCycle()
    discharged: HalfCycle = HalfCycle()


def cycles_of(result: xr.Dataset) -> dict[int, Cycle]:
    """What each cycle charged and discharged, by its number.

    Parameters
    ----------
    result : xarray.Dataset
        As :func:`twin.run.results.to_dataset` makes it.

    Returns
    -------
    dict of int to Cycle
        Holds count with the direction in which their current ends.

    Examples
    --------
    >>> data = {"cycle": ("time", [1, 1, 1, 1]), "step": ("time", [1, 1, 2, 2])}
    >>> data[names.TOTAL_CURRENT_DENSITY] = ("time", np.array([-5.0, -5.0, 4.0, 4.0]))
    >>> data[names.AREAL_CAPACITY] = ("time", np.array([0.0, -9.0, -9.0, -1.0]))
    >>> cycles_of(xr.Dataset(data))[1].discharged
    HalfCycle(charge=8.0, current_density=4.0)
    """
    cycle, step = result["cycle"].to_numpy(), result["step"].to_numpy()
    density = result[names.TOTAL_CURRENT_DENSITY].to_numpy()
    charge = result[names.AREAL_CAPACITY].to_numpy()
    last = np.flatnonzero((np.diff(cycle) != 0) | (np.diff(step) != 0))
    starts, ends = [0, *(last + 1)], [*last, cycle.size - 1]
    found: dict[int, Cycle] = {}
    for start, end in zip(starts, ends, strict=True):
        number = int(cycle[start])
        before = found.setdefault(number, Cycle())
        passed = float(charge[end] - charge[start])
        # the first point of a step still carries the current of the one before
        current = float(density[end])
        if current > 0:
            half = _joined(before.discharged, passed, current)
            found[number] = replace(before, discharged=half)
        elif current < 0:
            half = _joined(before.charged, -passed, -current)
            found[number] = replace(before, charged=half)
    return found


def _joined(half: HalfCycle, charge: float, density: float) -> HalfCycle:
    return HalfCycle(half.charge + charge, max(half.current_density, density))
