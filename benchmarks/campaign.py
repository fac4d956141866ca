"""Throughput of campaigns on a full cell with interlayer, beside loops of plain PyBaMM.

    python benchmarks/campaign.py [--samples 10000] [--json out.json]

Every sample is a charge at 1C and a discharge at 10C of yang2024's 0.2 mAh/cm2 cell, with
eight parameters drawn from the ranges of their records. The loops solve the same model at
the same tolerances over the same voltages as a PyBaMM experiment, once with everything
built anew for each sample, once with one simulation and inputs. They run on a few samples
only. Campaigns compile the equations first in each process, as large ones do by themselves;
the seconds of their start tell what that takes. Rates are per second of the wall clock; CPU
times per sample compare better where other work shares the machine. Those of campaigns are
what samples cost beyond the first 64, so that starting processes, building models and
compiling are left out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pybamm
from figures import write_figures

from twin import names
from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.run.solving import pybamm_experiment
from twin.studies.campaign import executor, run_campaign, unit_rows
from twin.studies.cluster import LOCAL
from twin.studies.evaluation import Study
from twin.studies.ranges import factors_of

CELL = load_cell("yang2024_nano_0_2mAh")
PROTOCOL = load_experiment("rate_test").with_arguments(
    {"cycles": "1", "rest": "0 min", "charge_rate": "1", "discharge_rate": "10"}
)
SCHEDULE = PROTOCOL.schedule()
VARIED = [
    "Positive particle radius",
    "Positive particle diffusivity at 25 C",
    "Positive electrode exchange-current density at 25 C",
    "Catholyte conductivity at 25 C",
    "Separator bulk conductivity at 25 C",
    "Interlayer exchange-current density at 25 C",
    "Interlayer matrix ionic conductivity at 25 C",
    "Interlayer porosity",
]
FACTORS = factors_of(CELL, PROTOCOL, VARIED)
STUDY = Study(
    CELL, SCHEDULE, tuple(factor.name for factor in FACTORS), ("energy", "capacity")
)
#: What `twin sensitivity` makes of a study of 2000 samples or more.
LARGE = replace(STUDY, compiled=True)
#: Samples of the loops, and those of a campaign that its start is measured with.
REBUILT, REUSED, FIRST = 6, 24, 64


def rows(count: int) -> np.ndarray:
    return unit_rows(np.random.default_rng(1).random((count, len(FACTORS))), FACTORS)


def timed(task: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the wall clock, and of CPU time with all processes that have ended."""

    def spent() -> float:
        both = [
            resource.getrusage(who)
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        ]
        return sum(one.ru_utime + one.ru_stime for one in both)

    start, before = time.perf_counter(), spent()
    task()
    for child in multiprocessing.active_children():
        child.join()  # its time counts once it has ended
    return time.perf_counter() - start, spent() - before


def simulation(inputs: bool, sample: dict[str, float]) -> pybamm.Simulation:
    values = parameter_values(CELL)
    values.update(dict.fromkeys(sample, "[input]") if inputs else sample)
    return pybamm.Simulation(
        build_model(CELL, energy=True),
        parameter_values=values,
        experiment=pybamm_experiment(SCHEDULE, CELL, "a loop"),
        solver=pybamm.IDAKLUSolver(
            rtol=1e-6,
            atol=1e-8,
            output_variables=[names.DISCHARGE_ENERGY, names.DISCHARGE_CAPACITY],
            options={"suppress_algebraic_error": True},
        ),
    )


def samples(count: int) -> list[dict[str, float]]:
    inputs = STUDY.inputs
    return [dict(zip(inputs, map(float, row), strict=True)) for row in rows(count)]


def rebuilt() -> None:
    for sample in samples(REBUILT):
        simulation(False, sample).solve(calc_esoh=False)


def reused() -> Callable[[], None]:
    given = samples(REUSED)
    one = simulation(True, given[0])
    one.solve(inputs=given[0], calc_esoh=False)  # builds

    def run() -> None:
        for sample in given:
            one.solve(inputs=sample, calc_esoh=False)

    return run


def campaign(count: int, workers: int, scheduler: str | None) -> Callable[[], None]:
    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "samples.zarr")
            by = executor(workers, scheduler)
            store = run_campaign(LARGE, rows(count), {"benchmark": 1}, by, place)
            assert store.done == count
            failed = len(store.reasons())
            if failed:
                print(f"{failed} of {count} samples failed")

    return run


def memory(count: int) -> float:
    """Peak memory [MiB] of one process that evaluates so many samples, batch by batch."""
    import subprocess
    import sys

    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import campaign, resource;"
        "campaign.campaign(int(sys.argv[2]), 1, None)();"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    here = str(Path(__file__).parent)
    words = [sys.executable, "-c", code, here, str(count)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def main() -> None:
    """Measure, print, and write a file if one is named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    count, cores = given.samples, os.cpu_count() or 1
    pybamm.set_logging_level("ERROR")
    figures: dict[str, float] = {"samples": count, "cores": cores}

    def note(name: str, of: int, spent: tuple[float, float]) -> None:
        figures[f"{name}, samples/s"] = of / spent[0]
        figures[f"{name}, CPU ms/sample"] = 1e3 * spent[1] / of
        print(f"{name:40s}{of / spent[0]:10.3g} /s{1e3 * spent[1] / of:10.4g} CPU ms")

    note("loop that rebuilds", REBUILT, timed(rebuilt))
    note("loop that reuses the model", REUSED, timed(reused()))
    here = STUDY.prepare()
    here(rows(1))  # sets the solver up
    few = rows(32)
    note("one process, one batch of 32", 32, timed(lambda: here(few)))
    for name, scheduler in ((f"{cores} processes", None), ("Dask on this machine", LOCAL)):
        few_of_them = timed(campaign(FIRST, cores, scheduler))
        all_of_them = timed(campaign(count, cores, scheduler))
        beyond = tuple(b - a for a, b in zip(few_of_them, all_of_them, strict=True))
        figures[f"{name}, start and {FIRST} samples, s"] = few_of_them[0]
        note(name, count - FIRST, beyond)
    for size in (FIRST, min(count, 10 * FIRST)):
        figures[f"peak memory of {size} samples, MiB"] = memory(size)
    for kind, better in (("samples/s", 1), ("CPU ms/sample", -1)):
        ours, rebuilding, reusing, dask = (
            figures[f"{name}, {kind}"] ** better
            for name in (
                f"{cores} processes",
                "loop that rebuilds",
                "loop that reuses the model",
                "Dask on this machine",
            )
        )
        figures[f"beside the loop that rebuilds, by {kind}"] = ours / rebuilding
        figures[f"beside the loop that reuses, by {kind}"] = ours / reusing
        figures[f"Dask beside processes, by {kind}"] = dask / ours
    for name, figure in figures.items():
        print(f"{name:52s}{figure:10.4g}")
    if given.json:
        write_figures({**figures, "pybamm": pybamm.__version__}, given.json)


if __name__ == "__main__":
    main()
