"""Conductivities and pore wall area of an interlayer from its composition."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.interlayer import (
    percolating_conductivity,
    polaron_conductivity,
    specific_area,
)
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class InterlayerProperties(ElectrodeSubModel):
    r"""Effective ionic conductivity, electronic conductivity and pore wall area.

    .. math:: \kappa(T) = \kappa_m + \kappa_c
        [\max(\phi - \phi_c, 0)/(1 - \phi_c)]^t, \qquad a = 3(1 - \epsilon)/r

    A measured effective conductivity is given as the matrix's with no conductor.
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        ionic = arrhenius(
            percolating_conductivity(
                self.parameter(names.INTERLAYER_CONDUCTOR_FRACTION),
                self.parameter(names.INTERLAYER_CONDUCTOR_CONDUCTIVITY),
                self.parameter(names.INTERLAYER_MATRIX_CONDUCTIVITY),
                self.parameter(names.INTERLAYER_PERCOLATION_THRESHOLD),
                self.parameter(names.INTERLAYER_PERCOLATION_EXPONENT),
            ),
            self.parameter(names.INTERLAYER_IONIC_EA),
            variables[names.CELL_TEMPERATURE],
        )
        area = specific_area(
            self.parameter(names.INTERLAYER_POROSITY),
            self.parameter(names.INTERLAYER_PARTICLE_RADIUS),
        )
        variables.update(
            {
                self.name_of(names.INTERLAYER_IONIC_CONDUCTIVITY): ionic,
                self.name_of(names.INTERLAYER_ELECTRONIC): self._electronic(variables),
                self.name_of(names.INTERLAYER_AREA): area,
            }
        )
        return variables

    def _electronic(self, variables: Variables) -> pybamm.Symbol:
        return self.parameter(names.INTERLAYER_ELECTRONIC_CONDUCTIVITY)


class PolaronInterlayerProperties(InterlayerProperties):
    r"""The same, with an electronic conductivity that rises as the host is reduced.

    .. math:: \sigma = \sigma_m\, 4x(1 - x)\, e^{-E_a/RT} + \sigma_0
    """

    def _electronic(self, variables: Variables) -> pybamm.Symbol:
        return polaron_conductivity(
            variables[self.name_of(names.HOST_STOICHIOMETRY)],
            self.parameter(names.INTERLAYER_POLARON_CONDUCTIVITY),
            self.parameter(names.INTERLAYER_ELECTRONIC_CONDUCTIVITY),
            self.parameter(names.INTERLAYER_POLARON_EA),
            variables[names.CELL_TEMPERATURE],
        )
