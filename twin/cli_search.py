"""The command twin search."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli_tools import progress_bar, sort_settings
from twin.errors import TwinError

#: Exit code where no design keeps the constraints.
_NONE_FOUND = 1


def search(
    cell: Annotated[str, typer.Argument(help="Name of a cell, or a cell file.")],
    experiment: Annotated[
        str, typer.Argument(help="Name of an experiment, or an experiment file.")
    ],
    vary: Annotated[
        list[str],
        typer.Option(
            metavar='"NAME=low:high unit"', help="Parameter to vary; repeatable."
        ),
    ],
    maximise: Annotated[
        str | None, typer.Option(metavar="OUTPUT", help="What to make large.")
    ] = None,
    minimise: Annotated[
        str | None, typer.Option(metavar="OUTPUT", help="What to make small.")
    ] = None,
    subject: Annotated[
        list[str] | None,
        typer.Option(
            metavar='"OUTPUT >= value unit"', help="Limit to keep; repeatable."
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar='"NAME=VALUE unit"',
            help="Parameter of the cell, argument of the experiment, or of the staircase "
            "of a full cell's critical current density (start, step, end, "
            "half_cycle_capacity); repeatable.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the designs that are tried.")] = 1,
    evaluations: Annotated[
        int, typer.Option(help="Runs at the most, where there are no gradients.")
    ] = 2000,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="JSON file of the result.")
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(help="Figure of the designs and their front (png, pdf or svg)."),
    ] = None,
) -> None:
    """Find the best design under constraints.

    \b
    Example:
      twin search mann2025_li full_stripping --maximise "stripped capacity" \\
          --subject "initial polarisation <= 3 mV" --vary "pressure=0.1:1 MPa" \\
          --vary "Separator thickness=0.2:1 mm"
    """
    from twin import assets
    from twin.parts.parameters import load_cell
    from twin.parts.protocols import load_experiment
    from twin.studies.joint import ARGUMENTS

    if (maximise is None) == (minimise is None):
        raise TwinError("give one of them", where="--maximise, --minimise")
    loaded = load_cell(cell)
    protocol = load_experiment(experiment)

    def argument_name(name: str) -> str | None:
        key = name.strip().lower().replace(" ", "_")
        return protocol.argument_name(name) or (key if key in ARGUMENTS else None)

    values, arguments = sort_settings(
        settings or [], argument_name, [*protocol.arguments, *ARGUMENTS]
    )
    if json_file is not None:
        assets.check_target(json_file)
    if plot is not None:
        from twin import plots

        plots.check_figure(plot)

    from twin import report, report_search
    from twin.studies.search import search as find

    with progress_bar(f"{loaded.name}: {protocol.name}") as advance:
        result = find(
            loaded,
            protocol,
            values,
            arguments,
            goal=maximise or minimise or "",
            largest=maximise is not None,
            subject=subject or (),
            vary=vary,
            seed=seed,
            evaluations=evaluations,
            progress=advance,
        )
    screen = report.console()
    screen.print(report_search.sentence(result), style="bold", soft_wrap=True)
    screen.print(report_search.design_table(result))
    screen.print(report_search.values_table(result))
    for note in result.notes:
        screen.print(f"note: {note}", style="bold", soft_wrap=True)
    by_name = {name: record.status for name, record in loaded.records.items()}
    rests_on = report.provenance_line(by_name, '"rests_on" of --json')
    screen.print(rests_on, style="dim", soft_wrap=True)
    if json_file is not None:
        report.write_text(result.to_json(), json_file)
        screen.print(f"result written to {json_file}")
    if plot is not None:
        from twin import plots_search

        plots_search.plot_search(result, plot)
        screen.print(f"figure written to {plot}")
    if not result.feasible:
        raise typer.Exit(_NONE_FOUND)
