"""Files that a design starts from."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin import names
from twin.cli import app
from twin.errors import TwinError, UnknownNameError
from twin.parts.parameters import load_cell
from twin.parts.template import template


def test_the_template_is_a_whole_design(tmp_path: Path) -> None:
    file = tmp_path / "design.toml"
    assert CliRunner().invoke(app, ["new", str(file)]).exit_code == 0
    cell = load_cell(file)
    assert cell.values[names.SEPARATOR_THICKNESS] == pytest.approx(20e-6)
    assert cell.values[names.INTERLAYER_THICKNESS] == pytest.approx(30e-6)
    # 3 mAh/cm2
    charge = cell.values[names.CATHODE_LOADING] * cell.values[names.CATHODE_CAPACITY]
    assert charge / 36000 == pytest.approx(3.0, rel=1e-3)


@pytest.mark.parametrize(
    ("base", "following"),
    [
        ("mann2025_li", "twin ccd {0}, or twin run {0} full_stripping"),
        ("yang2024_sc_5mAh", "twin predict {0}"),
        ("llto_cnt2025_ncm_anode_free", "twin predict {0}"),
    ],
)
def test_the_next_command_is_one_that_takes_the_cell(tmp_path, base, following) -> None:
    file = tmp_path / "design.toml"
    result = CliRunner().invoke(app, ["new", str(file), "--from", base])
    assert result.output.endswith("next: " + following.format(file) + "\n")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "design.toml"
    file.write_text("mine")
    result = CliRunner().invoke(app, ["new", str(file)])
    assert isinstance(result.exception, TwinError)
    assert "choose another name" in str(result.exception)
    assert file.read_text() == "mine"


def test_a_design_from_a_cell_is_that_cell(tmp_path: Path) -> None:
    file = tmp_path / "design.toml"
    file.write_text(template("yang2024_sc_5mAh"))
    cell, base = load_cell(file), load_cell("yang2024_sc_5mAh")
    assert cell.values == base.values
    assert cell.options == base.options


def test_every_comment_can_be_taken_in(tmp_path: Path) -> None:
    lines = template("yang2024_sc_5mAh").splitlines()
    body = lines.index("[options]")
    file = tmp_path / "design.toml"
    taken = [line.removeprefix("# ") for line in lines[body + 1 :]]
    file.write_text("\n".join([*lines[: body + 1], *taken]))
    assert load_cell(file).values == pytest.approx(load_cell("yang2024_sc_5mAh").values)


def test_an_unknown_base_is_told() -> None:
    with pytest.raises(UnknownNameError, match="yang2024_sc_5mAh"):
        template("yang2024_sc_5mA")
