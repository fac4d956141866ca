"""Potential of lithium diluted by vacancies."""

from __future__ import annotations

from twin import names
from twin.parts.formulas.lithium_metal import concentration_overpotential
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class ConcentrationOverpotential(ElectrodeSubModel):
    r"""Shift of the electrode potential, at either electrode.

    .. math:: \eta_c = -(RT/F) \ln \max(u_c, u_{crit})
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        variables[self.name_of(names.CONCENTRATION_OVERPOTENTIAL)] = (
            concentration_overpotential(
                variables[self.name_of(names.CONTACT_OCCUPANCY)],
                self.parameter(names.CRITICAL_OCCUPANCY),
                variables[names.CELL_TEMPERATURE],
            )
        )
        return variables
