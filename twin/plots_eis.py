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

#: Curves that one figure of a series can hold.
_CURVES: Final = 4

#: Impedance over the first state's up to which a state is drawn beside it.
_ALIKE: Final = 2.0


def plot_eis(
    result: EisResult, path: str | Path, measured: Spectrum | None = None
) -> list[Path]:
    """Nyquist plot, with the Bode plot and the relaxation times in files beside it.

    Of a series four states are drawn, evenly chosen from those whose impedance is not
    beyond twice the first one's: the arc of a lost contact would leave nothing to see of
    the others. A map of the relaxation times over the time of the experiment has all.

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
    count = len(result.spectra)
    chosen = _chosen([float(abs(one.spectrum.impedance).max()) for one in result.spectra])
    simulated = [result.spectra[place].spectrum for place in chosen]
    points = [measured] if measured is not None else []
    plot_nyquist(first, points, simulated)
    plot_bode(bode, points, simulated)
    written = [first, bode]
    if simulated[0].frequency.size < FEWEST_POINTS:
        return written
    curves = [
        (s.label, result.relaxation_times[k])
        for k, s in zip(chosen, simulated, strict=True)
    ]
    curves += [(one.label, relaxation_times(one)) for one in points]
    plot_relaxation_times(relaxation, curves, PER_AREA)
    written.append(relaxation)
    if count > 1:
        hours = [one.state.time / 3600 for one in result.spectra]
        plot_relaxation_map(
            over_time, hours, result.relaxation_times, PER_AREA, label="Time (h)"
        )
        written.append(over_time)
    return written


def _chosen(sizes: Sequence[float]) -> list[int]:
    """States to draw, by the size of their impedance."""
    alike = [place for place, size in enumerate(sizes) if size <= _ALIKE * sizes[0]]
    count = min(len(alike), _CURVES)
    return [alike[k] for k in np.linspace(0, len(alike) - 1, count).round().astype(int)]
