"""Masses of a stack against sums written out by hand."""

import pytest

from twin import names
from twin.errors import RecordError
from twin.parts.parameters import load_cell
from twin.parts.stack import Stack

CELL = load_cell("thin_llzo_ncm622")

#: What a cell of the paper on carbon nanotubes does not tell.
WET = {
    name: CELL.values[name]
    for name in Stack(CELL).needs()
    if "density" in name and name != names.CATHODE_DENSITY
} | {
    names.SEPARATOR_DENSITY: 900.0,
    names.NEGATIVE_COLLECTOR_THICKNESS: 5e-6,
    names.POSITIVE_COLLECTOR_THICKNESS: 6e-6,
}


def by_name(stack: Stack, changed: dict[str, float] | None = None) -> dict[str, float]:
    """Masses in mg/cm2."""
    return {layer.name: 100 * layer.mass for layer in stack.layers(changed)}


def test_masses_by_hand() -> None:
    found = by_name(Stack(CELL))
    # mg/cm2 = 0.1 um g/cm3
    expected = {
        "negative collector": 0.1 * 5 * 8.96,
        "lithium": 0.1 * 20 * 0.534,
        # solid, lithium in the pores (5 % of them), and in the host
        "interlayer": 0.1 * 30 * (0.65 * 2.2 + 0.35 * 0.05 * 0.534)
        + 30e-4 * 310 * 0.947 * 0.2589,  # cm x mAh/cm3 x mg/mAh
        "separator": 0.1 * 20 * 5.2,
        # 17.14 of active material fill 81.04 um x 0.45; 40 % liquid, 15 % filler
        "cathode": 17.14 + 8.104 * (0.40 * 1.25 + 0.15 * 1.85),
        "positive collector": 0.1 * 6 * 2.70,
    }
    assert list(found) == list(expected)
    for name, mass in expected.items():
        assert found[name] == pytest.approx(mass, rel=1e-3), name


def test_thicknesses_by_hand() -> None:
    found = {layer.name: 1e6 * layer.thickness for layer in Stack(CELL).layers()}
    # 17.14 mg/cm2 over 4.7 g/cm3 and 45 %
    assert found["cathode"] == pytest.approx(1e4 * 17.14e-3 / (4.7 * 0.45), rel=1e-6)
    assert sum(found.values()) == pytest.approx(5 + 20 + 30 + 20 + 81.04 + 6, abs=0.01)


def test_a_scaffold_weighs() -> None:
    composite = CELL.with_values(
        {names.LITHIUM_VOLUME_FRACTION: 0.6, names.SCAFFOLD_DENSITY: 5000.0}, "test"
    )
    found = by_name(Stack(composite))["lithium"]
    assert found == pytest.approx(0.1 * 20 * (0.6 * 0.534 + 0.4 * 5.0), rel=1e-3)


def test_liquid_throughout() -> None:
    found = by_name(Stack(load_cell("llto_cnt2025_ncm").with_values(WET, "test")))
    # 25 um of which 40 % are liquid
    assert found["separator"] == pytest.approx(0.1 * 25 * (0.6 * 0.9 + 0.4 * 1.25))


def test_plated_lithium_fills_pores_first() -> None:
    cell = load_cell("llto_cnt2025_ncm").with_values(WET, "test")
    # N/P 4 x 630 C/g x 5.7 mg/cm2 = 143640 C/m2 are 19.36 um of lithium; the pores hold
    # 95 % of 42 um x 0.46 = 19.32 um, the rest of 1.006 um lies on the substrate
    layers = {layer.name: layer for layer in Stack(cell).layers()}
    assert 1e6 * layers["lithium"].thickness == pytest.approx(1.006, abs=1e-3)
    host = 42e-4 * 92 * 0.999 * 0.2589  # cm x mAh/cm3 x mg/mAh
    solid = 0.1 * 42 * 0.54 * 2.2
    pores = 0.1 * 19.32 * (0.95 * 0.5337 + 0.05 * 1.25)
    assert 100 * layers["interlayer"].mass == pytest.approx(solid + pores + host, rel=1e-3)
    # a quarter of it, 4.84 um, all in the pores
    found = by_name(Stack(cell), {names.NP_RATIO: 1.0})
    pores = 0.1 * (4.84 * 0.5337 + (19.32 - 4.84) * 1.25)
    assert "lithium" not in found
    assert found["interlayer"] == pytest.approx(solid + pores + host, rel=1e-3)


def test_missing_densities_are_named() -> None:
    with pytest.raises(RecordError, match=r"Separator density.*materials/stack_garnet"):
        Stack(load_cell("peng2025_lfp_10kco"))
