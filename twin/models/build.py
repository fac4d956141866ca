"""From the name that a cell file gives to the model that runs it."""

from __future__ import annotations

from typing import Final

import pybamm

from twin.errors import UnknownNameError
from twin.models.anode_free_cell import AnodeFreeCell
from twin.models.full_cell import FullCell
from twin.models.lithium_electrode import ELECTRODE_OPTIONS
from twin.models.reduction_cell import ReductionCell
from twin.models.symmetric_cell import SymmetricCell
from twin.parts.lent_cathode import OPTION as CATHODE_FROM
from twin.parts.parameters import Cell

#: Models that a cell file can name.
MODELS: Final[dict[str, type[pybamm.BaseBatteryModel]]] = {
    "SymmetricCell": SymmetricCell,
    "FullCell": FullCell,
    "AnodeFreeCell": AnodeFreeCell,
    "ReductionCell": ReductionCell,
}

#: Options of a full cell that are not its electrode's, and whether the model takes them;
#: the others are the parameter values' business.
_FULL_CELL_OPTIONS: Final = {
    "electrolyte": True,
    "cathode interphase": True,
    "active material": True,
    "cathode potential": False,
    CATHODE_FROM: False,
    "liquid electrolyte": False,
}


def build_model(
    cell: Cell,
    surface_form: str = "false",
    operating_mode: str = "current",
    *,
    energy: bool = False,
) -> pybamm.BaseBatteryModel:
    """The model of a cell, with the options that the cell's file asks for.

    Parameters
    ----------
    cell : Cell
    surface_form : "false" (default), "algebraic" or "differential", which impedance
        needs
    operating_mode : "current" (default) or "voltage", in which the current follows from
        PyBaMM's "Voltage function [V]"
    energy : whether the discharge energy is counted, by two equations more

    Raises
    ------
    UnknownNameError
        If there is no such model or no such option.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> build_model(load_cell("mann2025_li")).name
    'Symmetric lithium cell'
    """
    if cell.model not in MODELS:
        raise UnknownNameError("model", cell.model, MODELS, where=str(cell.path))
    known = {name.replace("_", " "): True for name in ELECTRODE_OPTIONS}
    if cell.model != "SymmetricCell":
        known.update(_FULL_CELL_OPTIONS)
    keywords = {}
    for option, value in cell.options.items():
        if option not in known:
            raise UnknownNameError("option", option, known, where=str(cell.path))
        if known[option]:
            keywords[option.replace(" ", "_")] = value
    options = {"surface form": surface_form, "operating mode": operating_mode}
    if energy:
        options["calculate discharge energy"] = "true"
    return MODELS[cell.model](options, **keywords)
