"""Impedance spectra in text tables: columns by name, with units."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from twin import units
from twin.errors import TwinError, UnitError, UnknownNameError
from twin.parts.spectra import ABSOLUTE, PER_AREA, FloatArray, ImpedanceUnit, Spectrum

#: A spectrum has some hundred lines; a larger file is something else.
_LARGEST: Final = 10_000_000

#: What a column can be, and the names it goes by, without signs, blanks and parentheses.
_NAMES: Final = {
    "frequency": ("frequency", "freq", "f"),
    "real": ("z'", "re", "rez", "zre", "zreal", "realz", "real"),
    "imaginary": ("z''", "im", "imz", "zim", "zimag", "imagz", "imaginary", "imag"),
}
_MINUS: Final = "minus_imaginary"
KEYS: Final = (*_NAMES, _MINUS)

#: A name, then a unit after a slash or in brackets: "Re(Z)/Ohm", "Z' (Ohm.cm2)".
_HEADER: Final = re.compile(
    r"(?P<name>.+?)\s*(?:/\s*(?P<slash>[^/()\[\]]+)|\[(?P<square>[^\[\]]*)\]"
    r"|(?<=\S)\s*\((?P<round>[^()]*[Ωhmz²][^()]*)\))"
)
_HERTZ: Final = re.compile(r"[kMGmu]?Hz")
_TYPOGRAPHY: Final = str.maketrans(
    {"′": "'", "″": "''", "’": "'", '"': "''", "−": "-", "–": "-"}
)


def read_table(path: Path, mapping: Mapping[str, str] | None = None) -> Spectrum:
    """An impedance spectrum from a CSV file.

    The first line that is not blank and does not start with "#" names the columns;
    commas, semicolons or tabs separate them (with the latter two a decimal comma may be
    used). Known names are, in any case, "frequency", "freq" and "f"; "Re", "Re(Z)",
    "Z'", "Zreal"; "Im", "Im(Z)", "Z''", "Zimag" for an imaginary part that is negative
    where the cell is capacitive, and the same with a minus in front for one that is
    positive there. Units stand behind a slash or in brackets, or in the mapping, and are
    never guessed; Ohm.cm2 makes the spectrum one per area.

    Parameters
    ----------
    path : the file
    mapping : headers by meaning where others are used: "frequency", "real" and one of
        "imaginary" and "minus_imaginary"; a unit may be added as in "Re = Ohm"

    Returns
    -------
    Spectrum

    Raises
    ------
    TwinError
        If the file cannot be read, a column is missing or ambiguous or has no unit, or a
        number is none.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cell.csv"
    >>> _ = path.write_text("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\\n1000,100,5\\n100,110,20\\n")
    >>> [complex(z) for z in read_table(path).impedance]
    [(100-5j), (110-20j)]
    """
    rows = _rows(path)
    if not rows:
        raise TwinError("is empty; it needs a line of column names.", where=str(path))
    (_, header), *lines = rows
    header, columns = _columns(header, mapping, str(path))
    if not lines:
        raise TwinError("has column names but no data.", where=str(path))
    values = {
        key: np.array([_number(cells, place, line, path) for line, cells in lines])
        for key, place in columns.items()
    }
    key = _MINUS if _MINUS in columns else "imaginary"
    with np.errstate(over="ignore"):  # refused below
        frequency = values["frequency"] * _hertz(header[columns["frequency"]], str(path))
        real, unit = _ohms(values["real"], header[columns["real"]], str(path))
        imaginary, other = _ohms(values[key], header[columns[key]], str(path))
    if not np.isfinite([frequency, real, imaginary]).all():
        raise TwinError("has numbers that are too large.", where=str(path))
    if unit != other:
        raise TwinError(
            f"'{header[columns['real']]}' and '{header[columns[key]]}' differ in unit; "
            "one is per area, the other is not.",
            where=str(path),
        )
    sign = -1 if key == _MINUS else 1
    return Spectrum(frequency, real + 1j * sign * imaginary, unit, label=path.name)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Lines that say something, split into cells, with their numbers."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TwinError(f"cannot be read: {reason}.", where=str(path)) from None
    if len(raw) > _LARGEST or b"\0" in raw:
        raise TwinError("is not a text table of a spectrum.", where=str(path))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # instruments' software of Windows
    kept = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not kept:
        return []
    separator = max("\t;,", key=kept[0][1].count)
    comma = separator != "," and not any("." in line for _, line in kept[1:])
    rows = []
    for place, (number, line) in enumerate(kept):
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]
        except csv.Error as error:
            raise TwinError(
                f"cannot be read: {error}.", where=f"{path}, line {number}"
            ) from None
        if comma and place:
            cells = [cell.replace(",", ".") for cell in cells]
        rows.append((number, cells))
    return rows


def _number(cells: Sequence[str], place: int, line: int, path: Path) -> float:
    where = f"{path}, line {line}"
    if place >= len(cells):
        raise TwinError(
            f"has {len(cells)} cells, too few for column {place + 1}.", where=where
        )
    try:
        value = float(cells[place])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise TwinError(f"'{cells[place]}' is not a finite number.", where=where)
    return value


def _columns(
    header: list[str], mapping: Mapping[str, str] | None, where: str
) -> tuple[list[str], dict[str, int]]:
    """Headers with their units, and the places of frequency, real and imaginary part."""
    found: dict[str, int] = {}
    if mapping is not None:
        header, found = _mapped(header, mapping, where)
    if mapping is None:
        for place, text in enumerate(header):
            meaning = _meaning(text)
            if meaning is None:
                continue
            if meaning in found:
                raise TwinError(
                    f"'{header[found[meaning]]}' and '{text}' are both the {meaning}; "
                    f"choose with mapping={{'{meaning}': ...}}.",
                    where=where,
                )
            found[meaning] = place
    for needed in ("frequency", "real", "imaginary"):
        if needed not in found and not (needed == "imaginary" and _MINUS in found):
            listed = ", ".join(f"'{text}'" for text in header)
            raise TwinError(
                f"no column of the {needed} part among {listed}; name the columns with "
                "mapping={'frequency': ..., 'real': ..., 'minus_imaginary': ...}.".replace(
                    "frequency part", "frequency"
                ),
                where=where,
            )
    if _MINUS in found and "imaginary" in found:
        raise TwinError(
            "has the imaginary part with both signs; choose one with a mapping.",
            where=where,
        )
    return header, found


def _mapped(
    header: list[str], mapping: Mapping[str, str], where: str
) -> tuple[list[str], dict[str, int]]:
    """Headers with the units that the mapping adds, and the places that it names."""
    named, found = list(header), {}
    for key, text in mapping.items():
        if key not in KEYS:
            raise UnknownNameError("meaning of a column", key, KEYS, where="mapping")
        name, unit = text, ""
        if text not in header:
            name, _, unit = (part.strip() for part in text.rpartition("="))
        if name not in header:
            raise UnknownNameError("column", name or text, header, where=where)
        found[key] = header.index(name)
        if unit:
            named[found[key]] = f"{name} [{unit}]"
    return named, found


def _parts(header: str) -> tuple[str, str | None]:
    """Name and unit of a column."""
    match = _HEADER.fullmatch(header)
    if match is None:
        return header, None
    unit = match["slash"] or match["square"] or match["round"]
    return match["name"], unit.strip() if unit else None


def _meaning(header: str) -> str | None:
    name = _parts(header.translate(_TYPOGRAPHY))[0]
    plain = re.sub(r"[\s_()]", "", name).lower()
    bare = plain.removeprefix("-")
    for key, names in _NAMES.items():
        if bare in names:
            if bare == plain:
                return key
            return _MINUS if key == "imaginary" else None
    return None


def _unit(header: str, example: str, where: str) -> str:
    """Unit of a column, which nothing stands for if it is missing."""
    unit = _parts(header)[1]
    if unit is None:
        raise UnitError(
            f"column '{header}' has no unit; write it in the header, as "
            f"'{header}/{example}'.",
            where=where,
        )
    return unit


def _hertz(header: str, where: str) -> float:
    """Hz in the unit of the frequencies."""
    unit = _unit(header, "Hz", where)
    if not _HERTZ.fullmatch(unit):
        raise UnitError(
            f"the frequency is in '{unit}', expected Hz, kHz, MHz or mHz (divide radians "
            "per second by 2 pi).",
            where=where,
        )
    return units.convert(1.0, unit, "Hz", where=where)


def _ohms(values: FloatArray, header: str, where: str) -> tuple[FloatArray, ImpedanceUnit]:
    """Impedances in Ohm, or in Ohm.m2 if they are per area."""
    unit = _unit(header, "Ohm' or '" + f"{header}/Ohm.cm2", where)
    known: tuple[ImpedanceUnit, ...] = (ABSOLUTE, PER_AREA)
    for target in known:
        try:
            return values * units.convert(1.0, unit, target, where=where), target
        except UnitError:
            continue
    raise UnitError(
        f"'{header}' is in '{unit}', expected a unit of resistance such as Ohm or Ohm.cm2.",
        where=where,
    )
