"""Numbers that a study looks at: one of each run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from twin import names
from twin.errors import RecordError, UnknownNameError
from twin.parts.cell import Cell
from twin.parts.formulas.stack import energy_density, specific_energy
from twin.parts.protocols import Protocol
from twin.parts.stack import Stack
from twin.run.failure import SIDES
from twin.run.levels import CONTINUOUS
from twin.run.observables import observable
from twin.run.results import TIME_DIMENSION

#: Reads a number, in SI, off a run of a design.
Read = Callable[[xr.Dataset, Cell], float]


@dataclass(frozen=True)
class Output:
    """A number of a run.

    Attributes
    ----------
    unit : in which ``read`` returns it, SI; empty if dimensionless
    shown : unit of tables and figures
    meaning : one line
    read : function of a run and its design
    needs : variables that the run has to keep
    actions : steps without which there is no such number, one of them
    staircase : whether the levels of the schedule have to rise
    interlayer : whether the cell has to have one
    within : whether the run has to be kept between the ends of its steps too
    stack : whether the masses and thicknesses of the cell's layers have to be known
    """

    unit: str
    shown: str
    meaning: str
    read: Read
    needs: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    staircase: bool = False
    interlayer: bool = False
    within: bool = False
    stack: bool = False


def _observed(
    name: str, shown: str, *needs: str, actions: tuple[str, ...] = ()
) -> Output:
    """An observable of :mod:`twin.run.observables`."""
    of = observable(name)

    def read(run: xr.Dataset, design: Cell) -> float:
        return of.read(_with_parameters(run, design))

    return Output(of.unit, shown, of.meaning, read, needs, actions)


def _with_parameters(run: xr.Dataset, design: Cell) -> xr.Dataset:
    """The run with the values of its design, where observables look for them."""
    records = {name: {"value": value} for name, value in design.values.items()}
    return run.assign_attrs(parameters=json.dumps(records))


def discharged(run: xr.Dataset, name: str, number: int | None = None) -> float:
    """What a count gains in a cycle's discharge, from the end of the step before.

    Zero if the discharge is beyond its voltage from the start, or the run ended before.

    Parameters
    ----------
    run : with the current density and what counts
    name : of the variable that counts
    number : of the cycle; the last one if None
    """
    cycle = run["cycle"].to_numpy()
    density = run[names.TOTAL_CURRENT_DENSITY].to_numpy()
    wanted = cycle[-1] if number is None else number
    discharging = np.flatnonzero((density > 0) & (cycle == wanted))
    if not discharging.size:
        return 0.0
    first, last = max(int(discharging[0]) - 1, 0), int(discharging[-1])
    count = run[name].to_numpy()
    return float(count[last] - count[first])


def _energy(run: xr.Dataset, design: Cell) -> float:
    energy = discharged(run, names.DISCHARGE_ENERGY)
    return energy * 3600 / design.values[names.ELECTRODE_AREA]


def _capacity(run: xr.Dataset, design: Cell) -> float:
    return discharged(run, names.AREAL_CAPACITY)


def _per_mass(run: xr.Dataset, design: Cell) -> float:
    return _capacity(run, design) / design.values[names.CATHODE_LOADING]


def _specific_energy(run: xr.Dataset, design: Cell) -> float:
    mass = sum(layer.mass for layer in Stack(design).layers())
    return float(specific_energy(_energy(run, design), mass))


def _energy_density(run: xr.Dataset, design: Cell) -> float:
    thickness = sum(layer.thickness for layer in Stack(design).layers())
    return float(energy_density(_energy(run, design), thickness))


def _mean_voltage(run: xr.Dataset, design: Cell) -> float:
    charge = _capacity(run, design)
    if not charge > 0:
        raise ValueError("nothing was discharged")
    return _energy(run, design) / charge


def _initial_polarisation(run: xr.Dataset, design: Cell) -> float:
    """At the first current: a schedule's own rises from zero."""
    flowing = np.flatnonzero(run[names.TOTAL_CURRENT_DENSITY].to_numpy())
    if not flowing.size:
        raise ValueError("no current flows")
    return float(run[names.POLARISATION][int(flowing[0])])


def _peak_contact_loss(run: xr.Dataset, design: Cell) -> float:
    """Largest share of its initial contact that an electrode has lost at a time."""
    lost = []
    for side in SIDES:
        name = names.variable_of(names.CONTACT_FRACTION, side)
        if name in run:
            contact = run[name].to_numpy()
            lost.append(1 - float(contact.min()) / float(contact[0]))
    if not lost:
        raise ValueError("the cell has no contact to lose")
    return max(lost)


def _plated_beyond(run: xr.Dataset, design: Cell) -> float:
    """As the observable, at the end of the last plating."""
    plating = np.flatnonzero(run[names.TOTAL_CURRENT_DENSITY].to_numpy() < 0)
    if not plating.size:
        raise ValueError("nothing was plated")
    until = run.isel({TIME_DIMENSION: slice(0, int(plating[-1]) + 1)})
    read = observable("plated beyond the first third").read
    return read(_with_parameters(until, design))


_CONTACTS: Final = tuple(
    names.variable_of(names.CONTACT_FRACTION, side) for side in SIDES
)
_PASSED: Final = (names.TOTAL_CURRENT_DENSITY, names.AREAL_CAPACITY)

