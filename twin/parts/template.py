"""Cell files to start a design from."""

from __future__ import annotations

import json

from twin import assets
from twin.parts.parameters import load_cell

#: The shipped design whose file is the template where no cell is named.
DESIGN = "thin_llzo_ncm622"


def template(base: str | None = None) -> str:
    """Text of a commented cell file.

    Parameters
    ----------
    base : name of a cell that the design starts from; the file then has its uncertain
        parameters as comments, to be changed. Without, a whole design with all its parts

    Raises
    ------
    TwinError
        If there is no such cell.

    Examples
    --------
    >>> print(template("yang2024_sc_5mAh").splitlines()[4])
    base = "yang2024_sc_5mAh"
    """
    if base is None:
        path = assets.listing("parameters", "cells")[DESIGN]
        return path.read_text(encoding="utf-8")
    cell = load_cell(base)
    lines = [
        f"# A design that is {cell.name} but for what stands here. Take the # away from a",
        "# table to change it, with a status and a source of your own; give a range if the",
        "# value is uncertain.",
        f"title = {_quoted(f'Design from {cell.name}')}",
        f"base = {_quoted(cell.name)}",
        "",
        "# Options of the base; a line replaces one.",
        "[options]",
        *(f"# {_quoted(name)} = {_quoted(value)}" for name, value in cell.options.items()),
    ]
    for name, record in cell.records.items():
        lines += ["", f"# [{_quoted(name)}]", f"# value = {record.value!r}"]
        if record.unit is not None:
            lines.append(f"# unit = {_quoted(record.unit)}")
        if record.low is not None and record.high is not None:
            lines.append(f"# range = [{record.low!r}, {record.high!r}]")
        source = record.source.model_dump(exclude_none=True)
        inline = ", ".join(f"{key} = {_quoted(text)}" for key, text in source.items())
        lines += [f"# status = {_quoted(record.status)}", f"# source = {{ {inline} }}"]
        if record.fitted_to:
            rows = ", ".join(_quoted(row) for row in record.fitted_to)
            lines.append(f"# fitted_to = [{rows}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # a basic string of TOML has the escapes of JSON
    return json.dumps(text, ensure_ascii=False)
