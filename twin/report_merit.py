"""Figures of merit of a validation, and what it rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin.parts.parameters import Cell, Record
    from twin.studies.cases import Omitted
    from twin.studies.validate import Comparison


@dataclass(frozen=True)
class Merit:
    """How a model stands against reported numbers.

    Attributes
    ----------
    rows : number of rows that were compared
    within : predicted and fitted ones within their tolerance
    predicted, predicted_within : those no parameter was fitted to, and how many are within
    fitted, fitted_within : those a parameter was fitted to
    contradicted : those that no consistent model can meet, fitted or not; in no share and
        no median
    failed : those whose run did not complete
    omitted : findings that nothing is compared with
    median_error : median magnitude of the relative error; NaN without any. Bounds that are
        met have no error and are left out
    median_predicted_error : the same of predicted rows
    """

    rows: int
    within: int
    predicted: int
    predicted_within: int
    fitted: int
    fitted_within: int
    contradicted: int
    failed: int
    omitted: int
    median_error: float
    median_predicted_error: float

    @property
    def counted(self) -> int:
        """Number of rows that speak for or against the model: all but contradicted ones."""
        return self.rows - self.contradicted

    @property
    def share_within(self) -> float:
        """Share of the counted rows within tolerance; NaN without any."""
        return self.within / self.counted if self.counted else math.nan

    @property
    def share_predicted(self) -> float:
        """Share of the rows within tolerance that were predicted; NaN without any."""
        return self.predicted_within / self.within if self.within else math.nan


def merit(rows: Sequence[Comparison], omitted: Sequence[Omitted] = ()) -> Merit:
    """The figures of merit of some rows.

    Parameters
    ----------
    rows : compared
    omitted : findings that nothing is compared with

    Examples
    --------
    >>> merit([]).rows
    0
    """
    counted = [row for row in rows if not row.contradicted]
    predicted = [row for row in counted if row.status == "predicted"]
    fitted = [row for row in counted if row.status == "fitted"]
    return Merit(
        rows=len(rows),
        within=sum(row.passed for row in counted),
        predicted=len(predicted),
        predicted_within=sum(row.passed for row in predicted),
        fitted=len(fitted),
        fitted_within=sum(row.passed for row in fitted),
        contradicted=len(rows) - len(counted),
        failed=sum(bool(row.failure) for row in rows),
        omitted=len(omitted),
        median_error=_median_error(counted),
        median_predicted_error=_median_error(predicted),
    )


def _median_error(rows: Sequence[Comparison]) -> float:
    errors = [
        abs(row.error) for row in rows if not row.bound_met and math.isfinite(row.error)
    ]
    return median(errors) if errors else math.nan


@dataclass(frozen=True)
class Uncertain:
    """An assumed or fitted value and the cells that carry it.

    Attributes
    ----------
    record : the value with its source
    cells : names of the cells, in the order in which they were given
    """

    record: Record
    cells: tuple[str, ...]


def uncertain_values(cells: Sequence[Cell]) -> list[Uncertain]:
    """Distinct assumed and fitted values of some cells, fitted ones first.

    Parameters
    ----------
    cells : Cell

    Examples
    --------
    >>> uncertain_values([])
    []
    """
    found: dict[tuple[str, float, str], tuple[Record, list[str]]] = {}
    for cell in cells:
        for name, record in cell.records.items():
            if record.status not in ("assumed", "fitted"):
                continue
            key = (name, record.value, record.status)
            found.setdefault(key, (record, []))[1].append(cell.name)
    ordered = sorted(found, key=lambda key: (key[2] != "fitted", key[0], key[1]))
    return [Uncertain(found[key][0], tuple(found[key][1])) for key in ordered]
