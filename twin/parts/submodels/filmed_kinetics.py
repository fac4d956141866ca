"""Kinetics of cathode particles behind an interphase."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.submodels.base import Variables


class FilmedKinetics(pybamm.kinetics.SymmetricButlerVolmer):
    r"""PyBaMM's symmetric Butler-Volmer kinetics, less the drop in a film.

    .. math:: j = 2 j_0 \sinh\frac{F (\Delta\phi - \eta_f - U)}{2RT}, \qquad \eta_f = R j

    at every place of the electrode, with R the resistance of :class:`CathodeInterphase`.
    The drop is the unknown: PyBaMM's own film resistance takes the current density, whose
    size at rest leaves a solver with tight tolerances without a step.
    """

    def get_fundamental_variables(self) -> Variables:
        drop = pybamm.Variable(
            names.FILM_OVERPOTENTIAL,
            domain="positive electrode",
            auxiliary_domains={"secondary": "current collector"},
        )
        return {names.FILM_OVERPOTENTIAL: drop}

    def get_coupled_variables(self, variables: Variables) -> Variables:
        whole = variables[names.POSITIVE_POTENTIAL_DIFFERENCE]
        drop = variables[names.FILM_OVERPOTENTIAL]
        # the kinetics see what the film leaves of the potential difference, all else sees
        # the whole of it
        seen = dict(variables)
        seen[names.POSITIVE_POTENTIAL_DIFFERENCE] = whole - drop
        found: Variables = super().get_coupled_variables(seen)
        found[names.POSITIVE_POTENTIAL_DIFFERENCE] = whole
        found[names.POSITIVE_FILM_OVERPOTENTIAL] = -drop
        found[names.POSITIVE_FILM_OVERPOTENTIAL_X] = -pybamm.x_average(drop)
        return found

    def set_algebraic(self, variables: Variables) -> None:
        drop = variables[names.FILM_OVERPOTENTIAL]
        current = variables[names.POSITIVE_INTERFACIAL_CURRENT]
        resistance = variables[names.FILM_RESISTANCE]
        self.algebraic[drop] = drop - resistance * current

    def set_initial_conditions(self, variables: Variables) -> None:
        self.initial_conditions[variables[names.FILM_OVERPOTENTIAL]] = pybamm.Scalar(0)
