"""What the package needs of PyBaMM beyond its documented interface, its solvers aside.

:class:`Equations` reads the discretised equations of a built model as CasADi functions,
so that derivatives can be taken of what PyBaMM only integrates: its events, its outputs
and its algebraic states.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

import casadi
import numpy as np
import pybamm
from numpy.typing import NDArray
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

from twin.errors import SolveError, TwinError, UnknownNameError

Array = NDArray[np.float64]

#: Input by which a step of an experiment learns when it started [s].
START_TIME: Final = "start time"


@dataclass(frozen=True)
class Linearisation:
    """Equations of a model at one point of a solution, and their slopes along it.

    Parameters
    ----------
    rate : ndarray, shape (states,)
        Time derivative of the states along the solution, algebraic ones included.
    sensitivity : ndarray, shape (states, parameters)
        Derivatives of the states at fixed time; those of algebraic states are exact for
        the given derivatives of the differential ones.
    events : ndarray, shape (events,)
        Values of the event functions.
    event_slopes : ndarray, shape (events,)
        Time derivatives of the event functions along the solution.
    event_derivatives : ndarray, shape (events, parameters)
        Derivatives of the event functions at fixed time.
    outputs : ndarray, shape (outputs,)
    output_slopes : ndarray, shape (outputs,)
    output_derivatives : ndarray, shape (outputs, parameters)
    """

    rate: Array
    sensitivity: Array
    events: Array
    event_slopes: Array
    event_derivatives: Array
    outputs: Array
    output_slopes: Array
    output_derivatives: Array


class Equations:
    r"""Equations of a built model, with their derivatives.

    The model reads :math:`M \dot{y} = F(t, y, p)`, differential states first; the rows
    of M that belong to algebraic states are zero.

    Parameters
    ----------
    model : pybamm.BaseModel
        Discretised.
    inputs : mapping of str to float
        Value of every input of the model.
    parameters : sequence of str
        Inputs p that derivatives are taken with respect to, in this order.
    outputs : sequence of str
        Variables z(t, y, p); scalars.

    Raises
    ------
    UnknownNameError
        If the model has no variable of that name.
    TwinError
        If a variable is not a scalar.
    """

    def __init__(
        self,
        model: pybamm.BaseModel,
        inputs: Mapping[str, float],
        parameters: Sequence[str],
        outputs: Sequence[str],
    ) -> None:
        self.model = model
        self.inputs = dict(inputs)
        self.parameters = tuple(parameters)
        self.differential = int(model.len_rhs)
        self.states = int(model.len_rhs_and_alg)
        events = [
            event.expression
            for event in model.events
            if event.event_type == pybamm.EventType.TERMINATION
        ]
        self._events = slice(self.states, self.states + len(events))
        self._outputs = slice(self._events.stop, self._events.stop + len(outputs))
        self._t = casadi.MX.sym("t")
        self._y = casadi.MX.sym("y", self.states)
        self._p = {name: casadi.MX.sym("p") for name in inputs}
        self._values = np.array(list(inputs.values()), dtype=float)
        self._arguments = [self._t, self._y, casadi.vertcat(*self._p.values())]
        self._selected = casadi.vertcat(*[self._p[name] for name in parameters])

        residual = [model.concatenated_rhs]
        if model.len_alg:
            residual.append(model.concatenated_algebraic)
        z = casadi.vertcat(*[self._output(name) for name in outputs])
        everything = casadi.vertcat(*[self._casadi(s) for s in residual + events], z)
        variables = (self._t, self._y, self._selected)
        self._linearised = casadi.Function(
            "linearised",
            self._arguments,
            [everything, *(casadi.jacobian(everything, x) for x in variables)],
        )
        count = len(parameters)
        S = casadi.MX.sym("S", self.states, count)
        directions = casadi.vertcat(S, casadi.MX.eye(count))
        dz = casadi.jtimes(z, casadi.vertcat(self._y, self._selected), directions)
        self._along = casadi.Function("along", [*self._arguments, S], [z, dz])

    def with_inputs(self, inputs: Mapping[str, float]) -> Equations:
        """The same equations at other values of the same inputs, in the same order.

        Parameters
        ----------
        inputs : mapping of str to float
        """
        other = copy.copy(self)
        other.inputs = dict(inputs)
        other._values = np.array([inputs[name] for name in self._p], dtype=float)
        return other

    def _casadi(self, symbol: pybamm.Symbol) -> casadi.MX:
        return casadi.MX(symbol.to_casadi(self._t, self._y, inputs=self._p))

    def _output(self, name: str) -> casadi.MX:
        if name not in self.model.variables:
            raise UnknownNameError("variable", name, self.model.variables)
        output = self._casadi(self.model.get_processed_variable(name))
        if output.numel() != 1:
            raise TwinError(
                f"variable '{name}' has {output.numel()} values at each time; choose a "
                "scalar, for instance its average or its value at a boundary"
            )
        return output

    def along(self, t: Array, y: Array, S: Array) -> tuple[Array, Array]:
        """Outputs along a solution, and their derivatives at fixed time.

        Parameters
        ----------
        t : ndarray, shape (times,)
        y : ndarray, shape (states, times)
        S : ndarray, shape (times, states, parameters)

        Returns
        -------
        tuple of ndarray, shapes (outputs, times) and (outputs, parameters, times)
        """
        times, _, count = S.shape
        side_by_side = S.transpose(1, 0, 2).reshape(self.states, times * count)
        values = np.tile(self._values[:, np.newaxis], times)
        z, dz = self._along.map(times)(t[np.newaxis], y, values, side_by_side)
        return z.full(), dz.full().reshape(-1, times, count).transpose(0, 2, 1)

    def linearise(self, t: float, y: Array, S: Array) -> Linearisation:
        r"""Equations at a point of a solution, and their slopes along it.

        With F = (f, g) for differential and algebraic states (y, a), the algebraic ones
        follow from the others:
        :math:`g_a \dot{a} = -(g_t + g_y \dot{y})`, :math:`g_a S_a = -(g_p + g_y S_y)`.

        Parameters
        ----------
        t : float
        y : ndarray, shape (states,)
        S : ndarray, shape (states, parameters)
            Sensitivities at fixed time.

        Raises
        ------
        SolveError
            If the algebraic states are not determined there.
        """
        value, by_t, by_y, by_p = self._linearised(t, y, self._values)
        value, by_t, by_p = value.full()[:, 0], by_t.full()[:, 0], by_p.full()
        by_y = csc_array(by_y.sparse())
        nd, S = self.differential, S.copy()
        rate = np.zeros(self.states)
        rate[:nd] = value[:nd]
        if not self.model.is_standard_form_dae:
            mass = csc_array(self.model.mass_matrix.entries)[:nd, :nd]
            rate[:nd] = _factors(mass, t).solve(rate[:nd])
        if nd < self.states:
            algebraic = slice(nd, self.states)
            rows = by_y[algebraic, :]
            factors = _factors(rows[:, algebraic], t)
            rate[nd:] = -factors.solve(by_t[algebraic] + rows[:, :nd] @ rate[:nd])
            S[nd:] = -factors.solve(by_p[algebraic] + rows[:, :nd] @ S[:nd])
        slopes, derivatives = by_t + by_y @ rate, by_p + by_y @ S
        return Linearisation(
            rate=rate,
            sensitivity=S,
            events=value[self._events],
            event_slopes=slopes[self._events],
            event_derivatives=derivatives[self._events],
            outputs=value[self._outputs],
            output_slopes=slopes[self._outputs],
            output_derivatives=derivatives[self._outputs],
        )

    def handed_to(
        self, target: pybamm.BaseModel, t: float, y: Array, dy: Array
    ) -> tuple[Array, Array]:
        """State of another step's model that continues from a state of this one.

        Parameters
        ----------
        target : pybamm.BaseModel
            Discretised on the same mesh.
        t : float
        y : ndarray, shape (states,)
        dy : ndarray, shape (states, parameters)
            Total derivatives of the state.

        Returns
        -------
        tuple of ndarray, shapes (states,) and (states, parameters)
            Of the target. What its algebraic equations settle is only a first guess.
        """
        if target is self.model:
            return y, dy
        state = self._casadi(target.build_initial_state_mapper(self.model))
        function = casadi.Function(
            "handed",
            self._arguments,
            [state, *(casadi.jacobian(state, x) for x in (self._y, self._selected))],
        )
        value, by_y, by_p = function(t, y, self._values)
        return value.full()[:, 0], csc_array(by_y.sparse()) @ dy + by_p.full()


def _factors(matrix: csc_array, t: float) -> Any:
    try:
        return splu(matrix.tocsc())
    except RuntimeError as error:
        raise SolveError(f"the equations are singular at t = {t:g} s") from error


def starting_point(
    model: pybamm.BaseModel,
    inputs: Mapping[str, float],
    y: Array,
    S: Array,
) -> pybamm.Solution:
    """A solution of one instant, t = 0, from which ``solver.step`` goes on.

    Parameters
    ----------
    model : pybamm.BaseModel
        Of the step that starts here.
    inputs : mapping of str to float
    y : ndarray, shape (states,)
    S : ndarray, shape (states, parameters)
        Sensitivities, parameters sorted by name as PyBaMM does.
    """
    return pybamm.Solution(
        np.zeros(1),
        y[:, np.newaxis],
        model,
        dict(inputs),
        termination="final time",
        all_sensitivities={"all": S},
    )


def rewound(
    model: pybamm.BaseModel, inputs: Mapping[str, float], y: Array
) -> pybamm.Solution:
    """A state as a solution of one instant, t = 0, from which ``solver.step`` goes on.

    Parameters
    ----------
    model : pybamm.BaseModel
        Discretised on the same mesh as the one that the state comes from.
    inputs : mapping of str to float
    y : ndarray, shape (states, 1)
    """
    with without_warning_of_ends():
        return pybamm.Solution(
            np.zeros(1), y, model, dict(inputs), termination="final time"
        )


def without_warning_of_ends() -> AbstractContextManager[None]:
    """For whatever makes a solution: PyBaMM looks at the end of every variable that is
    large, by interpolation between times that may be equal, and would warn of 0/0.
    """
    return np.errstate(invalid="ignore")


def states_of(solution: pybamm.Solution) -> tuple[Array, Array]:
    """States and sensitivities of a solution.

    Parameters
    ----------
    solution : pybamm.Solution
        Of one model, with sensitivities.

    Returns
    -------
    tuple of ndarray, shapes (states, times) and (times, states, parameters)
    """
    y = np.asarray(solution.y)
    S = np.asarray(solution.sensitivities["all"])
    return y, S.reshape(y.shape[1], y.shape[0], -1)


def event_index(solution: pybamm.Solution) -> int | None:
    """Which of a model's termination events ended a solution; None if its time did."""
    index: Any = solution.closest_event_idx
    return None if index is None else int(index)


