"""Lithium that plating does not give back."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.constants import FARADAY
from twin.parts.formulas.fade import lost_current
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class LithiumLoss(ElectrodeSubModel):
    r"""A share of all plated lithium becomes dead: isolated metal, or interphase.

    .. math:: F\, \dot n_{dead} = (1 - CE) \Big[\max(-i_{foil}, 0)
        + L \int_0^1 a \max(-i_n, 0)\, dy\Big]

    with i_foil the current density of the foil or film and a i_n that of the pores of an
    interlayer, both positive while stripping. What is lost is taken from where it plated
    (:func:`twin.parts.formulas.fade.retained_current`) and leaves no volume behind: dead
    lithium does not clog the pores. Lithium inserted into a host is not plated.
    """

    behind_interlayer = False

    def get_fundamental_variables(self) -> Variables:
        # 1000 C.m-2, a few per cent of a typical cycle; sets the solver's weights only, and
        # keeps the state of a whole life below what PyBaMM takes for a run-away
        dead = pybamm.Variable(
            self.name_of(names.LOST_LITHIUM), scale=pybamm.Scalar(1000 / FARADAY)
        )
        return {
            self.name_of(names.LOST_LITHIUM): dead,
            self.name_of(names.LOST_CHARGE): FARADAY * dead,
            self.name_of(names.LOST_SHARE): self.parameter(names.PLATING_LOSS),
        }

    def set_rhs(self, variables: Variables) -> None:
        share = variables[self.name_of(names.LOST_SHARE)]
        foil = variables[self.name_of(names.FARADAIC_CURRENT_DENSITY)]
        lost = lost_current(self.stripping_sign * foil, share)
        if self.behind_interlayer:
            y = pybamm.SpatialVariable(
                names.interlayer_coordinate(self.side),
                domain=names.interlayer_domain(self.side),
                coord_sys="cartesian",
            )
            walls = variables[self.name_of(names.INTERLAYER_AREA)]
            pores = lost_current(variables[self.name_of(names.PORE_CURRENT)], share)
            thickness = self.parameter(names.INTERLAYER_THICKNESS)
            lost += thickness * pybamm.Integral(walls * pores, y)
        self.rhs[variables[self.name_of(names.LOST_LITHIUM)]] = lost / FARADAY

    def set_initial_conditions(self, variables: Variables) -> None:
        dead = variables[self.name_of(names.LOST_LITHIUM)]
        self.initial_conditions[dead] = pybamm.Scalar(0)


class NoLithiumLoss(ElectrodeSubModel):
    """Plated lithium that can all be stripped again."""

    behind_interlayer = False

    def get_fundamental_variables(self) -> Variables:
        quantities = (names.LOST_LITHIUM, names.LOST_SHARE)
        return {self.name_of(name): pybamm.Scalar(0) for name in quantities}
