"""Galvanostatic schedules on one built model, many steps in one solve."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pybamm
import xarray as xr

from twin import names, units
from twin.errors import RecordError, SolveError, UnknownNameError
from twin.models import compat
from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.parts.cell import Cell
from twin.parts.schedule import Schedule, Step
from twin.run.current_table import CurrentTable, current_table
from twin.run.inventory import check_first_cycle
from twin.run.levels import LEVEL, level_attributes, levels
from twin.run.results import COMPLETED, ENDED_BY, TIME_DIMENSION
from twin.run.simulate import Progress, one_c

#: Steps that go into one solve; longer schedules are cut, and equal pieces share a model.
CHUNK: Final = 1000

#: Value of the attribute "ended_by" of a run that the solver could not complete.
FAILED: Final = "solver failed"


@dataclass(frozen=True)
class _Built:
    """A model whose current is the table of a piece of a schedule."""

    model: pybamm.BaseModel
    solver: pybamm.IDAKLUSolver
    table: CurrentTable


class GalvanostaticRun:
    """A cell and a schedule of constant currents and rests, built once, run many times.

    The current is a function of time with ramps of a millisecond between the steps, at
    which the integrator stops and starts anew, so that a whole staircase is one solve.

    Parameters
    ----------
    cell : Cell
    schedule : Schedule
        Every step has a duration or a charge; none ends at a voltage or holds one.
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
    >>> strip = Step("strip", current_density=5.0, duration=60.0)
    >>> schedule = Schedule(((strip,),), polarisation=1.0)
    >>> run = GalvanostaticRun(load_cell("mann2025_lina"), schedule, [names.VOLTAGE])
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
        self._model = build_model(cell)
        known = self._model.variables
        # without a single output the solver would keep all states
        wanted = dict.fromkeys([names.VOLTAGE, *outputs])
        self.outputs = tuple(name for name in wanted if name in known)
        self._values = parameter_values(cell)
        self._values.update(dict.fromkeys(inputs, "[input]"))
        if schedule.polarisation is not None:
            self._values[names.POLARISATION_CUT_OFF] = schedule.polarisation
        self._places = [
            (cycle, number, step)
            for cycle, steps in enumerate(schedule.cycles, start=1)
            for number, step in enumerate(steps, start=1)
        ]
        self._levels = levels(schedule, self._one_c)
        self._built: dict[tuple[Step, ...], _Built] = {}

    @property
    def used_inputs(self) -> tuple[str, ...]:
        """The inputs that the model's equations and events contain."""
        used = compat.inputs_of(self._piece(self._steps(0)).model)
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
        SolveError
            If the solver fails, with the cycle and current at which it did.
        """
        given = self._given(values)
        parts: list[xr.Dataset] = []
        begun, y = 0.0, None
        for first in range(0, len(self._places), CHUNK):
            built = self._piece(self._steps(first))
            solution = self._solve(built, [given], y)[0]
            parts.append(self._dataset(built, solution, first, begun))
            if progress is not None:
                progress(min(1.0, (first + CHUNK) / len(self._places)))
            if solution.termination != "final time":
                break
            begun += float(solution.t[-1])
            y = solution.last_state.all_ys[0]
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
        if len(self._places) > CHUNK or len(values) == 1:
            return [self._run_or_fail(one) for one in values]
        built = self._piece(self._steps(0))
        try:
            solutions = self._solve(built, [self._given(one) for one in values], None)
        except SolveError:  # one design that cannot start stops them all
            return [self._run_or_fail(one) for one in values]
        return [self._dataset(built, solution, 0, 0.0) for solution in solutions]

    def _run_or_fail(self, values: Mapping[str, float]) -> xr.Dataset:
        try:
            return self.run(values)
        except SolveError:
            return xr.Dataset(attrs={ENDED_BY: FAILED})

    def _given(self, values: Mapping[str, float] | None) -> dict[str, float]:
        for name in values or {}:
            if name not in self._defaults:
                raise UnknownNameError("input", name, self._defaults, where=self.cell.name)
        return {**self._defaults, **(values or {})}

    def _steps(self, first: int) -> tuple[Step, ...]:
        return tuple(step for _, _, step in self._places[first : first + CHUNK])

    def _piece(self, steps: tuple[Step, ...]) -> _Built:
        if steps not in self._built:
            self._built[steps] = self._build(steps)
        return self._built[steps]

    def _build(self, steps: tuple[Step, ...]) -> _Built:
        table = current_table(steps, self._one_c)
        density = pybamm.Interpolant(table.times, table.densities, pybamm.t)
        values = self._values.copy()
        values[names.CURRENT_FUNCTION] = density * pybamm.Parameter(names.ELECTRODE_AREA)
        solver = pybamm.IDAKLUSolver(
            rtol=1e-5,
            atol=1e-7,
            output_variables=list(self.outputs),
            on_failure="ignore",
            options={
                # as the models' default solvers do, with the reason
                "suppress_algebraic_error": True,
                "silence_sundials_errors": True,
                "num_threads": os.cpu_count() or 1,
            },
        )
        simulation = pybamm.Simulation(self._model, parameter_values=values, solver=solver)
        simulation.build(inputs=self._defaults)
        return _Built(simulation.built_model, solver, table)

    def _solve(
        self, built: _Built, inputs: list[dict[str, float]], y: Any
    ) -> list[pybamm.Solution]:
        samples = built.table.samples(self.samples)
        stops = built.table.times
        try:
            if y is None:
                found = built.solver.solve(
                    built.model, stops.copy(), inputs, t_interp=samples
                )
                return found if isinstance(found, list) else [found]
            start = compat.rewound(built.model, inputs[0], y)
            found = built.solver.step(
                start,
                built.model,
                stops[-1],
                t_eval=stops.copy(),
                t_interp=samples,
                inputs=inputs[0],
                save=False,
            )
            return [found]
        except pybamm.SolverError as error:
            raise SolveError(str(error), where=f"cell {self.cell.name}") from error

    def _dataset(
        self, built: _Built, solution: pybamm.Solution, first: int, begun: float
    ) -> xr.Dataset:
        time = np.asarray(solution.t, dtype=float)
        # a time at which a step ends belongs to that step
        index = np.minimum(
            np.searchsorted(built.table.ends, time), len(built.table.ends) - 1
        )
        places = np.array([place[:2] for place in self._places[first : first + CHUNK]])
        cycle, step = places[index].T
        data: dict[str, Any] = {
            name: (
                TIME_DIMENSION,
                np.asarray(solution[name].entries).reshape(time.size),
                {"units": units.unit_of(name) or "1"},
            )
            for name in self.outputs
        }
        data["cycle"] = (TIME_DIMENSION, cycle, {"units": "1"})
        data["step"] = (TIME_DIMENSION, step, {"units": "1"})
        # a later piece starts with the state that the one before it ended with
        kept = slice(1 if begun else 0, None)
        ended = {"final time": COMPLETED, "failure": FAILED}.get(
            solution.termination, solution.termination.removeprefix("event: ")
        )
        dataset = xr.Dataset(
            data, {TIME_DIMENSION: (TIME_DIMENSION, time + begun, {"units": "s"})}
        )
        found = dataset.isel({TIME_DIMENSION: kept}).assign_attrs({ENDED_BY: ended})
        return found.assign_attrs(
            level_attributes(self._levels, int(cycle[-1]), time[-1] + begun, ended)
        )


def _check(schedule: Schedule, cell: Cell, one_c_density: float | None) -> None:
    """Refuse what is not galvanostatic, before anything is built."""
    where = f"cell {cell.name}"
    if schedule.uses_c_rates and one_c_density is None:
        raise RecordError("has no cathode that C-rates could refer to", where=where)
    for steps in schedule.cycles:
        for step in steps:
            if step.action == "hold" or step.voltage is not None:
                raise RecordError(
                    f"'{step.action}' holds or ends at a voltage; this takes steps of "
                    "constant current with a duration or a charge: 'twin run' and "
                    "twin.simulate run the others",
                    where=where,
                )


def _joined(parts: Sequence[xr.Dataset]) -> xr.Dataset:
    if len(parts) == 1:
        return parts[0]
    joined: xr.Dataset = xr.concat(parts, TIME_DIMENSION)
    return joined.assign_attrs(parts[-1].attrs)
