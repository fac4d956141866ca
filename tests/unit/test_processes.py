"""Work that several processes share: the same results, and errors that arrive whole."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from twin.errors import RecordError, SolveError, TwinError, UnknownNameError
from twin.studies.processes import each


def test_results_come_with_the_places_of_their_items() -> None:
    # that processes which share give the same is shown by test_validate.py
    assert list(each(abs, [-3, 1, -2], workers=1)) == [(0, 3), (1, 1), (2, 2)]
    assert dict(each(abs, [-3, 1, -2], workers=2)) == {0: 3, 1: 1, 2: 2}
    assert list(each(abs, [], workers=2)) == []


def test_a_process_that_dies_is_an_error_in_words() -> None:
    with pytest.raises(TwinError, match="ended from outside"):
        list(each(os._exit, [3, 3], workers=2))


class Stuck(Exception):
    """As PyBaMM's, whose models lead from one to the other without end."""

    def __reduce__(self) -> str:
        raise RecursionError


def _fails(_: int) -> None:
    # what Dask does when it is loaded: errors take along what they came of
    pytest.importorskip("tblib.pickling_support").install()
    try:
        raise Stuck
    except Stuck as stuck:
        raise SolveError("no step is small enough", where="a cell") from stuck


def test_an_error_leaves_behind_what_it_came_of() -> None:
    with pytest.raises(SolveError, match="^a cell: no step is small enough$"):
        list(each(_fails, [1, 2], workers=2))


#: Its one process says its number and then keeps Python's lock, as the solver does.
LOCKED = """
import ctypes
import os
from twin.studies.processes import each

def locked(_):
    print(os.getpid(), flush=True)
    ctypes.PyDLL(None).sleep(120)

if __name__ == "__main__":
    list(each(locked, [1, 2], workers=2))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the signal is Linux's")
def test_processes_end_with_the_first_in_the_midst_of_their_work(tmp_path: Path) -> None:
    (tmp_path / "locked.py").write_text(LOCKED)
    command = [sys.executable, str(tmp_path / "locked.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        others = [int(first.stdout.readline()) for _ in range(2)]
        first.send_signal(signal.SIGKILL)
    limit = time.monotonic() + 60
    while any(_runs(number) for number in others):
        assert time.monotonic() < limit
        time.sleep(0.1)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize(
    "make",
    [
        lambda: TwinError("no"),
        lambda: RecordError("no", where="here"),
        lambda: SolveError("no"),
        lambda: UnknownNameError("cell", "mann", ["mann2025_li"], where="row x"),
    ],
)
def test_an_error_of_another_process_arrives_whole(make: Callable[[], TwinError]) -> None:
    error = make()
    arrived = pickle.loads(pickle.dumps(error))
    assert (type(arrived), str(arrived)) == (type(error), str(error))
    assert arrived.where == error.where
