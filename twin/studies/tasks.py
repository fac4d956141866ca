"""What the processes of a campaign are asked for, and what they answer.

Nothing here, nor in the modules that share out work and keep results, loads PyBaMM: the
processes that need it load it when they prepare a task.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

if TYPE_CHECKING:
    from twin.models.compat import Array


@dataclass(frozen=True)
class Evaluated:
    """Outputs of some designs.

    Attributes
    ----------
    values : ndarray, shape (designs, outputs), in SI; not a number where one failed
    reasons : why, of each design; empty where it did not fail
    lost : whether that is the doing of the machine, so that another try is worth it
    """

    values: Array
    reasons: tuple[str, ...]
    lost: bool = False


def nothing(designs: int, outputs: int, reason: str, *, lost: bool = False) -> Evaluated:
    """Designs that all failed for the same reason.

    Examples
    --------
    >>> nothing(2, 1, "the machine stopped").reasons
    ('the machine stopped', 'the machine stopped')
    """
    return Evaluated(np.full((designs, outputs), np.nan), (reason,) * designs, lost)


#: What is the machine's doing and not the design's: no memory, no disk, no package.
_OF_THE_MACHINE: Final = (MemoryError, OSError, ImportError)


def guarded(evaluate: Evaluate, rows: Array, outputs: int) -> Evaluated:
    """Outputs of some designs; one that raises what it should not fails alone.

    What the machine is to blame for counts as lost.

    Parameters
    ----------
    evaluate : what evaluates
    rows : ndarray, shape (designs, inputs)
    outputs : number of outputs

    Examples
    --------
    >>> def inverse(rows):
    ...     if (rows == 0).any():
    ...         raise ZeroDivisionError("no inverse")
    ...     return Evaluated(1 / rows, ("",) * len(rows))
    >>> guarded(inverse, np.array([[2.0], [0.0]]), 1).reasons
    ('', 'ZeroDivisionError: no inverse')
    """
    try:
        return evaluate(rows)
    except Exception as error:  # of classes that nobody foresaw: the others go on
        if len(rows) == 1:
            reason = f"{type(error).__name__}: {error}"
            return nothing(1, outputs, reason, lost=isinstance(error, _OF_THE_MACHINE))
    parts = [guarded(evaluate, rows[n : n + 1], outputs) for n in range(len(rows))]
    values = np.concatenate([part.values for part in parts])
    lost = any(part.lost for part in parts)
    return Evaluated(values, tuple(part.reasons[0] for part in parts), lost)


def commonest(reasons: Iterable[str]) -> tuple[str, int]:
    """The reason that most failed designs have, and how many of them.

    Parameters
    ----------
    reasons : at least one

    Examples
    --------
    >>> commonest(["too cold", "short", "short"])
    ('short', 2)
    """
    return Counter(reasons).most_common(1)[0]


class Evaluate(Protocol):
    """Evaluates designs, one a row of parameter values."""

    def __call__(self, rows: Array) -> Evaluated:
        """Outputs of some designs."""


class Task(Protocol):
    """What is sent to the processes that evaluate: small, and ready once prepared."""

    @property
    def width(self) -> int:
        """Number of outputs."""

    def prepare(self) -> Evaluate:
        """Build whatever evaluating needs."""
