"""What the package needs of PyBaMM's solvers beyond their documented interface."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import casadi
import pybamm

from twin import names
from twin.models.compat import Array, without_warning_of_ends

#: Functions of a set-up model that an integrator calls at every step.
_CALLED: Final = (
    "rhs_algebraic_eval",
    "jac_rhs_algebraic_eval",
)


class _ScalarEquations(pybamm.BaseSolver):
    """Solvers whose equations are written out number by number before they are used.

    PyBaMM's are operations on vectors and sparse matrices. Written out they take four
    fifths of the time to evaluate, and compiled two thirds.
    """

    def set_up(
        self, model: pybamm.BaseModel, *arguments: Any, **more: Any
    ) -> pybamm.BaseModel | None:
        found = super().set_up(model, *arguments, **more)
        for name in _CALLED:
            setattr(model, name, _written_out(getattr(model, name)))
        model.terminate_events_eval = [
            _written_out(one) for one in model.terminate_events_eval
        ]
        return found


def _written_out(function: casadi.Function | None) -> casadi.Function | None:
    """A function as operations on single numbers; as it is where it looks up a table."""
    if function is None:
        return None
    try:
        return function.expand(function.name())
    except RuntimeError:
        return function


class BatchSolver(pybamm.IDAKLUSolver, _ScalarEquations):
    """IDAKLU that also starts a batch where each of its designs came to.

    PyBaMM starts batches at the model's initial conditions only; a vector of inputs that
    holds the states makes every evaluation of the equations half as long again.
    """

    _starts: Sequence[Array | None] = ()

    def solve_from(
        self,
        model: pybamm.BaseModel,
        starts: Sequence[Array | None],
        stops: Array,
        samples: Array | None,
        inputs: Sequence[Mapping[str, float]],
    ) -> list[pybamm.Solution]:
        """Solutions from t = 0, one for each set of inputs.

        Parameters
        ----------
        model : pybamm.BaseModel
            Discretised.
        starts : a state for each set of inputs, of shape (states, 1); None for the
            model's initial conditions
        stops : times at which the integrator stops and starts anew [s]
        samples : times of the results [s]; the integrator's own if None
        inputs : at least one set
        """
        self._starts = starts
        try:
            with without_warning_of_ends():
                found = self.solve(
                    model, stops.copy(), [dict(one) for one in inputs], t_interp=samples
                )
        finally:
            self._starts = ()
        return found if isinstance(found, list) else [found]

    def _set_initial_conditions(
        self, model: pybamm.BaseModel, time: float, inputs: list[dict[str, float]]
    ) -> None:
        super()._set_initial_conditions(model, time, inputs)
        for number, start in enumerate(self._starts):
            if start is not None:
                model.y0_list[number] = casadi.DM(start)


def check_of_bounds(inputs: Iterable[str]) -> dict[str, bool]:
    """Arguments of a discretisation: PyBaMM cannot check an initial state if its bound is
    given with each run.

    Parameters
    ----------
    inputs : names of parameters that are given with each run

    Examples
    --------
    >>> check_of_bounds([names.STACK_PRESSURE])
    {'check_model': True}
    """
    return {"check_model": names.CATHODE_MAXIMUM_CONCENTRATION not in inputs}


def with_options(
    solver: pybamm.IDAKLUSolver, options: Mapping[str, float]
) -> pybamm.IDAKLUSolver:
    """A solver that is not set up yet, with some of its options changed.

    Parameters
    ----------
    solver : pybamm.IDAKLUSolver
    options : as of :class:`pybamm.IDAKLUSolver`

    Examples
    --------
    >>> with_options(pybamm.IDAKLUSolver(), {"max_order_bdf": 2})._options["max_order_bdf"]
    2
    """
    solver._options.update(options)
    return solver
