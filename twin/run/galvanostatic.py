"""Galvanostatic schedules on one built model, many steps in one solve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pybamm
import xarray as xr

from twin import units
from twin.errors import RecordError, SolveError, TwinError, UnknownNameError
from twin.models import compat
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.schedule import Schedule
from twin.run.compilation import cuts
from twin.run.inventory import check_first_cycle
from twin.run.levels import LEVEL, level_attributes, levels
from twin.run.pieces import Piece, Pieces, ends_by_voltage
from twin.run.results import COMPLETED, ENDED_BY, TIME_DIMENSION
from twin.run.solving import NOTHING_PASSES, SET_ONE_C, Progress, met_at_the_start, one_c
from twin.run.steps import FINAL_TIME, OF_EXPERIMENT

#: Value of the attribute "ended_by" of a run that the solver could not complete.
FAILED: Final = "solver failed"

#: Attribute that says why.
REASON: Final = "reason"


class GalvanostaticRun:
    """A cell and a schedule of constant currents and rests, built once, run many times.

    The current is a function of time with ramps of a millisecond between the steps, at
    which the integrator stops and starts anew, so that a whole staircase is one solve.

    Parameters
    ----------
    cell : Cell
    schedule : Schedule
        No step holds a voltage; one that may end at a voltage ends the step, not the run,
        and the schedule is then solved step by step.
    outputs : sequence of str
        Scalar variables, and profiles through an interlayer, to keep beside the voltage;
        those that the cell's model does not have are left out.
    inputs : sequence of str
        Parameters whose values are given with each run.
    samples : int
        Results in each step beside those at its ends; of steps that a voltage may end,
        whose length is not known before, those of the solver if it is not 0.
    threads : int
        Designs that :meth:`run_many` solves at a time; as many as there are cores if None.
        What comes out does not depend on it.

    Raises
    ------
    RecordError
        If a step is not galvanostatic, or uses a C-rate and the cell has no cathode, or
        the first cycle strips more lithium than the cell has, or an input changes the
        length of a step, or the current of a schedule that is one table.
    UnknownNameError
        If an input is no parameter of the cell.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> from twin.parts.schedule import Step
    >>> strip = Step("strip", current_density=5.0, duration=60.0)
    >>> schedule = Schedule(((strip,),), polarisation=1.0)
    >>> run = GalvanostaticRun(load_cell("mann2025_lina"), schedule, [])
    >>> run.run().attrs["ended_by"]
    'protocol completed'
    """

    def __init__(
        self,
        cell: Cell,
        schedule: Schedule,
        outputs: Sequence[str],
        inputs: Sequence[str] = (),
        samples: int = 0,
        threads: int | None = None,
        compiled: bool = False,
    ) -> None:
        for name in inputs:
            if name not in cell.values:
                raise UnknownNameError("parameter", name, cell.values, where=cell.name)
        self.cell = cell
        self.schedule = schedule
        self.samples = samples
        self._one_c = one_c(cell)
        _check(schedule, cell, self._one_c)
        _check_inputs(schedule, cell, inputs)
        check_first_cycle(cell, schedule, self._one_c)
        self._defaults = {name: cell.values[name] for name in inputs}
        self._pieces = Pieces(
            cell, schedule, outputs, self._defaults, self._one_c, threads=threads
        )
        # where voltages end steps, each is a solve of its own
        self._cuts = (
            [(range(n, n + 1), compiled) for n in range(schedule.steps)]
            if self._pieces.by_voltage
            else [(steps, compiled or pays) for steps, pays in cuts(schedule)]
        )
        self._places = [
            (cycle, number, step)
            for cycle, steps in enumerate(schedule.cycles, start=1)
            for number, step in enumerate(steps, start=1)
        ]
        self._levels = levels(schedule, self._one_c)

    @property
    def used_inputs(self) -> tuple[str, ...]:
        """The inputs that the model's equations and events contain, or its currents."""
        used = compat.inputs_of(self._piece(0).model)
        if self.schedule.uses_c_rates:
            used.update(SET_ONE_C)
        return tuple(name for name in self._defaults if name in used)

    def run(
        self, values: Mapping[str, float] | None = None, progress: Progress | None = None
    ) -> xr.Dataset:
        """The schedule, until it is complete or an event ends it.

        Parameters
        ----------
        values : values of inputs in SI; the cell's own where not given
        progress : called after each piece with the share of the steps done

        Returns
        -------
        xarray.Dataset
            The outputs over "time" [s], with the "cycle" and "step" (from 1) that each
            time belongs to. The attribute "ended_by" names the event that ended the run,
            those of :func:`twin.run.levels.level_attributes` how far it came.

        Raises
        ------
        RecordError
            If an event of the model, or every step's voltage, is met before anything has
            happened.
        SolveError
            If the solver fails, with the cycle and current at which it did.
        """
        (one,) = self._marched([values or {}], progress)
        if one.error is not None:
            raise one.error
        found = self._dataset(one)
        if found.attrs[ENDED_BY] == FAILED:
            raise self._failure(found)
        return found

    def run_many(self, values: Sequence[Mapping[str, float]]) -> list[xr.Dataset]:
        """The schedule with several designs, side by side.

        Parameters
        ----------
        values : values of inputs in SI, one mapping a design

        Returns
        -------
        list of xarray.Dataset
            As of :meth:`run`, each the same to the last bit whatever the others are. Where
            a design cannot be run, "ended_by" is :data:`FAILED`, and the attribute
            "reason" says why.
        """
        found = []
        for one in self._marched(values, None):
            if one.error is not None:
                found.append(xr.Dataset(attrs={ENDED_BY: FAILED, REASON: str(one.error)}))
                continue
            dataset = self._dataset(one)
            if dataset.attrs[ENDED_BY] == FAILED:
                dataset.attrs[REASON] = str(self._failure(dataset))
            found.append(dataset)
        return found

    def _failure(self, found: xr.Dataset) -> SolveError:
        return SolveError(
            f"the solver failed in cycle {int(found['cycle'][-1])} at "
            f"{float(found.attrs[LEVEL]) / 10:.4g} mA/cm2, after "
            f"{float(found[TIME_DIMENSION][-1]):.6g} s",
            where=f"cell {self.cell.name}",
        )

    def _marched(
        self, values: Sequence[Mapping[str, float]], progress: Progress | None
    ) -> list[_Design]:
        """Every design, as far as it comes."""
        designs = [_Design(self._given(one)) for one in values]
        for number, (steps, _) in enumerate(self._cuts):
            going = [one for one in designs if one.goes_on]
            if not going:
                break
            piece = self._piece(number)
            for one, solution in zip(going, self._solved(piece, going), strict=True):
                if isinstance(solution, TwinError):
                    one.error = solution
                elif solution is not None:
                    one.take(self._record(piece, solution, steps), solution)
            if progress is not None:
                progress(steps.stop / len(self._places))
        for one in designs:
            if one.error is None and not one.records:
                text = NOTHING_PASSES.format("the schedule")
                one.error = RecordError(text, where=f"cell {self.cell.name}")
        return designs

    def _given(self, values: Mapping[str, float]) -> dict[str, float]:
        for name in values:
            if name not in self._defaults:
                raise UnknownNameError("input", name, self._defaults, where=self.cell.name)
        given = {**self._defaults, **values}
        currents = {n: v for n, v in self.cell.values.items() if n in SET_ONE_C}
        return {**currents, **given}

    def _piece(self, number: int) -> Piece:
        steps, compiled = self._cuts[number]
        which = tuple(self._places[n][2] for n in steps)
        return self._pieces.of(which, compiled=compiled)

    def _solved(
        self, piece: Piece, designs: Sequence[_Design]
    ) -> list[pybamm.Solution | TwinError | None]:
        """What came of each design; None of a step beyond its voltage."""
        samples = piece.table.samples(self.samples)
        try:
            found = piece.solver.solve_from(
                piece.model,
                [one.state for one in designs],
                piece.table.times,
                None if self.samples and self._pieces.by_voltage else samples,
                [piece.inputs_of(one.values) for one in designs],
            )
            return list(found)
        except pybamm.SolverError as error:
            if len(designs) > 1:  # one that cannot start stops them all
                return [self._solved(piece, [one])[0] for one in designs]
            where = f"cell {self.cell.name}"
            if "non-positive at initial conditions" in str(error):
                if OF_EXPERIMENT in str(error):
                    return [None]
                return [RecordError(met_at_the_start(str(error)), where=where)]
            return [SolveError(str(error), where=where)]

    def _record(
        self, piece: Piece, solution: pybamm.Solution, steps: range
    ) -> dict[str, Array]:
        """Arrays over the times of a piece, by name."""
        time = np.asarray(solution.t, dtype=float)
        # a time at which a step ends belongs to that step
        index = np.minimum(
            np.searchsorted(piece.table.ends, time), len(piece.table.ends) - 1
        )
        places = np.array([self._places[n][:2] for n in steps])
        cycle, step = places[index].T
        record = {TIME_DIMENSION: time, "cycle": cycle, "step": step}
        for name in self._pieces.outputs:
            # time first
            record[name] = np.asarray(solution[name].entries).T
        return record

    def _dataset(self, design: _Design) -> xr.Dataset:
        joined = design.joined()
        data: dict[str, Any] = {}
        coordinates: dict[str, Any] = {}
        for name, values in joined.items():
            unit = {"units": units.unit_of(name) or "1"}
            dimensions: tuple[str, ...] = (TIME_DIMENSION,)
            if values.ndim > 1:
                nodes, dimension = self._pieces.profiles[name]
                dimensions = (TIME_DIMENSION, dimension)
                coordinates[dimension] = (dimension, nodes, {"units": "1"})
            data[name] = (dimensions, values, unit)
        time = joined[TIME_DIMENSION]
        del data[TIME_DIMENSION]
        coordinates[TIME_DIMENSION] = (TIME_DIMENSION, time, {"units": "s"})
        ended = design.ended_by
        cycle = int(joined["cycle"][-1])
        return xr.Dataset(
            data,
            coordinates,
            {
                ENDED_BY: ended,
                **level_attributes(self._levels, cycle, float(time[-1]), ended),
            },
        )


