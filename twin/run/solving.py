"""Schedules on PyBaMM: from plain steps to an experiment and its solution."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import numpy as np
import pybamm

from twin import names
from twin.errors import RecordError, SolveError
from twin.models import compat
from twin.models.build import build_model
from twin.models.compat import Array
from twin.models.compat_solvers import with_options
from twin.models.integrator import (
    LADDER,
    NO_TIME,
    RISE,
    USUAL,
    Attempt,
    integrator,
    no_progress,
)
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import Cell
from twin.parts.schedule import Schedule, Step
from twin.parts.sweeps import Interval
from twin.run import results
from twin.run.notes import liquid_notes

#: Called with the share of the protocol that is done, 0 to 1.
Progress = Callable[[float], None]

#: Longest time at a constant voltage whose current does not fall to its limit [s].
LONGEST_HOLD: Final = 24 * 3600.0

#: More than any cell holds [C.m-2], 100 mAh.cm-2: a charge or discharge that only a
#: voltage ends stops here at the latest.
LONGEST_CAPACITY: Final = 3.6e6


def solved(
    cell: Cell,
    schedule: Schedule,
    *,
    where: str,
    solver: pybamm.BaseSolver | None = None,
    progress: Progress | None = None,
    every: Interval | None = None,
    stop: float | None = None,
) -> tuple[pybamm.Simulation, pybamm.Solution, int]:
    """Run a cell through a schedule, as PyBaMM's simulation and solution.

    Parameters
    ----------
    cell : Cell
    schedule : steps in SI
    where : what messages name as the place
    solver, progress : as of :func:`twin.run.simulate.simulate`
    every : interval of the times in each step that are kept; the solver's own if None
    stop : time at which the run ends at the latest [s]

    Returns
    -------
    tuple of pybamm.Simulation, pybamm.Solution and int
        The solution has the steps of every cycle; the number is that of the solvers tried.

    Raises
    ------
    RecordError
        If the cell lacks a value, or nothing can be run.
    SolveError
        If the solver fails.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> rest = Schedule(((Step("rest", duration=60.0),),), None)
    >>> _, solution, _ = solved(load_cell("mann2025_lina"), rest, where="a rest", stop=30.0)
    >>> float(solution.t[-1])
    30.0
    """
    values = parameter_values(cell)
    if schedule.polarisation is not None:
        values[names.POLARISATION_CUT_OFF] = schedule.polarisation
    model = build_model(cell)
    attempts = (USUAL,) if solver else LADDER
    progress = _once(progress)
    for number, attempt in enumerate(attempts, start=1):
        simulation = pybamm.Simulation(
            model,
            experiment=pybamm_experiment(
                schedule, cell, where, every, stop, raised=attempt.raised
            ),
            parameter_values=values,
            solver=solver or _solver(model, attempt, _lasts(schedule)),
        )
        try:
            run = _solve(simulation, f"cell {cell.name}, {where}", schedule.steps, progress)
            return simulation, run, number
        except SolveError as error:
            if number < len(attempts):
                continue
            if solver is not None:
                raise
            raise SolveError(f"{error}; {tried(LADDER)}{advice(cell)}") from error
    raise AssertionError("the last solver returns or raises")


def tried(attempts: Iterable[Attempt]) -> str:
    """What was tried before a failure, for its message.

    Examples
    --------
    >>> tried(LADDER)[:28]
    'tried: the usual error test,'
    """
    return "tried: " + ", ".join(attempt.name for attempt in attempts)


def advice(cell: Cell) -> str:
    """What may be behind a failure of the solver, begun with a semicolon; else empty.

    Parameters
    ----------
    cell : Cell
    """
    return "".join(f"; {note}" for note in liquid_notes(cell))


def _once(progress: Progress | None) -> Progress | None:
    """No progress is reported twice: another attempt runs the first steps again."""
    if progress is None:
        return None
    report, furthest = progress, 0.0

    def further(share: float) -> None:
        nonlocal furthest
        if share > furthest:
            furthest = share
            report(share)

    return further


def _lasts(schedule: Schedule) -> float:
    """How long the fastest of the steps given as C-rates passes the nominal capacity [s].

    Zero if there is none: what a current density strips may end at any time.
    """
    rates = [step.c_rate for cycle in set(schedule.cycles) for step in cycle]
    fastest = max((rate for rate in rates if rate), default=None)
    return 3600 / fastest if fastest else 0.0


def _solver(
    model: pybamm.BaseModel, attempt: Attempt, lasts: float = 0.0
) -> pybamm.BaseSolver:
    """The model's own solver, or a variant of it, that gives up where it only trembles."""
    solver = model.default_solver
    if attempt != USUAL:
        solver = integrator(
            solver.rtol * attempt.factor,
            solver.atol * attempt.factor,
            every_unknown=attempt.every_unknown,
            halvings=attempt.halvings,
        )
    # what the usual attempt solves, if slowly, is solved; tight tolerances take small steps
    slow = attempt == USUAL or attempt.factor < 1
    return with_options(solver, no_progress(0.0 if slow else lasts))


