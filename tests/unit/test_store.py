"""The store of a campaign: what is kept, and which stores are refused."""

from pathlib import Path

import numpy as np
import pytest
import zarr

from twin.errors import TwinError
from twin.studies.store import DONE, FAILED, PENDING, CampaignStore
from twin.studies.tasks import Evaluated

IDENTITY = {"cell": "mine", "seed": 1, "factors": {"a": [1.0, 2.0]}}


def opened(path: Path | None, **changed: object) -> CampaignStore:
    return CampaignStore(path, {**IDENTITY, **changed}, samples=5, outputs=2, batch=2)


def test_batches_are_kept_and_the_others_are_pending(tmp_path: Path) -> None:
    place = tmp_path / "c.zarr"
    first = opened(place)
    assert first.pending() == [0, 1, 2]
    bad = np.array([[1.0, 2.0], [np.nan, np.nan]])
    first.write(1, Evaluated(bad, ("", "the solver failed: ümlaut")))
    first.write(2, Evaluated(np.array([[5.0, 6.0]]), ("",)))
    again = opened(place)
    assert again.pending() == [0] and again.done == 3
    assert again.states().tolist() == [PENDING, PENDING, DONE, FAILED, DONE]
    assert again.values()[[2, 4]].tolist() == [[1.0, 2.0], [5.0, 6.0]]
    assert again.reasons() == {3: "the solver failed: ümlaut"}


def test_values_without_states_do_not_count(tmp_path: Path) -> None:
    """Killed between the two: the batch is run again."""
    place = tmp_path / "c.zarr"
    opened(place).write(0, Evaluated(np.ones((2, 2)), ("", "")))
    (place / "states" / "c" / "0").unlink()
    assert opened(place).pending() == [0, 1, 2]


def test_a_store_that_was_stopped_before_it_began_is_begun(tmp_path: Path) -> None:
    place = tmp_path / "c.zarr"
    opened(place)
    group = zarr.open_group(str(place), mode="r+")
    for key in list(group.attrs):
        del group.attrs[key]
    assert opened(place).pending() == [0, 1, 2]


def test_another_campaign_is_refused_by_what_differs(tmp_path: Path) -> None:
    place = tmp_path / "c.zarr"
    opened(place)
    with pytest.raises(TwinError, match="another campaign .seed: 1 there, 2 here"):
        opened(place, seed=2)
    with pytest.raises(TwinError, match=r"factors: a = \[1.0, 2.0\] there"):
        opened(place, factors={"a": [1.0, 3.0]})


def test_another_version_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "c.zarr"
    opened(place)
    zarr.open_group(str(place), mode="r+").attrs["version"] = 99
    with pytest.raises(TwinError, match="a store of version 99, this program writes"):
        opened(place)


def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.zarr"
    zarr.create_group(str(foreign), attributes={"mine": 1})
    with pytest.raises(TwinError, match="no store of a campaign"):
        opened(foreign)
    plain = tmp_path / "plain.zarr"
    plain.mkdir()
    (plain / "letter.txt").write_text("dear")
    with pytest.raises(TwinError, match="no store of a campaign"):
        opened(plain)
    assert (plain / "letter.txt").read_text() == "dear"
    with pytest.raises(TwinError, match="end the name with .zarr"):
        opened(tmp_path / "c.nc")
    with pytest.raises(TwinError, match="does not exist; create it"):
        opened(tmp_path / "none" / "c.zarr")


def test_without_a_path_all_is_in_memory() -> None:
    store = opened(None)
    store.write(0, Evaluated(np.ones((2, 2)), ("", "")))
    assert store.pending() == [1, 2]
