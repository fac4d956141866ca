"""What is printed after a run and after a validation."""

import dataclasses
import json
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from rich.table import Table

from twin import names, report
from twin.report_fit import data_table
from twin.run.cycles import cycles_of
from twin.run.results import ENDED_BY
from twin.studies.fit_result import FittedDatum
from twin.studies.validate import Comparison


def cycled(count: int) -> xr.Dataset:
    """Cycle n charges at n C to a hold, rests, and discharges at 2n C; 1C is 5 A.m-2.

    Charge of n x 360 C.m-2, of which the hold gives a quarter, discharge of n x 180.
    """
    cycle, step, density, capacity = [], [], [], []
    passed, before = 0.0, 0.0
    for number in range(1, count + 1):
        parts = ((-5.0, -270.0), (-0.5, -90.0), (0.0, 0.0), (10.0, 180.0))
        for part, (current, charge) in enumerate(parts, start=1):
            cycle += [number] * 2
            step += [part] * 2
            # the first point still has the current of the step before
            density += [before, number * current]
            capacity += [passed, passed + number * charge]
            passed, before = capacity[-1], density[-1]
    records = {
        # 18000 C.kg-1 x 1 kg.m-2 in an hour are 5 A.m-2
        names.CATHODE_LOADING: {"value": 1.0, "status": "measured"},
        names.CATHODE_CAPACITY: {"value": 18000.0, "status": "assumed"},
    }
    data = {
        "cycle": ("time", np.array(cycle)),
        "step": ("time", np.array(step)),
        names.TOTAL_CURRENT_DENSITY: ("time", np.array(density)),
        names.AREAL_CAPACITY: ("time", np.array(capacity)),
    }
    return xr.Dataset(data, attrs={"parameters": json.dumps(records)})


def lines(table: Table | None) -> list[list[str]]:
    assert table is not None
    columns = [list(column.cells) for column in table.columns]
    return [[str(cell) for cell in row] for row in zip(*columns, strict=True)]


def test_holds_count_with_the_charge_and_rests_with_nothing() -> None:
    found = cycles_of(cycled(3))[3]
    assert found.charged.charge == pytest.approx(3 * 360)
    assert found.discharged.charge == pytest.approx(3 * 180)
    # the hold's last current is smaller than the charge's
    assert found.charged.current_density == pytest.approx(15.0)
    assert found.discharged.current_density == pytest.approx(30.0)


def test_each_cycle_is_listed_with_its_rates_and_capacities() -> None:
    # 720 C.m-2 = 0.02 mAh.cm-2, and 720 C.kg-1 = 0.2 mAh.g-1
    rows = lines(report.cycles_table(cycled(10)))
    assert len(rows) == 10
    assert rows[1] == ["2", "2C", "0.02", "0.2", "4C", "0.01", "0.1"]


def test_of_many_cycles_the_first_and_the_last_are_listed() -> None:
    rows = lines(report.cycles_table(cycled(11)))
    assert [row[0] for row in rows] == ["1", "2", "3", "...", "9", "10", "11"]


def test_a_cycle_that_passes_nothing_has_no_rate() -> None:
    result = cycled(1)
    result[names.TOTAL_CURRENT_DENSITY] *= 0
    assert lines(report.cycles_table(result)) == [["1", "-", "0", "0", "-", "0", "0"]]


def test_symmetric_cells_have_no_table_of_cycles() -> None:
    result = cycled(1).assign({names.CELL_RESISTANCE: 1.0})
    assert report.cycles_table(result) is None


def test_a_run_tells_charge_passed_apart_from_lithium_left() -> None:
    one = cycled(1)
    data = {
        names.VOLTAGE: ("time", np.full(8, 3.5)),
        names.variable_of(names.INVENTORY_FRACTION, "negative"): ("time", np.full(8, 1.2)),
        names.variable_of(names.CONTACT_FRACTION, "negative"): ("time", np.full(8, 0.9)),
        "time": ("time", np.arange(8.0) * 1800),
    }
    result = one.assign(data).assign_attrs({ENDED_BY: "protocol completed"})
    rows = dict(lines(report.run_table(result)))
    # 270 + 90 - 180 C.m-2 less than at the start
    assert rows["net stripped capacity"] == "-0.005 mAh/cm2 of charge passed"
    assert rows["final lithium inventory fraction"] == (
        "negative 1.2 of the metal at the start; besides the charge, losses and an "
        "interlayer change it"
    )
    assert rows["final contact fraction"] == "negative 0.9"


