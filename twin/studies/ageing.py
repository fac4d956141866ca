"""Ageing with a stated error, check-ups on the way, and what each mechanism cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr

from twin import names
from twin.errors import TwinError
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.fade import FADE
from twin.parts.protocols import Protocol
from twin.parts.sweeps import DEFAULT_SWEEP, sweep
from twin.run.ageing import ORDER, TOLERANCE, Report, Request, requested_as
from twin.run.ageing import age as one_run
from twin.run.cycler import Cycler
from twin.run.fade_curve import CYCLE, FOUND, PAUSE
from twin.run.journal import Journal
from twin.run.requests import requested
from twin.run.results import ENDED_BY
from twin.run.small_signal import SmallSignal
from twin.studies.processes import GUARD, called, pool

# names in the dataset
ERROR: Final = "Error of discharge capacity [C.m-2]"
IMPEDANCE: Final = ("Impedance, real part [Ohm.m2]", "Impedance, imaginary part [Ohm.m2]")
FREQUENCY: Final = "frequency"
CHECKED: Final = "Discharge capacity of the check-up [C.m-2]"
MECHANISM: Final = "mechanism"
LOSS: Final = "Lost discharge capacity [C.m-2]"

#: The check-up that is a spectrum.
EIS: Final = "eis"

#: How the second run differs, from whose distance the error is told.
_COARSER: Final = 3.0

#: Share of the cycles around one over which the largest distance is taken: two curves that
#: cross agree by chance.
_AROUND: Final = 0.1

#: Error of any cycle, in tolerances: what two runs share, their distance does not show.
_SHARED: Final = 0.3

#: The same behind an interlayer. Lithium that lags in single pores over thousands of cycles
#: is stepped alike by both runs: 0.022 percentage points in 2000 cycles of SC-micro
#: (benchmarks/jumps.md). This number rests on it; the distance of the runs comes on top.
_SHARED_IN_PORES: Final = 2.0

#: Most check-ups of a run.
_MOST_CHECKS: Final = 1000


@dataclass(frozen=True)
class CheckUp:
    """What is measured on the way, without a trace in the cell.

    Attributes
    ----------
    every : cycles between check-ups
    what : "eis" for a spectrum, or an experiment for full cells, whose discharge
        capacities are kept
    """

    every: int
    what: str = EIS


def age(
    cell: str | Path | Cell,
    experiment: str | Path | Protocol,
    cycles: int,
    settings: Mapping[str, float] | None = None,
    arguments: Mapping[str, str] | None = None,
    *,
    tolerance: float = TOLERANCE,
    every_cycle: bool = False,
    floor: float = 0.0,
    keep: Sequence[int] = (),
    check: CheckUp | None = None,
    split: bool = False,
    estimate: bool = True,
    folder: str | Path | None = None,
    progress: Report | None = None,
    at_detail: Callable[[int, xr.Dataset], None] | None = None,
) -> xr.Dataset:
    """Age a cell over many cycles, most of them jumped over, with an estimate of the error.

    Parameters
    ----------
    cell, experiment : name, path or what was loaded already
    cycles : number of cycles
    settings : parameter values in SI by full name
    arguments : arguments of the experiment as "VALUE unit"
    tolerance : error of the capacity that jumps are chosen for, relative to the first
    every_cycle : whether to resolve every cycle, in which case nothing is to be estimated
    floor : share of the first discharge at which the run ends; 0 without
    keep : cycles that ``at_detail`` is called with, over time
    check : what is measured on the way
    split : whether to run the cell without each of its fade mechanisms too
    estimate : whether to run a second time, coarser and of another order, beside the first
    folder : where the run is kept as it goes; the same request goes on from there
    progress : called with the share of the cycles that is done
    at_detail : called with the number and the course of each cycle in ``keep``

    Returns
    -------
    xarray.Dataset
        Over "cycle" the charge of discharge and charge [C.m-2], the highest polarisation
        [V], the lowest contact fraction, the duration [s], how far each mechanism has come,
        whether the cycle was "resolved", and the error of the discharge capacity [C.m-2].
        With ``check`` spectra or capacities over "pause", with ``split`` the capacity that
        each mechanism cost in the last cycle [C.m-2] over "mechanism".

    Raises
    ------
    TwinError
        If the request cannot be run, or the folder holds another run.
    SolveError
        If the solver fails in a cycle that has to be resolved.

    Examples
    --------
    >>> aged = age("mann2025_lina", "strip_plate_cycling", 3, every_cycle=True)
    >>> aged.sizes["cycle"], aged.attrs["ended_by"]
    (3, 'protocol completed')
    """
    cell, protocol = requested(cell, experiment, settings, arguments)
    pauses = _pauses(check, cycles)
    request = Request(
        cycles, tolerance, ORDER, every_cycle, floor, tuple(sorted(set(keep))), pauses
    )
    measure = _measurement(cell, check)
    place = None if folder is None else Path(folder)
    coarse = replace(
        request, tolerance=_COARSER * tolerance, order=ORDER - 1, keep=(), pause=()
    )
    estimate = estimate and not every_cycle
    others = [(cell, coarse, _part(place, "second"))] if estimate else []
    mechanisms = _mechanisms(cell) if split else {}
    others += [
        (without, replace(request, keep=(), pause=()), _part(place, f"without {name}"))
        for name, without in mechanisms.items()
    ]
    with _beside(protocol, others) as running:
        what = "" if check is None else check.what
        journal = _journal(_part(place, "first"), cell, protocol, request, what)
        aged = one_run(
            cell,
            protocol,
            request,
            journal=journal,
            progress=progress,
            at_pause=measure,
            at_detail=at_detail,
        )
        found = _results(running, place)
    aged = _named(aged, check)
    if estimate:
        aged = _with_error(aged, found.pop(0), _shared(cell) * tolerance)
    if split:
        aged = _with_split(aged, dict(zip(mechanisms, found, strict=True)))
    return aged


# --- runs beside the first ---------------------------------------------------------------


@contextmanager
def _beside(
    protocol: Protocol, others: Sequence[tuple[Cell, Request, Path | None]]
) -> Iterator[list[Future[xr.Dataset]]]:
    """Runs in a process of their own."""
    if not others:
        yield []
        return
    with pool(1) as executor:
        yield [
            executor.submit(called, _run, cell, protocol, request, place)
            for cell, request, place in others
        ]


def _results(running: Sequence[Future[xr.Dataset]], place: Path | None) -> list[xr.Dataset]:
    try:
        return [job.result() for job in running]
    except BrokenProcessPool:
        kept = "" if place is None else f", which goes on from what is in {place}"
        raise TwinError(
            "the process that ran beside the first one was ended from outside, as happens "
            f"where memory runs out: repeat the request{kept}; or it did not start: "
            f"{GUARD}. Without the estimate of the error no second process is needed.",
            where="ageing",
        ) from None


def _run(
    cell: Cell, protocol: Protocol, request: Request, place: Path | None
) -> xr.Dataset:
    journal = _journal(place, cell, protocol, request)
    return one_run(cell, protocol, request, journal=journal)


def _part(folder: Path | None, name: str) -> Path | None:
    return None if folder is None else folder / name.replace(" ", "-").replace(",", "")


def _journal(
    place: Path | None, cell: Cell, protocol: Protocol, request: Request, check: str = ""
) -> Journal | None:
    if place is None:
        return None
    return Journal(place, requested_as(cell, protocol, request, check))


# --- the error --------------------------------------------------------------------------


def _shared(cell: Cell) -> float:
    """Error that the two runs of a cell may share, in tolerances."""
    porous = cell.options.get("interlayer", "none") != "none"
    return _SHARED_IN_PORES if porous else _SHARED


def _with_error(aged: xr.Dataset, second: xr.Dataset, shared: float) -> xr.Dataset:
    r"""The distance of two runs that differ in tolerance and order.

    The largest within a tenth of the cycles around each, and the share of the first
    discharge that both may be off by alike. A cycle that only one of the runs reached has
    no estimate.
    """
    first = aged[names.CYCLE_DISCHARGED].to_numpy()
    other = second[names.CYCLE_DISCHARGED].to_numpy()
    common = min(first.size, other.size)
    apart = np.abs(first[:common] - other[:common])
    error = np.full(first.size, np.nan)
    error[:common] = _largest_around(apart) + shared * first[0]
    return aged.assign({ERROR: (CYCLE, error, {"units": "C.m-2"})}).assign_attrs(
        {
            "second_run_cycles": second.sizes[CYCLE],
            "second_run_ended_by": second.attrs[ENDED_BY],
            "second_run_cycles_run": second.attrs["cycles_run"],
        }
    )


def _largest_around(values: Array) -> Array:
    """The largest value among the cycles around each, a tenth of its number either way."""
    numbers = np.arange(1, values.size + 1)
    reach = np.maximum((numbers * _AROUND).astype(int), 1)
    low = np.maximum(numbers - 1 - reach, 0)
    high = np.minimum(numbers + reach, values.size)
    return np.array([values[a:b].max() for a, b in zip(low, high, strict=True)])


# --- what each mechanism cost ------------------------------------------------------------


def _mechanisms(cell: Cell) -> dict[str, Cell]:
    """The cell without each of the fade mechanisms that it has, by the mechanism's name."""
    found = {}
    for name, fade in FADE.items():
        if fade.option and cell.options.get(fade.option, "none") != fade.value:
            continue
        if cell.values.get(fade.parameter, fade.off) != fade.off:
            found[name] = cell.with_values({fade.parameter: fade.off}, origin="without it")
    if not found:
        raise TwinError(
            "has no fade mechanism; its options would switch them on: "
            + ", ".join(sorted({f.option for f in FADE.values() if f.option})),
            where=f"cell {cell.name}",
        )
    return found


