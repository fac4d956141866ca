"""Closure of voids by creep of lithium under stack pressure."""

from __future__ import annotations

from twin import names
from twin.parts.formulas.creep import creep_closure_rate
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class CreepClosure(ElectrodeSubModel):
    r"""Rate constant with which creep closes all voids, accessible or occluded.

    .. math:: k = \tfrac{3}{2} A (3P/2n)^n \exp[-(Q/R)(1/T - 1/298.15)]
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        variables[self.name_of(names.CREEP_CLOSURE)] = creep_closure_rate(
            self.parameter(names.STACK_PRESSURE),
            self.parameter(names.CREEP_RATE),
            self.parameter(names.CREEP_EXPONENT),
            self.parameter(names.CREEP_EA),
            variables[names.CELL_TEMPERATURE],
        )
        return variables
