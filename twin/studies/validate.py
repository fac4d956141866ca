"""Compare the model with what papers reported."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

import xarray as xr

from twin import units
from twin.errors import RecordError, SolveError, TwinError, UnknownNameError
from twin.parts.parameters import Cell, load_cell
from twin.run.galvanostatic import GalvanostaticRun
from twin.run.observables import Run, observable
from twin.run.requests import requested
from twin.run.results import COMPLETED, ENDED_BY
from twin.run.simulate import simulate
from twin.studies.cases import Case, Measurement, Row, list_cases, load_case
from twin.studies.eis import eis
from twin.studies.provenance import rests_on
from twin.studies.spectra_dataset import spectra_dataset

Status = Literal["predicted", "fitted", "contradicted"]

#: Relative error of a time or current up to which a run counts as having come to its end.
_SURVIVED: Final = 1e-4

#: Called with the number of rows done, the number of rows and the id of one just done.
RowProgress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Comparison:
    """One row of a validation: reported against simulated, in the reported unit.

    Attributes
    ----------
    simulated_bound : "=", or ">=" where nothing failed up to the end of the schedule
    error : relative, simulated over reported minus one
    tolerance, tolerance_below : largest relative errors that agree, upwards and downwards
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
    simulated_bound: str
    error: float
    tolerance: float
    tolerance_below: float
    passed: bool
    status: Status
    rests_on: tuple[str, ...]
    note: str

    @property
    def bound_met(self) -> bool:
        """Whether a bound was reported, and the simulation lies on its side of it."""
        if self.bound in (">=", ">"):
            return self.passed and self.error >= 0
        if self.bound in ("<=", "<"):
            return self.passed and self.error <= 0
        return False

    @property
    def failed(self) -> bool:
        """Whether the row counts against the model."""
        return not self.passed and self.status != "contradicted"


def validate(
    cases: Sequence[str | Path] = (),
    progress: RowProgress | None = None,
    *,
    test: str | None = None,
    workers: int = 1,
) -> list[Comparison]:
    """Simulate every row of some cases and compare.

    Parameters
    ----------
    cases : names of papers or folders with a case; all known cases if empty
    progress : called after each run with the number of rows done, of all rows, and an id
    test : only rows whose numbers were measured in this kind of test, as the column "test"
        of their tables says; case makes no difference
    workers : processes that share the runs; a script that asks for more than one needs
        ``if __name__ == "__main__":``, as the processes import it

    Returns
    -------
    list of Comparison, in the order of the cases and their rows

    Raises
    ------
    TwinError
        If a case, cell or experiment cannot be read, there is no such test, or a run
        fails.

    Examples
    --------
    >>> rows = validate(["mann2025"], test="EIS")
    >>> {row.status for row in rows} <= {"predicted", "fitted", "contradicted"}
    True
    """
    loaded = [load_case(case) for case in (cases or list_cases())]
    if test is not None:
        loaded = _of_test(loaded, test)
    pairs = [(case, row) for case in loaded for row in case.rows]
    groups: dict[object, list[tuple[Case, Row]]] = {}
    for case, row in pairs:
        groups.setdefault((case.path, *_request(row)), []).append((case, row))
    # lives take longest: they start first
    ordered = sorted(
        groups.values(), key=lambda group: group[0][1].tolerance.factor is None
    )
    found: dict[tuple[Path, str], Comparison] = {}
    for group, compared in _compared(ordered, min(workers, len(ordered))):
        for (case, row), comparison in zip(group, compared, strict=True):
            found[case.path, row.id] = comparison
        if progress is not None:
            progress(len(found), len(pairs), group[-1][1].id)
    return [found[case.path, row.id] for case, row in pairs]


#: Rows of one case that ask for the same run.
_Group: TypeAlias = list[tuple[Case, Row]]


def _compared(
    groups: Sequence[_Group], workers: int
) -> Iterator[tuple[_Group, list[Comparison]]]:
    """Each group with its comparisons, as they come."""
    if workers <= 1:
        for group in groups:
            yield group, _of_one_run(group)
        return
    # not forked: the solver's threads would not survive it
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        jobs = {pool.submit(_of_one_run, group): group for group in groups}
        try:
            for job in as_completed(jobs):
                yield jobs[job], job.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _of_one_run(group: _Group) -> list[Comparison]:
    runs: dict[object, xr.Dataset] = {}
    compared = []
    for case, row in group:
        try:
            compared.append(_run(case, row, runs))
        except SolveError:
            raise
        except TwinError as error:
            where = f"{case.path}, row {row.id}"
            raise RecordError(str(error), where=where) from None
    return compared


def _request(row: Row) -> tuple[object, ...]:
    """What rows that share a run have in common."""
    kind = observable(row.observable).by
    arguments = tuple(sorted(row.arguments.items()))
    return (row.cell, row.over, row.experiment, arguments, row.at, row.every, kind)


