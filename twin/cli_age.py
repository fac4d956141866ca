"""The command twin age."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli_tools import progress_bar, sort_settings
from twin.errors import TwinError

if TYPE_CHECKING:
    import xarray as xr


def age(
    cell: Annotated[str, typer.Argument(help="Name of a cell, or a cell file.")],
    experiment: Annotated[
        str, typer.Argument(help="Name of an experiment to repeat, or its file.")
    ],
    cycles: Annotated[int, typer.Option(help="Number of cycles.")],
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar='"NAME=VALUE unit"',
            help="Parameter of the cell or argument of the experiment; repeatable.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="NetCDF file of the fade curve.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--journal",
            help="Folder in which the run is kept as it goes; the same command goes on "
            "from there after any end.",
        ),
    ] = None,
    until: Annotated[
        float, typer.Option(help="End at this percentage of the first discharge.")
    ] = 0.0,
    every_cycle: Annotated[
        bool, typer.Option("--every-cycle", help="Resolve every cycle; jump over none.")
    ] = False,
    tolerance: Annotated[
        float,
        typer.Option(help="Percentage points of capacity that jumps are chosen for."),
    ] = 0.01,
    keep: Annotated[
        str | None,
        typer.Option(
            metavar="N,N,...",
            help="Cycles kept over time, each in a file beside the output.",
        ),
    ] = None,
    check: Annotated[
        str | None,
        typer.Option(
            metavar="WHAT",
            help="Check-up on the way: 'eis', or an experiment whose discharge capacities "
            "are kept; the cell is aged on from before it.",
        ),
    ] = None,
    check_every: Annotated[
        int, typer.Option(metavar="N", help="Cycles between check-ups.")
    ] = 100,
    split: Annotated[
        bool,
        typer.Option("--split", help="Split the loss by mechanism; one run more for each."),
    ] = False,
    no_estimate: Annotated[
        bool, typer.Option("--no-estimate", help="Leave out the run that tells the error.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Figure of the fade curve (png, pdf or svg).")
    ] = None,
) -> None:
    """Age a cell over many cycles: most are jumped over, and the error is told.

    \b
    Example:
      twin age peng2025_lfp_10kco rate_test --cycles 100 --plot fade.png
    """
    from twin import assets
    from twin.parts.parameters import load_cell
    from twin.parts.protocols import load_experiment

    loaded, protocol = load_cell(cell), load_experiment(experiment)
    values, arguments = sort_settings(
        settings or [], protocol.argument_name, list(protocol.arguments)
    )
    kept = _numbers(keep)
    if until and not 1 <= until < 100:
        raise TwinError(
            f"{until:g} is not a percentage of the first discharge from 1 up to 100; 80 is "
            "80 %.",
            where="--until",
        )
    if kept and output is None:
        raise TwinError("goes with -o: the files stand beside the output.", where="--keep")
    if output is not None:
        assets.check_target(output)
    if plot is not None:
        from twin import plots

        plots.check_figure(plot)

    from twin import report, report_age
    from twin.run import results
    from twin.studies.ageing import CheckUp
    from twin.studies.ageing import age as run

    def write(number: int, cycle: xr.Dataset) -> None:
        assert output is not None
        results.save(cycle, output.with_name(f"{output.stem}_cycle_{number}.nc"))

    on_disk = "nothing is kept without --journal"
    if folder is not None:
        on_disk = f"the same command goes on from the journal in {folder}"
    with progress_bar(f"{loaded.name}: ageing", on_disk) as advance:
        aged = run(
            loaded.with_values(values, origin="--set"),
            protocol,
            cycles,
            arguments=arguments,
            tolerance=tolerance / 100,
            every_cycle=every_cycle,
            floor=until / 100,
            keep=kept,
            check=None if check is None else CheckUp(check_every, _what(check)),
            split=split,
            estimate=not no_estimate,
            folder=folder,
            progress=advance,
            at_detail=write,
        )
    if output is not None:  # first of all: a closed pipe ends what is printed
        results.save(aged, output)
    screen = report.console()
    screen.print(report_age.ageing_sentence(aged), style="bold", soft_wrap=True)
    screen.print(report_age.fade_table(aged))
    for part in report_age.further_tables(aged):
        screen.print(part)
    for note in report_age.ageing_notes(aged):
        screen.print(f"note: {note}", style="bold", soft_wrap=True)
    by_name = {name: record.status for name, record in loaded.records.items()}
    screen.print(report.provenance_line(by_name, "'parameters' of -o"), style="dim")
    if output is not None:
        screen.print(f"fade curve written to {output}")
    if plot is not None:
        from twin.plots_age import plot_ageing

        plot_ageing(aged, plot)
        screen.print(f"figure written to {plot}")


def _what(check: str) -> str:
    """The name of a check-up, in whatever case a spectrum is asked for."""
    from twin.studies.ageing import EIS

    return EIS if check.lower() == EIS else check


def _numbers(text: str | None) -> list[int]:
    """Numbers of cycles, separated by commas."""
    if text is None:
        return []
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise TwinError(
            f"'{text}' are not numbers of cycles; give them as 1,100,1000.", where="--keep"
        ) from None
