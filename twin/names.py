"""Every variable, parameter, domain and event name of the package, once.

Units stand in square brackets, written as PyBaMM writes them. Nothing else in the
package spells such a name out: it imports it from here.

Quantities of an electrode come in two kinds. *Parameters* of the negative electrode
carry the plain name ("Lithium thickness [m]"); the positive electrode of a symmetric
cell has parameters of its own ("Positive lithium thickness [m]", see
:func:`parameter_of`) that take the plain value unless a user sets them. *Variables*
always carry the electrode they belong to (:func:`variable_of`).
"""

from __future__ import annotations

from typing import Final, Literal

Side = Literal["negative", "positive"]

# --- parameters: lithium metal -------------------------------------------------------
LITHIUM_THICKNESS: Final = "Lithium thickness [m]"
LITHIUM_VOLUME_FRACTION: Final = "Lithium volume fraction"
LITHIUM_SITE_CONCENTRATION: Final = "Lithium site concentration [mol.m-3]"
INITIAL_OCCUPANCY: Final = "Initial lithium occupancy"
LITHIUM_DIFFUSIVITY: Final = "Lithium self-diffusivity at 25 C [m2.s-1]"
LITHIUM_DIFFUSIVITY_EA: Final = "Lithium self-diffusivity activation energy [J.mol-1]"
SURFACE_EXCHANGE_DEPTH: Final = "Surface exchange depth [m]"
EXHAUSTED_FRACTION: Final = "Exhausted lithium fraction"

# --- parameters: voids and contact ---------------------------------------------------
INITIAL_CONTACT: Final = "Initial contact fraction"
SCAFFOLD_FLOOR: Final = "Scaffold contact floor"
SCAFFOLD_AREA_RATIO: Final = "Scaffold area ratio"
CRITICAL_OCCUPANCY: Final = "Critical surface occupancy"
CROWDING_EXPONENT: Final = "Current crowding exponent"
VOID_HEIGHT: Final = "Void height [m]"
REFILLING_HEIGHT: Final = "Void refilling height [m]"
OCCLUDED_FRACTION: Final = "Occluded void fraction"
LOST_CONTACT: Final = "Lost contact fraction"
CREEP_RATE: Final = "Lithium creep rate at 1 MPa [s-1]"
CREEP_EXPONENT: Final = "Lithium creep exponent"
CREEP_EA: Final = "Lithium creep activation energy [J.mol-1]"
STACK_PRESSURE: Final = "Stack pressure [Pa]"

# --- parameters: interface -----------------------------------------------------------
INTERFACE_RESISTANCE: Final = "Interface resistance at 25 C [Ohm.m2]"
INTERFACE_RESISTANCE_EA: Final = "Interface resistance activation energy [J.mol-1]"
EXCHANGE_CURRENT: Final = "Lithium exchange-current density at 25 C [A.m-2]"
EXCHANGE_CURRENT_EA: Final = "Lithium exchange-current activation energy [J.mol-1]"
INTERFACE_CAPACITANCE: Final = "Interface capacitance [F.m-2]"
SPOT_HALF_SPACING: Final = "Contact spot half-spacing [m]"

# --- parameters: separator -----------------------------------------------------------
SEPARATOR_THICKNESS: Final = "Separator thickness [m]"
BULK_CONDUCTIVITY: Final = "Separator bulk conductivity at 25 C [S.m-1]"
BULK_CONDUCTIVITY_EA: Final = "Separator bulk conductivity activation energy [J.mol-1]"
GB_CONDUCTIVITY: Final = "Separator grain-boundary conductivity at 25 C [S.m-1]"
GB_CONDUCTIVITY_EA: Final = (
    "Separator grain-boundary conductivity activation energy [J.mol-1]"
)
ELECTRONIC_CONDUCTIVITY: Final = "Separator electronic conductivity [S.m-1]"
BULK_CAPACITANCE: Final = "Separator bulk capacitance [F.m-2]"
GB_CAPACITANCE: Final = "Separator grain-boundary capacitance [F.m-2]"

# --- parameters: cell, PyBaMM's own names --------------------------------------------
ELECTRODE_AREA: Final = "Electrode area [m2]"
AMBIENT_TEMPERATURE: Final = "Ambient temperature [K]"
CURRENT_FUNCTION: Final = "Current function [A]"
ELECTRODE_HEIGHT: Final = "Electrode height [m]"
ELECTRODE_WIDTH: Final = "Electrode width [m]"
PARALLEL_ELECTRODES: Final = "Number of electrodes connected in parallel to make a cell"
SERIES_CELLS: Final = "Number of cells connected in series to make a battery"
NOMINAL_CAPACITY: Final = "Nominal cell capacity [A.h]"
POLARISATION_CUT_OFF: Final = "Polarisation cut-off [V]"

