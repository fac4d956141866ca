"""Every shipped cell is a parameter set of PyBaMM, and every one of them builds."""

import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pybamm
import pytest

from twin import names
from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import load_cell

ROOT = Path(__file__).parents[2]
GROUP = "pybamm_parameter_sets"
REGISTERED = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
    "entry-points"
][GROUP]
SHIPPED = sorted(path.stem for path in (ROOT / "parameters/cells").glob("*.toml"))


def test_every_cell_is_registered_and_nothing_else() -> None:
    assert sorted(REGISTERED) == SHIPPED
    for name, target in REGISTERED.items():
        assert target == f"twin.models.parameter_values:{name}"


def test_cells_are_named_as_python_can_name_them() -> None:
    assert [name for name in SHIPPED if not name.isidentifier()] == []


def test_entry_points_are_installed() -> None:
    installed = {point.name for point in entry_points(group=GROUP)}
    missing = set(SHIPPED) - installed
    assert not missing, f"{sorted(missing)} came after the last 'pip install -e .'"


@pytest.mark.parametrize("name", SHIPPED)
def test_cell_gives_parameter_values_and_a_model(name: str) -> None:
    module, _, attribute = REGISTERED[name].partition(":")
    # as PyBaMM does: the attribute of the module, called
    values = getattr(__import__(module, fromlist=[attribute]), attribute)()
    cell = load_cell(name)
    assert isinstance(values, pybamm.ParameterValues)
    thickness = cell.values[names.SEPARATOR_THICKNESS]
    assert values[names.SEPARATOR_THICKNESS] == thickness
    assert 1e-6 < thickness < 3e-3
    model = build_model(cell)
    # no parameter that the equations ask for is missing
    values.process_model(model)
    assert names.TOTAL_LITHIUM in model.variables


def test_pybamm_knows_them_by_name() -> None:
    """peng2025: 1 mm of garnet, 32.5 Ohm.cm2 of interface, 2 mg/cm2 of LiFePO4."""
    values = pybamm.ParameterValues("peng2025_lfp_10kco")
    assert values[names.SEPARATOR_THICKNESS] == pytest.approx(1e-3)
    assert values[names.INTERFACE_RESISTANCE] == pytest.approx(32.5e-4)
    assert values[names.CATHODE_LOADING] == pytest.approx(0.02)
    # 170 mAh/g x 2 mg/cm2 x 0.785 cm2
    assert values[names.NOMINAL_CAPACITY] == pytest.approx(0.2669e-3)


def test_a_cell_of_ones_own_gives_the_values_of_its_base(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('title = "mine"\nbase = "peng2025_lfp_10kco"\n')
    ours = parameter_values(load_cell(mine))
    theirs = pybamm.ParameterValues("peng2025_lfp_10kco")
    assert ours[names.INTERFACE_RESISTANCE] == theirs[names.INTERFACE_RESISTANCE]
