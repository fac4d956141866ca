"""Where lithium plates across an interlayer, over time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

from twin import names
from twin.plots import STYLE, conditions, save_figure
from twin.run.results import TIME_DIMENSION, interlayer_dimension

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def interlayer_path(path: Path) -> Path:
    """File of the interlayer's figure, beside the figure of the run.

    Examples
    --------
    >>> interlayer_path(Path("run.png"))
    PosixPath('run_interlayer.png')
    """
    return path.with_name(f"{path.stem}_interlayer{path.suffix}")


def has_interlayer(result: xr.Dataset) -> bool:
    """Whether a result carries profiles of an interlayer.

    Examples
    --------
    >>> has_interlayer(xr.Dataset())
    False
    """
    return names.variable_of(names.PORE_FILLING, "negative") in result


def plot_interlayer(result: xr.Dataset, path: str | Path) -> None:
    """Reaction and pore filling over time and position, separator below, foil above.

    Parameters
    ----------
    result : xarray.Dataset
        Of a cell with an interlayer on its negative electrode.
    path : str or Path
        Figure file; its ending gives the format.

    Raises
    ------
    TwinError
        If the file cannot be written.
    """
    reaction = names.variable_of(names.INTERLAYER_REACTION, "negative")
    filling = names.variable_of(names.PORE_FILLING, "negative")
    # A.m-3 in mA.cm-3
    rate = -result[reaction].to_numpy().T / 1e3
    largest = float(np.percentile(abs(rate), 99.5)) or 1.0
    held = result[filling].to_numpy().T
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            3, 1, figsize=(7.5, 8.0), sharex=True, layout="constrained"
        )
        hours = result[TIME_DIMENSION].to_numpy() / 3600
        axes[0].plot(hours, result[names.VOLTAGE].to_numpy(), color="black")
        axes[0].set_ylabel("Voltage (V)")
        _map(
            axes[1],
            result,
            rate,
            "Plating (+), stripping (-)\n(mA cm$^{-3}$)",
            {"cmap": "RdBu_r", "vmin": -largest, "vmax": largest},
        )
        _map(
            axes[2],
            result,
            held,
            "Pore filling (-)",
            {"cmap": "viridis", "vmin": 0.0, "vmax": max(float(held.max()), 0.01)},
        )
        axes[2].set_xlabel("Time (h)")
        figure.suptitle(
            f"{result.attrs['cell']}: interlayer\n{conditions(result)}", fontsize=11
        )
        save_figure(figure, Path(path))


def _map(
    axis: Axes, result: xr.Dataset, values: np.ndarray[Any, Any], label: str, style: Any
) -> None:
    """Colour map over time and position."""
    hours = result[TIME_DIMENSION].to_numpy() / 3600
    position = result[interlayer_dimension("negative")].to_numpy()
    # equal times where one step ends and the next begins would leave empty cells
    order = np.unique(hours, return_index=True)[1]
    colours = axis.pcolormesh(
        hours[order],
        position,
        values[:, order],
        shading="nearest",
        rasterized=True,
        **style,
    )
    axis.grid(visible=False)
    axis.set_ylim(0, 1)
    axis.set_yticks([0, 0.5, 1], ["separator", "", "foil"])
    axis.get_figure().colorbar(colours, ax=axis, label=label)  # type: ignore[union-attr]
