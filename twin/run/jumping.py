"""Thousands of cycles from the few that are resolved: the slow state, cycle by cycle.

Every cycle maps the state of a cell at its start to that at its end, y -> P(y). Over many
cycles the state follows a slow curve y(N) with

.. math:: y(N + 1) - y(N) = F(y(N)), \\qquad F(y) = P(y) - y

which is stepped as a stiff equation is, with backward differences: the polynomial through
the states at the last nodes and at the unknown new one has exactly the increment of the
cycle that starts there,

.. math:: p(N' + 1) - p(N') = F(y').

What accumulates and what follows at once are treated alike, by name or nature: a state that
relaxes within a few cycles is damped, not extrapolated by its own increments. The unknown
is found by iteration, a step of which costs one cycle, damped by how fast each variable was
seen to relax:

.. math:: y' \\leftarrow y' - \\frac{y' - y_0 - h F(y')}{1 + h \\lambda}

with y_0 and h from the differences. A field that relaxes, such as the metal in the pores of
an interlayer, has modes that are gone in a cycle and others that last for hundreds. The
damping suits the fastest; the slow ones are found from the trials before (see
:mod:`twin.run.acceleration`), and a landing holds only if what they lag behind is small
too.

References: backward differences as in Hairer, Norsett and Wanner, Solving Ordinary
Differential Equations I, chapter III; jumping over cycles of batteries by V. Sulzer
et al., J. Electrochem. Soc. 168 (2021) 120531.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from twin.errors import TwinError
from twin.models.compat import Array
from twin.run.acceleration import Acceleration
from twin.run.differences import difference_weights, lagrange
from twin.run.progress import FIRST, SHORTEST, Node, Progress

#: How often the cycles resolved after shortest jumps that failed in a row are doubled.
_DOUBLINGS: Final = 2

#: Most iterations of a landing; more cost as much as a shorter jump.
_ITERATIONS: Final = 14

#: Iterations from which on a landing is given up that will not be found in time.
_PATIENCE: Final = 4

#: Iterations from which on a landing tells that the jump was long enough.
_SLOW: Final = 8

#: By what variables that relax may lag behind in a landing, in units of the tolerance.
_LAG: Final = 3.0

#: How close to its solution an iteration comes, in units of the tolerance.
_CONVERGED: Final = 0.5

#: Nodes lie at least this share of a jump apart, or their noise is amplified.
_SPACING: Final = 0.3

#: Nodes that are remembered.
_NODES: Final = 60

#: Share of the way to an event that is jumped at most.
_TO_EVENT: Final = 1 / 3

#: Error of an extrapolated observable that is accepted, in tolerances: interpolation
#: between the nodes is this much better.
_EXTRAPOLATED: Final = 2.0

#: Relative error of a variable in a jump, in tolerances. What accumulates reaches a
#: threshold at a time that is off by as much as the errors of all jumps together.
_OF_STATE: Final = 0.5

#: Such an error of what relaxes is accepted once: the next jump is shorter.
_LATE: Final = 3.0

#: Rate from which a variable counts as one that relaxes [1 per cycle].
_RELAXES: Final = 0.02

#: Standard deviations of the noise of single cycles that count as agreement.
_NOISE: Final = 3.0

#: A difference of increments this many times above the noise tells how fast they relax.
_TELLING: Final = 10.0

#: Weights of a third difference, and the sum of their squares.
_THIRD: Final = (-1.0, 3.0, -3.0, 1.0)
_THIRD_VARIANCE: Final = 20.0

#: Longest jump beside the one before it.
_GROWTH: Final = 2.5

#: Part of the largest value of any variable, in its solver's scale, below which it does
#: not matter.
_FLOOR: Final = 1e-4


class Lap(Protocol):
    """What the caller's cycle returns; see :class:`twin.run.cycler.Lap`."""

    @property
    def y(self) -> Array: ...  # noqa: D102
    @property
    def summary(self) -> Array: ...  # noqa: D102
    @property
    def ended_by(self) -> str | None: ...  # noqa: D102
    @property
    def margins(self) -> Array: ...  # noqa: D102


