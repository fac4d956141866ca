"""Salt in a liquid that fills separator and cathode, conserved to rounding."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.submodels.base import Variables


class LiquidDiffusion(pybamm.electrolyte_diffusion.Full):
    r"""PyBaMM's diffusion of salt with the flux at the lithium exactly as it should be.

    .. math:: -D B\, \partial_x c|_{0} = (1 - t_+)\, i / F

    PyBaMM extrapolates the quotient (1 - t_+)/(D B) to the boundary, but multiplies the
    gradient by the extrapolated D B: salt drifts by about 1e-7 a cycle. Extrapolating
    numerator and denominator apart closes the balance.
    """

    def set_boundary_conditions(self, variables: Variables) -> None:
        super().set_boundary_conditions(variables)
        concentration = variables[names.ELECTROLYTE_CONCENTRATION]
        temperature = variables[names.WHOLE_CELL_TEMPERATURE]
        mobility = variables[names.ELECTROLYTE_TRANSPORT_EFFICIENCY] * self.param.D_e(
            concentration, temperature
        )
        entering = (
            pybamm.boundary_value(1 - self.param.t_plus(concentration, temperature), "left")
            * variables[names.COLLECTOR_CURRENT_DENSITY]
            / self.param.F
        )
        left = (-entering / pybamm.boundary_value(mobility, "left"), "Neumann")
        for conditions in self.boundary_conditions.values():
            conditions["left"] = left
