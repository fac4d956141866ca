"""What would make a sample of a campaign cheaper: one process, one way after another.

    python benchmarks/campaign_ratio.py [--samples 128]

The samples are those of benchmarks/campaign.py, the solver's tolerances stay. Building and
compiling are told apart from what a sample costs. Every way has to give the outputs that
it shares with the first one, to 1e-4.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from typing import Any

import numpy as np
import pybamm
from campaign import REBUILT, STUDY, rebuilt, rows

from twin.models.compat import Array
from twin.run.pieces import Pieces
from twin.studies.evaluation import Study

#: Outputs, samples in a batch, and whether the equations are compiled.
WAYS: dict[str, tuple[tuple[str, ...], int, bool]] = {
    "as campaigns do, batches of 32": (("energy", "capacity"), 32, False),
    "batches of 128": (("energy", "capacity"), 128, False),
    "one output": (("energy",), 32, False),
    "one output, no energy in the model": (("capacity",), 32, False),
    "compiled, batches of 32": (("energy", "capacity"), 32, True),
}


class Compiled:
    """Every model that is built meanwhile has its equations compiled."""

    def __enter__(self) -> None:
        self.plain = plain = Pieces._build

        def build(self: Pieces, model: Any, density: Any, inputs: Any) -> Any:
            return plain(self, model, density, inputs, True)

        Pieces._build = build  # type: ignore[assignment,method-assign]

    def __exit__(self, *_: object) -> None:
        Pieces._build = self.plain  # type: ignore[method-assign]


def prepared(study: Study, compiled: bool) -> Any:
    def ready() -> Any:
        evaluate = study.prepare()
        evaluate(rows(1))
        return evaluate

    if not compiled:
        return ready()
    with Compiled():
        return ready()


def main() -> None:
    """Measure each way and print it beside the loop that rebuilds."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=128)
    count = parser.parse_args().samples
    pybamm.set_logging_level("ERROR")
    begun = time.process_time()
    rebuilt()
    loop = (time.process_time() - begun) / REBUILT
    print(f"{'loop that rebuilds':40s}{1e3 * loop:8.1f} CPU ms", flush=True)
    designs = rows(count)
    known: dict[str, Array] = {}
    for name, (outputs, batch, compiled) in WAYS.items():
        wall = time.perf_counter()
        evaluate = prepared(dataclasses.replace(STUDY, outputs=outputs), compiled)
        wall = time.perf_counter() - wall
        begun = time.process_time()
        found = np.concatenate(
            [evaluate(designs[n : n + batch]).values for n in range(0, count, batch)]
        )
        each = (time.process_time() - begun) / count
        for place, output in enumerate(outputs):
            known.setdefault(output, found[:, place])
            np.testing.assert_allclose(found[:, place], known[output], rtol=1e-4)
        print(
            f"{name:40s}{1e3 * each:8.1f} CPU ms, {loop / each:5.1f} times; "
            f"ready after {wall:.1f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
