import os
from pathlib import Path

import pytest

from twin import assets
from twin.errors import RecordError, TwinError, UnknownNameError


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's own data folder, first on the search path."""
    folder = tmp_path / "own"
    for name in ("parameters/cells/My-Cell.toml", "validation/paper1/case.toml"):
        file = folder / name
        file.parent.mkdir(parents=True)
        file.write_text("title = 'a'\n")
    monkeypatch.setenv(assets.VARIABLE, str(folder))
    return folder


def test_own_folder_is_first_and_the_checkout_is_there(own: Path) -> None:
    path = assets.search_path("parameters")
    assert path[0] == own / "parameters"
    assert Path(assets.__file__).parents[1] / "parameters" in path[1:]


def test_folders_without_the_kind_are_skipped(own: Path) -> None:
    assert own / "experiments" not in assets.search_path("experiments")


def test_listing_names_files_and_case_folders(own: Path) -> None:
    cells = assets.listing("parameters", "cells")
    assert cells["My-Cell"] == own / "parameters/cells/My-Cell.toml"
    assert assets.listing("validation")["paper1"] == own / "validation/paper1/case.toml"


def test_earlier_folders_win(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = tmp_path / "later/parameters/cells"
    later.mkdir(parents=True)
    for name in ("my_cell.toml", "other.toml"):
        (later / name).write_text("title = 'b'\n")
    folders = [str(own), "", str(tmp_path / "later")]
    monkeypatch.setenv(assets.VARIABLE, os.pathsep.join(folders))
    cells = assets.listing("parameters", "cells")
    assert cells["My-Cell"].is_relative_to(own)
    assert "my_cell" not in cells
    assert cells["other"] == later / "other.toml"


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(assets.VARIABLE, str(tmp_path / "typo"))
    with pytest.raises(TwinError, match="TWIN_ASSETS: .*typo' is not a folder"):
        assets.search_path("parameters")


@pytest.mark.parametrize("name", ["My-Cell", "my_cell", "MY-CELL", " my-cell "])
def test_case_and_dashes_make_no_difference(own: Path, name: str) -> None:
    found = assets.find("parameters", name, "cells")
    assert found == own / "parameters/cells/My-Cell.toml"


def test_unknown_name_offers_the_nearest(own: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown cell 'my_cel'.*'My-Cell'"):
        assets.find("parameters", "my_cel", "cells")


def test_paths_are_taken_as_they_are(own: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("title = 'a'\n")
    assert assets.find("parameters", str(file), "cells") == file
    assert assets.find("parameters", file, "cells") == file
    case = own / "validation/paper1"
    assert assets.find("validation", str(case)) == case / "case.toml"


def test_home_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.toml").write_text("title = 'a'\n")
    found = assets.find("parameters", "~/mine.toml")
    assert found == tmp_path / "mine.toml"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("missing.toml", "no such file"),
        ("x" * 5000 + ".toml", "no such file"),
        ("nul\0.toml", "no such file"),
        (".", None),
        ("./", "is a folder"),
    ],
)
def test_paths_that_lead_nowhere(given: str, message: str | None) -> None:
    error = UnknownNameError if message is None else RecordError
    with pytest.raises(error, match=message):
        assets.find("parameters", given, "cells")


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(RecordError, match="regular file"):
        assets.find("parameters", tmp_path / "pipe.toml")


def test_safe_child_stays_inside(tmp_path: Path) -> None:
    assert assets.safe_child(tmp_path, "a/../b/c.csv") == tmp_path / "a/../b/c.csv"
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link").symlink_to(tmp_path)
    (tmp_path / "in/loop").symlink_to(tmp_path / "in/loop")
    for given in (
        "../x",
        "a/../../x",
        "link/x",
        "/etc/passwd",
        "loop/x",
        "n\0",
        "..\\..",
    ):
        if given == "..\\.." and os.sep == "/":
            continue  # an ordinary file name here
        with pytest.raises(RecordError, match="leaves the folder"):
            assets.safe_child(tmp_path / "in", given)


def test_an_absolute_path_is_refused_even_if_inside(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="leaves the folder"):
        assets.safe_child(tmp_path, str(tmp_path / "a.csv"))


def test_write_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "out.nc"
    target.write_text("old")
    seen: list[Path] = []

    def write(part: Path) -> None:
        seen.append(part)
        assert target.read_text() == "old"
        part.write_text("new")

    assets.write_atomically(target, write)
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]
    assert seen[0].suffix == ".nc" and seen[0].parent == tmp_path


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (OSError(28, "No space left on device"), TwinError),
        (ZeroDivisionError(), ZeroDivisionError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, failure: BaseException, raised: type[BaseException]
) -> None:
    target = tmp_path / "out.nc"
    target.write_text("old")

    def write(part: Path) -> None:
        part.write_text("half")
        raise failure

    with pytest.raises(raised):
        assets.write_atomically(target, write)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_no_folder_to_write_to(tmp_path: Path) -> None:
    with pytest.raises(TwinError, match="does not exist; create it"):
        assets.write_atomically(tmp_path / "no/out.nc", lambda part: None)
    with pytest.raises(TwinError, match="is a folder; give a file name"):
        assets.write_atomically(tmp_path, lambda part: None)


def test_a_folder_that_is_not_writable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Asked of the system rather than done with chmod, which does not bind root.
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(assets.tempfile, "NamedTemporaryFile", refuse)
    with pytest.raises(
        TwinError, match="nothing can be written to the folder .* choose another"
    ):
        assets.write_atomically(tmp_path / "out.nc", lambda part: None)
