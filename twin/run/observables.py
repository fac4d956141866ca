"""Numbers that papers report, read off a result."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import xarray as xr

from twin import names
from twin.errors import UnknownNameError
from twin.run.cycles import cycles_of
from twin.run.levels import LEVEL, LEVEL_STEP
from twin.run.results import TIME_DIMENSION, interlayer_dimension

#: Kinds of runs that observables are read off.
Run = Literal["simulation", "schedule", "spectra"]


@dataclass(frozen=True)
class Observable:
    """A reported number: how it is read off a result, in SI.

    Attributes
    ----------
    unit : SI unit of what ``read`` returns; empty if dimensionless
    meaning : one line
    read : function of a result
    by : which kind of run the result comes from: "simulation" of an experiment by
        :func:`twin.run.simulate.simulate`, or "schedule" of constant currents by
        :class:`twin.run.galvanostatic.GalvanostaticRun`, or "spectra" along an experiment
        by :func:`twin.studies.eis.eis`, as :func:`twin.studies.spectra_dataset` holds them
    limit : whether it is a limit, so that what ``read`` returns is a lower bound where
        nothing failed up to the end
    step : reads the step of the staircase there, in the same unit, if there is one
    """

    unit: str
    meaning: str
    read: Callable[[xr.Dataset], float]
    by: Run = "simulation"
    limit: bool = False
    step: Callable[[xr.Dataset], float] | None = None


def _last(name: str) -> Callable[[xr.Dataset], float]:
    return lambda result: float(result[name].isel({TIME_DIMENSION: -1}))


def _first(name: str) -> Callable[[xr.Dataset], float]:
    return lambda result: float(result[name].isel({TIME_DIMENSION: 0}))


def discharge_capacities(result: xr.Dataset) -> dict[int, float]:
    """Areal capacity of each cycle's discharge [C.m-2], by the cycle's number.

    Examples
    --------
    >>> import numpy as np
    >>> steps = {"cycle": ("time", [1, 1, 1, 1]), "step": ("time", [1, 1, 2, 2])}
    >>> steps[names.TOTAL_CURRENT_DENSITY] = ("time", np.array([-1.0, -1.0, 1.0, 1.0]))
    >>> steps[names.AREAL_CAPACITY] = ("time", np.array([0.0, -5.0, -5.0, -1.0]))
    >>> discharge_capacities(xr.Dataset(steps))
    {1: 4.0}
    """
    return {number: cycle.discharged.charge for number, cycle in cycles_of(result).items()}


def loading(result: xr.Dataset) -> float:
    """Active material per area [kg.m-2] of the full cell that was run."""
    records = json.loads(result.attrs["parameters"])
    return float(records[names.CATHODE_LOADING]["value"])


def specific_capacity(result: xr.Dataset) -> float:
    """Nominal capacity of the full cell's active material [C.kg-1], per hour at 1C."""
    records = json.loads(result.attrs["parameters"])
    return float(records[names.CATHODE_CAPACITY]["value"])


def _last_discharge(result: xr.Dataset) -> float:
    capacities = discharge_capacities(result)
    return capacities[max(capacities)] / loading(result)


def _highest_current(result: xr.Dataset) -> float:
    """Largest current density of a discharge that still yields a capacity."""
    floor = REACHED * loading(result)
    return max(
        (
            cycle.discharged.current_density
            for cycle in cycles_of(result).values()
            if cycle.discharged.charge > floor
        ),
        default=0.0,
    )


def _plated_beyond_the_first_third(result: xr.Dataset) -> float:
    """Share of the last current that plates farther from the separator than that."""
    records = json.loads(result.attrs["parameters"])
    reaction = result[names.variable_of(names.INTERLAYER_REACTION, "negative")]
    last = reaction.isel({TIME_DIMENSION: -1})
    edges = [0.0]
    for node in last[interlayer_dimension("negative")].to_numpy():
        edges.append(2 * node - edges[-1])  # nodes lie in the middle of their cells
    near = np.dot(last, np.diff(np.minimum(edges, 1 / 3)))
    thickness = float(records[names.INTERLAYER_THICKNESS]["value"])
    current = float(result[names.TOTAL_CURRENT_DENSITY].isel({TIME_DIMENSION: -1}))
    return float(1 - thickness * near / current)


def _of_cell(name: str) -> Callable[[xr.Dataset], float]:
    """The last spectrum's number, of the cell as it is."""
    return lambda result: _last(name)(result) / float(result.attrs["area"])


def _rise(name: str) -> Callable[[xr.Dataset], float]:
    return lambda result: _last(name)(result) / _first(name)(result)


