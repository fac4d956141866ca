"""The progress of an ageing run as arrays and plain values, for a checkpoint."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

import numpy as np

from twin.models.compat import Array
from twin.run.jumping import Node, Progress

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
