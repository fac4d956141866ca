"""The whole analysis of a spectrum, and what it remarks."""

import json

import numpy as np
import pytest

from twin.errors import TwinError
from twin.parts.formulas.impedance import arc, blocked_warburg, warburg
from twin.parts.spectra import Spectrum
from twin.studies.impedance_analysis import analyse
from twin.studies.warburg_fit import LithiumLattice

F = np.logspace(7, -3, 101)
#: Ohm.m2: 60 + 20 + 10 Ohm.cm2 and a Warburg impedance.
CELL = 60e-4 + arc(F, 20e-4, 1e-4) + arc(F, 10e-4, 0.1) + warburg(F, 1e-4)
LITHIUM = LithiumLattice(76.9e3, 0.98, 298.15, 2)


def test_everything_at_once() -> None:
    """D: see test_diffusivity of the Warburg coefficient, 2.497e-15 m2/s."""
    found = analyse(Spectrum(F, CELL), LITHIUM)
    assert found.kramers_kronig.passed
    resistances = {name: part.resistance for name, part in found.split.parts.items()}
    assert resistances == pytest.approx(
        {"bulk": 60e-4, "grain boundary": 20e-4, "interface": 10e-4}, rel=1e-2
    )
    assert found.relaxation_times.resistance_between(1e-5, 1e-3) == pytest.approx(
        10e-4, rel=0.05
    )
    assert found.warburg.diffusivity == pytest.approx(2.497e-15, rel=0.05, abs=0)
    assert found.split.diffusion.diffusivity == pytest.approx(2.497e-15, rel=0.01, abs=0)
    assert found.notes == ()


def test_json_is_complete_and_plain() -> None:
    found = analyse(Spectrum(F, CELL, label="cell 7"), LITHIUM)
    content = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert content["spectrum"]["label"] == "cell 7"
    assert content["kramers_kronig"]["passed"] is True
    assert content["split"]["parts"]["interface"]["resistance"] == pytest.approx(
        10e-4, rel=1e-2
    )
    assert content["warburg"]["diffusivity"] == found.warburg.diffusivity
    assert content["notes"] == []


def test_json_without_diffusion() -> None:
    found = analyse(Spectrum(F, 60 + arc(F, 10, 1e-5), unit="Ohm"))
    content = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert content["warburg"] is None
    assert content["split"]["diffusion"] is None


def test_a_spectrum_that_is_not_causal_is_named_first() -> None:
    found = analyse(Spectrum(F, CELL + np.conj(arc(F, 20e-4, 10.0))))
    assert not found.kramers_kronig.passed
    assert found.notes[0].startswith("Kramers-Kronig test failed")
    assert "rest it longer" in found.notes[0]


def test_processes_that_are_too_fast() -> None:
    f = np.logspace(4, -2, 61)
    found = analyse(Spectrum(f, 80e-4 + arc(f, 10e-4, 0.1)))
    assert any(note.startswith("bulk + grain boundary are faster") for note in found.notes)


def test_a_diffusion_without_a_window() -> None:
    """t_d = 4 s: the slab fills as a whole before the arc has ended."""
    z = 60e-4 + arc(F, 10e-4, 0.1) + blocked_warburg(F, 1e-4, 4.0)
    found = analyse(Spectrum(F, z), LITHIUM)
    assert found.warburg is None
    assert any("that of the fit of the whole spectrum" in note for note in found.notes)
    assert found.split.diffusion.diffusion_time == pytest.approx(4.0, rel=1e-2)


def test_a_poor_description_is_said() -> None:
    """A loop below the axis at low frequency is neither an arc nor a diffusion."""
    loop = -30e-4 / (1 + 2j * np.pi * F * 1.0)
    found = analyse(Spectrum(F, 60e-4 + arc(F, 40e-4, 0.1) + loop))
    assert any("misses the spectrum by" in note for note in found.notes)


def test_uncertain_resistances_are_said() -> None:
    """An arc of 1000 s is a twentieth of a turn into its circle at 0.01 Hz."""
    random = np.random.default_rng(3)
    f = np.logspace(6, -2, 81)
    z = 100 + arc(f, 20, 1e-5) + arc(f, 1000, 1.0, 0.9)
    z = z * (1 + 0.01 * (random.normal(size=81) + 1j * random.normal(size=81)))
    found = analyse(Spectrum(f, z, unit="Ohm"))
    assert any("is uncertain by" in note for note in found.notes), found.split.parts


def test_a_lattice_needs_an_area() -> None:
    with pytest.raises(TwinError, match="give the electrode area"):
        analyse(Spectrum(F, CELL, unit="Ohm"), LITHIUM)


def test_too_few_points() -> None:
    with pytest.raises(TwinError, match="needs at least"):
        analyse(Spectrum(F[:5], CELL[:5]))
