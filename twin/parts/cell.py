"""A cell: which model it is for, and the parameter records it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from twin.parts.catalogue import known
from twin.parts.records import Record, Source, check_allowed


@dataclass(frozen=True)
class CellSummary:
    """One line about a cell.

    Parameters
    ----------
    name : str
        Name of the file without its suffix.
    title, paper, model : str
        As in the file, or in its base.
    """

    name: str
    title: str
    paper: str
    model: str


@dataclass(frozen=True)
class Cell(CellSummary):
    """A cell: which model, with which options and which parameter records.

    Parameters
    ----------
    name, title, paper, model : str
        As in :class:`CellSummary`.
    options : mapping of str to str
        Options of the model.
    records : mapping of str to Record
        By full parameter name.
    path : Path
        The file.
    """

    options: Mapping[str, str]
    records: Mapping[str, Record]
    path: Path

    @property
    def values(self) -> dict[str, float]:
        """Values by full parameter name, in the units of the names (SI)."""
        return {name: record.value for name, record in self.records.items()}

    def with_values(self, overrides: Mapping[str, float], origin: str) -> Cell:
        """The cell with some values replaced by a user's own.

        Parameters
        ----------
        overrides : mapping of str to float
            Full parameter name to value in the unit of the name (SI).
        origin : str
            Where the values come from, for messages and provenance.

        Returns
        -------
        Cell
            Its new records have the status "assumed" and the source "user".

        Raises
        ------
        UnknownNameError
            If a name is not in the catalogue.
        RecordError
            If a value is not finite or outside its allowed interval.

        Examples
        --------
        >>> cell = Cell("a", "A", "p", "SymmetricCell", {}, {}, Path("a.toml"))
        >>> cell.with_values({"Initial contact fraction": 0.5}, "--set").values
        {'Initial contact fraction': 0.5}
        """
        changed = {}
        for name, value in overrides.items():
            entry = known(name, where=origin)
            check_allowed(value, entry, where=origin)
            changed[name] = Record(
                name=name,
                value=float(value),
                unit=entry.unit,
                low=None,
                high=None,
                status="assumed",
                source=Source(paper="user", locator=origin),
                fitted_to=(),
                note=None,
                file=origin,
            )
        return replace(self, records={**self.records, **changed})
