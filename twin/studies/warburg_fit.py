"""Warburg coefficient of a spectrum, in a window that the data choose."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from twin.errors import TwinError
from twin.parts.formulas.impedance import diffusivity_from_warburg
from twin.parts.spectra import PER_AREA, FloatArray, Spectrum

#: How far the slopes of Z' and -Z'' over omega^-1/2 may differ: 5 %, 1.4 degrees in
#: the Nyquist plane.
TOLERANCE: Final = 0.05

#: A window holds at least so many points and decades: an arc passes 45 degrees too, but
#: within a tenth of a decade.
FEWEST_POINTS: Final = 6
SHORTEST: Final = 0.5

#: Standard errors that noise may add to the tolerance.
_SIGMAS: Final = 2.0

#: A slope known worse than this is none.
_VAGUEST: Final = 0.1


@dataclass(frozen=True)
class LithiumLattice:
    """What turns a Warburg coefficient into a diffusivity.

    Attributes
    ----------
    site_concentration : c_Li, times the lithium volume fraction [mol.m-3]
    occupancy : u0, mean occupancy of the sites [-]
    temperature : T [K]
    electrodes : equal lithium electrodes in series: 2 in a symmetric cell
    """

    site_concentration: float
    occupancy: float
    temperature: float
    electrodes: int

    def diffusivity(self, coefficient: float) -> float:
        """D [m2.s-1] of a Warburg coefficient [Ohm.m2.s-0.5].

        See :func:`twin.parts.formulas.impedance.diffusivity_from_warburg`.
        """
        return diffusivity_from_warburg(
            coefficient,
            self.site_concentration,
            self.occupancy,
            self.temperature,
            self.electrodes,
        )

    def check(self, spectrum: Spectrum) -> None:
        """Refuse a spectrum whose diffusivity cannot be known.

        Raises
        ------
        TwinError
            If it is not per electrode area.
        """
        if spectrum.unit != PER_AREA:
            raise TwinError(
                "a diffusivity needs the impedance per area; give the electrode area, "
                "for instance area='0.5 cm2'.",
                where=spectrum.label,
            )


@dataclass(frozen=True)
class WarburgFit:
    """A Warburg coefficient and where it was read.

    Attributes
    ----------
    coefficient : sigma [Ohm.m2.s-0.5, or Ohm.s-0.5]
    uncertainty : one standard error of it, same unit
    window : lowest and highest frequency used [Hz]
    points : number of points used
    slope_ratio : slope of Z' over slope of -Z'' in the window; 1 for a Warburg [-]
    diffusivity : D, if a lattice was given [m2.s-1]
    """

    coefficient: float
    uncertainty: float
    window: tuple[float, float]
    points: int
    slope_ratio: float
    diffusivity: float | None

    def to_json(self) -> Mapping[str, Any]:
        """Plain numbers and lists."""
        return {
            "coefficient": self.coefficient,
            "uncertainty": self.uncertainty,
            "window": list(self.window),
            "points": self.points,
            "slope_ratio": self.slope_ratio,
            "diffusivity": self.diffusivity,
        }


def fit_warburg(
    spectrum: Spectrum,
    lattice: LithiumLattice | None = None,
    tolerance: float = TOLERANCE,
) -> WarburgFit:
    r"""Warburg coefficient from the slopes of Z' and -Z'' over omega^-1/2.

    .. math:: Z' = a + \sigma\omega^{-1/2}, \qquad -Z'' = b + \sigma\omega^{-1/2}

    Semi-infinite diffusion in series with anything faster has both slopes equal: a
    straight line at 45 degrees in the Nyquist plane. The tail of an arc lifts -Z'' by a
    constant at most (J. E. B. Randles, Discuss. Faraday Soc. 1 (1947) 11,
    doi:10.1039/df9470100011), and the far side of a slab turns the line upright. The
    window is the widest in frequency, below the last minimum of -Z'', in whose lower
    and upper half as well as in the whole the two slopes differ by no more than the
    tolerance, and their mean is that of the whole within half of it, two standard
    errors of the noise added.

    Parameters
    ----------
    spectrum : per area if a lattice is given
    lattice : turns the coefficient into a diffusivity
    tolerance : by how much the slopes may differ, relative [-]

    Returns
    -------
    WarburgFit

    Raises
    ------
    TwinError
        If no window of 6 points and half a decade is that of a Warburg, or a lattice is
        given for a spectrum that is not per area.

    Examples
    --------
    >>> from twin.parts.formulas.impedance import arc, warburg
    >>> f = np.logspace(4, -3, 71)
    >>> found = fit_warburg(Spectrum(f, arc(f, 1e-2, 0.1) + warburg(f, 2e-4)))
    >>> round(found.coefficient * 1e4, 1), round(found.window[0], 4)
    (2.0, 0.001)
    """
    if lattice is not None:
        lattice.check(spectrum)
    spectrum.require(FEWEST_POINTS, "a Warburg coefficient")
    # rising omega^-1/2: from high to low frequency, as the spectrum is
    roots = 1 / np.sqrt(spectrum.angular_frequency)
    real, minus = spectrum.impedance.real, -spectrum.impedance.imag
    first = _last_minimum(minus)
    best: _Line | None = None
    for start in range(first, roots.size - FEWEST_POINTS + 1):
        for end in range(start + FEWEST_POINTS, roots.size + 1):
            width = 2 * math.log10(roots[end - 1] / roots[start])
            if width < SHORTEST or (best is not None and width <= best.width):
                continue
            line = _line(roots, real, minus, start, end)
            middle = math.sqrt(roots[start] * roots[end - 1])
            split = int(np.searchsorted(roots, middle))
            halves = [
                _line(roots, real, minus, low, high)
                for low, high in ((start, split), (split, end))
                if high - low >= 3
            ]
            parts = (line, *halves)
            if line.known and all(part.is_warburg(line.slope, tolerance) for part in parts):
                best = line
    if best is None:
        raise TwinError(
            f"no window of {SHORTEST:g} decades and {FEWEST_POINTS} points has the slope "
            "of a Warburg impedance; measure to lower frequencies.",
            where=spectrum.label,
        )
    return WarburgFit(
        coefficient=best.slope,
        uncertainty=best.error,
        window=(
            float(spectrum.frequency[best.end - 1]),
            float(spectrum.frequency[best.start]),
        ),
        points=best.end - best.start,
        slope_ratio=best.real_slope / best.minus_slope,
        diffusivity=None if lattice is None else lattice.diffusivity(best.slope),
    )


@dataclass(frozen=True)
class _Line:
    """Straight lines through Z' and -Z'' over omega^-1/2 in one window.

    Attributes
    ----------
    error : standard error of the common slope, from all that is off the lines
    noise : the same, from the differences of neighbours: a bend, which makes none, is no
        excuse for slopes that differ
    """

    start: int
    end: int
    width: float
    real_slope: float
    minus_slope: float
    error: float
    noise: float

    @property
    def slope(self) -> float:
        """Slope common to both parts; they have the same abscissae, hence the mean."""
        return (self.real_slope + self.minus_slope) / 2

    @property
    def known(self) -> bool:
        """Whether the slope stands out of the scatter."""
        return self.slope > 0 and self.error < _VAGUEST * self.slope

    def is_warburg(self, whole: float, tolerance: float) -> bool:
        """Whether both slopes are that of the whole window, scatter allowed for."""
        apart = abs(self.real_slope - self.minus_slope) / 2
        off = abs(self.slope - whole)
        return max(apart, off) <= tolerance / 2 * whole + _SIGMAS * self.noise


def _line(
    roots: FloatArray, real: FloatArray, minus: FloatArray, start: int, end: int
) -> _Line:
    x = roots[start:end]
    x = x - x.mean()
    spread = float(np.sum(x**2))
    slopes, left, steps = [], 0.0, 0.0
    for part in (real[start:end], minus[start:end]):
        centred = part - part.mean()
        slopes.append(float(np.sum(x * centred)) / spread)
        missed = centred - slopes[-1] * x
        left += float(np.sum(missed**2)) / max(1, x.size - 2)
        steps += float(np.mean(np.diff(missed) ** 2)) / 2
    # the mean of two slopes has half the standard error of their difference
    error, noise = (math.sqrt(square / spread) / 2 for square in (left, steps))
    width = 2 * math.log10(roots[end - 1] / roots[start])
    return _Line(start, end, width, slopes[0], slopes[1], error, noise)


def _last_minimum(minus: FloatArray) -> int:
    """Index of the lowest-frequency minimum of -Z'', between the arcs and the tail.

    Zero if there is none. A running median of five points keeps noise from making one.
    """
    padded = np.pad(minus, 2, mode="edge")
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(padded, 5), axis=1)
    falling = np.flatnonzero(np.diff(smooth) < 0)
    return int(falling[-1] + 1) if falling.size else 0
