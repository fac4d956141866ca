"""What the submodels of one lithium electrode have in common."""

from __future__ import annotations

import pybamm

from twin import names
from twin.names import Side
from twin.parts.formulas.arrhenius import arrhenius

Variables = dict[str, pybamm.Symbol]


class ElectrodeSubModel(pybamm.BaseSubModel):
    """A mechanism of one lithium electrode.

    PyBaMM accepts no further domains for a submodel, so the electrode is kept here.

    Parameters
    ----------
    side : "negative" or "positive"
        Electrode that the mechanism belongs to. Stripping is positive current at the
        negative electrode and negative current at the positive one.
    options : dict, optional
        Options of the model, as PyBaMM passes them.
    """

    def __init__(
        self, side: Side, options: pybamm.BatteryModelOptions | None = None
    ) -> None:
        super().__init__(None, domain=None, name=type(self).__name__, options=options)
        self.side = side
        self.stripping_sign = 1 if side == "negative" else -1

    def parameter(self, name: str) -> pybamm.Parameter:
        """The electrode's own parameter of a plain name."""
        return pybamm.Parameter(names.parameter_of(name, self.side))

    def name_of(self, name: str) -> str:
        """The electrode's own variable name."""
        return names.variable_of(name, self.side)

    def diffusivity(self, temperature: pybamm.Symbol) -> pybamm.Symbol:
        """Self-diffusivity of the electrode's lithium at a temperature [m2.s-1]."""
        return arrhenius(
            self.parameter(names.LITHIUM_DIFFUSIVITY),
            self.parameter(names.LITHIUM_DIFFUSIVITY_EA),
            temperature,
        )
