"""Each way in which a run can end has a name of its own."""

import pytest

from twin import names, simulate
from twin.names import variable_of

CELL = "mann2025_lina"


def _strip(settings, current_density="1 mA/cm2", cut_off="1 V"):
    return simulate(
        CELL,
        "full_stripping",
        settings,
        {"current_density": current_density, "cut_off": cut_off},
    )


def _last(result, name):
    return float(result[name][-1])


def test_polarisation():
    result = _strip({}, cut_off="0.5 V")
    assert result.attrs["ended_by"] == "Polarisation cut-off reached"
    assert _last(result, names.VOLTAGE) == pytest.approx(-0.5, abs=1e-6)


def test_contact_lost():
    result = _strip({names.LOST_CONTACT: 0.01}, cut_off="900 V")
    assert result.attrs["ended_by"] == "Negative contact lost"
    contact = variable_of(names.CONTACT_FRACTION, "negative")
    assert _last(result, contact) == pytest.approx(0.01, rel=1e-4)


def test_lost_contact_is_relative_to_the_fresh_contact():
    settings = {names.LOST_CONTACT: 0.01, names.INITIAL_CONTACT: 0.5}
    result = _strip(settings, cut_off="900 V")
    assert result.attrs["ended_by"] == "Negative contact lost"
    contact = variable_of(names.CONTACT_FRACTION, "negative")
    assert _last(result, contact) == pytest.approx(0.005, rel=1e-4)


def test_inventory_exhausted():
    """A scaffold keeps the contact, fast diffusion supplies all but a tenth.

    0.9 x 7.419722e9 C/m3 x 100 um = 6.677750e5 C/m2, at 10 A/m2 66777.5 s.
    """
    settings = {
        names.LITHIUM_THICKNESS: 100e-6,
        names.LITHIUM_VOLUME_FRACTION: 1.0,
        names.EXHAUSTED_FRACTION: 0.1,
        names.SCAFFOLD_FLOOR: 0.5,
        names.LITHIUM_DIFFUSIVITY: 1e-10,
    }
    result = _strip(settings, cut_off="900 V")
    assert result.attrs["ended_by"] == "Negative lithium inventory exhausted"
    assert _last(result, "time") == pytest.approx(66777.5, rel=1e-4)
    assert _last(result, names.AREAL_CAPACITY) == pytest.approx(6.677750e5, rel=1e-4)


def test_a_scaffold_above_the_threshold_never_loses_contact():
    """Exhaustion ends the run although voids have taken all but the scaffold."""
    settings = {
        names.EXHAUSTED_FRACTION: 0.1,
        names.SCAFFOLD_FLOOR: 0.05,
        names.LOST_CONTACT: 0.04,
    }
    result = _strip(settings, cut_off="900 V")
    assert result.attrs["ended_by"] == "Negative lithium inventory exhausted"
    contact = variable_of(names.CONTACT_FRACTION, "negative")
    assert _last(result, contact) == pytest.approx(0.05, rel=1e-4)


@pytest.mark.parametrize(
    ("settings", "event"),
    [
        ({names.LOST_CONTACT: 0.01}, "Positive contact lost"),
        (
            {
                names.EXHAUSTED_FRACTION: 0.1,
                names.SCAFFOLD_FLOOR: 0.5,
                names.LITHIUM_DIFFUSIVITY: 1e-10,
            },
            "Positive lithium inventory exhausted",
        ),
    ],
)
def test_the_positive_electrode_has_events_of_its_own(constant_current, settings, event):
    """100 um of lithium, 7.42e5 C/m2, all stripped at -10 A/m2 after 74 200 s."""
    changes = {**settings, names.POLARISATION_CUT_OFF: 1e3}
    solution = constant_current(-10.0, 8e4, changes)
    assert solution.termination == f"event: {event}"


def test_protocol_completed():
    result = simulate(CELL, "current_pulse")
    assert result.attrs["ended_by"] == "protocol completed"
    assert _last(result, "time") == pytest.approx(1.0)
