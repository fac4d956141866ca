"""Levels of a rising current, and how far up a run came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from twin.parts.schedule import Schedule
from twin.run.results import COMPLETED

# attributes of a galvanostatic run
#: Current density of the level that the run ended in [A.m-2].
LEVEL: Final = "level"
#: Share of this level that was completed [-].
LEVEL_SHARE: Final = "level_share"
#: Rise of the current density from level to level [A.m-2]; 0 if there is one level.
LEVEL_STEP: Final = "level_step"
#: The last level survived and the share of the next one in one number [A.m-2].
CONTINUOUS: Final = "continuous_level"


@dataclass(frozen=True)
class Level:
    """Cycles at one current density.

    Attributes
    ----------
    density : largest magnitude of the current density in its cycles [A.m-2]
    last_cycle : number of its last cycle, from 1
    begins, ends : as planned [s]
    """

    density: float
    last_cycle: int
    begins: float
    ends: float


def levels(schedule: Schedule, one_c: float | None) -> list[Level]:
    """Runs of cycles at the same current density, in turn.

    Parameters
    ----------
    schedule : of galvanostatic steps and rests
    one_c : current density of 1C [A.m-2]; needed by steps given as C-rates

    Examples
    --------
    >>> from twin.parts.schedule import Step
    >>> cycles = [(Step("strip", current_density=i, duration=60.0),) for i in (1.0, 2.0)]
    >>> found = levels(Schedule((cycles[0], cycles[0], cycles[1]), None), None)
    >>> [(level.density, level.last_cycle, level.ends) for level in found]
    [(1.0, 2, 120.0), (2.0, 3, 180.0)]
    """
    found: list[Level] = []
    now = 0.0
    for number, steps in enumerate(schedule.cycles, start=1):
        density = max(abs(step.signed_current_density(one_c)) for step in steps)
        begins = now
        now += sum(step.longest(one_c) or 0.0 for step in steps)
        if found and found[-1].density == density:
            begins = found.pop().begins
        found.append(Level(density, number, begins, now))
    return found


def level_attributes(
    found: list[Level], cycle: int, time: float, ended_by: str
) -> dict[str, float]:
    r"""How far up a run came.

    With i the level that it ended in, i' the one before and s the share of i that it
    completed, the continuous level is

    .. math:: i' + s (i - i')

    which depends smoothly on parameters where i jumps; i' of the first level is one step
    lower, but not below zero.

    Parameters
    ----------
    found : levels of the schedule
    cycle : in which the run ended
    time : at which it ended [s]
    ended_by : event that ended it, or that it was completed

    Returns
    -------
    dict with LEVEL, LEVEL_SHARE, LEVEL_STEP and CONTINUOUS

    Examples
    --------
    >>> two = [Level(1.0, 2, 0.0, 120.0), Level(2.0, 3, 120.0, 180.0)]
    >>> level_attributes(two, 3, 135.0, "contact lost")[CONTINUOUS]
    1.25
    """
    place = next(n for n, level in enumerate(found) if cycle <= level.last_cycle)
    level = found[place]
    rises = [b.density - a.density for a, b in zip(found, found[1:], strict=False)]
    rise = rises[max(place - 1, 0)] if rises else 0.0
    below = max(level.density - rise, 0.0) if rises else 0.0
    # a level whose steps only a voltage ends has no planned length
    planned = level.ends - level.begins
    share = (time - level.begins) / planned if planned else 0.0
    share = 1.0 if ended_by == COMPLETED else min(max(share, 0.0), 1.0)
    return {
        LEVEL: level.density,
        LEVEL_SHARE: share,
        LEVEL_STEP: rise,
        CONTINUOUS: below + share * (level.density - below),
    }
