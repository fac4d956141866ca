"""Extreme but legal cells and currents, each against what a formula says of it.

The symmetric cell is that of round numbers: F c = 7.419722e9 C/m3, lithium of 1e-4 m and
1e-15 m2/s, 100 Ohm.cm2 of separator and 10 Ohm.cm2 of each interface.
"""

import dataclasses

import numpy as np
import pybamm
import pytest
from scipy.optimize import brentq

import twin
from twin import names
from twin.errors import RecordError, SolveError
from twin.models.build import build_model
from twin.models.cathode import cathode_values, vanishing_salt
from twin.models.integrator import LADDER
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import load_cell
from twin.run.solving import one_c

SITES = 96485.33212 * 76.9e3  # F c, C.m-3
GAS = 8.314462618
STRIPPING = 10.0  # A.m-2
NO_VOIDS = {names.STACK_PRESSURE: 400e6}


def stripped(solution):
    return float(solution[names.AREAL_CAPACITY].entries[-1])


def ended(solution):
    return str(solution.termination).removeprefix("event: ")


# --- lithium --------------------------------------------------------------------------


@pytest.fixture
def strip(constant_current):
    """Solution of a stripping to the polarisation cut-off or the last lithium."""

    def run(changes, density=STRIPPING):
        return constant_current(density, 1.2 * SITES * 1e-3 / density, changes)

    return run


def test_diffusivity_over_ten_decades(strip, depletion_time):
    """From voids alone, over Sand's time, to the last lithium; never less with more."""
    diffusivities = 10.0 ** np.arange(-20, -9)
    found = [strip({names.LITHIUM_DIFFUSIVITY: D}) for D in diffusivities]
    charges = np.array([stripped(solution) for solution in found])
    assert (np.diff(charges) > -1e-6 * charges[:-1]).all()
    # without supply the charge comes from the voids, whatever the diffusivity
    assert charges[0] == pytest.approx(charges[1], rel=0.02)
    # semi-infinite: voids from u = 0.1 on, t = 0.81 pi D (F c / 2 i)^2; below 1e-15 m2/s
    # voids cannot take the current over at once, above 1e-14 the slab is not infinite
    for D, solution in zip(diffusivities[5:7], found[5:7], strict=True):
        sand = 0.81 * np.pi * D * (SITES / (2 * STRIPPING)) ** 2
        assert depletion_time(solution) == pytest.approx(sand, rel=0.03)
    # so fast that the whole slab comes down to u = 0.1, less i L / (3 F c D) = 0.04 %
    assert charges[-1] == pytest.approx(0.9 * SITES * 1e-4, rel=2e-3)
    for solution in found:
        lithium = solution[names.TOTAL_LITHIUM].entries
        assert lithium == pytest.approx(lithium[0], rel=1e-8)


@pytest.mark.parametrize("thickness", [1e-7, 1e-6, 1e-5, 1e-4, 1e-3])
def test_all_lithium_of_any_thickness_comes_off(strip, thickness):
    """Slowly and under pressure: all but the thousandth that counts as none."""
    changes = {**NO_VOIDS, names.LITHIUM_THICKNESS: thickness}
    slow = 1e-3 * 3 * SITES * 1e-15 / thickness
    solution = strip(changes, slow)
    assert ended(solution) == names.variable_of(names.INVENTORY_EXHAUSTED_EVENT, "negative")
    assert stripped(solution) == pytest.approx(0.999 * SITES * thickness, rel=1e-5)


def test_pressure_from_none_to_400_mpa(strip):
    """Never less charge with more pressure; far above the yield, all of it."""
    fast = {names.LITHIUM_DIFFUSIVITY: 1e-11}
    pressures = [0.0, 1e4, 1e5, 1e6, 1e7, 1e8, 4e8]
    charges = [stripped(strip({**fast, names.STACK_PRESSURE: P})) for P in pressures]
    assert (np.diff(charges) > -1e-6 * charges[0]).all()
    # creep without stress is none: as a cell whose lithium cannot creep
    still = stripped(strip({**fast, names.CREEP_RATE: 0.0}))
    assert charges[0] == pytest.approx(still, rel=1e-6)
    assert charges[-1] == pytest.approx(0.999 * SITES * 1e-4, rel=1e-4)