def _of_test(cases: Sequence[Case], test: str) -> list[Case]:
    """The cases with the rows of one kind of test only."""
    wanted = test.strip().lower()
    kept = [
        replace(
            case,
            rows=tuple(r for r in case.rows if r.measurement.test.lower() == wanted),
        )
        for case in cases
    ]
    if not any(case.rows for case in kept):
        known = {row.measurement.test for case in cases for row in case.rows} - {""}
        raise UnknownNameError("test", test, known)
    return kept


def _run(case: Case, row: Row, runs: dict[object, xr.Dataset]) -> Comparison:
    """Simulate a row, or take the run of another row with the same request."""
    cell = load_cell(_own_file(case, row.cell))
    run = _RUNS[observable(row.observable).by]
    key = _request(row)
    if key not in runs:
        runs[key] = run(cell, row)
    reference = 1.0
    if row.over is not None:
        other = run(load_cell(_own_file(case, row.over)), row)
        reference = observable(row.observable).read(other)
    return _compare(case, row, cell, runs[key], reference)


def _simulated(cell: Cell, row: Row) -> xr.Dataset:
    return simulate(cell, row.experiment, arguments=row.arguments)


def _to_the_limit(cell: Cell, row: Row) -> xr.Dataset:
    cell, protocol = requested(cell, row.experiment, None, row.arguments)
    return GalvanostaticRun(cell, protocol.schedule(), ()).run()


def _spectra(cell: Cell, row: Row) -> xr.Dataset:
    found = eis(
        cell, row.experiment, arguments=row.arguments, at=row.at, every=row.every
    )
    return spectra_dataset(found)


#: How each kind of run is made.
_RUNS: Final[dict[Run, Callable[[Cell, Row], xr.Dataset]]] = {
    "simulation": _simulated,
    "schedule": _to_the_limit,
    "spectra": _spectra,
}


def _own_file(case: Case, cell: str) -> str | Path:
    """A cell named by a file beside the case, else by its name."""
    beside = case.path.parent / cell
    return beside if cell.endswith(".toml") and beside.is_file() else cell


def _compare(
    case: Case, row: Row, cell: Cell, result: xr.Dataset, reference: float
) -> Comparison:
    wanted = observable(row.observable)
    measured = row.measurement
    unit = "" if row.over is not None else wanted.unit
    simulated = units.convert(wanted.read(result) / reference, unit, measured.unit)
    survived = wanted.limit and result.attrs[ENDED_BY] == COMPLETED
    rise = wanted.step(result) if wanted.step else 0.0
    step = units.convert(rise, unit, measured.unit)
    below, above = row.tolerance.limits(measured.value, step)
    if wanted.limit and measured.bound in (">=", ">"):
        below = _SURVIVED  # what lived in the paper has to live
    return Comparison(
        id=row.id,
        paper=case.paper,
        cell=cell.name,
        quantity=measured.quantity,
        unit=measured.unit,
        reported=measured.value,
        bound=measured.bound,
        simulated=simulated,
        simulated_bound=">=" if survived else "=",
        error=simulated / measured.value - 1,
        tolerance=above,
        tolerance_below=below,
        passed=agrees(simulated, measured, above, below=below, survived=survived),
        status=_status(row, cell),
        rests_on=rests_on(cell),
        note=row.contradiction or row.reason,
    )


def agrees(
    simulated: float,
    measured: Measurement,
    tolerance: float,
    *,
    below: float | None = None,
    survived: bool = False,
) -> bool:
    """Whether a simulated number agrees with a reported one.

    Parameters
    ----------
    simulated : in the unit of the measurement
    measured : what was reported; a bound is met from its own side at any distance,
        and from the other side within the tolerance
    tolerance : relative
    below : relative, downwards, where it differs
    survived : whether the simulated number is itself only a lower bound: it then meets
        a reported lower bound, and nothing else unless it has come up to it

    Examples
    --------
    >>> agrees(9.0, Measurement("CCD", 5.0, "mA.cm-2", ">=", "abstract"), 0.1)
    True
    >>> agrees(4.0, Measurement("CCD", 5.0, "mA.cm-2", ">=", "abstract"), 0.1)
    False
    """
    error = simulated / measured.value - 1
    high_enough = error >= -(tolerance if below is None else below)
    low_enough = error <= tolerance
    if measured.bound in (">=", ">"):
        return high_enough
    if measured.bound in ("<=", "<") and not survived:
        return low_enough
    return high_enough and low_enough


def _status(row: Row, cell: Cell) -> Status:
    if any(row.id in record.fitted_to for record in cell.records.values()):
        return "fitted"
    return "contradicted" if row.contradiction else "predicted"
