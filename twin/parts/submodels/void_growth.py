"""Growth of voids once the lattice cannot supply the stripping current."""

from __future__ import annotations

from twin import names
from twin.parts.formulas.lithium_metal import (
    limited_share,
    stripping_rate,
    surface_exchange_rate,
)
from twin.parts.formulas.typing import positive_part
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class VoidGrowth(ElectrodeSubModel):
    r"""Share of the stripping current that is taken from the interface itself.

    .. math:: j = i_F / (F c_{Li} \epsilon), \qquad
        j_v = \max(j, 0) - s[\max(j, 0),\, (D/\delta)(u_c - u_{crit})]

    with s the share a limited supply carries (:func:`limited_share`). While the
    contacts hold more lithium than the critical occupancy the lattice carries the
    current and no voids grow; once they do not, every further atom leaves a void.
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        rate = stripping_rate(
            self.stripping_sign
            * variables[self.name_of(names.FARADAIC_CURRENT_DENSITY)],
            self.parameter(names.LITHIUM_SITE_CONCENTRATION),
            self.parameter(names.LITHIUM_VOLUME_FRACTION),
        )
        supply = surface_exchange_rate(
            self.diffusivity(variables[names.CELL_TEMPERATURE]),
            self.parameter(names.SURFACE_EXCHANGE_DEPTH),
            variables[self.name_of(names.CONTACT_OCCUPANCY)]
            - self.parameter(names.CRITICAL_OCCUPANCY),
        )
        stripping = positive_part(rate)
        growth = stripping - limited_share(stripping, supply)
        variables.update(
            {
                self.name_of(names.STRIPPING_RATE): rate,
                self.name_of(names.VOID_GROWTH_RATE): growth,
            }
        )
        return variables
