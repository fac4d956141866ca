"""The command twin fit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from twin.cli_tools import progress_bar
from twin.errors import TwinError


def fit(
    cases: Annotated[
        list[str] | None, typer.Argument(help="Papers, or folders with a case.")
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            "-p",
            "--parameter",
            metavar='"NAME [@ FILE]"',
            help="Parameter to fit; repeatable.",
        ),
    ] = None,
    rows: Annotated[
        list[str] | None,
        typer.Option(
            "--row",
            metavar="ID",
            help="Row to fit to; repeatable; all that are not contradicted if none.",
        ),
    ] = None,
    bounds: Annotated[
        list[str] | None,
        typer.Option(
            metavar='"NAME=low:high unit"',
            help="Bounds in place of the range of the record; repeatable.",
        ),
    ] = None,
    prior: Annotated[
        bool, typer.Option("--prior", help="Count the bounds as a prior.")
    ] = False,
    profiles: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            metavar="NAME",
            help="Profile likelihood of a fitted parameter; repeatable.",
        ),
    ] = None,
    ensemble: Annotated[
        int,
        typer.Option(min=0, max=100_000, help="Sets of possible values in --json."),
    ] = 0,
    leave_one_out: Annotated[
        bool,
        typer.Option(
            "--leave-one-out",
            help="Predict each row with the records' fitted parameters fitted without it.",
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="Folder for records, cells and report of the fit."
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="Name of the fit in these files.")] = "result",
    force: Annotated[
        bool, typer.Option("--force", help="Replace files that exist.")
    ] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="JSON file of the result.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(help="Markdown file of --leave-one-out.")
    ] = None,
) -> None:
    """Fit parameters of cells to rows of cases.

    \b
    Example:
      twin fit mann2025 -p "Lithium self-diffusivity at 25 C" \\
          -p "Lithium thickness" --row mann-strip-60-0.2 \\
          --row mann-strip-60-1.0 -o myfit
    """
    from twin import assets

    if not cases:
        raise TwinError("name a paper or a folder with a case to fit to")
    if json_file is not None:
        assets.check_target(json_file)
    if leave_one_out:
        given = (parameters, rows, bounds, profiles, output, prior, ensemble)
        if any(given):
            raise TwinError(
                "fits the parameters that the records call fitted, to the rows they name; "
                "it goes with --json and --markdown only",
                where="--leave-one-out",
            )
        _leave_one_out(cases, json_file, markdown)
        return
    if ensemble and json_file is None:
        raise TwinError("goes into the file of --json; name one", where="--ensemble")
    if markdown is not None:
        raise TwinError("goes with --leave-one-out", where="--markdown")
    _fit(
        cases,
        parameters or [],
        rows or [],
        bounds or [],
        prior,
        profiles or [],
        ensemble,
        output,
        name,
        force,
        json_file,
    )


def _leave_one_out(
    cases: list[str], json_file: Path | None, markdown: Path | None
) -> None:
    from twin import assets

    if markdown is not None:
        assets.check_target(markdown)
    from twin import report, report_fit
    from twin.studies.cross_validation import leave_one_out

    with progress_bar("leaving one out") as advance:
        found = leave_one_out(
            cases,
            progress=lambda done, total, _: advance(done / total),
            workers=os.cpu_count() or 1,
        )
    screen = report.console()
    screen.print(report_fit.left_out_table(found))
    screen.print(report_fit.summary_table(found))
    if json_file is not None:
        report.write_text(report_fit.left_out_json(found), json_file)
        screen.print(f"rows written to {json_file}")
    if markdown is not None:
        report.write_text(report_fit.left_out_markdown(found), markdown)
        screen.print(f"tables written to {markdown}")


def _fit(
    cases: list[str],
    parameters: list[str],
    rows: list[str],
    bounds: list[str],
    prior: bool,
    profiles: list[str],
    ensemble: int,
    output: Path | None,
    name: str,
    force: bool,
    json_file: Path | None,
) -> None:
    import numpy as np

    from twin import report, report_fit
    from twin.studies.fit import problem_of, profile
    from twin.studies.fit_files import check_output, write_fit
    from twin.studies.fit_result import result_of
    from twin.studies.fit_unknowns import parse_bounds

    limits = dict(parse_bounds(text) for text in bounds)
    problem = problem_of(cases, parameters, rows=rows, bounds=limits, prior=prior)
    if output is not None:
        cells = [datum.cell for datum in problem.data]
        check_output(problem.unknowns, cells, output, name, force=force)
    start = np.array([unknown.to_scale(unknown.start) for unknown in problem.unknowns])
    with progress_bar("fitting") as advance:
        # nobody knows how many evaluations it takes
        minimum = problem.minimum(
            start, progress=lambda count, _: advance(count / (count + 5))
        )
        result = result_of(problem, *minimum)
        profiled = [profile(problem, result, one) for one in profiles]
    screen = report.console()
    screen.print(report_fit.parameters_table(result))
    screen.print(report_fit.data_table(result))
    matrix = report_fit.correlation_table(result)
    if matrix is not None:
        screen.print(matrix)
    for one in profiled:
        screen.print(report_fit.profile_table(one))
    screen.print(report_fit.fit_sentence(result), soft_wrap=True)
    for note in result.notes:
        screen.print(f"note: {note}", style="bold", soft_wrap=True)
    if json_file is not None:
        report.write_text(report_fit.fit_json(result, profiled, ensemble), json_file)
        screen.print(f"result written to {json_file}")
    if output is not None:
        for path in write_fit(result, output, name, force=force):
            screen.print(f"written: {path}")