def inputs_of(model: pybamm.BaseModel) -> set[str]:
    """Names of the inputs in a discretised model's equations, initial states and events.

    PyBaMM's own list holds those of all variables too, used or not.
    """
    symbols = [*_symbols(model), model.concatenated_initial_conditions]
    return {
        symbol.name
        for equation in symbols
        for symbol in equation.pre_order()
        if isinstance(symbol, pybamm.InputParameter)
    }


def depends_on_time(model: pybamm.BaseModel) -> bool:
    """Whether equations or events of a model contain the time, of whatever clock."""
    return any(_has_time(symbol, own_clock=True) for symbol in _symbols(model))


def depends_on_run_time(model: pybamm.BaseModel, outputs: Sequence[str]) -> bool:
    """Whether a model or an output knows the time since the start of the whole run.

    What depends on the time since the start of a step does not count.
    """
    symbols = [
        *_symbols(model),
        *(model.get_processed_variable(name) for name in outputs),
    ]
    return any(_has_time(symbol, own_clock=False) for symbol in symbols)


def _symbols(model: pybamm.BaseModel) -> list[pybamm.Symbol]:
    events = [event.expression for event in model.events]
    return [model.concatenated_rhs, model.concatenated_algebraic, *events]


def _has_time(symbol: pybamm.Symbol, own_clock: bool, seen: set[int] | None = None) -> bool:
    # expressions share their parts: each is looked at once
    seen = set() if seen is None else seen
    if id(symbol) in seen:
        return False
    seen.add(id(symbol))
    if isinstance(symbol, pybamm.Time):
        return True
    if isinstance(symbol, pybamm.Subtraction) and not own_clock:
        left, right = symbol.children
        if isinstance(left, pybamm.Time) and isinstance(right, pybamm.InputParameter):
            return bool(right.name != START_TIME)
    return any(_has_time(child, own_clock, seen) for child in symbol.children)


