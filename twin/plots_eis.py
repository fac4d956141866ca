"""Figures of simulated impedance spectra, beside a measured one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from twin.parts.spectra import PER_AREA, Spectrum
from twin.plots_impedance import (
    plot_bode,
    plot_nyquist,
    plot_relaxation_map,
    plot_relaxation_times,
)
from twin.studies.relaxation_times import FEWEST_POINTS, relaxation_times

if TYPE_CHECKING:
    from twin.studies.eis_result import EisResult

#: Curves that the figure of relaxation times can hold.
_CURVES: Final = 4

#: Impedance over the first state's, or the median one if that is smaller, up to which a
#: state is drawn where axes are linear.
_ALIKE: Final = 2.0

#: States whose times a title can list.
_LISTED: Final = 3


def plot_eis(
    result: EisResult, path: str | Path, measured: Spectrum | None = None
) -> list[Path]:
    """Nyquist plot, with the Bode plot and the relaxation times in files beside it.

    The Bode plot of a series and a map of its relaxation times over the time of the
    experiment have all states. The Nyquist plot has those whose impedance is not beyond
    twice the first one's, or the median where that is smaller, since the arc of a lost
    contact would leave nothing to see of the others, and the relaxation times four of
    them; both say so.

    Parameters
    ----------
    result : of :func:`twin.studies.eis.eis`
    path : figure file of the Nyquist plot; its ending gives the format
    measured : drawn as points, per area

    Returns
    -------
    list of Path
        The files written: with "_bode", "_relaxation" and "_map" in their names.

    Raises
    ------
    TwinError
        If a file cannot be written.
    """
    first = Path(path)
    bode, relaxation, over_time = (
        first.with_stem(f"{first.stem}_{word}") for word in ("bode", "relaxation", "map")
    )
    spectra = [one.spectrum for one in result.spectra]
    count = len(spectra)
    hours = [one.state.time / 3600 for one in result.spectra] if count > 1 else []
    alike, scale = _alike(spectra)
    points = [measured] if measured is not None else []
    plot_nyquist(
        first,
        points,
        [spectra[k] for k in alike],
        hours=[hours[k] for k in alike] if hours else (),
        title=_left_out(hours, alike, scale) if hours else "",
    )
    plot_bode(bode, points, spectra, hours=hours)
    written = [first, bode]
    if spectra[0].frequency.size < FEWEST_POINTS:
        return written
    chosen = _evenly(alike)
    curves = [(spectra[k].label, result.relaxation_times[k]) for k in chosen]
    curves += [(one.label, relaxation_times(one)) for one in points]
    title = ""
    if len(chosen) < count:
        title = f"{len(chosen)} of {count} states; the map has all"
    plot_relaxation_times(relaxation, curves, PER_AREA, title=title)
    written.append(relaxation)
    if hours:
        plot_relaxation_map(
            over_time, hours, result.relaxation_times, PER_AREA, label="Time (h)"
        )
        written.append(over_time)
    return written


def _alike(spectra: Sequence[Spectrum]) -> tuple[list[int], str]:
    """States whose impedance leaves something to see of most, and beside which one's."""
    sizes = np.array([abs(one.impedance).max() for one in spectra])
    middle = float(np.quantile(sizes, 0.5, method="lower"))
    scale = "the first one's" if sizes[0] <= middle else "their median"
    most = _ALIKE * min(float(sizes[0]), middle)
    return np.flatnonzero(sizes <= most).tolist(), scale


def _left_out(hours: Sequence[float], alike: Sequence[int], scale: str) -> str:
    """Which states of a series are not drawn; empty if all are."""
    places = [place for place in range(len(hours)) if place not in alike]
    if not places:
        return ""
    times = [f"{hours[place]:.4g}" for place in places]
    when = f"{'' if places[-1] - places[0] < len(places) else 'among those '}from "
    when += f"{times[0]} to {times[-1]}"
    if len(places) <= _LISTED:
        when = "at " + " and ".join(filter(None, (", ".join(times[:-1]), times[-1])))
    return (
        f"Not drawn: {len(places)} of {len(hours)} spectra, {when} h, with |Z| above "
        f"{_ALIKE:g} times {scale};\nthe Bode plot has all"
    )


def _evenly(places: Sequence[int]) -> list[int]:
    """As many of them as the figure of relaxation times can hold."""
    count = min(len(places), _CURVES)
    return [places[k] for k in np.linspace(0, len(places) - 1, count).round().astype(int)]
