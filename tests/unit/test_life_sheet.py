"""What is said of a life, and which mechanisms a cell has."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

from twin import names
from twin.errors import SolveError
from twin.parts.cell import Cell
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.run.ageing import FLOOR_REACHED
from twin.run.results import COMPLETED, ENDED_BY
from twin.studies import life_sheet
from twin.studies.life_sheet import Life, LifeStudy, life, mechanisms

CELL = load_cell("thin_llzo_ncm622")
CYCLING = load_experiment("rate_test")


def test_what_ended_a_life_is_said() -> None:
    lost = {names.variable_of(names.LOST_CHARGE, "negative"): 18000.0}
    words = Life(120, "=", "capacity", lost).in_words
    # 18000 C/m2 are 0.5 mAh/cm2
    assert words == (
        "capacity below 80 % of the first discharge; at the end negative lithium lost "
        "0.5 mAh/cm2"
    )
    short = Life(28, "=", "Negative short circuit", {}).in_words
    assert short == "Negative short circuit, before the capacity has fallen that far"
    assert "more capacity left" in Life(2000, ">=", "", {}).in_words


def test_mechanisms_of_cells() -> None:
    found = mechanisms(load_cell("thin_llzo_ncm622"))
    assert set(found) == {
        "lithium loss",
        "active material loss",
        "occluded voids",
        "filament",
    }
    # without a fade option there are only the voids that its lithium always has
    assert set(mechanisms(load_cell("zhu2025_lco_llto60"))) == {
        "active material loss",
        "occluded voids",
        "filament",
    }


@pytest.fixture
def aged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Life]:
    """The life of a cell with given capacities in given cycles."""

    def made(ended: str, cycles: list[int], capacities: list[float]) -> Life:
        data = {names.CYCLE_DISCHARGED: ("cycle", capacities)}
        found = xr.Dataset(data, {"cycle": cycles}, {ENDED_BY: ended})
        monkeypatch.setattr(life_sheet, "age", lambda *_: found)
        return life(CELL, CYCLING, 2000)

    return made


def test_a_life_ends_with_the_first_cycle_below_the_floor(
    aged: Callable[..., Life],
) -> None:
    # 79 of 100 in cycle 50; the run goes on a little
    found = aged(FLOOR_REACHED, [1, 20, 50, 60], [100.0, 80.5, 79.0, 70.0])
    assert (found.cycles, found.bound, found.ended_by) == (50, "=", "capacity")


def test_other_ends_of_a_life(aged: Callable[..., Life]) -> None:
    whole = aged(COMPLETED, [1, 2000], [100.0, 90.0])
    assert (whole.cycles, whole.bound, whole.ended_by) == (2000, ">=", "")
    short = aged("Negative short circuit", [1, 28], [100.0, 99.0])
    assert (short.cycles, short.bound) == (28, "=")
    assert short.ended_by == "Negative short circuit"


def test_lives_of_designs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with its own value; one that fails has its reason and leaves the others."""

    def lived(cell: Cell, *_: Any) -> Life:
        thickness = cell.values[names.LITHIUM_THICKNESS]
        if thickness > 5e-5:
            raise SolveError("no step is small enough")
        return Life(round(1e7 * thickness), "=", "capacity", {})

    monkeypatch.setattr(life_sheet, "life", lived)
    study = LifeStudy(CELL, CYCLING, 2000, (names.LITHIUM_THICKNESS,))
    found = study.prepare()(np.array([[1e-5], [6e-5], [3e-5]]))
    assert found.values[:, 0] == pytest.approx([100.0, np.nan, 300.0], nan_ok=True)
    assert found.reasons == ("", "no step is small enough", "")
