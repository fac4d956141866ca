"""Our anode and separator in the place of PyBaMM's lithium counter electrode."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.submodels.base import Variables


class HalfCellAnode(pybamm.BaseSubModel):
    r"""What PyBaMM's half cell asks of its lithium electrode, from our stack.

    .. math:: \phi_e(0) = \phi_{collector} - E_- - \Delta\phi_b - \Delta\phi_{gb}

    The electrolyte potential at the cathode's side of the separator is what the positive
    electrode sees. The whole loss over anode and separator is handed on as the lithium
    interface's reaction overpotential, so that PyBaMM's heat source contains it.
    """

    def __init__(
        self,
        param: pybamm.LithiumIonParameters,
        options: pybamm.BatteryModelOptions | None = None,
    ) -> None:
        super().__init__(param, name=type(self).__name__, options=options)

    def get_coupled_variables(self, variables: Variables) -> Variables:
        collector = variables[names.NEGATIVE_COLLECTOR_POTENTIAL]
        loss = (
            variables[names.variable_of(names.STACK_POTENTIAL, "negative")]
            + variables[names.SEPARATOR_BULK_DROP]
            + variables[names.SEPARATOR_GB_DROP]
        )
        overpotential = pybamm.PrimaryBroadcast(loss, "current collector")
        nothing = pybamm.PrimaryBroadcast(0, "current collector")
        current = variables[names.COLLECTOR_CURRENT_DENSITY]
        variables.update(
            {
                names.LITHIUM_ELECTRODE_POTENTIAL: collector,
                names.LITHIUM_ELECTROLYTE_POTENTIAL: collector - overpotential,
                names.LITHIUM_REACTION_OVERPOTENTIAL: overpotential,
                names.LITHIUM_SURFACE_POTENTIAL_DIFFERENCE: overpotential,
                names.LITHIUM_PLATING_CURRENT_DENSITY: current,
                names.LITHIUM_TOTAL_CURRENT_DENSITY: current,
                names.NEGATIVE_POTENTIAL_DROP: nothing,
                names.NEGATIVE_OHMIC_LOSSES: nothing,
                names.NEGATIVE_FILM_OVERPOTENTIAL: nothing,
            }
        )
        return variables
