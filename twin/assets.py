"""Finds the data folders: parameters/, experiments/ and validation/.

The same name means the same file from a checkout, an editable install and a wheel. A
user's own folders go first: list them in the environment variable ``TWIN_ASSETS``, each
holding parameters/, experiments/ or validation/ subfolders.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from twin.errors import RecordError, TwinError, UnknownNameError

Kind = Literal["parameters", "experiments", "validation"]

VARIABLE: Final = "TWIN_ASSETS"

# A data set of several files is a folder that holds this one.
_CASE_FILE: Final = "case.toml"
_SINGULAR: Final = {
    ("parameters", "cells"): "cell",
    ("parameters", "materials"): "material",
    ("parameters", "interfaces"): "interface",
    ("experiments", ""): "experiment",
    ("validation", ""): "validation case",
}


def search_path(kind: Kind) -> list[Path]:
    """Existing data folders of a kind, in the order in which names are looked up.

    Raises
    ------
    TwinError
        If ``TWIN_ASSETS`` lists something that is not a folder.

    Examples
    --------
    >>> all(folder.name == "experiments" for folder in search_path("experiments"))
    True
    """
    parents = []
    for entry in os.environ.get(VARIABLE, "").split(os.pathsep):
        if not entry.strip():
            continue
        if not path_is(Path.is_dir, Path(entry)):
            raise TwinError(
                f"'{entry}' is not a folder; list existing folders, separated by "
                f"'{os.pathsep}'.",
                where=VARIABLE,
            )
        parents.append(Path(entry))
    package = Path(__file__).parent
    parents.append(package / "_assets")
    # Only a checkout has the project file beside the package: in an installed package
    # a folder "parameters" at this place would belong to somebody else.
    if (package.parent / "pyproject.toml").is_file():
        parents.append(package.parent)
    return [parent / kind for parent in parents if (parent / kind).is_dir()]


def path_is(test: Callable[[Path], bool], path: Path) -> bool:
    """A path test such as ``Path.is_file`` that takes impossible paths for absent.

    Examples
    --------
    >>> path_is(Path.is_file, Path("x" * 5000))
    False
    """
    try:
        return test(path)
    except (OSError, ValueError):
        return False


def _same(name: str) -> str:
    return name.strip().lower().replace("-", "_")


def name_of(path: Path) -> str:
    """Name of the data set in a file.

    Examples
    --------
    >>> name_of(Path("cells/mine.toml")), name_of(Path("validation/zhu2025/case.toml"))
    ('mine', 'zhu2025')
    """
    return path.absolute().parent.name if path.name == _CASE_FILE else path.stem


def files_in(folder: Path) -> dict[str, Path]:
    """Data sets directly in a folder: NAME.toml, or NAME/case.toml.

    Of names that differ only in case, '-' and '_' the first in the alphabet counts.

    Examples
    --------
    >>> files_in(Path("no such folder"))
    {}
    """
    if not path_is(Path.is_dir, folder):
        return {}
    paths = [*folder.glob("*.toml"), *folder.glob(f"*/{_CASE_FILE}")]
    listed: dict[str, tuple[str, Path]] = {}
    for name, path in sorted((name_of(path), path) for path in paths):
        if not name.startswith(".") and path.is_file():
            listed.setdefault(_same(name), (name, path))
    return dict(listed.values())


def listing(kind: Kind, subfolder: str = "") -> dict[str, Path]:
    """Every known data set of a kind, name to file; earlier folders win.

    Raises
    ------
    TwinError
        If ``TWIN_ASSETS`` lists something that is not a folder.

    Examples
    --------
    >>> all(path.suffix == ".toml" for path in listing("parameters", "cells").values())
    True
    """
    listed: dict[str, tuple[str, Path]] = {}
    for folder in search_path(kind):
        for name, path in files_in(folder / subfolder).items():
            listed.setdefault(_same(name), (name, path))
    return dict(sorted(listed.values()))


def pick(name: str, files: dict[str, Path]) -> Path | None:
    """The file of a name in a listing; case, '-' and '_' make no difference.

    Examples
    --------
    >>> pick("ZHU-2025", {"zhu_2025": Path("zhu_2025.toml")})
    PosixPath('zhu_2025.toml')
    """
    wanted = _same(name)
    return next((path for key, path in files.items() if _same(key) == wanted), None)


def find(kind: Kind, name_or_path: str | Path, subfolder: str = "") -> Path:
    """The file of a known name, or of a path to the user's own file.

    Parameters
    ----------
    kind : "parameters", "experiments" or "validation"
        Data folder.
    name_or_path : str or Path
        A path if it ends with .toml or contains a path separator, else a name. A
        folder stands for the ``case.toml`` in it.
    subfolder : str, optional
        Subfolder of the data folder, for instance "cells".

    Raises
    ------
    UnknownNameError
        If no data set has this name.
    RecordError
        If the path leads to no file.
    TwinError
        If ``TWIN_ASSETS`` lists something that is not a folder.

    Examples
    --------
    >>> find("experiments", "no/such/file.toml")
    Traceback (most recent call last):
    twin.errors.RecordError: no/such/file.toml: no such file; check the path.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or _is_path(text):
        return _own_file(text)
    files = listing(kind, subfolder)
    found = pick(text, files)
    if found is None and path_is(Path.is_file, Path(text) / _CASE_FILE):
        return Path(text) / _CASE_FILE  # a case folder in the working folder
    if found is None:
        what = _SINGULAR.get((kind, subfolder), f"name in {kind}")
        raise UnknownNameError(what, text, files)
    return found