class Resolver(Protocol):
    """What runs one cycle from a state."""

    def __call__(self, y: Array) -> Lap:
        """The cycle that starts from y, shape (states, 1)."""


@dataclass(frozen=True)
class Stop:
    """Where the run has to be exactly, and where it ends.

    Attributes
    ----------
    cycles : number of cycles after which it ends
    floors : lowest value of each observable, below which it ends; -inf without
    """

    cycles: int
    floors: Array


class Jumper:
    """Advances a cell by resolved cycles and jumps, as errors allow.

    Parameters
    ----------
    resolver : runs one cycle from a state
    layout : where each variable that evolves stands in a state
    ignored : variables of the layout that count, and do nothing else
    accumulating : variables that only grow, and nothing takes back
    sizes : of a variable, the value at which it matters as much as a whole observable,
        where that is known
    observe : from the summary of a cycle to the numbers whose relative error counts
    tolerance : of these numbers, relative to one
    order : of the differences, 1 to 3
    balanced : gives a state the lithium that the cell has, by its reservoir: what a jump
        lays down elsewhere is then missing there
    reservoir : the variables that this sets
    """

    def __init__(
        self,
        resolver: Resolver,
        layout: Mapping[str, slice],
        ignored: Sequence[str],
        accumulating: Collection[str],
        sizes: Mapping[str, float],
        tolerance: float,
        order: int,
        balanced: Callable[[Array], Array] = lambda y: y,
        reservoir: Collection[str] = (),
    ) -> None:
        self.resolver = resolver
        self.layout = {n: p for n, p in layout.items() if n not in ignored}
        self.accumulating = frozenset(accumulating)
        self.sizes = dict(sizes)
        self.tolerance = tolerance
        self.order = order
        self.balanced = balanced
        self.reservoir = frozenset(reservoir)
        self._size = max(place.stop for place in layout.values())
        self._counts = np.ones(self._size, dtype=bool)
        for name in ignored:
            self._counts[layout[name]] = False

    # --- single cycles ----------------------------------------------------------------

    def run(self, progress: Progress, y: Array) -> Lap:
        """Run the cycle from a state, and count it."""
        progress.laps += 1
        return self.resolver(y)

    def resolve(self, progress: Progress, observed: Array, lap: Lap) -> None:
        """Take a cycle that was run from the last node as the next one.

        Parameters
        ----------
        progress : changed
        observed : numbers whose error counts, of this cycle
        lap : the cycle
        """
        here = progress.nodes[-1]
        here.observed, here.margins = observed, lap.margins
        before = progress.nodes[-2] if len(progress.nodes) > 1 else None
        if before is not None and before.cycles == here.cycles - 1:
            first = here.y - before.y
            self._see_relaxation(progress, first, lap.y - here.y - first)
        self._add(progress, Node(here.cycles + 1, lap.y))
        self._see_noise(progress)
        progress.resolve = max(progress.resolve - 1, 0)

    def _see_relaxation(self, progress: Progress, move: Array, gain: Array) -> None:
        """How much of a difference of states a cycle takes back, the most seen so far.

        Parameters
        ----------
        progress : changed
        move : difference of two states, ndarray, shape (states, 1)
        gain : difference of the increments that their cycles made
        """
        for name, place in self.layout.items():
            if name in self.accumulating:
                continue
            a, b = move[place, 0], gain[place, 0]
            random = np.sqrt(a.size) * progress.noise.get(name, np.inf)
            small = np.sqrt(a.size) * self._weight(progress, name, 1.0)
            if np.linalg.norm(b) < _TELLING * random or np.linalg.norm(a) < small:
                continue
            rate = float(np.clip(-(a @ b) / (a @ a), 0.0, 1.0))
            progress.relaxation[name] = max(rate, progress.relaxation.get(name, 0.0))

    def _see_noise(self, progress: Progress) -> None:
        """What is random in a cycle, from third differences of states in a row."""
        last = progress.nodes[-4:]
        if len(last) < 4 or last[-1].cycles - last[0].cycles != 3:
            return
        third = np.hstack([node.y for node in last]) @ np.array(_THIRD)
        for name, place in self.layout.items():
            seen = float(np.sqrt(np.mean(third[place] ** 2) / _THIRD_VARIANCE))
            progress.noise[name] = _blended(progress.noise.get(name), seen)
        observed = [node.observed for node in progress.nodes[-5:-1]]
        if len(observed) == 4 and all(one is not None for one in observed):
            off = np.array(_THIRD) @ np.array(observed) / np.sqrt(_THIRD_VARIANCE)
            seen = float(np.abs(off).max())
            progress.observed_noise = _blended(progress.observed_noise, seen)

    def _add(self, progress: Progress, node: Node) -> None:
        progress.nodes.append(node)
        del progress.nodes[:-_NODES]
        for name, place in self.layout.items():
            largest = float(np.abs(node.y[place]).max())
            progress.scales[name] = max(progress.scales.get(name, 0.0), largest)

    # --- jumps ------------------------------------------------------------------------

    def longest(self, progress: Progress, stop: Stop) -> int:
        """Cycles that the next jump may take; less than SHORTEST if it may not.

        Never farther than a third of the way to an event, as its margin closes, or to the
        floor of an observable.
        """
        here = progress.nodes[-1]
        # the last cycle of all is run, so that its state and its observables are exact
        reach = min(progress.jump, stop.cycles - 1 - here.cycles)
        seen = [node for node in progress.nodes if node.observed is not None]
        spaced = _spaced(seen, _SPACING * reach, 2)
        if len(spaced) == 2:
            now, before = (_distances(node, stop) for node in spaced)
            # one that was infinitely far closes at no rate that is known
            with np.errstate(divide="ignore", invalid="ignore"):
                falling = (before - now) / (spaced[0].cycles - spaced[1].cycles)
                left = np.where(falling > 0, now / falling, np.inf)
            reach = min(reach, _TO_EVENT * max(float(left.min()), 0.0))
        return int(reach)

    def jump(self, progress: Progress, length: int, observe: Observe) -> Landing | None:
        """Jump some cycles ahead, or fail and try less the next time.

        Parameters
        ----------
        progress : changed: the new node on success, a shorter jump otherwise
        length : cycles
        observe : from a summary to the numbers whose error counts

        Returns
        -------
        Landing, or None if the jump was rejected
        """
        here = progress.nodes[-1]
        order = min(self.order, len(_spaced(progress.nodes, _SPACING * length, 9)))
        used = _spaced(progress.nodes, _SPACING * length, order + 1)
        new = here.cycles + length
        distances = [float(new - node.cycles) for node in used]
        weights = difference_weights(distances[:order])
        reach = 1 / weights[0]
        states = np.hstack([node.y for node in used])
        base = -reach * states[:, :order] @ weights[1:, np.newaxis]
        guess = states @ lagrange(-np.array(distances), 0.0)[:, np.newaxis]
        reaches = np.full((self._size, 1), reach)
        line = lagrange(-np.array(distances[:2]), 0.0)[:, np.newaxis]
        for name in self._relaxing(progress):
            # by the backward Euler step: what fast modes are off by is not carried on from
            # node to node; slow ones are looked for where a straight line leads
            place = self.layout[name]
            base[place] = here.y[place]
            guess[place] = states[place, :2] @ line
            reaches[place] = length
        landed = self._land(progress, guess, base[: self._size], reaches, observe)
        if landed is None:
            self._reject(progress, length, 0.3)
            return None
        y, lap, iterations = landed
        # the share of predicted minus corrected that is the corrected one's error
        share = length / distances[-1]
        error = share * self._norm(progress, y - guess, reach)
        following = set(self._relaxing(progress)) - self.reservoir
        # and of the backward Euler step beside a straight line through two nodes
        share = length / (distances[min(1, order - 1)] + length)
        late = share * self._norm(progress, y - guess, length, following) / _LAG
        observed = observe(lap.summary)
        seen = [node for node in used if node.observed is not None]
        if len(seen) > 1:
            places = -np.array([float(new - node.cycles) for node in seen])
            known = np.array([node.observed for node in seen], dtype=float)
            ahead = lagrange(places, 0.0)
            off = float(np.abs(observed - ahead @ known).max())
            random = _NOISE * progress.observed_noise * float(np.sqrt(1 + ahead @ ahead))
            allowed = _EXTRAPOLATED * self.tolerance
            error = max(error, off / (allowed + min(random, allowed)))
        factor = 0.9 * min(
            max(error, 1e-6) ** (-1 / (order + 1)), max(late, 1e-6) ** (-1 / 2)
        )
        if error > 1 or late > _LATE:
            self._reject(progress, length, float(np.clip(factor, 0.15, 0.5)))
            return None
        progress.jumps += 1
        progress.failures = 0
        most = 1.0 if iterations > _SLOW else _GROWTH
        progress.jump = max(length * float(np.clip(factor, 0.3, most)), SHORTEST)
        self._add(progress, Node(new, y, observed, lap.margins))
        return Landing(new, lap)

    def _reject(self, progress: Progress, length: int, factor: float) -> None:
        progress.rejected += 1
        progress.jump = max(length * factor, SHORTEST)
        if length * factor < 2 * SHORTEST:
            # where even short jumps fail something sets in: look at it cycle by cycle, the
            # longer the more of them failed, as each costs two cycles or more
            progress.resolve = FIRST * 2 ** min(progress.failures, _DOUBLINGS)
            progress.failures += 1

    def _land(
        self,
        progress: Progress,
        guess: Array,
        base: Array,
        reach: Array,
        observe: Observe,
    ) -> tuple[Array, Lap, int] | None:
        """The state that has the increment which the differences ask for, and its cycle.

        It is found when the error is small and the observables no longer change, and what
        relaxes has followed. The number of iterations is returned too.
        """
        y, before = self.balanced(guess), _Trial()
        # beyond what evolves, the states are algebraic: they follow by themselves
        evolving = slice(0, self._size)
        counts = self._counts[:, np.newaxis]
        length = float(reach.max())
        relaxing = self._relaxing(progress)
        accelerated = Acceleration(self._weights(progress, relaxing))
        # what the balance sets follows from all others
        following = [name for name in relaxing if name not in self.reservoir]
        lags: list[float] = []
        for iteration in range(1, _ITERATIONS + 1):
            try:
                lap = self.run(progress, y)
            except TwinError:  # too far: no state of the cell
                return None
            if lap.ended_by is not None:
                return None
            x = y[evolving]
            gain = np.where(counts, lap.y[evolving] - x, 0.0)
            if before.x is not None and before.gain is not None:
                self._see_relaxation(progress, x - before.x, gain - before.gain)
            damping = 1 + reach * self._rates(progress)
            missed = np.where(counts, x - base - reach * gain, 0.0)
            error = missed / damping
            lags.append(self._norm(progress, missed, length, following) / _LAG)
            seen = observe(lap.summary)
            landed = lap.y.copy()
            landed[evolving] = x - error
            landed = self.balanced(landed)
            if before.seen is not None:
                settled = np.abs(seen - before.seen).max() < self.tolerance
                settled = settled and self._norm(progress, error, length) < _CONVERGED
                if settled and lags[-1] < 1:
                    return landed, lap, iteration
            if _hopeless(lags):
                return None
            y = lap.y.copy()
            y[evolving] = x - accelerated.step(x, error)
            y = self.balanced(y)
            before = _Trial(x, gain, seen)
        return None

    def _relaxing(self, progress: Progress) -> list[str]:
        """Variables that were seen to relax."""
        rates = progress.relaxation
        return [name for name in self.layout if rates.get(name, 0.0) >= _RELAXES]

    def _rates(self, progress: Progress) -> Array:
        rates = np.zeros((self._size, 1))
        for name, place in self.layout.items():
            rates[place] = progress.relaxation.get(name, 0.0)
        return rates

    # --- norms ------------------------------------------------------------------------

    def _weight(self, progress: Progress, name: str, reach: float) -> float:
        """Difference of a variable that counts as one tolerance.

        The noise of a cycle is multiplied by the length of a jump: below that nothing can
        be told.
        """
        least = self.sizes.get(name, _FLOOR)
        scale = max(progress.scales.get(name, 0.0), least)
        random = _NOISE * reach * progress.noise.get(name, 0.0)
        return _OF_STATE * self.tolerance * scale + random

    def _norm(
        self,
        progress: Progress,
        difference: Array,
        reach: float,
        among: Collection[str] | None = None,
    ) -> float:
        """Largest root mean square of a variable, in its tolerance.

        Among those that last, unless others are given: what fast modes of one that relaxes
        are off by does not last, and what it does to the observables is seen there.
        """
        if among is None:
            among = set(self.layout).difference(self._relaxing(progress))
        return max(
            (
                float(np.sqrt(np.mean(difference[self.layout[name]] ** 2)))
                / self._weight(progress, name, reach)
                for name in among
            ),
            default=0.0,
        )

    def _weights(self, progress: Progress, among: Collection[str]) -> Array:
        """One over the tolerance of some variables, 0 elsewhere."""
        weights = np.zeros((self._size, 1))
        for name in among:
            weights[self.layout[name]] = 1 / self._weight(progress, name, 1.0)
        return weights


