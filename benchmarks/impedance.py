"""Cost of a spectrum of a full cell with interlayer beside PyBaMM's half-cell DFN.

    python benchmarks/impedance.py [out.json]

Both models have the same cathode and are solved by PyBaMM's EISSimulation at the same 60
frequencies. CPU times of one process, built once, are compared with each other only; the
full cell is timed with the equilibrium without current that each state takes as well.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pybamm
from figures import write_figures
from full_cell import half_cell_values

from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import load_cell
from twin.run.small_signal import SmallSignal
from twin.run.states import FRESH

CELL = "yang2024_nano_0_2mAh"
FREQUENCIES = np.logspace(6, -3, 60)
REPEATS = 15


def cpu_time(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Measure, print, and write a file if one is named."""
    pybamm.set_logging_level("ERROR")
    cell = load_cell(CELL)
    ours: list[SmallSignal] = []
    built = {"full cell": cpu_time(lambda: ours.append(SmallSignal(cell)))}
    options = {"working electrode": "positive", "surface form": "differential"}
    theirs: list[pybamm.EISSimulation] = []

    values = half_cell_values(parameter_values(cell))
    values["Negative electrode double-layer capacity [F.m-2]"] = 0.1

    def build() -> None:
        simulation = pybamm.EISSimulation(
            pybamm.lithium_ion.DFN(options),
            parameter_values=values,
        )
        simulation.build()
        theirs.append(simulation)

    built["half-cell DFN"] = cpu_time(build)
    same_call = pybamm.EISSimulation(
        build_model(cell, surface_form="differential"),
        parameter_values=parameter_values(cell),
    )
    runs: dict[str, Callable[[], object]] = {
        "full cell, state and spectrum": lambda: ours[0].at(FRESH, FREQUENCIES),
        "full cell, spectrum alone": lambda: same_call.solve(FREQUENCIES),
        "PyBaMM half-cell DFN": lambda: theirs[0].solve(FREQUENCIES),
    }
    for run in runs.values():
        run()  # compiles
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(REPEATS):  # in turn, so that both see the same machine
        for name, run in runs.items():
            times[name].append(cpu_time(run))
    figures = {
        f"{name}, CPU ms of 60 frequencies": 1e3 * statistics.median(found)
        for name, found in times.items()
    }
    figures |= {
        f"{name}, spread, CPU ms": 1e3 * (max(t) - min(t)) for name, t in times.items()
    }
    full, alone, half = (statistics.median(found) for found in times.values())
    figures["ratio full cell / half-cell DFN"] = full / half
    figures["ratio full cell / half-cell DFN, spectrum alone"] = alone / half
    figures |= {f"building the {name}, CPU ms": 1e3 * t for name, t in built.items()}
    for name, figure in figures.items():
        print(f"{name:56s}{figure:10.3g}")
    if len(sys.argv) > 1:
        write_figures({**figures, "pybamm": pybamm.__version__}, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
