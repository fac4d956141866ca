"""Axes of a map, as a user writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from twin import names, units
from twin.errors import RecordError, UnknownNameError
from twin.models.compat import Array
from twin.parts.catalogue import SHORT_NAMES, complete, similar
from twin.parts.parameters import parse_setting
from twin.parts.protocols import Protocol

#: Points along an axis where none are asked for, and the most that are.
_POINTS: Final = 9
_MOST_POINTS: Final = 200

#: From this ratio of its ends on, an axis is divided evenly in its logarithm.
_DECADE: Final = 10.0


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
    text : NAME is an argument of the experiment or a parameter
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
    name, is_argument = name_in(given, protocol, where)
    ends = [_with_unit(f"{part} {unit}", where) for part in parts[:2]]
    points = _points(parts[2], where) if len(parts) == 3 else _POINTS
    low, high = ends
    if not low < high:
        raise RecordError(f"{low:g} is not below {high:g}", where=where)
    # degrees have no ratios
    has_ratios = low > 0 and name != names.AMBIENT_TEMPERATURE
    logarithmic = has_ratios and high / low >= _DECADE
    spaced = np.geomspace if logarithmic else np.linspace
    axis = Axis(name, is_argument, unit.strip(), spaced(low, high, points), logarithmic)
    for value in (low, high):  # refuses units that do not fit
        if is_argument:
            protocol.with_arguments({name: f"{value!r} {axis.unit}"})
        else:
            in_si(axis, value)
    return axis


def name_in(given: str, protocol: Protocol, where: str) -> tuple[str, bool]:
    """Full name of what a user calls a parameter or an argument; whether it is the latter.

    Parameters
    ----------
    given : as written
    protocol : whose arguments it may be
    where : what messages name as the place

    Raises
    ------
    UnknownNameError
        If it is neither.

    Examples
    --------
    >>> from twin.parts.protocols import load_experiment
    >>> name_in("Pressure", load_experiment("full_stripping"), "here")
    ('Stack pressure [Pa]', False)
    """
    argument = protocol.argument_name(given)
    if argument is not None:
        return argument, True
    try:
        return complete(given), False
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


def in_si(axis: Axis, value: float) -> float:
    """A value along an axis that is a parameter's, in the unit of its name.

    Raises
    ------
    UnitError, RecordError
        If the unit does not fit or the parameter cannot have this value.

    Examples
    --------
    >>> in_si(Axis("Stack pressure [Pa]", False, "MPa", np.array([]), False), 2.0)
    2000000.0
    """
    return parse_setting(f"{axis.name}={value!r} {axis.unit}")[1]
