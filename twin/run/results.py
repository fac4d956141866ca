"""Results as xarray datasets with units and provenance, and their files."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np
import pybamm
import xarray as xr

from twin import assets, names, units
from twin.errors import TwinError
from twin.parts.parameters import Cell, Record

#: Bytes of the arrays of a result that are read into memory.
LARGEST: Final = 4_000_000_000

#: Variables of the whole cell that every result carries.
CELL_VARIABLES: Final = (
    names.VOLTAGE,
    names.CURRENT,
    names.TOTAL_CURRENT_DENSITY,
    names.POLARISATION,
    names.AREAL_CAPACITY,
    names.LEAKED_CHARGE,
    names.SEPARATOR_RESISTANCE,
    names.CELL_TEMPERATURE,
    names.TOTAL_LITHIUM,
)

_CATHODE_FADE: Final = (
    names.FILM_ELECTRODE_RESISTANCE,
    names.CATHODE_CAPACITY_LOST,
)

#: Further variables of each kind of cell.
MODEL_VARIABLES: Final[dict[str, tuple[str, ...]]] = {
    "SymmetricCell": (names.CELL_RESISTANCE,),
    "ReductionCell": (
        names.CELL_RESISTANCE,
        names.REDUCED_SHARE,
        names.TAKEN_LITHIUM,
    ),
    "FullCell": (names.OPEN_CIRCUIT_VOLTAGE, *_CATHODE_FADE),
    "AnodeFreeCell": (names.OPEN_CIRCUIT_VOLTAGE, *_CATHODE_FADE),
}

#: Electrodes of lithium in each kind of cell.
LITHIUM_SIDES: Final[dict[str, tuple[names.Side, ...]]] = {
    "SymmetricCell": ("negative", "positive"),
    "ReductionCell": ("negative", "positive"),
    "FullCell": ("negative",),
    "AnodeFreeCell": ("negative",),
}

#: Profiles over the interlayer of an electrode that has one.
INTERLAYER_PROFILES: Final = (
    names.PORE_FILLING,
    names.INTERLAYER_REACTION,
    names.INTERLAYER_POTENTIAL,
    names.HOST_STOICHIOMETRY,
)

#: Variables of each electrode that every result carries.
ELECTRODE_VARIABLES: Final = (
    names.CONTACT_FRACTION,
    names.SURFACE_OCCUPANCY,
    names.CONTACT_OCCUPANCY,
    names.INVENTORY,
    names.INVENTORY_FRACTION,
    names.SLAB_THICKNESS,
    names.ACCESSIBLE_VOIDS,
    names.OCCLUDED_VOIDS,
    names.LOCAL_CURRENT_DENSITY,
    names.INTERFACE_OVERPOTENTIAL,
    names.CONCENTRATION_OVERPOTENTIAL,
    names.CHARGE_TRANSFER_RESISTANCE,
    names.STACK_POTENTIAL,
    names.STACK_RESISTANCE,
    names.ELECTRODE_LITHIUM,
    names.INTERLAYER_LITHIUM,
    names.LITHIUM_IN_PORES,
    names.LITHIUM_IN_HOST,
    names.FILAMENT_LENGTH,
    names.FILAMENT_RATIO,
    names.LOST_CHARGE,
)

# names of the coordinates and attributes of a dataset
TIME_DIMENSION: Final = "time"
ENDED_BY: Final = "ended_by"
NOTES: Final = "notes"
#: What got through where the usual solver failed; empty if it did not fail.
RESCUED: Final = "rescued_by"
PARAMETERS: Final = "parameters"
COMPLETED: Final = "protocol completed"


def position_dimension(side: names.Side) -> str:
    """Dimension of a profile through an electrode's lithium."""
    return f"{side}_position"


def interlayer_dimension(side: names.Side) -> str:
    """Dimension of a profile through an electrode's interlayer."""
    return f"{side}_interlayer_position"


