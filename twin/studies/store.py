"""Results of a campaign on disk, batch by batch, so that it can go on where it stopped."""

from __future__ import annotations

import json
import shutil
import textwrap
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import zarr
from zarr.storage import LocalStore, MemoryStore

from twin.errors import TwinError
from twin.studies.tasks import Evaluated

if TYPE_CHECKING:
    from twin.models.compat import Array

#: Of the layout; a store of another one is not read.
VERSION: Final = 1

#: Bytes kept of the reason of a failure.
_REASON: Final = 200

#: States of a sample; one whose process was lost is tried again when the store is opened.
PENDING, DONE, FAILED, LOST = 0, 1, 2, 3

_FORMAT: Final = "solid-state-twin campaign"


class CampaignStore:
    """A zarr group with a row for every sample; each batch is a chunk, written once.

    The folder is made under another name and then renamed. Outputs and reasons of a batch
    are written first, its states last: a batch counts as done only when its states are
    there, and writing a chunk is a rename, so that it is there whole or not at all. A
    sample whose outputs are gone, or whose process was lost, is pending again when the
    store is opened. Evaluating a batch again gives the same bits, which makes
    it harmless if two programs should write to one store.

    Parameters
    ----------
    path : folder that ends in .zarr; None keeps everything in memory
    identity : what the campaign is; plain JSON data
    samples, outputs, batch : their numbers

    Raises
    ------
    TwinError
        If the folder is no store, or that of another campaign or version, or cannot be
        written.

    Examples
    --------
    >>> store = CampaignStore(None, {"seed": 1}, samples=3, outputs=1, batch=2)
    >>> store.write(1, Evaluated(np.array([[7.0]]), ("",)))
    >>> store.pending(), store.done
    ([0], 1)
    """

    def __init__(
        self,
        path: Path | None,
        identity: Mapping[str, Any],
        samples: int,
        outputs: int,
        batch: int,
    ) -> None:
        self.path = path
        self.samples = samples
        self.batch = batch
        # as it will be read: tuples become lists
        self._identity = json.loads(json.dumps(dict(identity)))
        place = None if path is None else _checked(path)
        if place is None:
            self._group = self._filled(MemoryStore(), outputs)
        else:
            if not place.exists() or not any(place.iterdir()):
                self._create(place, outputs)
            self._group = self._opened(place)
        with self._reading():
            self._values = self._array("values", "float64", (outputs,))
            self._states = self._array("states", "uint8", ())
            self._reasons = self._array("reasons", "uint8", (_REASON,))
            self._known = self._known_states()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except TwinError:
            raise
        except Exception as error:  # of classes that zarr and its codecs choose
            raise TwinError(
                f"cannot be read ({str(error):.200}); restore it, or remove it to start "
                "anew",
                where=str(self.path),
            ) from None

    def _array(self, name: str, kind: str, shape: tuple[int, ...]) -> Any:
        # a file's word is no reason to make room for it: sizes are those of the request
        array: Any = self._group.get(name)
        wanted = (self.samples, *shape)
        if (
            not isinstance(array, zarr.Array)
            or array.shape != wanted
            or array.chunks != (self.batch, *shape)
            or str(array.dtype) != kind
        ):
            raise TwinError(
                f"its array '{name}' is not the one of this campaign ({kind}, shape "
                f"{wanted}); choose another name",
                where=str(self.path),
            )
        return array

    def _known_states(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """States as they count now."""
        known = np.array(self._states[:], dtype=np.uint8)
        there = np.isfinite(self._values[:]).all(axis=1)
        sound = ((known == DONE) & there) | (known == FAILED)
        return np.where(sound, known, np.uint8(PENDING))

    def _create(self, place: Path, outputs: int) -> None:
        """Make the store beside its place, then put it there."""
        beside = place.with_name(f".{place.stem}.{uuid.uuid4().hex}.zarr")
        try:
            self._filled(LocalStore(beside), outputs)
            beside.rename(place)
        except OSError as error:
            shutil.rmtree(beside, ignore_errors=True)
            if place.is_dir() and any(place.iterdir()):
                return  # another program was first
            raise TwinError(
                f"cannot be written ({_told(error)}); choose another place",
                where=str(place),
            ) from None

    def _filled(self, store: MemoryStore | LocalStore, outputs: int) -> zarr.Group:
        group = zarr.create_group(store)
        for name, kind, shape, dimensions, fill in (
            ("values", "float64", (outputs,), ("sample", "output"), np.nan),
            ("states", "uint8", (), ("sample",), PENDING),
            ("reasons", "uint8", (_REASON,), ("sample", "byte"), 0),
        ):
            group.create_array(
                name,
                shape=(self.samples, *shape),
                chunks=(self.batch, *shape),
                dtype=kind,
                fill_value=fill,
                dimension_names=dimensions,
            )
        group.attrs.update(
            {"format": _FORMAT, "version": VERSION, "campaign": self._identity}
        )
        return group

    def _opened(self, place: Path) -> zarr.Group:
        where = str(place)
        try:
            # the format that is written here: the older one names codecs that run code
            group = zarr.open_group(LocalStore(place), mode="r+", zarr_format=3)
        except Exception as error:  # of classes that zarr chooses
            raise TwinError(
                f"is there already and is no store of a campaign ({str(error):.200}); "
                "choose another name",
                where=where,
            ) from None
        attributes = dict(group.attrs)
        if attributes.get("format") != _FORMAT:
            raise TwinError(
                "a zarr group that is no store of a campaign; choose another name",
                where=where,
            )
        if attributes.get("version") != VERSION:
            raise TwinError(
                f"a store of version {attributes.get('version')!r}, this program writes "
                f"version {VERSION!r}; choose another name, or use the version of this "
                "package that wrote it",
                where=where,
            )
        given = attributes.get("campaign")
        kept = given if isinstance(given, dict) else {}
        changed = [
            key
            for key in sorted({*kept, *self._identity})
            if kept.get(key) != self._identity.get(key)
        ]
        if changed:
            # a digest tells a reader nothing beside what it is of
            changed = [key for key in changed if "digest" not in key] or changed
            shown = "; ".join(
                f"{key}: {_short(kept.get(key), self._identity.get(key))}"
                for key in changed[:3]
            )
            advice = "repeat the request that made it"
            if changed[0].startswith("version of "):
                advice = "install the versions that made it"
            raise TwinError(
                f"the store of another campaign ({shown}); choose another name, or "
                f"{advice}",
                where=where,
            )
        return group

    def pending(self) -> list[int]:
        """Numbers of the batches that are not done."""
        starts = range(0, self.samples, self.batch)
        return [
            number
            for number, start in enumerate(starts)
            if (self._known[start : start + self.batch] == PENDING).any()
        ]

    @property
    def done(self) -> int:
        """Number of samples that are done, failed ones included."""
        return int((self._known != PENDING).sum())

    def write(self, number: int, found: Evaluated) -> None:
        """Add a batch.

        Parameters
        ----------
        number : of the batch, from 0
        found : its outputs

        Raises
        ------
        TwinError
            If the disk does not take it; what was written before is kept.
        """
        if not self._is_there():
            raise self._gone()
        try:
            self._write(number, found)
        except OSError as error:
            if not self._is_there():
                raise self._gone() from None
            raise TwinError(
                f"cannot be written ({_told(error)}); {self.done} of {self.samples} "
                "samples are kept there, and the same request goes on with them",
                where=str(self.path),
            ) from None

    def _is_there(self) -> bool:
        # zarr would make the folders of a chunk anew, and nobody could read them
        return self.path is None or (self.path / "zarr.json").is_file()

    def _gone(self) -> TwinError:
        return TwinError(
            "was removed or replaced while it was written to, and what was kept there is "
            "gone; repeat the request with a place that stays",
            where=str(self.path),
        )

    def _write(self, number: int, found: Evaluated) -> None:
        place = slice(number * self.batch, min((number + 1) * self.batch, self.samples))
        self._values[place] = found.values
        if any(found.reasons):
            self._reasons[place] = np.stack([_encoded(one) for one in found.reasons])
        bad = LOST if found.lost else FAILED
        states = np.array([bad if one else DONE for one in found.reasons], np.uint8)
        self._states[place] = states
        self._known[place] = states

    def values(self) -> Array:
        """Outputs, shape (samples, outputs), in SI; not a number where there is none."""
        with self._reading():
            return np.asarray(self._values[:], dtype=float)

    def states(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """State of each sample: PENDING, DONE, FAILED or LOST."""
        return self._known.copy()

    def reasons(self) -> dict[int, str]:
        """Why samples failed, by their number."""
        failed = np.flatnonzero(np.isin(self._known, (FAILED, LOST)))
        with self._reading():
            found = {int(n): bytes(self._reasons[int(n)]) for n in failed}
        return {n: raw.rstrip(b"\0").decode("utf-8", "ignore") for n, raw in found.items()}


def _checked(path: Path) -> Path:
    if path.suffix != ".zarr":
        raise TwinError("stores are zarr folders; end the name with .zarr", where=str(path))
    if not path.parent.is_dir():
        raise TwinError(
            f"the folder '{path.parent}' does not exist; create it.", where=str(path)
        )
    if (path.exists() or path.is_symlink()) and not path.is_dir():
        raise TwinError(
            "is a file, or leads nowhere; a store is a folder: choose another name",
            where=str(path),
        )
    return path


def _told(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _encoded(reason: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    raw = reason.encode("utf-8")[:_REASON]
    return np.frombuffer(raw.ljust(_REASON, b"\0"), np.uint8)


def _short(kept: object, asked: object) -> str:
    """Both sides of a difference, cut to a readable length."""
    if isinstance(kept, dict) and isinstance(asked, dict):
        for key in sorted({*kept, *asked}):
            if kept.get(key) != asked.get(key):
                return f"{key} = {kept.get(key)} there, {asked.get(key)} here"
    there, here = (textwrap.shorten(str(one), 60) for one in (kept, asked))
    return f"{there} there, {here} here"
