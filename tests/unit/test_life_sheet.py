"""What is said of a life, and which mechanisms a cell has."""

from twin import names
from twin.parts.parameters import load_cell
from twin.studies.life_sheet import Life, mechanisms


def test_what_ended_a_life_is_said() -> None:
    lost = {names.variable_of(names.LOST_CHARGE, "negative"): 18000.0}
    words = Life(120, "=", "capacity", lost).in_words
    # 18000 C/m2 are 0.5 mAh/cm2
    assert words == (
        "capacity below 80 % of the first discharge; at the end negative lithium lost "
        "0.5 mAh/cm2"
    )
    short = Life(28, "=", "Negative short circuit", {}).in_words
    assert short == "Negative short circuit, before the capacity has fallen that far"
    assert "more capacity left" in Life(2000, ">=", "", {}).in_words


def test_mechanisms_of_cells() -> None:
    found = mechanisms(load_cell("thin_llzo_ncm622"))
    assert set(found) == {
        "lithium loss", "active material loss", "occluded voids", "filament"
    }
    # without a fade option there are only the voids that its lithium always has
    assert set(mechanisms(load_cell("zhu2025_lco_llto60"))) == {
        "active material loss", "occluded voids", "filament"
    }
