"""Fits without a run: what is fitted, how residuals count, what statistics say."""

import math
from dataclasses import replace

import numpy as np
import pytest

from twin import names
from twin.errors import RecordError, TwinError, UnitError, UnknownNameError
from twin.parts.parameters import load_cell
from twin.report_fit import profile_table
from twin.studies.cases import Measurement, Tolerance, load_case
from twin.studies.fit import Profile, fit
from twin.studies.fit_data import Curve, RowDatum, case_data, checked_curve
from twin.studies.fit_problem import Evaluation
from twin.studies.fit_statistics import sampled, statistics
from twin.studies.fit_unknowns import Unknown, parse_bounds, unknowns_of

LINA, COLD, BARE = (
    load_cell(name) for name in ("mann2025_lina", "mann2025_lina_25C", "mann2025_li")
)


def unknown(low: float, high: float) -> Unknown:
    record = LINA.records[names.LITHIUM_DIFFUSIVITY]
    return Unknown(replace(record, value=(low + high) / 2), low, high, ("cell",))


def test_positive_bounds_make_a_logarithmic_scale_and_others_a_linear_one() -> None:
    log, plain = unknown(1e-15, 1e-13), unknown(-1.0, 3.0)
    assert log.middle == pytest.approx(1e-14)  # the geometric mean
    assert plain.middle == pytest.approx(1.0)
    assert log.to_scale(1e-14) == pytest.approx(0.5)
    assert plain.to_scale(0.0) == pytest.approx(0.25)
    # d(ln v) = ln(100) dx, and dv = 4 dx
    assert log.slope(1e-14) == pytest.approx(1e-14 * math.log(100))
    assert plain.slope(0.0) == 4.0


def test_cells_that_share_a_record_share_an_unknown() -> None:
    found = unknowns_of([LINA, COLD, BARE], [names.LITHIUM_DIFFUSIVITY])
    assert [one.cells for one in found] == [
        ("mann2025_lina", "mann2025_lina_25C"),
        ("mann2025_li",),
    ]
    (only,) = unknowns_of(
        [LINA, BARE], ["Lithium self-diffusivity at 25 C @ lithium_mann2025"]
    )
    assert only.acts_on(BARE) and not only.acts_on(LINA)
    # a value set for one cell is another record
    changed = LINA.with_values({names.LITHIUM_DIFFUSIVITY: 1e-14}, "test")
    assert not found[0].acts_on(changed)


@pytest.mark.parametrize(
    ("wanted", "bounds", "error", "words"),
    [
        (["Lithium thicknes"], {}, UnknownNameError, "Did you mean 'Lithium thickness"),
        (["Lithium thickness @ llzo"], {}, UnknownNameError, "lithium_sodium_mann2025"),
        (["Interlayer thickness"], {}, UnknownNameError, "parameter of these cells"),
        (["Electrode area"], {}, RecordError, "no range to fit it in.*--bounds"),
        (["Lithium thickness"], {"Lithium thickness": (2.0, 1.0)}, RecordError, "below"),
        (["Lithium thickness"], {"Lithium thickness": (-1.0, 1.0)}, RecordError, "allowed"),
        (
            ["Lithium thickness"],
            {"Separator thickness": (1e-4, 1e-3)},
            UnknownNameError,
            "fitted parameter 'Separator thickness",
        ),
    ],
)
def test_what_cannot_be_fitted_is_named(
    wanted: list[str],
    bounds: dict[str, tuple[float, float]],
    error: type[TwinError],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        unknowns_of([LINA], wanted, bounds)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("Lithium thickness=20:10 um", RecordError, "not below"),
        ("Lithium thickness=10 um", RecordError, "NAME=low:high unit"),
        ("Lithium thickness=10:20", UnitError, "missing unit"),
        ("Lithium thickness=10:20 V", UnitError, "V"),
        ("Lithum thickness=10:20 um", UnknownNameError, "Did you mean"),
    ],
)
def test_bounds_that_mean_nothing_are_refused(
    text: str, error: type[TwinError], words: str
) -> None:
    with pytest.raises(error, match=words):
        parse_bounds(text)


def datum(bound: str = "=", tolerance: Tolerance | None = None, **more: float) -> RowDatum:
    (one,) = case_data([load_case("mann2025")], ["mann-rtot-60"])
    measured = Measurement("R", 2.0, "Ohm.cm2", bound, "here", **more)  # type: ignore[arg-type]
    row = replace(
        one.row, measurement=measured, tolerance=tolerance or Tolerance(relative=0.1)
    )
    return replace(one, row=row, measured=2.0)


def test_residuals_are_in_standard_deviations() -> None:
    # a tolerance of 10 % is two standard deviations: 2.1 is one of them above 2.0
    assert datum().residual(2.1) == pytest.approx((1.0, 10.0))
    # a stated 0.2 is 10 %
    assert datum(uncertainty=0.2).residual(2.1) == pytest.approx((0.5, 5.0))
    # a factor of e^2 is one in the logarithm: 2e is one above
    by_factor = datum(tolerance=Tolerance(0.0, factor=math.exp(2)))
    assert by_factor.residual(2 * math.e)[0] == pytest.approx(1.0)
    # one step of 0.8 beside 2.0 is 40 %, and so 20 % a standard deviation
    assert datum(tolerance=Tolerance(0.1, steps=1)).residual(2.4, step=0.8)[0] == (
        pytest.approx(1.0)
    )


