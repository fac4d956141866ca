"""Files of a fit: parameter records, cells that use them, and a report beside them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final

from twin import assets
from twin.errors import TwinError
from twin.parts.cell import Cell
from twin.parts.fit_reports import SUFFIX
from twin.parts.records import Source
from twin.studies.fit_result import FitResult, FittedParameter

#: End of the names of files that a fit writes.
_FITTED: Final = "_fitted"


@dataclass(frozen=True)
class _Part:
    """The fitted records that replace those of one file."""

    name: str
    title: str
    places: tuple[int, ...]


def fit_files(result: FitResult, folder: Path, name: str) -> dict[Path, str]:
    """What a fit writes, by path: records, cells and the report.

    Parameters
    ----------
    result : of the fit
    folder : they all lie in
    name : of the fit; the report is NAME.fit.json

    Raises
    ------
    TwinError
        If a cell is the user's own file in another folder, beside which a cell based on
        it has to lie.
    """
    parts: dict[str, _Part] = {}
    for k, parameter in enumerate(result.parameters):
        stem = Path(parameter.file).stem + _FITTED
        if stem in parts:
            known = parts[stem]
            parts[stem] = _Part(stem, known.title, (*known.places, k))
        else:
            parts[stem] = _Part(stem, f"{parameter.file}: values of the fit {name}", (k,))
    files = {
        folder / f"{part.name}.toml": _records(result, part, name)
        for part in parts.values()
    }
    # a record of a cell's own file has the file's name as its part
    taken = set(parts)
    for cell in result.cells:
        uses = [
            part.name
            for part in parts.values()
            if any(result.unknowns[k].acts_on(cell) for k in part.places)
        ]
        if not uses:
            continue
        stem = f"{cell.name}{_FITTED}"
        stem = f"{stem}_cell" if stem in taken else stem
        files[folder / f"{stem}.toml"] = _cell(cell, uses, folder, name)
    files[folder / f"{name}{SUFFIX}"] = _report(result)
    return files


def write_fit(
    result: FitResult, folder: str | Path, name: str = "fit", *, force: bool = False
) -> list[Path]:
    """Write the records of a fit, a cell on top of each fitted one, and its report.

    Parameters
    ----------
    result : of the fit
    folder : made if it does not exist
    name : of the fit
    force : whether files that exist may be replaced

    Returns
    -------
    list of Path, what was written

    Raises
    ------
    TwinError
        If a file exists already, or nothing can be written there; then none is written.
    """
    target = Path(folder)
    files = fit_files(result, target, name)
    for path in files:
        if assets.path_is(Path.exists, path) and not force:
            raise TwinError(
                "exists already; choose another folder, or --force to replace it",
                where=str(path),
            )
    if not assets.path_is(Path.is_dir, target):
        assets.check_target(target)
        target.mkdir()
    for path in files:
        assets.check_target(path)
    for path, text in files.items():
        assets.write_atomically(path, lambda part, text=text: _write(part, text))
    return list(files)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _text(given: str) -> str:
    """A string of TOML; JSON's escapes are TOML's too."""
    return json.dumps(given, ensure_ascii=False)


def _records(result: FitResult, part: _Part, name: str) -> str:
    lines = [f"title = {_text(part.title)}"]
    for k in part.places:
        lines += ["", *_record(result, k, name)]
    return "\n".join(lines) + "\n"


def _record(result: FitResult, k: int, name: str) -> list[str]:
    parameter = result.parameters[k]
    record = result.unknowns[k].record
    source = Source(
        paper="twin fit",
        locator=name,
        method=_method(parameter),
    )
    given = ", ".join(
        f"{key} = {_text(value)}"
        for key, value in source.model_dump(exclude_none=True).items()
    )
    low, high = parameter.bounds
    lines = [f"[{_text(parameter.name)}]", f"value = {parameter.value!r}"]
    if record.unit is not None:
        lines.append(f"unit = {_text(record.unit)}")
    lines += [
        # what the fit allowed, the value at its end included
        f"range = [{min(low, parameter.value)!r}, {max(high, parameter.value)!r}]",
        'status = "fitted"',
        f"source = {{ {given} }}",
        f"fitted_to = [{', '.join(_text(one) for one in result.fitted_to[k])}]",
    ]
    notes = [note for note in result.notes if f"'{result.unknowns[k].label}'" in note]
    if notes:
        lines.append(f"note = {_text('; '.join(notes))}")
    return lines


def _method(parameter: FittedParameter) -> str:
    interval = f"[{parameter.low:.5g}, {parameter.high:.5g}]"
    known = "95 % interval" if parameter.identified else "not fixed by the data; within"
    return f"least squares on {date.today().isoformat()}, {known} {interval}"


def _cell(cell: Cell, uses: Sequence[str], folder: Path, name: str) -> str:
    shipped = assets.pick(cell.name, assets.listing("parameters", "cells"))
    is_known = shipped is not None and cell.path.exists() and shipped.samefile(cell.path)
    if not is_known and cell.path.parent.resolve() != folder.resolve():
        raise TwinError(
            f"cell {cell.name} lies in {cell.path.parent}, and a cell based on it has to "
            "lie beside it: write the fit there",
            where=str(folder),
        )
    listed = ", ".join(_text(one) for one in uses)
    return (
        f"title = {_text(f'{cell.title} (fit {name})')}\n"
        f"base = {_text(cell.name)}\n"
        f"uses = [{listed}]\n"
    )


def _report(result: FitResult) -> str:
    content = {
        "written_by": f"solid-state-twin {version('solid-state-twin')}",
        **result.as_dict(),
    }
    return json.dumps(content, indent=2) + "\n"
