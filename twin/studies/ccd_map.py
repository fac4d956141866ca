"""Critical current density over two parameters or arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from twin import names, units
from twin.errors import RecordError, UnknownNameError
from twin.models.compat import Array
from twin.parts.catalogue import check_allowed_value, complete, similar
from twin.parts.parameters import Cell
from twin.parts.protocols import Protocol
from twin.run.failure import OUTPUTS, SOLVER, SURVIVED, read_failure
from twin.run.galvanostatic import FAILED, GalvanostaticRun
from twin.run.inventory import check_first_cycle
from twin.run.levels import CONTINUOUS, LEVEL
from twin.run.results import ENDED_BY
from twin.run.simulate import Progress, one_c
from twin.studies.ccd import EXPERIMENT
from twin.studies.requests import requested

#: Short ways to say what a map is often drawn over.
SHORT_NAMES: Final[dict[str, str]] = {
    "lithium diffusivity": names.LITHIUM_DIFFUSIVITY,
    "pressure": names.STACK_PRESSURE,
    "temperature": names.AMBIENT_TEMPERATURE,
    "contact fraction": names.INITIAL_CONTACT,
    "wetting": names.INITIAL_CONTACT,
}

#: Points along an axis where none are asked for, and the most that are.
_POINTS: Final = 9
_MOST_POINTS: Final = 200

#: From this ratio of its ends on, an axis is divided evenly in its logarithm.
_DECADE: Final = 10.0

#: Designs that are solved side by side before progress is shown.
_BATCH: Final = 8

# variables of a map
CCD: Final = "ccd"
CONTINUOUS_CCD: Final = "continuous_ccd"
MODE: Final = "mode"


@dataclass(frozen=True)
class Axis:
    """One direction of a map.

    Attributes
    ----------
    name : full name of a parameter, or of an argument of the experiment
    is_argument : whether it is the experiment's
    unit : of the values; empty if dimensionless
    values : ndarray, shape (points,), rising
    logarithmic : whether the values are spaced evenly in their logarithm
    """

    name: str
    is_argument: bool
    unit: str
    values: Array
    logarithmic: bool


def parse_axis(text: str, protocol: Protocol) -> Axis:
    """Read "NAME=low:high[:points] unit".

    Parameters
    ----------
    text : NAME is an argument of the experiment, a parameter, or one of
        :data:`SHORT_NAMES`
    protocol : experiment whose arguments can be an axis

    Raises
    ------
    RecordError, UnknownNameError, UnitError
        If the text has another form, the name is unknown, or the unit does not fit.

    Examples
    --------
    >>> from twin.parts.protocols import load_experiment
    >>> axis = parse_axis("pressure=0.1:10:3 MPa", load_experiment("ccd_constant_time"))
    >>> axis.name, axis.values.round(6).tolist()
    ('Stack pressure [Pa]', [0.1, 1.0, 10.0])
    """
    where = f"--map '{text}'"
    given, equals, rest = text.partition("=")
    numbers, _, unit = rest.strip().partition(" ")
    parts = numbers.split(":")
    if not equals or len(parts) not in (2, 3):
        raise RecordError('write "NAME=low:high:points unit"', where=where)
    name, is_argument = _named(given, protocol, where)
    ends = [_with_unit(f"{part} {unit}", where) for part in parts[:2]]
    points = _points(parts[2], where) if len(parts) == 3 else _POINTS
    low, high = ends
    if not low < high:
        raise RecordError(f"{low:g} is not below {high:g}", where=where)
    logarithmic = low > 0 and high / low >= _DECADE
    spaced = np.geomspace if logarithmic else np.linspace
    axis = Axis(name, is_argument, unit.strip(), spaced(low, high, points), logarithmic)
    for value in (low, high):  # refuses units that do not fit
        if is_argument:
            protocol.with_arguments({name: f"{value!r} {axis.unit}"})
        else:
            _in_si(axis, value, where)
    return axis


def _named(given: str, protocol: Protocol, where: str) -> tuple[str, bool]:
    argument = protocol.argument_name(given)
    if argument is not None:
        return argument, True
    short = SHORT_NAMES.get(" ".join(given.lower().replace("_", " ").split()))
    try:
        return short or complete(given), False
    except UnknownNameError:
        known = [*SHORT_NAMES, *protocol.arguments, *similar(given)]
        raise UnknownNameError(
            "parameter or argument", given.strip(), known, where=where
        ) from None


def _with_unit(text: str, where: str) -> float:
    return units.parse_quantity(text, where=where)[0]


def _points(text: str, where: str) -> int:
    if not text.isdecimal() or not 2 <= int(text) <= _MOST_POINTS:
        raise RecordError(
            f"'{text}' points: give a whole number from 2 to {_MOST_POINTS}", where=where
        )
    return int(text)


def _in_si(axis: Axis, value: float, where: str) -> float:
    wanted = units.unit_of(axis.name)
    converted = units.convert(value, axis.unit or None, wanted, where=where)
    check_allowed_value(axis.name, converted, where=where)
    return converted


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
    x, y : axes as "NAME=low:high[:points] unit", see :func:`parse_axis`
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
    loaded, protocol = requested(cell, experiment, settings, arguments)
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
        axis.name: _in_si(axis, float(axis.values[place]), "--map")
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


def _shown(protocol: Protocol, axes: Sequence[Axis] | Any) -> list[str]:
    """Arguments that are the same all over the map."""
    varied = {axis.name for axis in axes}
    return [
        f"{key} = {given.value:g} {given.unit or ''}".strip()
        for key, given in protocol.arguments.items()
        if key not in varied
    ]
