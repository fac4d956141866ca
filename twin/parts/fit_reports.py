"""Reports that fits leave beside their records, and what they say of a record.

A fit writes NAME.fit.json into the folder of its records. A record in that folder whose
value is one of those fitted has to say so, and name the rows: taking them out of the file
by hand is refused when the file is loaded.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from twin.errors import RecordError
from twin.parts.files import LARGEST
from twin.parts.records import Record

#: End of the name of a fit's report.
SUFFIX: Final = ".fit.json"

#: Relative difference up to which a value is the fitted one.
SAME_VALUE: Final = 1e-3


class _Parameter(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str
    value: Annotated[float, Field(allow_inf_nan=False)]
    fitted_to: tuple[str, ...]


class _Report(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    parameters: tuple[_Parameter, ...]


def check_against_reports(records: dict[str, Record], path: Path) -> None:
    """Refuse records that hide that a fit beside them made their values.

    Parameters
    ----------
    records : of the file
    path : the file

    Raises
    ------
    RecordError
        If a record has a fitted value but not the status and rows of a fit that made it,
        or a report cannot be read.

    Examples
    --------
    >>> check_against_reports({}, Path("nowhere/file.toml"))
    """
    if not records:
        return
    reported = [
        (fitted, where.name)
        for report, where in _reports(path.parent)
        for fitted in report.parameters
    ]
    for name, record in records.items():
        same = [
            (fitted, where)
            for fitted, where in reported
            if fitted.name == name and same_value(record.value, fitted.value)
        ]
        # two fits may come to one value: it is enough to say what one of them says
        if not same or any(set(one.fitted_to) <= set(record.fitted_to) for one, _ in same):
            continue
        fitted, where = same[0]
        missing = [one for one in fitted.fitted_to if one not in record.fitted_to]
        raise RecordError(
            f"has the value that {where} fitted to "
            f"{', '.join(fitted.fitted_to)}, but does not list "
            f"{', '.join(missing)}: restore status and fitted_to",
            where=f'{path}, ["{name}"]',
        )


def same_value(one: float, other: float) -> bool:
    """Whether two values of a parameter are one and the same but for rounding.

    Examples
    --------
    >>> same_value(1.0, 1.0005), same_value(1.0, 1.01)
    (True, False)
    """
    return math.isclose(one, other, rel_tol=SAME_VALUE)


def _reports(folder: Path) -> Iterator[tuple[_Report, Path]]:
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            if path.stat().st_size > LARGEST:
                raise RecordError("is larger than 1 MB", where=str(path))
            yield _Report.model_validate(json.loads(path.read_text("utf-8"))), path
        except (ValueError, OSError, ValidationError, RecursionError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise RecordError(
                f"is no report of a fit ({reason}); restore or remove it", where=str(path)
            ) from None
