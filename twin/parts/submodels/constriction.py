"""Spreading of the current in the separator from the remaining contact spots."""

from __future__ import annotations

from twin import names
from twin.parts.formulas.contact import constriction_resistance
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class Constriction(ElectrodeSubModel):
    r"""Constriction resistance of the separator next to the contact spots.

    .. math:: R = \pi b (1 - \sqrt\theta)^{1.5} / (4 \kappa \sqrt\theta)
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        resistance = constriction_resistance(
            variables[self.name_of(names.CONTACT_FRACTION)],
            self.parameter(names.SPOT_HALF_SPACING),
            variables[names.SEPARATOR_CONDUCTIVITY],
        )
        overpotential = resistance * variables[names.IONIC_CURRENT_DENSITY]
        variables.update(
            {
                self.name_of(names.CONSTRICTION_RESISTANCE): resistance,
                self.name_of(names.CONSTRICTION_OVERPOTENTIAL): overpotential,
            }
        )
        return variables
