"""Fade of full cells: each law by hand, lithium conserved, and nothing where it is off."""

import dataclasses

import numpy as np
import pybamm
import pytest

from twin import names
from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.parts.catalogue import CATALOGUE
from twin.parts.fade import FADE
from twin.parts.parameters import load_cell

FARADAY = 96485.33212  # C.mol-1
FILM = {
    names.FILM_RATE: 0.0,
    names.FILM_RATE_EA: 0.0,
    names.FILM_PER_CHARGE: 0.0,
    names.FILM_PER_CHARGE_EA: 0.0,
    names.FILM_INITIAL_RESISTANCE: 1e-3,
}
LOSS = {names.ACTIVE_MATERIAL_LOSS: 1e-3, names.ACTIVE_MATERIAL_LOSS_EA: 0.0}
GROWING = {"cathode interphase": "growing"}
CURRENT_DRIVEN = {"active material": "current-driven"}
COULOMBIC = {"lithium loss": "Coulombic"}
OF = names.variable_of


@pytest.fixture(scope="module")
def run():
    """Solution of cycles of a shipped cell with options and values of a test's own.

    Half a mole of LiCoO2's sites are full, 1 m2, so that currents [A] are densities.
    """

    def solve(cell, cycles, options=None, values=None, rtol=1e-8, all_tested=False):
        shipped = load_cell(cell)
        chosen = dataclasses.replace(
            shipped, options={**shipped.options, "filament": "none", **(options or {})}
        )
        given = parameter_values(chosen)
        given.update(
            {
                names.ELECTRODE_AREA: 1.0,
                names.CATHODE_INITIAL_STOICHIOMETRY: 0.75,
                names.AMBIENT_TEMPERATURE: 298.15,
                names.ELECTRONIC_CONDUCTIVITY: 0.0,
                **(values or {}),
            }
        )
        simulation = pybamm.Simulation(
            build_model(chosen),
            experiment=pybamm.Experiment(cycles),
            parameter_values=given,
            solver=pybamm.IDAKLUSolver(
                rtol=rtol,
                atol=rtol / 100,
                options={"suppress_algebraic_error": not all_tested},
            ),
        )
        return simulation.solve(calc_esoh=False)

    return solve


def _amps(current, duration, **keywords):
    return pybamm.step.current(current, duration=duration, **keywords)


# --- cathode interphase ------------------------------------------------------------------
def test_interphase_grows_as_the_root_of_time(run):
    """sqrt(1e-6 + 1e-10 x 3e4) = 2e-3, sqrt(1e-6 + 1e-10 x 8e4) = 3e-3 Ohm.m2.

    The particles' surface is 3 x 0.02 kg/m2 / (5010 kg/m3 x 5 um) = 2.3952096 m2/m2.
    """
    solution = run(
        "zhu2025_lco_llto60",
        [pybamm.step.rest(8e4, period=1e4)],
        GROWING,
        {**FILM, names.FILM_RATE: 1e-10},
        rtol=1e-6,
    )
    film, electrode = (
        solution[name] for name in (names.FILM_RESISTANCE, names.FILM_ELECTRODE_RESISTANCE)
    )
    assert film(t=3e4) == pytest.approx(2e-3, rel=1e-6)
    assert film(t=8e4) == pytest.approx(3e-3, rel=1e-6)
    assert electrode(t=8e4) == pytest.approx(3e-3 / 2.3952096, rel=1e-6)


def test_interphase_grows_faster_when_warm(run):
    """50 kJ/mol from 25 to 45 C: exp(6013.62 x 2.108474e-4) = 3.5536 times as fast."""
    solution = run(
        "zhu2025_lco_llto60",
        [pybamm.step.rest(3e4, period=1e4)],
        GROWING,
        {
            **FILM,
            names.FILM_RATE: 1e-10,
            names.FILM_RATE_EA: 50e3,
            names.AMBIENT_TEMPERATURE: 318.15,
        },
        rtol=1e-6,
    )
    grown = solution[names.FILM_RESISTANCE](t=3e4)
    assert grown == pytest.approx((1e-6 + 3e-6 * 3.5536) ** 0.5, rel=1e-4)


