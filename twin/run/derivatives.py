"""Names and layout of derivatives in a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import xarray as xr

from twin import units
from twin.models.compat import Array
from twin.run.results import COMPLETED, ENDED_BY
from twin.run.steps import Done

CAPACITY: Final = "Step capacity [A.h]"
DURATION: Final = "Step duration [s]"
START: Final = "Step start [s]"


def derivative(name: str) -> str:
    """Name of the derivatives of a variable with respect to the parameters.

    Parameters
    ----------
    name : str
        Variable of a dataset of sensitivities, with its unit.

    Examples
    --------
    >>> derivative("Step capacity [A.h]")
    'd(Step capacity [A.h])/dp'
    """
    return f"d({name})/dp"


def at_end(name: str) -> str:
    """Name of the values of a variable at the ends of the steps.

    Parameters
    ----------
    name : str
        Variable of the model, with its unit.

    Examples
    --------
    >>> at_end("Voltage [V]")
    'Voltage [V] at step end'
    """
    return f"{name} at step end"


def to_dataset(
    labels: Sequence[str],
    cycles: Sequence[int],
    done: Sequence[Done],
    parameters: Mapping[str, float],
    outputs: Sequence[str],
) -> xr.Dataset:
    """Steps that were run, as one dataset.

    Parameters
    ----------
    labels, cycles : sequences
        Description and cycle number of each step; may be longer than ``done``.
    done : sequence of Done
        Steps; their outputs start with the discharge capacity [A.h].
    parameters : mapping of str to float
        Names and values, in the order of the derivatives.
    outputs : sequence of str
        Names of the outputs that follow the discharge capacity.

    Returns
    -------
    xarray.Dataset
        Laid out as :func:`twin.run.sensitivities.sensitivities` says.
    """
    data: dict[str, Any] = {}

    def add(name: str, dim: str, unit: str, value: Array, slope: Array) -> None:
        """A variable and its derivatives (parameters, points)."""
        per = [_per(unit, parameter) for parameter in parameters]
        same = per[0] if len(set(per)) == 1 else f"{unit} per unit of the parameter"
        data[name] = (dim, value, {"units": unit})
        data[derivative(name)] = (("parameter", dim), slope, {"units": same})

    duration = np.array([step.duration for step in done])
    shift = np.stack([step.duration_derivative for step in done], axis=1)
    add(DURATION, "step", "s", duration, shift)
    # a step starts when those before it have ended
    before, before_shift = np.cumsum(duration) - duration, np.cumsum(shift, 1) - shift
    add(START, "step", "s", before, before_shift)
    passed = [_passed(step) for step in done]
    add(
        CAPACITY,
        "step",
        "A.h",
        np.array([value for value, _ in passed]),
        np.stack([slope for _, slope in passed], axis=1),
    )
    for row, name in enumerate(outputs, start=1):
        unit = units.unit_of(name) or "1"
        add(
            name,
            "sample",
            unit,
            np.concatenate([step.outputs[row] for step in done]),
            np.concatenate([step.derivatives[row] for step in done], axis=1),
        )
        add(
            at_end(name),
            "step",
            unit,
            np.array([step.end[row] for step in done]),
            np.stack([step.end_derivative[row] for step in done], axis=1),
        )
    number = np.arange(1, len(done) + 1)
    count = [len(step.times) for step in done]
    coordinates: dict[str, Any] = {
        "parameter": ("parameter", list(parameters)),
        "value": ("parameter", list(parameters.values())),
        "unit": ("parameter", [units.unit_of(name) or "1" for name in parameters]),
        "step": ("step", number),
        "description": ("step", list(labels[: len(done)])),
        "cycle": ("step", list(cycles[: len(done)])),
        "ended_by": ("step", [step.ended_by for step in done]),
        "slope_error": ("step", [step.slope_error for step in done]),
        "time": (
            "sample",
            np.concatenate([step.times for step in done]),
            {"units": "s", "long_name": "time since the start of the step"},
        ),
        "step_of_sample": ("sample", np.repeat(number, count)),
    }
    ended_by = COMPLETED if done[-1].allows_next else done[-1].ended_by
    return xr.Dataset(data, coordinates, {ENDED_BY: ended_by})


def _passed(step: Done) -> tuple[float, Array]:
    """Capacity of a step [A.h], from the count of the whole run, and derivatives."""
    if not len(step.times):
        return 0.0, np.zeros(len(step.duration_derivative))
    value = float(step.end[0] - step.outputs[0, 0])
    return value, step.end_derivative[0] - step.derivatives[0, :, 0]


def _per(unit: str, parameter: str) -> str:
    """Unit of a derivative."""
    below = units.unit_of(parameter)
    if not below or below == "-":
        return unit
    return f"{unit}/({below})"
