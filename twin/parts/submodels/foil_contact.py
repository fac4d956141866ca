"""Contact of foils that were pressed on, improving as lithium creeps."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.creep import creep_closure_rate
from twin.parts.submodels.base import Variables


class FoilContact(pybamm.BaseSubModel):
    r"""Contact fraction of both foils while creep closes the gaps under them.

    .. math:: \theta = e^{-g}, \qquad \dot g = -k\, g, \qquad g(0) = -\ln\theta_0

    with g the volume of the gaps over their height, as for voids
    (:func:`twin.parts.formulas.contact.contact_fraction`), and k of
    :func:`twin.parts.formulas.creep.creep_closure_rate`.
    """

    def __init__(self) -> None:
        super().__init__(None, name=type(self).__name__)

    def get_fundamental_variables(self) -> Variables:
        gaps = pybamm.Variable(names.GAP_VOLUME)
        contact = pybamm.exp(-gaps)
        return {
            names.GAP_VOLUME: gaps,
            names.variable_of(names.CONTACT_FRACTION, "negative"): contact,
            names.variable_of(names.CONTACT_FRACTION, "positive"): contact,
        }

    def set_rhs(self, variables: Variables) -> None:
        closure = creep_closure_rate(
            pybamm.Parameter(names.STACK_PRESSURE),
            pybamm.Parameter(names.CREEP_RATE),
            pybamm.Parameter(names.CREEP_EXPONENT),
            pybamm.Parameter(names.CREEP_EA),
            variables[names.CELL_TEMPERATURE],
        )
        gaps = variables[names.GAP_VOLUME]
        self.rhs[gaps] = -closure * gaps

    def set_initial_conditions(self, variables: Variables) -> None:
        start = -pybamm.log(pybamm.Parameter(names.INITIAL_CONTACT))
        self.initial_conditions[variables[names.GAP_VOLUME]] = start
