"""Fixed points from few trials, by what the trials before have shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from twin.models.compat import Array

#: Trials that are remembered.
_MEMORY: Final = 10

#: Directions in which the trials differ by less than this share are noise.
_CUT: Final = 1e-2


@dataclass
class Acceleration:
    r"""Anderson's acceleration of an iteration :math:`y \leftarrow y - e(y)`.

    .. math:: s = e_k + (\Delta Y - \Delta E)\,\gamma, \qquad
              \gamma = \arg\min \|W (e_k - \Delta E\,\gamma)\|

    with the differences of successive trials in the columns of :math:`\Delta Y` and of
    their errors in those of :math:`\Delta E`. Slow modes, of which one step takes away
    little, are found from how they changed between the trials.

    Reference: H. F. Walker and P. Ni, SIAM J. Numer. Anal. 49 (2011) 1715.

    Attributes
    ----------
    weights : W, ndarray, shape (states, 1); where it is 0 the plain step is taken
    trials, errors : so far, ndarrays of shape (states, 1), oldest first

    Examples
    --------
    Two errors tell where a straight line is zero:

    >>> found = Acceleration(np.ones((1, 1)))
    >>> error = lambda y: 0.1 * (y - 3.0)
    >>> y = np.zeros((1, 1))
    >>> y = y - found.step(y, error(y))
    >>> y = y - found.step(y, error(y))
    >>> round(float(y[0, 0]), 9)
    3.0
    """

    weights: Array
    trials: list[Array] = field(default_factory=list)
    errors: list[Array] = field(default_factory=list)

    def step(self, trial: Array, error: Array) -> Array:
        """What to take away from a trial, given its error; both are remembered.

        Parameters
        ----------
        trial, error : ndarray, shape (states, 1)
        """
        self.trials.append(trial)
        self.errors.append(error)
        del self.trials[: -_MEMORY - 1], self.errors[: -_MEMORY - 1]
        if len(self.trials) < 2:
            return error
        moves = np.diff(np.hstack(self.trials))
        changes = np.diff(np.hstack(self.errors))
        shares = np.linalg.lstsq(self.weights * changes, self.weights * error, rcond=_CUT)
        found: Array = np.where(self.weights > 0, (moves - changes) @ shares[0], 0.0)
        return error + found
