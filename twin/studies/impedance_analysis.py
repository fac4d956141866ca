"""Everything that a spectrum says by itself, in one call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from twin.errors import TwinError
from twin.parts.spectra import Spectrum
from twin.studies.kramers_kronig import KramersKronig, kramers_kronig
from twin.studies.relaxation_times import RelaxationTimes, relaxation_times
from twin.studies.resistance_split import ResistanceSplit, split_resistances
from twin.studies.warburg_fit import LithiumLattice, WarburgFit, fit_warburg

#: Misfit of the split over |Z| above the noise that is worth a remark.
_POOR: Final = 0.01

#: Spectra of a series that choose its regularisation: each choice takes many fits.
_VOTERS: Final = 9


@dataclass(frozen=True, eq=False)
class ImpedanceAnalysis:
    """Result of the analysis of a spectrum.

    Attributes
    ----------
    spectrum : what was analysed
    kramers_kronig : whether it can come from a steady, linear, causal cell
    relaxation_times : distribution of relaxation times
    split : resistances of bulk, grain boundaries, interfaces, and diffusion
    warburg : Warburg coefficient from its window, or None without such a window
    notes : what a reader must know before using the numbers
    """

    spectrum: Spectrum
    kramers_kronig: KramersKronig
    relaxation_times: RelaxationTimes
    split: ResistanceSplit
    warburg: WarburgFit | None
    notes: tuple[str, ...]

    def to_json(self) -> Mapping[str, Any]:
        """Plain numbers, lists and text; quantities in SI, as the attributes say."""
        return {
            "spectrum": self.spectrum.to_json(),
            "kramers_kronig": self.kramers_kronig.to_json(),
            "relaxation_times": self.relaxation_times.to_json(),
            "split": self.split.to_json(),
            "warburg": None if self.warburg is None else self.warburg.to_json(),
            "notes": list(self.notes),
        }


def analyse(
    spectrum: Spectrum,
    lattice: LithiumLattice | None = None,
    capacitances: Mapping[str, float] | None = None,
) -> ImpedanceAnalysis:
    """Test a spectrum, and find its relaxation times, resistances and diffusion.

    A spectrum that fails the Kramers-Kronig test is analysed all the same; the first
    note says so.

    Parameters
    ----------
    spectrum : measured or simulated, at least 10 points
    lattice : lithium that the diffusivity refers to; none is given without
    capacitances : expected ones by process, see :func:`split_resistances`

    Returns
    -------
    ImpedanceAnalysis

    Raises
    ------
    TwinError
        If the spectrum has too few points, the capacitances are impossible, or a lattice
        is given for a spectrum that is not per area.

    Examples
    --------
    >>> from twin.parts.formulas.impedance import arc, warburg
    >>> f = np.logspace(6, -3, 91)
    >>> z = 60e-4 + arc(f, 20e-4, 1e-4) + arc(f, 10e-4, 0.1) + warburg(f, 1e-4)
    >>> found = analyse(Spectrum(f, z), LithiumLattice(76.9e3, 0.98, 298.15, 2))
    >>> round(found.split.parts["interface"].resistance * 1e4, 2)
    10.0
    >>> found.warburg is not None and round(found.warburg.coefficient * 1e4, 2)
    1.0
    """
    test = kramers_kronig(spectrum)
    distribution = relaxation_times(spectrum)
    split = split_resistances(spectrum, distribution, capacitances, lattice)
    warburg, reason = None, ""
    try:
        warburg = fit_warburg(spectrum, lattice)
    except TwinError as error:
        reason = str(error)
    notes = tuple(_notes(test, split, reason))
    return ImpedanceAnalysis(spectrum, test, distribution, split, warburg, notes)


def _notes(test: KramersKronig, split: ResistanceSplit, reason: str) -> Iterator[str]:
    if not test.passed:
        yield test.message
    if split.residual > _POOR + test.noise:
        yield (
            f"the split misses the spectrum by {100 * split.residual:.2g} % of |Z|: its "
            "resistances are no better than that"
        )
    for name, part in split.parts.items():
        if part.time_constant is None and "+" in name:
            yield (
                f"{name} are faster than the highest frequency and cannot be told apart; "
                "measure to higher frequencies or cool the cell"
            )
        if part.uncertainty > part.resistance / 4:
            share = 100 * part.uncertainty / part.resistance
            yield f"the resistance of {name} is uncertain by {share:.0f} %"
    if reason and split.diffusion is not None:
        yield (
            f"the Warburg coefficient is that of the fit of the whole spectrum: {reason}"
        )


def relaxation_series(spectra: Sequence[Spectrum]) -> tuple[RelaxationTimes, ...]:
    """Distributions of a series of spectra that can be compared.

    Each spectrum would choose a regularisation of its own, and a peak would widen or
    narrow from one to the next for no other reason; the median of the choices of nine of
    them, evenly spread, is used for all.

    Parameters
    ----------
    spectra : for instance one after each step of a stripping

    Returns
    -------
    tuple of RelaxationTimes, as many

    Raises
    ------
    TwinError
        If there is none, or one has too few points.

    Examples
    --------
    >>> from twin.parts.formulas.impedance import arc
    >>> f = np.logspace(5, 0, 31)
    >>> series = relaxation_series([Spectrum(f, 1 + arc(f, r, 1e-3)) for r in (1, 2)])
    >>> [round(one.resistance_between(0, np.inf), 1) for one in series]
    [1.0, 2.0]
    """
    if not spectra:
        raise TwinError("no spectrum is given; a series needs at least one.")
    asked = np.unique(np.linspace(0, len(spectra) - 1, _VOTERS).round().astype(int))
    own = [relaxation_times(spectra[place]).penalty for place in asked]
    penalty = float(np.median(own))
    return tuple(relaxation_times(spectrum, penalty) for spectrum in spectra)
