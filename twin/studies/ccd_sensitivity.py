"""What a critical current density is most sensitive to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import xarray as xr

from twin import names
from twin.parts.catalogue import known
from twin.parts.cell import Cell
from twin.parts.records import Record
from twin.parts.schedule import Schedule
from twin.run.galvanostatic import FAILED, GalvanostaticRun
from twin.run.levels import CONTINUOUS
from twin.run.results import COMPLETED, ENDED_BY
from twin.run.solving import Progress

#: Relative change of each parameter, up and down.
CHANGE: Final = 0.2

#: Designs that are solved side by side before progress is shown.
_BATCH: Final = 8

#: Not a material's: 20 % of an absolute temperature is no uncertainty, the cut-off is the
#: experiment's, thresholds of events are the model's, and fresh lithium is full.
_LEFT_OUT: Final = (
    names.AMBIENT_TEMPERATURE,
    names.POLARISATION_CUT_OFF,
    names.SHORT_LENGTH,
    names.EXHAUSTED_FRACTION,
    names.LOST_CONTACT,
    names.INITIAL_OCCUPANCY,
)


@dataclass(frozen=True)
class Elasticity:
    """How the continuous CCD answers to one parameter.

    Attributes
    ----------
    name : of the parameter
    status : of its record
    value, low, high : its value, and those that were tried, in the unit of the name
    ccd_low, ccd_high : continuous CCD at both [A.m-2]
    elasticity : relative change of the CCD over that of the parameter [-]
    bounded : whether one of the runs survived the whole sweep, so that the elasticity is
        a lower bound
    """

    name: str
    status: str
    value: float
    low: float
    high: float
    ccd_low: float
    ccd_high: float
    elasticity: float
    bounded: bool


def elasticities(
    cell: Cell, schedule: Schedule, reference: float, progress: Progress | None = None
) -> list[Elasticity]:
    r"""Elasticity of the continuous CCD to every uncertain parameter, largest first.

    .. math:: \frac{(i_{high} - i_{low}) / i}{(p_{high} - p_{low}) / p}

    Every fitted, assumed and derived parameter that the model contains, and the lithium
    diffusivity, is changed by 20 % up and down, within the range of its record and the
    values that make sense. Activation energies are left out: with the value at 25 C held,
    they only say how far from 25 C the cell is. All designs are one built model.

    Parameters
    ----------
    cell : Cell
    schedule : staircase
    reference : continuous CCD of the cell as it is, above zero [A.m-2]
    progress : called with the share of the runs done

    Returns
    -------
    list of Elasticity, by falling magnitude; parameters that cannot change, or whose
    runs the solver failed, are left out

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> from twin.parts.schedule import Step
    >>> steps = Step("strip", current_density=200.0, charge=2e4),
    >>> cell = load_cell("mann2025_li")
    >>> found = elasticities(cell, Schedule((steps,), polarisation=0.8), reference=100.0)
    >>> names.LITHIUM_DIFFUSIVITY in [one.name for one in found]
    True
    """
    candidates = {
        name: limits
        for name, record in cell.records.items()
        if _matters(record) and (limits := _limits(record))[0] < limits[1]
    }
    run = GalvanostaticRun(cell, schedule, [], list(candidates))
    used = [name for name in run.used_inputs if name in candidates]
    designs = [{name: value} for name in used for value in candidates[name]]
    results: list[xr.Dataset] = []
    for first in range(0, len(designs), _BATCH):
        results += run.run_many(designs[first : first + _BATCH])
        if progress is not None:
            progress(len(results) / len(designs))
    found = [
        _elasticity(cell.records[name], candidates[name], pair, reference)
        for name, pair in zip(
            used, zip(results[::2], results[1::2], strict=True), strict=True
        )
        if all(one.attrs[ENDED_BY] != FAILED for one in pair)
    ]
    return sorted(found, key=lambda one: -abs(one.elasticity))


def _matters(record: Record) -> bool:
    uncertain = record.status in ("fitted", "assumed", "derived")
    wanted = uncertain or record.name == names.LITHIUM_DIFFUSIVITY
    left_out = record.name in _LEFT_OUT or "activation energy" in record.name
    return wanted and not left_out


def _limits(record: Record) -> tuple[float, float]:
    """Values to try: 20 % down and up, where these are allowed."""
    allowed = known(record.name).allowed
    low, high = sorted(record.value * (1 + sign * CHANGE) for sign in (-1, 1))
    lowest = max(x for x in (allowed.low, record.low) if x is not None)
    highest = min(x for x in (allowed.high, record.high) if x is not None)
    return max(low, lowest), min(high, highest)


def _elasticity(
    record: Record,
    limits: tuple[float, float],
    pair: tuple[xr.Dataset, xr.Dataset],
    reference: float,
) -> Elasticity:
    low, high = limits
    at_low, at_high = (float(one.attrs[CONTINUOUS]) for one in pair)
    rise = (at_high - at_low) / reference
    return Elasticity(
        record.name,
        record.status,
        record.value,
        low,
        high,
        at_low,
        at_high,
        rise / ((high - low) / record.value),
        any(one.attrs[ENDED_BY] == COMPLETED for one in pair),
    )
