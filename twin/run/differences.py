"""Polynomials through states at unevenly spaced numbers of cycles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.models.compat import Array


def difference_weights(distances: Sequence[float]) -> Array:
    r"""Weights of states in the increment of the cycle that starts at the first of them.

    .. math:: p(1) - p(0) = \sum_j w_j y_j

    for the polynomial p through y_0 at 0 and y_j at -distances[j - 1].

    Parameters
    ----------
    distances : cycles from the new state back to each older one, rising

    Returns
    -------
    ndarray, shape (len(distances) + 1,)

    Examples
    --------
    One older state 4 cycles back: a quarter of the difference.

    >>> difference_weights([4.0]).tolist()
    [0.25, -0.25]
    """
    weights = lagrange(-np.array([0.0, *distances]), 1.0)
    weights[0] -= 1.0
    return weights


def lagrange(nodes: Array, at: float) -> Array:
    """Weights of the values at some nodes in the polynomial through them.

    Parameters
    ----------
    nodes : ndarray, shape (nodes,)
    at : where the polynomial is evaluated

    Examples
    --------
    >>> lagrange(np.array([0.0, 1.0]), 3.0).tolist()
    [-2.0, 3.0]
    """
    apart = nodes[:, np.newaxis] - nodes
    np.fill_diagonal(apart, 1.0)
    above = np.tile(at - nodes, (nodes.size, 1))
    np.fill_diagonal(above, 1.0)
    weights: Array = np.prod(above / apart, axis=1)
    return weights
