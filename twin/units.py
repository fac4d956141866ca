"""Units at the boundary: text and user units in, SI numbers out.

Pint is imported on first use only, so importing this module costs nothing.
"""

from __future__ import annotations

import functools
import math
import re
from typing import TYPE_CHECKING, Final

from twin.errors import RecordError, UnitError, nearest

if TYPE_CHECKING:
    import pint

# Text comes from files and command lines of strangers; no unit is this long.
_LONGEST: Final = 200

# Significant digits kept after a change of unit. A double holds a little more than 15:
# dropping the last bits makes "50 um" the same number as "5e-5 m".
_DIGITS: Final = 15

_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\d.])")
_NOT_FINITE: Final = re.compile(r"[+-]?(?:nan|inf|infinity)\b", re.IGNORECASE)
# PyBaMM's style is turned into pint's: "mA.cm-2" becomes "mA*cm**-2".
_DOT: Final = re.compile(r"(?<=\w)\.(?=[^\W\d])")
_EXPONENT: Final = re.compile(r"(?<=[^\W\d])-?\d{1,2}(?!\d)")
# What may reach pint: names with small whole exponents, "*", "/", blanks, parentheses.
# In particular no power of a number or of a parenthesis: 9**9**9 takes for ever.
_FACTOR: Final = r"(?:[^\W\d]+(?:\*\*[+-]?\d{1,2}(?!\d))?|1(?![\w.]))"
_PINT_STYLE: Final = re.compile(rf"\(*{_FACTOR}\)*(?:\s*[*/\s]\s*\(*{_FACTOR}\)*(?!\*\*))*")

_USUAL: Final = (
    *("m", "cm", "mm", "um", "nm", "m2", "cm2", "s", "min", "h", "K", "degC", "%"),
    *("V", "mV", "A", "mA", "A.m-2", "mA.cm-2", "uA.cm-2", "A.h", "mA.h", "mA.h.cm-2"),
    *("Ohm", "Ohm.m2", "Ohm.cm2", "S.m-1", "S.cm-1", "mS.cm-1", "F.m-2", "uF.cm-2"),
    *("m2.s-1", "cm2.s-1", "J.mol-1", "kJ.mol-1", "eV", "mol.m-3", "mol.m-2", "s-1"),
    *("Pa", "kPa", "MPa", "GPa", "C", "C.m-2"),
)


#: Units as people write them, where that is not PyBaMM's style.
_WRITTEN: Final = {
    "mA.h.cm-2": "mAh/cm2",
    "mA.h.g-1": "mAh/g",
    "mW.h.cm-2": "mWh/cm2",
    "mg.cm-2": "mg/cm2",
    "W.h.kg-1": "Wh/kg",
    "W.h.L-1": "Wh/L",
    "W.kg-1": "W/kg",
    "Ohm.cm2": "Ohm cm2",
    "mA.cm-2": "mA/cm2",
    "degC": "C",
}


def written(unit: str) -> str:
    """A unit as people write it, for sheets and the axes of figures.

    Parameters
    ----------
    unit : in PyBaMM's style; one without a common way of writing it stays as it is

    Examples
    --------
    >>> written("W.h.kg-1"), written("mV")
    ('Wh/kg', 'mV')
    """
    return _WRITTEN.get(unit, unit)


def unit_of(name: str) -> str | None:
    """Unit in the square brackets that end a name, or None if it has none.

    Examples
    --------
    >>> unit_of("Lithium self-diffusivity at 25 C [m2.s-1]")
    'm2.s-1'
    >>> unit_of("Contact fraction") is None
    True
    """
    match = re.search(r"\[([^\[\]]*)\]\s*$", name)
    return match.group(1).strip() if match else None


@functools.cache
def _registry() -> pint.UnitRegistry[float]:
    import pint

    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    registry.define("@alias ohm = Ohm")  # PyBaMM writes Ohm, pint knows ohm
    return registry


def _unreadable(text: str, where: str | None) -> UnitError:
    shown = text if len(text) <= 40 else f"{text[:40]}..."
    return UnitError(f"unknown unit '{shown}'. {nearest(shown, _USUAL)}", where=where)


@functools.lru_cache(maxsize=512)
def _parse(text: str) -> pint.Unit | None:
    plain = text.strip().replace("%", "percent").replace("°C", "degC")
    if plain in ("", "-", "1"):
        return _registry().dimensionless
    plain = _EXPONENT.sub(lambda match: f"**{match[0]}", _DOT.sub("*", plain))
    plain = re.sub(r"\s*(\*\*|\^)\s*", "**", plain)
    plain = plain.replace("²", "**2").replace("³", "**3")
    if not _PINT_STYLE.fullmatch(plain):
        return None
    try:
        return _registry().parse_units(plain)
    # Pint lets errors of its tokenizer and of Python's through, of many classes.
    except Exception:
        return None


