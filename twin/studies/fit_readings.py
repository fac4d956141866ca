"""How a fit reads its data off a run: numbers and their derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from scipy.interpolate import PchipInterpolator

from twin import names
from twin.models.compat import Array
from twin.parts.protocols import Protocol
from twin.run.levels import CONTINUOUS, LEVEL_SHARE, LEVEL_STEP
from twin.run.observables import observable
from twin.run.sensitivities import CAPACITY, DURATION, START, at_end, derivative
from twin.studies.fit_data import CurveDatum

_SECONDS_IN_HOUR: Final = 3600.0


@dataclass(frozen=True)
class Prediction:
    """What a run says of a datum.

    Attributes
    ----------
    value : shape (numbers,): one of a row; the voltages of a curve and, if its end
        counts, the time of its end; in SI
    slope : shape (numbers, parameters), per unit of each parameter
    step : of the staircase, in SI; 0 without one
    """

    value: Array
    slope: Array
    step: float = 0.0


#: A number and its derivatives with respect to the parameters of the dataset.
_Pair = tuple[float, Array]


def _first(name: str) -> Callable[[xr.Dataset, Protocol], _Pair]:
    def read(found: xr.Dataset, _: Protocol) -> _Pair:
        slope = found[derivative(name)].isel(sample=0)
        return float(found[name][0]), slope.to_numpy()

    return read


def _last(name: str) -> Callable[[xr.Dataset, Protocol], _Pair]:
    def read(found: xr.Dataset, _: Protocol) -> _Pair:
        slope = found[derivative(at_end(name))].isel(step=-1)
        return float(found[at_end(name)][-1]), slope.to_numpy()

    return read


def _last_discharge(found: xr.Dataset, protocol: Protocol) -> _Pair:
    """Charge of the discharge in the last cycle that was begun [C]."""
    planned = [step.action for cycle in protocol.schedule().cycles for step in cycle]
    last = int(found["cycle"][-1])
    wanted = [
        n
        for n, cycle in enumerate(found["cycle"].to_numpy())
        if cycle == last and planned[n] == "discharge"
    ]
    charge = found[CAPACITY].isel(step=wanted).sum()
    slope = found[derivative(CAPACITY)].isel(step=wanted).sum("step")
    return float(charge) * _SECONDS_IN_HOUR, slope.to_numpy() * _SECONDS_IN_HOUR


#: Observables whose derivatives come with the run, and the variable each needs, if any.
DIFFERENTIABLE: Final[
    dict[str, tuple[str | None, Callable[[xr.Dataset, Protocol], _Pair]]]
] = {
    "stripped capacity": (names.AREAL_CAPACITY, _last(names.AREAL_CAPACITY)),
    "initial polarisation": (names.POLARISATION, _first(names.POLARISATION)),
    "final polarisation": (names.POLARISATION, _last(names.POLARISATION)),
    "initial cell resistance": (names.CELL_RESISTANCE, _first(names.CELL_RESISTANCE)),
    "discharge capacity": (None, _last_discharge),
}


def along_curve(found: xr.Dataset, datum: CurveDatum) -> Prediction:
    """Voltages at a curve's times, and their derivatives at these times of the run.

    A step that starts later with a parameter shifts all that follows:
    :math:`V_p |_t = V_p |_{t - t_0} - \\dot{V}\\, t_{0,p}`. Beyond the end of the run its
    last voltage stays.

    Parameters
    ----------
    found : sensitivities with the voltage among their outputs
    datum : curve
    """
    count = found.sizes["parameter"]
    value = np.full(datum.time.size, float(found[at_end(names.VOLTAGE)][-1]))
    slope = np.tile(
        found[derivative(at_end(names.VOLTAGE))].isel(step=-1).to_numpy(),
        (datum.time.size, 1),
    )
    number = found["step_of_sample"].to_numpy()
    starts, ends = found[START].to_numpy(), found[START] + found[DURATION]
    for place, step in enumerate(found["step"].to_numpy()):
        inside = (datum.time >= starts[place]) & (datum.time <= float(ends[place]))
        own = number == step
        if not inside.any() or not own.any():
            continue
        since = found["time"].to_numpy()[own]
        kept = np.concatenate([[True], np.diff(since) > 0])
        since, volts = since[kept], found[names.VOLTAGE].to_numpy()[own][kept]
        line = PchipInterpolator(since, volts)
        wanted = datum.time[inside] - starts[place]
        value[inside] = line(wanted)
        rate = line.derivative()(wanted)
        shift = found[derivative(START)].isel(step=place).to_numpy()
        fixed = found[derivative(names.VOLTAGE)].to_numpy()[:, own][:, kept]
        slope[inside] = np.stack(
            [np.interp(wanted, since, fixed[k]) - rate * shift[k] for k in range(count)],
            axis=1,
        )
    if datum.end_uncertainty is None:
        return Prediction(value, slope)
    end_slope = found[derivative(START)].isel(step=-1) + found[derivative(DURATION)].isel(
        step=-1
    )
    return Prediction(
        np.append(value, float(ends[-1])), np.vstack([slope, end_slope.to_numpy()])
    )


def read_off(name: str, result: xr.Dataset, protocol: Protocol) -> tuple[float, float]:
    """An observable as a number that depends smoothly on parameters, and its step.

    A critical current density is the first level of a staircase that fails: half a step
    above the continuous one on average. A life in cycles is the cycle that fails.

    Parameters
    ----------
    name : of the observable
    result : of the run
    protocol : that was run

    Returns
    -------
    number and step of the staircase, both in SI; the step is 0 without a staircase
    """
    wanted = observable(name)
    if wanted.step is not None:
        step = float(result.attrs[LEVEL_STEP])
        return float(result.attrs[CONTINUOUS]) + step / 2, step
    if name == "life in cycles" and result.attrs[LEVEL_STEP] == 0:
        cycles = len(protocol.schedule().cycles)
        return float(result.attrs[LEVEL_SHARE]) * cycles + 0.5, 0.0
    return wanted.read(result), 0.0
