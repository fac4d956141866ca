"""Leave-one-out: which parameters a row fixes, and what is left of them without it."""

import math
from pathlib import Path

import pytest

from twin.studies.cross_validation import LeftOut, leave_one_out, summaries

HEADER = "id,quantity,value,unit,bound,locator\n"
ROW = """
[[rows]]
id = "{id}"
cell = "{cell}"
experiment = "current_pulse"
arguments = {{ current_density = "1 mA.cm-2" }}
observable = "initial cell resistance"
tolerance = 0.02
reason = "none"
"""
CELL = """
title = "Pellet"
base = "mann2025_lina"
{more}
["Separator bulk conductivity at 25 C [S.m-1]"]
value = 1.0
unit = "mS.cm-1"
range = [0.5, 2.0]
status = "fitted"
source = {{ paper = "me2026", locator = "p" }}
fitted_to = [{rows}]
"""
#: What a pellet of mann2025 is at 60 C, with 1 mS/cm in its grains at 25 C: 70 Ohm.cm2 of
#: grains and 14.48 of boundaries over 4.503, and two interfaces of 1.458 (section 2).
GRAINS, REST = 70 / 4.503, 14.48 / 4.503


def own_case(folder: Path, rows: dict[str, float], fitted_to: str) -> Path:
    text = 'title = "Mine"\npaper = "me2026"\nreference = "notebook"\n'
    table = HEADER
    for id, value in rows.items():
        text += ROW.format(id=id, cell="cell.toml")
        table += f"{id},resistance,{value},Ohm.cm2,=,p\n"
    (folder / "case.toml").write_text(text)
    (folder / "measurements.csv").write_text(table)
    (folder / "cell.toml").write_text(CELL.format(more="", rows=fitted_to))
    return folder


def test_a_parameter_without_other_data_lies_in_the_middle_of_its_range(
    tmp_path: Path,
) -> None:
    reported = GRAINS + REST + 2 * 1.4585
    (row,) = leave_one_out([own_case(tmp_path, {"one": reported}, '"one"')])
    assert row.fitted and not row.refitted and not row.failed
    assert [label.partition(" @")[0] for label in row.at_prior] == [
        "Separator bulk conductivity at 25 C [S.m-1]"
    ]
    # the middle of 0.5 and 2 on a logarithmic scale is 1, which is what the record has
    assert row.without_it == pytest.approx(row.with_it, rel=1e-6)
    assert row.with_it == pytest.approx(reported, rel=1e-3)


def test_a_row_is_predicted_from_the_other_rows_of_its_parameters(tmp_path: Path) -> None:
    # the same cell measured twice, with different results
    low, high = GRAINS / 1.1 + REST + 2 * 1.4585, GRAINS / 0.9 + REST + 2 * 1.4585
    case = own_case(tmp_path, {"low": low, "high": high}, '"low", "high"')
    first, second = leave_one_out([case])
    # each is predicted to be the other; the prior, 0.35 in ln kappa, holds back next to
    # nothing beside 1 % of R, 1.4 % in ln kappa
    assert first.without_it == pytest.approx(high, rel=2e-3)
    assert second.without_it == pytest.approx(low, rel=2e-3)
    assert first.refitted and not first.at_prior
    assert first.left_out_error == pytest.approx(high / low - 1, rel=2e-2)


def test_a_row_that_nothing_was_fitted_to_is_predicted_anyhow(tmp_path: Path) -> None:
    case = own_case(tmp_path, {"one": 20.0, "other": 21.0}, '"one"')
    _, other = leave_one_out([case])
    assert not other.fitted
    assert other.without_it == other.with_it


def left_out(fitted_error: float, error: float, **more: object) -> LeftOut:
    given: dict[str, object] = {"fitted": True, "contradicted": False} | more
    return LeftOut(
        "id", "paper", "q", "V", 1.0, 1.0, 1.0, fitted_error, error,
        refitted=(), at_prior=(), **given,  # type: ignore[arg-type]
    )  # fmt: skip


def test_medians_are_of_the_magnitudes_of_what_counts() -> None:
    rows = [
        left_out(-0.01, 0.5),
        left_out(0.03, -0.2),
        left_out(0.02, 0.04),
        left_out(0.1, 0.1, fitted=False),
        left_out(9.0, 9.0, contradicted=True, fitted=False),
        left_out(9.0, 9.0, failed="no"),
    ]
    (one,) = summaries(rows)
    assert (one.rows, one.fitted_rows) == (4, 3)
    assert (one.fitted_error, one.left_out_error) == pytest.approx((0.02, 0.2))
    # of 0.01, 0.02, 0.03, 0.1 and of 0.04, 0.1, 0.2, 0.5
    assert (one.error, one.all_left_out_error) == pytest.approx((0.025, 0.15))
    assert one.notable
    (none,) = summaries([left_out(0.1, 0.1, fitted=False)])
    assert math.isnan(none.left_out_error) and not none.notable
