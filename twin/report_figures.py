"""Figures of the validation report, as the plain data that plotly.js draws."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from twin import units
from twin.errors import UnitError
from twin.run.results import COMPLETED
from twin.studies.curve_metrics import differential_capacity

if TYPE_CHECKING:
    from twin.studies.traces import Trace
    from twin.studies.validate import Comparison

Figure = dict[str, Any]

#: Okabe and Ito's colours, told apart by colour-blind readers too.
PALETTE: Final = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"),
    *("#56B4E9", "#000000", "#8C6D31"),
)
STATUS_COLOURS: Final = {
    "predicted": "#0072B2",
    "fitted": "#6B6B6B",
    "contradicted": "#D55E00",
}
_SYMBOLS: Final = {"predicted": "circle", "fitted": "square", "contradicted": "diamond"}
_DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

#: Ratios drawn; what lies beyond is drawn at the edge, and says so.
_LOWEST: Final = 0.1
_HIGHEST: Final = 10.0

_HOVER: Final = "<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>"


def shown(value: float) -> str:
    """A number to four digits, a large one to five and without a power of ten.

    Examples
    --------
    >>> shown(0.98018), shown(5590.09), shown(12798.0)
    ('0.9802', '5590', '12798')
    """
    if 1e4 <= abs(value) < 1e7:
        return f"{float(f'{value:.5g}'):.0f}"
    return f"{value:.4g}"


def ratios(rows: Sequence[Comparison]) -> Figure:
    """Simulated over reported, row by row, with each row's tolerance and bound."""
    rows = [row for row in rows if row.reported != 0]
    ids = [row.id for row in rows]
    low = [max(1 - row.tolerance_below, _LOWEST) for row in rows]
    high = [min(1 + row.tolerance, _HIGHEST) for row in rows]
    for place, row in enumerate(rows):  # a bound is met at any distance on its side
        if row.bound in (">=", ">"):
            high[place] = _HIGHEST
        elif row.bound in ("<=", "<"):
            low[place] = _LOWEST
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "reported, with tolerance",
            "x": [1.0] * len(rows),
            "y": ids,
            "marker": {"symbol": "line-ns-open", "size": 12, "color": "#444"},
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": [h - 1 for h in high],
                "arrayminus": [1 - one for one in low],
                "color": "#9A9A9A",
                "thickness": 5,
                "width": 0,
            },
            "hoverinfo": "skip",
        }
    ]
    for status, colour in STATUS_COLOURS.items():
        chosen = [row for row in rows if row.status == status and not row.failure]
        if not chosen:
            continue
        shown = [min(max(r.simulated / r.reported, _LOWEST), _HIGHEST) for r in chosen]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": f"simulated, {status}",
                "x": shown,
                "y": [row.id for row in chosen],
                "marker": {
                    "symbol": [_symbol(row) for row in chosen],
                    "size": 10,
                    "color": [colour if row.passed else "#FFFFFF" for row in chosen],
                    "line": {"width": 2, "color": colour},
                },
                "customdata": [[row.id, _in_words(row)] for row in chosen],
                "hovertemplate": _HOVER,
            }
        )
    layout = _layout("Simulated / reported", "")
    layout["xaxis"].update(
        type="log",
        range=[math.log10(_LOWEST) - 0.05, math.log10(_HIGHEST) + 0.05],
        tickvals=[0.1, 0.3, 1, 3, 10],
        ticktext=["≤ 0.1", "0.3", "1", "3", "≥ 10"],
    )
    layout["yaxis"].update(
        type="category",
        categoryorder="array",
        categoryarray=ids[::-1],
        range=[-0.6, len(ids) - 0.4],
        tickfont={"size": 11},
    )
    return {"data": data, "layout": layout, "height": 130 + 27 * len(rows)}


def _symbol(row: Comparison) -> str:
    ratio = row.simulated / row.reported
    if ratio > _HIGHEST or row.simulated_bound == ">=":
        return "triangle-right"
    return "triangle-left" if ratio < _LOWEST else _SYMBOLS[row.status]


def _in_words(row: Comparison) -> str:
    bound = "" if row.bound == "=" else f"{row.bound} "
    least = "" if row.simulated_bound == "=" else "≥ "
    verdict = "within tolerance" if row.passed else "outside"
    return (
        f"{row.quantity}<br>reported {bound}{shown(row.reported)} {row.unit}, "
        f"simulated {least}{shown(row.simulated)}<br>{row.status}, {verdict}"
    )


def _drawn(row: Comparison) -> bool:
    """Whether logarithmic axes have a place for a row."""
    return row.reported > 0 and row.simulated > 0