class _Design:
    """One design on its way through a schedule."""

    def __init__(self, values: dict[str, float]) -> None:
        self.values = values
        self.records: list[dict[str, Array]] = []
        self.state: Array | None = None
        self.ended_by = COMPLETED
        self.error: TwinError | None = None
        self._begun = 0.0

    @property
    def goes_on(self) -> bool:
        return self.error is None and self.ended_by == COMPLETED

    def take(self, record: dict[str, Array], solution: pybamm.Solution) -> None:
        """Keep a piece and the state that the next one starts with."""
        end = float(record[TIME_DIMENSION][-1])
        record[TIME_DIMENSION] = record[TIME_DIMENSION] + self._begun
        if self.records:  # its first state is the last one of the piece before
            record = {name: values[1:] for name, values in record.items()}
        self.records.append(record)
        self._begun += end
        if not _goes_on(solution):
            ended = str(solution.termination)
            self.ended_by = FAILED if ended == "failure" else ended.removeprefix("event: ")
            return
        self.state = compat.end_of(solution)

    def joined(self) -> dict[str, Array]:
        """Arrays over all times."""
        if len(self.records) == 1:
            return self.records[0]
        return {
            name: np.concatenate([record[name] for record in self.records])
            for name in self.records[0]
        }


def _goes_on(solution: pybamm.Solution) -> bool:
    """Whether the next step follows: the time or the voltage of the step ended it."""
    ended = str(solution.termination)
    return ended == FINAL_TIME or OF_EXPERIMENT in ended


def _check(schedule: Schedule, cell: Cell, one_c_density: float | None) -> None:
    """Refuse what is not galvanostatic, before anything is built."""
    where = f"cell {cell.name}"
    if schedule.uses_c_rates and one_c_density is None:
        raise RecordError("has no cathode that C-rates could refer to", where=where)
    for steps in schedule.cycles:
        for step in steps:
            if step.action == "hold":
                raise RecordError(
                    "'hold' keeps a voltage; this takes steps of constant current: "
                    "'twin run' and twin.simulate run the others",
                    where=where,
                )


def _check_inputs(schedule: Schedule, cell: Cell, inputs: Sequence[str]) -> None:
    """Refuse inputs that a run cannot follow: times are the same for all designs."""
    named = [name for name in SET_ONE_C if name in inputs]
    if not named or not schedule.uses_c_rates:
        return
    if not ends_by_voltage(schedule) or any(
        step.c_rate is not None and step.charge is not None
        for steps in schedule.cycles
        for step in steps
    ):
        raise RecordError(
            f"'{named[0]}' sets the current of 1C, and with it the times of this schedule; "
            "give its currents in A.m-2 or let a voltage end its steps",
            where=f"cell {cell.name}",
        )
