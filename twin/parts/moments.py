"""Moments of an experiment: the end of a step or a cycle, or a time."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Final

from twin import units
from twin.errors import TwinError
from twin.parts.schedule import Schedule

_PLACE: Final = re.compile(r"(?:cycle\s+(\d+))?(?:[\s,]*step\s+(\d+))?", re.IGNORECASE)
_FORMS: Final = "'cycle 3', 'cycle 3, step 2' or a time with its unit as '5 h'"


@dataclass(frozen=True)
class Moment:
    """When to look at a cell; either a cycle or a time is given.

    Attributes
    ----------
    cycle : number from 1; its end is meant, or that of a step in it
    step : number in the cycle, from 1
    time : since the start [s]
    """

    cycle: int | None = None
    step: int | None = None
    time: float | None = None

    def end_of(self, schedule: Schedule, *, where: str) -> Schedule:
        """The part of a schedule that comes before; all of it for a time.

        Parameters
        ----------
        schedule : the whole
        where : what messages name as the place

        Raises
        ------
        TwinError
            If there is no such cycle or step.

        Examples
        --------
        >>> from twin.parts.schedule import Step
        >>> cycle = (Step("strip", 1.0, duration=60.0), Step("rest", duration=60.0))
        >>> part = Moment(cycle=2, step=1).end_of(Schedule((cycle,) * 3, None), where="e")
        >>> part.steps
        3
        """
        if self.cycle is None:
            return schedule
        count = len(schedule.cycles)
        if not 1 <= self.cycle <= count:
            raise TwinError(
                f"there is no cycle {self.cycle}; they are counted from 1 to {count}.",
                where=where,
            )
        *before, last = schedule.cycles[: self.cycle]
        if self.step is not None:
            if not 1 <= self.step <= len(last):
                raise TwinError(
                    f"there is no step {self.step} in cycle {self.cycle}; they are "
                    f"counted from 1 to {len(last)}.",
                    where=where,
                )
            last = last[: self.step]
        return replace(schedule, cycles=(*before, last))


def moment(text: str) -> Moment:
    """A moment in words.

    Parameters
    ----------
    text : "cycle 3", "cycle 3, step 2", "step 2" of the first cycle, or a time as "5 h"

    Raises
    ------
    TwinError
        If it is none of these, or a time is not above zero.

    Examples
    --------
    >>> moment("cycle 3, step 2")
    Moment(cycle=3, step=2, time=None)
    >>> moment("5 h").time
    18000.0
    """
    where = f"at '{text}'"
    found = _PLACE.fullmatch(text.strip())
    if found and found.group(0):
        cycle, step = found.groups()
        return Moment(int(cycle or 1), None if step is None else int(step))
    if not re.match(r"\s*[-+.\d]", text):
        raise TwinError(f"no moment of an experiment; give {_FORMS}.", where=where)
    value, unit = units.parse_quantity(text, where=where)
    if unit is None:
        raise TwinError(f"has no unit; give {_FORMS}.", where=where)
    time = units.convert(value, unit, "s", where=where)
    if not (math.isfinite(time) and time > 0):
        raise TwinError(
            "a time must be above zero; leave it out for the fresh cell.", where=where
        )
    return Moment(time=time)
