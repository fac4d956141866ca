"""Measured currents and voltages over time, as battery cyclers record them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from twin.errors import TwinError
from twin.parts.cycler_repairs import repaired
from twin.parts.table_files import LARGEST, FloatArray, read_columns

#: What a positive current does in a file; in this package it discharges.
PositiveCurrent = Literal["charge", "discharge"]

#: Endings of text tables.
TABLES: Final = (".csv", ".txt", ".tsv", ".bdf", ".mpt")
#: BioLogic's binary files, read by galvani, which is under the GPL and an extra.
_BINARY: Final = ".mpr"
_NEEDED: Final = ("time", "voltage", "current")
#: Columns of galvani's arrays by meaning, the first that there is, and factors to SI.
_GALVANI: Final = {
    "time": (("time/s", 1.0),),
    "voltage": (("Ewe/V", 1.0), ("<Ewe>/V", 1.0), ("Ecell/V", 1.0)),
    "current": (("I/mA", 1e-3), ("<I>/mA", 1e-3), ("I/A", 1.0)),
}


@dataclass(frozen=True)
class CyclerData:
    """A measured test of one cell.

    Attributes
    ----------
    time : from the start of the test, never falling [s], shape (rows,)
    voltage : of the cell [V]
    current : in ``current_unit``, positive when the cell discharges
    current_unit : "A", or per electrode area "A.m-2", or per active mass "A.kg-1"
    repairs : what was changed after reading, one sentence each
    label : name of the file
    """

    time: FloatArray
    voltage: FloatArray
    current: FloatArray
    current_unit: str
    repairs: tuple[str, ...]
    label: str


def read_cycler(
    path: str | Path,
    mapping: Mapping[str, str] | None = None,
    positive_current: PositiveCurrent = "charge",
) -> CyclerData:
    """A measured test from a file.

    Tables (.csv, .txt, .tsv, .bdf, and .mpt of BioLogic) need columns of time, voltage and
    current with units; known names are those of the Battery Data Format ("Test Time / s",
    "Voltage / V", "Current / A", or test_time_second and so on) and those of common
    cyclers. BioLogic's .mpr files need the extra "instruments". The file is only read.

    Parameters
    ----------
    path : the file
    mapping : headers by meaning ("time", "voltage", "current") where others are used
    positive_current : what a positive current does in the file: "charge", as most cyclers
        have it, or "discharge"

    Returns
    -------
    CyclerData
        With a positive current that discharges.

    Raises
    ------
    TwinError
        If the file cannot be read, a column or unit is missing, the time runs backwards,
        no current flows, or too much charge passed where nothing was recorded.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cell.csv"
    >>> text = "Test Time / s,Voltage / V,Current / A\\n0,3.9,-1e-3\\n60,3.8,-1e-3\\n"
    >>> _ = path.write_text(text)
    >>> read_cycler(path).current.tolist()
    [0.001, 0.001]
    """
    file = Path(path)
    ending = file.suffix.lower()
    left_out: tuple[str, ...] = ()
    if ending == _BINARY:
        if mapping is not None:
            raise TwinError("columns are for tables only; leave them out", where=str(path))
        values, unit = _with_galvani(file), "A"
    elif ending in TABLES:
        table = read_columns(file, _NEEDED, mapping=mapping)
        values = dict(table.values)
        unit, left_out = table.columns["current"].unit, table.repairs
    else:
        known = ", ".join((*TABLES, _BINARY))
        raise TwinError(
            f"'{ending}' is no known format of cyclers ({known}); export it as CSV",
            where=str(path),
        )
    values, repairs = repaired(values, where=str(path))
    data = CyclerData(
        values["time"],
        values["voltage"],
        values["current"],
        unit,
        (*left_out, *repairs),
        file.name,
    )
    return flipped(data) if positive_current == "charge" else data


def flipped(data: CyclerData) -> CyclerData:
    """The same test with the opposite sign of the current.

    This is the one place where the two conventions of sign meet.

    Examples
    --------
    >>> one = np.ones(2)
    >>> flipped(CyclerData(one, one, one, "A", (), "cell.csv")).current.tolist()
    [-1.0, -1.0]
    """
    return replace(data, current=-data.current)


def check_sign(data: CyclerData, positive_current: PositiveCurrent) -> None:
    """Refuse a test of a full cell whose voltage rises while it is said to discharge.

    Parameters
    ----------
    data : CyclerData
    positive_current : as :func:`read_cycler` was told

    Raises
    ------
    TwinError
        If it does, on the average over the charge passed.

    Examples
    --------
    >>> time, current = np.array([0.0, 60.0]), np.array([1.0, 1.0])
    >>> data = CyclerData(time, np.array([3.9, 3.8]), current, "A", (), "cell.csv")
    >>> check_sign(data, "charge")
    """
    middle = (data.current[1:] + data.current[:-1]) / 2
    if float(np.sum(middle * np.diff(data.voltage))) > 0:
        other = "discharge" if positive_current == "charge" else "charge"
        raise TwinError(
            f'positive_current is "{positive_current}", with which the voltage rises in a '
            "discharge or falls in a charge; it must do the opposite: write "
            f'positive_current = "{other}"',
            where=data.label,
        )


def _with_galvani(path: Path) -> dict[str, FloatArray]:
    if not path.is_file():
        raise TwinError("no such file; check the path.", where=str(path))
    if path.stat().st_size > LARGEST:
        raise TwinError("is larger than 2 GB; split it, or thin it out", where=str(path))
    try:
        from galvani import BioLogic
    except ImportError:
        raise TwinError(
            "'.mpr' files are read by galvani (under the GPL-3, not installed by default): "
            "pip install 'solid-state-twin[instruments]', or export the test as CSV",
            where=str(path),
        ) from None
    try:
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore")  # other people's deprecations
            data: Any = BioLogic.MPRfile(file).data
    except Exception as error:  # of classes that its parsers choose
        raise TwinError(
            f"galvani cannot read it ({error}); export the test as CSV", where=str(path)
        ) from None
    found = {}
    for meaning, names in _GALVANI.items():
        known = [(name, factor) for name, factor in names if name in data.dtype.names]
        if not known:
            listed = ", ".join(f"'{name}'" for name in data.dtype.names)
            raise TwinError(f"has no {meaning} among {listed}", where=str(path))
        name, factor = known[0]
        found[meaning] = data[name].astype(float) * factor
    return found
