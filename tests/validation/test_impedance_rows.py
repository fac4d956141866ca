"""What papers report of spectra: along a stripping, a reduction, at two temperatures."""

import pytest

import twin
from twin.errors import RecordError
from twin.studies.cases import load_case

# Reported, tolerance upwards, and what the case may call it.
EXPECTED = {
    "mann-rif-ratio-first": (50, 0.05, "fitted"),
    "mann-strip-interface": (1, 0.1, "predicted"),
    "zhu-strip-t": (83000, 0.15, "fitted"),
    "zhu-strip-r46": (3000, 2.0, "fitted"),
    "zhu-drt-fast": (1, 0.1, "fitted"),
    "zhu-drt-onset1": (43, 0.05, "fitted"),
    "zhu-drt-onset2": (45, 0.05, "fitted"),
    "zhu-red-int0": (2500, 0.5, "fitted"),
    "zhu-red-r0": (80000, 0.5, "predicted"),
    "zhu-red-r300": (9, 0.5, "fitted"),
}


@pytest.fixture(scope="module")
def rows():
    return {
        row.id: row
        for test in ("impedance", "stripping", "reduction")
        for row in twin.validate(["mann2025", "zhu2025"], test=test)
    }


def test_no_row_is_missing_or_added(rows):
    assert set(rows) == {*EXPECTED, "mann-rif-ratio-later"}


@pytest.mark.parametrize("key", EXPECTED)
def test_row(rows, key):
    reported, tolerance, status = EXPECTED[key]
    row = rows[key]
    assert (row.reported, row.status) == (reported, status)
    assert row.tolerance <= tolerance
    assert -max(tolerance, 1e-3) / (1 + tolerance) <= row.error <= tolerance
    assert row.passed


def test_one_interface_has_one_ratio(rows):
    later, first = rows["mann-rif-ratio-later"], rows["mann-rif-ratio-first"]
    assert later.simulated == first.simulated
    assert (later.status, later.failed) == ("contradicted", False)


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ('every = "1 parsec"', "parsec"),
        ('at = "yesterday"', "yesterday"),
    ],
)
def test_a_moment_that_cannot_be_meant_is_refused_before_any_run(
    tmp_path, extra, message
):
    (tmp_path / "measurements.csv").write_text(
        "id,quantity,value,unit,bound,locator\na,b,1,s,=,c\nd,e,1,,=,f\n"
    )
    row = '[[rows]]\nid = "{}"\ncell = "mann2025_li"\nexperiment = "rest"\n'
    row += 'observable = "{}"\ntolerance = 0.1\nreason = "r"\n{}\n'
    head = 'title = "t"\npaper = "p"\nreference = "r"\n\n'
    case = tmp_path / "case.toml"
    rise = "rise of the interface resistance"
    case.write_text(head + row.format("d", rise, extra))
    with pytest.raises(RecordError, match=message):
        load_case(tmp_path)
    case.write_text(head + row.format("a", "time at the end", 'at = "1 h"'))
    with pytest.raises(RecordError, match="go with an observable of spectra"):
        load_case(tmp_path)
