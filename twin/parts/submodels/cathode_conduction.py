"""Single-ion conduction in the composite cathode, beside a lumped separator."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.submodels.base import Variables

#: The separator's resistance is its own submodel's; PyBaMM's region of the same name
#: only hands the potential on. At 1 mm and 100 A.m-2 this leaves 0.1 uV there.
CONNECTOR_CONDUCTIVITY = 1e6  # S.m-1


class CathodeConduction(pybamm.transport_efficiency.Bruggeman):
    r"""Ionic conductivity of each region over PyBaMM's electrolyte conductivity.

    .. math:: \kappa_{p} = \kappa_{25}\, e^{-(E/R)(1/T - 1/298.15)}\, \epsilon_p^{b}

    PyBaMM multiplies one conductivity of "the electrolyte" by a transport efficiency of
    each region. With a solid catholyte that conductivity is set to 1 S.m-1 and the
    cathode's own conductivity is the efficiency; with a liquid one it stays PyBaMM's
    function of concentration, and the efficiency is Bruggeman's.
    """

    def __init__(
        self,
        param: pybamm.LithiumIonParameters,
        options: pybamm.BatteryModelOptions,
        solid: bool,
    ) -> None:
        super().__init__(param, "Electrolyte", options)
        self.solid = solid

    def get_coupled_variables(self, variables: Variables) -> Variables:
        standard: Variables = super().get_coupled_variables(variables)
        positive = standard[names.POSITIVE_TRANSPORT_EFFICIENCY]
        if self.solid:
            positive = positive * arrhenius(
                pybamm.Parameter(names.CATHOLYTE_CONDUCTIVITY),
                pybamm.Parameter(names.CATHOLYTE_CONDUCTIVITY_EA),
                variables[names.CELL_TEMPERATURE],
            )
        connector = pybamm.FullBroadcast(
            CONNECTOR_CONDUCTIVITY, "separator", "current collector"
        )
        variables.update(
            self._get_standard_transport_efficiency_variables(
                {"separator": connector, "positive electrode": positive}
            )
        )
        return variables
