"""Ageing of a cell with every cycle resolved."""

from __future__ import annotations

import numpy as np
import xarray as xr

from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.protocols import Protocol
from twin.run.cycler import SUMMARY, Cycler
from twin.run.results import COMPLETED, ENDED_BY


def age(cell: Cell, protocol: Protocol, cycles: int) -> xr.Dataset:
    """Cycle a cell until an event ends it, or all cycles are done.

    Parameters
    ----------
    cell : Cell
    protocol : of one cycle
    cycles : number of cycles

    Returns
    -------
    xarray.Dataset
        Over "cycle" [1]; the attribute "ended_by" as of other results.
    """
    schedule = protocol.schedule()
    cycler = Cycler(cell, schedule.cycles[0], schedule.polarisation)
    laps: list[Array] = []
    ended: str | None = None
    y = cycler.fresh
    while len(laps) < cycles and ended is None:
        lap = cycler.cycle(y)
        y, ended = lap.y, lap.ended_by
        laps.append(lap.summary)
    found = dict(zip(SUMMARY, np.array(laps).T, strict=True))
    return xr.Dataset(
        {
            **{name: ("cycle", values) for name, values in found.items()},
            "resolved": ("cycle", np.ones(len(laps), dtype=bool)),
        },
        {"cycle": np.arange(1, len(laps) + 1)},
        {ENDED_BY: ended or COMPLETED},
    )
