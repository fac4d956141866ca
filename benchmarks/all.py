"""Every benchmark in one command: medians and spread of what each one measures.

    python benchmarks/all.py out.json [--table table.md] [--repeats 3]
        [--long | --only NAME ...]

Each benchmark runs in a process of its own, again and again, and measures this package
beside PyBaMM in the same run. Long ones run once, and only if asked for. The JSON file has
every figure of every run, the machine and the versions; it is written after each run. A
benchmark that fails is noted there, the others go on, and the exit code is 1. The same
command goes on where it was broken off, and tries again what failed. The table has what
compares between machines: ratios, memory and accuracy, and no times.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from figures import write_figures

HERE = Path(__file__).parent

#: Each benchmark and the arguments before the file that it writes.
BENCHMARKS: dict[str, list[str]] = {
    "stripping": [],
    "full_cell": [],
    "ccd": [],
    "impedance": [],
    "ageing": [],
    "campaign": ["--samples", "2048", "--json"],
}

#: The same of those that take long; "{folder}" is one that is gone afterwards.
LONG: dict[str, list[str]] = {
    "validate": ["--json"],
    "fitted_parameters": ["--json"],
    "campaign_memory": ["--json"],
    "synthetic_fit": ["--json"],
    "search": ["--store", "{folder}/random.zarr", "--json"],
    "mutation": ["--json"],
    "jumps": [],
    "fuzz": ["{folder}/designs.jsonl", "--samples", "500", "--json"],
}

EVERY = BENCHMARKS | LONG

#: About how many CPU minutes each of the long ones takes on one machine.
MINUTES = {
    "validate": 8,
    "fitted_parameters": 2,
    "campaign_memory": 4,
    "synthetic_fit": 3,
    "search": 15,
    "mutation": 6,
    "jumps": 13,
    "fuzz": 22,
}

#: Words in the names of figures that the table has.
TOLD = (
    "ratio",
    "beside",
    "memory",
    "retention",
    "estimate",
    "cycles run",
    "error",
    "share",
    "interval",
    "Wh/kg",
)

PACKAGES = ("solid-state-twin", "pybamm", "pybammsolvers", "casadi", "numpy")

#: The figures of each run of each benchmark.
Runs = dict[str, list[dict[str, float]]]

#: Name, number of the run and reason.
Failure = dict[str, str | int]


class BenchmarkError(Exception):
    """A benchmark did not end as it should."""


def measured(name: str) -> dict[str, float]:
    """The numbers of one run of a benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        words = [word.format(folder=folder) for word in EVERY[name]]
        command = [sys.executable, str(HERE / f"{name}.py"), *words, str(out)]
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        sys.stderr.write(done.stderr)
        if done.returncode:
            last = done.stderr.strip().rpartition("\n")[2]
            raise BenchmarkError(f"ended with {done.returncode}. {last}".strip())
        found = json.loads(out.read_text(encoding="utf-8"))
    return {
        figure: one
        for figure, one in found.items()
        if isinstance(one, int | float) and math.isfinite(one)
    }


def machine() -> dict[str, str | int | None]:
    """What the figures were measured on."""
    versions: dict[str, str | int | None] = {name: version(name) for name in PACKAGES}
    return {
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        **versions,
    }


def table(runs: Runs, failures: list[Failure]) -> str:
    """Medians, lowest and highest of what compares between machines, in Markdown."""
    on = ", ".join(f"{name} {value}" for name, value in machine().items())
    lines = [
        f"Measured on: {on}.",
        "",
        "| benchmark | figure | median | lowest | highest | runs |",
        "|---|---|---|---|---|---|",
    ]
    for name, found in runs.items():
        for figure in dict.fromkeys(figure for one in found for figure in one):
            if any(word in figure for word in TOLD):
                values = [one[figure] for one in found if figure in one]
                ends = f"{min(values):.3g} | {max(values):.3g} | {len(values)}"
                lines.append(
                    f"| {name} | {figure} | {statistics.median(values):.3g} | {ends} |"
                )
    for one in failures:
        lines += ["", f"{one['benchmark']}, run {one['run']} failed: {one['reason']}"]
    return "\n".join(lines) + "\n"


def kept(out: Path) -> Runs:
    """The runs that are in the file already."""
    if not out.exists():
        return {}
    found = json.loads(out.read_text(encoding="utf-8"))
    if found.get("machine") != machine():
        sys.exit(f"{out} is not of this machine and these versions; name another file")
    runs: Runs = found["runs"]
    print(f"{out} has {sum(map(len, runs.values()))} runs, which are kept", flush=True)
    return runs


def arguments(words: list[str] | None) -> argparse.Namespace:
    """What was asked for; the names of the benchmarks are in `only`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="JSON file; runs that it has are kept")
    parser.add_argument("--table", type=Path, help="file of the table")
    parser.add_argument("--repeats", type=int, default=3, help="runs; 1 of long ones")
    which = parser.add_mutually_exclusive_group()
    minutes = ", ".join(f"{name} {taken}" for name, taken in MINUTES.items())
    which.add_argument(
        "--long",
        action="store_true",
        help="long benchmarks too. What they take is in about this proportion, as CPU "
        f"minutes of one machine: {minutes}",
    )
    which.add_argument(
        "--only", nargs="+", choices=EVERY, metavar="NAME", help=", ".join(EVERY)
    )
    given = parser.parse_args(words)
    for path in (given.out, given.table):
        if path and not path.parent.is_dir():
            parser.error(f"the folder of {path} does not exist; create it")
    given.only = given.only or list(EVERY if given.long else BENCHMARKS)
    return given


def main(words: list[str] | None = None) -> None:
    """Run, and write after each run."""
    given = arguments(words)
    runs = kept(given.out)
    failures: list[Failure] = []
    # in turn, so that all see the same machine; long ones at the end
    again = [name for name in given.only if name not in LONG]
    plan = [(name, run) for run in range(given.repeats) for name in again]
    plan += [(name, 0) for name in given.only if name in LONG]
    for name, run in plan:
        if run < len(runs.setdefault(name, [])):
            continue
        print(f"{name}, run {run + 1}: ", end="", flush=True)
        begun, ended = time.perf_counter(), "done"
        try:
            runs[name].append(measured(name))
        except (BenchmarkError, OSError, ValueError) as error:
            failures.append({"benchmark": name, "run": run + 1, "reason": str(error)})
            ended = f"failed: {error}"
        except KeyboardInterrupt:
            sys.exit(f"broken off; the same command goes on with {given.out}")
        print(f"{ended} ({time.perf_counter() - begun:.0f} s)", flush=True)
        found = {"machine": machine(), "runs": runs, "failures": failures}
        write_figures(found, given.out)
    print(table(runs, failures))
    if given.table:
        given.table.write_text(table(runs, failures), encoding="utf-8")
    if failures:
        sys.exit(1)


if __name__ == "__main__":
    main()
