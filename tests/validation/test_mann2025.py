"""The published strippings of mann2025, each within its declared tolerance."""

import numpy as np
import pytest

import twin
from twin import names
from twin.parts.parameters import load_cell

# Reported numbers, from the paper; tolerances from what each number is worth.
EXPECTED = {
    "mann-strip-60-0.2": (21.59, 0.05, "fitted"),
    "mann-strip-60-1.0": (7.129, 0.05, "fitted"),
    "mann-strip-25-0.1": (11.527, 0.15, "predicted"),
    "mann-li-strip-60-0.5": (1.0, 0.05, "fitted"),
    "mann-li-strip-60-0.1": (5.0, 0.15, "predicted"),
    "mann-ccd-lina-60-v0": (102.0, 0.05, "predicted"),
    "mann-ccd-li-60-v": (44.5, 0.05, "predicted"),
    "mann-rtot-60": (54 * 0.385, 0.02, "fitted"),
}


@pytest.fixture(scope="module")
def rows() -> dict[str, object]:
    # critical currents and lives: test_critical_currents.py
    return {
        row.id: row
        for test in ("full stripping", "CCD", "EIS")
        for row in twin.validate(["mann2025"], test=test)
        if not row.quantity.startswith("critical")
    }


def test_no_row_is_missing_or_added(rows: dict[str, object]) -> None:
    assert set(rows) == set(EXPECTED)


@pytest.mark.parametrize("key", EXPECTED)
def test_row_is_within_tolerance(rows, key: str) -> None:
    reported, tolerance, status = EXPECTED[key]
    row = rows[key]
    assert row.simulated == pytest.approx(reported, rel=tolerance)
    assert row.tolerance <= tolerance
    assert row.status == status


def test_capacity_falls_smoothly_with_current_between_the_reported_ones() -> None:
    currents = [0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0]
    stripped = []
    for current in currents:
        result = twin.simulate(
            "mann2025_lina",
            "full_stripping",
            arguments={"current_density": f"{current} mA.cm-2"},
        )
        stripped.append(float(result[names.AREAL_CAPACITY][-1]) / 36000)
    assert (np.diff(stripped) < 0).all()
    # from capacity-limited (bounded by the foil) to Sand's law (charge times current
    # constant): the slope of log Q over log i falls from above -0.5 to -1
    slopes = np.diff(np.log(stripped)) / np.diff(np.log(currents))
    assert (np.diff(slopes) < 0.02).all()
    assert slopes[0] > -0.5
    assert slopes[-1] == pytest.approx(-1.0, abs=0.03)
    foil = load_cell("mann2025_lina").values[names.LITHIUM_THICKNESS]
    # 7420 C.cm-3 of lithium, 94.64 % of the foil
    assert max(stripped) < 7420e6 * 0.9464 * foil / 36000


def test_both_temperatures_use_the_same_records() -> None:
    hot, cold = load_cell("mann2025_lina"), load_cell("mann2025_lina_25C")
    different = {name for name, value in hot.values.items() if cold.values[name] != value}
    assert different == {names.AMBIENT_TEMPERATURE}
