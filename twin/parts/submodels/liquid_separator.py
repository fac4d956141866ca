"""Porous separator filled with liquid: PyBaMM's own, seen from our anode."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.submodels.base import Variables


class LiquidSeparator(pybamm.BaseSubModel):
    """No resistance of its own: PyBaMM resolves the liquid in the separator's region.

    The conductivity next to the lithium, which the constriction needs, is that of the
    liquid at its initial concentration.
    """

    def __init__(self, param: pybamm.LithiumIonParameters) -> None:
        super().__init__(param, name=type(self).__name__)

    def get_coupled_variables(self, variables: Variables) -> Variables:
        temperature = variables[names.CELL_TEMPERATURE]
        efficiency = pybamm.Parameter(names.SEPARATOR_POROSITY) ** pybamm.Parameter(
            names.SEPARATOR_BRUGGEMAN
        )
        conductivity = efficiency * self.param.kappa_e(self.param.c_e_init, temperature)
        variables.update(
            {
                names.SEPARATOR_BULK_DROP: pybamm.Scalar(0),
                names.SEPARATOR_GB_DROP: pybamm.Scalar(0),
                names.SEPARATOR_CONDUCTIVITY: conductivity,
                names.SEPARATOR_RESISTANCE: pybamm.Parameter(names.SEPARATOR_THICKNESS)
                / conductivity,
            }
        )
        return variables
