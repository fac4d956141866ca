"""Physics model of solid-state lithium-metal cells on PyBaMM.

Importing this package loads neither PyBaMM nor any plotting library; the functions
below load what they need when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from twin.parts.parameters import list_cells, load_cell
    from twin.parts.protocols import list_experiments, load_experiment
    from twin.run.results import load, save
    from twin.run.simulate import simulate
    from twin.studies.ageing import age
    from twin.studies.ccd import ccd
    from twin.studies.ccd_map import ccd_map
    from twin.studies.cross_validation import leave_one_out
    from twin.studies.eis import eis
    from twin.studies.fit import fit
    from twin.studies.predict import predict
    from twin.studies.search import search
    from twin.studies.sensitivity import sensitivity
    from twin.studies.validate import validate

__all__ = [
    "age",
    "ccd",
    "ccd_map",
    "eis",
    "fit",
    "leave_one_out",
    "list_cells",
    "list_experiments",
    "load",
    "load_cell",
    "load_experiment",
    "predict",
    "save",
    "search",
    "sensitivity",
    "simulate",
    "validate",
]

_HOMES: Final = {
    "age": "twin.studies.ageing",
    "ccd": "twin.studies.ccd",
    "ccd_map": "twin.studies.ccd_map",
    "eis": "twin.studies.eis",
    "fit": "twin.studies.fit",
    "leave_one_out": "twin.studies.cross_validation",
    "predict": "twin.studies.predict",
    "search": "twin.studies.search",
    "sensitivity": "twin.studies.sensitivity",
    "list_cells": "twin.parts.parameters",
    "load_cell": "twin.parts.parameters",
    "list_experiments": "twin.parts.protocols",
    "load_experiment": "twin.parts.protocols",
    "load": "twin.run.results",
    "save": "twin.run.results",
    "simulate": "twin.run.simulate",
    "validate": "twin.studies.validate",
}


def __getattr__(name: str) -> Any:
    """Load a public function from its module when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'twin' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)
