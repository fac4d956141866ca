"""Every cycle of an ageing run, from those that were run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import xarray as xr

from twin import units
from twin.errors import SolveError
from twin.models.compat import Array
from twin.run.cycler import SUMMARY
from twin.run.differences import lagrange

# names in the dataset
CYCLE: Final = "cycle"
RESOLVED: Final = "resolved"
PAUSE: Final = "pause"
FOUND: Final = "found"

#: Points beside a gap lie at least this share of it apart, or their noise is amplified.
_SPACING: Final = 0.3

#: How many times as much one parabola bends as the other where there is a knee.
_KNEE: Final = 5.0


def fade_curve(
    records: Sequence[Mapping[str, Any]],
    cycles: int,
    sizes: Sequence[str],
    attributes: Mapping[str, str | float],
) -> xr.Dataset:
    """Every cycle of a run, those between the cycles that were run by interpolation.

    Parameters
    ----------
    records : "cycle", "summary" and "sizes" of each cycle that was run, in any order, of
        two of the same cycle the last counts; and "after" and "found" of each pause
    cycles : number of cycles of the run
    sizes : names of the numbers in "sizes"
    attributes : of the dataset

    Returns
    -------
    xarray.Dataset
        Over "cycle" (1 to ``cycles``) the variables of :data:`twin.run.cycler.SUMMARY`
        and the sizes, and "resolved", whether the cycle was run. "found" over "pause",
        where there are any.

    Raises
    ------
    SolveError
        If no cycle was completed.

    Examples
    --------
    >>> few = [{"cycle": n, "summary": [10.0 - n] * 5, "sizes": []} for n in (1, 2, 3, 9)]
    >>> curve = fade_curve(few, 9, [], {})
    >>> [round(float(q), 6) for q in curve["Discharge capacity [C.m-2]"][3:5]]
    [6.0, 5.0]
    """
    run_cycles = (one for one in records if "cycle" in one)
    latest = {one["cycle"]: one for one in run_cycles if one["cycle"] <= cycles}
    pauses = {int(one["after"]): one["found"] for one in records if "after" in one}
    if not latest:
        raise SolveError("no cycle was completed", where="ageing")
    run = np.array(sorted(latest))
    values = np.array([[*latest[n]["summary"], *latest[n]["sizes"]] for n in run])
    all_of_them = np.arange(1, cycles + 1)
    found = np.empty((cycles, values.shape[1]))
    found[run - 1] = values
    for place in np.flatnonzero(np.diff(run) > 1):
        between = np.arange(run[place] + 1, run[place + 1])
        found[between - 1] = _between(run, values, int(place), between)
    data: dict[str, Any] = {
        name: (CYCLE, found[:, column], {"units": units.unit_of(name) or "1"})
        for column, name in enumerate((*SUMMARY, *sizes))
    }
    data[RESOLVED] = (CYCLE, np.isin(all_of_them, run), {"units": "1"})
    coordinates: dict[str, Any] = {CYCLE: (CYCLE, all_of_them, {"units": "1"})}
    if pauses:
        coordinates[PAUSE] = (PAUSE, np.array(list(pauses)), {"units": "1"})
        data[FOUND] = ((PAUSE, "number"), np.array(list(pauses.values()), dtype=float))
    return xr.Dataset(data, coordinates, dict(attributes))


def _between(run: Array, values: Array, place: int, between: Array) -> Array:
    """Values in a gap: the cubic through its ends and one point beyond each.

    Where the two parabolas that it is made of are bent very differently there is a knee
    behind one of the ends, and the flatter parabola holds in the gap.
    """
    left, right = run[place], run[place + 1]
    apart = _SPACING * (right - left)
    before = np.flatnonzero(run <= left - apart)
    after = np.flatnonzero(run >= right + apart)
    ends = [place, place + 1]
    chosen = [*before[-1:], *ends, *after[:1]]
    cubic = _through(run[chosen], values[chosen], between)
    if len(chosen) < 4:
        return cubic
    parts = (chosen[:3], chosen[1:])
    found = [_through(run[part], values[part], between) for part in parts]
    line = _through(run[ends], values[ends], between)
    bends = [np.abs(one - line).max(axis=0) for one in found]
    flatter = np.where(bends[0] < bends[1], *found)
    knee = np.maximum(*bends) > _KNEE * np.minimum(*bends)
    return np.where(knee, flatter, cubic)


def _through(points: Array, known: Array, at: Array) -> Array:
    """The polynomial through some points, each column by itself."""
    return np.array([lagrange(points.astype(float), float(n)) @ known for n in at])