def not_drawn(rows: Sequence[Comparison]) -> list[str]:
    """The rows that are missing from :func:`parity`, those without a number aside."""
    return [row.id for row in rows if not (_drawn(row) or math.isnan(row.simulated))]


def parity(rows: Sequence[Comparison]) -> Figure:
    """Every row, simulated against reported, each in its own unit."""
    usable = [row for row in rows if _drawn(row)]
    ends = [0.7 * min((r.reported for r in usable), default=0.1)]
    ends.append(1.4 * max((r.reported for r in usable), default=10.0))
    band = {"mode": "lines", "type": "scatter", "hoverinfo": "skip"}
    data: list[dict[str, Any]] = [
        {**band, "x": ends, "y": ends, "name": "equal", "line": {"color": "#444"}},
        *(
            {
                **band,
                "x": ends,
                "y": [factor * end for end in ends],
                "name": "± 25 %",
                "legendgroup": "band",
                "showlegend": factor > 1,
                "line": {"color": "#9A9A9A", "dash": "dot", "width": 1},
            }
            for factor in (1.25, 0.75)
        ),
    ]
    for status, colour in STATUS_COLOURS.items():
        chosen = [row for row in usable if row.status == status]
        if chosen:
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": status,
                    "x": [row.reported for row in chosen],
                    "y": [row.simulated for row in chosen],
                    "error_x": _bars(
                        chosen, [row.reported for row in chosen], colour, thickness=1
                    ),
                    "marker": {
                        "symbol": [_SYMBOLS[row.status] for row in chosen],
                        "size": 9,
                        "color": [colour if row.passed else "#FFFFFF" for row in chosen],
                        "line": {"width": 2, "color": colour},
                    },
                    "customdata": [
                        [f"{row.paper}: {row.id}", _in_words(row)] for row in chosen
                    ],
                    "hovertemplate": _HOVER,
                }
            )
    layout = _layout("Reported (each row in its own unit)", "Simulated (same unit)")
    decades = {"type": "log", "exponentformat": "power", "dtick": 1}
    layout["xaxis"].update(decades)
    layout["yaxis"].update(decades)
    return {"data": data, "layout": layout, "height": 520}


def strippings(rows: Sequence[Comparison]) -> Figure:
    """Polarisation over the stripped capacity, and the reported capacities."""
    data = []
    for place, (row, trace) in enumerate(_with(rows, "stripping")):
        colour = PALETTE[place % len(PALETTE)]
        x, y = trace.columns["capacity"], trace.columns["polarisation"]
        data.append(_line(row.id, x, y, colour, place))
        reported = _stripped(row, x[-1])
        if reported is not None:
            data.append(_reported(row, reported, max(y), colour))
    return _figure(data, "Stripped capacity (mAh/cm²)", "Polarisation (V)")


def _stripped(row: Comparison, last: float) -> float | None:
    """The reported end of a stripping, in mAh/cm², of one that ends after ``last`` of them.

    It may be reported as a time, to which the charge is in proportion. What is neither has
    no place on the axis.
    """
    with suppress(UnitError):
        return units.convert(row.reported, row.unit, "mA.h.cm-2")
    with suppress(UnitError):
        times = [units.convert(one, row.unit, "s") for one in (row.reported, row.simulated)]
        return last * times[0] / times[1]
    return None


def rates(rows: Sequence[Comparison]) -> Figure:
    """Voltage of the last cycle over its capacity, and the reported capacities."""
    data = []
    for place, (row, trace) in enumerate(_with(rows, "rate")):
        colour = PALETTE[place % len(PALETTE)]
        columns = trace.columns
        if "discharge capacity" in columns:
            x, y = columns["discharge capacity"], columns["discharge voltage"]
            # dashes tell two of one colour apart; dots are for charges
            data.append(_line(row.id, x, y, colour, int(place >= len(PALETTE))))
            if row.unit == "mA.h.g-1":
                data.append(_reported(row, row.reported, min(y), colour))
        if "charge capacity" in columns:
            x, y = columns["charge capacity"], columns["charge voltage"]
            line = _line(row.id, x, y, colour, 2)
            line["line"]["width"] = 1.2
            data.append({**line, "showlegend": False})
    return _figure(data, "Capacity (mAh/g)", "Voltage (V)")