# --- resistances ----------------------------------------------------------------------


@pytest.mark.parametrize("contact", [1.0, 1e-2, 1e-4, 1e-6])
def test_contact_down_to_where_it_counts_as_lost(constant_current, contact):
    """V = i (R_separator + 2 R_interface + 2 R_constriction), spots 2 um apart."""
    density = 1e-3
    solution = constant_current(density, 1e-6, {names.INITIAL_CONTACT: contact})
    conductivity = 0.8e-3 / 100e-4
    root = np.sqrt(contact)
    spreading = np.pi * 2e-6 * (1 - root) ** 1.5 / (4 * conductivity * root)
    resistance = 100e-4 + 2 * 10e-4 + 2 * spreading
    voltage = solution[names.VOLTAGE].entries[0]
    assert voltage == pytest.approx(-density * resistance, rel=1e-6)


@pytest.mark.parametrize("celsius", [-20.0, 25.0, 120.0])
@pytest.mark.parametrize("density", [1e-6, 1e-2, 10.0])
def test_temperatures_and_small_currents(constant_current, celsius, density):
    """Ohm's law with each resistance on its own Arrhenius law."""
    temperature = 273.15 + celsius
    changes = {names.AMBIENT_TEMPERATURE: temperature, names.POLARISATION_CUT_OFF: 1e3}
    solution = constant_current(density, 1e-6, changes)
    inverse = (1 / temperature - 1 / 298.15) / GAS
    resistance = sum(
        fresh * np.exp(energy * inverse)
        for fresh, energy in ((80e-4, 35e3), (20e-4, 45e3), (2 * 10e-4, 60e3))
    )
    voltage = solution[names.VOLTAGE].entries[0]
    assert voltage == pytest.approx(-density * resistance, rel=1e-6)


# --- full cells -----------------------------------------------------------------------


def window_charge(cell, upper, lower):
    """Charge [C.m-2] between two open-circuit voltages of a cell on lithium."""
    potential = cathode_values(cell)[names.OPEN_CIRCUIT_POTENTIAL]

    def above(stoichiometry, voltage):
        found = potential(pybamm.Scalar(stoichiometry)).evaluate()
        return float(np.squeeze(found)) - voltage

    ends = [brentq(above, 1e-6, 1 - 1e-6, args=(v,)) for v in (upper, lower)]
    mass = cell.values[names.CATHODE_LOADING] / cell.values[names.CATHODE_DENSITY]
    sites = 96485.33212 * cell.values[names.CATHODE_MAXIMUM_CONCENTRATION] * mass
    return sites * (ends[1] - ends[0])


def discharged(result):
    """Charge [C.m-2] of the last discharge."""
    passed = result[names.AREAL_CAPACITY].to_numpy()
    return float(passed[-1] - passed.min())


RATES = ("0.001", "0.1", "2", "20", "200")


@pytest.mark.parametrize(
    "name", ["peng2025_lfp_10kco", "yang2024_nano_5mAh", "llto_cnt2025_ncm"]
)
def test_rates_from_a_thousandth_to_two_hundred(name):
    """At C/1000 what the open-circuit curve holds; never more at a higher rate."""
    cell = load_cell(name).with_values({names.ELECTRONIC_CONDUCTIVITY: 0.0}, "a test")
    upper, lower = (4.0, 2.5) if "lfp" in name else (4.2, 3.0)
    charges = []
    for rate in RATES:
        arguments = {
            "charge_rate": "0.001",
            "discharge_rate": rate,
            "upper": f"{upper} V",
            "lower": f"{lower} V",
            "cycles": "1",
        }
        result = twin.simulate(cell, "rate_test", arguments=arguments)
        charges.append(discharged(result))
        lithium = result[names.TOTAL_LITHIUM].to_numpy()
        assert lithium == pytest.approx(lithium[0], rel=1e-6)
    assert charges[0] == pytest.approx(window_charge(cell, upper, lower), rel=5e-3)
    assert (np.diff(charges) < 1e-3 * charges[0]).all()
    assert charges[-1] < 0.1 * charges[0]


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("yang2024_nano_5mAh", "10"),
        ("yang2024_nano_5mAh", "30"),
        ("thin_llzo_ncm622", "30"),
    ],
)
def test_a_rate_out_of_reach_in_the_cold_passes_nothing(name, rate, capfd):
    """At -20 C the cathode's electrolyte alone takes more than the window of 1.7 V."""
    cold = {names.AMBIENT_TEMPERATURE: 253.15}
    arguments = {"charge_rate": rate, "discharge_rate": rate, "cycles": "1"}
    result = twin.simulate(name, "rate_test", cold, arguments)
    assert result.attrs["ended_by"] == "protocol completed"
    assert "raised from nothing" in result.attrs["rescued_by"]
    # of the attempts before, which failed, nothing is printed
    assert capfd.readouterr() == ("", "")
    # a step ends at its voltage while the current rises, in less than a millisecond
    most = float(rate) * one_c(load_cell(name)) * 1e-3
    passed = result[names.AREAL_CAPACITY].to_numpy()
    assert 0 < np.ptp(passed) < most
    # only the rests are left, two of 5 min
    assert float(result["time"][-1]) == pytest.approx(600.0, abs=2e-3)


