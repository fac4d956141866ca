"""Shipped cells in PyBaMM's own tools, and at the edges of what they are made for."""

import matplotlib
import pybamm
import pytest

import twin
from twin import names
from twin.errors import RecordError
from twin.models.build import build_model
from twin.parts.parameters import load_cell
from twin.run.observables import discharge_capacities

KINDS = ["mann2025_lina", "zhu2025_lco_llto60", "yang2024_nano_0_2mAh", "llto_cnt2025_ncm"]


@pytest.mark.parametrize("name", KINDS)
def test_pybamm_plots_it(name):
    """``Simulation.plot`` without a word about what to show."""
    matplotlib.use("Agg")
    model = build_model(load_cell(name))
    simulation = pybamm.Simulation(
        model,
        parameter_values=pybamm.ParameterValues(name),
        experiment=pybamm.Experiment(["Charge at 0.1 mA for 10 minutes"]),
    )
    simulation.solve(calc_esoh=False)
    shown = simulation.plot(show_plot=False)
    assert len(shown.fig.axes) >= len(model.default_quick_plot_variables) >= 5
    matplotlib.pyplot.close("all")


@pytest.mark.parametrize("rate", ["0.2", "0.5", "1"])
def test_anode_free_host_is_stripped_empty_and_charged_again(rate):
    """Three cycles of a host without lithium; none of it is lost.

    LLTO keeps in the first cycle what it does not give back below the cut-off: at most
    its 92 mAh/cm3 x 42 um = 0.386 mAh/cm2 of the cathode's 1. Later cycles agree.
    """
    result = twin.simulate(
        "llto_cnt2025_ncm_anode_free",
        "rate_test",
        arguments={
            "charge_rate": rate,
            "discharge_rate": rate,
            "upper": "4.3 V",
            "lower": "3.0 V",
            "cycles": "3",
        },
    )
    assert result.attrs["ended_by"] == "protocol completed"
    lithium = result[names.TOTAL_LITHIUM].to_numpy()
    assert lithium == pytest.approx(lithium[0], rel=1e-8)
    filling = result[names.variable_of(names.PORE_FILLING, "negative")].to_numpy()
    assert filling.min() > -1e-6
    assert filling.max() > 0.1
    assert filling[-1].max() < 1e-3
    capacities = discharge_capacities(result)
    assert capacities[3] == pytest.approx(capacities[2], rel=0.01)


def test_a_ladder_whose_cycles_pass_nothing_says_so():
    """Without rests PyBaMM cannot skip a cycle whose every step is infeasible."""
    with pytest.raises(RecordError, match="passes no charge.*add a rest"):
        twin.simulate("yang2024_li_0_5mAh", "rate_ladder", None, {"rest": "0 min"})


def test_a_second_attempt_is_told_and_progress_goes_forward():
    """At 0.5C the usual solver gives up on a host without lithium, the careful one not."""
    shares = []
    result = twin.simulate(
        "llto_cnt2025_ncm_anode_free",
        "rate_test",
        arguments={
            "charge_rate": "0.5",
            "discharge_rate": "0.5",
            "upper": "4.3 V",
            "lower": "3.0 V",
            "cycles": "3",
        },
        progress=shares.append,
    )
    assert result.attrs["solver_attempts"] == 2
    assert shares == sorted(set(shares))
    assert shares[-1] == 1.0