def staircases(rows: Sequence[Comparison]) -> Figure:
    """Current of each cycle with the one that fails, and the polarisation below."""
    data: list[dict[str, Any]] = []
    found = _with(rows, "staircase")
    for place, (row, trace) in enumerate(found):
        colour = PALETTE[place % len(PALETTE)]
        cycles, currents = trace.columns["cycle"], trace.columns["current"]
        group = {"legendgroup": row.id, "yaxis": "y2"}
        stairs = _line(row.id, cycles, currents, colour, place)
        stairs["line"]["shape"] = "vh"
        data.append({**stairs, **group, "showlegend": False})
        data.append({**_end(row, trace, cycles[-1], currents[-1], colour), **group})
        per_unit = cycles[-1] / currents[-1] if currents[-1] else 0.0
        mark = _reported(row, row.reported, row.reported, colour)
        mark.update(group, x=[row.reported * per_unit], error_y=mark.pop("error_x"))
        data.append(mark)
        polarisation = _line(
            row.id, cycles, [1e3 * v for v in trace.columns["polarisation"]], colour, place
        )
        data.append(polarisation)
    figure = _figure(data, "Cycle of the staircase", "Polarisation (mV)")
    figure["layout"]["yaxis"].update(
        domain=[0, 0.46],
        type="log",
        dtick=1,
        range=_decades(
            [v for line in data if "yaxis" not in line for v in line["y"] if v > 0]
        ),
    )
    figure["layout"]["yaxis2"] = {
        **_axis("Current density (mA/cm²)"),
        "domain": [0.54, 1],
    }
    figure["height"] = 600
    return figure


def lives(rows: Sequence[Comparison]) -> Figure:
    """Polarisation at the end of each half cycle over time, and the reported lives."""
    data = []
    hours = {"h": 1.0, "s": 1 / 3600, "d": 24.0}
    for place, (row, trace) in enumerate(_with(rows, "life")):
        colour = PALETTE[place % len(PALETTE)]
        x, y = trace.columns["time"], [1e3 * v for v in trace.columns["polarisation"]]
        data.append(_line(row.id, x, y, colour, place))
        data.append(_end(row, trace, x[-1], y[-1], colour))
        # of lives in cycles, the time of one is that of the run's
        unit = hours.get(row.unit) or x[-1] / row.simulated
        data.append(_reported(row, row.reported * unit, y[-1], colour))
    figure = _figure(data, "Time (h)", "Polarisation (mV)")
    for axis in ("xaxis", "yaxis"):
        figure["layout"][axis].update(type="log", dtick=1, minor={"showgrid": False})
    figure["layout"]["xaxis"]["range"] = _decades(
        [v for line in data for v in line["x"] if v > 0]
    )
    figure["layout"]["yaxis"]["range"] = _decades(
        [v for line in data for v in line["y"] if v > 0]
    )
    return figure


def _decades(values: Sequence[float]) -> list[int]:
    """Whole decades around some numbers, as an axis takes them."""
    if not values:
        return [0, 1]
    low, high = math.log10(min(values)), math.log10(max(values))
    return [math.floor(low), max(math.ceil(high), math.floor(low) + 1)]


def fades(rows: Sequence[Comparison]) -> Figure:
    """Capacity over the number of the cycle."""
    data = []
    for place, (row, trace) in enumerate(_with(rows, "fade")):
        colour = PALETTE[place % len(PALETTE)]
        x, y = trace.columns["cycle"], trace.columns["capacity"]
        data.append(_line(row.id, x, y, colour, place))
        data.append(_reported_fade(row, trace, colour))
    figure = _figure(data, "Cycle", "Discharge capacity (mAh/g)")
    figure["layout"]["yaxis"]["rangemode"] = "tozero"
    return figure


def _reported_fade(row: Comparison, trace: Trace, colour: str) -> dict[str, Any]:
    """A reported capacity or its share of the first one, or a number of cycles."""
    x, y = trace.columns["cycle"], trace.columns["capacity"]
    if row.unit not in ("mA.h.g-1", "%"):
        # at the capacity at which the simulated number is read off
        return _reported(row, row.reported, float(np.interp(row.simulated, x, y)), colour)
    capacity = row.reported * (y[0] / 100 if row.unit == "%" else 1.0)
    mark = _reported(row, capacity, capacity, colour)
    mark["x"] = list(trace.columns["asked"])
    mark["error_y"] = mark.pop("error_x")
    turned = {"triangle-right": "triangle-up", "triangle-left": "triangle-down"}
    marker = mark["marker"]
    marker["symbol"] = turned.get(marker["symbol"], marker["symbol"])
    return mark


def curve(row: Comparison) -> Figure:
    """A measured curve and the simulated one."""
    trace = row.trace
    assert trace is not None
    x_name, y_name = trace.labels
    few = len(trace.columns["measured x"]) < 40
    measured = _line(
        "measured", trace.columns["measured x"], trace.columns["measured y"], "#000000", 0
    )
    if few:
        measured.update(mode="markers", marker={"size": 7, "color": "#000000"})
    simulated = _line(
        "simulated",
        trace.columns["simulated x"],
        trace.columns["simulated y"],
        PALETTE[1],
        0 if few else 1,
    )
    return _figure([measured, simulated], x_name, y_name)


