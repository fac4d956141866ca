"""Intervals of numbers whose answer is known."""

import math

import numpy as np
import pytest

from twin.studies.propagation import Figure, designs, propagated
from twin.studies.ranges import Factor

A = Factor("a", 1.0, 3.0, 2.0, "assumed")
B = Factor("b", 0.0, 10.0, 5.0, "fitted")
C = Factor("c", 0.0, 1.0, 0.5, "assumed")


def found(factors: list[Factor], weights: list[float]) -> Figure:
    """Of the weighted sum of the factors."""
    values = designs(factors) @ np.array(weights)
    return propagated("y", "", values, factors, least=-math.inf)


def test_a_sum_has_the_root_of_the_squares() -> None:
    # 3 x 1 either way and 0.8 x 5 either way: 3 and 4 make 5
    figure = found([A, B], [3.0, 0.8])
    assert figure.value == pytest.approx(3 * 2 + 0.8 * 5)
    assert figure.high - figure.value == pytest.approx(5.0)
    assert figure.value - figure.low == pytest.approx(5.0)
    assert [name for name, _ in figure.dominated_by] == ["b", "a"]
    assert figure.dominated_by[0][1] == pytest.approx(16 / 25)


def test_one_sided_changes_stay_on_their_side() -> None:
    # both ends lower the number
    figure = propagated("y", "", np.array([10.0, 7.0, 6.0]), [A])
    assert (figure.low, figure.high) == (6.0, 10.0)


def test_no_effect_is_no_interval() -> None:
    figure = found([A, C], [1.0, 0.0])
    assert [name for name, _ in figure.dominated_by] == ["a"]


def test_failed_designs_are_counted_and_left_out() -> None:
    figure = propagated("y", "", np.array([10.0, np.nan, 12.0]), [A])
    assert (figure.low, figure.high, figure.failed) == (10.0, 12.0, 1)


def test_an_interval_keeps_above_what_is_possible() -> None:
    figure = propagated("y", "", np.array([1.0, 0.0, 1.0, 0.0, 1.0]), [A, B])
    assert figure.low == 0.0  # not 1 - sqrt(2)


def test_factors_multiply_where_ranges_change_by_factors() -> None:
    # 10 / 8 and 10 / 2, and 10 x 2 and 10 x 4: e^(sqrt((ln 8)^2 + (ln 2)^2)) and so on
    values = np.array([10.0, 10 / 8, 20.0, 5.0, 40.0])
    figure = propagated("y", "", values, [A, B], ratios=True)
    down, up = math.log(2) * math.sqrt(9 + 1), math.log(2) * math.sqrt(1 + 4)
    assert figure.low == pytest.approx(10 * math.exp(-down))
    assert figure.high == pytest.approx(10 * math.exp(up))
    assert 0 < figure.low < 10 / 8
    assert figure.dominated_by[0] == ("a", pytest.approx(9 / (9 + 4)))


@pytest.mark.parametrize(
    ("ends", "interval"),
    [((0.0, 20.0), (0.0, 20.0)), ((-1.0, 20.0), (-1.0, 20.0)), ((5.0, 40.0), (5.0, 40.0))],
)
def test_effects_add_up_where_a_design_is_at_nothing_or_below(
    ends: tuple[float, float], interval: tuple[float, float]
) -> None:
    figure = propagated("y", "", np.array([10.0, *ends]), [A], ratios=True)
    assert (figure.low, figure.high) == pytest.approx(interval)
    # two such: 10 - 10 sqrt(2) < 0 was not seen
    two = propagated("y", "", np.array([10.0, 0, 20, 0, 20]), [A, B], ratios=True)
    assert (two.low, two.high) == (0.0, pytest.approx(10 + 10 * math.sqrt(2)))


def test_a_design_that_reaches_the_end_of_the_runs_leaves_the_interval_open() -> None:
    values = np.array([10.0, 5, 20, 8, 15])
    figure = propagated("y", "", values, [A, B], most=20.0)
    assert (figure.high, figure.open_end) == (20.0, True)
    figure = propagated("y", "", values, [A, B], most=20.1)
    assert (figure.high, figure.open_end) == (10 + math.hypot(10, 5), False)


def test_what_the_solver_changes_is_no_interval() -> None:
    # its tolerance is 1e-6; a thousandth is a parameter's
    assert propagated("y", "", np.array([1.0, 1 - 2e-6, 1 + 2e-6]), [A]).high == 1.0
    figure = propagated("y", "", np.array([1.0, 0.999, 1.001]), [A])
    assert (figure.low, figure.high) == pytest.approx((0.999, 1.001))


def test_what_is_not_reached_has_no_interval() -> None:
    figure = propagated("y", "", np.array([np.nan, 1.0, 2.0]), [A], remark="short")
    assert math.isnan(figure.low)
    assert math.isnan(figure.value)
    assert (figure.failed, figure.remark) == (0, "short")
