"""Cell at the temperature of its surroundings."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.submodels.base import Variables


class Isothermal(pybamm.BaseSubModel):
    """One temperature for the whole cell, that of its surroundings.

    Pellet cells are thick, slow and held in a chamber: at 5 mA.cm-2 over 20 Ohm.cm2 the
    heat is 0.5 mW.cm-2, and the cell stays within a fraction of a kelvin.
    """

    def __init__(self) -> None:
        super().__init__(None, name=type(self).__name__)

    def get_fundamental_variables(self) -> Variables:
        return {
            names.CELL_TEMPERATURE: pybamm.FunctionParameter(
                names.AMBIENT_TEMPERATURE, {names.TIME: pybamm.t}
            )
        }
