"""What is asked to be run: a cell and an experiment, changed as a user says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from twin.errors import RecordError
from twin.parts.parameters import Cell, load_cell
from twin.parts.protocols import Protocol, load_experiment


def staircase_requested(
    cell: str | Path | Cell,
    experiment: str | Path | Protocol,
    settings: Mapping[str, float] | None,
    arguments: Mapping[str, str] | None,
) -> tuple[Cell, Protocol]:
    """As :func:`requested`, of an experiment whose levels rise.

    Raises
    ------
    TwinError
        If the experiment is no staircase, or as :func:`requested`.

    Examples
    --------
    >>> staircase_requested("mann2025_li", "ccd_constant_time", None, None)[0].name
    'mann2025_li'
    """
    loaded = cell if isinstance(cell, Cell) else load_cell(cell)
    if loaded.model != "SymmetricCell":
        raise RecordError(
            f"is a {loaded.model}; critical currents are those of symmetric cells ('twin "
            "cells' lists them). The highest rate of a full cell: experiment rate_ladder",
            where=f"cell {loaded.name}",
        )
    loaded, protocol = requested(loaded, experiment, settings, arguments)
    if not protocol.is_staircase:
        raise RecordError(
            "runs at one level; a critical current density needs a [staircase], as "
            "ccd_constant_charge and ccd_constant_time have",
            where=f"experiment {protocol.name}",
        )
    return loaded, protocol


def requested(
    cell: str | Path | Cell,
    experiment: str | Path | Protocol,
    settings: Mapping[str, float] | None,
    arguments: Mapping[str, str] | None,
) -> tuple[Cell, Protocol]:
    """The cell and the experiment with a user's own values.

    Parameters
    ----------
    cell, experiment : name, path or what was loaded already
    settings : parameter values in SI by full name
    arguments : arguments of the experiment as "VALUE unit"

    Raises
    ------
    TwinError
        If cell, experiment or a value is not possible, or they do not fit together.

    Examples
    --------
    >>> found = requested("mann2025_li", "ccd_constant_time", None, {"cycles": "2"})
    >>> found[1].arguments["cycles"].value
    2.0
    """
    loaded = cell if isinstance(cell, Cell) else load_cell(cell)
    if settings:
        loaded = loaded.with_values(settings, origin="settings of this run")
    protocol = (
        experiment if isinstance(experiment, Protocol) else load_experiment(experiment)
    )
    if arguments:
        protocol = protocol.with_arguments(arguments)
    if loaded.model not in protocol.models:
        raise RecordError(
            f"runs on {', '.join(protocol.models)}, but cell {loaded.name} is a "
            f"{loaded.model}",
            where=f"experiment {protocol.name}",
        )
    return loaded, protocol
