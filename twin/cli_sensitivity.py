"""The command twin sensitivity."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli_tools import progress_bar, sort_settings


def sensitivity(
    cell: Annotated[str, typer.Argument(help="Name of a cell, or a cell file.")],
    experiment: Annotated[
        str, typer.Argument(help="Name of an experiment, or an experiment file.")
    ],
    method: Annotated[
        str,
        typer.Option(help="sobol (shares of variance), morris (effects) or local."),
    ] = "sobol",
    outputs: Annotated[
        list[str] | None,
        typer.Option("--output", metavar="OUTPUT", help="What to look at; repeatable."),
    ] = None,
    ranges: Annotated[
        list[str] | None,
        typer.Option(
            "--range",
            metavar='"NAME=low:high unit"',
            help="Parameter to vary; all assumed and fitted ones if none is given.",
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar='"NAME=VALUE unit"',
            help="Parameter of the cell or argument of the experiment; repeatable.",
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            help="Base points of Sobol, a power of two (64), or trajectories of Morris "
            "(16); each costs a run for every parameter and one or two more."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the designs and the bootstrap.")] = 1,
    workers: Annotated[
        int | None, typer.Option(help="Processes; as many as there are cores.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Of a Dask scheduler (tcp://host:8786), or 'local'."
        ),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(help="Zarr folder of the results, where the study can go on."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="JSON file of the result.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Figure of the indices (png, pdf or svg).")
    ] = None,
) -> None:
    """Say which parameters an output of an experiment depends on.

    \b
    Example:
      twin sensitivity mann2025_li full_stripping --method local
    """
    from twin import assets
    from twin.parts.parameters import load_cell
    from twin.parts.protocols import load_experiment

    loaded = load_cell(cell)
    protocol = load_experiment(experiment)
    values, arguments = sort_settings(
        settings or [], protocol.argument_name, list(protocol.arguments)
    )
    if json_file is not None:
        assets.check_target(json_file)
    if plot is not None:
        from twin import plots

        plots.check_figure(plot)

    from twin import report, report_sensitivity
    from twin.studies.sensitivity import sensitivity as study

    with progress_bar(f"{loaded.name}: {protocol.name}") as advance:
        result = study(
            loaded,
            protocol,
            values,
            arguments,
            method=method,
            outputs=outputs or (),
            ranges=ranges or (),
            size=samples,
            seed=seed,
            workers=workers,
            scheduler=scheduler,
            store=store,
            progress=advance,
        )
    screen = report.console()
    for name in result.outputs:
        words = report_sensitivity.sentence(result, name)
        screen.print(words, style="bold", soft_wrap=True)
        screen.print(report_sensitivity.indices_table(result, name))
    for note in report_sensitivity.remarks(result):
        screen.print(f"note: {note}", style="bold", soft_wrap=True)
    by_name = {name: record.status for name, record in loaded.records.items()}
    rests_on = report.provenance_line(by_name, '"rests_on" of --json')
    screen.print(rests_on, style="dim", soft_wrap=True)
    if store is not None:
        screen.print(f"samples kept in {store}")
    if json_file is not None:
        report.write_text(result.to_json(), json_file)
        screen.print(f"result written to {json_file}")
    if plot is not None:
        from twin import plots_sensitivity

        plots_sensitivity.plot_sensitivity(result, plot)
        screen.print(f"figure written to {plot}")
