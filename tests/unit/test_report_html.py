"""The validation report: one file, every row, nothing from elsewhere."""

import dataclasses
import json
import re

import pytest

from twin import report
from twin.errors import SolveError
from twin.report_figures import not_drawn, parity, rates, strippings
from twin.report_html import pretty_unit, validation_html
from twin.report_merit import merit, uncertain_values
from twin.studies import validate as studies
from twin.studies.case_sets import cells_of, omitted
from twin.studies.cases import load_case
from twin.studies.traces import Trace
from twin.studies.validate import Comparison, validate

CASE = """
title = "Mine <b>bold</b>"
paper = "me & co"
reference = "My notebook"

[[rows]]
id = "ohm"
cell = "mann2025_lina"
experiment = "current_pulse"
arguments = { current_density = "1 mA.cm-2" }
observable = "initial polarisation"
tolerance = 0.05
reason = "</script><script>alert(1)</script>"

[[rows]]
id = "strip"
cell = "mann2025_lina"
experiment = "full_stripping"
arguments = { current_density = "0.7 mA.cm-2" }
observable = "stripped capacity"
tolerance = 0.05
reason = "two cells"
contradiction = "says who"

[[not_compared]]
id = "colour"
reason = "no colour in the model"
"""
LINES = """id,quantity,value,unit,bound,locator,test
ohm,voltage</script><script>alert(2),20.8,mV,=,page 1,pulse
strip,capacity,9,mA.h.cm-2,=,page 2,strip
colour,colour of the foil,golden,,=,page 3,look
"""
README = """# Mine

## Contradictions

- **One** against <i>two</i>.

## Findings

- A finding.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("mine")
    (path / "case.toml").write_text(CASE)
    (path / "measurements.csv").write_text(LINES)
    (path / "README.md").write_text(README)
    return path


@pytest.fixture(scope="module")
def rows(folder):
    return validate([folder])


@pytest.fixture(scope="module")
def page(folder, rows):
    return validation_html(rows, [load_case(folder)], cells_of)


def test_the_page_needs_nothing_else(page) -> None:
    without_library = page.replace(max(page.split("<script>"), key=len), "")
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", without_library)
    assert "default-src 'none'" in page
    # the library stands in it once
    assert page.count("plotly.js v") == 1
    assert len(page) < 8e6


def test_every_row_and_finding_is_there_with_its_reason(page, rows) -> None:
    for row in rows:
        assert row.id in page
    assert "no colour in the model" in page
    assert "golden" in page
    assert "says who" in page
    assert "A finding." in page
    # fitted value, its source and what it was fitted to
    assert "Lithium self-diffusivity at 25 C" in page
    assert "mann-strip-60-0.2, mann-strip-60-1.0" in page


def test_texts_of_users_are_shown_not_run(page) -> None:
    # a reason in a table, a quantity in the data of a figure
    assert "alert(1)" in page
    assert page.count("alert(2)") >= 2
    assert "<script>alert" not in page
    assert "Mine <b>" not in page
    assert "<i>two" not in page
    assert "&lt;i&gt;two" in page


def test_figures_are_valid_data(page) -> None:
    found = re.findall(
        r'<script type="application/json" id="data-(\d+)">(.*?)</script>', page, re.S
    )
    # parity, ratios and strippings
    assert [number for number, _ in found] == ["0", "1", "2"]
    for number, text in found:
        assert f'data-figure="{number}"' in page
        assert json.loads(text)["data"]
    strip = json.loads(found[2][1])["data"]
    assert max(strip[0]["x"]) == pytest.approx(10.1, abs=0.01)
    reported = strip[1]
    assert (reported["x"], reported["error_x"]["array"]) == ([9.0], [pytest.approx(0.45)])


def test_figures_of_merit_by_hand() -> None:
    def row(status, error, passed, failure="", contradicted=False):
        return Comparison(
            *("r", "p", "c", "q", "V", 1.0, "=", 1.0 + error, "=", error, 0.1, 0.1),
            *(passed, status, (), "", failure),
            contradicted=contradicted or status == "contradicted",
        )

    rows = [row("predicted", 0.02, True), row("predicted", -0.3, False)]
    rows += [row("fitted", 0.01, True), row("contradicted", 2.0, False)]
    # a contradicted row is no success, be its number met or not
    rows += [row("contradicted", 0.0, True)]
    # nor is one that a parameter was fitted to
    rows += [row("fitted", 0.5, False, contradicted=True)]
    rows += [row("predicted", float("nan"), False, "the solver failed")]
    found = merit(rows)
    assert (found.rows, found.counted, found.contradicted) == (7, 4, 3)
    assert (found.fitted, found.fitted_within) == (1, 1)
    assert (found.within, found.failed) == (2, 1)
    assert (found.predicted, found.predicted_within) == (3, 1)
    assert (found.share_within, found.share_predicted) == (0.5, 0.5)
    # of 1, 2 and 30 %
    assert found.median_error == pytest.approx(0.02)
    assert found.median_predicted_error == pytest.approx(0.16)
    assert report.validation_summary(rows).startswith(
        "2 of 4 rows within tolerance; 1 of 3"
    )


def test_values_that_cells_share_count_once() -> None:
    cells = cells_of(load_case("mann2025"))
    found = uncertain_values(cells)
    names = [one.record.name for one in found if one.record.status == "fitted"]
    diffusivities = [name for name in names if name.startswith("Lithium self-diff")]
    assert len(diffusivities) == 2  # of LiNa and of bare lithium
    shared = next(one for one in found if len(one.cells) == len(cells))
    assert shared.record.status in ("assumed", "fitted")


def test_a_run_that_fails_is_a_row_that_failed(folder, monkeypatch) -> None:
    def fails(cell, row):
        raise SolveError("the step size became too small", where="cell")

    monkeypatch.setitem(studies._RUNS, "simulation", fails)
    found = validate([folder])
    assert [row.failure for row in found] == ["cell: the step size became too small"] * 2
    assert [row.failed for row in found] == [True, False]  # one is contradicted
    (plain, *_) = json.loads(report.validation_json(found))
    assert (plain["simulated"], plain["error"], plain["passed"]) == (None, None, False)
    assert "the runs of 2 failed" in report.validation_summary(found)
    page = validation_html(found, [load_case(folder)], cells_of)
    assert page.count("the step size became too small") >= 2


def test_what_is_not_compared_is_listed_but_is_no_row_of_the_file(folder, rows) -> None:
    left_out = omitted([folder])
    assert report.not_compared(left_out) == ["not compared: colour: no colour in the model"]
    assert "1 reported findings are not compared" in report.validation_summary(
        rows, left_out
    )
    written = json.loads(report.validation_json(rows))
    assert [one["id"] for one in written] == ["ohm", "strip"]
    fixed = {"id", "paper", "cell", "quantity", "unit", "reported", "bound", "simulated"}
    fixed |= {"error", "tolerance", "passed", "status", "rests_on"}
    assert all(fixed <= set(one) for one in written)


def test_units_in_print() -> None:
    assert pretty_unit("m2.s-1") == "m² s⁻¹"
    assert pretty_unit("Ohm.cm2") == "Ω cm²"


def test_rows_are_plain_data_without_their_curves(rows) -> None:
    (first, *_) = json.loads(report.validation_json(rows))
    names = {field.name for field in dataclasses.fields(Comparison)}
    assert set(first) == names - {"trace"}


def compared(**values) -> Comparison:
    """A comparison of a number of cycles."""
    base = Comparison(
        *("r", "p", "c", "cycles", "", 12798.0, "=", 14579.0, "=", 0.14, 0.25, 0.2),
        *(True, "predicted", (), "note"),
    )
    return dataclasses.replace(base, **values)


def test_a_fitted_row_says_to_which_row_and_by_which_parameters(folder) -> None:
    row = compared(paper="me & co", status="fitted", fitted_to="first")
    row = dataclasses.replace(row, fitted_parameters=("A [m]", "B [V]"))
    page = validation_html([row], [load_case(folder)], cells_of)
    assert ">note. Fitted to first: A [m]; B [V]<" in page
    plain = validation_html([compared(paper="me & co")], [load_case(folder)], cells_of)
    assert "note. Fitted to" not in plain


@pytest.mark.parametrize(
    ("locator", "note", "text"),
    [
        ("", "", "Fitted to first: A [m]"),
        ("Fig. 3", "", "Fig. 3. Fitted to first: A [m]"),
        ("", "a note.", "a note. Fitted to first: A [m]"),
        ("", "which figure?", "which figure? Fitted to first: A [m]"),
        ("Fig. 3", "a note", "Fig. 3. A note. Fitted to first: A [m]"),
        ("Fig. 3.", "which one?", "Fig. 3. Which one? Fitted to first: A [m]"),
    ],
)
def test_only_what_there_is_is_joined_to_sentences(folder, locator, note, text) -> None:
    row = compared(paper="me & co", status="fitted", fitted_to="first", note=note)
    row = dataclasses.replace(row, locator=locator, fitted_parameters=("A [m]",))
    assert f">{text}<" in validation_html([row], [load_case(folder)], cells_of)
    alone = dataclasses.replace(row, fitted_to="", fitted_parameters=(), note="")
    page = validation_html([alone], [load_case(folder)], cells_of)
    assert f'class="why">{locator}</span>' in page


def test_a_fitted_row_that_is_contradicted_is_listed_as_such(folder) -> None:
    row = compared(id="both", paper="me & co", status="fitted", contradicted=True)
    page = validation_html([row], [load_case(folder)], cells_of)
    assert "<li><code>both</code>: note</li>" in page
    other = dataclasses.replace(row, contradicted=False)
    page = validation_html([other], [load_case(folder)], cells_of)
    assert "<li><code>both" not in page


def test_large_numbers_are_written_in_full(folder) -> None:
    page = validation_html([compared(paper="me & co")], [load_case(folder)], cells_of)
    assert ">12798<" in page and ">14579<" in page
    assert "e+04" not in page.replace(max(page.split("<script>"), key=len), "")


def test_a_bound_has_no_bar_on_the_side_on_which_it_is_met() -> None:
    rows = [compared(), compared(bound=">="), compared(bound="<=")]
    bars = parity(rows)["data"][-1]["error_x"]
    assert bars["array"] == pytest.approx([0.25 * 12798, 0, 0.25 * 12798])
    assert bars["arrayminus"] == pytest.approx([0.2 * 12798, 0.2 * 12798, 0])


def test_rows_that_logarithmic_axes_cannot_show_are_named(folder) -> None:
    gone = compared(id="gone", paper="me & co", simulated=0.0, error=-1.0, passed=False)
    rows = [compared(paper="me & co"), gone, compared(id="none", simulated=float("nan"))]
    assert not_drawn(rows) == ["gone"]
    page = validation_html(rows[:2], [load_case(folder)], cells_of)
    assert "zero or negative: gone." in page
    assert "zero or negative" not in validation_html(
        rows[:1], [load_case(folder)], cells_of
    )


def test_a_stripping_reported_in_any_unit_is_drawn_on_the_axis_of_charge() -> None:
    curve = {"capacity": (0.0, 2.0), "polarisation": (0.0, 1.2)}
    base = compared(trace=Trace("stripping", curve), reported=30.0, simulated=40.0)
    places = {}
    for unit in ("mA.h.cm-2", "C.m-2", "h", "s", "V"):
        drawn = strippings([dataclasses.replace(base, unit=unit)])["data"]
        places[unit] = [one["x"][0] for one in drawn if one["mode"] == "markers"]
    # 1 mA.h.cm-2 is 36 000 C.m-2; times are three quarters of the run's
    assert places["mA.h.cm-2"] == [30.0]
    assert places["C.m-2"] == [pytest.approx(30 / 36000)]
    assert places["h"] == places["s"] == [pytest.approx(1.5)]
    assert places["V"] == []


def test_curves_of_one_colour_differ_in_their_dashes() -> None:
    curve = {"discharge capacity": (0.0, 9.0), "discharge voltage": (4.0, 3.0)}
    rows = [compared(id=f"r{n}", trace=Trace("rate", curve)) for n in range(10)]
    lines = [one["line"] for one in rates(rows)["data"] if one["mode"] == "lines"]
    assert len({(line["color"], line["dash"]) for line in lines}) == 10
