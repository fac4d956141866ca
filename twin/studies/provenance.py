"""What a cell's results rest on."""

from __future__ import annotations

from twin.parts.cell import Cell


def rests_on(cell: Cell) -> tuple[str, ...]:
    """Names of a cell's assumed and fitted parameters, in alphabetical order."""
    uncertain = ("assumed", "fitted")
    return tuple(
        sorted(n for n, record in cell.records.items() if record.status in uncertain)
    )