def to_dataset(
    solution: pybamm.Solution,
    cell: Cell,
    attributes: dict[str, str | float],
) -> xr.Dataset:
    """A PyBaMM solution as a dataset.

    Parameters
    ----------
    solution : pybamm.Solution
        Of one of this package's models.
    cell : Cell
        Whose records are stored with the result.
    attributes : dict
        What else to say about the run: experiment, versions, tolerances, how it ended.

    Returns
    -------
    xarray.Dataset
        Variables over "time" [s], lithium occupancy also over the scaled position in
        each slab (0 at the separator); "cycle" and "step" say where in the protocol a
        time belongs. Units stand in each variable's attributes, records in the
        dataset's attribute "parameters" (JSON).
    """
    time = np.asarray(solution.t, dtype=float)
    data: dict[str, Any] = {}
    sides = LITHIUM_SIDES[cell.model]
    wanted = [*CELL_VARIABLES, *MODEL_VARIABLES[cell.model]]
    wanted += [names.variable_of(name, s) for name in ELECTRODE_VARIABLES for s in sides]
    known = solution.all_models[0].variables
    for name in wanted:
        if name not in known:  # a plated film has no vacancies, not every cell a layer
            continue
        values = np.asarray(solution[name].entries).reshape(time.size)
        data[name] = (TIME_DIMENSION, values, _units(name))
    coordinates: dict[str, Any] = {
        TIME_DIMENSION: (TIME_DIMENSION, time, {"units": "s"}),
    }
    for side in sides:
        profiles = {names.OCCUPANCY: position_dimension(side)}
        profiles.update(dict.fromkeys(INTERLAYER_PROFILES, interlayer_dimension(side)))
        for plain, dimension in profiles.items():
            name = names.variable_of(plain, side)
            if name not in known:
                continue
            processed = solution[name]
            nodes = np.asarray(processed.mesh.nodes, dtype=float)
            coordinates[dimension] = (dimension, nodes, {"units": "1"})
            # time first, as for every other variable
            values = np.asarray(processed.entries).T
            data[name] = ((TIME_DIMENSION, dimension), values, _units(name))
    cycle, step = _where_in_protocol(solution)
    data["cycle"] = (TIME_DIMENSION, cycle, {"units": "1"})
    data["step"] = (TIME_DIMENSION, step, {"units": "1"})
    return xr.Dataset(
        data,
        coordinates,
        {
            **attributes,
            "cell": cell.name,
            "cell_title": cell.title,
            "paper": cell.paper,
            PARAMETERS: records_of(cell),
        },
    )


def records_of(cell: Cell) -> str:
    """A cell's records as JSON, for a result's attribute "parameters".

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> json.loads(records_of(load_cell("mann2025_li")))["Lithium volume fraction"]["value"]
    1.0
    """
    records = {name: _record(record) for name, record in cell.records.items()}
    return json.dumps(records, sort_keys=True)


def _record(record: Record) -> dict[str, Any]:
    return {**dataclasses.asdict(record), "source": record.source.model_dump()}


def _units(name: str) -> dict[str, str]:
    return {"units": units.unit_of(name) or "1"}


def _where_in_protocol(
    solution: pybamm.Solution,
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Cycle and step numbers, from 1, of each time of the solution."""
    cycles: list[int] = []
    steps: list[int] = []
    for cycle_number, cycle in enumerate(solution.cycles, start=1):
        for step_number, step in enumerate(_steps_of(cycle), start=1):
            if isinstance(step, pybamm.EmptySolution):  # its end was met at its start
                continue
            cycles += [cycle_number] * len(step.t)
            steps += [step_number] * len(step.t)
    return np.array(cycles, dtype=np.int64), np.array(steps, dtype=np.int64)


def _steps_of(cycle: pybamm.Solution | None) -> Sequence[pybamm.Solution]:
    return [] if cycle is None else cycle.steps


def save(dataset: xr.Dataset, path: str | Path) -> Path:
    """Write a result to NetCDF, whole or not at all.

    Raises
    ------
    TwinError
        If the folder does not exist or cannot be written to.
    """
    target = Path(path)
    assets.write_atomically(
        target, lambda temporary: dataset.to_netcdf(temporary, engine="h5netcdf")
    )
    return target


def load(path: str | Path) -> xr.Dataset:
    """Read a result that :func:`save` wrote; equal to what was saved, to the last bit.

    Raises
    ------
    TwinError
        If there is no such file, it is not a result, or its arrays exceed 4 GB.
    """
    source = Path(path)
    if not source.is_file():
        raise TwinError("no such file", where=str(source))
    try:
        with h5py.File(source, "r") as file:
            # h5netcdf looks at this first and cannot close a file in which it is broken
            file.attrs.get("_nc3_strict")
        with xr.open_dataset(source, engine="h5netcdf") as dataset:
            # before anything is read: a small compressed file can hold huge arrays
            if dataset.nbytes > LARGEST:
                raise TwinError(
                    f"holds {dataset.nbytes / 1e9:.3g} GB, more than the {LARGEST / 1e9:g} "
                    "GB that are read at once; save fewer cycles or variables",
                    where=str(source),
                )
            return dataset.load()
    except TwinError:
        raise
    except Exception as error:  # of classes that HDF5 and its readers choose
        raise TwinError(
            f"not a NetCDF result ({str(error):.200}); results are written by 'twin run "
            "-o'",
            where=str(source),
        ) from None
