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
    """A largest reaction is above its mean, below all of it in one of 40 cells."""
    assert 1 < run("interlayer", tmp_path) < 40