def _with_split(aged: xr.Dataset, without: Mapping[str, xr.Dataset]) -> xr.Dataset:
    """How much more the last cycle discharges without each mechanism."""
    capacity = aged[names.CYCLE_DISCHARGED].to_numpy()
    last = capacity.size
    cost = [
        float(one[names.CYCLE_DISCHARGED][min(last, one.sizes[CYCLE]) - 1]) - capacity[-1]
        for one in without.values()
    ]
    return aged.assign(
        {LOSS: (MECHANISM, np.array(cost), {"units": "C.m-2"})}
    ).assign_coords({MECHANISM: list(without)})


# --- check-ups --------------------------------------------------------------------------


def _pauses(check: CheckUp | None, cycles: int) -> tuple[int, ...]:
    if check is None:
        return ()
    if not 1 <= check.every <= cycles:
        raise TwinError(
            f"a check-up every {check.every} cycles does not fit into {cycles}; give a "
            f"number from 1 to {cycles}.",
            where="check-up",
        )
    if cycles // check.every > _MOST_CHECKS:
        raise TwinError(
            f"{cycles // check.every} check-ups are more than {_MOST_CHECKS}; give a "
            "longer interval.",
            where="check-up",
        )
    return tuple(range(check.every, cycles + 1, check.every))


def _measurement(
    cell: Cell, check: CheckUp | None
) -> Callable[[int, Array, Cycler], list[float]] | None:
    if check is None:
        return None
    if check.what == EIS:
        frequencies = sweep(DEFAULT_SWEEP)
        alternating = SmallSignal(cell)

        def spectrum(cycles: int, y: Array, cycler: Cycler) -> list[float]:
            z = alternating.of_vector(y, frequencies, cycle=cycles).spectrum.impedance
            return [*z.real.tolist(), *z.imag.tolist()]

        return spectrum
    if cell.model == "SymmetricCell":
        raise TwinError(
            f"'{check.what}': symmetric cells have no capacity to check; take 'eis'.",
            where="check-up",
        )
    _, protocol = requested(cell, check.what, None, None)
    schedule = protocol.schedule()
    tester = Cycler(cell, schedule.cycles[0], schedule.polarisation)

    def capacities(cycles: int, y: Array, cycler: Cycler) -> list[float]:
        found = []
        for steps in schedule.cycles:
            lap = tester.cycle(y, steps=steps)
            found.append(float(lap.summary[0]))
            y = lap.y
        return found

    return capacities


def _named(aged: xr.Dataset, check: CheckUp | None) -> xr.Dataset:
    """What the check-ups found, under its own names."""
    if check is None or FOUND not in aged:
        return aged
    found = aged[FOUND].to_numpy()
    rest = aged.drop_vars(FOUND)
    if check.what != EIS:
        return rest.assign({CHECKED: ((PAUSE, "check_cycle"), found, {"units": "C.m-2"})})
    frequencies = sweep(DEFAULT_SWEEP)
    parts = np.split(found, 2, axis=1)
    spectra = {
        name: ((PAUSE, FREQUENCY), part, {"units": "Ohm.m2"})
        for name, part in zip(IMPEDANCE, parts, strict=True)
    }
    return rest.assign(spectra).assign_coords(
        {FREQUENCY: (FREQUENCY, frequencies, {"units": "Hz"})}
    )