def test_a_fast_charge_onto_bare_copper_begins():
    """37C of 4.14 V at first, below 4.2 V: what passes is on the foil, less what is lost.

    With more halvings in Newton's search for the first state it ended at a false one, with
    no current and the voltage met.
    """
    arguments = {"charge_rate": "37", "discharge_rate": "1", "cycles": "1"}
    thinner = {names.SEPARATOR_THICKNESS: 17.7e-6}
    result = twin.simulate(
        "llto_cnt2025_ncm_cu_anode_free", "rate_test", thinner, arguments
    )
    passed = -result[names.AREAL_CAPACITY].to_numpy()
    last = np.flatnonzero(result["step"].to_numpy() == 1)[-1]
    inventory, lost = (
        result[names.variable_of(name, "negative")].to_numpy()
        for name in (names.INVENTORY, names.LOST_CHARGE)
    )
    on_foil = 96485.33212 * (inventory[last] - inventory[0])
    assert passed[last] == pytest.approx(on_foil + lost[last], rel=1e-6)
    assert passed[last] > 1000.0


@pytest.mark.parametrize("experiment", ["discharge", "rate_ladder"])
def test_an_experiment_that_passes_nothing_is_refused(experiment):
    rate = {"discharge": "discharge_rate", "rate_ladder": "lowest_rate"}[experiment]
    arguments = {rate: "200"}
    if experiment == "rate_ladder":
        arguments.update(highest_rate="200", rest="0 min")
    with pytest.raises(RecordError, match="passes no charge.*lower the current"):
        twin.simulate("zhu2025_lco_llto60", experiment, arguments=arguments)


def test_ageing_that_passes_nothing_is_refused():
    arguments = {"charge_rate": "200", "discharge_rate": "200", "cycles": "3"}
    with pytest.raises(RecordError, match="first cycle passes no charge"):
        twin.age("zhu2025_lco_llto60", "rate_test", 3, arguments=arguments)


# --- interlayers ----------------------------------------------------------------------


def test_a_layer_of_no_thickness_is_refused_with_the_way_out():
    with pytest.raises(RecordError, match='option interlayer = "none"'):
        twin.simulate("yang2024_nano", "rest", {names.INTERLAYER_THICKNESS: 0.0})


def test_a_thin_layer_is_as_none():
    """A nanometre of layer has no resistance: the cell's is that without the layer."""
    layered = load_cell("yang2024_nano").with_values(
        {names.INTERLAYER_THICKNESS: 1e-9, names.INITIAL_CONTACT: 1.0}, "a test"
    )
    bare = dataclasses.replace(layered, options={**layered.options, "interlayer": "none"})
    pulse = {"current_density": "0.1 mA.cm-2", "duration": "1 ms"}
    voltages = [
        float(twin.simulate(cell, "current_pulse", arguments=pulse)[names.VOLTAGE][0])
        for cell in (layered, bare)
    ]
    assert voltages[0] == pytest.approx(voltages[1], rel=1e-4)


