"""Measured curves: one half cycle's voltage, and capacities over cycles or rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from twin.errors import TwinError
from twin.parts.columns import find_columns
from twin.parts.cycler_files import TABLES, CyclerData
from twin.parts.table_files import FloatArray, header_of, read_columns

#: Current below this share of the largest one counts as a rest.
_REST: Final = 1e-3


@dataclass(frozen=True)
class HalfCycleCurve:
    """Voltage of one charge or discharge.

    Attributes
    ----------
    capacity : passed since its start, rising from 0, in ``unit``
    unit : "C", or per electrode area "C.m-2", or per active mass "C.kg-1"
    voltage : [V]
    time : since its start [s]; None where only capacities were recorded
    repairs : what was changed after reading, one sentence each
    """

    capacity: FloatArray
    unit: str
    voltage: FloatArray
    time: FloatArray | None
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class CapacityTable:
    """Capacities over cycles or rates.

    Attributes
    ----------
    x : numbers of cycles, or C-rates [-]
    capacity : in ``unit``, each of shape (rows,)
    unit : "C", "C.m-2" or "C.kg-1"
    repairs : what was changed after reading, one sentence each
    """

    x: FloatArray
    capacity: FloatArray
    unit: str
    repairs: tuple[str, ...] = ()


def is_voltage_curve(path: Path, mapping: Mapping[str, str] | None = None) -> bool:
    """Whether a file is a table of capacity and voltage, not a test with its currents.

    Parameters
    ----------
    path : the file
    mapping : headers by meaning where others are used

    Raises
    ------
    TwinError
        If the file cannot be read or is empty.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "curve.csv"
    >>> _ = path.write_text("Capacity / mAh/g,Voltage / V\\n0,4.1\\n1,4.0\\n")
    >>> is_voltage_curve(path)
    True
    """
    if path.suffix.lower() not in TABLES:
        return False
    wished = ("capacity", "current")
    found = find_columns(header_of(path), (), wished, mapping, where=str(path))
    return "capacity" in found and "current" not in found


def read_voltage_curve(
    path: Path, mapping: Mapping[str, str] | None = None
) -> HalfCycleCurve:
    """A voltage curve from a table of capacity and voltage.

    Parameters
    ----------
    path : CSV file
    mapping : headers by meaning ("capacity", "voltage") where others are used

    Raises
    ------
    TwinError
        As :func:`twin.parts.table_files.read_columns`, or if the capacity falls.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "curve.csv"
    >>> _ = path.write_text("Capacity / mAh/g,Voltage / V\\n0,4.1\\n1,4.0\\n")
    >>> read_voltage_curve(path).capacity.tolist()
    [0.0, 3600.0]
    """
    table = read_columns(path, ("capacity", "voltage"), mapping=mapping)
    capacity, voltage = table.values["capacity"], table.values["voltage"]
    repairs = table.repairs
    late = int((capacity < np.maximum.accumulate(capacity)).sum())
    if late > max(2, 0.05 * capacity.size):
        raise TwinError(
            f"the capacity falls in {late} of {capacity.size} rows; give one charge or "
            "discharge in each file, from its start",
            where=str(path),
        )
    if late:  # points read off a figure may change places
        order = np.argsort(capacity, kind="stable")
        capacity, voltage = capacity[order], voltage[order]
        repairs = (*repairs, f"{late} row{'s' if late > 1 else ''} sorted by capacity")
    if capacity.size < 2 or capacity[-1] <= 0:
        raise TwinError("needs two rows and a capacity above zero", where=str(path))
    return HalfCycleCurve(capacity, table.columns["capacity"].unit, voltage, None, repairs)


def read_capacities(
    path: Path, over: Literal["cycle", "rate"], mapping: Mapping[str, str] | None = None
) -> CapacityTable:
    """Capacities over cycles or rates from a table.

    Parameters
    ----------
    path : CSV file
    over : "cycle" or "rate"
    mapping : headers by meaning ("capacity", "cycle", "rate") where others are used

    Raises
    ------
    TwinError
        As :func:`twin.parts.table_files.read_columns`, or if a number of a cycle or a rate
        is not above zero or has two capacities.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "rates.csv"
    >>> _ = path.write_text("C-rate,Discharge capacity / mAh/g\\n0.1,150\\n1,120\\n")
    >>> read_capacities(path, "rate").x.tolist()
    [0.1, 1.0]
    """
    table = read_columns(path, (over, "capacity"), mapping=mapping)
    rows = np.column_stack([table.values[over], table.values["capacity"]])
    distinct = np.unique(rows, axis=0)  # sorted by the first column
    x, capacity = distinct.T
    if (x <= 0).any():
        raise TwinError(f"a {over} of {x[0]:g} is not above zero", where=str(path))
    twice = np.flatnonzero(np.diff(x) == 0)
    if twice.size:
        raise TwinError(
            f"{over} {x[twice[0]]:g} has more than one capacity; leave one",
            where=str(path),
        )
    doubled = len(rows) - len(distinct)
    said = [f"{doubled} duplicate row{'s' if doubled > 1 else ''} removed"] * bool(doubled)
    return CapacityTable(
        x, capacity, table.columns["capacity"].unit, (*table.repairs, *said)
    )


def last_half_cycle(
    data: CyclerData, half: Literal["charge", "discharge"]
) -> HalfCycleCurve:
    """The last charge or discharge of a test, from the row at which its current begins.

    A half cycle lasts until a current flows the other way; rests within it count with it.

    Parameters
    ----------
    data : CyclerData
    half : "charge" or "discharge"

    Raises
    ------
    TwinError
        If there is none.

    Examples
    --------
    >>> time = np.array([0.0, 10.0, 20.0, 30.0])
    >>> current = np.array([-1.0, -1.0, 2.0, 2.0])
    >>> data = CyclerData(time, 4 - 0.01 * time, current, "A", (), "cell.csv")
    >>> last_half_cycle(data, "discharge").capacity.tolist()
    [0.0, 20.0]
    """
    sign = 1 if half == "discharge" else -1
    flows = np.where(
        np.abs(data.current) > _REST * np.abs(data.current).max(), np.sign(data.current), 0
    )
    wanted = np.flatnonzero(flows == sign)
    if not wanted.size:
        other = "charge" if half == "discharge" else "discharge"
        raise TwinError(
            f"has no {half}: as its sign is read, its current flows in a {other} only. If "
            'the sign is wrong, set positive_current to the other one of "charge" (the '
            f'default) and "discharge"; else compare the {other}: half_cycle = "{other}"',
            where=data.label,
        )
    end = wanted[-1]
    opposite = np.flatnonzero(flows[:end] == -sign)
    start = wanted[wanted > (opposite[-1] if opposite.size else -1)][0]
    part = slice(start, end + 1)
    if end == start:
        raise TwinError(f"its last {half} is a single row", where=data.label)
    time, current = data.time[part], np.abs(data.current[part])
    steps = (current[1:] + current[:-1]) / 2 * np.diff(time)
    return HalfCycleCurve(
        np.concatenate([[0.0], np.cumsum(steps)]),
        data.current_unit.replace("A", "C"),
        data.voltage[part],
        time - time[0],
        data.repairs,
    )
