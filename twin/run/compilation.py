"""Equations compiled to machine code, for runs of so many steps that it pays."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import tempfile
from typing import Final

from twin.parts.schedule import Schedule

#: Steps that go into one solve; longer schedules are cut, and equal pieces share a model.
CHUNK: Final = 1000

#: Steps from which compiling pays: it takes 4 to 30 s, and halves the time of a step or
#: better.
_LONG: Final = 600

#: Cycles that are run before anything is compiled: many a long schedule ends in them.
_TRIED: Final = 50

#: Where PyBaMM puts what it compiles.
_FOLDER: Final = "PYBAMM_CASADI_AOT_CACHE"


def cuts(schedule: Schedule) -> list[tuple[range, bool]]:
    """Steps of a schedule that go into one solve each, and whether these are compiled.

    Schedules of many equal cycles are compiled where there is a C compiler, after some
    cycles that are not, and cut so that one compiled model serves all the rest.

    Parameters
    ----------
    schedule : Schedule

    Returns
    -------
    list of tuples of range and bool
        Ranges of the steps of all cycles in turn, counted from 0.

    Examples
    --------
    >>> from twin.parts.schedule import Step
    >>> steps = (Step("rest", duration=1.0), Step("rest", duration=2.0))
    >>> cuts(Schedule((steps,) * 100, None))
    [(range(0, 200), False)]
    """
    total = schedule.steps
    equal = all(cycle is schedule.cycles[0] for cycle in schedule.cycles)
    if not (equal and total >= _LONG and compiler()):
        return [
            (range(first, min(first + CHUNK, total)), False)
            for first in range(0, total, CHUNK)
        ]
    per_cycle = len(schedule.cycles[0])
    cycles = len(schedule.cycles)
    tried = min(_TRIED, cycles)
    pieces = max(1, -(-(cycles - tried) * per_cycle // CHUNK))
    tried += (cycles - tried) % pieces
    size = (cycles - tried) // pieces * per_cycle
    head = tried * per_cycle
    rest = [(range(n, n + size), True) for n in range(head, total, size)] if size else []
    return [(range(head), False), *rest]


@functools.cache
def compiler() -> bool:
    """Whether there is the compiler that PyBaMM calls."""
    return shutil.which("gcc") is not None


def use_own_folder() -> None:
    """Let PyBaMM compile into a folder that nobody else can write to, for this process.

    Its own choice is one for all users of the machine, from which code is loaded later.
    """
    if _FOLDER not in os.environ:
        folder = tempfile.mkdtemp(prefix="twin-compiled-")
        os.environ[_FOLDER] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
