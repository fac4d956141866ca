"""States of a cell along a run, to be looked at one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pybamm

from twin import names
from twin.errors import TwinError
from twin.models import compat
from twin.parts.cell import Cell
from twin.parts.moments import Moment
from twin.parts.schedule import Schedule, Step
from twin.parts.sweeps import Interval
from twin.run import results
from twin.run.solving import Progress, ended_by, one_c, solved

#: More states than anyone looks at; a larger number is a slip.
MOST_STATES: Final = 5000

#: How a full cell is brought to a state of charge: rate [C] and rest after it [s].
CHARGE_RATE: Final = 0.1
REST_AFTER: Final = 3600.0

#: Difference of time within which a run has reached a moment [s].
_CLOSE: Final = 1e-3


@dataclass(frozen=True)
class State:
    """A cell at one moment of a run.

    Attributes
    ----------
    cycle, step : where in the protocol, from 1; 0 before it
    time : since the start [s]
    charge : net charge of the discharge up to here [C.m-2]
    solution : of one instant; None for the fresh cell
    """

    cycle: int
    step: int
    time: float
    charge: float
    solution: pybamm.Solution | None


#: What ended a run that was asked for up to a time only.
STOPPED: Final = "stopped at the time asked for"

#: A cell as it was put together.
FRESH: Final = State(0, 0, 0.0, 0.0, None)


@dataclass(frozen=True)
class Journey:
    """States along a run, and how the run ended.

    Attributes
    ----------
    states : in the order of time, at least one
    ended_by : name of the event that ended the run, or that it was completed
    """

    states: tuple[State, ...]
    ended_by: str


def charged(cell: Cell, state_of_charge: float) -> Schedule | None:
    """Steps that bring a full cell from its discharged start to a state of charge.

    A charge, not another initial concentration: what the cathode gives up is plated on
    the other electrode.

    Parameters
    ----------
    cell : Cell with a cathode
    state_of_charge : share of the nominal capacity that is charged, 0 to 1 [-]

    Returns
    -------
    Schedule, or None at zero
        A charge at C/10 and a rest of an hour.

    Raises
    ------
    TwinError
        If the cell has no cathode, or the share is not between 0 and 1.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> found = charged(load_cell("peng2025_lfp_10kco"), 0.5)
    >>> found.cycles[0][0].duration, found.cycles[0][1].duration
    (18000.0, 3600.0)
    """
    where = f"cell {cell.name}"
    if one_c(cell) is None:
        raise TwinError(
            "has no cathode, hence no state of charge; name an experiment that brings it "
            "into the state that is meant.",
            where=where,
        )
    if not 0 <= state_of_charge <= 1:
        raise TwinError(
            f"a state of charge of {state_of_charge:g} is not between 0 and 1.", where=where
        )
    if state_of_charge == 0:
        return None
    duration = 3600 * state_of_charge / CHARGE_RATE
    charge = Step("charge", c_rate=CHARGE_RATE, duration=duration)
    return Schedule(((charge, Step("rest", duration=REST_AFTER)),), None)


def journey(
    cell: Cell,
    schedule: Schedule,
    *,
    where: str,
    at: Moment | None = None,
    every: Interval | None = None,
    progress: Progress | None = None,
) -> Journey:
    """States of a cell along a schedule.

    Parameters
    ----------
    cell : Cell
    schedule : steps in SI
    where : what messages name as the place
    at : the moment at which the run ends; its own end if None
    every : interval between states: each step is divided into equal parts of about that
        length, and the ends of steps and the fresh cell are states too. None for the
        last one only
    progress : called with the share of the run that is done

    Returns
    -------
    Journey

    Raises
    ------
    TwinError
        If the moment does not exist or the run ends before it, there would be too many
        states, or the cell cannot be run so.
    SolveError
        If the solver fails.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> strip = Schedule(((Step("strip", 5.0, duration=100.0),),), None)
    >>> found = journey(load_cell("mann2025_lina"), strip, where="", every=Interval(40.0))
    >>> [state.time for state in found.states]
    [0.0, 50.0, 100.0]
    """
    part = schedule if at is None else at.end_of(schedule, where=where)
    if every is not None:
        _check_number(part, every, one_c(cell), where)
    stop = None if at is None else at.time
    _, solution, _ = solved(
        cell, part, where=where, progress=progress, every=every, stop=stop
    )
    ended, last = ended_by(solution), float(solution.t[-1])
    if stop is not None and last > stop - _CLOSE:
        ended = STOPPED
    elif at is not None:
        _check_reached(stop, last, ended, where)
    found = [*_along(solution, every is not None)]
    if every is not None:
        found.insert(0, FRESH)
    return Journey(tuple(found), ended)


def _along(solution: pybamm.Solution, all_of_them: bool) -> Iterator[State]:
    steps = [
        (cycle_number, step_number, step)
        for cycle_number, cycle in enumerate(solution.cycles, start=1)
        if cycle is not None
        for step_number, step in enumerate(cycle.steps, start=1)
        # one whose end was met at its start
        if not isinstance(step, pybamm.EmptySolution)
    ]
    for cycle, number, step in steps if all_of_them else steps[-1:]:
        charge = step[names.AREAL_CAPACITY].entries
        # a step starts with the state that the one before it ended with
        places = range(1, len(step.t)) if all_of_them else [len(step.t) - 1]
        for place in places:
            instant = compat.rewound(
                step.all_models[-1],
                step.all_inputs[-1],
                step.y[:, [place]],
            )
            yield State(cycle, number, float(step.t[place]), float(charge[place]), instant)


def _check_number(
    schedule: Schedule, every: Interval, one_c: float | None, where: str
) -> None:
    """Refuse an interval so short that nobody can have meant it."""
    expected = 0.0
    for cycle in schedule.cycles:
        for step in cycle:
            longest = step.longest(one_c)
            seconds = every.seconds(step.signed_current_density(one_c))
            if longest is not None and seconds is not None:
                expected += longest / seconds
    if expected > MOST_STATES:
        raise TwinError(
            f"up to {expected:.3g} spectra are more than {MOST_STATES}; take a longer "
            "interval, or shorten the experiment.",
            where=where,
        )


def _check_reached(stop: float | None, last: float, ended: str, where: str) -> None:
    if ended != results.COMPLETED:
        raise TwinError(
            f"the run ended after {last / 3600:.4g} h ({ended}), before the moment that is "
            "asked for; choose an earlier one.",
            where=where,
        )
    if stop is not None:
        raise TwinError(
            f"the experiment is over after {last / 3600:.4g} h, before the moment that is "
            "asked for; choose an earlier one.",
            where=where,
        )
