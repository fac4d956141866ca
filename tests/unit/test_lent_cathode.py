"""Positive electrodes from PyBaMM parameter sets and BPX files."""

import json
from pathlib import Path

import numpy as np
import pytest
from bpx_sample import BPX

from twin import names
from twin.errors import RecordError, UnknownNameError
from twin.models.cathode import cathode_values, filled_between, open_circuit_range
from twin.parts.cell import Cell
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.run.notes import notes
from twin.studies.predict import predict


def cell_from(folder: Path, lender: str) -> Cell:
    file = folder / "design.toml"
    file.write_text(
        'title = "design"\nbase = "thin_llzo_ncm622"\n'
        f'[options]\n"cathode from" = "{lender}"\ninterlayer = "none"\n'
        '"interlayer host" = "none"\n'
    )
    return load_cell(file)


@pytest.fixture
def bpx_cell(tmp_path: Path) -> Cell:
    (tmp_path / "made_up.json").write_text(json.dumps(BPX))
    return cell_from(tmp_path, "made_up.json")


def test_bpx_by_hand(bpx_cell: Cell) -> None:
    found = bpx_cell.values
    assert found[names.CATHODE_RADIUS] == 4e-6
    # 3.75e5 /m x 4 um / 3
    assert found[names.CATHODE_ACTIVE_FRACTION] == pytest.approx(0.5)
    # F k sqrt(x(1 - x)) at half filling
    assert found[names.CATHODE_EXCHANGE_CURRENT] == pytest.approx(96485 * 1e-5 * 0.5, 1e-4)
    assert found[names.CATHODE_EXCHANGE_CURRENT_EA] == pytest.approx(35000)
    assert found[names.CATHODE_DIFFUSIVITY] == pytest.approx(2e-14)
    # 0.3^b = 0.1643
    assert found[names.CATHODE_BRUGGEMAN] == pytest.approx(np.log(0.1643) / np.log(0.3))
    potential = cathode_values(bpx_cell)[names.OPEN_CIRCUIT_POTENTIAL]
    assert float(np.squeeze(potential(0.5))) == pytest.approx(4.3 - 0.45)
    assert bpx_cell.records[names.CATHODE_RADIUS].status == "assumed"


def test_range_of_a_potential(bpx_cell: Cell) -> None:
    """4.3 - 0.9 x at 99 % and 1 %, where the walls add 2 V x e^-5 to either side."""
    lowest, highest = open_circuit_range(bpx_cell)
    assert lowest == pytest.approx(3.409 - 0.0134758940)
    assert highest == pytest.approx(4.291 + 0.0134758940)
    # 0.45 V of 0.9, and beyond the curve all of it
    assert filled_between(bpx_cell, [3.7, 4.0, 3.55]) == pytest.approx(0.5)
    assert filled_between(bpx_cell, [3.0, 5.0]) == pytest.approx(0.98)


def test_a_cell_with_a_bpx_cathode_runs(bpx_cell: Cell) -> None:
    sheet = predict(
        bpx_cell.with_values({names.STACK_PRESSURE: 5e7}, "no voids"),
        arguments={"upper": "4.0 V", "lower": "3.5 V"},
        rates=(0.1,),
        without=("uncertainty", "ccd", "life", "temperature"),
        workers=1,
    )
    # from 4.0 to 3.5 V on the straight line: (0.5 V / 0.9 V) of F c_max m/rho, less the
    # drops at both ends at 0.3 mA/cm2; while charging, the lithium at the interface is not
    # depleted, so that its part is the 32.5 Ohm cm2 of the record
    sites = 96485 * 48000 * 0.1714 / 4700 / 36000
    whole = sheet.figure("whole cell").value
    depleted = sheet.figure("lithium and its interface").value
    drops = 0.3e-3 * (whole + whole - depleted + 32.5)
    expected = sites * (0.5 - drops) / 0.9
    assert sheet.figure("capacity at 0.1C").value == pytest.approx(expected, rel=0.02)


def test_a_pybamm_set_lends_its_electrode(tmp_path: Path) -> None:
    cell = cell_from(tmp_path, "OKane2022")
    assert cell.values[names.CATHODE_MAXIMUM_CONCENTRATION] == 63104.0
    assert "cathode potential" not in cell.options
    # loading and density stay the design's
    assert cell.values[names.CATHODE_LOADING] == pytest.approx(0.1714)


def test_a_second_potential_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "design.toml"
    file.write_text(
        'title = "Both"\nbase = "thin_llzo_ncm622"\n[options]\n'
        '"cathode from" = "Chen2020"\n"cathode potential" = "Mohtat2020"\n'
    )
    with pytest.raises(RecordError, match="delete 'cathode potential'"):
        load_cell(str(file))


def test_a_nominal_capacity_that_is_not_the_lenders_is_told(tmp_path: Path) -> None:
    cell = cell_from(tmp_path, "Chen2020")
    protocol = load_experiment("rate_test").with_arguments({"upper": "4.2 V"})
    window, capacity = notes(cell, protocol.with_arguments({"lower": "2.5 V"}).schedule())
    assert window.startswith("2.5 V lies far outside") and "(Chen2020)" in window
    # 63104 mol/m3 of sites in 4700 kg/m3 are 359.8 mAh/g; its published curve is at 4.2 V
    # where 30.5 % of them are full, and 99 % is the end
    assert "Chen2020 holds 247 mAh/g" in capacity and "175 mAh/g of the design" in capacity


def test_unknown_lenders_are_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="OKane2022"):
        cell_from(tmp_path, "OKane202")
    with pytest.raises(RecordError, match="beside the cell's file"):
        cell_from(tmp_path, "missing.json")
    (tmp_path / "no.json").write_text("{}")
    with pytest.raises(RecordError, match="not read as BPX"):
        cell_from(tmp_path, "no.json")
