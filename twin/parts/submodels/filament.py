"""Filaments that short the cell."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.filament import filament_growth_rate, filament_threshold
from twin.parts.formulas.typing import positive_part, tanh
from twin.parts.submodels.base import ElectrodeSubModel, Variables

#: A filament conducts from a little beyond X = 1, so that the event is met unshorted, and
#: becomes a conductor over this much more of growth [-].
_CONDUCTS = 1.05
_ARRIVAL = 0.01


class Filament(ElectrodeSubModel):
    r"""Growth of a filament from this electrode while it is plated.

    .. math:: \dot X = \frac{|i|}{Q_s} \frac{z^p}{1 + z^p}, \qquad
        z = \frac{|\eta| + |i| (R_{constriction} + R_{interphase})}{\eta_c(T)}

    with eta the local overpotential at the contacts, or the largest one behind an
    interlayer, at the separator. All that stands between the metal and the bulk of the
    separator counts, as it does in a measured interface resistance. At X = 1 the filament
    has crossed the separator; it then conducts electrons beside it, and all current goes on
    into it, so that a short does not heal by the overpotential that it takes away.
    """

    behind_interlayer = False

    def get_fundamental_variables(self) -> Variables:
        name = self.name_of(names.FILAMENT_LENGTH)
        return {name: pybamm.Variable(name)}

    def get_coupled_variables(self, variables: Variables) -> Variables:
        threshold = filament_threshold(
            self.parameter(names.FILAMENT_THRESHOLD),
            self.parameter(names.FILAMENT_THRESHOLD_EA),
            variables[names.CELL_TEMPERATURE],
        )
        length = variables[self.name_of(names.FILAMENT_LENGTH)]
        conductance = self.parameter(names.SHORT_CONDUCTANCE_FULL) * self._arrived(length)
        variables.update(
            {
                self.name_of(names.FILAMENT_RATIO): self._overpotential(variables)
                / threshold,
                self.name_of(names.SHORT_CONDUCTANCE): conductance,
            }
        )
        return variables

    def _arrived(self, length: pybamm.Symbol) -> pybamm.Symbol:
        """Share of its conductance that the filament has."""
        arrived: pybamm.Symbol = (1 + tanh((length - _CONDUCTS) / _ARRIVAL)) / 2
        return arrived

    def _overpotential(self, variables: Variables) -> pybamm.Symbol:
        """Local overpotential in the direction of plating [V], zero while stripping."""
        if self.behind_interlayer:
            return positive_part(-variables[self.name_of(names.SEPARATOR_SIDE_POTENTIAL)])
        drop = (
            variables[self.name_of(names.INTERFACE_OVERPOTENTIAL)]
            + variables[self.name_of(names.CONSTRICTION_OVERPOTENTIAL)]
            + variables[names.IONIC_CURRENT_DENSITY]
            * variables[self.name_of(names.INTERPHASE_RESISTANCE)]
        )
        return positive_part(-self.stripping_sign * drop)

    def set_rhs(self, variables: Variables) -> None:
        def into_electrode(current: str) -> pybamm.Symbol:
            return positive_part(-self.stripping_sign * variables[current])

        length = variables[self.name_of(names.FILAMENT_LENGTH)]
        charge = self.parameter(names.FILAMENT_CHARGE)
        growth = filament_growth_rate(
            into_electrode(names.IONIC_CURRENT_DENSITY),
            # in units of the threshold, which is what the growth law asks for
            variables[self.name_of(names.FILAMENT_RATIO)],
            1,
            charge,
            self.parameter(names.FILAMENT_EXPONENT),
        )
        arrived = self._arrived(length)
        through = into_electrode(names.TOTAL_CURRENT_DENSITY) / charge
        self.rhs[length] = (1 - arrived) * growth + arrived * through

    def set_initial_conditions(self, variables: Variables) -> None:
        length = variables[self.name_of(names.FILAMENT_LENGTH)]
        self.initial_conditions[length] = pybamm.Scalar(0)

    def add_events_from(self, variables: Variables) -> None:
        length = variables[self.name_of(names.FILAMENT_LENGTH)]
        self.events.append(
            pybamm.Event(
                self.name_of(names.SHORT_EVENT),
                self.parameter(names.SHORT_LENGTH) - length,
            )
        )


class NoFilament(ElectrodeSubModel):
    """A separator that no filament crosses."""

    behind_interlayer = False

    def get_fundamental_variables(self) -> Variables:
        return {self.name_of(names.SHORT_CONDUCTANCE): pybamm.Scalar(0)}
