"""What a run looked like, thinned out for a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import xarray as xr

from twin import names
from twin.parts.parameters import Cell
from twin.parts.protocols import load_experiment
from twin.parts.table_files import FloatArray
from twin.run.fade_curve import CYCLE
from twin.run.observables import CYCLES_ASKED, Run, loading, observable
from twin.run.results import ENDED_BY, TIME_DIMENSION
from twin.run.solving import one_c
from twin.studies.cases import Row
from twin.studies.curves import simulated_half

#: Kinds of figures.
Kind = Literal["stripping", "rate", "staircase", "life", "fade", "curve"]

#: Points that a figure keeps of a curve.
_MOST: Final = 400
#: Shorter runs are pulses: one number, no curve [s].
_SHORTEST: Final = 600.0
_MAH_CM2: Final = 36000.0
_MAH_G: Final = 3600.0


@dataclass(frozen=True)
class Trace:
    """Numbers of one curve or more.

    Attributes
    ----------
    kind : which figure it belongs to
    columns : by name with the unit they are shown in
    ended_by : how the run ended
    labels : of the axes, where the kind does not fix them
    """

    kind: Kind
    columns: Mapping[str, tuple[float, ...]]
    ended_by: str = ""
    labels: tuple[str, ...] = ()


def thinned(x: FloatArray, y: FloatArray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """At most 400 points of a curve, its ends included, to five digits.

    Of equal stretches the lowest and the highest point are kept, so that no peak is lost.

    Examples
    --------
    >>> x = np.arange(10000.0)
    >>> shown, values = thinned(x, np.where(x == 777, 5.0, 0.0))
    >>> len(shown) <= 402, max(values), shown[-1]
    (True, 5.0, 9999.0)
    """
    if x.size > _MOST:
        edges = np.linspace(0, x.size, _MOST // 2 + 1).astype(int)
        kept = {0, x.size - 1}
        for start, end in zip(edges, edges[1:], strict=False):
            part = y[start:end]
            kept |= {start + int(np.argmin(part)), start + int(np.argmax(part))}
        places = np.array(sorted(kept))
        x, y = x[places], y[places]
    return tuple(_short(x)), tuple(_short(y))


def _short(values: FloatArray) -> list[float]:
    return [float(f"{value:.5g}") for value in values]


def trace_of(cell: Cell, row: Row, result: xr.Dataset) -> Trace | None:
    """The curve of a run, if it is one.

    Parameters
    ----------
    cell, row : what was run
    result : of the run

    Returns
    -------
    Trace, or None of a short pulse
    """
    if CYCLE in result.dims:
        return _fade(cell, result)
    make = _TRACES.get(observable(row.observable).by)
    return None if make is None else make(cell, row, result)


def _simulation(cell: Cell, row: Row, result: xr.Dataset) -> Trace | None:
    """Of a stripping, or of the last cycle of a full cell."""
    if names.CELL_RESISTANCE not in result:
        return _rate(result)
    if float(result[TIME_DIMENSION][-1]) < _SHORTEST:
        return None
    current = result[names.CURRENT].to_numpy()
    if (current < 0).any():
        return None
    capacity, voltage = thinned(
        result[names.AREAL_CAPACITY].to_numpy() / _MAH_CM2,
        result[names.POLARISATION].to_numpy(),
    )
    return Trace(
        "stripping",
        {"capacity": capacity, "polarisation": voltage},
        str(result.attrs[ENDED_BY]),
    )


def _fade(cell: Cell, result: xr.Dataset) -> Trace | None:
    """Specific discharge capacity of each cycle of an ageing run of a full cell."""
    mass = cell.values.get(names.CATHODE_LOADING)
    if mass is None:
        return None
    capacity = result[names.CYCLE_DISCHARGED].to_numpy() / mass / _MAH_G
    cycle, shown = thinned(result[CYCLE].to_numpy().astype(float), capacity)
    asked = (float(result.attrs[CYCLES_ASKED]),)
    return Trace("fade", {"cycle": cycle, "capacity": shown, "asked": asked})


def _rate(result: xr.Dataset) -> Trace | None:
    """Voltage of the last charge and the last discharge over specific capacity."""
    columns = {}
    density = result[names.TOTAL_CURRENT_DENSITY].to_numpy()
    for half, sign in (("charge", -1), ("discharge", 1)):
        if not (np.sign(density) == sign).any():
            continue
        one = simulated_half(result, half, where="a run")  # type: ignore[arg-type]
        capacity = one.capacity / loading(result) / _MAH_G
        columns[f"{half} capacity"], columns[f"{half} voltage"] = thinned(
            capacity, one.voltage
        )
    return Trace("rate", columns, str(result.attrs[ENDED_BY])) if columns else None


def _half_cycles(cell: Cell, row: Row, result: xr.Dataset) -> Trace:
    """Magnitude of the voltage at the end of each half cycle, and its current."""
    cycle, step = result["cycle"].to_numpy(), result["step"].to_numpy()
    ends = np.flatnonzero((np.diff(cycle) != 0) | (np.diff(step) != 0))
    ends = np.concatenate([ends, [cycle.size - 1]])
    voltage = np.abs(result[names.VOLTAGE].to_numpy()[ends])
    protocol = load_experiment(row.experiment).with_arguments(row.arguments)
    ended = str(result.attrs[ENDED_BY])
    if not protocol.is_staircase:
        hours = result[TIME_DIMENSION].to_numpy()[ends] / 3600
        time, polarisation = thinned(hours, voltage)
        return Trace("life", {"time": time, "polarisation": polarisation}, ended)
    planned = protocol.schedule().cycles
    density = np.array(
        [
            abs(planned[c - 1][s - 1].signed_current_density(one_c(cell))) / 10
            for c, s in zip(cycle[ends], step[ends], strict=True)
        ]
    )
    # where in its cycle each half cycle ends: 0.5 and 1 of one without rests
    done = [
        c - 1 + s / len(planned[c - 1])
        for c, s in zip(cycle[ends], step[ends], strict=True)
    ]
    columns = {
        "cycle": tuple(_short(np.array(done))),
        "current": tuple(_short(density)),
        "polarisation": tuple(_short(voltage)),
    }
    return Trace("staircase", columns, ended)


#: The curve of each kind of run.
_TRACES: Final[dict[Run, Callable[[Cell, Row, xr.Dataset], Trace | None]]] = {
    "simulation": _simulation,
    "schedule": _half_cycles,
}
