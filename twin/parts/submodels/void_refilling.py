"""Refilling of voids by plated lithium."""

from __future__ import annotations

from twin import names
from twin.parts.formulas.typing import positive_part
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class VoidRefilling(ElectrodeSubModel):
    r"""Plated lithium fills voids that are still accessible.

    .. math:: j_{ref} = \max(-j, 0)\, \frac{v_a}{v_a + h_r}

    The occluded part of the voids (:class:`VoidVolume`) is out of reach, which is what
    leaves damage behind from cycle to cycle: Kasemchainan et al., Nature Materials 18
    (2019) 1105, doi 10.1038/s41563-019-0438-9.
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        plating = positive_part(-variables[self.name_of(names.STRIPPING_RATE)])
        accessible = variables[self.name_of(names.ACCESSIBLE_VOIDS)]
        height = self.parameter(names.REFILLING_HEIGHT)
        # rounding below zero must not turn refilling into growth
        reached = positive_part(accessible)
        variables[self.name_of(names.VOID_REFILLING_RATE)] = (
            plating * reached / (reached + height)
        )
        return variables
