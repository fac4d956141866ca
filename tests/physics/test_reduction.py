"""Reduction of LLTO between lithium foils: fronts, resistance, spectra, by hand."""

import numpy as np
import pytest

import twin
from twin import names

CELL = "zhu2025_llto_reduction"
REST = {"duration": "300 min"}


@pytest.fixture(scope="module")
def whole():
    """With contact from the start, so that the fronts alone set the time."""
    return twin.simulate(CELL, "rest", {names.INITIAL_CONTACT: 1.0}, REST)


def test_front_is_a_parabola_until_the_fronts_meet(whole):
    """kappa = 1/(1/0.083 + 1/2.28e-3) = 2.2190e-3 S/m; F n x = 96485.33 x 28500 x 0.188
    = 5.16968e8 C/m3; 8 kappa E/(F n x L^2) = 8 x 2.2190e-3 x 1.38 / (5.16968e8 x 6.4e-7)
    = 7.4044e-5 /s: met after 13505 s.
    """
    time = whole["time"].to_numpy()
    share = whole[names.REDUCED_SHARE].to_numpy()
    early = time < 0.98 * 13505
    assert share[early] == pytest.approx(np.sqrt(7.4044e-5 * time[early] + 1e-8), rel=1e-3)
    assert share[time > 1.02 * 13505] == pytest.approx(1.0, abs=1e-3)


def test_lithium_that_the_foils_give_is_what_the_pellet_takes(whole):
    """28500 x 0.188 x 0.8e-3 = 4.2864 mol/m2 of 2 x 100 um x 76900 = 15.38."""
    assert float(whole[names.TAKEN_LITHIUM][-1]) == pytest.approx(4.2864, rel=1e-3)
    assert whole[names.TOTAL_LITHIUM].to_numpy() == pytest.approx(15.38, rel=1e-9)


def test_foils_too_thin_for_the_pellet_end_the_run():
    """20 um on each face hold 3.08 mol/m2 of the 4.29."""
    result = twin.simulate(CELL, "rest", {names.LITHIUM_THICKNESS: 20e-6}, REST)
    assert "exhausted" in result.attrs["ended_by"]


def test_contact_is_closed_by_creep():
    """1/k = 18.1 min at 3 MPa: theta = 0.094^(e^-t k), 0.094^(1/e) = 0.4190 at 18.1 min."""
    result = twin.simulate(CELL, "rest", arguments={"duration": "18.08 min"})
    contact = result[names.variable_of(names.CONTACT_FRACTION, "negative")]
    assert float(contact[-1]) == pytest.approx(0.419, rel=0.005)


def test_spectra_fall_through_the_reported_points():
    """80 kOhm and an intercept of 2.5 kOhm at first, 9 Ohm without an arc after 300 min.

    By hand: 0.8 mm over 0.41 cm2 is 0.19512 /cm; grains 0.19512/0.83e-3 = 235.1 Ohm, with
    grain boundaries 235.1 + 0.19512/2.28e-5 = 8793 Ohm, both over a contact of 0.094.
    """
    found = twin.eis(CELL, "rest", arguments=REST, every="60 min", sweep="1:1e6:3")
    cells = [one.spectrum.of_cell(one.cell_area).impedance for one in found.spectra]
    assert cells[0][0].real == pytest.approx(235.1 / 0.094, rel=0.01)
    assert abs(cells[0][-1]) == pytest.approx(8793 / 0.094, rel=0.001)
    assert 80000 / 1.5 < abs(cells[0][-1]) < 80000 * 1.5
    resistance = np.array([abs(z[-1]) for z in cells])
    assert (np.diff(resistance) <= 1e-6 * resistance[:-1]).all()
    assert abs(cells[-1]) == pytest.approx(np.full(cells[-1].size, 9.0), rel=0.01)
    # half way both: what is left of the pellet in the middle still blocks electrons
    assert resistance[2] > 1000
