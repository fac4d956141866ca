"""Galvanostatic steps as one current over time, which an integrator runs in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from twin.models.compat import Array
from twin.parts.schedule import Step

#: Time in which the current goes from one step's to the next [s]: an event that the new
#: current meets at once is then crossed, and found, on the way.
RAMP: Final = 1e-3

#: Largest share of the shortest step that a ramp takes: an integrator crosses a ramp in
#: one step, which may miss the charge of half of it.
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
        Until when each step's results go [s]: the ramp down to a rest is the rest's.
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
    r"""Current density over time of galvanostatic steps and rests.

    Between two steps the current changes linearly in the time d, 1 ms or less. Each step
    passes exactly the charge of its current i over its duration T all the same: the ramp
    that begins it, from the current i' of the step before, makes it longer by

    .. math:: \tfrac{d}{2} (1 - i'/i)

    and one that leads to a rest belongs to the step before it, and makes that longer by
    d/2.

    Parameters
    ----------
    steps : galvanostatic steps and rests, each with a duration or a charge
    one_c : current density of 1C [A.m-2]; needed by steps given as C-rates

    Returns
    -------
    CurrentTable

    Examples
    --------
    16000 C.m-2 each way at 2 A.m-2: in 8000.0005 s, then in 8000.001 s

    >>> half = [Step(do, current_density=2.0, charge=16e3) for do in ("strip", "plate")]
    >>> [round(float(t), 4) for t in current_table(half, None).ends]
    [8000.0005, 16000.0015]
    """
    currents = [step.signed_current_density(one_c) for step in steps]
    durations = [step.longest(one_c) or 0.0 for step in steps]
    ramp = min(RAMP, _LARGEST_SHARE * min(durations))
    times, densities, ends = [0.0], [0.0], []
    now, before = 0.0, 0.0
    for number, (current, duration) in enumerate(zip(currents, durations, strict=True)):
        to_rest = number + 1 < len(currents) and current != 0 and currents[number + 1] == 0
        end = now + duration
        if current != 0:
            end += ramp / 2 * (1 - before / current) + ramp / 2 * to_rest
        if current != before:
            times.append(now + ramp)
            densities.append(current)
        if to_rest:
            times.append(end - ramp)
            densities.append(current)
        before = 0.0 if to_rest else current
        times.append(end)
        densities.append(before)
        # what is read at the end of a step is still under its current
        ends.append(end - ramp if to_rest else end)
        now = end
    return CurrentTable(np.array(times), np.array(densities), np.array(ends))
