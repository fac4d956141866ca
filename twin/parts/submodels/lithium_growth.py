"""New lithium on the slab when plating finds no vacancies to fill."""

from __future__ import annotations

from twin import names
from twin.parts.formulas.lithium_metal import growth_share
from twin.parts.formulas.typing import positive_part
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class LithiumGrowth(ElectrodeSubModel):
    r"""Plating beyond what the vacancies at the surface can take adds thickness.

    .. math:: p = \max(-j, 0) - j_{ref}, \qquad j_g = p\, s_g(1 - u_s)

    with the share s_g of :func:`growth_share`: the lattice is never filled beyond one
    atom per site, so vacancies that have diffused away from the surface stay behind
    after plating.
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        plating = (
            positive_part(-variables[self.name_of(names.STRIPPING_RATE)])
            - variables[self.name_of(names.VOID_REFILLING_RATE)]
        )
        vacant = 1 - variables[self.name_of(names.SURFACE_OCCUPANCY)]
        variables[self.name_of(names.LITHIUM_GROWTH_RATE)] = plating * growth_share(vacant)
        return variables
