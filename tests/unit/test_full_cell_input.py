"""Requests to full cells that cannot be served as they stand, or only in part."""

import numpy as np
import pytest

import twin
from twin import names
from twin.errors import RecordError, UnknownNameError
from twin.models.full_cell import FullCell
from twin.models.parameter_values import parameter_values
from twin.models.symmetric_cell import SymmetricCell
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.run.notes import notes
from twin.run.results import NOTES


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        (
            "zhu2025_lco_llto60",
            {names.CATHODE_ACTIVE_FRACTION: 0.65, names.CATHODE_POROSITY: 0.6},
        ),
        (
            "yang2024_nano_0_2mAh",
            {names.INTERLAYER_CONDUCTOR_FRACTION: 0.85, names.INTERLAYER_POROSITY: 0.4},
        ),
    ],
)
def test_fractions_beyond_one(cell, parts):
    """0.65 + 0.6 and 0.85 + 0.4 are 1.25; both names and the sum are given."""
    with pytest.raises(RecordError, match=r"add up to 1\.25") as raised:
        parameter_values(load_cell(cell).with_values(parts, origin="test"))
    assert all(f"'{name}'" in str(raised.value) for name in parts)


def test_a_sum_beyond_one_says_which_value_is_the_users():
    """The file's conductor fraction is not to blame for a porosity of 0.99."""
    with pytest.raises(RecordError, match="cell yang2024_nano_0_2mAh: ") as raised:
        twin.simulate(
            "yang2024_nano_0_2mAh", "rate_test", {names.INTERLAYER_POROSITY: 0.99}
        )
    message = str(raised.value)
    assert f"'{names.INTERLAYER_POROSITY}' = 0.99 (settings of this run)" in message
    file = load_cell("yang2024_nano_0_2mAh").records[names.INTERLAYER_CONDUCTOR_FRACTION]
    assert f"{file.value:g} ({file.file})" in message


@pytest.mark.parametrize("upper", ["2.5 V", "1 V"])
def test_upper_voltage_not_above_the_lower(upper):
    with pytest.raises(RecordError, match="experiment rate_test: .* not above the 2.5 V"):
        load_experiment("rate_test").with_arguments({"upper": upper})


def test_charge_that_ends_below_the_rest_potential_is_left_out():
    """LiCoO2 rests near 3.7 V: a charge to 3 V is over before it begins.

    What is left of the cycle is run: rest, discharge to 2.5 V, rest.
    """
    result = twin.simulate(
        "zhu2025_lco_llto60", "rate_test", arguments={"upper": "3 V", "cycles": "1"}
    )
    assert result.attrs["ended_by"] == "protocol completed"
    # of the steps charge, rest, discharge, rest, as a hold of no length is none
    assert list(np.unique(result["step"])) == [2, 3, 4]
    assert float(result[names.VOLTAGE][0]) > 3.0
    assert float(result[names.CURRENT].min()) == pytest.approx(0, abs=1e-12)
    assert float(result[names.AREAL_CAPACITY][-1]) > 0


def test_overflow_is_told_with_the_result():
    """10 mAh/cm2 against 30 um x 0.35 x 0.95 x 2061 mAh/cm3 = 2.06 mAh/cm2.

    A remark, no Python warning: here those are errors.
    """
    cell = load_cell("yang2024_nano_10mAh")
    (note,) = notes(cell)
    assert "10 mAh/cm2" in note and "2.06" in note and "foil" in note
    arguments = {"charge_rate": "20", "discharge_rate": "20", "cycles": "1"}
    result = twin.simulate(cell, "rate_test", arguments=arguments)
    assert result.attrs[NOTES] == note
    # nine times the thickness has room for it: nothing to tell
    thick = cell.with_values({names.INTERLAYER_THICKNESS: 270e-6}, origin="test")
    assert notes(thick) == []


@pytest.mark.parametrize("model", [FullCell, SymmetricCell])
def test_interphase_behind_an_interlayer_means_nothing(model):
    with pytest.raises(UnknownNameError, match="interphase behind an interlayer"):
        model(interlayer="porous", interphase="growing")


def test_polaron_conduction_needs_a_host():
    with pytest.raises(UnknownNameError, match="insertion"):
        FullCell(interlayer="porous", interlayer_conduction="polaron")


def test_electrolyte_that_does_not_exist():
    with pytest.raises(UnknownNameError, match="liquid catholyte"):
        FullCell(electrolyte="liquid cathode")
