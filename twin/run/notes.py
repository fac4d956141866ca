"""What a user should know about a request that is possible but may surprise."""

from __future__ import annotations

from twin import names
from twin.parts.cell import Cell
from twin.parts.formulas.constants import FARADAY

#: C.m-2 in one mAh.cm-2.
_MAH_CM2 = 36000.0


def notes(cell: Cell) -> list[str]:
    """Remarks on a cell, one sentence each.

    Parameters
    ----------
    cell : Cell

    Returns
    -------
    list of str
        That the pores of an interlayer cannot hold what the cathode releases, with the
        numbers.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> notes(load_cell("mann2025_lina"))
    []
    >>> "goes to the foil" in notes(load_cell("yang2024_nano_15mAh"))[0]
    True
    """
    found = []
    given = cell.values
    if cell.options.get("interlayer", "none") != "none" and names.CATHODE_LOADING in given:
        released = given[names.CATHODE_LOADING] * given[names.CATHODE_CAPACITY]
        room = pore_capacity(cell)
        if released > room:
            found.append(
                f"the cathode releases {released / _MAH_CM2:.3g} mAh/cm2, the interlayer's "
                f"free pores hold {room / _MAH_CM2:.3g}: what they cannot hold goes to the "
                "foil"
            )
    return found


def pore_capacity(cell: Cell) -> float:
    """Charge of lithium that the free pores of a cell's interlayer can take [C.m-2].

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
    return FARADAY * given[names.LITHIUM_SITE_CONCENTRATION] * volume * free
