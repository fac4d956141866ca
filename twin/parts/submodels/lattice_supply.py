"""What the lattice of the lithium slab supplies to the interface."""

from __future__ import annotations

from twin import names
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class LatticeSupply(ElectrodeSubModel):
    r"""The current less what voids and new lithium give or take.

    .. math:: j_{lat} = j - j_v + j_{ref} + j_g
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        variables[self.name_of(names.LATTICE_RATE)] = (
            variables[self.name_of(names.STRIPPING_RATE)]
            - variables[self.name_of(names.VOID_GROWTH_RATE)]
            + variables[self.name_of(names.VOID_REFILLING_RATE)]
            + variables[self.name_of(names.LITHIUM_GROWTH_RATE)]
        )
        return variables
