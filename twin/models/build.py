"""From the name that a cell file gives to the model that runs it."""

from __future__ import annotations

import pybamm

from twin.errors import UnknownNameError
from twin.models.symmetric_cell import SymmetricCell
from twin.parts.parameters import Cell

#: Models that a cell file can name.
MODELS: dict[str, type[pybamm.BaseBatteryModel]] = {"SymmetricCell": SymmetricCell}


def build_model(cell: Cell, surface_form: str = "false") -> pybamm.BaseBatteryModel:
    """The model of a cell, with the options that the cell's file asks for.

    Parameters
    ----------
    cell : Cell
    surface_form : "false" (default) or "differential", which impedance needs

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
    known = ("interface kinetics",)
    for option in cell.options:
        if option not in known:
            raise UnknownNameError("option", option, known, where=str(cell.path))
    keywords = {key.replace(" ", "_"): value for key, value in cell.options.items()}
    return MODELS[cell.model]({"surface form": surface_form}, **keywords)
