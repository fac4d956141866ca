"""What a step of an experiment is to the integrator, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pybamm

from twin.models.compat import Array

FINAL_TIME: Final = "final time"
SKIPPED: Final = "skipped"
#: PyBaMM's mark in the name of an event that a step asks for.
OF_EXPERIMENT: Final = "[experiment]"

#: Input that no equation has: its "sensitivity" carries the rate of the states along.
#: PyBaMM sorts sensitivities by name, and this one has to be the last.
CLOCK: Final = "~clock"


@dataclass(frozen=True)
class Step:
    """What to run: a built model, for a time since the start of the step.

    Parameters
    ----------
    label : str
        What messages and results call the step.
    model : pybamm.BaseModel
        Discretised.
    solver : pybamm.BaseSolver
    stops : ndarray
        Times [s] at which the solver must stop: first 0, last the longest duration.
    samples : ndarray
        Times [s] of the results; empty for the solver's own.
    needs_event : bool
        Whether an event has to end the step.
    can_be_skipped : bool
        Whether a step that is beyond one of its limits from the start is left out.
    """

    label: str
    model: pybamm.BaseModel
    solver: pybamm.BaseSolver
    stops: Array
    samples: Array
    needs_event: bool = False
    can_be_skipped: bool = False


@dataclass(frozen=True)
class Done:
    """What came of a step.

    Parameters
    ----------
    ended_by : str
        Name of an event, "final time" or "skipped".
    duration : float
        [s]
    duration_derivative : ndarray, shape (parameters,)
    times : ndarray, shape (times,)
        Since the start of the step [s].
    outputs : ndarray, shape (outputs, times)
    derivatives : ndarray, shape (outputs, parameters, times)
        At fixed time since the start of the step.
    end : ndarray, shape (outputs,)
    end_derivative : ndarray, shape (outputs, parameters)
        Total: the end moves with the parameters.
    slope_error : float
        Relative error of the slope of the event function that was propagated like a
        sensitivity; the derivatives at the end are corrected for it. Not a number
        unless an event ended the step.
    """

    ended_by: str
    duration: float
    duration_derivative: Array
    times: Array
    outputs: Array
    derivatives: Array
    end: Array
    end_derivative: Array
    slope_error: float

    @property
    def allows_next(self) -> bool:
        """Whether an experiment goes on: no event of the model ended the step."""
        return self.ended_by in (FINAL_TIME, SKIPPED) or OF_EXPERIMENT in self.ended_by
