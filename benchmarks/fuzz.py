"""Random designs through every kind of run: none may crash, hang or give what is no number.

    python benchmarks/fuzz.py out.jsonl [--samples 2000] [--seed 1] [--limit 60]
        [--json out.json]
    python benchmarks/fuzz.py out.jsonl --again 17

Every sample is a shipped cell with some of its parameters drawn anew: either a few of them
from all that is physically possible, or all of them from about what they are. It is
stripped, discharged at a rate, taken up a staircase of currents and aged by five cycles,
where such a run exists for its model. Each run has a process of its own, which ends after
``--limit`` seconds of CPU time.

A run ends solved, stopped by a named event, or refused with one of the package's own
errors; failures of the solver, which are among those, are counted by themselves. Results
are appended to the file, one line a sample; the same command goes on where it was ended.
``--again`` runs one sample more, in this process and without writing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import multiprocessing
import os
import re
import resource
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import numpy as np
import pybamm
import xarray as xr
from figures import write_figures

import twin
from twin import names
from twin.errors import SolveError, TwinError
from twin.parts.catalogue import known
from twin.parts.cell import Cell
from twin.parts.parameters import load_cell
from twin.parts.protocols import Protocol, load_experiment
from twin.parts.records import Record
from twin.run.ageing import SOLVER_FAILED, Request, age
from twin.run.results import COMPLETED, ENDED_BY, RESCUED

#: Shipped cells of all five papers: foils, scaffolds, interlayers with and without host,
#: full cells of four chemistries, anode-free cells on a substrate and in a host.
BASES: Final = (
    "mann2025_lina",
    "mann2025_li_25C",
    "zhu2025_llto60",
    "zhu2025_li",
    "peng2025_10kco",
    "peng2025_0kco",
    "peng2025_10kco_m10C",
    "yang2024_li",
    "yang2024_nano",
    "yang2024_sc",
    "yang2024_micro",
    "peng2025_lfp_10kco",
    "zhu2025_lco_llto60",
    "thin_llzo_ncm622",
    "yang2024_li_0_2mAh",
    "yang2024_nano_5mAh",
    "yang2024_sc_0_5mAh",
    "llto_cnt2025_ncm",
    "llto_cnt2025_ncm_anode_free",
    "llto_cnt2025_ncm_cu",
    "llto_cnt2025_ncm_cu_anode_free",
)

#: Not part of a design: an experiment sets them, or they set the scale of all currents.
FIXED: Final = (
    names.POLARISATION_CUT_OFF,
    names.NOMINAL_CAPACITY,
    names.ELECTRODE_AREA,
    names.CATHODE_CAPACITY,
)

#: What is physically possible, where the catalogue's bounds only catch slips of units.
POSSIBLE: Final = {
    names.AMBIENT_TEMPERATURE: (253.15, 393.15),
    names.STACK_PRESSURE: (1e3, 400e6),
    names.LITHIUM_THICKNESS: (1e-7, 1e-3),
    names.SEPARATOR_THICKNESS: (1e-6, 1e-3),
    names.INTERLAYER_THICKNESS: (1e-7, 1e-3),
    names.PLATED_THICKNESS: (1e-9, 1e-3),
    names.CATHODE_LOADING: (1e-3, 1.0),
    names.CATHODE_RADIUS: (1e-8, 5e-5),
    names.LITHIUM_DIFFUSIVITY: (1e-19, 1e-9),
    names.LITHIUM_SITE_CONCENTRATION: (1e4, 1e5),
    names.CATHODE_MAXIMUM_CONCENTRATION: (1e4, 1e5),
    names.SCAFFOLD_AREA_RATIO: (1.0, 1e3),
    names.NP_RATIO: (0.0, 10.0),
    names.CREEP_EXPONENT: (1.0, 10.0),
    names.CROWDING_EXPONENT: (0.0, 3.0),
}

#: Parts of one volume.
VOLUMES: Final = (
    (names.CATHODE_ACTIVE_FRACTION, names.CATHODE_POROSITY),
    (names.INTERLAYER_CONDUCTOR_FRACTION, names.INTERLAYER_POROSITY),
)

#: An activation energy between none and about 1 eV [J.mol-1].
ACTIVATION: Final = (0.0, 1e5)

#: Factor by which a value without bounds of its own is raised or lowered: where a few
#: parameters are drawn from all that is possible, and where all from about what they are.
FAR, NEAR = 1e3, 3.0

#: A process that waits uses no CPU time: so many times its limit by the clock is too long.
BY_THE_CLOCK: Final = 10

#: What takes seconds to import, once for all processes.
PRELOADED: Final = ["pybamm", "twin.run.simulate", "twin.run.ageing", "twin.studies.ccd"]

#: Outcomes that nothing legal may have.
FORBIDDEN: Final = ("crash", "hang", "not a number")

#: All outcomes but "solved".
UNSOLVED: Final = ("event", "refused", "solver failed", *FORBIDDEN)


# --- designs --------------------------------------------------------------------------


def drawn(rng: np.random.Generator, record: Record, *, far: bool) -> float:
    """A value for a parameter: from all that is possible, or from about what it is."""
    name, value = record.name, record.value
    allowed = known(name).allowed
    if not far and record.low is not None and record.high is not None:
        low, high = record.low, record.high
    elif far and name in POSSIBLE:
        low, high = POSSIBLE[name]
    elif far and name.endswith("activation energy [J.mol-1]"):
        low, high = ACTIVATION
    elif name == names.HOST_POTENTIAL:
        low, high = value - 0.3, value + 0.3
    elif name == names.AMBIENT_TEMPERATURE:
        low, high = value - 20, value + 20
    elif far and math.isfinite(allowed.high) and known(name).unit is None:
        low, high = allowed.low, allowed.high
        if rng.random() < 0.2:  # the ends themselves, where they are allowed
            end = float(rng.choice([low, high]))
            return end if end in allowed else value
    elif value > 0:
        factor = FAR if far else NEAR
        low, high = value / factor, value * factor
    else:
        return value
    share = rng.random()
    ratio = low > 0 and high / low > 10
    found = low * (high / low) ** share if ratio else low + (high - low) * share
    # the open end of an interval is no value, nor is what lies beyond a closed one
    return float(found) if found in allowed else value


def design(rng: np.random.Generator) -> tuple[str, dict[str, float]]:
    """A shipped cell and what is changed of it."""
    base = str(rng.choice(BASES))
    cell = load_cell(base)
    varied = [name for name in sorted(cell.records) if name not in FIXED]
    far = bool(rng.random() < 0.6)
    if far:
        varied = [str(one) for one in rng.choice(varied, rng.integers(1, 9), replace=False)]
    changes = {name: drawn(rng, cell.records[name], far=far) for name in varied}
    for parts in VOLUMES:
        total = sum(changes.get(part, cell.values.get(part, 0.0)) for part in parts)
        if total > 1 and rng.random() < 0.9:  # refused at once: enough of those
            changes = {name: value for name, value in changes.items() if name not in parts}
    return base, changes


def between(rng: np.random.Generator, low: float, high: float, unit: str = "") -> str:
    """An argument of an experiment, even in its logarithm."""
    return f"{low * (high / low) ** rng.random():.6g} {unit}".strip()


# --- runs -----------------------------------------------------------------------------


def stripping(cell: Cell, rng: np.random.Generator) -> xr.Dataset:
    current = between(rng, 0.01, 20, "mA.cm-2")
    return twin.simulate(cell, "full_stripping", arguments={"current_density": current})


def discharge(cell: Cell, rng: np.random.Generator) -> xr.Dataset:
    """A discharge at C/1000 to 200C; most often a charge at another rate before it."""
    arguments = {"discharge_rate": between(rng, 0.001, 200), **window(cell)}
    if rng.random() < 0.3:
        del arguments["upper"]
        return twin.simulate(cell, "discharge", arguments=arguments)
    arguments.update(charge_rate=between(rng, 0.001, 200), cycles="1")
    return twin.simulate(cell, "rate_test", arguments=arguments)


def staircase(cell: Cell, rng: np.random.Generator) -> xr.Dataset:
    arguments = {
        "half_cycle_capacity": between(rng, 0.01, 1, "mA.h.cm-2"),
        "start": between(rng, 0.01, 0.5, "mA.cm-2"),
        "step": between(rng, 0.05, 1, "mA.cm-2"),
    }
    return twin.ccd(cell, arguments=arguments, sensitivity=False).run


def ageing(cell: Cell, rng: np.random.Generator) -> xr.Dataset:
    arguments = {"cycles": "5"}
    protocol: Protocol
    if cell.model == "SymmetricCell":
        protocol = load_experiment("strip_plate_cycling")
        arguments["current_density"] = between(rng, 0.02, 5, "mA.cm-2")
        arguments["half_cycle_capacity"] = between(rng, 0.01, 2, "mA.h.cm-2")
    else:
        protocol = load_experiment("rate_test")
        arguments["charge_rate"] = between(rng, 0.1, 5)
        arguments["discharge_rate"] = between(rng, 0.1, 5)
        if rng.random() < 0.3:
            arguments["longest_hold"] = "1 h"
        arguments.update(window(cell))
    return age(cell, protocol.with_arguments(arguments), Request(5))


def window(cell: Cell) -> dict[str, str]:
    iron = cell.options.get("cathode potential") == "Prada2013"
    return {"upper": "4.0 V" if iron else "4.2 V", "lower": "2.5 V"}


Run = Callable[[Cell, np.random.Generator], xr.Dataset]
RUNS: Final[dict[str, Run]] = {
    "stripping": stripping,
    "discharge": discharge,
    "staircase": staircase,
    "ageing": ageing,
}
OF_MODEL: Final = {
    "SymmetricCell": ("stripping", "staircase", "ageing"),
    "FullCell": ("discharge", "ageing"),
    "AnodeFreeCell": ("discharge", "ageing"),
}


def outcome(
    cell_name: str, changes: Mapping[str, float], kind: str, seed: list[int]
) -> dict[str, Any]:
    """How one run of one design ends, and the first warning that a user would see."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        found = end_of(cell_name, changes, kind, seed)
    if warned:
        found["warned"] = str(warned[0].message)
    return found


