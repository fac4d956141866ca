"""The command line, one command a function: twin --help lists them.

PyBaMM and the plotting library are loaded inside the commands that need them, so that
help and listings answer at once.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from twin.cli_age import age
from twin.cli_ccd import ccd
from twin.cli_eis import eis
from twin.cli_fit import fit
from twin.cli_new import new
from twin.cli_predict import predict
from twin.cli_search import search
from twin.cli_sensitivity import sensitivity
from twin.cli_tools import ROW_FAILED, check_written, one_voice, progress_bar, sort_settings
from twin.cli_validate import validate
from twin.errors import SolveError, TwinError

app = typer.Typer(
    help="Physics model of solid-state lithium-metal cells.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

WRONG_REQUEST = 2


@app.command()
def cells() -> None:
    """List the cells there are.

    \b
    Example:
      twin cells
    """
    from twin import report
    from twin.parts.parameters import list_cells

    report.console().print(report.cells_table(list_cells()))


@app.command()
def experiments() -> None:
    """List the experiments there are, with their arguments.

    \b
    Example:
      twin experiments
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

    \b
    Example:
      twin run mann2025_lina full_stripping --set "current_density=1 mA.cm-2"
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
app.command()(validate)
app.command()(fit)
app.command()(sensitivity)
app.command()(search)
app.command()(predict)
app.command()(new)


def main() -> None:
    """Run the command line; a wrong request ends with one message and exit code 2."""
    warnings.formatwarning = _in_words
    try:
        check_written(sys.argv[1:])
        app()
    except SolveError as error:
        sys.stderr.write(f"twin: {one_voice(str(error))}\n")
        sys.exit(ROW_FAILED)
    except TwinError as error:
        sys.stderr.write(f"twin: {one_voice(str(error))}\n")
        sys.exit(WRONG_REQUEST)


def _in_words(message: Warning | str, *_: object, **__: object) -> str:
    """A warning as this program says things: without a file and a line of code."""
    return f"twin: {one_voice(str(message))}\n"
