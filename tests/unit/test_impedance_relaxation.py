"""Distribution of relaxation times of circuits whose answer is known."""

import json

import numpy as np
import pytest

from twin.errors import TwinError
from twin.parts.formulas.impedance import arc, warburg
from twin.parts.spectra import Spectrum
from twin.studies.impedance_analysis import relaxation_series
from twin.studies.relaxation_times import relaxation_times

F = np.logspace(7, -2, 91)
#: tau = R C: 20 x 1e-8 = 2e-7 s, 30 x 1e-5 = 3e-4 s, 10 x 0.1 = 1 s.
ARCS = [(20, 1e-8), (30, 1e-5), (10, 0.1)]
THREE = 60 + sum(arc(F, *one) for one in ARCS)


def noisy(z, share, seed):
    random = np.random.default_rng(seed)
    return z * (1 + share * (random.normal(size=z.size) + 1j * random.normal(size=z.size)))


def test_peaks_of_three_arcs() -> None:
    found = relaxation_times(Spectrum(F, THREE))
    assert found.ohmic == pytest.approx(60, rel=0.01)
    assert [p.resistance for p in found.peaks] == pytest.approx([20, 30, 10], rel=0.02)
    times = [p.time_constant for p in found.peaks]
    assert times == pytest.approx([2e-7, 3e-4, 1.0], rel=0.05)
    capacitances = [p.capacitance for p in found.peaks]
    assert capacitances == pytest.approx([1e-8, 1e-5, 0.1], rel=0.06)


@pytest.mark.parametrize("seed", range(5))
def test_resistances_through_noise(seed) -> None:
    """Noise of 1 % of 60 to 120 Ohm: within 1.5 Ohm."""
    found = relaxation_times(Spectrum(F, noisy(THREE, 0.01, seed)))
    for (low, high), expected in zip(
        [(0, 1e-5), (1e-5, 2e-2), (2e-2, np.inf)], [20, 30, 10], strict=True
    ):
        assert found.resistance_between(low, high) == pytest.approx(expected, abs=1.5)


def test_depressed_arcs() -> None:
    z = 60 + arc(F, 20, 1e-8, 0.9) + arc(F, 30, 1e-5, 0.8)
    found = relaxation_times(Spectrum(F, z))
    assert found.resistance_between(0, 1e-5) == pytest.approx(20, rel=0.03)
    assert found.resistance_between(1e-5, np.inf) == pytest.approx(30, rel=0.03)


def test_density_of_a_depressed_arc() -> None:
    """R sin(x) / 2 pi (cosh(a ln(tau / tau_0)) - cos(x)), x = (1 - a) pi, at tau_0.

    K. S. Cole, R. H. Cole, J. Chem. Phys. 9 (1941) 341. With R = 10 and a = 0.7:
    10 x 0.809017 / (2 pi x (1 - 0.587785)) = 3.12361.
    """
    f = np.logspace(5, -5, 121)
    found = relaxation_times(Spectrum(f, 1e-3 + arc(f, 10.0, 0.1, 0.7)))
    centre = np.argmin(abs(np.log(found.time_constant)))
    assert found.density[centre] == pytest.approx(3.12361, rel=0.03)


def test_series_inductance_and_capacitance() -> None:
    """1e-6 H is 60 Ohm at 1e7 Hz; 2 F is 8 Ohm at 0.01 Hz."""
    s = 2j * np.pi * F
    found = relaxation_times(Spectrum(F, 50 + arc(F, 20, 1e-5) + s * 1e-6 + 1 / (s * 2.0)))
    assert found.inductance == pytest.approx(1e-6, rel=0.01)
    assert found.inverse_capacitance == pytest.approx(0.5, rel=0.05)
    assert found.resistance_between(1e-5, 1e-2) == pytest.approx(20, rel=0.02)


def test_no_inductance_without_inductive_data() -> None:
    assert relaxation_times(Spectrum(F, THREE)).inductance == 0


def test_resistance_between_bounds() -> None:
    found = relaxation_times(Spectrum(F, THREE))
    whole = found.resistance_between(0, np.inf)
    assert whole == pytest.approx(60, rel=0.02)
    parts = [found.resistance_between(a, b) for a, b in [(0, 1e-3), (1e-3, np.inf)]]
    assert sum(parts) == pytest.approx(whole, rel=1e-12)
    assert found.resistance_between(1e9, 1e12) == 0


def test_nothing_is_negative() -> None:
    found = relaxation_times(Spectrum(F, noisy(THREE + warburg(F, 2.0), 0.02, 1)))
    assert found.density.min() >= 0
    assert min(found.ohmic, found.inductance, found.inverse_capacitance) >= 0


def test_noise_asks_for_more_regularisation() -> None:
    exact = relaxation_times(Spectrum(F, THREE)).penalty
    rough = relaxation_times(Spectrum(F, noisy(THREE, 0.02, 0))).penalty
    assert rough > 10 * exact


def test_a_series_is_regularised_alike() -> None:
    spectra = [Spectrum(F, noisy(THREE, share, 0)) for share in (0, 0.003, 0.02)]
    own = [relaxation_times(spectrum).penalty for spectrum in spectra]
    found = relaxation_series(spectra)
    assert {one.penalty for one in found} == {sorted(own)[1]}
    with pytest.raises(TwinError, match="no spectrum"):
        relaxation_series([])


def test_a_resistor_has_no_peak() -> None:
    assert relaxation_times(Spectrum(F, np.full(91, 5.0 + 0j))).peaks == ()


def test_too_few_points() -> None:
    with pytest.raises(TwinError, match="relaxation times needs at least 10"):
        relaxation_times(Spectrum(F[:9], THREE[:9]))


def test_json() -> None:
    found = relaxation_times(Spectrum(F, THREE))
    content = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert len(content["peaks"]) == 3
    assert len(content["density"]) == len(content["time_constant"])