def initial_state(model: pybamm.BaseModel, inputs: Mapping[str, float]) -> Array:
    """State that a discretised model starts from; algebraic states are a first guess.

    Parameters
    ----------
    model : pybamm.BaseModel
    inputs : mapping of str to float

    Returns
    -------
    ndarray, shape (states, 1)
    """
    y = model.concatenated_initial_conditions.evaluate(0.0, inputs=dict(inputs))
    return np.asarray(y, dtype=float).reshape(-1, 1)


def slices_of(model: pybamm.BaseModel) -> dict[str, slice]:
    """Where in the state vector each variable of a discretised model stands, by name.

    A variable over several layers is listed by the layers' own names.
    """
    return {
        variable.name: found[0]
        for variable, found in model.y_slices.items()
        if not isinstance(variable, pybamm.ConcatenationVariable)
    }


def moved(
    y: Array,
    source: pybamm.BaseModel,
    target: pybamm.BaseModel,
    guesses: Mapping[str, float],
) -> Array:
    """A state in the order of another model on the same mesh.

    Parameters
    ----------
    y : ndarray, shape (states, 1)
    source, target : models; variables of the same name have the same length
    guesses : first guesses of the algebraic variables that only the target has

    Returns
    -------
    ndarray, shape (states of the target, 1)
    """
    if source is target:
        return y
    places = slices_of(source)
    found = np.empty((target.len_rhs_and_alg, 1))
    for name, place in slices_of(target).items():
        found[place] = y[places[name]] if name in places else guesses[name]
    return found