def test_interphase_grows_with_the_charge_of_both_directions(run):
    """1e-7 Ohm.m4/C x (1800 + 900) s x 1 A/m2 / 2.3952096 = 1.127250e-4 Ohm.m2."""
    solution = run(
        "zhu2025_lco_llto60",
        [_amps(-1, 1800), _amps(1, 900), pybamm.step.rest(600)],
        GROWING,
        {**FILM, names.FILM_PER_CHARGE: 1e-7},
    )
    film = solution[names.FILM_RESISTANCE].entries
    assert film[-1] - film[0] == pytest.approx(1.127250e-4, rel=1e-6)


def test_kinetics_feel_the_interphase(run):
    """2e-3 Ohm.m2 of film over 2.3952096 m2/m2 lowers the voltage by 1 A/m2 x 0.835 mV."""
    last = []
    for resistance in (1e-3, 3e-3):
        solution = run(
            "zhu2025_lco_llto60",
            [_amps(1, 1.0, period=0.5)],
            GROWING,
            {
                **FILM,
                names.FILM_INITIAL_RESISTANCE: resistance,
                # no other place where the reaction could prefer to be
                names.CATHODE_CONDUCTIVITY: 1e3,
                names.CATHOLYTE_CONDUCTIVITY: 1e3,
            },
            rtol=1e-6,
        )
        last.append(solution[names.VOLTAGE].entries[-1])
    assert last[0] - last[1] == pytest.approx(2e-3 / 2.3952096, rel=1e-4)


# --- active material ---------------------------------------------------------------------
def test_active_material_lost_over_cycles(run):
    """1C is 140 mAh/g x 20 g/m2 = 2.8 A/m2: 3 cycles of 2 x 1200 s at 1.4 A/m2.

    They pass 10080 of 10080 C/m2, once the capacity: a thousandth is lost, of sites
    F x 51217.9 x 0.02 / 5010 = 19727.65 C/m2. What they held is counted.
    """
    cycle = (_amps(-1.4, 1200), _amps(1.4, 1200))
    solution = run("zhu2025_lco_llto60", [cycle] * 3, CURRENT_DRIVEN, LOSS)
    lost = solution[names.CATHODE_CAPACITY_LOST].entries
    assert lost[-1] == pytest.approx(19.72765, rel=1e-6)
    held = FARADAY * solution[names.CATHODE_LITHIUM_LOST].entries[-1]
    # around 0.75 of their sites full, 0.085 less after each charge
    assert 0.66 * lost[-1] < held < 0.75 * lost[-1]


# --- lithium -----------------------------------------------------------------------------
def _knee(run, cell, options, values):
    """Discharged [C/m2] in 7 cycles that plate 3600 C/m2 each and lose a tenth of it."""
    cycle = (
        _amps(-2, 1800),
        pybamm.step.current(2, duration=1800, termination="2.5 V"),
    )
    solution = run(
        cell,
        [cycle] * 7,
        {**COULOMBIC, **options},
        {names.PLATING_LOSS: 0.1, names.CATHODE_INITIAL_STOICHIOMETRY: 0.9, **values},
        rtol=1e-6,
        # a film ends within nanometres: the voltage has to bound the steps
        all_tested=True,
    )
    found = []
    for both in solution.cycles:
        capacity = both.steps[1][names.AREAL_CAPACITY].entries
        found.append(capacity[-1] - capacity[0])
    return np.array(found)


@pytest.mark.parametrize(
    ("cell", "options"),
    [("llto_cnt2025_ncm_cu", {}), ("llto_cnt2025_ncm", {"interlayer host": "none"})],
)
def test_the_knee_of_lithium_plated_beforehand(run, cell, options):
    """N/P = 0.45 over 1 - CE = 0.1: after 4.5 cycles the lithium is used up.

    The fifth discharge ends 5 % short, when 0.45 + 5 x 0.9 - 4 = 0.95 of a charge are
    left, and all later ones yield what 0.9 of a charge gave.
    """
    charge = 3600.0
    thickness = 0.45 * charge / FARADAY / 76900  # m
    values = {names.PLATED_THICKNESS: thickness}
    if cell == "llto_cnt2025_ncm":
        # 42 um with 46 % of pores
        values = {
            names.INTERLAYER_INITIAL_LITHIUM: thickness / (42e-6 * 0.46),
            names.PLATED_THICKNESS: 0.0,
        }
    discharged = _knee(run, cell, options, values) / charge
    assert discharged[:4] == pytest.approx(1, abs=1e-6)
    assert discharged[4] == pytest.approx(0.95, abs=5e-3)
    assert discharged[5:] == pytest.approx(0.9, abs=5e-3)


