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
EXHAUSTED_FRACTION: Final = "Exhausted lithium fraction"

# --- parameters: voids and contact ---------------------------------------------------
INITIAL_CONTACT: Final = "Initial contact fraction"
SCAFFOLD_FLOOR: Final = "Scaffold contact floor"
SCAFFOLD_AREA_RATIO: Final = "Scaffold area ratio"
CRITICAL_OCCUPANCY: Final = "Critical surface occupancy"
ADHESION_OCCUPANCY: Final = "Critical mean occupancy"
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

# --- parameters: separator that lithium reduces ------------------------------------------
REDUCIBLE_SITES: Final = "Separator reducible site concentration [mol.m-3]"
REDUCED_FRACTION: Final = "Separator reduced fraction"
REDUCTION_POTENTIAL: Final = "Separator reduction potential [V]"
SEPARATOR_POLARON: Final = "Separator polaron conductivity [S.m-1]"
SEPARATOR_POLARON_EA: Final = "Separator polaron conductivity activation energy [J.mol-1]"

# --- parameters: composite cathode -----------------------------------------------------
CATHODE_LOADING: Final = "Positive electrode active material loading [kg.m-2]"
CATHODE_DENSITY: Final = "Positive electrode active material density [kg.m-3]"
CATHODE_ACTIVE_FRACTION: Final = "Positive electrode active material volume fraction"
CATHODE_CAPACITY: Final = "Positive electrode nominal specific capacity [C.kg-1]"
CATHODE_INITIAL_STOICHIOMETRY: Final = "Positive electrode initial stoichiometry"
CATHODE_DIFFUSIVITY: Final = "Positive particle diffusivity at 25 C [m2.s-1]"
CATHODE_DIFFUSIVITY_EA: Final = "Positive particle diffusivity activation energy [J.mol-1]"
CATHODE_EXCHANGE_CURRENT: Final = (
    "Positive electrode exchange-current density at 25 C [A.m-2]"
)
CATHODE_EXCHANGE_CURRENT_EA: Final = (
    "Positive electrode exchange-current activation energy [J.mol-1]"
)
CATHOLYTE_CONDUCTIVITY: Final = "Catholyte conductivity at 25 C [S.m-1]"
CATHOLYTE_CONDUCTIVITY_EA: Final = "Catholyte conductivity activation energy [J.mol-1]"

# --- parameters: composite cathode, PyBaMM's own names -----------------------------------
CATHODE_THICKNESS: Final = "Positive electrode thickness [m]"
CATHODE_POROSITY: Final = "Positive electrode porosity"
CATHODE_MAXIMUM_CONCENTRATION: Final = (
    "Maximum concentration in positive electrode [mol.m-3]"
)
CATHODE_INITIAL_CONCENTRATION: Final = (
    "Initial concentration in positive electrode [mol.m-3]"
)
CATHODE_RADIUS: Final = "Positive particle radius [m]"
CATHODE_CONDUCTIVITY: Final = "Positive electrode conductivity [S.m-1]"
CATHODE_BRUGGEMAN: Final = "Positive electrode Bruggeman coefficient (electrolyte)"
CATHODE_BRUGGEMAN_SOLID: Final = "Positive electrode Bruggeman coefficient (electrode)"
CATHODE_DOUBLE_LAYER: Final = "Positive electrode double-layer capacity [F.m-2]"
PARTICLE_DIFFUSIVITY_FUNCTION: Final = "Positive particle diffusivity [m2.s-1]"
EXCHANGE_CURRENT_FUNCTION: Final = "Positive electrode exchange-current density [A.m-2]"
OPEN_CIRCUIT_POTENTIAL: Final = "Positive electrode OCP [V]"
LOWER_VOLTAGE: Final = "Lower voltage cut-off [V]"
UPPER_VOLTAGE: Final = "Upper voltage cut-off [V]"

