"""Simulated impedance spectra with their states, and what they say."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any, Final

from twin import names
from twin.parts.cell import Cell
from twin.parts.formulas.lithium_metal import growth_share
from twin.parts.spectra import PER_AREA, Spectrum
from twin.run.small_signal import Linearised
from twin.run.states import State
from twin.studies.impedance_analysis import (
    ImpedanceAnalysis,
    analyse,
    relaxation_series,
)
from twin.studies.relaxation_times import FEWEST_POINTS, RelaxationTimes
from twin.studies.warburg_fit import LithiumLattice

#: Share of a plating current that may become new metal where a Warburg coefficient is to
#: be that of vacancies.
_MOST_GROWTH: Final = 0.01

#: Ohm.m2 in one Ohm.cm2.
_OHM_CM2: Final = 1e-4

#: Columns of a table; a reader of spectra finds frequency, Re(Z) and -Im(Z).
_COLUMNS: Final = (
    names.TIME,
    "Cycle",
    "Step",
    "Discharge [C.m-2]",
    "Frequency [Hz]",
    "Re(Z) [Ohm.cm2]",
    "-Im(Z) [Ohm.cm2]",
    "Re of the cell [Ohm]",
    "-Im of the cell [Ohm]",
)


@dataclass(frozen=True, eq=False)
class StateSpectrum:
    """The spectrum of a cell in one state.

    Attributes
    ----------
    cell : Cell
    linearised : the spectrum, with voltage, contact and occupancy of the state
    """

    cell: Cell
    linearised: Linearised

    @property
    def state(self) -> State:
        """Where in the run."""
        return self.linearised.state

    @property
    def cell_area(self) -> float:
        """Electrode area [m2]."""
        return self.cell.values[names.ELECTRODE_AREA]

    @property
    def spectrum(self) -> Spectrum:
        """The spectrum per area."""
        return self.linearised.spectrum

    @cached_property
    def lattice(self) -> LithiumLattice | None:
        """Lithium that a Warburg coefficient tells the diffusivity of.

        Only in a symmetric cell without interlayers, where nothing else diffuses, and
        only where both surfaces have vacancies: on a full lattice plating adds new metal.
        The two coefficients add up, hence the harmonic mean of the occupancies.
        """
        occupancy = self.linearised.surface_occupancy
        if len(occupancy) != 2 or self.cell.options.get("interlayer", "none") != "none":
            return None
        if full_sides(occupancy):
            return None
        given = self.cell.values
        sites = given[names.LITHIUM_SITE_CONCENTRATION]
        return LithiumLattice(
            sites * given[names.LITHIUM_VOLUME_FRACTION],
            2 / sum(1 / u for u in occupancy.values()),
            given[names.AMBIENT_TEMPERATURE],
            electrodes=2,
        )

    @cached_property
    def analysis(self) -> ImpedanceAnalysis | None:
        """What the spectrum says; None with fewer points than that takes."""
        if self.spectrum.frequency.size < FEWEST_POINTS:
            return None
        return analyse(self.spectrum, self.lattice)

    def to_json(self) -> Mapping[str, Any]:
        """Plain numbers and lists in SI."""
        found = self.analysis
        return {
            "time": self.state.time,
            "cycle": self.state.cycle,
            "step": self.state.step,
            "charge": self.state.charge,
            "voltage": self.linearised.voltage,
            "contact_fraction": dict(self.linearised.contact_fraction),
            "surface_occupancy": dict(self.linearised.surface_occupancy),
            "spectrum": dict(self.spectrum.to_json()),
            "analysis": None if found is None else dict(found.to_json()),
        }


def full_sides(occupancy: Mapping[str, float]) -> list[str]:
    """Electrodes whose lattice is so full that plating adds new metal.

    Parameters
    ----------
    occupancy : of the lattice at the separator, by side [-]

    Examples
    --------
    >>> full_sides({"negative": 0.98, "positive": 1.0})
    ['positive']
    """
    return [s for s, u in occupancy.items() if growth_share(1 - u) > _MOST_GROWTH]


@dataclass(frozen=True, eq=False)
class EisResult:
    """Spectra of a cell in one state, or in many along an experiment.

    Attributes
    ----------
    cell : Cell
    state : what brought it there: "fresh", an experiment or a state of charge
    arguments : of the experiment, as "VALUE unit"
    ended_by : name of the event that ended the experiment, or that it was completed;
        empty without one
    spectra : in the order of time
    notes : remarks, one sentence each
    rests_on : names of the cell's assumed and fitted parameters
    """

    cell: Cell
    state: str
    arguments: Mapping[str, str]
    ended_by: str
    spectra: tuple[StateSpectrum, ...]
    notes: tuple[str, ...]
    rests_on: tuple[str, ...]

    @property
    def area(self) -> float:
        """Electrode area [m2]."""
        return self.cell.values[names.ELECTRODE_AREA]

    @property
    def last(self) -> StateSpectrum:
        """The only spectrum, or the last one."""
        return self.spectra[-1]

    @cached_property
    def relaxation_times(self) -> tuple[RelaxationTimes, ...]:
        """Distributions of all spectra with one regularisation.

        Raises
        ------
        TwinError
            If the spectra have too few points.
        """
        return relaxation_series([one.spectrum for one in self.spectra])

    def to_json(self) -> str:
        """The result as JSON, in SI units."""
        content = {
            "cell": self.cell.name,
            "state": self.state,
            "arguments": dict(self.arguments),
            "ended_by": self.ended_by,
            "area": self.area,
            "spectra": [dict(one.to_json()) for one in self.spectra],
            "notes": list(self.notes),
            "rests_on": list(self.rests_on),
            "units": {
                "area": "m2",
                "time": "s",
                "charge": "C.m-2",
                "voltage": "V",
                "spectrum": PER_AREA,
            },
            "twin_version": version("solid-state-twin"),
        }
        return json.dumps(content, indent=2) + "\n"

    def to_csv(self) -> str:
        """All spectra as one table, per area and of the cell.

        A table of one spectrum can be read by :func:`read_spectrum`.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for one in self.spectra:
            state, spectrum = one.state, one.spectrum
            for f, z in zip(spectrum.frequency, spectrum.impedance, strict=True):
                shown = z / _OHM_CM2, z / self.area
                parts = [part for w in shown for part in (w.real, -w.imag)]
                place = (state.time, state.cycle, state.step, state.charge)
                writer.writerow([*place, f"{f:.12g}", *(f"{x:.9g}" for x in parts)])
        return text.getvalue()
