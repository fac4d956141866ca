"""Which parameters of which cells a fit may change, and between which bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from twin.errors import RecordError, UnknownNameError
from twin.parts.catalogue import complete, known
from twin.parts.cell import Cell
from twin.parts.parameters import parse_setting
from twin.parts.records import Record

#: Lowest and highest value, in the unit of the parameter's name.
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Unknown:
    """A parameter that is fitted: one value for all cells that share its record.

    Attributes
    ----------
    record : as the cells have it
    low, high : bounds of the fit, in the unit of the name (SI)
    cells : names of the cells that share the record
    """

    record: Record
    low: float
    high: float
    cells: tuple[str, ...]

    @property
    def name(self) -> str:
        """Full name of the parameter."""
        return self.record.name

    @property
    def label(self) -> str:
        """Name and file of the record, which together say what is fitted."""
        return f"{self.name} @ {self.record.file.removesuffix('.toml')}"

    @property
    def logarithmic(self) -> bool:
        """Whether it is fitted on a logarithmic scale: where its bounds are positive."""
        return self.low > 0

    def to_scale(self, value: float) -> float:
        """A value on the scale of the fit: 0 at the lower bound, 1 at the higher one."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def from_scale(self, x: float) -> float:
        """The value at a place on the scale of the fit."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** x)
        return self.low + x * (self.high - self.low)

    def slope(self, value: float) -> float:
        """Derivative of the value with respect to the scale of the fit."""
        if self.logarithmic:
            return value * math.log(self.high / self.low)
        return self.high - self.low

    @property
    def start(self) -> float:
        """The record's value, or the bound next to it where it lies outside."""
        return min(max(self.record.value, self.low), self.high)

    @property
    def middle(self) -> float:
        """The value half-way between the bounds on the scale of the fit."""
        return self.from_scale(0.5)

    def acts_on(self, cell: Cell) -> bool:
        """Whether a cell has this very record."""
        own = cell.records.get(self.name)
        return own is not None and same_record(own, self.record)


def same_record(one: Record, other: Record) -> bool:
    """Whether two cells have a record from the same file."""
    return one.file == other.file and one.value == other.value


def parse_bounds(text: str) -> tuple[str, Bounds]:
    """Read "NAME=low:high unit", as given on the command line.

    Parameters
    ----------
    text : NAME may be followed by "@ FILE" as in :func:`unknowns_of`

    Returns
    -------
    NAME as given, and the bounds in the unit of the parameter's name (SI)

    Raises
    ------
    RecordError, UnknownNameError, UnitError
        If it has another form, the name is unknown, the unit does not fit, or the lower
        bound is not below the higher one.

    Examples
    --------
    >>> parse_bounds("Lithium thickness=10:20 um")
    ('Lithium thickness', (1e-05, 2e-05))
    """
    where = f"--bounds '{text}'"
    given, equals, rest = text.partition("=")
    numbers, _, unit = rest.strip().partition(" ")
    ends = numbers.split(":")
    if not equals or len(ends) != 2:
        raise RecordError('write "NAME=low:high unit"', where=where)
    name = given.partition("@")[0].strip()
    low, high = (parse_setting(f"{name}={end} {unit}")[1] for end in ends)
    _check_order(low, high, where)
    return given.strip(), (low, high)


def _check_order(low: float, high: float, where: str) -> None:
    if not low < high:
        raise RecordError(
            f"the lower bound {low:g} is not below the higher bound {high:g}", where=where
        )


def unknowns_of(
    cells: Sequence[Cell],
    wanted: Sequence[str],
    bounds: Mapping[str, Bounds] | None = None,
) -> list[Unknown]:
    """The parameters to fit: one for each record that the cells have of a name.

    Parameters
    ----------
    cells : of the data
    wanted : names of parameters; "NAME @ FILE" takes only the record of a file, named
        by its end, as "lithium_peng2025"
    bounds : in place of the records' ranges, by names of the same form

    Returns
    -------
    list of Unknown, in the order of ``wanted``

    Raises
    ------
    UnknownNameError
        If there is no such parameter, or no cell has it from that file.
    RecordError
        If a parameter has neither a range nor bounds, or bounds are of no use.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> cells = [load_cell(name) for name in ("mann2025_lina", "mann2025_lina_25C")]
    >>> (shared,) = unknowns_of(cells, ["Lithium thickness"])
    >>> shared.label, shared.cells
    ('Lithium thickness [m] @ materials/lithium_sodium_mann2025', \
('mann2025_lina', 'mann2025_lina_25C'))
    """
    given = {_key(text): value for text, value in (bounds or {}).items()}
    found: dict[tuple[str, str, float], Unknown] = {}
    used: set[tuple[str, str]] = set()
    for text in wanted:
        name, file = _key(text)
        for record in _records(cells, name, file):
            sharing = tuple(
                dict.fromkeys(
                    c.name
                    for c in cells
                    if name in c.records and same_record(c.records[name], record)
                )
            )
            unknown = _bounded(record, given, used, sharing)
            found.setdefault((name, record.file, record.value), unknown)
    for key in given:
        if key not in used:
            labels = [unknown.label for unknown in found.values()]
            text = " @ ".join(part for part in key if part)
            raise UnknownNameError("fitted parameter", text, labels, where="bounds")
    return list(found.values())


def _key(text: str) -> tuple[str, str]:
    """Full name of a parameter, and the file after "@"."""
    name, _, file = text.partition("@")
    return complete(name.strip(), where="parameter to fit"), file.strip()


def _from_file(record: Record, file: str) -> bool:
    return record.file.removesuffix(".toml").endswith(file.removesuffix(".toml"))


def _records(cells: Sequence[Cell], name: str, file: str) -> list[Record]:
    held = [cell.records[name] for cell in cells if name in cell.records]
    if not held:
        have = {one for cell in cells for one in cell.records}
        raise UnknownNameError("parameter of these cells", name, have)
    chosen = [record for record in held if _from_file(record, file)]
    if not chosen:
        files = {record.file.removesuffix(".toml") for record in held}
        raise UnknownNameError(f"file of '{name}'", file, files)
    return chosen


def _bounded(
    record: Record,
    given: Mapping[tuple[str, str], Bounds],
    used: set[tuple[str, str]],
    cells: tuple[str, ...],
) -> Unknown:
    low, high = record.low, record.high
    for (name, file), ends in given.items():
        if name == record.name and _from_file(record, file):
            used.add((name, file))
            low, high = ends
            where = f"bounds of '{name}'"
            _check_order(low, high, where)
            allowed = known(name).allowed
            if not (low in allowed and high in allowed):
                raise RecordError(
                    f"[{low:g}, {high:g}] leaves the allowed interval {allowed}",
                    where=where,
                )
    if low is None or high is None or not low < high:
        raise RecordError(
            "has no range to fit it in; give it one in the record, or "
            f'--bounds "{record.name}=low:high"',
            where=f"{record.file}, '{record.name}'",
        )
    return Unknown(record, low, high, cells)
