"""Workers of a Dask cluster that come and go, and those with several threads."""

import hashlib
import pickle
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from twin import names
from twin.errors import SolveError, TwinError
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.studies import cluster
from twin.studies.cluster import Cluster
from twin.studies.evaluation import Evaluator, Study
from twin.studies.executors import Batch
from twin.studies.tasks import Evaluated

distributed = pytest.importorskip("distributed")

#: Closed while workers of this process have to wait.
GATE = threading.Event()


class Twice:
    """Twice the number, once the gate is open."""

    width = 1

    def prepare(self) -> "Twice":
        return self

    def __call__(self, rows: np.ndarray) -> Evaluated:
        assert GATE.wait(60)
        return Evaluated(2 * rows, ("",) * len(rows))


@pytest.fixture
def local() -> Iterator["distributed.LocalCluster"]:
    """A scheduler and a worker in this process."""
    GATE.clear()
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address="localhost:0"
    ) as found:
        yield found
        GATE.set()


def batches(count: int, read: list[int]) -> Iterator[Batch]:
    for number in range(count):
        read.append(number)
        yield Batch(number, np.full((1, 1), float(number)))


def test_workers_that_come_later_get_batches(local: "distributed.LocalCluster") -> None:
    read: list[int] = []
    by = Cluster("tcp://127.0.0.1:1", 1)
    GATE.set()
    found = by._on(local, Twice(), batches(12, read))
    next(found)
    assert len(read) == 2
    local.scale(3)
    local.wait_for_workers(3)
    next(found)
    # one taken out for each of the first two, and two under way for each worker
    assert len(read) == 1 + 6
    assert {number for number, _ in found} == set(range(12)) - {0, 1}


def test_workers_that_are_gone_are_said(
    local: "distributed.LocalCluster", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that come then go on with the work."""
    said: list[str] = []

    def warn(words: str, *_: object, **__: object) -> None:
        said.append(words)
        GATE.set()
        local.scale(1)

    monkeypatch.setattr(cluster, "_PATIENCE", 0.3)
    monkeypatch.setattr(cluster.warnings, "warn", warn)
    by = Cluster("tcp://127.0.0.1:1", 1)
    GATE.set()
    found = by._on(local, Twice(), batches(4, []))
    values = dict([next(found)])
    GATE.clear()
    local.scale(0)
    # or it would wait for ever where nothing is said
    rescue = threading.Timer(20, warn, ["rescued"])
    rescue.start()
    values |= dict(found)
    rescue.cancel()
    assert {n: one.values[0, 0] for n, one in values.items()} == {0: 0, 1: 2, 2: 4, 3: 6}
    assert len(said) == 1
    assert "all workers are gone; start others with 'dask worker'" in said[0]
    assert "the same request goes on later" in said[0]


def test_a_local_cluster_without_workers_ends(
    local: "distributed.LocalCluster", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can start others there."""
    monkeypatch.setattr(cluster, "_PATIENCE", 0.3)
    GATE.set()
    found = Cluster("local", 1)._on(local, Twice(), batches(4, []))
    next(found)
    GATE.clear()
    local.scale(0)
    with pytest.raises(SolveError, match="^--scheduler local: its workers are gone"):
        list(found)


def test_a_slow_batch_is_no_lost_worker(
    local: "distributed.LocalCluster", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is said, which would be an error here."""
    monkeypatch.setattr(cluster, "_PATIENCE", 0.1)
    threading.Timer(1.0, GATE.set).start()
    found = Cluster("tcp://127.0.0.1:1", 1)._on(local, Twice(), batches(1, []))
    assert [number for number, _ in found] == [0]


def test_encrypted_addresses_without_certificates_are_refused() -> None:
    by = Cluster("tls://127.0.0.1:1", 1)
    with pytest.raises(TwinError, match="no scheduler answers there .TLS expects"):
        list(by.run(Twice(), batches(1, [])))


def test_threads_of_a_worker_share_one_model_in_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two threads get what one gets, to the last bit, and never at once."""
    cell, schedule = load_cell("mann2025_li"), load_experiment("full_stripping").schedule()
    task = Study(cell, schedule, (names.LITHIUM_DIFFUSIVITY,), ("stripped capacity",))
    pickled = pickle.dumps(task)
    key = hashlib.sha256(pickled).hexdigest()
    # of different lengths: what is mixed up does not fit
    parts = [np.linspace(1e-15, 3e-15, 1 + n % 3)[:, None] * (1 + n / 10) for n in range(6)]
    evaluate = task.prepare()
    expected = [evaluate(rows).values for rows in parts]
    inside: list[int] = []
    most: list[int] = []
    real = Evaluator.__call__

    def watched(self: Evaluator, rows: np.ndarray) -> Evaluated:
        inside.append(1)
        time.sleep(0.05)
        most.append(len(inside))
        found = real(self, rows)
        inside.pop()
        return found

    monkeypatch.setattr(Evaluator, "__call__", watched)
    monkeypatch.setattr(cluster, "_prepared", {})
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(partial(cluster._evaluate, pickled, key), parts))
    assert most == [1] * len(parts)
    for one, other in zip(found, expected, strict=True):
        assert set(one.reasons) == {""}
        np.testing.assert_array_equal(one.values, other)
