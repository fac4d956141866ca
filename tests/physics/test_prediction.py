"""A performance sheet against hand arithmetic, and intervals against their ranges."""

import math

import pybamm
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from twin import names
from twin.errors import RecordError, UnknownNameError
from twin.parts.parameters import load_cell
from twin.studies.ccd_sheet import symmetric
from twin.studies.predict import predict
from twin.studies.prediction import Prediction
from twin.studies.rate_sheet import fresh

CELL = "thin_llzo_ncm622"
WINDOW = {"upper": "4.3 V", "lower": "2.8 V"}
REST = ("ccd", "life", "temperature")


@pytest.fixture(scope="module")
def sheet() -> Prediction:
    return predict(
        CELL,
        arguments=WINDOW,
        rates=(0.1, 0.5),
        without=("uncertainty", *REST),
        workers=1,
    )


def potential(filled: float) -> float:
    """Open-circuit potential of the set that the design names, straight from PyBaMM."""
    published = pybamm.ParameterValues("Mohtat2020")["Positive electrode OCP [V]"]
    return float(published(pybamm.Scalar(filled)).evaluate().item())


def test_energy_by_hand(sheet: Prediction) -> None:
    # between 4.3 and 2.8 V, or as full as a particle can be, the sites give
    # F c_max m/rho = 96485 x 35380 x 0.1714/4700 C/m2 = 3.458 mAh/cm2
    sites = 96485 * 35380 * 0.1714 / 4700 / 36000
    assert sites == pytest.approx(3.458, abs=0.001)
    resistance = sheet.figure("whole cell").value
    drop = 1e-3 * resistance * 0.3  # V, at 0.1 x 3 mA/cm2
    # the charge ends where the potential is 4.3 V less the drop
    empty = brentq(lambda x: potential(x) - (4.3 - drop), 0.001, 0.9)
    # the discharge goes on until the particles are full, short of what diffusion keeps
    most = sites * (1.0 - empty)
    capacity = sheet.figure("capacity at 0.1C").value
    assert 0.95 * most < capacity <= most
    # from there on energy is the area under the curve, less what the resistance takes
    area, _ = quad(potential, empty, empty + capacity / sites)
    by_hand = sites * area - capacity * drop
    assert sheet.figure("energy at 0.1C").value == pytest.approx(by_hand, rel=0.01)


def test_specific_energy_by_hand(sheet: Prediction) -> None:
    energy = sheet.figure("energy at 0.5C").value  # mWh/cm2
    # 45.55 mg/cm2 and 162.04 um: tests/unit/test_stack.py has the sums
    specific = sheet.figure("specific energy at 0.5C").value
    assert specific == pytest.approx(energy / 45.55e-3, rel=1e-3)
    density = sheet.figure("energy density at 0.5C").value
    assert density == pytest.approx(energy / (162.04e-4), rel=1e-3)  # mWh/cm3 are Wh/L
    # E/t, with t = Q/i and i = 0.5 x 3 mA/cm2: mean voltage times current over mass
    voltage = energy / sheet.figure("capacity at 0.5C").value
    power = sheet.figure("specific power at 0.5C").value
    assert power == pytest.approx(voltage * 1.5e-3 / 45.55e-6, rel=1e-3)


def test_separator_resistance_by_hand(sheet: Prediction) -> None:
    # 20 um over 0.65 and over 2.6 mS/cm
    bulk = sheet.figure("separator, bulk").value
    boundaries = sheet.figure("separator, grain boundaries").value
    assert bulk == pytest.approx(20e-4 / 0.65e-3, rel=1e-3)
    assert boundaries == pytest.approx(20e-4 / 2.6e-3, rel=1e-3)
    parts = sheet.figures["resistance"]
    assert sum(one.value for one in parts[:-1]) == pytest.approx(parts[-1].value)


def test_intervals_narrow_with_their_ranges() -> None:
    def width(low: float, high: float) -> float:
        found = predict(
            CELL,
            arguments=WINDOW,
            rates=(1.0,),
            ranges=[f"positive electrode active material volume fraction={low}:{high}"],
            without=REST,
            workers=1,
        )
        figure = found.figure("energy density at 1C")
        assert figure.low < figure.value < figure.high
        assert figure.dominated_by[0][0] == names.CATHODE_ACTIVE_FRACTION
        return figure.high - figure.low

    assert width(0.44, 0.46) < 0.5 * width(0.4, 0.5)


def test_half_cycles_of_the_cells_own_capacity_fail_sooner() -> None:
    """3 mAh/cm2 plated at one go is 30 times the charge that a filament can grow by."""
    sheet = predict(
        CELL,
        arguments=WINDOW,
        rates=(1.0,),
        without=("uncertainty", "life", "temperature"),
        workers=1,
    )
    short, own = sheet.figures["ccd"]
    # 17.14 mg/cm2 at 175 mAh/g
    assert short.name.endswith("half cycles of 0.1 mAh/cm2")
    assert own.name.endswith("half cycles of 3 mAh/cm2")
    assert 0 < own.value < 0.5 * short.value
    # C/10 and 1C of 3 mAh/cm2
    assert any("plate at 0.3 mA/cm2" in note for note in sheet.notes)
    assert any("strip at 3 mA/cm2" in note for note in sheet.notes)


def test_a_short_while_charging_is_told() -> None:
    sheet = predict(
        CELL,
        {names.FILAMENT_THRESHOLD: 5e-3, names.FILAMENT_CHARGE: 1000.0},
        WINDOW,
        rates=(0.1, 1.0),
        without=("uncertainty", *REST),
        workers=1,
    )
    assert all(math.isnan(one.value) for one in sheet.figures["rates"])
    told = "negative short circuit in the charge before the discharge at 0.1C"
    assert told in sheet.figure("capacity at 0.1C").remark


def test_symmetric_cell_has_the_same_lithium_side() -> None:
    cell = load_cell(CELL)
    found = symmetric(cell)
    assert found.model == "SymmetricCell"
    assert found.options == {
        "interlayer": "porous", "interlayer host": "insertion", "filament": "growing"
    }
    assert found.values == cell.values


def test_a_fresh_cell_keeps_its_lithium_side() -> None:
    options = fresh(load_cell(CELL)).options
    assert options["active material"] == "constant"
    assert options["lithium loss"] == "none"
    assert options["filament"] == "growing"


def test_what_cannot_be_predicted_is_told() -> None:
    with pytest.raises(UnknownNameError, match="temperature"):
        predict(CELL, without=["temperatur"])
    with pytest.raises(RecordError, match="0C: C-rates are numbers"):
        predict(CELL, rates=(0.0,))
    words = "li: is a SymmetricCell, .* for FullCell or AnodeFreeCell; use twin ccd"
    with pytest.raises(RecordError, match=words):
        predict("mann2025_li")
