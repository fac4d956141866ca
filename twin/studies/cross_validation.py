"""Leave-one-out: each row predicted by parameters fitted without it.

Which parameters a row fixed is read from the records' ``fitted_to``. With the row left
out they are fitted again to the other rows of theirs, with the bounds of their records as
a prior. A parameter that is left without data lies where the prior puts it: in the middle
of its range, on a logarithmic scale. Rows that nothing was fitted to are predicted anyhow.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from twin import units
from twin.errors import RecordError, SolveError
from twin.parts.cell import Cell
from twin.parts.parameters import load_cell
from twin.parts.records import Record
from twin.run.observables import observable
from twin.studies.cases import Case, Row, list_cases, load_case, own_file
from twin.studies.fit_data import case_data
from twin.studies.fit_problem import FitProblem
from twin.studies.fit_unknowns import Unknown, unknowns_of
from twin.studies.processes import each
from twin.studies.validate import run_row

#: Called with the number of rows done, of all rows, and an id.
LeaveOneOutProgress = Callable[[int, int, str], None]

#: Ratio of the left-out error to the fitted one from which a paper needs a word.
NOTABLE: Final = 3.0


@dataclass(frozen=True)
class LeftOut:
    """A row, predicted with the parameters of its cell fitted without it.

    Attributes
    ----------
    id, paper, quantity, unit : as in the case
    reported : in that unit
    with_it, without_it : simulated with the records as they are, and with the parameters
        fitted again; equal where nothing was fitted to the row
    fitted_error, left_out_error : relative, over the reported number; 0 where a bound is
        met
    fitted : whether a parameter was fitted to the row
    refitted : labels of the parameters that other rows fix
    at_prior : labels of the parameters that no other row fixes
    contradicted : whether the case calls the row so; it then counts in no median
    failed : why the row cannot be predicted without it, empty if it can
    """

    id: str
    paper: str
    quantity: str
    unit: str
    reported: float
    with_it: float
    without_it: float
    fitted_error: float
    left_out_error: float
    fitted: bool
    refitted: tuple[str, ...]
    at_prior: tuple[str, ...]
    contradicted: bool
    failed: str = ""


@dataclass(frozen=True)
class Summary:
    """Median magnitudes of the errors of a paper's rows.

    Attributes
    ----------
    paper : name
    rows, fitted_rows : how many count
    fitted_error, left_out_error : of the rows that parameters were fitted to, with them
        and without; not a number without such rows
    error, all_left_out_error : of all rows
    """

    paper: str
    rows: int
    fitted_rows: int
    fitted_error: float
    left_out_error: float
    error: float
    all_left_out_error: float

    @property
    def notable(self) -> bool:
        """Whether leaving a row out makes its error more than three times as large."""
        return self.left_out_error > NOTABLE * self.fitted_error


def leave_one_out(
    cases: Sequence[str | Path] = (),
    progress: LeaveOneOutProgress | None = None,
    *,
    workers: int = 1,
) -> list[LeftOut]:
    """Every row of some cases, predicted with the parameters fitted without it.

    Parameters
    ----------
    cases : names of papers or folders with a case; all known cases if empty
    progress : called after each row
    workers : processes that share the rows; a script that asks for more than one needs
        ``if __name__ == "__main__":``, as the processes import it

    Returns
    -------
    list of LeftOut, in the order of the cases and their rows

    Raises
    ------
    TwinError
        If a case cannot be read, a run fails with the records as they are, or a fitted
        record has no range.
    """
    loaded = [load_case(case) for case in (cases or list_cases())]
    places = [(case, place) for case in loaded for place in range(len(case.rows))]
    found: dict[int, LeftOut] = {}
    for number, one in each(_left_out, places, workers):
        found[number] = one
        if progress is not None:
            progress(len(found), len(places), one.id)
    return [found[number] for number in range(len(places))]


def summaries(rows: Iterable[LeftOut]) -> list[Summary]:
    """Median errors of each paper, contradicted and failed rows aside.

    Parameters
    ----------
    rows : of :func:`leave_one_out`
    """
    by_paper: dict[str, list[LeftOut]] = {}
    for row in rows:
        if not (row.contradicted or row.failed):
            by_paper.setdefault(row.paper, []).append(row)
    return [
        Summary(
            paper,
            len(own),
            sum(row.fitted for row in own),
            _median(row.fitted_error for row in own if row.fitted),
            _median(row.left_out_error for row in own if row.fitted),
            _median(row.fitted_error for row in own),
            _median(row.left_out_error for row in own),
        )
        for paper, own in by_paper.items()
    ]


def _median(errors: Iterable[float]) -> float:
    sizes = [abs(error) for error in errors]
    return statistics.median(sizes) if sizes else float("nan")


def _left_out(of_case: tuple[Case, int]) -> LeftOut:
    case, place = of_case
    row = case.rows[place]
    named = dict.fromkeys(
        name for one in case.rows for name in (one.cell, one.over) if name is not None
    )
    cells = {name: load_cell(own_file(case, name)) for name in named}
    cell, over = cells[row.cell], None if row.over is None else cells[row.over]
    measured = row.measurement
    with_it = _simulated(row, cell, over)
    names = {
        record.name
        for one in (cell, over)
        if one is not None
        for record in one.records.values()
        if row.id in record.fitted_to
    }
    result = LeftOut(
        row.id,
        case.paper,
        measured.quantity,
        measured.unit,
        measured.value,
        with_it,
        with_it,
        _error(row, with_it),
        _error(row, with_it),
        bool(names),
        (),
        (),
        row.contradiction is not None and not names,
    )
    if not names:
        return result
    unknowns, rows = _touched(case, row, cells)
    try:
        values = _without(case, rows, unknowns)
    except SolveError as error:
        return replace(result, failed=str(error))

    def refitted(one: Cell) -> Cell:
        pairs = zip(unknowns, values, strict=True)
        own = {unknown.name: value for unknown, value in pairs if unknown.acts_on(one)}
        return one.with_values(own, "leave-one-out")

    informed = [bool(set(u.record.fitted_to) & set(rows)) for u in unknowns]
    result = replace(
        result,
        refitted=tuple(u.label for u, know in zip(unknowns, informed, strict=True) if know),
        at_prior=tuple(
            u.label for u, know in zip(unknowns, informed, strict=True) if not know
        ),
    )
    try:
        without = _simulated(row, refitted(cell), over and refitted(over))
    except (SolveError, RecordError) as error:
        return replace(result, failed=str(error))
    return replace(result, without_it=without, left_out_error=_error(row, without))


def _touched(
    case: Case, row: Row, cells: dict[str, Cell]
) -> tuple[list[Unknown], list[str]]:
    """Parameters fitted to a row, those that share data with them, and the other data."""
    known = {one.id for one in case.rows}
    records = {
        (record.name, record.file): record
        for cell in cells.values()
        for record in cell.records.values()
        if record.fitted_to
    }
    rows = {row.id}
    chosen: dict[tuple[str, str], Record] = {}
    while True:
        more = {
            key: record
            for key, record in records.items()
            if key not in chosen and rows & set(record.fitted_to)
        }
        if not more:
            break
        chosen |= more
        rows |= {one for record in more.values() for one in record.fitted_to} & known
    wanted = [f"{name} @ {file.removesuffix('.toml')}" for name, file in chosen]
    unknowns = unknowns_of(list(cells.values()), wanted)
    return unknowns, sorted(rows - {row.id})


def _without(case: Case, rows: list[str], unknowns: list[Unknown]) -> list[float]:
    """Values of the unknowns from the remaining rows and the prior."""
    if not rows:
        return [unknown.middle for unknown in unknowns]
    problem = FitProblem(case_data([case], rows), unknowns, prior=True)
    minimum, _, _ = problem.minimum(np.full(len(unknowns), 0.5))
    return [float(value) for value in problem.values(minimum.x)]


def _simulated(row: Row, cell: Cell, over: Cell | None) -> float:
    """What the row's run gives, over that of another cell of a ratio, as reported."""
    wanted = observable(row.observable)
    number = wanted.read(run_row(cell, row))
    if over is not None:
        return units.convert(
            number / wanted.read(run_row(over, row)), "", row.measurement.unit
        )
    return units.convert(number, wanted.unit, row.measurement.unit)


def _error(row: Row, simulated: float) -> float:
    error = simulated / row.measurement.value - 1
    bound = row.measurement.bound
    met = (bound in (">=", ">") and error > 0) or (bound in ("<=", "<") and error < 0)
    return 0.0 if met else error
