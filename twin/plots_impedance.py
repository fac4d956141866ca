"""Figures of impedance spectra and of what was read from them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, ListedColormap, LogNorm, Normalize

from twin.errors import TwinError
from twin.parts.spectra import PER_AREA, Spectrum
from twin.plots import BLUE, GREEN, GREY, ORANGE, STYLE, save_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from twin.studies.relaxation_times import RelaxationTimes

#: Measured points are symbols, whatever was calculated is a line.
_COLOURS: Final = (BLUE, ORANGE, GREEN, GREY)
_MARKERS: Final = ("o", "s", "^", "D")

#: Colours of a series over time, up to this share of viridis: its end is too bright.
_BRIGHTEST: Final = 0.9

#: Width and height that the label of a frequency takes, over the width of the axis.
_LABEL: Final = (0.1, 0.04)

#: Number of a peak: how far around it [-, in ln tau] it must lie above every curve.
_BESIDE_PEAK: Final = 0.6

#: Below this share of the largest density a map is white.
_FAINTEST: Final = 2e-3

_BEHIND_TEXT: Final = {"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8}

#: Ratio of the largest |Z| to the smallest up to which all ticks have a number.
_ONE_DECADE: Final = 12.0

#: Curves whose names have room above an arc.
_LEGEND_INSIDE: Final = 2

#: Ratio of the sides of the Nyquist plane beyond which one would be unreadable.
_NARROWEST: Final = 0.25


def plot_nyquist(
    path: str | Path,
    measured: Sequence[Spectrum] = (),
    simulated: Sequence[Spectrum] = (),
    hours: Sequence[float] = (),
    title: str = "",
) -> None:
    """Nyquist plot with equal axes; decades of frequency are marked where there is room.

    Parameters
    ----------
    path : figure file; its ending gives the format
    measured : drawn as points
    simulated : drawn as lines
    hours : time of each simulated one [h]; if they differ, the spectra are told apart by
        colour, with a bar in place of their names
    title : of the figure

    Raises
    ------
    TwinError
        If there is no spectrum, their units differ, or the file cannot be written.
    """
    spectra = (*measured, *simulated)
    hours = _differing(hours)
    unit, factor = _unit(spectra)
    both = np.concatenate([spectrum.impedance for spectrum in spectra]) * factor
    (left, right), (bottom, top) = _nyquist_limits(both)
    # as tall as equal axes need, beside room for the labels
    height = 1.0 + 6.0 * (top - bottom) / (right - left)
    named = len(measured) + (0 if hours else len(simulated))
    if named > _LEGEND_INSIDE:
        height += 0.6
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.0, height), layout="constrained")
        for spectrum, style in _styled(measured, simulated, hours):
            z = spectrum.impedance * factor
            axis.plot(z.real, -z.imag, **style)
        widest = max(spectra, key=lambda one: float(np.ptp(one.impedance.real)))
        _mark_frequencies(axis, widest, factor, right - left)
        axis.axhline(0, color="black", linewidth=0.8)
        axis.set_xlabel(f"Z' ({unit})")
        axis.set_ylabel(f"-Z'' ({unit})")
        axis.set_xlim(left, right)
        axis.set_ylim(bottom, top)
        axis.set_aspect("equal", adjustable="box")
        if named > _LEGEND_INSIDE:
            axis.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize=9)
        elif named:
            axis.legend(loc="upper left", fontsize=9)
        _bar(figure, [axis], hours)
        if title:
            figure.suptitle(title, fontsize=10)
        save_figure(figure, Path(path))


def plot_bode(
    path: str | Path,
    measured: Sequence[Spectrum] = (),
    simulated: Sequence[Spectrum] = (),
    hours: Sequence[float] = (),
) -> None:
    """Magnitude and phase over frequency.

    Parameters
    ----------
    path : figure file; its ending gives the format
    measured : drawn as points
    simulated : drawn as lines
    hours : as in :func:`plot_nyquist`

    Raises
    ------
    TwinError
        If there is no spectrum, their units differ, or the file cannot be written.
    """
    hours = _differing(hours)
    unit, factor = _unit((*measured, *simulated))
    with plt.rc_context(STYLE):
        figure, (upper, lower) = plt.subplots(
            2, 1, figsize=(7.0, 6.0), sharex=True, layout="constrained"
        )
        for spectrum, style in _styled(measured, simulated, hours):
            z = spectrum.impedance * factor
            upper.loglog(spectrum.frequency, abs(z), **style)
            lower.semilogx(spectrum.frequency, -np.angle(z, deg=True), **style)
        sizes = np.concatenate([abs(one.impedance) for one in (*measured, *simulated)])
        # within one decade powers of ten say little
        upper.yaxis.set_major_formatter("{x:g}")
        if sizes.max() < _ONE_DECADE * sizes.min():
            upper.yaxis.set_minor_formatter("{x:g}")
        else:
            upper.yaxis.set_minor_formatter("")
        upper.set_ylabel(f"|Z| ({unit})")
        lower.set_ylabel("Minus phase (degrees)")
        lower.set_xlabel("Frequency (Hz)")
        if measured or not hours:
            upper.legend()
        _bar(figure, [upper, lower], hours)
        save_figure(figure, Path(path))


def plot_relaxation_times(
    path: str | Path,
    distributions: Sequence[tuple[str, RelaxationTimes]],
    unit: str,
    title: str = "",
) -> None:
    """Distributions of relaxation times, with the resistance of each peak of the first.

    Parameters
    ----------
    path : figure file; its ending gives the format
    distributions : labels and distributions
    unit : of the spectra they are of, "Ohm.m2" or "Ohm"
    title : of the figure, above what the numbers mean

    Raises
    ------
    TwinError
        If there is none, or the file cannot be written.
    """
    if not distributions:
        raise TwinError("no distribution is given; a figure needs one.")
    shown, factor = _shown_unit(unit)
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 4.5), layout="constrained")
        for (label, found), colour in zip(
            distributions, itertools.cycle(_COLOURS), strict=False
        ):
            axis.semilogx(
                found.time_constant, found.density * factor, color=colour, label=label
            )
        of, first = distributions[0]
        for peak in first.peaks:
            height = max(_beside(found, peak.time_constant) for _, found in distributions)
            axis.annotate(
                f"{peak.resistance * factor:.3g}",
                (peak.time_constant, height * factor),
                xytext=(0, 6),
                textcoords="offset points",
                ha="center",
                color=_COLOURS[0],
                fontsize=9,
                bbox=_BEHIND_TEXT,
            )
        axis.margins(y=0.12)
        axis.set_ylim(bottom=0)
        axis.set_xlabel("Relaxation time (s)")
        axis.set_ylabel(f"Density per ln $\\tau$ ({shown})")
        whose = f" of {of}" if len(distributions) > 1 else ""
        numbers = f"Numbers: resistance of each peak{whose} in {shown}"
        axis.set_title("\n".join(filter(None, (title, numbers))), fontsize=10)
        axis.legend()
        save_figure(figure, Path(path))


def plot_relaxation_map(
    path: str | Path,
    steps: Sequence[float],
    distributions: Sequence[RelaxationTimes],
    unit: str,
    label: str = "Step",
) -> None:
    """Relaxation times over the number of a step, as a map of the density.

    Parameters
    ----------
    path : figure file; its ending gives the format
    steps : abscissa of each distribution, rising, at least two
    distributions : as many, best from :func:`relaxation_series`
    unit : of the spectra they are of, "Ohm.m2" or "Ohm"
    label : of the abscissa

    Raises
    ------
    TwinError
        If there are fewer than two, steps and distributions differ in number, the steps
        do not rise, or the file cannot be written.
    """
    places = np.asarray(steps, dtype=float)
    if len(places) != len(distributions) or len(places) < 2:
        raise TwinError(
            f"{len(places)} steps and {len(distributions)} distributions; a map needs as "
            "many of both, at least two."
        )
    if (np.diff(places) <= 0).any():
        raise TwinError("the steps of a map must rise; sort the spectra by step.")
    shown, factor = _shown_unit(unit)
    shortest = min(found.time_constant[0] for found in distributions)
    longest = max(found.time_constant[-1] for found in distributions)
    times = np.geomspace(shortest, longest, 200)
    density = np.array(
        [
            np.interp(
                np.log(times), np.log(found.time_constant), found.density, left=0, right=0
            )
            for found in distributions
        ]
    )
    density = density * factor
    largest = float(density.max()) or 1.0
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 5.0), layout="constrained")
        colours = axis.pcolormesh(
            places,
            times,
            # a logarithmic scale has no place for zero
            np.maximum(density.T, _FAINTEST * largest / 2),
            shading="nearest",
            cmap=plt.get_cmap("viridis_r").with_extremes(under="white"),
            norm=LogNorm(_FAINTEST * largest, largest),
            rasterized=True,
        )
        axis.set_yscale("log")
        axis.grid(visible=False)
        axis.set_xlabel(label)
        axis.set_ylabel("Relaxation time (s)")
        figure.colorbar(
            colours, ax=axis, extend="min", label=f"Density per ln $\\tau$ ({shown})"
        )
        save_figure(figure, Path(path))


def _beside(found: RelaxationTimes, time_constant: float) -> float:
    """Highest density near a relaxation time."""
    distance = np.abs(np.log(found.time_constant / time_constant))
    return float(found.density[distance < _BESIDE_PEAK].max(initial=0.0))


def _differing(hours: Sequence[float]) -> Sequence[float]:
    """The times, if they differ; a bar of one time has no ends."""
    return hours if len(set(hours)) > 1 else ()


def _bar(figure: Figure, axes: Sequence[Axes], hours: Sequence[float]) -> None:
    """Which colour is which time, if the spectra are those of a series."""
    if hours:
        colours, scale = _colours_over_time(hours)
        bar = ScalarMappable(scale, colours)
        figure.colorbar(bar, ax=axes, label="Time (h)", pad=0.02)


def _colours_over_time(hours: Sequence[float]) -> tuple[Colormap, Normalize]:
    part = plt.get_cmap("viridis")(np.linspace(0, _BRIGHTEST, 256))
    return ListedColormap(part), Normalize(min(hours), max(hours))


def _shown_unit(unit: str) -> tuple[str, float]:
    """Unit of an axis, and what SI is multiplied with."""
    return ("$\\Omega$ cm$^2$", 1e4) if unit == PER_AREA else ("$\\Omega$", 1.0)


def _unit(spectra: Sequence[Spectrum]) -> tuple[str, float]:
    found = {spectrum.unit for spectrum in spectra}
    if not found:
        raise TwinError("no spectrum is given; a figure needs one.")
    if len(found) > 1:
        raise TwinError(
            "one spectrum is per area and another is not; give the electrode area to all, "
            "for instance area='0.5 cm2'."
        )
    return _shown_unit(found.pop())


def _styled(
    measured: Sequence[Spectrum], simulated: Sequence[Spectrum], hours: Sequence[float]
) -> list[tuple[Spectrum, dict[str, Any]]]:
    """Spectra with how they are drawn: one colour for a pair of both kinds, or by time."""
    points = [
        {"linestyle": "none", "marker": marker, "markersize": 4.5, "color": colour}
        | {"markerfacecolor": "white"}
        for marker, colour in zip(_MARKERS, _COLOURS, strict=True)
    ]
    lines: list[dict[str, Any]] = [{"color": colour} for colour in _COLOURS]
    if hours:
        colours, scale = _colours_over_time(hours)
        lines = [{"color": colours(scale(t)), "linewidth": 1.2} for t in hours]
    drawn = [
        *zip(measured, itertools.cycle(points), strict=False),
        *zip(simulated, itertools.cycle(lines), strict=False),
    ]
    named = len(measured) if hours else len(drawn)
    return [
        (one, style | {"label": one.label} if place < named else style)
        for place, (one, style) in enumerate(drawn)
    ]


def _mark_frequencies(axis: Axes, spectrum: Spectrum, factor: float, width: float) -> None:
    """Decades of frequency at the points nearest to them, where there is room."""
    wide, high = (share * width for share in _LABEL)
    logarithms = np.log10(spectrum.frequency)
    marked: list[complex] = []
    for decade in range(math.ceil(logarithms[-1]), math.floor(logarithms[0]) + 1):
        nearest = int(np.argmin(abs(logarithms - decade)))
        z = complex(spectrum.impedance[nearest] * factor)
        apart = [z - other for other in marked]
        if any(abs(d.real) < wide and abs(d.imag) < high for d in apart):
            continue
        marked.append(z)
        axis.plot(z.real, -z.imag, "o", color="black", markersize=4, zorder=4)
        axis.annotate(
            _hertz(10.0**decade),
            (z.real, -z.imag),
            xytext=(0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            bbox=_BEHIND_TEXT,
        )


def _hertz(frequency: float) -> str:
    for size, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")):
        if frequency >= size:
            return f"{frequency / size:g} {prefix}Hz"
    return f"{frequency * 1e3:g} mHz"


def _nyquist_limits(
    impedance: np.ndarray[Any, Any],
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Room around the data, the lower side never a mere line; the origin if it is near."""
    low, high = float(impedance.real.min()), float(impedance.real.max())
    if low < 0.3 * high:
        low = min(0.0, low)
    bottom, top = min(0.0, float((-impedance.imag).min())), float((-impedance.imag).max())
    reach = max(high - low, top - bottom)
    width, height = max(high - low, _NARROWEST * reach), max(top, _NARROWEST * reach)
    return (low - 0.05 * width, low + 1.06 * width), (
        bottom - 0.05 * height,
        1.3 * height,
    )
