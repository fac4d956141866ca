"""Typed errors: each message says where, what was given, the rule and the next step."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable, Iterator
from typing import Final


class TwinError(Exception):
    """A request or an input file that cannot be served as it stands.

    The command line prints the message and exits with code 2, without a traceback.

    Parameters
    ----------
    message : str
        What is wrong and what to do next.
    where : str, optional
        File, table or option that the message is about.
    """

    def __init__(self, message: str, *, where: str | None = None) -> None:
        self.where = where
        super().__init__(message if where is None else f"{where}: {message}")

    def __reduce__(self) -> tuple[object, ...]:
        # subclasses take other arguments, with which no other process could make them anew
        return _restored, (type(self), str(self), self.where)


def _restored(kind: type[TwinError], message: str, where: str | None) -> TwinError:
    """An error as it was in the process that it comes from."""
    error = kind.__new__(kind, message)
    error.where = where
    return error


class UnknownNameError(TwinError):
    """A name that does not exist; the message offers the nearest ones."""

    def __init__(
        self, kind: str, given: str, known: Iterable[str], *, where: str | None = None
    ) -> None:
        super().__init__(f"unknown {kind} '{given}'. {nearest(given, known)}", where=where)


class UnitError(TwinError):
    """A unit that is missing, unreadable or of the wrong dimension."""


class RecordError(TwinError):
    """A parameter record, cell, protocol or case file that breaks a rule."""


class SolveError(TwinError):
    """A simulation that the solver could not complete."""


#: Characters of known names that a message lists.
_LONGEST: Final = 240


def nearest(given: str, known: Iterable[str], count: int = 3) -> str:
    """A sentence that offers the known names closest to a given one.

    Examples
    --------
    >>> nearest("Lithium thicknes [m]", ["Lithium thickness [m]", "Voltage [V]"])
    "Did you mean 'Lithium thickness [m]'?"
    """
    names = sorted(set(known))
    by_case = {name.lower(): name for name in names}
    close = difflib.get_close_matches(given.lower(), by_case, n=count, cutoff=0.5)
    if close:
        return "Did you mean " + " or ".join(f"'{by_case[c]}'" for c in close) + "?"
    if not names:
        return "There are none."
    shown = names[: max(2, sum(total < _LONGEST for total in _lengths(names)))][:8]
    listed = ", ".join(f"'{name}'" for name in shown)
    return f"Known: {listed}" + (", ..." if len(names) > len(shown) else ".")


def _lengths(names: list[str]) -> Iterator[int]:
    """Length of the list up to each name."""
    return itertools.accumulate(len(name) for name in names)
