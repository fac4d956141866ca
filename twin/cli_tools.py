"""What the commands of the command line share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from twin.errors import UnknownNameError

#: Exit code where a row of a validation is outside its tolerance, or a run fails.
ROW_FAILED: Final = 1


def sort_settings(
    settings: list[str],
    argument_name: Callable[[str], str | None],
    arguments_known: list[str],
) -> tuple[dict[str, float], dict[str, str]]:
    """Tell the settings of the cell from the arguments of the experiment.

    Parameters
    ----------
    settings : as given, "NAME=VALUE unit"
    argument_name : the argument meant by a name, None if there is none
    arguments_known : names to suggest for an unknown one

    Returns
    -------
    tuple of dict and dict
        Parameter values in SI by full name, and arguments as "VALUE unit".

    Raises
    ------
    TwinError
        If a setting has another form, or its name or value is not possible.

    Examples
    --------
    >>> sort_settings(["end=1 mA.cm-2"], {"end": "end"}.get, ["end"])
    ({}, {'end': '1 mA.cm-2'})
    """
    from twin.parts.catalogue import similar
    from twin.parts.parameters import parse_setting

    values: dict[str, float] = {}
    arguments: dict[str, str] = {}
    for text in settings:
        name, _, quantity = text.partition("=")
        argument = argument_name(name)
        if argument is not None and quantity:
            arguments[argument] = quantity.strip()
            continue
        try:
            key, value = parse_setting(text)
        except UnknownNameError:
            known = [*arguments_known, *similar(name)]
            raise UnknownNameError(
                "argument or parameter", name.strip(), known, where=f"--set '{text}'"
            ) from None
        values[key] = value
    return values, arguments


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """A progress bar on standard error; it leaves no trace when the work is done.

    Parameters
    ----------
    what : shown beside the bar

    Yields
    ------
    function that takes the share of the work done, 0 to 1

    Examples
    --------
    >>> with progress_bar("working") as advance:
    ...     advance(0.5)
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


@contextmanager
def counted_bar(what: str) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar that also counts, and names what was done last.

    Parameters
    ----------
    what : shown beside the bar

    Yields
    ------
    function that takes how many are done, of how many, and a name

    Examples
    --------
    >>> with counted_bar("working") as advance:
    ...     advance(1, 2, "first")
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, name="")
        yield lambda done, total, name: bar.update(
            task, completed=done, total=total, name=name
        )
