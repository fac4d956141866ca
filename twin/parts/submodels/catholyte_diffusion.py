"""Salt in a liquid that wets the cathode only, behind a single-ion separator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pybamm

from twin import names
from twin.parts.submodels.base import Variables


class CatholyteDiffusion(
    pybamm.electrolyte_diffusion.ConstantConcentration,
):
    r"""Concentration in the cathode's liquid; its anions cannot enter the separator.

    .. math:: \epsilon\, \partial_t c = \partial_x(D B\, \partial_x c)
        + (1 - t_+)\, a j / F, \qquad -D B\, \partial_x c|_{0} = (1 - t_+)\, i / F

    The separator conducts without salt; its region carries the concentration at the
    interface, so that no gradient is invented there.
    """

    def get_fundamental_variables(self) -> Variables:
        salt = pybamm.Variable(
            names.POSITIVE_SALT,
            domain="positive electrode",
            auxiliary_domains={"secondary": "current collector"},
            bounds=(0, np.inf),
            scale=self.param.c_e_init_av,
        )
        interface = pybamm.boundary_value(salt / self.param.p.epsilon_init, "left")
        separator = (
            pybamm.PrimaryBroadcast(interface, "separator") * self.param.s.epsilon_init
        )
        found: Variables = self._get_standard_porosity_times_concentration_variables(
            {"separator": separator, "positive electrode": salt}
        )
        return found

    def set_rhs(self, variables: Variables) -> None:
        salt = variables[names.POSITIVE_SALT]
        flux = -self._mobility(variables) * pybamm.grad(salt)
        reaction = (1 - self._transference(variables)) * variables[
            names.POSITIVE_VOLUMETRIC_CURRENT
        ]
        self.rhs = {salt: -pybamm.div(flux) + reaction / self.param.F}

    def _transference(self, variables: Variables) -> Any:
        return self.param.t_plus(
            variables[names.POSITIVE_CONCENTRATION],
            variables[names.POSITIVE_TEMPERATURE],
        )

    def _mobility(self, variables: Variables) -> Any:
        """Effective diffusivity over porosity, as the unknown is the salt per volume."""
        diffusivity = self.param.D_e(
            variables[names.POSITIVE_CONCENTRATION],
            variables[names.POSITIVE_TEMPERATURE],
        )
        efficiency = variables[names.POSITIVE_TRANSPORT_EFFICIENCY]
        return efficiency * diffusivity / variables[names.CATHODE_POROSITY]

    def set_initial_conditions(self, variables: Variables) -> None:
        salt = variables[names.POSITIVE_SALT]
        self.initial_conditions = {salt: self.param.p.epsilon_init * self.param.c_e_init}

    def set_boundary_conditions(self, variables: Variables) -> None:
        super().set_boundary_conditions(variables)
        salt = variables[names.POSITIVE_SALT]
        # the same extrapolation of the mobility as in the flux: their product is exact
        mobility = pybamm.boundary_value(self._mobility(variables), "left")
        entering = (
            pybamm.boundary_value(1 - self._transference(variables), "left")
            * variables[names.COLLECTOR_CURRENT_DENSITY]
        )
        self.boundary_conditions[salt] = {
            "left": (-entering / self.param.F / mobility, "Neumann"),
            "right": (pybamm.Scalar(0), "Neumann"),
        }
