"""Built models for the pieces of a galvanostatic schedule."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pybamm

from twin import names
from twin.models.build import build_model
from twin.models.compat import Array
from twin.models.compat_solvers import BatchSolver, check_of_bounds
from twin.models.integrator import RISE, USUAL, Attempt, no_progress
from twin.models.parameter_values import parameter_values
from twin.models.symmetric_cell import SIDES
from twin.parts.cell import Cell
from twin.parts.schedule import DIRECTIONS, Schedule, Step
from twin.run.compilation import compiler, use_own_folder
from twin.run.current_table import CurrentTable, current_table
from twin.run.results import interlayer_dimension
from twin.run.solving import LONGEST_CAPACITY, LONGEST_HOLD, one_c_of
from twin.run.steps import OF_EXPERIMENT

#: Inputs of a step that a voltage may end [A.m-2, V].
_DENSITY: Final = "step current density"
_LOWER: Final = "step lower voltage"
_UPPER: Final = "step upper voltage"

#: Inputs of a step at a constant voltage: the voltage [V], and the current at which the
#: step ends [A].
_HELD: Final = "step voltage"
_END_CURRENT: Final = "step end current"

#: Longer than any step [s].
_EVER: Final = 1e12

#: A limit that no step reaches [V].
_FAR: Final = 1e3


@dataclass(frozen=True)
class Piece:
    """Steps that are one solve.

    Attributes
    ----------
    model, solver : built, and the solver that was set up for it
    table : current over time
    inputs : values of the inputs that tell this piece from others of the same model
    c_rate : the current as a C-rate, positive on discharge; None where it is the same for
        all designs
    """

    model: pybamm.BaseModel
    solver: BatchSolver
    table: CurrentTable
    inputs: Mapping[str, float]
    c_rate: float | None = None

    def inputs_of(self, design: Mapping[str, float]) -> dict[str, float]:
        """All inputs of the model, of one design.

        Parameters
        ----------
        design : values of the parameters that are given with each run, in SI, and those
            that set the current of 1C
        """
        if self.c_rate is None:
            return {**design, **self.inputs}
        one_c = one_c_of(design) or 0.0
        return {**design, **self.inputs, _DENSITY: self.c_rate * one_c}


class Pieces:
    """Pieces of a schedule on one cell, each kind built once.

    Without voltages the current of many steps is a table of the time, a model for every
    table. Where voltages end steps, a step's length is not known before: each step is a
    piece, and current and voltages are inputs of one model for all.

    Parameters
    ----------
    cell : Cell
    schedule : Schedule
    outputs : sequence of str
        Variables to keep; those that the model does not have are left out.
    inputs : mapping of str to float
        Parameters whose values are given with each run, and their defaults.
    one_c : float or None
        Current density of 1C [A.m-2].
    attempt : Attempt, optional
        How it is solved; if given, every step is a piece in any case.
    threads : int, optional
        Of the solver, as many as there are cores if not given; each design is solved by
        one.
    """

    def __init__(
        self,
        cell: Cell,
        schedule: Schedule,
        outputs: Sequence[str],
        inputs: Mapping[str, float],
        one_c: float | None,
        *,
        attempt: Attempt | None = None,
        threads: int | None = None,
    ) -> None:
        self._threads = threads or os.cpu_count() or 1
        self.by_voltage = attempt is not None or ends_by_voltage(schedule)
        self._attempt = attempt or USUAL
        # a cathode's plateaus ask for more: 1e-5 puts its capacities off by 2 in 1000, and
        # the end of a stripping by 1 in 100 000
        self._rtol = 1e-5 if cell.model == "SymmetricCell" else 1e-6
        self._one_c = one_c
        self._defaults = dict(inputs)
        self._model = build_model(cell, energy=names.DISCHARGE_ENERGY in outputs)
        # without a single output the solver would keep all states
        wanted = dict.fromkeys([names.VOLTAGE, *outputs])
        self.outputs = tuple(name for name in wanted if name in self._model.variables)
        #: Nodes and dimension of the outputs that are profiles.
        self.profiles: dict[str, tuple[Array, str]] = {}
        self._values = parameter_values(cell)
        self._values.update(dict.fromkeys(inputs, "[input]"))
        if schedule.polarisation is not None:
            self._values[names.POLARISATION_CUT_OFF] = schedule.polarisation
        self._cell = cell
        self._built: dict[tuple[tuple[Step, ...], bool], Piece] = {}
        self._stepwise: tuple[pybamm.BaseModel, BatchSolver] | None = None
        self._holding: tuple[pybamm.BaseModel, BatchSolver] | None = None

    def of(self, steps: tuple[Step, ...], *, compiled: bool = False) -> Piece:
        """The piece for some steps; one step where voltages end steps.

        Parameters
        ----------
        steps : in turn, galvanostatic
        compiled : whether to compile its equations, where there is a compiler
        """
        key = (steps, compiled)
        if key not in self._built:
            self._built[key] = (
                self._one_step(steps, compiled)
                if self.by_voltage
                else self._many_steps(steps, compiled)
            )
        return self._built[key]

    def _many_steps(self, steps: tuple[Step, ...], compiled: bool) -> Piece:
        table = current_table(steps, self._one_c)
        density = pybamm.Interpolant(table.times, table.densities, pybamm.t)
        return Piece(*self._build(self._model, density, {}, compiled), table, {})

    def _one_step(self, steps: tuple[Step, ...], compiled: bool) -> Piece:
        (step,) = steps
        if step.action == "hold":
            return self._hold(step, compiled)
        density = step.signed_current_density(self._one_c)
        duration = step.longest(self._one_c) or LONGEST_CAPACITY / abs(density)
        times, densities = [0.0, duration], [density, density]
        if self._attempt.raised and density and duration > RISE:
            times, densities = [0.0, RISE, duration], [0.0, density, density]
        table = CurrentTable(np.array(times), np.array(densities), np.array([duration]))
        discharges = DIRECTIONS[step.action] > 0
        inputs = {_DENSITY: density, _LOWER: -_FAR, _UPPER: _FAR}
        if step.voltage is not None:
            inputs[_LOWER if discharges else _UPPER] = step.voltage
        if self._stepwise is None:
            model = self._model.new_copy()
            model.events = [*model.events, *_voltage_events(model)]
            # the steps hold the window, as in PyBaMM's experiments
            for name, sign in ((names.LOWER_VOLTAGE, -1), (names.UPPER_VOLTAGE, 1)):
                if name in self._values:
                    self._values[name] += sign
            current = pybamm.InputParameter(_DENSITY)
            if self._attempt.raised:
                current *= pybamm.Interpolant(
                    np.array([0.0, RISE, _EVER]), np.array([0.0, 1.0, 1.0]), pybamm.t
                )
            self._stepwise = self._build(model, current, inputs, compiled)
        c_rate = None
        if step.c_rate is not None:
            c_rate = DIRECTIONS[step.action] * step.c_rate
        return Piece(*self._stepwise, table, inputs, c_rate)

    def _hold(self, step: Step, compiled: bool) -> Piece:
        """A step at a constant voltage; its current is an unknown of the model."""
        duration = step.duration or LONGEST_HOLD
        table = CurrentTable(np.array([0.0, duration]), np.zeros(2), np.array([duration]))
        end = (step.end_c_rate or 0.0) * (self._one_c or 0.0)
        inputs = {
            _HELD: step.voltage or 0.0,
            _END_CURRENT: end * self._values[names.ELECTRODE_AREA],
        }
        if self._holding is None:
            energy = names.DISCHARGE_ENERGY in self.outputs
            model = build_model(self._cell, operating_mode="voltage", energy=energy)
            current = model.variables[names.CURRENT]
            model.events = [
                *model.events,
                pybamm.Event(
                    f"current {OF_EXPERIMENT}",
                    abs(current) - pybamm.InputParameter(_END_CURRENT),
                ),
            ]
            self._values[names.VOLTAGE_FUNCTION] = pybamm.InputParameter(_HELD)
            self._holding = self._build(model, None, inputs, compiled)
        return Piece(*self._holding, table, inputs)

    def _build(
        self,
        model: pybamm.BaseModel,
        density: pybamm.Symbol | None,
        inputs: Mapping[str, float],
        compiled: bool,
    ) -> tuple[pybamm.BaseModel, BatchSolver]:
        values = self._values.copy()
        if density is not None:
            area = pybamm.Parameter(names.ELECTRODE_AREA)
            values[names.CURRENT_FUNCTION] = density * area
        compiled = compiled and compiler()
        if compiled:
            use_own_folder()
        solver = BatchSolver(
            rtol=self._rtol * self._attempt.factor,
            atol=self._rtol * self._attempt.factor / 100,
            output_variables=list(self.outputs),
            on_failure="ignore",
            options={
                # as the models' default solvers do, with the reason
                "suppress_algebraic_error": not self._attempt.every_unknown,
                "max_linesearch_backtracks_ic": self._attempt.halvings,
                "silence_sundials_errors": True,
                "num_threads": self._threads,
                "compile": compiled,
                **no_progress(),
            },
        )
        simulation = pybamm.Simulation(
            model,
            parameter_values=values,
            solver=solver,
            discretisation_kwargs=check_of_bounds(self._defaults),
        )
        simulation.build(inputs={**self._defaults, **inputs})
        for name in self.outputs:
            domain = self._model.variables[name].domain
            side = next((s for s in SIDES if domain == [names.interlayer_domain(s)]), None)
            if side is not None:
                nodes = np.asarray(simulation.mesh[domain[0]].nodes, dtype=float)
                self.profiles[name] = nodes, interlayer_dimension(side)
        return simulation.built_model, solver


def ends_by_voltage(schedule: Schedule) -> bool:
    """Whether a voltage may end one of the steps.

    Examples
    --------
    >>> ends_by_voltage(Schedule(((Step("charge", c_rate=1.0, voltage=4.2),),), None))
    True
    """
    return any(step.voltage is not None for steps in schedule.cycles for step in steps)


def _voltage_events(model: pybamm.BaseModel) -> list[pybamm.Event]:
    """Events by which a voltage ends a step but not the run."""
    voltage = model.variables[names.BATTERY_VOLTAGE]
    lower, upper = (pybamm.InputParameter(name) for name in (_LOWER, _UPPER))
    return [
        pybamm.Event(f"lower voltage {OF_EXPERIMENT}", voltage - lower),
        pybamm.Event(f"upper voltage {OF_EXPERIMENT}", upper - voltage),
    ]
