"""PyBaMM parameter values of a composite cathode and its electrolyte."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from twin.parts.formulas.interlayer import host_potential
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

#: Liquid of a cell that names none.
LIQUID: Final = "Xu2019"

#: Salt that gathers in a cathode reaches this at most before it is solid [mol.m-3].
MOST_SALT: Final = 5000.0

#: Share of its largest conductivity at which a liquid counts as none.
VANISHED: Final = 1e-4

#: What the potential of an interlayer's host follows from.
_HOST: Final = (
    names.HOST_INITIAL_STOICHIOMETRY,
    names.HOST_POTENTIAL,
    names.HOST_SLOPE,
    names.AMBIENT_TEMPERATURE,
)

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
    lender = pybamm.ParameterValues(_liquid(cell))
    return {name: lender[name] for name in _LIQUID_NAMES}


def _liquid(cell: Cell) -> str:
    liquid = cell.options.get("liquid electrolyte", LIQUID)
    if liquid not in LIQUIDS:
        raise UnknownNameError("liquid electrolyte", liquid, LIQUIDS, where=str(cell.path))
    return liquid


def vanishing_salt(cell: Cell) -> float | None:
    """Salt concentration at which the law of a liquid lets its conductivity vanish.

    Laws of liquids are polynomials in concentration and temperature: below the
    temperatures that they were measured at, some fall to nothing and rise again.

    Parameters
    ----------
    cell : Cell

    Returns
    -------
    float or None
        Lowest such concentration [mol.m-3], up to :data:`MOST_SALT`; None if there is none,
        or no liquid.

    Raises
    ------
    UnknownNameError
        If the cell's option names no known liquid.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> vanishing_salt(load_cell("thin_llzo_ncm622")) is None
    True
    """
    if cell.options.get("electrolyte", "solid") == "solid":
        return None
    law = pybamm.ParameterValues(_liquid(cell))[names.LIQUID_CONDUCTIVITY]
    salt = np.arange(10.0, MOST_SALT, 10.0)
    temperature = pybamm.Scalar(cell.values[names.AMBIENT_TEMPERATURE])
    found = np.squeeze(law(pybamm.Vector(salt), temperature).evaluate())
    beyond = salt > salt[np.argmax(found)]
    none = beyond & (found < VANISHED * found.max())
    return float(salt[none][0]) if none.any() else None


def _open_circuit_potential(lent: pybamm.ParameterValues) -> Callable[[Any], Any]:
    published = lent[names.OPEN_CIRCUIT_POTENTIAL]

    def potential(stoichiometry: Any) -> Any:
        return walled_potential(published(stoichiometry), stoichiometry)

    return potential


def check_host(cell: Cell) -> None:
    """Refuse a host that takes lithium only above the potential of the cathode.

    Such a cell would have a voltage below zero as it is made, and drive itself.

    Parameters
    ----------
    cell : Cell
        A full cell.

    Raises
    ------
    RecordError
        With both potentials.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> check_host(load_cell("llto_cnt2025_ncm"))
    """
    given = cell.values
    layered = cell.options.get("interlayer", "none") != "none"
    hosted = layered and cell.options.get("interlayer host", "none") != "none"
    if not hosted or any(name not in given for name in _HOST):
        return  # PyBaMM tells what is missing
    host = host_potential(*(given[name] for name in _HOST))
    law = cathode_values(cell)[names.OPEN_CIRCUIT_POTENTIAL]
    filled = pybamm.Scalar(given[names.CATHODE_INITIAL_STOICHIOMETRY])
    cathode = float(np.squeeze(law(filled).evaluate()))
    if host >= cathode:
        raise RecordError(
            f"the interlayer's host begins at {float(host):.3g} V against lithium, the "
            f"cathode at {cathode:.3g} V: a cell needs a cathode above its anode; check "
            f"'{names.HOST_POTENTIAL}', '{names.HOST_SLOPE}' and "
            f"'{names.HOST_INITIAL_STOICHIOMETRY}'",
            where=f"cell {cell.name}",
        )


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


def filled_between(cell: Cell, voltages: Iterable[float]) -> float:
    """Share of the cathode's sites between the lowest and the highest of some voltages.

    At rest, between 99 % and 1 % of the sites.

    Parameters
    ----------
    cell : Cell
        A full cell.
    voltages : open-circuit potentials against lithium [V]

    Raises
    ------
    UnknownNameError, RecordError
        As :func:`cathode_values`.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> filled_between(load_cell("peng2025_lfp_10kco"), [2.0, 4.5])
    0.98
    """
    potential = cathode_values(cell)[names.OPEN_CIRCUIT_POTENTIAL]
    filled = np.linspace(0.01, 0.99, 197)
    curve = np.array(
        [float(np.squeeze(potential(pybamm.Scalar(x)).evaluate())) for x in filled]
    )
    given = list(voltages)
    ends = np.interp([min(given), max(given)], curve[::-1], filled[::-1])
    return float(ends[0] - ends[1])


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
