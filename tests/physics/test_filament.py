"""Filaments: growth against the threshold, the short as an event, and the collapse.

Round numbers: interface 10 Ohm.cm2, 1 mA.cm-2 is a local overpotential of 10 mV.
"""

import numpy as np
import pybamm
import pytest

from twin import names
from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.models.symmetric_cell import SymmetricCell
from twin.parts.formulas.filament import griffith_threshold
from twin.parts.parameters import load_cell

POSITIVE_FILAMENT = names.variable_of(names.FILAMENT_LENGTH, "positive")
NEGATIVE_FILAMENT = names.variable_of(names.FILAMENT_LENGTH, "negative")

# at 25 C; the positive electrode is plated by a positive current
CHANGES = {
    names.INTERFACE_RESISTANCE: 1e-3,
    names.FILAMENT_THRESHOLD: 0.010,
    names.FILAMENT_CHARGE: 3600.0,  # 0.1 mAh.cm-2
    names.FILAMENT_EXPONENT: 4.0,
    names.SHORT_CONDUCTANCE_FULL: 500.0,
    names.LITHIUM_DIFFUSIVITY: 1e-11,
    names.ELECTRONIC_CONDUCTIVITY: 1e-12,
    names.POLARISATION_CUT_OFF: 5.0,
}


def solve(current_density: float, seconds: float, **changes: float) -> pybamm.Solution:
    cell = load_cell("mann2025_li_25C").with_values(CHANGES, origin="this test")
    values = parameter_values(cell)
    values.update({getattr(names, key): value for key, value in changes.items()})
    area = cell.values[names.ELECTRODE_AREA]
    values[names.CURRENT_FUNCTION] = current_density * area
    model = SymmetricCell(filament="growing")
    return pybamm.Simulation(model, parameter_values=values).solve([0, seconds])


@pytest.mark.parametrize(
    ("milliamperes", "share"),
    [
        (0.5, 1 / 17),  # z = 1/2: z^4 / (1 + z^4) = (1/16) / (17/16)
        (1.0, 1 / 2),
        (2.0, 16 / 17),
    ],
)
def test_growth_takes_charge_and_weighs_it_by_the_threshold(
    milliamperes: float, share: float
) -> None:
    seconds = 100.0
    solution = solve(10 * milliamperes, seconds)
    expected = 10 * milliamperes * seconds / 3600 * share
    assert solution[POSITIVE_FILAMENT].entries[-1] == pytest.approx(expected, rel=1e-4)
    # the electrode that is stripped grows none
    assert solution[NEGATIVE_FILAMENT].entries[-1] == pytest.approx(0, abs=1e-12)


def test_the_short_is_an_event_at_the_electrode_that_is_plated() -> None:
    solution = solve(20.0, 1000.0)
    event = names.variable_of(names.SHORT_EVENT, "positive")
    assert solution.termination == f"event: {event}"
    # 3600 C.m-2 over 20 A.m-2 and 16/17
    assert solution.t[-1] == pytest.approx(3600 / 20 * 17 / 16, rel=1e-3)
    reverse = solve(-20.0, 1000.0)
    event = names.variable_of(names.SHORT_EVENT, "negative")
    assert reverse.termination == f"event: {event}"


def test_after_the_short_the_voltage_collapses_to_the_filament() -> None:
    solution = solve(20.0, 1000.0, SHORT_LENGTH=1e9)
    voltage = solution[names.VOLTAGE]
    resistance = 0.7e-3 * (1 / 0.1061 + 1 / 0.4835) + 2e-3  # separator and interfaces
    assert voltage(10.0) == pytest.approx(-20 * resistance, rel=0.02)
    # beside 500 S.m-2 the ions carry 1 / (1 + 500 R)
    assert voltage(1000.0) == pytest.approx(
        -20 * resistance / (1 + 500 * resistance), rel=0.02
    )
    leak = solution[names.LEAKAGE_CURRENT_DENSITY].entries
    ionic = solution[names.IONIC_CURRENT_DENSITY].entries
    assert leak + ionic == pytest.approx(np.full(leak.size, 20.0), rel=1e-3)


def test_threshold_falls_with_temperature() -> None:
    """0.25 eV between 25 and 60 C: exp(0.25 x 96485.33 / 8.314463 x 3.52369e-4) = 2.780."""
    ratio = names.variable_of(names.FILAMENT_RATIO, "positive")
    cold = solve(10.0, 1.0)[ratio].entries[0]
    hot = solve(10.0, 1.0, AMBIENT_TEMPERATURE=333.15, INTERFACE_RESISTANCE_EA=0.0)[
        ratio
    ].entries[0]
    assert cold == pytest.approx(1.0, rel=1e-3)
    assert hot / cold == pytest.approx(2.780, rel=2e-3)


@pytest.mark.parametrize(
    ("toughness", "micrometres", "millivolts"),
    [(1.0e6, 1, 67.9), (1.0e6, 3, 39.2), (1.0e6, 10, 21.5), (0.23e6, 3, 9.0)],
)
def test_griffith_thresholds(
    toughness: float, micrometres: float, millivolts: float
) -> None:
    found = griffith_threshold(toughness, micrometres * 1e-6)
    assert found * 1e3 == pytest.approx(millivolts, abs=0.06)


def test_the_drop_across_an_interphase_counts() -> None:
    """Lithium on Li6PS5Cl at 55 C and 2 mA/cm2, fresh.

    14.7 uAh/cm2 = 529.2 C/m2 over 4e9 C/m3 are 132.3 nm, which at 4e-6 S/m x
    exp(0.4 eV/k x 3.0663e-4 /K) = 1.6604e-5 S/m are 7.968e-3 Ohm.m2, at 20 A/m2 159.4 mV;
    152.3 A/m2 of exchange current add 2RT/F asinh(20 / 304.6) = 3.71 mV. The threshold is
    0.55 V.
    """
    solution = pybamm.Simulation(
        build_model(load_cell("yang2024_li")),
        parameter_values=pybamm.ParameterValues("yang2024_li"),
        experiment=pybamm.Experiment([pybamm.step.current(20 * 7.85e-5, duration=1)]),
    ).solve()
    ratio = solution[names.variable_of(names.FILAMENT_RATIO, "positive")].entries[-1]
    assert ratio == pytest.approx((0.1594 + 0.00371) / 0.55, rel=1e-2)
    stripped = solution[names.variable_of(names.FILAMENT_RATIO, "negative")].entries[-1]
    assert stripped == pytest.approx(0, abs=1e-9)
