"""Critical current densities: modes, sides, margins and what they depend on.

Round numbers: interface 10 Ohm.cm2, 1 mA.cm-2 is a local overpotential of 10 mV, which is
the filament's threshold; 0.1 mAh.cm-2 shorts the separator far above it.
"""

import json
from dataclasses import replace
from itertools import count

import pytest

import twin
from twin import names
from twin.errors import RecordError, UnitError, UnknownNameError
from twin.parts.cell import Cell
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.run.failure import CONTACT_LOSS, NO_CONTACT, NO_LITHIUM, OHMIC, SHORT, SURVIVED
from twin.studies.ccd_axes import parse_axis
from twin.studies.ccd_map import CCD, CONTINUOUS_CCD, MODE
from twin.units import unit_of

FILAMENT = {
    names.INTERFACE_RESISTANCE: 1e-3,
    names.FILAMENT_THRESHOLD: 0.010,
    names.FILAMENT_CHARGE: 3600.0,
    names.FILAMENT_EXPONENT: 4.0,
    names.SHORT_CONDUCTANCE_FULL: 500.0,
    names.LITHIUM_DIFFUSIVITY: 1e-11,
    names.ELECTRONIC_CONDUCTIVITY: 1e-12,
}
#: 0.025 mAh.cm-2 per half cycle, 0.2 mA.cm-2 a step
STAIRS = {
    "start": "0.2 mA.cm-2",
    "step": "0.2 mA.cm-2",
    "half_cycle_capacity": "0.025 mA.h.cm-2",
    "cut_off": "4 V",
}


def with_filament(**changes: float) -> Cell:
    """Fast diffusion, so that nothing but a filament fails."""
    values = FILAMENT | {getattr(names, key): value for key, value in changes.items()}
    cell = load_cell("mann2025_li_25C").with_values(values, origin="this test")
    return replace(cell, options={**cell.options, "filament": "growing"})


def shorting_level(charge: float = 0.1) -> tuple[float, float]:
    """Level that shorts and its continuous value, from X' = |i|/Q z^4/(1 + z^4) [A.m-2].

    The positive electrode is plated in the first half of each cycle.
    """
    length = 0.0
    for level in count(1):
        z = 0.2 * level
        growth = 0.025 / charge * z**4 / (1 + z**4)
        if length + growth >= 1:
            share = (1 - length) / growth / 2  # of the cycle: the first half plates
            return 2.0 * level, 2.0 * (level - 1) + 2.0 * share
        length += growth
    raise AssertionError


def test_a_short_is_found_at_the_current_that_its_growth_law_gives() -> None:
    found = twin.ccd(with_filament(), arguments=STAIRS, sensitivity=False)
    level, continuous = shorting_level()
    assert found.failure.event == names.variable_of(names.SHORT_EVENT, "positive")
    assert (found.failure.mode, found.failure.side) == (SHORT, "positive")
    assert (found.bound, found.failure.step) == ("=", 1)
    assert found.critical_current_density == pytest.approx(level)
    assert found.continuous == pytest.approx(continuous, rel=5e-4)
    assert found.failure.filament_length["positive"] == pytest.approx(1.0, abs=1e-4)
    # the other electrode is one half cycle behind; its contact is what it was
    assert 0.6 < found.failure.filament_length["negative"] < 1
    assert found.contact_left == pytest.approx(1.0, abs=0.01)
    assert not any("cannot occur" in note for note in found.notes)


def test_plating_first_shorts_from_the_other_electrode() -> None:
    arguments = STAIRS | {"strip_first": "0"}
    found = twin.ccd(with_filament(), arguments=arguments, sensitivity=False)
    assert (found.failure.mode, found.failure.side) == (SHORT, "negative")
    assert found.critical_current_density == pytest.approx(shorting_level()[0])


def test_elasticity_of_a_short_follows_its_growth_law() -> None:
    found = twin.ccd(with_filament(), arguments=STAIRS)
    by_name = {one.name: one for one in found.elasticities}
    charge = by_name[names.FILAMENT_CHARGE]
    low, middle, high = (shorting_level(0.1 * share)[1] for share in (0.8, 1.0, 1.2))
    assert charge.elasticity == pytest.approx((high - low) / middle / 0.4, rel=0.02)
    # z falls with the threshold as the current would have to rise: nearly one to one
    assert found.elasticities[0].name in (
        names.FILAMENT_THRESHOLD,
        names.INTERFACE_RESISTANCE,
    )
    magnitudes = [abs(one.elasticity) for one in found.elasticities]
    assert magnitudes == sorted(magnitudes, reverse=True)
    assert names.LITHIUM_DIFFUSIVITY in by_name
    # neither is in the equations: no impedance, Ohm's law at the interface
    assert names.INTERFACE_CAPACITANCE not in by_name
    assert names.EXCHANGE_CURRENT not in by_name


