"""Outputs of a design from more than one experiment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from twin.errors import RecordError, TwinError
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.protocols import Protocol, load_experiment
from twin.studies.ccd_sheet import LEVELS, STAIRCASE, symmetric
from twin.studies.evaluation import Evaluator, Study
from twin.studies.outputs import OUTPUTS, Output, output
from twin.studies.tasks import Evaluated

#: Arguments of the staircase that a search takes beside those of its experiment.
ARGUMENTS: Final = ("start", "step", "end", "half_cycle_capacity")


@dataclass(frozen=True)
class Source:
    """What a design is run through for its outputs.

    An output that rises level by level is, of a full cell in an experiment at one level,
    that of the symmetric cell with the same lithium side in a staircase of its own.

    Attributes
    ----------
    cell, protocol : what is run
    staircase : of the lithium side, ccd_constant_charge
    """

    cell: Cell
    protocol: Protocol
    staircase: Protocol

    def beside(self, name: str) -> bool:
        """Whether an output comes from the staircase of the lithium side."""
        known = OUTPUTS.get(name)
        return (
            known is not None
            and known.staircase
            and self.cell.model != "SymmetricCell"
            and not self.protocol.is_staircase
        )

    def output(self, name: str) -> Output:
        """The output of a name.

        Raises
        ------
        TwinError
            If there is none of that name, or this cell or experiment has no such number.
        """
        if not self.beside(name):
            return output(name, self.cell, self.protocol)
        try:
            return output(name, symmetric(self.cell), self.staircase)
        except TwinError as error:
            where = f"output '{name}'"
            raise RecordError(f"does not apply: {error}", where=where) from None

    def study(
        self, inputs: tuple[str, ...], named: tuple[str, ...], threads: int = 1
    ) -> Joint:
        """What evaluates these outputs over these inputs."""
        beside = tuple(name for name in named if self.beside(name))
        own = tuple(name for name in named if name not in beside)
        parts = []
        if own:
            parts.append(Study(self.cell, self.protocol.schedule(), inputs, own, threads))
        if beside:
            schedule = self.staircase.schedule()
            side = symmetric(self.cell)
            parts.append(Study(side, schedule, inputs, beside, threads))
        return Joint(tuple(parts), named)


def of_the_staircase(
    arguments: Mapping[str, str], protocol: Protocol
) -> tuple[dict[str, str], dict[str, str]]:
    """Arguments of an experiment, and those that the staircase has beside it.

    Examples
    --------
    >>> rate_test = load_experiment("rate_test")
    >>> of_the_staircase({"upper": "4.3 V", "end": "4 mA.cm-2"}, rate_test)
    ({'upper': '4.3 V'}, {'end': '4 mA.cm-2'})
    """
    beside = {
        name: text
        for name, text in arguments.items()
        if name in ARGUMENTS and protocol.argument_name(name) is None
    }
    return {n: text for n, text in arguments.items() if n not in beside}, beside


def source(cell: Cell, protocol: Protocol, levels: Mapping[str, str]) -> Source:
    """Where outputs come from, with a user's own levels of the staircase.

    Parameters
    ----------
    cell, protocol : what is run
    levels : arguments of the staircase as "VALUE unit", of :data:`ARGUMENTS`

    Raises
    ------
    TwinError
        If a value is not possible.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> found = source(load_cell("thin_llzo_ncm622"), load_experiment("rate_test"), {})
    >>> found.output("critical current density").shown
    'mA.cm-2'
    """
    staircase = load_experiment(STAIRCASE).with_arguments({**LEVELS, **levels})
    return Source(cell, protocol, staircase)


@dataclass(frozen=True)
class Joint:
    """Studies of the same designs, as one.

    Attributes
    ----------
    parts : studies with the same inputs, each with outputs of its own
    outputs : all of them, in the order wanted
    """

    parts: tuple[Study, ...]
    outputs: tuple[str, ...]

    @property
    def width(self) -> int:
        """Number of outputs."""
        return len(self.outputs)

    def prepare(self) -> JointEvaluator:
        """Build every part's model."""
        return JointEvaluator(self)


class JointEvaluator:
    """Evaluates a :class:`Joint`: a design fails where one of its parts does."""

    def __init__(self, joint: Joint) -> None:
        self.joint = joint
        self.parts = [one.prepare() for one in joint.parts]

    def __call__(self, rows: Array) -> Evaluated:
        """Outputs of some designs, shape (designs, outputs)."""
        values = np.full((len(rows), self.joint.width), np.nan)
        reasons = [""] * len(rows)
        for part in self.parts:
            found = _once(part, rows)
            for place, name in enumerate(part.study.outputs):
                values[:, self.joint.outputs.index(name)] = found.values[:, place]
            reasons = [a or b for a, b in zip(reasons, found.reasons, strict=True)]
        values[[bool(reason) for reason in reasons]] = np.nan
        return Evaluated(values, tuple(reasons))


def _once(part: Evaluator, rows: Array) -> Evaluated:
    """Each design once that differs in what the part's model contains."""
    used = part.run.used_inputs
    values = part.study.cell.values
    alike = np.array(rows, dtype=float)
    for place, name in enumerate(part.study.inputs):
        if name not in used:  # whether that value can be is for the other parts to say
            alike[:, place] = values[name]
    designs, again = np.unique(alike, axis=0, return_inverse=True)
    found = part(designs)
    places = again.ravel()
    return Evaluated(found.values[places], tuple(found.reasons[n] for n in places))
