"""Figures of a performance sheet, as SVG text for a page."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import LogLocator, ScalarFormatter

from twin.plots import BLUE, GREEN, GREY, ORANGE, STYLE
from twin.studies.temperature_sheet import SHARE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from twin.studies.prediction import Prediction
    from twin.studies.propagation import Figure

_SIZE: Final = (6.4, 4.2)


def figures(sheet: Prediction) -> dict[str, str]:
    """Figures of a sheet by their captions, those that it has numbers for.

    Returns
    -------
    dict of caption to SVG
    """
    found = {}
    reached = bool(_named(sheet, "capacity"))
    if reached:
        found["Capacity against rate"] = _svg(lambda axis: _rates(axis, sheet))
    if sheet.layers:
        if reached:
            found["Specific energy against specific power"] = _svg(
                lambda axis: _ragone(axis, sheet)
            )
        found["Masses and thicknesses of the layers"] = _svg(
            lambda axis: _layers(axis, sheet)
        )
    if all(math.isfinite(one.value) for one in sheet.figures["resistance"]):
        found[f"Resistance at half of the discharge at {sheet.rate:g}C"] = _svg(
            lambda axis: _resistances(axis, sheet)
        )
    if sheet.temperature is not None:
        found[f"Capacity at {sheet.rate:g}C against temperature"] = _svg(
            lambda axis: _temperatures(axis, sheet)
        )
    return found


def _svg(draw: Callable[[Axes], None]) -> str:
    """Draw on new axes."""
    # a salt of its own, so that the same sheet gives the same file
    with plt.rc_context({**STYLE, "font.size": 13, "svg.hashsalt": "twin"}):
        figure, axis = plt.subplots(figsize=_SIZE, layout="constrained")
        try:
            draw(axis)
            text = io.StringIO()
            figure.savefig(text, format="svg", metadata={"Date": None})
        finally:
            plt.close(figure)
    return text.getvalue()


def _errors(found: list[Figure]) -> list[list[float]]:
    return [
        [one.value - one.low for one in found],
        [one.high - one.value for one in found],
    ]


def _named(sheet: Prediction, quantity: str) -> dict[float, Figure]:
    """Of each rate that the cell reaches."""
    found = {rate: sheet.figure(f"{quantity} at {rate:g}C") for rate in sheet.rates}
    return {rate: one for rate, one in found.items() if math.isfinite(one.value)}


def _points(axis: Axes, x: list[float], y: list[Figure], colour: str) -> None:
    axis.errorbar(
        x,
        [one.value for one in y],
        yerr=_errors(y),
        color=colour,
        marker="o",
        capsize=4,
    )


def _rates(axis: Axes, sheet: Prediction) -> None:
    capacity = _named(sheet, "capacity")
    _points(axis, list(capacity), list(capacity.values()), BLUE)
    _logarithmic(axis, sheet.rates)
    axis.set_xlabel("C-rate of the discharge (1/h)")
    axis.set_ylabel("Capacity (mAh/cm$^2$)")
    axis.set_ylim(bottom=0, top=1.1 * max(one.high for one in capacity.values()))


def _logarithmic(axis: Axes, ticks: tuple[float, ...]) -> None:
    axis.set_xscale("log")
    axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.minorticks_off()


def _ragone(axis: Axes, sheet: Prediction) -> None:
    of_rate = _named(sheet, "specific energy")
    energy = list(of_rate.values())
    power = [sheet.figure(f"specific power at {rate:g}C") for rate in of_rate]
    _points(axis, [one.value for one in power], energy, ORANGE)
    axis.set_xscale("log")
    axis.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.xaxis.set_major_formatter(ScalarFormatter())
    axis.minorticks_off()
    for rate, x, y in zip(of_rate, power, energy, strict=True):
        axis.annotate(
            f"{rate:g}C",
            (x.value, y.value),
            xytext=(7, 7),
            textcoords="offset points",
            color=GREY,
            fontsize=11,
        )
    axis.margins(x=0.12)
    axis.set_xlabel("Mean specific power of the stack (W/kg)")
    axis.set_ylabel("Specific energy (Wh/kg)")
    axis.set_ylim(bottom=0, top=1.15 * max(one.high for one in energy))


def _layers(axis: Axes, sheet: Prediction) -> None:
    layers = list(sheet.layers)
    place = np.arange(len(layers))
    mass = [100 * layer.mass for layer in layers]
    thickness = [1e6 * layer.thickness for layer in layers]
    axis.barh(place - 0.2, mass, 0.38, color=BLUE, label="mass (mg/cm$^2$)")
    axis.barh(
        place + 0.2, thickness, 0.38, color=ORANGE, hatch="//", edgecolor="white",
        label="thickness (µm)",
    )
    for y, values in ((-0.2, mass), (0.2, thickness)):
        for n, value in enumerate(values):
            axis.text(value, n + y, f" {value:.3g}", va="center", fontsize=10)
    axis.set_yticks(place, [layer.name for layer in layers])
    axis.invert_yaxis()
    axis.grid(axis="y", visible=False)
    axis.set_xlim(0, 1.15 * max(*mass, *thickness))
    axis.set_xlabel("Mass (mg/cm$^2$) and thickness (µm)")
    axis.legend(loc="upper right", fontsize=11)


def _resistances(axis: Axes, sheet: Prediction) -> None:
    found = [one for one in sheet.figures["resistance"] if one.name != "whole cell"]
    place = np.arange(len(found))
    values = [one.value for one in found]
    errors = _errors(found) if sheet.varied else None
    axis.barh(place, values, 0.6, color=GREEN, xerr=errors, capsize=4, ecolor=GREY)
    axis.set_yticks(place, [textwrap.fill(one.name, 16) for one in found])
    axis.invert_yaxis()
    axis.grid(axis="y", visible=False)
    axis.set_xlabel("Resistance (Ohm cm$^2$)")
    axis.axvline(0, color=GREY, linewidth=0.8)


def _temperatures(axis: Axes, sheet: Prediction) -> None:
    window = sheet.temperature
    assert window is not None
    axis.plot(window.temperatures, window.capacities, color=BLUE, marker="o")
    axis.axhline(window.needed, color=ORANGE, linestyle="--", linewidth=1.4)
    axis.annotate(
        f"{100 * SHARE:g} % of the capacity at the cell's temperature",
        (window.temperatures[-1], window.needed),
        xytext=(0, -16),
        textcoords="offset points",
        ha="right",
        color=ORANGE,
        fontsize=11,
    )
    for one in sheet.figures["temperature"]:
        if one.bound == "=":
            axis.axvspan(one.low, one.high, color=GREY, alpha=0.2, linewidth=0)
            axis.axvline(one.value, color=GREY, linewidth=1.2)
    axis.set_xlabel("Temperature (°C)")
    axis.set_ylabel("Capacity (mAh/cm$^2$)")
    axis.set_ylim(0, 1.1 * max(window.capacities))
