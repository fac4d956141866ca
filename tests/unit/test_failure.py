"""How the end of a run is named, on runs made by hand."""

import pytest
import xarray as xr

from twin import names
from twin.names import variable_of
from twin.run.failure import (
    CONTACT_LOSS,
    FILAMENT,
    NO_CONTACT,
    NO_LITHIUM,
    OHMIC,
    OHMIC_LIMIT,
    SHORT,
    SOLVER,
    SURVIVED,
    read_failure,
)
from twin.run.results import COMPLETED, ENDED_BY


def ended(
    event: str, voltage: float, contact: float = 1.0, surface: float = 1.0
) -> xr.Dataset:
    """A run of two instants at 10 A.m-2 on a fresh cell of 20 mOhm.m2: 0.2 V."""
    values = {
        names.VOLTAGE: (-0.2, -voltage),
        names.TOTAL_CURRENT_DENSITY: (10.0, 10.0),
        names.CELL_RESISTANCE: (0.02, 0.5),
        variable_of(names.CONTACT_FRACTION, "negative"): (0.8, 0.8 * contact),
        variable_of(names.CONTACT_FRACTION, "positive"): (0.8, 0.8),
        variable_of(names.SURFACE_OCCUPANCY, "negative"): (1.0, surface),
    }
    data = {name: ("time", list(pair)) for name, pair in values.items()}
    data |= {"cycle": ("time", [1, 3]), "step": ("time", [1, 2])}
    return xr.Dataset(data, {"time": [0.0, 60.0]}, {ENDED_BY: event})


CUT_OFF = names.POLARISATION_EVENT


@pytest.mark.parametrize(
    ("run", "mode", "cause", "side"),
    [
        # 0.2 V of 0.21 V are Ohmic, whatever the contact is
        (ended(CUT_OFF, 0.21, contact=0.85), OHMIC_LIMIT, OHMIC, ""),
        (ended(CUT_OFF, 0.5, contact=0.85), CONTACT_LOSS, NO_CONTACT, "negative"),
        (ended(CUT_OFF, 0.5, surface=0.01), CONTACT_LOSS, NO_LITHIUM, "negative"),
        (ended(CUT_OFF, 0.5), OHMIC_LIMIT, OHMIC, ""),
        (
            ended(variable_of(names.SHORT_EVENT, "positive"), 0.2),
            *(SHORT, FILAMENT, "positive"),
        ),
        (
            ended(variable_of(names.INVENTORY_EXHAUSTED_EVENT, "negative"), 0.2),
            *(CONTACT_LOSS, NO_LITHIUM, "negative"),
        ),
        (
            ended(variable_of(names.CONTACT_LOST_EVENT, "positive"), 0.2),
            *(CONTACT_LOSS, NO_CONTACT, "positive"),
        ),
        (ended(COMPLETED, 0.2), SURVIVED, "", ""),
        (ended("Zero electrolyte", 0.2), SOLVER, "Zero electrolyte", ""),
    ],
)
def test_modes_causes_and_sides(run: xr.Dataset, mode: str, cause: str, side: str) -> None:
    found = read_failure(run)
    assert (found.mode, found.cause, found.side) == (mode, cause, side)
    assert (found.cycle, found.step, found.time) == (3, 2, 60.0)


def test_contact_is_relative_to_the_fresh_contact() -> None:
    found = read_failure(ended(CUT_OFF, 0.5, contact=0.25))
    assert found.contact_left == pytest.approx({"negative": 0.25, "positive": 1.0})
    assert found.contact_fraction["negative"] == pytest.approx(0.2)
    assert found.in_words == "contact loss, negative electrode"
