"""Reads TOML files written by users, and says in one line what is wrong with them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from twin.errors import RecordError, nearest

# A data file is written by hand; a larger one is something else.
LARGEST: Final = 1_000_000

Model = TypeVar("Model", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Parameters
    ----------
    path : Path
        An existing file.

    Raises
    ------
    RecordError
        If the file cannot be read, is larger than 1 MB, is not text, is empty, or is
        not valid TOML (the message gives the line).

    Examples
    --------
    >>> read_toml(Path("no-such.toml"))
    Traceback (most recent call last):
    twin.errors.RecordError: no-such.toml: no such file; check the path.
    """
    raw = read_bytes(path, LARGEST, kind="a .toml file", advice="split it")
    return _parse(raw, str(path))


def read_bytes(path: Path, largest: int, *, kind: str, advice: str) -> bytes:
    """The bytes of a file that may come from anyone.

    Parameters
    ----------
    path : the file
    largest : bytes that are read at most, a whole number of megabytes
    kind : what is to be given in place of a folder
    advice : what to do about a file that is larger

    Raises
    ------
    RecordError
        If there is no such file, it cannot be read, or it is larger.

    Examples
    --------
    >>> read_bytes(Path("no-such.json"), 1_000_000, kind="a file", advice="split it")
    Traceback (most recent call last):
    twin.errors.RecordError: no-such.json: no such file; check the path.
    """
    where = str(path)
    try:
        if path.is_dir():
            raise RecordError(f"is a folder; give {kind}.", where=where)
        if not path.exists():
            raise RecordError("no such file; check the path.", where=where)
        if not path.is_file():  # reading a pipe or a device might never end
            raise RecordError("is not a regular file.", where=where)
        with path.open("rb") as file:
            raw = file.read(largest + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RecordError(f"cannot be read: {reason}.", where=where) from error
    if len(raw) > largest:
        raise RecordError(
            f"is larger than {largest // 1_000_000} MB; {advice}.", where=where
        )
    return raw


def _parse(raw: bytes, where: str) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise RecordError(
            f"is not a UTF-8 text file (line {line}); save it as UTF-8.", where=where
        ) from error
    if "\0" in text:
        raise RecordError("is a binary file; give a TOML text file.", where=where)
    try:
        content = tomllib.loads(text)
    except RecursionError as error:
        raise RecordError("is nested too deeply to be a data file.", where=where) from (
            error
        )
    except ValueError as error:  # also integers of thousands of digits
        # A file cut short has its error at the end, for which no line is given.
        last = f"at line {text.count(chr(10)) + 1}, the end"
        reason = str(error).replace("at end of document", last)
        hint = ""
        if "']'" in reason:  # a table [Lithium thickness [m]] is the usual mistake
            hint = ' Names with blanks or brackets need quotes: ["Some name [m]"].'
        raise RecordError(f"is not valid TOML: {reason}.{hint}", where=where) from error
    if not content:
        raise RecordError("is empty; it needs at least a title.", where=where)
    return content


def check(model: type[Model], content: Mapping[str, Any], *, where: str) -> Model:
    """A pydantic model of a table, with one clear message if the table breaks a rule.

    Parameters
    ----------
    model : type
        The pydantic model.
    content : mapping
        The table.
    where : str
        File and table, for the message.

    Raises
    ------
    RecordError
        For the first rule that is broken.

    Examples
    --------
    >>> class Point(BaseModel, extra="forbid"):
    ...     height: float
    >>> check(Point, {"heigth": 1.0}, where="point.toml")
    Traceback (most recent call last):
    twin.errors.RecordError: point.toml: unknown key 'heigth'. Did you mean 'height'?
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise explain(error, where, model) from error


def explain(
    error: ValidationError, where: str | Path, model: type[BaseModel]
) -> RecordError:
    """One clear message for the first rule that a table breaks.

    Parameters
    ----------
    error : pydantic.ValidationError
        What pydantic found.
    where : str or Path
        File and table, for the message.
    model : type
        The pydantic model, whose keys are offered when one is misspelt.

    Examples
    --------
    >>> class Point(BaseModel, extra="forbid"):
    ...     height: float
    >>> try:
    ...     Point.model_validate({"height": "tall"})
    ... except ValidationError as error:
    ...     str(explain(error, "point.toml", Point)).partition(":")[0]
    'point.toml'
    """
    problems = error.errors(include_url=False)
    # A misspelt key also makes the right one missing: the misspelling is the cause.
    problem = next((p for p in problems if p["type"] == "extra_forbidden"), problems[0])
    path = [str(part) for part in problem["loc"]]
    key = ".".join(path)
    if problem["type"] == "extra_forbidden":
        offer = nearest(path[-1], _keys(model, path[:-1]))
        return RecordError(f"unknown key '{key}'. {offer}", where=str(where))
    if problem["type"] == "missing":
        return RecordError(f"the key '{key}' is missing; add it.", where=str(where))
    given = repr(problem["input"])
    shown = given if len(given) <= 60 else f"{given[:60]}..."
    rule = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "string_type" and isinstance(problem["input"], int | float):
        rule = f'write it in quotes, with its unit if it has one, as "{given} mV"'
    return RecordError(f"{key} = {shown}: {rule[0].lower()}{rule[1:]}.", where=str(where))


def _keys(model: type[BaseModel], path: list[str]) -> list[str]:
    """Keys that the table at a path inside a model may have."""
    for part in path:
        field = model.model_fields.get(part)
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        model = inner
    return list(model.model_fields)
