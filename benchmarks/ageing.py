"""Cost of ageing beside resolving every cycle with a PyBaMM experiment, in one run.

    python benchmarks/ageing.py [out.json]

20 000 cycles at 30C of the cell with the SC-nano interlayer, from a cold start of the
command line and with the run that tells the error on the other core, beside the same model
and protocol as a PyBaMM experiment, of which a stretch is resolved and its cost per cycle
multiplied. Both run at the tolerances of the package.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pybamm
from figures import write_figures

import twin
from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.run.solving import pybamm_experiment

CELL = "yang2024_nano_0_2mAh"
CYCLES = 20_000
STRETCH = 40
RATES = {"charge_rate": "30", "discharge_rate": "30", "rest": "0 min"}


def aged(folder: Path) -> dict[str, float]:
    """The whole run as a user types it."""
    out = folder / "aged.nc"
    command = [sys.executable, "-m", "twin", "age", CELL, "rate_test"]
    command += ["--cycles", str(CYCLES), "-o", str(out)]
    command += [f"--set={name}={value}" for name, value in RATES.items()]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = twin.load(out)
    capacity = result["Discharge capacity [C.m-2]"]
    error = result["Error of discharge capacity [C.m-2]"]
    return {
        "twin age, wall s": wall,
        "twin age, CPU s of both runs": after.ru_utime - before.ru_utime,
        "twin age, peak memory of one process, MiB": after.ru_maxrss / 1024,
        "cycles run": int(result.attrs["cycles_run"]),
        "cycles run for the error": int(result.attrs["second_run_cycles_run"]),
        "cycles reached": float(capacity.size),
        "retention, %": 100 * float(capacity[-1] / capacity[0]),
        "its error estimate, points": 100 * float(error[-1] / capacity[0]),
    }


def resolved() -> float:
    """CPU seconds of a cycle of a PyBaMM experiment, without its first and its set-up."""
    cell = load_cell(CELL)
    experiment = load_experiment("rate_test")

    def cpu(cycles: int) -> float:
        schedule = experiment.with_arguments({**RATES, "cycles": str(cycles)}).schedule()
        model = build_model(cell)
        simulation = pybamm.Simulation(
            model,
            experiment=pybamm_experiment(schedule, cell, "benchmark"),
            parameter_values=parameter_values(cell),
            solver=model.default_solver,
        )
        begun = time.process_time()
        simulation.solve(calc_esoh=False)
        return time.process_time() - begun

    return (cpu(STRETCH) - cpu(2)) / (STRETCH - 2)


def main() -> None:
    """Measure, print, and write a file if one is named."""
    pybamm.set_logging_level("CRITICAL")
    per_cycle = resolved()
    with tempfile.TemporaryDirectory() as folder:
        figures = aged(Path(folder))
    figures["PyBaMM experiment, CPU s a cycle"] = per_cycle
    ratio = per_cycle * CYCLES / figures["twin age, CPU s of both runs"]
    figures["ratio of CPU time, every cycle / twin age"] = ratio
    for name, figure in figures.items():
        print(f"{name:44s}{figure:10.4g}")
    if len(sys.argv) > 1:
        machine = {"pybamm": pybamm.__version__, "cores": os.cpu_count()}
        write_figures({**figures, **machine}, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
