"""A search under a constraint beside random designs, on a thin-separator cell.

    python benchmarks/search.py --store random.zarr [--designs 1000] [--plot front.png]
        [--json out.json]

What is wanted is the largest specific energy of the stack at C/2 whose critical current
density, in half cycles of 1 mAh/cm2 at 25 C, is not below 2 mA/cm2; thicknesses, the
composition of the cathode and a stack pressure of at most 1 MPa are free. The random
designs are kept in the store: the same command goes on there. Both are seeded.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np
import pybamm
from figures import write_figures

from twin import names
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.plots_search import plot_search
from twin.studies.campaign import executor, run_campaign, unit_rows
from twin.studies.joint import of_the_staircase, source
from twin.studies.ranges import factors_of
from twin.studies.search import search

CELL = load_cell("thin_llzo_ncm622").with_values(
    {names.STACK_PRESSURE: 1e6}, origin="the benchmark"
)
ARGUMENTS = {
    "cycles": "1",
    "rest": "0 min",
    "charge_rate": "0.1",
    "discharge_rate": "0.5",
    "upper": "4.3 V",
    "lower": "2.8 V",
    "half_cycle_capacity": "1 mA.h.cm-2",
    "end": "4 mA.cm-2",
}
VARY = [
    "Separator thickness=10:50 um",
    "Lithium thickness=10:40 um",
    "Interlayer thickness=10:50 um",
    "Positive electrode active material loading=8:30 mg.cm-2",
    "Positive electrode active material volume fraction=0.35:0.6",
    "pressure=0.1:1 MPa",
]
GOAL, LIMITED, LEAST = "specific energy", "critical current density", 20.0  # A.m-2
SEED = 1


def by_chance(count: int, place: Path) -> dict[str, float]:
    """The best of so many random designs that keeps the limit."""
    experiment = load_experiment("rate_test")
    own, levels = of_the_staircase(ARGUMENTS, experiment)
    protocol = experiment.with_arguments(own)
    factors = factors_of(CELL, protocol, VARY)
    rows = unit_rows(np.random.default_rng(SEED).random((count, len(factors))), factors)
    inputs = tuple(factor.name for factor in factors)
    study = source(CELL, protocol, levels).study(inputs, (GOAL, LIMITED))
    identity = {"search": GOAL, "arguments": ARGUMENTS, "vary": VARY, "seed": SEED}
    kept = run_campaign(study, rows, identity, executor(os.cpu_count() or 1), place)
    values = kept.values()
    good = values[:, 1] >= LEAST  # false where a design failed
    best = int(np.flatnonzero(good)[np.argmax(values[good, 0])])
    return {
        "random designs": float(count),
        "random designs that could not be run": float(len(kept.reasons())),
        "random designs that keep the limit": float(good.sum()),
        "best random design, Wh/kg": values[best, 0] / 3600,
        **{f"best random design, {n}": v for n, v in zip(inputs, rows[best], strict=True)},
    }


def main() -> None:
    """Search, compare, print, and write files if they are named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--designs", type=int, default=1000)
    parser.add_argument("--evaluations", type=int, default=600)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    pybamm.set_logging_level("ERROR")
    begun = time.process_time()
    found = search(
        CELL,
        "rate_test",
        None,
        ARGUMENTS,
        goal=GOAL,
        subject=[f"{LIMITED} >= {LEAST / 10:g} mA.cm-2"],
        vary=VARY,
        seed=SEED,
        evaluations=given.evaluations,
    )
    figures = {
        "search, Wh/kg": found.values[GOAL] / 3600,
        "search, mA/cm2": found.values[LIMITED] / 10,
        "search keeps the limit": float(found.feasible),
        "search, designs run": float(found.designs.sizes["design"]),
        "search, CPU s": time.process_time() - begun,
        **{f"search, {name}": value for name, value in found.design.items()},
    }
    if given.plot:
        plot_search(found, given.plot)
    for name, figure in figures.items():
        print(f"{name:80s}{figure:12.5g}", flush=True)
    chance = by_chance(given.designs, given.store)
    for name, figure in chance.items():
        print(f"{name:80s}{figure:12.5g}")
    if given.json:
        ratio = figures["search, Wh/kg"] / chance["best random design, Wh/kg"]
        better = {"ratio search / best random design, Wh/kg": ratio}
        write_figures({**figures, **chance, **better}, given.json)


if __name__ == "__main__":
    main()