def differential(row: Comparison) -> Figure | None:
    """dQ/dV of a measured voltage curve and of the simulated one; None of other curves."""
    trace = row.trace
    if trace is None or not trace.labels or not trace.labels[1].startswith("Voltage"):
        return None
    if not trace.labels[0].startswith("Capacity"):
        return None
    columns = {key: np.array(values) for key, values in trace.columns.items()}
    voltages = np.concatenate([columns["measured y"], columns["simulated y"]])
    data = []
    styles = {"measured": ("#000000", 0), "simulated": (PALETTE[1], 1)}
    for whose, (colour, dash) in styles.items():
        middle, density = differential_capacity(
            columns[f"{whose} y"],
            columns[f"{whose} x"],
            float(voltages.min()),
            float(voltages.max()),
        )
        data.append(_line(whose, middle.tolist(), density.tolist(), colour, dash))
    unit = trace.labels[0].removeprefix("Capacity (").removesuffix(")")
    return _figure(data, "Voltage (V)", f"dQ/dV ({unit}/V)")


def _with(rows: Iterable[Comparison], kind: str) -> list[tuple[Comparison, Trace]]:
    """Rows that have a curve of a kind, with it."""
    return [
        (row, row.trace) for row in rows if row.trace is not None and row.trace.kind == kind
    ]


def _line(name: str, x: Any, y: Any, colour: str, dash: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "legendgroup": name,
        "x": list(x),
        "y": list(y),
        "line": {"color": colour, "width": 2, "dash": _DASHES[dash % len(_DASHES)]},
    }


def _end(row: Comparison, trace: Trace, x: float, y: float, colour: str) -> dict[str, Any]:
    """A cross where a run failed, nothing where its protocol was completed."""
    failed = trace.ended_by != COMPLETED
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{row.id} ended",
        "legendgroup": row.id,
        "showlegend": False,
        "x": [x] if failed else [],
        "y": [y] if failed else [],
        "marker": {"symbol": "x", "size": 9, "color": colour},
        "customdata": [[f"{row.id}, simulated", f"ended by: {trace.ended_by}"]],
        "hovertemplate": _HOVER,
    }


def _reported(row: Comparison, x: float, y: float, colour: str) -> dict[str, Any]:
    """The reported number with its tolerance; an arrow where it is only a bound."""
    symbols = {">=": "triangle-right", ">": "triangle-right"}
    symbols |= {"<=": "triangle-left", "<": "triangle-left"}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{row.id} reported",
        "legendgroup": row.id,
        "showlegend": False,
        "x": [x],
        "y": [y],
        "error_x": _bars([row], [x], colour, thickness=1.5, width=4),
        "cliponaxis": False,
        "marker": {
            "symbol": symbols.get(row.bound, "diamond"),
            "size": 11,
            "color": "#FFFFFF",
            "line": {"width": 2, "color": colour},
        },
        "customdata": [[f"{row.id}, reported", _in_words(row)]],
        "hovertemplate": _HOVER,
    }


def _bars(
    rows: Sequence[Comparison],
    places: Sequence[float],
    colour: str,
    *,
    thickness: float,
    width: int = 0,
) -> dict[str, Any]:
    """Tolerances of reported numbers; none on the side on which a bound is met anyhow."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [
            0.0 if row.bound in (">=", ">") else place * row.tolerance
            for row, place in zip(rows, places, strict=True)
        ],
        "arrayminus": [
            0.0 if row.bound in ("<=", "<") else place * min(row.tolerance_below, 0.99)
            for row, place in zip(rows, places, strict=True)
        ],
        "color": colour,
        "thickness": thickness,
        "width": width,
    }


def _figure(data: list[dict[str, Any]], x: str, y: str) -> Figure:
    return {"data": data, "layout": _layout(x, y), "height": 440}


def _axis(title: str) -> dict[str, Any]:
    return {
        "title": {"text": title, "standoff": 8},
        "automargin": True,
        "gridcolor": "#E6E6E6",
        "exponentformat": "none",
        "zeroline": False,
        "linecolor": "#9A9A9A",
        "ticks": "outside",
        "tickcolor": "#9A9A9A",
    }


def _layout(x: str, y: str) -> dict[str, Any]:
    return {
        "xaxis": _axis(x),
        "yaxis": _axis(y),
        "margin": {"l": 10, "r": 12, "t": 10, "b": 10},
        "legend": {"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0},
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": "#222222"},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "hovermode": "closest",
        "hoverlabel": {"align": "left"},
    }
