"""Voltage of a pellet between two lithium foils."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.submodels.base import Variables


class ReductionStack(pybamm.BaseSubModel):
    r"""Drops of the pellet's parts; foils at one potential at rest.

    .. math:: V = -\Delta\phi_b - \Delta\phi_{gb} - i R_{red}
    """

    def __init__(self) -> None:
        super().__init__(None, name=type(self).__name__)

    def get_coupled_variables(self, variables: Variables) -> Variables:
        density = variables[names.TOTAL_CURRENT_DENSITY]
        voltage = -(
            variables[names.SEPARATOR_BULK_DROP]
            + variables[names.SEPARATOR_GB_DROP]
            + density * variables[names.REDUCED_RESISTANCE]
        )
        charge = variables[names.DISCHARGE_CAPACITY] * 3600
        variables.update(
            {
                names.OPEN_CIRCUIT_VOLTAGE: pybamm.Scalar(0),
                names.VOLTAGE: voltage,
                names.BATTERY_VOLTAGE: voltage * pybamm.Parameter(names.SERIES_CELLS),
                names.POLARISATION: abs(voltage),
                names.AREAL_CAPACITY: charge / pybamm.Parameter(names.ELECTRODE_AREA),
            }
        )
        return variables

    def add_events_from(self, variables: Variables) -> None:
        self.events.append(
            pybamm.Event(
                names.POLARISATION_EVENT,
                pybamm.Parameter(names.POLARISATION_CUT_OFF)
                - variables[names.POLARISATION],
            )
        )
