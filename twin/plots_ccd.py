"""Figures of critical current densities: the staircase of one cell, and maps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.ticker import LogLocator, MaxNLocator

from twin import names
from twin.plots import BLUE, GREY, ORANGE, STYLE, save_figure
from twin.run.failure import CONTACT_LOSS, OHMIC_LIMIT, SHORT, SOLVER, SURVIVED
from twin.run.results import TIME_DIMENSION
from twin.studies.ccd_map import CCD, CONTINUOUS_CCD, MODE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import XAxis, YAxis

    from twin.studies.ccd import CcdResult

#: A.m-2 in one mA.cm-2.
_MA_CM2: Final = 10.0

#: Levels of the filled map, and of the lines drawn and labelled on it.
_FILLS: Final = 20
_LINES: Final = 6

#: How each failure is marked on a map.
_HATCHES: Final = {SHORT: "//", SURVIVED: "..", SOLVER: "xx"}


def plot_ccd(result: CcdResult, path: str | Path) -> None:
    """Voltage and current of a staircase over time, with the failure marked.

    Parameters
    ----------
    result : CcdResult
    path : str or Path
        Figure file; its ending gives the format.

    Raises
    ------
    TwinError
        If the file cannot be written or the ending is no known format.
    """
    run = result.run
    hours = run[TIME_DIMENSION].to_numpy() / 3600
    # in phase with the current, as cyclers show it: PyBaMM's voltage has the other sign
    voltage = -run[names.VOLTAGE].to_numpy()
    density = run[names.TOTAL_CURRENT_DENSITY].to_numpy() / _MA_CM2
    with plt.rc_context({**STYLE, "font.size": 14}):
        figure, axis = plt.subplots(figsize=(8.0, 5.2), layout="constrained")
        axis.grid(visible=False)
        other = axis.twinx()
        other.grid(visible=False)
        other.spines["right"].set_visible(True)
        other.fill_between(hours, density, color=ORANGE, alpha=0.25, linewidth=0)
        other.plot(hours, density, color=ORANGE, linewidth=1.0)
        axis.plot(hours, voltage, color=BLUE, linewidth=1.8)
        axis.set_zorder(other.get_zorder() + 1)  # the voltage lies on top
        axis.patch.set_visible(False)
        axis.set_xlabel("Time (h)")
        axis.set_ylabel("Polarisation (V)", color=BLUE)
        other.set_ylabel("Current density (mA cm$^{-2}$)", color=ORANGE)
        # an Ohmic cell's voltage would hide the current if both had the same height
        _even(axis, _without_the_end(voltage), 1.75)
        _even(other, density, 1.2)
        highest = float(np.abs(voltage).max())
        if highest > axis.get_ylim()[1]:
            axis.set_ylabel(
                f"Polarisation (V)\naxis cut: it comes to {highest:.3g} V", color=BLUE
            )
        axis.set_xlim(0, 1.04 * hours[-1])
        _mark(axis, result, hours[-1], voltage[-1])
        figure.suptitle(f"{result.cell}: {_conditions(result)}", fontsize=12)
        save_figure(figure, Path(path))


def _without_the_end(voltage: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Voltages that set the scale: the run away to the cut-off would flatten the rest."""
    ordinary = 1.6 * float(np.quantile(np.abs(voltage), 0.99))
    clipped: np.ndarray[Any, Any] = np.clip(voltage, -ordinary, ordinary)
    return clipped


def _even(axis: Axes, values: np.ndarray[Any, Any], room: float) -> None:
    """Zero in the middle, so that both scales share it, and some room above."""
    reach = room * float(np.abs(values).max()) or 1.0
    axis.set_ylim(-reach, reach)


def _mark(axis: Axes, result: CcdResult, hours: float, voltage: float) -> None:
    """A line at the failure, and what it is, in words."""
    value = result.critical_current_density / _MA_CM2
    failure = result.failure
    text = f"CCD {result.bound} {value:.3g} mA cm$^{{-2}}$"
    if failure.mode != SURVIVED:
        axis.axvline(hours, color="black", linestyle="--", linewidth=1.4)
        reach = axis.get_ylim()[1]
        marker = "X" if failure.mode == SHORT else "o"
        if abs(voltage) > reach:  # an arrow to where it lies
            marker = "^" if voltage > 0 else "v"
        shown = float(np.clip(voltage, -0.97 * reach, 0.97 * reach))
        axis.plot(hours, shown, marker, color="black", markersize=10, clip_on=False)
        text += f"\n{failure.in_words}"
    axis.text(
        0.03,
        0.97,
        text,
        transform=axis.transAxes,
        ha="left",
        va="top",
        bbox={"facecolor": "white", "edgecolor": GREY, "alpha": 0.9},
    )


def _conditions(result: CcdResult) -> str:
    shown = ("half_cycle_capacity", "half_cycle_time", "step", "cut_off")
    parts = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in result.arguments.items()
        if name in shown
    ]
    return ", ".join(parts) or result.experiment


