"""Validation: what counts as fitted, as agreement, and what a case may contain."""

import csv
import os
import shutil
from pathlib import Path

import pytest

from twin import assets
from twin.errors import RecordError, TwinError, UnitError, UnknownNameError
from twin.studies.cases import Measurement, list_cases, load_case
from twin.studies.validate import agrees, validate

HEADER = "id,quantity,value,unit,bound,locator\n"
CASE = """
title = "My two rows"
paper = "me2026"
reference = "My notebook"

[[rows]]
id = "ohm"
cell = "mann2025_lina"
experiment = "current_pulse"
arguments = { current_density = "1 mA.cm-2" }
observable = "initial polarisation"
tolerance = 0.05
reason = "Ohm's law"
"""


def own_case(folder: Path, case: str = CASE, row: str | None = None) -> Path:
    (folder / "case.toml").write_text(case)
    row = row or "ohm,voltage,20.8,mV,=,page 1\n"
    (folder / "measurements.csv").write_text(HEADER + row)
    return folder


def test_a_users_own_case_is_predicted(tmp_path: Path) -> None:
    (row,) = validate([own_case(tmp_path)])
    # 1 mA.cm-2 over 20.78 Ohm.cm2 is 20.8 mV; one thousandth of an overpotential more
    assert row.simulated == pytest.approx(20.8, rel=0.01)
    assert (row.status, row.passed, row.paper) == ("predicted", True, "me2026")
    assert "Separator bulk conductivity at 25 C [S.m-1]" in row.rests_on
    assert "Separator thickness [m]" not in row.rests_on  # measured


def test_a_row_a_parameter_was_fitted_to_cannot_be_called_predicted(
    tmp_path: Path,
) -> None:
    """The cheat: the same number as a case of one's own, under the fitted row's id."""
    source = assets.find("validation", "mann2025").parent
    case = (source / "case.toml").read_text()
    assert "status" not in case  # there is no key that could claim it
    folder = tmp_path / "copy"
    shutil.copytree(source, folder)
    found = validate([folder], test="full stripping") + validate([folder], test="EIS")
    rows = {row.id: row.status for row in found}
    assert rows["mann-strip-60-1.0"] == rows["mann-rtot-60"] == "fitted"
    assert rows["mann-strip-25-0.1"] == "predicted"
    claimed = case.replace(
        'id = "mann-strip-60-1.0"', 'id = "mann-strip-60-1.0"\nstatus = "predicted"'
    )
    (folder / "case.toml").write_text(claimed)
    with pytest.raises(RecordError, match="unknown key"):
        validate([folder])


def test_a_contradiction_does_not_hide_that_a_row_was_fitted(tmp_path: Path) -> None:
    source = assets.find("validation", "mann2025").parent
    shutil.copytree(source, tmp_path / "copy")
    path = tmp_path / "copy" / "case.toml"
    text = path.read_text().replace(
        'id = "mann-rtot-60"', 'id = "mann-rtot-60"\ncontradiction = "says so"'
    )
    path.write_text(text)
    (row,) = validate([tmp_path / "copy"], test="EIS")
    assert (row.id, row.status) == ("mann-rtot-60", "fitted")
    assert (row.passed, row.contradicted) == (True, True)


def test_a_fitted_row_that_is_contradicted_does_not_count_against_the_model(
    tmp_path: Path,
) -> None:
    """mann-strip-60-1.0 again, outside a tolerance of 1e-9."""
    narrow = RENAMED.replace("0.05", "1e-9")
    line = "mine,capacity,7.129,mA.h.cm-2,=,p\n"
    (row,) = validate([own_case(tmp_path, narrow, line)])
    assert (row.status, row.passed, row.failed) == ("fitted", False, True)
    (row,) = validate([own_case(tmp_path, narrow + 'contradiction = "no"\n', line)])
    assert (row.status, row.passed, row.failed) == ("fitted", False, False)


