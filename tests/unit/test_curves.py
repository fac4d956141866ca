"""Whole curves of a user's own case: errors by hand, figures, what a case may say."""

import json

import numpy as np
import pytest

import twin
from twin import names, report
from twin.errors import RecordError, TwinError, UnitError
from twin.parts.parameters import load_cell
from twin.report_figures import differential
from twin.studies.cases import load_case
from twin.studies.curve_metrics import differential_capacity, rmse_over
from twin.studies.curves import measured_half
from twin.studies.validate import validate

CASE = """
title = "My curves"
paper = "me2026"
reference = "My notebook"

[[curves]]
id = "strip"
file = "strip.csv"
kind = "voltage"
cell = "mann2025_lina"
experiment = "full_stripping"
arguments = { current_density = "1 mA.cm-2" }
rmse = "12 mV"
capacity_error = 0.02
positive_current = "discharge"
reason = "scatter of two cells"
"""


@pytest.fixture(scope="module")
def stripped():
    """A stripping of LiNa at 1 mA/cm2."""
    arguments = {"current_density": "1 mA.cm-2"}
    return twin.simulate("mann2025_lina", "full_stripping", arguments=arguments)


def own_case(folder, stripped, shift=0.010, share=1.0, case=CASE):
    """The simulated curve as a measured one: some mV higher, and cut short."""
    time = stripped["time"].to_numpy()
    voltage = np.abs(stripped[names.VOLTAGE].to_numpy()) + shift
    area = load_cell("mann2025_lina").values[names.ELECTRODE_AREA]
    kept = time <= share * time[-1]
    lines = ["Test Time / s,Voltage / V,Current / A"]
    lines += [
        f"{t:.9g},{v:.9g},{10 * area:.9g}"
        for t, v in zip(time[kept], voltage[kept], strict=True)
    ]
    (folder / "strip.csv").write_text("\n".join(lines) + "\n")
    (folder / "case.toml").write_text(case)
    return folder


def test_a_curve_that_is_10_mv_higher_has_an_rmse_of_10_mv(tmp_path, stripped) -> None:
    rmse, capacity = validate([own_case(tmp_path, stripped)])
    assert (rmse.id, capacity.id) == ("strip:rmse", "strip:capacity")
    assert rmse.simulated == pytest.approx(10.0, abs=0.05)
    assert (rmse.unit, rmse.passed, rmse.status) == ("mV", True, "fitted")
    assert (rmse.relative_to, capacity.relative_to) == ("span", "")
    assert (rmse.fitted_to, capacity.fitted_to) == ("mann-strip-60-1.0",) * 2
    # 7.11 mAh/cm2 on 0.385 cm2
    assert capacity.reported == pytest.approx(7.1086 * 0.385, rel=1e-3)
    assert (capacity.unit, capacity.passed) == ("mA.h", True)
    assert capacity.error == pytest.approx(0, abs=1e-3)
    assert rmse.trace.labels == ("Capacity (mAh/cm²)", "Polarisation (V)")
    assert differential(rmse) is None  # of no use for a stripping


def test_a_curve_cut_short_has_another_capacity_but_no_other_rmse(
    tmp_path, stripped
) -> None:
    rmse, capacity = validate([own_case(tmp_path, stripped, share=0.8)])
    assert rmse.simulated == pytest.approx(10.0, abs=0.05)
    time = stripped["time"].to_numpy()
    last = time[time <= 0.8 * time[-1]][-1]
    assert capacity.error == pytest.approx(time[-1] / last - 1, rel=1e-3)
    assert not capacity.passed
    assert capacity.failed


def test_a_larger_shift_is_outside(tmp_path, stripped) -> None:
    rmse, _ = validate([own_case(tmp_path, stripped, shift=0.015)])
    assert rmse.simulated == pytest.approx(15.0, abs=0.05)
    assert not rmse.passed
    # relative to the span of the measured voltages, about 0.98 V
    assert rmse.error == pytest.approx(0.015 / 0.979, rel=0.01)
    (plain,) = json.loads(report.validation_json([rmse]))
    assert plain["reported"] == 0.0
    assert plain["tolerance"] == pytest.approx(0.012 / 0.979, rel=0.01)
    assert "trace" not in plain


def test_over_time(tmp_path, stripped) -> None:
    case = CASE.replace("rmse =", 'over = "time"\nrmse =')
    rmse, _ = validate([own_case(tmp_path, stripped, case=case)])
    assert rmse.simulated == pytest.approx(10.0, abs=0.05)
    assert rmse.trace.labels[0] == "Time (h)"


