"""The command twin validate."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from twin.cli_tools import ROW_FAILED, counted_bar
from twin.errors import TwinError


def validate(
    cases: Annotated[
        list[str] | None,
        typer.Argument(help="Papers, or folders with a case; all if none is given."),
    ] = None,
    test: Annotated[
        str | None,
        typer.Option(help='Only rows of this kind of test, as "CCD" in the tables.'),
    ] = None,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", help="JSON file of all rows; '-' prints it instead."),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(help="Report with figures, one HTML file that needs nothing else."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Figure of all rows (png, pdf or svg).")
    ] = None,
) -> None:
    """Compare the model with what papers reported, or with your own data.

    Exit code 0 if every row is within its tolerance, those aside that contradict
    another report (marked so, with the reason in the case), else 1.

    \b
    Example:
      twin validate mann2025 --test "full stripping" --html report.html
    """
    from twin import assets

    to_screen = json_file is not None and str(json_file) == "-"
    if json_file is not None and not to_screen:
        assets.check_target(json_file)
    if html is not None:
        if html.suffix.lower() not in (".html", ".htm"):
            raise TwinError("end the name of the report with .html", where=str(html))
        assets.check_target(html)
    if plot is not None:
        from twin import plots

        plots.check_figure(plot)

    from twin import report
    from twin.studies.case_sets import cells_of, load_cases
    from twin.studies.fitted_rows import fitted_elsewhere
    from twin.studies.validate import validate as compare

    loaded = load_cases(cases or (), test)
    omitted = [one for case in loaded for one in case.omitted]
    with counted_bar("validating") as advance:
        rows = compare(
            cases or (), progress=advance, test=test, workers=os.cpu_count() or 1
        )
    if to_screen:
        typer.echo(report.validation_json(rows), nl=False)
    else:
        screen = report.console()
        screen.print(report.validation_table(rows))
        for line in report.failures(rows):
            screen.print(line, style="bold", soft_wrap=True)
        for line in (*report.repairs(rows), *report.fitted_by_others(rows)):
            screen.print(line, soft_wrap=True)
        for case in loaded:
            for line in report.fitted_to_unknown(fitted_elsewhere(case)):
                screen.print(line, style="bold", soft_wrap=True)
        for line in report.not_compared(omitted):
            screen.print(line, style="dim", soft_wrap=True)
        screen.print(report.validation_summary(rows, omitted), soft_wrap=True)
    if json_file is not None and not to_screen:
        report.write_text(report.validation_json(rows), json_file)
    if html is not None:
        from twin.report_html import validation_html

        report.write_text(validation_html(rows, loaded, cells_of), html)
    if plot is not None:
        plots.plot_validation(rows, plot)
    if any(row.failed for row in rows):
        raise typer.Exit(ROW_FAILED)
