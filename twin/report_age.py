"""What the command line prints about ageing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from rich.table import Table

from twin import names
from twin.models.compat import Array
from twin.run.fade_curve import CYCLE, PAUSE, RESOLVED
from twin.run.results import COMPLETED, ENDED_BY, NOTES
from twin.studies.ageing import CHECKED, ERROR, FREQUENCY, IMPEDANCE, LOSS, MECHANISM

if TYPE_CHECKING:
    import xarray as xr

_MAH_CM2: Final = 36000.0

#: Rows of the table of cycles.
_ROWS: Final = 9

#: An error this many times that of the last cycle is told beside it.
_MUCH: Final = 5.0

#: Ohm.m2 in one Ohm.cm2.
_OHM_CM2: Final = 1e-4


def ageing_sentence(aged: xr.Dataset) -> str:
    """What is left after how many cycles, in one sentence.

    Examples
    --------
    >>> from twin import age
    >>> ageing_sentence(age("mann2025_lina", "strip_plate_cycling", 2, every_cycle=True))
    '2 cycles: 100.00 % of the first discharge left; every cycle was run.'
    """
    capacity = aged[names.CYCLE_DISCHARGED].to_numpy()
    left = f"{100 * capacity[-1] / capacity[0]:.2f} %" if capacity[0] > 0 else "nothing"
    if ERROR in aged and np.isfinite(aged[ERROR][-1]):
        told = 100 * aged[ERROR].to_numpy() / capacity[0]
        left += f" (+- {told[-1]:.2g}{_worst(told)})"
    count = aged.sizes[CYCLE]
    run = aged.attrs["cycles_run"]
    how = "every cycle was run" if aged[RESOLVED].all() else f"{run} cycles were run"
    ended = aged.attrs[ENDED_BY]
    end = "" if ended == COMPLETED else f", ended by '{ended}'"
    return f"{count} cycles{end}: {left} of the first discharge left; {how}."


def _worst(told: Array) -> str:
    """Where the error is largest, if it is much larger than at the end."""
    place = int(np.nanargmax(told))
    if told[place] < _MUCH * told[-1]:
        return ""
    return f", up to {told[place]:.2g} around cycle {place + 1}"


def fade_table(aged: xr.Dataset) -> Table:
    """Some cycles from the first to the last."""
    table = Table(box=None, pad_edge=False)
    for heading in ("cycle", "discharge", "charge", "of the first", "+-", "polarisation"):
        table.add_column(heading, justify="right")
    capacity = aged[names.CYCLE_DISCHARGED].to_numpy()
    charged = aged[names.CYCLE_CHARGED].to_numpy()
    error = aged[ERROR].to_numpy() if ERROR in aged else None
    for place in np.unique(np.linspace(0, capacity.size - 1, _ROWS).astype(int)):
        share = capacity[place] / capacity[0] if capacity[0] > 0 else np.nan
        told = "" if error is None else f"{100 * error[place] / capacity[0]:.2g} %"
        table.add_row(
            str(place + 1),
            f"{capacity[place] / _MAH_CM2:.4f} mAh/cm2",
            f"{charged[place] / _MAH_CM2:.4f} mAh/cm2",
            f"{100 * share:.2f} %",
            told,
            f"{1e3 * float(aged[names.CYCLE_POLARISATION][place]):.4g} mV",
        )
    return table


def further_tables(aged: xr.Dataset) -> list[Table]:
    """What each mechanism cost, and what the check-ups found, as far as there are any."""
    found = []
    first = float(aged[names.CYCLE_DISCHARGED][0])
    if LOSS in aged:
        table = Table("without", "the last cycle discharges more", box=None, pad_edge=False)
        names_and_losses = zip(aged[MECHANISM].values, aged[LOSS].values, strict=True)
        for name, loss in names_and_losses:
            table.add_row(str(name), f"{100 * loss / first:+z.2f} % of the first")
        found.append(table)
    if CHECKED in aged:
        table = Table("after cycle", "check-up", box=None, pad_edge=False)
        for number, row in zip(aged[PAUSE].values, aged[CHECKED].values, strict=True):
            shown = ", ".join(f"{value / _MAH_CM2:.4f}" for value in row)
            table.add_row(str(number), f"{shown} mAh/cm2")
        found.append(table)
    if IMPEDANCE[0] in aged:
        table = Table("after cycle", "resistance", box=None, pad_edge=False)
        lowest = int(np.argmin(aged[FREQUENCY].to_numpy()))
        hertz = float(aged[FREQUENCY][lowest])
        for place, number in enumerate(aged[PAUSE].to_numpy()):
            real = float(aged[IMPEDANCE[0]][place, lowest]) / _OHM_CM2
            table.add_row(str(number), f"{real:.4g} Ohm.cm2 at {hertz:.3g} Hz")
        found.append(table)
    return found


def ageing_notes(aged: xr.Dataset) -> list[str]:
    """What a reader of the result should know."""
    found = [aged.attrs[NOTES]] if aged.attrs[NOTES] else []
    if ERROR in aged and not np.isfinite(aged[ERROR][-1]):
        other = aged.attrs["second_run_cycles"]
        found.append(
            f"the run that tells the error ended after {other} cycles "
            f"('{aged.attrs['second_run_ended_by']}'): beyond them there is no estimate"
        )
    return found