class Readout:
    """Scalars of a discretised model as one function of its state.

    Parameters
    ----------
    model : pybamm.BaseModel
    inputs : mapping of str to float
        Every input of the model.
    variables : sequence of str
        Scalar variables to read.
    """

    def __init__(
        self, model: pybamm.BaseModel, inputs: Mapping[str, float], variables: Sequence[str]
    ) -> None:
        y = casadi.MX.sym("y", model.len_rhs_and_alg)
        p = {name: casadi.MX.sym("p") for name in inputs}
        time = casadi.MX(0.0)
        #: Names of the model's own termination events, those of single steps left out.
        self.events = [
            event.name
            for event in model.events
            if event.event_type == pybamm.EventType.TERMINATION
            and "[experiment]" not in event.name
        ]
        symbols = [model.get_processed_variable(name) for name in variables]
        symbols += [event.expression for event in model.events if event.name in self.events]
        values = [casadi.MX(one.to_casadi(time, y, inputs=p)) for one in symbols]
        self._count = len(variables)
        self._values = np.array(list(inputs.values()), dtype=float)
        self._function = casadi.Function(
            "readout", [y, casadi.vertcat(*p.values())], [casadi.vertcat(*values)]
        )

    def __call__(self, y: Array) -> tuple[Array, Array]:
        """Values of the variables, and of the events (positive before they are met).

        Parameters
        ----------
        y : ndarray, shape (states, 1)
        """
        found = self._function(y, self._values).full()[:, 0]
        return found[: self._count], found[self._count :]


def scales_of(model: pybamm.BaseModel) -> dict[str, float]:
    """Scale of each variable of a discretised model: its value is this times its state."""
    return {
        variable.name: float(np.max(np.asarray(variable.scale.evaluate())))
        for variable in model.y_slices
        if not isinstance(variable, pybamm.ConcatenationVariable)
    }


def end_of(solution: pybamm.Solution) -> Array:
    """The state that a solution ends with, of a solver that keeps output variables only.

    PyBaMM's own ``last_state`` looks at every variable when one of them is large.

    Returns
    -------
    ndarray, shape (states, 1)
    """
    return np.asarray(solution.y_event, dtype=float).reshape(-1, 1)
