"""Current collectors that pass to the electrodes what ions carry through the cell."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.submodels.base import Variables


class IonicCurrentCollector(pybamm.current_collector.Uniform):
    """Uniform collectors; the electronic leakage never reaches the electrodes' reactions.

    PyBaMM's electrodes take their current from the collectors: it is the ionic current,
    the cell's current less the leakage (:class:`ElectronicLeakage`).
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        ionic = pybamm.PrimaryBroadcast(
            variables[names.IONIC_CURRENT_DENSITY], "current collector"
        )
        return {names.COLLECTOR_CURRENT_DENSITY: ionic}
