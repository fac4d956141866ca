"""Capacities over many cycles of an experiment, as rows and curves of cases need them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import xarray as xr

from twin.parts.cell import Cell
from twin.run.ageing import Request, age
from twin.run.observables import CYCLES_ASKED
from twin.run.requests import requested
from twin.run.results import PARAMETERS, records_of

#: Argument of an experiment that says how often its cycle is run.
CYCLES: Final = "cycles"


def aged(
    cell: Cell,
    experiment: str,
    arguments: Mapping[str, str],
    *,
    cycles: int | None = None,
    floor: float = 0.0,
) -> xr.Dataset:
    """A cell aged by an experiment, most of its equal cycles jumped over.

    Parameters
    ----------
    cell : Cell
    experiment, arguments : as in a row of a case
    cycles : how many, if the argument "cycles" does not say it
    floor : share of the first discharge below which the run ends

    Returns
    -------
    xarray.Dataset
        As of :func:`twin.run.ageing.age`; the attribute "cycles_asked" is the number of
        cycles.

    Raises
    ------
    TwinError
        If the request cannot be run.
    SolveError
        If the solver fails in a cycle that has to be resolved.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> found = aged(load_cell("mann2025_lina"), "strip_plate_cycling", {"cycles": "2"})
    >>> found.attrs["cycles_asked"], found.sizes["cycle"]
    (2, 2)
    """
    cell, protocol = requested(cell, experiment, None, arguments)
    if CYCLES in protocol.arguments:
        number = int(protocol.arguments[CYCLES].value)
        protocol = protocol.with_arguments({CYCLES: "1"})
    else:
        number = len(protocol.schedule().cycles)
    if cycles is not None and CYCLES not in arguments:
        number = max(number, cycles)
    result = age(cell, protocol, Request(number, floor=floor))
    return result.assign_attrs({CYCLES_ASKED: number, PARAMETERS: records_of(cell)})
