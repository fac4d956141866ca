"""Charge transfer from the lithium to the separator, through what contact is left."""

from __future__ import annotations

from abc import abstractmethod

import pybamm

from twin import names
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class InterfaceKinetics(ElectrodeSubModel):
    r"""Potential drop across the interface, with or without its double layer.

    The drop is counted in the direction of the cell current, at both electrodes. With
    the option "surface form" at "false" the faradaic current equals the ionic current
    and the drop follows from the law; with "differential" the interface capacitance C
    is charged beside the reaction:

    .. math:: C\, \partial_t \eta = i - i_F(\eta)

    Behind an interlayer the foil's drop is what the layer leaves for it at the foil:

    .. math:: \eta = \pm[\delta(1) - \eta_c], \qquad i_F = i_F(\eta)

    A law is a subclass that gives the drop of a current and the current of a drop.
    """

    behind_interlayer = False

    @property
    def has_double_layer(self) -> bool:
        """Whether the drop is a state of its own."""
        differential = bool(self.options["surface form"] == "differential")
        return differential and not self.behind_interlayer

    @abstractmethod
    def resistance(self, variables: Variables) -> pybamm.Symbol:
        """Resistance at small currents [Ohm.m2]."""

    @abstractmethod
    def overpotential(self, current: pybamm.Symbol, variables: Variables) -> pybamm.Symbol:
        """Drop [V] of a faradaic current density [A.m-2]."""

    @abstractmethod
    def current(self, overpotential: pybamm.Symbol, variables: Variables) -> pybamm.Symbol:
        """Faradaic current density [A.m-2] of a drop [V]."""

    def get_fundamental_variables(self) -> Variables:
        if not self.has_double_layer:
            return {}
        name = self.name_of(names.INTERFACE_OVERPOTENTIAL)
        return {name: pybamm.Variable(name)}

    def get_coupled_variables(self, variables: Variables) -> Variables:
        ionic = variables[names.IONIC_CURRENT_DENSITY]
        contact = variables[self.name_of(names.CONTACT_FRACTION)]
        true_contact = contact * self.parameter(names.SCAFFOLD_AREA_RATIO)
        if self.behind_interlayer:
            drop = self.stripping_sign * (
                variables[self.name_of(names.FOIL_POTENTIAL)]
                - variables[self.name_of(names.CONCENTRATION_OVERPOTENTIAL)]
            )
            faradaic = self.current(drop, variables)
        elif self.has_double_layer:
            drop = variables[self.name_of(names.INTERFACE_OVERPOTENTIAL)]
            faradaic = self.current(drop, variables)
        else:
            faradaic = ionic
            drop = self.overpotential(faradaic, variables)
        variables.update(
            {
                self.name_of(names.INTERFACE_OVERPOTENTIAL): drop,
                self.name_of(names.FARADAIC_CURRENT_DENSITY): faradaic,
                self.name_of(names.LOCAL_CURRENT_DENSITY): faradaic / true_contact,
                self.name_of(names.CHARGE_TRANSFER_RESISTANCE): self.resistance(variables),
            }
        )
        return variables

    def set_rhs(self, variables: Variables) -> None:
        if not self.has_double_layer:
            return
        drop = variables[self.name_of(names.INTERFACE_OVERPOTENTIAL)]
        ionic = variables[names.IONIC_CURRENT_DENSITY]
        faradaic = variables[self.name_of(names.FARADAIC_CURRENT_DENSITY)]
        self.rhs[drop] = (ionic - faradaic) / self.parameter(names.INTERFACE_CAPACITANCE)

    def set_initial_conditions(self, variables: Variables) -> None:
        if self.has_double_layer:
            drop = variables[self.name_of(names.INTERFACE_OVERPOTENTIAL)]
            self.initial_conditions[drop] = pybamm.Scalar(0)
