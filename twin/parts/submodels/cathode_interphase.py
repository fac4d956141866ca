"""Interphase on the particles of a cathode, as a resistance in their kinetics."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.fade import film_resistance
from twin.parts.formulas.typing import positive_part
from twin.parts.submodels.base import Variables

#: (1 Ohm.cm2)^2 in Ohm2.m4: the state is of order one.
_STATE_UNIT = 1e-8


class CathodeInterphase(pybamm.BaseSubModel):
    r"""A film on the particles that grows with time and with the charge passed.

    .. math:: \partial_t (R_t^2) = K(T), \qquad \partial_t R_q = k_q(T)\, |i| / (a L),
        \qquad R = R_t + R_q

    per area of particle surface, so that it does not depend on the loading. The parabola
    is that of a film that diffusion through itself feeds; its square is the state, whose
    rate only the temperature changes.
    """

    def __init__(
        self,
        param: pybamm.LithiumIonParameters,
        options: pybamm.BatteryModelOptions,
    ) -> None:
        super().__init__(param, name=type(self).__name__, options=options)

    def get_fundamental_variables(self) -> Variables:
        squared = pybamm.Variable(names.FILM_SQUARED)
        from_charge = pybamm.Variable(names.FILM_FROM_CHARGE, scale=pybamm.Scalar(1e-4))
        return {
            names.FILM_SQUARED: squared,
            names.FILM_FROM_CHARGE: from_charge,
            names.FILM_RESISTANCE: film_resistance(_STATE_UNIT * squared, from_charge),
        }

    def _surface(self, variables: Variables) -> pybamm.Symbol:
        """Particle surface per area of the electrode [-]."""
        surface: pybamm.Symbol = (
            pybamm.x_average(variables[names.POSITIVE_SURFACE]) * self.param.p.L
        )
        return surface

    def get_coupled_variables(self, variables: Variables) -> Variables:
        variables[names.FILM_ELECTRODE_RESISTANCE] = variables[
            names.FILM_RESISTANCE
        ] / self._surface(variables)
        return variables

    def set_rhs(self, variables: Variables) -> None:
        temperature = variables[names.CELL_TEMPERATURE]
        ionic = variables[names.IONIC_CURRENT_DENSITY]
        passed = (positive_part(ionic) + positive_part(-ionic)) / self._surface(variables)
        per_time = _activated(names.FILM_RATE, names.FILM_RATE_EA, temperature)
        per_charge = _activated(
            names.FILM_PER_CHARGE, names.FILM_PER_CHARGE_EA, temperature
        )
        self.rhs = {
            variables[names.FILM_SQUARED]: per_time / _STATE_UNIT,
            variables[names.FILM_FROM_CHARGE]: per_charge * passed,
        }

    def set_initial_conditions(self, variables: Variables) -> None:
        initial = pybamm.Parameter(names.FILM_INITIAL_RESISTANCE)
        self.initial_conditions = {
            variables[names.FILM_SQUARED]: initial**2 / _STATE_UNIT,
            variables[names.FILM_FROM_CHARGE]: pybamm.Scalar(0),
        }


def _activated(rate: str, energy: str, temperature: pybamm.Symbol) -> pybamm.Symbol:
    return arrhenius(pybamm.Parameter(rate), pybamm.Parameter(energy), temperature)
