"""Lithium plated on a substrate that had none: the foil of an anode-free cell."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.constants import FARADAY, GAS_CONSTANT
from twin.parts.formulas.fade import retained_current
from twin.parts.formulas.plated_lithium import (
    nucleation_potential,
    plated_share,
    substrate_current,
    substrate_overpotential,
)
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class PlatedLithium(ElectrodeSubModel):
    r"""A film of lithium on the collector, from nothing to nothing.

    .. math:: F c_{Li}\, \dot h = -i - i_{dead}, \qquad
        i = i_0 \left[s(h)\, e^{F(\eta - U)/2RT} - e^{-F(\eta - U)/2RT}\right]

    with s the share of the substrate that lithium covers (:func:`plated_share`) and U
    the nucleation potential of a substrate that is still bare
    (:func:`nucleation_potential`). The film is dense and follows the current, less what
    of it becomes dead (:class:`LithiumLoss`); it has no diffusion of its own and keeps
    its contact.
    """

    behind_interlayer = False

    @property
    def has_double_layer(self) -> bool:
        """Whether the drop is a state of its own."""
        differential = bool(self.options["surface form"] == "differential")
        return differential and not self.behind_interlayer

    def get_fundamental_variables(self) -> Variables:
        thickness = pybamm.Variable(
            self.name_of(names.SLAB_THICKNESS), scale=pybamm.Scalar(1e-5)
        )
        sites = self.parameter(names.LITHIUM_SITE_CONCENTRATION)
        inventory = sites * thickness
        found: Variables = {
            self.name_of(names.SLAB_THICKNESS): thickness,
            self.name_of(names.INVENTORY): inventory,
            self.name_of(names.CONTACT_FRACTION): pybamm.Scalar(1),
        }
        # what a slab with vacancies has and a dense film has not
        for name in (
            names.CONCENTRATION_OVERPOTENTIAL,
            names.CONSTRICTION_OVERPOTENTIAL,
            names.CONSTRICTION_RESISTANCE,
        ):
            found[self.name_of(name)] = pybamm.Scalar(0)
        if self.has_double_layer:
            drop = self.name_of(names.INTERFACE_OVERPOTENTIAL)
            found[drop] = pybamm.Variable(drop)
        return found

    def get_coupled_variables(self, variables: Variables) -> Variables:
        temperature = variables[names.CELL_TEMPERATURE]
        thickness = variables[self.name_of(names.SLAB_THICKNESS)]
        exchange = arrhenius(
            self.parameter(names.EXCHANGE_CURRENT),
            self.parameter(names.EXCHANGE_CURRENT_EA),
            temperature,
        )
        share = plated_share(thickness, self.parameter(names.DEPLETION_THICKNESS))
        nucleation = nucleation_potential(
            thickness,
            self.parameter(names.NUCLEATION_OVERPOTENTIAL),
            self.parameter(names.NUCLEUS_THICKNESS),
        )
        sign = self.stripping_sign
        if self.behind_interlayer:
            drop = sign * variables[self.name_of(names.FOIL_POTENTIAL)]
        elif self.has_double_layer:
            drop = variables[self.name_of(names.INTERFACE_OVERPOTENTIAL)]
        if self.behind_interlayer or self.has_double_layer:
            faradaic = sign * substrate_current(
                sign * drop - nucleation, exchange, share, temperature
            )
        else:
            faradaic = variables[names.IONIC_CURRENT_DENSITY]
            overpotential = substrate_overpotential(
                sign * faradaic, exchange, share, temperature
            )
            drop = sign * (overpotential + nucleation)
        resistance = GAS_CONSTANT * temperature / FARADAY / exchange
        variables.update(
            {
                self.name_of(names.INTERFACE_OVERPOTENTIAL): drop,
                self.name_of(names.FARADAIC_CURRENT_DENSITY): faradaic,
                self.name_of(names.LOCAL_CURRENT_DENSITY): faradaic,
                self.name_of(names.CHARGE_TRANSFER_RESISTANCE): resistance,
            }
        )
        return variables

    def set_rhs(self, variables: Variables) -> None:
        thickness = variables[self.name_of(names.SLAB_THICKNESS)]
        faradaic = variables[self.name_of(names.FARADAIC_CURRENT_DENSITY)]
        charge = FARADAY * self.parameter(names.LITHIUM_SITE_CONCENTRATION)
        alive = retained_current(
            self.stripping_sign * faradaic, variables[self.name_of(names.LOST_SHARE)]
        )
        self.rhs[thickness] = -alive / charge
        if self.has_double_layer:
            drop = variables[self.name_of(names.INTERFACE_OVERPOTENTIAL)]
            self.rhs[drop] = (
                variables[names.IONIC_CURRENT_DENSITY] - faradaic
            ) / self.parameter(names.INTERFACE_CAPACITANCE)

    def set_initial_conditions(self, variables: Variables) -> None:
        thickness = variables[self.name_of(names.SLAB_THICKNESS)]
        self.initial_conditions[thickness] = self.parameter(names.PLATED_THICKNESS)
        if self.has_double_layer:
            drop = variables[self.name_of(names.INTERFACE_OVERPOTENTIAL)]
            self.initial_conditions[drop] = pybamm.Scalar(0)
