"""Columns of measured tables: what a header means, and its unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from twin import units
from twin.errors import TwinError, UnitError, UnknownNameError

#: What a column can be: names it goes by (lower case, blanks for underscores) and the SI
#: units that it may come to. The first names are those of the Battery Data Format, as
#: label and as machine-readable name (which carries its unit).
_MEANINGS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "time": (
        ("test time", "time", "total time", "elapsed time", "time s", "t"),
        ("s",),
    ),
    "voltage": (
        ("voltage", "cell voltage", "ewe", "ecell", "<ewe>", "potential", "u", "e"),
        ("V",),
    ),
    "current": (("current", "<i>", "i"), ("A", "A.m-2", "A.kg-1")),
    "cycle": (("cycle count", "cycle", "cycle index", "cycle number", "cycle id"), ("",)),
    "capacity": (
        (
            *("discharging capacity", "discharge capacity", "capacity", "q discharge"),
            *("specific capacity", "areal capacity", "q"),
        ),
        ("C.kg-1", "C.m-2", "C"),
    ),
    "rate": (("c-rate", "rate", "discharge rate", "c rate"), ("",)),
}

#: What no lithium cell with a solid electrolyte comes to, by SI unit: a larger number has
#: another unit than it is said to have. Critical currents come to some 1e3 A.m-2.
IMPOSSIBLE: Final = {"V": 100.0, "A.m-2": 5e3}

#: What numbers written in a unit that is too large are mostly in, by SI unit.
_SMALLER: Final = {"V": "mV", "A": "mA", "A.m-2": "mA.cm-2", "A.kg-1": "mA.g-1"}

#: Units by which the Battery Data Format's machine-readable names end.
_SPELLED: Final = {"second": "s", "volt": "V", "ampere": "A", "ah": "A.h"}

#: A name, then a unit after a slash or in brackets.
_HEADER: Final = re.compile(
    r"(?P<name>.+?)\s*(?:/\s*(?P<slash>[^()\[\]]+)|\[(?P<square>[^\[\]]*)\]"
    r"|\((?P<round>[^()]*)\))"
)
#: Ampere-hours, which no unit library reads without a sign between.
_AMPERE_HOURS: Final = re.compile(r"\b([mu]?)Ah\b")


@dataclass(frozen=True)
class Column:
    """A column that is needed, found in a table.

    Attributes
    ----------
    header : as written
    place : from 0
    unit : SI unit of the quantity
    factor : by which the numbers of the file come to that unit
    """

    header: str
    place: int
    unit: str
    factor: float


def name_and_unit(header: str) -> tuple[str, str | None]:
    """Name and unit of a column; None where it has no unit.

    Examples
    --------
    >>> name_and_unit("Test Time / s"), name_and_unit("current_ampere")
    (('test time', 's'), ('current', 'A'))
    >>> name_and_unit("Discharge Capacity (mAh/g)")
    ('discharge capacity', 'mA.h/g')
    """
    text = header.strip().strip('"')
    head, _, last = text.rpartition("_")
    if head and last in _SPELLED:
        return head.replace("_", " ").lower(), _SPELLED[last]
    match = _HEADER.fullmatch(text)
    name = match["name"] if match else text
    plain = re.sub(r"[\s_]+", " ", name).strip().lower()
    if match is None:
        return plain, None
    unit = (match["slash"] or match["square"] or match["round"] or "").strip()
    return plain, _AMPERE_HOURS.sub(r"\1A.h", unit) or None


def find_columns(
    header: Sequence[str],
    needed: Sequence[str],
    wished: Sequence[str] = (),
    mapping: Mapping[str, str] | None = None,
    *,
    where: str,
) -> dict[str, Column]:
    """The columns of some meanings.

    Parameters
    ----------
    header : names of all columns
    needed, wished : meanings: "time", "voltage", "current", "cycle", "capacity", "rate"
    mapping : header by meaning where a table has other names; a unit may be added as in
        "U = mV", for headers that say none
    where : file, for messages

    Returns
    -------
    dict of str to Column
        By meaning; wished ones only where there is one.

    Raises
    ------
    TwinError
        If a column is missing or ambiguous, or a unit is missing or does not fit.

    Examples
    --------
    >>> found = find_columns(["Test Time / s", "Voltage / mV"], ["voltage"], where="a.csv")
    >>> found["voltage"].place, found["voltage"].factor
    (1, 0.001)
    """
    mapping = mapping or {}
    for meaning in mapping:
        if meaning not in _MEANINGS:
            raise UnknownNameError("meaning of a column", meaning, _MEANINGS, where=where)
    found = {}
    for meaning in (*needed, *wished):
        given = mapping.get(meaning)
        column = (
            _by_name(header, meaning, where)
            if given is None
            else _by_mapping(header, meaning, given, where)
        )
        if column is not None:
            found[meaning] = column
        elif meaning in needed:
            names = _MEANINGS[meaning][0]
            listed = ", ".join(f"'{text}'" for text in header[:12])
            raise TwinError(
                f"has no column of the {meaning} (as '{names[0]}') among {listed}; "
                f"name it: columns = {{ {meaning} = \"...\" }}",
                where=where,
            )
    return found


def typical(values: npt.NDArray[Any]) -> float:
    """Median of the magnitudes that are not zero, the lower one of two; 0 without any.

    Examples
    --------
    >>> typical(np.array([0.0, 0.0, 0.0, -1.0, 2.0, 1000.0]))
    2.0
    """
    sizes = np.abs(values[values != 0])
    return float(np.quantile(sizes, 0.5, method="lower")) if sizes.size else 0.0


def unit_hint(column: Column, meaning: str, excess: float) -> str:
    """What to write where a column's numbers are too large for its unit.

    Parameters
    ----------
    column : of voltages or currents
    meaning : "voltage" or "current"
    excess : its numbers over what they can be, above 1 [-]

    Returns
    -------
    str
        The smaller unit to write in the case, if it makes the numbers possible.

    Examples
    --------
    >>> unit_hint(Column("I / A", 0, "A", 1.0), "current", 2.0)
    'if it is in mA, say so: columns = { current = "I / A = mA" }'
    >>> unit_hint(Column("I / mA", 0, "A", 1e-3), "current", 2.0)
    'check its unit and its numbers'
    """
    unit = _SMALLER[column.unit]
    share = units.convert(1.0, unit, column.unit) / column.factor
    if share * excess > 1:
        return "check its unit and its numbers"
    written = f'{meaning} = "{column.header} = {unit}"'
    return f"if it is in {unit}, say so: columns = {{ {written} }}"


def _by_mapping(header: Sequence[str], meaning: str, given: str, where: str) -> Column:
    if given in header:
        return _column(header, header.index(given), meaning, None, where)
    name, _, unit = given.rpartition("=")
    if name.strip() not in header:
        raise UnknownNameError("column", name.strip() or given, header, where=where)
    return _column(header, header.index(name.strip()), meaning, unit.strip(), where)


def _by_name(header: Sequence[str], meaning: str, where: str) -> Column | None:
    names = [name_and_unit(text)[0] for text in header]
    for known in _MEANINGS[meaning][0]:
        places = [place for place, name in enumerate(names) if name == known]
        if len(places) > 1:
            both = " and ".join(f"'{header[place]}'" for place in places)
            raise TwinError(
                f"{both} are both the {meaning}; choose: columns = {{ {meaning} = "
                f'"{header[places[0]]}" }}',
                where=where,
            )
        if places:
            return _column(header, places[0], meaning, None, where)
    return None


def _column(
    header: Sequence[str], place: int, meaning: str, unit: str | None, where: str
) -> Column:
    text = header[place]
    targets = _MEANINGS[meaning][1]
    if unit is None:
        unit = name_and_unit(text)[1]
    if unit is None and targets != ("",):
        raise UnitError(
            f"column '{text}' has no unit; write it in the header, as '{text} / "
            f"{_example(meaning)}', or in the case: columns = {{ {meaning} = "
            f'"{text} = {_example(meaning)}" }}',
            where=where,
        )
    unit = _AMPERE_HOURS.sub(r"\1A.h", unit or "")
    if meaning == "rate" and unit == "C":
        unit = ""  # "2C", not coulomb
    for target in targets:
        try:
            factor = units.convert(1.0, unit, target)
        except UnitError:
            continue
        return Column(text, place, target, factor)
    raise UnitError(
        f"column '{text}' is in '{unit}', which is no unit of the {meaning}; expected one "
        f"such as {_example(meaning)}",
        where=where,
    )


def _example(meaning: str) -> str:
    return {"time": "s", "voltage": "V", "current": "mA", "capacity": "mAh/g"}.get(
        meaning, "1"
    )
