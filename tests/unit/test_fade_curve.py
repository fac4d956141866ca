"""The curve between the cycles that were run."""

import numpy as np
import pytest

from twin import names
from twin.errors import SolveError
from twin.run.cycler import SUMMARY
from twin.run.fade_curve import fade_curve


def record(cycle, value):
    return {"cycle": cycle, "summary": [value] * len(SUMMARY), "sizes": []}


def test_a_cubic_is_met_exactly_in_a_gap_between_spaced_points():
    def course(n):
        return 5 - 0.01 * n + 2e-5 * n**2 - 1e-8 * n**3

    run = [1, 40, 100, 200, 300, 301]
    curve = fade_curve([record(n, course(n)) for n in run], 301, [], {})
    found = curve[names.CYCLE_DISCHARGED].to_numpy()
    # the gap 100 to 200 has points beyond on both sides
    assert found[100:199] == pytest.approx(course(np.arange(101, 200)), abs=1e-12)


def test_a_knee_does_not_bend_the_curve_in_the_gap_before_it():
    # flat to 475, then 0.7 % a cycle: a cubic through 420, 450, 475 and 485 would bulge
    course = {1: 1.0, 420: 1.0, 450: 1.0, 475: 1.0, 485: 0.93, 500: 0.825}
    curve = fade_curve([record(n, q) for n, q in course.items()], 500, [], {})
    assert np.ptp(curve[names.CYCLE_DISCHARGED].to_numpy()[419:475]) < 1e-12


def test_noise_beside_a_gap_is_not_amplified():
    # the neighbours of the gap are off by 1e-4; a slope through them would make 0.05 of it
    run = {1: 1.0, 499: 1.0 + 1e-4, 500: 1.0, 1500: 1.0, 1501: 1.0 - 1e-4, 3000: 1.0}
    curve = fade_curve([record(n, q) for n, q in run.items()], 3000, [], {})
    assert np.abs(curve[names.CYCLE_DISCHARGED].to_numpy() - 1).max() < 2e-4


def test_of_two_records_of_a_cycle_the_last_counts():
    curve = fade_curve([record(1, 1.0), record(2, 5.0), record(2, 0.9)], 2, [], {})
    assert curve[names.CYCLE_DISCHARGED].to_numpy().tolist() == [1.0, 0.9]


def test_a_run_without_a_cycle_is_refused():
    with pytest.raises(SolveError, match="no cycle was completed"):
        fade_curve([], 1, [], {})
