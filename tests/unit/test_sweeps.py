"""Frequencies, intervals and moments as a user writes them."""

import numpy as np
import pytest

from twin.errors import TwinError
from twin.parts.moments import Moment, moment
from twin.parts.schedule import Schedule, Step
from twin.parts.sweeps import MOST_POINTS, Interval, frequencies, interval, sweep


def test_a_sweep_has_both_ends_and_its_points_per_decade():
    found = sweep("1 mHz:1 MHz:10")
    assert found.size == 9 * 10 + 1
    assert found[[0, -1]] == pytest.approx([1e6, 1e-3])
    assert found[:-1] / found[1:] == pytest.approx(10**0.1)


def test_numbers_may_rise_or_fall():
    assert frequencies([1, 10, 100]).tolist() == [100, 10, 1]
    assert frequencies(np.array([100.0, 1.0])).tolist() == [100, 1]
    assert frequencies(5.0).tolist() == [5]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("0:10:5", "frequency 0 Hz is not above zero"),
        ("-1:10:5", "not above zero"),
        ("nan:10:5", "not a finite number"),
        ("10:1:5", "give the lower frequency first"),
        ("1:1:5", "give the lower frequency first"),
        ("1:10", "low:high:per-decade"),
        ("1:10:x", "points per decade"),
        ("1:10:0", "points per decade"),
        ("1 V:10:5", "Hz"),
        ("1:1e9:1e6", f"more than {MOST_POINTS}"),
        ([1.0, 0.0], "not above zero"),
        ([1.0, -5.0], "frequency -5 Hz"),
        ([1.0, float("nan")], "is nan"),
        ([1.0, 10.0, 5.0], "turn at 5 Hz"),
        ([1.0, 1.0], "there twice"),
        ([], "holds no point"),
        (["a"], "give numbers in Hz"),
        (np.ones(MOST_POINTS + 1), "more than"),
    ],
)
def test_impossible_frequencies_are_refused(given, message):
    with pytest.raises(TwinError, match=message):
        frequencies(given)


def test_intervals_are_times_or_charges():
    assert interval("0.5 h") == Interval(time=1800.0)
    # 1 mAh/cm2 = 3.6 C/cm2
    assert interval("1 mA.h.cm-2").charge == pytest.approx(36000.0)
    assert Interval(time=60.0).seconds(0.0) == 60.0
    assert Interval(charge=60.0).seconds(0.0) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [("30", "30 min"), ("0 s", "above zero"), ("-1 h", "above zero"), ("1 V", "30 min")],
)
def test_other_intervals_are_refused(text, message):
    with pytest.raises(TwinError, match=message):
        interval(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cycle 3", Moment(cycle=3)),
        ("Cycle 3, step 2", Moment(cycle=3, step=2)),
        ("cycle 3 step 2", Moment(cycle=3, step=2)),
        ("step 2", Moment(cycle=1, step=2)),
        ("90 min", Moment(time=5400.0)),
    ],
)
def test_moments(text, expected):
    assert moment(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "give 'cycle 3'"),
        ("the end", "give 'cycle 3'"),
        ("5", "has no unit"),
        ("0 h", "above zero"),
        ("-1 h", "above zero"),
        ("5 V", "s"),
    ],
)
def test_other_moments_are_refused(text, message):
    with pytest.raises(TwinError, match=message):
        moment(text)


CYCLE = (Step("strip", 1.0, duration=60.0), Step("rest", duration=60.0))
SCHEDULE = Schedule((CYCLE,) * 3, 1.0)


def test_a_schedule_is_cut_at_the_end_of_a_step():
    assert Moment(cycle=2).end_of(SCHEDULE, where="e").cycles == (CYCLE, CYCLE)
    found = Moment(cycle=2, step=1).end_of(SCHEDULE, where="e")
    assert found.cycles == (CYCLE, CYCLE[:1])
    assert found.polarisation == 1.0
    assert Moment(time=1.0).end_of(SCHEDULE, where="e") is SCHEDULE


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Moment(cycle=4), "no cycle 4; they are counted from 1 to 3"),
        (Moment(cycle=0), "no cycle 0"),
        (Moment(cycle=1, step=3), "no step 3 in cycle 1; they are counted from 1 to 2"),
        (Moment(cycle=1, step=0), "no step 0"),
    ],
)
def test_a_moment_that_does_not_exist_is_refused(asked, message):
    with pytest.raises(TwinError, match=message):
        asked.end_of(SCHEDULE, where="e")
