"""What is wrong with a recorded test: repaired and said so, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from twin.errors import TwinError
from twin.parts.table_files import FloatArray

#: Share of the rows that may stand at the wrong place and are sorted.
_MOST_OUT_OF_ORDER: Final = 0.01
#: An interval is a gap if it is longer than this many usual ones ...
_GAP_FACTOR: Final = 30.0
#: ... and longer than this [s], with more than these steps of voltage [V, and usual ones]
#: or this one of current [-] over it: cyclers record less often where nothing changes.
_SHORTEST_GAP: Final = 60.0
_VOLTAGE_STEP: Final = 0.02
_VOLTAGE_FACTOR: Final = 5.0
_CURRENT_STEP: Final = 0.05
#: Share of the charge that may have passed in gaps, where it is only interpolated.
_MOST_CHARGE: Final = 0.02


def repaired(
    values: Mapping[str, FloatArray], *, where: str
) -> tuple[dict[str, FloatArray], tuple[str, ...]]:
    """A test with its rows in order and each row once, and what was done to that end.

    Parameters
    ----------
    values : "time" [s], "voltage" [V] and "current", each of shape (rows,)
    where : file, for messages

    Returns
    -------
    tuple of dict and tuple of str
        The same quantities, and one sentence for each kind of repair.

    Raises
    ------
    TwinError
        If there are fewer than two rows, no current flows, the time runs backwards in
        more than 1 % of the rows, or more than 2 % of the charge passed in gaps.

    Examples
    --------
    >>> one = np.array([0.0, 60.0, 60.0])
    >>> values, said = repaired({"time": one, "voltage": one, "current": one}, where="a")
    >>> values["time"].tolist(), said
    ([0.0, 60.0], ('1 duplicate row removed',))
    """
    rows = np.column_stack([values[key] for key in values])
    place = list(values).index("time")
    said: list[str] = []
    if (np.diff(rows[:, place]) <= 0).any():  # else no row can stand twice
        distinct = np.unique(rows, axis=0, return_index=True)[1]
        doubled = len(rows) - len(distinct)
        if doubled:
            rows = rows[np.sort(distinct)]
            said.append(f"{doubled} duplicate row{'s' if doubled > 1 else ''} removed")
    late = rows[:, place] < np.maximum.accumulate(rows[:, place])
    if late.any():
        _check_order(rows[:, place], late, where)
        rows = rows[np.argsort(rows[:, place], kind="stable")]
        count = int(late.sum())
        said.append(f"{count} row{'s' if count > 1 else ''} put in the order of time")
    found = {key: rows[:, column] for column, key in enumerate(values)}
    if len(rows) < 2:
        raise TwinError("has fewer than two rows of data", where=where)
    if not found["current"].any():
        raise TwinError(
            "no current flows in any row; check which column is the current", where=where
        )
    said += _gaps(found["time"], found["voltage"], found["current"], where)
    return found, tuple(said)


def _check_order(time: FloatArray, late: npt.NDArray[np.bool_], where: str) -> None:
    count = int(late.sum())
    if count <= max(1, _MOST_OUT_OF_ORDER * time.size):
        return
    falls = np.flatnonzero(np.diff(time) < 0)
    first = int(falls[0])
    raise TwinError(
        f"the time falls {falls.size} times, first from {time[first]:g} s to "
        f"{time[first + 1]:g} s, with {count} of {time.size} rows out of order: it may be "
        "the time of each step. Give the time since the start of the test, or one test "
        "in each file",
        where=where,
    )


def _gaps(
    time: FloatArray, voltage: FloatArray, current: FloatArray, where: str
) -> list[str]:
    """What is said of intervals in which a current flowed and nothing was recorded."""
    length = np.diff(time)
    usual = float(np.median(length[length > 0])) if (length > 0).any() else 0.0
    charge = np.abs(current[1:] + current[:-1]) / 2 * length
    long = (length > max(_GAP_FACTOR * usual, _SHORTEST_GAP)) & (charge > 0)
    step = np.abs(np.diff(voltage))
    large = step > max(_VOLTAGE_STEP, _VOLTAGE_FACTOR * float(np.median(step)))
    jumps = np.abs(np.diff(current)) > _CURRENT_STEP * float(np.abs(current).max())
    long &= large | jumps
    if not long.any():
        return []
    count, share = int(long.sum()), float(charge[long].sum() / charge.sum())
    longest = int(np.argmax(np.where(long, length, 0.0)))
    text = (
        f"{count} gap{'s' if count > 1 else ''} with a current, the longest of "
        f"{length[longest]:.4g} s after {time[longest]:.6g} s (usually {usual:.3g} s)"
    )
    if share > _MOST_CHARGE:
        raise TwinError(
            f"has {text}: {100 * share:.0f} % of the charge passed there, more than can be "
            "interpolated; give the missing rows or leave that part out",
            where=where,
        )
    return [f"{text}: the current in between is taken as linear"]
