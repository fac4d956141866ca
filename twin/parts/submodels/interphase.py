"""Interphase that grows where a sulfide touches bare lithium."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.constants import FARADAY
from twin.parts.formulas.interphase import interphase_resistance
from twin.parts.formulas.lithium_metal import stripping_rate
from twin.parts.submodels.base import ElectrodeSubModel, Variables

#: 1 uA.h.cm-2 in C.m-2: the state is of order one in its square.
_STATE_UNIT = 36.0


class Interphase(ElectrodeSubModel):
    r"""Parabolic growth, in the lithium it has taken and the resistance it adds.

    .. math:: q = k\sqrt{t} \;\Rightarrow\; \partial_t (q^2) = K(T) = k^2, \qquad
        R = \frac{q}{\rho_q \kappa_{ip}(T)\, \theta}

    Aktekin et al., Nature Communications 14 (2023),
    doi 10.1038/s41467-023-42512-y. The square of the charge is the state, whose rate
    only the temperature changes. The lithium taken is counted beside it, at the very
    rate at which the slab loses it, so that the balance closes at any tolerance.
    """

    def get_fundamental_variables(self) -> Variables:
        squared = pybamm.Variable(self.name_of(names.INTERPHASE_CHARGE_SQUARED))
        lithium = pybamm.Variable(
            self.name_of(names.INTERPHASE_LITHIUM), scale=pybamm.Scalar(1e-2)
        )
        return {
            self.name_of(names.INTERPHASE_CHARGE_SQUARED): squared,
            self.name_of(names.INTERPHASE_CHARGE): _STATE_UNIT * pybamm.sqrt(squared),
            self.name_of(names.INTERPHASE_LITHIUM): lithium,
        }

    def _rate(self, variables: Variables) -> pybamm.Symbol:
        return arrhenius(
            self.parameter(names.INTERPHASE_RATE),
            self.parameter(names.INTERPHASE_RATE_EA),
            variables[names.CELL_TEMPERATURE],
        )

    def _current(self, variables: Variables) -> pybamm.Symbol:
        """Current density that the growth takes, dq/dt [A.m-2]."""
        charge = variables[self.name_of(names.INTERPHASE_CHARGE)]
        return self._rate(variables) / (2 * charge)

    def get_coupled_variables(self, variables: Variables) -> Variables:
        charge = variables[self.name_of(names.INTERPHASE_CHARGE)]
        conductivity = arrhenius(
            self.parameter(names.INTERPHASE_CONDUCTIVITY),
            self.parameter(names.INTERPHASE_CONDUCTIVITY_EA),
            variables[names.CELL_TEMPERATURE],
        )
        resistance = interphase_resistance(
            charge,
            self.parameter(names.INTERPHASE_CHARGE_DENSITY),
            conductivity,
            variables[self.name_of(names.CONTACT_FRACTION)],
        )
        consumed = stripping_rate(
            self._current(variables),
            self.parameter(names.LITHIUM_SITE_CONCENTRATION),
            self.parameter(names.LITHIUM_VOLUME_FRACTION),
        )
        variables.update(
            {
                self.name_of(names.INTERPHASE_CONSUMPTION): consumed,
                self.name_of(names.INTERPHASE_RESISTANCE): resistance,
            }
        )
        return variables

    def set_rhs(self, variables: Variables) -> None:
        squared = variables[self.name_of(names.INTERPHASE_CHARGE_SQUARED)]
        lithium = variables[self.name_of(names.INTERPHASE_LITHIUM)]
        self.rhs[squared] = self._rate(variables) / _STATE_UNIT**2
        self.rhs[lithium] = self._current(variables) / FARADAY

    def set_initial_conditions(self, variables: Variables) -> None:
        squared = variables[self.name_of(names.INTERPHASE_CHARGE_SQUARED)]
        lithium = variables[self.name_of(names.INTERPHASE_LITHIUM)]
        initial = self.parameter(names.INTERPHASE_INITIAL_CHARGE)
        self.initial_conditions[squared] = (initial / _STATE_UNIT) ** 2
        self.initial_conditions[lithium] = initial / FARADAY


class NoInterphase(ElectrodeSubModel):
    """A separator that is inert to lithium, or lithium that does not touch it."""

    def get_fundamental_variables(self) -> Variables:
        quantities = (
            names.INTERPHASE_CHARGE,
            names.INTERPHASE_CONSUMPTION,
            names.INTERPHASE_RESISTANCE,
            names.INTERPHASE_LITHIUM,
        )
        return {self.name_of(name): pybamm.Scalar(0) for name in quantities}