def test_a_foil_pays_for_what_it_plates(run):
    """2 % of 2 x 3600 C/m2 plated are lost, wherever the foil's lithium is."""
    cycle = (_amps(-1, 3600), _amps(1, 3600))
    solution = run("zhu2025_lco_llto60", [cycle] * 2, COULOMBIC, {names.PLATING_LOSS: 0.02})
    lost = solution[OF(names.LOST_CHARGE, "negative")].entries
    foil = solution[OF(names.INVENTORY, "negative")].entries * FARADAY
    assert lost[-1] == pytest.approx(144.0, rel=1e-6)
    assert foil[0] - foil[-1] == pytest.approx(144.0, rel=1e-6)


# --- balances ----------------------------------------------------------------------------
MECHANISMS = {
    "interphase of the cathode": (GROWING, {**FILM, names.FILM_RATE: 1e-9}),
    "active material": (CURRENT_DRIVEN, LOSS),
    "lithium": (COULOMBIC, {names.PLATING_LOSS: 0.01}),
}


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize(
    "cell", ["zhu2025_lco_llto60", "yang2024_nano_0_2mAh", "llto_cnt2025_ncm"]
)
def test_lithium_is_conserved_while_it_fades(run, cell, mechanism):
    """Metal, pores, host, particles, salt, dead lithium and lost particles together."""
    options, values = MECHANISMS[mechanism]
    cycle = (_amps(-2, 900), pybamm.step.rest(60), _amps(2, 850))
    solution = run(cell, [cycle] * 2, options, values)
    assert solution.t[-1] == pytest.approx(2 * 1810)
    lithium = solution[names.TOTAL_LITHIUM].entries
    assert lithium == pytest.approx(lithium[0], rel=1e-8)


# --- switches ----------------------------------------------------------------------------
def test_a_rate_of_zero_is_as_good_as_no_mechanism(run):
    """The voltage of a cell whose mechanisms are on, but do nothing, is that without."""
    cycle = (_amps(-10, 300), _amps(10, 250))
    options = {**GROWING, **CURRENT_DRIVEN, **COULOMBIC}
    values = {
        **FILM,
        names.FILM_INITIAL_RESISTANCE: 1e-12,
        **LOSS,
        names.ACTIVE_MATERIAL_LOSS: 0.0,
        names.PLATING_LOSS: 0.0,
    }
    times = np.linspace(0, 550, 50)
    on, off = (
        run("yang2024_nano_0_2mAh", [cycle], *given)[names.VOLTAGE](times)
        for given in ((options, values), ({}, {}))
    )
    assert abs(on - off).max() < 1e-6


def test_cells_without_the_options_carry_none_of_the_states():
    variables = build_model(load_cell("yang2024_nano_0_2mAh")).variables
    for name in ("lithium loss", "cathode interphase, with time", "active material loss"):
        fade = FADE[name]
        size = OF(fade.size, "negative") if fade.per_electrode else fade.size
        assert size not in variables


@pytest.mark.parametrize("name", FADE)
def test_the_table_of_mechanisms_is_true(name):
    """Parameter, option and variables of every mechanism exist where it is on."""
    fade = FADE[name]
    assert fade.off in CATALOGUE[fade.parameter].allowed
    cell = load_cell("yang2024_li_0_2mAh")
    if fade.option:
        cell = dataclasses.replace(cell, options={**cell.options, fade.option: fade.value})
    variables = build_model(cell).variables
    for variable in (fade.state, fade.size):
        assert (OF(variable, "negative") if fade.per_electrode else variable) in variables
