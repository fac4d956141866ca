"""Potential of a lithium electrode against the separator, summed over its layers."""

from __future__ import annotations

from twin import names
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class ElectrodeStack(ElectrodeSubModel):
    r"""Potential of the lithium minus that in the separator beside it.

    .. math:: E_\pm = \eta_{c,\pm} \mp (\eta_\pm + i R_{constriction,\pm}
        + i R_{interphase,\pm})

    The drops are counted along the cell current, which leaves the negative electrode
    (raising E) and enters the positive one (lowering it).
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        interphase = variables[self.name_of(names.INTERPHASE_RESISTANCE)]
        drops = (
            variables[self.name_of(names.INTERFACE_OVERPOTENTIAL)]
            + variables[self.name_of(names.CONSTRICTION_OVERPOTENTIAL)]
            + interphase * variables[names.IONIC_CURRENT_DENSITY]
        )
        potential = (
            variables[self.name_of(names.CONCENTRATION_OVERPOTENTIAL)]
            + self.stripping_sign * drops
        )
        resistance = (
            variables[self.name_of(names.CHARGE_TRANSFER_RESISTANCE)]
            + variables[self.name_of(names.CONSTRICTION_RESISTANCE)]
            + interphase
        )
        lithium = (
            variables[self.name_of(names.INVENTORY)]
            + variables[self.name_of(names.INTERPHASE_LITHIUM)]
            + variables[self.name_of(names.LOST_LITHIUM)]
        )
        variables.update(
            {
                self.name_of(names.STACK_POTENTIAL): potential,
                self.name_of(names.STACK_RESISTANCE): resistance,
                self.name_of(names.ELECTRODE_LITHIUM): lithium,
            }
        )
        return variables
