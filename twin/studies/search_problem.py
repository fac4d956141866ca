"""What a search looks for, and the designs that it has run."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from twin import units
from twin.errors import RecordError
from twin.models.compat import Array
from twin.studies.campaign import unit_rows
from twin.studies.joint import Source
from twin.studies.local_sensitivity import gradients
from twin.studies.ranges import Factor
from twin.studies.tasks import guarded

#: Relative excess of a constraint that counts as met: what the solver resolves.
MET: Final = 1e-4

#: What a design that cannot be run counts as, in units of the output.
HOPELESS: Final = 1e3


@dataclass(frozen=True)
class Constraint:
    """A limit that a design has to keep.

    Attributes
    ----------
    output : name
    relation : ">=" or "<="
    limit : in SI
    """

    output: str
    relation: str
    limit: float

    def excess(self, value: Array) -> Array:
        """How far values lie on the good side, relative to the limit.

        Examples
        --------
        >>> Constraint("capacity", ">=", 2.0).excess(np.array([3.0]))
        array([0.5])
        """
        sign = 1 if self.relation == ">=" else -1
        return np.asarray(sign * (value - self.limit) / (abs(self.limit) or 1.0))


def parse_constraint(text: str, source: Source) -> Constraint:
    """Read "OUTPUT >= value unit".

    Parameters
    ----------
    text : with >= or <=
    source : which has to have the output

    Raises
    ------
    TwinError
        If it has another form, or the output or unit is not possible.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> from twin.parts.protocols import load_experiment
    >>> from twin.studies.joint import source
    >>> of = source(load_cell("mann2025_li"), load_experiment("full_stripping"), {})
    >>> parse_constraint("stripped capacity >= 2 mA.h.cm-2", of).limit
    72000.0
    """
    where = f"--subject '{text}'"
    parts = re.split(r"(>=|<=)", text)
    if len(parts) != 3:
        raise RecordError('write "OUTPUT >= value unit", or with <=', where=where)
    name = " ".join(parts[0].lower().split())
    of = source.output(name)
    value, unit = units.parse_quantity(parts[2].strip(), where=where)
    limit = units.convert(value, unit, of.unit or None, where=where)
    return Constraint(name, parts[1], limit)


class Problem:
    """Designs that were run, as shares of the ranges, and what came of them."""

    def __init__(
        self,
        source: Source,
        factors: Sequence[Factor],
        named: tuple[str, ...],
        largest: bool,
        constraints: tuple[Constraint, ...],
    ) -> None:
        self.cell, self.protocol = source.cell, source.protocol
        self.factors, self.named = tuple(factors), named
        self.largest, self.constraints = largest, constraints
        inputs = tuple(one.name for one in factors)
        threads = os.cpu_count() or 1
        self.evaluate = source.study(inputs, named, threads).prepare()
        self._known: dict[bytes, Array] = {}
        #: why designs could not be run
        self.reasons: list[str] = []
        self.scale = 1.0

    def outputs(self, shares: Array) -> Array:
        """Outputs, shape (designs, outputs), each design run once."""
        shares = np.clip(np.atleast_2d(shares), 0.0, 1.0)
        keys = [row.tobytes() for row in shares]
        new = [n for n, key in enumerate(keys) if key not in self._known]
        new = list({keys[n]: n for n in new}.values())
        if new:
            rows = unit_rows(shares[new], self.factors)
            found = guarded(self.evaluate, rows, len(self.named))
            self.reasons += filter(None, found.reasons)
            known = zip(new, found.values, strict=True)
            self._known.update({keys[n]: row for n, row in known})
        # the evolution asks for no design where none keeps the limits
        if not keys:
            return np.empty((0, len(self.named)))
        return np.stack([self._known[key] for key in keys])

    def cost(self, outputs: Array) -> Array:
        """What is made small, relative to its size."""
        sign = -1 if self.largest else 1
        return np.nan_to_num(sign * outputs[:, 0] / self.scale, nan=HOPELESS)

    def excess(self, outputs: Array) -> Array:
        """Excess of each constraint, shape (designs, constraints)."""
        columns = [
            one.excess(outputs[:, self.named.index(one.output)]) for one in self.constraints
        ]
        found = np.column_stack(columns) if columns else np.empty((len(outputs), 0))
        return np.nan_to_num(found, nan=-HOPELESS)

    def ranked(self, shares: Array) -> list[int]:
        """Numbers of designs, the best first: what breaks no limit before what does."""
        outputs = self.outputs(shares)
        broken = np.maximum(-self.excess(outputs) - MET, 0).sum(axis=1)
        return [int(n) for n in np.lexsort((self.cost(outputs), broken))]

    def slopes(self, share: Array) -> Array:
        """Derivatives of the outputs by the shares, shape (outputs, factors)."""
        row = unit_rows(share[np.newaxis], self.factors)[0]
        here = [
            dataclasses.replace(factor, value=float(value))
            for factor, value in zip(self.factors, row, strict=True)
        ]
        design = {factor.name: factor.value for factor in here}
        found = gradients(
            self.cell.with_values(design, origin="this search"),
            self.protocol.schedule(),
            here,
            self.named,
            self.evaluate,
            forward=False,
        )
        widths = [
            f.value * np.log(f.high / f.low) if f.logarithmic else f.high - f.low
            for f in here
        ]
        return np.asarray(np.stack([one.derivatives for one in found]) * np.array(widths))

    @property
    def shares(self) -> Array:
        """All designs that were run."""
        return np.stack([np.frombuffer(key) for key in self._known])
