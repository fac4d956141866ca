"""The analysis of simulated spectra gives back what went into the model."""

import numpy as np
import pybamm
import pytest

from twin import names
from twin.models.symmetric_cell import SymmetricCell
from twin.parts.spectra import Spectrum
from twin.studies.impedance_analysis import analyse
from twin.studies.warburg_fit import LithiumLattice

DIFFUSIVITY = 1e-13
OCCUPANCY = 0.95


@pytest.fixture(scope="module")
def spectrum_of():
    def run(values):
        simulation = pybamm.EISSimulation(
            SymmetricCell({"surface form": "differential"}), parameter_values=values
        )
        # from the grains' arc down to a diffusion length sqrt(D / omega) of 10 um
        frequencies = np.logspace(9.5, np.log10(DIFFUSIVITY / 1e-10 / (2 * np.pi)), 121)
        solved = simulation.solve(frequencies)
        return Spectrum(frequencies, np.asarray(solved.impedance), "Ohm")

    return run


def test_resistances_and_diffusivity_come_back(cell_values, spectrum_of) -> None:
    """1 cm2: grains 80 Ohm, grain boundaries 20 Ohm, two interfaces of 10 Ohm, and D."""
    changes = {
        names.LITHIUM_DIFFUSIVITY: DIFFUSIVITY,
        names.INITIAL_OCCUPANCY: OCCUPANCY,
    }
    spectrum = spectrum_of(cell_values(changes)).per_area("1 cm2")
    lattice = LithiumLattice(76.9e3, OCCUPANCY, 298.15, electrodes=2)
    found = analyse(spectrum, lattice)
    assert found.kramers_kronig.passed
    resistances = {n: p.resistance * 1e4 for n, p in found.split.parts.items()}
    assert resistances == pytest.approx(
        {"bulk": 80.0, "grain boundary": 20.0, "interface": 20.0}, rel=0.05
    )
    assert found.warburg is not None
    assert found.warburg.diffusivity == pytest.approx(DIFFUSIVITY, rel=0.1, abs=0)
    assert found.split.diffusion is not None
    assert found.split.diffusion.diffusivity == pytest.approx(DIFFUSIVITY, rel=0.1, abs=0)
