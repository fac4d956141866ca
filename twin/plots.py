"""Figures of results."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

from twin import assets, names
from twin.errors import TwinError
from twin.run.results import COMPLETED, ENDED_BY, TIME_DIMENSION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from twin.studies.validate import Comparison

#: Okabe and Ito's colours, told apart by colour-blind readers too.
BLUE: Final = "#0072B2"
ORANGE: Final = "#D55E00"
GREEN: Final = "#009E73"
GREY: Final = "#666666"
_COLOUR: Final[dict[names.Side, str]] = {"negative": BLUE, "positive": ORANGE}

STYLE: Final[Any] = {
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}

#: C.m-2 in one mAh.cm-2
MAH_CM2: Final = 36000.0

#: What is shown below the voltage, of each electrode that has it.
_PANELS: Final = {
    names.CONTACT_FRACTION: "Contact fraction (-)",
    names.SURFACE_OCCUPANCY: "Surface occupancy (-)",
}


def plot_run(result: xr.Dataset, path: str | Path) -> None:
    """Voltage and, where there are any, contact fraction and surface occupancy of a run.

    Against the capacity where the run goes one way, against time where it cycles.

    Parameters
    ----------
    result : xarray.Dataset
        As :func:`twin.simulate` returns it.
    path : str or Path
        Figure file; its ending gives the format.

    Raises
    ------
    TwinError
        If the file cannot be written or the ending is no known format.
    """
    with plt.rc_context(STYLE):
        # a film plated on a substrate has no vacancies, so that nothing is to be shown
        shown = {
            name: words
            for name, words in _PANELS.items()
            if any(names.variable_of(name, side) in result for side in _COLOUR)
        }
        rows = 1 + len(shown)
        figure, axes = plt.subplots(
            rows, 1, figsize=(7.0, 2.5 * rows), sharex=True, layout="constrained"
        )
        x, label = _abscissa(result)
        _voltage(axes[0], x, result)
        for axis, (name, words) in zip(axes[1:], shown.items(), strict=True):
            _by_side(axis, x, result, name, words)
        axes[1].legend(loc="center left")
        axes[-1].set_xlabel(label)
        span = float(x.max() - x.min()) or 1.0
        axes[-1].set_xlim(x.min(), x.min() + 1.03 * span)
        figure.suptitle(
            f"{result.attrs['cell']}: {result.attrs['experiment_title']}\n"
            f"{conditions(result)}",
            fontsize=11,
        )
        save_figure(figure, Path(path))


def conditions(result: xr.Dataset) -> str:
    """Temperature, pressure and arguments of the run, as they really were."""
    records = json.loads(result.attrs["parameters"])
    celsius = float(result[names.CELL_TEMPERATURE][0]) - 273.15
    parts = [f"{celsius:.4g} degC"]
    if names.STACK_PRESSURE in records:
        parts.append(f"{records[names.STACK_PRESSURE]['value'] / 1e6:.3g} MPa")
    parts.append(str(result.attrs["arguments"]))
    # lines break between quantities, never between a number and its unit
    whole = "; ".join(parts).replace(" ", "\u00a0").replace(";\u00a0", "; ")
    return textwrap.fill(whole, 84)


def _abscissa(result: xr.Dataset) -> tuple[np.ndarray[Any, Any], str]:
    current = result[names.CURRENT].to_numpy()
    if (current >= 0).all() and (current > 0).any():
        capacity = result[names.AREAL_CAPACITY].to_numpy() / MAH_CM2
        return capacity, "Stripped capacity (mAh cm$^{-2}$)"
    return result[TIME_DIMENSION].to_numpy() / 3600, "Time (h)"


def _voltage(axis: Axes, x: np.ndarray[Any, Any], result: xr.Dataset) -> None:
    axis.plot(x, result[names.VOLTAGE].to_numpy(), color="black")
    axis.set_ylabel("Voltage (V)")
    ended = str(result.attrs[ENDED_BY])
    if ended != COMPLETED:
        axis.plot(x[-1], float(result[names.VOLTAGE][-1]), "o", color=GREEN)
        axis.annotate(
            ended,
            (x[-1], float(result[names.VOLTAGE][-1])),
            xytext=(-12, 14),
            textcoords="offset points",
            ha="right",
            va="center",
            color=GREEN,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
        )


def _by_side(
    axis: Axes, x: np.ndarray[Any, Any], result: xr.Dataset, name: str, label: str
) -> None:
    for side in _COLOUR:
        variable = names.variable_of(name, side)
        if variable not in result:
            continue
        axis.plot(
            x,
            result[variable].to_numpy(),
            color=_COLOUR[side],
            linestyle="-" if side == "negative" else "--",
            label=f"{side} electrode",
        )
    axis.set_ylabel(label)
    axis.set_ylim(-0.03, 1.06)


def plot_validation(rows: Sequence[Comparison], path: str | Path) -> None:
    """Simulated over reported, row by row, with each row's tolerance; met bounds in words.

    Parameters
    ----------
    rows : sequence of Comparison
    path : str or Path
        Figure file; its ending gives the format.

    Raises
    ------
    TwinError
        If the file cannot be written or the ending is no known format.
    """
    colours = {"predicted": BLUE, "fitted": GREY, "contradicted": ORANGE}
    markers = {"predicted": "o", "fitted": "s", "contradicted": "D"}
    with plt.rc_context(STYLE):
        figure, axis = plt.subplots(
            figsize=(8.0, 1.6 + 0.42 * len(rows)), layout="constrained"
        )
        axis.axvline(0, color="black", linewidth=1)
        for place, row in enumerate(rows):
            if row.failure:
                axis.text(0, place, " run failed", color=ORANGE, va="center", fontsize=9)
                continue
            if row.bound_met:  # has no error to be drawn on the axis
                survived = "" if row.simulated_bound == "=" else ">= "
                text = (
                    f" met: {survived}{row.simulated:.4g} for "
                    f"{row.bound} {row.reported:.4g} {row.unit}"
                )
                axis.text(
                    0, place, text, color=colours[row.status], va="center", fontsize=9
                )
                continue
            axis.barh(
                place,
                100 * (row.tolerance_below + row.tolerance),
                left=-100 * row.tolerance_below,
                height=0.55,
                color="#E4E4E4",
                zorder=1,
            )
            axis.plot(
                100 * row.error,
                place,
                markers[row.status],
                color=colours[row.status],
                zorder=3,
                markerfacecolor=colours[row.status] if row.passed else "white",
            )
        for status, marker in markers.items():
            if any(row.status == status for row in rows):
                axis.plot([], [], marker, color=colours[status], label=status)
        errors = [
            100 * max(row.tolerance, abs(row.error))
            for row in rows
            if not (row.bound_met or row.failure)
        ]
        reach = max(errors, default=100.0)
        axis.set_xlim(-1.1 * reach, 1.1 * reach)
        axis.set_yticks(range(len(rows)), [f"{r.quantity}\n{r.id}" for r in rows])
        axis.tick_params(axis="y", labelsize=8)
        axis.set_ylim(len(rows) - 0.4, -0.6)  # the first row on top
        axis.grid(axis="y", visible=False)
        axis.set_xlabel("Simulated over reported, minus one (%); bar = tolerance")
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, 1.12), ncols=3)
        save_figure(figure, Path(path))


def check_figure(path: Path) -> None:
    """Refuse a figure file that cannot be written, before anything is simulated.

    Raises
    ------
    TwinError
        If the ending is no known format or the folder cannot be written to.
    """
    known = ("png", "pdf", "svg")
    if path.suffix.lower().lstrip(".") not in known:
        raise TwinError(
            f"figures are written as {', '.join(known)}; end the name with one of them",
            where=str(path),
        )
    assets.check_target(path)


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure whole or not at all, and close it.

    Raises
    ------
    TwinError
        If it cannot be written.
    """
    try:
        assets.write_atomically(path, lambda part: figure.savefig(part, dpi=160))
    finally:
        plt.close(figure)