def test_no_residual_is_minus_zero() -> None:
    datum = FittedDatum("r", "cell", "capacity", "V", 1.0, 1.0, -0.001)
    result = SimpleNamespace(data=[datum, dataclasses.replace(datum, residual=-0.4)])
    residuals = [row[-1] for row in lines(data_table(result))]  # type: ignore[arg-type]
    assert residuals == ["+0.00 s", "-0.40 s"]


def test_errors_of_curves_say_what_they_are_of() -> None:
    row = dataclasses.replace(compared(1.0, "=", 1.02, True), relative_to="span")
    (printed,) = lines(report.validation_table([row]))
    assert printed[5:7] == ["+2.0 % of span", "10 % of span"]


def test_a_row_that_is_fitted_under_another_id_says_under_which() -> None:
    row = compared(1.0, "=", 1.0, True)
    fitted = dataclasses.replace(
        row, status="fitted", fitted_to="first", fitted_parameters=("A [m]", "B [V]")
    )
    curve = [dataclasses.replace(fitted, id=f"c:{kind}") for kind in ("rmse", "capacity")]
    own = dataclasses.replace(fitted, id="first")
    own_curve = dataclasses.replace(fitted, id="first:rmse")
    assert report.fitted_by_others([row, fitted, *curve, own, own_curve]) == [
        f"{id}: fitted, as it is the same data or run as first; "
        "fitted to that: A [m]; B [V]"
        for id in ("row", "c")
    ]


def test_fitted_values_are_named_and_assumed_ones_counted() -> None:
    status = {"a": "assumed", "b": "fitted", "c": "assumed", "d": "derived", "e": "fitted"}
    assert report.provenance_line(status, "the file") == (
        "Rests on 2 fitted values (b; e) and 2 assumed; the file lists all."
    )
    assert report.provenance_line({"d": "measured"}, "the file") == ""
    assert report.statuses(cycled(1))[names.CATHODE_CAPACITY] == "assumed"


def test_repairs_of_a_file_are_said() -> None:
    row = dataclasses.replace(
        compared(1.0, "=", 1.0, True),
        id="strip:rmse",
        locator="strip.csv",
        repairs=("2 duplicate rows removed", "1 row put in the order of time"),
    )
    said = "2 duplicate rows removed; 1 row put in the order of time"
    plain = compared(1.0, "=", 1.0, True)
    assert report.repairs([plain, row]) == [f"repaired: strip.csv of strip: {said}"]


def compared(reported: float, bound: str, simulated: float, passed: bool) -> Comparison:
    return Comparison(
        *("row", "paper", "cell", "capacity", "mA.h.cm-2", reported, bound, simulated),
        *("=", simulated / reported - 1, 0.1, 0.1, passed, "predicted", (), ""),
    )


@pytest.mark.parametrize(
    ("reported", "bound", "simulated", "passed", "shown"),
    [
        (5.0, ">=", 7.0, True, "met"),
        (5.0, ">", 7.0, True, "met"),
        (2.0, "<=", -1.1, True, "met"),
        (2.0, "<", 1.0, True, "met"),
        (5.0, ">=", 4.8, True, "-4.0 %"),  # within the tolerance only
        (5.0, ">=", 4.0, False, "-20.0 %"),
        # survived to the end only: may lie beyond the upper bound
        (2.0, "<=", 1.0, False, "-50.0 %"),
        (5.0, "=", 5.2, True, "+4.0 %"),
        (5.0, "~", 5.2, True, "+4.0 %"),
        (5.0, "=", 4.99999, True, "+0.0 %"),
        # "+10.0 %" would look as if it were within 10 %
        (5.0, "=", 5.501, False, "+10.02 %"),
        (5.0, "=", 4.4998, False, "-10.004 %"),
    ],
)
def test_a_bound_that_is_met_shows_no_error(
    reported: float, bound: str, simulated: float, passed: bool, shown: str
) -> None:
    row = compared(reported, bound, simulated, passed)
    (printed,) = lines(report.validation_table([row]))
    assert printed[5] == shown
    # in the file nothing changes
    (written,) = json.loads(report.validation_json([row]))
    assert written["error"] == pytest.approx(simulated / reported - 1)
    assert "bound_met" not in written