# --- variables: cell -----------------------------------------------------------------
TIME: Final = "Time [s]"
TIME_MINUTES: Final = "Time [min]"
TIME_HOURS: Final = "Time [h]"
VOLTAGE: Final = "Voltage [V]"
BATTERY_VOLTAGE: Final = "Battery voltage [V]"
OPEN_CIRCUIT_VOLTAGE: Final = "Bulk open-circuit voltage [V]"
CURRENT: Final = "Current [A]"
C_RATE: Final = "C-rate"
TOTAL_CURRENT_DENSITY: Final = "Total current density [A.m-2]"
IONIC_CURRENT_DENSITY: Final = "Ionic current density [A.m-2]"
LEAKAGE_CURRENT_DENSITY: Final = "Electronic leakage current density [A.m-2]"
LEAKED_CHARGE: Final = "Leaked charge [C.m-2]"
DISCHARGE_CAPACITY: Final = "Discharge capacity [A.h]"
THROUGHPUT_CAPACITY: Final = "Throughput capacity [A.h]"
AREAL_CAPACITY: Final = "Areal discharge capacity [C.m-2]"
POLARISATION: Final = "Polarisation [V]"
CELL_RESISTANCE: Final = "Cell area-specific resistance [Ohm.m2]"
CELL_TEMPERATURE: Final = "Volume-averaged cell temperature [K]"  # PyBaMM's
SEPARATOR_BULK_DROP: Final = "Separator bulk potential drop [V]"
SEPARATOR_GB_DROP: Final = "Separator grain-boundary potential drop [V]"
SEPARATOR_BULK_RESISTANCE: Final = "Separator bulk resistance [Ohm.m2]"
SEPARATOR_GB_RESISTANCE: Final = "Separator grain-boundary resistance [Ohm.m2]"
SEPARATOR_RESISTANCE: Final = "Separator area-specific resistance [Ohm.m2]"
SEPARATOR_CONDUCTIVITY: Final = "Separator conductivity [S.m-1]"
TOTAL_LITHIUM: Final = "Total lithium [mol.m-2]"

# --- variables: one per electrode, through variable_of() ------------------------------
LITHIUM_CONTENT: Final = "lithium content per scaled length [m]"
OCCUPANCY: Final = "lithium occupancy"
SURFACE_OCCUPANCY: Final = "surface lithium occupancy"
CONTACT_OCCUPANCY: Final = "lithium occupancy at the contacts"
SLAB_THICKNESS: Final = "lithium slab thickness [m]"
INVENTORY: Final = "lithium inventory [mol.m-2]"
INVENTORY_FRACTION: Final = "lithium inventory fraction"
UTILISATION: Final = "lithium utilisation"
STRIPPING_RATE: Final = "stripping rate [m.s-1]"
LATTICE_RATE: Final = "lattice supply rate [m.s-1]"
VOID_GROWTH_RATE: Final = "void growth rate [m.s-1]"
VOID_REFILLING_RATE: Final = "void refilling rate [m.s-1]"
CREEP_CLOSURE: Final = "creep closure rate constant [s-1]"
LITHIUM_GROWTH_RATE: Final = "new lithium growth rate [m.s-1]"
ACCESSIBLE_VOIDS: Final = "accessible void volume per area [m]"
OCCLUDED_VOIDS: Final = "occluded void volume per area [m]"
VOID_VOLUME: Final = "void volume per area [m]"
CONTACT_FRACTION: Final = "contact fraction"
LOCAL_CURRENT_DENSITY: Final = "local current density [A.m-2]"
FARADAIC_CURRENT_DENSITY: Final = "faradaic current density [A.m-2]"
INTERFACE_OVERPOTENTIAL: Final = "interface overpotential [V]"
CONCENTRATION_OVERPOTENTIAL: Final = "lithium concentration overpotential [V]"
CONSTRICTION_RESISTANCE: Final = "constriction resistance [Ohm.m2]"
CONSTRICTION_OVERPOTENTIAL: Final = "constriction overpotential [V]"
CHARGE_TRANSFER_RESISTANCE: Final = "interface resistance [Ohm.m2]"

# --- events --------------------------------------------------------------------------
CONTACT_LOST_EVENT: Final = "contact lost"
INVENTORY_EXHAUSTED_EVENT: Final = "lithium inventory exhausted"
POLARISATION_EVENT: Final = "Polarisation cut-off reached"


def parameter_of(name: str, side: Side) -> str:
    """Name of an electrode's own parameter.

    Parameters
    ----------
    name : str
        Plain parameter name, for instance ``LITHIUM_THICKNESS``.
    side : "negative" or "positive"
        Electrode; the negative one uses the plain name.

    Examples
    --------
    >>> parameter_of("Lithium thickness [m]", "positive")
    'Positive lithium thickness [m]'
    """
    if side == "negative":
        return name
    return f"Positive {name[0].lower()}{name[1:]}"


def variable_of(name: str, side: Side) -> str:
    """Name of an electrode's variable or event.

    Examples
    --------
    >>> variable_of("contact fraction", "negative")
    'Negative contact fraction'
    """
    return f"{side.capitalize()} {name}"


def lithium_domain(side: Side) -> str:
    """Name of the spatial domain of an electrode's lithium slab.

    Examples
    --------
    >>> lithium_domain("negative")
    'negative lithium metal'
    """
    return f"{side} lithium metal"


def lithium_coordinate(side: Side) -> str:
    """Name of the scaled coordinate of a slab: 0 at the separator, 1 at the collector.

    Examples
    --------
    >>> lithium_coordinate("negative")
    'xi_negative'
    """
    return f"xi_{side}"
