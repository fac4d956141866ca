"""Figures of critical current densities: the staircase of one cell, and maps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from twin import names
from twin.plots import BLUE, GREY, ORANGE, STYLE, save_figure
from twin.run.failure import CONTACT_LOSS, SHORT, SOLVER, SURVIVED
from twin.run.results import TIME_DIMENSION
from twin.studies.ccd_map import CCD, CONTINUOUS_CCD, MODE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from twin.studies.ccd import CcdResult

#: A.m-2 in one mA.cm-2.
_MA_CM2: Final = 10.0

#: Levels of the filled map, and of the lines drawn and labelled on it.
_FILLS: Final = 16
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
    voltage = run[names.VOLTAGE].to_numpy()
    density = run[names.TOTAL_CURRENT_DENSITY].to_numpy() / _MA_CM2
    with plt.rc_context({**STYLE, "font.size": 14}):
        figure, axis = plt.subplots(figsize=(8.0, 5.0), layout="constrained")
        axis.grid(visible=False)
        other = axis.twinx()
        other.spines["right"].set_visible(True)
        other.plot(hours, density, color=ORANGE, linewidth=1.2, drawstyle="default")
        axis.plot(hours, voltage, color=BLUE, linewidth=1.8)
        axis.set_zorder(other.get_zorder() + 1)  # the voltage lies on top
        axis.patch.set_visible(False)
        axis.set_xlabel("Time (h)")
        axis.set_ylabel("Voltage (V)", color=BLUE)
        other.set_ylabel("Current density (mA cm$^{-2}$)", color=ORANGE)
        _even(axis, _without_the_end(voltage))
        _even(other, density)
        axis.set_xlim(0, 1.04 * hours[-1])
        _mark(axis, result, hours[-1], voltage[-1])
        figure.suptitle(f"{result.cell}: {_conditions(result)}", fontsize=12)
        save_figure(figure, Path(path))


def _without_the_end(voltage: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Voltages that set the scale: the run away to the cut-off would flatten the rest."""
    ordinary = float(np.quantile(np.abs(voltage), 0.99))
    return np.clip(voltage, -1.6 * ordinary, 1.6 * ordinary)


def _even(axis: Axes, values: np.ndarray[Any, Any]) -> None:
    """Zero in the middle, so that both scales share it."""
    reach = 1.25 * float(np.abs(values).max()) or 1.0
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
        shown = float(np.clip(voltage, -0.97 * reach, 0.97 * reach))
        axis.plot(hours, shown, marker, color="black", markersize=10, clip_on=False)
        cause = f" ({failure.cause})" if failure.cause != failure.mode else ""
        text += f"\n{failure.mode}{cause}"
        if failure.side:
            text += f"\n{failure.side} electrode"
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
    density = found[CONTINUOUS_CCD].to_numpy() / _MA_CM2
    modes = found[MODE].to_numpy()
    with plt.rc_context({**STYLE, "font.size": 14}):
        figure, axis = plt.subplots(figsize=(8.0, 6.0), layout="constrained")
        axis.grid(visible=False)
        # what the solver failed at stays white
        masked = np.ma.masked_invalid(density)
        filled = axis.contourf(x, y, masked, _levels(masked, _FILLS), cmap="cividis")
        bar = figure.colorbar(filled, ax=axis, pad=0.02)
        bar.set_label("CCD (mA cm$^{-2}$)")
        lines = axis.contour(
            x, y, masked, _levels(masked, _LINES), colors="white", linewidths=1.4
        )
        axis.clabel(lines, fmt="%.3g", fontsize=12)
        for key, scale in (("x", axis.set_xscale), ("y", axis.set_yscale)):
            if found[key].attrs["logarithmic"]:
                scale("log")
        _hatch(axis, found, x, y, modes)
        axis.set_xlabel(_label(found["x"]))
        axis.set_ylabel(_label(found["y"]))
        figure.suptitle(
            f"{found.attrs['cell']}: {found.attrs['experiment_title']}", size=12
        )
        save_figure(figure, Path(path))


def _levels(values: np.ndarray[Any, Any], count: int) -> np.ndarray[Any, Any]:
    low, high = float(values.min()), float(values.max())
    if not low < high:  # the same everywhere
        low, high = 0.9 * low, 1.1 * high
    return np.linspace(low, high, count)


def _hatch(
    axis: Axes,
    found: xr.Dataset,
    x: np.ndarray[Any, Any],
    y: np.ndarray[Any, Any],
    modes: np.ndarray[Any, Any],
) -> None:
    """Hatch where the map is a bound, a short or a failed solve, and say so below."""
    named = {
        CONTACT_LOSS: "contact loss",
        SHORT: "short circuit",
        SURVIVED: f"\u2265 end of sweep ({float(found[CCD].max()) / _MA_CM2:.3g})",
        SOLVER: "solver failed",
    }
    handles: list[Any] = [Line2D([], [], color=GREY, linewidth=1.4, label="equal CCD")]
    for mode, label in named.items():
        here = (modes == mode).astype(float)
        if not here.any():
            continue
        hatch = _HATCHES.get(mode, "")
        if hatch:
            axis.contourf(
                x, y, here, [0.5, 1.5], colors="none", hatches=[hatch], extend="neither"
            )
            if not here.all():
                axis.contour(x, y, here, [0.5], colors="black", linewidths=1.6)
        handles.append(
            Patch(facecolor="#C8C8C8", edgecolor="black", hatch=hatch, label=label)
        )
    axis.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=len(handles)
    )


def _label(axis: xr.DataArray) -> str:
    name = str(axis.attrs["long_name"]).partition(" [")[0].replace("_", " ")
    unit = axis.attrs["units"]
    shown = name[0].upper() + name[1:]
    return shown if unit == "1" else f"{shown} ({unit})"
