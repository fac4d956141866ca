"""The command twin eis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli_tools import progress_bar, sort_settings
from twin.errors import TwinError

if TYPE_CHECKING:
    from twin.parts.spectra import Spectrum


def eis(
    cell: Annotated[str, typer.Argument(help="Name of a cell, or a cell file.")],
    state: Annotated[
        str | None,
        typer.Option(
            help="Experiment before the spectrum, or the .nc file of a result (it is run "
            "again); the fresh cell if not given."
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="MOMENT",
            help="Moment of the experiment: 'cycle 3', 'cycle 3, step 2' or '5 h'.",
        ),
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(
            metavar="INTERVAL",
            help="Spectra along the experiment, as '30 min' or '0.1 mA.h.cm-2'.",
        ),
    ] = None,
    soc: Annotated[
        float | None,
        typer.Option(help="State of charge of a full cell, 0 to 1, by a charge at C/10."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar='"NAME=VALUE unit"',
            help="Parameter of the cell or argument of the experiment; repeatable.",
        ),
    ] = None,
    frequencies: Annotated[
        str | None,
        typer.Option(
            metavar="LOW:HIGH:PER-DECADE",
            help="Frequencies, in Hz or with units; '1 mHz:1 GHz:10' if not given.",
        ),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(help="Measured spectrum; its frequencies are used."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="JSON file of spectra and analysis.")
    ] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="CSV file of the spectra.")
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(
            help="Nyquist plot (png, pdf or svg); Bode plot and relaxation times beside it."
        ),
    ] = None,
) -> None:
    """Impedance spectra of a cell, fresh or in the state that an experiment leaves.

    Prints the resistances that the spectrum holds, what diffuses, and whether it is that
    of a steady, linear, causal cell.

    \b
    Example:
      twin eis zhu2025_llto60 --state full_stripping --every "30 min" --plot eis.png
    """
    from twin import assets
    from twin.parts.parameters import load_cell
    from twin.parts.sweeps import DEFAULT_SWEEP, sweep
    from twin.run.recorded import state_requested

    loaded, protocol = state_requested(load_cell(cell), state)
    values, arguments = sort_settings(
        settings or [],
        protocol.argument_name if protocol else lambda name: None,
        list(protocol.arguments) if protocol else [],
    )
    measured = _measured(compare, every, frequencies, loaded.values)
    asked = sweep(frequencies or DEFAULT_SWEEP, where="--frequencies")
    for file in (json_file, csv_file):
        if file is not None:
            assets.check_target(file)
    if plot is not None:
        from twin import plots

        plots.check_figure(plot)

    from twin import report, report_eis
    from twin.studies.eis import eis as find

    with progress_bar(f"{loaded.name}: impedance") as advance:
        result = find(
            loaded.with_values(values, origin="--set"),
            protocol,
            arguments=arguments,
            at=at,
            every=every,
            state_of_charge=soc,
            sweep=asked if measured is None else measured.frequency,
            progress=advance,
        )
    screen = report.console()
    screen.print(report_eis.eis_sentence(result), style="bold", soft_wrap=True)
    if len(result.spectra) > 1:
        screen.print(report_eis.series_table(result))
    screen.print(report_eis.analysis_table(result.last))
    if measured is not None:
        screen.print(report_eis.comparison_table(result.last, measured))
    for note in report_eis.all_notes(result):
        screen.print(f"note: {note}", style="bold", soft_wrap=True)
    by_name = {name: record.status for name, record in loaded.records.items()}
    rests_on = report.provenance_line(by_name, '"rests_on" of --json')
    screen.print(rests_on, style="dim", soft_wrap=True)
    if json_file is not None:
        report.write_text(result.to_json(), json_file)
        screen.print(f"result written to {json_file}")
    if csv_file is not None:
        report.write_text(result.to_csv(), csv_file)
        screen.print(f"spectra written to {csv_file}")
    if plot is not None:
        from twin.plots_eis import plot_eis

        for figure in plot_eis(result, plot, measured):
            screen.print(f"figure written to {figure}")


def _measured(
    compare: Path | None,
    every: str | None,
    frequencies: str | None,
    values: dict[str, float],
) -> Spectrum | None:
    """The measured spectrum per area of the cell."""
    if compare is None:
        return None
    if every is not None:
        raise TwinError(
            "one measured spectrum compares with one state; leave --every out.",
            where="--compare",
        )
    if frequencies is not None:
        raise TwinError(
            "the measured frequencies are used; leave --frequencies out.",
            where="--compare",
        )
    from twin import names
    from twin.parts.spectra import ABSOLUTE
    from twin.parts.spectrum_files import read_spectrum
    from twin.studies.kramers_kronig import FEWEST_POINTS, causal

    spectrum = read_spectrum(compare)
    if spectrum.frequency.size >= FEWEST_POINTS:
        causal(spectrum)
    if spectrum.unit == ABSOLUTE:
        return spectrum.per_area(values[names.ELECTRODE_AREA])
    return spectrum
