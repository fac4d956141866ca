"""Contact between lithium and separator."""

from __future__ import annotations

import pybamm

from twin import names
from twin.parts.formulas.contact import contact_fraction, contact_occupancy
from twin.parts.submodels.base import ElectrodeSubModel, Variables


class Contact(ElectrodeSubModel):
    r"""Contact fraction left by the voids, and the occupancy under the contacts.

    .. math:: \theta = \theta_0 [f_s + (1 - f_s) e^{-v/h_v}], \qquad
        u_c = 1 - (1 - u_s)\, \theta^{-m}
    """

    def get_coupled_variables(self, variables: Variables) -> Variables:
        contact = contact_fraction(
            variables[self.name_of(names.VOID_VOLUME)],
            self.parameter(names.VOID_HEIGHT),
            self.parameter(names.INITIAL_CONTACT),
            self.parameter(names.SCAFFOLD_FLOOR),
        )
        occupancy = contact_occupancy(
            variables[self.name_of(names.SURFACE_OCCUPANCY)],
            contact,
            self.parameter(names.CROWDING_EXPONENT),
        )
        variables.update(
            {
                self.name_of(names.CONTACT_FRACTION): contact,
                self.name_of(names.CONTACT_OCCUPANCY): occupancy,
            }
        )
        return variables

    def add_events_from(self, variables: Variables) -> None:
        contact = variables[self.name_of(names.CONTACT_FRACTION)]
        # relative to the fresh contact; a scaffold floor above the threshold keeps the
        # event from ever firing, as it should
        left = contact / self.parameter(names.INITIAL_CONTACT)
        self.events.append(
            pybamm.Event(
                self.name_of(names.CONTACT_LOST_EVENT),
                pybamm.log(left) - pybamm.log(self.parameter(names.LOST_CONTACT)),
            )
        )