def test_contact_loss_is_told_from_an_ohmic_limit() -> None:
    cell = load_cell("mann2025_li")
    without = replace(cell, options={**cell.options, "filament": "none"})
    lost = twin.ccd(without, sensitivity=False)
    assert (lost.failure.mode, lost.failure.cause) == (CONTACT_LOSS, NO_CONTACT)
    # the electrode that was stripped in that half cycle
    assert lost.failure.side == ("negative", "positive")[lost.failure.step - 1]
    assert lost.contact_left is not None and lost.contact_left < 0.1
    assert lost.filament_left is None
    assert any("short circuit cannot occur" in note for note in lost.notes)
    # 20.78 Ohm.cm2 of mann2025_lina: 12.1 mV are 0.58 mA.cm-2; too short to deplete
    arguments = {"cut_off": "12.1 mV", "half_cycle_capacity": "0.001 mA.h.cm-2"}
    ohmic = twin.ccd("mann2025_lina", arguments=arguments, sensitivity=False)
    assert (ohmic.failure.cause, ohmic.failure.side) == (OHMIC, "")
    assert ohmic.critical_current_density == pytest.approx(6.0)
    assert ohmic.contact_left == pytest.approx(1.0, abs=0.01)


def test_exhaustion_is_a_cause_of_its_own() -> None:
    """5 um x 7.42e9 C.m-3 = 1.03 mAh.cm-2: the sweep of rising charge asks for more."""
    settings = {
        names.LITHIUM_THICKNESS: 5e-6,
        names.LITHIUM_VOLUME_FRACTION: 1.0,
        names.INITIAL_OCCUPANCY: 1.0,
        names.LITHIUM_DIFFUSIVITY: 1e-10,
        names.EXHAUSTED_FRACTION: 0.1,
        names.SCAFFOLD_FLOOR: 0.5,
    }
    arguments = {"half_cycle_time": "30 min", "cut_off": "5 V"}
    found = twin.ccd(
        "mann2025_lina", "ccd_constant_time", settings, arguments, sensitivity=False
    )
    assert found.failure.cause == NO_LITHIUM
    # 0.9 x 1.0305 mAh.cm-2 in half an hour is 1.855 mA.cm-2
    assert found.critical_current_density == pytest.approx(19.0)


def test_a_sweep_that_nothing_ends_is_a_bound() -> None:
    found = twin.ccd("mann2025_lina", arguments={"end": "0.3 mA.cm-2"})
    assert (found.bound, found.failure.mode, found.failure.event) == (">=", SURVIVED, "")
    assert found.critical_current_density == found.continuous == pytest.approx(3.0)
    assert found.elasticities == ()
    assert any("raise 'end'" in note for note in found.notes)
    content = json.loads(found.to_json())
    assert content["failure"]["mode"] == SURVIVED
    assert content["units"]["critical_current_density"] == "A.m-2"
    assert content["arguments"]["end"] == "0.3 mA.cm-2"
    assert "run" not in content


@pytest.mark.parametrize("better", [names.LITHIUM_DIFFUSIVITY, names.STACK_PRESSURE])
def test_diffusion_and_pressure_never_lower_the_ccd(better: str) -> None:
    value = load_cell("mann2025_li").values[better]
    unit = unit_of(better)
    found = twin.ccd_map(
        "mann2025_li",
        f"{better}={value / 3!r}:{value * 60!r}:4 {unit}",
        "half_cycle_capacity=0.05:0.2:2 mA.h.cm-2",
        arguments={"step": "0.3 mA.cm-2"},
    )
    assert (found[CCD].diff("x") >= 0).all()
    assert (found[CCD].diff("y") <= 0).all()  # more charge never raises it
    assert found[CONTINUOUS_CCD].max() > found[CONTINUOUS_CCD].min()


def test_a_map_is_what_single_runs_give() -> None:
    axes = "contact fraction=0.4:1.0:2", "half cycle capacity=0.1:0.3:2 mA.h.cm-2"
    arguments = {"step": "0.5 mA.cm-2"}
    seen: list[float] = []
    found = twin.ccd_map("mann2025_li", *axes, arguments=arguments, progress=seen.append)
    alone = twin.ccd(
        "mann2025_li",
        settings={names.INITIAL_CONTACT: 0.4},
        arguments=arguments | {"half_cycle_capacity": "0.3 mA.h.cm-2"},
        sensitivity=False,
    )
    corner = found.sel(x=0.4, y=0.3)
    assert float(corner[CCD]) == alone.critical_current_density
    assert float(corner[CONTINUOUS_CCD]) == pytest.approx(alone.continuous, rel=1e-6)
    assert str(corner[MODE].values) == alone.failure.mode
    assert found["x"].attrs["long_name"] == names.INITIAL_CONTACT
    assert seen[-1] == 1.0


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("pressure", RecordError, "NAME=low:high:points unit"),
        ("pressure=1:2:3:4 MPa", RecordError, "NAME=low:high:points unit"),
        ("pressure=2:1 MPa", RecordError, "2 is not below 1"),
        ("pressure=1:2:1 MPa", RecordError, "whole number from 2"),
        ("pressure=1:2 V", UnitError, "Pa"),
        ("contact fraction=0.5:2", RecordError, "Initial contact fraction"),
        ("presure=1:2 MPa", UnknownNameError, "Did you mean 'pressure'"),
        ("half_cycle_capacity=0:1 mA.h.cm-2", RecordError, "above zero"),
    ],
)
def test_impossible_axes_are_refused(text: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        parse_axis(text, load_experiment("ccd_constant_charge"))


def test_impossible_maps_are_refused_before_anything_is_run() -> None:
    with pytest.raises(RecordError, match="both axes are"):
        twin.ccd_map("mann2025_li", "pressure=1:2 MPa", "stack pressure=1:2 MPa")
    with pytest.raises(RecordError, match="of lithium in the electrode"):
        twin.ccd_map(
            "mann2025_li", "pressure=1:2 MPa", "half_cycle_capacity=0.1:99 mA.h.cm-2"
        )
