"""Ageing of a cell over many cycles, resolved one by one or jumped over."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import Any, Final

import numpy as np
import pybamm
import xarray as xr

from twin import names
from twin.errors import RecordError, TwinError
from twin.models import compat
from twin.models.compat import Array, Readout
from twin.parts.cell import Cell
from twin.parts.fade import FADE
from twin.parts.formulas.constants import FARADAY
from twin.parts.protocols import MOST_CYCLES, Protocol
from twin.parts.schedule import Step
from twin.run import jumping, results
from twin.run.conservation import Conservation
from twin.run.cycler import SUMMARY, Cycler, Lap
from twin.run.fade_curve import CYCLE, fade_curve
from twin.run.journal import Journal
from twin.run.jumping import Jumper, Stop
from twin.run.progress import SHORTEST, Node, Progress, checked, packed, unpacked
from twin.run.solving import NOTHING_PASSES

#: Error of the capacity that jumps are chosen for, relative to the first one.
TOLERANCE: Final = 1e-4

#: Order of the differences.
ORDER: Final = 3

#: How the run ended if the capacity fell below what was asked for.
FLOOR_REACHED: Final = "capacity below what was asked for"

#: How it ended if the solver failed after some cycles.
SOLVER_FAILED: Final = "solver failed"

#: Weights of polarisation and contact among the observables: a tenth of the capacity's.
_MINOR: Final = 0.1

#: Seconds between checkpoints.
_SAVE_EVERY: Final = 2.0

_NOT_PERIODIC: Final = (
    "the cycles of the experiment differ, so that each was resolved; where there are more "
    "than it has, they begin anew"
)

_SYMMETRIC: Final = "the cycles of a symmetric cell are all resolved"

_FAILED: Final = (
    "the solver could not complete cycle {}, as where a cell has no lithium left; what "
    "came before is kept"
)

#: Samples in each step of a cycle that is kept in detail.
_DETAIL: Final = 60

#: Counters that do nothing to the cell.
_IGNORED: Final = (names.DISCHARGE_CAPACITY, names.THROUGHPUT_CAPACITY)


@dataclass(frozen=True)
class Request:
    """How a cell is aged.

    Attributes
    ----------
    cycles : number of cycles
    tolerance : error of the capacity that jumps are chosen for, relative to the first
    order : of the differences, 1 to 3
    every_cycle : whether to resolve every cycle
    floor : share of the first discharge at which the run ends; 0 without
    keep : cycles that are kept in detail
    pause : cycles after which ``at_pause`` is called with the state
    """

    cycles: int
    tolerance: float = TOLERANCE
    order: int = ORDER
    every_cycle: bool = False
    floor: float = 0.0
    keep: tuple[int, ...] = ()
    pause: tuple[int, ...] = ()


#: Called with the share of the cycles that is done, 0 to 1.
Report = Callable[[float], None]

#: Called with a number of cycles and the state after them; what it returns is kept.
AtPause = Callable[[int, Array, Cycler], list[float]]

#: Called with the number of a cycle and the cycle over time.
AtDetail = Callable[[int, xr.Dataset], None]


def age(
    cell: Cell,
    protocol: Protocol,
    request: Request,
    *,
    journal: Journal | None = None,
    progress: Report | None = None,
    at_pause: AtPause | None = None,
    at_detail: AtDetail | None = None,
) -> xr.Dataset:
    """Age a cell by an experiment that it repeats.

    Parameters
    ----------
    cell : Cell
    protocol : of equal cycles; one whose cycles differ is resolved cycle by cycle
    request : number of cycles, tolerances, what to keep
    journal : where the run is kept as it goes, and from which it goes on
    progress : called after each cycle that is run
    at_pause : called where the request pauses
    at_detail : called with each cycle that is kept in detail, over time

    Returns
    -------
    xarray.Dataset
        See :func:`twin.run.fade_curve.fade_curve`. The attribute "ended_by" names the
        event that ended the run, or says that it was completed. What ``at_pause`` returned
        is in "found", over the "pause" that it was called at.

    Raises
    ------
    TwinError
        If the request cannot be run.
    SolveError
        If the solver fails in a cycle that has to be resolved.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> from twin.parts.protocols import load_experiment
    >>> cycling = load_experiment("strip_plate_cycling")
    >>> aged = age(load_cell("mann2025_lina"), cycling, Request(2, every_cycle=True))
    >>> aged.sizes["cycle"], aged.attrs["ended_by"]
    (2, 'protocol completed')
    """
    run = _Run(cell, protocol, request, journal)
    run.go(progress, at_pause, at_detail)
    return run.result()


def requested_as(
    cell: Cell, protocol: Protocol, request: Request, check: str = ""
) -> dict[str, Any]:
    """What a journal tells one run from another by, in plain values.

    The number of cycles is left out: a finished run can be carried on.

    Parameters
    ----------
    cell, protocol, request : as of :func:`age`
    check : what ``at_pause`` measures
    """
    records = {name: value for name, value in sorted(cell.values.items())}
    content = json.dumps([records, dict(sorted(cell.options.items()))]).encode()
    # an experiment of the same name may have other steps by now
    steps = repr(protocol.schedule()).encode()
    arguments = {name: one.value for name, one in protocol.arguments.items()}
    return {
        "cell": cell.name,
        "values of the cell": hashlib.sha256(content).hexdigest(),
        "experiment": protocol.name,
        "arguments": arguments,
        "steps": hashlib.sha256(steps).hexdigest(),
        "tolerance": request.tolerance,
        "order": request.order,
        "every cycle": request.every_cycle,
        "check-up": [check, *request.pause[:1]],
        "version": version("solid-state-twin"),
        "PyBaMM": pybamm.__version__,
    }


@dataclass
class _Found:
    """What a run has found so far, beside the state it stands in."""

    ended_by: str | None = None
    first: float = 0.0
    drift: float = 0.0


class _Run:
    def __init__(
        self, cell: Cell, protocol: Protocol, request: Request, journal: Journal | None
    ) -> None:
        _check(cell, protocol, request)
        schedule = protocol.schedule()
        self.cell, self.protocol, self.request = cell, protocol, request
        self.cycles = schedule.cycles
        self.periodic = len(set(schedule.cycles)) == 1
        # two reservoirs, whose shares no balance tells; and their cycles are cheap
        self.jumps = self.periodic and cell.model != "SymmetricCell"
        self.cycler = Cycler(cell, schedule.cycles[0], schedule.polarisation)
        self.found = _Found()
        self.records: list[dict[str, Any]] = []
        self.sizes = _sizes(cell, self.cycler)
        self._readout = Readout(self.cycler.model, self.cycler.inputs, self.sizes)
        self._conserve = Conservation(cell, self.cycler)
        ignored = [name for name in _IGNORED if name in self.cycler.layout]
        self.jumper = Jumper(
            self._cycle,
            self.cycler.layout,
            ignored,
            _accumulating(cell),
            _known_sizes(cell, self.cycler),
            request.tolerance,
            request.order,
            self._conserve.balanced,
            self._conserve.reservoir,
        )
        self.progress = Progress([Node(0, self.cycler.fresh)])
        self.journal = journal
        self._saved = time.monotonic()
        if journal is not None:
            self._resume(journal)

    # --- the run ----------------------------------------------------------------------

    def go(
        self, report: Report | None, at_pause: AtPause | None, at_detail: AtDetail | None
    ) -> None:
        request = self.request
        while self._goes_on():
            before = self.done
            detail = self._advance()
            if at_detail is not None and detail is not None:
                at_detail(self.done, detail)
            if at_pause is not None and self.done != before and self.done in request.pause:
                found = at_pause(self.done, self.progress.nodes[-1].y, self.cycler)
                self._keep({"after": self.done, "found": found})
            self._save(now=False)
            if report is not None:
                report(min(1.0, self.done / request.cycles))
        self._save(now=True)

    def _goes_on(self) -> bool:
        """Whether a cycle is left to do, of a run that may have gone farther before."""
        if self.found.ended_by is None and self._below():
            self.found.ended_by = FLOOR_REACHED
        return self.found.ended_by is None and self.done < self.request.cycles

    def _below(self) -> bool:
        """Whether the cycle before the last node discharged less than was asked for."""
        last = [one for one in self.records if one.get("cycle") == self.done]
        least = self.request.floor * self.found.first
        return bool(last) and float(last[-1]["summary"][0]) < least

    @property
    def done(self) -> int:
        """Number of cycles completed."""
        return self.progress.nodes[-1].cycles

    def _advance(self) -> xr.Dataset | None:
        """A jump, or one cycle, which is returned in detail if it is to be kept."""
        progress = self.progress
        if self.jumps and not self.request.every_cycle and not progress.resolve:
            length = self.jumper.longest(progress, self._stop())
            if length >= SHORTEST:
                landing = self.jumper.jump(progress, length, self._observe)
                if landing is not None:
                    self._record(landing.cycles + 1, landing.lap)
                return None
        number = self.done + 1
        samples = _DETAIL if number in self.request.keep else 0
        steps = self.cycles[(number - 1) % len(self.cycles)]
        progress.laps += 1
        try:
            lap = self._cycle(progress.nodes[-1].y, samples, steps)
        except TwinError:  # of the solver, or an event that is met at the start of a step
            if not self.done:
                raise
            # what came before it stays a result
            self.found.ended_by = SOLVER_FAILED
            return None
        passed = float(lap.summary[:2].max())
        if not self.done and not passed:  # nothing that could fade
            raise RecordError(
                NOTHING_PASSES.format("the first cycle"), where=f"cell {self.cell.name}"
            )
        self._record(number, lap)
        self.found.first = self.found.first or passed
        if lap.ended_by is not None:
            self.found.ended_by = lap.ended_by
            return lap.detail
        self.jumper.resolve(progress, self._observe(lap.summary), lap)
        return lap.detail

    def _cycle(
        self, y: Array, samples: int = 0, steps: Sequence[Step] | None = None
    ) -> Lap:
        lap = self.cycler.cycle(y, samples, steps)
        conserved, off = self._conserve(y, lap.y)
        if steps is not None:  # else a trial, of a state that need not be one of the cell
            self.found.drift = max(self.found.drift, off)
        return replace(lap, y=conserved)

    def _observe(self, summary: Array) -> Array:
        """Capacities in the first one's share, and a tenth of polarisation and contact."""
        discharged, charged, polarisation, contact, _ = summary
        return np.array(
            [
                discharged / self.found.first,
                charged / self.found.first,
                _MINOR * polarisation,
                _MINOR * contact,
            ]
        )

    def _stop(self) -> Stop:
        # a kept cycle is run from the state before it, a pause comes after its cycle
        ahead = [n - 1 for n in self.request.keep] + [*self.request.pause]
        reach = min([self.request.cycles, *(n for n in ahead if n > self.done)])
        # without a floor, nothing left to cycle is approached all the same
        return Stop(reach, np.array([self.request.floor, -np.inf, -np.inf, -np.inf]))

    # --- what it leaves ---------------------------------------------------------------

    def _record(self, number: int, lap: jumping.Lap) -> None:
        self._keep(
            {
                "cycle": number,
                "summary": lap.summary.tolist(),
                "sizes": self._readout(lap.y)[0].tolist(),
            }
        )

    def _keep(self, record: dict[str, Any]) -> None:
        self.records.append(record)
        if self.journal is not None:
            self.journal.append(record)

    def _save(self, *, now: bool) -> None:
        if self.journal is None:
            return
        if now or time.monotonic() - self._saved > _SAVE_EVERY:
            arrays, values = packed(self.progress)
            self.journal.save(arrays, {**values, "found": asdict(self.found)})
            self._saved = time.monotonic()

    def _resume(self, journal: Journal) -> None:
        saved = journal.load()
        if saved is None:
            return
        with journal.reading():
            self._take(*saved)
            numbers = len(SUMMARY) + len(self.sizes)
            self.records = [checked(one, numbers) for one in journal.records()]

    def _take(self, arrays: dict[str, Array], values: dict[str, Any]) -> None:
        states = len(self.progress.nodes[-1].y)
        self.found = _Found(**values.pop("found"))
        if self.found.ended_by in (FLOOR_REACHED, SOLVER_FAILED):
            self.found.ended_by = None  # another floor may be asked for now
        self.progress = unpacked(arrays, values)
        if len(self.progress.nodes[-1].y) != states:
            raise ValueError(f"its states are not the {states} of this cell")

    def result(self) -> xr.Dataset:
        """The fade curve so far."""
        progress = self.progress
        attributes: dict[str, str | float] = {
            "cell": self.cell.name,
            "experiment": self.protocol.name,
            results.ENDED_BY: self.found.ended_by or results.COMPLETED,
            "tolerance": self.request.tolerance,
            "order": self.request.order,
            "cycles_run": progress.laps,
            "jumps": progress.jumps,
            "rejected_jumps": progress.rejected,
            "second_attempts": self.cycler.retries,
            results.RESCUED: ", ".join(
                f"{name} ({count})" for name, count in self.cycler.rescued.items()
            ),
            "largest_lithium_drift": self.found.drift,
            results.NOTES: self._notes(),
            "twin_version": version("solid-state-twin"),
            "pybamm_version": pybamm.__version__,
        }
        whole = self.found.ended_by in (None, FLOOR_REACHED, SOLVER_FAILED)
        done = self.done if whole else self.done + 1
        asked = self.request.cycles
        curve = fade_curve(self.records, min(done, asked), self.sizes, attributes)
        return self._cut(curve, went_on=done > asked)

    def _notes(self) -> str:
        found = [] if self.periodic else [_NOT_PERIODIC]
        if self.periodic and not self.jumps:
            found.append(_SYMMETRIC)
        if self.found.ended_by == SOLVER_FAILED:
            found.append(_FAILED.format(self.done + 1))
        return "; ".join(found)

    def _cut(self, curve: xr.Dataset, *, went_on: bool) -> xr.Dataset:
        """The part that was asked for, of a journal that may hold more."""
        share = curve[names.CYCLE_DISCHARGED].to_numpy() / (self.found.first or 1.0)
        below = np.flatnonzero(share < self.request.floor)
        if below.size:
            curve = curve.isel({CYCLE: slice(int(below[0]) + 1)})
            return curve.assign_attrs({results.ENDED_BY: FLOOR_REACHED})
        if went_on:
            curve = curve.assign_attrs({results.ENDED_BY: results.COMPLETED})
        return curve


