"""What the command line prints of a performance sheet, and the page it writes."""

from __future__ import annotations

import base64
import html
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich.table import Table

from twin import units

if TYPE_CHECKING:
    from twin.studies.prediction import Prediction
    from twin.studies.propagation import Figure

#: Heading of each part of the sheet, in the order of the sheet.
_HEADINGS: Final = {
    "rates": "Capacity and energy",
    "stack": "Stack",
    "resistance": "Resistance",
    "ccd": "Critical current density",
    "life": "Life",
    "temperature": "Temperature window",
}

_COLUMNS: Final = ("", "value", "unit", "interval", "dominated by (share of the squares)")


def sheet_table(sheet: Prediction) -> Table:
    """The numbers of a sheet with their intervals and what dominates them."""
    table = Table(*_shown(_COLUMNS, sheet), box=None, pad_edge=False)
    for part, heading in _HEADINGS.items():
        if part not in sheet.figures:
            continue
        table.add_row(f"-- {heading}")
        for one in sheet.figures[part]:
            table.add_row(*_shown(_cells(one), sheet))
            if one.remark:
                table.add_row(f"   {one.remark}")
    return table


def layers_table(sheet: Prediction) -> Table:
    """The layers of the stack, with the sums."""
    table = Table("layer", box=None, pad_edge=False)
    for heading in ("thickness um", "mass mg/cm2"):
        table.add_column(heading, justify="right")
    for row in _layer_rows(sheet):
        table.add_row(*row)
    return table


def remarks(sheet: Prediction) -> Iterator[str]:
    """Conditions, what is left out and why, and notes, one sentence each."""
    for name, words in sheet.conditions.items():
        yield f"{name}: {words}"
    for part, reason in sheet.left_out.items():
        yield f"left out, {_HEADINGS.get(part, part).lower()}: {reason}"
    yield from sheet.notes


def sheet_page(sheet: Prediction) -> str:
    """The sheet as one HTML page that needs nothing else, with its figures."""
    from twin.plots_predict import figures

    parts = [
        f"<h1>{_text(sheet.title)}</h1>",
        f"<p>Performance sheet of {_text(sheet.cell)}: simulated, not measured.</p>",
    ]
    for part, heading in _HEADINGS.items():
        if part not in sheet.figures:
            continue
        parts.append(f"<h2>{heading}</h2>")
        if part == "stack":
            parts.append(
                _table(("layer", "thickness um", "mass mg/cm2"), list(_layer_rows(sheet)))
            )
        numbers = [_shown(_cells(one), sheet) for one in sheet.figures[part]]
        parts.append(_table(_shown(_COLUMNS, sheet), numbers, "numbers"))
        said = [f"{one.name}: {one.remark}" for one in sheet.figures[part] if one.remark]
        parts += [f"<p>{_text(remark)}</p>" for remark in said]
    parts.append("<h2>Figures</h2><div class='figures'>")
    for caption, svg in figures(sheet).items():
        data = base64.b64encode(svg.encode()).decode()
        parts.append(
            f"<figure><img alt='{_text(caption)}' src='data:image/svg+xml;base64,{data}'>"
            f"<figcaption>{_text(caption)}</figcaption></figure>"
        )
    parts.append("</div><h2>Conditions and remarks</h2><ul>")
    parts += [f"<li>{_text(one)}</li>" for one in remarks(sheet)]
    parts.append("</ul>")
    if sheet.varied:
        varied = [(n, f"{low:g} to {high:g}") for n, (low, high) in sheet.varied.items()]
        parts.append("<h2>Parameters varied</h2>")
        parts.append(_table(("parameter, in the unit of its name", "range"), varied))
    return _PAGE.format(title=_text(sheet.title), body="\n".join(parts))


def _cells(one: Figure) -> tuple[str, ...]:
    bound = "" if one.bound == "=" else f"{one.bound} "
    low, high = _number(one.low), _number(one.high)
    interval, shares = "", []
    if low != high:  # what no digit shows is no interval
        interval = f"{low} to {'>= ' if one.open_end else ''}{high}"
        shares = [f"{n.partition(' [')[0]} {share:.0%}" for n, share in one.dominated_by]
    if one.failed:
        several = "s" if one.failed > 1 else ""
        shares.append(f"{one.failed} variation{several} gave no number")
    value = f"{bound}{_number(one.value)}"
    unit = units.written(one.unit)
    return one.name, value, unit, interval, "; ".join(shares)


def _shown(row: tuple[str, ...], sheet: Prediction) -> tuple[str, ...]:
    """A row without interval and what dominates it, if nothing was varied."""
    return row if sheet.varied else row[:3]


def _number(value: float) -> str:
    if math.isnan(value):
        return "not reached"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:z.3g}"


def _layer_rows(sheet: Prediction) -> Iterator[tuple[str, str, str]]:
    for layer in sheet.layers:
        yield layer.name, f"{1e6 * layer.thickness:.1f}", f"{100 * layer.mass:.2f}"
    thickness = sum(layer.thickness for layer in sheet.layers)
    mass = sum(layer.mass for layer in sheet.layers)
    yield "together", f"{1e6 * thickness:.1f}", f"{100 * mass:.2f}"


def _text(text: str) -> str:
    return html.escape(text, quote=True)


def _table(
    headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], kind: str = "plain"
) -> str:
    head = "".join(f"<th>{_text(one)}</th>" for one in headings)
    cells = ("".join(f"<td>{_text(cell)}</td>" for cell in row) for row in rows)
    body = "\n".join(f"<tr>{row}</tr>" for row in cells)
    whole = f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody>"
    return f"<table class='{kind}'>{whole}</table>"


_PAGE: Final = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 15px/1.45 system-ui, sans-serif; max-width: 1060px; margin: 2em auto;
  padding: 0 1em; color: #222; }}
h1 {{ font-size: 1.4em; }} h2 {{ font-size: 1.1em; margin-top: 1.8em; }}
table {{ border-collapse: collapse; margin: .6em 0; }}
th, td {{ text-align: left; padding: .2em .9em .2em 0; vertical-align: top;
  border-bottom: 1px solid #ddd; }}
td:nth-child(2), td:nth-child(3), td:nth-child(4) {{ white-space: nowrap; }}
.figures {{ display: grid; gap: 1em;
  grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); }}
figure {{ margin: 0; }} img {{ width: 100%; }} figcaption {{ color: #555; }}
@media (max-width: 640px) {{
  .numbers thead {{ display: none; }}
  .numbers tr {{ display: block; padding: .3em 0; border-bottom: 1px solid #ddd; }}
  .numbers td {{ display: inline-block; border: 0; padding: 0 .6em 0 0; }}
  .numbers td:nth-child(1), .numbers td:nth-child(5) {{ display: block; }}
  .numbers td:nth-child(1) {{ font-weight: 600; }}
}}
</style></head><body>
{body}
</body></html>
"""
