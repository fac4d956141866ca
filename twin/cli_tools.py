"""What the commands of the command line share."""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import typer

from twin.errors import TwinError, UnknownNameError

#: Exit code of a program that Ctrl-C ended.
STOPPED: Final = 130

#: Seconds between lines of progress.
_MINUTE: Final = 60.0

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


#: Options that name a file to write.
_WRITTEN: Final = ("-o", "--output", "--json", "--csv", "--html", "--plot")

#: Commands whose --output names quantities.
_OF_RESULTS: Final = ("sensitivity",)


def check_written(words: list[str]) -> None:
    """Refuse a command that would write over what it reads, or twice to one file.

    Parameters
    ----------
    words : of the command line, the program left out

    Raises
    ------
    TwinError
        If a file to write is named a second time.

    Examples
    --------
    >>> check_written(["ccd", "mine.toml", "--json", "mine.toml"])
    Traceback (most recent call last):
    twin.errors.TwinError: --json mine.toml: is named twice; write to another file.
    """
    parted = [part for word in words for part in _parted(word)]
    for place, option in enumerate(parted[:-1]):
        if option not in _WRITTEN or option == "--output" and words[0] in _OF_RESULTS:
            continue
        target = parted[place + 1]
        others = parted[:place] + parted[place + 2 :]
        if any(Path(one).absolute() == Path(target).absolute() for one in others):
            raise TwinError(
                "is named twice; write to another file.",
                where=f"{option} {target}",
            )


def _parted(word: str) -> list[str]:
    """An option and its value, which may be joined by an equals sign."""
    option, equals, value = word.partition("=")
    return [option, value] if equals and option in _WRITTEN else [word]


def one_voice(message: str) -> str:
    """A message in which names from files cannot order the terminal, nor forge a line.

    Examples
    --------
    >>> one_voice("unknown key 'a\\x1b[31m\\nb'")
    "unknown key 'a?[31m\\n      b'"
    """
    shown = "".join(
        "?" if unicodedata.category(one) == "Cc" and one not in "\n\t" else one
        for one in message
    )
    return shown.replace("\n", "\n      ")


@contextmanager
def told_if_stopped(kept: str = "") -> Iterator[None]:
    """End the program with a sentence and code 130 if the user stops it.

    Parameters
    ----------
    kept : what is kept of the work, where the work itself does not say

    Examples
    --------
    >>> with told_if_stopped():
    ...     pass
    """
    try:
        yield
    except KeyboardInterrupt as stopped:
        words = str(stopped) or "; ".join(filter(None, ["stopped", kept]))
        sys.stderr.write(f"twin: {words}\n")
        raise typer.Exit(STOPPED) from None


@contextmanager
def progress_bar(what: str, kept: str = "") -> Iterator[Callable[[float], None]]:
    """A progress bar on standard error; it leaves no trace when the work is done.

    Where that is no terminal, a line tells each minute how far the work is.

    Parameters
    ----------
    what : shown beside the bar
    kept : as of :func:`told_if_stopped`

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
    console = Console(stderr=True)
    if not console.is_terminal:
        with told_if_stopped(kept):
            yield _lines(what)
        return
    with (
        told_if_stopped(kept),
        Progress(*columns, console=console, transient=True) as bar,
    ):
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _lines(what: str) -> Callable[[float], None]:
    """Tells the share of the work done, not more often than once a minute."""
    told = time.monotonic()

    def advance(share: float) -> None:
        nonlocal told
        if time.monotonic() - told >= _MINUTE:
            told = time.monotonic()
            sys.stderr.write(f"twin: {what}: {share:.0%}\n")

    return advance


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
    with (
        told_if_stopped(),
        Progress(*columns, console=Console(stderr=True), transient=True) as bar,
    ):
        task = bar.add_task(what, total=None, name="")
        yield lambda done, total, name: bar.update(
            task, completed=done, total=total, name=name
        )
