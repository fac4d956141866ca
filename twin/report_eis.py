"""What the command line prints about impedance spectra."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.table import Table

from twin.parts.spectra import Spectrum
from twin.studies.impedance_analysis import ImpedanceAnalysis, analyse
from twin.studies.kramers_kronig import kramers_kronig
from twin.studies.relaxation_times import FEWEST_POINTS

if TYPE_CHECKING:
    from twin.studies.eis_result import EisResult, StateSpectrum

#: Ohm.m2 in one Ohm.cm2.
_OHM_CM2: Final = 1e-4

#: C.m-2 in one mAh.cm-2.
_MAH_CM2: Final = 36000.0

#: Lines of a series in the terminal; the files have all.
_MOST_LINES: Final = 24


def eis_sentence(result: EisResult) -> str:
    """What the spectra are of, in one sentence.

    Examples
    --------
    >>> from twin import eis
    >>> eis_sentence(eis("mann2025_lina", sweep=[1.0]))
    'mann2025_lina, fresh: 1 spectrum at 1 frequency.'
    """
    spectra = result.spectra
    points = spectra[0].spectrum.frequency
    count = f"{len(spectra)} {'spectrum' if len(spectra) == 1 else 'spectra'}"
    span = f"{points.size} frequencies from {points[-1]:g} to {points[0]:g} Hz"
    if points.size == 1:
        span = "1 frequency"
    ended = f" ({result.ended_by})" if result.ended_by else ""
    return f"{result.cell.name}, {result.state}{ended}: {count} at {span}."


def series_table(result: EisResult) -> Table:
    """Resistance, contact and voltage along the experiment, evenly chosen states."""
    table = Table(box=None, pad_edge=False)
    for heading in ("time", "discharge", "highest Z'", "lowest Z'", "voltage", "contact"):
        table.add_column(heading, justify="right")
    chosen = np.unique(
        np.linspace(0, len(result.spectra) - 1, _MOST_LINES).round().astype(int)
    )
    for place in chosen:
        one = result.spectra[place]
        real = one.spectrum.impedance.real / _OHM_CM2
        contact = ", ".join(f"{x:.3g}" for x in one.linearised.contact_fraction.values())
        table.add_row(
            f"{one.state.time / 3600:.4g} h",
            f"{one.state.charge / _MAH_CM2:.4g} mAh/cm2",
            f"{real[-1]:.4g} Ohm.cm2",
            f"{real[0]:.4g} Ohm.cm2",
            f"{1e3 * one.linearised.voltage:.4g} mV",
            contact,
        )
    return table


def analysis_table(one: StateSpectrum) -> Table:
    """What a spectrum says: parts of the resistance, diffusion, Kramers-Kronig."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row("spectrum of", one.spectrum.label)
    area = one.cell_area
    lowest = one.spectrum.impedance[-1]
    table.add_row(
        f"Z at {one.spectrum.frequency[-1]:g} Hz",
        f"{_shown(lowest / _OHM_CM2)} Ohm.cm2, {_shown(lowest / area)} Ohm",
    )
    if one.analysis is not None:
        for name, value in _findings(one.analysis):
            table.add_row(name, value)
    return table


def _shown(z: complex) -> str:
    return f"{z.real:.4g} {'-' if z.imag < 0 else '+'} {abs(z.imag):.4g}i"


def _findings(found: ImpedanceAnalysis) -> Iterator[tuple[str, str]]:
    for name, part in found.split.parts.items():
        value = f"{part.resistance / _OHM_CM2:.4g} Ohm.cm2"
        if part.time_constant is not None:
            value += f", {1 / (2 * np.pi * part.time_constant):.3g} Hz"
        yield name, value
    if found.warburg is not None:
        low, high = found.warburg.window
        value = f"{found.warburg.coefficient / _OHM_CM2:.4g} Ohm.cm2.s-0.5"
        if found.warburg.diffusivity is not None:
            value += f", D = {found.warburg.diffusivity * 1e4:.4g} cm2/s"
        yield "Warburg coefficient", f"{value}, read from {low:.3g} to {high:.3g} Hz"
    yield "Kramers-Kronig", found.kramers_kronig.message


def _verdict(measured: Spectrum) -> str:
    test = kramers_kronig(measured)
    share = f"{100 * test.systematic:.2g} % against {100 * test.tolerance:.2g} % allowed"
    return f"{'passed' if test.passed else 'failed'}: {share}"


def comparison_table(one: StateSpectrum, measured: Spectrum) -> Table:
    """Simulated beside measured resistances, and the misfit of the whole spectrum."""
    table = Table("part", "simulated", "measured", box=None, pad_edge=False)
    simulated = one.spectrum.impedance
    off = abs(simulated - measured.impedance) / abs(measured.impedance)
    for words, place in (("highest", 0), ("lowest", -1)):
        table.add_row(
            f"Z at the {words} frequency",
            *(
                f"{_shown(z[place] / _OHM_CM2)} Ohm.cm2"
                for z in (simulated, measured.impedance)
            ),
        )
    if one.analysis is not None and measured.frequency.size >= FEWEST_POINTS:
        splits = [found.split.parts for found in (one.analysis, analyse(measured))]
        for name in dict.fromkeys([*splits[0], *splits[1]]):
            table.add_row(
                name,
                *(
                    f"{parts[name].resistance / _OHM_CM2:.4g} Ohm.cm2"
                    if name in parts
                    else "none"
                    for parts in splits
                ),
            )
        table.add_row("Kramers-Kronig of the measured one", "", _verdict(measured))
    table.add_row("misfit over |Z|, root mean square", f"{100 * _rms(off):.3g} %", "")
    return table


def _rms(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(np.sqrt(np.mean(values**2)))


def all_notes(result: EisResult) -> list[str]:
    """Remarks on the state and on the analysis of its spectrum, each once."""
    found = result.last.analysis
    if found is None:
        analysed = [f"an analysis takes {FEWEST_POINTS} frequencies or more"]
    else:
        # of the Kramers-Kronig test the table has said the same
        analysed = [n for n in found.notes if n != found.kramers_kronig.message]
    return list(dict.fromkeys([*result.notes, *analysed]))
