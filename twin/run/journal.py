"""A run on disk: what it has done so far, from which it can go on after any end."""

from __future__ import annotations

import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from filelock import FileLock, Timeout

from twin.errors import TwinError
from twin.models.compat import Array

_REQUEST: Final = "request.json"
_RECORDS: Final = "cycles.jsonl"
_CHECKPOINT: Final = "checkpoint.npz"
#: Entry of a checkpoint: how many bytes of the records belong to it.
_BYTES: Final = "bytes of records"
#: Bytes of a request, and of the arrays of a checkpoint once unpacked: more is not ours.
_LARGEST_REQUEST: Final = 10_000_000
_LARGEST_CHECKPOINT: Final = 1_000_000_000

#: Seconds for which a journal may still be held by a process whose parent was killed.
_WAIT: Final = 10.0


class Journal:
    """A folder with a request, records that are only appended, and one checkpoint.

    Records count once the checkpoint that follows them is written: what a run that was
    killed had appended after its last checkpoint is cut off when it goes on. A checkpoint
    is written under another name first, so that there always is a whole one. One process
    at a time holds a journal, until it ends.

    Parameters
    ----------
    folder : made if it does not exist
    request : what is run, in plain values; a journal serves one request only

    Raises
    ------
    TwinError
        If the folder holds something else, the run of another request, or another process
        is writing to it.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "journal"
    >>> journal = Journal(folder, {"cell": "mann2025_li"})
    >>> journal.append({"cycle": 1})
    >>> journal.save({"y": np.zeros(3)}, {"jumps": 0})
    >>> again = Journal(folder, {"cell": "mann2025_li"})
    >>> list(again.records()), again.load()[1]
    ([{'cycle': 1}], {'jumps': 0})
    """

    def __init__(self, folder: Path, request: Mapping[str, Any]) -> None:
        self.folder = folder
        given = json.dumps(request, sort_keys=True, indent=1)
        kept = folder / _REQUEST
        # what is written must not end up where a link leads to
        links = [one.name for one in folder.glob("*") if one.is_symlink()]
        if links:
            raise TwinError(
                f"holds links ({', '.join(links)}), and a journal has none; name another "
                "folder.",
                where=str(folder),
            )
        if kept.is_file():
            self._check(self._request(kept), given)
        else:
            elsewhere = any(one.is_file() for one in (folder, *folder.parents))
            if elsewhere or (folder.exists() and _holds_more(folder)):
                raise TwinError(
                    "is not the journal of a run; name a folder that does not exist yet.",
                    where=str(folder),
                )
            with _disk(folder):
                folder.mkdir(parents=True, exist_ok=True)
                _replace(kept, given.encode())
        self._hold()
        self._cut()

    def _hold(self) -> None:
        # one lock for all journals of a folder in this process, or it would wait for itself
        self._lock = FileLock(self.folder / ".lock", is_singleton=True)
        with _disk(self.folder):
            try:
                self._lock.acquire(timeout=_WAIT)
            except Timeout:
                raise TwinError(
                    "is being written by another process; wait until it ends, or stop it.",
                    where=str(self.folder),
                ) from None

    def _request(self, path: Path) -> str:
        try:
            with path.open("rb") as file:
                raw = file.read(_LARGEST_REQUEST + 1)
            if len(raw) > _LARGEST_REQUEST:
                raise ValueError("it is larger than 10 MB")
            return raw.decode("utf-8")
        except (OSError, ValueError) as error:
            raise self._unreadable(path, error) from None

    def _check(self, kept: str, given: str) -> None:
        if kept == given:
            return
        try:
            before, now = json.loads(kept), json.loads(given)
        except (json.JSONDecodeError, RecursionError):
            before, now = {}, {"request": ""}
        if not isinstance(before, dict):
            before, now = {}, {"request": ""}
        keys = sorted(
            key for key in before.keys() | now.keys() if before.get(key) != now.get(key)
        )
        raise TwinError(
            f"holds another run (it differs in {', '.join(keys)}); repeat that request to "
            "go on with it, or name another folder.",
            where=str(self.folder),
        )

    def _cut(self) -> None:
        """Cut off what was appended after the last checkpoint."""
        records = self.folder / _RECORDS
        if records.is_file():
            kept = 0
            if (self.folder / _CHECKPOINT).is_file():
                kept = self._length()
                if not 0 <= kept <= records.stat().st_size:
                    raise self._unreadable(
                        records, f"it has not the {kept} bytes of the checkpoint"
                    )
            with _disk(self.folder), records.open("r+b") as file:
                file.truncate(kept)

    def append(self, record: Mapping[str, Any]) -> None:
        """Add a record; it counts from the next checkpoint on."""
        line = json.dumps(record).encode() + b"\n"
        with _disk(self.folder), (self.folder / _RECORDS).open("ab") as file:
            file.write(line)
            file.flush()

    def records(self) -> Iterator[dict[str, Any]]:
        """All records, in the order in which they were added."""
        file = self.folder / _RECORDS
        if file.is_file():
            try:
                with file.open(encoding="utf-8") as lines:
                    for line in lines:
                        record = json.loads(line)
                        if not isinstance(record, dict):
                            raise ValueError(f"a record is {line.strip():.40}")
                        yield record
            except (OSError, ValueError, RecursionError) as error:
                raise self._unreadable(file, error) from None

    def save(self, arrays: Mapping[str, Array], values: Mapping[str, Any]) -> None:
        """Replace the checkpoint.

        Parameters
        ----------
        arrays : what a run goes on from
        values : and plain values
        """
        records = self.folder / _RECORDS
        size = records.stat().st_size if records.is_file() else 0
        target = self.folder / _CHECKPOINT
        beside = target.with_suffix(".new")
        content = {**arrays, "values": np.array(json.dumps(values)), _BYTES: np.array(size)}
        with _disk(self.folder):
            try:
                with beside.open("wb") as file:
                    np.savez(file, allow_pickle=False, **content)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(target)
            finally:
                beside.unlink(missing_ok=True)

    def load(self) -> tuple[dict[str, Array], dict[str, Any]] | None:
        """The last checkpoint: arrays and plain values; None if there is none yet."""
        if not (self.folder / _CHECKPOINT).is_file():
            return None
        arrays = self._read()
        try:
            values = json.loads(str(arrays.pop("values")))
            if not isinstance(values, dict):
                raise ValueError("its values are no table")
        except (KeyError, ValueError, RecursionError) as error:
            raise self._unreadable(self.folder / _CHECKPOINT, error) from None
        arrays.pop(_BYTES, None)
        return arrays, values

    def _length(self) -> int:
        """Bytes of the records that belong to the checkpoint."""
        try:
            return int(self._read()[_BYTES])
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise self._unreadable(self.folder / _CHECKPOINT, error) from None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turns what a checkpoint or records do not hold into one message."""
        try:
            yield
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise self._unreadable(self.folder, f"{reason:.200}") from None

    def _unreadable(self, path: Path, why: object) -> TwinError:
        return TwinError(
            f"cannot be read ({why}); remove its folder to start the run anew.",
            where=str(path),
        )

    def _read(self) -> dict[str, Array]:
        path = self.folder / _CHECKPOINT
        try:
            # opened here: numpy leaves a file that is no archive open
            with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
                unpacked = sum(one.file_size for one in found.zip.infolist())
                if unpacked > _LARGEST_CHECKPOINT:
                    raise ValueError("its arrays are larger than 1 GB")
                return {name: found[name] for name in found.files}
        except (
            *(OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError),
            *(zipfile.BadZipFile, zlib.error, struct.error, SyntaxError, MemoryError),
        ) as error:  # whatever zip and array headers that are broken lead to
            raise self._unreadable(path, error) from None


def _replace(target: Path, content: bytes) -> None:
    beside = target.with_name(target.name + ".new")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


class _disk:  # noqa: N801
    """Turns what the disk refuses into one message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise TwinError(
                f"cannot be written: {error.strerror or error}. What the last checkpoint "
                "holds is safe: make room and repeat the request to go on.",
                where=str(self.folder),
            ) from None


def _holds_more(folder: Path) -> bool:
    """Whether a folder has anything but a request that was never finished."""
    unfinished = f"{_REQUEST}.new"
    return any(one.name != unfinished for one in folder.iterdir())