# --- parameters: interlayer ------------------------------------------------------------
INTERLAYER_THICKNESS: Final = "Interlayer thickness [m]"
INTERLAYER_POROSITY: Final = "Interlayer porosity"
INTERLAYER_PARTICLE_RADIUS: Final = "Interlayer particle radius [m]"
INTERLAYER_CONDUCTOR_FRACTION: Final = "Interlayer ion-conductor volume fraction"
INTERLAYER_CONDUCTOR_CONDUCTIVITY: Final = (
    "Interlayer ion-conductor conductivity at 25 C [S.m-1]"
)
INTERLAYER_PERCOLATION_THRESHOLD: Final = "Interlayer percolation threshold"
INTERLAYER_PERCOLATION_EXPONENT: Final = "Interlayer percolation exponent"
INTERLAYER_MATRIX_CONDUCTIVITY: Final = (
    "Interlayer matrix ionic conductivity at 25 C [S.m-1]"
)
INTERLAYER_IONIC_EA: Final = "Interlayer ionic conductivity activation energy [J.mol-1]"
INTERLAYER_ELECTRONIC_CONDUCTIVITY: Final = "Interlayer electronic conductivity [S.m-1]"
INTERLAYER_POLARON_CONDUCTIVITY: Final = "Interlayer polaron conductivity [S.m-1]"
INTERLAYER_POLARON_EA: Final = "Interlayer polaron conductivity activation energy [J.mol-1]"
INTERLAYER_EXCHANGE_CURRENT: Final = "Interlayer exchange-current density at 25 C [A.m-2]"
INTERLAYER_EXCHANGE_CURRENT_EA: Final = (
    "Interlayer exchange-current activation energy [J.mol-1]"
)
INTERLAYER_CAPACITANCE: Final = "Interlayer double-layer capacitance [F.m-2]"
INTERLAYER_INITIAL_LITHIUM: Final = "Interlayer initial pore filling"
INTERLAYER_EMPTY_PORE: Final = "Interlayer empty pore filling"
HOST_CAPACITY: Final = "Interlayer host capacity [C.m-3]"
HOST_POTENTIAL: Final = "Interlayer host potential [V]"
HOST_SLOPE: Final = "Interlayer host potential slope [V]"
HOST_EXCHANGE_CURRENT: Final = "Interlayer host exchange-current density at 25 C [A.m-2]"
HOST_INITIAL_STOICHIOMETRY: Final = "Interlayer initial host stoichiometry"

# --- parameters: lithium plated on a substrate ------------------------------------------
PLATED_THICKNESS: Final = "Initial plated lithium thickness [m]"
DEPLETION_THICKNESS: Final = "Plated lithium depletion thickness [m]"
NUCLEATION_OVERPOTENTIAL: Final = "Substrate nucleation overpotential [V]"
NUCLEUS_THICKNESS: Final = "Substrate nucleation thickness [m]"
NP_RATIO: Final = "Pre-plated lithium over cathode capacity"

# --- parameters: filaments ---------------------------------------------------------------
FILAMENT_THRESHOLD: Final = "Filament threshold overpotential at 25 C [V]"
FILAMENT_THRESHOLD_EA: Final = "Filament threshold activation energy [J.mol-1]"
FILAMENT_CHARGE: Final = "Filament charge [C.m-2]"
FILAMENT_EXPONENT: Final = "Filament exponent"
SHORT_LENGTH: Final = "Filament length that ends a run"
SHORT_CONDUCTANCE_FULL: Final = "Short-circuit conductance [S.m-2]"

# --- parameters: interphase on bare lithium ---------------------------------------------
INTERPHASE_RATE: Final = "Interphase parabolic rate at 25 C [C2.m-4.s-1]"
INTERPHASE_RATE_EA: Final = "Interphase parabolic rate activation energy [J.mol-1]"
INTERPHASE_CHARGE_DENSITY: Final = "Interphase charge density [C.m-3]"
INTERPHASE_CONDUCTIVITY: Final = "Interphase conductivity at 25 C [S.m-1]"
INTERPHASE_CONDUCTIVITY_EA: Final = "Interphase conductivity activation energy [J.mol-1]"
INTERPHASE_INITIAL_CHARGE: Final = "Interphase initial charge [C.m-2]"

