"""Every benchmark in one command: medians and spread of what each one measures.

    python benchmarks/all.py out.json [--table table.md] [--repeats 3] [--only NAME ...]

Each benchmark runs in a process of its own, again and again, and measures this package
beside PyBaMM in the same run. The JSON file has every figure of every run, the machine and
the versions; it is written after each run. The table has what compares between machines:
ratios, memory and accuracy, and no times.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

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

#: Words in the names of figures that the table has.
TOLD = ("ratio", "beside", "memory", "retention", "estimate", "cycles run")

PACKAGES = ("solid-state-twin", "pybamm", "pybammsolvers", "casadi", "numpy")


def measured(name: str) -> dict[str, float]:
    """The numbers of one run of a benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        command = [sys.executable, str(HERE / f"{name}.py"), *BENCHMARKS[name], str(out)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found = json.loads(out.read_text(encoding="utf-8"))
    return {figure: one for figure, one in found.items() if isinstance(one, int | float)}


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


def table(runs: dict[str, list[dict[str, float]]]) -> str:
    """Medians, lowest and highest of what compares between machines, in Markdown."""
    on = ", ".join(f"{name} {value}" for name, value in machine().items())
    lines = [
        f"Measured on: {on}.",
        "",
        "| benchmark | figure | median | lowest | highest | runs |",
        "|---|---|---|---|---|---|",
    ]
    for name, found in runs.items():
        for figure in found[0] if found else ():
            if any(word in figure for word in TOLD):
                values = [one[figure] for one in found]
                ends = f"{min(values):.3g} | {max(values):.3g} | {len(values)}"
                lines.append(
                    f"| {name} | {figure} | {statistics.median(values):.3g} | {ends} |"
                )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run, and write after each run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--table", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=list(BENCHMARKS))
    given = parser.parse_args()
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in given.only}
    for repeat in range(given.repeats):
        for name in given.only:  # in turn, so that all see the same machine
            print(f"{name}, run {repeat + 1} of {given.repeats}", flush=True)
            runs[name].append(measured(name))
            text = json.dumps({"machine": machine(), "runs": runs}, indent=2)
            given.out.write_text(text + "\n", encoding="utf-8")
    print(table(runs))
    if given.table:
        given.table.write_text(table(runs), encoding="utf-8")


if __name__ == "__main__":
    main()
