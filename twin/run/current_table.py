"""Galvanostatic steps as one current over time, which an integrator runs in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from twin.models.compat import Array
from twin.parts.schedule import Step

#: Longest time in which the current goes from one step's to the next [s]: an event that
#: the new current meets at once is then crossed, and found, on the way.
RAMP: Final = 1e-3

#: Largest share of the shortest step that a ramp takes, so that the charge of no step
#: changes by more than this share of it.
_LARGEST_SHARE: Final = 2e-7


@dataclass(frozen=True)
class CurrentTable:
    """Current density over time, linear between its points.

    Attributes
    ----------
    times : ndarray, shape (points,)
        [s], rising from 0.
    densities : ndarray, shape (points,)
        [A.m-2], positive when the negative electrode strips.
    ends : ndarray, shape (steps,)
        When each step ends [s].
    """

    times: Array
    densities: Array
    ends: Array

    def samples(self, per_step: int) -> Array:
        """Times of the results [s]: every point, and some evenly spread in each step.

        Parameters
        ----------
        per_step : how many, beside the points of the table

        Examples
        --------
        >>> steps = [Step("strip", current_density=2.0, duration=8000.0)]
        >>> [f"{t:.4g}" for t in current_table(steps, None).samples(1)]
        ['0', '0.001', '4000', '8000']
        """
        starts = np.concatenate([[0.0], self.ends[:-1]])
        shares = np.arange(1, per_step + 1) / (per_step + 1)
        within = starts[:, np.newaxis] + np.outer(self.ends - starts, shares)
        return np.unique(np.concatenate([self.times, within.ravel()]))


def current_table(steps: Sequence[Step], one_c: float | None) -> CurrentTable:
    """Current density over time of galvanostatic steps and rests.

    Each step begins with a linear ramp from the current before it, a millisecond or less.

    Parameters
    ----------
    steps : galvanostatic steps and rests, each with a duration or a charge
    one_c : current density of 1C [A.m-2]; needed by steps given as C-rates

    Returns
    -------
    CurrentTable

    Examples
    --------
    16000 C.m-2 each way at 2 A.m-2 take 8000 s

    >>> half = [Step(do, current_density=2.0, charge=16e3) for do in ("strip", "plate")]
    >>> table = current_table(half, None)
    >>> table.times.tolist(), table.densities.tolist()
    ([0.0, 0.001, 8000.0, 8000.001, 16000.0], [0.0, 2.0, 2.0, -2.0, -2.0])
    """
    currents = [step.signed_current_density(one_c) for step in steps]
    durations = [step.longest(one_c) or 0.0 for step in steps]
    ramp = min(RAMP, _LARGEST_SHARE * min(durations))
    ends = np.cumsum(durations)
    times, densities = [0.0], [0.0]
    for current, duration, end in zip(currents, durations, ends, strict=True):
        if current != densities[-1]:
            times.append(end - duration + ramp)
            densities.append(current)
        times.append(end)
        densities.append(current)
    return CurrentTable(np.array(times), np.array(densities), ends)
