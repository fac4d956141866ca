"""Split of spectra into bulk, grain boundaries, interfaces and diffusion."""

import numpy as np
import pytest

from twin.errors import TwinError
from twin.parts.formulas.impedance import arc, blocked_warburg, warburg
from twin.parts.spectra import Spectrum
from twin.studies.relaxation_times import relaxation_times
from twin.studies.resistance_split import split_resistances
from twin.studies.warburg_fit import LithiumLattice

#: A pellet of 1 cm2 between two lithium electrodes, Ohm and F.
F = np.logspace(10, -3, 131)
PELLET = arc(F, 80, 1e-11) + arc(F, 20, 1e-8) + arc(F, 10, 1e-5) + warburg(F, 1.5)
DEPRESSED = (
    arc(F, 80, 1e-11, 0.95)
    + arc(F, 20, 1e-8, 0.9)
    + arc(F, 10, 1e-5, 0.85)
    + warburg(F, 1.5)
)
RESISTANCES = {"bulk": 80, "grain boundary": 20, "interface": 10}


def split(f, z, unit="Ohm", **options):
    spectrum = Spectrum(f, z, unit)
    return split_resistances(spectrum, relaxation_times(spectrum), **options)


def noisy(z, share, seed):
    random = np.random.default_rng(seed)
    return z * (1 + share * (random.normal(size=z.size) + 1j * random.normal(size=z.size)))


@pytest.mark.parametrize("z", [PELLET, DEPRESSED], ids=["arcs", "depressed arcs"])
def test_exact_spectra(z) -> None:
    found = split(F, z)
    assert list(found.parts) == list(RESISTANCES)
    for name, resistance in RESISTANCES.items():
        assert found.parts[name].resistance == pytest.approx(resistance, rel=1e-3)
    capacitances = [part.capacitance for part in found.parts.values()]
    assert capacitances == pytest.approx([1e-11, 1e-8, 1e-5], rel=1e-2)
    assert found.diffusion.coefficient == pytest.approx(1.5, rel=1e-3)
    assert found.diffusion.diffusion_time is None
    assert found.residual < 1e-4


@pytest.mark.parametrize("seed", range(6))
def test_noise_of_one_percent(seed) -> None:
    """Within four standard errors, none of them above 8 %."""
    found = split(F, noisy(DEPRESSED, 0.01, seed))
    assert list(found.parts) == list(RESISTANCES)
    for name, resistance in RESISTANCES.items():
        part = found.parts[name]
        assert abs(part.resistance - resistance) < 4 * part.uncertainty
        assert part.uncertainty < 0.08 * resistance
    diffusion = found.diffusion
    assert abs(diffusion.coefficient - 1.5) < 4 * diffusion.uncertainty
    assert diffusion.uncertainty < 0.1 * 1.5
    assert found.residual == pytest.approx(0.01, rel=0.2)


def test_uncertainties_are_those_of_many_spectra() -> None:
    """Mean square of (R - true) / uncertainty over 20 spectra: one, within a factor 2.5."""
    f = np.logspace(6, -1, 71)
    z = 60 + arc(f, 20, 1e-7) + arc(f, 30, 1e-4)
    scores = []
    for seed in range(20):
        part = split(f, noisy(z, 0.005, seed)).parts["interface"]
        scores.append((part.resistance - 30) / part.uncertainty)
    assert 0.4 < np.mean(np.square(scores)) < 2.5


def test_per_area() -> None:
    """The same cell per m2: 1e4 Ohm.cm2 to the Ohm.m2, 1e4 F.m-2 to the F.cm-2."""
    found = split(F, PELLET * 1e-4, "Ohm.m2")
    assert found.parts["interface"].resistance == pytest.approx(1e-3, rel=1e-3)
    assert found.parts["interface"].capacitance == pytest.approx(0.1, rel=1e-2)


