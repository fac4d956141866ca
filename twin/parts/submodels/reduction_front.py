"""Reduction of a pellet by the lithium foils on both of its faces."""

from __future__ import annotations

from typing import Final

import pybamm

from twin import names
from twin.parts.formulas.reduction import squared_depth_rate
from twin.parts.formulas.typing import tanh
from twin.parts.submodels.base import Variables

#: Share that is reduced as soon as foil and pellet touch: a parabola starts infinitely
#: steep, and a spectrum needs a slope. 80 nm of 0.8 mm [-].
START: Final = 1e-4

#: Squared share left over which the fronts slow down as they meet [-].
MEETING_WIDTH: Final = 1e-3


class ReductionFront(pybamm.BaseSubModel):
    r"""Share z of the pellet that the fronts have crossed, and the lithium they took.

    .. math:: \frac{d z^2}{dt} = \theta\, \frac{8 \kappa E}{F n x L^2}

    with the rate of :func:`squared_depth_rate`, through the share theta of the faces that
    the foils touch, until the fronts meet. The foils give n x L z per area, together.
    """

    def __init__(self) -> None:
        super().__init__(None, name=type(self).__name__)

    def get_fundamental_variables(self) -> Variables:
        squared = pybamm.Variable(names.SQUARED_REDUCED_SHARE)
        # rounding below zero must not reach the root
        share = pybamm.sqrt(pybamm.maximum(squared, 0))
        taken = (
            pybamm.Parameter(names.REDUCIBLE_SITES)
            * pybamm.Parameter(names.REDUCED_FRACTION)
            * pybamm.Parameter(names.SEPARATOR_THICKNESS)
            * share
        )
        foils = (
            2
            * pybamm.Parameter(names.LITHIUM_THICKNESS)
            * pybamm.Parameter(names.LITHIUM_VOLUME_FRACTION)
            * pybamm.Parameter(names.LITHIUM_SITE_CONCENTRATION)
        )
        return {
            names.SQUARED_REDUCED_SHARE: squared,
            names.REDUCED_SHARE: share,
            names.TAKEN_LITHIUM: taken,
            names.TOTAL_LITHIUM: foils,
            names.FOIL_FRACTION: 1 - taken / foils,
        }

    def set_rhs(self, variables: Variables) -> None:
        squared = variables[names.SQUARED_REDUCED_SHARE]
        rate = squared_depth_rate(
            variables[names.SEPARATOR_CONDUCTIVITY],
            pybamm.Parameter(names.REDUCTION_POTENTIAL),
            pybamm.Parameter(names.REDUCIBLE_SITES),
            pybamm.Parameter(names.REDUCED_FRACTION),
            pybamm.Parameter(names.SEPARATOR_THICKNESS),
        )
        contact = variables[names.variable_of(names.CONTACT_FRACTION, "negative")]
        self.rhs[squared] = contact * rate * tanh((1 - squared) / MEETING_WIDTH)

    def set_initial_conditions(self, variables: Variables) -> None:
        start = pybamm.Scalar(START**2)
        self.initial_conditions[variables[names.SQUARED_REDUCED_SHARE]] = start

    def add_events_from(self, variables: Variables) -> None:
        self.events.append(
            pybamm.Event(
                names.variable_of(names.INVENTORY_EXHAUSTED_EVENT, "negative"),
                variables[names.FOIL_FRACTION]
                - pybamm.Parameter(names.EXHAUSTED_FRACTION),
            )
        )
