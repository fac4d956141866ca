"""Validation cases: what a paper reported, and how it is simulated."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from twin import assets, units
from twin.errors import RecordError, TwinError, UnknownNameError
from twin.parts.columns import IMPOSSIBLE
from twin.parts.files import check, read_toml
from twin.parts.moments import moment
from twin.parts.records import Text
from twin.parts.sweeps import interval
from twin.run.observables import Run, observable
from twin.studies.curve_cases import Curve, CurveTable

Bound = Literal["=", "~", ">=", "<=", ">", "<"]

_MEASUREMENTS: Final = "measurements.csv"
_README: Final = "README.md"
_COLUMNS: Final = ("id", "quantity", "value", "unit", "bound", "locator")
#: Column that says in which kind of test a number was measured; may be left out.
_TEST: Final = "test"
#: Column with the standard deviation of a number, in its unit; may be left out or empty.
_UNCERTAINTY: Final = "uncertainty"
#: A table of reported numbers is typed by hand; a larger file is something else.
_LARGEST: Final = 1_000_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Row(_Strict):
    id: Text
    cell: Text
    experiment: Text
    arguments: dict[str, Text] = {}
    observable: Text
    tolerance: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)] | None = None
    or_steps: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)] = 0.0
    factor: Annotated[float, Field(gt=1, le=100, allow_inf_nan=False)] | None = None
    reason: Text
    contradiction: Text | None = None
    at: Text | None = None
    every: Text | None = None
    over: Text | None = None


class _NotCompared(_Strict):
    id: Text
    reason: Text


class _File(_Strict):
    title: Text
    paper: Text
    reference: Text
    doi: Text | None = None
    rows: list[_Row] = []
    curves: list[CurveTable] = []
    not_compared: list[_NotCompared] = []


@dataclass(frozen=True)
class Measurement:
    """One reported number, as in measurements.csv; its uncertainty where one is stated."""

    quantity: str
    value: float
    unit: str
    bound: Bound
    locator: str
    test: str = ""
    uncertainty: float | None = None


@dataclass(frozen=True)
class Tolerance:
    """Which simulated numbers agree with a reported one; chosen before the run.

    Attributes
    ----------
    relative : largest relative error
    steps : steps of the staircase that an error may come to as well, if that is more
    factor : or the largest ratio of the two numbers, either way
    """

    relative: float
    steps: float = 0.0
    factor: float | None = None

    def limits(self, reported: float, step: float) -> tuple[float, float]:
        """Largest relative errors, downwards and upwards, both positive.

        Parameters
        ----------
        reported : number, not zero
        step : of the staircase, in the same unit; 0 without one

        Examples
        --------
        >>> Tolerance(0.25, steps=1).limits(reported=0.2, step=0.1)
        (0.5, 0.5)
        >>> Tolerance(2.0, factor=3.0).limits(reported=500.0, step=0.0)
        (0.6666666666666667, 2.0)
        """
        if self.factor is not None:
            return 1 - 1 / self.factor, self.factor - 1
        largest = max(self.relative, self.steps * step / abs(reported))
        return largest, largest


@dataclass(frozen=True)
class Row:
    """One comparison of a reported number with a simulated one.

    Attributes
    ----------
    id : name of the row, the same in both files of the case
    cell, experiment, arguments : what to simulate
    observable : what to read off the result
    tolerance : what counts as agreement
    reason : why that tolerance
    contradiction : why no consistent model can meet the row, if so
    measurement : what was reported
    at : moment of the experiment at which spectra end, if not at its end
    every : interval between spectra along the experiment; None for the last one only
    over : cell whose number the cell's own is divided by, for a reported ratio
    """

    id: str
    cell: str
    experiment: str
    arguments: dict[str, str]
    observable: str
    tolerance: Tolerance
    reason: str
    contradiction: str | None
    measurement: Measurement
    at: str | None = None
    every: str | None = None
    over: str | None = None


@dataclass(frozen=True)
class Omitted:
    """A reported finding that nothing is compared with.

    Attributes
    ----------
    id : name of its line in measurements.csv
    paper : of its case
    quantity, value, unit, bound, locator, test : as in its line; the value is text, as it
        need not be a number
    reason : why nothing is compared with it
    """

    id: str
    paper: str
    quantity: str
    value: str
    unit: str
    bound: str
    locator: str
    test: str
    reason: str


@dataclass(frozen=True)
class Case:
    """Everything that is compared with one paper.

    Attributes
    ----------
    paper, title, reference : as in case.toml
    rows : numbers to be compared
    path : of case.toml
    curves : whole curves to be compared
    omitted : reported findings that nothing is compared with, and why
    doi : of the reference, if it has one
    """

    paper: str
    title: str
    reference: str
    rows: tuple[Row, ...]
    path: Path
    curves: tuple[Curve, ...] = ()
    omitted: tuple[Omitted, ...] = ()
    doi: str | None = None

    @property
    def findings(self) -> str:
        """Text of the README.md beside the case, empty if there is none."""
        path = self.path.parent / _README
        try:
            if not path.is_file():
                return ""
            if path.stat().st_size > _LARGEST:
                raise RecordError("is larger than 1 MB; split it.", where=str(path))
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RecordError(f"cannot be read: {error}", where=str(path)) from None


def load_case(name_or_path: str | Path) -> Case:
    """Read a validation case by the name of its paper, or from a user's own folder.

    Parameters
    ----------
    name_or_path : str or Path
        "mann2025", or a folder that holds case.toml and measurements.csv.

    Raises
    ------
    UnknownNameError, RecordError, UnitError
        If there is no such case or a file of it breaks a rule.

    Examples
    --------
    >>> load_case("mann2025").paper
    'mann2025'
    """
    path = assets.find("validation", name_or_path)
    content = check(_File, read_toml(path), where=str(path))
    if not (content.rows or content.curves or content.not_compared):
        raise RecordError("compares nothing; add [[rows]] or [[curves]]", where=str(path))
    _check_ids(content, path)
    lines = _read_lines(path.parent / _MEASUREMENTS, bool(content.rows))
    omitted = {given.id: given.reason for given in content.not_compared}
    measured = {
        key: _measurement(line, where)
        for key, (line, where) in lines.items()
        if key not in omitted
    }
    return Case(
        content.paper,
        content.title,
        content.reference,
        tuple(_row(given, measured, path) for given in content.rows),
        path,
        tuple(table.curve(path) for table in content.curves),
        tuple(
            _omitted(key, reason, content.paper, lines, path)
            for key, reason in omitted.items()
        ),
        content.doi,
    )


def _check_ids(content: _File, path: Path) -> None:
    seen: set[str] = set()
    listed = [row.id for row in content.rows] + [one.id for one in content.curves]
    for key in listed + [one.id for one in content.not_compared]:
        if key in seen:
            raise RecordError(f"row '{key}' appears twice", where=str(path))
        seen.add(key)


def _row(given: _Row, measured: dict[str, Measurement], path: Path) -> Row:
    where = f"{path}, row {given.id}"
    if given.id not in measured:
        raise UnknownNameError("measurement", given.id, measured, where=where)
    wanted = observable(given.observable, where=where)
    measurement = measured[given.id]
    # refuses a unit that does not fit before anything is simulated
    unit = wanted.unit if given.over is None else ""
    value = units.convert(measurement.value, measurement.unit, unit, where=where)
    if abs(value) > IMPOSSIBLE.get(unit, math.inf):
        raise RecordError(
            f"{measurement.value:g} {measurement.unit} is more than any cell comes "
            "to; check the unit in measurements.csv",
            where=where,
        )
    _check_moments(given, wanted.by, where)
    return Row(
        given.id,
        given.cell,
        _beside(path, given.experiment),
        dict(given.arguments),
        given.observable,
        _tolerance(given, wanted.step is not None, where),
        given.reason,
        given.contradiction,
        measurement,
        given.at,
        given.every,
        given.over,
    )


def _omitted(key: str, reason: str, paper: str, lines: _Lines, path: Path) -> Omitted:
    if key not in lines:
        where = f"{path}, not_compared {key}"
        raise UnknownNameError("measurement", key, lines, where=where)
    line, _ = lines[key]
    cells = {name: (line.get(name) or "").strip() for name in (*_COLUMNS, _TEST)}
    return Omitted(
        id=key,
        paper=paper,
        quantity=cells["quantity"],
        value=cells["value"],
        unit=cells["unit"],
        bound=cells["bound"],
        locator=cells["locator"],
        test=cells[_TEST],
        reason=reason,
    )


def _check_moments(given: _Row, by: Run, where: str) -> None:
    """Refuse a moment or an interval that cannot be meant, before anything is run."""
    if by != "spectra" and (given.at or given.every):
        raise RecordError("at and every go with an observable of spectra", where=where)
    try:
        if given.at is not None:
            moment(given.at)
        if given.every is not None:
            interval(given.every)
    except TwinError as error:
        raise RecordError(str(error), where=where) from None


def _tolerance(given: _Row, has_steps: bool, where: str) -> Tolerance:
    if (given.tolerance is None) == (given.factor is None):
        raise RecordError(
            "give either tolerance (relative, as 0.1) or factor (as 3)", where=where
        )
    if given.or_steps and (given.tolerance is None or not has_steps):
        raise RecordError(
            "or_steps goes with tolerance, and with an observable of a staircase",
            where=where,
        )
    if given.factor is not None:
        return Tolerance(given.factor - 1, factor=given.factor)
    return Tolerance(given.tolerance or 0.0, steps=given.or_steps)


def _beside(path: Path, experiment: str) -> str:
    """An experiment named by a file beside the case, else by its name."""
    return str(assets.file_beside(path, experiment) or experiment)


def own_file(case: Case, cell: str) -> str | Path:
    """A cell named by a file beside the case, else by its name.

    Parameters
    ----------
    case : Case
    cell : as a row of it says

    Raises
    ------
    RecordError
        If there is no such file, or it lies outside the folder of the case.

    Examples
    --------
    >>> own_file(load_case("mann2025"), "mann2025_li")
    'mann2025_li'
    """
    return assets.file_beside(case.path, cell) or cell


def list_cases() -> list[str]:
    """Names of all known cases, in alphabetical order."""
    return list(assets.listing("validation"))


#: Lines of measurements.csv by their id, each with its place.
_Lines = dict[str, tuple[dict[str, str | None], str]]


def _read_lines(path: Path, needed: bool) -> _Lines:
    where = str(path)
    if not needed and not path.exists():
        return {}
    try:
        size = path.stat().st_size
        if not path.is_file():  # reading a pipe or a device might never end
            raise RecordError("is not a regular file.", where=where)
        if size > _LARGEST:
            raise RecordError("is larger than 1 MB; split it.", where=where)
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise RecordError("is missing beside case.toml; add it.", where=where) from None
    except UnicodeDecodeError:
        raise RecordError("is not a UTF-8 text file; save it as CSV", where=where) from None
    except OSError as error:
        raise RecordError(f"cannot be read: {error}", where=where) from None
    if not text.strip():
        raise RecordError("is empty; it needs a header and a row each", where=where)
    try:
        return _lines_of(text, where)
    except csv.Error as error:
        raise RecordError(f"cannot be read: {error}", where=where) from None


def _lines_of(text: str, where: str) -> _Lines:
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        (header,) = text.splitlines()[:1]
        if ";" in header or "\t" in header:
            raise RecordError(
                "its columns are parted by semicolons or tabs; write commas, and numbers "
                "with a point",
                where=where,
            )
        raise RecordError(
            f"lacks the column {', '.join(missing)}; needed are {', '.join(_COLUMNS)}",
            where=where,
        )
    found: _Lines = {}
    for line in reader:
        spot = f"{where}, line {reader.line_num}"
        key = (line["id"] or "").strip()
        if not key or key in found:
            raise RecordError(
                f"id '{key}' is empty or appears twice; each row has its own",
                where=spot,
            )
        found[key] = (line, spot)
    return found


def _measurement(line: dict[str, str | None], where: str) -> Measurement:
    cells = {name: (line[name] or "").strip() for name in _COLUMNS}
    try:
        value = float(cells["value"])
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value == 0:
        raise RecordError(
            f"value '{cells['value']}' is not a number other than zero", where=where
        )
    bounds = Bound.__args__  # type: ignore[attr-defined]
    if cells["bound"] not in bounds:
        raise RecordError(
            f"bound '{cells['bound']}' is not one of {' '.join(bounds)}", where=where
        )
    units.parse_unit(cells["unit"], where=where)
    return Measurement(
        cells["quantity"],
        value,
        cells["unit"],
        cells["bound"],  # type: ignore[arg-type]
        cells["locator"],
        (line.get(_TEST) or "").strip(),
        _uncertainty((line.get(_UNCERTAINTY) or "").strip(), where),
    )


def _uncertainty(text: str, where: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise RecordError(f"uncertainty '{text}' is not a number above zero", where=where)
    return value
