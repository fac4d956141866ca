"""The command twin ccd."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli_tools import progress_bar, sort_settings
from twin.errors import TwinError

if TYPE_CHECKING:
    from twin.parts.parameters import Cell
    from twin.parts.protocols import Protocol


def ccd(
    cell: Annotated[str, typer.Argument(help="Name of a cell, or a cell file.")],
    experiment: Annotated[
        str, typer.Option(help="Name of a staircase, or an experiment file.")
    ] = "ccd_constant_charge",
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar='"NAME=VALUE unit"',
            help="Parameter of the cell or argument of the experiment; repeatable.",
        ),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="JSON file of the result.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Figure of the run or the map (png, pdf or svg).")
    ] = None,
    axes: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar='"NAME=low:high:points unit"',
            help="Axis of a map: a parameter or an argument; give two.",
        ),
    ] = None,
    sensitivity: Annotated[
        bool,
        typer.Option(help="Say which parameters the CCD is most sensitive to."),
    ] = True,
) -> None:
    """Find the critical current density of a cell: the first current that fails.

    \b
    Example:
      twin ccd mann2025_li --set "half_cycle_capacity=0.2 mA.h.cm-2" \\
          --no-sensitivity --plot ccd.png
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
    if axes and len(axes) != 2:
        raise TwinError(f"a map has two axes, not {len(axes)}; give two", where="--map")
    if json_file is not None:
        assets.check_target(json_file)
    if plot is not None:
        from twin import plots

        plots.check_figure(plot)
    if axes:
        _map(loaded, protocol, axes, json_file, plot)
    else:
        _one(loaded, protocol, sensitivity, json_file, plot)


def _one(
    cell: Cell,
    protocol: Protocol,
    sensitivity: bool,
    json_file: Path | None,
    plot: Path | None,
) -> None:
    from twin import report, report_ccd
    from twin.studies.ccd import ccd as find

    with progress_bar(f"{cell.name}: {protocol.name}") as advance:
        result = find(cell, protocol, sensitivity=sensitivity, progress=advance)
    screen = report.console()
    screen.print(report_ccd.ccd_sentence(result), style="bold", soft_wrap=True)
    screen.print(report_ccd.ccd_table(result))
    if result.elasticities:
        screen.print(report_ccd.elasticities_table(result))
    for note in result.notes:
        screen.print(f"note: {note}", style="bold", soft_wrap=True)
    by_name = {name: record.status for name, record in cell.records.items()}
    rests_on = report.provenance_line(by_name, '"rests_on" of --json')
    screen.print(rests_on, style="dim", soft_wrap=True)
    if json_file is not None:
        report.write_text(result.to_json(), json_file)
        screen.print(f"result written to {json_file}")
    if plot is not None:
        from twin import plots_ccd

        plots_ccd.plot_ccd(result, plot)
        screen.print(f"figure written to {plot}")


def _map(
    cell: Cell,
    protocol: Protocol,
    axes: list[str],
    json_file: Path | None,
    plot: Path | None,
) -> None:
    from twin import report, report_ccd
    from twin.studies.ccd_map import ccd_map

    with progress_bar(f"{cell.name}: map of {protocol.name}") as advance:
        found = ccd_map(cell, axes[0], axes[1], protocol, progress=advance)
    screen = report.console()
    screen.print(report_ccd.map_sentence(found), soft_wrap=True)
    if json_file is not None:
        report.write_text(report_ccd.map_json(found), json_file)
        screen.print(f"map written to {json_file}")
    if plot is not None:
        from twin import plots_ccd

        plots_ccd.plot_map(found, plot)
        screen.print(f"figure written to {plot}")
