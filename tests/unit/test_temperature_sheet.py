"""Temperature windows of capacities that are a formula of temperature and parameters."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from twin import names
from twin.errors import SolveError
from twin.parts.parameters import load_cell
from twin.studies import temperature_sheet
from twin.studies.propagation import Figure
from twin.studies.ranges import Factor
from twin.studies.rate_sheet import Cycling, RateStudy
from twin.studies.temperature_sheet import TemperatureWindow, temperature_window

CELL = load_cell("thin_llzo_ncm622")  # at 25 C
SIZE = Factor("size", 2.0, 4.0, 3.0, "assumed")
LOSS = Factor("loss", 0.005, 0.01, 0.008, "assumed")

Windows = Callable[..., tuple[TemperatureWindow, tuple[Figure, ...]]]


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Windows:
    """Of a cell with a share ``loss`` of its size less for each degree from 25 C."""

    def made(
        *factors: Factor, until: float = -np.inf
    ) -> tuple[TemperatureWindow, tuple[Figure, ...]]:
        def evaluated(
            study: RateStudy, rows: Any, workers: int, *_: Any
        ) -> tuple[Any, dict[int, str]]:
            assert study.inputs[0] == names.AMBIENT_TEMPERATURE
            given = {one.name: one.value for one in (SIZE, LOSS)}
            values = []
            for temperature, *row in rows:
                v = {**given, **dict(zip(study.inputs[1:], row, strict=True))}
                away = abs(temperature - 273.15 - 25.0)
                share = 1 - v["loss"] * away if temperature - 273.15 > until else np.nan
                values.append([36000 * v["size"] * share])
            return np.array(values), {}

        monkeypatch.setattr(temperature_sheet, "evaluated", evaluated)
        return temperature_window(CELL, Cycling(0.1, 4.3, 2.8, 0.0), 0.5, factors, 1)

    return made


def test_limits_by_hand(window: Windows) -> None:
    found, (lowest, highest) = window(LOSS)
    assert found.needed == pytest.approx(0.8 * 3.0)
    # 1 - 0.008 dT = 0.8 at 25 K from 25 C; with 0.005 at 40 K, with 0.01 at 20 K
    assert lowest.value == pytest.approx(0.0, abs=1e-9)
    assert (lowest.low, lowest.high) == pytest.approx((-15.0, 5.0))
    assert (highest.low, highest.value, highest.high) == pytest.approx((45.0, 50.0, 65.0))
    assert [name for name, _ in lowest.dominated_by] == ["loss"]
    assert lowest.bound == highest.bound == "="


def test_small_changes_by_hand(window: Windows) -> None:
    # at 0 C 0.0078 leaves 80.5 %, 0.5 % too much, and 0.0081 0.25 % too little; a degree
    # is 0.8 %
    lowest, _ = window(Factor("loss", 0.0078, 0.0081, 0.008, "assumed"))[1]
    assert (lowest.low, lowest.high) == pytest.approx((-0.625, 0.3125))


def test_what_scales_every_capacity_moves_no_limit(window: Windows) -> None:
    # 80 % of a third more is a third more
    for one in window(SIZE)[1]:
        assert one.low == pytest.approx(one.value, abs=1e-9)
        assert one.high == pytest.approx(one.value, abs=1e-9)


def test_limits_beyond_the_temperatures_looked_at_are_bounds(window: Windows) -> None:
    # a thousandth a degree takes 20 % in 200 K
    small = Factor("loss", 0.001, 0.001, 0.001, "assumed")
    lowest, highest = window(small)[1]
    assert (lowest.bound, lowest.value) == ("<=", -30.0)
    assert (highest.bound, highest.value) == (">=", 80.0)
    # 0.002 takes it in 100 K: the interval ends before
    lowest, _ = window(Factor("loss", 0.002, 0.01, 0.008, "assumed"))[1]
    assert lowest.low == -30.0
    assert "last temperature" in lowest.remark


def test_where_the_cell_cannot_be_run(window: Windows) -> None:
    # at -10 C it cannot, which counts as no capacity: 3 x 0.8 is met at 0 C
    lowest, _ = window(SIZE, until=-5.0)[1]
    assert lowest.value == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(SolveError, match="no capacity at 25 C"):
        window(SIZE, until=30.0)
