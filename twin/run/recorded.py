"""The experiment behind a saved result, to be run once more."""

from __future__ import annotations

import json
from pathlib import Path

from twin import assets
from twin.errors import RecordError, TwinError, UnknownNameError
from twin.parts.cell import Cell
from twin.parts.protocols import Protocol, load_experiment
from twin.run.results import load


def state_requested(cell: Cell, state: str | Path | None) -> tuple[Cell, Protocol | None]:
    """The experiment that brings a cell into a state, and the cell for it.

    Parameters
    ----------
    cell : the cell that is asked for
    state : name or path of an experiment, or of a result as :func:`recorded` takes;
        None for the fresh cell

    Raises
    ------
    TwinError
        If there is no such experiment or result.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> state_requested(load_cell("mann2025_li"), None)[1] is None
    True
    """
    if state is None:
        return cell, None
    if Path(state).suffix.lower() == ".nc":
        return recorded(state, cell)
    return cell, load_experiment(state)


def recorded(path: str | Path, cell: Cell) -> tuple[Cell, Protocol]:
    """Cell and experiment of a result, with the values that it was run with.

    A result holds what a reader looks at and not every unknown of the model: the state
    that it ended in is found by running it once more.

    Parameters
    ----------
    path : NetCDF file of 'twin run -o'
    cell : the cell that is asked for

    Returns
    -------
    tuple of Cell and Protocol

    Raises
    ------
    TwinError
        If the file is no result, is that of another cell, or its experiment is not known.

    Examples
    --------
    >>> import tempfile
    >>> from twin.parts.parameters import load_cell
    >>> from twin.run.results import save
    >>> from twin.run.simulate import simulate
    >>> result = simulate("mann2025_li", "rest", arguments={"duration": "60 s"})
    >>> path = save(result, Path(tempfile.mkdtemp()) / "rest.nc")
    >>> _, protocol = recorded(path, load_cell("mann2025_li"))
    >>> protocol.name, round(protocol.schedule().cycles[0][0].duration, 6)
    ('rest', 60.0)
    """
    attributes = load(path).attrs
    missing = {"cell", "experiment", "arguments", "parameters"} - attributes.keys()
    if missing:
        raise TwinError(
            "not a result of 'twin run', which says what was run; name the experiment.",
            where=str(path),
        )
    if attributes["cell"] != cell.name:
        raise TwinError(
            f"a result of cell {attributes['cell']}, not of {cell.name}; name the cell "
            "that was run.",
            where=str(path),
        )
    given = (part.partition(" = ") for part in str(attributes["arguments"]).split("; "))
    arguments = {name: value for name, _, value in given if name}
    experiment = str(attributes["experiment"])
    known = assets.listing("experiments")
    if assets.pick(experiment, known) is None:  # a result does not say which file to read
        raise UnknownNameError("experiment", experiment, known, where=str(path))
    protocol = load_experiment(experiment).with_arguments(arguments)
    values = values_in(attributes["parameters"], str(path))
    changed = {name: v for name, v in values.items() if cell.values.get(name) != v}
    return cell.with_values(changed, origin=str(path)), protocol


def values_in(parameters: object, where: str) -> dict[str, float]:
    """Values of a result's parameters, by name.

    Parameters
    ----------
    parameters : the result's attribute "parameters", JSON
    where : the file, for the message

    Raises
    ------
    RecordError
        If it is not what :func:`twin.run.results.records_of` writes.

    Examples
    --------
    >>> values_in('{"Stack pressure [Pa]": {"value": 1e6}}', "rest.nc")
    {'Stack pressure [Pa]': 1000000.0}
    """
    try:
        records = json.loads(str(parameters))
        return {str(name): float(record["value"]) for name, record in records.items()}
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        reason = f"{type(error).__name__}: {error}"
    except RecursionError:
        reason = "nested too deeply"
    raise RecordError(f"its parameters cannot be read ({reason:.200}).", where=where)
