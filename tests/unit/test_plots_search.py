"""What the axes of a search's figure say."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure

from twin import plots_search
from twin.studies.ranges import Factor
from twin.studies.search import SearchResult
from twin.studies.search_problem import Constraint

#: 250 and 300 Wh/kg, 2 and 3 mA/cm2.
ENERGIES, DENSITIES = np.array([9e5, 1.08e6]), np.array([20.0, 30.0])


def test_axes_and_points_are_in_the_units_that_people_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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
        constraints=(Constraint(limit, ">=", 25.0),),
        method="by hand",
        factors=(Factor(thickness, 1e-5, 5e-5, 2e-5, "assumed"),),
        design={thickness: 2e-5},
        values=best,
        before=best,
        feasible=True,
        designs=xr.Dataset(
            {
                goal: ("design", ENERGIES),
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
    assert axis.get_ylabel() == "Specific energy (Wh/kg)"
    assert axis.get_xlabel() == "Critical current density (mA/cm2)"
    lines = {str(line.get_label()): line for line in axis.lines}
    star = lines["found"].get_xydata()
    assert np.asarray(star) == pytest.approx(np.array([[3.0, 300.0]]))