def test_capacities_over_cycles_and_rates_of_a_full_cell(tmp_path) -> None:
    """Measured numbers 3 % and 10 % beside what a discharge of zhu2025's cell gives."""
    arguments = {"charge_rate": "0.5", "discharge_rate": "1", "cycles": "1"}
    one = twin.simulate("zhu2025_lco_llto60", "rate_test", arguments=arguments)
    from twin.run.observables import OBSERVABLES

    capacity = OBSERVABLES["discharge capacity"].read(one) / 3600
    (tmp_path / "rates.csv").write_text(f"C-rate,Capacity / mAh/g\n1,{capacity / 0.9}\n")
    (tmp_path / "cycles.csv").write_text(
        f"Cycle Count / 1,Discharge capacity / mAh/g\n1,{capacity / 1.03}\n"
    )
    head = CASE[: CASE.index("[[curves]]")]
    both = """
[[curves]]
id = "{0}"
file = "{0}.csv"
kind = "{1}"
cell = "zhu2025_lco_llto60"
experiment = "rate_test"
arguments = {{ charge_rate = "0.5", {2}cycles = "1" }}
{3}
rmse = "5 mA.h.g-1"
capacity_error = 0.05
reason = "scatter"
"""
    rates = both.format("rates", "rates", "", 'rate_arguments = ["discharge_rate"]')
    cycles = both.format("cycles", "cycling", 'discharge_rate = "1", ', "")
    (tmp_path / "case.toml").write_text(head + rates + cycles)
    found = {row.id: row for row in validate([tmp_path])}
    assert found["rates:capacity"].error == pytest.approx(-0.1, abs=1e-6)
    higher = capacity / 0.9 - capacity
    assert found["rates:rmse"].simulated == pytest.approx(higher, rel=1e-6)
    assert not found["rates:rmse"].passed
    assert found["rates:rmse"].relative_to == "mean"
    # cycles are integrated with other tolerances
    assert found["cycles:capacity"].error == pytest.approx(0.03, abs=1e-4)
    assert found["cycles:rmse"].simulated == pytest.approx(
        capacity * (1 - 1 / 1.03), rel=1e-3
    )
    assert found["cycles:rmse"].passed
    (tmp_path / "cycles.csv").write_text("Cycle / 1,Capacity / mAh/g\n1,100\n5,90\n")
    (tmp_path / "case.toml").write_text(head + cycles)
    with pytest.raises(RecordError, match="experiment has 1 cycles, the file 5"):
        validate([tmp_path])


@pytest.mark.parametrize(
    ("old", "new", "error", "words"),
    [
        ('rmse = "12 mV"', 'rmse = "12"', UnitError, "needs a unit as in '20 mV'"),
        ('rmse = "12 mV"', 'rmse = "12 mA.h.g-1"', UnitError, "needs a unit as in '20 mV'"),
        ('rmse = "12 mV"', 'rmse = "-1 mV"', RecordError, "not positive"),
        ('kind = "voltage"', 'kind = "voltages"', RecordError, "kind"),
        ('kind = "voltage"', 'kind = "rates"', RecordError, "rate_arguments lists"),
        ('"strip.csv"', '"../strip.csv"', RecordError, "leaves the folder"),
        ("rmse", "rsme", RecordError, "unknown key"),
    ],
)
def test_broken_curves_are_refused(tmp_path, old, new, error, words) -> None:
    assert old in CASE
    (tmp_path / "case.toml").write_text(CASE.replace(old, new))
    with pytest.raises(error, match=words):
        load_case(tmp_path)


def test_messages_name_the_curve_and_the_file(tmp_path, stripped) -> None:
    own_case(tmp_path, stripped)
    (tmp_path / "strip.csv").write_text("Voltage / V\n1\n")
    with pytest.raises(TwinError, match=r"row strip: .*strip.csv: has no column of the"):
        validate([tmp_path])


def test_a_current_that_no_cell_bears_is_refused_with_a_hint(tmp_path, stripped) -> None:
    own_case(tmp_path, stripped)
    lines = (tmp_path / "strip.csv").read_text().splitlines()
    # 0.385 mA as 0.385 A, on 0.385 cm2
    lines = [line.replace(",0.000385", ",0.385") for line in lines]
    (tmp_path / "strip.csv").write_text("\n".join(lines) + "\n")
    words = r'to 1 A/cm2, .* "Current / A = mA" \}, or give the curve its area$'
    with pytest.raises(RecordError, match=words):
        validate([tmp_path])
    with_unit = 'columns = { current = "Current / A = mA" }\n'
    (tmp_path / "case.toml").write_text(CASE + with_unit)
    assert validate([tmp_path])[0].simulated == pytest.approx(10.0, abs=0.05)


