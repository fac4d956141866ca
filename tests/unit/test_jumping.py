"""Jumps over cycles, on maps whose course is known in closed form."""

from dataclasses import dataclass

import numpy as np
import pytest

from twin.errors import TwinError
from twin.run.differences import difference_weights
from twin.run.jumping import Jumper, Stop, _hopeless
from twin.run.progress import SHORTEST, Node, Progress


@dataclass
class Lap:
    y: np.ndarray
    summary: np.ndarray
    ended_by: str | None
    margins: np.ndarray


def driven(
    cycle,
    start,
    cycles,
    *,
    accumulating=(),
    tolerance=1e-4,
    order=3,
    floor=-np.inf,
    layout=None,
):
    """Every lap that counts, by the number of its cycle, and the progress at the end."""
    if layout is None:
        layout = {f"y{n}": slice(n, n + 1) for n in range(len(start))}
        accumulating = [f"y{n}" for n in accumulating]
    jumper = Jumper(cycle, layout, (), accumulating, {}, tolerance, order)
    progress = Progress([Node(0, np.array(start, dtype=float)[:, np.newaxis])])
    stop = Stop(cycles, np.array([floor]))
    laps = {}
    while (done := progress.nodes[-1].cycles) < cycles:
        length = 0 if progress.resolve else jumper.longest(progress, stop)
        if length >= SHORTEST:
            landing = jumper.jump(progress, length, lambda summary: summary)
            if landing is not None:
                laps[landing.cycles + 1] = landing.lap
            continue
        lap = jumper.run(progress, progress.nodes[-1].y)
        laps[done + 1] = lap
        if lap.ended_by is not None:
            break
        jumper.resolve(progress, lap.summary, lap)
    return laps, progress


def lap_of(y, observed, margin=np.inf):
    ended = "event" if margin <= 0 else None
    return Lap(np.array(y)[:, np.newaxis], np.array([observed]), ended, np.array([margin]))


@pytest.mark.parametrize("power", [0, 1, 2, 3])
def test_differences_are_exact_for_polynomials(power):
    # p(x) = x^power through 0, -2, -5, -11: from 0 to 1 it gains 1, or nothing if constant
    distances = [2.0, 5.0, 11.0]
    values = np.array([0.0, *[-d for d in distances]]) ** power
    expected = 0.0 if power == 0 else 1.0
    assert difference_weights(distances) @ values == pytest.approx(expected, abs=1e-12)


def test_what_grows_evenly_is_exact_after_ten_thousand_cycles():
    laps, progress = driven(
        lambda y: lap_of([y[0, 0] + 1e-4], 1 - 0.2 * y[0, 0]),
        [0.0],
        10_000,
        accumulating=[0],
    )
    assert progress.nodes[-1].y[0, 0] == pytest.approx(1.0, abs=1e-9)
    # the last cycle starts from 9999 steps: 1 - 0.2 x 0.9999
    assert laps[10_000].summary[0] == pytest.approx(0.80002, abs=1e-9)
    assert progress.laps < 60


def test_a_root_of_time_is_followed_within_the_tolerance():
    # R^2 grows evenly, the observable falls with R: 1 - 0.3 sqrt(N / 20 000)
    laps, progress = driven(
        lambda y: lap_of([y[0, 0] + 1 / 20_000], 1 - 0.3 * np.sqrt(y[0, 0])),
        [0.0],
        20_000,
        accumulating=[0],
    )
    for number, lap in laps.items():
        expected = 1 - 0.3 * np.sqrt((number - 1) / 20_000)
        assert lap.summary[0] == pytest.approx(expected, abs=1e-9)
    assert progress.laps < 200


def test_what_accelerates_keeps_its_rate():
    # y' = y/4000 from 0.01: 0.01 (1 + 1/4000)^N
    laps, progress = driven(
        lambda y: lap_of([y[0, 0] * (1 + 1 / 4000)], 1 - y[0, 0]),
        [0.01],
        15_000,
        accumulating=[0],
    )
    expected = 0.01 * (1 + 1 / 4000) ** 15_000
    assert progress.nodes[-1].y[0, 0] == pytest.approx(expected, rel=5e-3)
    assert progress.laps < 400


def test_what_relaxes_in_fifty_cycles_follows_what_drives_it():
    # z follows cos(3 b) with a rate of 0.02 a cycle while b grows to 1 in 10 000
    def cycle(y):
        b, z = y[:, 0]
        return lap_of([b + 1e-4, z + 0.02 * (np.cos(3 * b) - z)], 1 - 0.1 * b + 0.05 * z)

    laps, progress = driven(cycle, [0.0, 0.0], 10_000, accumulating=[0])
    y, worst = np.zeros((2, 1)), 0.0
    for number in range(1, 10_001):
        lap = cycle(y)
        if number in laps:
            worst = max(worst, abs(float(lap.summary[0] - laps[number].summary[0])))
        y = lap.y
    # its own course weighs a twentieth: the error is 3 % of it while it starts
    assert worst < 1.5e-3
    assert progress.laps < 600


