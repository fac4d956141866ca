"""Hand-checked details of contact, growth and kinetics that no balance would miss.

The first three quantities drop out of the lithium and charge balances, so that a slip in
them shows only here.
"""

import numpy as np
import pybamm
import pytest

from twin import names
from twin.models.parameter_values import parameter_values
from twin.models.symmetric_cell import SymmetricCell
from twin.parts.formulas.contact import contact_fraction
from twin.parts.formulas.lithium_metal import concentration_overpotential
from twin.parts.parameters import load_cell


def of(name: str) -> str:
    return names.variable_of(name, "negative")


def run(currents: list[tuple[float, float]], **changes: float) -> pybamm.Solution:
    """Current densities [A.m-2] and their durations [s], bare lithium at 25 C."""
    cell = load_cell("mann2025_li_25C")
    values = parameter_values(cell)
    values.update({getattr(names, key): value for key, value in changes.items()})
    values[names.POLARISATION_CUT_OFF] = 1000.0
    area = cell.values[names.ELECTRODE_AREA]
    steps = [pybamm.step.current(i * area, duration=t) for i, t in currents]
    return pybamm.Simulation(
        SymmetricCell(), parameter_values=values, experiment=pybamm.Experiment(steps)
    ).solve(calc_esoh=False)


def test_plated_lithium_is_counted_once_between_voids_and_growth() -> None:
    """With voids left and a full lattice, all plating goes to the two: j_g + j_ref = -j."""
    changes = {"VOID_HEIGHT": 1e-6, "REFILLING_HEIGHT": 5e-6, "OCCLUDED_FRACTION": 0.2}
    solution = run([(10.0, 700.0), (-10.0, 900.0)], **changes)
    plating = solution.cycles[1].steps[0]
    # 10 A.m-2 over 96485.33 x 76900 C.m-3 is 1.34776e-9 m.s-1
    rate = -plating[of(names.STRIPPING_RATE)].entries
    assert rate == pytest.approx(np.full(rate.size, 1.34776e-9), rel=1e-4)
    growth = plating[of(names.LITHIUM_GROWTH_RATE)].entries
    refilling = plating[of(names.VOID_REFILLING_RATE)].entries
    vacant = 1 - plating[of(names.SURFACE_OCCUPANCY)].entries
    assert refilling.max() > 0.003 * rate.max()
    # what refilling leaves is split between lattice and growth by a^2 / (a^2 + w^2)
    left = rate - refilling
    share = 1 - vacant * abs(vacant) / (vacant**2 + 5e-4**2)
    assert growth == pytest.approx(left * share, rel=1e-6, abs=1e-15)
    assert growth[-1] > 0.5 * rate[-1]


def test_a_scaffold_keeps_its_share_of_the_wetted_contact() -> None:
    """0.8 x (0.2 + 0.8 x 0) = 0.16: a share of the contact, not of the area."""
    assert contact_fraction(1e-3, 1e-7, 0.8, 0.2) == pytest.approx(0.16)
    assert contact_fraction(0.0, 1e-7, 0.8, 0.2) == pytest.approx(0.8)


def test_a_rough_scaffold_halves_the_local_current() -> None:
    flat = run([(10.0, 1.0)])[of(names.LOCAL_CURRENT_DENSITY)].entries[0]
    rough = run([(10.0, 1.0)], SCAFFOLD_AREA_RATIO=2.0)
    assert flat == pytest.approx(10.0, rel=1e-5)  # but for leaking electrons
    assert rough[of(names.LOCAL_CURRENT_DENSITY)].entries[0] == pytest.approx(5.0, rel=1e-5)


def test_dilution_stops_at_the_critical_occupancy() -> None:
    """RT/F ln 10 = 25.693 mV x 2.302585 = 59.16 mV at u_crit = 0.1, and no more."""
    assert concentration_overpotential(-5.0, 0.1, 298.15) == pytest.approx(
        59.16e-3, rel=2e-3
    )
    solution = run([(10.0, 600.0)], VOID_HEIGHT=1e-6)
    diluted = solution[of(names.CONCENTRATION_OVERPOTENTIAL)].entries
    assert diluted.max() == pytest.approx(59.16e-3, rel=2e-3)


@pytest.mark.parametrize("milliamperes", [0.1, 0.2, 0.3])
def test_bare_lithium_keeps_its_contact_for_nine_tenths(milliamperes: float) -> None:
    """At 60 C and up to 0.3 mA.cm-2; the collapse takes the same charge at any current."""
    import twin

    result = twin.simulate(
        "mann2025_li",
        "full_stripping",
        arguments={"current_density": f"{milliamperes} mA.cm-2"},
    )
    charge = result[names.AREAL_CAPACITY].to_numpy()
    contact = result[of(names.CONTACT_FRACTION)].to_numpy()
    assert contact[charge < 0.9 * charge[-1]].min() > 0.9
    assert contact[-1] < 0.05


@pytest.mark.parametrize("megapascals", [0.1, 1, 3, 10, 400])
@pytest.mark.parametrize("cell", ["mann2025_li", "mann2025_lina"])
def test_occupancy_stays_positive_to_the_last_atom(cell: str, megapascals: float) -> None:
    """Under pressure the voids close and the whole foil is stripped, without borrowing."""
    import twin

    result = twin.simulate(
        cell,
        "full_stripping",
        {names.STACK_PRESSURE: megapascals * 1e6},
        {"current_density": "1 mA.cm-2"},
    )
    assert float(result[of(names.OCCUPANCY)].min()) > 0
    event = names.variable_of(names.INVENTORY_EXHAUSTED_EVENT, "negative")
    exhausted = result.attrs["ended_by"] == event
    assert exhausted is (megapascals > 2)
    if exhausted:
        left = float(result[of(names.INVENTORY_FRACTION)][-1])
        assert left == pytest.approx(1e-3, rel=1e-3)
