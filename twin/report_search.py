"""What the command line prints about searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table

from twin import units
from twin.report_sensitivity import in_shown_unit, shown_unit

if TYPE_CHECKING:
    from twin.studies.search import SearchResult


def sentence(result: SearchResult) -> str:
    """The answer in one sentence."""
    runs = result.designs.sizes["design"]
    by = f"{runs} designs run, {result.method}"
    if not result.feasible:
        return f"no design keeps all limits ({by}); the nearest one:"
    value = in_shown_unit(result.goal, result.values[result.goal])
    best = "largest" if result.largest else "smallest"
    return f"{best} {result.goal} {value:.4g}{shown_unit(result.goal)} ({by}):"


def design_table(result: SearchResult) -> Table:
    """Each parameter of the design, its range, and its value in the cell as it is."""
    table = Table("parameter", "found", "range", "before", "status", box=None)
    for factor in result.factors:
        found = result.design[factor.name]
        table.add_row(
            factor.name.partition(" [")[0],
            f"{found:.4g} {units.unit_of(factor.name) or ''}".strip(),
            f"{factor.low:.4g} to {factor.high:.4g}",
            f"{factor.value:.4g}",
            factor.status,
        )
    table.pad_edge = False
    return table


def values_table(result: SearchResult) -> Table:
    """Each output of the design, its limit, and its value in the cell as it is."""
    table = Table("output", "found", "limit", "before", box=None)
    for name, value in result.values.items():
        limits = [
            f"{one.relation} {in_shown_unit(name, one.limit):.4g}"
            for one in result.constraints
            if one.output == name
        ]
        before = result.before[name]
        was = f"{in_shown_unit(name, before):.4g}" if np.isfinite(before) else "fails"
        table.add_row(
            name,
            f"{in_shown_unit(name, value):.4g}{shown_unit(name)}",
            ", ".join(limits),
            was,
        )
    table.pad_edge = False
    return table
