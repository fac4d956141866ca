"""Rates of zhu2025, yang2024 and peng2025: numbers, statuses and the order of anodes."""

import json

import numpy as np
import pybamm
import pytest
import xarray as xr

import twin
from twin import names
from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import load_cell
from twin.run.observables import CYCLES_ASKED, observable
from twin.run.results import COMPLETED, ENDED_BY, PARAMETERS
from twin.studies import validate
from twin.studies.cases import load_case

UNAGED = xr.Dataset(
    {names.CYCLE_DISCHARGED: ("cycle", [1.0])},
    {"cycle": [1]},
    {
        ENDED_BY: COMPLETED,
        CYCLES_ASKED: 1,
        PARAMETERS: json.dumps({names.CATHODE_LOADING: {"value": 1.0}}),
    },
)

# Reported numbers, from the papers; tolerances from what each number is worth.
EXPECTED = {
    "zhu-sym-v": (0.09, 0.12, "fitted"),  # V
    "zhu-full-0.1c-1": (129, 0.08, "predicted"),  # mAh/g, as all below but two
    "zhu-full-0.1c": (130, 0.08, "predicted"),
    "zhu-full-0.2c": (132, 0.08, "predicted"),
    "zhu-full-1c": (120, 0.08, "predicted"),
    "zhu-full-cyc-1": (139.6, 0.08, "predicted"),
    "yang-50c-nano": (89.9, 0.08, "fitted"),
    "yang-30c-nano": (103.3, 0.08, "predicted"),
    "yang-30c-sc": (63.8, 0.08, "fitted"),
    "yang-30c-li": (20.1, 0.08, "contradicted"),
    "yang-25c-nano": (92.3, 0.08, "predicted"),
    "yang-25c-micro": (70.9, 0.08, "fitted"),
    "yang-25c-max-sc": (7.5, 0.1, "fitted"),  # mA/cm2
    "yang-25c-max-li": (2.5, 0.1, "fitted"),
    "yang-0.1c-5": (127.7, 0.08, "predicted"),
    "yang-0.1c-10": (127.1, 0.08, "predicted"),
    "peng-lfp-10-1": (154.5, 0.05, "fitted"),
    "peng-lfp-0-1": (134.9, 0.08, "contradicted"),
    "peng-v-60-10": (74, 0.1, "contradicted"),
}


# Outside its tolerance, by as much; the loss of active material of one cycle tips it over.
OUTSIDE = {"zhu-full-cyc-1": -0.0802}


# Where the plating happens: a share that must be exceeded, and one that must not be.
SHARES = {"yang-phasefield": (">=", 0.25, "fitted")}
SHARES["yang-phasefield-sc"] = ("<=", 0.05, "predicted")


@pytest.fixture(scope="module")
def rows():
    """Rows of the rates, and of the first cycles of cycling tests."""
    papers = ["zhu2025", "yang2024", "peng2025"]
    ageing = {
        row.id
        for paper in papers
        for row in load_case(paper).rows
        if observable(row.observable).by == "ageing"
    }
    with pytest.MonkeyPatch.context() as patch:
        # their own test has them; here they would take minutes
        patch.setitem(validate._RUNS, "ageing", lambda cell, row: UNAGED)
        return {
            row.id: row
            for test in ("rate", "cycling", "simulation")
            for row in twin.validate(papers, test=test)
            if row.id not in ageing
        }


def test_no_row_is_missing_or_added(rows):
    assert set(rows) == {*EXPECTED, *SHARES}


@pytest.mark.parametrize("key", EXPECTED)
def test_row(rows, key):
    reported, tolerance, status = EXPECTED[key]
    row = rows[key]
    assert (row.reported, row.status) == (reported, status)
    assert row.tolerance <= tolerance
    if status == "contradicted":
        # the reason is given, and the row does not count
        assert len(row.note) > 40
        assert not row.failed
    elif key in OUTSIDE:
        assert row.failed
        assert row.error == pytest.approx(OUTSIDE[key], abs=2e-4)
    else:
        assert row.simulated == pytest.approx(reported, rel=tolerance)