@pytest.mark.parametrize(
    ("bound", "simulated", "counts"),
    [(">=", 2.1, False), (">=", 1.9, True), ("<=", 1.9, False), ("<", 2.1, True)],
)
def test_a_bound_that_is_met_does_not_pull(
    bound: str, simulated: float, counts: bool
) -> None:
    value, slope = datum(bound).residual(simulated)
    assert (value != 0, slope != 0) == (counts, counts)


def at_minimum(jacobian: list[list[float]], residuals: list[float]) -> Evaluation:
    J, r = np.array(jacobian), np.array(residuals)
    x = np.full(J.shape[1], 0.5)
    return Evaluation(x, (), r, J, np.arange(r.size))


def test_intervals_and_correlation_of_a_linear_problem() -> None:
    # F = [[4e4, 2e4], [2e4, 4e4]], so F^-1 = [[2, -1], [-1, 2]] / 6e4
    found = statistics(at_minimum([[200, 100], [0, math.sqrt(3e4)]], [0.0, 0.0]))
    assert found.deviation == pytest.approx([math.sqrt(2 / 6e4)] * 2)
    assert found.half_width == pytest.approx(1.959964 * found.deviation)
    assert found.correlation[0, 1] == pytest.approx(-0.5)
    assert found.identified == (True, True)
    # eigenvalues of F are 2e4, along (1, -1), and 6e4
    assert [d.eigenvalue for d in found.directions] == pytest.approx([2e4, 6e4])
    assert abs(found.directions[0].vector) == pytest.approx([math.sqrt(0.5)] * 2)


def test_parameters_that_act_alike_or_not_at_all_are_found() -> None:
    found = statistics(at_minimum([[10, 10, 0, 0], [20, 20, 0, 90]], [0.0, 0.0]))
    assert found.identified == (False, False, False, True)
    assert found.without_effect == (2,)
    open_ones = {d.members for d in found.directions if not d.fixed}
    assert open_ones == {(0, 1), (2,)}
    assert np.isinf(found.deviation[:3]).all() and np.isfinite(found.deviation[3])


def test_stated_uncertainties_are_believed_until_chi2_is_impossible() -> None:
    flat = [[100.0]] * 5
    # chi2 of 4 with 4 degrees of freedom is what is to be expected
    believed = statistics(at_minimum(flat, [1, -1, 1, -1, 0]))
    assert (believed.freedom, believed.widening) == (4, 1.0)
    # 36 is not; then sqrt(36 / 4), and Student's t with 4 degrees of freedom
    doubted = statistics(at_minimum(flat, [3, -3, 3, -3, 0]))
    assert doubted.widening == pytest.approx(3.0)
    assert doubted.half_width[0] / doubted.deviation[0] == pytest.approx(2.776, rel=1e-3)
    # a bound that is met counts for nothing
    met = at_minimum([*flat, [0.0]], [1, -1, 1, -1, 0, 0])
    assert statistics(met).freedom == 4


def test_an_ensemble_has_the_covariance_and_keeps_within_the_bounds() -> None:
    found = at_minimum([[200, 100], [0, math.sqrt(3e4)]], [0.0, 0.0])
    drawn = sampled(found, statistics(found), 20_000, seed=1)
    assert np.cov(drawn.T) * 6e4 == pytest.approx(np.array([[2, -1], [-1, 2]]), abs=0.08)
    open_one = at_minimum([[1e-3]], [0.0])
    wide = sampled(open_one, statistics(open_one), 2000, seed=1)
    assert 0 <= wide.min() < 0.02 and 0.98 < wide.max() <= 1
    again = sampled(found, statistics(found), 3, seed=1)
    assert np.array_equal(again, sampled(found, statistics(found), 3, seed=1))


@pytest.mark.parametrize(
    ("time", "voltage", "words"),
    [
        ([0, 2, 1], [0, 0, 0], "point 3 does not"),
        ([-1, 2], [0, 0], "point 1 does not"),
        ([0, 1], [0, math.nan], "not a finite number"),
        ([0, 1], [0, 0, 0], "2 times and 3 voltages"),
        ([0], [0], "1 times and 1 voltages"),
    ],
)
def test_curves_that_are_none_are_refused(
    time: list[float], voltage: list[float], words: str
) -> None:
    with pytest.raises(RecordError, match=words):
        checked_curve(Curve("c", "mann2025_li", "current_pulse", time, voltage, 1e-3))


def test_wrong_requests_are_named() -> None:
    conductivity = "Separator bulk conductivity at 25 C"
    with pytest.raises(UnknownNameError, match="Did you mean 'mann-rtot-60'"):
        fit(["mann2025"], [conductivity], rows=["mann-rtot"])
    with pytest.raises(UnknownNameError, match="validation case 'man2025'"):
        fit(["man2025"], [conductivity])
    with pytest.raises(TwinError, match="2 parameters cannot be fitted to 1 numbers"):
        more = "Separator grain-boundary conductivity at 25 C"
        fit(["mann2025"], [conductivity, more], rows=["mann-rtot-60"])
    with pytest.raises(TwinError, match="at least one parameter.*Interface resistance"):
        fit(["mann2025"], rows=["mann-rtot-60"])
    with pytest.raises(RecordError, match="is in .* too"):
        fit(["mann2025", "mann2025"], [conductivity])


def test_a_profile_marks_what_lies_outside_the_interval() -> None:
    # 3.84 is the 95 % point of chi2 with one degree of freedom
    line = Profile("kappa", np.array([1.0, 2.0, 3.0]), np.array([3.8, 0.0, 3.9]))
    verdicts = [str(cell) for cell in profile_table(line).columns[2].cells]
    assert verdicts == ["", "", "outside the 95 % interval"]
