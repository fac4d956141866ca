"""Which parameters a study varies, and between which values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from twin import names, units
from twin.errors import RecordError, TwinError, UnknownNameError
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.parameters import parse_setting
from twin.parts.protocols import Protocol
from twin.studies.ccd_axes import name_in

#: From this ratio of its ends on, a range is sampled evenly in its logarithm.
_DECADE: Final = 10.0

#: What no material sets: thresholds of events are the model's.
_NOT_UNCERTAIN: Final = (names.LOST_CONTACT, names.EXHAUSTED_FRACTION, names.SHORT_LENGTH)


@dataclass(frozen=True)
class Factor:
    """A parameter that is varied.

    Attributes
    ----------
    name : full parameter name, or an argument of the experiment with its unit
    low, high : ends of its range, in the unit of the name (SI of a parameter)
    value : of the cell, or of the experiment
    status : of its record; "asked for" of an argument
    is_argument : whether it belongs to the experiment
    """

    name: str
    low: float
    high: float
    value: float
    status: str
    is_argument: bool = False

    @property
    def argument(self) -> str:
        """Name of the argument, without its unit."""
        return self.name.partition(" [")[0]

    def text(self, value: float) -> str:
        """A value as experiments take it.

        Examples
        --------
        >>> current = Factor("current_density [mA.cm-2]", 0.1, 1.0, 0.5, "asked for", True)
        >>> current.argument, current.text(0.2)
        ('current_density', '0.2 mA.cm-2')
        """
        return f"{value!r} {units.unit_of(self.name) or ''}".strip()

    @property
    def logarithmic(self) -> bool:
        """Whether shares of the range are taken in its logarithm: from a decade on."""
        # degrees have no ratios
        has_ratios = self.low > 0 and self.name != names.AMBIENT_TEMPERATURE
        return has_ratios and self.high / self.low >= _DECADE

    @property
    def width(self) -> float:
        """What a derivative at the cell's value is multiplied by for the whole range.

        Examples
        --------
        A range of two decades counts as its logarithm, 4.605 times the value

        >>> round(Factor("Stack pressure [Pa]", 1e5, 1e7, 1e6, "assumed").width)
        4605170
        >>> Factor("Stack pressure [Pa]", 1e5, 3e5, 1e5, "assumed").width
        200000.0
        """
        if self.logarithmic:
            return float(self.value * np.log(self.high / self.low))
        return self.high - self.low

    def at(self, share: Array) -> Array:
        """Values at shares of the range.

        Parameters
        ----------
        share : from 0 at the low end to 1 at the high one

        Examples
        --------
        >>> Factor("Stack pressure [Pa]", 1e5, 1e7, 1e6, "assumed").at(np.array([0.5]))
        array([1000000.])
        """
        if self.logarithmic:
            return np.asarray(self.low * (self.high / self.low) ** share)
        return np.asarray(self.low + (self.high - self.low) * share)

    def share(self, value: float) -> float:
        """Where a value lies in the range, the inverse of :meth:`at`.

        Examples
        --------
        >>> Factor("Stack pressure [Pa]", 1e5, 3e5, 1e5, "assumed").share(2e5)
        0.5
        """
        if self.logarithmic:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)


def factors_of(
    cell: Cell,
    protocol: Protocol,
    given: Sequence[str] = (),
    *,
    arguments: bool = False,
    option: str = "--range",
) -> list[Factor]:
    """The parameters that a study varies.

    Parameters
    ----------
    cell : whose records have ranges
    protocol : whose arguments are told from parameters
    given : ranges as "NAME=low:high unit", or "NAME" for that of the record; if there are
        none, those of all assumed and fitted parameters
    arguments : whether those of the experiment may vary too
    option : how the user gave them, for messages

    Raises
    ------
    TwinError
        If a range has another form, is inverted, or its name or unit is not possible; or
        there is no range at all.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> from twin.parts.protocols import load_experiment
    >>> cell, protocol = load_cell("mann2025_li"), load_experiment("full_stripping")
    >>> one = factors_of(cell, protocol, ["pressure=0.1:2 MPa"])[0]
    >>> one.name, one.low, one.high
    ('Stack pressure [Pa]', 100000.0, 2000000.0)
    """
    if given:
        found = [
            _parsed(text, cell, protocol, arguments, f"{option} '{text}'") for text in given
        ]
        for number, factor in enumerate(found):
            if factor.name in [other.name for other in found[:number]]:
                raise RecordError("is given twice", where=f"{option} '{factor.name}'")
        return found
    found = [
        Factor(name, record.low, record.high, record.value, record.status)
        for name, record in cell.records.items()
        if record.status in ("assumed", "fitted")
        and name not in _NOT_UNCERTAIN
        and record.low is not None
        and record.high is not None
        and record.low < record.high
    ]
    if not found:
        raise TwinError(
            "no assumed or fitted parameter has a range; give one as --range "
            '"NAME=low:high unit"',
            where=f"cell {cell.name}",
        )
    return found


def _parsed(
    text: str, cell: Cell, protocol: Protocol, arguments: bool, where: str
) -> Factor:
    given, equals, rest = text.partition("=")
    name, is_argument = name_in(given, protocol, where)
    if is_argument and arguments:
        return _of_argument(name, rest, protocol, where)
    if is_argument:
        raise RecordError(
            f"{name} is an argument of the experiment; ranges are those of the cell's "
            f'parameters, and --set "{name}=..." sets it',
            where=where,
        )
    if name not in cell.records:
        raise UnknownNameError("parameter of this cell", name, cell.records, where=where)
    record = cell.records[name]
    if not equals:
        if record.low is None or record.high is None:
            raise RecordError("its record has no range; give low:high", where=where)
        return Factor(name, record.low, record.high, record.value, record.status)
    parts, unit = _ends(rest, where)
    # a name with its unit in brackets carries it, another does not
    asked = name if units.unit_of(given.strip()) else name.partition(" [")[0]
    try:
        low, high = (parse_setting(f"{asked}={part} {unit}".strip())[1] for part in parts)
    except TwinError as error:
        raise RecordError(str(error), where=where) from None
    _check_order(low, high, parts, where)
    return Factor(name, low, high, record.value, record.status)


def _of_argument(name: str, rest: str, protocol: Protocol, where: str) -> Factor:
    parts, unit = _ends(rest, where)
    ends = []
    try:
        for part in parts:
            changed = protocol.with_arguments({name: f"{part} {unit}".strip()})
            ends.append(changed.arguments[name].value)
        low, high = ends
        own = protocol.arguments[name]
        full = f"{name} [{own.unit}]" if own.unit else name
        factor = Factor(full, low, high, own.value, "asked for", True)
        # a number of cycles has no values between
        protocol.with_arguments({name: factor.text(low + 0.381966 * (high - low))})
    except TwinError as error:
        raise RecordError(str(error), where=where) from None
    _check_order(low, high, parts, where)
    return factor


def _ends(rest: str, where: str) -> tuple[list[str], str]:
    """Both ends of a range as written, and the unit."""
    numbers, _, unit = rest.strip().partition(" ")
    parts = numbers.split(":")
    if len(parts) != 2:
        raise RecordError('write "NAME=low:high unit"', where=where)
    return parts, unit


def _check_order(low: float, high: float, parts: Sequence[str], where: str) -> None:
    if not low < high:
        raise RecordError(
            f"{parts[0]} is not below {parts[1]}; write the lower end first", where=where
        )


def far_from(factors: Sequence[Factor]) -> list[str]:
    """Remarks on ranges that do not contain the value of the cell.

    Examples
    --------
    >>> far_from([Factor("Stack pressure [Pa]", 1e5, 3e5, 1e6, "assumed")])[0]
    "the range of 'Stack pressure [Pa]' does not contain the cell's own value, 1e+06"
    """
    return [
        f"the range of '{one.name}' does not contain the cell's own value, {one.value:.4g}"
        for one in factors
        if not one.low <= one.value <= one.high
    ]
