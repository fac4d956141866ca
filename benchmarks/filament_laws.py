"""Which law of filament growth gives yang2024's lives behind its critical current?

    python benchmarks/filament_laws.py

Filaments do nothing to a cell before they cross its separator, so that other laws can be
tried on the overpotentials and currents of cycles that were run once. The threshold of
each law is set by the critical current behind the SC interlayer (10 mA/cm2, yang-ccd-sc).
The lives follow from the growth in the fourth cycle. Reported: SC at 30C dies after 270
cycles; SC-micro at 25C lives beyond 4000; SC-nano with 4.7 mAh/cm2 at 1C beyond 350.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pybamm
from scipy.optimize import brentq

from twin import names
from twin.parts.formulas.filament import filament_growth_rate
from twin.parts.parameters import load_cell
from twin.run.simulate import simulate

NEVER = 1.0  # V: the most that is allowed; no filament crosses in the cycles run


@dataclass(frozen=True)
class Trace:
    """Plating current [A.m-2] and local overpotential [V] over time [s]."""

    time: np.ndarray
    current: np.ndarray
    overpotential: np.ndarray
    cycle: np.ndarray


Law = Callable[[Trace, float], np.ndarray]


def traced(
    cell: str, experiment: str, arguments: dict[str, str], side: names.Side
) -> Trace:
    """A run without filaments."""
    run = simulate(cell, experiment, {names.FILAMENT_THRESHOLD: NEVER}, arguments)
    ratio = run[names.variable_of(names.FILAMENT_RATIO, side)].to_numpy()
    density = run[names.TOTAL_CURRENT_DENSITY].to_numpy()
    plating = np.where(ratio > 0, np.abs(density), 0.0)
    return Trace(run["time"].to_numpy(), plating, ratio * NEVER, run["cycle"].to_numpy())


def grown(rate: np.ndarray, trace: Trace) -> np.ndarray:
    """Length over time of a filament that grows at a rate [s-1]."""
    steps = np.diff(trace.time) * (rate[1:] + rate[:-1]) / 2
    return np.concatenate([[0.0], np.cumsum(steps)])


def power(exponent: float, charge: float) -> Law:
    """The law of the package: a power of the local overpotential."""

    def law(trace: Trace, threshold: float) -> np.ndarray:
        rate = filament_growth_rate(
            trace.current, trace.overpotential, threshold, charge, exponent
        )
        return grown(rate, trace)

    return law


def by_current(exponent: float, charge: float) -> Law:
    """A power of the current density, whatever overpotential it takes."""

    def law(trace: Trace, threshold: float) -> np.ndarray:
        rate = filament_growth_rate(
            trace.current, trace.current, threshold, charge, exponent
        )
        return grown(rate, trace)

    return law


def by_half_cycle(exponent: float) -> Law:
    """Each plating counts once, by its largest overpotential, however much it plates."""

    def law(trace: Trace, threshold: float) -> np.ndarray:
        length, largest = np.zeros(trace.time.size), 0.0
        total = 0.0
        for n, eta in enumerate(trace.overpotential):
            if eta == 0 and largest > 0:
                z = (largest / threshold) ** exponent
                total, largest = total + z / (1 + z), 0.0
            largest = max(largest, eta)
            length[n] = total
        return length

    return law


def main() -> None:
    """Print the lives that each law gives."""
    pybamm.set_logging_level("CRITICAL")
    charge = load_cell("yang2024_sc").values[names.FILAMENT_CHARGE]
    steps = {"start": "0.25 mA.cm-2", "step": "0.25 mA.cm-2", "end": "10 mA.cm-2"}
    steps |= {"half_cycle_capacity": "0.25 mA.h.cm-2", "cut_off": "5 V"}
    # the electrode that is plated last at each level
    stair = traced("yang2024_sc", "ccd_constant_charge", steps, "negative")
    rates = {
        "SC 30C": ("yang2024_sc_0_2mAh", "30"),
        "SC-micro 25C": ("yang2024_micro_0_5mAh", "25"),
        "SC-nano 1C": ("yang2024_nano_4_7mAh", "1"),
    }
    cells = {}
    for name, (cell, rate) in rates.items():
        arguments = {"charge_rate": rate, "discharge_rate": rate, "rest": "0 min"}
        cells[name] = traced(cell, "rate_test", {**arguments, "cycles": "4"}, "negative")
        last = cells[name].cycle == cells[name].cycle.max()
        print(
            f"{name:14s}largest overpotential "
            f"{cells[name].overpotential[last].max():.3f} V,"
            f" current {cells[name].current[last].max() / 10:.1f} mA/cm2, plated "
            f"{np.trapezoid(cells[name].current[last], cells[name].time[last]) / 36e3:.3f}"
            " mAh/cm2"
        )
    laws: dict[str, Law] = {
        **{f"power {p}": power(p, charge) for p in (2, 4, 7, 10, 20)},
        **{f"current, power {p}": by_current(p, charge) for p in (4, 10)},
        **{f"half cycles, power {p}": by_half_cycle(p) for p in (2, 4, 7, 10)},
    }
    print(f"{'law':28s}{'threshold':>10s}" + "".join(f"{name:>15s}" for name in cells))
    print(f"{'reported':28s}{'':10s}{'270':>15s}{'>= 4000':>15s}{'>= 350':>15s}")
    for name, law in laws.items():

        def missing(log: float, law: Law = law) -> float:
            return float(law(stair, np.exp(log))[-1]) - 1

        try:
            threshold = float(np.exp(brentq(missing, np.log(1e-3), np.log(1e4))))
        except ValueError:
            print(f"{name:28s} reaches no short in the staircase")
            continue
        lives = ""
        for trace in cells.values():
            length = law(trace, threshold)
            last = trace.cycle == trace.cycle.max()
            before = length[~last].max()
            lives += f"{1 / max(length[last].max() - before, 1e-9):15.0f}"
        print(f"{name:28s}{threshold:10.3g}{lives}")


if __name__ == "__main__":
    main()