@dataclass(frozen=True)
class _Trial:
    """What an iteration of a landing tried and found."""

    x: Array | None = None
    gain: Array | None = None
    seen: Array | None = None


class Observe(Protocol):
    """From the summary of a cycle to the numbers whose error counts, about one each."""

    def __call__(self, summary: Array) -> Array: ...  # noqa: D102


@dataclass(frozen=True)
class Landing:
    """Where a jump ended.

    Attributes
    ----------
    cycles : number of cycles completed there
    lap : the cycle that starts there
    """

    cycles: int
    lap: Lap


def _hopeless(lags: Sequence[float]) -> bool:
    """Whether what lags behind will not have followed within the iterations allowed.

    As fast as it did on the way from the largest lag so far.
    """
    done = len(lags)
    if done < _PATIENCE or lags[-1] < 1:
        return False
    worst = int(np.argmax(lags))
    if worst == done - 1:
        return True
    shrinks = np.log(lags[worst] / lags[-1]) / (done - 1 - worst)
    return bool(np.log(lags[-1]) > shrinks * (_ITERATIONS - done))


def _blended(before: float | None, now: float) -> float:
    """Geometric mean that forgets: one value far off does not count much."""
    if not before or not now:
        return now
    return float(before**0.7 * now**0.3)


def _spaced(nodes: Sequence[Node], apart: float, most: int) -> list[Node]:
    """The last nodes, newest first, that lie far enough apart."""
    found: list[Node] = []
    for node in reversed(nodes):
        if not found or found[-1].cycles - node.cycles >= apart:
            found.append(node)
            if len(found) == most:
                break
    return found


def _distances(node: Node, stop: Stop) -> Array:
    """How far the events and the floors are from the cycle after a node."""
    observed = np.asarray(node.observed)
    above = np.where(np.isfinite(stop.floors), observed - stop.floors, np.inf)
    return np.concatenate([np.asarray(node.margins), above])
