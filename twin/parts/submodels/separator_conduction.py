"""Ionic conduction through a ceramic separator: grains and grain boundaries."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.separator import series_conductivity
from twin.parts.submodels.base import Variables


class SeparatorConduction(pybamm.BaseSubModel):
    r"""Single-ion conductor with grains and grain boundaries in series.

    .. math:: \Delta\phi = i L (1/\kappa_b + 1/\kappa_{gb})

    each with its own Arrhenius law. With the option "surface form" at "differential"
    each part has its capacitance beside it, C d(drop)/dt = i - drop / R, so that its
    arc appears in an impedance spectrum.
    """

    def __init__(self, options: pybamm.BatteryModelOptions | None = None) -> None:
        super().__init__(None, name=type(self).__name__, options=options)

    _PARTS = (
        (
            names.SEPARATOR_BULK_DROP,
            names.BULK_CONDUCTIVITY,
            names.BULK_CONDUCTIVITY_EA,
            names.BULK_CAPACITANCE,
        ),
        (
            names.SEPARATOR_GB_DROP,
            names.GB_CONDUCTIVITY,
            names.GB_CONDUCTIVITY_EA,
            names.GB_CAPACITANCE,
        ),
    )

    @property
    def has_capacitances(self) -> bool:
        """Whether the drops are states of their own."""
        return bool(self.options["surface form"] == "differential")

    def get_fundamental_variables(self) -> Variables:
        if not self.has_capacitances:
            return {}
        return {drop: pybamm.Variable(drop) for drop, *_ in self._PARTS}

    def get_coupled_variables(self, variables: Variables) -> Variables:
        temperature = variables[names.CELL_TEMPERATURE]
        thickness = pybamm.Parameter(names.SEPARATOR_THICKNESS)
        conductivities = []
        for drop, conductivity, energy, _ in self._PARTS:
            kappa = arrhenius(
                pybamm.Parameter(conductivity), pybamm.Parameter(energy), temperature
            )
            conductivities.append(kappa)
            if not self.has_capacitances:
                ionic = variables[names.IONIC_CURRENT_DENSITY]
                variables[drop] = ionic * thickness / kappa
        total = series_conductivity(*conductivities)
        variables.update(
            {
                names.SEPARATOR_BULK_RESISTANCE: thickness / conductivities[0],
                names.SEPARATOR_GB_RESISTANCE: thickness / conductivities[1],
                names.SEPARATOR_CONDUCTIVITY: total,
                names.SEPARATOR_RESISTANCE: thickness / total,
            }
        )
        return variables

    def set_rhs(self, variables: Variables) -> None:
        if not self.has_capacitances:
            return
        ionic = variables[names.IONIC_CURRENT_DENSITY]
        resistances = (names.SEPARATOR_BULK_RESISTANCE, names.SEPARATOR_GB_RESISTANCE)
        for (drop, _, _, capacitance), resistance in zip(
            self._PARTS, resistances, strict=True
        ):
            through = variables[drop] / variables[resistance]
            self.rhs[variables[drop]] = (ionic - through) / pybamm.Parameter(capacitance)

    def set_initial_conditions(self, variables: Variables) -> None:
        if self.has_capacitances:
            for drop, *_ in self._PARTS:
                self.initial_conditions[variables[drop]] = pybamm.Scalar(0)
