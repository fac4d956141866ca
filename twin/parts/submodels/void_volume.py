"""Volume of the voids at the interface, accessible and occluded."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class VoidVolume(ElectrodeSubModel):
    r"""Balance of the void volume per nominal area.

    .. math::
        \dot v_a &= (1 - f_o)\, j_v - j_{ref} - k v_a \\
        \dot v_o &= f_o\, j_v - k v_o
    """

    def get_fundamental_variables(self) -> Variables:
        # 0.1 um of void is enough to lose contact; sets the solver's weights only
        scale = pybamm.Scalar(1e-7)
        accessible = pybamm.Variable(self.name_of(names.ACCESSIBLE_VOIDS), scale=scale)
        occluded = pybamm.Variable(self.name_of(names.OCCLUDED_VOIDS), scale=scale)
        return {
            self.name_of(names.ACCESSIBLE_VOIDS): accessible,
            self.name_of(names.OCCLUDED_VOIDS): occluded,
            self.name_of(names.VOID_VOLUME): accessible + occluded,
        }

    def set_rhs(self, variables: Variables) -> None:
        accessible = variables[self.name_of(names.ACCESSIBLE_VOIDS)]
        occluded = variables[self.name_of(names.OCCLUDED_VOIDS)]
        growth = variables[self.name_of(names.VOID_GROWTH_RATE)]
        refilling = variables[self.name_of(names.VOID_REFILLING_RATE)]
        closure = variables[self.name_of(names.CREEP_CLOSURE)]
        share = self.parameter(names.OCCLUDED_FRACTION)
        self.rhs[accessible] = (1 - share) * growth - refilling - closure * accessible
        self.rhs[occluded] = share * growth - closure * occluded

    def set_initial_conditions(self, variables: Variables) -> None:
        for name in (names.ACCESSIBLE_VOIDS, names.OCCLUDED_VOIDS):
            self.initial_conditions[variables[self.name_of(name)]] = pybamm.Scalar(0)
