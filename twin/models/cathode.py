"""PyBaMM parameter values of a composite cathode and its electrolyte."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pybamm

from twin import names
from twin.errors import RecordError, UnknownNameError
from twin.parts.cell import Cell
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.cathode import (
    electrode_thickness,
    insertion_exchange_current,
    walled_potential,
)
from twin.parts.formulas.constants import REFERENCE_TEMPERATURE
from twin.parts.formulas.fade import active_material_loss_rate
from twin.parts.lent_cathode import OPTION as CATHODE_FROM
from twin.parts.lent_cathode import lender

#: PyBaMM parameter sets whose positive electrode lends its open-circuit potential, and
#: what it was measured on.
POTENTIALS: Final[dict[str, str]] = {
    "Marquis2019": "LiCoO2",
    "Ai2020": "LiCoO2",
    "Prada2013": "LiFePO4",
    "Mohtat2020": "LiNi0.5Mn0.3Co0.2O2, standing in for other NMC",
    "Chen2020": "LiNi0.8Mn0.1Co0.1O2",
    "NCA_Kim2011": "LiNi0.8Co0.15Al0.05O2",
}

#: PyBaMM parameter sets that lend the properties of a liquid electrolyte.
LIQUIDS: Final[dict[str, str]] = {
    "Xu2019": "LiPF6 in EC:DMC, Valoen and Reimers 2005",
    "Chen2020": "LiPF6 in EC:EMC, Nyman 2008",
}

_LIQUID_NAMES: Final = (
    names.LIQUID_CONCENTRATION,
    names.TRANSFERENCE_NUMBER,
    names.LIQUID_DIFFUSIVITY,
    names.LIQUID_CONDUCTIVITY,
    names.THERMODYNAMIC_FACTOR,
)

#: A single-ion conductor: all current by lithium, and one unit of conductivity that
#: each region scales (CathodeConduction).
_SOLID: Final[dict[str, float]] = dict(
    zip(_LIQUID_NAMES, (1000.0, 1.0, 1e-10, 1.0, 1.0), strict=True)
)

#: PyBaMM asks for these of every half cell; none reaches the model's equations.
_UNUSED: Final[dict[str, float]] = {
    names.NEGATIVE_OCP: 0.0,
    names.NEGATIVE_ENTROPIC_CHANGE: 0.0,
    names.NEGATIVE_CONDUCTIVITY: 1e7,
    names.POSITIVE_ENTROPIC_CHANGE: 0.0,
    names.POSITIVE_TRANSFER_COEFFICIENT: 0.5,
    names.CELL_CONTACT_RESISTANCE: 0.0,
    names.SEPARATOR_POROSITY: 0.5,
    names.SEPARATOR_BRUGGEMAN: 1.5,
    names.SEPARATOR_BRUGGEMAN_SOLID: 1.5,
    names.EMPTY_VOLTAGE: 2.0,
    names.FULL_VOLTAGE: 4.5,
    names.REFERENCE_TEMPERATURE_NAME: REFERENCE_TEMPERATURE,
}


def cathode_values(cell: Cell) -> dict[str, Any]:
    """PyBaMM's parameters of the positive electrode and of the electrolyte in it.

    Parameters
    ----------
    cell : Cell
        A full cell; its option "cathode potential" names the PyBaMM parameter set that
        lends the open-circuit potential, "cathode from" one, or a BPX file, that lends
        the whole electrode, "liquid electrolyte" the one that lends the liquid, if there
        is any.

    Returns
    -------
    dict of PyBaMM parameter name to number, function or expression

    Raises
    ------
    UnknownNameError, RecordError
        For a set that lends nothing of the kind, or no potential at all.
    """
    where = str(cell.path)
    lent = cell.options.get(CATHODE_FROM)
    potential = cell.options.get("cathode potential", lent)
    if potential is None:
        raise RecordError(
            'the option "cathode potential" is missing; name one of '
            + ", ".join(POTENTIALS),
            where=where,
        )
    if potential != lent and potential not in POTENTIALS:
        raise UnknownNameError("cathode potential", potential, POTENTIALS, where=where)
    thickness = electrode_thickness(
        pybamm.Parameter(names.CATHODE_LOADING),
        pybamm.Parameter(names.CATHODE_DENSITY),
        pybamm.Parameter(names.CATHODE_ACTIVE_FRACTION),
    )
    concentration = pybamm.Parameter(
        names.CATHODE_MAXIMUM_CONCENTRATION
    ) * pybamm.Parameter(names.CATHODE_INITIAL_STOICHIOMETRY)
    temperature = pybamm.Parameter(names.AMBIENT_TEMPERATURE)
    return {
        **_UNUSED,
        **_electrolyte(cell),
        # enters PyBaMM's cell volume only
        names.NEGATIVE_THICKNESS: cell.values.get(names.LITHIUM_THICKNESS, 10e-6),
        names.INITIAL_TEMPERATURE: temperature,
        # wide: steps hold the window, so that a run never ends on these
        names.LOWER_VOLTAGE: 0.0,
        names.UPPER_VOLTAGE: 6.0,
        names.CATHODE_THICKNESS: thickness,
        names.CATHODE_INITIAL_CONCENTRATION: concentration,
        names.OPEN_CIRCUIT_POTENTIAL: _open_circuit_potential(lender(potential, where)),
        names.PARTICLE_DIFFUSIVITY_FUNCTION: _diffusivity,
        names.EXCHANGE_CURRENT_FUNCTION: _exchange_current,
        names.ACTIVE_MATERIAL_LOSS_FUNCTION: _active_material_loss,
    }


def _electrolyte(cell: Cell) -> dict[str, Any]:
    if cell.options.get("electrolyte", "solid") == "solid":
        return dict(_SOLID)
    liquid = cell.options.get("liquid electrolyte", "Xu2019")
    if liquid not in LIQUIDS:
        raise UnknownNameError("liquid electrolyte", liquid, LIQUIDS, where=str(cell.path))
    lender = pybamm.ParameterValues(liquid)
    return {name: lender[name] for name in _LIQUID_NAMES}


def _open_circuit_potential(lent: pybamm.ParameterValues) -> Callable[[Any], Any]:
    published = lent[names.OPEN_CIRCUIT_POTENTIAL]

    def potential(stoichiometry: Any) -> Any:
        return walled_potential(published(stoichiometry), stoichiometry)

    return potential


def open_circuit_range(cell: Cell) -> tuple[float, float]:
    """Lowest and highest open-circuit potential that the cathode's curve stands for [V].

    Between 99 % and 1 % of its sites; beyond those only walls are left.

    Parameters
    ----------
    cell : Cell
        A full cell.

    Raises
    ------
    UnknownNameError, RecordError
        As :func:`cathode_values`.
    """
    potential = cathode_values(cell)[names.OPEN_CIRCUIT_POTENTIAL]
    lowest, highest = (
        float(np.squeeze(potential(pybamm.Scalar(filled)).evaluate()))
        for filled in (0.99, 0.01)
    )
    return lowest, highest


def _diffusivity(stoichiometry: Any, temperature: Any) -> Any:
    return arrhenius(
        pybamm.Parameter(names.CATHODE_DIFFUSIVITY),
        pybamm.Parameter(names.CATHODE_DIFFUSIVITY_EA),
        temperature,
    )


def _active_material_loss(current_density: Any, temperature: Any) -> Any:
    loss = arrhenius(
        pybamm.Parameter(names.ACTIVE_MATERIAL_LOSS),
        pybamm.Parameter(names.ACTIVE_MATERIAL_LOSS_EA),
        temperature,
    )
    return active_material_loss_rate(
        current_density,
        loss,
        pybamm.Parameter(names.CATHODE_ACTIVE_FRACTION),
        pybamm.Parameter(names.CATHODE_CAPACITY) * pybamm.Parameter(names.CATHODE_LOADING),
    )


def _exchange_current(
    electrolyte: Any, surface: Any, maximum: Any, temperature: Any
) -> Any:
    half_filled = arrhenius(
        pybamm.Parameter(names.CATHODE_EXCHANGE_CURRENT),
        pybamm.Parameter(names.CATHODE_EXCHANGE_CURRENT_EA),
        temperature,
    )
    return insertion_exchange_current(half_filled, surface / maximum)