def end_of(
    cell_name: str, changes: Mapping[str, float], kind: str, seed: list[int]
) -> dict[str, Any]:
    """How one run of one design ends."""
    rng = np.random.default_rng([*seed, list(RUNS).index(kind)])
    try:
        cell = load_cell(cell_name).with_values(changes, origin="this sample")
        run = RUNS[kind](cell, rng)
    except SolveError as error:
        return {"ended": "solver failed", "detail": str(error)}
    except TwinError as error:
        return {"ended": "refused", "detail": f"{type(error).__name__}: {error}"}
    wrong = [
        str(name)
        for name, values in run.data_vars.items()
        if not np.isfinite(np.asarray(values, dtype=float)).all()
    ]
    if wrong:
        return {"ended": "not a number", "detail": ", ".join(wrong)}
    again = int(run.attrs.get("solver_attempts", 1)) - 1
    again += int(run.attrs.get("second_attempts", 0))
    event = str(run.attrs[ENDED_BY])
    if event == SOLVER_FAILED:
        found = {"ended": "solver failed", "detail": str(run.attrs.get("notes", ""))}
    elif event == COMPLETED:
        found = {"ended": "solved", "detail": ""}
    else:
        found = {"ended": "event", "detail": event}
    return {**found, "retries": again, "rescued": str(run.attrs.get(RESCUED, ""))}


