"""What the command line prints and writes about results."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from twin import assets, names
from twin.run.observables import discharge_capacities, loading
from twin.run.results import ENDED_BY, TIME_DIMENSION

if TYPE_CHECKING:
    import xarray as xr

    from twin.parts.parameters import CellSummary
    from twin.parts.protocols import Protocol
    from twin.studies.validate import Comparison


_SIDES: Final[tuple[names.Side, ...]] = ("negative", "positive")


def cells_table(cells: Sequence[CellSummary]) -> Table:
    """One line a cell: name, what it is, model, paper."""
    table = Table("cell", "what it is", "model", "paper", box=None, pad_edge=False)
    for cell in cells:
        table.add_row(cell.name, cell.title, cell.model, cell.paper)
    return table


def experiments_table(experiments: Sequence[Protocol]) -> Table:
    """One line an experiment: name, what it is, arguments with defaults, paper."""
    table = Table(
        "experiment", "what it is", "arguments", "paper", box=None, pad_edge=False
    )
    for experiment in experiments:
        arguments = "\n".join(
            f"{key} = {argument.value:g} {argument.unit or ''}".rstrip()
            for key, argument in experiment.arguments.items()
        )
        table.add_row(experiment.name, experiment.title, arguments, experiment.paper)
    return table


def run_table(result: xr.Dataset) -> Table:
    """How a run ended, in numbers a reader checks first."""

    def last(name: str) -> float:
        return float(result[name].isel({TIME_DIMENSION: -1}))

    table = Table(box=None, show_header=False, pad_edge=False)
    hours = float(result[TIME_DIMENSION][-1]) / 3600
    table.add_row("ended by", str(result.attrs[ENDED_BY]))
    table.add_row("time", f"{hours:.4g} h, {int(result['cycle'][-1])} cycle(s)")
    capacity = last(names.AREAL_CAPACITY) / 36000
    table.add_row("net stripped capacity", f"{capacity:.4g} mAh/cm2")
    if names.CELL_RESISTANCE not in result:
        capacities = discharge_capacities(result)
        latest = capacities[max(capacities)]
        specific = latest / loading(result) / 3600
        table.add_row(
            "last discharge", f"{latest / 36000:.4g} mAh/cm2, {specific:.4g} mAh/g"
        )
    table.add_row("final voltage", f"{last(names.VOLTAGE):.4g} V")
    if names.CELL_RESISTANCE in result:
        resistance = float(result[names.CELL_RESISTANCE][0]) * 1e4
        table.add_row("initial cell resistance", f"{resistance:.4g} Ohm.cm2")
    for name in (names.CONTACT_FRACTION, names.INVENTORY_FRACTION):
        values = ", ".join(
            f"{side} {last(names.variable_of(name, side)):.4g}"
            for side in _SIDES
            if names.variable_of(name, side) in result
        )
        if values:
            table.add_row(f"final {name}", values)
    return table


def provenance_line(result: xr.Dataset) -> str:
    """Which assumed and fitted values a result rests on, in one sentence."""
    records: dict[str, dict[str, Any]] = json.loads(result.attrs["parameters"])
    by_status: dict[str, list[str]] = {"fitted": [], "assumed": []}
    for name, record in records.items():
        if record["status"] in by_status:
            by_status[record["status"]].append(name)
    parts = [
        f"{len(found)} {status} ({'; '.join(found)})"
        for status, found in by_status.items()
        if found
    ]
    return "Rests on " + " and ".join(parts) + "." if parts else ""


def validation_table(rows: Sequence[Comparison]) -> Table:
    """Reported against simulated, one line a row."""
    table = Table(
        "row",
        "quantity",
        "reported",
        "simulated",
        "unit",
        "error",
        "tolerance",
        "status",
        "result",
        box=None,
        pad_edge=False,
    )
    for row in rows:
        bound = "" if row.bound == "=" else f"{row.bound} "
        verdict = Text("within", "green") if row.passed else Text("outside", "bold red")
        table.add_row(
            row.id,
            row.quantity,
            f"{bound}{row.reported:.5g}",
            f"{'' if row.simulated_bound == '=' else '>= '}{row.simulated:.5g}",
            row.unit,
            f"{100 * row.error:+.1f} %",
            _tolerance(row),
            row.status,
            verdict,
        )
    return table


def _tolerance(row: Comparison) -> str:
    if row.tolerance != row.tolerance_below:
        return f"factor {1 + row.tolerance:.3g}"
    return f"{100 * row.tolerance:.3g} %"


def validation_summary(rows: Sequence[Comparison]) -> str:
    """Figures of merit of a validation in one sentence."""
    within = sum(row.passed for row in rows)
    predicted = [row for row in rows if row.status == "predicted"]
    met = sum(row.passed for row in predicted)
    fitted = sum(row.status == "fitted" for row in rows)
    contradicted = sum(row.status == "contradicted" for row in rows)
    return (
        f"{within} of {len(rows)} rows within tolerance; {met} of {len(predicted)} "
        f"predicted rows; {fitted} fitted, {contradicted} contradicted."
    )


def validation_json(rows: Sequence[Comparison]) -> str:
    """The rows as JSON, one object each."""
    return json.dumps([dataclasses.asdict(row) for row in rows], indent=2) + "\n"


def write_text(text: str, path: Path) -> None:
    """Write a text file whole or not at all.

    Raises
    ------
    TwinError
        If it cannot be written.
    """
    assets.write_atomically(path, lambda part: _write(part, text))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def console() -> Console:
    """Where tables are printed; wide when nobody's terminal limits it."""
    # units in square brackets are not rich's markup
    found = Console(highlight=False, markup=False)
    if not found.is_terminal:
        return Console(highlight=False, markup=False, width=160)
    return found
