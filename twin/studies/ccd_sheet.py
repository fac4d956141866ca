"""Critical current density of the lithium side of a full cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from twin.errors import TwinError
from twin.models.compat import Array
from twin.models.lithium_electrode import ELECTRODE_OPTIONS
from twin.models.parameter_values import check_values
from twin.parts.cell import Cell
from twin.parts.schedule import Schedule
from twin.run.failure import OUTPUTS, Failure, read_failure
from twin.run.galvanostatic import FAILED, REASON, GalvanostaticRun
from twin.run.levels import CONTINUOUS
from twin.run.results import ENDED_BY
from twin.studies.tasks import Evaluated

_OPTIONS: Final = tuple(name.replace("_", " ") for name in ELECTRODE_OPTIONS)


def symmetric(cell: Cell) -> Cell:
    """The symmetric cell of a full cell's lithium electrode and separator.

    Raises
    ------
    TwinError
        If the full cell has no lithium of its own, or a liquid separator: critical current
        densities are those of lithium foils on a solid.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> symmetric(load_cell("thin_llzo_ncm622")).model
    'SymmetricCell'
    """
    where = f"cell {cell.name}"
    if cell.model != "FullCell":
        raise TwinError("has no lithium foil to make a symmetric cell of", where=where)
    if cell.options.get("electrolyte") == "liquid":
        raise TwinError("has a liquid separator, which no filament crosses", where=where)
    # a share of lithium lost does nothing within a staircase
    kept = {n: v for n, v in cell.options.items() if n in _OPTIONS and n != "lithium loss"}
    return replace(cell, model="SymmetricCell", options=kept)


@dataclass(frozen=True)
class CcdStudy:
    """Continuous CCD [A.m-2] of many designs.

    Attributes
    ----------
    cell : a symmetric one
    schedule : staircase
    inputs : names of the parameters that vary
    """

    cell: Cell
    schedule: Schedule
    inputs: tuple[str, ...]
    width: int = 1

    def prepare(self) -> CcdRuns:
        """Build the model."""
        return CcdRuns(self)


class CcdRuns:
    """Staircases of a :class:`CcdStudy`, built once."""

    def __init__(self, study: CcdStudy) -> None:
        self.study = study
        self.run = GalvanostaticRun(
            study.cell, study.schedule, [], study.inputs, threads=1
        )

    def __call__(self, rows: Array) -> Evaluated:
        """CCDs of some designs, shape (designs, 1)."""
        values, reasons = [], []
        for row in rows:
            given = dict(zip(self.study.inputs, map(float, row), strict=True))
            try:
                check_values(self.study.cell.with_values(given, origin="a range"))
                (run,) = self.run.run_many([given])
            except TwinError as error:
                values.append(np.nan)
                reasons.append(str(error))
                continue
            failed = run.attrs[ENDED_BY] == FAILED
            values.append(np.nan if failed else float(run.attrs[CONTINUOUS]))
            reasons.append(str(run.attrs[REASON]) if failed else "")
        return Evaluated(np.array(values)[:, None], tuple(reasons))


def failure_of(cell: Cell, schedule: Schedule) -> Failure:
    """How the staircase of a symmetric cell ends."""
    return read_failure(GalvanostaticRun(cell, schedule, OUTPUTS, threads=1).run())
