"""The store of a campaign: what is kept, and which stores are refused."""

import errno
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import zarr

from twin.errors import TwinError
from twin.studies.store import DONE, FAILED, LOST, PENDING, CampaignStore
from twin.studies.tasks import Evaluated, nothing

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


def test_states_come_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped while the values are written: nothing counts as done."""
    place = tmp_path / "c.zarr"
    store = opened(place)
    monkeypatch.setattr(store, "_values", None)
    with pytest.raises(TypeError):
        store.write(0, Evaluated(np.ones((2, 2)), ("", "")))
    # outputs that are gone would hide it from one who opens the store
    assert not (place / "states" / "c").exists()
    assert opened(place).pending() == [0, 1, 2]


@pytest.mark.parametrize("instead", [False, True])
def test_a_store_that_is_removed_on_the_way_is_said(tmp_path: Path, instead: bool) -> None:
    place = tmp_path / "c.zarr"
    store = opened(place)
    store.write(0, Evaluated(np.ones((2, 2)), ("", "")))
    shutil.rmtree(place)
    if instead:
        place.write_text("dear")
    with pytest.raises(TwinError, match="was removed or replaced while"):
        store.write(1, Evaluated(np.ones((2, 2)), ("", "")))
    assert place.exists() == instead


def test_other_versions_of_packages_have_their_own_advice(tmp_path: Path) -> None:
    place = tmp_path / "c.zarr"
    opened(place, **{"version of pybamm": "1"})
    expected = "pybamm: 1 there, 2 here.; choose another name, or install the versions"
    with pytest.raises(TwinError, match=expected):
        opened(place, **{"version of pybamm": "2"})


def test_a_store_that_is_made_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "c.zarr"

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as change:
        change.setattr(zarr.Group, "create_array", full)
        with pytest.raises(TwinError, match="cannot be written .No space left on device"):
            opened(place)
    assert list(tmp_path.iterdir()) == []
    assert opened(place).pending() == [0, 1, 2]
    assert [one.name for one in tmp_path.iterdir()] == ["c.zarr"]


def test_a_full_disk_keeps_what_there_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "c.zarr"
    store = opened(place)
    store.write(0, Evaluated(np.ones((2, 2)), ("", "")))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zarr.Array, "__setitem__", full)
    with pytest.raises(TwinError, match="2 of 5 samples are kept there"):
        store.write(1, Evaluated(np.ones((2, 2)), ("", "")))
    monkeypatch.undo()
    assert opened(place).pending() == [1, 2]


def test_outputs_that_are_gone_are_evaluated_again(tmp_path: Path) -> None:
    place = tmp_path / "c.zarr"
    store = opened(place)
    for number in (0, 1):
        store.write(number, Evaluated(np.ones((2, 2)), ("", "")))
    shutil.rmtree(place / "values" / "c" / "0")
    assert opened(place).pending() == [0, 2]
    zarr.open_group(str(place))["states"][2:4] = 7  # nobody's state
    assert opened(place).pending() == [0, 1, 2]


def test_what_the_machine_lost_is_tried_again(tmp_path: Path) -> None:
    place = tmp_path / "c.zarr"
    store = opened(place)
    store.write(0, nothing(2, 2, "its process died", lost=True))
    store.write(1, nothing(2, 2, "the cell is short"))
    assert store.states().tolist() == [LOST, LOST, FAILED, FAILED, PENDING]
    assert store.pending() == [2] and set(store.reasons()) == {0, 1, 2, 3}
    assert opened(place).pending() == [0, 2]


def test_other_tools_read_a_store(tmp_path: Path) -> None:
    store = opened(tmp_path / "c.zarr")
    store.write(0, Evaluated(np.ones((2, 2)), ("", "")))
    table = xr.open_zarr(tmp_path / "c.zarr", consolidated=False)
    assert table["values"].dims == ("sample", "output")
    assert table["states"].to_numpy().tolist() == [DONE, DONE, 0, 0, 0]


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
    bare = tmp_path / "bare.zarr"
    measured = zarr.create_group(str(bare)).create_array("measured", shape=(3,), dtype="f8")
    measured[:] = [1.0, 2.0, 3.0]
    with pytest.raises(TwinError, match="no store of a campaign"):
        opened(bare)
    assert zarr.open_group(str(bare))["measured"][:].tolist() == [1.0, 2.0, 3.0]
    (tmp_path / "nowhere.zarr").symlink_to(tmp_path / "none")
    with pytest.raises(TwinError, match="leads nowhere"):
        opened(tmp_path / "nowhere.zarr")
    with pytest.raises(TwinError, match="end the name with .zarr"):
        opened(tmp_path / "c.nc")
    with pytest.raises(TwinError, match="does not exist; create it"):
        opened(tmp_path / "none" / "c.zarr")


def test_without_a_path_all_is_in_memory() -> None:
    store = opened(None)
    store.write(0, Evaluated(np.ones((2, 2)), ("", "")))
    assert store.pending() == [1, 2]
