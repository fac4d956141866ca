"""Lithium stored in the host of an interlayer before metal plates."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.constants import FARADAY
from twin.parts.formulas.interlayer import host_insertion_current, host_potential
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class InterlayerHost(ElectrodeSubModel):
    r"""Stoichiometry x of the host over the layer, and its insertion reaction.

    .. math:: Q_h\, \partial_t x = -a\, i_h(\delta, x)

    Particles are small against their diffusion length at the rates of a cell.
    """

    def get_fundamental_variables(self) -> Variables:
        name = self.name_of(names.HOST_STOICHIOMETRY)
        domain = names.interlayer_domain(self.side)
        return {name: pybamm.Variable(name, domain=domain)}

    def get_coupled_variables(self, variables: Variables) -> Variables:
        temperature = variables[names.CELL_TEMPERATURE]
        stoichiometry = variables[self.name_of(names.HOST_STOICHIOMETRY)]
        current = host_insertion_current(
            variables[self.name_of(names.INTERLAYER_POTENTIAL)],
            stoichiometry,
            self.parameter(names.HOST_POTENTIAL),
            self.parameter(names.HOST_SLOPE),
            arrhenius(
                self.parameter(names.HOST_EXCHANGE_CURRENT),
                self.parameter(names.INTERLAYER_EXCHANGE_CURRENT_EA),
                temperature,
            ),
            temperature,
        )
        held = self.parameter(names.HOST_CAPACITY) / FARADAY * stoichiometry
        start = host_potential(
            self.parameter(names.HOST_INITIAL_STOICHIOMETRY),
            self.parameter(names.HOST_POTENTIAL),
            self.parameter(names.HOST_SLOPE),
            temperature,
        )
        variables.update(
            {
                self.name_of(names.HOST_CURRENT): current,
                self.name_of(names.HOST_LITHIUM): held,
                self.name_of(names.HOST_START): start,
            }
        )
        return variables

    def set_rhs(self, variables: Variables) -> None:
        stoichiometry = variables[self.name_of(names.HOST_STOICHIOMETRY)]
        area = variables[self.name_of(names.INTERLAYER_AREA)]
        current = variables[self.name_of(names.HOST_CURRENT)]
        capacity = self.parameter(names.HOST_CAPACITY)
        self.rhs[stoichiometry] = -area * current / capacity

    def set_initial_conditions(self, variables: Variables) -> None:
        stoichiometry = variables[self.name_of(names.HOST_STOICHIOMETRY)]
        self.initial_conditions[stoichiometry] = self.parameter(
            names.HOST_INITIAL_STOICHIOMETRY
        )


class NoInterlayerHost(ElectrodeSubModel):
    """An interlayer that stores no lithium but in its pores."""

    def get_fundamental_variables(self) -> Variables:
        nothing = pybamm.FullBroadcast(0, names.interlayer_domain(self.side))
        return {
            self.name_of(names.HOST_CURRENT): nothing,
            self.name_of(names.HOST_LITHIUM): nothing,
            self.name_of(names.HOST_START): pybamm.Scalar(0),
        }
