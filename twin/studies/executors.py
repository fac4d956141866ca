"""Who evaluates batches of designs: this process, or several of this machine."""

from __future__ import annotations

import multiprocessing
import pickle
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol

from twin.errors import TwinError
from twin.studies.processes import GUARD, end_with_parent
from twin.studies.tasks import Evaluate, Evaluated, Task, guarded, nothing

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from twin.models.compat import Array

#: How often a batch is tried that ends the process which evaluates it.
TRIES: Final = 2

#: Batches under way for each process: one is evaluated, the next one waits.
AHEAD: Final = 2


@dataclass(frozen=True)
class Batch:
    """Designs that are evaluated together.

    Attributes
    ----------
    number : of the batch
    rows : ndarray, shape (designs, inputs)
    """

    number: int
    rows: Array


#: Numbers of batches and their outputs; closing it ends what evaluates.
Results = Generator[tuple[int, Evaluated], None, None]


class Executor(Protocol):
    """Evaluates batches; results come in any order, each exactly once."""

    def run(self, task: Task, batches: Iterable[Batch]) -> Results:
        """Numbers of batches and their outputs, as they come."""


class Serial:
    """Evaluates in this process, one batch after the other."""

    def run(self, task: Task, batches: Iterable[Batch]) -> Results:
        """Numbers of batches and their outputs, in turn.

        Parameters
        ----------
        task : what evaluates; prepared when the first batch comes
        batches : read one at a time
        """
        evaluate: Evaluate | None = None
        for batch in batches:
            evaluate = evaluate or task.prepare()
            yield batch.number, guarded(evaluate, batch.rows, task.width)


class Processes:
    """Evaluates in processes of this machine.

    A process that dies takes nothing with it but the batch that it was working on, which
    is evaluated again; one that dies of the same batch again and again is told apart from
    the others, and its samples fail.

    Parameters
    ----------
    workers : number of processes; each has the solver to itself, on one thread
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(self, task: Task, batches: Iterable[Batch]) -> Results:
        """Numbers of batches and their outputs, as they come.

        Parameters
        ----------
        task : what evaluates; can be pickled
        batches : read as processes become free
        """
        source = iter(batches)
        while True:
            ahead = AHEAD * self.workers
            left = yield from self._until_broken(task, source, self.workers, ahead)
            if not left:
                return
            yield from self._one_by_one(task, left)

    def _one_by_one(
        self, task: Task, left: Iterable[Batch]
    ) -> Iterator[tuple[int, Evaluated]]:
        """Batches that were under way when a process died: it may be one's doing."""
        source = iter(left)
        deaths: Counter[int] = Counter()
        while True:
            guilty = yield from self._until_broken(task, source, 1, 1)
            if not guilty:
                return
            (batch,) = guilty
            deaths[batch.number] += 1
            if deaths[batch.number] < TRIES:
                source = chain([batch], source)
                continue
            reason = f"the process that evaluates its batch died {TRIES} times"
            yield batch.number, nothing(len(batch.rows), task.width, reason, lost=True)

    def _until_broken(
        self, task: Task, source: Iterator[Batch], workers: int, ahead: int
    ) -> Generator[tuple[int, Evaluated], None, list[Batch]]:
        """Results until the batches end, or a process dies; the batches then under way."""
        others = set(multiprocessing.active_children())
        # not forked: the solver's threads would not survive it
        context = multiprocessing.get_context("spawn")
        started = context.Event()
        pool = ProcessPoolExecutor(
            workers,
            mp_context=context,
            initializer=_begin,
            initargs=(pickle.dumps(task), started),
        )
        under_way: dict[Future[Evaluated], Batch] = {}
        try:
            while True:
                while len(under_way) < ahead:
                    batch = next(source, None)
                    if batch is None:
                        break
                    try:
                        under_way[pool.submit(_evaluate, batch.rows)] = batch
                    except BrokenProcessPool:
                        return [*under_way.values(), batch]
                if not under_way:
                    return []
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    try:
                        found = future.result()
                    except BrokenProcessPool:
                        continue
                    yield under_way.pop(future).number, found
                if any(future in under_way for future in done):
                    if not started.is_set():
                        raise TwinError(f"the processes do not start: {GUARD}")
                    return list(under_way.values())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            if under_way:  # nobody waits for what they are at
                for process in set(multiprocessing.active_children()) - others:
                    process.terminate()


# --- in the processes ---------------------------------------------------------------------

#: The task of this process, and what it was prepared to.
_task: Task | None = None
_prepared: Evaluate | None = None


def _begin(pickled: bytes, started: Event) -> None:
    global _task
    started.set()
    _task = pickle.loads(pickled)
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        # whoever asked may be killed: nobody is left to take results
        end_with_parent(parent.pid)


def _evaluate(rows: Array) -> Evaluated:
    global _prepared
    assert _task is not None
    if _prepared is None:
        _prepared = _task.prepare()
    return guarded(_prepared, rows, _task.width)
