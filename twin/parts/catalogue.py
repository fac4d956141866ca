"""Every parameter a user may set: what it means and which values make sense.

Upper bounds are wide. They are there to catch a slip of units, a thickness of 50 m
where 50 um was meant, and not to judge a material.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Literal

from twin import names
from twin.errors import RecordError, UnknownNameError
from twin.units import unit_of


@dataclass(frozen=True)
class Interval:
    """Allowed values, in the unit of the parameter.

    Parameters
    ----------
    low, high : float
        Ends of the interval.
    ends : "[]", "(]", "[)" or "()"
        Whether the ends belong to it, in interval notation.

    Examples
    --------
    >>> str(Interval(0, 1, "(]"))
    '(0, 1]'
    """

    low: float
    high: float
    ends: Literal["[]", "(]", "[)", "()"] = "[]"

    def __contains__(self, value: float) -> bool:
        above = value > self.low if self.ends[0] == "(" else value >= self.low
        below = value < self.high if self.ends[1] == ")" else value <= self.high
        return math.isfinite(value) and above and below

    def __str__(self) -> str:
        return f"{self.ends[0]}{self.low:g}, {self.high:g}{self.ends[1]}"


@dataclass(frozen=True)
class Known:
    """A parameter of the catalogue.

    Parameters
    ----------
    name : str
        Full name, with the unit in brackets unless it is dimensionless.
    meaning : str
        One line.
    allowed : Interval
        Values that make physical sense, in the unit of the name.
    per_electrode : bool
        Whether the positive electrode can have a value of its own.
    instead : str
        What to do for what a value outside would mean; empty if it means nothing.

    Examples
    --------
    >>> 0.0 in known("Initial contact fraction").allowed
    False
    """

    name: str
    meaning: str
    allowed: Interval
    per_electrode: bool = False
    instead: str = ""

    @property
    def unit(self) -> str | None:
        """Unit of the value; None for a dimensionless one."""
        return unit_of(self.name)


_SHARE: Final = Interval(0, 1)
_SHARE_ABOVE_0: Final = Interval(0, 1, "(]")
_THICKNESS: Final = Interval(0, 0.1, "(]")
_HEIGHT: Final = Interval(0, 1e-2, "(]")
_POSITIVE: Final = Interval(0, math.inf, "()")
_DENSITY: Final = Interval(0, 3e4, "(]")
_NOT_NEGATIVE: Final = Interval(0, math.inf, "[)")
# An activation energy of 5 eV per particle is the highest.
_ACTIVATION: Final = Interval(0, 5e5)

_EXPONENT: Final = Interval(0, 10)

_ELECTRODE: Final = (
    Known(names.LITHIUM_THICKNESS, "Initial thickness of the lithium", _THICKNESS),
    Known(
        names.LITHIUM_VOLUME_FRACTION,
        "Share of the electrode's volume that is lithium, the rest is scaffold",
        _SHARE_ABOVE_0,
    ),
    Known(
        names.LITHIUM_SITE_CONCENTRATION,
        "Lattice sites per volume of lithium metal",
        Interval(0, 1e6, "(]"),
    ),
    Known(
        names.INITIAL_OCCUPANCY,
        "Share of the lattice sites that is occupied at the start",
        _SHARE_ABOVE_0,
    ),
    Known(
        names.LITHIUM_DIFFUSIVITY,
        "Lumped self-diffusivity of lithium in the electrode",
        Interval(0, 1, "(]"),
    ),
    Known(
        names.LITHIUM_DIFFUSIVITY_EA,
        "Activation energy of the self-diffusivity",
        _ACTIVATION,
    ),
    Known(
        names.EXHAUSTED_FRACTION,
        "Share of the initial lithium below which the reservoir counts as empty",
        Interval(0, 1, "[)"),
    ),
    Known(
        names.INITIAL_CONTACT,
        "Share of the area in contact with the separator at the start (wetting)",
        _SHARE_ABOVE_0,
    ),
    Known(
        names.SCAFFOLD_FLOOR,
        "Share of the initial contact that a scaffold keeps under voids",
        _SHARE,
    ),
    Known(
        names.SCAFFOLD_AREA_RATIO,
        "True contact area of a scaffold per nominal contact area",
        Interval(1, math.inf, "[)"),
    ),
    Known(
        names.CRITICAL_OCCUPANCY,
        "Occupancy at the contacts below which voids grow",
        _SHARE,
    ),
    Known(
        names.ADHESION_OCCUPANCY,
        "Mean occupancy below which the slab comes off the separator; 0: never",
        Interval(0, 1, "[)"),
    ),
    Known(
        names.CROWDING_EXPONENT,
        "Crowding of the current on the contacts: 0 shared, 1 isolated contacts",
        Interval(0, 10),
    ),
    Known(names.VOID_HEIGHT, "Height of the voids at the interface", _HEIGHT),
    Known(
        names.REFILLING_HEIGHT,
        "Void volume per area at which plating refills half as fast as it can",
        _HEIGHT,
    ),
    Known(
        names.OCCLUDED_FRACTION,
        "Share of new void volume that plating cannot reach again",
        _SHARE,
    ),
    Known(
        names.LOST_CONTACT,
        "Share of the initial contact below which contact counts as lost",
        Interval(0, 1, "()"),
    ),
    Known(names.CREEP_RATE, "Prefactor of the power-law creep of lithium", _NOT_NEGATIVE),
    Known(
        names.CREEP_EXPONENT,
        "Stress exponent of the creep of lithium",
        Interval(0, 50, "(]"),
    ),
    Known(names.CREEP_EA, "Activation energy of the creep of lithium", _ACTIVATION),
    Known(names.STACK_PRESSURE, "Pressure on the cell stack", Interval(0, 1e10)),
    Known(
        names.INTERFACE_RESISTANCE,
        "Area-specific resistance of one lithium interface at its initial contact",
        _NOT_NEGATIVE,
    ),
    Known(
        names.INTERFACE_RESISTANCE_EA,
        "Activation energy of the interface's conductance",
        _ACTIVATION,
    ),
    Known(
        names.EXCHANGE_CURRENT,
        "Exchange-current density of lithium on the true contact area",
        _POSITIVE,
    ),
    Known(
        names.EXCHANGE_CURRENT_EA,
        "Activation energy of the exchange-current density",
        _ACTIVATION,
    ),
    Known(
        names.INTERFACE_CAPACITANCE,
        "Double-layer capacitance of one lithium interface",
        _NOT_NEGATIVE,
    ),
    Known(
        names.SPOT_HALF_SPACING,
        "Half the distance between neighbouring contact spots",
        Interval(0, 0.1),
    ),
    Known(
        names.INTERLAYER_THICKNESS,
        "Thickness of the interlayer",
        _HEIGHT,
        instead='a cell without one has the option interlayer = "none"',
    ),
    Known(
        names.INTERLAYER_POROSITY,
        "Share of the interlayer's volume that lithium can fill",
        Interval(0, 1, "()"),
    ),
    Known(
        names.INTERLAYER_PARTICLE_RADIUS,
        "Radius of the interlayer's particles",
        _HEIGHT,
    ),
    Known(
        names.INTERLAYER_CONDUCTOR_FRACTION,
        "Share of the interlayer's volume that is ion conductor",
        _SHARE,
    ),
    Known(
        names.INTERLAYER_CONDUCTOR_CONDUCTIVITY,
        "Conductivity of the interlayer's ion conductor",
        _NOT_NEGATIVE,
    ),
    Known(
        names.INTERLAYER_PERCOLATION_THRESHOLD,
        "Volume fraction at which the ion conductor percolates",
        Interval(0, 1, "[)"),
    ),
    Known(
        names.INTERLAYER_PERCOLATION_EXPONENT,
        "Exponent of the conductivity above that fraction",
        _EXPONENT,
    ),
    Known(
        names.INTERLAYER_MATRIX_CONDUCTIVITY,
        "Ionic conductivity of the interlayer without percolating conductor",
        _POSITIVE,
    ),
    Known(
        names.INTERLAYER_IONIC_EA,
        "Activation energy of the interlayer's ionic conductivity",
        _ACTIVATION,
    ),
    Known(
        names.INTERLAYER_ELECTRONIC_CONDUCTIVITY,
        "Electronic conductivity of the interlayer",
        _POSITIVE,
    ),
    Known(
        names.INTERLAYER_POLARON_CONDUCTIVITY,
        "Largest electronic conductivity by small polarons",
        _NOT_NEGATIVE,
    ),
    Known(names.INTERLAYER_POLARON_EA, "Activation energy of polaron hopping", _ACTIVATION),
    Known(
        names.INTERLAYER_EXCHANGE_CURRENT,
        "Exchange-current density of lithium at the pore walls",
        _POSITIVE,
    ),
    Known(
        names.INTERLAYER_EXCHANGE_CURRENT_EA,
        "Activation energy of that exchange current",
        _ACTIVATION,
    ),
    Known(
        names.INTERLAYER_CAPACITANCE,
        "Double-layer capacitance of the pore walls",
        _POSITIVE,
    ),
    Known(
        names.INTERLAYER_INITIAL_LITHIUM,
        "Share of the pores that lithium fills at the start",
        _SHARE,
    ),
    Known(
        names.INTERLAYER_EMPTY_PORE,
        "Pore filling below which stripping starves",
        Interval(0, 1, "()"),
    ),
    Known(
        names.HOST_CAPACITY,
        "Charge that the host stores per volume of layer",
        _POSITIVE,
    ),
    Known(names.HOST_POTENTIAL, "Potential of the half-filled host", Interval(-5, 5)),
    Known(names.HOST_SLOPE, "Slope of the host's potential", Interval(0, 10)),
    Known(
        names.HOST_EXCHANGE_CURRENT,
        "Exchange-current density of insertion into the host",
        _POSITIVE,
    ),
    Known(
        names.HOST_INITIAL_STOICHIOMETRY,
        "Share of the host's sites that hold lithium at the start",
        Interval(0, 1, "()"),
    ),
    Known(
        names.PLATED_THICKNESS,
        "Lithium on the substrate at the start",
        Interval(0, 1e-2),
    ),
    Known(
        names.DEPLETION_THICKNESS,
        "Thickness at which half of the substrate is bare again",
        _HEIGHT,
    ),
    Known(
        names.NUCLEATION_OVERPOTENTIAL,
        "Overpotential of the first lithium on the bare substrate",
        Interval(0, 1),
    ),
    Known(names.NUCLEUS_THICKNESS, "Thickness over which nuclei cover it", _HEIGHT),
    Known(
        names.FILAMENT_THRESHOLD,
        "Local overpotential above which plating drives a filament",
        Interval(0, 1, "(]"),
    ),
    Known(
        names.FILAMENT_THRESHOLD_EA,
        "Activation energy with which that threshold falls",
        _ACTIVATION,
    ),
    Known(
        names.FILAMENT_CHARGE,
        "Charge that drives a filament through the separator",
        _POSITIVE,
    ),
    Known(
        names.FILAMENT_EXPONENT,
        "Sharpness of the threshold",
        Interval(1, 30),
    ),
    Known(
        names.SHORT_LENGTH,
        "Length, over the separator's thickness, at which a run ends as shorted",
        _POSITIVE,
    ),
    Known(
        names.SHORT_CONDUCTANCE_FULL,
        "Electronic conductance of a filament that has crossed the separator",
        _POSITIVE,
    ),
    Known(
        names.INTERPHASE_RATE,
        "Rate at which the square of the charge lost to the interphase grows",
        _NOT_NEGATIVE,
    ),
    Known(names.INTERPHASE_RATE_EA, "Activation energy of that growth", _ACTIVATION),
    Known(names.INTERPHASE_CHARGE_DENSITY, "Charge per volume of interphase", _POSITIVE),
    Known(names.INTERPHASE_CONDUCTIVITY, "Conductivity of the interphase", _POSITIVE),
    Known(
        names.INTERPHASE_CONDUCTIVITY_EA,
        "Activation energy of that conductivity",
        _ACTIVATION,
    ),
    Known(
        names.INTERPHASE_INITIAL_CHARGE,
        "Charge lost to the interphase before the start",
        _POSITIVE,
    ),
    Known(
        names.PLATING_LOSS,
        "Share of plated lithium that becomes dead: one less the Coulombic efficiency",
        Interval(0, 1, "[)"),
    ),
)

_CELL: Final = (
    Known(names.SEPARATOR_THICKNESS, "Thickness of the separator", _THICKNESS),
    Known(
        names.BULK_CONDUCTIVITY,
        "Ionic conductivity inside the separator's grains",
        _POSITIVE,
    ),
    Known(
        names.BULK_CONDUCTIVITY_EA,
        "Activation energy of the bulk conductivity",
        _ACTIVATION,
    ),
    Known(
        names.GB_CONDUCTIVITY,
        "Ionic conductivity of the grain boundaries, per separator thickness",
        _POSITIVE,
    ),
    Known(
        names.GB_CONDUCTIVITY_EA,
        "Activation energy of the grain-boundary conductivity",
        _ACTIVATION,
    ),
    Known(
        names.ELECTRONIC_CONDUCTIVITY,
        "Electronic conductivity of the separator (self-discharge)",
        _NOT_NEGATIVE,
    ),
    Known(names.BULK_CAPACITANCE, "Capacitance of the separator's grains", _NOT_NEGATIVE),
    Known(
        names.GB_CAPACITANCE,
        "Capacitance of the separator's grain boundaries",
        _NOT_NEGATIVE,
    ),
    Known(
        names.REDUCIBLE_SITES,
        "Ions per volume of the separator that lithium can reduce",
        Interval(0, 1e6, "(]"),
    ),
    Known(
        names.REDUCED_FRACTION,
        "Share of them that is reduced behind the front",
        Interval(0, 1, "()"),
    ),
    Known(
        names.REDUCTION_POTENTIAL,
        "Potential of that reduction against lithium",
        Interval(0, 10, "(]"),
    ),
    Known(
        names.SEPARATOR_POLARON,
        "Largest electronic conductivity of the reduced separator, without the barrier",
        _POSITIVE,
    ),
    Known(
        names.SEPARATOR_POLARON_EA,
        "Activation energy of polaron hopping in the reduced separator",
        _ACTIVATION,
    ),
    Known(
        names.CATHODE_LOADING,
        "Mass of active material per area of the cathode",
        Interval(0, 10, "(]"),
    ),
    Known(names.CATHODE_DENSITY, "Density of the active material", _DENSITY),
    Known(
        names.CATHODE_ACTIVE_FRACTION,
        "Share of the cathode's volume that is active material",
        _SHARE_ABOVE_0,
    ),
    Known(
        names.CATHODE_POROSITY,
        "Share of the cathode's volume that is electrolyte",
        _SHARE_ABOVE_0,
    ),
    Known(
        names.CATHODE_CAPACITY,
        "Specific capacity that a C-rate refers to",
        Interval(0, 1e7, "(]"),
    ),
    Known(
        names.CATHODE_MAXIMUM_CONCENTRATION,
        "Lithium sites per volume of active material",
        Interval(0, 1e6, "(]"),
    ),
    Known(
        names.CATHODE_INITIAL_STOICHIOMETRY,
        "Share of the active material's sites that hold lithium at the start",
        Interval(0, 1, "()"),
    ),
    Known(
        names.NP_RATIO,
        "Lithium plated before the first cycle, over the cathode's nominal capacity",
        Interval(0, 1000),
    ),
    Known(names.CATHODE_RADIUS, "Radius of the particles", _HEIGHT),
    Known(
        names.CATHODE_DIFFUSIVITY,
        "Diffusivity of lithium in the particles",
        Interval(0, 1, "(]"),
    ),
    Known(
        names.CATHODE_DIFFUSIVITY_EA,
        "Activation energy of that diffusivity",
        _ACTIVATION,
    ),
    Known(
        names.CATHODE_EXCHANGE_CURRENT,
        "Exchange-current density of half-filled particles",
        _POSITIVE,
    ),
    Known(
        names.CATHODE_EXCHANGE_CURRENT_EA,
        "Activation energy of that exchange current",
        _ACTIVATION,
    ),
    Known(names.CATHODE_CONDUCTIVITY, "Electronic conductivity of the cathode", _POSITIVE),
    Known(
        names.CATHODE_BRUGGEMAN,
        "Tortuosity exponent of the cathode's electrolyte",
        _EXPONENT,
    ),
    Known(
        names.CATHODE_BRUGGEMAN_SOLID,
        "Tortuosity exponent of the cathode's electron conductor",
        _EXPONENT,
    ),
    Known(
        names.CATHODE_DOUBLE_LAYER,
        "Double-layer capacitance of the particles",
        _POSITIVE,
    ),
    Known(
        names.CATHOLYTE_CONDUCTIVITY,
        "Conductivity of the solid electrolyte in the cathode",
        _POSITIVE,
    ),
    Known(
        names.CATHOLYTE_CONDUCTIVITY_EA,
        "Activation energy of that conductivity",
        _ACTIVATION,
    ),
    Known(
        names.FILM_RATE,
        "Rate at which the square of the cathode interphase's resistance grows, per area "
        "of particle surface",
        _NOT_NEGATIVE,
    ),
    Known(names.FILM_RATE_EA, "Activation energy of that growth", _ACTIVATION),
    Known(
        names.FILM_PER_CHARGE,
        "Resistance that the cathode interphase gains per charge passed, both per area of "
        "particle surface",
        _NOT_NEGATIVE,
    ),
    Known(names.FILM_PER_CHARGE_EA, "Activation energy of that gain", _ACTIVATION),
    Known(
        names.FILM_INITIAL_RESISTANCE,
        "Resistance of the cathode interphase at the start, per area of particle surface",
        _POSITIVE,
    ),
    Known(
        names.ACTIVE_MATERIAL_LOSS,
        "Share of the active material lost when its nominal capacity has passed once",
        Interval(0, 1, "[)"),
    ),
    Known(names.ACTIVE_MATERIAL_LOSS_EA, "Activation energy of that loss", _ACTIVATION),
    Known(names.SEPARATOR_POROSITY, "Liquid share of a porous separator", _SHARE_ABOVE_0),
    Known(
        names.SEPARATOR_BRUGGEMAN,
        "Tortuosity exponent of a porous separator",
        _EXPONENT,
    ),
    Known(
        names.NEGATIVE_COLLECTOR_THICKNESS,
        "Thickness of the negative foil that counts for one cell: half, if coated twice",
        Interval(0, 1e-2),
    ),
    Known(
        names.POSITIVE_COLLECTOR_THICKNESS,
        "Thickness of the positive foil that counts for one cell: half, if coated twice",
        Interval(0, 1e-2),
    ),
    Known(names.NEGATIVE_COLLECTOR_DENSITY, "Density of the negative foil", _DENSITY),
    Known(names.POSITIVE_COLLECTOR_DENSITY, "Density of the positive foil", _DENSITY),
    Known(
        names.SEPARATOR_DENSITY,
        "Density of the separator, of its solid if it is porous and wetted by a liquid",
        _DENSITY,
    ),
    Known(names.SCAFFOLD_DENSITY, "Density of what holds the lithium", _DENSITY),
    Known(
        names.INTERLAYER_DENSITY,
        "Density of the interlayer's solid, without pores and lithium",
        _DENSITY,
    ),
    Known(
        names.CATHOLYTE_DENSITY,
        "Density of the electrolyte in the cathode, solid or liquid",
        _DENSITY,
    ),
    Known(
        names.FILLER_DENSITY,
        "Density of what is neither active material nor electrolyte: carbon and binder",
        _DENSITY,
    ),
    Known(names.ELECTRODE_AREA, "Nominal area of the cell", Interval(0, 1e3, "(]")),
    Known(names.AMBIENT_TEMPERATURE, "Temperature around the cell", Interval(150, 600)),
    Known(names.NOMINAL_CAPACITY, "Capacity that 1C refers to", Interval(0, 1e6, "(]")),
    Known(
        names.POLARISATION_CUT_OFF,
        "Polarisation at which a run ends, of either sign",
        Interval(0, 1e3, "(]"),
    ),
)

CATALOGUE: Final[dict[str, Known]] = {
    **{entry.name: replace(entry, per_electrode=True) for entry in _ELECTRODE},
    **{entry.name: entry for entry in _CELL},
}

_OF_POSITIVE: Final = {
    names.parameter_of(entry.name, "positive"): entry
    for entry in CATALOGUE.values()
    if entry.per_electrode
}

#: Short names, as papers or people use them, in lower case.
SHORT_NAMES: Final[dict[str, str]] = {
    "lithium diffusivity": names.LITHIUM_DIFFUSIVITY,
    "n/p": names.NP_RATIO,
    "pressure": names.STACK_PRESSURE,
    "temperature": names.AMBIENT_TEMPERATURE,
    names.CONTACT_FRACTION: names.INITIAL_CONTACT,
    "wetting": names.INITIAL_CONTACT,
}

#: PyBaMM's parameters that follow from others, with the one to set in their place.
_FOLLOWS_FROM: Final = {
    names.CATHODE_THICKNESS: names.CATHODE_LOADING,
    names.CATHODE_INITIAL_CONCENTRATION: names.CATHODE_INITIAL_STOICHIOMETRY,
}


def known(name: str, *, where: str | None = None) -> Known:
    """The catalogue's entry of a full parameter name.

    Parameters
    ----------
    name : str
        Full name; also a positive electrode's own ("Positive lithium thickness [m]").
    where : str, optional
        File, table or option named in the message.

    Raises
    ------
    UnknownNameError
        If there is no such parameter.
    RecordError
        If it is one that follows from another.

    Examples
    --------
    >>> known("Positive lithium thickness [m]").unit
    'm'
    """
    if name in CATALOGUE:
        return CATALOGUE[name]
    if name in _OF_POSITIVE:
        plain = _OF_POSITIVE[name]
        return replace(plain, name=name, meaning=f"{plain.meaning}, positive electrode")
    if name in _FOLLOWS_FROM:
        raise RecordError(
            f"'{name}' follows from '{_FOLLOWS_FROM[name]}'; set that instead.", where=where
        )
    raise UnknownNameError("parameter", name, similar(name), where=where)


def similar(name: str) -> list[str]:
    """Names to suggest for an unknown one.

    A positive electrode's own names are offered only to those who wrote "positive".

    Examples
    --------
    >>> "Positive lithium thickness [m]" in similar("lithium thicknes")
    False
    """
    if name.strip().lower().startswith("pos"):
        return [*_OF_POSITIVE, *CATALOGUE]
    return list(CATALOGUE)


def complete(name: str, *, where: str | None = None) -> str:
    """The full name of a parameter, given with or without its unit, in any case.

    Some have a short name too, as papers use it.

    Raises
    ------
    UnknownNameError
        If there is no such parameter.
    RecordError
        If it is one that follows from another.

    Examples
    --------
    >>> complete("lithium thickness")
    'Lithium thickness [m]'
    >>> complete("pressure")
    'Stack pressure [Pa]'
    """
    wanted = " ".join(name.replace("_", " ").split()).lower()
    if wanted in SHORT_NAMES:
        return SHORT_NAMES[wanted]
    for full in (*CATALOGUE, *_OF_POSITIVE, *_FOLLOWS_FROM):
        bare = full.rpartition("[")[0].strip() if unit_of(full) else full
        if wanted in (full.lower(), bare.lower()):
            return known(full, where=where).name
    raise UnknownNameError("parameter", name, similar(name), where=where)
