"""Jumping over cycles beside resolving every one: what the jumps and their estimate miss.

    python benchmarks/jumps.py [case ...] out.json

Each case is run twice: with jumps and the estimate of their error, and with every cycle
resolved. Reported are the largest difference of the capacity in percentage points of the
first discharge, above 80 % of it and from there down to 50 %, the cycles at which the two
runs end, and the share of the cycles whose difference the estimate covers. "designed" says
whether the method was tried on the case while it was written.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pybamm
from figures import write_figures

import twin
from twin import names
from twin.run.results import COMPLETED
from twin.studies.ageing import ERROR

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """A cell, how it is cycled, and whether the method was designed on it."""

    cell: str
    cycles: int
    arguments: dict[str, str]
    designed: bool


def _rates(charge: str, discharge: str, **more: str) -> dict[str, str]:
    return {"charge_rate": charge, "discharge_rate": discharge, **more}


CASES = {
    "three mechanisms": Case(
        str(HERE / "cells" / "nano_three_mechanisms.toml"),
        2000,
        _rates("30", "30", rest="0 min"),
        True,
    ),
    "cathode interphase": Case("zhu2025_lco_llto60", 2000, _rates("1", "1"), True),
    "lithium loss": Case(
        "llto_cnt2025_ncm", 600, _rates("0.2", "0.5", upper="4.3 V", lower="3.0 V"), True
    ),
    "SC-micro at 30C": Case(
        "yang2024_micro_0_2mAh", 2000, _rates("30", "30", rest="0 min"), True
    ),
    "SC at 30C, to a short": Case(
        "yang2024_sc_0_2mAh", 2000, _rates("30", "30", rest="0 min"), True
    ),
    "garnet, LFP": Case(
        "peng2025_lfp_10kco",
        2000,
        _rates("0.5", "0.5", upper="4.0 V", lower="2.5 V"),
        False,
    ),
    "copper, no excess": Case(
        "llto_cnt2025_ncm_cu",
        200,
        _rates("0.2", "0.5", upper="4.3 V", lower="3.0 V"),
        False,
    ),
}


def compared(case: Case) -> dict[str, float | str | bool | list[int]]:
    """Both ways of one case."""
    arguments = (case.cell, "rate_test", case.cycles, None, case.arguments)
    begun = time.process_time()
    every = twin.age(*arguments, every_cycle=True)
    resolved = time.process_time() - begun
    begun = time.process_time()
    jumped = twin.age(*arguments)
    one = time.process_time() - begun
    first = float(every[names.CYCLE_DISCHARGED][0])
    # a cycle that an event ends in one of the runs is no capacity
    both = min(every.sizes["cycle"], jumped.sizes["cycle"])
    if COMPLETED not in (every.attrs["ended_by"], jumped.attrs["ended_by"]):
        both -= 1
    share = every[names.CYCLE_DISCHARGED].to_numpy()[:both] / first
    off = 100 * np.abs(jumped[names.CYCLE_DISCHARGED].to_numpy()[:both] / first - share)
    eighty = [
        int(np.argmax(run[names.CYCLE_DISCHARGED].to_numpy() < 0.8 * first)) + 1
        for run in (every, jumped)
    ]
    told = 100 * jumped[ERROR].to_numpy()[:both] / first

    def largest(where: np.ndarray) -> float:
        return float(off[where].max()) if where.any() else float("nan")

    return {
        "designed": case.designed,
        "largest error above 80 %, points": largest(share >= 0.8),
        "largest error from 80 to 50 %, points": largest((share < 0.8) & (share >= 0.5)),
        "end, every cycle": f"{every.sizes['cycle']}: {every.attrs['ended_by']}",
        "end, jumped": f"{jumped.sizes['cycle']}: {jumped.attrs['ended_by']}",
        "first cycle below 80 %, every cycle / jumped": eighty,
        "retention at the last common cycle, %": 100 * float(share[-1]),
        "cycles covered by the estimate, %": 100 * float(np.mean(off <= told)),
        "median estimate over error": float(np.median(told / np.maximum(off, 1e-9))),
        "cycles run": int(jumped.attrs["cycles_run"]),
        "CPU s, every cycle": resolved,
        "CPU s, jumped, first run alone": one,
    }


def main() -> None:
    """Measure, print, and write after each case."""
    pybamm.set_logging_level("CRITICAL")
    *wanted, out = sys.argv[1:]
    path = Path(out)
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for name in wanted or CASES:
        figures = compared(CASES[name])
        found |= {f"{name}, {figure}": value for figure, value in figures.items()}
        write_figures(found, path)
        print(name)
        for figure, value in figures.items():
            print(f"    {figure:46s}{value}")


if __name__ == "__main__":
    main()
