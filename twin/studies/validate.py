"""Compare the model with what papers reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np
import xarray as xr

from twin import names, units
from twin.errors import RecordError, SolveError, TwinError
from twin.parts.parameters import Cell
from twin.parts.protocols import load_experiment
from twin.run.galvanostatic import GalvanostaticRun
from twin.run.observables import ALMOST_NONE, Run, observable
from twin.run.requests import requested
from twin.run.simulate import simulate
from twin.studies.aged import aged
from twin.studies.case_sets import cell_of, load_cases
from twin.studies.cases import Case, Measurement, Row
from twin.studies.curve_cases import Curve
from twin.studies.curve_rows import rows_of_curve
from twin.studies.curves import compare_curve
from twin.studies.eis import eis
from twin.studies.fitted_rows import fitted_to
from twin.studies.processes import each
from twin.studies.provenance import rests_on
from twin.studies.spectra_dataset import spectra_dataset
from twin.studies.traces import Trace, trace_of

Status = Literal["predicted", "fitted", "contradicted"]

#: Relative error of a time or current up to which a run counts as having come to its end.
_SURVIVED: Final = 1e-4

#: Called with the number of rows done, the number of rows and the id of one just done; an
#: empty one before any.
RowProgress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Comparison:
    """One row of a validation: reported against simulated, in the reported unit.

    Attributes
    ----------
    simulated_bound : "=", or ">=" where nothing failed up to the end of the schedule
    error : relative, simulated over reported minus one
    relative_to : what errors and tolerances are shares of where nothing was reported: the
        "span" of a measured curve or its "mean"
    tolerance, tolerance_below : largest relative errors that agree, upwards and downwards
    passed : whether the error is within the tolerance, or the bound is met
    status : "fitted" if a parameter of the cell was fitted to this row, else
        "contradicted" or "predicted"
    fitted_to : id of the row or curve that makes it a fitted one: its own, or that of the
        same data; empty if it is not
    fitted_parameters : names of the parameters that were fitted to that
    rests_on : names of the assumed and fitted parameters behind the simulation
    note : reason of the contradiction or of the tolerance
    failure : why the run did not complete, empty if it did; what is simulated and the
        error are then NaN
    locator : where in the paper the number stands
    repairs : what was changed in a measured curve after reading it
    contradicted : whether the case gives a reason why no consistent model meets the row,
        be a parameter fitted to it or not
    trace : curve of the run, for figures
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
    failure: str = ""
    locator: str = ""
    repairs: tuple[str, ...] = ()
    relative_to: str = ""
    fitted_to: str = ""
    fitted_parameters: tuple[str, ...] = ()
    contradicted: bool = False
    trace: Trace | None = field(default=None, repr=False, compare=False)

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
        return not (self.passed or self.contradicted)


def validate(
    cases: Sequence[str | Path] = (),
    progress: RowProgress | None = None,
    *,
    test: str | None = None,
    workers: int = 1,
) -> list[Comparison]:
    """Simulate every row and every curve of some cases and compare.

    A run that the solver cannot complete makes its rows fail, with the reason.

    Parameters
    ----------
    cases : names of papers or folders with a case; all known cases if empty
    progress : called at first and after each run with the number of rows done, of all
        rows, and an id
    test : only rows whose numbers were measured in this kind of test, as the column "test"
        of their tables says; case makes no difference
    workers : processes that share the runs; a script that asks for more than one needs
        ``if __name__ == "__main__":``, as the processes import it

    Returns
    -------
    list of Comparison, in the order of the cases and their rows; curves after rows, each
    with a row of its RMSE and, where the case asks for it, one of its capacity

    Raises
    ------
    TwinError
        If a case, cell, experiment or curve cannot be read, or there is no such test.

    Examples
    --------
    >>> rows = validate(["mann2025"], test="EIS")
    >>> {row.status for row in rows} <= {"predicted", "fitted", "contradicted"}
    True
    """
    loaded = load_cases(cases, test)
    groups: dict[object, _Group] = {}
    for case in loaded:
        for row in case.rows:
            groups.setdefault((case.path, *_request(row)), []).append((case, row))
        for curve in case.curves:
            groups[case.path, curve.id] = [(case, curve)]
    total = sum(len(group) for group in groups.values())
    # what takes longest starts first
    ordered = sorted(groups.values(), key=_cost, reverse=True)
    found: dict[tuple[Path, str], list[Comparison]] = {}
    if progress is not None:
        progress(0, total, "")
    for number, compared in each(_of_one_run, ordered, workers):
        group = ordered[number]
        for (case, item), comparisons in zip(group, compared, strict=True):
            found[case.path, item.id] = comparisons
        if progress is not None:
            progress(len(found), total, group[-1][1].id)
    return [
        comparison
        for case in loaded
        for key in [row.id for row in case.rows] + [one.id for one in case.curves]
        for comparison in found[case.path, key]
    ]


#: Rows of one case that ask for the same run, or one curve.
_Group: TypeAlias = list[tuple[Case, Row | Curve]]


#: Cost of a step with an interlayer, and of an ageing run, in steps without one.
_OF_INTERLAYER: Final = 20
_OF_AGEING: Final = 20_000


def _cost(group: _Group) -> int:
    """Roughly what a run takes, in steps of a symmetric cell."""
    case, item = group[0]
    try:
        protocol = load_experiment(item.experiment)
        if not isinstance(item, Curve):
            protocol = protocol.with_arguments(item.arguments)
        layered = names.INTERLAYER_THICKNESS in cell_of(case, item).records
    except TwinError:
        return 0  # what is wrong is said, with its place, when it is run
    if not isinstance(item, Curve) and observable(item.observable).by == "ageing":
        return _OF_AGEING
    return protocol.schedule().steps * (_OF_INTERLAYER if layered else 1)


