"""Figure of sensitivities: what matters most, and whether the numbers have settled."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib.pyplot as plt
import numpy as np

from twin import units
from twin.plots import BLUE, GREEN, GREY, ORANGE, STYLE, save_figure
from twin.report_sensitivity import in_shown_unit, shown_unit
from twin.studies.indices import CONFIDENCE, EFFECT, FIRST, SPREAD, TOTAL, interval
from twin.studies.sensitivity import RANKED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from twin.studies.sensitivity import SensitivityResult

#: Parameters with a bar, and with a line of convergence.
_BARS: Final = 8
_LINES: Final = 4

_STYLES: Final = (
    (BLUE, "o", "-"),
    (ORANGE, "s", "--"),
    (GREEN, "^", "-."),
    (GREY, "D", ":"),
)


def plot_sensitivity(result: SensitivityResult, path: str | Path) -> None:
    """Indices of each output with their intervals, and how they converged.

    Parameters
    ----------
    result : SensitivityResult
    path : str or Path
        Figure file; its ending gives the format.

    Raises
    ------
    TwinError
        If the file cannot be written or the ending is no known format.
    """
    columns = 1 if result.method == "local" else 2
    rows = len(result.outputs)
    bars = min(_BARS, len(result.factors))
    with plt.rc_context({**STYLE, "font.size": 12}):
        figure, axes = plt.subplots(
            rows,
            columns,
            figsize=(6.4 * columns, 1.4 + (0.52 * bars + 1.2) * rows),
            layout="constrained",
            squeeze=False,
            gridspec_kw={"width_ratios": [1.3, 1][:columns]},
        )
        for row, name in enumerate(result.outputs):
            _bars(axes[row, 0], result, name)
            if columns == 2:
                _convergence(axes[row, 1], result, name)
        figure.suptitle(f"{result.cell}, {result.experiment}: {_what(result)}", fontsize=12)
        save_figure(figure, Path(path))


def _what(result: SensitivityResult) -> str:
    if result.method == "local":
        return "small changes about the cell's own values"
    runs = result.samples.sizes["sample"]
    return f"{runs} runs, {100 * CONFIDENCE:.0f} % bootstrap intervals"


def _label(name: str) -> str:
    """A parameter's name without its unit and the temperature that it refers to."""
    return re.sub(r"( at 25 C)?(\s*\[[^\]]*\])?$", "", name)


def _in_lines(name: str) -> str:
    return "\n".join(textwrap.wrap(_label(name), 34)[:2])


def _bars(axis: Axes, result: SensitivityResult, name: str) -> None:
    of = result.indices.sel(output=name)
    if "size" in of.dims:
        of = of.isel(size=-1)
    ranked = result.ranking(name)[:_BARS]
    places = np.arange(len(ranked))

    def shown(key: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        values = of[key].to_numpy()[ranked]
        if result.method == "sobol":
            return np.asarray(values, dtype=float)
        return np.array([in_shown_unit(name, float(value)) for value in values])

    if result.method == "sobol":
        pairs = ((TOTAL, BLUE, "with others", -0.2), (FIRST, ORANGE, "alone", 0.2))
        for key, colour, words, shift in pairs:
            axis.barh(
                places + shift,
                shown(key),
                0.38,
                xerr=shown(interval(key)),
                color=colour,
                label=words,
                error_kw={"elinewidth": 1.2, "capsize": 2.5, "ecolor": "black"},
            )
        axis.set_xlabel(f"Share of the variance of {name} (-)")
        axis.legend(loc="lower right")
    elif result.method == "morris":
        axis.barh(
            places,
            shown(EFFECT),
            0.6,
            xerr=shown(interval(EFFECT)),
            color=BLUE,
            label="mean magnitude",
            error_kw={"elinewidth": 1.2, "capsize": 2.5, "ecolor": "black"},
        )
        axis.plot(shown(SPREAD), places, "D", color=ORANGE, label="spread", markersize=7)
        axis.set_xlabel(f"Effect of the whole range on {name}{_unit(name)}")
        axis.legend(loc="lower right")
    else:
        axis.barh(places, shown(EFFECT), 0.6, color=BLUE)
        axis.axvline(0, color="black", linewidth=1)
        axis.set_xlabel(f"Slope of {name}\ntimes the range{_unit(name)}")
    axis.set_yticks(places, [_in_lines(result.factors[n].name) for n in ranked])
    axis.invert_yaxis()
    axis.grid(visible=False, axis="y")


def _unit(name: str) -> str:
    return f" ({units.written(shown_unit(name).strip()) or '-'})"


def _convergence(axis: Axes, result: SensitivityResult, name: str) -> None:
    of = result.indices.sel(output=name)
    key = RANKED[result.method]
    sizes = of["size"].to_numpy()
    scale = 1.0 if result.method == "sobol" else in_shown_unit(name, 1.0)
    for number, n in enumerate(result.ranking(name)[:_LINES]):
        colour, marker, line = _STYLES[number]
        values, widths = (
            scale * of[which].to_numpy()[:, n] for which in (key, interval(key))
        )
        # side by side, so that intervals can be told apart
        shifted = sizes * 1.05 ** (number - (_LINES - 1) / 2)
        axis.errorbar(
            shifted,
            values,
            widths,
            color=colour,
            marker=marker,
            linestyle=line,
            capsize=2.5,
            label=textwrap.shorten(_label(result.factors[n].name), 52),
        )
    axis.set_xscale("log", base=2)
    axis.set_xticks(sizes, [str(size) for size in sizes])
    axis.minorticks_off()
    what = "Base points" if result.method == "sobol" else "Trajectories"
    axis.set_xlabel(what)
    axis.set_ylabel("Share with others (-)" if result.method == "sobol" else "Effect")
    low, high = axis.get_ylim()
    axis.set_ylim(min(low, 0), high + 0.5 * (high - min(low, 0)))
    axis.legend(loc="upper right", fontsize=10)
