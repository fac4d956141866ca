"""Columns of large text tables, read piece by piece; the file itself is never changed."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from twin.errors import TwinError
from twin.parts.columns import IMPOSSIBLE, Column, find_columns, typical, unit_hint

FloatArray = npt.NDArray[np.float64]

#: Lines that are in memory as text at a time.
_CHUNK: Final = 200_000
#: A year of one cell at a point a second comes to this; more has to be split.
LARGEST: Final = 2_000_000_000
#: Where the line of column names must begin [bytes].
_HEAD: Final = 262_144
#: How BioLogic's text files announce where their column names are.
_ANNOUNCED: Final = "Nb header lines"


@dataclass(frozen=True)
class Table:
    """Columns of a table in SI.

    Attributes
    ----------
    values : by meaning, each of shape (rows,)
    columns : what each was read from, by meaning
    repairs : what was left out, one sentence each
    """

    values: Mapping[str, FloatArray]
    columns: Mapping[str, Column]
    repairs: tuple[str, ...]


@dataclass(frozen=True)
class _Layout:
    encoding: str
    header: list[str]
    line: int  # of the header, from 1
    separator: str
    decimal: str


def read_columns(
    path: Path,
    needed: Sequence[str],
    wished: Sequence[str] = (),
    mapping: Mapping[str, str] | None = None,
) -> Table:
    """Some columns of a CSV file, in SI.

    Commas, semicolons or tabs separate the columns; with the latter two a decimal comma
    may be used. Lines that start with "#" before the column names are passed over, and so
    is the header of BioLogic's text files. Only the columns asked for are kept, so that
    memory is 8 bytes a number whatever else the file holds.

    Parameters
    ----------
    path : the file
    needed, wished, mapping : as of :func:`twin.parts.columns.find_columns`

    Returns
    -------
    Table
        Rows in which a needed number is missing are left out, and it says how many.

    Raises
    ------
    TwinError
        If the file cannot be read, is empty or too large, a column or its unit is missing,
        a cell is not a number (with its line), or a voltage is above 100 V.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("Test Time / h,Voltage / mV\\n0,3500\\n1,3400\\n")
    >>> table = read_columns(path, ["time", "voltage"])
    >>> table.values["time"].tolist(), table.values["voltage"].tolist()
    ([0.0, 3600.0], [3.5, 3.4])
    """
    layout = _layout(path)
    columns = find_columns(layout.header, needed, wished, mapping, where=str(path))
    parts: list[FloatArray] = []
    missing = 0
    stray: list[int] = []  # lines of the first impossible voltage in each piece
    with closing(_chunks(path, layout, columns)) as chunks:
        for first, frame in chunks:
            values = _numbers(frame, list(columns.values()), first, path)
            blank = np.isnan(values).all(axis=1)
            whole = ~np.isnan(values[:, : len(needed)]).any(axis=1)
            missing += int((~whole & ~blank).sum())
            parts.append(values[whole])
            if "voltage" in columns:
                scale = columns["voltage"].factor
                sizes = np.abs(values[:, list(columns).index("voltage")]) * scale
                beyond = np.flatnonzero(whole & (sizes > IMPOSSIBLE["V"]))
                stray += [first + int(row) for row in beyond[:1]]
    together = np.concatenate(parts) if parts else np.empty((0, len(columns)))
    if not together.size:
        raise TwinError("has column names but no data", where=str(path))
    repairs: tuple[str, ...] = ()
    if missing:
        repairs = (f"{_counted(missing, 'row')} without a number left out",)
    found = {
        meaning: together[:, place] * column.factor
        for place, (meaning, column) in enumerate(columns.items())
    }
    if stray:
        _refuse_voltages(found["voltage"], columns["voltage"], stray[0], path)
    return Table(found, columns, repairs)


def _refuse_voltages(voltage: FloatArray, column: Column, line: int, path: Path) -> None:
    """Say which row, or which unit, makes voltages that no cell has."""
    middle, limit = typical(voltage), IMPOSSIBLE["V"]
    if middle > limit:
        raise TwinError(
            f"column '{column.header}' comes to {middle:.4g} V, which no cell has; "
            f"{unit_hint(column, 'voltage', middle / limit)}",
            where=str(path),
        )
    beyond = np.abs(voltage) > limit
    count = int(beyond.sum())
    others = f", the first of {count} such rows" if count > 1 else ""
    raise TwinError(
        f"column '{column.header}' comes to {voltage[beyond][0]:.4g} V, which no cell "
        f"has{others}; remove or correct what is no measurement",
        where=f"{path}, line {line}",
    )


def header_of(path: Path) -> list[str]:
    """Names of the columns of a table.

    Raises
    ------
    TwinError
        If the file cannot be read or is empty.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("Time / s;Voltage / V\\n0;3,5\\n")
    >>> header_of(path)
    ['Time / s', 'Voltage / V']
    """
    return _layout(path).header


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _layout(path: Path) -> _Layout:
    where = str(path)
    try:
        if not path.is_file():
            raise TwinError("no such file; check the path.", where=where)
        size = path.stat().st_size
        with path.open("rb") as file:
            raw = file.read(_HEAD)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TwinError(f"cannot be read: {reason}.", where=where) from None
    if size > LARGEST:
        raise TwinError("is larger than 2 GB; split it, or thin it out", where=where)
    if b"\0" in raw:
        raise TwinError("is a binary file; export it as CSV", where=where)
    encoding = "utf-8-sig"
    try:
        # a character may be cut in two at the end of what was read
        text = raw[: raw.rfind(b"\n") + 1 or None].decode(encoding)
    except UnicodeDecodeError:
        encoding = "latin-1"  # instruments' software of Windows
        text = raw.decode(encoding)
    lines = text.splitlines()
    place = _header_line(lines)
    if place is None:
        raise TwinError("is empty; it needs a line of column names", where=where)
    separator = max("\t;,", key=lines[place].count)
    sample = lines[place + 1 : place + 50]
    comma = separator != "," and not any("." in line for line in sample)
    try:
        cells = next(csv.reader([lines[place]], delimiter=separator))
    except csv.Error as error:
        raise TwinError(f"its column names cannot be read: {error}", where=where) from None
    header = [cell.strip() for cell in cells]
    return _Layout(encoding, header, place + 1, separator, "," if comma else ".")


def _header_line(lines: Sequence[str]) -> int | None:
    for line in lines[:5]:
        if line.startswith(_ANNOUNCED):
            number = line.rpartition(":")[2].strip()
            if number.isdigit() and 0 < int(number) <= len(lines):
                return int(number) - 1
    for place, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith("#"):
            return place
    return None


def _chunks(
    path: Path, layout: _Layout, columns: Mapping[str, Column]
) -> Generator[tuple[int, Any], None, None]:
    """Number of the first line of each piece, and the piece as a data frame."""
    import pandas as pd

    places = sorted({column.place for column in columns.values()})
    line = layout.line + 1
    try:
        with pd.read_csv(
            path,
            sep=layout.separator,
            decimal=layout.decimal,
            encoding=layout.encoding,
            encoding_errors="replace",
            header=None,
            names=range(len(layout.header)),
            index_col=False,
            skiprows=layout.line,
            usecols=places,
            skip_blank_lines=False,
            chunksize=_CHUNK,
        ) as pieces:
            for frame in pieces:
                yield line, frame
                line += len(frame)
    except pd.errors.EmptyDataError:
        return
    except pd.errors.ParserError as error:
        raise TwinError(f"is not a table: {error}", where=str(path)) from None


def _numbers(frame: Any, columns: Sequence[Column], first: int, path: Path) -> FloatArray:
    import pandas as pd

    values = np.empty((len(frame), len(columns)))
    for place, column in enumerate(columns):
        given = frame[column.place]
        try:
            numbers = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float)
        except OverflowError:  # whole numbers of hundreds of digits
            numbers = np.array([_number(one) for one in given])
        # in SI it must be a number too
        largest = sys.float_info.max / max(1.0, abs(column.factor))
        bad = (np.isnan(numbers) & given.notna().to_numpy()) | (np.abs(numbers) > largest)
        if bad.any():
            row = int(np.argmax(bad))
            raise TwinError(
                f"'{given.iloc[row]!s:.60}' in column '{column.header}' is not a finite "
                "number",
                where=f"{path}, line {first + row}",
            )
        values[:, place] = numbers
    return values


def _number(given: object) -> float:
    try:
        return float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan
