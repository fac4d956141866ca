"""Cycle life of a full cell to a share of its first capacity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from twin import names
from twin.errors import TwinError
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.fade import FADE
from twin.parts.protocols import Protocol
from twin.run.ageing import FLOOR_REACHED, Request, age
from twin.run.results import COMPLETED, ENDED_BY
from twin.studies.tasks import Evaluated

#: Share of the first discharge that ends the life.
FLOOR: Final = 0.8

#: Error of the capacity that jumps are chosen for: a hundredth of what is lost at the end.
_TOLERANCE: Final = 2e-3


#: Units of sizes as people write them, with one of them in SI.
_SHOWN: Final = {"C.m-2": (36000.0, "mAh/cm2"), "Ohm.m2": (1e-4, "Ohm cm2")}


@dataclass(frozen=True)
class Life:
    """How long a cell lives.

    Attributes
    ----------
    cycles : number of the cycle in which its life ends, or the last one that was run
    bound : "=" or, if it outlives the run, ">="
    ended_by : "capacity", the event that ended it before, or "" if nothing did
    sizes : how far each mechanism has come in the last cycle, by the variable's name
    """

    cycles: int
    bound: str
    ended_by: str
    sizes: dict[str, float]

    @property
    def in_words(self) -> str:
        """What ended the life, and how far each mechanism had come."""
        if self.bound != "=":
            words = "more capacity left than that after the last cycle run"
        elif self.ended_by == "capacity":
            words = f"capacity below {100 * FLOOR:g} % of the first discharge"
        else:
            words = f"{self.ended_by}, before the capacity has fallen that far"
        sizes = ", ".join(_in_words(name, size) for name, size in self.sizes.items())
        return f"{words}; at the end {sizes}" if sizes else words


@dataclass(frozen=True)
class LifeStudy:
    """Lives of many designs.

    Attributes
    ----------
    cell : Cell
    protocol : of equal cycles
    longest : cycles after which a run ends
    inputs : names of the parameters that vary
    """

    cell: Cell
    protocol: Protocol
    longest: int
    inputs: tuple[str, ...]
    width: int = 1

    def prepare(self) -> LifeRuns:
        """Nothing to build: every design is a run of its own."""
        return LifeRuns(self)


class LifeRuns:
    """Evaluates a :class:`LifeStudy`."""

    def __init__(self, study: LifeStudy) -> None:
        self.study = study

    def __call__(self, rows: Array) -> Evaluated:
        """Lives in cycles, shape (designs, 1)."""
        values, reasons = [], []
        for row in rows:
            given = dict(zip(self.study.inputs, map(float, row), strict=True))
            try:
                cell = self.study.cell.with_values(given, origin="a range")
                found = life(cell, self.study.protocol, self.study.longest)
                values.append(float(found.cycles))
                reasons.append("")
            except TwinError as error:
                values.append(np.nan)
                reasons.append(str(error))
        return Evaluated(np.array(values)[:, None], tuple(reasons))


def life(cell: Cell, protocol: Protocol, longest: int) -> Life:
    """Age a cell until it has lost a fifth of its first discharge.

    Parameters
    ----------
    cell, protocol : what is aged, and by what
    longest : cycles after which the run ends
    """
    aged = age(cell, protocol, Request(longest, _TOLERANCE, floor=FLOOR))
    ended = str(aged.attrs[ENDED_BY])
    capacity = aged[names.CYCLE_DISCHARGED].to_numpy()
    if ended == COMPLETED:
        return Life(int(aged["cycle"][-1]), ">=", "", _sizes(aged))
    if ended == FLOOR_REACHED:
        below = np.flatnonzero(capacity < FLOOR * capacity[0])
        number = int(aged["cycle"][below[0]]) if below.size else int(aged["cycle"][-1])
        return Life(number, "=", "capacity", _sizes(aged))
    return Life(int(aged["cycle"][-1]), "=", ended, _sizes(aged))


def _sizes(aged: xr.Dataset) -> dict[str, float]:
    known = {fade.size for fade in FADE.values()}
    both = known | {names.variable_of(size, "negative") for size in known}
    return {str(n): float(aged[n][-1]) for n in aged.data_vars if n in both}


def _in_words(name: str, size: float) -> str:
    """A size in the units that people use, without a bracket for dimensionless ones."""
    plain, _, unit = f"{name[0].lower()}{name[1:]}".partition(" [")
    unit = unit.rstrip("]")
    scale, shown = _SHOWN.get(unit, (1.0, unit))
    return f"{plain} {size / scale:.3g} {shown}".rstrip()


def mechanisms(cell: Cell) -> dict[str, str]:
    """The fade mechanisms that a cell has, each with the parameter that drives it."""
    found = {}
    for name, fade in FADE.items():
        if fade.option and cell.options.get(fade.option, "none") != fade.value:
            continue
        if cell.values.get(fade.parameter, fade.off) != fade.off:
            found[name] = fade.parameter
    return found
