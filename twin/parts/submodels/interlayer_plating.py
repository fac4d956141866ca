"""Lithium that plates into the pores of an interlayer and is stripped from them."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.constants import FARADAY
from twin.parts.formulas.fade import retained_current
from twin.parts.formulas.interlayer import pore_plating_current
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class InterlayerPlating(ElectrodeSubModel):
    r"""Pore filling f over the layer, and the reaction that changes it.

    .. math:: F c_{Li} \epsilon\, \partial_t f = -a\, [i_n(\delta, f) + i_{dead}]

    Full pores take no more: the current then goes to emptier ones and to the foil. A share
    of what plates may become dead (:class:`LithiumLoss`).
    """

    def get_fundamental_variables(self) -> Variables:
        name = self.name_of(names.PORE_FILLING)
        domain = names.interlayer_domain(self.side)
        return {name: pybamm.Variable(name, domain=domain)}

    def get_coupled_variables(self, variables: Variables) -> Variables:
        temperature = variables[names.CELL_TEMPERATURE]
        filling = variables[self.name_of(names.PORE_FILLING)]
        current = pore_plating_current(
            variables[self.name_of(names.INTERLAYER_POTENTIAL)],
            filling,
            self.parameter(names.INTERLAYER_EMPTY_PORE),
            arrhenius(
                self.parameter(names.INTERLAYER_EXCHANGE_CURRENT),
                self.parameter(names.INTERLAYER_EXCHANGE_CURRENT_EA),
                temperature,
            ),
            temperature,
        )
        held = self._charge_density() / FARADAY * filling
        variables.update(
            {
                self.name_of(names.PORE_CURRENT): current,
                self.name_of(names.PORE_LITHIUM): held,
            }
        )
        return variables

    def _charge_density(self) -> pybamm.Symbol:
        """Charge of the lithium that fills all pores, per volume of the layer."""
        sites = self.parameter(names.LITHIUM_SITE_CONCENTRATION)
        return FARADAY * sites * self.parameter(names.INTERLAYER_POROSITY)

    def set_rhs(self, variables: Variables) -> None:
        filling = variables[self.name_of(names.PORE_FILLING)]
        area = variables[self.name_of(names.INTERLAYER_AREA)]
        alive = retained_current(
            variables[self.name_of(names.PORE_CURRENT)],
            variables[self.name_of(names.LOST_SHARE)],
        )
        self.rhs[filling] = -area * alive / self._charge_density()

    def set_initial_conditions(self, variables: Variables) -> None:
        filling = variables[self.name_of(names.PORE_FILLING)]
        self.initial_conditions[filling] = self.parameter(names.INTERLAYER_INITIAL_LITHIUM)