def child(pipe: Connection, limit: int, arguments: tuple[Any, ...]) -> None:
    """What a run's own process does: it is ended by the system after its CPU time."""
    used = math.ceil(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (used + limit, used + limit + 1))
    with open(os.devnull, "w") as nowhere:  # what the integrator prints
        os.dup2(nowhere.fileno(), 2)
        os.dup2(nowhere.fileno(), 1)
    start = time.process_time()
    try:
        found = outcome(*arguments)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f for f in frames if "/twin/" in f.filename] or frames
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
        found = {"ended": "crash", "detail": f"{type(error).__name__} at {place}: {error}"}
    pipe.send({**found, "cpu": round(time.process_time() - start, 2)})


def alone(context: Any, limit: int, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """A run in a process of its own."""
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=child, args=(theirs, limit, arguments))
    process.start()
    theirs.close()
    found: dict[str, Any] | None = None
    if ours.poll(BY_THE_CLOCK * limit):
        with contextlib.suppress(EOFError):  # it ended without a word
            found = ours.recv()
    else:
        process.kill()
    process.join()
    if found is not None:
        return found
    if process.exitcode in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"ended": "hang", "detail": f"more than {limit} s"}
    return {"ended": "crash", "detail": f"the process ended with {process.exitcode}"}


# --- the file -------------------------------------------------------------------------


