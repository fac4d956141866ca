"""Reads cell files, and the materials, interfaces and base cells they refer to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from twin import assets
from twin.errors import RecordError, UnknownNameError
from twin.parts.cell import Cell, CellSummary
from twin.parts.files import check, read_toml
from twin.parts.fit_reports import check_against_reports, same_value
from twin.parts.lent_cathode import OPTION as LENT
from twin.parts.lent_cathode import POTENTIAL, lent_records, placed
from twin.parts.records import FILE_KEYS, Record, Text, read_records

# Models that a cell file may name. A new model is added here and nowhere else.
CELL_MODELS: Final = ("SymmetricCell", "FullCell", "AnodeFreeCell", "ReductionCell")

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


#: Bases that may stand one above the other.
_MOST_BASES: Final = 20

_CELL_KEYS: Final = tuple(_CellHead.model_fields)


def _split(path: Path, head_keys: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
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


def read_summary(path: Path, above: tuple[Path, ...] = ()) -> CellSummary:
    """What a cell file says about itself, without its records.

    Parameters
    ----------
    path : Path
        The file.
    above : tuple of Path
        Files whose base this one is, the first one first.

    Raises
    ------
    TwinError
        If the file or one of its bases breaks a rule.

    Examples
    --------
    >>> read_summary(Path("no-such-cell.toml"))
    Traceback (most recent call last):
    twin.errors.RecordError: no-such-cell.toml: no such file; check the path.
    """
    head, _ = _read_head(path)
    base = (
        read_summary(_base(head.base, path, above), (*above, path)) if head.base else None
    )
    return _summarise(head, base, path)


def _summarise(head: _CellHead, base: CellSummary | None, path: Path) -> CellSummary:
    paper = head.paper or (base.paper if base else None)
    model = head.model or (base.model if base else None)
    if paper is None or model is None:
        key = "paper" if paper is None else "model"
        raise RecordError(f"the key '{key}' is missing; add it.", where=str(path))
    return CellSummary(assets.name_of(path), head.title, paper, model)


def read_cell(path: Path, above: tuple[Path, ...] = ()) -> Cell:
    """A cell file with everything it inherits and uses.

    Parameters
    ----------
    path : Path
        The file.
    above : tuple of Path
        Files whose base this one is, the first one first.

    Raises
    ------
    TwinError
        If the file, one of its bases or one of its parts breaks a rule.

    Examples
    --------
    >>> read_cell(Path("no-such-cell.toml"))
    Traceback (most recent call last):
    twin.errors.RecordError: no-such-cell.toml: no such file; check the path.
    """
    head, tables = _read_head(path)
    base = read_cell(_base(head.base, path, above), (*above, path)) if head.base else None
    summary = _summarise(head, base, path)
    records: dict[str, Record] = dict(base.records) if base else {}
    for entry in head.uses:
        records = _over(records, _load_part(_part(entry, path)), path)
    if LENT in head.options:
        records = _over(records, lent_records(head.options[LENT], path), path)
    own = read_records(tables, path, _CELL_KEYS)
    check_against_reports(own, path)
    records = _over(records, own, path)
    if not records:
        raise RecordError("has no parameters; add some, or uses.", where=str(path))
    return Cell(
        name=summary.name,
        title=summary.title,
        paper=summary.paper,
        model=summary.model,
        options=_options(head, base, path),
        records=records,
        path=path,
    )


def _options(head: _CellHead, base: Cell | None, path: Path) -> dict[str, str]:
    """Options of the base, and the file's own in their place."""
    inherited = dict(base.options) if base else {}
    if LENT not in head.options:
        return {**inherited, **head.options}
    if POTENTIAL in head.options:
        raise RecordError(
            f"'{LENT}' brings its own open-circuit potential; delete '{POTENTIAL}'",
            where=f"{path}, options",
        )
    inherited.pop(POTENTIAL, None)
    own = {**head.options, LENT: placed(head.options[LENT], path)}
    return {**inherited, **own}


def _over(
    below: dict[str, Record], above: dict[str, Record], path: Path
) -> dict[str, Record]:
    """Records over others, of which none may hide that its value was fitted."""
    for name, record in above.items():
        hidden = below.get(name)
        if hidden is None or not same_value(record.value, hidden.value):
            continue
        missing = [row for row in hidden.fitted_to if row not in record.fitted_to]
        if missing:
            raise RecordError(
                f"repeats the value that {hidden.file} gives as fitted to "
                f"{', '.join(hidden.fitted_to)}, as {record.status} and without "
                f"{', '.join(missing)} in fitted_to; leave it out, or say so too",
                where=f'{path}, ["{name}"] of {record.file}',
            )
    return {**below, **above}


def _load_part(path: Path) -> dict[str, Record]:
    head, tables = _split(path, FILE_KEYS)
    check(_PartHead, head, where=str(path))
    if not tables:
        raise RecordError("has no parameters; add some.", where=str(path))
    records = read_records(tables, path)
    check_against_reports(records, path)
    return records


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
    if len(above) >= _MOST_BASES:
        raise RecordError(
            f"more than {_MOST_BASES} bases one above the other; join some.", where=where
        )
    if others[0] in beside.values():
        try:
            assets.safe_child(path.parent, str(others[0].relative_to(path.parent)))
        except RecordError as error:
            raise RecordError(str(error), where=where) from None
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
