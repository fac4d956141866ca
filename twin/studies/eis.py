"""Impedance spectra of a cell: fresh, after an experiment, or along one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy.typing as npt

from twin import names
from twin.errors import TwinError
from twin.parts.cell import Cell
from twin.parts.moments import Moment, moment
from twin.parts.parameters import load_cell
from twin.parts.protocols import Protocol
from twin.parts.schedule import Schedule
from twin.parts.sweeps import DEFAULT_SWEEP, Interval, frequencies, interval
from twin.run.notes import notes
from twin.run.recorded import state_requested
from twin.run.requests import requested
from twin.run.results import COMPLETED
from twin.run.small_signal import SmallSignal
from twin.run.solving import Progress
from twin.run.states import FRESH, Journey, State, charged, journey
from twin.studies.eis_result import EisResult, StateSpectrum, full_sides
from twin.studies.provenance import rests_on

#: Share of its initial contact below which crowding of the current shows.
_WHOLE: Final = 0.95


def eis(
    cell: str | Path | Cell,
    state: str | Path | Protocol | None = None,
    settings: Mapping[str, float] | None = None,
    arguments: Mapping[str, str] | None = None,
    *,
    at: str | Moment | None = None,
    every: str | Interval | None = None,
    state_of_charge: float | None = None,
    sweep: str | npt.ArrayLike = DEFAULT_SWEEP,
    progress: Progress | None = None,
) -> EisResult:
    """Impedance spectra of a cell in one state, or in many along an experiment.

    The current of the experiment is off while a spectrum is taken, and nothing has
    relaxed yet; see :class:`twin.run.small_signal.SmallSignal`.

    Parameters
    ----------
    cell : name, path or Cell
    state : experiment that brings the cell into its state, by name, path or as Protocol;
        or the NetCDF file of a result, which is run once more. The fresh cell if None
    settings : parameter values in SI by full name, in place of the cell's records
    arguments : arguments of the experiment as "VALUE unit"
    at : moment of the experiment, "cycle 3", "cycle 3, step 2" or "5 h"; its end if None
    every : spectra along the experiment up to there, every "30 min" or "0.1 mA.h.cm-2"
    state_of_charge : of a full cell, 0 to 1, in place of an experiment: it is charged at
        C/10 and rests for an hour
    sweep : "low:high:per-decade", or frequencies in either order [Hz]
    progress : called with the share of the work done, 0 to 1

    Returns
    -------
    EisResult

    Raises
    ------
    TwinError
        If cell, experiment, moment or a value is not possible.
    SolveError
        If the solver fails.

    Examples
    --------
    >>> found = eis("mann2025_lina", sweep=[10.0])
    >>> round(1e4 * float(found.spectra[0].spectrum.impedance[0].real), 1)
    20.8
    """
    points = frequencies(sweep)
    loaded, protocol = _requested(cell, state, settings, arguments)
    until = moment(at) if isinstance(at, str) else at
    apart = interval(every) if isinstance(every, str) else every
    if protocol is None and (until or apart or arguments):
        raise TwinError(
            "a moment, an interval or an argument belongs to an experiment; name it as "
            "the state.",
            where=f"cell {loaded.name}",
        )
    schedule, where = _schedule(loaded, protocol, state_of_charge)
    way = Journey((FRESH,), "")
    if schedule is not None:
        way = journey(
            loaded,
            schedule,
            where=where,
            at=until,
            every=apart,
            progress=progress and (lambda share: progress(share / 2)),
        )
    if state_of_charge is not None and way.ended_by not in ("", COMPLETED):
        raise TwinError(f"not reached ({way.ended_by}); choose a lower one.", where=where)
    response = SmallSignal(loaded)
    found = []
    for number, one in enumerate(way.states, start=1):
        label = _label(loaded, one, where)
        found.append(StateSpectrum(loaded, response.at(one, points, label)))
        if progress is not None:
            progress((1 + number / len(way.states)) / 2)
    return EisResult(
        cell=loaded,
        state=where or "fresh",
        arguments={
            key: f"{given.value:g} {given.unit or ''}".strip()
            for key, given in (protocol.arguments if protocol else {}).items()
        },
        ended_by=way.ended_by,
        spectra=tuple(found),
        notes=tuple(_remarks(loaded, schedule, found[-1])),
        rests_on=rests_on(loaded),
    )


def _requested(
    cell: str | Path | Cell,
    state: str | Path | Protocol | None,
    settings: Mapping[str, float] | None,
    arguments: Mapping[str, str] | None,
) -> tuple[Cell, Protocol | None]:
    loaded = cell if isinstance(cell, Cell) else load_cell(cell)
    protocol = state if isinstance(state, Protocol) else None
    if not isinstance(state, Protocol):
        loaded, protocol = state_requested(loaded, state)
    if protocol is not None:
        return requested(loaded, protocol, settings, arguments)
    if settings:
        loaded = loaded.with_values(settings, origin="settings of this run")
    return loaded, None


def _schedule(
    cell: Cell, protocol: Protocol | None, state_of_charge: float | None
) -> tuple[Schedule | None, str]:
    """What to run before, and what messages call it."""
    if state_of_charge is None:
        if protocol is None:
            return None, ""
        return protocol.schedule(), f"experiment {protocol.name}"
    if protocol is not None:
        raise TwinError(
            "a state of charge and an experiment are two ways to a state; give one.",
            where=f"experiment {protocol.name}",
        )
    return charged(cell, state_of_charge), f"state of charge {state_of_charge:g}"


def _label(cell: Cell, state: State, where: str) -> str:
    if state.solution is None:
        return f"{cell.name}, fresh"
    if not where.startswith("experiment"):
        return f"{cell.name}, {where}"
    return f"{cell.name}, {state.time / 3600:.4g} h"


def _remarks(cell: Cell, schedule: Schedule | None, last: StateSpectrum) -> Iterator[str]:
    yield from notes(cell, schedule)
    full = full_sides(last.linearised.surface_occupancy)
    interlayer = cell.options.get("interlayer", "none") != "none"
    if full and cell.model == "SymmetricCell" and not interlayer:
        yield (
            f"the lithium of the {' and the '.join(full)} electrode fills its lattice: "
            "plating adds new metal there, and the slope at low frequencies tells no "
            f"diffusivity. A fresh cell with '{names.INITIAL_OCCUPANCY}' at 0.98 has "
            "vacancies at both"
        )
    contact = last.linearised.contact_fraction
    poor = {side: share for side, share in contact.items() if share < _WHOLE}
    if poor and last.lattice is not None:
        shown = ", ".join(f"{share:.3g} {side}" for side, share in poor.items())
        yield (
            f"contact is not whole ({shown}): the current crowds on what is left, and the "
            "diffusivity read from the slope is smaller than that of the lithium"
        )
    if names.CATHODE_LOADING in cell.values:
        yield (
            "charge transfer of the cathode and of the lithium are one part of the split "
            "where their time constants are alike, and the slope at low frequencies is "
            "the cathode's"
        )
