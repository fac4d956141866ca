"""How each critical current and life moves with each fitted parameter at +-20 %.

    python benchmarks/fitted_parameters.py [out.md] [--json out.json]

Continuous critical currents (last level survived plus the share of the failing one) in
mA/cm2 and lives in hours, for the rows whose limit a sweep or a cycling reaches.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pybamm
from figures import write_figures

from twin.parts.parameters import load_cell
from twin.run.galvanostatic import GalvanostaticRun
from twin.run.levels import CONTINUOUS
from twin.run.requests import requested
from twin.run.results import COMPLETED, ENDED_BY, TIME_DIMENSION
from twin.studies.cases import Row, list_cases, load_case

CHANGE = 0.2
CRITICAL, LIFE = "critical current density", "life"

#: Lives that a short ends soon enough to be repeated many times.
LIVES = ("peng-life-0.2-0", "peng-life-60-0")


def chosen() -> Iterator[Row]:
    for case in list_cases():
        for row in load_case(case).rows:
            if row.observable == CRITICAL or row.id in LIVES:
                yield row


def lines(row: Row, figures: dict[str, float]) -> Iterator[str]:
    """Lines of the table for a row, whose figures are noted as well."""
    cell = load_cell(row.cell)
    fitted = [n for n, record in cell.records.items() if record.status == "fitted"]
    cell, protocol = requested(cell, row.experiment, None, row.arguments)
    run = GalvanostaticRun(cell, protocol.schedule(), (), inputs=fitted)
    used = [name for name in run.used_inputs if cell.values[name] != 0]
    designs = [{}] + [
        {name: cell.values[name] * (1 + sign * CHANGE)} for name in used for sign in (-1, 1)
    ]
    texts, values = [], []
    for result in run.run_many(designs):
        if row.observable == CRITICAL:
            value = float(result.attrs[CONTINUOUS]) / 10
        else:
            value = float(result[TIME_DIMENSION][-1]) / 3600
        bound = ">= " if result.attrs[ENDED_BY] == COMPLETED else ""
        texts.append(f"{bound}{value:.3g}")
        values.append(value)
    unit = "mA/cm2" if row.observable == CRITICAL else "h"
    figures[f"{row.id}, as fitted, {unit}"] = values[0]
    figures[f"{row.id}, ratio highest / as fitted"] = max(values) / values[0]
    figures[f"{row.id}, ratio lowest / as fitted"] = min(values) / values[0]
    for index, name in enumerate(used):
        ends = slice(1 + 2 * index, 3 + 2 * index)
        for change, value in zip(("-20 %", "+20 %"), values[ends], strict=True):
            figures[f"{row.id}, {name} {change}, {unit}"] = value
        low, high = texts[ends]
        yield f"| {row.id} | {name} | {low} | {texts[0]} | {high} | {unit} |"


def main() -> None:
    """Print the table, and write files if they are named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("table", nargs="?", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    pybamm.set_logging_level("CRITICAL")
    table = [
        "| row | fitted parameter | -20 % | as fitted | +20 % | unit |",
        "|---|---|---|---|---|---|",
    ]
    print("\n".join(table))
    figures: dict[str, float] = {}
    for row in chosen():
        for line in lines(row, figures):
            print(line, flush=True)
            table.append(line)
    if given.table:
        given.table.write_text("\n".join(table) + "\n", encoding="utf-8")
    if given.json:
        write_figures(figures, given.json)


if __name__ == "__main__":
    main()
