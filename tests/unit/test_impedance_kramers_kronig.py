"""Kramers-Kronig test: causal circuits pass, the same with something else do not."""

import json

import numpy as np
import pytest

from twin.errors import TwinError
from twin.parts.formulas.impedance import arc, blocked_warburg, warburg
from twin.parts.spectra import Spectrum
from twin.studies.kramers_kronig import kramers_kronig

F = np.logspace(6, -2, 81)
CELL = 60 + arc(F, 20, 1e-8) + arc(F, 20, 1e-5, 0.9) + warburg(F, 2.0)

CAUSAL = {
    "resistance": np.full(81, 7.0 + 0j),
    "arc": arc(F, 20, 1e-4),
    "cell": CELL,
    "with a wire": CELL + 2j * np.pi * F * 1e-6,
    "with a capacitor": CELL + 1 / (2j * np.pi * F * 3.0),
    "blocked": 10 + blocked_warburg(F, 2.0, 30.0),
}

# The sign of an arc turned round answers before it is asked; a cell that grows by a tenth
# during the sweep is not steady; a resistance that jumps is both.
OTHER = {
    "answers early": CELL + np.conj(arc(F, 5, 1e-2)),
    "arc turned round": 60 + np.conj(arc(F, 20, 1e-5)),
    "drifts": CELL * (1 + 0.1 * np.linspace(0, 1, 81) ** 3),
    "jumps": CELL + np.where(F < 1, 5.0, 0.0),
}


def noisy(z, share, seed):
    random = np.random.default_rng(seed)
    return z * (1 + share * (random.normal(size=z.size) + 1j * random.normal(size=z.size)))


@pytest.mark.parametrize("name", CAUSAL)
def test_causal_circuits_pass(name) -> None:
    found = kramers_kronig(Spectrum(F, CAUSAL[name]))
    assert found.passed, found.message
    assert found.systematic < 1e-3


@pytest.mark.parametrize("name", OTHER)
def test_others_fail(name) -> None:
    found = kramers_kronig(Spectrum(F, OTHER[name]))
    assert not found.passed
    assert "failed" in found.message
    assert found.systematic > 3e-3


@pytest.mark.parametrize("place", np.linspace(-6, 1, 15))
def test_a_sharp_arc_passes_wherever_it_is(place) -> None:
    """A fixed grid of elements can lie badly for one sharp arc."""
    assert kramers_kronig(Spectrum(F, 30 + arc(F, 20, 10**place / 20))).passed


@pytest.mark.parametrize("seed", range(5))
def test_noise_passes_and_is_measured(seed) -> None:
    """1 % in each part, less what M + 3 of 162 equations take up: 0.8 to 1.05 %."""
    found = kramers_kronig(Spectrum(F, noisy(CELL, 0.01, seed)))
    assert found.passed
    assert 0.008 < found.noise < 0.0105
    assert found.chi_square < 2 * 0.0105**2


def test_strong_noise_is_no_violation() -> None:
    """With 3 % of noise on few points, tenths of a percent are systematic by chance."""
    f, z = F[::3], CELL[::3]
    found = [kramers_kronig(Spectrum(f, noisy(z, 0.03, seed))) for seed in range(100)]
    assert all(one.passed for one in found)
    assert max(one.systematic for one in found) > 3e-3


@pytest.mark.parametrize("seed", range(5))
def test_what_answers_early_fails_through_noise(seed) -> None:
    """An arc of 20 of 100 Ohm the wrong way round, noise of 1 %."""
    z = 60 + arc(F, 20, 1e-8) + np.conj(arc(F, 20, 1e-5))
    assert not kramers_kronig(Spectrum(F, noisy(z, 0.01, seed))).passed


def test_mu_stops_the_elements_before_noise_is_fitted() -> None:
    """81 points allow for 40 elements, two arcs and a tail need far fewer."""
    found = kramers_kronig(Spectrum(F, noisy(CELL, 0.01, 0)))
    assert 24 <= found.elements < 35
    assert found.mu < 0.85


def test_residuals_are_where_the_jump_is() -> None:
    """Largest within a decade of 1 Hz, where the resistance jumps."""
    found = kramers_kronig(Spectrum(F, OTHER["jumps"]))
    assert 0.1 < F[np.argmax(abs(found.residual))] < 10


def test_too_few_points() -> None:
    with pytest.raises(TwinError, match=r"7 point\(s\), but the Kramers-Kronig test needs"):
        kramers_kronig(Spectrum(F[:7], CELL[:7]))


def test_json() -> None:
    content = json.loads(
        json.dumps(kramers_kronig(Spectrum(F, CELL)).to_json(), allow_nan=False)
    )
    assert content["passed"] is True
    assert len(content["residual_real"]) == 81
