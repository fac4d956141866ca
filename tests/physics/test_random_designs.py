"""A few random designs of benchmarks/fuzz.py, and that it would see what is wrong."""

import importlib.util
import json
import multiprocessing
import os
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from twin.run.results import COMPLETED, ENDED_BY

SOURCE = Path(__file__).parents[2] / "benchmarks" / "fuzz.py"
SEED, SAMPLES = 3, range(12)


@pytest.fixture(scope="module")
def fuzz():
    spec = importlib.util.spec_from_file_location("fuzz_of_designs", SOURCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def outcomes(fuzz):
    found = []
    for number in SAMPLES:
        base, changes, kinds = fuzz.sample(number, SEED)
        for kind in kinds:
            one = fuzz.outcome(base, changes, kind, [SEED, number])
            found.append({**one, "where": f"sample {number}, {base}, {kind}"})
    return found


def test_every_run_ends_as_it_may(fuzz, outcomes):
    for one in outcomes:
        assert one["ended"] in ("solved", "event", "refused"), one
        assert "warned" not in one, one


def test_the_samples_are_worth_running(outcomes):
    """Most of them are neither refused nor over at once."""
    counts = Counter(one["ended"] for one in outcomes)
    assert counts["solved"] + counts["event"] > 0.8 * len(outcomes)
    assert counts["event"] >= 5
    assert len({one["detail"] for one in outcomes if one["ended"] == "event"}) >= 3


def test_a_sample_is_the_same_again(fuzz):
    assert fuzz.sample(7, SEED) == fuzz.sample(7, SEED)
    assert fuzz.sample(7, SEED) != fuzz.sample(8, SEED)


# --- what is wrong is seen ------------------------------------------------------------


def _hangs(cell, rng):
    while True:
        pass


def _waits(cell, rng):
    time.sleep(600)


def _dies(cell, rng):
    os._exit(3)


def _breaks(cell, rng):
    raise ZeroDivisionError("of a kind that no user should see")


def _loses_numbers(cell, rng):
    values = ("time", np.array([1.0, np.nan]))
    return xr.Dataset({"Voltage [V]": values}, attrs={ENDED_BY: COMPLETED})


@pytest.mark.parametrize(
    ("run", "ended", "detail"),
    [
        (_hangs, "hang", "more than 1 s"),
        (_waits, "hang", "more than 1 s"),
        (_dies, "crash", "ended with 3"),
        (_breaks, "crash", "ZeroDivisionError at test_random_designs.py"),
        (_loses_numbers, "not a number", "Voltage"),
    ],
)
def test_what_may_not_be_is_seen(fuzz, monkeypatch, run, ended, detail):
    monkeypatch.setattr(fuzz, "BY_THE_CLOCK", 2)
    monkeypatch.setitem(fuzz.RUNS, "stripping", run)
    arguments = ("mann2025_lina", {}, "stripping", [1, 1])
    found = fuzz.alone(multiprocessing.get_context("fork"), 1, arguments)
    assert found["ended"] == ended
    assert detail in found["detail"]


def test_half_a_line_is_cut_off(fuzz, tmp_path):
    whole = json.dumps({"sample": 1, "seed": 1, "runs": {}})
    path = tmp_path / "out.jsonl"
    path.write_text(f"{whole}\n{whole[:9]}", encoding="utf-8")
    assert [one["sample"] for one in fuzz.samples_of(path)] == [1]
    assert path.read_text(encoding="utf-8") == f"{whole}\n"


def test_shares_of_outcomes(fuzz):
    def sample(**runs):
        return {"runs": runs}

    found = [
        sample(stripping={"ended": "solved", "cpu": 1.0}, ageing={"ended": "hang"}),
        sample(discharge={"ended": "event", "cpu": 0.5, "warned": "of something"}),
        sample(discharge={"ended": "solved", "cpu": 2.5}),
    ]
    assert fuzz.figures(found) == {
        "samples": 3,
        "runs": 4,
        "share of runs, solved, %": 50,
        "share of runs, event, %": 25,
        "share of runs, refused, %": 0,
        "share of runs, solver failed, %": 0,
        "share of runs, crash, %": 0,
        "share of runs, hang, %": 25,
        "share of runs, not a number, %": 0,
        "share of runs, with a warning, %": 25,
        "CPU s a run": 1.0,
    }


def test_messages_are_counted_by_their_rule(fuzz):
    one, two = (
        f"RecordError: cell mann2025_li, experiment rest: at {current} A the limit is met"
        for current in ("1.5e-3", "20")
    )
    assert fuzz.rule(one) == fuzz.rule(two)
    assert "limit is met" in fuzz.rule(one)
