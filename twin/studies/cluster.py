"""Evaluation on a Dask cluster: the user's own, or one started on this machine."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import pickle
import re
import threading
import time
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from twin.errors import SolveError, TwinError
from twin.studies.executors import AHEAD, Batch, Results
from twin.studies.tasks import Evaluate, Evaluated, Task, guarded, nothing

if TYPE_CHECKING:
    from twin.models.compat import Array

#: In place of an address: a cluster of processes on this machine.
LOCAL: Final = "local"

#: How long a scheduler may take to answer [s].
_ANSWER: Final = 10

#: How long a scheduler may be without workers until that is said [s].
_PATIENCE: Final = 30

#: How often finished batches are looked for [s]; meanwhile workers have the next ones.
_LOOK: Final = 0.05

#: Addresses as Dask writes them.
_ADDRESS: Final = re.compile(r"(tcp|tls|ucx|ws|wss)://\S+:\d+")


class Cluster:
    """Evaluates on the workers of a Dask cluster.

    Dask evaluates a batch again if its worker is lost, and gives up after some such losses
    (``distributed.scheduler.allowed-failures``). It cannot tell which of a worker's batches
    ended it: those given up are tried once more at the end, one by one. The results come to
    this process, which writes them down: workers need this package, but no common disk.

    Parameters
    ----------
    address : of a scheduler, as "tcp://host:8786"; "local" starts a cluster of processes
        on this machine for as long as it is needed
    workers : processes of a local cluster

    Raises
    ------
    TwinError
        If Dask is not installed, the address is none, or no scheduler answers there.
    """

    def __init__(self, address: str, workers: int) -> None:
        if importlib.util.find_spec("distributed") is None:
            raise TwinError(
                "needs Dask; install it with pip install 'solid-state-twin[cluster]'",
                where=f"--scheduler {address}",
            )
        if address != LOCAL and not _ADDRESS.fullmatch(address):
            raise TwinError(
                "is no address of a scheduler; write it as tcp://host:8786, or 'local' for "
                "a cluster on this machine",
                where=f"--scheduler '{address}'",
            )
        self.address = address
        self.workers = workers

    def run(self, task: Task, batches: Iterable[Batch]) -> Results:
        """Numbers of batches and their outputs, as they come.

        Parameters
        ----------
        task : what evaluates; can be pickled
        batches : read as workers become free

        Raises
        ------
        TwinError
            If no scheduler answers.
        SolveError
            If the cluster, or all workers of a local one, are lost on the way.
        """
        import dask
        from distributed import LocalCluster

        with _quiet():
            if self.address != LOCAL:
                yield from self._on(self.address, task, batches)
                return
            with (
                # else it takes workers that are being started again for lost
                dask.config.set({"distributed.deploy.lost-worker-timeout": "1000 days"}),
                LocalCluster(
                    n_workers=self.workers,
                    threads_per_worker=1,
                    dashboard_address="localhost:0",  # else it says which port is taken
                    preload="twin.studies.cluster_worker",
                ) as cluster,
            ):
                yield from self._on(cluster, task, batches)

    def _on(self, cluster: Any, task: Task, batches: Iterable[Batch]) -> Results:
        from distributed import Client, KilledWorker

        where = f"--scheduler {self.address}"
        try:
            client = Client(cluster, timeout=_ANSWER, set_as_default=False)
        except (OSError, TimeoutError, ValueError, TypeError) as error:
            # the last of them where a kind of connection is not set up here
            raise TwinError(
                f"no scheduler answers there ({_first_line(error)}); start one with "
                "'dask scheduler' and workers with 'dask worker', or use 'local'",
                where=where,
            ) from None
        with client:
            handed = _Handed(client, task, batches)
            try:
                client.wait_for_workers(1, timeout=_PATIENCE)
            except TimeoutError:
                raise TwinError(
                    "the scheduler has no workers; start some with 'dask worker ADDRESS "
                    "--nworkers 4 --nthreads 1'",
                    where=where,
                ) from None
            handed.out()
            for future, result in _as_they_end(handed.results, client, where):
                batch = handed.back(future)
                found: Evaluated | None = None
                try:
                    there = isinstance(result, Evaluated)
                    found = result if there else future.result()
                except KilledWorker:
                    if handed.to_blame(batch):
                        reason = "workers that evaluate its batch alone die"
                        found = nothing(len(batch.rows), task.width, reason, lost=True)
                except (CancelledError, OSError, TimeoutError) as error:
                    raise _lost(error, where) from None
                except ModuleNotFoundError as error:
                    raise TwinError(
                        f"a worker lacks what this process has ({error}); install the "
                        "same packages there",
                        where=where,
                    ) from None
                # what is held on to is evaluated again where its worker dies
                del future, result
                if found is not None:
                    yield batch.number, found
                try:
                    handed.out()
                except (CancelledError, OSError, TimeoutError) as error:
                    raise _lost(error, where) from None


class _Handed:
    """Batches that the workers have, and those that workers died of.

    Attributes
    ----------
    results : of the batches, as they come
    """

    def __init__(self, client: Any, task: Task, batches: Iterable[Batch]) -> None:
        from distributed import as_completed

        # with what came out: asked for later, it waits for a worker that may be gone
        self.results = as_completed(
            loop=client.loop, with_results=True, raise_errors=False
        )
        self._client = client
        self._pickled = pickle.dumps(task)
        self._key = hashlib.sha256(self._pickled).hexdigest()
        self._source = iter(batches)
        self._under_way: dict[str, Batch] = {}
        self._suspects: list[Batch] = []
        self._alone: set[int] = set()

    def out(self) -> None:
        """Hand out as many as the workers, which come and go, can have."""
        threads = sum(self._client.nthreads().values())
        while len(self._under_way) < AHEAD * max(threads, 1):
            batch = next(self._source, None)
            if batch is None:
                break
            self._send(batch)
        if self._suspects and not self._under_way:
            suspect = self._suspects.pop(0)
            self._alone.add(suspect.number)
            self._send(suspect)

    def _send(self, batch: Batch) -> None:
        future = self._client.submit(
            _evaluate, self._pickled, self._key, batch.rows, pure=False
        )
        self._under_way[future.key] = batch
        self.results.add(future)

    def back(self, future: Any) -> Batch:
        """The batch of a result."""
        return self._under_way.pop(future.key)

    def to_blame(self, batch: Batch) -> bool:
        """Whether workers died of this batch; if it was not alone, it will be.

        Dask blames the loss of a worker on all that the worker had.
        """
        if batch.number in self._alone:
            return True
        self._suspects.append(batch)
        return False


def _as_they_end(results: Any, client: Any, where: str) -> Iterator[tuple[Any, Any]]:
    """Futures and their results; Dask waits in silence for workers that are gone."""
    since, told = time.monotonic(), False
    while not results.is_empty():
        if results.has_ready():
            yield next(results)
            since, told = time.monotonic(), False
            continue
        time.sleep(_LOOK)
        if told or time.monotonic() - since < _PATIENCE:
            continue
        try:
            told = not client.nthreads()
        except (CancelledError, OSError, TimeoutError) as error:
            raise _lost(error, where) from None
        since = time.monotonic()
        if told and where.endswith(LOCAL):
            raise SolveError("its workers are gone and do not come back", where=where)
        if told:
            warnings.warn(
                f"{where}: all workers are gone; start others with 'dask worker' and the "
                "work goes on, or stop it: with a store, the same request goes on later",
                RuntimeWarning,
                stacklevel=2,
            )


def _lost(error: BaseException, where: str) -> SolveError:
    return SolveError(f"the scheduler is lost ({_first_line(error)})", where=where)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from logging tracebacks of what is said in a message of our own."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


# --- on the workers -----------------------------------------------------------------------

#: What a worker has prepared, by the task's key: one, as models are large.
_prepared: dict[str, Evaluate] = {}

#: A worker may have several threads, and a model holds the state of its last batch.
_alone: Final = threading.Lock()


def _evaluate(pickled: bytes, key: str, rows: Array) -> Evaluated:
    task = pickle.loads(pickled)
    with _alone:
        if key not in _prepared:
            _prepared.clear()
            _prepared[key] = task.prepare()
        return guarded(_prepared[key], rows, task.width)
