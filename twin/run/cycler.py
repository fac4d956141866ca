"""One cycle of a cell from a state, again and again on the same built models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pybamm
import xarray as xr

from twin import names, units
from twin.errors import RecordError, SolveError
from twin.models import compat
from twin.models.compat import Array
from twin.models.integrator import (
    CAREFUL,
    LOOSE,
    NO_TIME,
    PATIENT,
    RAISED,
    TIGHT,
    USUAL,
    Attempt,
)
from twin.parts.cell import Cell
from twin.parts.schedule import DIRECTIONS, Schedule, Step
from twin.run.pieces import Piece, Pieces
from twin.run.results import LITHIUM_SIDES, TIME_DIMENSION
from twin.run.solving import advice, met_at_the_start, one_c, tried
from twin.run.steps import FINAL_TIME, OF_EXPERIMENT

#: What is tried in turn. What the end of a cycle is off by at random is multiplied by the
#: length of a jump. Where a voltage falls steeply its end is found on algebraic unknowns:
#: left out of the error test they put 3e-5 of noise into a capacity, in it 2e-6 at most.
_ATTEMPTS: Final = (CAREFUL, USUAL, RAISED, TIGHT, LOOSE, PATIENT)

#: What every cycle leaves behind, in the order of :attr:`Lap.summary`.
SUMMARY: Final = (
    names.CYCLE_DISCHARGED,
    names.CYCLE_CHARGED,
    names.CYCLE_POLARISATION,
    names.CYCLE_CONTACT,
    names.CYCLE_DURATION,
)


@dataclass(frozen=True)
class Lap:
    """A cycle that was run.

    Attributes
    ----------
    y : ndarray, shape (states, 1); the state after it
    summary : ndarray, shape (len(SUMMARY),); charge of the discharge and of the charge
        [C.m-2], largest polarisation and lowest contact fraction at the end of a step
        [V, -], duration [s]
    ended_by : name of the event that ended the run in this cycle; None if it goes on
    margins : ndarray, shape (events,); lowest distance to each event of the model at the
        ends of its steps, positive before it is met
    detail : the cycle over time, if it was asked for
    """

    y: Array
    summary: Array
    ended_by: str | None
    margins: Array
    detail: xr.Dataset | None = None


class Cycler:
    """Runs single cycles of a cell from any state, each kind of step built once.

    Parameters
    ----------
    cell : Cell
    steps : of one cycle, in turn; constant currents, rests and holds
    polarisation : magnitude of the voltage that ends the run [V], if any

    Raises
    ------
    RecordError
        If a step uses a C-rate and the cell has no cathode.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> there = Step("strip", current_density=2.0, duration=600.0)
    >>> back = Step("plate", current_density=2.0, duration=600.0)
    >>> cycler = Cycler(load_cell("mann2025_lina"), (there, back), None)
    >>> lap = cycler.cycle(cycler.fresh)
    >>> round(float(lap.summary[0]), 3)
    1200.0
    """

    def __init__(
        self, cell: Cell, steps: Sequence[Step], polarisation: float | None
    ) -> None:
        density = one_c(cell)
        schedule = Schedule((tuple(steps),), polarisation)
        if schedule.uses_c_rates and density is None:
            raise RecordError("has no cathode that C-rates could refer to", where=cell.name)
        self.cell = cell
        self.steps = tuple(steps)
        sides = LITHIUM_SIDES[cell.model]
        self._contacts = [names.variable_of(names.CONTACT_FRACTION, s) for s in sides]
        outputs = (names.AREAL_CAPACITY, names.POLARISATION, names.CURRENT)
        self._schedule, self._one_c = schedule, density
        self._outputs = (*outputs, *self._contacts)
        #: Steps that the first solver could not complete.
        self.retries = 0
        #: Names of the attempts that got through where others had failed, and how often.
        self.rescued: Counter[str] = Counter()
        self._by_attempt: dict[Attempt, Pieces] = {}
        main = self._made(_ATTEMPTS[0]).of((_current_step(self.steps),))
        #: The built model whose order of states all states here have.
        self.model = main.model
        self._places = compat.slices_of(main.model)
        #: The state that the cell starts from, shape (states, 1).
        self.fresh = compat.initial_state(main.model, main.inputs)
        #: Values of the inputs of that model; none enters a state by itself.
        self.inputs = dict(main.inputs)
        self._readout = compat.Readout(main.model, main.inputs, ())

    def _made(self, attempt: Attempt) -> Pieces:
        if attempt not in self._by_attempt:
            self._by_attempt[attempt] = Pieces(
                self.cell, self._schedule, self._outputs, {}, self._one_c, attempt=attempt
            )
        return self._by_attempt[attempt]

    @property
    def events(self) -> tuple[str, ...]:
        """Names of the events that end a run."""
        return tuple(self._readout.events)

    @property
    def layout(self) -> dict[str, slice]:
        """Where each differential variable stands in a state, by name."""
        last = int(self.model.len_rhs)
        return {name: place for name, place in self._places.items() if place.stop <= last}

    def cycle(self, y: Array, samples: int = 0, steps: Sequence[Step] | None = None) -> Lap:
        """One cycle from a state.

        Parameters
        ----------
        y : ndarray, shape (states, 1)
        samples : times within each step that are recorded; nothing is without
        steps : in place of those that the cycler was made for

        Raises
        ------
        RecordError
            If an event of the model is met before anything has happened.
        SolveError
            If all attempts fail.
        """
        y = y.copy()
        # counted in each cycle anew, so that the count keeps all its digits
        y[self._places[names.DISCHARGE_CAPACITY]] = 0.0
        passed = {1: 0.0, -1: 0.0}
        charge, polarisation, contact, duration = 0.0, 0.0, 1.0, 0.0
        margins = np.full(len(self.events), np.inf)
        ended: str | None = None
        kept: list[xr.Dataset] = []
        current = 0.0
        for number, step in enumerate(steps or self.steps, start=1):
            solution, y = self._step(step, y, current, samples)
            if solution is None:  # beyond its voltage or current from the start
                continue
            if samples:
                kept.append(self._recorded(solution, number, duration))
            duration += float(solution.t[-1])
            current = _last(solution, names.CURRENT)
            total = _last(solution, names.AREAL_CAPACITY)
            direction = DIRECTIONS[step.action] or int(np.sign(current))
            if direction:
                passed[direction] += (total - charge) * direction
                polarisation = max(polarisation, _last(solution, names.POLARISATION))
            charge = total
            contact = min(contact, *(_last(solution, name) for name in self._contacts))
            margins = np.minimum(margins, self._readout(y)[1])
            ended = _ended(solution)
            if ended is not None:
                break
        summary = np.array([passed[1], passed[-1], polarisation, contact, duration])
        detail = xr.concat(kept, TIME_DIMENSION) if kept else None
        return Lap(y, summary, ended, margins, detail)

    def _step(
        self, step: Step, y: Array, current: float, samples: int
    ) -> tuple[pybamm.Solution | None, Array]:
        for attempt in _ATTEMPTS:
            try:
                found = self._attempt(self._made(attempt), step, y, current, samples)
            except SolveError:
                if attempt == _ATTEMPTS[-1]:
                    raise
                self.retries += 1
                continue
            if attempt != _ATTEMPTS[0]:
                self.rescued[attempt.name] += 1
            return found
        raise AssertionError("the last attempt returns or raises")

    def _attempt(
        self, pieces: Pieces, step: Step, y: Array, current: float, samples: int
    ) -> tuple[pybamm.Solution | None, Array]:
        piece = pieces.of((step,))
        guess = {names.CURRENT_VARIABLE: current}
        start = compat.moved(y, self.model, piece.model, guess)
        solution = self._solve(piece, step, start, samples)
        if solution is None:
            return None, y
        end = compat.end_of(solution)
        return solution, compat.moved(end, piece.model, self.model, {})

    def _solve(
        self, piece: Piece, step: Step, y: Array, samples: int
    ) -> pybamm.Solution | None:
        stops = piece.table.times
        where = f"cell {self.cell.name}"
        try:
            with compat.without_warning_of_ends():
                solution = piece.solver.step(
                    compat.rewound(piece.model, piece.inputs, y),
                    piece.model,
                    stops[-1],
                    t_eval=stops.copy(),
                    t_interp=piece.table.samples(samples),
                    inputs=dict(piece.inputs),
                    save=False,
                )
        except pybamm.SolverError as error:
            if "non-positive at initial conditions" not in str(error):
                raise SolveError(self._failure(step), where=where) from error
            if OF_EXPERIMENT in str(error):
                return None
            raise RecordError(met_at_the_start(str(error)), where=where) from None
        ended = str(solution.termination)
        in_no_time = OF_EXPERIMENT in ended and float(solution.t[-1]) <= NO_TIME
        if ended == "failure" or in_no_time:
            raise SolveError(self._failure(step), where=where)
        return solution

    def _failure(self, step: Step) -> str:
        number = self.steps.index(step) + 1 if step in self.steps else 0
        density = abs(step.signed_current_density(self._one_c)) / 10
        return (
            f"the solver failed in step {number} of the cycle, a {step.action} at "
            f"{density:.4g} mA/cm2; {tried(_ATTEMPTS)}; try a lower rate, or voltages "
            f"closer together{advice(self.cell)}"
        )

    def _recorded(self, solution: pybamm.Solution, step: int, begun: float) -> xr.Dataset:
        time = np.asarray(solution.t, dtype=float)
        data: dict[str, Any] = {
            name: (
                TIME_DIMENSION,
                np.asarray(solution[name].entries).reshape(time.size),
                {"units": units.unit_of(name) or "1"},
            )
            for name in self._made(_ATTEMPTS[0]).outputs
        }
        data["step"] = (TIME_DIMENSION, np.full(time.size, step), {"units": "1"})
        return xr.Dataset(
            data, {TIME_DIMENSION: (TIME_DIMENSION, time + begun, {"units": "s"})}
        )


def _last(solution: pybamm.Solution, name: str) -> float:
    return float(np.asarray(solution[name].entries).ravel()[-1])


def _current_step(steps: Sequence[Step]) -> Step:
    """A step at a given current: states have the order of the model of those."""
    given = (step for step in steps if step.action != "hold")
    return next(given, Step("rest", duration=1.0))


def _ended(solution: pybamm.Solution) -> str | None:
    """Name of the event that ends the run; None if the next step follows."""
    ended = str(solution.termination)
    if ended == FINAL_TIME or OF_EXPERIMENT in ended:
        return None
    return ended.removeprefix("event: ")
