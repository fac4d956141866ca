"""What the axes of a search's figure say."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from twin import plots_search
from twin.studies.ranges import Factor
from twin.studies.search import SearchResult
from twin.studies.search_problem import Constraint

Numbers = NDArray[np.float64]

#: 250 and 300 Wh/kg, 2 and 3 mA/cm2.
ENERGIES, DENSITIES = np.array([9e5, 1.08e6]), np.array([20.0, 30.0])


def drawn_axis(
    monkeypatch: pytest.MonkeyPatch, energies: Numbers = ENERGIES, least: float = 25.0
) -> Axes:
    """What a search of two designs draws."""
    drawn: list[Figure] = []
    monkeypatch.setattr(plots_search, "save_figure", lambda figure, _: drawn.append(figure))
    goal, limit, thickness = (
        "specific energy",
        "critical current density",
        "Separator thickness [m]",
    )
    best = {goal: 1.08e6, limit: 30.0}
    found = SearchResult(
        cell="made_up",
        experiment="made up",
        goal=goal,
        largest=True,
        constraints=(Constraint(limit, ">=", least),),
        method="by hand",
        factors=(Factor(thickness, 1e-5, 5e-5, 2e-5, "assumed"),),
        design={thickness: 2e-5},
        values=best,
        before=best,
        feasible=True,
        designs=xr.Dataset(
            {
                goal: ("design", energies),
                limit: ("design", DENSITIES),
                thickness: ("design", np.array([1e-5, 2e-5])),
                "feasible": ("design", np.array([False, True])),
            }
        ),
        front=(1,),
        notes=(),
        rests_on=(),
    )
    plots_search.plot_search(found, Path("not written.png"))
    (axis,) = drawn[0].axes
    plt.close(drawn[0])
    return axis


def test_axes_and_points_are_in_the_units_that_people_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    axis = drawn_axis(monkeypatch)
    assert axis.get_ylabel() == "Specific energy (Wh/kg)"
    assert axis.get_xlabel() == "Critical current density (mA/cm2)"
    lines = {str(line.get_label()): line for line in axis.lines}
    star = lines["found"].get_xydata()
    assert np.asarray(star) == pytest.approx(np.array([[3.0, 300.0]]))


def test_a_design_that_could_not_be_run_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    axis = drawn_axis(monkeypatch, np.array([np.nan, 1.08e6]))
    lines = {str(line.get_label()): line for line in axis.lines}
    assert len(lines["breaks a limit"].get_xdata()) == 0
    assert np.asarray(lines["keeps all limits"].get_ydata()).tolist() == [300.0]


def test_a_limit_far_from_all_designs_does_not_squeeze_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Designs at 2 and 3 mA/cm2, the limit at 0.1."""
    axis = drawn_axis(monkeypatch, least=1.0)
    assert axis.get_xlim()[0] > 1.5
    assert [text.get_text() for text in axis.texts] == ["limit >= 0.1, far off"]
