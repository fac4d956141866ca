"""Speed of the symmetric cell beside plain PyBaMM, measured in one run.

    python benchmarks/stripping.py [out.json]

Prints a table of CPU times and their ratios: one full stripping after the first build
beside plain diffusion on the same mesh, and 200 parameter samples batched beside
rebuilding the model for each. CPU times of one process are compared with each other
only; on another machine the ratios should hold, the times will not.
"""

from __future__ import annotations

import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pybamm
from figures import write_figures

from twin import names
from twin.models.lithium_electrode import (
    ElectrodeDesign,
    electrode_geometry,
    electrode_meshes,
    electrode_points,
)
from twin.models.parameter_values import mann2025_lina
from twin.models.symmetric_cell import SymmetricCell

REPEATS = 15
SAMPLES = 200
REBUILT = 10
CURRENT = 10 * 0.385e-4  # 1 mA.cm-2
DESIGN = ElectrodeDesign()
LONGEST = 40 * 3600.0


def cpu_times(task: Callable[[], object], repeats: int) -> list[float]:
    """CPU seconds of each of several runs of a task, all threads counted."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        task()
        times.append(time.process_time() - start)
    return times


def solver(threads: int = 1, outputs: list[str] | None = None) -> pybamm.IDAKLUSolver:
    return pybamm.IDAKLUSolver(
        rtol=1e-6,
        atol=1e-8,
        output_variables=outputs or [],
        options={"num_threads": threads},
    )


def cell_values() -> pybamm.ParameterValues:
    values = mann2025_lina()
    values[names.CURRENT_FUNCTION] = CURRENT
    values[names.POLARISATION_CUT_OFF] = 1.0
    return values


def stripping() -> Callable[[], object]:
    """One full stripping to 1 V, model built beforehand."""
    simulation = pybamm.Simulation(
        SymmetricCell(), parameter_values=cell_values(), solver=solver()
    )
    simulation.solve([0, LONGEST])
    return lambda: simulation.solve([0, LONGEST])


def plain_diffusion() -> Callable[[], object]:
    """Diffusion alone in two slabs on the same mesh, over the same time."""
    model = pybamm.BaseModel("plain diffusion")
    geometry, points, meshes = {}, {}, {}
    for side, sign in (("negative", 1), ("positive", -1)):
        domain = names.lithium_domain(side)
        occupancy = pybamm.Variable(f"{side} u", domain=domain)
        diffusivity = pybamm.Scalar(7e-14 / 140e-6**2)
        model.rhs[occupancy] = pybamm.div(diffusivity * pybamm.grad(occupancy))
        slope = pybamm.Scalar(sign * 1.35e-9 * 140e-6 / 7e-14)
        model.boundary_conditions[occupancy] = {
            "left": (slope, "Neumann"),
            "right": (pybamm.Scalar(0), "Neumann"),
        }
        model.initial_conditions[occupancy] = pybamm.Scalar(1)
        surface = pybamm.boundary_value(occupancy, "left")
        model.variables[f"{side} surface"] = surface
        geometry.update(electrode_geometry(side, DESIGN))
        points.update(electrode_points(side, DESIGN))
        meshes.update(electrode_meshes(side, DESIGN))
        if side == "negative":
            model.events.append(pybamm.Event("depleted", surface))
    simulation = pybamm.Simulation(
        model,
        geometry=geometry,
        submesh_types=meshes,
        var_pts=points,
        spatial_methods={domain: pybamm.FiniteVolume() for domain in meshes},
        parameter_values=pybamm.ParameterValues({}),
        solver=solver(),
    )
    simulation.solve([0, LONGEST])
    return lambda: simulation.solve([0, LONGEST])


def samples() -> list[dict[str, float]]:
    random = np.random.default_rng(1)
    return [
        {
            names.LITHIUM_DIFFUSIVITY: 1.3e-14 * factor,
            names.LITHIUM_THICKNESS: 140e-6 * scale,
        }
        for factor, scale in random.uniform(0.7, 1.3, (SAMPLES, 2))
    ]


def batched(inputs: list[dict[str, float]]) -> Callable[[], object]:
    """All samples in one batched solve, two threads."""
    values = cell_values()
    values.update(dict.fromkeys(inputs[0], "[input]"))
    simulation = pybamm.Simulation(
        SymmetricCell(),
        parameter_values=values,
        solver=solver(2, [names.VOLTAGE, names.AREAL_CAPACITY]),
    )
    simulation.solve([0, LONGEST], inputs=inputs[:2])
    return lambda: simulation.solve([0, LONGEST], inputs=inputs)


def rebuilt(inputs: list[dict[str, float]]) -> Callable[[], object]:
    """Model, parameters and solver made anew for each sample."""

    def run() -> None:
        for sample in inputs:
            values = cell_values()
            values.update(sample)
            pybamm.Simulation(
                SymmetricCell(), parameter_values=values, solver=solver()
            ).solve([0, LONGEST])

    return run


def wall_time(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def main() -> None:
    """Measure, print the table, and write it if a file is named."""
    pybamm.set_logging_level("ERROR")
    ours, plain = stripping(), plain_diffusion()
    one = cpu_times(ours, REPEATS)
    diffusion = cpu_times(plain, REPEATS)
    inputs = samples()
    batch = wall_time(batched(inputs)) / SAMPLES
    rebuild = wall_time(rebuilt(inputs[:REBUILT])) / REBUILT
    figures = {
        "one full stripping, CPU ms": 1e3 * statistics.median(one),
        "  spread (max - min), CPU ms": 1e3 * (max(one) - min(one)),
        "plain diffusion, same mesh, CPU ms": 1e3 * statistics.median(diffusion),
        "  spread (max - min), CPU ms ": 1e3 * (max(diffusion) - min(diffusion)),
        "ratio stripping / plain diffusion": statistics.median(one)
        / statistics.median(diffusion),
        "one of 200 batched samples, wall ms": 1e3 * batch,
        "one rebuilt sample, wall ms": 1e3 * rebuild,
        "ratio rebuilt / batched": rebuild / batch,
        "peak memory, MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    for name, figure in figures.items():
        print(f"{name:40s}{figure:10.3g}")
    machine = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "pybamm": pybamm.__version__,
    }
    if len(sys.argv) > 1:
        write_figures({**figures, **machine}, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
