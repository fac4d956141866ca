"""How often the 95 % intervals of fits to noisy synthetic data hold the true values.

    python benchmarks/synthetic_fit.py [trials] [first] [--json out.json]

The model makes six readings: a stripping to the end, which fixes the self-diffusivity of
lithium; polarisations at two currents, which fix the exchange current of bare lithium, and
behind an interlayer the ionic conductivity of the layer; and a charge at 2C, which fixes
the diffusivity in the cathode. Each trial adds 1 % noise and fits all four parameters, in
three cells, from the middle of their bounds; built once, the models serve all trials.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from figures import write_figures

from twin.studies.fit import problem_of
from twin.studies.fit_data import RowDatum
from twin.studies.fit_problem import FitProblem
from twin.studies.fit_result import FitResult, result_of

CASE = Path(__file__).parent / "synthetic_fit"
PARAMETERS = (
    "Lithium self-diffusivity at 25 C @ lithium_mann2025",
    "Lithium exchange-current density at 25 C @ bare",
    "Interlayer matrix ionic conductivity at 25 C",
    "Positive particle diffusivity at 25 C",
)
NOISE = 0.01


def problem_without_noise(parameters: Sequence[str] = PARAMETERS) -> FitProblem:
    """The problem whose readings are those of the records' own values."""
    problem = problem_of([CASE], parameters)
    truth = np.array([u.to_scale(u.record.value) for u in problem.unknowns])
    found = problem.evaluate(truth)
    exact = []
    for datum, predicted in zip(problem.data, found.predictions, strict=True):
        assert isinstance(datum, RowDatum)
        exact.append(datum.with_measured(float(predicted.value[0])))
    return problem.with_data(exact)


def trials(problem: FitProblem, number: int, first: int = 0) -> Iterator[FitResult]:
    """Fits to noisy copies of a problem's readings, each from the middle of the bounds.

    The number of a trial is the seed of its noise.
    """
    middle = np.full(len(problem.unknowns), 0.5)
    for trial in range(first, first + number):
        generator = np.random.default_rng(trial)
        noisy = [
            datum.with_measured(datum.measured * (1 + NOISE * generator.standard_normal()))
            for datum in problem.data
            if isinstance(datum, RowDatum)
        ]
        again = problem.with_data(noisy)
        yield result_of(again, *again.minimum(middle))


def holds(result: FitResult) -> list[bool]:
    """For each parameter, whether its interval holds the record's value."""
    return [one.low <= one.start <= one.high for one in result.parameters]


def main() -> None:
    """Run the trials, print how often each interval holds the true value, and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("trials", nargs="?", type=int, default=100)
    parser.add_argument("first", nargs="?", type=int, default=0)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    number, first = given.trials, given.first
    figures: dict[str, float] = {"trials": number}
    problem = problem_without_noise()
    began = time.process_time()
    hits, widths, evaluations = [], [], []
    for count, result in enumerate(trials(problem, number, first), start=1):
        hits.append(holds(result))
        widths.append([one.high / one.low for one in result.parameters])
        evaluations.append(result.evaluations)
        if count % 10 == 0:
            print(count, np.sum(hits, axis=0), flush=True)
    print(f"true value inside the 95 % interval, of {number} trials from number {first}:")
    median = np.median(widths, axis=0)
    for place, unknown in enumerate(problem.unknowns):
        inside = sum(hit[place] for hit in hits)
        ends = f"ends of the interval a factor {median[place]:.3g} apart"
        print(f"  {unknown.name}: {inside}, {ends}")
        figures[f"{unknown.name}, inside its interval, %"] = 100 * inside / number
        figures[f"{unknown.name}, ratio of the ends of its interval"] = median[place]
    together = sum(all(hit) for hit in hits)
    print(f"all four at once: {together}")
    spent = (time.process_time() - began) / number
    print(f"{np.mean(evaluations):.1f} evaluations and {spent:.2f} s of CPU a trial")
    figures["all four inside their intervals, %"] = 100 * together / number
    figures["evaluations a trial"] = float(np.mean(evaluations))
    figures["CPU s a trial"] = spent
    if given.json:
        write_figures(figures, given.json)


if __name__ == "__main__":
    main()
