"""Where the lithium of an electrode with an interlayer goes, over time."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.colors import SymLogNorm

from twin import names
from twin.parts.formulas.constants import FARADAY
from twin.plots import (
    BLUE,
    GREEN,
    GREY,
    MAH_CM2,
    ORANGE,
    STYLE,
    conditions,
    save_figure,
)
from twin.run.results import TIME_DIMENSION, interlayer_dimension

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colorbar import Colorbar

#: Electrode whose interlayer is shown: the one that every cell has.
_SIDE: Final[names.Side] = "negative"


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
    return names.variable_of(names.PORE_FILLING, _SIDE) in result


def plot_interlayer(result: xr.Dataset, path: str | Path) -> None:
    """Where the lithium of an electrode with an interlayer goes, over time.

    Voltage; lithium in pores, host and foil per area; maps over time and position,
    separator below and foil above, of the reaction, the pore filling and the host.

    Parameters
    ----------
    result : xarray.Dataset
        Of a cell with an interlayer on its negative electrode, which is the one shown.
    path : str or Path
        Figure file; its ending gives the format.

    Raises
    ------
    TwinError
        If the file cannot be written.
    """
    hosted = names.variable_of(names.HOST_STOICHIOMETRY, _SIDE) in result
    rows = 5 if hosted else 4
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            rows, 1, figsize=(7.5, 2.4 * rows + 0.8), sharex=True, layout="constrained"
        )
        hours = result[TIME_DIMENSION].to_numpy() / 3600
        axes[0].plot(hours, result[names.VOLTAGE].to_numpy(), color="black")
        axes[0].set_ylabel("Voltage (V)")
        _lithium(axes[1], hours, result)
        _reaction(axes[2], result)
        _share(axes[3], result, names.PORE_FILLING, "Pore filling (-)")
        if hosted:
            _share(axes[4], result, names.HOST_STOICHIOMETRY, "Host stoichiometry (-)")
        axes[-1].set_xlabel("Time (h)")
        figure.suptitle(
            f"{result.attrs['cell']}: interlayer of the {_SIDE} electrode\n"
            f"{conditions(result)}",
            fontsize=11,
        )
        save_figure(figure, Path(path))


def gained(result: xr.Dataset, side: names.Side) -> dict[str, np.ndarray[Any, Any]]:
    """Lithium that each part of an electrode has gained since the start.

    Parameters
    ----------
    result : xarray.Dataset
        Of a cell with an interlayer on that electrode.
    side : "negative" or "positive"

    Returns
    -------
    dict of str to array
        Of pores, host and foil, over time, as charge per area [C.m-2]; without the host
        where there is none.

    Examples
    --------
    >>> name = names.variable_of(names.INVENTORY, "negative")
    >>> data = xr.Dataset({name: ("time", np.array([1.0, 3.0]))})
    >>> gained(data, "negative")["foil"].round()
    array([     0., 192971.])
    """
    parts = {
        "pores": names.LITHIUM_IN_PORES,
        "host": names.LITHIUM_IN_HOST,
        "foil": names.INVENTORY,
    }
    if names.variable_of(names.HOST_STOICHIOMETRY, side) not in result:
        del parts["host"]
    held = {part: names.variable_of(name, side) for part, name in parts.items()}
    amounts = {part: result[n].to_numpy() for part, n in held.items() if n in result}
    return {part: FARADAY * (amount - amount[0]) for part, amount in amounts.items()}


def _lithium(axis: Axes, hours: np.ndarray[Any, Any], result: xr.Dataset) -> None:
    """Lines of what pores, host and foil have gained."""
    axis.axhline(0, color=GREY, linewidth=0.8)
    colours = {"pores": BLUE, "host": GREEN, "foil": ORANGE}
    for part, charge in gained(result, _SIDE).items():
        axis.plot(hours, charge / MAH_CM2, color=colours[part], label=part)
    axis.set_ylabel("Lithium gained\n(mAh cm$^{-2}$)")
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 0.97), ncols=3)


def _reaction(axis: Axes, result: xr.Dataset) -> None:
    """Map of the reaction, on a scale that a short burst does not bleach."""
    name = names.variable_of(names.INTERLAYER_REACTION, _SIDE)
    # A.m-3 in mA.cm-3
    rate = -result[name].to_numpy().T / 1e3
    largest = float(abs(rate).max()) or 1.0
    usual = float(np.median(abs(rate)))
    decade = math.floor(math.log10(min(max(usual, largest / 1e3), largest / 10)))
    norm = SymLogNorm(10.0**decade, vmin=-largest, vmax=largest)
    label = (
        "Plating (+), stripping (-)\n(mA cm$^{-3}$)\n"
        f"log, linear within $\\pm10^{{{decade}}}$"
    )
    bar = _map(axis, result, rate, label, {"cmap": "RdBu_r", "norm": norm})
    ticks = 10.0 ** np.arange(decade, math.floor(math.log10(largest)) + 1)
    bar.set_ticks([*-ticks[::-1], 0, *ticks])


def _share(axis: Axes, result: xr.Dataset, name: str, label: str) -> None:
    """Map of a share between 0 and the largest there is."""
    values = result[names.variable_of(name, _SIDE)].to_numpy().T
    largest = max(float(values.max()), 0.01)
    _map(axis, result, values, label, {"cmap": "viridis", "vmin": 0.0, "vmax": largest})


def _map(
    axis: Axes, result: xr.Dataset, values: np.ndarray[Any, Any], label: str, style: Any
) -> Colorbar:
    """Colour map over time and position."""
    hours = result[TIME_DIMENSION].to_numpy() / 3600
    position = result[interlayer_dimension(_SIDE)].to_numpy()
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
    figure = axis.get_figure()
    assert figure is not None
    return figure.colorbar(colours, ax=axis, label=label)
