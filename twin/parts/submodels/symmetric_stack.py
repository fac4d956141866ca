"""Voltage of a symmetric cell as the sum over its stack."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.submodels.base import Variables


class SymmetricStack(pybamm.BaseSubModel):
    r"""Potentials of lithium | separator | lithium, added from left to right.

    .. math:: V = \eta_{c,+} - \eta_{c,-}
        - \sum_\pm (\eta_\pm + i R_{constriction,\pm}) - \Delta\phi_b - \Delta\phi_{gb}
    """

    def __init__(self) -> None:
        super().__init__(None, name=type(self).__name__)

    def get_coupled_variables(self, variables: Variables) -> Variables:
        def of(name: str, side: names.Side) -> pybamm.Symbol:
            return variables[names.variable_of(name, side)]

        open_circuit = of(names.CONCENTRATION_OVERPOTENTIAL, "positive") - of(
            names.CONCENTRATION_OVERPOTENTIAL, "negative"
        )
        drops = (
            variables[names.SEPARATOR_BULK_DROP] + variables[names.SEPARATOR_GB_DROP]
        )
        resistance = variables[names.SEPARATOR_RESISTANCE]
        lithium = pybamm.Scalar(0)
        sides: tuple[names.Side, names.Side] = ("negative", "positive")
        for side in sides:
            drops += of(names.INTERFACE_OVERPOTENTIAL, side)
            drops += of(names.CONSTRICTION_OVERPOTENTIAL, side)
            resistance += of(names.CHARGE_TRANSFER_RESISTANCE, side)
            resistance += of(names.CONSTRICTION_RESISTANCE, side)
            lithium += of(names.INVENTORY, side)
        voltage = open_circuit - drops
        area = pybamm.Parameter(names.ELECTRODE_AREA)
        charge = variables[names.DISCHARGE_CAPACITY] * 3600
        variables.update(
            {
                names.OPEN_CIRCUIT_VOLTAGE: open_circuit,
                names.VOLTAGE: voltage,
                names.BATTERY_VOLTAGE: voltage * pybamm.Parameter(names.SERIES_CELLS),
                names.POLARISATION: abs(voltage),
                names.CELL_RESISTANCE: resistance,
                names.AREAL_CAPACITY: charge / area,
                names.TOTAL_LITHIUM: lithium,
            }
        )
        return variables

    def add_events_from(self, variables: Variables) -> None:
        # not named like PyBaMM's voltage limits, which experiments widen by a volt
        self.events.append(
            pybamm.Event(
                names.POLARISATION_EVENT,
                pybamm.Parameter(names.POLARISATION_CUT_OFF)
                - variables[names.POLARISATION],
            )
        )
