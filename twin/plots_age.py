"""Figure of a fade curve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from twin import names
from twin.plots import BLUE, GREY, ORANGE, STYLE, save_figure
from twin.run.fade_curve import CYCLE, RESOLVED
from twin.run.results import COMPLETED, ENDED_BY
from twin.studies.ageing import ERROR, LOSS, MECHANISM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

_MAH_CM2: Final = 36000.0

#: Half the height of the axis at least, in capacities: solver noise is no fade.
_LEAST_SPAN: Final = 0.005

#: Points from which they are drawn small.
_MANY: Final = 120

#: Below this share of the largest capacity the axis begins at zero.
_FROM_ZERO: Final = 0.6


def plot_ageing(aged: xr.Dataset, path: str | Path) -> None:
    """Capacity over the cycles, with its error, the cycles that were run, and the split.

    Parameters
    ----------
    aged : as :func:`twin.studies.ageing.ageing` returns it
    path : figure file; its ending gives the format

    Raises
    ------
    TwinError
        If the file cannot be written or the ending is no known format.
    """
    cycle = aged[CYCLE].to_numpy()
    discharged = aged[names.CYCLE_DISCHARGED].to_numpy() / _MAH_CM2
    run = aged[RESOLVED].to_numpy().astype(bool)
    with plt.rc_context({**STYLE, "font.size": 14}):
        panels = 2 if LOSS in aged else 1
        figure, axes = plt.subplots(
            1,
            panels,
            figsize=(8.0 + 4.0 * (panels - 1), 5.2),
            layout="constrained",
            squeeze=False,
            width_ratios=[2, 1][:panels],
        )
        axis = axes[0, 0]
        if ERROR in aged:
            error = aged[ERROR].to_numpy() / _MAH_CM2
            axis.fill_between(
                cycle,
                discharged - error,
                discharged + error,
                color=BLUE,
                alpha=0.25,
                linewidth=0,
                label="error estimate",
            )
        axis.plot(cycle, discharged, color=BLUE, label="discharge")
        if not run.all():
            axis.plot(
                cycle[run],
                discharged[run],
                "o",
                markersize=4 if run.sum() < _MANY else 2,
                color=ORANGE,
                label="cycles that were run",
            )
        axis.set_xlabel("cycle")
        axis.set_ylabel("discharge capacity [mAh/cm$^2$]")
        axis.ticklabel_format(useOffset=False)
        middle = (discharged.max() + discharged.min()) / 2
        half = max(0.62 * (discharged.max() - discharged.min()), _LEAST_SPAN * middle)
        axis.set_ylim(middle - half, middle + half)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        if discharged.min() < _FROM_ZERO * discharged.max():
            axis.set_ylim(bottom=0.0)
        axis.legend(frameon=False, loc="lower left")
        ended = aged.attrs[ENDED_BY]
        end = "" if ended == COMPLETED else f", ended by {ended}"
        figure.suptitle(f"{aged.attrs['cell']}, {aged.attrs['experiment']}{end}")
        if LOSS in aged:
            _split(axes[0, 1], aged)
        save_figure(figure, Path(path))


def _split(axis: Axes, aged: xr.Dataset) -> None:
    """How much each mechanism cost the last cycle, in the first discharge."""
    first = float(aged[names.CYCLE_DISCHARGED][0])
    loss = 100 * aged[LOSS].to_numpy() / first
    labels = [str(name).replace(", ", ",\n") for name in aged[MECHANISM].to_numpy()]
    place = np.arange(loss.size)
    axis.barh(place, loss, color=GREY)
    axis.set_yticks(place, labels)
    axis.invert_yaxis()
    axis.set_xlabel("cost of the last cycle\n[% of the first discharge]")