def plot_map(found: xr.Dataset, path: str | Path) -> None:
    """Filled map of the CCD with lines of equal CCD; failures are told apart by hatching.

    Parameters
    ----------
    found : xarray.Dataset
        As :func:`twin.studies.ccd_map.ccd_map` returns it.
    path : str or Path
        Figure file; its ending gives the format.

    Raises
    ------
    TwinError
        If the file cannot be written or the ending is no known format.
    """
    x, y = (found[key].to_numpy() for key in ("x", "y"))
    # what the solver failed at stays white
    density = np.ma.masked_invalid(found[CONTINUOUS_CCD].to_numpy() / _MA_CM2)
    with plt.rc_context({**STYLE, "font.size": 14}):
        figure, axis = plt.subplots(figsize=(8.0, 6.4), layout="constrained")
        axis.grid(visible=False)
        if found["x"].attrs["logarithmic"]:
            axis.set_xscale("log")
            _plain_ticks(axis.xaxis, x)
        if found["y"].attrs["logarithmic"]:
            axis.set_yscale("log")
            _plain_ticks(axis.yaxis, y)
        # a bound is no number: no lines through designs that nothing ended
        ended = np.ma.masked_where(found[MODE].to_numpy() == SURVIVED, density)
        density = ended if ended.count() else density
        filled = axis.contourf(x, y, density, _levels(density, _FILLS), cmap="cividis")
        ticks = _levels(density, _LINES)
        bar = figure.colorbar(filled, ax=axis, pad=0.02, ticks=ticks)
        bar.set_label("CCD (mA cm$^{-2}$)")
        lines = axis.contour(x, y, density, ticks, colors="white", linewidths=1.6)
        # an outline makes white lines and numbers readable on the bright end too
        outline: list[AbstractPathEffect] = [withStroke(linewidth=3, foreground="black")]
        lines.set_path_effects(outline)
        for text in axis.clabel(lines, fmt="%g", fontsize=12):
            text.set_path_effects(outline)
        handles = _hatch(axis, found)
        axis.set_xlabel(_label(found["x"]))
        axis.set_ylabel(_label(found["y"]))
        figure.legend(handles=handles, loc="outside lower center", ncols=2)
        figure.suptitle(
            f"{found.attrs['cell']}: {found.attrs['experiment_title']}", size=12
        )
        save_figure(figure, Path(path))


def _levels(values: np.ma.MaskedArray[Any, Any], count: int) -> np.ndarray[Any, Any]:
    """Round numbers that span the values."""
    low, high = float(values.min()), float(values.max())
    if not low < high:  # the same everywhere
        low, high = 0.9 * low, 1.1 * high
    return np.asarray(MaxNLocator(count).tick_values(low, high))


def _plain_ticks(direction: XAxis | YAxis, values: np.ndarray[Any, Any]) -> None:
    """Numbers in place of powers where a logarithmic axis spans less than two decades."""
    if values[-1] / values[0] < 100:
        direction.set_major_formatter("{x:g}")
        direction.set_minor_locator(LogLocator(subs=[2, 5]))
        direction.set_minor_formatter("{x:g}")


def _hatch(axis: Axes, found: xr.Dataset) -> list[Any]:
    """Hatch the designs that are a bound, a short or a failed solve; legend handles."""
    x, y = (found[key].to_numpy() for key in ("x", "y"))
    across, along = _edges(found["x"]), _edges(found["y"])
    modes = found[MODE].to_numpy()
    named = {
        CONTACT_LOSS: CONTACT_LOSS,
        OHMIC_LIMIT: OHMIC_LIMIT,
        SHORT: SHORT,
        SURVIVED: f"\u2265 end of sweep ({float(found[CCD].max()) / _MA_CM2:.3g})",
        SOLVER: SOLVER,
    }
    handles: list[Any] = []
    for mode, label in named.items():
        here = modes == mode
        if not here.any():
            continue
        hatch = _HATCHES.get(mode, "")
        if hatch:  # one cell a design: what happens in between is not known
            for row, column in np.argwhere(here):
                corner = across[column], along[row]
                size = across[column + 1] - corner[0], along[row + 1] - corner[1]
                cell = Rectangle(corner, *size, hatch=hatch, fill=False, linewidth=0)
                axis.add_patch(cell)
        handles.append(
            Patch(facecolor="#C8C8C8", edgecolor="black", hatch=hatch, label=label)
        )
    axis.set_xlim(x[0], x[-1])
    axis.set_ylim(y[0], y[-1])
    return handles


def _edges(axis: xr.DataArray) -> np.ndarray[Any, Any]:
    """Where the cells of an axis meet: half way, in its own spacing."""
    values = axis.to_numpy()
    if axis.attrs["logarithmic"]:
        values = np.log(values)
    middles = (values[1:] + values[:-1]) / 2
    edges = np.concatenate([values[:1], middles, values[-1:]])
    return np.exp(edges) if axis.attrs["logarithmic"] else edges


def _label(axis: xr.DataArray) -> str:
    name = str(axis.attrs["long_name"]).partition(" [")[0].replace("_", " ")
    unit = axis.attrs["units"]
    shown = name[0].upper() + name[1:]
    return shown if unit == "1" else f"{shown} ({unit})"
