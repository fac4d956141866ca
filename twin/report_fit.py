"""What the command line prints and writes about fits."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from twin.studies.cross_validation import LeftOut, Summary, summaries
from twin.studies.fit import PROFILE_RISE, Profile
from twin.studies.fit_result import FitResult


def parameters_table(result: FitResult) -> Table:
    """Fitted values with their 95 % intervals, in the units of their names."""
    table = Table("parameter", "record of", box=None, pad_edge=False)
    for heading in ("before", "fitted", "95 % interval", "bounds"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    for one in result.parameters:
        verdict = "" if one.identified else "not fixed by the data"
        if one.on_bound:
            verdict = ", ".join(filter(None, (verdict, "on a bound")))
        table.add_row(
            one.name,
            one.file.removesuffix(".toml"),
            f"{one.start:.4g}",
            f"{one.value:.4g}",
            f"{one.low:.4g} to {one.high:.4g}",
            f"{one.bounds[0]:.4g} to {one.bounds[1]:.4g}",
            Text(verdict, "bold yellow"),
        )
    return table


def data_table(result: FitResult) -> Table:
    """Rows and curves at the minimum."""
    table = Table("row", "cell", "quantity", box=None, pad_edge=False)
    for heading in ("reported", "simulated", "unit", "residual"):
        table.add_column(heading, justify="right")
    for one in result.data:
        table.add_row(
            one.id,
            one.cell,
            one.quantity,
            f"{one.reported:.5g}",
            f"{one.simulated:.5g}",
            one.unit,
            f"{one.residual:+z.2f} s",
        )
    return table


def correlation_table(result: FitResult) -> Table | None:
    """Correlations of the parameters; None of a single one."""
    if len(result.parameters) < 2:
        return None
    table = Table("correlation", box=None, pad_edge=False)
    for number in range(len(result.parameters)):
        table.add_column(str(number + 1), justify="right")
    for number, one in enumerate(result.parameters, start=1):
        row = result.statistics.correlation[number - 1, :number]
        table.add_row(f"{number} {one.name}", *(f"{value:+z.3f}" for value in row))
    return table


def fit_sentence(result: FitResult) -> str:
    """How well the data are met."""
    known = result.statistics
    return (
        f"chi2 = {known.chi2:.3g} with {known.freedom} degrees of freedom, after "
        f"{result.evaluations} evaluations"
    )


def profile_table(profile: Profile) -> Table:
    """Rise of chi2 with one parameter held, the others fitted again."""
    table = Table(box=None, pad_edge=False, title=f"profile of {profile.label}")
    table.add_column("value", justify="right")
    table.add_column("rise of chi2", justify="right")
    table.add_column("")
    for value, rise in zip(profile.values, profile.rise, strict=True):
        outside = "outside the 95 % interval" if rise > PROFILE_RISE else ""
        table.add_row(f"{value:.4g}", f"{rise:.3g}", outside)
    return table


def fit_json(result: FitResult, profiles: Sequence[Profile], ensemble: int) -> str:
    """A result with its profiles and an ensemble as JSON."""
    content = {
        **result.as_dict(),
        "profiles": [
            {"label": p.label, "values": p.values.tolist(), "rise": p.rise.tolist()}
            for p in profiles
        ],
        "ensemble": result.ensemble(ensemble) if ensemble else [],
    }
    return json.dumps(content, indent=2) + "\n"


def left_out_table(rows: Sequence[LeftOut]) -> Table:
    """Each row with the parameters fitted to it and without it."""
    table = Table("row", "quantity", box=None, pad_edge=False)
    for heading in ("reported", "with it", "error", "left out", "error", "unit"):
        table.add_column(heading, justify="right")
    table.add_column("how")
    for row in rows:
        table.add_row(
            row.id,
            row.quantity,
            f"{row.reported:.4g}",
            f"{row.with_it:.4g}",
            f"{100 * row.fitted_error:+z.1f} %",
            "-" if row.failed else f"{row.without_it:.4g}",
            "-" if row.failed else f"{100 * row.left_out_error:+z.1f} %",
            row.unit,
            how(row),
        )
    return table


def how(row: LeftOut) -> str:
    """How a row was predicted without it, in words."""
    if row.failed:
        return f"no result: {row.failed}"
    if not row.fitted:
        return "contradicted" if row.contradicted else "nothing was fitted to it"
    parts = []
    if row.refitted:
        parts.append(f"fitted again: {_names(row.refitted)}")
    if row.at_prior:
        parts.append(f"no other data, middle of the range: {_names(row.at_prior)}")
    return "; ".join(parts)


def _names(labels: Sequence[str]) -> str:
    return ", ".join(label.partition(" [")[0] for label in labels)


def summary_table(rows: Sequence[LeftOut]) -> Table:
    """Median errors of each paper, with its fitted rows and without them."""
    table = Table("paper", box=None, pad_edge=False)
    for heading in ("rows", "fitted rows", "error", "left out", "all rows", "left out"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for one in summaries(rows):
        table.add_row(
            one.paper,
            str(one.rows),
            str(one.fitted_rows),
            *(_percent(error) for error in _errors(one)),
            Text("more than three times", "bold yellow") if one.notable else "",
        )
    return table


def _errors(one: Summary) -> tuple[float, ...]:
    return (one.fitted_error, one.left_out_error, one.error, one.all_left_out_error)


def _percent(error: float) -> str:
    return f"{100 * error:.1f} %"


def left_out_json(rows: Sequence[LeftOut]) -> str:
    """The rows and the papers' medians as JSON."""
    content = {
        "rows": [dataclasses.asdict(row) for row in rows],
        "papers": [
            {**dataclasses.asdict(one), "notable": one.notable} for one in summaries(rows)
        ],
    }
    return json.dumps(content, indent=2) + "\n"


def left_out_markdown(rows: Sequence[LeftOut]) -> str:
    """The same as a page of two tables."""
    lines = [
        "| paper | rows | fitted rows | their error | left out | error of all | left out |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in summaries(rows):
        numbers = " | ".join(_percent(error) for error in _errors(one))
        lines.append(f"| {one.paper} | {one.rows} | {one.fitted_rows} | {numbers} |")
    lines += [
        "",
        "| row | quantity | reported | with it | without | unit | error | left out | how |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        if not row.fitted:
            continue
        left = ("-", "-")
        if not row.failed:
            left = (f"{row.without_it:.4g}", f"{100 * row.left_out_error:+z.1f} %")
        lines.append(
            f"| {row.id} | {row.quantity} | {row.reported:.4g} | {row.with_it:.4g} | "
            f"{left[0]} | {row.unit} | {100 * row.fitted_error:+z.1f} % | {left[1]} | "
            f"{how(row)} |"
        )
    return "\n".join(lines) + "\n"
