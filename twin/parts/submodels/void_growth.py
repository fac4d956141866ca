"""Growth of voids once the lattice cannot supply the stripping current."""

from __future__ import annotations

from twin import names
from twin.parts.formulas.lithium_metal import stripping_rate, void_share
from twin.parts.formulas.typing import positive_part
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class VoidGrowth(ElectrodeSubModel):
    r"""Share of the stripping current that is taken from the interface itself.

    .. math:: j = i_F / (F c_{Li} \epsilon), \qquad
        j_v = \max(j, 0)\, s_v(u_c - u_{crit})

    with the share s_v of :func:`void_share`. While the contacts hold more lithium than
    the critical occupancy the lattice carries the current and no voids grow; once they
    do not, every further atom leaves a void.
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        rate = stripping_rate(
            self.stripping_sign * variables[self.name_of(names.FARADAIC_CURRENT_DENSITY)],
            self.parameter(names.LITHIUM_SITE_CONCENTRATION),
            self.parameter(names.LITHIUM_VOLUME_FRACTION),
        )
        excess = variables[self.name_of(names.CONTACT_OCCUPANCY)] - self.parameter(
            names.CRITICAL_OCCUPANCY
        )
        growth = positive_part(rate) * void_share(excess)
        variables.update(
            {
                self.name_of(names.STRIPPING_RATE): rate,
                self.name_of(names.VOID_GROWTH_RATE): growth,
            }
        )
        return variables
