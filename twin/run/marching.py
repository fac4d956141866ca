r"""Sensitivities carried from step to step, across the events that end steps.

An integrator differentiates the states at fixed time since the start of a step: S.
Where an event g = 0 ends a step, the end moves with the parameters,

.. math::
    t^*_p = -\frac{g_y S + g_p}{g_y \dot{y} + g_t},
    \qquad y^*_p = S + \dot{y}\, t^*_p,

and the next step starts from :math:`y^*_p`: differential states as they are, algebraic
ones as the next step's equations settle them. Each step runs on a clock of its own, so
that the shift of its start needs no further term.

Reference: Galán, Feehery and Barton, Parametric sensitivity functions for hybrid
discrete/continuous systems, Applied Numerical Mathematics 31 (1999) 17-47,
doi 10.1016/S0168-9274(98)00125-1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pybamm

from twin.errors import SolveError
from twin.models import compat
from twin.models.compat import Array, Equations, Linearisation
from twin.run.steps import CLOCK, FINAL_TIME, OF_EXPERIMENT, SKIPPED, Done, Step

#: Share of a step's duration in which PyBaMM finds consistent states.
INSTANT: Final = 1e-6

#: Beyond this error of the propagated slope, the correction is not trusted.
LARGEST_SLOPE_ERROR: Final = 0.5

#: Below this share of its mean slope, an event is touched, not crossed.
GRAZING: Final = 1e-9


@dataclass(frozen=True)
class _End:
    """Where a step ended: its equations, time, states and their total derivatives."""

    equations: Equations
    time: float
    y: Array
    dy: Array


def march(
    steps: Sequence[Step],
    parameters: Mapping[str, float],
    outputs: Sequence[str],
    known: dict[int, Equations] | None = None,
) -> Iterator[Done]:
    """Run steps, each from the end of the one before.

    The iteration stops after a step that an event of the model ended, not one of the
    experiment.

    Parameters
    ----------
    steps : sequence of Step
        Every model has all parameters and ``CLOCK`` among its inputs.
    parameters : mapping of str to float
        Inputs and their values, sorted by name as PyBaMM sorts sensitivities.
    outputs : sequence of str
    known : dict, optional
        Equations of the steps' models by the identity of the model; filled here, and
        used again where the same steps are run with other values.

    Raises
    ------
    SolveError
        If a step fails, cannot start, reaches its longest duration without the event
        it waits for, touches a limit without crossing it, or is not resolved well
        enough for its derivatives.
    TwinError
        If an output does not exist or is not a scalar.
    """
    inputs = {**parameters, compat.START_TIME: 0.0, CLOCK: 1.0}
    known = {} if known is None else known
    of_model: dict[int, Equations] = {}
    end: _End | None = None
    last: Done | None = None
    for step in steps:
        key = id(step.model)
        if key not in known:
            known[key] = Equations(step.model, inputs, [*parameters, CLOCK], outputs)
        if key not in of_model:
            of_model[key] = known[key].with_inputs(inputs)
        try:
            solution = _solve(step, of_model[key], end)
        except pybamm.SolverError as error:
            if not (step.can_be_skipped and _beyond_limit(error)):
                raise SolveError(str(error), where=step.label) from error
            last = _skipped(last, len(outputs), len(parameters))
            yield last
            continue
        last, end = _finish(step, of_model[key], solution)
        yield last
        if not last.allows_next:
            return
    if end is None:
        raise SolveError("every step is beyond one of its limits from the start")


def _solve(step: Step, equations: Equations, end: _End | None) -> pybamm.Solution:
    """Solution of a step, the rate of its start carried along with the derivatives."""

    def solve(
        start: pybamm.Solution | None, stops: Array, samples: Array
    ) -> pybamm.Solution:
        return step.solver.step(
            start,
            step.model,
            float(stops[-1]),
            t_eval=stops.copy(),
            t_interp=samples.copy(),
            inputs=equations.inputs,
            calculate_sensitivities=list(equations.parameters),
            save=False,
        )

    start = None
    if end is not None:
        y, S = end.equations.handed_to(step.model, end.time, end.y, end.dy)
        start = compat.starting_point(step.model, equations.inputs, y, S)
    # PyBaMM finds consistent algebraic states, and their derivatives, as it sets off
    instant = np.array([0.0, INSTANT * step.stops[-1]])
    y, S = compat.states_of(solve(start, instant, np.empty(0)))
    at_start = equations.linearise(0.0, y[:, 0], S[0])
    S = np.column_stack([at_start.sensitivity[:, :-1], at_start.rate])
    start = compat.starting_point(step.model, equations.inputs, y[:, 0], S)
    return solve(start, step.stops, step.samples)


def _beyond_limit(error: pybamm.SolverError) -> bool:
    message = str(error)
    return "non-positive at initial conditions" in message and OF_EXPERIMENT in message


def _skipped(before: Done | None, outputs: int, parameters: int) -> Done:
    """A step of no length, which leaves everything as it is."""
    nothing = Done(
        SKIPPED,
        duration=0.0,
        duration_derivative=np.zeros(parameters),
        times=np.empty(0),
        outputs=np.empty((outputs, 0)),
        derivatives=np.empty((outputs, parameters, 0)),
        end=np.full(outputs, np.nan),
        end_derivative=np.full((outputs, parameters), np.nan),
        slope_error=np.nan,
    )
    if before is None:
        return nothing
    return replace(nothing, end=before.end, end_derivative=before.end_derivative)


def _finish(
    step: Step, equations: Equations, solution: pybamm.Solution
) -> tuple[Done, _End]:
    times = np.asarray(solution.t, dtype=float)
    y, S = compat.states_of(solution)
    outputs, derivatives = equations.along(times, y, S)
    duration = float(times[-1])
    at_end = equations.linearise(duration, y[:, -1], S[-1])
    event = compat.event_index(solution)
    if event is None:
        if step.needs_event:
            raise SolveError(
                f"no limit was reached within {duration:g} s, PyBaMM's longest "
                "duration; give the step a duration or a limit that it reaches",
                where=step.label,
            )
        ended_by, shift, error = FINAL_TIME, np.zeros(S.shape[2]), np.nan
    else:
        ended_by = str(solution.termination).removeprefix("event: ")
        where = f"{step.label}, {ended_by}"
        _refuse_grazing(equations, times, y, at_end, event, where)
        error = 0.0
        if not compat.depends_on_time(step.model):
            at_end, error = _rephased(equations, duration, y[:, -1], at_end, event)
            if not abs(error) < LARGEST_SLOPE_ERROR:
                raise SolveError(
                    "the tolerances are too loose for derivatives here: the slope of "
                    f"the limit is off by {100 * error:+.0f} %; tighten rtol and atol",
                    where=where,
                )
        shift = -at_end.event_derivatives[event] / at_end.event_slopes[event]
    end = at_end.output_derivatives + np.outer(at_end.output_slopes, shift)
    total = at_end.sensitivity + np.outer(at_end.rate, shift)
    done = Done(
        ended_by,
        duration,
        shift[:-1],
        times,
        outputs,
        derivatives[:, :-1],
        at_end.outputs,
        end[:, :-1],
        error,
    )
    return done, _End(equations, duration, y[:, -1], total)


def _refuse_grazing(
    equations: Equations,
    times: Array,
    y: Array,
    at_end: Linearisation,
    event: int,
    where: str,
) -> None:
    at_start = equations.linearise(times[0], y[:, 0], at_end.sensitivity)
    mean = abs(float(at_end.events[event] - at_start.events[event])) / times[-1]
    if not abs(float(at_end.event_slopes[event])) > GRAZING * mean:
        raise SolveError(
            "the limit is touched, not crossed: the time of reaching it has no "
            "derivative here; move the limit or end the step by its duration",
            where=where,
        )


def _rephased(
    equations: Equations, t: float, y: Array, at_end: Linearisation, event: int
) -> tuple[Linearisation, float]:
    r"""Sensitivities freed of the error that they share with the propagated rate.

    IDAS controls the error of the states only. In the collapse that ends a stripping,
    sensitivities are nearly :math:`-\dot{y} t^*_p`, and what the integrator makes of
    this product, it also makes of a rate carried along from the start, v:
    :math:`S \to S - (v - \dot{y}) \tau`, :math:`\tau = g_y S / g_y v`.

    Returns the linearisation with these sensitivities and :math:`g_y v / g_t - 1`.
    """
    S = at_end.sensitivity
    direct = equations.linearise(t, y, np.zeros_like(S)).event_derivatives[event]
    through_states = at_end.event_derivatives[event] - direct
    slope, propagated = at_end.event_slopes[event], through_states[-1]
    error = float(propagated / slope - 1)
    if not abs(error) < LARGEST_SLOPE_ERROR:
        return at_end, error
    S = S - np.outer(S[:, -1] - at_end.rate, through_states / propagated)
    return equations.linearise(t, y, S), error
