"""Growth of voids once the lattice cannot supply the stripping current."""

from __future__ import annotations

from twin import names
from twin.parts.formulas.lithium_metal import stripping_rate, void_share
from twin.parts.formulas.typing import positive_part
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class VoidGrowth(ElectrodeSubModel):
    r"""Share of the stripping current that is taken from the interface itself.

    .. math:: j = i_F / (F c_{Li} \epsilon), \qquad
        j_v = \max(j, 0)\, \{1 - [1 - s_v(u_c - u_{crit})]\,
        [1 - s_v(\bar u - \bar u_{crit})]\}

    with the share s_v of :func:`void_share`. While the contacts hold more lithium than
    the critical occupancy the lattice carries the current and no voids grow; once they
    do not, every further atom leaves a void.

    The second limit is one of adhesion, not of diffusion: a layer between rigid
    neighbours cannot shrink by all the volume that it has lost, and comes off the
    separator where too little lithium is left to hold it. It counts what the whole slab
    has lost, so that short half cycles do not meet it at any current. It is a rule of
    this package, with one number that is fitted where it is used.
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
        mean = (
            variables[self.name_of(names.SLAB_LITHIUM)]
            / variables[self.name_of(names.SLAB_THICKNESS)]
        )
        held = mean - self.parameter(names.ADHESION_OCCUPANCY)
        supplied = (1 - void_share(excess)) * (1 - void_share(held))
        growth = positive_part(rate) * (1 - supplied)
        variables.update(
            {
                self.name_of(names.STRIPPING_RATE): rate,
                self.name_of(names.VOID_GROWTH_RATE): growth,
            }
        )
        return variables
