"""From the records of a cell to PyBaMM's parameter values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pybamm

from twin import names
from twin.errors import RecordError
from twin.parts.catalogue import CATALOGUE
from twin.parts.formulas.constants import FARADAY
from twin.parts.parameters import Cell, load_cell


def parameter_values(cell: Cell) -> pybamm.ParameterValues:
    """PyBaMM parameter values of a cell.

    Every entry can be replaced by a number, a PyBaMM expression or "[input]". An entry
    of the positive electrode refers to the negative one's until it is replaced.

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
        If the cell has no lithium, area or separator to make a cell of.

    Examples
    --------
    >>> values = parameter_values(load_cell("mann2025_lina"))
    >>> values["Separator thickness [m]"]
    0.0007
    """
    given = cell.values
    missing = [
        name
        for name in (
            names.ELECTRODE_AREA,
            names.SEPARATOR_THICKNESS,
            names.LITHIUM_THICKNESS,
            names.LITHIUM_SITE_CONCENTRATION,
            names.LITHIUM_VOLUME_FRACTION,
            names.AMBIENT_TEMPERATURE,
        )
        if name not in given
    ]
    if missing:
        raise RecordError(
            "no value for " + ", ".join(f"'{name}'" for name in missing) + "; add a "
            "table for each, or a file that has it to 'uses'",
            where=str(cell.path),
        )
    values: dict[str, float | pybamm.Symbol] = {}
    for name in given:
        if name in CATALOGUE and CATALOGUE[name].per_electrode:
            values[names.parameter_of(name, "positive")] = pybamm.Parameter(name)
    values.update(given)
    values.update(
        {
            names.CURRENT_FUNCTION: 0.0,
            names.ELECTRODE_HEIGHT: 1.0,
            names.ELECTRODE_WIDTH: pybamm.Parameter(names.ELECTRODE_AREA),
            names.PARALLEL_ELECTRODES: 1.0,
            names.SERIES_CELLS: 1.0,
            names.NOMINAL_CAPACITY: _lithium_charge(given) / 3600,
        }
    )
    return pybamm.ParameterValues(values)


def _lithium_charge(given: Mapping[str, float]) -> float:
    """Charge of the negative electrode's lithium [C], PyBaMM's nominal capacity."""
    sites = given[names.LITHIUM_SITE_CONCENTRATION]
    volume = given[names.LITHIUM_THICKNESS] * given[names.ELECTRODE_AREA]
    return FARADAY * sites * given[names.LITHIUM_VOLUME_FRACTION] * volume


def _parameter_set(name: str) -> Callable[[], pybamm.ParameterValues]:
    def get_parameter_values() -> pybamm.ParameterValues:
        return parameter_values(load_cell(name))

    get_parameter_values.__name__ = name
    get_parameter_values.__doc__ = f"Parameter values of the cell {name}."
    return get_parameter_values


# what PyBaMM's entry points load; a test holds this list against parameters/cells
mann2025_lina = _parameter_set("mann2025_lina")
mann2025_lina_25C = _parameter_set("mann2025_lina_25C")  # noqa: N816
mann2025_li = _parameter_set("mann2025_li")
mann2025_li_25C = _parameter_set("mann2025_li_25C")  # noqa: N816
