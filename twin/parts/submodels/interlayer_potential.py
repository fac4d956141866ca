"""Potentials and currents in a mixed ionic/electronic conducting interlayer."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.interlayer import porous_resistance
from twin.parts.formulas.typing import tanh
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class InterlayerPotential(ElectrodeSubModel):
    r"""Porous layer between separator (y = 0) and lithium foil (y = 1).

    One field, the potential difference delta = phi_el - phi_ion, carries the charge
    balance of both phases:

    .. math::
        i_{ion} = \frac{\kappa}{\kappa + \sigma}
            \left(p + \frac{\sigma}{L} \partial_y \delta\right), \qquad
        \frac{1}{L} \partial_y i_{ion} = a\, (i_n + i_h + C\, \partial_t \delta)

    with p the current density towards the foil (positive while plating), all of it ionic
    at the separator, and at the foil the ionic part that the foil itself takes or gives.
    The potential of the whole electrode follows without a second field (kappa does not
    depend on y):

    .. math:: E = \delta(1) - \frac{L}{\kappa} \int_0^1 i_{ion}\, dy, \qquad
        \int_0^1 i_{ion}\, dy = i_{ion}(1) - \int_0^1 y\, \partial_y i_{ion}\, dy
    """

    @property
    def has_double_layer(self) -> bool:
        """Whether the pore walls are charged beside the reactions."""
        return bool(self.options["surface form"] == "differential")

    def get_fundamental_variables(self) -> Variables:
        name = self.name_of(names.INTERLAYER_POTENTIAL)
        domain = names.interlayer_domain(self.side)
        difference = pybamm.Variable(name, domain=domain)
        mean = self.name_of(names.MEAN_IONIC_CURRENT)
        return {
            name: difference,
            # an unknown of its own: the electrode's potential enters the boundary
            # conditions of the cathode, where no gradient of this layer can stand
            mean: pybamm.Variable(mean),
            self.name_of(names.FOIL_POTENTIAL): pybamm.boundary_value(difference, "right"),
            self.name_of(names.SEPARATOR_SIDE_POTENTIAL): pybamm.boundary_value(
                difference, "left"
            ),
        }

    def get_coupled_variables(self, variables: Variables) -> Variables:
        difference = variables[self.name_of(names.INTERLAYER_POTENTIAL)]
        ionic = variables[self.name_of(names.INTERLAYER_IONIC_CONDUCTIVITY)]
        electronic = variables[self.name_of(names.INTERLAYER_ELECTRONIC)]
        thickness = self.parameter(names.INTERLAYER_THICKNESS)
        domain = names.interlayer_domain(self.side)
        towards_foil = pybamm.PrimaryBroadcastToEdges(
            -self.stripping_sign * variables[names.IONIC_CURRENT_DENSITY], domain
        )
        from_foil = pybamm.PrimaryBroadcastToEdges(self._foil_current(variables), domain)
        share = ionic / (ionic + electronic)
        slope = electronic / thickness * pybamm.grad(difference)
        edge = pybamm.SpatialVariableEdge(
            names.interlayer_coordinate(self.side), domain=domain, coord_sys="cartesian"
        )
        # what crosses the faces is known; extrapolated conductivities could not give it
        # exactly where they vary over the layer
        at_separator, at_foil = 1 - (edge > 0), 1 - (edge < 1)
        current = (
            (share * slope + share * towards_foil) * (edge > 0) * (edge < 1)
            + towards_foil * at_separator
            - from_foil * at_foil
        )
        variables[self.name_of(names.INTERLAYER_IONIC_CURRENT)] = current
        y = self._coordinate()
        reaction = variables[self.name_of(names.INTERLAYER_AREA)] * (
            variables[self.name_of(names.PORE_CURRENT)]
            + variables[self.name_of(names.HOST_CURRENT)]
        )
        in_pores, in_host = (
            thickness * pybamm.Integral(variables[self.name_of(name)], y)
            for name in (names.PORE_LITHIUM, names.HOST_LITHIUM)
        )
        lithium = in_pores + in_host
        resistance = porous_resistance(
            thickness,
            ionic,
            pybamm.Integral(electronic, y) if electronic.domain else electronic,
            variables[self.name_of(names.INTERLAYER_AREA)],
            arrhenius(
                self.parameter(names.INTERLAYER_EXCHANGE_CURRENT),
                self.parameter(names.INTERLAYER_EXCHANGE_CURRENT_EA),
                variables[names.CELL_TEMPERATURE],
            ),
            variables[names.CELL_TEMPERATURE],
        )
        held = (
            lithium
            + variables[self.name_of(names.INVENTORY)]
            + variables[self.name_of(names.LOST_LITHIUM)]
        )
        variables.update(
            {
                self.name_of(names.ELECTRODE_LITHIUM): held,
                self.name_of(names.STACK_RESISTANCE): resistance,
                self.name_of(names.STACK_POTENTIAL): variables[
                    self.name_of(names.FOIL_POTENTIAL)
                ]
                - thickness / ionic * variables[self.name_of(names.MEAN_IONIC_CURRENT)],
                self.name_of(names.INTERLAYER_REACTION): reaction,
                self.name_of(names.INTERLAYER_LITHIUM): lithium,
                self.name_of(names.LITHIUM_IN_PORES): in_pores,
                self.name_of(names.LITHIUM_IN_HOST): in_host,
            }
        )
        return variables

    def _coordinate(self) -> pybamm.SpatialVariable:
        return pybamm.SpatialVariable(
            names.interlayer_coordinate(self.side),
            domain=names.interlayer_domain(self.side),
            coord_sys="cartesian",
        )

    def _foil_current(self, variables: Variables) -> pybamm.Symbol:
        """Current density of the foil, positive while it strips."""
        return self.stripping_sign * variables[self.name_of(names.FARADAIC_CURRENT_DENSITY)]

    def _balance(self, variables: Variables) -> pybamm.Symbol:
        """Ionic current that enters the electrolyte but does not come from reactions."""
        thickness = self.parameter(names.INTERLAYER_THICKNESS)
        reaction = variables[self.name_of(names.INTERLAYER_REACTION)]
        current = variables[self.name_of(names.INTERLAYER_IONIC_CURRENT)]
        return pybamm.div(current) - thickness * reaction

    def set_rhs(self, variables: Variables) -> None:
        if not self.has_double_layer:
            return
        difference = variables[self.name_of(names.INTERLAYER_POTENTIAL)]
        capacitance = (
            self.parameter(names.INTERLAYER_THICKNESS)
            * variables[self.name_of(names.INTERLAYER_AREA)]
            * self.parameter(names.INTERLAYER_CAPACITANCE)
        )
        self.rhs[difference] = self._balance(variables) / capacitance

    def set_algebraic(self, variables: Variables) -> None:
        difference = variables[self.name_of(names.INTERLAYER_POTENTIAL)]
        if not self.has_double_layer:
            self.algebraic[difference] = self._balance(variables)
        y = self._coordinate()
        mean = variables[self.name_of(names.MEAN_IONIC_CURRENT)]
        current = variables[self.name_of(names.INTERLAYER_IONIC_CURRENT)]
        moment = pybamm.Integral(y * pybamm.div(current), y)
        self.algebraic[mean] = mean + self._foil_current(variables) + moment

    def set_boundary_conditions(self, variables: Variables) -> None:
        difference = variables[self.name_of(names.INTERLAYER_POTENTIAL)]
        ionic = variables[self.name_of(names.INTERLAYER_IONIC_CONDUCTIVITY)]
        electronic = variables[self.name_of(names.INTERLAYER_ELECTRONIC)]
        if electronic.domain:
            electronic = pybamm.boundary_value(electronic, "right")
        thickness = self.parameter(names.INTERLAYER_THICKNESS)
        towards_foil = -self.stripping_sign * variables[names.IONIC_CURRENT_DENSITY]
        foil = self._foil_current(variables)
        at_foil = -(ionic + electronic) / ionic * foil - towards_foil
        self.boundary_conditions[difference] = {
            "left": (towards_foil * thickness / ionic, "Neumann"),
            "right": (at_foil * thickness / electronic, "Neumann"),
        }

    def set_initial_conditions(self, variables: Variables) -> None:
        difference = variables[self.name_of(names.INTERLAYER_POTENTIAL)]
        mean = variables[self.name_of(names.MEAN_IONIC_CURRENT)]
        # starts for the consistent initial state, which the solver finds itself: at the
        # host's potential where no metal holds the layer at 0 V
        metal = tanh(
            self.parameter(names.INTERLAYER_INITIAL_LITHIUM)
            / self.parameter(names.INTERLAYER_EMPTY_PORE)
        )
        self.initial_conditions[difference] = (1 - metal) * variables[
            self.name_of(names.HOST_START)
        ]
        self.initial_conditions[mean] = pybamm.Scalar(0)
