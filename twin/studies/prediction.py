"""A performance sheet: what is predicted of a cell."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from twin.errors import UnknownNameError
from twin.parts.stack import Layer
from twin.studies.propagation import METHOD, Figure
from twin.studies.temperature_sheet import TemperatureWindow


@dataclass(frozen=True)
class Prediction:
    """A performance sheet.

    Attributes
    ----------
    cell, title : of the design
    conditions : what the numbers hold for, in words
    rates : C-rates of the discharges
    rate : the one that resistances, temperature window and life are for
    figures : numbers with intervals, by part of the sheet
    layers : of the stack, empty if densities are missing
    temperature : window and capacities over temperature, None if left out
    left_out : parts that the sheet does not have, with the reason
    notes : remarks, one sentence each
    varied : parameters that intervals come from, with their ranges
    rests_on : names of the cell's assumed and fitted parameters
    """

    cell: str
    title: str
    conditions: Mapping[str, str]
    rates: tuple[float, ...]
    rate: float
    figures: Mapping[str, tuple[Figure, ...]]
    layers: tuple[Layer, ...]
    temperature: TemperatureWindow | None
    left_out: Mapping[str, str]
    notes: tuple[str, ...]
    varied: Mapping[str, tuple[float, float]]
    rests_on: tuple[str, ...]

    def figure(self, name: str) -> Figure:
        """A number of the sheet by its name.

        Raises
        ------
        UnknownNameError
            If the sheet has none of that name.
        """
        known = {one.name: one for group in self.figures.values() for one in group}
        if name not in known:
            raise UnknownNameError("figure", name, known, where=f"sheet of {self.cell}")
        return known[name]

    def to_json(self) -> str:
        """The sheet as JSON; each figure in the unit beside it, layers in SI.

        What is not a finite number is null.
        """
        content: dict[str, Any] = {
            **dataclasses.asdict(self),
            "method": METHOD,
            "units": {"thickness": "m", "mass": "kg.m-2"},
            "twin_version": version("solid-state-twin"),
        }
        return json.dumps(_finite(content), indent=2, allow_nan=False) + "\n"


def _finite(content: Any) -> Any:
    """With null for what JSON has no number for."""
    if isinstance(content, dict):
        return {key: _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    if isinstance(content, float) and not math.isfinite(content):
        return None
    return content
