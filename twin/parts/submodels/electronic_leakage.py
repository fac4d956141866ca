"""Electronic leakage through the separator."""

from __future__ import annotations

from collections.abc import Sequence

import pybamm

from twin import names
from twin.parts.submodels.base import Variables


class ElectronicLeakage(pybamm.BaseSubModel):
    r"""Electrons that pass the separator beside the ions.

    .. math:: i = i_{ion} + i_{el}, \qquad i_{el} = -(\sigma_e / L + g_s) V

    with g_s the conductance of filaments that have crossed it (:class:`Filament`).

    The electrodes react with the ionic current only; at open circuit the leakage drives
    self-discharge. The ionic current is an algebraic unknown because the voltage
    depends on it.
    """

    def __init__(self, sides: Sequence[names.Side]) -> None:
        super().__init__(None, name=type(self).__name__)
        self.sides = sides

    def get_fundamental_variables(self) -> Variables:
        ionic = pybamm.Variable(names.IONIC_CURRENT_DENSITY)
        leaked = pybamm.Variable(names.LEAKED_CHARGE)
        return {names.IONIC_CURRENT_DENSITY: ionic, names.LEAKED_CHARGE: leaked}

    def get_coupled_variables(self, variables: Variables) -> Variables:
        conductance = pybamm.Parameter(names.ELECTRONIC_CONDUCTIVITY) / pybamm.Parameter(
            names.SEPARATOR_THICKNESS
        )
        for side in self.sides:
            shorted = names.variable_of(names.SHORT_CONDUCTANCE, side)
            conductance += variables[shorted]
        variables[names.LEAKAGE_CURRENT_DENSITY] = -conductance * variables[names.VOLTAGE]
        return variables

    def set_rhs(self, variables: Variables) -> None:
        leaked = variables[names.LEAKED_CHARGE]
        self.rhs[leaked] = variables[names.LEAKAGE_CURRENT_DENSITY]

    def set_algebraic(self, variables: Variables) -> None:
        ionic = variables[names.IONIC_CURRENT_DENSITY]
        self.algebraic[ionic] = (
            ionic
            + variables[names.LEAKAGE_CURRENT_DENSITY]
            - variables[names.TOTAL_CURRENT_DENSITY]
        )

    def set_initial_conditions(self, variables: Variables) -> None:
        # a start for the consistent initial state, which the solver finds itself
        self.initial_conditions[variables[names.IONIC_CURRENT_DENSITY]] = pybamm.Scalar(0)
        self.initial_conditions[variables[names.LEAKED_CHARGE]] = pybamm.Scalar(0)