# mann-strip-60-1.0 under another id
RENAMED = """
title = "A row that is shipped"
paper = "me2026"
reference = "My notebook"

[[rows]]
id = "mine"
cell = "mann2025_lina"
experiment = "full_stripping"
arguments = { current_density = "1 mA.cm-2" }
observable = "stripped capacity"
tolerance = 0.05
reason = "none"
"""


@pytest.mark.parametrize(
    ("more", "reported", "status"),
    [
        ("", 7.129, "fitted"),
        ('contradiction = "says so"\n', 7.129, "fitted"),
        # another number for the same run is what contradicts the fitted one
        ('contradiction = "says so"\n', 9.0, "contradicted"),
    ],
)
def test_a_fitted_row_is_fitted_under_another_id_too(
    tmp_path: Path, more: str, reported: float, status: str
) -> None:
    line = f"mine,capacity,{reported},mA.h.cm-2,=,p\n"
    (row,) = validate([own_case(tmp_path, RENAMED + more, line)])
    assert row.status == status


RATIO = """
title = "A ratio of two cells"
paper = "me2026"
reference = "My notebook"

[[rows]]
id = "mine"
cell = "mann2025_lina_25C"
over = "over.toml"
experiment = "rest"
arguments = { duration = "1 s" }
observable = "interface resistance"
tolerance = 0.05
reason = "none"
"""
OVER = 'title = "over"\nbase = "mann2025_lina"\n'
OVER_FITTED = (
    OVER
    + """
["Interface resistance at 25 C [Ohm.m2]"]
value = 0.0146
unit = "Ohm.m2"
status = "fitted"
source = { paper = "me2026", locator = "p" }
fitted_to = ["mine"]
"""
)


@pytest.mark.parametrize(
    ("over", "reported", "status"),
    [
        (OVER, 50, "fitted"),  # to mann-rif-ratio-first, over a copy of its cell
        (OVER, 49, "fitted"),
        (OVER_FITTED, 25, "fitted"),  # only the cell below was fitted to it
        (OVER_FITTED.replace("mine", "else"), 25, "predicted"),
    ],
)
def test_a_ratio_is_fitted_if_either_of_its_cells_is(
    tmp_path: Path, over: str, reported: float, status: str
) -> None:
    (tmp_path / "over.toml").write_text(over)
    (row,) = validate([own_case(tmp_path, RATIO, f"mine,ratio,{reported},,~,p\n")])
    assert (row.status, row.passed) == (status, True)


@pytest.mark.parametrize(
    ("simulated", "bound", "within"),
    [
        (1.04, "=", True),
        (1.06, "=", False),
        (0.94, "~", False),
        (3.0, ">=", True),
        (0.96, ">=", True),
        (0.94, ">=", False),
        (0.2, "<", True),
        (1.06, "<", False),
    ],
)
def test_bounds_are_met_from_their_own_side(
    simulated: float, bound: str, within: bool
) -> None:
    measured = Measurement("q", 1.0, "V", bound, "here")  # type: ignore[arg-type]
    assert agrees(simulated, measured, 0.05) is within


def test_a_failing_row_fails_and_a_contradicted_one_does_not(tmp_path: Path) -> None:
    (row,) = validate([own_case(tmp_path, row="ohm,voltage,40,mV,=,page 1\n")])
    assert (row.passed, row.failed) == (False, True)
    assert row.error == pytest.approx(20.8 / 40 - 1, abs=0.01)
    named = CASE + 'contradiction = "two papers disagree"\n'
    (row,) = validate([own_case(tmp_path, named, "ohm,voltage,40,mV,=,page 1\n")])
    assert (row.passed, row.failed, row.status) == (False, False, "contradicted")


def test_a_reported_number_that_no_cell_comes_to_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="20800 V is more than any cell comes"):
        validate([own_case(tmp_path, row="ohm,voltage,20800,V,=,page 1\n")])


