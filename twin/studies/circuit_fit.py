"""Least-squares fit of arcs and a diffusion tail to a spectrum."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.optimize import OptimizeResult, least_squares

from twin.parts.formulas.impedance import arc, blocked_warburg, warburg
from twin.parts.spectra import ComplexArray, FloatArray, Spectrum
from twin.studies.relaxation_times import Peak

Tail = Literal["none", "Warburg", "blocked Warburg"]

#: Depression of an arc. Below 0.6 it is a diffusion, which the tail is for.
_EXPONENTS: Final = (0.6, 1.0)

#: Residual over |Z| below which a better fit is no more physics: finer than instruments,
#: and than the mesh of a simulated spectrum.
_ROUNDING: Final = 1e-4

#: Most arcs tried; no cell of this package has more processes.
_MOST_ARCS: Final = 5


@dataclass(frozen=True, eq=False)
class CircuitFit:
    """Resistance, inductance, arcs and diffusion in series, fitted.

    Attributes
    ----------
    ohmic : resistance in series [Ohm.m2, or Ohm]
    inductance : in series, zero unless the highest frequency is inductive [H.m2, or H]
    resistances, time_constants, exponents : of the arcs, shape (k,) each, from short to
        long [Ohm.m2, or Ohm; s; -]
    tail : "none", "Warburg" or "blocked Warburg"
    coefficient : sigma of the tail, zero without [Ohm.m2.s-0.5, or Ohm.s-0.5]
    diffusion_time : t_d of a blocked Warburg, infinite otherwise [s]
    covariance : of (ohmic, resistances, coefficient, diffusion_time), shape (k+3, k+3)
    residual : root mean square over |Z|, of each part of the impedance [-]
    information : Bayesian information criterion; the lowest of several fits is best
    """

    ohmic: float
    inductance: float
    resistances: FloatArray
    time_constants: FloatArray
    exponents: FloatArray
    tail: Tail
    coefficient: float
    diffusion_time: float
    covariance: FloatArray
    residual: float
    information: float

    def impedance(self, frequency: FloatArray) -> ComplexArray:
        """Impedance of the fit at any frequencies, shape (n,) [Ohm.m2, or Ohm]."""
        total = self.ohmic + 2j * np.pi * np.asarray(frequency) * self.inductance
        for resistance, time, exponent in zip(
            self.resistances, self.time_constants, self.exponents, strict=True
        ):
            total = total + arc(frequency, resistance, time / resistance, exponent)
        if self.tail == "Warburg":
            total = total + warburg(frequency, self.coefficient)
        elif self.tail == "blocked Warburg":
            total = total + blocked_warburg(
                frequency, self.coefficient, self.diffusion_time
            )
        return np.asarray(total, dtype=np.complex128)


def fit_circuit(spectrum: Spectrum, peaks: Sequence[Peak]) -> CircuitFit:
    r"""Arcs and a tail in series that describe a spectrum with the fewest parameters.

    .. math:: Z = R_0 + i\omega L + \sum_k \frac{R_k}{1 + (i\omega\tau_k)^{a_k}}
        + Z_{diffusion}

    fitted to the residuals over |Z|, from the peaks of a distribution of relaxation
    times. With no tail, a Warburg and a blocked one in turn, the arc whose resistance is
    the smallest against its standard error is taken out until none is left. Of all these
    fits the one with the lowest Bayesian information criterion is taken
    (G. Schwarz, Ann. Stat. 6 (1978) 461, doi:10.1214/aos/1176344136), and an arc or the
    tail is left out as long as that lowers it.

    Parameters
    ----------
    spectrum : the data
    peaks : where to start; the five of the largest resistance are used

    Returns
    -------
    CircuitFit
        Standard errors are in `covariance`.

    Examples
    --------
    >>> f = np.logspace(5, -1, 61)
    >>> spectrum = Spectrum(f, 1 + arc(f, 2.0, 1e-4, 0.9) + warburg(f, 0.5))
    >>> found = fit_circuit(spectrum, [Peak(3e-4, 1.5)])
    >>> found.tail, round(float(found.resistances[0]), 3), round(found.coefficient, 3)
    ('Warburg', 2.0, 0.5)
    """
    largest = sorted(peaks, key=lambda peak: -peak.resistance)[:_MOST_ARCS]
    fits = []
    tails: tuple[Tail, ...] = ("none", "Warburg", "blocked Warburg")
    for tail in tails:
        resistances = np.array([peak.resistance for peak in largest])
        times = np.array([peak.time_constant for peak in largest])
        while True:
            found = _Circuit(spectrum, len(resistances), tail).fit(resistances, times)
            fits.append(found)
            if not len(resistances):
                break
            errors = np.sqrt(np.diag(found.covariance)[1:-2])
            kept = np.arange(len(resistances)) != np.argmin(found.resistances / errors)
            resistances, times = found.resistances[kept], found.time_constants[kept]
    best = _best(fits)
    while True:
        simpler = _best([best, *_simpler(spectrum, best)])
        if simpler is best:
            return best
        best = simpler


def _best(fits: Sequence[CircuitFit]) -> CircuitFit:
    return min(fits, key=lambda fit: fit.information)


def _simpler(spectrum: Spectrum, fit: CircuitFit) -> Iterator[CircuitFit]:
    """The fit without each of its arcs, and without its tail."""
    count = len(fit.resistances)
    for left_out in range(count):
        kept = np.arange(count) != left_out
        yield _Circuit(spectrum, count - 1, fit.tail).fit(
            fit.resistances[kept], fit.time_constants[kept]
        )
    if fit.tail != "none":
        yield _Circuit(spectrum, count, "none").fit(fit.resistances, fit.time_constants)


class _Circuit:
    """One circuit: the meaning of its parameters, its residuals and its fit.

    Resistances, time constants and the tail enter as logarithms, which keeps them
    positive and of one size; R0 and L may be zero and enter as they are, in units of |Z|.
    """

    def __init__(self, spectrum: Spectrum, arcs: int, tail: Tail) -> None:
        self.spectrum, self.arcs, self.tail = spectrum, arcs, tail
        self.omega = spectrum.angular_frequency
        self.unit = float(np.median(abs(spectrum.impedance)))
        self.inductive = bool(spectrum.impedance[0].imag > 0)
        self.of_tail = {"none": 0, "Warburg": 1, "blocked Warburg": 2}[tail]

    def fit(self, resistances: FloatArray, times: FloatArray) -> CircuitFit:
        """The fit that starts from these arcs."""
        start, low, high = self._start(resistances, times)
        solved = least_squares(
            lambda x: self._residuals(self._circuit(x)),
            np.clip(start, low + 1e-9, high - 1e-9),
            bounds=(low, high),
            x_scale="jac",
            max_nfev=200,
        )
        return self._with_errors(solved)

    def _start(
        self, resistances: FloatArray, times: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        z = self.spectrum.impedance
        shortest, longest = 1 / self.omega[0], 1 / self.omega[-1]
        reach = (math.log(shortest / 10), math.log(longest * 10))
        small, large = math.log(1e-6), math.log(1e4)
        rows = [(max(float(z.real.min()), 0.0) / self.unit, 0.0, 1e3)]
        inductance = max(float(z[0].imag), 0.0) / self.unit
        rows += [(inductance, 0.0, 1e3)] * self.inductive
        rows += [(math.log(r / self.unit), small, large) for r in resistances]
        rows += [(math.log(time), *reach) for time in times]
        rows += [(0.95, *_EXPONENTS)] * self.arcs
        slow = max(-float(z[-1].imag), 1e-3 * self.unit) / self.unit
        # the tail's size at the lowest frequency, and its time
        rows += [(math.log(slow), math.log(1e-6), large)][: self.of_tail]
        rows += [(math.log(longest), *reach)][: self.of_tail - 1] if self.of_tail else []
        start, low, high = np.array(rows).T
        return start, low, high

    def _circuit(self, x: FloatArray) -> CircuitFit:
        """Parameters of the solver as quantities; errors are not known yet."""
        k, first = self.arcs, 1 + self.inductive
        tail = x[first + 3 * k :]
        return CircuitFit(
            ohmic=float(x[0]) * self.unit,
            inductance=float(x[1]) * self.unit / self.omega[0] if self.inductive else 0.0,
            resistances=np.exp(x[first : first + k]) * self.unit,
            time_constants=np.exp(x[first + k : first + 2 * k]),
            exponents=x[first + 2 * k : first + 3 * k],
            tail=self.tail,
            coefficient=(
                math.exp(tail[0]) * self.unit * math.sqrt(self.omega[-1])
                if tail.size
                else 0.0
            ),
            diffusion_time=math.exp(tail[1]) if tail.size > 1 else math.inf,
            covariance=np.zeros((k + 3, k + 3)),
            residual=math.nan,
            information=math.nan,
        )

    def _residuals(self, circuit: CircuitFit) -> FloatArray:
        z = self.spectrum.impedance
        missed = (circuit.impedance(self.spectrum.frequency) - z) / abs(z)
        return np.concatenate([missed.real, missed.imag])

    def _with_errors(self, solved: OptimizeResult) -> CircuitFit:
        """The fit with its residual, its information criterion and its covariance."""
        x: FloatArray = solved.x
        circuit = self._circuit(x)
        square = float(np.sum(solved.fun**2))
        count = solved.fun.size
        variance = square / max(1, count - x.size)
        # the pseudo-inverse leaves out what the data say nothing about
        inverse = np.linalg.pinv(solved.jac.T @ solved.jac, rcond=1e-14)
        first = 1 + self.inductive
        k = self.arcs
        factors = np.zeros((k + 3, x.size))
        factors[0, 0] = self.unit
        factors[np.arange(1, k + 1), first + np.arange(k)] = circuit.resistances
        for place, value in zip(
            range(self.of_tail), (circuit.coefficient, circuit.diffusion_time), strict=False
        ):
            factors[k + 1 + place, first + 3 * k + place] = value
        order = np.argsort(circuit.time_constants)
        covariance = factors @ (inverse * variance) @ factors.T
        moved = np.concatenate([[0], 1 + order, [k + 1, k + 2]])
        floor = max(square / count, _ROUNDING**2)
        return CircuitFit(
            ohmic=circuit.ohmic,
            inductance=circuit.inductance,
            resistances=circuit.resistances[order],
            time_constants=circuit.time_constants[order],
            exponents=circuit.exponents[order],
            tail=circuit.tail,
            coefficient=circuit.coefficient,
            diffusion_time=circuit.diffusion_time,
            covariance=covariance[np.ix_(moved, moved)],
            residual=math.sqrt(square / count),
            information=count * math.log(floor) + x.size * math.log(count),
        )