def test_slow_modes_of_a_field_follow_though_it_has_fast_ones():
    # of a field z = M (f, s) one mode is gone in a cycle, f <- 0.05 f + b, and one lasts
    # for 500, s <- s + 0.002 (1 - s); what is lost grows by 1e-4 (1 - s) a cycle
    mixing = np.array([[1.0, 0.5], [0.5, 1.0]])

    def cycle(y):
        (b, lost), (f, s) = y[:2, 0], np.linalg.solve(mixing, y[2:, 0])
        z = mixing @ np.array([0.05 * f + 0.95 * b, s + 0.002 * (1 - s)])
        return lap_of([b + 1e-3, lost + 1e-4 * (1 - s), *z], 1 - lost - 0.01 * f)

    layout = {"b": slice(0, 1), "lost": slice(1, 2), "z": slice(2, 4)}
    laps, progress = driven(
        cycle, [0.0] * 4, 2000, accumulating=["b", "lost"], layout=layout
    )
    # 1e-4 x sum of 0.998^N over 2000 cycles = 1e-4 (1 - 0.998^2000) / 0.002; modes that
    # were left behind made 0.0602 of it
    assert progress.nodes[-1].y[1, 0] == pytest.approx(0.049088, abs=1e-3)
    assert progress.laps < 600


@pytest.mark.parametrize(
    ("lags", "hopeless"),
    [
        ([9.0, 9.0, 9.0], False),  # too few to tell
        ([2.0, 3.0, 4.0, 5.0], True),  # farther than ever
        # a third each: below 1 in the fifth; a hundredth: 9.7 e^(-0.0101 x 10) = 8.8
        ([90.0, 30.0, 10.0, 10 / 3], False),
        ([10.0, 9.9, 9.8, 9.7], True),
        ([90.0, 30.0, 10.0, 0.9], False),  # there
    ],
)
def test_a_landing_that_will_not_be_found_is_given_up(lags, hopeless):
    assert _hopeless(lags) is hopeless


def test_a_jump_over_an_event_is_no_landing():
    # a cycle that starts beyond 80 ends at once, which no margin tells beforehand
    jumper = Jumper(
        lambda y: lap_of([y[0, 0] + 1], 1.0, margin=-1.0 if y[0, 0] > 80 else np.inf),
        {"y0": slice(0, 1)}, (), ["y0"], {}, 1e-4, 3,
    )  # fmt: skip
    numbers = range(0, 61, 3)
    far = np.full(1, np.inf)
    nodes = [Node(n, np.array([[float(n)]]), np.ones(1), far) for n in numbers]
    assert jumper.jump(Progress(nodes), 30, lambda summary: summary) is None
    assert jumper.jump(Progress(nodes), 10, lambda summary: summary).cycles == 70


def test_an_event_is_met_in_its_very_cycle():
    # the margin is used up in cycle 7 001: 1 - 7001 / 7000.5 < 0
    laps, progress = driven(
        lambda y: lap_of([y[0, 0] + 1], 1.0, margin=1 - (y[0, 0] + 1) / 7000.5),
        [0.0],
        20_000,
        accumulating=[0],
    )
    assert max(laps) == 7001
    assert laps[7001].ended_by == "event"
    assert progress.laps < 200


def test_a_floor_is_approached_cycle_by_cycle():
    # 1 - N / 10 000 passes 0.8 after cycle 2001, which starts from 2000
    laps, _ = driven(
        lambda y: lap_of([y[0, 0] + 1], 1 - y[0, 0] / 10_000),
        [0.0],
        9_000,
        accumulating=[0],
        floor=0.8,
    )
    assert {1999, 2000, 2001, 2002} <= set(laps)


def test_a_state_that_cannot_be_run_makes_the_jump_shorter():
    def cycle(y):
        if y[0, 0] > 100.5 and y[1, 0] < 0.5:
            raise TwinError("no such state")
        return lap_of([y[0, 0] + 1, y[1, 0]], 1 - y[0, 0] / 1e4)

    # nothing can go beyond cycle 101: the run fails there, having come to it by itself
    with pytest.raises(TwinError, match="no such state"):
        driven(cycle, [0.0, 0.0], 1000, accumulating=[0])


def test_more_order_takes_fewer_cycles_for_a_smooth_course():
    def cycle(y):
        return lap_of([y[0, 0] + 1e-4], 1 - 0.1 * np.sin(2 * y[0, 0]))

    counts = [
        driven(cycle, [0.0], 20_000, accumulating=[0], order=order)[1].laps
        for order in (1, 3)
    ]
    assert counts[1] < counts[0]


def test_where_no_jump_can_succeed_fewer_and_fewer_are_tried():
    # observables of pure noise: tried after 6, 6, 12, 24, 24, ... resolved cycles,
    # which is at cycles 6, 12, 24, 48, 72, 96, 120, 144, 168 and 192
    noise = np.random.default_rng(5)
    _, progress = driven(
        lambda y: lap_of([y[0, 0] + 1e-4], 1 + 0.01 * noise.standard_normal()),
        [0.0],
        200,
        accumulating=[0],
    )
    assert (progress.jumps, progress.rejected) == (0, 10)