def test_a_layer_of_conductor_alone():
    """No matrix beside the pores: kappa_m + kappa_c ((phi - phi_c)/(1 - phi_c))^n."""
    cell = load_cell("yang2024_nano")
    with pytest.raises(RecordError, match="add up to 1.35"):
        twin.simulate(cell, "current_pulse", {names.INTERLAYER_CONDUCTOR_FRACTION: 1.0})
    changes = {
        names.INTERLAYER_CONDUCTOR_FRACTION: 1.0 - 1e-3,
        names.INTERLAYER_POROSITY: 1e-3,
        names.INTERLAYER_IONIC_EA: 0.0,
    }
    whole = cell.with_values(changes, "a test")
    given = whole.values
    critical = given[names.INTERLAYER_PERCOLATION_THRESHOLD]
    share = (1 - 1e-3 - critical) / (1 - critical)
    conductor = given[names.INTERLAYER_CONDUCTOR_CONDUCTIVITY]
    expected = (
        given[names.INTERLAYER_MATRIX_CONDUCTIVITY]
        + conductor * share ** given[names.INTERLAYER_PERCOLATION_EXPONENT]
    )
    model = build_model(whole)
    values = parameter_values(whole)
    name = names.variable_of(names.INTERLAYER_IONIC_CONDUCTIVITY, "negative")
    assert values.evaluate(model.variables[name]) == pytest.approx(expected)


def test_a_host_above_the_cathode_is_refused():
    """U + g (1/2 - x) + RT/F ln((1 - x)/x) at x = 0.02 and a slope of 6 V: 4.36 V."""
    slope = {names.HOST_SLOPE: 6.0}
    cell = load_cell("llto_cnt2025_ncm_anode_free")
    assert cell.values[names.HOST_INITIAL_STOICHIOMETRY] == 0.02
    begins = cell.values[names.HOST_POTENTIAL] + 6.0 * 0.48
    begins += GAS * cell.values[names.AMBIENT_TEMPERATURE] / 96485.33 * np.log(49)
    with pytest.raises(RecordError, match=f"begins at {begins:.3g} V.*above its anode"):
        twin.simulate(cell, "discharge", slope)


# --- liquids --------------------------------------------------------------------------


def test_a_liquid_that_stops_conducting_in_the_cold():
    """At the first root of Valoen and Reimers' polynomial; a result carries a note of it.

    (What a discharge does once salt has gathered up to there is no number to test: whether
    it is solved at all depends on the last digit.)
    """
    cold = {names.AMBIENT_TEMPERATURE: 253.15}
    result = twin.simulate(
        "thin_llzo_ncm622", "discharge", cold, {"discharge_rate": "0.01"}
    )
    T = 253.15
    root = min(
        np.roots(
            [
                0.494 - 8.86e-4 * T,
                0.668 - 0.0178 * T + 2.80e-5 * T**2,
                -10.5 + 0.0740 * T - 6.96e-5 * T**2,
            ]
        )
    )
    cell = load_cell("thin_llzo_ncm622")
    found = vanishing_salt(cell.with_values(cold, "a test"))
    # on its way to the root, where the square of the polynomial is as good as nothing
    assert found == pytest.approx(1000 * root, rel=0.03)
    assert found < 1000 * root
    assert f"vanishes at {found / 1000:.3g} mol/l" in result.attrs["notes"]
    assert vanishing_salt(cell) is None


def test_a_failure_tells_what_was_tried(monkeypatch):
    """With every attempt failing, the message has them all, and what may be behind it."""

    def failing(*arguments):
        raise SolveError("the solver failed")

    monkeypatch.setattr("twin.run.solving._solve", failing)
    cold = {names.AMBIENT_TEMPERATURE: 253.15}
    with pytest.raises(SolveError) as caught:
        twin.simulate("thin_llzo_ncm622", "discharge", cold)
    for attempt in LADDER:
        assert attempt.name in str(caught.value)
    assert "vanishes at" in str(caught.value)


def test_filaments_as_long_as_many_separators_are_no_reason_to_warn():
    """PyBaMM looks back at every variable that is large; warnings are errors here."""
    cell = load_cell("yang2024_li").with_values({names.SHORT_LENGTH: 50.0}, origin="a test")
    run = twin.simulate(cell, "full_stripping", arguments={"current_density": "5 mA.cm-2"})
    # the end of the filament that shorts the cell
    length = run[names.variable_of(names.FILAMENT_LENGTH, "positive")][-1]
    assert float(length) == pytest.approx(50.0, rel=1e-3)
