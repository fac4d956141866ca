"""Whether a parameter of a cell was fitted to a row, whatever the row is called."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Final

from twin import assets
from twin.errors import TwinError
from twin.parts.cell import Cell
from twin.parts.fit_reports import same_value
from twin.parts.parameters import load_cell
from twin.parts.schedule import Schedule
from twin.run.requests import requested
from twin.studies.cases import Case, Row, list_cases, load_case, own_file

#: Relative difference up to which two numbers of a cell or a protocol are the same.
_ROUNDING: Final = 1e-9


def is_fitted(row: Row, case: Case, cell: Cell) -> bool:
    """Whether a parameter of the cell was fitted to this row, or to the same data.

    A row is known by its id first. Under another id it is the same data if it reads the
    same observable off the same experiment on a cell of the same values; or, in another
    case than the fitted row, off the same experiment with the same reported number.

    Parameters
    ----------
    row : of the case
    case : that the row is in
    cell : that the row is simulated with

    Examples
    --------
    >>> case, cell = load_case("mann2025"), load_cell("mann2025_lina")
    >>> {row.id: is_fitted(row, case, cell) for row in case.rows}["mann-strip-60-1.0"]
    True
    """
    rows = {one for record in cell.records.values() for one in record.fitted_to}
    if row.id in rows:
        return True
    if not rows:
        return False
    schedule = _schedule(row, cell)
    for other, known in _known(case):
        if known.id not in rows or _reading(known) != _reading(row):
            continue
        with contextlib.suppress(TwinError):  # of a case that nobody asked about
            if _same_data(row, case, cell, schedule, known, other):
                return True
    return False


def _reading(row: Row) -> tuple[object, ...]:
    """What is read off a run, and where in it."""
    return (row.observable, row.at, row.every, row.over)


def _known(case: Case) -> Iterator[tuple[Case, Row]]:
    """Rows of the case itself and of every known one."""
    yield from ((case, row) for row in case.rows)
    for name in list_cases():
        with contextlib.suppress(TwinError, OSError):
            path = assets.find("validation", name)
            stamps = [file.stat().st_mtime_ns for file in sorted(path.parent.iterdir())]
            other = _read(path, tuple(stamps))
            yield from ((other, row) for row in other.rows)


@functools.lru_cache(maxsize=100)
def _read(path: Path, stamps: tuple[int, ...]) -> Case:
    """A case, read again only when its files have changed."""
    return load_case(path)


def _same_data(
    row: Row, case: Case, cell: Cell, schedule: object, known: Row, other: Case
) -> bool:
    its_cell = load_cell(own_file(other, known.cell))
    if _schedule(known, its_cell) != schedule:
        return False
    if _same_cell(cell, its_cell):
        return True
    elsewhere = not _same_file(case.path, other.path)
    listed = row.id in {one.id for one in other.rows}  # a copy of another row of that case
    same_number = (
        row.measurement.unit == known.measurement.unit
        and same_value(row.measurement.value, known.measurement.value)
    )
    return elsewhere and not listed and same_number


def _same_file(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _same_cell(one: Cell, other: Cell) -> bool:
    if (one.model, dict(one.options)) != (other.model, dict(other.options)):
        return False
    mine, its = one.values, other.values
    return mine.keys() == its.keys() and all(
        math.isclose(mine[name], its[name], rel_tol=_ROUNDING) for name in mine
    )


def _schedule(row: Row, cell: Cell) -> object:
    """What is done, in SI and rounded: the same however it was written."""
    _, protocol = requested(cell, row.experiment, None, row.arguments)
    return _rounded(protocol.schedule())


def _rounded(schedule: Schedule) -> tuple[object, ...]:
    steps: dict[int, tuple[object, ...]] = {}
    for cycle in schedule.cycles:  # equal cycles are the same object
        if id(cycle) not in steps:
            steps[id(cycle)] = tuple(_numbers(astuple(step)) for step in cycle)
    limit = _numbers((schedule.polarisation,))
    return (limit, *(steps[id(cycle)] for cycle in schedule.cycles))


def _numbers(given: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(f"{x:.9g}" if isinstance(x, float) else x for x in given)
