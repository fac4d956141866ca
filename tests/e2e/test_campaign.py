"""Campaigns that lose workers, their scheduler or the program that started them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import zarr

from twin.errors import TwinError
from twin.studies.campaign import executor, versions
from twin.studies.store import DONE, LOST, CampaignStore

#: Twelve designs in batches of two: what comes out is twice the number of the design.
SCRIPT = """
import os, signal, sys, time
from pathlib import Path
import numpy as np
from twin.errors import TwinError
from twin.studies.campaign import executor, run_campaign
from twin.studies.evaluation import Evaluated

class Twice:
    width = 1
    def __init__(self, folder, pause, deadly):
        self.folder, self.pause, self.deadly = folder, pause, deadly
        self.free = True
    def prepare(self):
        return self
    def __call__(self, rows):
        first = int(rows[0, 0])
        with open(f"{self.folder}/evaluated.txt", "a") as log:
            log.write(f"{first}\\n")
        flag = Path(self.folder, "died")
        if self.deadly == "two" and first in (4, 8):
            time.sleep(2)  # long enough for Dask to look for lost workers meanwhile
            os.kill(os.getpid(), signal.SIGKILL)
        if first == 4 and (self.deadly == "always" or self.deadly and not flag.exists()):
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        # a model holds one batch at a time
        assert self.free
        self.free = False
        time.sleep(self.pause)
        self.free = True
        return Evaluated(2 * rows, ("",) * len(rows))

if __name__ == "__main__":
    folder, pause, deadly, workers, scheduler = sys.argv[1:6]
    import campaign_script
    task = campaign_script.Twice(folder, float(pause), deadly)
    by = executor(int(workers), scheduler or None)
    rows = np.arange(12.0)[:, None]
    try:
        run_campaign(task, rows, {"what": "twice"}, by, Path(folder, "s.zarr"), batch=2)
    except TwinError as error:
        sys.exit(f"twin: {error}")