# --- parameters: fade ----------------------------------------------------------------
PLATING_LOSS: Final = "Lost share of plated lithium"
FILM_RATE: Final = "Cathode interphase parabolic rate at 25 C [Ohm2.m4.s-1]"
FILM_RATE_EA: Final = "Cathode interphase parabolic rate activation energy [J.mol-1]"
FILM_PER_CHARGE: Final = "Cathode interphase resistance per charge at 25 C [Ohm.m4.C-1]"
FILM_PER_CHARGE_EA: Final = (
    "Cathode interphase resistance per charge activation energy [J.mol-1]"
)
FILM_INITIAL_RESISTANCE: Final = "Cathode interphase initial resistance [Ohm.m2]"
ACTIVE_MATERIAL_LOSS: Final = "Active material lost per exchanged capacity at 25 C"
ACTIVE_MATERIAL_LOSS_EA: Final = "Active material loss activation energy [J.mol-1]"

# --- parameters: masses of the stack, PyBaMM's own names ---------------------------------
NEGATIVE_COLLECTOR_THICKNESS: Final = "Negative current collector thickness [m]"
POSITIVE_COLLECTOR_THICKNESS: Final = "Positive current collector thickness [m]"
NEGATIVE_COLLECTOR_DENSITY: Final = "Negative current collector density [kg.m-3]"
POSITIVE_COLLECTOR_DENSITY: Final = "Positive current collector density [kg.m-3]"
SEPARATOR_DENSITY: Final = "Separator density [kg.m-3]"

# --- parameters: masses of the stack -----------------------------------------------------
SCAFFOLD_DENSITY: Final = "Lithium scaffold density [kg.m-3]"
INTERLAYER_DENSITY: Final = "Interlayer solid density [kg.m-3]"
CATHOLYTE_DENSITY: Final = "Catholyte density [kg.m-3]"
FILLER_DENSITY: Final = "Positive electrode filler density [kg.m-3]"

# --- parameters: cell, PyBaMM's own names --------------------------------------------
SEPARATOR_POROSITY: Final = "Separator porosity"
SEPARATOR_BRUGGEMAN: Final = "Separator Bruggeman coefficient (electrolyte)"
ELECTRODE_AREA: Final = "Electrode area [m2]"
AMBIENT_TEMPERATURE: Final = "Ambient temperature [K]"
CURRENT_FUNCTION: Final = "Current function [A]"
VOLTAGE_FUNCTION: Final = "Voltage function [V]"
ELECTRODE_HEIGHT: Final = "Electrode height [m]"
ELECTRODE_WIDTH: Final = "Electrode width [m]"
PARALLEL_ELECTRODES: Final = "Number of electrodes connected in parallel to make a cell"
SERIES_CELLS: Final = "Number of cells connected in series to make a battery"
NOMINAL_CAPACITY: Final = "Nominal cell capacity [A.h]"
POLARISATION_CUT_OFF: Final = "Polarisation cut-off [V]"

