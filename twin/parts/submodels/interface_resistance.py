"""Interface known by its area-specific resistance only."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.kinetics import contact_limited_resistance
from twin.parts.submodels.base import Variables
from twin.parts.submodels.interface_kinetics import InterfaceKinetics


class InterfaceResistance(InterfaceKinetics):
    r"""Ohmic interface: :math:`R = \mathrm{ASR}(T)\, \theta_0 / \theta`."""

    def resistance(self, variables: Variables) -> pybamm.Symbol:
        fresh = arrhenius(
            self.parameter(names.INTERFACE_RESISTANCE),
            -self.parameter(names.INTERFACE_RESISTANCE_EA),
            variables[names.CELL_TEMPERATURE],
        )
        return contact_limited_resistance(
            fresh,
            self.parameter(names.INITIAL_CONTACT),
            variables[self.name_of(names.CONTACT_FRACTION)],
        )

    def overpotential(self, current: pybamm.Symbol, variables: Variables) -> pybamm.Symbol:
        return current * self.resistance(variables)

    def current(self, overpotential: pybamm.Symbol, variables: Variables) -> pybamm.Symbol:
        return overpotential / self.resistance(variables)
