"""Whether a cell holds the lithium that a half cycle asks for."""

from __future__ import annotations

from typing import Final

from twin import names
from twin.errors import RecordError
from twin.parts.cell import Cell
from twin.parts.formulas.constants import FARADAY
from twin.parts.schedule import DIRECTIONS, Schedule

_MAH_CM2: Final = 36000.0  # C.m-2


def inventory_charge(cell: Cell) -> float | None:
    r"""Charge of the lithium in the negative electrode at the start [C.m-2].

    .. math:: Q = F c_{Li} f u_0 L

    Parameters
    ----------
    cell : Cell

    Returns
    -------
    float, or None where lithium is elsewhere too: in an interlayer, or plated on a
    substrate

    Examples
    --------
    20.6 mAh.cm-2 in 100 um of lithium

    >>> from twin.parts.parameters import load_cell
    >>> names_and_values = {names.LITHIUM_THICKNESS: 1e-4, names.INITIAL_OCCUPANCY: 1.0}
    >>> cell = load_cell("mann2025_li").with_values(names_and_values, origin="example")
    >>> round(inventory_charge(cell) / 36000, 2)
    20.61
    """
    options = cell.options
    if options.get("interlayer", "none") != "none" or options.get("lithium") == "plated":
        return None
    given = cell.values
    per_volume = (
        FARADAY
        * given[names.LITHIUM_SITE_CONCENTRATION]
        * given[names.LITHIUM_VOLUME_FRACTION]
        * given[names.INITIAL_OCCUPANCY]
    )
    return per_volume * given[names.LITHIUM_THICKNESS]


def check_first_cycle(cell: Cell, schedule: Schedule, one_c: float | None) -> None:
    """Refuse a first cycle that strips more lithium than there is.

    Later cycles of a staircase may: the run then ends by the exhaustion of the lithium. So
    does a single stripping to a polarisation, whose length is only a limit.

    Parameters
    ----------
    cell : Cell
    schedule : of galvanostatic steps
    one_c : current density of 1C [A.m-2]

    Raises
    ------
    RecordError
        With the inventory and the charge of the half cycle.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> from twin.parts.schedule import Step
    >>> strip = Step("strip", current_density=10.0, charge=36000.0)
    >>> check_first_cycle(load_cell("mann2025_li"), Schedule(((strip,),), None), None)
    """
    inventory = inventory_charge(cell)
    if inventory is None or _takes_what_there_is(schedule):
        return
    for step in schedule.cycles[0]:
        density = step.signed_current_density(one_c)
        charge = abs(density) * (step.longest(one_c) or 0.0)
        # both electrodes of a symmetric cell are lithium; in a full cell one is
        strips = DIRECTIONS[step.action] > 0 or cell.model == "SymmetricCell"
        if strips and charge > inventory:
            raise RecordError(
                f"a half cycle of {charge / _MAH_CM2:.4g} mAh/cm2 is more than the "
                f"{inventory / _MAH_CM2:.4g} mAh/cm2 of lithium in the electrode; lower "
                "its charge or time, or give the cell thicker lithium",
                where=f"cell {cell.name}",
            )


def _takes_what_there_is(schedule: Schedule) -> bool:
    ends = schedule.polarisation is not None
    return ends and schedule.steps == 1 and schedule.cycles[0][0].action == "strip"
