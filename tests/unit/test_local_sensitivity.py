"""Derivatives of energies over what a stack adds up to, against the rule for a quotient."""

import numpy as np
import pytest
import xarray as xr

from twin import names
from twin.parts.parameters import load_cell
from twin.studies import local_sensitivity
from twin.studies.local_sensitivity import _READ

CELL = load_cell("thin_llzo_ncm622")
INPUTS = [names.SEPARATOR_THICKNESS, names.CATHODE_DIFFUSIVITY]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> xr.Dataset:
    """Energy 3e5 J/m2, which the thickness lowers and the diffusivity raises."""
    energy = (3e5, np.array([-2e8, 1e18]))
    monkeypatch.setattr(local_sensitivity, "_energy", lambda *_: energy)
    return xr.Dataset(coords={"parameter": INPUTS})


def test_specific_energy_by_hand(run: xr.Dataset) -> None:
    value, slopes = _READ["specific energy"](run, CELL)
    # 45.55 mg/cm2, to which a separator of 5.2 g/cm3 adds 5200 kg/m2 for each metre
    mass = 0.4555
    assert value == pytest.approx(3e5 / mass, rel=1e-3)
    expected = [-2e8 / mass - 3e5 / mass**2 * 5200, 1e18 / mass]
    assert slopes == pytest.approx(expected, rel=1e-3)


def test_energy_density_by_hand(run: xr.Dataset) -> None:
    _, slopes = _READ["energy density"](run, CELL)
    # 162.04 um, to which the separator adds itself
    whole = 162.04e-6
    expected = [-2e8 / whole - 3e5 / whole**2, 1e18 / whole]
    assert slopes == pytest.approx(expected, rel=1e-3)