LIMITS = """
title = "Limits"
paper = "me2026"
reference = "My notebook"

[[rows]]
id = "ccd"
cell = "mann2025_lina"
experiment = "ccd_constant_charge"
# 20.78 Ohm.cm2 take 12.1 mV at 0.58 mA.cm-2, in half cycles too short to deplete
arguments = { cut_off = "12.1 mV", half_cycle_capacity = "0.001 mA.h.cm-2" }
observable = "critical current density"
tolerance = 0.1
or_steps = 1
reason = "one step of the staircase"

[[rows]]
id = "hours"
cell = "mann2025_lina"
experiment = "cycling_life"
arguments = { cycles = "4" }
observable = "life"
factor = 3
reason = "lives scatter"

[[rows]]
id = "cycles"
cell = "mann2025_lina"
experiment = "cycling_life"
arguments = { cycles = "4" }
observable = "life in cycles"
factor = 3
reason = "lives scatter"
"""
LIMIT_ROWS = (
    "id,quantity,value,unit,bound,locator,test\n"
    "ccd,CCD,{ccd},mA.cm-2,{bound},p,CCD\n"
    "hours,life,{hours},h,{lives},p,cycling\n"
    "cycles,life,{cycles},-,=,p,cycling\n"
)


def limits_case(folder: Path, **values: object) -> Path:
    given = {"ccd": 0.5, "bound": "=", "hours": 20, "lives": "=", "cycles": 10} | values
    (folder / "case.toml").write_text(LIMITS)
    (folder / "measurements.csv").write_text(LIMIT_ROWS.format(**given))
    return folder


def test_limits_are_compared_with_steps_factors_and_bounds(tmp_path: Path) -> None:
    rows = {row.id: row for row in validate([limits_case(tmp_path)])}
    ccd = rows["ccd"]
    assert (ccd.simulated, ccd.simulated_bound) == (pytest.approx(0.6), "=")
    # 20 % off, but one step of 0.1 beside 0.5
    assert (ccd.tolerance, ccd.passed) == (pytest.approx(0.2), True)
    # four cycles of two hours are survived: only a lower bound, within a factor of 3
    hours = rows["hours"]
    assert (hours.simulated, hours.simulated_bound) == (pytest.approx(8.0), ">=")
    assert (hours.tolerance_below, hours.passed) == (pytest.approx(2 / 3), True)
    assert (rows["cycles"].simulated, rows["cycles"].passed) == (4.0, True)


@pytest.mark.parametrize(
    ("values", "row", "passed"),
    [
        ({"ccd": 0.4}, "ccd", False),  # two steps off
        ({"ccd": 0.3, "bound": ">="}, "ccd", True),
        ({"ccd": 0.3, "bound": ">"}, "ccd", True),
        ({"ccd": 0.9, "bound": ">="}, "ccd", False),
        ({"ccd": 0.65, "bound": ">="}, "ccd", False),  # what lived has to live, all of it
        ({"ccd": 0.3, "bound": "<="}, "ccd", False),
        ({"hours": 25}, "hours", False),  # 8 h survived do not show 25 h
        ({"hours": 2}, "hours", False),  # nor that it ends at 2 h
        ({"hours": 2, "lives": ">="}, "hours", True),
        ({"hours": 2, "lives": "<="}, "hours", False),
        ({"hours": 25, "lives": "<="}, "hours", False),  # it may live longer than that
        ({"hours": 25, "lives": ">="}, "hours", False),
        ({"hours": 20, "lives": ">="}, "hours", False),  # no factor helps what has to live
    ],
)
def test_a_limit_agrees_only_where_it_shows_what_was_reported(
    tmp_path: Path, values: dict[str, object], row: str, passed: bool
) -> None:
    rows = {one.id: one for one in validate([limits_case(tmp_path, **values)])}
    assert rows[row].passed is passed


