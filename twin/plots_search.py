"""Figure of a search: every design, what it had to keep, and the front."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np

from twin import units
from twin.plots import BLUE, GREY, ORANGE, STYLE, save_figure
from twin.report_sensitivity import in_shown_unit, shown_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from twin.studies.search import SearchResult


def plot_search(result: SearchResult, path: str | Path) -> None:
    """The goal against the output of the first constraint, or against the first parameter.

    Parameters
    ----------
    result : SearchResult
    path : str or Path
        Figure file; its ending gives the format.

    Raises
    ------
    TwinError
        If the file cannot be written or the ending is no known format.
    """
    with plt.rc_context({**STYLE, "font.size": 13}):
        figure, axis = plt.subplots(figsize=(7.4, 5.4), layout="constrained")
        if result.constraints:
            name = result.constraints[0].output
            x = _shown(result, name)
            axis.set_xlabel(_label(name))
            _limit(axis, result, x[np.isfinite(x)])
        else:
            factor = result.factors[0]
            x = result.designs[factor.name].to_numpy()
            axis.set_xlabel(factor.name.replace("[", "(").replace("]", ")"))
            if factor.logarithmic:
                axis.set_xscale("log")
        y = _shown(result, result.goal)
        good = result.designs["feasible"].to_numpy()
        bad = ~good & np.isfinite(x) & np.isfinite(y)
        axis.plot(x[bad], y[bad], "x", color=GREY, markersize=6, label="breaks a limit")
        axis.plot(x[good], y[good], "o", color=BLUE, markersize=5, label="keeps all limits")
        if result.front:
            front = list(result.front)
            axis.plot(x[front], y[front], "-", color=ORANGE, label="front", zorder=1)
        best = {**result.values, **result.design}
        at = (
            in_shown_unit(result.constraints[0].output, best[result.constraints[0].output])
            if result.constraints
            else best[result.factors[0].name]
        )
        value = in_shown_unit(result.goal, best[result.goal])
        axis.plot(at, value, "*", color="black", markersize=16, label="found")
        axis.set_ylabel(_label(result.goal))
        figure.legend(loc="outside lower center", ncols=4)
        figure.suptitle(
            f"{result.cell}, {result.experiment}: {len(x)} designs, {result.method}",
            fontsize=12,
        )
        save_figure(figure, Path(path))


def _shown(result: SearchResult, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """In the unit shown; not a number where a design could not be run."""
    values = map(float, result.designs[name].to_numpy())
    return np.array([in_shown_unit(name, v) if np.isfinite(v) else np.nan for v in values])


def _label(name: str) -> str:
    return f"{name[0].upper()}{name[1:]} ({units.written(shown_unit(name).strip()) or '-'})"


def _limit(
    axis: Axes, result: SearchResult, x: np.ndarray[Any, np.dtype[np.float64]]
) -> None:
    """The first limit as a line; as words at the edge where it is far from all designs."""
    first = result.constraints[0]
    limit = in_shown_unit(first.output, first.limit)
    words = f"{first.relation} {limit:.4g}"
    if x.size:
        room = 0.6 * float(np.ptp(x)) or 0.1 * abs(limit) or 1.0
        low, high = float(x.min()) - room, float(x.max()) + room
        if not low <= limit <= high:
            below = limit < low
            axis.set_xlim(low + room / 2, high - room / 2)
            axis.annotate(
                f"limit {words}, far off",
                (0.01 if below else 0.99, 0.02),
                xycoords="axes fraction",
                ha="left" if below else "right",
            )
            return
    axis.axvline(limit, color="black", linestyle="--", linewidth=1.2)
    axis.annotate(
        words,
        (limit, 0.02),
        xycoords=("data", "axes fraction"),
        xytext=(4 if first.relation == ">=" else -4, 0),
        textcoords="offset points",
        ha="left" if first.relation == ">=" else "right",
    )
