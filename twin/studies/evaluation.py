"""From parameter values of many designs to their outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from twin.errors import TwinError
from twin.models.compat import Array
from twin.models.parameter_values import check_values
from twin.parts.cell import Cell
from twin.parts.schedule import Schedule
from twin.run.galvanostatic import FAILED, REASON, GalvanostaticRun
from twin.run.inventory import check_first_cycle
from twin.run.results import ENDED_BY
from twin.run.solving import one_c
from twin.studies.outputs import OUTPUTS
from twin.studies.tasks import Evaluated

#: Results in each step beside those at its ends, where an output looks between them.
_WITHIN: Final = 12


@dataclass(frozen=True)
class Study:
    """A cell, what it is run through, what varies and what is looked at.

    Attributes
    ----------
    cell : Cell
    schedule : steps in SI
    inputs : names of the parameters that vary
    outputs : names of outputs, see :data:`twin.studies.outputs.OUTPUTS`
    threads : of the solver in each process
    compiled : whether the equations are compiled first, where there is a compiler
    """

    cell: Cell
    schedule: Schedule
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    threads: int = 1
    compiled: bool = False

    @property
    def width(self) -> int:
        """Number of outputs."""
        return len(self.outputs)

    def prepare(self) -> Evaluator:
        """Build the model.

        Raises
        ------
        TwinError
            If the cell cannot be run through the schedule, or an input varied.
        """
        return Evaluator(self)


class Evaluator:
    """A study's model, built once; gives the outputs of batches of designs.

    Parameters
    ----------
    study : Study

    Examples
    --------
    >>> from twin import names
    >>> from twin.parts.parameters import load_cell
    >>> from twin.parts.protocols import load_experiment
    >>> schedule = load_experiment("full_stripping").schedule()
    >>> cell = load_cell("mann2025_li")
    >>> inputs = (names.LITHIUM_DIFFUSIVITY,)
    >>> evaluate = Study(cell, schedule, inputs, ("stripped capacity",)).prepare()
    >>> found = evaluate(np.array([[1e-15], [2e-15]]))
    >>> bool(found.values[1, 0] > found.values[0, 0]), found.reasons
    (True, ('', ''))
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        wanted = [OUTPUTS[name] for name in study.outputs]
        self.run = GalvanostaticRun(
            study.cell,
            study.schedule,
            list(dict.fromkeys(name for one in wanted for name in one.needs)),
            study.inputs,
            samples=_WITHIN if any(one.within for one in wanted) else 0,
            threads=study.threads,
            compiled=study.compiled,
        )
        self._wanted = wanted
        self._one_c = one_c(study.cell)

    def __call__(self, rows: Array) -> Evaluated:
        """Outputs of some designs.

        Parameters
        ----------
        rows : ndarray, shape (designs, inputs), in the units of the names (SI)
        """
        given = [dict(zip(self.study.inputs, map(float, row), strict=True)) for row in rows]
        possible = [self._design(one) for one in given]
        reasons = [one if isinstance(one, str) else "" for one in possible]
        designs = [(n, one) for n, one in enumerate(possible) if isinstance(one, Cell)]
        values = np.full((len(given), len(self._wanted)), np.nan)
        runs = self.run.run_many([given[number] for number, _ in designs])
        for (number, design), run in zip(designs, runs, strict=True):
            values[number], reasons[number] = self._read(run, design)
        return Evaluated(values, tuple(reasons))

    def _design(self, given: Mapping[str, float]) -> Cell | str:
        """The cell with these values, or why there is no such cell."""
        try:
            cell = self.study.cell.with_values(given, origin="a sample")
            check_values(cell)
            check_first_cycle(cell, self.study.schedule, self._one_c)
        except TwinError as error:
            return str(error)
        return cell

    def _read(self, run: xr.Dataset, design: Cell) -> tuple[Array, str]:
        values = np.full(len(self._wanted), np.nan)
        if run.attrs[ENDED_BY] == FAILED:
            return values, str(run.attrs[REASON])
        for number, one in enumerate(self._wanted):
            name = self.study.outputs[number]
            try:
                values[number] = one.read(run, design)
            except ValueError as error:
                return np.full_like(values, np.nan), f"{name}: {error}"
            if not np.isfinite(values[number]):
                return np.full_like(values, np.nan), f"{name} is not a finite number"
        return values, ""
