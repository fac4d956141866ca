"""Galvanostatic schedules on one built model, many steps in one solve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pybamm
import xarray as xr

from twin import units
from twin.errors import RecordError, SolveError, UnknownNameError
from twin.models import compat
from twin.parts.cell import Cell
from twin.parts.schedule import Schedule
from twin.run.compilation import cuts
from twin.run.inventory import check_first_cycle
from twin.run.levels import LEVEL, level_attributes, levels
from twin.run.pieces import Piece, Pieces
from twin.run.results import COMPLETED, ENDED_BY, TIME_DIMENSION
from twin.run.solving import Progress, met_at_the_start, one_c
from twin.run.steps import FINAL_TIME, OF_EXPERIMENT

#: Value of the attribute "ended_by" of a run that the solver could not complete.
FAILED: Final = "solver failed"


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
        Scalar variables to keep beside the voltage; those that the cell's model does not
        have are left out.
    inputs : sequence of str
        Parameters whose values are given with each run.
    samples : int
        Results in each step beside those at its ends.

    Raises
    ------
    RecordError
        If a step is not galvanostatic, or uses a C-rate and the cell has no cathode, or
        the first cycle strips more lithium than the cell has.
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
    ) -> None:
        for name in inputs:
            if name not in cell.values:
                raise UnknownNameError("parameter", name, cell.values, where=cell.name)
        self.cell = cell
        self.schedule = schedule
        self.samples = samples
        self._one_c = one_c(cell)
        _check(schedule, cell, self._one_c)
        check_first_cycle(cell, schedule, self._one_c)
        self._defaults = {name: cell.values[name] for name in inputs}
        self._pieces = Pieces(cell, schedule, outputs, self._defaults, self._one_c)
        # where voltages end steps, each is a solve of its own
        self._cuts = (
            [(range(n, n + 1), False) for n in range(schedule.steps)]
            if self._pieces.by_voltage
            else cuts(schedule)
        )
        self._places = [
            (cycle, number, step)
            for cycle, steps in enumerate(schedule.cycles, start=1)
            for number, step in enumerate(steps, start=1)
        ]
        self._levels = levels(schedule, self._one_c)

    @property
    def used_inputs(self) -> tuple[str, ...]:
        """The inputs that the model's equations and events contain."""
        used = compat.inputs_of(self._piece(0).model)
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
            If an event of the model is met before anything has happened.
        SolveError
            If the solver fails, with the cycle and current at which it did.
        """
        given = self._given(values)
        parts: list[xr.Dataset] = []
        begun, y = 0.0, None
        for number, (steps, _) in enumerate(self._cuts):
            piece = self._piece(number)
            solution = self._solve(piece, [given], y)[0]
            if solution is None:
                continue
            parts.append(self._dataset(piece, solution, steps, begun))
            if progress is not None:
                progress(steps.stop / len(self._places))
            if not _goes_on(solution):
                break
            begun += float(solution.t[-1])
            y = solution.last_state.all_ys[0]
        if not parts:
            raise SolveError(
                "every step is beyond its voltage from the start", where=self.cell.name
            )
        found = _joined(parts)
        if found.attrs[ENDED_BY] == FAILED:
            raise SolveError(
                f"the solver failed in cycle {int(found['cycle'][-1])} at "
                f"{float(found.attrs[LEVEL]) / 10:.4g} mA/cm2, after "
                f"{float(found[TIME_DIMENSION][-1]):.6g} s",
                where=f"cell {self.cell.name}",
            )
        return found

    def run_many(self, values: Sequence[Mapping[str, float]]) -> list[xr.Dataset]:
        """The schedule with several designs, in parallel where it fits into one solve.

        Parameters
        ----------
        values : values of inputs in SI, one mapping a design

        Returns
        -------
        list of xarray.Dataset
            As of :meth:`run`; "ended_by" is :data:`FAILED` where the solver failed.
        """
        if len(self._cuts) > 1 or len(values) == 1:
            return [self._run_or_fail(one) for one in values]
        piece = self._piece(0)
        try:
            solutions = self._solve(piece, [self._given(one) for one in values], None)
        except (RecordError, SolveError):  # one that cannot start stops them all
            return [self._run_or_fail(one) for one in values]
        steps, _ = self._cuts[0]
        return [self._dataset(piece, solution, steps, 0.0) for solution in solutions]

    def _run_or_fail(self, values: Mapping[str, float]) -> xr.Dataset:
        try:
            return self.run(values)
        except (RecordError, SolveError):
            return xr.Dataset(attrs={ENDED_BY: FAILED})

    def _given(self, values: Mapping[str, float] | None) -> dict[str, float]:
        for name in values or {}:
            if name not in self._defaults:
                raise UnknownNameError("input", name, self._defaults, where=self.cell.name)
        return {**self._defaults, **(values or {})}

    def _piece(self, number: int) -> Piece:
        steps, compiled = self._cuts[number]
        which = tuple(self._places[n][2] for n in steps)
        return self._pieces.of(which, compiled=compiled)

    def _solve(
        self, piece: Piece, inputs: list[dict[str, float]], y: Any
    ) -> list[pybamm.Solution | None]:
        """A solution for each set of inputs; None for a step beyond its voltage."""
        samples = piece.table.samples(self.samples)
        stops = piece.table.times
        given = [{**one, **piece.inputs} for one in inputs]
        try:
            if y is None:
                found = piece.solver.solve(
                    piece.model, stops.copy(), given, t_interp=samples
                )
                return found if isinstance(found, list) else [found]
            start = compat.rewound(piece.model, given[0], y)
            found = piece.solver.step(
                start,
                piece.model,
                stops[-1],
                t_eval=stops.copy(),
                t_interp=samples,
                inputs=given[0],
                save=False,
            )
            return [found]
        except pybamm.SolverError as error:
            if "non-positive at initial conditions" in str(error):
                if OF_EXPERIMENT in str(error):
                    return [None]
                text = met_at_the_start(str(error))
                raise RecordError(text, where=f"cell {self.cell.name}") from None
            raise SolveError(str(error), where=f"cell {self.cell.name}") from error

    def _dataset(
        self, piece: Piece, solution: pybamm.Solution, steps: range, begun: float
    ) -> xr.Dataset:
        time = np.asarray(solution.t, dtype=float)
        # a time at which a step ends belongs to that step
        index = np.minimum(
            np.searchsorted(piece.table.ends, time), len(piece.table.ends) - 1
        )
        places = np.array([self._places[n][:2] for n in steps])
        cycle, step = places[index].T
        data: dict[str, Any] = {
            name: (
                TIME_DIMENSION,
                np.asarray(solution[name].entries).reshape(time.size),
                {"units": units.unit_of(name) or "1"},
            )
            for name in self._pieces.outputs
        }
        data["cycle"] = (TIME_DIMENSION, cycle, {"units": "1"})
        data["step"] = (TIME_DIMENSION, step, {"units": "1"})
        # a later piece starts with the state that the one before it ended with
        kept = slice(1 if begun else 0, None)
        ended = COMPLETED if _goes_on(solution) else str(solution.termination)
        ended = FAILED if ended == "failure" else ended.removeprefix("event: ")
        dataset = xr.Dataset(
            data, {TIME_DIMENSION: (TIME_DIMENSION, time + begun, {"units": "s"})}
        )
        found = dataset.isel({TIME_DIMENSION: kept}).assign_attrs({ENDED_BY: ended})
        return found.assign_attrs(
            level_attributes(self._levels, int(cycle[-1]), time[-1] + begun, ended)
        )


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


def _joined(parts: Sequence[xr.Dataset]) -> xr.Dataset:
    if len(parts) == 1:
        return parts[0]
    joined: xr.Dataset = xr.concat(parts, TIME_DIMENSION)
    return joined.assign_attrs(parts[-1].attrs)
