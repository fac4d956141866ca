"""Circuit elements and diffusion at values worked by hand."""

import math

import numpy as np
import pytest

from twin.parts.formulas.impedance import (
    arc,
    blocked_warburg,
    diffusivity_from_warburg,
    series,
    warburg,
    warburg_coefficient,
)


def at(omega: float) -> list[float]:
    return [omega / (2 * math.pi)]


def test_arc_at_its_peak() -> None:
    """omega R C = 1: R / (1 + i) = R (1 - i) / 2."""
    assert arc(at(50.0), 4.0, 5e-3)[0] == pytest.approx(2 - 2j)


def test_depressed_arc_at_its_peak() -> None:
    """i^0.5 = (1 + i) / sqrt 2, so Z = 1 / (1.70711 + 0.70711 i) = 0.5 - 0.20711 i."""
    z = arc(at(1.0), 1.0, 1.0, 0.5)[0]
    assert z == pytest.approx(0.5 - 0.5j * (math.sqrt(2) - 1))


def test_warburg_has_45_degrees() -> None:
    """sigma / sqrt(omega) = 3 / 6 = 0.5."""
    assert warburg(at(36.0), 3.0)[0] == pytest.approx(0.5 - 0.5j)


def test_blocked_warburg_is_semi_infinite_when_fast() -> None:
    """omega t_d = 400: coth differs from one by 2 exp(-2 sqrt(200)), 1e-12."""
    z = blocked_warburg(at(4.0), 3.0, 100.0)[0]
    assert z == pytest.approx(warburg(at(4.0), 3.0)[0], rel=1e-9)


def test_blocked_warburg_fills_as_a_whole_when_slow() -> None:
    """sigma sqrt(2 t_d) / 3 = 3 x 10 / 3 in series with sqrt(50) / (3 sqrt 2) = 5/3 F."""
    z = blocked_warburg(at(1e-5), 3.0, 50.0)[0]
    assert z.real == pytest.approx(10.0, rel=1e-3)
    assert -1 / (1e-5 * z.imag) == pytest.approx(5 / 3, rel=1e-3)


def test_warburg_coefficient_of_lithium() -> None:
    """RT / (F^2 c) = 2478.957 / (9.309419e9 x 76900) = 3.462742e-12.

    Over 0.98 x sqrt(2e-15) = 4.382693e-8: 7.90094e-5 at one electrode.
    """
    one = warburg_coefficient(1e-15, 76.9e3, 0.98, 298.15)
    assert one == pytest.approx(7.90094e-5, rel=1e-5)
    both = warburg_coefficient(1e-15, 76.9e3, 0.98, 298.15, electrodes=2)
    assert both == pytest.approx(2 * 7.90094e-5, rel=1e-5)


def test_diffusivity_of_a_warburg_coefficient() -> None:
    """(3.462742e-12 / 0.5 / 1e-4)^2 / 2 = 2.398116e-15."""
    found = diffusivity_from_warburg(1e-4, 76.9e3, 0.5, 298.15)
    assert found == pytest.approx(2.398116e-15, rel=1e-5, abs=0)


def test_series() -> None:
    assert series(1.0, np.array([1j, 2j]), np.array([1.0, 1.0])).tolist() == [
        2 + 1j,
        2 + 2j,
    ]
