"""The lithium of a cell, kept through thousands of cycles."""

from __future__ import annotations

from typing import Final

import numpy as np

from twin import names
from twin.models.compat import Array, Readout
from twin.parts.cell import Cell
from twin.run.cycler import Cycler

#: Relative change of the lithium in a cycle up to which it is the solver's noise.
NOISE: Final = 2e-7

#: Where what is missing goes: the metal at the collector, slab or film.
_RESERVOIRS: Final = (names.LITHIUM_CONTENT, names.SLAB_LITHIUM, names.SLAB_THICKNESS)


class Conservation:
    """Puts back what the integrator gains or loses of a full cell's lithium in a cycle.

    The total is a sum that no cycle changes, so that nothing corrects an error of it: of
    1e-8 a cycle 20 000 would make 2e-4. What is missing goes to the metal at the collector.
    A larger change is none of the integrator's and stays.

    Parameters
    ----------
    cell : Cell
    cycler : whose states are corrected
    """

    def __init__(self, cell: Cell, cycler: Cycler) -> None:
        self._total = Readout(cycler.model, cycler.inputs, [names.TOTAL_LITHIUM])
        self._held = self._of(cycler.fresh)
        self._direction = np.zeros_like(cycler.fresh)
        self._gain = 0.0
        #: Variables of the reservoir that holds what else is missing.
        self.reservoir: tuple[str, ...] = ()
        if cell.model == "SymmetricCell":
            return  # two reservoirs: the total does not say which of them is off
        places = cycler.layout
        content, held, thickness = (
            names.variable_of(name, "negative") for name in _RESERVOIRS
        )
        # a slab has its content per scaled length and the integral of it
        self.reservoir = (content, held) if content in places else (thickness,)
        for name in self.reservoir:
            self._direction[places[name]] = 1.0
        self._gain = self._of(cycler.fresh + self._direction) - self._held

    def _of(self, y: Array) -> float:
        return float(self._total(y)[0][0])

    def balanced(self, y: Array) -> Array:
        """A state with the lithium of the fresh cell, by what its reservoir holds.

        Parameters
        ----------
        y : ndarray, shape (states, 1)
        """
        if not self._gain:
            return y
        return y + (self._held - self._of(y)) / self._gain * self._direction

    def __call__(self, before: Array, after: Array) -> tuple[Array, float]:
        """A state with the lithium that the cell held before the cycle.

        Parameters
        ----------
        before, after : ndarray, shape (states, 1); states before and after a cycle

        Returns
        -------
        tuple of ndarray and float
            The state after the cycle, and by how much its lithium was off, relative.
        """
        held = self._of(before)
        missing = held - self._of(after)
        off = abs(missing) / held
        if off > NOISE or not self._gain:
            return after, off
        return after + missing / self._gain * self._direction, off
