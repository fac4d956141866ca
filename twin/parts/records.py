"""Parameter records: a value in SI units with its unit, range, status and source."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from twin.errors import RecordError, UnitError, UnknownNameError
from twin.parts.catalogue import Known, known, similar
from twin.parts.files import check
from twin.units import convert

Status = Literal["measured", "derived", "fitted", "assumed"]


def _plain(text: str) -> str:
    """Refuse what a terminal would take as an order."""
    if any(unicodedata.category(one) == "Cc" and one not in "\n\t" for one in text):
        raise ValueError("holds control characters; write plain text")
    return text


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_plain)
]
# Strict: TOML's true and "1e-11" are not numbers.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Source(BaseModel):
    """Where a value comes from.

    Parameters
    ----------
    paper : str
        Short name of the paper, or "user".
    locator : str
        Figure, table, equation or sentence.
    method : str, optional
        How the value was obtained.
    doi : str, optional
        Digital object identifier.

    Examples
    --------
    >>> Source(paper="zhu2025", locator="Fig 2e").paper
    'zhu2025'
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    paper: Text
    locator: Text
    method: Text | None = None
    doi: Text | None = None


@dataclass(frozen=True)
class Record:
    """A parameter's value and what it rests on.

    Parameters
    ----------
    name : str
        Full parameter name.
    value : float
        In the unit of the name, which is SI.
    unit : str or None
        The unit of the name; None if dimensionless.
    low, high : float or None
        Ends of the plausible range, in the same unit.
    status : "measured", "derived", "fitted" or "assumed"
        What kind of knowledge the value is.
    source : Source
        Paper and place.
    fitted_to : tuple of str
        Ids of the validation rows that the value, or what it was derived from, was
        fitted to.
    note : str or None
        Remark.
    file : str
        Folder and file that the record was read from, or the option that set it.
    """

    name: str
    value: float
    unit: str | None
    low: float | None
    high: float | None
    status: Status
    source: Source
    fitted_to: tuple[str, ...]
    note: str | None
    file: str

    def as_dict(self) -> dict[str, Any]:
        """The record as plain data that JSON can hold; absent entries are left out.

        Examples
        --------
        >>> source = Source(paper="user", locator="--set")
        >>> Record(
        ...     "Stack pressure [Pa]", 1e6, "Pa", None, None, "assumed", source,
        ...     (), None, "--set",
        ... ).as_dict()["source"]
        {'paper': 'user', 'locator': '--set'}
        """
        data = {field.name: getattr(self, field.name) for field in fields(self)}
        data["source"] = self.source.model_dump(exclude_none=True)
        data["fitted_to"] = list(self.fitted_to)
        return {key: value for key, value in data.items() if value is not None}


class _Table(BaseModel):
    """A record as it stands in a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Number
    unit: str | None = None
    range: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = None
    status: Status
    source: Source
    fitted_to: tuple[Text, ...] = ()
    note: Text | None = None


# Keys of a data file that are not parameters, with the tables' own ones excluded.
FILE_KEYS: Final = ("title", "description")


def short_name(path: Path) -> str:
    """Folder and file name: the same on every machine.

    Examples
    --------
    >>> short_name(Path("/home/me/parameters/cells/mine.toml"))
    'cells/mine.toml'
    """
    return "/".join(path.parts[-2:])


def read_records(
    tables: Mapping[str, Any], path: Path, other_keys: tuple[str, ...] = FILE_KEYS
) -> dict[str, Record]:
    """The records of a file, from its tables that are named after parameters.

    Parameters
    ----------
    tables : mapping
        Content of the file without its other keys.
    path : Path
        The file, for messages and provenance.
    other_keys : tuple of str
        Keys that the file may also have, to be offered when one is misspelt.

    Raises
    ------
    UnknownNameError
        If a name is not in the catalogue.
    UnitError
        If a unit is missing, unreadable or of another dimension.
    RecordError
        If a record breaks another rule.

    Examples
    --------
    >>> source = {"paper": "zhu2025", "locator": "Fig 2e"}
    >>> table = {"value": 50, "unit": "um", "status": "measured", "source": source}
    >>> records = read_records({"Lithium thickness [m]": table}, Path("a/b.toml"))
    >>> records["Lithium thickness [m]"].value
    5e-05
    """
    return {
        name: _read_record(name, table, path, other_keys) for name, table in tables.items()
    }


def _read_record(
    name: str, table: object, path: Path, other_keys: tuple[str, ...]
) -> Record:
    try:
        entry = known(name)
    except UnknownNameError as error:
        offers = [*other_keys, *similar(name)]
        raise UnknownNameError("parameter", name, offers, where=str(path)) from error
    where = f'{path}, ["{name}"]'
    if not isinstance(table, dict):
        raise RecordError(
            f"needs a table with value, unit, status and source; given {table!r:.60}.",
            where=where,
        )
    raw = check(_Table, table, where=where)
    value = _in_si(raw.value, raw.unit, entry, where)
    check_allowed(value, entry, where=where)
    low, high = _read_range(raw, entry, where)
    # a value derived from a fitted one carries its rows
    if raw.status != "derived" and (raw.status == "fitted") != bool(raw.fitted_to):
        raise RecordError(
            f'status = "{raw.status}" with fitted_to = {list(raw.fitted_to)}: a '
            "fitted value names the rows it was fitted to, and no other value does, but "
            "one derived from it.",
            where=where,
        )
    return Record(
        name=name,
        value=value,
        unit=entry.unit,
        low=low,
        high=high,
        status=raw.status,
        source=raw.source,
        fitted_to=raw.fitted_to,
        note=raw.note,
        file=short_name(path),
    )


def _in_si(value: float, unit: str | None, entry: Known, where: str) -> float:
    if entry.unit is not None and unit is None:
        raise UnitError(
            f'the unit is missing; add unit = "{entry.unit}" or one that converts to it.',
            where=where,
        )
    return convert(value, unit, entry.unit, where)


def check_allowed(value: float | str, entry: Known, *, where: str | None = None) -> None:
    """Refuse a value outside the interval that the catalogue allows.

    Parameters
    ----------
    value : float
        In the unit of the name.
    entry : Known
        The parameter.
    where : str, optional
        File, table or option named in the message.

    Raises
    ------
    RecordError
        If the value is not finite or not in the interval.

    Examples
    --------
    >>> check_allowed(50e-6, known("Lithium thickness [m]"))
    """
    if isinstance(value, str):
        raise RecordError(
            f"'{entry.name}' = '{value}': give a number in {entry.unit or 'its unit'}, or "
            "read the text with twin.parts.parameters.parse_setting",
            where=where,
        )
    if value not in entry.allowed:
        unit = f" {entry.unit}" if entry.unit else ""
        advice = f"check the value and its unit{entry.instead and ', or: '}{entry.instead}"
        raise RecordError(
            f"'{entry.name}' = {value:g}{unit} is outside the allowed interval "
            f"{entry.allowed}{unit}; {advice}.",
            where=where,
        )


def _read_range(raw: _Table, entry: Known, where: str) -> tuple[float | None, float | None]:
    if raw.range is None:
        return None, None
    low, high = raw.range
    if not low <= raw.value <= high:
        raise RecordError(
            f"range = [{low:g}, {high:g}] does not contain value = {raw.value:g}; "
            "write it as [low, high], in the unit of the value.",
            where=where,
        )
    ends = [_in_si(end, raw.unit, entry, where) for end in (low, high)]
    for end in ends:
        check_allowed(end, entry, where=f"{where}, range")
    return ends[0], ends[1]
