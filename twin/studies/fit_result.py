"""What comes of a fit: values with their intervals, and what they rest on."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from twin import units
from twin.parts.cell import Cell
from twin.parts.fit_reports import same_value
from twin.studies.fit_curves import FileDatum
from twin.studies.fit_data import Datum, RowDatum
from twin.studies.fit_problem import Evaluation, FitProblem
from twin.studies.fit_statistics import Statistics, names_of, sampled, statistics
from twin.studies.fit_unknowns import Unknown

#: Distance of a value from its bound, on the scale of the fit, at which it lies on it.
_ON_BOUND: Final = 1e-3


@dataclass(frozen=True)
class FittedParameter:
    """A fitted value in the unit of its name (SI).

    Attributes
    ----------
    name, file : of the parameter, and of the record that it replaces
    cells : that share it
    value : at the minimum
    low, high : ends of the 95 % interval; of a value that the data do not fix not beyond
        the bounds
    start : value of the record before the fit
    bounds : of the fit
    identified : whether the data fix it
    on_bound : whether the minimum lies on one of the bounds
    """

    name: str
    file: str
    cells: tuple[str, ...]
    value: float
    low: float
    high: float
    start: float
    bounds: tuple[float, float]
    identified: bool
    on_bound: bool


@dataclass(frozen=True)
class FittedDatum:
    """A row or a curve at the minimum.

    Attributes
    ----------
    id, cell, quantity, unit : as in the case; a curve's are a root mean square
    reported, simulated : in that unit; of a curve 0 and the error
    residual : in standard deviations; of a curve the root mean square, of one of a case
        the root of the sum of squares
    """

    id: str
    cell: str
    quantity: str
    unit: str
    reported: float
    simulated: float
    residual: float


@dataclass(frozen=True)
class FitResult:
    """Fitted parameters, their uncertainty, and how well they meet the data.

    Attributes
    ----------
    parameters, data : in the order in which they were asked for
    fitted_to : for each parameter, ids of the data that its cells gave, after those that
        its record was fitted to before where the value is the same
    statistics : on the scale of the fit
    notes : what a reader must know before using the values
    evaluations : of all runs together
    converged : whether the minimum was found in time
    cells : as they were before the fit
    unknowns, minimum : of the problem
    """

    parameters: tuple[FittedParameter, ...]
    data: tuple[FittedDatum, ...]
    fitted_to: tuple[tuple[str, ...], ...]
    statistics: Statistics
    notes: tuple[str, ...]
    evaluations: int
    converged: bool
    cells: tuple[Cell, ...]
    unknowns: tuple[Unknown, ...]
    minimum: Evaluation

    @property
    def values(self) -> dict[str, float]:
        """Fitted values in SI by label, which names parameter and file."""
        return {
            unknown.label: parameter.value
            for unknown, parameter in zip(self.unknowns, self.parameters, strict=True)
        }

    def ensemble(self, number: int, seed: int = 0) -> list[dict[str, float]]:
        """Sets of values that the data leave possible, by label, in SI.

        Drawn from the Gaussian posterior of the problem linearised at the minimum,
        within the bounds.

        Parameters
        ----------
        number : of sets
        seed : of the random numbers
        """
        drawn = sampled(self.minimum, self.statistics, number, seed)
        return [
            {
                unknown.label: unknown.from_scale(float(x))
                for unknown, x in zip(self.unknowns, one, strict=True)
            }
            for one in drawn
        ]

    def as_dict(self) -> dict[str, Any]:
        """Plain data that JSON can hold; what is not finite is None."""
        known = self.statistics
        labels = [unknown.label for unknown in self.unknowns]
        return {
            "parameters": [
                {**asdict(p), "fitted_to": list(rows)}
                for p, rows in zip(self.parameters, self.fitted_to, strict=True)
            ],
            "data": [asdict(datum) for datum in self.data],
            "chi2": known.chi2,
            "degrees_of_freedom": known.freedom,
            "widening": known.widening,
            "correlation": [[_finite(c) for c in row] for row in known.correlation],
            "identifiability": [
                {
                    "eigenvalue": direction.eigenvalue,
                    "vector": dict(zip(labels, direction.vector.tolist(), strict=True)),
                    "fixed": direction.fixed,
                }
                for direction in known.directions
            ],
            "notes": list(self.notes),
            "evaluations": self.evaluations,
            "converged": self.converged,
        }

    def to_json(self) -> str:
        """The result as JSON."""
        return json.dumps(self.as_dict(), indent=2) + "\n"


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def result_of(
    problem: FitProblem, found: Evaluation, evaluations: int, converged: bool
) -> FitResult:
    """What the minimum of a problem says.

    Parameters
    ----------
    problem : FitProblem
    found : its minimum
    evaluations, converged : as :meth:`FitProblem.minimum` returns them
    """
    known = statistics(found)
    parameters = tuple(
        _parameter(unknown, k, found, known) for k, unknown in enumerate(problem.unknowns)
    )
    data = tuple(_datum(problem, found, place) for place in range(len(problem.data)))
    fitted_to = tuple(
        _fitted_to(problem, unknown, parameter.value)
        for unknown, parameter in zip(problem.unknowns, parameters, strict=True)
    )
    cells = {str(cell.path): cell for d in problem.data for cell in d.cells}
    return FitResult(
        parameters,
        data,
        fitted_to,
        known,
        tuple(_notes(problem, parameters, known, converged)),
        evaluations,
        converged,
        tuple(cells.values()),
        problem.unknowns,
        found,
    )


def _fitted_to(problem: FitProblem, unknown: Unknown, value: float) -> tuple[str, ...]:
    own = [d.id for d in problem.data if any(map(unknown.acts_on, d.cells))]
    record = unknown.record
    # a value that is found again is still what the earlier data made it
    before = record.fitted_to if same_value(value, record.value) else ()
    return tuple(dict.fromkeys([*before, *own]))


def _parameter(
    unknown: Unknown, k: int, found: Evaluation, known: Statistics
) -> FittedParameter:
    x, identified = float(found.x[k]), known.identified[k]
    half = float(known.half_width[k])
    low, high = -math.inf, math.inf
    if math.isfinite(half):
        low, high = unknown.from_scale(x - half), unknown.from_scale(x + half)
    if not identified:
        low, high = max(low, unknown.low), min(high, unknown.high)
    return FittedParameter(
        unknown.name,
        unknown.record.file,
        unknown.cells,
        unknown.from_scale(x),
        low,
        high,
        unknown.record.value,
        (unknown.low, unknown.high),
        identified,
        min(x, 1 - x) < _ON_BOUND,
    )


def _datum(problem: FitProblem, found: Evaluation, place: int) -> FittedDatum:
    datum: Datum = problem.data[place]
    own = found.residuals[found.owners == place]
    if isinstance(datum, RowDatum):
        measured = datum.row.measurement
        simulated = float(found.predictions[place].value[0])
        return FittedDatum(
            datum.id,
            datum.cell.name,
            measured.quantity,
            measured.unit,
            measured.value,
            units.convert(simulated, datum.unit, measured.unit),
            float(own[0]),
        )
    if isinstance(datum, FileDatum):
        off = (found.predictions[place].value - datum.measured)[: datum.x.size]
        return FittedDatum(
            datum.id,
            datum.cell.name,
            f"{datum.curve.kind}, root mean square error",
            datum.unit,
            0.0,
            float(np.sqrt(np.mean(off**2))),
            float(np.linalg.norm(own)),
        )
    volts = found.predictions[place].value[: datum.time.size] - datum.voltage
    return FittedDatum(
        datum.id,
        datum.cell.name,
        "root mean square error of the voltage",
        "V",
        0.0,
        float(np.sqrt(np.mean(volts**2))),
        float(np.sqrt(np.mean(own**2))),
    )


def _notes(
    problem: FitProblem,
    parameters: Sequence[FittedParameter],
    known: Statistics,
    converged: bool,
) -> list[str]:
    labels = [unknown.label for unknown in problem.unknowns]
    notes = [
        f"{datum.curve.path.name} of '{datum.id}' was repaired: {'; '.join(datum.repairs)}"
        for datum in problem.data
        if isinstance(datum, FileDatum) and datum.repairs
    ]
    if not converged:
        notes.append("the minimum was not found in time; the values are the best so far")
    for k in known.without_effect:
        notes.append(
            f"'{labels[k]}' has no effect on these data: leave it out, or add data that "
            "depend on it"
        )
    for direction in known.directions:
        rest = [k for k in direction.members if k not in known.without_effect]
        if direction.fixed or not rest:
            continue
        if len(rest) > 1:
            notes.append(
                f"the data cannot tell {names_of(rest, labels)} apart: a combination of "
                "them is no better known than by their bounds"
            )
        else:
            notes.append(
                f"the data say no more about '{labels[rest[0]]}' than its bounds do"
            )
    for a, b, correlation in known.strong_pairs:
        if all(known.identified[k] for k in (a, b)):
            notes.append(
                f"{names_of([a, b], labels)} are hard to tell apart: their correlation is "
                f"{correlation:+.3f}"
            )
    for label, parameter in zip(labels, parameters, strict=True):
        if parameter.on_bound and parameter.identified:
            notes.append(
                f"'{label}' lies on a bound: its interval is that of the unbounded "
                "problem, and the data may ask for more"
            )
    if known.widening > 1:
        notes.append(
            f"chi2 = {known.chi2:.3g} with {known.freedom} degrees of freedom: the stated "
            f"uncertainties do not explain the residuals; intervals are widened by "
            f"{known.widening:.3g}"
        )
    return notes