def one_c(cell: Cell) -> float | None:
    """Current density of 1C [A.m-2]: nominal specific capacity times loading, per hour.

    Parameters
    ----------
    cell : Cell

    Returns
    -------
    float, or None for a cell without a cathode

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> one_c(load_cell("mann2025_lina")) is None
    True
    """
    return one_c_of(cell.values)


#: Parameters that set the current of 1C.
SET_ONE_C: Final = (names.CATHODE_CAPACITY, names.CATHODE_LOADING)


def one_c_of(values: Mapping[str, float]) -> float | None:
    """As :func:`one_c`, from a cell's values.

    Parameters
    ----------
    values : by full parameter name, in SI

    Examples
    --------
    1 kg.m-2 of 360 C.g-1, 100 mAh.g-1

    >>> one_c_of({names.CATHODE_CAPACITY: 360e3, names.CATHODE_LOADING: 1.0})
    100.0
    """
    capacity, loading = (values.get(name) for name in SET_ONE_C)
    if capacity is None or loading is None:
        return None
    return capacity * loading / 3600


def pybamm_experiment(
    schedule: Schedule,
    cell: Cell,
    where: str,
    every: Interval | None = None,
    stop: float | None = None,
    *,
    raised: bool = False,
) -> pybamm.Experiment:
    """A schedule as PyBaMM's experiment on a cell.

    Parameters
    ----------
    schedule : steps in SI
    cell : whose area and nominal capacity turn current densities and C-rates into currents
    where, every, stop : as of :func:`solved`
    raised : whether the current of each step rises from nothing, in
        :data:`twin.models.integrator.RISE`

    Raises
    ------
    RecordError
        If the schedule uses C-rates and the cell has no cathode.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> rest = Schedule(((Step("rest", duration=60.0),),), None)
    >>> len(pybamm_experiment(rest, load_cell("mann2025_lina"), "a rest").steps)
    1
    """
    density = one_c(cell)
    if schedule.uses_c_rates and density is None:
        raise RecordError(
            f"uses C-rates, but cell {cell.name} has no cathode to refer them to",
            where=where,
        )
    area = cell.values[names.ELECTRODE_AREA]
    built: dict[tuple[Step, ...], tuple[pybamm.step.BaseStep, ...]] = {}
    for cycle in schedule.cycles:
        if cycle not in built:
            built[cycle] = tuple(
                _pybamm_step(step, area, density, every or Interval(), raised)
                for step in cycle
            )
    return pybamm.Experiment(
        [built[cycle] for cycle in schedule.cycles],
        termination=None if stop is None else f"{stop} s",
    )


def _pybamm_step(
    step: Step, area: float, one_c: float | None, every: Interval, raised: bool
) -> pybamm.step.BaseStep:
    if step.action == "rest":
        return pybamm.step.rest(duration=step.duration, period=every.time)
    if step.action == "hold":
        end = None
        if step.end_c_rate is not None and one_c is not None:
            end = f"{step.end_c_rate * one_c * area} A"
        return pybamm.step.voltage(
            step.voltage,
            duration=step.duration or LONGEST_HOLD,
            termination=end,
            period=every.time,
        )
    density = step.signed_current_density(one_c)
    ends = None if step.voltage is None else f"{step.voltage} V"
    # a step that only a voltage ends still needs a longest duration
    longest = step.longest(one_c) or LONGEST_CAPACITY / abs(density)
    current: float | Array = density * area
    if raised and longest > RISE:
        times, shares = np.array([0.0, RISE, longest]), np.array([0.0, 1.0, 1.0])
        current = np.column_stack([times, density * area * shares])
        # which PyBaMM reads off a number only
        ends = ends and f"{'<' if density > 0 else '>'} {ends}"
    return pybamm.step.current(
        current,
        duration=longest,
        termination=ends,
        period=every.seconds(density),
    )


