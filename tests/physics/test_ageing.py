"""Ageing of real cells: jumps against every cycle, balances, kills, check-ups."""

import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest
import xarray as xr

import twin
from twin import names
from twin.errors import TwinError
from twin.models.compat import Readout
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.report_age import ageing_sentence
from twin.run.ageing import Request, age, requested_as
from twin.run.journal import Journal
from twin.studies.ageing import (
    CHECKED,
    ERROR,
    LOSS,
    MECHANISM,
    CheckUp,
    _largest_around,
    _results,
    _shared,
    _with_error,
)

#: A full cell that fades, with 0.1 s a cycle.
CELL = "zhu2025_lco_llto60"
RATE = {"charge_rate": "1", "discharge_rate": "1"}


def cycling():
    return load_experiment("rate_test").with_arguments(RATE)


@pytest.fixture(scope="module")
def resolved():
    return age(load_cell(CELL), cycling(), Request(90, every_cycle=True))


def test_jumps_meet_the_curve_of_every_cycle(resolved):
    jumped = age(load_cell(CELL), cycling(), Request(90))
    assert jumped.attrs["jumps"] > 3
    assert jumped.attrs["cycles_run"] < 60
    first = float(resolved[names.CYCLE_DISCHARGED][0])
    off = np.abs(jumped[names.CYCLE_DISCHARGED] - resolved[names.CYCLE_DISCHARGED]) / first
    # 0.02 percentage points, while the curve moves by four hundred times that
    assert float(off.max()) < 2e-4
    lost = 1 - float(resolved[names.CYCLE_DISCHARGED][-1]) / first
    assert lost > 0.08


def test_a_capacity_has_little_noise_where_its_voltage_falls_steeply():
    """An LFP cell that does not fade: what a cycle is off by at random, jumps multiply."""
    protocol = load_experiment("rate_test").with_arguments(
        {"charge_rate": "0.5", "discharge_rate": "0.5", "upper": "4.0 V", "lower": "2.5 V"}
    )
    cell = load_cell("peng2025_lfp_10kco")
    run = age(cell, protocol, Request(18, every_cycle=True))
    share = (run[names.CYCLE_DISCHARGED] / run[names.CYCLE_DISCHARGED][0]).to_numpy()
    # third differences of independent noise have 1 + 9 + 9 + 1 times its variance
    noise = np.sqrt(np.mean(np.diff(share[6:], 3) ** 2) / 20)
    assert 0 < noise < 1e-6


def test_lithium_is_kept_through_cycles_and_jumps(resolved):
    assert 0 < resolved.attrs["largest_lithium_drift"] < 1e-7
    held = []

    def watch(cycles, y, cycler):
        total = Readout(cycler.model, cycler.inputs, [names.TOTAL_LITHIUM])
        held.append(float(total(y)[0][0] / total(cycler.fresh)[0][0]) - 1)
        return [0.0]

    pauses = (20, 30, 40, 50, 60)
    run = age(load_cell(CELL), cycling(), Request(60, pause=pauses), at_pause=watch)
    assert run.attrs["jumps"] > 3
    assert len(held) == len(pauses)
    assert np.abs(held).max() < 1e-8


def test_a_reservoir_that_side_reactions_empty_is_empty_when_it_should_be():
    """Lithium that dies in jumps is missing: 0.15 of what is plated in every cycle."""
    changed = {names.PLATING_LOSS: 0.15}
    cell = load_cell("llto_cnt2025_ncm").with_values(changed, origin="test")
    protocol = load_experiment("rate_test").with_arguments(
        {"charge_rate": "0.5", "discharge_rate": "0.5", "upper": "4.3 V", "lower": "3.0 V"}
    )
    run = age(cell, protocol, Request(40, floor=0.5))
    # N/P 4 over 0.15 a cycle: 26.7 cycles, and some from the host
    knee = run.sizes["cycle"]
    assert 24 <= knee <= 32


def test_a_run_that_was_broken_off_ends_with_the_same_numbers(tmp_path):
    cell, protocol, request = load_cell(CELL), cycling(), Request(40)
    unbroken = age(cell, protocol, request)

    class Killed(Exception):
        pass

    def after(laps):
        def count(_share):
            nonlocal laps
            laps -= 1
            if not laps:
                raise Killed

        return count

    as_requested = requested_as(cell, protocol, request)
    for laps in (5, 9, 4):
        with pytest.raises(Killed):
            age(
                cell,
                protocol,
                request,
                journal=Journal(tmp_path / "j", as_requested),
                progress=after(laps),
            )
    broken = age(cell, protocol, request, journal=Journal(tmp_path / "j", as_requested))
    for name in (names.CYCLE_DISCHARGED, names.CYCLE_CHARGED, names.CYCLE_DURATION):
        np.testing.assert_array_equal(broken[name], unbroken[name])