@pytest.mark.parametrize("key", SHARES)
def test_where_lithium_plates(rows, key):
    """SC-nano throughout, a quarter beyond the first third; SC at the separator alone."""
    bound, share, status = SHARES[key]
    row = rows[key]
    assert (row.bound, row.reported, row.status) == (bound, share, status)
    assert row.simulated >= share if bound == ">=" else row.simulated <= share


def test_bare_lithium_at_30c_is_low(rows):
    """All that can be said of a number inside a jump: a fifth of the SC-nano cell's."""
    assert rows["yang-30c-li"].simulated < 103.3 / 5


# --- the four anodes of yang2024 -------------------------------------------------------
ANODES = ("nano", "micro", "sc", "li")


def capacity(anode, loading, rate):
    """Discharge capacity [mAh/g] of the first cycle, charged at the same rate."""
    result = twin.simulate(
        f"yang2024_{anode}_{loading}mAh",
        "rate_test",
        arguments={"charge_rate": str(rate), "discharge_rate": str(rate), "cycles": "1"},
    )
    return observable("discharge capacity").read(result) / 3600


def assert_in_order(capacities):
    """Each above the next by more than the 0.5 % that the mesh is good for."""
    assert (np.array(capacities[:-1]) > 1.005 * np.array(capacities[1:])).all()


@pytest.mark.parametrize(
    ("loading", "rate"), [("0_2", 5), ("0_2", 10), ("0_2", 20), ("0_5", 5), ("0_5", 10)]
)
def test_order_of_the_anodes(loading, rate):
    """SC-nano > SC-micro > SC > bare lithium, at every rate."""
    assert_in_order([capacity(anode, loading, rate) for anode in ANODES])


def test_order_of_the_anodes_at_30c(rows):
    """The same, and SC-nano over SC: reported 103.3 over 63.8 mAh/g, 1.62."""
    nano, soft_carbon, bare = (
        rows[f"yang-30c-{anode}"].simulated for anode in ("nano", "sc", "li")
    )
    assert_in_order([nano, capacity("micro", "0_2", 30), soft_carbon, bare])
    assert nano / soft_carbon > 1.3


def test_thickest_cathode_of_all():
    """15 mAh/cm2 at 0.1C, which is 111.11 mg/cm2 at 135 mAh/g: 1.5 mA/cm2 for 10 h."""
    result = twin.simulate("yang2024_nano_15mAh", "rate_test", arguments={"cycles": "1"})
    assert result.attrs["ended_by"] == "protocol completed"
    current = result[names.TOTAL_CURRENT_DENSITY].to_numpy()
    assert current.max() == pytest.approx(15.0, rel=2e-3)
    per_area = observable("discharge capacity").read(result) * 1.1111 / 36000
    assert 12 < per_area < 15  # mAh/cm2
    lithium = result[names.TOTAL_LITHIUM].to_numpy()
    assert lithium == pytest.approx(lithium[0], rel=1e-8)


def test_a_rate_row_does_not_depend_on_the_mesh():
    """Capacity of the SC cell at 30C on 20, 40 and 80 cells in interlayer and foil.

    Full pores spread from cell to cell, so that no order shows; the 40 cells there are
    leave 0.5 %, a sixteenth of the row's tolerance, and half as many three times that.
    """
    cell = load_cell("yang2024_sc_0_2mAh")
    values = parameter_values(cell)
    model = build_model(cell)
    current = 30 * values[names.NOMINAL_CAPACITY]
    steps = [
        pybamm.step.current(-current, duration=600, termination="4.2 V"),
        pybamm.step.rest(duration=300),
        pybamm.step.current(current, duration=600, termination="2.5 V"),
    ]
    found = []
    for cells in (20, 40, 80):
        points = {
            key: cells if getattr(key, "name", "")[:3] in ("xi_", "y_n") else count
            for key, count in model.default_var_pts.items()
        }
        solution = pybamm.Simulation(
            model,
            parameter_values=values,
            experiment=pybamm.Experiment(steps),
            var_pts=points,
            solver=model.default_solver,
        ).solve(calc_esoh=False)
        passed = solution.cycles[2].steps[0][names.DISCHARGE_CAPACITY].entries
        found.append(passed[-1] - passed[0])
    coarse, shipped, fine = found
    assert shipped == pytest.approx(fine, rel=5e-3)
    assert coarse == pytest.approx(fine, rel=1.5e-2)
