"""Which cases are compared, and with which cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from twin.errors import UnknownNameError
from twin.parts.parameters import Cell, load_cell
from twin.studies.cases import Case, Omitted, Row, list_cases, load_case, own_file
from twin.studies.curve_cases import Curve


def load_cases(cases: Sequence[str | Path] = (), test: str | None = None) -> list[Case]:
    """The cases of :func:`validate`, with the rows of one kind of test if it is given.

    Parameters
    ----------
    cases : names of papers or folders with a case; all known cases if empty
    test : only rows whose numbers were measured in this kind of test

    Raises
    ------
    TwinError
        If a case cannot be read or there is no such test.

    Examples
    --------
    >>> [case.paper for case in load_cases(["mann2025"])]
    ['mann2025']
    """
    loaded = [load_case(case) for case in (cases or list_cases())]
    return loaded if test is None else _of_test(loaded, test)


def omitted(cases: Sequence[str | Path] = (), test: str | None = None) -> list[Omitted]:
    """Reported findings that the cases list as not compared, each with its reason.

    Parameters
    ----------
    cases, test : as of :func:`validate`

    Raises
    ------
    TwinError
        As :func:`load_cases`.

    Examples
    --------
    >>> all(one.reason for one in omitted(["mann2025"]))
    True
    """
    return [one for case in load_cases(cases, test) for one in case.omitted]


def _of_test(cases: Sequence[Case], test: str) -> list[Case]:
    """The cases with the rows of one kind of test only."""
    wanted = test.strip().lower()
    kept = [
        replace(
            case,
            rows=tuple(r for r in case.rows if r.measurement.test.lower() == wanted),
            curves=(),
            omitted=tuple(one for one in case.omitted if one.test.lower() == wanted),
        )
        for case in cases
    ]
    if not any(case.rows for case in kept):
        known = {row.measurement.test for case in cases for row in case.rows} - {""}
        raise UnknownNameError("test", test, known)
    return kept


def cell_of(case: Case, item: Row | Curve) -> Cell:
    """The cell of a row or curve: a file beside the case, else one known by its name.

    Parameters
    ----------
    case : Case
    item : one of its rows or curves

    Raises
    ------
    TwinError
        If the cell cannot be read.

    Examples
    --------
    >>> case, = load_cases(["mann2025"])
    >>> cell_of(case, case.rows[0]).paper
    'mann2025'
    """
    return load_cell(own_file(case, item.cell))


def cells_of(case: Case) -> list[Cell]:
    """The cells of a case's rows and curves, each once.

    Parameters
    ----------
    case : Case

    Raises
    ------
    TwinError
        If a cell cannot be read.

    Examples
    --------
    >>> [cell.name for cell in cells_of(load_case("mann2025"))][:2]
    ['mann2025_lina', 'mann2025_lina_25C']
    """
    items = {row.cell: row for row in case.rows} | {one.cell: one for one in case.curves}
    return [cell_of(case, item) for item in items.values()]