#: What can be asked for, by name; other packages may add their own.
OUTPUTS: Final[dict[str, Output]] = {
    "energy": Output(
        "J.m-2",
        "mW.h.cm-2",
        "energy of the last cycle's discharge, per area",
        _energy,
        (*_PASSED, names.DISCHARGE_ENERGY),
        ("discharge",),
    ),
    "specific energy": Output(
        "J.kg-1",
        "W.h.kg-1",
        "energy of the last cycle's discharge, per mass of the stack",
        _specific_energy,
        (*_PASSED, names.DISCHARGE_ENERGY),
        ("discharge",),
        stack=True,
    ),
    "energy density": Output(
        "J.m-3",
        "W.h.L-1",
        "energy of the last cycle's discharge, per volume of the stack",
        _energy_density,
        (*_PASSED, names.DISCHARGE_ENERGY),
        ("discharge",),
        stack=True,
    ),
    "capacity": Output(
        "C.m-2",
        "mA.h.cm-2",
        "charge of the last cycle's discharge, per area",
        _capacity,
        _PASSED,
        ("discharge",),
    ),
    "discharge capacity": Output(
        "C.kg-1",
        "mA.h.g-1",
        "charge of the last cycle's discharge, per mass of active material",
        _per_mass,
        _PASSED,
        ("discharge",),
    ),
    "mean voltage": Output(
        "V",
        "V",
        "energy over charge of the last cycle's discharge",
        _mean_voltage,
        (*_PASSED, names.DISCHARGE_ENERGY),
        ("discharge",),
    ),
    "stripped capacity": _observed(
        "stripped capacity", "mA.h.cm-2", names.AREAL_CAPACITY, actions=("strip",)
    ),
    "initial polarisation": Output(
        "V",
        "mV",
        "magnitude of the voltage when the current starts",
        _initial_polarisation,
        (names.TOTAL_CURRENT_DENSITY, names.POLARISATION),
    ),
    "final polarisation": _observed("final polarisation", "mV", names.POLARISATION),
    "initial cell resistance": _observed(
        "initial cell resistance", "Ohm.cm2", names.CELL_RESISTANCE
    ),
    "critical current density": Output(
        "A.m-2",
        "mA.cm-2",
        "last level survived, and the share of the next one that was completed",
        lambda run, design: float(run.attrs[CONTINUOUS]),
        staircase=True,
    ),
    "life": _observed("life", "h", actions=("strip", "plate")),
    "life in cycles": _observed("life in cycles", "", actions=("strip", "plate")),
    "peak contact loss": Output(
        "",
        "",
        "largest share of its initial contact that an electrode has lost at a time",
        _peak_contact_loss,
        _CONTACTS,
        within=True,
    ),
    "plated beyond the first third": Output(
        "",
        "",
        "share of the current at the end of the last plating that plates beyond the third "
        "of the interlayer next to the separator",
        _plated_beyond,
        (
            names.TOTAL_CURRENT_DENSITY,
            names.variable_of(names.INTERLAYER_REACTION, "negative"),
        ),
        ("charge", "plate"),
        interlayer=True,
    ),
}


def output(name: str, cell: Cell, protocol: Protocol) -> Output:
    """The output of a name, for this cell and experiment.

    Parameters
    ----------
    name : one of :data:`OUTPUTS`, in any case
    cell, protocol : what will be run

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    RecordError
        If this cell or experiment has no such number.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> from twin.parts.protocols import load_experiment
    >>> cell, protocol = load_cell("mann2025_li"), load_experiment("full_stripping")
    >>> output("stripped capacity", cell, protocol).shown
    'mA.h.cm-2'
    """
    key = " ".join(name.lower().split())
    if key not in OUTPUTS:
        raise UnknownNameError("output", name, OUTPUTS)
    found = OUTPUTS[key]
    done = {step.action for steps in protocol.schedule().cycles for step in steps}
    why = ""
    if found.actions and not done & set(found.actions):
        wanted = " or ".join(f"'{action}'" for action in found.actions)
        why = f"experiment {protocol.name} has no step {wanted}"
    elif found.staircase and not protocol.is_staircase:
        why = (
            f"experiment {protocol.name} runs at one level; ccd_constant_charge and "
            "ccd_constant_time rise (a search runs one of a full cell's lithium side)"
        )
    elif found.interlayer and cell.options.get("interlayer", "none") == "none":
        why = f"cell {cell.name} has no interlayer"
    elif names.CELL_RESISTANCE in found.needs and cell.model != "SymmetricCell":
        why = f"cell {cell.name} is a {cell.model}, whose resistance is no single number"
    elif found.stack:
        Stack(cell)  # refuses a cell whose layers have no mass
    if why:
        raise RecordError(f"does not apply: {why}", where=f"output '{key}'")
    return found


def default_output(protocol: Protocol) -> str:
    """What is looked at where no output is named.

    Examples
    --------
    >>> from twin.parts.protocols import load_experiment
    >>> default_output(load_experiment("ccd_constant_time"))
    'critical current density'
    """
    if protocol.is_staircase and "SymmetricCell" in protocol.models:
        return "critical current density"
    done = {step.action for steps in protocol.schedule().cycles for step in steps}
    if "discharge" in done:
        return "energy"
    return "life in cycles" if "plate" in done else "stripped capacity"
