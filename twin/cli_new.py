"""The command twin new."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.errors import TwinError


def new(
    file: Annotated[Path, typer.Argument(help="Cell file to write, FILE.toml.")],
    base: Annotated[
        str | None,
        typer.Option("--from", metavar="CELL", help="Cell that the design starts from."),
    ] = None,
) -> None:
    """Write a commented cell file to start a design from; nothing is overwritten.

    \b
    Example:
      twin new design.toml --from yang2024_sc_5mAh
    """
    from twin import assets, report
    from twin.parts.parameters import load_cell
    from twin.parts.template import template

    if file.suffix != ".toml":
        raise TwinError("cell files end with .toml", where=str(file))
    assets.check_target(file)
    if file.exists():
        raise TwinError("is there already; choose another name", where=str(file))
    report.write_text(template(base), file)
    following = f"twin predict {file}"
    if load_cell(file).model == "SymmetricCell":
        following = f"twin ccd {file}, or twin run {file} full_stripping"
    report.console().print(f"design written to {file}; next: {following}", soft_wrap=True)
