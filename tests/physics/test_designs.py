"""Outputs of many designs: batches, failures, derivatives, Sand's time and searches."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from twin import names
from twin.errors import TwinError
from twin.parts.formulas.constants import FARADAY
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.studies.ccd import ccd
from twin.studies.ccd_sheet import symmetric
from twin.studies.evaluation import Evaluator, Study
from twin.studies.indices import FIRST, TOTAL, Sampling, interval
from twin.studies.joint import source
from twin.studies.local_sensitivity import DIFFERENCES, FORWARD, gradients
from twin.studies.ranges import Factor, factors_of
from twin.studies.search import EVOLUTION, GRADIENTS, search
from twin.studies.sensitivity import sensitivity

FULL_CELL = "yang2024_nano_0_2mAh"
ONE_CYCLE = {
    "cycles": "1",
    "rest": "0 min",
    "charge_rate": "2",
    "discharge_rate": "10",
}


@pytest.fixture(scope="module")
def full_cell() -> tuple[Evaluator, list[Factor]]:
    """Charge and discharge of a full cell with interlayer; what varies."""
    cell = load_cell(FULL_CELL)
    protocol = load_experiment("rate_test").with_arguments(ONE_CYCLE)
    varied = [
        "Interlayer thickness=20:40 um",
        "Positive electrode active material loading=1:2 mg.cm-2",
        "Positive particle radius",
    ]
    factors = factors_of(cell, protocol, varied)
    outputs = ("energy", "capacity", "discharge capacity", "mean voltage")
    inputs = tuple(factor.name for factor in factors)
    return Study(cell, protocol.schedule(), inputs, outputs).prepare(), factors


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no C compiler")
def test_compiled_equations_give_the_same_numbers() -> None:
    protocol = load_experiment("rate_test").with_arguments(ONE_CYCLE)
    inputs = (names.SEPARATOR_THICKNESS,)
    plain = Study(
        load_cell("yang2024_li_0_2mAh"), protocol.schedule(), inputs, ("capacity",)
    )
    rows = np.array([[2e-4], [1e-4]])
    found = replace(plain, compiled=True).prepare()(rows)
    assert any(Path(os.environ["PYBAMM_CASADI_AOT_CACHE"]).iterdir())
    # other sums of rounding errors, far below the solver's tolerance of 1e-6
    assert found.values == pytest.approx(plain.prepare()(rows).values, rel=1e-7)


def test_a_design_does_not_depend_on_its_batch(
    full_cell: tuple[Evaluator, list[Factor]],
) -> None:
    """To the last bit, beside any others, in any place, and beside one that fails."""
    evaluate, factors = full_cell
    shares = np.array([[0.1, 0.2, 0.3], [0.9, 0.5, 0.1], [0.5, 0.9, 0.8]])
    rows = np.column_stack([f.at(shares[:, n]) for n, f in enumerate(factors)])
    together = evaluate(rows)
    assert together.reasons == ("", "", "")
    impossible = rows[0].copy()
    impossible[2] = -1.0  # a radius
    turned = evaluate(np.stack([rows[2], impossible, rows[0]]))
    assert "outside the allowed interval" in turned.reasons[1]
    assert np.isnan(turned.values[1]).all()
    assert (turned.values[[2, 0]] == together.values[[0, 2]]).all()
    assert (evaluate(rows[1:2]).values == together.values[1:2]).all()


def test_energies_and_capacities_fit_together(
    full_cell: tuple[Evaluator, list[Factor]],
) -> None:
    """LiCoO2: below 135 mAh/g, 3.5 to 4.1 V; twice the mass is twice the charge."""
    evaluate, factors = full_cell
    rows = np.array([[30e-6, loading, 2e-6] for loading in (1e-2, 2e-2)])
    energy, charge, per_mass, voltage = evaluate(rows).values.T
    assert per_mass == pytest.approx(charge / rows[:, 1], rel=1e-12)
    assert voltage == pytest.approx(energy / charge, rel=1e-12)
    assert (per_mass / 3600 < 135).all() and (per_mass / 3600 > 80).all()
    assert (voltage > 3.5).all() and (voltage < 4.1).all()
    # 10C is 10C of either mass: only the drop across the separator grows
    assert charge[1] / charge[0] == pytest.approx(2.0, rel=0.1)


def test_derivatives_agree_with_differences() -> None:
    """Forward sensitivities up to a cut-off against differences of whole runs."""
    cell = load_cell("mann2025_li")
    protocol = load_experiment("full_stripping")
    varied = [f"{names.LITHIUM_DIFFUSIVITY}=1e-15:2e-15", "void height"]
    factors = factors_of(cell, protocol, varied)
    outputs = ("stripped capacity", "final polarisation")
    inputs = tuple(factor.name for factor in factors)
    schedule = protocol.schedule()
    evaluate = Study(cell, schedule, inputs, outputs).prepare()
    forward, by_differences = (
        gradients(cell, schedule, factors, outputs, evaluate, forward=way)
        for way in (True, False)
    )
    assert forward[0].methods == (FORWARD, FORWARD)
    assert forward[1].methods == (DIFFERENCES, DIFFERENCES)
    assert by_differences[0].methods == (DIFFERENCES, DIFFERENCES)
    assert forward[0].derivatives == pytest.approx(by_differences[0].derivatives, rel=0.01)


def test_sobol_of_a_stripping_is_that_of_sands_time() -> None:
    """Thick lithium that loses contact as its surface is depleted: i Q = pi D (F c)^2 / 4.

    ln Q = ln D + 2 ln c + const: D over a factor of 4, c over one of 2 evenly in their
    logarithms would both have the share 1/2; linear ranges are a little different, and
    their variances are taken from the formula at the same designs.
    """
    settings = {
        names.VOID_HEIGHT: 5e-9,
        names.CRITICAL_OCCUPANCY: 0.02,
        names.CROWDING_EXPONENT: 0.0,
    }
    found = sensitivity(
        "mann2025_li",
        "full_stripping",
        settings,
        {"current_density": "0.5 mA.cm-2"},
        ranges=[
            f"{names.LITHIUM_DIFFUSIVITY}=1e-15:4e-15",
            f"{names.LITHIUM_SITE_CONCENTRATION}=40e3:80e3",
        ],
        size=32,
        workers=1,
    )
    assert found.failed == {}
    samples = found.samples
    values = samples["stripped capacity"].to_numpy()
    cell = load_cell("mann2025_li")
    warm = np.exp(
        -cell.values[names.LITHIUM_DIFFUSIVITY_EA]
        / 8.314462618
        * (1 / cell.values[names.AMBIENT_TEMPERATURE] - 1 / 298.15)
    )
    charge = FARADAY * samples[names.LITHIUM_SITE_CONCENTRATION].to_numpy()
    charge = charge * cell.values[names.LITHIUM_VOLUME_FRACTION]
    diffusivity = samples[names.LITHIUM_DIFFUSIVITY].to_numpy() * warm
    sand = np.pi * diffusivity * charge**2 / (4 * 5.0)
    # a few per cent are the void that opens, and the lattice left at the contacts
    assert values == pytest.approx(sand, rel=0.05)
    # shares of the variance of the formula, from its own sums over a fine grid
    D, c = np.linspace(1, 4, 2001), np.linspace(1, 2, 2001)
    parts = np.array([np.var(np.log(D)), np.var(2 * np.log(c))])
    indices = Sampling("sobol", 2, 32, 1).indices(np.log(values)).isel(size=-1)
    for name in (FIRST, TOTAL):
        off = np.abs(indices[name].to_numpy() - parts / parts.sum())
        assert (off <= indices[interval(name)].to_numpy()).all()


def test_an_argument_varies_as_ohms_law_says() -> None:
    """V = R i: its elasticity by the current is one."""
    found = sensitivity(
        "mann2025_li",
        "current_pulse",
        arguments={"current_density": "1 mA.cm-2", "duration": "1 s"},
        method="local",
        outputs=["initial polarisation"],
        ranges=["current_density=0.5:2 mA.cm-2", "Separator thickness=0.5:2 mm"],
        workers=1,
    )
    by_current, by_thickness = found.indices["elasticity"].to_numpy()[0]
    assert by_current == pytest.approx(1.0, rel=1e-3)
    # the separator is a part of the resistance
    assert 0.1 < by_thickness < 1


def test_samples_of_arguments_follow_the_formula() -> None:
    """Morris effects of V = R i over a decade of i: those of i alone are not scattered."""
    found = sensitivity(
        "mann2025_li",
        "current_pulse",
        arguments={"duration": "1 s"},
        method="morris",
        outputs=["initial polarisation", "initial cell resistance"],
        ranges=["current_density=0.5:2 mA.cm-2", "Separator thickness=0.5:2 mm"],
        size=4,
        workers=1,
    )
    samples = found.samples
    volts = samples["initial polarisation"].to_numpy()
    ohms = samples["initial cell resistance"].to_numpy()
    current = 10 * samples["current_density [mA.cm-2]"].to_numpy()
    assert found.failed == {} and len(set(current)) > 2
    assert volts == pytest.approx(current * ohms, rel=1e-3)


def test_a_search_reads_the_stack_and_the_lithium_side() -> None:
    """Specific energy is energy over mass; the staircase is that of the symmetric cell."""
    cell = load_cell("thin_llzo_ncm622")
    arguments = {"cycles": "1", "rest": "0 min", "charge_rate": "0.2", "lower": "3.0 V"}
    protocol = load_experiment("rate_test").with_arguments(arguments)
    of = source(cell, protocol, {"start": "2 mA.cm-2", "step": "2 mA.cm-2"})
    named = ("critical current density", "specific energy", "energy", "energy density")
    inputs = (names.CATHODE_POROSITY, names.FILAMENT_THRESHOLD)
    porosity, threshold = (cell.values[name] for name in inputs)
    rows = np.array(
        [
            [porosity, threshold],
            [porosity + 0.02, threshold],
            [2.0, threshold],
            [porosity, 1.5 * threshold],
        ]
    )
    found = of.study(inputs, named).prepare()(rows)
    critical, specific, energy, density = found.values.T
    # the lithium side does not know the cathode; a porosity of 2 is none
    assert critical[0] == critical[1]
    # but the threshold of its filaments
    assert critical[3] > 1.1 * critical[0]
    assert found.reasons[:2] == ("", "") and found.reasons[2]
    assert np.isnan(found.values[2]).all()
    alone = ccd(
        symmetric(cell),
        arguments={
            "start": "2 mA.cm-2",
            "step": "2 mA.cm-2",
            "end": "20 mA.cm-2",
        },
        sensitivity=False,
    )
    assert critical[0] == pytest.approx(alone.continuous, rel=1e-6)
    # 45.55 mg/cm2 and 162.04 um: tests/unit/test_stack.py has the sums
    assert specific[0] == pytest.approx(energy[0] / 0.4555, rel=1e-3)
    assert density[0] == pytest.approx(energy[0] / 162.04e-6, rel=1e-3)


def test_a_search_tells_what_it_cannot_look_at() -> None:
    thickness, goal = ["Separator thickness=10:50 um"], "specific energy"
    levels = {"end": "4 mA.cm-2"}
    with pytest.raises(TwinError, match="neither goal nor limit"):
        search("thin_llzo_ncm622", "rate_test", None, levels, goal=goal, vary=thickness)
    with pytest.raises(TwinError, match="no mass without"):
        search("yang2024_nano_0_2mAh", "rate_test", goal=goal, vary=thickness)
    with pytest.raises(TwinError, match="no lithium foil"):
        search(
            "llto_cnt2025_ncm",
            "rate_test",
            goal="energy",
            subject=["critical current density >= 2 mA.cm-2"],
            vary=thickness,
        )


def test_gradients_reach_a_known_optimum() -> None:
    """The largest stripping that stays within 2 mAh.cm-2 is one of 2 mAh.cm-2."""
    found = search(
        "mann2025_li",
        "full_stripping",
        arguments={"current_density": "0.5 mA.cm-2"},
        goal="stripped capacity",
        subject=["stripped capacity <= 2 mA.h.cm-2"],
        vary=["Lithium self-diffusivity at 25 C=1e-15:8e-15 m2.s-1"],
    )
    assert found.method == GRADIENTS and found.feasible
    assert found.values["stripped capacity"] == pytest.approx(72000.0, rel=1e-3)


def test_evolution_reaches_a_known_optimum() -> None:
    """Ohm's law: not less than 100 Ohm.cm2 is not less than 100 mV at 1 mA.cm-2."""
    arguments = {"current_density": "1 mA.cm-2", "duration": "1 s"}
    varied = [
        "Separator thickness=0.5:4 mm",
        "Separator bulk conductivity at 25 C=0.02:0.2 S.m-1",
    ]
    found = search(
        "mann2025_li",
        "current_pulse",
        arguments=arguments,
        goal="initial polarisation",
        largest=False,
        subject=["initial cell resistance >= 100 Ohm.cm2"],
        vary=varied,
    )
    assert found.method == EVOLUTION and found.feasible
    assert found.values["initial polarisation"] == pytest.approx(0.1, rel=1e-3)
    assert found.values["initial cell resistance"] == pytest.approx(0.01, rel=1e-3)
