"""Compare the model with what papers reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import xarray as xr

from twin import units
from twin.errors import RecordError, SolveError, TwinError
from twin.parts.parameters import Cell, load_cell
from twin.run.observables import observable
from twin.run.simulate import simulate
from twin.studies.cases import Case, Measurement, Row, list_cases, load_case

Status = Literal["predicted", "fitted", "contradicted"]

#: Called before each row with its number, the number of rows and its id.
RowProgress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Comparison:
    """One row of a validation: reported against simulated, in the reported unit.

    Attributes
    ----------
    error : relative, simulated over reported minus one
    passed : whether the error is within the tolerance, or the bound is met
    status : "fitted" if a parameter of the cell was fitted to this row, "contradicted"
        if the case gives a reason why no consistent model meets it, else "predicted"
    rests_on : names of the assumed and fitted parameters behind the simulation
    note : reason of the contradiction or of the tolerance
    """

    id: str
    paper: str
    cell: str
    quantity: str
    unit: str
    reported: float
    bound: str
    simulated: float
    error: float
    tolerance: float
    passed: bool
    status: Status
    rests_on: tuple[str, ...]
    note: str

    @property
    def failed(self) -> bool:
        """Whether the row counts against the model."""
        return not self.passed and self.status != "contradicted"


def validate(
    cases: Sequence[str | Path] = (), progress: RowProgress | None = None
) -> list[Comparison]:
    """Simulate every row of some cases and compare.

    Parameters
    ----------
    cases : names of papers or folders with a case; all known cases if empty
    progress : called before each row

    Returns
    -------
    list of Comparison, in the order of the cases and their rows

    Raises
    ------
    TwinError
        If a case, cell or experiment cannot be read, or a run fails.

    Examples
    --------
    >>> rows = validate(["mann2025"])
    >>> {row.status for row in rows} <= {"predicted", "fitted", "contradicted"}
    True
    """
    loaded = [load_case(case) for case in (cases or list_cases())]
    total = sum(len(case.rows) for case in loaded)
    compared: list[Comparison] = []
    runs: dict[object, xr.Dataset] = {}
    for case in loaded:
        for row in case.rows:
            if progress is not None:
                progress(len(compared), total, row.id)
            try:
                compared.append(_run(case, row, runs))
            except SolveError:
                raise
            except TwinError as error:
                where = f"{case.path}, row {row.id}"
                raise RecordError(str(error), where=where) from None
    return compared


def _run(case: Case, row: Row, runs: dict[object, xr.Dataset]) -> Comparison:
    """Simulate a row, or take the run of another row with the same request."""
    cell = load_cell(_own_file(case, row.cell))
    key = (row.cell, row.experiment, tuple(sorted(row.arguments.items())))
    if key not in runs:
        runs[key] = simulate(cell, row.experiment, arguments=row.arguments)
    return _compare(case, row, cell, runs[key])


def _own_file(case: Case, cell: str) -> str | Path:
    """A cell named by a file beside the case, else by its name."""
    beside = case.path.parent / cell
    return beside if cell.endswith(".toml") and beside.is_file() else cell


def _compare(case: Case, row: Row, cell: Cell, result: xr.Dataset) -> Comparison:
    wanted = observable(row.observable)
    measured = row.measurement
    simulated = units.convert(wanted.read(result), wanted.unit, measured.unit)
    return Comparison(
        id=row.id,
        paper=case.paper,
        cell=cell.name,
        quantity=measured.quantity,
        unit=measured.unit,
        reported=measured.value,
        bound=measured.bound,
        simulated=simulated,
        error=simulated / measured.value - 1,
        tolerance=row.tolerance,
        passed=agrees(simulated, measured, row.tolerance),
        status=_status(row, cell),
        rests_on=rests_on(cell),
        note=row.contradiction or row.reason,
    )


def agrees(simulated: float, measured: Measurement, tolerance: float) -> bool:
    """Whether a simulated number agrees with a reported one.

    Parameters
    ----------
    simulated : in the unit of the measurement
    measured : what was reported; a bound is met from its own side at any distance,
        and from the other side within the tolerance
    tolerance : relative

    Examples
    --------
    >>> agrees(9.0, Measurement("CCD", 5.0, "mA.cm-2", ">=", "abstract"), 0.1)
    True
    >>> agrees(4.0, Measurement("CCD", 5.0, "mA.cm-2", ">=", "abstract"), 0.1)
    False
    """
    error = simulated / measured.value - 1
    if measured.bound in (">=", ">"):
        return error >= -tolerance
    if measured.bound in ("<=", "<"):
        return error <= tolerance
    return abs(error) <= tolerance


def _status(row: Row, cell: Cell) -> Status:
    if any(row.id in record.fitted_to for record in cell.records.values()):
        return "fitted"
    return "contradicted" if row.contradiction else "predicted"


def rests_on(cell: Cell) -> tuple[str, ...]:
    """Names of a cell's assumed and fitted parameters, in alphabetical order."""
    uncertain = ("assumed", "fitted")
    return tuple(
        sorted(n for n, record in cell.records.items() if record.status in uncertain)
    )
