"""Whether a parameter of a cell was fitted to a row or curve, whatever it is called."""

from __future__ import annotations

import contextlib
import filecmp
import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import repeat
from pathlib import Path
from typing import Final

from twin import assets, units
from twin.errors import TwinError
from twin.parts.cell import Cell
from twin.parts.fit_reports import same_value
from twin.parts.moments import moment
from twin.parts.parameters import load_cell
from twin.parts.schedule import Schedule
from twin.parts.sweeps import Interval, interval
from twin.run.observables import observable
from twin.run.requests import requested
from twin.studies.cases import Case, Row, list_cases, load_case, own_file
from twin.studies.curve_cases import Curve

#: Relative difference up to which two numbers of a cell or a protocol are the same.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class FittedTo:
    """What makes a row or curve a fitted one.

    Attributes
    ----------
    datum : id of the row or curve that parameters of its cell were fitted to: its own, or
        that of the same data under another name
    parameters : their names
    """

    datum: str
    parameters: tuple[str, ...]


def fitted_to(item: Row | Curve, case: Case, cell: Cell) -> FittedTo | None:
    """What was fitted to this row or curve, or to the same data; None if nothing.

    What is compared is known by its id first. Under another id a row is the same data if it
    reads the same observable off the same experiment on a cell of the same values, what was
    fitted to it aside; or, in another case than the fitted row, off the same experiment
    with the same reported number. A row that contradicts the fitted one has another number,
    and is not what was fitted to. A curve is the same data as one with the same file, and a
    curve holds all that is read off its run but spectra.

    Parameters
    ----------
    item : row or curve of the case
    case : that it is in
    cell : that it is simulated with

    Examples
    --------
    >>> case, cell = load_case("mann2025"), load_cell("mann2025_lina")
    >>> row = next(row for row in case.rows if row.id == "mann-strip-60-1.0")
    >>> fitted_to(row, case, cell).parameters[0]
    'Lithium self-diffusivity at 25 C [m2.s-1]'
    """
    cells = _cells(item, case, cell)
    ids: dict[str, list[str]] = {}
    for one in cells:
        for name, record in one.records.items():
            for datum in record.fitted_to:
                ids.setdefault(datum, []).append(name)
    if item.id in ids:
        return _found(item.id, ids)
    if not ids:
        return None
    asked = _Asked(item, case, cells, _schedule(item, cell))
    for other, known in _known(case):
        if known.id not in ids:
            continue
        with contextlib.suppress(TwinError):  # of a case that nobody asked about
            if _same_data(asked, known, other):
                return _found(known.id, ids)
    return None


def _found(datum: str, ids: Mapping[str, Sequence[str]]) -> FittedTo:
    return FittedTo(datum, tuple(dict.fromkeys(ids[datum])))


def fitted_elsewhere(case: Case) -> dict[str, list[str]]:
    """Data that cells of a case were fitted to and that no known case has.

    Whether a row or curve is such a datum under another id cannot be told.

    Parameters
    ----------
    case : whose cells are looked at

    Returns
    -------
    dict, names of the cells by the id of the datum

    Raises
    ------
    TwinError
        If a cell cannot be read.

    Examples
    --------
    >>> fitted_elsewhere(load_case("mann2025"))
    {}
    """
    # the case may have been cut down to one kind of test
    known = {item.id for _, item in _known(load_case(case.path))}
    over = [row.over for row in case.rows if row.over is not None]
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys([item.cell for _, item in _items(case)] + over):
        cell = load_cell(own_file(case, name))
        ids = {one for record in cell.records.values() for one in record.fitted_to}
        for one in sorted(ids - known):
            found.setdefault(one, []).append(cell.name)
    return found


@dataclass(frozen=True)
class _Asked:
    """A row or curve, the cells that it takes and what is done with the first."""

    item: Row | Curve
    case: Case
    cells: tuple[Cell, ...]
    schedule: object


def _cells(item: Row | Curve, case: Case, cell: Cell) -> tuple[Cell, ...]:
    """The cell, and that whose number its own is divided by."""
    if isinstance(item, Curve) or item.over is None:
        return (cell,)
    return (cell, load_cell(own_file(case, item.over)))


def _known(case: Case) -> Iterator[tuple[Case, Row | Curve]]:
    """Rows and curves of the case itself and of every known one."""
    yield from _items(case)
    for name in list_cases():
        with contextlib.suppress(TwinError, OSError):
            path = assets.find("validation", name)
            stamps = [file.stat().st_mtime_ns for file in sorted(path.parent.iterdir())]
            other = _read(path, tuple(stamps))
            yield from _items(other)


