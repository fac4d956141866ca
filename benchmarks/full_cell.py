"""Cost of a full cell with interlayer beside PyBaMM's own half-cell DFN, in one run.

    python benchmarks/full_cell.py [out.json]

Both models have the same cathode, mesh, solver and tolerances and run the same cycles at
1C. CPU times of one process are compared with each other only. The peak memory is that of
a run of 100 cycles of the full cell.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from pathlib import Path

import pybamm
from figures import write_figures

from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import load_cell

CELL = "yang2024_nano_0_2mAh"
REPEATS = 9


def cycles(count: int, amperes: float) -> pybamm.Experiment:
    charge = pybamm.step.current(-amperes, duration=7200, termination="4.2 V")
    discharge = pybamm.step.current(amperes, duration=7200, termination="2.5 V")
    return pybamm.Experiment([(charge, discharge)] * count)


def simulation(
    model: pybamm.BaseModel, values: pybamm.ParameterValues, count: int
) -> pybamm.Simulation:
    amperes = float(values["Nominal cell capacity [A.h]"])
    return pybamm.Simulation(
        model,
        parameter_values=values,
        experiment=cycles(count, amperes),
        solver=pybamm.IDAKLUSolver(rtol=1e-4, atol=1e-6),
    )


def half_cell_values(values: pybamm.ParameterValues) -> pybamm.ParameterValues:
    """The same cathode for PyBaMM's DFN: catholyte in both of its regions."""
    known = values.copy()
    known["Exchange-current density for lithium metal electrode [A.m-2]"] = 100.0
    known["Electrolyte conductivity [S.m-1]"] = 1.0
    return known


def cpu_time(run: pybamm.Simulation) -> float:
    start = time.process_time()
    run.solve(calc_esoh=False)
    return time.process_time() - start


def main() -> None:
    """Measure, print, and write a file if one is named."""
    pybamm.set_logging_level("ERROR")
    cell = load_cell(CELL)
    values = parameter_values(cell)
    half_cell = pybamm.lithium_ion.DFN({"working electrode": "positive"})
    runs = {
        "full cell with interlayer": simulation(build_model(cell), values, 2),
        "PyBaMM half-cell DFN": simulation(half_cell, half_cell_values(values), 2),
    }
    figures: dict[str, float] = {}
    times: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run.solve(calc_esoh=False)  # builds
    for _ in range(REPEATS):  # in turn, so that both see the same machine
        for name, run in runs.items():
            times[name].append(cpu_time(run))
    for name, found in times.items():
        statistics_of = runs[name].solution.solver_statistics
        figures[f"{name}, CPU ms of 2 cycles"] = 1e3 * statistics.median(found)
        figures[f"{name}, spread, CPU ms"] = 1e3 * (max(found) - min(found))
        figures[f"{name}, solver steps"] = float(statistics_of.number_of_steps)
    ours, theirs = (statistics.median(found) for found in times.values())
    figures["ratio full cell / half-cell DFN"] = ours / theirs
    simulation(build_model(cell), values, 100).solve(calc_esoh=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures["peak memory with a run of 100 cycles, MiB"] = peak
    for name, figure in figures.items():
        print(f"{name:52s}{figure:10.3g}")
    if len(sys.argv) > 1:
        write_figures({**figures, "pybamm": pybamm.__version__}, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
