"""The best design under constraints."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr
from scipy.optimize import NonlinearConstraint, differential_evolution, minimize
from scipy.stats import qmc

from twin.errors import RecordError, SolveError, TwinError
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.protocols import Protocol, load_experiment
from twin.run.requests import requested
from twin.run.solving import Progress
from twin.studies.campaign import unit_rows
from twin.studies.joint import of_the_staircase, source
from twin.studies.local_sensitivity import has_gradient
from twin.studies.outputs import OUTPUTS
from twin.studies.provenance import rests_on
from twin.studies.ranges import Factor, factors_of
from twin.studies.search_problem import HOPELESS, MET, Constraint, Problem, parse_constraint
from twin.studies.tasks import commonest

GRADIENTS: Final = "gradients (SLSQP)"
EVOLUTION: Final = "differential evolution"

#: Designs of the first look, and of a generation of the evolution, for each parameter.
_LOOKS: Final = 16
_POPULATION: Final = 10

#: From how many designs of the first look gradients set out.
_STARTS: Final = 2

#: Change of the goal over all designs, as a share, below which none is better.
_FLAT: Final = 1e-3

#: Relative change of the output, or of the designs, at which a search ends.
_SETTLED: Final = 1e-6
_CONVERGED: Final = 1e-3


@dataclass(frozen=True)
class SearchResult:
    """A design and what it yields.

    Attributes
    ----------
    cell, experiment : names
    goal : output that was made as large, or as small, as can be
    largest : whether large was wanted
    constraints : what had to be kept
    method : how it was found
    factors : what varied
    design : value of each parameter, in SI
    values : its outputs, in SI
    before : those of the cell as it is, in SI; not a number where it cannot be run
    feasible : whether all constraints are kept
    designs : all that were run, over "design", with "feasible"
    front : numbers of those designs that no other one beats in the goal and in the first
        constraint's output at once; empty without constraints
    notes : remarks, one sentence each
    rests_on : names of the cell's assumed and fitted parameters
    """

    cell: str
    experiment: str
    goal: str
    largest: bool
    constraints: tuple[Constraint, ...]
    method: str
    factors: tuple[Factor, ...]
    design: Mapping[str, float]
    values: Mapping[str, float]
    before: Mapping[str, float]
    feasible: bool
    designs: xr.Dataset = field(repr=False, compare=False)
    front: tuple[int, ...]
    notes: tuple[str, ...]
    rests_on: tuple[str, ...]

    def to_json(self) -> str:
        """The result, its front included, as JSON in SI units."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        del fields["designs"]
        before = {k: v if np.isfinite(v) else None for k, v in self.before.items()}
        content = {
            **fields,
            "before": before,
            "constraints": [dataclasses.asdict(one) for one in self.constraints],
            "factors": [dataclasses.asdict(one) for one in self.factors],
            "units": {name: OUTPUTS[name].unit or "1" for name in self.values},
            "runs": self.designs.sizes["design"],
            "front": [
                {str(k): float(v[n]) for k, v in self.designs.data_vars.items()}
                for n in self.front
            ],
            "twin_version": version("solid-state-twin"),
        }
        return json.dumps(content, indent=2) + "\n"


