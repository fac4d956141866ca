"""How a cell failed, read off a galvanostatic run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import xarray as xr

from twin import names
from twin.names import Side
from twin.run.results import COMPLETED, ENDED_BY, TIME_DIMENSION

SIDES: Final[tuple[Side, ...]] = ("negative", "positive")

# modes
CONTACT_LOSS: Final = "contact loss"
OHMIC_LIMIT: Final = "Ohmic limit"
SHORT: Final = names.SHORT_EVENT
SURVIVED: Final = "none"
SOLVER: Final = "solver failed"

# causes
NO_CONTACT: Final = names.CONTACT_LOST_EVENT
NO_LITHIUM: Final = "lithium exhausted"
OHMIC: Final = "resistance of the cell, contact whole"
FILAMENT: Final = "filament across the separator"

#: Share of the final polarisation that the fresh cell's resistance must explain for the
#: limit to be called Ohmic.
_OHMIC_SHARE: Final = 0.9

#: Share of its initial contact above which an interface counts as whole.
WHOLE: Final = 0.9

#: Share of its initial contact below which an interface has lost it before a short.
POOR: Final = 0.5

#: Occupancy of the lattice at the separator below which its lithium counts as exhausted.
DEPLETED: Final = 0.05

#: What a run has to keep, of each electrode, so that its failure can be read off it.
_OF_SIDES: Final = (
    names.CONTACT_FRACTION,
    names.LOCAL_CURRENT_DENSITY,
    names.SURFACE_OCCUPANCY,
    names.INVENTORY_FRACTION,
    names.FILAMENT_LENGTH,
)
OUTPUTS: Final = (
    names.VOLTAGE,
    names.TOTAL_CURRENT_DENSITY,
    names.AREAL_CAPACITY,
    names.CELL_RESISTANCE,
    *(names.variable_of(name, side) for name in _OF_SIDES for side in SIDES),
)


@dataclass(frozen=True)
class Failure:
    """What failed, and the state of the cell at that moment.

    Attributes
    ----------
    mode : "contact loss", "short circuit", "Ohmic limit" or "none"
    cause : what is behind the mode
    event : name of the event that ended the run, empty if none did
    side : electrode that failed, empty if none can be named
    cycle, step : where in the protocol, from 1
    time : since the start [s]
    voltage : [V]
    contact_fraction, contact_left : of each electrode that has a contact, and relative to
        its initial value [-]
    local_current_density : at the contacts of each electrode [A.m-2], positive when the
        negative electrode strips
    filament_length : of each electrode that can grow one, over the separator thickness [-]
    """

    mode: str
    cause: str
    event: str
    side: str
    cycle: int
    step: int
    time: float
    voltage: float
    contact_fraction: Mapping[str, float]
    contact_left: Mapping[str, float]
    local_current_density: Mapping[str, float]
    filament_length: Mapping[str, float]

    @property
    def in_words(self) -> str:
        """Mode, cause where the mode does not say it, and side."""
        said = self.cause in ("", NO_CONTACT, FILAMENT)
        words = self.mode if said else f"{self.mode}, {self.cause}"
        if self.mode == SHORT and min(self.contact_left.values(), default=1.0) < POOR:
            words += " after loss of contact"
        return f"{words}, {self.side} electrode" if self.side else words


def read_failure(run: xr.Dataset) -> Failure:
    """How a run ended.

    A run away to the polarisation cut-off is an Ohmic limit where nine tenths of the
    voltage are the current times the resistance of the fresh cell; else a loss of contact
    where less than nine tenths of the contact are left, and an exhaustion where the
    lattice at the interface is empty all the same.

    Parameters
    ----------
    run : xarray.Dataset
        Of :class:`twin.run.galvanostatic.GalvanostaticRun` with :data:`OUTPUTS`.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> from twin.parts.schedule import Schedule, Step
    >>> from twin.run.galvanostatic import GalvanostaticRun
    >>> strip = Step("strip", current_density=5.0, duration=60.0)
    >>> schedule = Schedule(((strip,),), polarisation=0.005)
    >>> run = GalvanostaticRun(load_cell("mann2025_lina"), schedule, OUTPUTS).run()
    >>> read_failure(run).cause
    'resistance of the cell, contact whole'
    """
    contact = _last(run, names.CONTACT_FRACTION)
    first = _at(run, names.CONTACT_FRACTION, 0)
    left = {side: contact[side] / first[side] for side in contact}
    event = "" if run.attrs[ENDED_BY] == COMPLETED else str(run.attrs[ENDED_BY])
    mode, cause, side = _classify(run, event, left)
    return Failure(
        mode=mode,
        cause=cause,
        event=event,
        side=side,
        cycle=int(run["cycle"][-1]),
        step=int(run["step"][-1]),
        time=float(run[TIME_DIMENSION][-1]),
        voltage=float(run[names.VOLTAGE][-1]),
        contact_fraction=contact,
        contact_left=left,
        local_current_density=_last(run, names.LOCAL_CURRENT_DENSITY),
        filament_length=_last(run, names.FILAMENT_LENGTH),
    )


def _at(run: xr.Dataset, name: str, place: int) -> dict[str, float]:
    of_side = {side: names.variable_of(name, side) for side in SIDES}
    return {
        side: float(run[variable][place])
        for side, variable in of_side.items()
        if variable in run
    }


def _last(run: xr.Dataset, name: str) -> dict[str, float]:
    return _at(run, name, -1)


def _classify(
    run: xr.Dataset, event: str, left: Mapping[str, float]
) -> tuple[str, str, str]:
    """Mode, cause and side."""
    if not event:
        return SURVIVED, "", ""
    causes = {
        names.SHORT_EVENT: (SHORT, FILAMENT),
        names.CONTACT_LOST_EVENT: (CONTACT_LOSS, NO_CONTACT),
        names.INVENTORY_EXHAUSTED_EVENT: (CONTACT_LOSS, NO_LITHIUM),
    }
    for side in SIDES:
        for name, (mode, cause) in causes.items():
            if event == names.variable_of(name, side):
                return mode, cause, side
    if event != names.POLARISATION_EVENT:
        return SOLVER, event, ""
    # the electrode that is stripped is the one that can lose contact
    current = float(run[names.TOTAL_CURRENT_DENSITY][-1])
    stripped: Side = "negative" if current > 0 else "positive"
    fresh = abs(current) * float(run[names.CELL_RESISTANCE][0])
    if fresh >= _OHMIC_SHARE * abs(float(run[names.VOLTAGE][-1])):
        return OHMIC_LIMIT, OHMIC, ""
    if left and min(left.values()) < WHOLE:
        worst = min(left, key=lambda side: left[side])
        return CONTACT_LOSS, NO_CONTACT, worst
    if _last(run, names.SURFACE_OCCUPANCY).get(stripped, 1.0) < DEPLETED:
        return CONTACT_LOSS, NO_LITHIUM, stripped
    return OHMIC_LIMIT, OHMIC, ""
