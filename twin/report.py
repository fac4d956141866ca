"""What the command line prints and writes about results."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from twin import assets, names
from twin.report_merit import merit
from twin.run.cycles import HalfCycle, cycles_of
from twin.run.observables import loading, specific_capacity
from twin.run.results import ENDED_BY, TIME_DIMENSION

if TYPE_CHECKING:
    import xarray as xr

    from twin.parts.parameters import CellSummary
    from twin.parts.protocols import Protocol
    from twin.studies.cases import Omitted
    from twin.studies.validate import Comparison


#: C.m-2 in one mAh.cm-2, and C.kg-1 in one mAh.g-1.
_MAH_CM2: Final = 36000.0
_MAH_G: Final = 3600.0

#: Cycles shown without a gap, and how many of the first and of the last where there are
#: more.
_CYCLES_SHOWN: Final = 10
_CYCLES_AT_EACH_END: Final = 3

#: Most digits after the point of an error in percent.
_DIGITS: Final = 4

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
    capacity = last(names.AREAL_CAPACITY) / _MAH_CM2
    table.add_row("net stripped capacity", f"{capacity:.4g} mAh/cm2 of charge passed")
    table.add_row("final voltage", f"{last(names.VOLTAGE):.4g} V")
    if names.CELL_RESISTANCE in result:
        resistance = float(result[names.CELL_RESISTANCE][0]) * 1e4
        table.add_row("initial cell resistance", f"{resistance:.4g} Ohm.cm2")
    of_what = {
        names.CONTACT_FRACTION: "",
        names.INVENTORY_FRACTION: " of the metal at the start; besides the charge, losses "
        "and an interlayer change it",
    }
    for name, explained in of_what.items():
        values = ", ".join(
            f"{side} {last(names.variable_of(name, side)):.4g}"
            for side in _SIDES
            if names.variable_of(name, side) in result
        )
        if values:
            table.add_row(f"final {name}", values + explained)
    return table


def cycles_table(result: xr.Dataset) -> Table | None:
    """Rate and capacity of each cycle's charge and discharge; None without a cathode.

    Of more than ten cycles the first and the last three.
    """
    if names.CELL_RESISTANCE in result:  # symmetric: no active material to refer to
        return None
    mass = loading(result)
    one_c = specific_capacity(result) * mass / 3600
    half = ("mAh/cm2", "mAh/g")
    table = Table(box=None, pad_edge=False)
    for heading in ("cycle", "charge at", *half, "discharge at", *half):
        table.add_column(heading, justify="right")

    def cells(one: HalfCycle) -> tuple[str, str, str]:
        if one.charge == 0:
            return "-", "0", "0"
        rate = f"{one.current_density / one_c:.3g}C"
        areal, specific = one.charge / _MAH_CM2, one.charge / mass / _MAH_G
        return rate, f"{areal:.4g}", f"{specific:.4g}"

    rows: list[tuple[str, ...]] = [
        (str(number), *cells(cycle.charged), *cells(cycle.discharged))
        for number, cycle in cycles_of(result).items()
    ]
    if len(rows) > _CYCLES_SHOWN:
        gap = ("...",) * len(rows[0])
        rows = [*rows[:_CYCLES_AT_EACH_END], gap, *rows[-_CYCLES_AT_EACH_END:]]
    for row in rows:
        table.add_row(*row)
    return table


def statuses(result: xr.Dataset) -> dict[str, str]:
    """Status of each parameter that a result rests on, by its name."""
    records: dict[str, dict[str, Any]] = json.loads(result.attrs["parameters"])
    return {name: str(record["status"]) for name, record in records.items()}


def provenance_line(by_name: Mapping[str, str], where_all: str) -> str:
    """Which fitted and how many assumed values a result rests on, in one sentence.

    Parameters
    ----------
    by_name : status of each parameter
    where_all : what lists all of them

    Examples
    --------
    >>> provenance_line({"a": "fitted", "b": "assumed", "c": "measured"}, "--json")
    'Rests on 1 fitted value (a) and 1 assumed; --json lists all.'
    """
    fitted = [name for name, status in by_name.items() if status == "fitted"]
    assumed = sum(status == "assumed" for status in by_name.values())
    parts = []
    if fitted:
        plural = "s" if len(fitted) > 1 else ""
        parts.append(f"{len(fitted)} fitted value{plural} ({'; '.join(fitted)})")
    if assumed:
        parts.append(f"{assumed} assumed")
    return f"Rests on {' and '.join(parts)}; {where_all} lists all." if parts else ""


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
        least = "" if row.simulated_bound == "=" else ">= "
        verdict = Text("within", "green") if row.passed else Text("outside", "bold red")
        if row.failure:
            verdict = Text("failed", "bold red")
        table.add_row(
            row.id,
            row.quantity,
            f"{bound}{row.reported:.5g}",
            "-" if row.failure else f"{least}{row.simulated:.5g}",
            row.unit,
            # how far beyond a bound says nothing
            "met" if row.bound_met else "-" if row.failure else error_in_words(row),
            tolerance_in_words(row),
            row.status,
            verdict,
        )
    return table


def error_in_words(row: Comparison) -> str:
    """The error of a row in percent, in digits that tell it from a tolerance it misses.

    Parameters
    ----------
    row : that has a number
    """
    percent = 100 * row.error
    limit = round(100 * (row.tolerance if percent > 0 else row.tolerance_below), _DIGITS)
    digits = 1
    while not row.passed and digits < _DIGITS and round(abs(percent), digits) <= limit:
        digits += 1
    # no error of "-0.0 %"
    return f"{percent:+z.{digits}f} %{_of(row)}"


def tolerance_in_words(row: Comparison) -> str:
    """The tolerance of a row as the case gives it.

    Parameters
    ----------
    row : Comparison
    """
    if math.isnan(row.tolerance):
        return "-"
    if row.simulated_bound and row.bound in (">=", ">") and row.tolerance_below < 1e-3:
        return "none below"  # what lived in the paper has to live
    if row.tolerance != row.tolerance_below:
        return f"factor {1 + row.tolerance:.3g}"
    return f"{100 * row.tolerance:.3g} %{_of(row)}"


def _of(row: Comparison) -> str:
    """What a percentage is of, where it is not the reported number."""
    return f" of {row.relative_to}" if row.relative_to else ""


def fitted_by_others(rows: Sequence[Comparison]) -> list[str]:
    """One line for each row or curve that is fitted under the id of another."""
    found = {}
    for row in rows:
        own = row.id.removesuffix(":rmse").removesuffix(":capacity")
        if row.fitted_to not in ("", row.id, own):
            found[own] = (
                f"{own}: fitted, as it is the same data or run as {row.fitted_to}; fitted "
                f"to that: {'; '.join(row.fitted_parameters)}"
            )
    return list(found.values())


def repairs(rows: Sequence[Comparison]) -> list[str]:
    """What was changed in measured files after reading them, a line for each curve."""
    return [
        f"repaired: {row.locator} of {row.id.partition(':')[0]}: {'; '.join(row.repairs)}"
        for row in rows
        if row.repairs
    ]


def failures(rows: Sequence[Comparison]) -> list[str]:
    """One line for each row whose run did not complete, with the reason."""
    return [f"{row.id}: {row.failure}" for row in rows if row.failure]


def fitted_to_unknown(found: Mapping[str, Sequence[str]]) -> list[str]:
    """One line for each datum that cells were fitted to and that no known case has.

    Parameters
    ----------
    found : names of the cells by the id of the datum
    """
    return [
        f"{', '.join(cells)}: fitted to '{one}', which no case here has; a row or curve "
        "that is the same under another name is not called fitted"
        for one, cells in found.items()
    ]


def not_compared(omitted: Sequence[Omitted]) -> list[str]:
    """One line for each finding that nothing is compared with, with the reason."""
    return [f"not compared: {one.id}: {one.reason}" for one in omitted]


def validation_summary(rows: Sequence[Comparison], omitted: Sequence[Omitted] = ()) -> str:
    """Figures of merit of a validation in one sentence.

    Parameters
    ----------
    rows : compared
    omitted : findings that nothing is compared with
    """
    found = merit(rows, omitted)
    parts = [
        f"{found.within} of {found.counted} rows within tolerance",
        f"{found.predicted_within} of {found.predicted} predicted rows",
        f"{found.fitted} fitted, {found.contradicted} contradicted",
    ]
    if math.isfinite(found.median_error):
        parts.append(f"median error {100 * found.median_error:.1f} %")
    if found.failed:
        parts.append(f"the runs of {found.failed} failed")
    if found.omitted:
        parts.append(f"{found.omitted} reported findings are not compared")
    return "; ".join(parts) + "."


def validation_json(rows: Sequence[Comparison]) -> str:
    """The rows as JSON, one object each; what has no number is null.

    Parameters
    ----------
    rows : compared
    """
    return json.dumps([_plain(row) for row in rows], indent=2, allow_nan=False) + "\n"


def _plain(row: Comparison) -> dict[str, Any]:
    fields = {f.name: getattr(row, f.name) for f in dataclasses.fields(row)}
    del fields["trace"]
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in fields.items()
    }


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
