"""What is read off the cycles of an ageing."""

import json

import pytest
import xarray as xr

from twin import names
from twin.run.observables import CYCLES_ASKED, observable
from twin.run.results import COMPLETED, ENDED_BY, PARAMETERS


def aged(capacities: list[float], asked: int | None = None, ended: str = COMPLETED):
    """An ageing that discharged so much [C.m-2] in each cycle, of 0.02 kg.m-2."""
    records = {names.CATHODE_LOADING: {"value": 0.02}}
    return xr.Dataset(
        {names.CYCLE_DISCHARGED: ("cycle", capacities)},
        {"cycle": range(1, len(capacities) + 1)},
        {
            ENDED_BY: ended,
            CYCLES_ASKED: asked or len(capacities),
            PARAMETERS: json.dumps(records),
        },
    )


def test_retention_is_that_of_the_last_cycle_asked_for() -> None:
    read = observable("capacity retention").read
    assert read(aged([8000.0, 7000.0, 6000.0])) == pytest.approx(0.75)
    # shorted in its second cycle, of three
    assert read(aged([8000.0, 7000.0], asked=3, ended="Negative short circuit")) == 0.0


def test_capacity_per_mass_after_ageing() -> None:
    """6000 C/m2 over 20 g/m2 are 300 C/g."""
    read = observable("discharge capacity after ageing").read
    assert read(aged([8000.0, 6000.0])) == pytest.approx(300e3)


@pytest.mark.parametrize(
    ("capacities", "ended", "cycles", "survived"),
    [
        ([100.0, 90.0, 4.9, 3.0], COMPLETED, 3, False),
        ([100.0, 90.0, 5.1], COMPLETED, 3, True),
        # none in the cycle after the one that a short ended
        ([100.0, 90.0, 50.0], "Negative short circuit", 4, False),
    ],
)
def test_cycles_until_almost_no_capacity(
    capacities: list[float], ended: str, cycles: int, survived: bool
) -> None:
    life = observable("cycles until almost no capacity")
    result = aged(capacities, ended=ended)
    assert (life.read(result), life.survived(result)) == (cycles, survived)


def test_stable_is_nine_tenths_of_the_first_discharge() -> None:
    stable = observable("cycles with stable capacity")
    falling = aged([100.0, 95.0, 89.9, 91.0])
    assert (stable.read(falling), stable.survived(falling)) == (3.0, False)
    assert stable.survived(aged([100.0, 90.0]))