def samples_of(path: Path) -> list[dict[str, Any]]:
    """Whole lines of the file; half a line that a killed run left is cut off."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, encoding="utf-8")
    return [json.loads(line) for line in whole.splitlines()]


def rule(detail: str) -> str:
    """A message without its place and numbers: one text for each rule."""
    _, _, text = detail.rpartition(".toml: ")
    text = re.sub(r"cell \w+(, experiment \w+)?: ", "", text)
    return re.sub(r"[-+]?\d+(\.\d*)?(e[-+]?\d+)?", "#", text)[:110]


def table(found: list[dict[str, Any]]) -> Iterator[str]:
    """Lines of the table of outcomes."""
    runs = [run for sample in found for run in sample["runs"].values()]
    counts = Counter(run["ended"] for run in runs)
    yield f"{'samples':44s}{len(found):7d}"
    yield f"{'runs':44s}{len(runs):7d}"
    cost = np.mean([run.get("cpu", 0) for run in runs])
    yield f"{'CPU time of a run, mean, s':44s}{cost:7.2f}"
    yield f"{'solved':44s}{counts['solved']:7d}"
    for kind in UNSOLVED:
        yield f"{kind:44s}{counts[kind]:7d}"
        details = Counter(rule(run["detail"]) for run in runs if run["ended"] == kind)
        for text, count in details.most_common():
            yield f"    {count:5d}  {text}"
    good = [run for run in runs if run["ended"] in ("solved", "event")]
    again = sum(run["retries"] > 0 for run in good)
    yield f"{'solved or stopped by an event after a retry':44s}{again:7d}"
    names_of = [re.sub(r" \(\d+\)", "", run.get("rescued", "")) for run in good]
    by = Counter(name for one in names_of for name in one.split(", ") if name)
    for text, count in by.most_common():
        yield f"    {count:5d}  {text}"
    yield f"{'with a warning':44s}{sum('warned' in run for run in runs):7d}"
    texts = Counter(rule(run["warned"]) for run in runs if "warned" in run)
    for text, count in texts.most_common():
        yield f"    {count:5d}  {text}"


def figures(found: list[dict[str, Any]]) -> dict[str, float]:
    """How many runs ended in which way, and what they cost."""
    runs = [run for sample in found for run in sample["runs"].values()]
    counts = Counter(run["ended"] for run in runs)
    counts["with a warning"] = sum("warned" in run for run in runs)
    told = ("solved", *UNSOLVED, "with a warning")
    return {
        "samples": len(found),
        "runs": len(runs),
        **{f"share of runs, {kind}, %": 100 * counts[kind] / len(runs) for kind in told},
        "CPU s a run": float(np.mean([run.get("cpu", 0) for run in runs])),
    }


def sample(number: int, seed: int) -> tuple[str, dict[str, float], tuple[str, ...]]:
    """Cell, changes and kinds of run of a sample."""
    base, changes = design(np.random.default_rng([seed, number]))
    return base, changes, OF_MODEL[load_cell(base).model]


def main() -> None:
    """Run, append, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=60, help="CPU time of a run [s]")
    parser.add_argument("--json", type=Path, help="file of the shares of each outcome")
    parser.add_argument("--again", type=int, help="one sample, in this process")
    given = parser.parse_args()
    pybamm.set_logging_level("CRITICAL")
    if given.again is not None:
        base, changes, kinds = sample(given.again, given.seed)
        print(base, json.dumps(changes, indent=2))
        for kind in kinds:
            print(kind, outcome(base, changes, kind, [given.seed, given.again]))
        return
    found = samples_of(given.file)
    if any(one["seed"] != given.seed for one in found):
        sys.exit(f"{given.file} is of another seed; name another file or give that seed")
    done = {one["sample"] for one in found}
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with given.file.open("a", encoding="utf-8") as file:
        for number in range(given.samples):
            if number in done:
                continue
            base, changes, kinds = sample(number, given.seed)
            seed = [given.seed, number]
            runs = {
                kind: alone(context, given.limit, (base, changes, kind, seed))
                for kind in kinds
            }
            one = {
                "sample": number,
                "seed": given.seed,
                "cell": base,
                "changes": changes,
                "runs": runs,
            }
            found.append(one)
            file.write(json.dumps(one) + "\n")
            file.flush()
    wanted = [one for one in found if one["sample"] < given.samples]
    print("\n".join(table(wanted)))
    if given.json:
        write_figures(figures(wanted), given.json)


if __name__ == "__main__":
    main()