def _is_path(text: str) -> bool:
    separators = [os.sep, "/"] + ([os.altsep] if os.altsep else [])
    return text.lower().endswith(".toml") or any(s in text for s in separators)


def _own_file(text: str) -> Path:
    path = Path(os.path.expanduser(text))
    if path_is(Path.is_dir, path):
        if (path / _CASE_FILE).is_file():
            return path / _CASE_FILE
        raise RecordError("is a folder; give a .toml file.", where=text)
    if not path_is(Path.exists, path):
        raise RecordError("no such file; check the path.", where=text)
    if not path.is_file():
        raise RecordError("is not a regular file; give a .toml file.", where=text)
    return path


def safe_child(base: Path, relative: str) -> Path:
    """A path below a folder, refused if it leaves the folder.

    Parameters
    ----------
    base : Path
        The folder that must not be left.
    relative : str
        Path below it, as written in a data file. Links count for what they lead to.

    Raises
    ------
    RecordError
        If the path is absolute, leaves the folder or cannot be a path.

    Examples
    --------
    >>> safe_child(Path("data"), "../secret")
    Traceback (most recent call last):
    twin.errors.RecordError: '../secret' leaves the folder 'data'; use a path inside it.
    """
    path = base / relative
    try:
        inside = path.resolve().is_relative_to(base.resolve())
    except (OSError, ValueError, RuntimeError):  # a loop of links, a NUL, too long
        inside = False
    if not inside or Path(relative).is_absolute():
        shown = relative if len(relative) <= 80 else f"{relative[:80]}..."
        raise RecordError(f"'{shown}' leaves the folder '{base}'; use a path inside it.")
    return path


def file_beside(path: Path, named: str) -> Path | None:
    """The file that a data file names, beside it or below; None if it is a name.

    Parameters
    ----------
    path : Path
        The data file, which may name nothing outside its folder.
    named : str
        A path if it ends with .toml or contains a path separator, else a name.

    Raises
    ------
    RecordError
        If the path leaves the folder or there is no such file.

    Examples
    --------
    >>> file_beside(Path("mycase/case.toml"), "mann2025_li") is None
    True
    >>> file_beside(Path("mycase/case.toml"), "../cell.toml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    twin.errors.RecordError: mycase/case.toml: '../cell.toml' leaves the folder ...
    """
    if not (_is_path(named) or "\\" in named):
        return None
    try:
        found = safe_child(path.parent, named)
    except RecordError as error:
        raise RecordError(str(error), where=str(path)) from None
    if not path_is(Path.is_file, found):
        raise RecordError(f"no file '{named}' beside it; check the name.", where=str(path))
    return found


def check_target(path: Path) -> None:
    """Refuse a path that no file can be written to, before any work is done for it.

    Raises
    ------
    TwinError
        If the folder does not exist or is not writable, or the path is a folder.

    Examples
    --------
    >>> check_target(Path("none/out.txt"))
    Traceback (most recent call last):
    twin.errors.TwinError: none/out.txt: the folder 'none' does not exist; create it.
    """
    folder = path.parent
    if not path_is(Path.is_dir, folder):
        raise TwinError(
            f"the folder '{folder}' does not exist; create it.", where=str(path)
        )
    if path_is(Path.is_dir, path):
        raise TwinError("is a folder; give a file name.", where=str(path))
    try:
        # asking for permission is not enough: some file systems refuse all the same
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".part-"):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise TwinError(
            f"nothing can be written to the folder '{folder}' ({reason}); choose another.",
            where=str(path),
        ) from None


def write_atomically(path: Path, writer: Callable[[Path], None]) -> None:
    """Write a file completely or not at all.

    Parameters
    ----------
    path : Path
        Where the file goes; an existing file is replaced.
    writer : callable
        Writes the file at the path it is given, in the same folder and with the same
        suffix.

    Raises
    ------
    TwinError
        If the folder does not exist or the file cannot be written.

    Examples
    --------
    >>> write_atomically(Path("none/out.txt"), lambda part: None)
    Traceback (most recent call last):
    twin.errors.TwinError: none/out.txt: the folder 'none' does not exist; create it.
    """
    check_target(path)
    # The suffix stays, because writers choose their format by it.
    part = path.parent / f".part-{uuid.uuid4().hex[:12]}{path.suffix}"
    try:
        writer(part)
        os.replace(part, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise TwinError(f"cannot be written: {reason}.", where=str(path)) from error
    finally:
        part.unlink(missing_ok=True)
