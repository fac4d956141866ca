"""Critical current density over two parameters or arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from twin.errors import RecordError, UnknownNameError
from twin.parts.parameters import Cell
from twin.parts.protocols import Protocol
from twin.run.failure import OUTPUTS, SOLVER, SURVIVED, read_failure
from twin.run.galvanostatic import FAILED, GalvanostaticRun
from twin.run.inventory import check_first_cycle
from twin.run.levels import CONTINUOUS, LEVEL
from twin.run.requests import staircase_requested
from twin.run.results import ENDED_BY
from twin.run.solving import Progress, one_c
from twin.studies.ccd import EXPERIMENT
from twin.studies.ccd_axes import Axis, in_si, parse_axis

#: Designs that are solved side by side before progress is shown.
_BATCH: Final = 8

# variables of a map
CCD: Final = "ccd"
CONTINUOUS_CCD: Final = "continuous_ccd"
MODE: Final = "mode"


def ccd_map(
    cell: str | Path | Cell,
    x: str,
    y: str,
    experiment: str | Path | Protocol = EXPERIMENT,
    settings: Mapping[str, float] | None = None,
    arguments: Mapping[str, str] | None = None,
    *,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Critical current density over two parameters or arguments.

    Parameters of the cell are inputs of one built model, solved in batches on all cores;
    an argument of the experiment makes a schedule of its own at each of its values.

    Parameters
    ----------
    cell : name, path or Cell
    x, y : axes as "NAME=low:high[:points] unit", see
        :func:`twin.studies.ccd_axes.parse_axis`
    experiment, settings, arguments : as of :func:`twin.studies.ccd.ccd`
    progress : called with the share of the designs done

    Returns
    -------
    xarray.Dataset
        Over "y" and "x": "ccd" and "continuous_ccd" [A.m-2], and "mode", the failure's;
        where it is "none" the CCD is a lower bound, the end of the sweep. Attributes of
        the coordinates say what they are, and their units.

    Raises
    ------
    TwinError
        If a request is not possible, at any point of the map.

    Examples
    --------
    >>> found = ccd_map(
    ...     "mann2025_li",
    ...     "pressure=0.1:10:2 MPa",
    ...     "half_cycle_capacity=0.05:0.1:2 mA.h.cm-2",
    ...     arguments={"start": "1 mA.cm-2", "step": "1 mA.cm-2"},
    ... )
    >>> bool((found["ccd"][:, 1] >= found["ccd"][:, 0]).all())
    True
    """
    loaded, protocol = staircase_requested(cell, experiment, settings, arguments)
    axes = {"x": parse_axis(x, protocol), "y": parse_axis(y, protocol)}
    if axes["x"].name == axes["y"].name:
        raise RecordError(f"both axes are {axes['x'].name}; give two", where="--map")
    for axis in axes.values():
        if not axis.is_argument and axis.name not in loaded.values:
            raise UnknownNameError(
                "parameter of this cell", axis.name, loaded.values, where=loaded.name
            )
    shape = (len(axes["y"].values), len(axes["x"].values))
    found = _Filled(shape)
    total = shape[0] * shape[1]
    groups = _groups(axes, protocol)
    for changed, _ in groups:
        check_first_cycle(loaded, changed.schedule(), one_c(loaded))
    for changed, points in groups:
        inputs = [axis.name for axis in axes.values() if not axis.is_argument]
        run = GalvanostaticRun(loaded, changed.schedule(), OUTPUTS, inputs)
        for first in range(0, len(points), _BATCH):
            batch = points[first : first + _BATCH]
            designs = [_design(axes, point) for point in batch]
            for point, result in zip(batch, run.run_many(designs), strict=True):
                found.put(point, result)
            if progress is not None:
                progress(found.done / total)
    return found.dataset(axes, loaded, protocol)


def _groups(
    axes: Mapping[str, Axis], protocol: Protocol
) -> list[tuple[Protocol, list[tuple[int, int]]]]:
    """Points (row, column) of the map that share a schedule, with its protocol."""
    rows, columns = (range(len(axes[key].values)) for key in ("y", "x"))
    groups: dict[tuple[tuple[str, str], ...], list[tuple[int, int]]] = {}
    for row, column in product(rows, columns):
        arguments = tuple(
            (axis.name, f"{float(axis.values[place])!r} {axis.unit}")
            for axis, place in ((axes["y"], row), (axes["x"], column))
            if axis.is_argument
        )
        groups.setdefault(arguments, []).append((row, column))
    return [(protocol.with_arguments(dict(key)), found) for key, found in groups.items()]


def _design(axes: Mapping[str, Axis], point: tuple[int, int]) -> dict[str, float]:
    return {
        axis.name: in_si(axis, float(axis.values[place]))
        for axis, place in zip((axes["y"], axes["x"]), point, strict=True)
        if not axis.is_argument
    }


class _Filled:
    """Results of a map, point by point."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.done = 0
        self.ccd = np.full(shape, np.nan)
        self.continuous = np.full(shape, np.nan)
        self.mode = np.full(shape, SOLVER, dtype=object)

    def put(self, point: tuple[int, int], run: xr.Dataset) -> None:
        self.done += 1
        if run.attrs[ENDED_BY] == FAILED:
            return
        self.ccd[point] = run.attrs[LEVEL]
        self.continuous[point] = run.attrs[CONTINUOUS]
        self.mode[point] = read_failure(run).mode

    def dataset(
        self, axes: Mapping[str, Axis], cell: Cell, protocol: Protocol
    ) -> xr.Dataset:
        density: dict[str, Any] = {"units": "A.m-2"}
        data = {
            CCD: (("y", "x"), self.ccd, density),
            CONTINUOUS_CCD: (("y", "x"), self.continuous, density),
            MODE: (("y", "x"), self.mode.astype(str), {"survived": SURVIVED}),
        }
        coordinates = {
            key: (
                key,
                axis.values,
                {
                    "long_name": axis.name,
                    "units": axis.unit or "1",
                    "logarithmic": int(axis.logarithmic),
                },
            )
            for key, axis in axes.items()
        }
        attributes = {
            "cell": cell.name,
            "experiment": protocol.name,
            "experiment_title": protocol.title,
            "arguments": "; ".join(_shown(protocol, axes.values())),
        }
        return xr.Dataset(data, coordinates, attributes)


def _shown(protocol: Protocol, axes: Iterable[Axis]) -> list[str]:
    """Arguments that are the same all over the map."""
    varied = {axis.name for axis in axes}
    return [
        f"{key} = {given.value:g} {given.unit or ''}".strip()
        for key, given in protocol.arguments.items()
        if key not in varied
    ]
