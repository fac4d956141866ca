"""Warburg coefficient from a window that the data choose."""

import numpy as np
import pytest

from twin.errors import TwinError
from twin.parts.formulas.impedance import arc, blocked_warburg, warburg
from twin.parts.spectra import Spectrum
from twin.studies.warburg_fit import LithiumLattice, fit_warburg

F = np.logspace(6, -3, 91)
ARCS = 60 + arc(F, 20, 1e-8) + arc(F, 20, 1e-5)


def noisy(z, share, seed):
    random = np.random.default_rng(seed)
    size = abs(z) * share
    return z + size * (random.normal(size=z.size) + 1j * random.normal(size=z.size))


@pytest.mark.parametrize("coefficient", [0.2, 2.0, 20.0])
def test_coefficient_below_arcs(coefficient) -> None:
    found = fit_warburg(Spectrum(F, ARCS + warburg(F, coefficient)))
    assert found.coefficient == pytest.approx(coefficient, rel=0.01)
    assert found.slope_ratio == pytest.approx(1, abs=0.05)
    assert found.window[0] == pytest.approx(1e-3)
    # the interface's arc peaks at 1 / (2 pi 2e-4 s) = 796 Hz
    assert found.window[1] < 80


def test_window_is_the_widest() -> None:
    """A pure Warburg is one over the whole spectrum."""
    found = fit_warburg(Spectrum(F, warburg(F, 2.0)))
    assert found.window == pytest.approx((1e-3, 1e6))
    assert found.points == 91
    assert found.coefficient == pytest.approx(2.0, rel=1e-9)


def test_a_depressed_arc_pushes_the_window_down() -> None:
    z = 60 + arc(F, 200, 1e-5, 0.85) + warburg(F, 2.0)
    found = fit_warburg(Spectrum(F, z))
    assert found.coefficient == pytest.approx(2.0, rel=0.02)
    assert found.window[1] < 1


@pytest.mark.parametrize("seed", range(8))
def test_noise(seed) -> None:
    """2 / sqrt(2 pi 1e-3) = 25 Ohm beside 100: noise of 1 % is 4 % of the tail."""
    found = fit_warburg(Spectrum(F, noisy(ARCS + warburg(F, 2.0), 0.01, seed)))
    assert found.coefficient == pytest.approx(2.0, rel=0.1)
    assert 0.01 < found.uncertainty / found.coefficient < 0.06


def test_the_far_side_ends_the_window() -> None:
    """t_d = 100 s: below 1 / (2 pi t_d) = 1.6 mHz the slab fills as a whole.

    Within 5 % of equal slopes sigma is known to 5 %, D to 10 %.
    """
    f = np.logspace(6, -4, 101)
    z = 60 + arc(f, 20, 1e-5) + blocked_warburg(f, 2.0, 100.0)
    found = fit_warburg(Spectrum(f, z))
    assert found.window[0] > 3 * 1.6e-3
    assert found.coefficient == pytest.approx(2.0, rel=0.05)


def test_a_flank_of_an_arc_is_not_the_tail() -> None:
    """An arc of exponent 0.5 rises at 45 degrees over four decades, the tail over two."""
    z = 60 + arc(F, 200, 1e-6, 0.5) + warburg(F, 6.0)
    found = fit_warburg(Spectrum(F, z))
    assert found.window[1] < 1
    assert found.coefficient == pytest.approx(6.0, rel=0.05)


@pytest.mark.parametrize("seed", range(8))
def test_a_tail_in_the_noise_is_refused(seed) -> None:
    """0.2 / sqrt(2 pi 1e-3) = 2.5 Ohm at most, beside noise of 1 Ohm."""
    z = noisy(ARCS + warburg(F, 0.2), 0.01, seed)
    with pytest.raises(TwinError, match="no window"):
        fit_warburg(Spectrum(F, z))


@pytest.mark.parametrize(
    "z",
    [
        ARCS,
        60 + arc(F, 200, 1e-5, 0.85),
        60 + 1 / (2j * np.pi * F * 5),
        # a constant phase element of 36 degrees
        60 + 5 / (2j * np.pi * F) ** 0.4,
    ],
    ids=["arcs", "depressed arc", "capacitor", "other phase"],
)
def test_what_is_no_warburg(z) -> None:
    with pytest.raises(TwinError, match="no window .* measure to lower frequencies"):
        fit_warburg(Spectrum(F, z, label="cell 7"))


def test_diffusivity() -> None:
    """n R T / (F^2 c u sigma) = 2 x 3.462742e-12 / (0.98 x 1e-4); squared, halved.

    (7.066820e-8)^2 / 2 = 2.496997e-15 m2/s.
    """
    lattice = LithiumLattice(76.9e3, 0.98, 298.15, 2)
    found = fit_warburg(Spectrum(F, warburg(F, 1e-4)), lattice)
    assert found.diffusivity == pytest.approx(2.496997e-15, rel=1e-4, abs=0)


def test_a_diffusivity_needs_an_area() -> None:
    with pytest.raises(TwinError, match="give the electrode area"):
        fit_warburg(
            Spectrum(F, warburg(F, 1.0), unit="Ohm"), LithiumLattice(76.9e3, 1.0, 298.15, 1)
        )


def test_too_few_points() -> None:
    with pytest.raises(TwinError, match="Warburg coefficient needs at least 6"):
        fit_warburg(Spectrum(F[:5], warburg(F, 1.0)[:5]))
