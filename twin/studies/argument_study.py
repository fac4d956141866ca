"""Outputs of designs whose experiments differ too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.errors import TwinError
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.protocols import Protocol
from twin.studies.evaluation import Evaluator, Study
from twin.studies.ranges import Factor
from twin.studies.tasks import Evaluated


@dataclass(frozen=True)
class ArgumentStudy:
    """A cell and an experiment of which arguments vary beside parameters.

    Attributes
    ----------
    cell : Cell
    protocol : whose other arguments stay
    factors : what varies, in the order of the columns
    outputs : names of outputs, see :data:`twin.studies.outputs.OUTPUTS`
    """

    cell: Cell
    protocol: Protocol
    factors: tuple[Factor, ...]
    outputs: tuple[str, ...]

    @property
    def width(self) -> int:
        """Number of outputs."""
        return len(self.outputs)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the parameters among the factors."""
        return tuple(one.name for one in self.factors if not one.is_argument)

    def prepare(self) -> ArgumentEvaluator:
        """Nothing to build yet: models are built for values of the arguments."""
        return ArgumentEvaluator(self)


class ArgumentEvaluator:
    """Evaluates an :class:`ArgumentStudy`, each schedule built once in a batch.

    Times and currents of a schedule are built into its model, so that every set of values
    of the arguments costs a build.
    """

    def __init__(self, study: ArgumentStudy) -> None:
        self.study = study
        of_argument = [one.is_argument for one in study.factors]
        self._arguments = np.flatnonzero(of_argument)
        self._inputs = np.flatnonzero(np.logical_not(of_argument))

    def __call__(self, rows: Array) -> Evaluated:
        """Outputs of some designs, shape (designs, outputs)."""
        values = np.full((len(rows), self.study.width), np.nan)
        reasons = np.full(len(rows), "", dtype=object)
        given, which = np.unique(rows[:, self._arguments], axis=0, return_inverse=True)
        for number, arguments in enumerate(given):
            alike = np.flatnonzero(which.ravel() == number)
            try:
                evaluate = self._built(arguments)
            except TwinError as error:
                reasons[alike] = str(error)
                continue
            found = evaluate(rows[np.ix_(alike, self._inputs)])
            values[alike], reasons[alike] = found.values, found.reasons
        return Evaluated(values, tuple(map(str, reasons)))

    def _built(self, arguments: Array) -> Evaluator:
        study = self.study
        texts = {
            study.factors[place].argument: study.factors[place].text(float(value))
            for place, value in zip(self._arguments, arguments, strict=True)
        }
        schedule = study.protocol.with_arguments(texts).schedule()
        return Study(study.cell, schedule, study.inputs, study.outputs).prepare()