def parse_unit(text: str, *, where: str | None = None) -> pint.Unit:
    """Read a unit written as PyBaMM does ("mA.cm-2") or as pint does ("mA/cm**2").

    Parameters
    ----------
    text : str
        The unit; "", "-" and "1" are dimensionless, "%" is a hundredth.
    where : str, optional
        File, table or option named in the message.

    Raises
    ------
    UnitError
        If the text is not a unit, or longer than 200 characters.

    Examples
    --------
    >>> parse_unit("mA.cm-2") == parse_unit("mA/cm^2")
    True
    """
    unit = _parse(text) if len(text) <= _LONGEST else None
    if unit is None:
        raise _unreadable(text, where)
    return unit


def _per_particle(unit: pint.Unit) -> bool:
    """Whether a unit is eV or a multiple: energies that are meant per particle."""
    text = str(unit)
    return text.endswith("electron_volt") and unit.is_compatible_with("joule")


def convert(
    value: float, from_unit: str | None, to_unit: str | None, where: str | None = None
) -> float:
    """A number in another unit.

    Temperatures convert with their offset (25 degC is 298.15 K). An energy in eV is
    one per particle and converts to J.mol-1 with Avogadro's number.

    Parameters
    ----------
    value : float
        Number in ``from_unit``.
    from_unit, to_unit : str or None
        Units as :func:`parse_unit` reads them; None is dimensionless.
    where : str, optional
        File, table or option named in the message.

    Returns
    -------
    float
        Number in ``to_unit``.

    Raises
    ------
    UnitError
        If a unit cannot be read or the dimensions differ.
    RecordError
        If the number is not finite, before or after.

    Examples
    --------
    >>> convert(50, "um", "m")
    5e-05
    >>> convert(25, "degC", "K")
    298.15
    >>> round(convert(0.34, "eV", "J.mol-1"))
    32805
    """
    given, wanted = from_unit or "", to_unit or ""
    check_finite(value, where=where)
    source, target = parse_unit(given, where=where), parse_unit(wanted, where=where)
    if source == target:
        return float(value)
    try:
        quantity = _registry().Quantity(value, source)
        if _per_particle(source) and target.is_compatible_with("joule / mole"):
            quantity = quantity * _registry().Quantity(1, "avogadro_constant")
        elif _per_particle(target) and source.is_compatible_with("joule / mole"):
            quantity = quantity / _registry().Quantity(1, "avogadro_constant")
        result = float(quantity.to(target).magnitude)
    except Exception as error:  # pint's own classes, and arithmetic on offset units
        raise _wrong_dimension(value, given, wanted, where) from error
    check_finite(result, where=where)
    return float(f"{result:.{_DIGITS}g}")


def _wrong_dimension(value: float, given: str, wanted: str, where: str | None) -> UnitError:
    expected = f"a unit that converts to '{wanted}'" if wanted else "a pure number"
    hint = ""
    if given == "C" and wanted == "K":
        hint = " (C is coulomb; write degC for degrees Celsius)"
    shown = f"{value:g} {given}".strip()
    return UnitError(f"given {shown}, expected {expected}{hint}.", where=where)


def check_finite(value: float, *, where: str | None = None) -> None:
    """Refuse a number that is NaN or infinite.

    Raises
    ------
    RecordError
        If the value is not finite.

    Examples
    --------
    >>> check_finite(1.0)
    """
    if not math.isfinite(value):
        raise RecordError(f"{value} is not a finite number.", where=where)


def parse_quantity(text: str, *, where: str | None = None) -> tuple[float, str | None]:
    """Split "50 um" or "50 [um]" into number and unit.

    Parameters
    ----------
    text : str
        A number, with or without a unit as :func:`parse_unit` reads it.
    where : str, optional
        File, table or option named in the message.

    Returns
    -------
    tuple of float and (str or None)
        The number and the unit as written; None for a bare number.

    Raises
    ------
    UnitError
        If the unit cannot be read.
    RecordError
        If the text does not start with a finite number.

    Examples
    --------
    >>> parse_quantity("1e-11 cm2.s-1")
    (1e-11, 'cm2.s-1')
    >>> parse_quantity("0.3")
    (0.3, None)
    """
    plain = text.strip()
    shown = plain if len(plain) <= 40 else f"{plain[:40]}..."
    number = _NUMBER.match(plain) if len(plain) <= _LONGEST else None
    if _NOT_FINITE.match(plain):
        raise RecordError(f"'{shown}' is not a finite number.", where=where)
    if number is None:
        raise RecordError(
            f"'{shown}' is not a quantity; write a number and a unit, as in '50 um'.",
            where=where,
        )
    value = float(number[0])
    check_finite(value, where=where)
    unit: str | None = plain[number.end() :].strip()
    if not unit:
        return value, None
    if bracketed := re.fullmatch(r"\[([^\[\]]*)\]", unit):
        unit = bracketed[1].strip()
    parse_unit(unit, where=where)
    return value, unit
