"""Impedance spectra, measured or simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from twin import units
from twin.errors import TwinError

FloatArray: TypeAlias = npt.NDArray[np.float64]
ComplexArray: TypeAlias = npt.NDArray[np.complex128]

#: Impedance per electrode area, or of a whole cell whose area nobody gave.
PER_AREA: Final = "Ohm.m2"
ABSOLUTE: Final = "Ohm"
ImpedanceUnit = Literal["Ohm.m2", "Ohm"]


@dataclass(frozen=True, eq=False)
class Spectrum:
    """An impedance spectrum.

    Frequencies are kept from high to low, as an instrument sweeps them. They may be given
    in either order, but in order: a spectrum that jumps back and forth is two sweeps in
    one, or columns mixed up. A capacitive impedance has a negative imaginary part.

    Parameters
    ----------
    frequency : f, shape (n,), positive, all different, falling or rising [Hz]
    impedance : Z, shape (n,), finite and not zero [Ohm.m2, or Ohm if unit says so]
    unit : "Ohm.m2" for an impedance per electrode area, "Ohm" for that of a cell
    label : what messages and figures call it

    Raises
    ------
    TwinError
        If a frequency or an impedance breaks one of these rules.

    Examples
    --------
    >>> spectrum = Spectrum([1.0, 10.0], [2 - 1j, 1 - 0.5j])
    >>> spectrum.frequency
    array([10.,  1.])
    >>> Spectrum([1.0, -10.0], [2 - 1j, 1 - 0.5j])
    Traceback (most recent call last):
    twin.errors.TwinError: spectrum: frequency -10 Hz (point 2) is not above zero.
    """

    frequency: FloatArray
    impedance: ComplexArray
    unit: ImpedanceUnit = PER_AREA
    label: str = "spectrum"

    def __post_init__(self) -> None:
        frequency = np.array(self.frequency, dtype=np.float64, ndmin=1)
        impedance = np.array(self.impedance, dtype=np.complex128, ndmin=1)
        if frequency.ndim != 1 or frequency.shape != impedance.shape:
            raise self._error(
                f"{frequency.size} frequencies and {impedance.size} impedances; give one "
                "impedance for each frequency"
            )
        if frequency.size == 0:
            raise self._error("holds no point; check that the sweep was recorded")
        self._check_values(frequency, impedance)
        self._check_order(frequency)
        if frequency[0] < frequency[-1]:
            frequency, impedance = frequency[::-1].copy(), impedance[::-1].copy()
        frequency.setflags(write=False)
        impedance.setflags(write=False)
        object.__setattr__(self, "frequency", frequency)
        object.__setattr__(self, "impedance", impedance)

    def _error(self, message: str) -> TwinError:
        return TwinError(f"{message}.", where=self.label)

    def _check_values(self, frequency: FloatArray, impedance: ComplexArray) -> None:
        for place, (f, z) in enumerate(zip(frequency, impedance, strict=True), start=1):
            if not np.isfinite(f):
                raise self._error(f"frequency of point {place} is {f}; remove the point")
            if f <= 0:
                raise self._error(f"frequency {f:g} Hz (point {place}) is not above zero")
            if not np.isfinite(z):
                raise self._error(f"impedance at {f:g} Hz is {z}; remove the point")
            if z == 0:
                raise self._error(f"impedance at {f:g} Hz is zero; remove the point")

    def _check_order(self, frequency: FloatArray) -> None:
        steps = np.diff(frequency)
        if (steps == 0).any():
            twice = frequency[1:][steps == 0][0]
            raise self._error(f"frequency {twice:g} Hz is there twice; keep one of them")
        turns = np.flatnonzero(np.sign(steps) != np.sign(steps[:1]))
        if turns.size:
            at = frequency[turns[0] + 1]
            raise self._error(
                f"the frequencies turn at {at:g} Hz (point {turns[0] + 2}); sort them, or "
                "split the file if it holds several sweeps"
            )

    @property
    def angular_frequency(self) -> FloatArray:
        """Angular frequency omega = 2 pi f, shape (n,) [rad.s-1]."""
        return 2 * np.pi * self.frequency

    def require(self, points: int, purpose: str) -> None:
        """Refuse a spectrum with too few points.

        Parameters
        ----------
        points : the fewest there may be
        purpose : what needs them, for the message

        Raises
        ------
        TwinError
            If the spectrum has fewer.

        Examples
        --------
        >>> Spectrum([1.0], [1 - 1j]).require(2, "a line")
        Traceback (most recent call last):
        twin.errors.TwinError: spectrum: 1 point(s), but a line needs at least 2.
        """
        if self.frequency.size < points:
            raise self._error(
                f"{self.frequency.size} point(s), but {purpose} needs at least {points}"
            )

    def per_area(self, area: float | str) -> Spectrum:
        """The spectrum of one square metre.

        Parameters
        ----------
        area : electrode area, a number in m2 or text with a unit ("0.385 cm2")

        Raises
        ------
        TwinError
            If it is one per area already, or the area is not positive.

        Examples
        --------
        >>> one = Spectrum([1.0], [100 - 10j], unit="Ohm").per_area("0.5 cm2")
        >>> complex(one.impedance[0]), one.unit
        ((0.005-0.0005j), 'Ohm.m2')
        """
        if self.unit != ABSOLUTE:
            raise self._error("is per area already; leave the area out")
        size = _area(area, self.label)
        return replace(self, impedance=self.impedance * size, unit=PER_AREA)

    def of_cell(self, area: float | str) -> Spectrum:
        """The spectrum of a whole cell.

        Parameters
        ----------
        area : electrode area, a number in m2 or text with a unit ("0.385 cm2")

        Raises
        ------
        TwinError
            If it is that of a cell already, or the area is not positive.

        Examples
        --------
        >>> cell = Spectrum([1.0], [0.005 - 0.0005j]).of_cell("0.5 cm2")
        >>> complex(cell.impedance[0]), cell.unit
        ((100-10j), 'Ohm')
        """
        if self.unit != PER_AREA:
            raise self._error("is that of a cell already; leave the area out")
        size = _area(area, self.label)
        return replace(self, impedance=self.impedance / size, unit=ABSOLUTE)

    def to_json(self) -> Mapping[str, Any]:
        """Plain lists and numbers: frequencies [Hz], real and imaginary parts [unit]."""
        return {
            "label": self.label,
            "unit": self.unit,
            "frequency": self.frequency.tolist(),
            "real": self.impedance.real.tolist(),
            "imaginary": self.impedance.imag.tolist(),
        }


def _area(area: float | str, where: str) -> float:
    if isinstance(area, str):
        value, unit = units.parse_quantity(area, where=f"{where}, area")
        if unit is None:
            raise TwinError(f"'{area}' has no unit; write '{area} cm2'.", where=where)
        area = units.convert(value, unit, "m2", where=f"{where}, area")
    if not (np.isfinite(area) and area > 0):
        raise TwinError(f"an area of {area:g} m2 is not above zero.", where=where)
    return float(area)