# --- what PyBaMM asks of a half cell beside: no parameters of a user --------------------
LIQUID_CONCENTRATION: Final = "Initial concentration in electrolyte [mol.m-3]"
TRANSFERENCE_NUMBER: Final = "Cation transference number"
LIQUID_DIFFUSIVITY: Final = "Electrolyte diffusivity [m2.s-1]"
LIQUID_CONDUCTIVITY: Final = "Electrolyte conductivity [S.m-1]"
THERMODYNAMIC_FACTOR: Final = "Thermodynamic factor"
NEGATIVE_OCP: Final = "Negative electrode OCP [V]"
NEGATIVE_ENTROPIC_CHANGE: Final = "Negative electrode OCP entropic change [V.K-1]"
NEGATIVE_CONDUCTIVITY: Final = "Negative electrode conductivity [S.m-1]"
POSITIVE_ENTROPIC_CHANGE: Final = "Positive electrode OCP entropic change [V.K-1]"
POSITIVE_TRANSFER_COEFFICIENT: Final = "Positive electrode charge transfer coefficient"
CELL_CONTACT_RESISTANCE: Final = "Contact resistance [Ohm]"
SEPARATOR_BRUGGEMAN_SOLID: Final = "Separator Bruggeman coefficient (electrode)"
EMPTY_VOLTAGE: Final = "Open-circuit voltage at 0% SOC [V]"
FULL_VOLTAGE: Final = "Open-circuit voltage at 100% SOC [V]"
REFERENCE_TEMPERATURE_NAME: Final = "Reference temperature [K]"
NEGATIVE_THICKNESS: Final = "Negative electrode thickness [m]"
ACTIVE_MATERIAL_LOSS_FUNCTION: Final = "Positive electrode current-driven LAM rate"
INITIAL_TEMPERATURE: Final = "Initial temperature [K]"

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
LITHIUM_IN_LOST_MATERIAL: Final = (
    "Loss of lithium due to loss of active material in positive electrode [mol]"
)
LEAKED_CHARGE: Final = "Leaked charge [C.m-2]"
DISCHARGE_CAPACITY: Final = "Discharge capacity [A.h]"
DISCHARGE_ENERGY: Final = "Discharge energy [W.h]"
CURRENT_VARIABLE: Final = "Current variable [A]"
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

# --- what a cycle leaves behind ---------------------------------------------------------
CYCLE_DISCHARGED: Final = "Discharge capacity [C.m-2]"
CYCLE_CHARGED: Final = "Charge capacity [C.m-2]"
CYCLE_POLARISATION: Final = "Highest polarisation [V]"
CYCLE_CONTACT: Final = "Lowest contact fraction"
CYCLE_DURATION: Final = "Cycle duration [s]"

# --- variables: cell whose separator lithium reduces ------------------------------------
GAP_VOLUME: Final = "Gap volume under the foils over gap height"
SQUARED_REDUCED_SHARE: Final = "Squared reduced share of the separator"
REDUCED_SHARE: Final = "Reduced share of the separator"
REDUCED_RESISTANCE: Final = "Reduced separator resistance [Ohm.m2]"
TAKEN_LITHIUM: Final = "Lithium taken up by the separator [mol.m-2]"
FOIL_FRACTION: Final = "Lithium left in the foils"

