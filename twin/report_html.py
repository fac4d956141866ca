"""The validation report: one HTML file that needs nothing else."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader
from markdown_it import MarkdownIt
from markupsafe import Markup

from twin import report_figures as draw
from twin.report import error_in_words, tolerance_in_words, validation_summary
from twin.report_merit import Merit, Uncertain, merit, uncertain_values

if TYPE_CHECKING:
    from twin.parts.parameters import Cell
    from twin.report_figures import Figure
    from twin.studies.cases import Case, Omitted
    from twin.studies.validate import Comparison

#: Sections of a case's README.md that the report shows.
_CONTRADICTIONS: Final = "Contradictions"
_FINDINGS: Final = "Findings"

#: Figures of a paper: kind of the runs, title, what draws them, what they show.
_FIGURES: Final[
    tuple[tuple[str, str, Callable[[Sequence[Comparison]], Figure], str], ...]
] = (
    (
        "stripping",
        "Strippings",
        draw.strippings,
        "Lines are simulated; diamonds are the reported capacities with their tolerances.",
    ),
    (
        "rate",
        "Voltage curves",
        draw.rates,
        "Simulated discharges of the last cycle (solid, or dashed where a colour comes a "
        "second time) and the charges before them (dotted); diamonds are the reported "
        "capacities with their tolerances.",
    ),
    (
        "staircase",
        "Critical currents",
        draw.staircases,
        "Above, the current of each cycle up to the one in which the run ended; markers "
        "are the reported critical current densities with their tolerances, triangles "
        "where the paper gives a lower bound, and crosses where the simulated cell failed. "
        "Below, the voltage at the end of each half cycle.",
    ),
    (
        "life",
        "Lives",
        draw.lives,
        "Voltage at the end of each half cycle; markers are the reported lives with their "
        "tolerances, triangles where the paper gives a lower bound, and crosses where the "
        "simulated cell failed.",
    ),
    (
        "fade",
        "Fade",
        draw.fades,
        "Lines are simulated; markers are the reported capacities, or numbers of cycles, "
        "with their tolerances, triangles where the paper gives a bound.",
    ),
)
_SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def validation_html(
    rows: Sequence[Comparison],
    cases: Sequence[Case],
    cells: Callable[[Case], Sequence[Cell]],
) -> str:
    """The report on a validation as HTML, with its figures and the library that draws them.

    Parameters
    ----------
    rows : of all cases
    cases : in the order in which they are shown
    cells : the cells that a case's rows were simulated with

    Returns
    -------
    str
        A page that loads nothing from anywhere; plotly.js, which is most of it, stands in
        it once.
    """
    figures: list[Markup] = []
    environment = Environment(
        loader=PackageLoader("twin", "templates"), autoescape=True, trim_blocks=True
    )
    environment.filters["percent"] = _percent

    def plot(figure: Figure) -> Markup:
        figures.append(_as_json(figure))
        height = figure["height"]
        return Markup(
            f'<div class="plot" data-figure="{len(figures) - 1}" '
            f'style="height:{height}px"></div>'
        )

    omitted = [one for case in cases for one in case.omitted]
    papers = [_paper(case, rows, cells(case)) for case in cases]
    whole = merit(rows, omitted)
    page = environment.get_template("validation.html")
    context: dict[str, Any] = {
        "title": "Validation of the solid-state twin",
        "subtitle": f"{len(cases)} case{'s' if len(cases) != 1 else ''}: "
        + ", ".join(case.paper for case in cases),
        "sentence": validation_summary(rows, omitted),
        "merits": _merits(whole, papers),
        "papers": papers,
        "parity": draw.parity(rows),
        "not_drawn": ", ".join(draw.not_drawn(rows)),
        "contradictions": _contradictions(cases, rows),
        "omitted": [_omitted(one) for one in omitted],
        "made": f"Made by solid-state-twin {version('solid-state-twin')} with PyBaMM "
        f"{version('pybamm')}. Figures: plotly.js, MIT licence.",
        "plot": plot,
        "figures": figures,
        "plotly": Markup(_plotly()),
    }
    return page.render(context)


def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    # nothing in a script may look like its end
    return str(get_plotlyjs()).replace("</script", "<\\/script")


def _as_json(figure: Figure) -> Markup:
    text = json.dumps(figure, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))


def _merits(whole: Merit, papers: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    fitted = sum(len(paper["fitted"]) for paper in papers)
    assumed = sum(len(paper["assumed"]) for paper in papers)
    return [
        {
            "value": _percent(whole.share_within),
            "meaning": f"of rows within tolerance ({whole.within} of {whole.counted})",
        },
        {
            "value": _percent(whole.share_predicted),
            "meaning": f"of these predicted, not fitted ({whole.predicted_within} of "
            f"{whole.within})",
        },
        {
            "value": _percent(whole.median_error),
            "meaning": f"median error; {_percent(whole.median_predicted_error)} of "
            "predicted rows",
        },
        {"value": str(whole.contradicted), "meaning": "rows that contradict other reports"},
        {"value": str(whole.failed), "meaning": "rows whose run failed"},
        {"value": str(whole.omitted), "meaning": "reported findings not compared"},
        {"value": str(fitted), "meaning": "fitted values, all papers"},
        {"value": str(assumed), "meaning": "assumed values, all papers"},
    ]


def _paper(
    case: Case, all_rows: Sequence[Comparison], cells: Sequence[Cell]
) -> dict[str, Any]:
    rows = [row for row in all_rows if row.paper == case.paper]
    anchor = re.sub(r"[^\w-]", "-", case.paper)
    uncertain = uncertain_values(cells)
    parts: list[dict[str, Any]] = []
    if rows:
        parts.append({"kind": "rows", "title": "Rows", "rows": [_row(r) for r in rows]})
    if any(row.reported for row in rows):
        parts.append(
            {
                "kind": "figure",
                "title": "Simulated over reported",
                "figure": draw.ratios(rows),
                "caption": "Grey bars are tolerances around the reported number, open to "
                "one side where it is a bound; open markers lie outside. Triangles that "
                "point right had not failed when the run ended, or lie beyond the axis.",
            }
        )
    for kind, title, make, caption in _FIGURES:
        if any(row.trace is not None and row.trace.kind == kind for row in rows):
            parts.append(
                {"kind": "figure", "title": title, "figure": make(rows), "caption": caption}
            )
    for row in rows:
        if row.trace is not None and row.trace.kind == "curve":
            parts += _curve(row)
    findings = _section(case, _FINDINGS)
    if findings:
        parts.append(
            {
                "kind": "text",
                "title": "Findings",
                "html": findings,
                "place": _place(case),
            }
        )
    if cells:
        parts.append({"kind": "values", "title": "Fitted and assumed values"})
    for number, part in enumerate(parts):
        part["anchor"] = f"{anchor}-{number}"
    return {
        "anchor": anchor,
        "name": case.paper,
        "title": case.title.rstrip("."),
        "reference": case.reference,
        "doi": case.doi,
        "sentence": validation_summary(rows, case.omitted) if rows else "",
        "merit": merit(rows, case.omitted),
        "parts": parts,
        "fitted": [_value(one) for one in uncertain if one.record.status == "fitted"],
        "assumed": [_value(one) for one in uncertain if one.record.status == "assumed"],
    }


def _curve(row: Comparison) -> list[dict[str, Any]]:
    name = row.id.removesuffix(":rmse")
    repairs = f" Repaired: {'; '.join(row.repairs)}." if row.repairs else ""
    parts: list[dict[str, Any]] = [
        {
            "kind": "figure",
            "title": f"Curve {name}",
            "figure": draw.curve(row),
            "caption": f"{row.quantity} {row.simulated:.3g} {pretty_unit(row.unit)}, from "
            f"{row.locator}.{repairs}",
        }
    ]
    overlay = draw.differential(row)
    if overlay is not None:
        parts.append(
            {
                "kind": "figure",
                "title": f"dQ/dV of {name}",
                "figure": overlay,
                "caption": "Both curves' charge sorted into the same steps of voltage.",
            }
        )
    return parts


def _sentences(*parts: str) -> str:
    """Those that are not empty, each but the last with a mark at its end."""
    *before, last = [part for part in parts if part] or [""]
    return " ".join([*(p if p[-1] in ".?!" else f"{p}." for p in before), last])


def _row(row: Comparison) -> dict[str, str]:
    bound = "" if row.bound == "=" else f"{_sign(row.bound)} "
    least = "" if row.simulated_bound == "=" else "≥ "
    why = row.failure or row.note
    if row.locator:
        why = f"{why[:1].upper()}{why[1:]}"
    fitted = f"Fitted to {row.fitted_to}: {'; '.join(row.fitted_parameters)}"
    why = _sentences(row.locator, why, fitted if row.fitted_to else "")
    if row.failure:
        verdict = "failed"
    else:
        verdict = "within" if row.passed else "outside"
    mark = {"within": "✓", "outside": "✗", "failed": "✗"}[verdict]
    known = math.isfinite(row.simulated)
    return {
        "id": row.id,
        "quantity": row.quantity,
        "why": why,
        "reported": f"{bound}{draw.shown(row.reported)}",
        "simulated": f"{least}{draw.shown(row.simulated)}".replace("-", "−")
        if known
        else "–",
        "unit": pretty_unit(row.unit),
        "error": ("met" if row.bound_met else _error(row)) if known else "–",
        "tolerance": tolerance_in_words(row),
        "status": row.status,
        "verdict": f"{mark} {verdict}",
        "verdict_class": verdict,
    }


def _value(one: Uncertain) -> dict[str, str]:
    record = one.record
    source = f"{record.source.paper}, {record.source.locator}"
    if record.source.method:
        source += f" ({record.source.method})"
    return {
        "name": re.sub(r"\s*\[[^\[\]]*\]$", "", record.name),
        "value": _number(record.value),
        "unit": pretty_unit(record.unit or ""),
        "source": source,
        "fitted_to": ", ".join(record.fitted_to),
        "cells": ", ".join(one.cells),
    }


def _omitted(one: Omitted) -> dict[str, str]:
    bound = "" if one.bound in ("", "=") else f"{_sign(one.bound)} "
    return {
        "id": one.id,
        "quantity": one.quantity,
        "reported": f"{bound}{one.value} {pretty_unit(one.unit)}".strip(),
        "paper": one.paper,
        "locator": one.locator,
        "reason": one.reason,
    }


def _contradictions(
    cases: Sequence[Case], rows: Sequence[Comparison]
) -> list[dict[str, Any]]:
    found = []
    for case in cases:
        text = _section(case, _CONTRADICTIONS)
        named = [row for row in rows if row.paper == case.paper and row.contradicted]
        places = [Markup("<code>{}</code>").format(_place(case))] if text else []
        if named:
            where = _place(case).replace("README.md", "case.toml")
            places.append(Markup("<code>{}</code>").format(where))
        if places:
            place = Markup(" and ").join(places)
            found.append({"name": case.paper, "html": text, "rows": named, "place": place})
    return found


def _section(case: Case, title: str) -> Markup:
    """A section of the README.md of a case as HTML; empty if there is none."""
    match = re.search(
        rf"^## {re.escape(title)}\s*\n(.*?)(?=^## |\Z)", case.findings, re.M | re.S
    )
    if match is None:
        return Markup("")
    # whatever HTML the text holds is shown as text
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    return Markup(reader.render(match[1]))


def _place(case: Case) -> str:
    folder = Path(case.path).absolute().parent
    return f"{folder.parent.name}/{folder.name}/README.md"


def pretty_unit(unit: str) -> str:
    """A unit as it is written in print.

    Examples
    --------
    >>> pretty_unit("mA.h.cm-2"), pretty_unit("Ohm.m2"), pretty_unit("-")
    ('mA h cm⁻²', 'Ω m²', '')
    """
    if unit in ("", "-", "1"):
        return ""
    spelled = unit.replace("Ohm", "Ω").replace("degC", "°C")
    raised = re.sub(
        r"(?<=[^\W\d])-?\d+", lambda match: match[0].translate(_SUPERSCRIPTS), spelled
    )
    return raised.replace(".", " ")


def _sign(bound: str) -> str:
    return {">=": "≥", "<=": "≤", "~": "≈"}.get(bound, bound)


def _error(row: Comparison) -> str:
    return error_in_words(row).replace("-", "−")


def _number(value: float) -> str:
    """Four digits, with a power of ten where there would be many zeros."""
    mantissa, _, exponent = f"{value:.4g}".partition("e")
    if exponent or 0 < abs(value) < 1e-3:
        mantissa, _, exponent = f"{value:.3e}".partition("e")
        mantissa = f"{float(mantissa):g}"
        return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    return mantissa


def _percent(share: float) -> str:
    if not math.isfinite(share):
        return "–"
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.1f} %"
