"""What a run with jumps has done so far and goes on from, and how it is kept on disk."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Final

import numpy as np

from twin.models.compat import Array

#: Cycles resolved at the start before the first jump.
FIRST: Final = 6

#: Shortest jump; less is resolved cycle by cycle.
SHORTEST: Final = 4


@dataclass
class Node:
    """The state after a number of cycles, and what the cycle that starts there does.

    Attributes
    ----------
    cycles : number of cycles completed
    y : ndarray, shape (states, 1)
    observed : ndarray, shape (observables,), of the next cycle; None until it is run
    margins : ndarray, shape (events,), of the next cycle
    """

    cycles: int
    y: Array
    observed: Array | None = None
    margins: Array | None = None


@dataclass
class Progress:
    """Everything that a run goes on from; what a checkpoint holds.

    Attributes
    ----------
    nodes : the last states, oldest first; the last one is where the run stands
    jump : cycles that the next jump may take
    resolve : cycles to resolve before the next jump
    relaxation : rate at which each variable was seen to relax [1 per cycle]
    scales : largest magnitude of each variable so far
    noise : root mean square of what is random in each variable's increment
    observed_noise : standard deviation of what is random in the observables
    failures : shortest jumps that failed in a row
    laps : cycles that were run, those of rejected jumps included
    jumps, rejected : how many jumps were accepted and rejected
    """

    nodes: list[Node]
    jump: float = SHORTEST
    resolve: int = FIRST
    relaxation: dict[str, float] = field(default_factory=dict)
    scales: dict[str, float] = field(default_factory=dict)
    noise: dict[str, float] = field(default_factory=dict)
    observed_noise: float = 0.0
    failures: int = 0
    laps: int = 0
    jumps: int = 0
    rejected: int = 0


_PLAIN: Final = tuple(one.name for one in fields(Progress) if one.name != "nodes")


def packed(progress: Progress) -> tuple[dict[str, Array], dict[str, Any]]:
    """The progress of a run as arrays and plain values.

    Parameters
    ----------
    progress : Progress

    Returns
    -------
    tuple of dict of ndarray and dict of plain values; :func:`unpacked` makes the same of it

    Examples
    --------
    >>> arrays, values = packed(Progress([Node(3, np.ones((2, 1)))]))
    >>> again = unpacked(arrays, values)
    >>> again.nodes[0].cycles, again.nodes[0].y.ravel().tolist()
    (3, [1.0, 1.0])
    """
    arrays: dict[str, Array] = {
        "cycles": np.array([node.cycles for node in progress.nodes]),
        "states": np.hstack([node.y for node in progress.nodes]),
    }
    for number, node in enumerate(progress.nodes):
        if node.observed is not None and node.margins is not None:
            arrays[f"observed {number}"] = node.observed
            arrays[f"margins {number}"] = node.margins
    return arrays, {name: getattr(progress, name) for name in _PLAIN}


def unpacked(arrays: dict[str, Array], values: dict[str, Any]) -> Progress:
    """The progress of a run from what :func:`packed` made of it."""
    nodes = [
        Node(
            int(cycles),
            arrays["states"][:, [number]],
            arrays.get(f"observed {number}"),
            arrays.get(f"margins {number}"),
        )
        for number, cycles in enumerate(arrays["cycles"])
    ]
    return Progress(nodes, **{name: values[name] for name in _PLAIN})


def checked(record: dict[str, Any], numbers: int) -> dict[str, Any]:
    """A record of a journal, if it is one that a run writes.

    Parameters
    ----------
    record : of a cycle ("cycle", "summary", "sizes"), or of a pause ("after", "found")
    numbers : how many a summary and the sizes have together

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is not.

    Examples
    --------
    >>> checked({"cycle": 1, "summary": [0.5] * 5, "sizes": []}, 5)["cycle"]
    1
    """
    paused = "after" in record
    whole = record["after"] if paused else record["cycle"]
    given = record["found"] if paused else [*record["summary"], *record["sizes"]]
    values = np.array(given, dtype=float)
    if not isinstance(whole, int) or (not paused and values.shape != (numbers,)):
        raise ValueError(f"no record of a cycle with {numbers} numbers: {record!s:.80}")
    return record
