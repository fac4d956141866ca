"""Cost of critical current densities: a staircase, a life, and a map, in one run.

    python benchmarks/ccd.py [out.json]

The staircase of 100 levels is also run as a PyBaMM experiment, which solves step by step,
with the same model and solver tolerances; the ratio of the two CPU times is what counts.
On shared cores a batch may get less than all of them: the map's CPU time is given too.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pybamm
from figures import write_figures

import twin
from twin import names
from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import Cell, load_cell
from twin.parts.protocols import load_experiment
from twin.run.failure import OUTPUTS
from twin.run.galvanostatic import GalvanostaticRun

CELL = "mann2025_lina"
REPEATS = 3
STAIRCASE = {
    "start": "0.05 mA.cm-2",
    "step": "0.05 mA.cm-2",
    "end": "5 mA.cm-2",
    "half_cycle_capacity": "0.1 mA.h.cm-2",
}
LIFE = {"half_cycle_capacity": "0.1 mA.h.cm-2", "cycles": "4500"}
AXES = "lithium diffusivity=1e-16:1e-13:20 m2.s-1", "contact fraction=0.2:1:20"


def cpu(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def experiment(cell: Cell) -> pybamm.Simulation:
    """The same staircase in PyBaMM's way, at the tolerances of one solve."""
    schedule = load_experiment("ccd_constant_charge").with_arguments(STAIRCASE).schedule()
    area = cell.values[names.ELECTRODE_AREA]
    cycles = [
        tuple(
            pybamm.step.current(
                step.signed_current_density(None) * area, duration=step.longest(None)
            )
            for step in steps
        )
        for steps in schedule.cycles
    ]
    values = parameter_values(cell)
    values[names.POLARISATION_CUT_OFF] = schedule.polarisation
    return pybamm.Simulation(
        build_model(cell),
        experiment=pybamm.Experiment(cycles),
        parameter_values=values,
        solver=pybamm.IDAKLUSolver(
            rtol=1e-5, atol=1e-7, options={"suppress_algebraic_error": True}
        ),
    )


def main() -> None:
    """Measure, print, and write a file if one is named."""
    pybamm.set_logging_level("CRITICAL")
    cell = load_cell(CELL)
    figures: dict[str, float] = {}

    protocol = load_experiment("ccd_constant_charge").with_arguments(STAIRCASE)
    start = time.process_time()
    run = GalvanostaticRun(cell, protocol.schedule(), OUTPUTS)
    run.run()
    figures["staircase of 100 levels, first run, CPU s"] = time.process_time() - start
    start = time.process_time()
    slow = experiment(cell)
    slow.solve(calc_esoh=False)  # builds
    figures["as a PyBaMM experiment, first run, CPU s"] = time.process_time() - start
    times: dict[str, list[float]] = {"ours": [], "PyBaMM": []}
    for _ in range(REPEATS):  # in turn, so that both see the same machine
        times["ours"].append(cpu(run.run))
        times["PyBaMM"].append(cpu(lambda: slow.solve(calc_esoh=False)))
    ours, theirs = (statistics.median(found) for found in times.values())
    figures["staircase of 100 levels, again, CPU s"] = ours
    figures["as a PyBaMM experiment, again, CPU s"] = theirs
    figures["ratio experiment / one solve, again"] = theirs / ours
    figures["ratio experiment / one solve, first run"] = (
        figures["as a PyBaMM experiment, first run, CPU s"]
        / figures["staircase of 100 levels, first run, CPU s"]
    )

    life = load_experiment("cycling_life").with_arguments(LIFE)
    before, start = peak(), time.perf_counter()
    result = GalvanostaticRun(cell, life.schedule(), OUTPUTS).run()
    figures["life of 4500 cycles, wall s"] = time.perf_counter() - start
    figures["cycles survived"] = float(result["cycle"][-1])
    figures["peak memory added by it, MiB"] = peak() - before

    before, start, used = peak(), time.perf_counter(), time.process_time()
    twin.ccd_map(CELL, *AXES)
    wall = time.perf_counter() - start
    figures["map of 20 x 20, wall s"] = wall
    figures["map of 20 x 20, CPU s"] = time.process_time() - used
    figures["cores it kept busy"] = figures["map of 20 x 20, CPU s"] / wall
    figures["peak memory added by the map, MiB"] = peak() - before
    for name, figure in figures.items():
        print(f"{name:44s}{figure:10.4g}")
    if len(sys.argv) > 1:
        write_figures({**figures, "pybamm": pybamm.__version__}, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
