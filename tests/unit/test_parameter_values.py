"""What a cell's records make of capacities, plated lithium and potentials, by hand."""

from dataclasses import replace
from typing import Any

import pybamm
import pytest
from by_hand import HOT, ONE, E, near, parameters

from twin import names
from twin.errors import RecordError
from twin.models.cathode import cathode_values, check_host, vanishing_salt
from twin.models.parameter_values import check_values, parameter_values
from twin.parts.cell import Cell
from twin.parts.parameters import load_cell


def cell(name: str, **values: float) -> Cell:
    return load_cell(name).with_values(parameters(**values), "a test")


def number(values: Any, name: str) -> float:
    return float(values.evaluate(values[name]))


# --- capacities ------------------------------------------------------------------------
def test_capacity_of_a_symmetric_cell() -> None:
    """F x 8e4 mol/m3 x 0.5 x 1e-4 m x 1e-4 m2 = 38.594 C."""
    values = parameter_values(
        cell(
            "mann2025_li",
            LITHIUM_SITE_CONCENTRATION=8e4,
            LITHIUM_VOLUME_FRACTION=0.5,
            LITHIUM_THICKNESS=1e-4,
            ELECTRODE_AREA=1e-4,
        )
    )
    assert number(values, names.NOMINAL_CAPACITY) == near(0.01072059246)
    # the other electrode is the same until it is set
    other = names.parameter_of(names.LITHIUM_THICKNESS, "positive")
    assert number(values, other) == 1e-4
    # PyBaMM's area is height times width; one cell at rest
    height, width = names.ELECTRODE_HEIGHT, names.ELECTRODE_WIDTH
    assert number(values, height) * number(values, width) == near(1e-4)
    assert number(values, names.PARALLEL_ELECTRODES) == 1
    assert number(values, names.SERIES_CELLS) == 1
    assert number(values, names.CURRENT_FUNCTION) == 0


def test_capacity_of_a_full_cell() -> None:
    """5e5 C/kg x 0.1 kg/m2 x 1e-4 m2 = 5 C; its lithium counts in no capacity."""
    values = parameter_values(
        cell(
            "thin_llzo_ncm622",
            CATHODE_CAPACITY=5e5,
            CATHODE_LOADING=0.1,
            ELECTRODE_AREA=1e-4,
            CATHODE_MAXIMUM_CONCENTRATION=5e4,
            CATHODE_INITIAL_STOICHIOMETRY=0.9,
        )
    )
    assert number(values, names.NOMINAL_CAPACITY) == near(5 / 3600)
    assert number(values, names.CATHODE_INITIAL_CONCENTRATION) == near(4.5e4)
    # no cathode's window reaches these, so that no run ends on them
    assert number(values, names.LOWER_VOLTAGE) == 0
    assert number(values, names.UPPER_VOLTAGE) == 6


def test_parts_of_a_volume() -> None:
    """0.6 + 0.45 of active material and pores is more than there is; 0.5 + 0.5 is all."""
    with pytest.raises(RecordError, match=r"add up to 1\.05"):
        check_values(
            cell("thin_llzo_ncm622", CATHODE_ACTIVE_FRACTION=0.6, CATHODE_POROSITY=0.45)
        )
    check_values(
        cell("thin_llzo_ncm622", CATHODE_ACTIVE_FRACTION=0.5, CATHODE_POROSITY=0.5)
    )


def test_laws_of_a_cathode() -> None:
    """At 596.3 K all three are e times those at 25 C.

    A hundredth of 0.5 is lost with 5e5 x 0.1 C/m2; sqrt(0.25 x 0.75) = 0.4330127019.
    """
    values = parameter_values(
        cell(
            "thin_llzo_ncm622",
            CATHODE_CAPACITY=5e5,
            CATHODE_LOADING=0.1,
            CATHODE_ACTIVE_FRACTION=0.5,
            ACTIVE_MATERIAL_LOSS=0.01,
            ACTIVE_MATERIAL_LOSS_EA=ONE,
            CATHODE_DIFFUSIVITY=2e-14,
            CATHODE_DIFFUSIVITY_EA=ONE,
            CATHODE_EXCHANGE_CURRENT=1.5,
            CATHODE_EXCHANGE_CURRENT_EA=ONE,
        )
    )

    def law(name: str, *given: float) -> float:
        return float(values.evaluate(values[name](*given)))

    for current in (3.0, -3.0):
        lost = law(names.ACTIVE_MATERIAL_LOSS_FUNCTION, current, HOT)
        assert lost == near(-3e-7 * E)
    assert law(names.PARTICLE_DIFFUSIVITY_FUNCTION, 0.5, HOT) == near(2e-14 * E)
    exchange = law(names.EXCHANGE_CURRENT_FUNCTION, 1000.0, 1e4, 4e4, HOT)
    assert exchange == near(2 * 1.5 * E * 0.4330127019)


