"""Fade of published cells: what is compared, and the rows that are quick to run."""

import pytest

from twin.parts.fade import FADE
from twin.parts.parameters import load_cell
from twin.run.observables import observable
from twin.studies import validate
from twin.studies.cases import list_cases, load_case

# Reported, in the unit of the row; largest relative error; whether fitted
EXPECTED = {
    "zhu-full-cyc-220": (80.2, 3 / 80.2, True),
    "peng-lfp-10-120": (155.3, 0.03, False),
    "peng-lfp-0-38": (1.26, 3 / 1.26, False),
    "yang-cyc-30c-nano": (80.0, 3 / 80, True),
    "yang-cyc-30c-micro": (12798, 0.25, False),
    "yang-cyc-30c-sc": (270, 0.25, False),
    "yang-cyc-25c-micro": (56.5, 4.35 / 56.5, False),
    "yang-cyc-1c-4.7": (94.4, 3 / 94.4, False),
    "yang-cyc-0.1c-7": (150, 0.25, False),
    "llto-np4": (250, 0.25, False),
    "llto-np4-cu": (35, 0.25, True),
}
PAPERS = ("zhu2025", "peng2025", "yang2024", "llto_cnt2025")
QUICK = {"peng-lfp-0-38": "predicted"}


def _rows():
    return {
        row.id: (case, row)
        for case in (load_case(name) for name in list_cases())
        for row in case.rows
        if observable(row.observable).by == "ageing"
    }


def test_rows_are_those_of_the_papers():
    rows = _rows()
    assert set(rows) == set(EXPECTED)
    for key, (reported, tolerance, fitted) in EXPECTED.items():
        _, row = rows[key]
        assert row.measurement.test == "cycling"
        assert row.measurement.value == reported
        # three percentage points, or a tenth of the loss, or a quarter of a life
        assert row.tolerance.relative == pytest.approx(tolerance, rel=1e-2)
        records = load_cell(row.cell).records.values()
        assert any(key in record.fitted_to for record in records) is fitted


@pytest.mark.parametrize("key", QUICK)
def test_row(key):
    compared = validate._run(*_rows()[key], {})
    assert compared.passed and compared.status == QUICK[key]


def test_every_cathode_has_one_fitted_rate_at_most():
    """Of fade, over all the cells of a paper: what else is compared is predicted."""
    fade = {mechanism.parameter for mechanism in FADE.values()}
    for paper in PAPERS:
        fitted = {
            (name, record.value)
            for _, row in _rows().values()
            if load_cell(row.cell).paper == paper
            for name, record in load_cell(row.cell).records.items()
            if name in fade and record.status == "fitted"
        }
        assert len(fitted) <= 1
