"""Impedance of a cell in any of its states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pybamm

from twin import names
from twin.errors import SolveError, TwinError
from twin.models import compat
from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.names import Side
from twin.parts.cell import Cell
from twin.parts.spectra import ComplexArray, FloatArray, Spectrum
from twin.run.results import LITHIUM_SIDES
from twin.run.states import State

#: Time over which the cell without current is solved; only its start is used [s].
_INSTANT: Final = 1e-9


@dataclass(frozen=True)
class Linearised:
    """A spectrum, and the state that it is of.

    Attributes
    ----------
    state : where in the run
    voltage : as soon as the current is off [V]
    contact_fraction : of each electrode that has a contact [-]
    surface_occupancy : of the lattice at the separator, of each such electrode [-]
    spectrum : per area
    """

    state: State
    voltage: float
    contact_fraction: Mapping[str, float]
    surface_occupancy: Mapping[str, float]
    spectrum: Spectrum


class SmallSignal:
    r"""The response of a cell to a small alternating current, built once for all states.

    The current is interrupted, and everything slow stays as it is: lithium in lattice,
    voids, pores and particles. What adapts at once, the potentials, is solved with the
    equations without double layers, whose drops then are those of charged capacitances
    that no current flows through. The equations with double layers are linearised there,

    .. math:: (i\omega M - J)\, x = b, \qquad Z = -V/I

    by :class:`pybamm.EISSimulation` (Hallemans 2025). Nothing relaxes before the
    measurement, and the state does not drift while it lasts.

    Parameters
    ----------
    cell : Cell

    Raises
    ------
    TwinError
        If the cell lacks a value or has an option that does not exist.

    Examples
    --------
    Two interfaces of 1.46 Ohm.cm2 and a separator of 17.9 Ohm.cm2:

    >>> from twin.parts.parameters import load_cell
    >>> from twin.run.states import FRESH
    >>> found = SmallSignal(load_cell("mann2025_lina")).at(FRESH, np.array([10.0]))
    >>> round(1e4 * float(found.spectrum.impedance[0].real), 1)
    20.8
    """

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        values = parameter_values(cell)
        usual = build_model(cell)
        # a state beyond the limit that ended its run is a state all the same
        usual.events = []
        self._rest = pybamm.Simulation(
            usual, parameter_values=values, solver=usual.default_solver
        )
        self._rest.build()
        resting = self._rest.built_model
        self._fresh = resting.concatenated_initial_conditions.evaluate(0)
        self._alternating = pybamm.EISSimulation(
            build_model(cell, surface_form="differential"), parameter_values=values
        )
        self._alternating.build()

    def at(self, state: State, frequencies: FloatArray, label: str = "") -> Linearised:
        """The spectrum of a state.

        Parameters
        ----------
        state : of this cell
        frequencies : f, shape (n,), from high to low [Hz]
        label : what messages and figures call the spectrum

        Raises
        ------
        SolveError
            If there is no such equilibrium, or the impedance is not finite.
        """
        resting = self._interrupted(state)
        model = self._alternating.built_model
        model.set_initial_conditions_from(resting)
        solved = self._alternating.solve(frequencies)
        impedance: ComplexArray = np.asarray(solved.impedance, dtype=np.complex128)
        if not np.isfinite(impedance).all():
            raise SolveError(
                f"the impedance after {state.time:.6g} s is not finite",
                where=f"cell {self.cell.name}",
            )
        area = self.cell.values[names.ELECTRODE_AREA]
        return Linearised(
            state,
            float(resting[names.VOLTAGE].entries[0]),
            self._of_sides(resting, names.CONTACT_FRACTION),
            self._of_sides(resting, names.SURFACE_OCCUPANCY),
            Spectrum(frequencies, impedance * area, label=label or self.cell.name),
        )

    def of_vector(
        self,
        y: FloatArray,
        frequencies: FloatArray,
        label: str = "",
        *,
        cycle: int = 0,
        time: float = 0.0,
        charge: float = 0.0,
    ) -> Linearised:
        """The spectrum of a state that is given as a bare vector, as ageing keeps it.

        Parameters
        ----------
        y : states of the cell's model without double layers, in the order in which
            :class:`twin.run.cycler.Cycler` has them, shape (states,) or (states, 1)
        frequencies : f, shape (n,), from high to low [Hz]
        label : what messages and figures call the spectrum
        cycle, time, charge : where in the run it is, as in :class:`State`

        Raises
        ------
        TwinError
            If the vector is not one of this cell's.
        SolveError
            As :meth:`at`.

        Examples
        --------
        >>> from twin.parts.parameters import load_cell
        >>> from twin.parts.schedule import Step
        >>> from twin.run.cycler import Cycler
        >>> cell = load_cell("mann2025_lina")
        >>> there, back = (Step(s, 10.0, duration=360.0) for s in ("strip", "plate"))
        >>> cycler = Cycler(cell, (there, back), None)
        >>> y = cycler.cycle(cycler.fresh).y
        >>> found = SmallSignal(cell).of_vector(y, np.array([10.0]), cycle=1)
        >>> round(1e4 * float(found.spectrum.impedance[0].real), 1)
        20.8
        """
        column = np.asarray(y, dtype=float).reshape(-1, 1)
        if column.shape != self._fresh.shape:
            raise TwinError(
                f"a vector of {column.size} states is not one of this cell, which has "
                f"{self._fresh.size}; take it from a run of the same cell.",
                where=f"cell {self.cell.name}",
            )
        solution = compat.rewound(self._rest.built_model, {}, column)
        return self.at(State(cycle, 0, time, charge, solution), frequencies, label)

    def _interrupted(self, state: State) -> pybamm.Solution:
        """The state without current, as a solution of one instant."""
        model = self._rest.built_model
        start = state.solution or compat.rewound(model, {}, self._fresh)
        model.set_initial_conditions_from(start)
        try:
            found = self._rest.solver.solve(model, [0, _INSTANT])
        except pybamm.SolverError as error:
            raise SolveError(
                f"no equilibrium without current after {state.time:.6g} s: {error}",
                where=f"cell {self.cell.name}",
            ) from error
        return compat.rewound(model, {}, found.y[:, [0]])

    def _of_sides(self, resting: pybamm.Solution, name: str) -> dict[str, float]:
        sides: tuple[Side, ...] = LITHIUM_SIDES[self.cell.model]
        full = {side: names.variable_of(name, side) for side in sides}
        known = self._rest.built_model.variables
        return {
            side: float(resting[variable].entries[0])
            for side, variable in full.items()
            if variable in known  # a plated film has none
        }
