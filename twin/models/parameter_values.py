"""From the records of a cell to PyBaMM's parameter values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pybamm

from twin import assets, names
from twin.errors import RecordError
from twin.models.cathode import cathode_values, check_host
from twin.parts.catalogue import CATALOGUE
from twin.parts.formulas.constants import FARADAY
from twin.parts.parameters import Cell, load_cell

_LITHIUM: Final = (
    names.LITHIUM_THICKNESS,
    names.LITHIUM_SITE_CONCENTRATION,
    names.LITHIUM_VOLUME_FRACTION,
)
_CATHODE: Final = (
    names.CATHODE_LOADING,
    names.CATHODE_DENSITY,
    names.CATHODE_ACTIVE_FRACTION,
    names.CATHODE_POROSITY,
    names.CATHODE_CAPACITY,
    names.CATHODE_MAXIMUM_CONCENTRATION,
    names.CATHODE_INITIAL_STOICHIOMETRY,
)

_REDUCTION: Final = (
    names.INITIAL_CONTACT,
    names.REDUCIBLE_SITES,
    names.REDUCED_FRACTION,
    names.REDUCTION_POTENTIAL,
    names.SEPARATOR_POLARON,
)

#: What each model cannot do without, checked before PyBaMM is asked.
_NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "SymmetricCell": _LITHIUM,
    "ReductionCell": (*_LITHIUM, *_REDUCTION),
    "FullCell": _LITHIUM + _CATHODE,
    "AnodeFreeCell": (names.LITHIUM_SITE_CONCENTRATION, *_CATHODE),
}


def parameter_values(cell: Cell) -> pybamm.ParameterValues:
    """PyBaMM parameter values of a cell.

    Every entry can be replaced by a number, a PyBaMM expression or "[input]". In a
    symmetric cell an entry of the positive electrode refers to the negative one's until
    it is replaced.

    Parameters
    ----------
    cell : Cell
        Records in SI.

    Returns
    -------
    pybamm.ParameterValues

    Raises
    ------
    RecordError
        If the cell lacks a value that its model cannot do without, or its composition
        is impossible.

    Examples
    --------
    >>> values = parameter_values(load_cell("mann2025_lina"))
    >>> values["Separator thickness [m]"]
    0.0007
    """
    given = cell.values
    check_values(cell)
    values: dict[str, Any] = {}
    if cell.model in ("SymmetricCell", "ReductionCell"):
        for name in given:
            if name in CATALOGUE and CATALOGUE[name].per_electrode:
                values[names.parameter_of(name, "positive")] = pybamm.Parameter(name)
        capacity = _lithium_charge(given) / 3600
    else:
        check_host(cell)
        values.update(cathode_values(cell))
        capacity = _cathode_charge(given) / 3600
    values.update(
        {
            names.CURRENT_FUNCTION: 0.0,
            names.ELECTRODE_HEIGHT: 1.0,
            names.ELECTRODE_WIDTH: pybamm.Parameter(names.ELECTRODE_AREA),
            names.PARALLEL_ELECTRODES: 1.0,
            names.SERIES_CELLS: 1.0,
            names.NOMINAL_CAPACITY: capacity,
        }
    )
    values.update(given)
    if cell.model == "AnodeFreeCell":
        values.update(_pre_plated(cell))
    return pybamm.ParameterValues(values)


def check_values(cell: Cell) -> None:
    """Refuse a cell that lacks a value, or whose parts add up to more than a whole.

    Raises
    ------
    RecordError
        With the names of what is missing, or the parts.

    Examples
    --------
    >>> check_values(load_cell("mann2025_lina"))
    """
    given = cell.values
    always = (
        names.ELECTRODE_AREA,
        names.SEPARATOR_THICKNESS,
        names.AMBIENT_TEMPERATURE,
    )
    missing = [name for name in always + _NEEDED[cell.model] if name not in given]
    if missing:
        listed = ", ".join(f"'{name}'" for name in missing)
        raise RecordError(
            f"no value for {listed}; add a table for each, or a file that has it to 'uses'",
            where=str(cell.path),
        )
    for parts in (
        (names.CATHODE_ACTIVE_FRACTION, names.CATHODE_POROSITY),
        (names.INTERLAYER_CONDUCTOR_FRACTION, names.INTERLAYER_POROSITY),
    ):
        total = sum(given.get(name, 0.0) for name in parts)
        if total > 1:
            # each with where it is from: a setting of the run, or a file
            listed = " and ".join(
                f"'{name}' = {given[name]:g} ({cell.records[name].file})"
                for name in parts
                if name in given
            )
            raise RecordError(
                f"{listed} add up to {total:.3g}: parts of one volume cannot exceed 1",
                where=f"cell {cell.name}",
            )


def _lithium_charge(given: Mapping[str, float]) -> float:
    """Charge of the negative electrode's lithium [C]: a symmetric cell's capacity."""
    sites = given[names.LITHIUM_SITE_CONCENTRATION]
    volume = given[names.LITHIUM_THICKNESS] * given[names.ELECTRODE_AREA]
    return FARADAY * sites * given[names.LITHIUM_VOLUME_FRACTION] * volume


def _cathode_charge(given: Mapping[str, float]) -> float:
    """Nominal charge of the cathode [C], which C-rates refer to."""
    mass = given[names.CATHODE_LOADING] * given[names.ELECTRODE_AREA]
    return given[names.CATHODE_CAPACITY] * mass


def _pre_plated(cell: Cell) -> dict[str, Any]:
    """Where the lithium plated beforehand is: in a host's pores, else on the substrate."""
    if names.NP_RATIO not in cell.values:
        return {}
    charge = (
        pybamm.Parameter(names.NP_RATIO)
        * pybamm.Parameter(names.CATHODE_CAPACITY)
        * pybamm.Parameter(names.CATHODE_LOADING)
    )
    density = FARADAY * pybamm.Parameter(names.LITHIUM_SITE_CONCENTRATION)
    thickness = charge / density
    if cell.options.get("interlayer", "none") == "none":
        return {names.PLATED_THICKNESS: thickness}
    room = pybamm.Parameter(names.INTERLAYER_THICKNESS) * pybamm.Parameter(
        names.INTERLAYER_POROSITY
    )
    # what the pores cannot hold lies on the substrate
    filling = pybamm.minimum(thickness / room, 0.95)
    return {
        names.INTERLAYER_INITIAL_LITHIUM: filling,
        names.PLATED_THICKNESS: thickness - filling * room,
    }


def _parameter_set(name: str) -> Callable[[], pybamm.ParameterValues]:
    def get_parameter_values() -> pybamm.ParameterValues:
        return parameter_values(load_cell(name))

    get_parameter_values.__name__ = name
    get_parameter_values.__doc__ = f"Parameter values of the cell {name}."
    return get_parameter_values


def __getattr__(name: str) -> Callable[[], pybamm.ParameterValues]:
    """The parameter set of a shipped cell, which PyBaMM's entry points ask for."""
    if name not in assets.listing("parameters", "cells"):
        raise AttributeError(f"there is no cell '{name}'")
    return _parameter_set(name)
