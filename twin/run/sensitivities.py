"""Derivatives of what an experiment measures with respect to parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final

import pybamm
import xarray as xr

from twin import names
from twin.errors import TwinError, UnknownNameError
from twin.models.compat import Equations
from twin.run.derivatives import (
    CAPACITY,
    DURATION,
    START,
    at_end,
    derivative,
    to_dataset,
)
from twin.run.marching import march
from twin.run.plan import plan
from twin.run.steps import CLOCK

__all__ = [
    "CAPACITY",
    "DURATION",
    "START",
    "SensitivityRun",
    "at_end",
    "derivative",
    "sensitivities",
]

#: Further arguments that go to :class:`pybamm.Simulation`.
SIMULATION_OPTIONS: Final = (
    "geometry",
    "submesh_types",
    "var_pts",
    "spatial_methods",
    "discretisation_kwargs",
)


def sensitivities(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    experiment: pybamm.Experiment | Sequence[Any] | str | float,
    parameters: Mapping[str, float],
    outputs: Sequence[str] = (),
    *,
    rtol: float = 1e-7,
    atol: float = 1e-9,
    solver_options: Mapping[str, Any] | None = None,
    **simulation_options: Any,
) -> xr.Dataset:
    r"""Derivatives of step capacities, durations and variables, across cut-offs.

    IDAKLU differentiates at fixed time. Here the ends of the steps move with the
    parameters, and with them the starts of the next ones:
    :math:`t^*_p = -(g_y S + g_p) / (g_y \dot{y} + g_t)` for a step that the event
    g = 0 ends, see :mod:`twin.run.marching`.

    Parameters
    ----------
    model : pybamm.BaseModel
        Any battery model that counts its discharge capacity.
    parameter_values : pybamm.ParameterValues
        Left as they are.
    experiment : pybamm.Experiment, its list of steps, or float
        Steps controlled by current, C-rate, voltage, power or resistance, and rests,
        ended by time, voltage, current or any other termination of PyBaMM. A number
        runs the model's own current function for that many seconds or until an event
        of the model.
    parameters : mapping of str to float
        Names and nominal values; these become inputs in ``parameter_values``.
    outputs : sequence of str
        Variables of the model that are scalars.
    rtol, atol : float
        Tolerances of IDAKLU. It controls the error of the states only; at these
        tolerances derivatives come out within about 1e-4.
    solver_options : mapping, optional
        "options" of :class:`pybamm.IDAKLUSolver`.
    **simulation_options
        ``geometry``, ``submesh_types``, ``var_pts``, ``spatial_methods`` or
        ``discretisation_kwargs`` of :class:`pybamm.Simulation`. In PyBaMM's models a
        radius needs ``pybamm.SymbolicUniform1DSubMesh`` in its particles, a thickness
        needs it in both electrodes and the separator.

    Returns
    -------
    xarray.Dataset
        Units are in each variable's attributes; ``derivative(name)`` names the
        derivatives of a variable, which add the dimension "parameter" in front, and
        ``at_end(name)`` its values at the ends of the steps.

        - over "step" (from 1): "Step capacity [A.h]" (positive on discharge), "Step
          duration [s]", "Step start [s]", and ``at_end(output)`` of each output, with
          total derivatives; the coordinates "description", "cycle" and "ended_by"
          say what the step was, "slope_error" how far the integrator was off in the
          slope of the event that ended it, for which the derivatives are corrected;
        - over "sample": each output, with derivatives at fixed time since the start of
          the step, *not* at fixed time since the start of the run. The coordinates
          are "time" [s] since the start of the step and "step_of_sample". Times are
          the solver's own, or every period of a step that has one.

        The coordinate "value" holds the parameters' nominal values. The attribute
        "ended_by" names the model event that ended the run early, if any.

    Raises
    ------
    UnknownNameError
        If a parameter, output or option does not exist.
    TwinError
        If a parameter is not a number or controls the experiment, an output is not a
        scalar or counts the time of the whole run, the experiment has start times
        or a termination of its own, or the mesh cannot stretch with a thickness.
    SolveError
        If a step fails, never reaches its limit or touches it without crossing, or if
        the tolerances are too loose for derivatives.

    Notes
    -----
    Derivatives are those of the sequence of events that happened. They do not exist
    where two limits are reached at the same instant, or where a step is about to be
    skipped; the result is then one-sided.

    Examples
    --------
    >>> from twin.models.symmetric_cell import SymmetricCell
    >>> cell = SymmetricCell()
    >>> result = sensitivities(
    ...     cell,
    ...     cell.default_parameter_values,
    ...     ["Discharge at 0.5 mA for 10 hours or until -0.2 V", "Rest for 1 hour"],
    ...     {"Separator thickness [m]": 7e-4},
    ...     ["Voltage [V]"],
    ... )
    >>> result[derivative("Step capacity [A.h]")].dims
    ('parameter', 'step')
    """
    run = SensitivityRun(
        model,
        parameter_values,
        experiment,
        parameters,
        outputs,
        rtol=rtol,
        atol=atol,
        solver_options=solver_options,
        **simulation_options,
    )
    return run.at()


class SensitivityRun:
    """An experiment built once, and differentiated at many values of its parameters.

    Parameters
    ----------
    model, parameter_values, experiment, parameters, outputs
        As of :func:`sensitivities`; the values of ``parameters`` are those of
        :meth:`at` where it is given none.
    rtol, atol, solver_options, **simulation_options
        As of :func:`sensitivities`.

    Raises
    ------
    UnknownNameError, TwinError
        As :func:`sensitivities`.

    Examples
    --------
    >>> from twin.models.symmetric_cell import SymmetricCell
    >>> cell = SymmetricCell()
    >>> values = cell.default_parameter_values
    >>> steps = ["Discharge at 0.5 mA for 1 hour"]
    >>> run = SensitivityRun(cell, values, steps, {"Separator thickness [m]": 7e-4})
    >>> [float(run.at({"Separator thickness [m]": L})["value"][0]) for L in (6e-4, 8e-4)]
    [0.0006, 0.0008]
    """

    def __init__(
        self,
        model: pybamm.BaseModel,
        parameter_values: pybamm.ParameterValues,
        experiment: pybamm.Experiment | Sequence[Any] | str | float,
        parameters: Mapping[str, float],
        outputs: Sequence[str] = (),
        *,
        rtol: float = 1e-7,
        atol: float = 1e-9,
        solver_options: Mapping[str, Any] | None = None,
        **simulation_options: Any,
    ) -> None:
        _check_parameters(parameters, parameter_values)
        for option in simulation_options:
            if option not in SIMULATION_OPTIONS:
                raise UnknownNameError("option", option, SIMULATION_OPTIONS)
        for name in outputs:
            if name not in model.variables:
                raise UnknownNameError("variable", name, model.variables)
        self._values = parameter_values
        self._order = list(parameters)
        # PyBaMM sorts sensitivities by name
        self._defaults = dict(sorted(parameters.items()))
        self._outputs = tuple(outputs)
        # what matters of SUNDIALS' messages comes as an error
        options = {"silence_sundials_errors": True, **(solver_options or {})}
        solver = pybamm.IDAKLUSolver(rtol, atol, options=options)
        self._tolerances = {"relative_tolerance": rtol, "absolute_tolerance": atol}
        self._steps, self._cycles = plan(
            model,
            parameter_values,
            experiment,
            self._defaults,
            [names.DISCHARGE_CAPACITY, *outputs],
            solver,
            simulation_options,
        )
        self._equations: dict[int, Equations] = {}

    def at(self, values: Mapping[str, float] | None = None) -> xr.Dataset:
        """The experiment and its derivatives at some values of the parameters.

        Parameters
        ----------
        values : by name; the run's own where not given

        Returns
        -------
        xarray.Dataset
            As of :func:`sensitivities`.

        Raises
        ------
        UnknownNameError, TwinError
            If a value belongs to no parameter of the run, or is not finite.
        SolveError
            As :func:`sensitivities`.
        """
        for name in values or {}:
            if name not in self._defaults:
                raise UnknownNameError("parameter of the run", name, self._defaults)
        given = {**self._defaults, **(values or {})}
        _check_parameters(given, self._values)
        wanted = [names.DISCHARGE_CAPACITY, *self._outputs]
        done = list(march(self._steps, given, wanted, self._equations))
        labels = [step.label for step in self._steps]
        result = to_dataset(labels, self._cycles, done, given, self._outputs)
        result.attrs |= {
            **self._tolerances,
            "twin_version": version("solid-state-twin"),
            "pybamm_version": pybamm.__version__,
        }
        return result.sel(parameter=self._order)


def _check_parameters(
    parameters: Mapping[str, float], values: pybamm.ParameterValues
) -> None:
    if not parameters:
        raise TwinError("no parameters to differentiate with respect to; name one")
    for name, value in parameters.items():
        if name not in values:
            raise UnknownNameError("parameter", name, values.keys())
        if callable(values[name]):
            raise TwinError(
                f"'{name}' is a function; multiply it by a parameter of your own, and "
                "differentiate with respect to that"
            )
        if name > CLOCK:
            raise TwinError(f"'{name}' sorts behind '{CLOCK}'; give it a plain name")
        if not math.isfinite(value):
            raise TwinError(
                f"the nominal value of '{name}' is {value}, not a finite number"
            )
