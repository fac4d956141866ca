"""Cells by name or from a user's own file, and values from the command line."""

from __future__ import annotations

from pathlib import Path

from twin import assets
from twin.errors import RecordError, UnitError
from twin.parts.catalogue import complete, known
from twin.parts.cell import Cell, CellSummary
from twin.parts.cell_files import CELL_MODELS, read_cell, read_summary
from twin.parts.records import Record, Source, check_allowed
from twin.units import convert, parse_quantity, unit_of

__all__ = [
    "CELL_MODELS",
    "Cell",
    "CellSummary",
    "Record",
    "Source",
    "list_cells",
    "load_cell",
    "parse_setting",
]


def load_cell(name_or_path: str | Path) -> Cell:
    """Load a cell by name, or from the user's own file.

    Of several records of a parameter the cell's own wins, then those of its ``uses``
    from the last to the first, then those of its ``base``.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a known cell, or path of a .toml file.

    Raises
    ------
    UnknownNameError
        If there is no such cell, material, interface, model or parameter.
    UnitError
        If a unit is missing, unreadable or of another dimension.
    RecordError
        If a file cannot be read or breaks another rule.

    Examples
    --------
    >>> load_cell("no-such-cell.toml")
    Traceback (most recent call last):
    twin.errors.RecordError: no-such-cell.toml: no such file; check the path.
    """
    return read_cell(assets.find("parameters", name_or_path, "cells"))


def list_cells() -> list[CellSummary]:
    """Every known cell, by name.

    Raises
    ------
    TwinError
        If a cell file cannot be read.

    Examples
    --------
    >>> all(cell.model in CELL_MODELS for cell in list_cells())
    True
    """
    files = assets.listing("parameters", "cells")
    return [read_summary(path) for path in files.values()]


def parse_setting(text: str) -> tuple[str, float]:
    """Read "NAME=VALUE unit", as given on the command line.

    Parameters
    ----------
    text : str
        NAME is a full parameter name, or one without its unit in brackets. The value's
        unit may be left out only if NAME carries it or is dimensionless.

    Returns
    -------
    tuple of str and float
        Full parameter name, and value in the unit of the name (SI).

    Raises
    ------
    UnknownNameError
        If there is no such parameter.
    UnitError
        If the unit is missing, unreadable or of another dimension.
    RecordError
        If the text has another form, or the value is outside its allowed interval.

    Examples
    --------
    >>> parse_setting("Lithium thickness=50 um")
    ('Lithium thickness [m]', 5e-05)
    """
    given, equals, quantity = text.partition("=")
    where = f"'{text}'" if len(text) <= 200 else f"'{text[:200]}...'"
    if not equals or not given.strip():
        raise RecordError('write "NAME=VALUE unit".', where=where)
    name = complete(given, where=where)
    value, unit = parse_quantity(quantity, where=where)
    target = unit_of(name)
    if unit is None and target is not None:
        if unit_of(given) is None:
            raise UnitError(
                f"missing unit; write it after the value, as in '{given.strip()}="
                f"{value:g} {target}'.",
                where=where,
            )
        unit = target  # the name as given carries the unit
    value = convert(value, unit, target, where)
    check_allowed(value, known(name), where=where)
    return name, value