def test_kill_nine_at_any_moment_loses_nothing(tmp_path):
    command = [sys.executable, "-m", "twin", "age", CELL, "rate_test", "--cycles", "25"]
    command += [f"--set={name}={value}" for name, value in RATE.items()]
    command += ["--no-estimate", "--journal", str(tmp_path / "j")]
    environment = {**os.environ, "PYBAMM_DISABLE_TELEMETRY": "true"}
    for wait in (0.3, 3.0):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        begun = time.monotonic()
        # wait from when it has a checkpoint to lose
        while time.monotonic() - begun < 60 and process.poll() is None:
            if (tmp_path / "j" / "first" / "checkpoint.npz").exists():
                break
            time.sleep(0.05)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
    command += ["-o", str(tmp_path / "broken.nc")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    broken = twin.load(tmp_path / "broken.nc")
    unbroken = twin.age(CELL, "rate_test", 25, arguments=RATE, estimate=False)
    np.testing.assert_array_equal(
        broken[names.CYCLE_DISCHARGED], unbroken[names.CYCLE_DISCHARGED]
    )


def test_behind_an_interlayer_no_less_than_what_both_runs_miss_is_told():
    # 0.02 and 0.003 percentage points at a tolerance of 1e-4
    assert 100 * 1e-4 * _shared(load_cell("yang2024_micro_0_2mAh")) == pytest.approx(0.02)
    assert 100 * 1e-4 * _shared(load_cell(CELL)) == pytest.approx(0.003)


def test_a_second_process_ends_though_the_first_went_before_it_had_started():
    code = (
        "import os, time\n"
        "from twin.studies.processes import end_with_parent\n"
        "end_with_parent(os.getppid() + 1)\n"
        "time.sleep(60)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], timeout=50)
    assert run.returncode == 1


def test_a_second_process_that_is_ended_from_outside_is_told_of():
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        running = [pool.submit(os._exit, 1)]
        with pytest.raises(TwinError, match="ended from outside.* what is in here"):
            _results(running, "here")


def test_check_ups_leave_no_trace_and_cycles_are_kept(resolved):
    kept = {}
    checked = twin.age(
        CELL,
        "rate_test",
        12,
        arguments=RATE,
        every_cycle=True,
        keep=[7],
        check=CheckUp(6, "rate_test"),
        at_detail=kept.__setitem__,
    )
    # a thing beside: the cycles are those of a run without
    np.testing.assert_array_equal(
        checked[names.CYCLE_DISCHARGED], resolved[names.CYCLE_DISCHARGED][:12]
    )
    assert checked[CHECKED].shape == (2, 2)
    # at C/10 more comes out than at 1C
    assert (checked[CHECKED] > checked[names.CYCLE_DISCHARGED][-1]).all()
    charge = kept[7][names.AREAL_CAPACITY].to_numpy()
    passed = charge[kept[7]["step"] == 3]
    assert passed[-1] - passed[0] == pytest.approx(
        float(resolved[names.CYCLE_DISCHARGED][6]), rel=1e-9
    )


def test_the_loss_is_split_by_leaving_each_mechanism_out():
    found = twin.age(
        CELL, "rate_test", 12, arguments=RATE, estimate=False, every_cycle=True, split=True
    )
    cost = dict(zip(found[MECHANISM].to_numpy(), found[LOSS].to_numpy(), strict=True))
    lost = float(found[names.CYCLE_DISCHARGED][1] - found[names.CYCLE_DISCHARGED][-1])
    # the one that the cell's records switch on costs nearly all of it
    assert cost["active material loss"] == pytest.approx(lost, rel=0.2)
    others = [value for name, value in cost.items() if name != "active material loss"]
    assert max(map(abs, others)) < 0.1 * lost


def curve(capacities):
    run = xr.Dataset({names.CYCLE_DISCHARGED: ("cycle", np.array(capacities))})
    return run.assign_attrs({"ended_by": "protocol completed", "cycles_run": 4})


def test_the_error_is_the_distance_of_two_runs_and_what_both_miss():
    # apart by 0, 0, 0.25 and 0.5, the largest of the neighbours; 0.125 of the first 8 more
    found = _with_error(curve([8.0, 7.0, 6.0, 5.0]), curve([8.0, 7.0, 6.25, 4.5]), 0.125)
    assert found[ERROR].to_numpy().tolist() == [1.0, 1.25, 1.5, 1.5]


def test_the_sentence_tells_an_error_that_is_much_larger_on_the_way():
    aged = curve([8.0, 7.0, 6.0, 4.0]).assign({"resolved": ("cycle", [True] * 4)})
    for errors, told in (([0.04, 0.4, 0.8, 0.08], "(+- 1, up to 10 around cycle 3)"),
                         ([0.04, 0.04, 0.3, 0.08], "(+- 1)")):
        sentence = ageing_sentence(aged.assign({ERROR: ("cycle", errors)}))
        assert sentence.startswith(f"4 cycles: 50.00 % {told} of the first")


def test_the_error_of_a_run_is_small_and_never_nothing():
    found = twin.age(CELL, "rate_test", 40, arguments=RATE)
    error = found[ERROR].to_numpy() / float(found[names.CYCLE_DISCHARGED][0])
    # 0.3 of the tolerance of 1e-4 at least
    assert error.min() >= 3e-5
    assert error.max() < 1e-3


def test_the_largest_distance_around_a_cycle():
    values = np.zeros(100)
    values[49] = 1.0
    # cycle 50 lies within a tenth of the cycles 46 (46 + 4) to 55 (55 - 5)
    assert np.flatnonzero(_largest_around(values)).tolist() == list(range(45, 55))


def test_a_request_that_was_never_finished_is_no_other_journal(tmp_path):
    (tmp_path / "request.json.new").write_text("{")
    Journal(tmp_path, {"cell": "a"})
    assert json.loads((tmp_path / "request.json").read_text()) == {"cell": "a"}


def test_other_steps_under_the_same_name_are_another_request(tmp_path):
    shipped = load_experiment("rate_test")
    copy = tmp_path / shipped.path.name
    text = shipped.path.read_text(encoding="utf-8")
    requests = []
    rest = '[[steps]]\ndo = "rest"\nduration = "rest"\n'
    for steps in (text, text.replace(rest, "", 1)):
        copy.write_text(steps, encoding="utf-8")
        protocol = load_experiment(copy)
        requests.append(requested_as(load_cell(CELL), protocol, Request(3)))
    assert requests[0]["arguments"] == requests[1]["arguments"]
    assert requests[0]["steps"] != requests[1]["steps"]


def test_fewer_cycles_and_a_higher_end_are_cut_from_a_finished_journal(tmp_path):
    def run(cycles, floor=0.0):
        return twin.age(
            CELL, "rate_test", cycles, arguments=RATE, floor=floor, estimate=False,
            every_cycle=True, folder=tmp_path / "j",
        )

    whole = run(8)
    assert run(5).sizes["cycle"] == 5
    share = (whole[names.CYCLE_DISCHARGED] / whole[names.CYCLE_DISCHARGED][0]).to_numpy()
    floor = float((share[5] + share[6]) / 2)
    for _ in range(2):
        cut = run(8, floor)
        assert cut.sizes["cycle"] == 1 + int(np.flatnonzero(share < floor)[0])
        assert cut.attrs["ended_by"] == "capacity below what was asked for"


def test_cycles_that_differ_are_resolved_with_a_note():
    ladder = load_experiment("rate_ladder")
    found = age(load_cell(CELL), ladder, Request(3))
    assert found.attrs["cycles_run"] == 3
    assert "each was resolved" in found.attrs["notes"]


@pytest.mark.parametrize(
    ("keywords", "text"),
    [
        ({"cycles": 0}, "0 cycles cannot be run; give a number from 1"),
        ({"cycles": 5, "keep": [9]}, "no cycle 9"),
        ({"cycles": 5, "floor": 1.2}, "not a share"),
        ({"cycles": 5, "tolerance": 1.0}, "not between 1e-7 and 1e-2"),
        ({"cycles": 5, "check": CheckUp(9)}, "does not fit into 5"),
    ],
)
def test_what_cannot_be_run_is_refused(keywords, text):
    with pytest.raises(TwinError, match=re.escape(text)):
        twin.age(CELL, "rate_test", **keywords)


def test_a_cell_without_mechanisms_has_no_split():
    switched_off = {names.OCCLUDED_FRACTION: 0.0, names.FILAMENT_CHARGE: 1e12}
    with pytest.raises(TwinError, match="has no fade mechanism"):
        twin.age("peng2025_lfp_10kco", "rate_test", 2, switched_off, split=True)