# --- variables: cell, PyBaMM's own names ------------------------------------------------
NEGATIVE_COLLECTOR_POTENTIAL: Final = "Negative current collector potential [V]"
COLLECTOR_CURRENT_DENSITY: Final = "Current collector current density [A.m-2]"
LITHIUM_ELECTRODE_POTENTIAL: Final = "Lithium metal interface electrode potential [V]"
LITHIUM_ELECTROLYTE_POTENTIAL: Final = "Lithium metal interface electrolyte potential [V]"
LITHIUM_REACTION_OVERPOTENTIAL: Final = "Lithium metal interface reaction overpotential [V]"
LITHIUM_SURFACE_POTENTIAL_DIFFERENCE: Final = (
    "Lithium metal interface surface potential difference [V]"
)
LITHIUM_PLATING_CURRENT_DENSITY: Final = "Lithium metal plating current density [A.m-2]"
LITHIUM_TOTAL_CURRENT_DENSITY: Final = (
    "Lithium metal total interfacial current density [A.m-2]"
)
NEGATIVE_POTENTIAL_DROP: Final = "Negative electrode potential drop [V]"
NEGATIVE_OHMIC_LOSSES: Final = "X-averaged negative electrode ohmic losses [V]"
NEGATIVE_FILM_OVERPOTENTIAL: Final = "Negative electrode SEI film overpotential [V]"
ELECTROLYTE_CONCENTRATION: Final = "Electrolyte concentration [mol.m-3]"
WHOLE_CELL_TEMPERATURE: Final = "Cell temperature [K]"
ELECTROLYTE_TRANSPORT_EFFICIENCY: Final = "Electrolyte transport efficiency"
POSITIVE_TRANSPORT_EFFICIENCY: Final = "Positive electrolyte transport efficiency"
POSITIVE_SURFACE_STOICHIOMETRY: Final = "Positive particle surface stoichiometry"
POSITIVE_SALT: Final = "Positive electrode porosity times concentration [mol.m-3]"
POSITIVE_CONCENTRATION: Final = "Positive electrolyte concentration [mol.m-3]"
POSITIVE_TEMPERATURE: Final = "Positive electrode temperature [K]"
POSITIVE_VOLUMETRIC_CURRENT: Final = (
    "Sum of positive electrode volumetric interfacial current densities [A.m-3]"
)
POSITIVE_LITHIUM: Final = "Total lithium in positive electrode [mol]"
ELECTROLYTE_LITHIUM: Final = "Total lithium in electrolyte [mol]"
POSITIVE_SURFACE: Final = "Positive electrode surface area to volume ratio [m-1]"
POSITIVE_POTENTIAL_DIFFERENCE: Final = (
    "Positive electrode surface potential difference [V]"
)
POSITIVE_INTERFACIAL_CURRENT: Final = (
    "Positive electrode interfacial current density [A.m-2]"
)
POSITIVE_FILM_OVERPOTENTIAL: Final = "Positive electrode SEI film overpotential [V]"
POSITIVE_FILM_OVERPOTENTIAL_X: Final = (
    "X-averaged positive electrode SEI film overpotential [V]"
)
ACTIVE_MATERIAL_FRACTION: Final = (
    "X-averaged positive electrode active material volume fraction"
)
POSITIVE_CAPACITY: Final = "Positive electrode capacity [A.h]"

# --- results of spectra, one or several along a run --------------------------------------
INTERFACE_PART: Final = "Interface resistance in the spectrum [Ohm.m2]"
INTERCEPT: Final = "Real impedance at 1 MHz [Ohm.m2]"
LOWEST_FREQUENCY: Final = "Impedance modulus at the lowest frequency [Ohm.m2]"
RELAXING_FAST: Final = "Resistance that relaxes within 0.01 s [Ohm.m2]"
RELAXING_MEDIUM: Final = "Resistance that relaxes within 0.01 to 1 s [Ohm.m2]"
RELAXING_SLOWLY: Final = "Resistance that relaxes within 1 to 32 s [Ohm.m2]"

# --- variables: one per electrode, through variable_of() ------------------------------
LITHIUM_CONTENT: Final = "lithium content per scaled length [m]"
OCCUPANCY: Final = "lithium occupancy"
SURFACE_OCCUPANCY: Final = "surface lithium occupancy"
CONTACT_OCCUPANCY: Final = "lithium occupancy at the contacts"
SLAB_LITHIUM: Final = "lithium slab content [m]"
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
STACK_POTENTIAL: Final = "electrode stack potential [V]"
ELECTRODE_LITHIUM: Final = "electrode lithium [mol.m-2]"
STACK_RESISTANCE: Final = "electrode stack resistance [Ohm.m2]"