def _solve(
    simulation: pybamm.Simulation, where: str, total: int, progress: Progress | None
) -> pybamm.Solution:
    watcher = _Watcher(total, progress)
    try:
        with _quiet():
            solution = simulation.solve(callbacks=watcher, calc_esoh=False)
    except KeyError as error:
        # PyBaMM names the parameter that a model asks for and the cell lacks
        raise RecordError(
            f"a value is missing: {str(error.args[0])[:160]}; add a table for it, or a "
            "file that has it to 'uses'",
            where=where,
        ) from None
    except pybamm.SolverError as error:
        if "non-positive at initial conditions" in str(error):
            raise RecordError(met_at_the_start(str(error)), where=where) from None
        if "are infeasible" in str(error):
            raise RecordError(
                NOTHING_PASSES.format("a whole cycle")
                + ", or add a rest, with which the cycle counts as one without capacity",
                where=where,
            ) from None
        raise SolveError(f"the solver failed: {error}", where=where) from error
    # PyBaMM may only log a failure and hand back what it has
    if watcher.error is not None:
        raise SolveError(
            f"the solver failed after {watcher.done} of {total} steps: {watcher.error}",
            where=where,
        )
    if _began_wrong(solution):
        raise SolveError(
            "a step was over before it began: its first state does not carry the current",
            where=where,
        )
    if isinstance(solution, pybamm.EmptySolution):
        raise RecordError(NOTHING_PASSES.format("the experiment"), where=where)
    return solution


def _began_wrong(solution: pybamm.Solution | pybamm.EmptySolution) -> bool:
    """Whether a voltage ended a step in no time, within what its clock can tell."""
    steps = [
        step
        for cycle in getattr(solution, "cycles", [])
        for step in (cycle.steps if cycle is not None else [])
        if not isinstance(step, pybamm.EmptySolution)
    ]
    return any(
        "[experiment]" in str(step.termination)
        and step.t[-1] - step.t[0] <= max(NO_TIME, 4 * np.spacing(step.t[-1]))
        for step in steps
    )


#: Said of what cannot begin, by its name.
NOTHING_PASSES: Final = (
    "{} passes no charge: its voltages are beyond their limits as soon as the current "
    "flows; lower the current"
)


def met_at_the_start(message: str) -> str:
    """What to say of a run that an event would end before anything has happened.

    Parameters
    ----------
    message : PyBaMM's, with the names of the events

    Examples
    --------
    >>> met_at_the_start("Events ['cut-off'] are non-positive at")[:16]
    "'cut-off' is met"
    """
    named, _, _ = message.partition(" with inputs")
    events = ", ".join(re.findall(r"'([^']+)'", named)) or "an event"
    return (
        f"'{events}' is met as soon as the current flows, so that there is nothing to run; "
        "lower the current or widen the cut-off"
    )


class _Watcher(pybamm.callbacks.Callback):  # type: ignore[misc]
    """Counts steps, reports progress and keeps an error that PyBaMM only logs."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total = total
        self.done = 0
        self.progress = progress
        self.error: Exception | None = None

    def on_step_end(self, logs: dict[str, object]) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done / self.total)

    def on_experiment_error(self, logs: dict[str, object]) -> None:
        error = logs.get("error")
        self.error = error if isinstance(error, Exception) else SolveError(str(error))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep PyBaMM from warning of a run that a named event ended: it is a result."""
    level = pybamm.logger.level
    pybamm.logger.setLevel(logging.CRITICAL)
    try:
        with compat.without_warning_of_ends():
            yield
    finally:
        pybamm.logger.setLevel(level)


def ended_by(solution: pybamm.Solution) -> str:
    """Name of the event that ended a run, or that its protocol was completed.

    Parameters
    ----------
    solution : pybamm.Solution
        Of an experiment.
    """
    termination = str(solution.termination)
    # the last step's own end, by its time or by its voltage or current
    if termination == "final time" or termination.endswith("[experiment]"):
        return results.COMPLETED
    return termination.removeprefix("event: ")