def _items(case: Case) -> Iterator[tuple[Case, Row | Curve]]:
    yield from ((case, row) for row in case.rows)
    yield from ((case, curve) for curve in case.curves)


@functools.lru_cache(maxsize=100)
def _read(path: Path, stamps: tuple[int, ...]) -> Case:
    """A case, read again only when its files have changed."""
    return load_case(path)


def _same_data(asked: _Asked, known: Row | Curve, other: Case) -> bool:
    item = asked.item
    if isinstance(item, Curve) and isinstance(known, Curve):
        if _same_content(item.path, known.path):
            return True
    elif isinstance(item, Row) and isinstance(known, Row):
        if not _same_reading(item, known):
            return False
    elif any(isinstance(one, Row) and _of_spectra(one) for one in (item, known)):
        return False
    its_cells = _cells(known, other, load_cell(own_file(other, known.cell)))
    if _schedule(known, its_cells[0]) != asked.schedule:
        return False
    same_cells = all(map(_same_cell, asked.cells, its_cells, repeat(known.id)))
    if isinstance(item, Curve) or isinstance(known, Curve):
        return same_cells
    if len(asked.cells) != len(its_cells):
        return False  # a ratio, and a number of one cell
    same_number = same_value(_reported(item), _reported(known))
    if same_cells and (same_number or not item.contradiction):
        return True
    elsewhere = not _same_file(asked.case.path, other.path)
    listed = item.id in {one.id for one in other.rows}  # a copy of another row of that case
    return elsewhere and not listed and same_number


def _same_reading(one: Row, other: Row) -> bool:
    """Whether the same is read off a run, at the same times."""
    return one.observable == other.observable and all(
        a is b if a is None or b is None else math.isclose(a, b, rel_tol=_ROUNDING)
        for a, b in zip(_times(one), _times(other), strict=True)
    )


def _times(row: Row) -> tuple[float | None, ...]:
    """Time of the spectra and the interval between them, in SI; cycles are schedules."""
    every = Interval() if row.every is None else interval(row.every)
    at = None if row.at is None else moment(row.at).time
    return (at, every.time, every.charge)


def _reported(row: Row) -> float:
    """The reported number in the unit of its observable, a ratio without one."""
    unit = "" if row.over is not None else observable(row.observable).unit
    return units.convert(row.measurement.value, row.measurement.unit, unit)


def _of_spectra(row: Row) -> bool:
    return observable(row.observable).by == "spectra"


def _same_content(one: Path, other: Path) -> bool:
    with contextlib.suppress(OSError):
        return filecmp.cmp(one, other, shallow=False)
    return False


def _same_file(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _same_cell(one: Cell, other: Cell, row: str) -> bool:
    """Whether two cells have the same values but for those of the one fitted to a row."""
    if (one.model, dict(one.options)) != (other.model, dict(other.options)):
        return False
    mine, its = one.values, other.values
    return mine.keys() == its.keys() and all(
        row in one.records[name].fitted_to
        or math.isclose(mine[name], its[name], rel_tol=_ROUNDING)
        for name in mine
    )


def _schedule(item: Row | Curve, cell: Cell) -> object:
    """What is done up to what is read, in SI and rounded: the same however written."""
    rates = item.rate_arguments if isinstance(item, Curve) else ()
    # a curve of rates makes a run for each rate of its file; one of them stands for all
    arguments = {**item.arguments, **dict.fromkeys(rates, "1")}
    _, protocol = requested(cell, item.experiment, None, arguments)
    schedule = protocol.schedule()
    if isinstance(item, Row) and item.at is not None:
        schedule = moment(item.at).end_of(schedule, where=f"row {item.id}")
    return ({protocol.argument_name(name) for name in rates}, _rounded(schedule))


def _rounded(schedule: Schedule) -> tuple[object, ...]:
    steps: dict[int, tuple[object, ...]] = {}
    for cycle in schedule.cycles:  # equal cycles are the same object
        if id(cycle) not in steps:
            steps[id(cycle)] = tuple(_numbers(astuple(step)) for step in cycle)
    limit = _numbers((schedule.polarisation,))
    return (limit, *(steps[id(cycle)] for cycle in schedule.cycles))


def _numbers(given: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(f"{x:.9g}" if isinstance(x, float) else x for x in given)
