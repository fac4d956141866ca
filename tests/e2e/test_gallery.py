"""Scripts of the gallery: each writes its figure and gives the number that it should."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"


def run(name: str, folder: Path) -> Any:
    figure = folder / f"{name}.png"
    found = runpy.run_path(str(GALLERY / f"{name}.py"))["main"](str(figure))
    assert figure.read_bytes().startswith(b"\x89PNG")
    return found


def test_strip(tmp_path: Path) -> None:
    """Reported: 7.129 mAh/cm2, tolerance of the validation case."""
    assert run("strip", tmp_path) == pytest.approx(7.129, rel=0.05)


def test_eis(tmp_path: Path) -> None:
    """Reported: a cell resistance of about 20.8 Ohm.cm2."""
    assert run("eis", tmp_path) == pytest.approx(20.8, rel=0.02)


def test_ccd_map(tmp_path: Path) -> None:
    """Pressure never lowers the critical current, charge never raises it."""
    current = run("ccd_map", tmp_path)
    assert (np.diff(current, axis=1) >= 0).all()
    assert (np.diff(current, axis=0) <= 0).all()
    assert current.max() > current.min()


def test_interlayer(tmp_path: Path) -> None:
    """Newman and Tobias' profile of linear kinetics, to what the mesh of 30 cells gives."""
    assert run("interlayer", tmp_path) < 0.02


def test_cycles(tmp_path: Path) -> None:
    """Reported: 80 % of the first discharge; the tolerance of the case, 3 points."""
    assert run("cycles", tmp_path) == pytest.approx(80, abs=3)


def test_fit(tmp_path: Path) -> None:
    """Reported: 1 mAh/cm2, to which the value is fitted."""
    assert run("fit", tmp_path) == pytest.approx(1, rel=1e-3)


def test_sensitivity(tmp_path: Path) -> None:
    """Sand's charge goes with D, that of eight void heights of 90 nm does not.

    D = 8.363e-16 m2/s at 25 C with 39.08 kJ/mol, at 60 C; F c_Li = 7.42e9 C/m3;
    0.9 of the sites are used up; 2 A/m2.
    """
    diffusivity = 8.363e-16 * np.exp(39077 / 8.314463 * (1 / 298.15 - 1 / 333.15))
    sand = np.pi * diffusivity * (0.9 * 7.42e9) ** 2 / (4 * 2)
    voids = 8 * 90e-9 * 7.42e9
    assert run("sensitivity", tmp_path) == pytest.approx(sand / (sand + voids), abs=0.01)


def test_design(tmp_path: Path) -> None:
    """30 um more of garnet (5200 kg/m3) and 20 um of lithium (534): root of the squares."""
    by_hand = np.hypot(30e-6 * 5200, 20e-6 * 534)
    assert run("design", tmp_path) == pytest.approx(by_hand, rel=1e-3)
