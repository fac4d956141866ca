"""Impossible and surprising requests to full cells."""

from pathlib import Path

import matplotlib.figure
import numpy as np
import pytest

import twin
from twin import names
from twin.errors import RecordError
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.run.notes import notes, pore_capacity


def test_overflow_of_the_pores_is_noted_with_the_numbers() -> None:
    """30 um x 0.35 x 0.95 x 2061 mAh.cm-3 = 2.06 mAh.cm-2 of room."""
    assert notes(load_cell("yang2024_nano_0_2mAh")) == []
    room = pore_capacity(load_cell("yang2024_nano_5mAh")) / 36000
    assert room == pytest.approx(30e-4 * 0.35 * 0.95 * 2061, rel=1e-3)
    (note,) = notes(load_cell("yang2024_nano_5mAh"))
    assert "releases 5 mAh/cm2 at its nominal capacity" in note and "hold 2.06" in note


@pytest.mark.parametrize(
    ("cell", "upper", "lower", "outside"),
    [
        # usual windows pass; the curves end at 4.725 V (LiCoO2) and 3.533 V (LiFePO4)
        ("zhu2025_lco_llto60", "4.2 V", "2.5 V", []),
        ("peng2025_lfp_10kco", "4.0 V", "2.5 V", []),
        ("zhu2025_lco_llto60", "5.5 V", "2.5 V", ["5.5 V lies far outside"]),
        ("peng2025_lfp_10kco", "4.5 V", "1.5 V", ["1.5 V lies far", "4.5 V lies far"]),
    ],
)
def test_voltages_far_outside_the_curve_are_noted(cell, upper, lower, outside) -> None:
    protocol = load_experiment("rate_test").with_arguments({"upper": upper, "lower": lower})
    found = notes(load_cell(cell), protocol.schedule())
    assert len(found) == len(outside)
    for note, start in zip(found, outside, strict=True):
        assert note.startswith(start)


def test_lithium_plated_beforehand_takes_room() -> None:
    """46 % of 42 um at 2061 mAh.cm-3 are 3.98 mAh.cm-2; N/P 4 of 1 mAh.cm-2 fill them."""
    (note,) = notes(load_cell("llto_cnt2025_ncm"))
    assert "releases 0.998 mAh/cm2" in note and "hold 0:" in note
    assert notes(load_cell("llto_cnt2025_ncm_anode_free")) == []


def test_a_window_upside_down_is_refused() -> None:
    protocol = load_experiment("rate_test")
    with pytest.raises(RecordError, match="charge ends at 2.4 V, not above the 2.5 V"):
        protocol.with_arguments({"upper": "2.4 V"})


def test_parts_of_the_cathode_cannot_exceed_its_volume() -> None:
    cell = load_cell("zhu2025_lco_llto60").with_values(
        {names.CATHODE_ACTIVE_FRACTION: 0.7, names.CATHODE_POROSITY: 0.5}, origin="test"
    )
    with pytest.raises(RecordError, match="add up to 1.2"):
        parameter_values(cell)


def test_a_cathode_without_loading_is_refused() -> None:
    with pytest.raises(RecordError, match="outside the allowed interval"):
        load_cell("zhu2025_lco_llto60").with_values(
            {names.CATHODE_LOADING: 0.0}, origin="test"
        )


def test_the_interlayers_figure_shows_where_lithium_plates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from twin import plots_interlayer

    seen: list[matplotlib.figure.Figure] = []
    monkeypatch.setattr(
        plots_interlayer, "save_figure", lambda figure, path: seen.append(figure)
    )
    arguments = {"charge_rate": "5", "discharge_rate": "5", "cycles": "1"}
    result = twin.simulate("yang2024_sc_0_2mAh", "rate_test", arguments=arguments)
    plots_interlayer.plot_interlayer(result, tmp_path / "x.png")
    labels = [axis.get_ylabel() for axis in seen[0].axes]
    assert labels[0] == "Voltage (V)"
    assert any(label.startswith("Plating (+)") for label in labels)
    assert "Pore filling (-)" in labels
    # while charging SC plates in the third next to the separator
    filling = result[names.variable_of(names.PORE_FILLING, "negative")]
    charged = filling.isel(time=int(np.argmax(result[names.VOLTAGE].to_numpy())))
    position = charged["negative_interlayer_position"]
    gained = charged - filling.isel(time=0)
    near = float(gained[position < 1 / 3].integrate("negative_interlayer_position"))
    assert near > 0.85 * float(gained.integrate("negative_interlayer_position"))