def search(
    cell: str | Path | Cell,
    experiment: str | Path | Protocol,
    settings: Mapping[str, float] | None = None,
    arguments: Mapping[str, str] | None = None,
    *,
    goal: str,
    largest: bool = True,
    subject: Sequence[str] = (),
    vary: Sequence[str],
    seed: int = 1,
    evaluations: int = 2000,
    progress: Progress | None = None,
) -> SearchResult:
    """Find the design with the largest, or smallest, output under constraints.

    A first look at designs spread over the ranges; then, where all outputs have
    derivatives, sequential quadratic programming from the best of them, else
    differential evolution, whose generations are solved side by side.

    Parameters
    ----------
    cell, experiment, settings : as of :func:`twin.simulate`
    arguments : of the experiment, and of the staircase that gives the critical current
        density of a full cell, :data:`twin.studies.joint.ARGUMENTS`
    goal : output, see :data:`twin.studies.outputs.OUTPUTS`
    largest : False makes it as small as can be
    subject : constraints as "OUTPUT >= value unit"
    vary : parameters as "NAME=low:high unit"
    seed : the same one gives the same search
    evaluations : runs of an evolution, the first look included; one generation is run
        in any case
    progress : called with the share of them done

    Raises
    ------
    TwinError
        If a request is not possible, or no design at all can be run.

    Examples
    --------
    >>> found = search(
    ...     "mann2025_li",
    ...     "full_stripping",
    ...     goal="stripped capacity",
    ...     vary=["Lithium self-diffusivity at 25 C=1e-15:1.5e-15 m2.s-1"],
    ... )
    >>> round(next(iter(found.design.values())) * 1e15, 6)
    1.5
    """
    kind = experiment if isinstance(experiment, Protocol) else load_experiment(experiment)
    own, levels = of_the_staircase(arguments or {}, kind)
    loaded, protocol = requested(cell, kind, settings, own)
    of = source(loaded, protocol, levels)
    name = " ".join(goal.lower().split())
    of.output(name)
    constraints = tuple(parse_constraint(one, of) for one in subject)
    if not vary:
        raise TwinError('nothing varies; give --vary "NAME=low:high unit"')
    factors = factors_of(loaded, protocol, vary, option="--vary")
    named = tuple(dict.fromkeys([name, *(one.output for one in constraints)]))
    if levels and not any(of.beside(one) for one in named):
        raise RecordError(
            "belongs to the staircase of the critical current density, which is neither "
            "goal nor limit",
            where=f"argument {next(iter(levels))}",
        )
    if seed < 0:
        raise RecordError("seeds count from 0", where=f"--seed {seed}")
    if evaluations < 1:
        raise RecordError(
            "give at least as many as the first look has, 16 for each parameter",
            where=f"--evaluations {evaluations}",
        )
    problem = Problem(of, factors, named, largest, constraints)
    starts = _first_look(problem, seed)
    if all(has_gradient(one) for one in named):
        method = GRADIENTS
        for start in starts[:_STARTS]:
            _descend(problem, start)
    else:
        method = EVOLUTION
        _evolve(problem, starts, seed, evaluations, progress)
    return _result(problem, method)


def _first_look(problem: Problem, seed: int) -> list[Array]:
    """Designs spread over the ranges and the cell's own, the best ones first."""
    count = len(problem.factors)
    spread = qmc.Sobol(count, rng=seed).random(_LOOKS * 2 ** int(np.ceil(np.log2(count))))
    own = np.array([f.share(f.value) if f.low <= f.value else 0.0 for f in problem.factors])
    shares = np.vstack([np.clip(own, 0, 1), spread])
    outputs = problem.outputs(shares)
    if not np.isfinite(outputs).any():
        why, times = commonest(problem.reasons)
        raise SolveError(
            f"no design of {len(shares)} can be run; the reason of {times} of them: {why}"
        )
    problem.scale = float(np.nanmax(np.abs(outputs[:, 0]))) or 1.0
    return [shares[n] for n in problem.ranked(shares)]


def _descend(problem: Problem, start: Array) -> None:
    """Sequential quadratic programming; whatever it runs is remembered."""
    sign = -1 if problem.largest else 1
    known: dict[bytes, Array] = {}

    def slopes(share: Array) -> Array:
        share = np.clip(share, 0.0, 1.0)
        key = share.tobytes()
        if key not in known:
            known[key] = problem.slopes(share)
        return known[key]

    def slope_of(one: Constraint, share: Array) -> Array:
        direction = 1 if one.relation == ">=" else -1
        place = problem.named.index(one.output)
        return np.asarray(direction * slopes(share)[place] / (abs(one.limit) or 1.0))

    limits = [
        {
            "type": "ineq",
            "fun": lambda x, n=n: problem.excess(problem.outputs(x))[0, n],
            "jac": lambda x, one=one: slope_of(one, x),
        }
        for n, one in enumerate(problem.constraints)
    ]
    try:
        minimize(
            lambda x: problem.cost(problem.outputs(x))[0],
            start,
            jac=lambda x: sign * slopes(x)[0] / problem.scale,
            bounds=[(0.0, 1.0)] * len(start),
            constraints=limits,
            method="SLSQP",
            options={"ftol": _SETTLED, "maxiter": 50},
        )
    except SolveError:  # a design on the way that cannot be run; the others remain
        return


