"""Lithium metal with finite self-diffusion and finite inventory."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.fade import lost_current
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class LithiumDiffusion(ElectrodeSubModel):
    r"""Lattice occupancy u(x, t) of a lithium slab of changing thickness L(t).

    .. math:: \partial_t u = \partial_x (D\, \partial_x u)

    with x = 0 at the separator, the flux there set by what the lattice supplies, and no
    flux at the collector. The slab keeps its sites while vacancies form. New lithium adds
    full sites at x = 0. Creep squeezes metal from the whole slab into the voids: every
    layer loses in proportion to what it holds, and the slab thins by the volume closed.

    Solved on the scaled coordinate xi = x / L for the lithium content per scaled length
    n = L u, in conservation form, so that the lithium balance closes to the tolerance
    of the linear algebra at any mesh:

    .. math::
        \partial_t n &= -\partial_\xi F - k v\, \frac{n}{\int n\, d\xi}, \qquad
        F = -\frac{D}{L^2}\partial_\xi n + \frac{j_g}{L}(1 - \xi)\, n \\
        F(0) &= -j_{lat} - j_{ip} + j_g, \qquad F(1) = 0, \qquad \dot L = j_g - k v

    with j_ip what an interphase and dead lithium (:class:`LithiumLoss`) consume. The
    lithium inventory counts the sites that voids have taken from the slab:
    N = c_Li eps (int u dx - v).
    """

    def get_fundamental_variables(self) -> Variables:
        content = pybamm.Variable(
            self.name_of(names.LITHIUM_CONTENT),
            domain=names.lithium_domain(self.side),
            # a typical foil; sets the solver's weights, not the result
            scale=pybamm.Scalar(1e-4),
        )
        thickness = pybamm.Variable(
            self.name_of(names.SLAB_THICKNESS), scale=pybamm.Scalar(1e-4)
        )
        # the integral of the content as a state of its own, whose balance is the same sum
        # of fluxes: each cell of the slab then does not depend on all others
        held = pybamm.Variable(self.name_of(names.SLAB_LITHIUM), scale=pybamm.Scalar(1e-4))
        occupancy = content / thickness
        surface = pybamm.boundary_value(content, "left") / thickness
        return {
            self.name_of(names.LITHIUM_CONTENT): content,
            self.name_of(names.SLAB_THICKNESS): thickness,
            self.name_of(names.SLAB_LITHIUM): held,
            self.name_of(names.OCCUPANCY): occupancy,
            self.name_of(names.SURFACE_OCCUPANCY): surface,
        }

    def get_coupled_variables(self, variables: Variables) -> Variables:
        content = variables[self.name_of(names.LITHIUM_CONTENT)]
        voids = variables[self.name_of(names.VOID_VOLUME)]
        sites = self.parameter(names.LITHIUM_SITE_CONCENTRATION) * self.parameter(
            names.LITHIUM_VOLUME_FRACTION
        )
        inventory = sites * (self._integral(content) - voids)
        initial = (
            sites
            * self.parameter(names.LITHIUM_THICKNESS)
            * self.parameter(names.INITIAL_OCCUPANCY)
        )
        variables.update(
            {
                self.name_of(names.INVENTORY): inventory,
                self.name_of(names.INVENTORY_FRACTION): inventory / initial,
                self.name_of(names.UTILISATION): 1 - inventory / initial,
            }
        )
        return variables

    def _integral(self, content: pybamm.Symbol) -> pybamm.Symbol:
        xi = pybamm.SpatialVariable(
            names.lithium_coordinate(self.side),
            domain=names.lithium_domain(self.side),
            coord_sys="cartesian",
        )
        return pybamm.Integral(content, xi)

    def _closure(self, variables: Variables) -> pybamm.Symbol:
        """Void volume that creep closes per time [m.s-1]."""
        closure = variables[self.name_of(names.CREEP_CLOSURE)]
        closed: pybamm.Symbol = closure * variables[self.name_of(names.VOID_VOLUME)]
        return closed

    def _inward(self, variables: Variables) -> pybamm.Symbol:
        """Lithium that enters the slab at the separator [m.s-1]."""
        inward: pybamm.Symbol = (
            variables[self.name_of(names.LITHIUM_GROWTH_RATE)]
            - variables[self.name_of(names.LATTICE_RATE)]
            - variables[self.name_of(names.INTERPHASE_CONSUMPTION)]
            - lost_current(
                variables[self.name_of(names.STRIPPING_RATE)],
                variables[self.name_of(names.LOST_SHARE)],
            )
        )
        return inward

    def set_rhs(self, variables: Variables) -> None:
        content = variables[self.name_of(names.LITHIUM_CONTENT)]
        thickness = variables[self.name_of(names.SLAB_THICKNESS)]
        growth = variables[self.name_of(names.LITHIUM_GROWTH_RATE)]
        closed = self._closure(variables)
        diffusivity = self.diffusivity(variables[names.CELL_TEMPERATURE])
        edge = pybamm.SpatialVariableEdge(
            names.lithium_coordinate(self.side),
            domain=names.lithium_domain(self.side),
            coord_sys="cartesian",
        )
        # masked at xi = 0, where the whole flux is the boundary condition
        velocity = growth / thickness * (1 - edge) * (edge > 0)
        flux = -diffusivity / thickness**2 * pybamm.grad(content) + velocity * content
        held = variables[self.name_of(names.SLAB_LITHIUM)]
        self.rhs[content] = -pybamm.div(flux) - closed * content / held
        self.rhs[held] = self._inward(variables) - closed
        self.rhs[thickness] = growth - closed

    def set_boundary_conditions(self, variables: Variables) -> None:
        content = variables[self.name_of(names.LITHIUM_CONTENT)]
        thickness = variables[self.name_of(names.SLAB_THICKNESS)]
        diffusivity = self.diffusivity(variables[names.CELL_TEMPERATURE])
        inward = self._inward(variables)
        self.boundary_conditions[content] = {
            "left": (-inward * thickness**2 / diffusivity, "Neumann"),
            "right": (pybamm.Scalar(0), "Neumann"),
        }

    def set_initial_conditions(self, variables: Variables) -> None:
        content = variables[self.name_of(names.LITHIUM_CONTENT)]
        thickness = variables[self.name_of(names.SLAB_THICKNESS)]
        initial = self.parameter(names.LITHIUM_THICKNESS)
        self.initial_conditions[content] = initial * self.parameter(names.INITIAL_OCCUPANCY)
        self.initial_conditions[thickness] = initial
        held = variables[self.name_of(names.SLAB_LITHIUM)]
        self.initial_conditions[held] = initial * self.parameter(names.INITIAL_OCCUPANCY)

    def add_events_from(self, variables: Variables) -> None:
        left = variables[self.name_of(names.INVENTORY_FRACTION)]
        self.events.append(
            pybamm.Event(
                self.name_of(names.INVENTORY_EXHAUSTED_EVENT),
                left - self.parameter(names.EXHAUSTED_FRACTION),
            )
        )