def _onset(name: str) -> Callable[[xr.Dataset], float]:
    """Number of the first spectrum, from 1, whose part has risen, or one after the last."""

    def read(result: xr.Dataset) -> float:
        part = result[name].to_numpy()
        # what diffuses shows there from the second spectrum on: not what is meant
        usual = float(np.median(part))
        whole = float(result[names.RELAXING_FAST][0])
        risen = np.flatnonzero(part > usual + RISEN * whole)
        return float(risen[0] + 1) if risen.size else float(part.size + 1)

    return read


def _largest_change(name: str) -> Callable[[xr.Dataset], float]:
    def read(result: xr.Dataset) -> float:
        part = result[name].to_numpy()
        return float(np.max(np.maximum(part / part[0], part[0] / part)))

    return read


#: Share of the fresh cell's resistance by which a part of it has risen visibly.
RISEN: Final = 0.05

#: Specific capacity above which a rate counts as reached [C.kg-1]: 10 mAh/g.
REACHED: Final = 36000.0

#: Observables that a validation row can name.
OBSERVABLES: Final[dict[str, Observable]] = {
    "stripped capacity": Observable(
        "C.m-2",
        "charge passed when the run ends",
        _last(names.AREAL_CAPACITY),
    ),
    "initial polarisation": Observable(
        "V",
        "magnitude of the voltage when the current starts",
        _first(names.POLARISATION),
    ),
    "discharge capacity": Observable(
        "C.kg-1",
        "capacity of the last discharge per mass of active material",
        _last_discharge,
    ),
    "highest current": Observable(
        "A.m-2",
        "largest discharge current that still yields 10 mAh per gram",
        _highest_current,
    ),
    "plated beyond the first third": Observable(
        "",
        "share of the last current that plates beyond the third of the interlayer next to "
        "the separator, foil included",
        _plated_beyond_the_first_third,
    ),
    "final polarisation": Observable(
        "V", "magnitude of the voltage when the run ends", _last(names.POLARISATION)
    ),
    "critical current density": Observable(
        "A.m-2",
        "current density of the first level that fails",
        lambda result: float(result.attrs[LEVEL]),
        by="schedule",
        limit=True,
        step=lambda result: float(result.attrs[LEVEL_STEP]),
    ),
    "life": Observable(
        "s",
        "time to failure",
        lambda result: float(result[TIME_DIMENSION][-1]),
        by="schedule",
        limit=True,
    ),
    "life in cycles": Observable(
        "",
        "number of the cycle that fails",
        lambda result: float(result["cycle"][-1]),
        by="schedule",
        limit=True,
    ),
    "time at the end": Observable(
        "s", "time when the run ends", lambda result: float(result[TIME_DIMENSION][-1])
    ),
    "interface resistance": Observable(
        "Ohm.m2",
        "resistance of the interfaces in the last spectrum, times the area",
        _last(names.INTERFACE_PART),
        by="spectra",
    ),
    "rise of the interface resistance": Observable(
        "",
        "resistance of the interfaces in the last spectrum over that in the first",
        _rise(names.INTERFACE_PART),
        by="spectra",
    ),
    "high-frequency intercept": Observable(
        "Ohm",
        "real impedance of the cell at 1 MHz in the last spectrum",
        _of_cell(names.INTERCEPT),
        by="spectra",
    ),
    "low-frequency resistance": Observable(
        "Ohm",
        "modulus of the impedance of the cell at the lowest frequency of the last spectrum",
        _of_cell(names.LOWEST_FREQUENCY),
        by="spectra",
    ),
    "onset of a rise within 0.01 to 1 s": Observable(
        "",
        "first spectrum in which the resistance with such relaxation times has risen by "
        "5 % of the fresh cell's",
        _onset(names.RELAXING_MEDIUM),
        by="spectra",
    ),
    "onset of a rise within 1 to 32 s": Observable(
        "",
        "first spectrum in which the resistance with such relaxation times has risen by "
        "5 % of the fresh cell's",
        _onset(names.RELAXING_SLOWLY),
        by="spectra",
    ),
    "steadiness of what relaxes within 0.01 s": Observable(
        "",
        "largest ratio of the resistance with such relaxation times to the fresh one, "
        "in either direction",
        _largest_change(names.RELAXING_FAST),
        by="spectra",
    ),
    "initial cell resistance": Observable(
        "Ohm.m2",
        "total resistance of the fresh cell, times its area",
        _first(names.CELL_RESISTANCE),
    ),
}


def observable(name: str, *, where: str | None = None) -> Observable:
    """The observable of a name.

    Raises
    ------
    UnknownNameError
        If there is none of that name.

    Examples
    --------
    >>> observable("stripped capacity").unit
    'C.m-2'
    """
    if name not in OBSERVABLES:
        raise UnknownNameError("observable", name, OBSERVABLES, where=where)
    return OBSERVABLES[name]
