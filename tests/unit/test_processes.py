"""Work that several processes share: the same results, and errors that arrive whole."""

import os
import pickle
from collections.abc import Callable

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