def test_the_number_of_processes_changes_nothing(tmp_path: Path) -> None:
    folder = limits_case(tmp_path)
    seen: list[tuple[int, int, str]] = []
    alone = validate([folder], progress=lambda *one: seen.append(one))
    shared = validate([folder], workers=2)
    assert [row.id for row in alone] == ["ccd", "hours", "cycles"]
    # to the last bit, the curves that are drawn too
    assert [repr((row, row.trace)) for row in shared] == [
        repr((row, row.trace)) for row in alone
    ]
    # the two rows of the one run are done together; the shorter run comes last
    assert seen == [(0, 3, ""), (1, 3, "ccd"), (3, 3, "cycles")]


def test_rows_of_one_kind_of_test(tmp_path: Path) -> None:
    folder = limits_case(tmp_path)
    assert [row.id for row in validate([folder], test="ccd")] == ["ccd"]
    assert [row.id for row in validate([folder], test="Cycling")] == ["hours", "cycles"]
    with pytest.raises(UnknownNameError, match="Did you mean 'cycling'"):
        validate([folder], test="cyclin")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("tolerance = 0.1\n", "", "either tolerance .* or factor"),
        ("tolerance = 0.1\n", "tolerance = 0.1\nfactor = 2\n", "either tolerance"),
        ("factor = 3", "factor = 3\nor_steps = 1", "or_steps goes with tolerance"),
        ("factor = 3", "tolerance = 0.1\nor_steps = 1", "observable of a staircase"),
        ("factor = 3", "factor = 1", "factor"),
    ],
)
def test_tolerances_that_mean_nothing_are_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    folder = limits_case(tmp_path)
    assert old in LIMITS
    (folder / "case.toml").write_text(LIMITS.replace(old, new, 1))
    with pytest.raises(RecordError, match=words):
        load_case(folder)


@pytest.mark.parametrize(
    ("case", "row", "error", "words"),
    [
        (CASE, "ohm,voltage,20.8,mA,=,p\n", UnitError, "mA"),
        (CASE, "ohm,voltage,,mV,=,p\n", RecordError, "not a number"),
        (CASE, "ohm,voltage,nan,mV,=,p\n", RecordError, "not a number"),
        (CASE, "ohm,voltage,20.8,mV,==,p\n", RecordError, "bound '=='"),
        (CASE, "om,voltage,20.8,mV,=,p\n", UnknownNameError, "Did you mean 'om'"),
        (CASE, "ohm,v,1,mV,=,p\nohm,v,1,mV,=,p\n", RecordError, "appears twice"),
        (CASE.replace("initial pol", "intial pol"), None, UnknownNameError, "Did you"),
        (CASE.replace("0.05", "-0.05"), None, RecordError, "tolerance"),
        (CASE.replace("reason", "because"), None, RecordError, "unknown key"),
        (CASE.replace("[[rows]]", "[[rows]]\nat = 3", 1), None, RecordError, "in quotes"),
        (CASE + CASE[CASE.index("[[rows]]") :], None, RecordError, "appears twice"),
    ],
)
def test_broken_cases_are_refused(
    tmp_path: Path, case: str, row: str | None, error: type[TwinError], words: str
) -> None:
    with pytest.raises(error, match=words):
        load_case(own_case(tmp_path, case, row))


def test_a_missing_or_incomplete_table_is_named(tmp_path: Path) -> None:
    own_case(tmp_path)
    (tmp_path / "measurements.csv").write_text("id,value\nohm,1\n")
    with pytest.raises(RecordError, match="lacks the column quantity, unit"):
        load_case(tmp_path)
    (tmp_path / "measurements.csv").write_text("id;quantity;value;unit;bound;locator\n")
    with pytest.raises(RecordError, match="parted by semicolons or tabs; write commas"):
        load_case(tmp_path)
    (tmp_path / "measurements.csv").unlink()
    with pytest.raises(RecordError, match="missing beside"):
        load_case(tmp_path)


