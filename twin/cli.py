"""The command line, one command a function: twin --help lists them.

PyBaMM and the plotting library are loaded inside the commands that need them, so that
help and listings answer at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from twin.cli_age import age
from twin.cli_ccd import ccd
from twin.cli_eis import eis
from twin.cli_new import new
from twin.cli_predict import predict
from twin.cli_search import search
from twin.cli_sensitivity import sensitivity
from twin.cli_tools import progress_bar, sort_settings
from twin.errors import SolveError, TwinError

app = typer.Typer(
    help="Physics model of solid-state lithium-metal cells.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ROW_FAILED = 1
WRONG_REQUEST = 2


@app.command()
def cells() -> None:
    """List the cells there are.

    Example: twin cells
    """
    from twin import report
    from twin.parts.parameters import list_cells

    report.console().print(report.cells_table(list_cells()))


@app.command()
def experiments() -> None:
    """List the experiments there are, with their arguments.

    Example: twin experiments
    """
    from twin import report
    from twin.parts.protocols import list_experiments

    report.console().print(report.experiments_table(list_experiments()))


@app.command()
def run(
    cell: Annotated[str, typer.Argument(help="Name of a cell, or a cell file.")],
    experiment: Annotated[
        str, typer.Argument(help="Name of an experiment, or an experiment file.")
    ],
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar='"NAME=VALUE unit"',
            help="Parameter of the cell or argument of the experiment; repeatable.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="NetCDF file of the result.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Figure of the run (png, pdf or svg).")
    ] = None,
) -> None:
    """Run a cell through an experiment.

    Example: twin run mann2025_lina full_stripping --set "current_density=1 mA.cm-2"
    """
    from twin import assets
    from twin.parts.parameters import load_cell
    from twin.parts.protocols import load_experiment

    loaded = load_cell(cell)
    protocol = load_experiment(experiment)
    values, arguments = sort_settings(
        settings or [], protocol.argument_name, list(protocol.arguments)
    )
    protocol = protocol.with_arguments(arguments)
    loaded = loaded.with_values(values, origin="settings of this run")
    if output is not None:
        if output.suffix.lower() != ".nc":
            raise TwinError(
                "results are written as NetCDF; end the name with .nc", where=str(output)
            )
        assets.check_target(output)
    if plot is not None:
        from twin import plots

        plots.check_figure(plot)

    from twin import report
    from twin.run.results import NOTES, save
    from twin.run.simulate import simulate

    with progress_bar(f"{loaded.name}: {protocol.name}") as advance:
        result = simulate(loaded, protocol, progress=advance)
    screen = report.console()
    screen.print(report.run_table(result))
    per_cycle = report.cycles_table(result)
    if per_cycle is not None:
        screen.print(per_cycle)
    if result.attrs[NOTES]:
        screen.print(f"note: {result.attrs[NOTES]}", style="bold", soft_wrap=True)
    rests_on = report.provenance_line(
        report.statuses(result), 'the attribute "parameters" of the result saved with -o'
    )
    screen.print(rests_on, style="dim", soft_wrap=True)
    if output is not None:
        save(result, output)
        screen.print(f"result written to {output}")
    if plot is not None:
        plots.plot_run(result, plot)
        screen.print(f"figure written to {plot}")
        from twin import plots_interlayer

        if plots_interlayer.has_interlayer(result):
            beside = plots_interlayer.interlayer_path(plot)
            plots_interlayer.plot_interlayer(result, beside)
            screen.print(f"figure of the interlayer written to {beside}")


app.command()(ccd)
app.command()(eis)
app.command()(age)
app.command()(sensitivity)
app.command()(search)
app.command()(predict)
app.command()(new)


@app.command()
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
    plot: Annotated[
        Path | None, typer.Option(help="Figure of all rows (png, pdf or svg).")
    ] = None,
) -> None:
    """Compare the model with what papers reported.

    Exit code 0 if every row is within its tolerance, those aside that contradict
    another report (marked so, with the reason in the case), else 1.

    Example: twin validate mann2025
    """
    from twin import assets

    to_screen = json_file is not None and str(json_file) == "-"
    if json_file is not None and not to_screen:
        assets.check_target(json_file)
    if plot is not None:
        from twin import plots

        plots.check_figure(plot)

    from twin import report
    from twin.studies.validate import validate as compare

    with progress_bar("validating") as advance:
        rows = compare(
            cases or (),
            progress=lambda done, total, _: advance(done / total),
            test=test,
            workers=os.cpu_count() or 1,
        )
    if json_file is not None and to_screen:
        typer.echo(report.validation_json(rows), nl=False)
    else:
        screen = report.console()
        screen.print(report.validation_table(rows))
        screen.print(report.validation_summary(rows))
    if json_file is not None and not to_screen:
        report.write_text(report.validation_json(rows), json_file)
    if plot is not None:
        plots.plot_validation(rows, plot)
    if any(row.failed for row in rows):
        raise typer.Exit(ROW_FAILED)


def main() -> None:
    """Run the command line; a wrong request ends with one message and exit code 2."""
    try:
        app()
    except SolveError as error:
        sys.stderr.write(f"twin: {error}\n")
        sys.exit(ROW_FAILED)
    except TwinError as error:
        sys.stderr.write(f"twin: {error}\n")
        sys.exit(WRONG_REQUEST)
