"""Names that the installed package promises to other programs lead somewhere."""

import importlib
import tomllib
from pathlib import Path

import pytest

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())[
    "project"
]
PROMISED = {
    **PROJECT["scripts"],
    **{
        name: target
        for group in PROJECT["entry-points"].values()
        for name, target in group.items()
    },
}


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_entry_point_can_be_loaded(name: str) -> None:
    module, _, attribute = PROMISED[name].partition(":")
    assert callable(getattr(importlib.import_module(module), attribute))