def _accumulating(cell: Cell) -> set[str]:
    """States of a cell that nothing takes back."""
    sides = results.LITHIUM_SIDES[cell.model]
    found = {
        names.LEAKED_CHARGE,
        names.LITHIUM_IN_LOST_MATERIAL,
        names.CATHODE_ACTIVE_FRACTION,
    }
    for fade in FADE.values():
        if fade.state == names.OCCLUDED_VOIDS:
            continue  # creep closes them
        if fade.per_electrode:
            found.update(names.variable_of(fade.state, side) for side in sides)
        else:
            found.add(fade.state)
    return found


def _known_sizes(cell: Cell, cycler: Cycler) -> dict[str, float]:
    """Sizes at which accumulating states matter, in the solver's scale of each.

    Lithium that is lost matters beside the capacity, a filament beside the whole way, voids
    beside the height at which they cost contact.
    """
    given = cell.values
    capacity = given.get(names.CATHODE_CAPACITY, 0) * given.get(names.CATHODE_LOADING, 0)
    known = {
        names.FILAMENT_LENGTH: 1.0,
        names.LOST_LITHIUM: capacity / FARADAY,
        names.INTERPHASE_LITHIUM: capacity / FARADAY,
        names.OCCLUDED_VOIDS: given.get(names.VOID_HEIGHT, 0.0),
        names.ACCESSIBLE_VOIDS: given.get(names.VOID_HEIGHT, 0.0),
    }
    scales = compat.scales_of(cycler.model)
    found = {
        names.variable_of(name, side): size
        for side in results.LITHIUM_SIDES[cell.model]
        for name, size in known.items()
        if size
    }
    return {name: size / scales[name] for name, size in found.items() if name in scales}


