"""Fit parameters of cells to rows and curves of validation cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from twin.errors import RecordError, TwinError, UnknownNameError
from twin.models.compat import Array
from twin.studies.cases import load_case
from twin.studies.fit_data import Curve, Datum, case_data, checked_curve
from twin.studies.fit_problem import FitProblem, FitProgress
from twin.studies.fit_result import FitResult, result_of
from twin.studies.fit_unknowns import Bounds, unknowns_of

#: Points of a profile on either side, and how far they reach in standard deviations.
_PROFILE_POINTS: Final = 4
_PROFILE_REACH: Final = 3.0

#: Rise of chi2 at the ends of a 95 % interval of one parameter.
PROFILE_RISE: Final = 3.841


def fit(
    cases: Sequence[str | Path] = (),
    parameters: Sequence[str] = (),
    *,
    rows: Sequence[str] = (),
    curves: Sequence[Curve] = (),
    bounds: Mapping[str, Bounds] | None = None,
    prior: bool = False,
    progress: FitProgress | None = None,
) -> FitResult:
    """Parameters of cells that meet rows of cases and curves best, with their intervals.

    A parameter that several cells take from one record is one unknown for all of them.
    Residuals are weighted by the stated uncertainty of each row (half the tolerance of
    the case where none is stated); parameters with positive bounds are fitted on a
    logarithmic scale. Derivatives come from IDAKLU across voltage cut-offs where an
    observable has them, else from repeated runs.

    Parameters
    ----------
    cases : names of papers or folders with a case
    parameters : full names, or names without unit; "NAME @ FILE" fits only the record of
        that file where the cells have several
    rows : ids of the rows and curves of the cases to fit to; all that are not
        contradicted if empty
    curves : measured voltages over time, beside those of the cases
    bounds : by parameter, in the unit of its name (SI), in place of the records' ranges
    prior : whether the bounds count as a prior, of which they are the 95 % interval
    progress : called with the number of evaluations and chi2

    Returns
    -------
    FitResult

    Raises
    ------
    UnknownNameError
        If there is no such case, row or parameter.
    TwinError
        If bounds are of no use, a parameter has none, there are more parameters than
        numbers without a prior, or nothing is left to fit.
    SolveError
        If the runs fail at the start, with the rows and values.

    Examples
    --------
    >>> found = fit(
    ...     ["mann2025"],
    ...     ["Separator bulk conductivity at 25 C"],
    ...     rows=["mann-rtot-60"],
    ... )
    >>> found.parameters[0].identified
    True
    """
    problem = problem_of(
        cases, parameters, rows=rows, curves=curves, bounds=bounds, prior=prior
    )
    start = np.array([u.to_scale(u.start) for u in problem.unknowns])
    return result_of(problem, *problem.minimum(start, progress=progress))


def problem_of(
    cases: Sequence[str | Path],
    parameters: Sequence[str],
    *,
    rows: Sequence[str] = (),
    curves: Sequence[Curve] = (),
    bounds: Mapping[str, Bounds] | None = None,
    prior: bool = False,
) -> FitProblem:
    """The problem that :func:`fit` solves, with its runs built.

    Parameters and errors are those of :func:`fit`.

    Examples
    --------
    >>> found = problem_of(["mann2025"], ["Separator thickness"], rows=["mann-rtot-60"],
    ...     bounds={"Separator thickness [m]": (6e-4, 8e-4)})
    >>> [unknown.name for unknown in found.unknowns]
    ['Separator thickness [m]']
    """
    loaded = [load_case(case) for case in cases]
    data: list[Datum] = list(case_data(loaded, rows)) if loaded else []
    data += [checked_curve(curve) for curve in curves]
    ids = [datum.id for datum in data]
    for one in ids:
        if ids.count(one) > 1:
            raise RecordError(f"'{one}' names two of the data", where="fit")
    if not parameters:
        uncertain = {
            name
            for datum in data
            for cell in datum.cells
            for name, record in cell.records.items()
            if record.status in ("fitted", "assumed")
        }
        raise TwinError(
            "give at least one parameter to fit; fitted or assumed are: "
            + ", ".join(sorted(uncertain)),
            where="fit",
        )
    unknowns = unknowns_of(
        [cell for datum in data for cell in datum.cells], parameters, bounds
    )
    return FitProblem(data, unknowns, prior)


@dataclass(frozen=True)
class Profile:
    """How well the data can be met with one parameter held at each of some values.

    Attributes
    ----------
    label : of the parameter
    values : shape (points,), in SI, rising
    rise : of chi2 above its minimum; :data:`PROFILE_RISE` at the ends of the 95 %
        interval
    """

    label: str
    values: Array
    rise: Array


def profile(problem: FitProblem, found: FitResult, name: str) -> Profile:
    """Profile likelihood of one parameter: the others are fitted again at each point.

    Parameters
    ----------
    problem : as of :func:`problem_of`
    found : its result
    name : of the parameter, or its label

    Raises
    ------
    UnknownNameError
        If it was not fitted.
    """
    labels = [unknown.label for unknown in problem.unknowns]
    chosen = [
        k
        for k, unknown in enumerate(problem.unknowns)
        if name in (unknown.label, unknown.name, unknown.name.partition(" [")[0])
    ]
    if not chosen:
        raise UnknownNameError("fitted parameter", name, labels, where="profile")
    k = chosen[0]
    best = found.minimum
    reach = min(_PROFILE_REACH * float(found.statistics.deviation[k]), 1.0)
    ends = (max(best.x[k] - reach, 0.0), min(best.x[k] + reach, 1.0))
    points: dict[float, float] = {float(best.x[k]): 0.0}
    for end in ends:
        x = best.x.copy()
        for place in np.linspace(best.x[k], end, _PROFILE_POINTS + 1)[1:]:
            x[k] = place
            at, _, _ = problem.minimum(x, held=[k])
            x = at.x.copy()
            points[float(place)] = at.chi2 - best.chi2
    unknown = problem.unknowns[k]
    order = sorted(points)
    return Profile(
        unknown.label,
        np.array([unknown.from_scale(x) for x in order]),
        np.array([points[x] for x in order]),
    )
