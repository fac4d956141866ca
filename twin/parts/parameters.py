"""Cells: parameter records put together from materials, interfaces and other cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from twin import assets
from twin.errors import RecordError, UnitError, UnknownNameError
from twin.parts.catalogue import complete, known
from twin.parts.files import check, read_toml
from twin.parts.records import (
    FILE_KEYS,
    Record,
    Source,
    Text,
    check_allowed,
    read_records,
)
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

# Models that a cell file may name. A new model is added here and nowhere else.
CELL_MODELS: Final = ("SymmetricCell",)

_SUBFOLDERS: Final = ("materials", "interfaces")


class _PartHead(BaseModel):
    """Keys of a material or interface file beside its records."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    description: Text | None = None


class _CellHead(_PartHead):
    """Keys of a cell file beside its records."""

    paper: Text | None = None
    model: Text | None = None
    base: Text | None = None
    uses: Annotated[list[Text], Field(max_length=100)] = []
    options: dict[str, Text] = {}


_CELL_KEYS: Final = tuple(_CellHead.model_fields)


@dataclass(frozen=True)
class CellSummary:
    """One line about a cell.

    Parameters
    ----------
    name : str
        Name of the file without its suffix.
    title, paper, model : str
        As in the file, or in its base.
    """

    name: str
    title: str
    paper: str
    model: str


@dataclass(frozen=True)
class Cell(CellSummary):
    """A cell: which model, with which options and which parameter records.

    Parameters
    ----------
    name, title, paper, model : str
        As in :class:`CellSummary`.
    options : mapping of str to str
        Options of the model.
    records : mapping of str to Record
        By full parameter name.
    path : Path
        The file.
    """

    options: Mapping[str, str]
    records: Mapping[str, Record]
    path: Path

    @property
    def values(self) -> dict[str, float]:
        """Values by full parameter name, in the units of the names (SI)."""
        return {name: record.value for name, record in self.records.items()}

    def with_values(self, overrides: Mapping[str, float], origin: str) -> Cell:
        """The cell with some values replaced by a user's own.

        Parameters
        ----------
        overrides : mapping of str to float
            Full parameter name to value in the unit of the name (SI).
        origin : str
            Where the values come from, for messages and provenance.

        Returns
        -------
        Cell
            Its new records have the status "assumed" and the source "user".

        Raises
        ------
        UnknownNameError
            If a name is not in the catalogue.
        RecordError
            If a value is not finite or outside its allowed interval.

        Examples
        --------
        >>> cell = Cell("a", "A", "p", "SymmetricCell", {}, {}, Path("a.toml"))
        >>> cell.with_values({"Initial contact fraction": 0.5}, "--set").values
        {'Initial contact fraction': 0.5}
        """
        changed = {}
        for name, value in overrides.items():
            entry = known(name, where=origin)
            check_allowed(value, entry, where=origin)
            changed[name] = Record(
                name=name,
                value=float(value),
                unit=entry.unit,
                low=None,
                high=None,
                status="assumed",
                source=Source(paper="user", locator=origin),
                fitted_to=(),
                note=None,
                file=origin,
            )
        return replace(self, records={**self.records, **changed})


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
    return _load(assets.find("parameters", name_or_path, "cells"), ())


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
    return [_summary(path, ()) for path in files.values()]


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


def _split(
    path: Path, head_keys: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A file's keys, and its tables that are named after parameters."""
    content = read_toml(path)
    head = {key: value for key, value in content.items() if key in head_keys}
    return head, {key: value for key, value in content.items() if key not in head}


def _read_head(path: Path) -> tuple[_CellHead, dict[str, Any]]:
    head, tables = _split(path, _CELL_KEYS)
    cell = check(_CellHead, head, where=str(path))
    if cell.model is not None and cell.model not in CELL_MODELS:
        raise UnknownNameError("model", cell.model, CELL_MODELS, where=str(path))
    return cell, tables


def _summary(path: Path, above: tuple[Path, ...]) -> CellSummary:
    head, _ = _read_head(path)
    base = (
        _summary(_base(head.base, path, above), (*above, path)) if head.base else None
    )
    return _summarise(head, base, path)


def _summarise(head: _CellHead, base: CellSummary | None, path: Path) -> CellSummary:
    paper = head.paper or (base.paper if base else None)
    model = head.model or (base.model if base else None)
    if paper is None or model is None:
        key = "paper" if paper is None else "model"
        raise RecordError(f"the key '{key}' is missing; add it.", where=str(path))
    return CellSummary(assets.name_of(path), head.title, paper, model)


def _load(path: Path, above: tuple[Path, ...]) -> Cell:
    head, tables = _read_head(path)
    base = _load(_base(head.base, path, above), (*above, path)) if head.base else None
    summary = _summarise(head, base, path)
    records: dict[str, Record] = dict(base.records) if base else {}
    for entry in head.uses:
        records |= _load_part(_part(entry, path))
    records |= read_records(tables, path, _CELL_KEYS)
    if not records:
        raise RecordError("has no parameters; add some, or uses.", where=str(path))
    return Cell(
        name=summary.name,
        title=summary.title,
        paper=summary.paper,
        model=summary.model,
        options={**(base.options if base else {}), **head.options},
        records=records,
        path=path,
    )


def _load_part(path: Path) -> dict[str, Record]:
    head, tables = _split(path, FILE_KEYS)
    check(_PartHead, head, where=str(path))
    if not tables:
        raise RecordError("has no parameters; add some.", where=str(path))
    return read_records(tables, path)


def _base(name: str, path: Path, above: tuple[Path, ...]) -> Path:
    """The file of a cell's base: beside the cell, else a known one, never the same."""
    where = f"{path}, base"
    if "/" in name or "\\" in name:
        raise RecordError(f"'{name}' is not the name of a cell.", where=where)
    beside = assets.files_in(path.parent)
    shared = assets.listing("parameters", "cells")
    wanted = name.removesuffix(".toml")
    found = [f for f in (assets.pick(wanted, files) for files in (beside, shared)) if f]
    if not found:
        raise UnknownNameError("cell", name, [*beside, *shared], where=where)
    # A user's variant of a known cell may have the same name as the cell.
    others = [file for file in found if not file.samefile(path)]
    seen = {file.resolve() for file in above}
    if not others or others[0].resolve() in seen:
        chain = " -> ".join(assets.name_of(file) for file in (*above, path, found[0]))
        raise RecordError(f"circular: {chain}; remove one base.", where=where)
    return others[0]


def _part(entry: str, path: Path) -> Path:
    """The file of an entry of ``uses``: beside the cell's file, else a known one."""
    where = f"{path}, uses"
    subfolder, _, name = entry.removesuffix(".toml").rpartition("/")
    known_names: list[str] = []
    own = path.absolute().parent
    roots = [own.parent, own] if own.name == "cells" else [own]
    for root in roots:
        try:
            folder = assets.safe_child(root, subfolder)
            files = assets.files_in(folder)
            found = assets.pick(name, files)
            if found is not None:
                return assets.safe_child(root, str(found.relative_to(root)))
        except RecordError as error:
            raise RecordError(str(error), where=where) from error
        known_names += [f"{subfolder}/{n}".lstrip("/") for n in files]
    if subfolder in _SUBFOLDERS:
        files = assets.listing("parameters", subfolder)
        found = assets.pick(name, files)
        if found is not None:
            return found
        known_names += [f"{subfolder}/{n}" for n in files]
    else:
        known_names += [
            f"{folder}/{n}"
            for folder in _SUBFOLDERS
            for n in assets.listing("parameters", folder)
        ]
    raise UnknownNameError("material or interface", entry, known_names, where=where)