# --- lithium plated beforehand ---------------------------------------------------------
def plated(cell: Cell) -> Cell:
    """2 x 5e5 C/kg x 0.1 kg/m2 over F x 8e4 mol/m3: 12.955337 um."""
    values = parameters(
        NP_RATIO=2.0,
        CATHODE_CAPACITY=5e5,
        CATHODE_LOADING=0.1,
        LITHIUM_SITE_CONCENTRATION=8e4,
        INTERLAYER_POROSITY=0.5,
        INTERLAYER_CONDUCTOR_FRACTION=0.3,
    )
    return cell.with_values(values, "a test")


def test_lithium_plated_on_a_bare_substrate() -> None:
    layered = plated(load_cell("llto_cnt2025_ncm"))
    bare = {**layered.options, "interlayer": "none", "interlayer host": "none"}
    values = parameter_values(replace(layered, options=bare))
    assert number(values, names.PLATED_THICKNESS) == near(12.955337e-6)


@pytest.mark.parametrize(
    ("thickness", "filling", "beneath"),
    [(40e-6, 0.64776685, 0.0), (20e-6, 0.95, 3.455337e-6)],
)
def test_lithium_plated_into_pores(
    thickness: float, filling: float, beneath: float
) -> None:
    """Room for 20 and 10 um; what 95 % of it cannot hold lies on the substrate."""
    layered = plated(load_cell("llto_cnt2025_ncm"))
    values = parameter_values(
        layered.with_values({names.INTERLAYER_THICKNESS: thickness}, "a test")
    )
    assert number(values, names.INTERLAYER_INITIAL_LITHIUM) == near(filling)
    found = number(values, names.PLATED_THICKNESS)
    assert found == pytest.approx(beneath, rel=1e-6, abs=1e-15)


# --- what the electrolyte and the host allow -------------------------------------------
@pytest.mark.parametrize(
    ("name", "transference", "conductivity"),
    [
        # a single-ion conductor: no salt moves, and each region has its own conductivity
        ("zhu2025_lco_llto60", 1.0, 1.0),
        # Valoen and Reimers, 0.1 x 3.455903^2 at 1 mol/l
        ("thin_llzo_ncm622", 0.38, 1.194326),
    ],
)
def test_electrolyte(name: str, transference: float, conductivity: float) -> None:
    values = cathode_values(load_cell(name))

    def at_25(key: str) -> float:
        law = values[key]
        given = (pybamm.Scalar(1000.0), pybamm.Scalar(298.15))
        return float(law(*given).evaluate()) if callable(law) else law

    assert at_25(names.TRANSFERENCE_NUMBER) == near(transference)
    assert at_25(names.LIQUID_CONDUCTIVITY) == near(conductivity)


def test_a_cathode_without_a_potential_is_refused() -> None:
    whole = load_cell("zhu2025_lco_llto60")
    options = {k: v for k, v in whole.options.items() if k != "cathode potential"}
    with pytest.raises(RecordError, match="is missing; name one of Marquis2019, Ai2020"):
        cathode_values(replace(whole, options=options))


def test_a_solid_holds_no_salt_that_vanishes() -> None:
    cold = cell("zhu2025_lco_llto60", AMBIENT_TEMPERATURE=253.15)
    assert vanishing_salt(cold) is None


def test_a_liquid_that_is_too_cold() -> None:
    """Valoen and Reimers at 253.15 K: c (0.26971 c^2 - 2.04369 c + 3.77279)^2, c in mol/l.

    The root is at 3.1838 mol/l; from 3.1491 mol/l it is below 1e-4 of the maximum, in
    steps of 10 mol/m3 from 3150.
    """
    cold = cell("thin_llzo_ncm622", AMBIENT_TEMPERATURE=253.15)
    assert vanishing_salt(cold) == near(3150.0)


def test_a_host_above_the_cathode_is_refused() -> None:
    """A host at 5 V and a cathode near 4 V; without an interlayer it does not matter."""
    hosted = cell("llto_cnt2025_ncm", HOST_POTENTIAL=5.0)
    with pytest.raises(RecordError, match="a cell needs a cathode above its anode"):
        check_host(hosted)
    check_host(replace(hosted, options={**hosted.options, "interlayer host": "none"}))
    check_host(replace(hosted, options={**hosted.options, "interlayer": "none"}))
