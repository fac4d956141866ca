"""Processes of this machine that share pieces of work which know nothing of each other."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Final, TypeVar

from twin.errors import TwinError

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Why processes may not even start.
GUARD: Final = (
    'a script keeps such calls under if __name__ == "__main__":, since the processes '
    "import it"
)

#: Seconds between looks at whether the first process is still there.
_WATCH: Final = 1.0

#: Linux: the signal that a process gets when the thread that started it ends.
_PR_SET_PDEATHSIG: Final = 1


def each(
    function: Callable[[Item], Result], items: Sequence[Item], workers: int
) -> Iterator[tuple[int, Result]]:
    """The place of each item and what a function makes of it, as they come.

    Parameters
    ----------
    function : of a module, so that other processes find it
    items : can be pickled; started in turn
    workers : processes; all is done in this one if not more than 1

    Raises
    ------
    TwinError
        If one of the processes is ended from outside.

    Examples
    --------
    >>> dict(each(abs, [-1, 2], workers=1))
    {0: 1, 1: 2}
    """
    if min(workers, len(items)) <= 1:
        for place, item in enumerate(items):
            yield place, function(item)
        return
    with pool(min(workers, len(items))) as executor:
        jobs = {executor.submit(called, function, item): n for n, item in enumerate(items)}
        for job in as_completed(jobs):
            try:
                yield jobs[job], job.result()
            except BrokenProcessPool:
                raise TwinError(
                    "one of the processes that shared the work was ended from outside, as "
                    "where memory runs short: ask for less at a time; or it did not "
                    f"start: {GUARD}"
                ) from None


def called(function: Callable[..., Result], *arguments: object) -> Result:
    """What a function returns; its errors leave behind what they came of.

    In another process, this is what to call: the errors of solvers do not get across in
    every environment, and those of this package would take them along.

    Parameters
    ----------
    function : of a module
    arguments : of the function

    Examples
    --------
    >>> called(max, 1, 2)
    2
    """
    try:
        return function(*arguments)
    except TwinError as error:
        error.__cause__ = error.__context__ = None
        raise


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that end with this one, and at once where it is left by an error.

    Parameters
    ----------
    workers : how many

    Examples
    --------
    >>> with pool(1) as executor:
    ...     executor.submit(abs, -1).result()
    1
    """
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(
        workers,
        # not forked: the solver's threads would not survive it
        mp_context=multiprocessing.get_context("spawn"),
        initializer=end_with_parent,
        initargs=(os.getpid(),),
    ) as executor:
        try:
            yield executor
        except BaseException:  # Ctrl-C too: nobody waits for what they are at
            executor.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


def end_with_parent(parent: int) -> None:
    """End this process when the one that started it is gone, however it ended.

    Ctrl-C, which reaches all processes of a terminal, is that one's business.

    Parameters
    ----------
    parent : its number, as it may have gone while this process was still starting
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        # the solver keeps Python's lock for minutes: no thread could look meanwhile
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
