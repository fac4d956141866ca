"""Voltage of a symmetric cell as the sum over its stack."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.submodels.base import Variables


class SymmetricStack(pybamm.BaseSubModel):
    r"""Potentials of lithium | separator | lithium, added from left to right.

    .. math:: V = E_+ - E_- - \Delta\phi_b - \Delta\phi_{gb}

    with E the potential of each electrode against the separator
    (:class:`ElectrodeStack`).
    """

    def __init__(self) -> None:
        super().__init__(None, name=type(self).__name__)

    def get_coupled_variables(self, variables: Variables) -> Variables:
        def sum_of(name: str) -> pybamm.Symbol:
            negative = variables[names.variable_of(name, "negative")]
            return negative + variables[names.variable_of(name, "positive")]

        def difference_of(name: str) -> pybamm.Symbol:
            negative = variables[names.variable_of(name, "negative")]
            return variables[names.variable_of(name, "positive")] - negative

        voltage = (
            difference_of(names.STACK_POTENTIAL)
            - variables[names.SEPARATOR_BULK_DROP]
            - variables[names.SEPARATOR_GB_DROP]
        )
        resistance = sum_of(names.STACK_RESISTANCE)
        area = pybamm.Parameter(names.ELECTRODE_AREA)
        charge = variables[names.DISCHARGE_CAPACITY] * 3600
        variables.update(
            {
                names.OPEN_CIRCUIT_VOLTAGE: difference_of(
                    names.CONCENTRATION_OVERPOTENTIAL
                ),
                names.VOLTAGE: voltage,
                names.BATTERY_VOLTAGE: voltage * pybamm.Parameter(names.SERIES_CELLS),
                names.POLARISATION: abs(voltage),
                names.CELL_RESISTANCE: variables[names.SEPARATOR_RESISTANCE] + resistance,
                names.AREAL_CAPACITY: charge / area,
                names.TOTAL_LITHIUM: sum_of(names.ELECTRODE_LITHIUM),
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
