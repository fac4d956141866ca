"""What a user should know about a request that is possible but may surprise."""

from __future__ import annotations

from pathlib import Path

from twin import names
from twin.models.cathode import LIQUID, filled_between, open_circuit_range, vanishing_salt
from twin.parts.cell import Cell
from twin.parts.formulas.constants import FARADAY
from twin.parts.lent_cathode import OPTION as LENT
from twin.parts.lent_cathode import POTENTIAL
from twin.parts.schedule import Schedule

#: C.m-2 in one mAh.cm-2.
_MAH_CM2 = 36000.0

#: C.kg-1 in one mAh.g-1.
_MAH_G = 3600.0

#: Nominal capacities that differ less from what a cathode holds are the same.
_SAME_CAPACITY = 0.1

#: A window usually reaches this much beyond the open-circuit range, for overpotentials [V].
BEYOND = 0.75


def notes(cell: Cell, schedule: Schedule | None = None) -> list[str]:
    """Remarks on a cell and what is done with it, one sentence each.

    Parameters
    ----------
    cell : Cell
    schedule : steps it is to run, if any

    Returns
    -------
    list of str
        That a borrowed law of the liquid does not reach so low a temperature, that the
        pores of an interlayer cannot hold what the cathode releases, that a voltage of
        the schedule lies far outside the open-circuit range, or that a lent cathode holds
        another capacity than the nominal one, with the numbers.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> notes(load_cell("mann2025_lina"))
    []
    >>> "goes to the foil" in notes(load_cell("yang2024_nano_15mAh"))[0]
    True
    """
    found = liquid_notes(cell)
    given = cell.values
    if cell.options.get("interlayer", "none") != "none" and names.CATHODE_LOADING in given:
        released = given[names.CATHODE_LOADING] * given[names.CATHODE_CAPACITY]
        room = pore_capacity(cell)
        if released > room:
            found.append(
                f"the cathode releases {released / _MAH_CM2:.3g} mAh/cm2 at its nominal "
                "capacity, which may differ from that between two voltages; the "
                f"interlayer's free pores hold {room / _MAH_CM2:.3g}: what they cannot "
                "hold goes to the foil"
            )
    if schedule is not None and names.CATHODE_LOADING in given:
        found += _window_notes(cell, schedule) + _lent_notes(cell, schedule)
    return found


def liquid_notes(cell: Cell) -> list[str]:
    """Remark on a liquid whose borrowed law lets its conductivity vanish, if it does.

    Parameters
    ----------
    cell : Cell

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> cold = load_cell("thin_llzo_ncm622").with_values(
    ...     {names.AMBIENT_TEMPERATURE: 253.15}, "an example"
    ... )
    >>> liquid_notes(cold)[0][:55]
    'the conductivity of the liquid (Xu2019) vanishes at 3.1'
    """
    salt = vanishing_salt(cell)
    if salt is None:
        return []
    lender = cell.options.get("liquid electrolyte", LIQUID)
    celsius = cell.values[names.AMBIENT_TEMPERATURE] - 273.15
    return [
        f"the conductivity of the liquid ({lender}) vanishes at {salt / 1000:.3g} mol/l of "
        f"salt at {celsius:g} C: its law does not reach down to this temperature, and "
        "nothing that comes of salt gathering in the cathode can be trusted"
    ]


def _window_notes(cell: Cell, schedule: Schedule) -> list[str]:
    """Voltages of the schedule that no state of the cathode has at rest."""
    lowest, highest = open_circuit_range(cell)
    given = _voltages(schedule)
    return [
        f"{voltage:g} V lies far outside the open-circuit range of the cathode, "
        f"{lowest:.3g} to {highest:.3g} V ({_lender(cell)}): the "
        "borrowed curve says nothing about what is charged or discharged there"
        for voltage in sorted(given)
        if not lowest - BEYOND <= voltage <= highest + BEYOND
    ]


def _voltages(schedule: Schedule) -> set[float]:
    return {
        step.voltage
        for cycle in set(schedule.cycles)
        for step in cycle
        if step.voltage is not None
    }


def _lender(cell: Cell) -> str:
    """Who lends the open-circuit potential."""
    return Path(cell.options.get(LENT) or cell.options[POTENTIAL]).name


def _lent_notes(cell: Cell, schedule: Schedule) -> list[str]:
    """Remark on a nominal capacity that is not what a lent cathode holds."""
    voltages = _voltages(schedule)
    if LENT not in cell.options or len(voltages) < 2:
        return []
    given = cell.values
    sites = FARADAY * given[names.CATHODE_MAXIMUM_CONCENTRATION]
    held = sites / given[names.CATHODE_DENSITY] * filled_between(cell, voltages)
    nominal = given[names.CATHODE_CAPACITY]
    if abs(held / nominal - 1) < _SAME_CAPACITY:
        return []
    return [
        f"the cathode of {_lender(cell)} holds {held / _MAH_G:.3g} mAh/g between "
        f"{min(voltages):g} and {max(voltages):g} V at rest, with the density of the "
        f"design; C-rates refer to '{names.CATHODE_CAPACITY}', {nominal / _MAH_G:.3g} "
        "mAh/g of the design: set it, and the density, to the lender's"
    ]


def pore_capacity(cell: Cell) -> float:
    """Charge of lithium that the free pores of a cell's interlayer can take [C.m-2].

    What was plated beforehand (N/P) fills them first.

    Examples
    --------
    30 um, 35 % pores, 5 % of them filled: 0.95 x 10.5 um of 2061 mAh.cm-3

    >>> from twin.parts.parameters import load_cell
    >>> round(pore_capacity(load_cell("yang2024_nano_0_2mAh")) / 36000, 2)
    2.06
    """
    given = cell.values
    volume = given[names.INTERLAYER_THICKNESS] * given[names.INTERLAYER_POROSITY]
    free = 1 - given[names.INTERLAYER_INITIAL_LITHIUM]
    room = FARADAY * given[names.LITHIUM_SITE_CONCENTRATION] * volume * free
    plated = (
        given.get(names.NP_RATIO, 0.0)
        * given.get(names.CATHODE_CAPACITY, 0.0)
        * given.get(names.CATHODE_LOADING, 0.0)
    )
    return max(room - plated, 0.0)