def _of_one_run(group: _Group) -> list[list[Comparison]]:
    runs: dict[object, xr.Dataset | SolveError] = {}
    compared = []
    for case, item in group:
        try:
            if isinstance(item, Curve):
                compared.append(_curve(case, item))
            else:
                compared.append([_run(case, item, runs)])
        except TwinError as error:
            where = f"{case.path}, row {item.id}"
            raise RecordError(str(error), where=where) from None
    return compared


def _request(row: Row) -> tuple[object, ...]:
    """What rows that share a run have in common."""
    kind = observable(row.observable).by
    arguments = tuple(sorted(row.arguments.items()))
    return (row.cell, row.over, row.experiment, arguments, row.at, row.every, kind)


def _run(case: Case, row: Row, runs: dict[object, xr.Dataset | SolveError]) -> Comparison:
    """Simulate a row, or take the run of another row with the same request."""
    cell = cell_of(case, row)
    key = _request(row)
    reference = 1.0
    try:
        if key not in runs:
            runs[key] = run_row(cell, row)
        if row.over is not None:
            other = run_row(cell_of(case, replace(row, cell=row.over)), row)
            reference = observable(row.observable).read(other)
    except SolveError as error:
        runs[key] = error
    return _compare(case, row, cell, runs[key], reference)


def _simulated(cell: Cell, row: Row) -> xr.Dataset:
    return simulate(cell, row.experiment, arguments=row.arguments)


def _to_the_limit(cell: Cell, row: Row) -> xr.Dataset:
    cell, protocol = requested(cell, row.experiment, None, row.arguments)
    return GalvanostaticRun(cell, protocol.schedule(), ()).run()


def _aged(cell: Cell, row: Row) -> xr.Dataset:
    return aged(cell, row.experiment, row.arguments, floor=ALMOST_NONE)


def _spectra(cell: Cell, row: Row) -> xr.Dataset:
    found = eis(cell, row.experiment, arguments=row.arguments, at=row.at, every=row.every)
    return spectra_dataset(found)


#: How each kind of run is made.
_RUNS: Final[dict[Run, Callable[[Cell, Row], xr.Dataset]]] = {
    "simulation": _simulated,
    "schedule": _to_the_limit,
    "ageing": _aged,
    "spectra": _spectra,
}


def run_row(cell: Cell, row: Row) -> xr.Dataset:
    """The run that a row's number is read off.

    Parameters
    ----------
    cell : that the row names, or the same with other values
    row : of a case

    Raises
    ------
    TwinError
        If the cell cannot be run so, or the solver fails.

    Examples
    --------
    >>> case, = load_cases(["mann2025"])
    >>> run_row(cell_of(case, case.rows[7]), case.rows[7]).attrs["ended_by"]
    'protocol completed'
    """
    return _RUNS[observable(row.observable).by](cell, row)


def _compare(
    case: Case,
    row: Row,
    cell: Cell,
    result: xr.Dataset | SolveError,
    reference: float,
) -> Comparison:
    wanted = observable(row.observable)
    measured = row.measurement
    compared = Comparison(
        id=row.id,
        paper=case.paper,
        cell=cell.name,
        quantity=measured.quantity,
        unit=measured.unit,
        reported=measured.value,
        bound=measured.bound,
        simulated=np.nan,
        simulated_bound="=",
        error=np.nan,
        tolerance=row.tolerance.relative,
        tolerance_below=row.tolerance.relative,
        passed=False,
        status="predicted",
        rests_on=rests_on(cell),
        note=row.contradiction or row.reason,
        locator=measured.locator,
    )
    compared = _with_status(compared, row, case, cell)
    if isinstance(result, SolveError):
        return replace(compared, failure=str(result))
    unit = "" if row.over is not None else wanted.unit
    simulated = units.convert(wanted.read(result) / reference, unit, measured.unit)
    survived = wanted.limit and wanted.survived(result)
    rise = wanted.step(result) if wanted.step else 0.0
    step = units.convert(rise, unit, measured.unit)
    below, above = row.tolerance.limits(measured.value, step)
    if wanted.limit and measured.bound in (">=", ">"):
        below = _SURVIVED  # what lived in the paper has to live
    return replace(
        compared,
        simulated=simulated,
        simulated_bound=">=" if survived else "=",
        error=simulated / measured.value - 1,
        tolerance=above,
        tolerance_below=below,
        passed=agrees(simulated, measured, above, below=below, survived=survived),
        trace=trace_of(cell, row, result),
    )


def _curve(case: Case, curve: Curve) -> list[Comparison]:
    cell = cell_of(case, curve)
    unknown = Comparison(
        id=curve.id,
        paper=case.paper,
        cell=cell.name,
        quantity=curve.kind,
        unit="",
        reported=0.0,
        bound="=",
        simulated=np.nan,
        simulated_bound="=",
        error=np.nan,
        tolerance=np.nan,
        tolerance_below=np.nan,
        passed=False,
        status="predicted",
        rests_on=rests_on(cell),
        note=curve.contradiction or curve.reason,
        locator=curve.path.name,
    )
    unknown = _with_status(unknown, curve, case, cell)
    try:
        return rows_of_curve(unknown, curve, compare_curve(curve, cell))
    except SolveError as error:
        return [replace(unknown, failure=str(error))]


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


def _with_status(
    compared: Comparison, item: Row | Curve, case: Case, cell: Cell
) -> Comparison:
    found = fitted_to(item, case, cell)
    compared = replace(compared, contradicted=item.contradiction is not None)
    if found is not None:
        return replace(
            compared,
            status="fitted",
            fitted_to=found.datum,
            fitted_parameters=found.parameters,
        )
    return replace(
        compared, status="contradicted" if compared.contradicted else "predicted"
    )