"""


def start(
    folder: Path, *, pause: float = 0.0, deadly: str = "", workers: int = 2, at: str = ""
) -> subprocess.Popen[str]:
    script = folder / "campaign_script.py"
    script.write_text(SCRIPT)
    words = [str(folder), str(pause), deadly, str(workers), at]
    return subprocess.Popen(
        [sys.executable, str(script), *words],
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )


def store(folder: Path) -> CampaignStore:
    """The finished store, opened as a campaign opens it to go on."""
    identity = {"what": "twice", **versions(), "samples": 12, "batch": 2}
    return CampaignStore(folder / "s.zarr", identity, samples=12, outputs=1, batch=2)


def check_whole(folder: Path) -> None:
    """Each sample is there exactly once, with its own value."""
    found = store(folder)
    assert found.pending() == []
    assert found.states().tolist() == [DONE] * 12
    assert found.values()[:, 0].tolist() == (2 * np.arange(12.0)).tolist()


def evaluated(folder: Path) -> list[int]:
    log = folder / "evaluated.txt"
    return [int(line) for line in log.read_text().split()] if log.exists() else []


def written(folder: Path) -> int:
    return len(list((folder / "s.zarr" / "states" / "c").glob("*")))


def wait_for(
    condition: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 300
) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_killed_worker_costs_its_batch_a_second_try(tmp_path: Path) -> None:
    run = start(tmp_path, deadly="once")
    assert run.communicate(timeout=300)[1] == "" and run.returncode == 0
    check_whole(tmp_path)
    assert evaluated(tmp_path).count(4) == 2


def test_a_batch_that_kills_its_workers_fails_alone(tmp_path: Path) -> None:
    run = start(tmp_path, deadly="always")
    assert run.communicate(timeout=300)[1] == "" and run.returncode == 0
    kept = zarr.open_group(str(tmp_path / "s.zarr"))
    expected = [LOST if n in (4, 5) else DONE for n in range(12)]
    assert kept["states"][:].tolist() == expected
    reason = bytes(kept["reasons"][4]).rstrip(b"\0").decode()
    assert reason == "the process that evaluates its batch died 2 times"
    # it may have been somebody else's doing: the same request tries it again
    assert store(tmp_path).pending() == [2]
    again = start(tmp_path, workers=1)
    assert again.communicate(timeout=300)[1] == "" and again.returncode == 0
    check_whole(tmp_path)


def test_a_killed_program_goes_on_without_doing_anything_twice(tmp_path: Path) -> None:
    run = start(tmp_path, pause=0.3)
    wait_for(lambda: written(tmp_path) >= 2, run)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    time.sleep(1.0)  # its workers notice
    before = store(tmp_path)
    kept = [n for n in range(6) if n not in before.pending()]
    assert 2 <= len(kept) < 6
    known = evaluated(tmp_path)
    again = start(tmp_path, workers=1)
    assert again.communicate(timeout=300)[1] == "" and again.returncode == 0
    check_whole(tmp_path)
    fresh = evaluated(tmp_path)[len(known) :]
    assert sorted(fresh) == [2 * n for n in range(6) if n not in kept]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A Dask scheduler of its own, with a worker of two threads."""
    place = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "text": True}
    common = ["--scheduler-file", str(place)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    host = ["--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0"]
    first = subprocess.Popen(
        [*dask, "scheduler", *common, *host], env=environment, cwd=tmp_path, **quiet
    )
    workers = [*common, "--nworkers", "1", "--nthreads", "2", "--host", "127.0.0.1"]
    second = subprocess.Popen(
        [*dask, "worker", *workers], env=environment, cwd=tmp_path, **quiet
    )
    try:
        wait_for(place.exists, first)
        time.sleep(0.2)
        yield first, json.loads(place.read_text())["address"]
    finally:
        for process in (second, first):
            process.terminate()
        for process in (second, first):
            process.wait(timeout=30)


def test_a_killed_scheduler_loses_nothing(
    tmp_path: Path, scheduler: tuple[subprocess.Popen[str], str]
) -> None:
    process, address = scheduler
    run = start(tmp_path, pause=1.0, at=address)
    wait_for(lambda: written(tmp_path) >= 1, run)
    process.kill()
    _, words = run.communicate(timeout=300)
    assert "Traceback" not in words
    assert "the scheduler is lost" in words
    assert "the same request goes on there" in words
    again = start(tmp_path, workers=1)
    assert again.communicate(timeout=300)[1] == "" and again.returncode == 0
    check_whole(tmp_path)


def test_threads_of_a_worker_take_turns(
    tmp_path: Path, scheduler: tuple[subprocess.Popen[str], str]
) -> None:
    run = start(tmp_path, pause=0.2, at=scheduler[1])
    assert run.communicate(timeout=300)[1] == "" and run.returncode == 0
    check_whole(tmp_path)


def test_a_batch_that_kills_dask_workers_is_lost_alone(
    tmp_path: Path, scheduler: tuple[subprocess.Popen[str], str]
) -> None:
    # the pause keeps others on the worker when it dies
    run = start(tmp_path, pause=0.5, deadly="always", at=scheduler[1])
    assert run.communicate(timeout=300)[1] == "" and run.returncode == 0
    kept = zarr.open_group(str(tmp_path / "s.zarr"))
    expected = [LOST if n in (4, 5) else DONE for n in range(12)]
    assert kept["states"][:].tolist() == expected
    assert store(tmp_path).pending() == [2]


def test_workers_of_a_local_cluster_come_back(tmp_path: Path) -> None:
    run = start(tmp_path, deadly="two", at="local")
    assert run.communicate(timeout=300)[1] == "" and run.returncode == 0
    kept = zarr.open_group(str(tmp_path / "s.zarr"))
    expected = [LOST if n in (4, 5, 8, 9) else DONE for n in range(12)]
    assert kept["states"][:].tolist() == expected
    # nobody pays for the neighbour
    assert all(evaluated(tmp_path).count(first) <= 2 for first in (0, 2, 6, 10))


@pytest.mark.parametrize("executor", [(), ("--scheduler", "local")], ids=["", "dask"])
def test_ctrl_c_says_what_is_kept(tmp_path: Path, executor: tuple[str, ...]) -> None:
    words = (
        *("sensitivity", "mann2025_li", "current_pulse", "--samples", "4096"),
        *("--output", "initial cell resistance", "--workers", "2"),
        *("--range", "Separator thickness=0.5:1 mm", "--store", "s.zarr"),
        *executor,
    )
    run = subprocess.Popen(
        [sys.executable, "-m", "twin", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        # tests that were started in the background inherit that it is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        start_new_session=True,
    )
    wait_for(lambda: written(tmp_path) >= 3, run)
    # as a terminal does, to all processes of the command
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 130
    assert "Traceback" not in said
    assert "distributed" not in said
    found = re.search(r"stopped: (\d+) of 12288 samples are done and kept in s.zarr", said)
    assert found
    # all that is on the disk, or one batch less that was just being written
    assert int(found[1]) >= 64
    assert 32 * written(tmp_path) - int(found[1]) in (0, 32)


@pytest.mark.parametrize("address", ["foo", "http://127.0.0.1:1", "tcp://host"])
def test_what_is_no_address_is_said_at_once(address: str) -> None:
    with pytest.raises(TwinError, match="no address of a scheduler; write it as tcp://"):
        executor(2, address)


def test_a_scheduler_that_does_not_answer_is_named(tmp_path: Path) -> None:
    run = start(tmp_path, at="tcp://127.0.0.1:1")
    _, words = run.communicate(timeout=300)
    assert "--scheduler tcp://127.0.0.1:1: no scheduler answers there" in words
    assert "Traceback" not in words