def measured_currents(folder, header, currents, more=""):
    """A discharge of zhu2025's cell, a row each minute, as it is read."""
    lines = [f"Time / s,Voltage / V,{header}"]
    lines += [f"{60 * n},{4.1 - 0.1 * n},{i}" for n, i in enumerate(currents)]
    (folder / "strip.csv").write_text("\n".join(lines) + "\n")
    text = CASE.replace("mann2025_lina", "zhu2025_lco_llto60")
    text = text.replace('"discharge"', '"charge"').replace("full_stripping", "rate_test")
    text = text.replace('arguments = { current_density = "1 mA.cm-2" }', more)
    (folder / "case.toml").write_text(text)
    (curve,) = load_case(folder).curves
    return measured_half(curve, load_cell(curve.cell))


@pytest.mark.parametrize(
    ("header", "currents", "more", "words"),
    [
        # 1 mA on a thousandth of a square millimetre
        ("Current / A", [-1e-3] * 3, 'area = "1e-5 cm2"', ' = mA" }, or check its area$'),
        # a smaller unit does not help, or the usual one is larger
        ("Current / A", [-1e6] * 3, "", "check its unit and its numbers, or give the cur"),
        ("Current / A.m-2", [-1e4] * 3, "", "to 1 A/cm2, .*; check its unit and its numb"),
        # one row at rest, and two of four that flow
        ("i / A.cm-2", [-1e-3, -1e-3, 0, 0.6], "", "the row at 180 s comes to 0.6 A/cm2"),
        ("i / A.cm-2", [-1e-3, -1e-3, 2, 0.6], "", "at 120 s .* the first of 2 such row"),
    ],
)
def test_currents_that_no_cell_bears_are_told_what_to_check(
    tmp_path, header, currents, more, words
) -> None:
    with pytest.raises(RecordError, match=words):
        measured_currents(tmp_path, header, currents, more)


@pytest.mark.parametrize(
    ("header", "hint", "current", "capacity", "unit"),
    [
        # of a minute at 7 A/m2 and at 300 A/kg
        ("Current / A.cm-2", "Current / A.cm-2 = mA.cm-2", -0.7, 420.0, "C.m-2"),
        ("i (A/g)", "i (A/g) = mA.g-1", -300, 18000.0, "C.kg-1"),
    ],
)
def test_the_hint_at_a_unit_is_right_if_it_is_followed(
    tmp_path, header, hint, current, capacity, unit
) -> None:
    hint = f'columns = {{ current = "{hint}" }}'
    with pytest.raises(RecordError) as caught:
        measured_currents(tmp_path, header, [current, current])
    # both are said to be per area or mass, so that no area helps
    assert str(caught.value).endswith(hint)
    half = measured_currents(tmp_path, header, [current, current], hint)
    assert half.capacity[-1] == pytest.approx(capacity)
    assert half.unit == unit


def test_rmse_is_that_of_the_integral_not_of_the_rows() -> None:
    """Rows crowd where the curves agree; the difference is x: 1/sqrt(3) over 0 to 1."""
    x = np.concatenate([np.linspace(0, 0.1, 1000), np.linspace(0.11, 1, 90)])
    even = np.linspace(0, 2, 11)
    assert rmse_over(x, 0 * x, even, even) == pytest.approx(1 / np.sqrt(3), rel=1e-4)
    assert np.isnan(rmse_over(x, x, x + 5, x))


def test_differential_capacity_counts_charge() -> None:
    """A plateau of 2 in 10 mV and a slope of 1 over 0.9 V: 3 in all, 200 per volt."""
    voltage = np.array([4.0, 3.5, 3.49, 3.1])
    capacity = np.array([0.0, 0.5, 2.5, 3.0])
    middle, density = differential_capacity(voltage, capacity, 3.1, 4.0)
    width = middle[1] - middle[0]
    assert density.sum() * width == pytest.approx(3.0)
    assert density.max() == pytest.approx(2 / 0.01, rel=0.15)
    assert middle[np.argmax(density)] == pytest.approx(3.495, abs=width)
