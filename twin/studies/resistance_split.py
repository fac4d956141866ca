"""Resistances of bulk, grain boundaries, interfaces and diffusion in a spectrum."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from twin.errors import TwinError
from twin.parts.spectra import PER_AREA, Spectrum
from twin.studies.circuit_fit import CircuitFit, fit_circuit
from twin.studies.relaxation_times import RelaxationTimes
from twin.studies.warburg_fit import LithiumLattice

#: Capacitances by which arcs of a pellet with lithium electrodes are told apart, in F for
#: a cell of about 1 cm2: those of mann2025 (methods), in the order of the table of
#: J. T. S. Irvine, D. C. Sinclair, A. R. West, Adv. Mater. 2 (1990) 132.
EXPECTED_ABSOLUTE: Final = {"bulk": 1e-11, "grain boundary": 1e-8, "interface": 1e-5}
#: The same per area, in F.m-2.
EXPECTED_PER_AREA: Final = {name: c * 1e4 for name, c in EXPECTED_ABSOLUTE.items()}

#: What stores more than this over the slowest process expected is a process of its own.
_SLOWER: Final = 10**1.5
SLOW: Final = "slow process"

#: Share of the resistance below which there is nothing left at the highest frequency.
_TRACE: Final = 1e-3

#: What is left at the highest frequency beside the fastest process expected: the leads of a
#: measured cell, and the spreading of the current from contact spots, which stores nothing.
LEADS: Final = "leads and constriction"


@dataclass(frozen=True)
class Part:
    """A resistance of a spectrum.

    Attributes
    ----------
    resistance : R [Ohm.m2, or Ohm]
    uncertainty : one standard error of it, same unit
    time_constant : mean of its arcs, weighted with their resistances, on a logarithmic
        scale; None where the arc lies above the highest frequency [s]
    """

    resistance: float
    uncertainty: float
    time_constant: float | None

    @property
    def capacitance(self) -> float | None:
        """Time constant over resistance, or None [F.m-2, or F]."""
        return None if self.time_constant is None else self.time_constant / self.resistance

    def to_json(self) -> Mapping[str, Any]:
        """Plain numbers."""
        return {
            "resistance": self.resistance,
            "uncertainty": self.uncertainty,
            "time_constant": self.time_constant,
            "capacitance": self.capacitance,
        }


@dataclass(frozen=True)
class Diffusion:
    """The diffusion in a spectrum.

    Attributes
    ----------
    coefficient : sigma [Ohm.m2.s-0.5, or Ohm.s-0.5]
    uncertainty : one standard error of it, same unit
    diffusion_time : L^2 / D if the slab's far side shows, else None [s]
    diffusivity : D, if a lattice was given [m2.s-1]
    """

    coefficient: float
    uncertainty: float
    diffusion_time: float | None
    diffusivity: float | None

    @property
    def thickness(self) -> float | None:
        """Thickness of the lithium that takes part, if it shows [m]."""
        if self.diffusion_time is None or self.diffusivity is None:
            return None
        return math.sqrt(self.diffusion_time * self.diffusivity)

    def to_json(self) -> Mapping[str, Any]:
        """Plain numbers."""
        return {
            "coefficient": self.coefficient,
            "uncertainty": self.uncertainty,
            "diffusion_time": self.diffusion_time,
            "diffusivity": self.diffusivity,
            "thickness": self.thickness,
        }


@dataclass(frozen=True, eq=False)
class ResistanceSplit:
    """A spectrum as the sum of its parts.

    Attributes
    ----------
    parts : resistances by name, from fast to slow. What is faster than the highest
        frequency has one name together, for instance "bulk + grain boundary"
    diffusion : Warburg impedance in series, or None
    residual : root mean square misfit over |Z|, of each part of the impedance [-]
    fit : the circuit behind them
    """

    parts: Mapping[str, Part]
    diffusion: Diffusion | None
    residual: float
    fit: CircuitFit

    def to_json(self) -> Mapping[str, Any]:
        """Plain numbers by name."""
        return {
            "parts": {name: dict(part.to_json()) for name, part in self.parts.items()},
            "diffusion": None if self.diffusion is None else self.diffusion.to_json(),
            "residual": self.residual,
        }


def split_resistances(
    spectrum: Spectrum,
    distribution: RelaxationTimes,
    capacitances: Mapping[str, float] | None = None,
    lattice: LithiumLattice | None = None,
) -> ResistanceSplit:
    """Resistances of the processes that a spectrum holds, told apart by capacitance.

    Arcs are fitted from the peaks of the distribution (:func:`fit_circuit`); each
    belongs to the process whose expected capacitance is nearest on a logarithmic scale,
    and arcs of one process add up. The resistance at the highest frequency belongs to
    the processes that are faster than the fastest arc.

    Parameters
    ----------
    spectrum : the data
    distribution : its relaxation times
    capacitances : expected ones by process, from fast to slow [F.m-2, or F for a
        spectrum in Ohm]; 1e-11, 1e-8 and 1e-5 F per cm2 if not given
    lattice : turns the Warburg coefficient into a diffusivity

    Returns
    -------
    ResistanceSplit

    Raises
    ------
    TwinError
        If the capacitances are none, not positive or not rising, or a lattice is given
        for a spectrum that is not per area.

    Examples
    --------
    >>> from twin.parts.formulas.impedance import arc
    >>> from twin.studies.relaxation_times import relaxation_times
    >>> f = np.logspace(6, 0, 61)
    >>> z = 60e-4 + arc(f, 20e-4, 1e-4) + arc(f, 10e-4, 0.1)
    >>> spectrum = Spectrum(f, z)
    >>> found = split_resistances(spectrum, relaxation_times(spectrum))
    >>> {name: round(part.resistance * 1e4, 2) for name, part in found.parts.items()}
    {'bulk': 60.0, 'grain boundary': 20.0, 'interface': 10.0}
    """
    expected = _expected(spectrum, capacitances)
    if lattice is not None:
        lattice.check(spectrum)
    fit = fit_circuit(spectrum, distribution.peaks)
    names = list(expected)
    owners = [_owner(c, expected) for c in fit.time_constants / fit.resistances]
    found: dict[str, Part] = {}
    fastest = min((names.index(o) for o in owners if o != SLOW), default=len(names))
    error = math.sqrt(fit.covariance[0, 0])
    whole = fit.ohmic + float(fit.resistances.sum())
    if fit.ohmic > max(3 * error, _TRACE * whole):
        name = " + ".join(names[:fastest]) if fastest else LEADS
        found[name] = Part(fit.ohmic, error, None)
    for name in (*names, SLOW):
        chosen = np.flatnonzero([owner == name for owner in owners])
        if chosen.size:
            found[name] = _part(fit, chosen)
    diffusion = None
    if fit.tail != "none":
        diffusion = Diffusion(
            coefficient=fit.coefficient,
            uncertainty=math.sqrt(fit.covariance[-2, -2]),
            diffusion_time=(
                fit.diffusion_time if math.isfinite(fit.diffusion_time) else None
            ),
            diffusivity=lattice.diffusivity(fit.coefficient) if lattice else None,
        )
    return ResistanceSplit(found, diffusion, fit.residual, fit)


def _part(fit: CircuitFit, chosen: npt.NDArray[np.intp]) -> Part:
    """The arcs of one process, together."""
    resistances = fit.resistances[chosen]
    logarithms = np.log(fit.time_constants[chosen])
    together = fit.covariance[np.ix_(1 + chosen, 1 + chosen)]
    return Part(
        resistance=float(resistances.sum()),
        uncertainty=math.sqrt(float(together.sum())),
        time_constant=math.exp(float(np.average(logarithms, weights=resistances))),
    )


def _owner(capacitance: float, expected: Mapping[str, float]) -> str:
    """Process whose capacitance is nearest."""
    if capacitance > _SLOWER * max(expected.values()):
        return SLOW
    return min(expected, key=lambda name: abs(math.log(capacitance / expected[name])))


def _expected(
    spectrum: Spectrum, capacitances: Mapping[str, float] | None
) -> Mapping[str, float]:
    if capacitances is None:
        return EXPECTED_PER_AREA if spectrum.unit == PER_AREA else EXPECTED_ABSOLUTE
    values = list(capacitances.values())
    positive = bool(values) and all(math.isfinite(c) and c > 0 for c in values)
    if not positive or any(a >= b for a, b in zip(values[:-1], values[1:], strict=True)):
        shown = ", ".join(f"{name} = {c:g}" for name, c in capacitances.items()) or "none"
        raise TwinError(
            f"expected capacitances ({shown}) must be above zero and rise from process to "
            "process, for instance bulk = 1e-7, interface = 0.1 F.m-2.",
            where=spectrum.label,
        )
    return capacitances
