"""The command twin predict."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli_tools import progress_bar, sort_settings
from twin.errors import TwinError


def predict(
    cell: Annotated[str, typer.Argument(help="Name of a full cell, or a cell file.")],
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar='"NAME=VALUE unit"',
            help="Parameter of the cell, argument of rate_test (upper, lower, charge_rate, "
            "rest), or half_cycle_capacity of the critical current density; repeatable.",
        ),
    ] = None,
    rates: Annotated[
        str,
        typer.Option(
            metavar="R,R,...", help="C-rates of the discharges, from 0.001 to 200."
        ),
    ] = "0.1,0.2,0.5,1,2",
    rate: Annotated[
        float | None,
        typer.Option(
            help="The one that resistances, temperature window and life are for; 0.5, or "
            "the middle one."
        ),
    ] = None,
    ranges: Annotated[
        list[str] | None,
        typer.Option(
            "--range",
            metavar='"NAME=low:high unit"',
            help="Parameter to vary; all assumed and fitted ones if none is given.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PART",
            help="Leave out uncertainty, ccd, life or temperature; repeatable.",
        ),
    ] = None,
    longest_life: Annotated[
        int, typer.Option(help="Cycles after which a life is told as a lower bound.")
    ] = 2000,
    workers: Annotated[
        int | None, typer.Option(help="Processes; as many as there are cores.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="JSON file of the sheet.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--html", help="Page of the sheet, with its figures.")
    ] = None,
) -> None:
    """Predict the performance of a full cell that need not exist, with intervals.

    \b
    Example:
      twin predict thin_llzo_ncm622 --rates 0.5,1 --without life --without ccd \\
          --without temperature --range "Separator thickness=10:50 um" \\
          --html sheet.html
    """
    from twin import assets
    from twin.parts.parameters import load_cell
    from twin.parts.protocols import load_experiment

    loaded = load_cell(cell)
    cycling = load_experiment("rate_test")
    half_cycle = "half_cycle_capacity"

    def argument_name(name: str) -> str | None:
        found = cycling.argument_name(name)
        if found is None and name.strip().replace(" ", "_").lower() == half_cycle:
            return half_cycle
        return found

    values, arguments = sort_settings(
        settings or [], argument_name, [*cycling.arguments, half_cycle]
    )
    for target in (json_file, page):
        if target is not None:
            assets.check_target(target)

    from twin import report, report_predict
    from twin.studies.predict import predict as study

    with progress_bar(f"{loaded.name}: performance") as advance:
        sheet = study(
            loaded,
            values,
            arguments,
            rates=_rates(rates),
            rate=rate,
            ranges=ranges or (),
            without=without or (),
            longest_life=longest_life,
            workers=workers,
            progress=advance,
        )
    screen = report.console()
    screen.print(sheet.title, style="bold")
    if sheet.layers:
        screen.print(report_predict.layers_table(sheet))
    screen.print(report_predict.sheet_table(sheet))
    for words in report_predict.remarks(sheet):
        screen.print(f"note: {words}", soft_wrap=True)
    by_name = {name: record.status for name, record in loaded.records.items()}
    rests_on = report.provenance_line(by_name, '"rests_on" of --json')
    screen.print(rests_on, style="dim", soft_wrap=True)
    if json_file is not None:
        report.write_text(sheet.to_json(), json_file)
        screen.print(f"sheet written to {json_file}")
    if page is not None:
        report.write_text(report_predict.sheet_page(sheet), page)
        screen.print(f"page written to {page}")


def _rates(text: str) -> list[float]:
    """C-rates, separated by commas."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise TwinError(
            f"'{text}' are not C-rates; give them as 0.1,0.5,2", where="--rates"
        ) from None
