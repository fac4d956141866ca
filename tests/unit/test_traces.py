"""Curves of runs for the report's figures."""

import numpy as np
import pytest

from twin import names, report_figures
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.run.fade_curve import fade_curve
from twin.run.galvanostatic import GalvanostaticRun
from twin.studies.cases import load_case
from twin.studies.traces import trace_of
from twin.studies.validate import Comparison


def compared(trace, reported, unit, simulated, bound="="):
    return Comparison(
        *("row", "p", "c", "q", unit, reported, bound, simulated, "="),
        *(simulated / reported - 1, 0.1, 0.1, True, "predicted", (), ""),
        trace=trace,
    )


def test_a_staircase_has_its_current_and_its_end() -> None:
    """20.78 Ohm.cm2 meet 12.1 mV at 0.58 mA/cm2: the sixth level of 0.1 fails."""
    row = next(r for r in load_case("mann2025").rows if r.id == "mann-ccd-lina-60")
    row.arguments.clear()
    row.arguments.update(cut_off="12.1 mV", half_cycle_capacity="0.001 mA.h.cm-2")
    cell = load_cell("mann2025_lina")
    protocol = load_experiment(row.experiment).with_arguments(row.arguments)
    trace = trace_of(cell, row, GalvanostaticRun(cell, protocol.schedule(), ()).run())
    assert trace.kind == "staircase"
    # ends of half cycles, of which the last is not completed
    assert trace.columns["cycle"][:4] == (0.5, 1.0, 1.5, 2.0)
    assert trace.columns["current"] == pytest.approx(
        [0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.4, 0.4, 0.5, 0.5, 0.6]
    )
    assert trace.columns["polarisation"][-1] == pytest.approx(0.0121, rel=1e-3)
    assert trace.ended_by == names.POLARISATION_EVENT
    figure = report_figures.staircases([compared(trace, 0.5, "mA.cm-2", 0.6)])
    marks = {one["name"]: one for one in figure["data"] if one["mode"] == "markers"}
    assert marks["row reported"]["y"] == [0.5]
    assert marks["row ended"]["y"] == [pytest.approx(0.6)]


def test_fade_is_shown_per_mass() -> None:
    """A loss of 1 C/m2 a cycle from 100: per mass 1/3600 of mAh/g and loading."""
    cell = load_cell("zhu2025_lco_llto60")
    records = [
        {"cycle": n, "summary": [100.0 - n, 100.0, 0.1, 1.0, 60.0], "sizes": []}
        for n in range(1, 21)
    ]
    row = load_case("zhu2025").rows[1]
    aged = fade_curve(records, 20, [], {"cycles_asked": 25})
    trace = trace_of(cell, row, aged)
    loading = cell.values[names.CATHODE_LOADING]
    assert trace.columns["cycle"][-1] == 20
    assert trace.columns["capacity"][-1] == pytest.approx(80 / loading / 3600, rel=1e-4)
    figure = report_figures.fades([compared(trace, 11.0, "mA.h.g-1", 11.5)])
    mark = figure["data"][1]
    assert (mark["x"], mark["y"]) == ([25.0], [11.0])
    # a tenth of 11 mAh/g, upwards
    assert mark["error_y"]["array"] == [pytest.approx(1.1)]
    # 80 % of the first capacity, and the 15th cycle at the capacity of the simulated 10th
    first = trace.columns["capacity"][0]
    share = report_figures.fades([compared(trace, 80.0, "%", 82.0)])["data"][1]
    assert share["y"] == [pytest.approx(0.8 * first)]
    cycles = report_figures.fades([compared(trace, 15.0, "", 10.0)])["data"][1]
    assert (cycles["x"], cycles["y"]) == ([15.0], [trace.columns["capacity"][9]])
    assert cycles["error_x"]["array"] == [pytest.approx(1.5)]


def test_lives_in_cycles_stand_at_their_time() -> None:
    from twin.studies.traces import Trace

    columns = {"time": (2.0, 4.0, 8.0), "polarisation": (0.01, 0.01, 0.02)}
    trace = Trace("life", columns, "short circuit")
    # four cycles in 8 h: three reported are 6 h
    figure = report_figures.lives([compared(trace, 3.0, "", 4.0)])
    reported = next(one for one in figure["data"] if one["name"] == "row reported")
    assert reported["x"] == [6.0]
    assert figure["layout"]["xaxis"]["range"] == [0, 1]


def test_ratios_end_at_the_axis_and_bounds_are_open() -> None:
    rows = [compared(None, 5.0, "h", 500.0, ">="), compared(None, 5.0, "h", 5.5)]
    bars = report_figures.ratios(rows)["data"][0]["error_x"]
    assert bars["array"] == [9.0, pytest.approx(0.1)]
    assert np.allclose(bars["arrayminus"], 0.1)
    shown = report_figures.ratios(rows)["data"][1]
    assert shown["x"] == [10.0, pytest.approx(1.1)]
    assert shown["marker"]["symbol"] == ["triangle-right", "circle"]
