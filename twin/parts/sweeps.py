"""Frequencies of an impedance spectrum, and intervals between spectra."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from twin import units
from twin.errors import TwinError, UnitError
from twin.parts.spectra import FloatArray, Spectrum

#: From slow diffusion to above the arc of a separator's grains.
DEFAULT_SWEEP: Final = "1 mHz:1 GHz:10"

#: More points than any instrument takes; a larger number is a slip.
MOST_POINTS: Final = 10_000

_WHERE: Final = "frequencies"


def sweep(text: str, *, where: str = _WHERE) -> FloatArray:
    """Frequencies, evenly spaced on a logarithmic scale, from "low:high:per-decade".

    Parameters
    ----------
    text : two frequencies, in Hz or with a unit, and the number of points in a decade
    where : what messages name as the place

    Returns
    -------
    f, shape (n,), from high to low; both ends included [Hz]

    Raises
    ------
    TwinError
        If it has another form, or a number is not possible.

    Examples
    --------
    >>> sweep("1:1 kHz:1")
    array([1000.,  100.,   10.,    1.])
    """
    parts = text.split(":")
    if len(parts) != 3:
        raise TwinError(
            f"'{text}': give low:high:per-decade, for instance '{DEFAULT_SWEEP}'.",
            where=where,
        )
    low, high = (_hertz(part, where) for part in parts[:2])
    try:
        per_decade = float(parts[2])
    except ValueError:
        per_decade = math.nan
    if not (math.isfinite(per_decade) and per_decade > 0):
        raise TwinError(
            f"'{parts[2]}' points per decade: give a number above zero.", where=where
        )
    if not high > low:
        raise TwinError(
            f"{high:g} Hz is not above {low:g} Hz; give the lower frequency first.",
            where=where,
        )
    points = math.log10(high / low) * per_decade
    if points > MOST_POINTS:
        raise TwinError(
            f"about {points:.3g} points are more than {MOST_POINTS}; take fewer in a "
            "decade.",
            where=where,
        )
    return np.asarray(np.geomspace(high, low, max(2, round(points) + 1)))


def _hertz(text: str, where: str) -> float:
    value, unit = units.parse_quantity(text, where=where)
    if unit is not None:
        value = units.convert(value, unit, "Hz", where=where)
    if not (math.isfinite(value) and value > 0):
        raise TwinError(f"frequency {value:g} Hz is not above zero.", where=where)
    return value


def frequencies(given: str | npt.ArrayLike) -> FloatArray:
    """Frequencies as asked for: a sweep in words, or the numbers themselves.

    Parameters
    ----------
    given : "low:high:per-decade", see :func:`sweep`, or numbers [Hz]

    Returns
    -------
    f, shape (n,), from high to low [Hz]

    Raises
    ------
    TwinError
        If a frequency is not a positive number, is there twice or out of order, or there
        are too many.

    Examples
    --------
    >>> frequencies([1, 10])
    array([10.,  1.])
    >>> frequencies([1, 0])
    Traceback (most recent call last):
    twin.errors.TwinError: frequencies: frequency 0 Hz (point 2) is not above zero.
    """
    if isinstance(given, str):
        return sweep(given)
    try:
        numbers = np.atleast_1d(np.asarray(given, dtype=float))
    except (TypeError, ValueError):
        raise TwinError(f"{given!r}: give numbers in Hz.", where=_WHERE) from None
    if numbers.size > MOST_POINTS:
        raise TwinError(f"{numbers.size} points are more than {MOST_POINTS}.", where=_WHERE)
    # the rules are those of a spectrum, whatever its impedance
    return Spectrum(numbers, np.ones(numbers.shape, complex), label=_WHERE).frequency


@dataclass(frozen=True)
class Interval:
    """How far apart spectra along a run are; one of the two is given.

    Attributes
    ----------
    time : [s]
    charge : passed in either direction [C.m-2]
    """

    time: float | None = None
    charge: float | None = None

    def seconds(self, density: float) -> float | None:
        """The interval at a current density; None where no charge passes.

        Parameters
        ----------
        density : of either sign [A.m-2]

        Examples
        --------
        >>> Interval(charge=360.0).seconds(-2.0)
        180.0
        """
        if self.charge is None:
            return self.time
        return self.charge / abs(density) if density else None


def interval(text: str) -> Interval:
    """An interval in words: a time or an areal charge with its unit.

    Parameters
    ----------
    text : for instance "30 min" or "0.1 mA.h.cm-2"

    Raises
    ------
    TwinError
        If it is neither, or not above zero.

    Examples
    --------
    >>> interval("30 min"), interval("0.1 mA.h.cm-2").charge
    (Interval(time=1800.0, charge=None), 3600.0)
    """
    where = f"every '{text}'"
    value, unit = units.parse_quantity(text, where=where)
    if not value > 0:
        raise TwinError("an interval must be above zero.", where=where)
    if unit is not None:
        try:
            return Interval(time=units.convert(value, unit, "s", where=where))
        except UnitError:
            pass
        try:
            return Interval(charge=units.convert(value, unit, "C.m-2", where=where))
        except UnitError:
            pass
    raise UnitError(
        "give a time or a charge per area with its unit, for instance '30 min' or "
        "'0.1 mA.h.cm-2'.",
        where=where,
    )