# --- variables: interlayer of an electrode, through variable_of() ----------------------
INTERLAYER_POTENTIAL: Final = "interlayer potential difference [V]"
FOIL_POTENTIAL: Final = "interlayer potential difference at the foil [V]"
SEPARATOR_SIDE_POTENTIAL: Final = "interlayer potential difference at the separator [V]"
INTERLAYER_IONIC_CURRENT: Final = "interlayer ionic current density [A.m-2]"
MEAN_IONIC_CURRENT: Final = "interlayer mean ionic current density [A.m-2]"
INTERLAYER_IONIC_CONDUCTIVITY: Final = "interlayer ionic conductivity [S.m-1]"
INTERLAYER_ELECTRONIC: Final = "interlayer electronic conductivity [S.m-1]"
INTERLAYER_AREA: Final = "interlayer pore wall area per volume [m-1]"
INTERLAYER_REACTION: Final = "interlayer reaction current density [A.m-3]"
INTERLAYER_LITHIUM: Final = "interlayer lithium [mol.m-2]"
LITHIUM_IN_PORES: Final = "interlayer lithium in the pores [mol.m-2]"
LITHIUM_IN_HOST: Final = "interlayer lithium in the host [mol.m-2]"
PORE_FILLING: Final = "interlayer pore filling"
PORE_CURRENT: Final = "interlayer pore wall current density [A.m-2]"
PORE_LITHIUM: Final = "interlayer pore lithium concentration [mol.m-3]"
HOST_STOICHIOMETRY: Final = "interlayer host stoichiometry"
HOST_START: Final = "interlayer host potential at the start [V]"
HOST_CURRENT: Final = "interlayer host current density [A.m-2]"
HOST_LITHIUM: Final = "interlayer host lithium concentration [mol.m-3]"

# --- variables: filament of an electrode, through variable_of() -------------------------
FILAMENT_LENGTH: Final = "filament length over separator thickness"
FILAMENT_RATIO: Final = "plating overpotential over filament threshold"
SHORT_CONDUCTANCE: Final = "filament conductance [S.m-2]"

# --- variables: interphase on bare lithium, through variable_of() ----------------------
INTERPHASE_CHARGE_SQUARED: Final = "interphase charge squared [uA2.h2.cm-4]"
INTERPHASE_CHARGE: Final = "interphase charge [C.m-2]"
INTERPHASE_CONSUMPTION: Final = "interphase lithium consumption rate [m.s-1]"
INTERPHASE_RESISTANCE: Final = "interphase resistance [Ohm.m2]"
INTERPHASE_LITHIUM: Final = "interphase lithium [mol.m-2]"

# --- variables: fade of the cathode -----------------------------------------------------
FILM_SQUARED: Final = "Cathode interphase resistance squared [Ohm2.cm4]"
FILM_FROM_CHARGE: Final = "Cathode interphase resistance from charge [Ohm.m2]"
FILM_RESISTANCE: Final = "Cathode interphase resistance [Ohm.m2]"
FILM_OVERPOTENTIAL: Final = "Cathode interphase overpotential [V]"
FILM_ELECTRODE_RESISTANCE: Final = (
    "Cathode interphase resistance of the electrode [Ohm.m2]"
)
CATHODE_CAPACITY_LOST: Final = "Cathode capacity lost with active material [C.m-2]"
CATHODE_LITHIUM_LOST: Final = "Cathode lithium lost with active material [mol.m-2]"

# --- variables: lithium lost by plating, one per electrode, through variable_of() --------
LOST_LITHIUM: Final = "dead lithium [mol.m-2]"
LOST_CHARGE: Final = "lithium lost [C.m-2]"
LOST_SHARE: Final = "lost share of plated lithium"

# --- events --------------------------------------------------------------------------
CONTACT_LOST_EVENT: Final = "contact lost"
INVENTORY_EXHAUSTED_EVENT: Final = "lithium inventory exhausted"
SHORT_EVENT: Final = "short circuit"
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


def interlayer_domain(side: Side) -> str:
    """Name of the spatial domain of an electrode's interlayer.

    Examples
    --------
    >>> interlayer_domain("negative")
    'negative interlayer'
    """
    return f"{side} interlayer"


def interlayer_coordinate(side: Side) -> str:
    """Name of an interlayer's scaled coordinate: 0 at the separator, 1 at the foil.

    Examples
    --------
    >>> interlayer_coordinate("positive")
    'y_positive'
    """
    return f"y_{side}"
