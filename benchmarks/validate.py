"""Time of `twin validate`, and how many of the reported numbers it meets.

    python benchmarks/validate.py [--cases PAPER ...] [--json out.json]

All rows of some papers, of all if none is named, on all cores.
"""

from __future__ import annotations

import argparse
import os
import resource
from pathlib import Path

import pybamm
from campaign import timed
from figures import write_figures

import twin
from twin.report_merit import merit
from twin.studies.validate import Comparison


def main() -> None:
    """Measure, print, and write a file if one is named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", nargs="+", default=[])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    pybamm.set_logging_level("CRITICAL")
    rows: list[Comparison] = []
    wall, cpu = timed(
        lambda: rows.extend(twin.validate(given.cases, workers=os.cpu_count() or 1))
    )
    found = merit(rows)
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(who).ru_maxrss for who in both) / 1024
    figures = {
        "wall s": wall,
        "CPU s": cpu,
        "peak memory of one process, MiB": peak,
        "rows": found.rows,
        "rows that are contradicted": found.contradicted,
        "rows whose runs failed": found.failed,
        "share of rows within tolerance, %": 100 * found.share_within,
        "share of predicted rows within tolerance, %": 100
        * found.predicted_within
        / found.predicted,
        "median error, %": 100 * found.median_error,
        "median error of predicted rows, %": 100 * found.median_predicted_error,
    }
    for name, figure in figures.items():
        print(f"{name:48s}{figure:10.4g}")
    if given.json:
        write_figures({**figures, "pybamm": pybamm.__version__}, given.json)


if __name__ == "__main__":
    main()