def _evolve(
    problem: Problem,
    starts: Sequence[Array],
    seed: int,
    evaluations: int,
    progress: Progress | None,
) -> None:
    """Differential evolution from the first look on; whatever it runs is remembered."""
    count = len(problem.factors)
    members = max(_POPULATION * count, 16)
    first = np.stack(starts[:members]) if len(starts) >= members else np.stack(starts)
    # the first look has been run, and with it the first generation
    generations = max((evaluations - len(starts)) // members, 1)

    def report(intermediate_result: Any) -> None:
        if progress is not None:
            progress(min(1.0, intermediate_result.nit / generations))

    limits: tuple[NonlinearConstraint, ...] = ()
    if problem.constraints:
        limits = (
            NonlinearConstraint(
                lambda x: problem.excess(problem.outputs(np.atleast_2d(x.T))).T, 0.0, np.inf
            ),
        )
    differential_evolution(
        lambda x: problem.cost(problem.outputs(np.atleast_2d(x.T))),
        [(0.0, 1.0)] * count,
        constraints=limits,
        init=first,
        maxiter=generations,
        tol=_CONVERGED,
        polish=False,
        updating="deferred",
        vectorized=True,
        rng=seed,
        callback=report,
    )


def _result(problem: Problem, method: str) -> SearchResult:
    shares = problem.shares
    outputs = problem.outputs(shares)
    best = problem.ranked(shares)[0]
    rows = unit_rows(shares, problem.factors)
    feasible = np.asarray((problem.excess(outputs) >= -MET).all(axis=1))
    names = [factor.name for factor in problem.factors]
    own = np.array([[factor.value for factor in problem.factors]])
    before = problem.evaluate(own).values[0]
    data: dict[str, Any] = {n: ("design", rows[:, place]) for place, n in enumerate(names)}
    for place, name in enumerate(problem.named):
        unit = {"units": OUTPUTS[name].unit or "1"}
        data[name] = ("design", outputs[:, place], unit)
    data["feasible"] = ("design", feasible & np.isfinite(outputs[:, 0]))
    ends = [
        factor.name
        for factor, share in zip(problem.factors, shares[best], strict=True)
        if min(share, 1 - share) < _CONVERGED
    ]
    notes = [f"{', '.join(ends)}: at the end of the range"] if ends else []
    notes += _flat(outputs[np.asarray(data["feasible"][1]), 0])
    return SearchResult(
        cell=problem.cell.name,
        experiment=problem.protocol.name,
        goal=problem.named[0],
        largest=problem.largest,
        constraints=problem.constraints,
        method=method,
        factors=problem.factors,
        design=dict(zip(names, map(float, rows[best]), strict=True)),
        values=dict(zip(problem.named, map(float, outputs[best]), strict=True)),
        before=dict(zip(problem.named, map(float, before), strict=True)),
        feasible=bool(feasible[best]),
        designs=xr.Dataset(data),
        front=_front(problem, outputs),
        notes=tuple(notes),
        rests_on=rests_on(problem.cell),
    )


def _flat(goals: Array) -> list[str]:
    """Remark on a goal that the ranges do not change."""
    if goals.size < 2:
        return []
    spread = float(np.ptp(goals) / np.abs(goals).max()) if goals.any() else 0.0
    if spread > _FLAT:
        return []
    return [
        f"the goal changes by {100 * spread:.1g} % over all designs that were run and keep "
        "the limits: one is as good as the other"
    ]


def _front(problem: Problem, outputs: Array) -> tuple[int, ...]:
    """Designs that none beats in the cost and the first constraint, by rising cost."""
    if not problem.constraints:
        return ()
    cost, excess = problem.cost(outputs), problem.excess(outputs)[:, 0]
    front: list[int] = []
    for n in np.lexsort((-excess, cost)):
        runs = cost[n] < HOPELESS and excess[n] > -HOPELESS
        if runs and (not front or excess[n] > excess[front[-1]]):
            front.append(int(n))
    return tuple(front)
