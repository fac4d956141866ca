"""The mechanisms by which a cell fades: what switches each off, and what it has done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from twin import names


@dataclass(frozen=True)
class Fade:
    """A fade mechanism.

    Attributes
    ----------
    option : option of a cell's file that switches it on; empty if it is always on
    value : value of that option with which it is on
    parameter : the parameter that switches it off
    off : value of that parameter with which it does nothing, in SI
    state : variable that carries it from cycle to cycle
    size : variable that says how far it has come, in terms a user knows
    meaning : one line
    per_electrode : whether parameter and variables belong to a lithium electrode
        (:func:`twin.names.parameter_of`, :func:`twin.names.variable_of`)
    """

    option: str
    value: str
    parameter: str
    off: float
    state: str
    size: str
    meaning: str
    per_electrode: bool


#: Every fade mechanism by its name.
FADE: Final[dict[str, Fade]] = {
    "lithium loss": Fade(
        option="lithium loss",
        value="Coulombic",
        parameter=names.PLATING_LOSS,
        off=0.0,
        state=names.LOST_LITHIUM,
        size=names.LOST_CHARGE,
        meaning="a share of all plated lithium becomes dead",
        per_electrode=True,
    ),
    "cathode interphase, with time": Fade(
        option="cathode interphase",
        value="growing",
        parameter=names.FILM_RATE,
        off=0.0,
        state=names.FILM_SQUARED,
        size=names.FILM_ELECTRODE_RESISTANCE,
        meaning="a resistance on the cathode's particles that grows as the root of time",
        per_electrode=False,
    ),
    "cathode interphase, with charge": Fade(
        option="cathode interphase",
        value="growing",
        parameter=names.FILM_PER_CHARGE,
        off=0.0,
        state=names.FILM_FROM_CHARGE,
        size=names.FILM_ELECTRODE_RESISTANCE,
        meaning="a resistance on the cathode's particles that grows with the charge passed",
        per_electrode=False,
    ),
    "active material loss": Fade(
        option="active material",
        value="current-driven",
        parameter=names.ACTIVE_MATERIAL_LOSS,
        off=0.0,
        state=names.ACTIVE_MATERIAL_FRACTION,
        size=names.CATHODE_CAPACITY_LOST,
        meaning="active material that the charge passing through it isolates",
        per_electrode=False,
    ),
    "lithium interphase": Fade(
        option="interphase",
        value="growing",
        parameter=names.INTERPHASE_RATE,
        off=0.0,
        state=names.INTERPHASE_CHARGE_SQUARED,
        size=names.INTERPHASE_RESISTANCE,
        meaning="interphase of a sulfide on bare lithium, as the root of time",
        per_electrode=True,
    ),
    "occluded voids": Fade(
        option="",
        value="",
        parameter=names.OCCLUDED_FRACTION,
        off=0.0,
        state=names.OCCLUDED_VOIDS,
        size=names.CONTACT_FRACTION,
        meaning="voids under the lithium that plating cannot reach again",
        per_electrode=True,
    ),
    "filament": Fade(
        option="filament",
        value="growing",
        parameter=names.FILAMENT_CHARGE,
        off=1e12,  # more than any life passes
        state=names.FILAMENT_LENGTH,
        size=names.FILAMENT_LENGTH,
        meaning="a filament that grows through the separator and ends the life",
        per_electrode=True,
    ),
}
