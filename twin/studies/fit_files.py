"""Files of a fit: parameter records, cells that use them, and a report beside them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from twin import assets
from twin.errors import TwinError
from twin.parts.cell import Cell
from twin.parts.fit_reports import SUFFIX
from twin.parts.records import Source
from twin.studies.fit_result import FitResult, FittedParameter
from twin.studies.fit_unknowns import Unknown

#: End of the names of files that a fit writes.
_FITTED: Final = "_fitted"


def check_output(
    unknowns: Sequence[Unknown],
    cells: Sequence[Cell],
    folder: str | Path,
    name: str,
    *,
    force: bool = False,
) -> None:
    """Refuse a folder that a fit could not be written to, before it is done.

    Parameters
    ----------
    unknowns, cells : of the fit
    folder, name, force : as of :func:`write_fit`

    Raises
    ------
    TwinError
        As :func:`write_fit`.
    """
    target = Path(folder)
    if not name or Path(name).name != name or name.startswith("."):
        raise TwinError(f"'{name}' is no name of a file; use letters and digits")
    parts = _parts(unknowns)
    paths = [target / f"{part}.toml" for part in parts]
    for cell in cells:
        if _uses(parts, unknowns, cell):
            _check_base(cell, target)
            paths.append(target / _cell_file(cell, parts))
    for path in (*paths, target / f"{name}{SUFFIX}"):
        if assets.path_is(Path.exists, path) and not force:
            raise TwinError(
                "exists already; choose another folder, or --force to replace it",
                where=str(path),
            )
    exists = assets.path_is(Path.is_dir, target)
    assets.check_target(target / name if exists else target)


def write_fit(
    result: FitResult, folder: str | Path, name: str = "result", *, force: bool = False
) -> list[Path]:
    """Write the records of a fit, a cell on top of each fitted one, and its report.

    Parameters
    ----------
    result : of the fit
    folder : made if it does not exist
    name : of the fit; the report is NAME.fit.json
    force : whether files that exist may be replaced

    Returns
    -------
    list of Path, what was written

    Raises
    ------
    TwinError
        If a file exists already, nothing can be written there, or a cell is the user's
        own file in another folder, beside which a cell based on it has to lie; then
        nothing is written.
    """
    check_output(result.unknowns, result.cells, folder, name, force=force)
    target = Path(folder)
    parts = _parts(result.unknowns)
    files = {
        target / f"{part}.toml": _records(result, part, places, name)
        for part, places in parts.items()
    }
    for cell in result.cells:
        uses = _uses(parts, result.unknowns, cell)
        if uses:
            files[target / _cell_file(cell, parts)] = _cell(cell, uses, name)
    files[target / f"{name}{SUFFIX}"] = _report(result)
    target.mkdir(exist_ok=True)
    for path, text in files.items():
        assets.write_atomically(path, partial(_write, text))
    return list(files)


def _parts(unknowns: Sequence[Unknown]) -> dict[str, list[int]]:
    """Files of records, one for each that they replace, and the unknowns in each."""
    parts: dict[str, list[int]] = {}
    for k, unknown in enumerate(unknowns):
        parts.setdefault(Path(unknown.record.file).stem + _FITTED, []).append(k)
    return parts


def _uses(
    parts: dict[str, list[int]], unknowns: Sequence[Unknown], cell: Cell
) -> list[str]:
    return [
        part
        for part, places in parts.items()
        if any(unknowns[k].acts_on(cell) for k in places)
    ]


def _cell_file(cell: Cell, parts: dict[str, list[int]]) -> str:
    # records of a cell's own file have the name of the cell already
    stem = f"{cell.name}{_FITTED}"
    return f"{stem}_cell.toml" if stem in parts else f"{stem}.toml"


def _check_base(cell: Cell, folder: Path) -> None:
    shipped = assets.pick(cell.name, assets.listing("parameters", "cells"))
    is_known = shipped is not None and shipped.samefile(cell.path)
    if not is_known and cell.path.parent.resolve() != folder.resolve():
        raise TwinError(
            f"cell {cell.name} lies in {cell.path.parent}, and a cell based on it has to "
            "lie beside it: write the fit there",
            where=str(folder),
        )


def _write(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def _text(given: str) -> str:
    """A string of TOML; JSON's escapes are TOML's too."""
    return json.dumps(given, ensure_ascii=False)


def _records(result: FitResult, part: str, places: Sequence[int], name: str) -> str:
    lines = [f"title = {_text(f'{part}: values of {name}{SUFFIX}')}"]
    for k in places:
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


def _cell(cell: Cell, uses: Sequence[str], name: str) -> str:
    listed = ", ".join(_text(one) for one in uses)
    return (
        f"title = {_text(f'{cell.title} with values of {name}{SUFFIX}')}\n"
        f"base = {_text(cell.name)}\n"
        f"uses = [{listed}]\n"
    )


def _report(result: FitResult) -> str:
    content = {
        "written_by": f"solid-state-twin {version('solid-state-twin')}",
        **result.as_dict(),
    }
    return json.dumps(content, indent=2) + "\n"
