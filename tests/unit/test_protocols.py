"""Protocols: from text to SI steps, and what is refused."""

from pathlib import Path

import pytest

from twin.errors import RecordError, UnitError, UnknownNameError
from twin.parts.protocols import list_experiments, load_experiment

GOOD = """
title = "Strip and rest"
paper = "twin"
models = ["SymmetricCell"]

[arguments.current]
value = 0.5
unit = "mA.cm-2"
meaning = "current density"

[arguments.charge]
value = 0.1
unit = "mA.h.cm-2"
meaning = "charge of a half cycle"

[arguments.pause]
value = 0
unit = "min"
meaning = "rest"

[arguments.count]
value = 3
meaning = "cycles"

[repeat]
cycles = "count"

[[steps]]
do = "strip"
current_density = "current"
capacity = "charge"

[[steps]]
do = "rest"
duration = "pause"

[[steps]]
do = "plate"
current_density = "current"
capacity = "charge"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text)
    return path


def test_half_cycle_charge_becomes_a_duration(tmp_path: Path) -> None:
    schedule = load_experiment(write(tmp_path, GOOD)).schedule()
    strip, plate = schedule.cycles[0]  # the rest of zero length is left out
    # 0.1 mAh.cm-2 at 0.5 mA.cm-2 is 0.2 h; 0.5 mA.cm-2 is 5 A.m-2
    assert strip.longest(None) == pytest.approx(720.0)
    assert strip.signed_current_density(None) == pytest.approx(5.0)
    assert plate.signed_current_density(None) == pytest.approx(-5.0)
    assert len(schedule.cycles) == 3
    assert schedule.polarisation is None


def test_arguments_convert_units_and_keep_the_others(tmp_path: Path) -> None:
    protocol = load_experiment(write(tmp_path, GOOD))
    changed = protocol.with_arguments({"current": "2 A/m^2", "pause": "1 h"})
    strip, rest, _ = changed.schedule().cycles[0]
    assert strip.current_density == pytest.approx(2.0)
    # 0.1 mAh.cm-2 = 3600 C.m-2
    assert strip.longest(None) == pytest.approx(1800.0)
    assert (rest.action, rest.duration) == ("rest", pytest.approx(3600.0))
    # the protocol that was read is untouched
    assert protocol.schedule().cycles[0][0].current_density == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("experiment", "argument", "given", "words"),
    [
        ("rate_test", "upper", "4200 V", r"upper = 4200 V: .* 10 V; .* write 4200 mV$"),
        ("rate_test", "upper", "10.1 V", r"upper = 10.1 V: .*; check the number and its"),
        ("rate_ladder", "lower", "-2500 V", "lower = -2500 V: .* write -2500 mV$"),
        ("discharge", "lower", "4200000 mV", "lower = 4200 V: "),
        ("discharge", "lower", "4200 kV", r"lower = 4.2e\+06 V: .*; check the number and"),
    ],
)
def test_voltages_that_no_cell_is_charged_to_are_refused(
    experiment, argument, given, words
) -> None:
    with pytest.raises(RecordError, match=words):
        load_experiment(experiment).with_arguments({argument: given})


def test_a_voltage_in_another_unit_and_the_highest_one_are_taken() -> None:
    changed = load_experiment("rate_test").with_arguments({"upper": "4200 mV"})
    assert changed.schedule().cycles[0][0].voltage == pytest.approx(4.2)
    assert load_experiment("rate_test").with_arguments({"upper": "10 V"})
    # what a symmetric cell may come to is not limited
    assert load_experiment("full_stripping").with_arguments({"cut_off": "20 V"})


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"curent": "1 mA.cm-2"}, UnknownNameError, "Did you mean 'current'"),
        ({"current": "1"}, RecordError, "has no unit"),
        ({"current": "1 V"}, UnitError, "mA.cm-2"),
        (
            {"current": "-1 mA.cm-2"},
            RecordError,
            r"current = -1 mA.cm-2: must be above zero, for the kind of step .*strip.* "
            "says the direction; write 1 mA.cm-2$",
        ),
        ({"current": "0 mA.cm-2"}, RecordError, "above zero, for .*; raise it$"),
        ({"current": "nan mA.cm-2"}, (RecordError, UnitError), "nan"),
        ({"count": "0"}, RecordError, "whole number"),
        ({"count": "2.5"}, RecordError, "whole number"),
        ({"count": "3 h"}, RecordError, "plain number"),
    ],
)
def test_impossible_arguments_are_refused(
    tmp_path: Path,
    settings: dict[str, str],
    error: type[Exception],
    words: str,
) -> None:
    protocol = load_experiment(write(tmp_path, GOOD))
    with pytest.raises(error, match=words):
        protocol.with_arguments(settings)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('do = "strip"', 'do = "stripp"', "strip"),
        ('capacity = "charge"', "", "duration or capacity"),
        ('current_density = "current"', "", "needs current_density or c_rate"),
        ('duration = "pause"', 'duration = "paus"', "Did you mean 'pause'"),
        ('cycles = "count"', 'cycles = "counts"', "Did you mean 'count'"),
        ('unit = "min"', 'unit = "V"', "converts to 's'"),
        ("[repeat]", "[repeats]", "Did you mean 'repeat'"),
        ('title = "Strip and rest"', "", "'title' is missing"),
    ],
)
def test_files_that_break_a_rule_are_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in GOOD
    with pytest.raises((RecordError, UnitError, UnknownNameError), match=words):
        load_experiment(write(tmp_path, GOOD.replace(old, new, 1)))


def test_a_staircase_of_equal_charge_rises_by_its_step() -> None:
    protocol = load_experiment("ccd_constant_charge").with_arguments(
        {
            "start": "0.2 mA.cm-2",
            "step": "0.3 mA.cm-2",
            "end": "0.8 mA.cm-2",
            "cycles": "2",
            "rest": "1 min",
        }
    )
    schedule = protocol.schedule()
    levels = [cycle[0].current_density for cycle in schedule.cycles]
    assert levels == pytest.approx([2, 2, 5, 5, 8, 8])
    assert [step.action for step in schedule.cycles[0]] == [
        "strip",
        "rest",
        "plate",
        "rest",
    ]
    # 0.1 mAh.cm-2 = 3600 C.m-2 in every half cycle
    assert {step.longest(None) for step in schedule.cycles[2][::2]} == {3600.0 / 5}
    assert schedule.polarisation == pytest.approx(1.0)
    # the level is set by the staircase, not by the user
    assert "current_density" not in protocol.arguments


def test_a_staircase_of_equal_time_can_plate_first() -> None:
    protocol = load_experiment("ccd_constant_time").with_arguments(
        {"strip_first": "0", "half_cycle_time": "10 min"}
    )
    steps = [step for cycle in protocol.schedule().cycles for step in cycle]
    assert {step.longest(None) for step in steps} == {600.0}
    assert [step.action for step in steps[:2]] == ["plate", "strip"]


def test_a_ladder_offers_no_argument_that_it_sets(tmp_path: Path) -> None:
    ladder = load_experiment("rate_ladder")
    assert {"lowest_rate", "rate_step", "highest_rate"} <= set(ladder.arguments)
    assert not {"charge_rate", "discharge_rate"} & set(ladder.arguments)
    rates = [[s.c_rate for s in cycle if s.c_rate] for cycle in ladder.schedule().cycles]
    assert rates == [[5, 5], [10, 10], [15, 15], [20, 20], [25, 25]]
    with pytest.raises(UnknownNameError, match="charge_rate"):
        ladder.with_arguments({"charge_rate": "1"})
    offered = ladder.path.read_text() + (
        '\n[arguments.charge_rate]\nvalue = 1\nmeaning = "set by the staircase"\n'
    )
    with pytest.raises(RecordError, match=r"remove \[arguments.charge_rate\]"):
        load_experiment(write(tmp_path, offered))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"step": "0 mA.cm-2"}, "step = 0 mA.cm-2: must be above zero, for the staircase"),
        ({"step": "-0.1 mA.cm-2"}, "step = -0.1 mA.cm-2: must be above zero"),
        ({"start": "0 mA.cm-2"}, "start = 0 mA.cm-2: must be above zero"),
        ({"end": "0.05 mA.cm-2"}, "end = 0.05 is below start = 0.1"),
        ({"strip_first": "2"}, "strip_first = 2: give 1 for yes or 0 for no"),
        ({"step": "1 nA.cm-2"}, "levels are more than"),
    ],
)
def test_impossible_staircases_are_refused(settings: dict[str, str], words: str) -> None:
    with pytest.raises(RecordError, match=words):
        load_experiment("ccd_constant_charge").with_arguments(settings)


def test_every_shipped_experiment_makes_a_schedule() -> None:
    shipped = {protocol.name: protocol for protocol in list_experiments()}
    assert {"full_stripping", "strip_plate_cycling", "rest"} <= set(shipped)
    strip = shipped["full_stripping"].schedule()
    # 0.2 mA.cm-2, 2000 h, 1 V
    assert strip.cycles[0][0].current_density == pytest.approx(2.0)
    assert strip.cycles[0][0].duration == pytest.approx(7.2e6)
    assert strip.polarisation == pytest.approx(1.0)