# --- what is not compared ---------------------------------------------------------------
LEFT_OUT = (
    CASE
    + """
[[not_compared]]
id = "colour"
reason = "no colours in the model"
"""
)
COLOUR = "ohm,voltage,20.8,mV,=,page 1\ncolour,colour of the foil,golden,,=,page 3\n"


def test_findings_that_are_not_compared_may_be_words(tmp_path: Path) -> None:
    case = load_case(own_case(tmp_path, LEFT_OUT, COLOUR))
    (left_out,) = case.omitted
    assert (left_out.id, left_out.value) == ("colour", "golden")
    assert left_out.reason == "no colours in the model"
    assert [row.id for row in case.rows] == ["ohm"]


@pytest.mark.parametrize(
    ("case", "rows", "error", "words"),
    [
        (LEFT_OUT, None, UnknownNameError, "unknown measurement 'colour'"),
        (LEFT_OUT.replace("reason = ", "why = "), COLOUR, RecordError, "unknown key"),
        (LEFT_OUT.replace('"colour"', '"ohm"'), COLOUR, RecordError, "appears twice"),
        (CASE.split("[[rows]]")[0], COLOUR, RecordError, "compares nothing"),
        # a number that is compared is still a number
        (CASE, "ohm,voltage,golden,mV,=,p\n", RecordError, "not a number"),
    ],
)
def test_broken_lists_of_what_is_not_compared_are_refused(
    tmp_path: Path, case: str, rows: str | None, error: type[TwinError], words: str
) -> None:
    with pytest.raises(error, match=words):
        load_case(own_case(tmp_path, case, rows))


@pytest.mark.parametrize("name", list_cases())
def test_every_reported_number_of_a_paper_is_compared_or_says_why_not(name: str) -> None:
    path = assets.find("validation", name).parent / "measurements.csv"
    with path.open(newline="", encoding="utf-8") as file:
        reported = {line["id"] for line in csv.DictReader(file)}
    case = load_case(name)
    listed = {row.id for row in case.rows} | {one.id for one in case.omitted}
    assert reported == listed
    assert case.findings  # the README.md with what the report quotes


AT = CASE.replace("tolerance", 'at = "cycle 2"\ntolerance')


@pytest.mark.parametrize(
    ("case", "rows", "words"),
    [
        (AT, None, "at and every go with an observable of spectra"),
        (CASE, "ohm,voltage,20.8,mV,=," + "x" * 140_000 + "\n", "csv: cannot be read"),
        (CASE, "\n" * 1_000_001, "larger than 1 MB"),
        (CASE, "ohm,voltage,20.8,mV,=,page \udcff\n", "not a UTF-8 text file"),
    ],
)
def test_broken_rows_of_a_case_are_refused(
    tmp_path: Path, case: str, rows: str | None, words: str
) -> None:
    folder = own_case(tmp_path, case)
    if rows is not None:
        text = (HEADER + rows).encode(errors="surrogateescape")
        (folder / "measurements.csv").write_bytes(text)
    with pytest.raises(RecordError, match=words):
        load_case(folder)


def test_rows_of_a_case_are_a_regular_file(tmp_path: Path) -> None:
    folder = own_case(tmp_path)
    rows = folder / "measurements.csv"
    rows.unlink()
    with pytest.raises(RecordError, match="is missing beside case.toml"):
        load_case(folder)
    os.mkfifo(rows)
    with pytest.raises(RecordError, match="is not a regular file"):
        load_case(folder)


@pytest.mark.parametrize("given", ["much", "0", "-1", "nan", "inf"])
def test_uncertainties_are_numbers_above_zero(tmp_path: Path, given: str) -> None:
    folder = own_case(tmp_path)
    (folder / "measurements.csv").write_text(
        HEADER.replace("locator", "locator,uncertainty")
        + f"ohm,voltage,20.8,mV,=,page 1,{given}\n"
    )
    with pytest.raises(RecordError, match=f"uncertainty '{given}' is not a number above"):
        load_case(folder)
