"""Conduction through a pellet that is reduced from its faces inwards."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.interlayer import polaron_conductivity
from twin.parts.formulas.separator import series_conductivity
from twin.parts.submodels.base import Variables


class ReducedConduction(pybamm.BaseSubModel):
    r"""Two reduced layers that conduct electrons, and ions alone between them.

    .. math:: \theta R = \frac{zL}{\sigma(x)} + (1 - z) L
        \left(\frac{1}{\kappa_b} + \frac{1}{\kappa_{gb}}\right)

    with the electronic conductivity sigma(x) of :func:`polaron_conductivity`. The current
    runs through the share theta of the faces that the foils touch: in patches wider than
    the pellet is thick. With the option "surface form" at "differential" grains and grain
    boundaries that are not reduced have their capacitances beside them.
    """

    _PARTS = (
        (
            names.SEPARATOR_BULK_DROP,
            names.SEPARATOR_BULK_RESISTANCE,
            names.BULK_CONDUCTIVITY,
            names.BULK_CONDUCTIVITY_EA,
            names.BULK_CAPACITANCE,
        ),
        (
            names.SEPARATOR_GB_DROP,
            names.SEPARATOR_GB_RESISTANCE,
            names.GB_CONDUCTIVITY,
            names.GB_CONDUCTIVITY_EA,
            names.GB_CAPACITANCE,
        ),
    )

    def __init__(self, options: pybamm.BatteryModelOptions) -> None:
        super().__init__(None, name=type(self).__name__, options=options)

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
        contact = variables[names.variable_of(names.CONTACT_FRACTION, "negative")]
        share = variables[names.REDUCED_SHARE]
        density = variables[names.TOTAL_CURRENT_DENSITY]
        conductivities = []
        for drop, resistance, conductivity, energy, _ in self._PARTS:
            kappa = arrhenius(
                pybamm.Parameter(conductivity), pybamm.Parameter(energy), temperature
            )
            conductivities.append(kappa)
            variables[resistance] = (1 - share) * thickness / (kappa * contact)
            if not self.has_capacitances:
                variables[drop] = density * variables[resistance]
        electronic = polaron_conductivity(
            pybamm.Parameter(names.REDUCED_FRACTION),
            pybamm.Parameter(names.SEPARATOR_POLARON),
            pybamm.Parameter(names.ELECTRONIC_CONDUCTIVITY),
            pybamm.Parameter(names.SEPARATOR_POLARON_EA),
            temperature,
        )
        reduced = share * thickness / (electronic * contact)
        ionic = variables[names.SEPARATOR_BULK_RESISTANCE]
        ionic = ionic + variables[names.SEPARATOR_GB_RESISTANCE]
        variables.update(
            {
                names.SEPARATOR_CONDUCTIVITY: series_conductivity(*conductivities),
                names.SEPARATOR_RESISTANCE: ionic + reduced,
                names.CELL_RESISTANCE: ionic + reduced,
                names.REDUCED_RESISTANCE: reduced,
            }
        )
        return variables

    def set_rhs(self, variables: Variables) -> None:
        if not self.has_capacitances:
            return
        left = 1 - variables[names.REDUCED_SHARE]
        contact = variables[names.variable_of(names.CONTACT_FRACTION, "negative")]
        density = variables[names.TOTAL_CURRENT_DENSITY]
        thickness = pybamm.Parameter(names.SEPARATOR_THICKNESS)
        for drop, _, conductivity, energy, capacitance in self._PARTS:
            kappa = arrhenius(
                pybamm.Parameter(conductivity),
                pybamm.Parameter(energy),
                variables[names.CELL_TEMPERATURE],
            )
            # a thinner layer of the same permittivity: C_full over what is left
            through = kappa / thickness * variables[drop]
            charging = left * density / contact - through
            self.rhs[variables[drop]] = charging / pybamm.Parameter(capacitance)

    def set_initial_conditions(self, variables: Variables) -> None:
        if self.has_capacitances:
            for drop, *_ in self._PARTS:
                self.initial_conditions[variables[drop]] = pybamm.Scalar(0)