def test_arcs_of_one_process_add_up() -> None:
    """30 Ohm x 3e-6 F and 10 Ohm x 1e-4 F relax in 0.09 and 1 ms.

    Two arcs, both nearest to the 1e-5 F of an interface: 40 Ohm.
    """
    f = np.logspace(7, 0, 141)
    found = split(f, 60 + arc(f, 20, 1e-8) + arc(f, 30, 3e-6) + arc(f, 10, 1e-4))
    assert found.parts["interface"].resistance == pytest.approx(40, rel=1e-2)
    assert len(found.fit.resistances) == 3


def test_what_is_too_fast_is_named_together() -> None:
    """10 kHz is below the grains' 199 MHz and the grain boundaries' 796 kHz."""
    f = np.logspace(4, -1, 61)
    z = 60.0 + 20.0 + arc(f, 10, 1e-5)
    found = split(f, z)
    assert found.parts["bulk + grain boundary"].resistance == pytest.approx(80, rel=1e-3)
    assert found.parts["bulk + grain boundary"].time_constant is None
    assert found.parts["interface"].resistance == pytest.approx(10, rel=1e-3)


def test_leads_beside_a_bulk_arc() -> None:
    found = split(F, 5 + PELLET)
    assert found.parts["leads and constriction"].resistance == pytest.approx(5, rel=1e-3)
    assert found.parts["bulk"].resistance == pytest.approx(80, rel=1e-3)


def test_a_slow_process_is_its_own() -> None:
    """40 Ohm x 0.1 F: 1e4 times what an interface stores."""
    f = np.logspace(6, -3, 91)
    found = split(f, 60 + arc(f, 20, 1e-5) + arc(f, 40, 0.1))
    assert found.parts["slow process"].resistance == pytest.approx(40, rel=1e-2)
    assert found.parts["interface"].resistance == pytest.approx(20, rel=1e-2)


def test_expected_capacitances_decide() -> None:
    """1e-5 F is the coating's here, not the interface's."""
    expected = {"bulk": 1e-11, "grain boundary": 1e-8, "coating": 1e-5, "interface": 1e-3}
    found = split(F, PELLET, capacitances=expected)
    assert found.parts["coating"].resistance == pytest.approx(10, rel=1e-3)
    assert found.parts["bulk"].resistance == pytest.approx(80, rel=1e-3)


@pytest.mark.parametrize(
    "capacitances",
    [{}, {"bulk": 0.0}, {"bulk": -1.0}, {"bulk": float("nan")}, {"b": 1e-5, "a": 1e-8}],
)
def test_impossible_capacitances(capacitances) -> None:
    with pytest.raises(TwinError, match="must be above zero and rise"):
        split(F, PELLET, capacitances=capacitances)


def test_thickness_of_lithium() -> None:
    """D = 1e-13 m2/s, L = 20 um: t_d = 4e-10 / 1e-13 = 4000 s.

    sigma = 2 x 3.462742e-12 / (0.95 x sqrt(2e-13)) = 1.630099e-5 Ohm.m2.s-0.5.
    """
    f = np.logspace(6, -6, 121)
    z = 60e-4 + arc(f, 2e-4, 0.1) + blocked_warburg(f, 1.630099e-5, 4000.0)
    lattice = LithiumLattice(76.9e3, 0.95, 298.15, 2)
    found = split(f, z, "Ohm.m2", lattice=lattice).diffusion
    assert found.diffusion_time == pytest.approx(4000, rel=1e-2)
    assert found.diffusivity == pytest.approx(1e-13, rel=1e-2, abs=0)
    assert found.thickness == pytest.approx(20e-6, rel=1e-2)


def test_inductance_of_the_leads() -> None:
    f = np.logspace(7, -1, 81)
    z = 60 + arc(f, 20, 1e-8) + arc(f, 10, 1e-5) + 2j * np.pi * f * 1e-6
    found = split(f, z)
    assert found.fit.inductance == pytest.approx(1e-6, rel=1e-3)
    assert found.parts["interface"].resistance == pytest.approx(10, rel=1e-3)
    assert abs(found.fit.impedance(f) - z).max() < 1e-3
