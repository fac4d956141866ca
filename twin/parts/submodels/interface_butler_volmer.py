"""Interface known by its exchange-current density."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.constants import FARADAY, GAS_CONSTANT
from twin.parts.formulas.kinetics import (
    butler_volmer_current,
    butler_volmer_overpotential,
)
from twin.parts.submodels.base import Variables
from twin.parts.submodels.interface_kinetics import InterfaceKinetics


class InterfaceButlerVolmer(InterfaceKinetics):
    r"""Symmetric Butler-Volmer on the true contact area.

    .. math:: i = r_A \theta\, 2 i_0(T) \sinh(F\eta/2RT)
    """

    def _exchange_current(self, variables: Variables) -> pybamm.Symbol:
        return arrhenius(
            self.parameter(names.EXCHANGE_CURRENT),
            self.parameter(names.EXCHANGE_CURRENT_EA),
            variables[names.CELL_TEMPERATURE],
        )

    def _true_contact(self, variables: Variables) -> pybamm.Symbol:
        contact = variables[self.name_of(names.CONTACT_FRACTION)]
        return contact * self.parameter(names.SCAFFOLD_AREA_RATIO)

    def resistance(self, variables: Variables) -> pybamm.Symbol:
        thermal = GAS_CONSTANT * variables[names.CELL_TEMPERATURE] / FARADAY
        return thermal / (self._exchange_current(variables) * self._true_contact(variables))

    def overpotential(self, current: pybamm.Symbol, variables: Variables) -> pybamm.Symbol:
        return butler_volmer_overpotential(
            current,
            self._exchange_current(variables),
            self._true_contact(variables),
            variables[names.CELL_TEMPERATURE],
        )

    def current(self, overpotential: pybamm.Symbol, variables: Variables) -> pybamm.Symbol:
        return butler_volmer_current(
            overpotential,
            self._exchange_current(variables),
            self._true_contact(variables),
            variables[names.CELL_TEMPERATURE],
        )
