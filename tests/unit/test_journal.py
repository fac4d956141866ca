"""Journals: what counts, what is cut off, and what the disk refuses."""

import errno
import subprocess
import sys

import numpy as np
import pytest

from twin.errors import TwinError
from twin.run import journal as module
from twin.run.journal import Journal
from twin.run.progress import checked, unpacked

REQUEST = {"cell": "a", "tolerance": 1e-4}


def test_records_after_the_last_checkpoint_are_cut_off(tmp_path):
    journal = Journal(tmp_path / "j", REQUEST)
    journal.append({"cycle": 1})
    journal.save({"y": np.arange(3.0)}, {"laps": 1})
    journal.append({"cycle": 2})
    with (tmp_path / "j" / "cycles.jsonl").open("ab") as file:
        file.write(b'{"cycle": 3')  # torn by a kill
    again = Journal(tmp_path / "j", REQUEST)
    assert list(again.records()) == [{"cycle": 1}]
    arrays, values = again.load()
    assert arrays["y"].tolist() == [0.0, 1.0, 2.0]
    assert values == {"laps": 1}


def test_without_a_checkpoint_nothing_counts(tmp_path):
    Journal(tmp_path / "j", REQUEST).append({"cycle": 1})
    again = Journal(tmp_path / "j", REQUEST)
    assert list(again.records()) == []
    assert again.load() is None


def test_another_request_is_refused_and_named(tmp_path):
    Journal(tmp_path / "j", REQUEST)
    with pytest.raises(TwinError, match="differs in tolerance.*another folder"):
        Journal(tmp_path / "j", {**REQUEST, "tolerance": 1e-3})


def test_a_folder_of_something_else_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(TwinError, match="not the journal"):
        Journal(tmp_path, REQUEST)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_full_disk_leaves_the_last_checkpoint(tmp_path, monkeypatch):
    journal = Journal(tmp_path / "j", REQUEST)
    journal.append({"cycle": 1})
    journal.save({"y": np.zeros(2)}, {"laps": 1})

    def full(*_args, **_keywords):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.np, "savez", full)
    with pytest.raises(TwinError, match="No space left on device.*make room"):
        journal.save({"y": np.ones(2)}, {"laps": 2})
    monkeypatch.undo()
    assert sorted(path.name for path in (tmp_path / "j").iterdir()) == [
        ".lock",
        "checkpoint.npz",
        "cycles.jsonl",
        "request.json",
    ]
    arrays, values = Journal(tmp_path / "j", REQUEST).load()
    assert arrays["y"].tolist() == [0.0, 0.0]
    assert values == {"laps": 1}


def test_a_broken_checkpoint_is_named(tmp_path):
    journal = Journal(tmp_path / "j", REQUEST)
    journal.save({"y": np.zeros(2)}, {})
    path = tmp_path / "j" / "checkpoint.npz"
    half = path.read_bytes()[: path.stat().st_size // 2]
    for broken in (b"not a zip file", half):
        path.write_bytes(broken)
        with pytest.raises(TwinError, match=r"checkpoint.npz.*cannot be read"):
            journal.load()


def test_a_journal_is_written_by_one_process_at_a_time(tmp_path, monkeypatch):
    """Beside another one, as the orphan of a killed run, it waits, and ends."""
    Journal(tmp_path / "j", {"cell": "x"}).append({"cycle": 1})
    held = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from twin.run.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]), {'cell': 'y'})\n"
        "print('held', flush=True)\n"
        "time.sleep(60)\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", held, str(tmp_path / "k")], stdout=subprocess.PIPE
    )
    assert other.stdout is not None and other.stdout.readline() == b"held\n"
    monkeypatch.setattr(module, "_WAIT", 0.2)
    with pytest.raises(TwinError, match="written by another process"):
        Journal(tmp_path / "k", {"cell": "y"})
    other.kill()
    other.wait()
    other.stdout.close()
    assert list(Journal(tmp_path / "k", {"cell": "y"}).records()) == []


@pytest.mark.parametrize(
    "record",
    [
        {"summary": [0.0] * 5, "sizes": []},
        {"cycle": 1, "summary": [0.0] * 4, "sizes": []},
        {"cycle": 1, "summary": [0.0] * 5, "sizes": [1.0]},
        {"cycle": 1, "summary": ["a"] * 5, "sizes": []},
        {"cycle": 1, "summary": 5, "sizes": []},
        {"cycle": "1", "summary": [0.0] * 5, "sizes": []},
        {"after": 1},
        {"after": 1, "found": ["a"]},
        {"after": [1], "found": [0.0]},
    ],
)
def test_a_record_that_no_run_writes_is_refused(record, tmp_path):
    journal = Journal(tmp_path / "j", REQUEST)
    with pytest.raises(TwinError, match="j: cannot be read"), journal.reading():
        checked(record, 5)


def test_a_checkpoint_with_other_entries_is_refused(tmp_path):
    journal = Journal(tmp_path / "j", REQUEST)
    journal.append({"cycle": 1})
    journal.save({"y": np.zeros(2)}, {"laps": 1})
    with pytest.raises(TwinError, match="j: cannot be read .KeyError"), journal.reading():
        unpacked(*journal.load())
    for entries, message in (
        ({"values": np.array("[]"), "bytes of records": np.array(0)}, "no table"),
        ({"values": np.array("{"), "bytes of records": np.array(0)}, "checkpoint.npz"),
        ({"bytes of records": np.array(0)}, "checkpoint.npz"),
    ):
        np.savez(tmp_path / "j/checkpoint.npz", **entries)
        with pytest.raises(TwinError, match=message):
            journal.load()
    for kept in (-1, 10**6):
        np.savez(tmp_path / "j/checkpoint.npz", **{"bytes of records": np.array(kept)})
        with pytest.raises(TwinError, match="cycles.jsonl: cannot be read"):
            Journal(tmp_path / "j", REQUEST)