def _sizes(cell: Cell, cycler: Cycler) -> tuple[str, ...]:
    """Variables that say how far each fade mechanism of the cell has come."""
    sides = results.LITHIUM_SIDES[cell.model]
    found: dict[str, None] = {}
    for fade in FADE.values():
        wanted = [names.variable_of(fade.size, side) for side in sides]
        for name in wanted if fade.per_electrode else [fade.size]:
            if name in cycler.model.variables:
                found[name] = None
    return tuple(found)


def _check(cell: Cell, protocol: Protocol, request: Request) -> None:
    if cell.model not in protocol.models:
        raise RecordError(
            f"runs on {', '.join(protocol.models)}, but cell {cell.name} is a {cell.model}",
            where=f"experiment {protocol.name}",
        )
    if not 1 <= request.cycles <= MOST_CYCLES:
        raise TwinError(
            f"{request.cycles} cycles cannot be run; give a number from 1 to "
            f"{MOST_CYCLES}.",
            where="number of cycles",
        )
    for name, cycles in (("keep", request.keep), ("every", request.pause)):
        for number in cycles:
            if not 1 <= number <= request.cycles:
                raise TwinError(
                    f"there is no cycle {number}; they are counted from 1 to "
                    f"{request.cycles}.",
                    where=name,
                )
    if not 0 <= request.floor < 1:
        raise TwinError(
            f"{request.floor:g} is not a share of the first capacity; give one from 0 up "
            "to but not including 1.",
            where="end",
        )
    if not 1e-7 <= request.tolerance <= 1e-2:
        raise TwinError(
            f"a tolerance of {request.tolerance:g} is not between 1e-7 and 1e-2.",
            where="tolerance",
        )
