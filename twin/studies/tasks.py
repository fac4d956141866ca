"""What the processes of a campaign are asked for, and what they answer.

Nothing here, nor in the modules that share out work and keep results, loads PyBaMM: the
processes that need it load it when they prepare a task.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

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
    """

    values: Array
    reasons: tuple[str, ...]


def nothing(designs: int, outputs: int, reason: str) -> Evaluated:
    """Designs that all failed for the same reason.

    Examples
    --------
    >>> nothing(2, 1, "the machine stopped").reasons
    ('the machine stopped', 'the machine stopped')
    """
    return Evaluated(np.full((designs, outputs), np.nan), (reason,) * designs)


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
