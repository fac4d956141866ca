"""Files are data: what one of them says is never run, and none leads out of its folder."""

import json
import os
import pickle
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5netcdf
import numpy as np
import pytest
import xarray as xr
import zarr

import twin
from twin import assets
from twin.errors import RecordError, TwinError
from twin.parts.bpx_files import formula, read_bpx
from twin.parts.cycler_files import read_cycler
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.parts.spectrum_files import read_spectrum
from twin.run import results
from twin.run.journal import Journal
from twin.run.recorded import recorded
from twin.studies.case_sets import cell_of
from twin.studies.cases import load_case
from twin.studies.store import CampaignStore

SOURCES = sorted((Path(__file__).parents[2] / "twin").rglob("*.py"))
#: Tasks of a campaign, sent from this program to its own workers; never files.
PICKLES = {"studies/executors.py", "studies/cluster.py"}


def test_no_source_runs_what_it_reads() -> None:
    runs = re.compile(
        r"(?<![\w.])(eval|exec|__import__)\(|\bpickle\.|yaml\.load|allow_pickle=True"
    )
    found = {
        str(path.relative_to(path.parents[1])) if path.parent.name != "twin" else path.name
        for path in SOURCES
        if runs.search(path.read_text(encoding="utf-8"))
    }
    assert len(SOURCES) > 100
    assert found == PICKLES


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ("exit(1)", "'exit' in the formula"),
        ("__import__('os').system('id')", "'__import__('os').system'"),
        ("x.real", "'x.real'"),
        ("[x for x in (1,)]", "[x for x"),
        ("exp(x, 1)", "'exp'"),
        ("exp(*x)", "'*x'"),
        ("lambda: x", "'lambda: x'"),
        ("1 if x else 2", "'1 if x else 2'"),
        ("x @ x", "'x @ x'"),
        ("9**9**9", "9 ** 9 ** 9"),
        ("x**1000", "x ** 1000"),
        ("x**x", "x ** x"),
        ("True", "'True'"),
        ("1j", "'1j'"),
        ("'x'", "''x''"),
        ("y", "'y' in the formula"),
        ("x; x", "no formula"),
        ("x\nimport os", "no formula"),
        ("", "no formula"),
        ("(" * 4000 + "x" + ")" * 4000, "no formula"),
        ("-" * 9000 + "x", "no formula"),
        ("x+" * 6000 + "x", "longer than 10000"),
        ("\0", "no formula"),
        ("9" * 400, "no formula"),
    ],
)
def test_a_formula_is_arithmetic_only(given: str, refused: str) -> None:
    with pytest.raises(RecordError, match=re.escape(refused)) as caught:
        formula(given, "nmc.json, OCP [V]")
    assert str(caught.value).startswith("nmc.json, OCP [V]: ")
    assert len(str(caught.value)) < 400


def test_arithmetic_passes_with_its_value() -> None:
    text = "4.3 - 9e-1*x + tanh(-2*(x-0.5))**2/cosh(x) + +x**-1"
    x = 0.3
    scope = {"x": x, "tanh": np.tanh, "cosh": np.cosh}
    by_hand = 4.3 - 0.9 * x + np.tanh(-2 * (x - 0.5)) ** 2 / np.cosh(x) + 1 / x
    assert eval(formula(text, "f"), scope) == pytest.approx(by_hand, rel=1e-14)


def test_whole_numbers_cannot_fill_the_memory() -> None:
    with pytest.raises(OverflowError):
        eval(formula("((9**99)**99)**99", "f"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[1]", "no tables"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b" " * 10_000_001, "larger than 10 MB"),
        (json.dumps({"Parameterisation": {"a": {"b": "open(1)"}}}).encode(), "b: 'open'"),
        (b'{"State": ' + b"[" * 60 + b"]" * 60 + b"}", "too deeply"),
    ],
)
def test_a_bpx_file_is_checked_before_its_package_sees_it(
    content: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "nmc.json"
    path.write_bytes(content)
    with pytest.raises(RecordError, match=message):
        read_bpx(path)


CASE = (
    'title = "t"\npaper = "p"\nreference = "r"\n[[rows]]\nid = "a"\n'
    'cell = "{cell}"\nexperiment = "{experiment}"\n'
    'observable = "initial polarisation"\ntolerance = 0.05\nreason = "r"\n'
)


def case_of(folder: Path, cell: str, experiment: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "case.toml").write_text(CASE.format(cell=cell, experiment=experiment))
    (folder / "measurements.csv").write_text(
        "id,quantity,value,unit,bound,locator\na,voltage,99,mV,=,here\n"
    )
    return folder


@pytest.mark.parametrize("away", ["../mine.toml", "/etc/mine.toml", "link.toml", "../mine"])
def test_a_case_names_no_file_outside_its_folder(away: str, tmp_path: Path) -> None:
    outside = tmp_path / "mine.toml"
    outside.write_text('title = "t"\nbase = "mann2025_li"\n')
    folder = case_of(tmp_path / "case", away, "rest")
    (folder / "link.toml").symlink_to(outside)
    case = load_case(folder)
    with pytest.raises(RecordError, match="case.toml: .* leaves the folder"):
        cell_of(case, case.rows[0])
    with pytest.raises(RecordError, match="case.toml: .* leaves the folder"):
        load_case(case_of(folder, "mann2025_li", away))


def test_a_case_names_files_beside_it(tmp_path: Path) -> None:
    folder = case_of(tmp_path / "case", "mine.toml", "rest")
    case = load_case(folder)
    with pytest.raises(RecordError, match="no file 'mine.toml' beside it"):
        cell_of(case, case.rows[0])
    (folder / "mine.toml").write_text('title = "t"\nbase = "mann2025_li"\n')
    assert cell_of(case, case.rows[0]).name == "mine"


def test_findings_of_a_case_have_a_limit(tmp_path: Path) -> None:
    folder = case_of(tmp_path / "case", "mann2025_li", "rest")
    (folder / "README.md").write_text("x" * 1_000_001)
    with pytest.raises(RecordError, match="README.md: is larger than 1 MB"):
        _ = load_case(folder).findings


class _Evil:
    """Leaves a mark where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.mark,))


@pytest.mark.parametrize("where", ["filters", "compressor"])
def test_a_store_that_names_pickle_is_not_read(where: str, tmp_path: Path) -> None:
    place, mark = tmp_path / "s.zarr", tmp_path / "mark"
    codec = {"id": "pickle", "protocol": 5}
    for name, kind, shape in (
        ("values", "<f8", [3, 1]),
        ("states", "|u1", [3]),
        ("reasons", "|u1", [3, 200]),
    ):
        array = {
            "zarr_format": 2,
            "shape": shape,
            "chunks": shape,
            "dtype": kind,
            "fill_value": 0,
            "order": "C",
            "filters": None,
            "compressor": None,
            where: [codec] if where == "filters" else codec,
        }
        (place / name).mkdir(parents=True)
        (place / name / ".zarray").write_text(json.dumps(array))
        chunk = ".".join("0" for _ in shape)
        (place / name / chunk).write_bytes(pickle.dumps(_Evil(mark)))
    (place / ".zgroup").write_text('{"zarr_format": 2}')
    attributes = {"format": "solid-state-twin campaign", "version": 1, "campaign": {}}
    (place / ".zattrs").write_text(json.dumps(attributes))
    with pytest.raises(TwinError, match="no store of a campaign"):
        CampaignStore(place, {}, samples=3, outputs=1, batch=2)
    assert not mark.exists()


def test_a_store_with_other_arrays_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "s.zarr"
    CampaignStore(place, {"seed": 1}, samples=3, outputs=1, batch=2)
    group = zarr.open_group(place, mode="r+")
    del group["states"]
    group.create_array("states", shape=(10**12,), chunks=(1000,), dtype="uint8")
    with pytest.raises(TwinError, match="array 'states' is not the one"):
        CampaignStore(place, {"seed": 1}, samples=3, outputs=1, batch=2)


def test_a_result_that_unpacks_to_more_than_the_limit_is_refused(
    tmp_path: Path,
) -> None:
    path = tmp_path / "bomb.nc"
    with h5netcdf.File(path, "w") as file:
        file.dimensions = {"t": results.LARGEST}
        file.create_variable("x", ("t",), "f8", chunks=(10**6,), compression="gzip")
    assert path.stat().st_size < 100_000
    with pytest.raises(TwinError, match="bomb.nc: holds 32 GB"):
        twin.load(path)


def journal_at(folder: Path) -> Journal:
    journal = Journal(folder, {"cell": "a"})
    journal.append({"cycle": 1})
    journal.save({"y": np.zeros(2)}, {})
    return journal


def test_a_journal_reads_no_pickle(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    journal_at(tmp_path / "j")
    evil = np.array([_Evil(mark)], dtype=object)
    with (tmp_path / "j/checkpoint.npz").open("wb") as file:
        np.savez(file, allow_pickle=True, **{"bytes of records": evil})
    with pytest.raises(TwinError, match="checkpoint.npz: cannot be read"):
        Journal(tmp_path / "j", {"cell": "a"})
    assert not mark.exists()


def test_a_journal_has_limits(tmp_path: Path) -> None:
    journal_at(tmp_path / "j")
    with zipfile.ZipFile(tmp_path / "j/checkpoint.npz", "w", zipfile.ZIP_DEFLATED) as file:
        with file.open("y.npy", "w", force_zip64=True) as member:
            for _ in range(1001):
                member.write(bytes(1_000_000))
    with pytest.raises(TwinError, match="larger than 1 GB"):
        Journal(tmp_path / "j", {"cell": "a"})
    (tmp_path / "j/request.json").write_bytes(b" " * 10_000_001)
    with pytest.raises(TwinError, match="request.json: cannot be read .*10 MB"):
        Journal(tmp_path / "j", {"cell": "a"})


@pytest.mark.parametrize("request_kept", [b"\xff", b"[1]", b"{", b"[" * 100_000])
def test_a_journal_of_something_else_is_refused(
    request_kept: bytes, tmp_path: Path
) -> None:
    (tmp_path / "request.json").write_bytes(request_kept)
    with pytest.raises(TwinError, match="request.json: cannot be read|another run"):
        Journal(tmp_path, {"cell": "a"})


def test_broken_records_of_a_journal_are_named(tmp_path: Path) -> None:
    journal = journal_at(tmp_path / "j")
    records = tmp_path / "j/cycles.jsonl"
    records.write_bytes(b"x" * records.stat().st_size)
    with pytest.raises(TwinError, match="cycles.jsonl: cannot be read"):
        list(journal.records())


def test_files_of_instruments_have_a_limit(tmp_path: Path) -> None:
    for name, size in (("a.z", 100_000_001), ("b.mpr", 2_000_000_001)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)  # a hole: takes no room on the disk
    with pytest.raises(TwinError, match="a.z: is larger than 100 MB"):
        read_spectrum(tmp_path / "a.z")
    with pytest.raises(TwinError, match="b.mpr: is larger than 2 GB"):
        read_cycler(tmp_path / "b.mpr")


@pytest.mark.parametrize("read", [load_cell, load_experiment, read_bpx])
def test_folders_and_pipes_are_not_read(
    read: Callable[[Path], Any], tmp_path: Path
) -> None:
    """A pipe would keep the reader for ever."""
    with pytest.raises(RecordError, match="is a folder; give a"):
        read(tmp_path)
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(RecordError, match="is not a regular file"):
        read(tmp_path / "pipe.toml")
    with pytest.raises(RecordError, match="no such file"):
        read(tmp_path / "nothing.toml")


def saved(folder: Path, **attributes: str) -> Path:
    """A result with the attributes that a state is run again from, some of them changed."""
    cell = load_cell("mann2025_li")
    named = {
        "cell": cell.name,
        "experiment": "rest",
        "arguments": "duration = 60 s",
        "parameters": results.records_of(cell),
    }
    data = xr.Dataset({}, {"time": [0.0]}, {**named, **attributes})
    return results.save(data, folder / "state.nc")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"experiment": "mine.toml"}, "unknown experiment 'mine.toml'"),
        ({"experiment": "../rest"}, "unknown experiment"),
        ({"arguments": "duration = forever"}, "forever"),
        ({"parameters": "{"}, "its parameters cannot be read .JSONDecodeError"),
        ({"parameters": "[" * 100_000}, "nested too deeply"),
        ({"parameters": '{"Stack pressure [Pa]": 1}'}, "cannot be read .TypeError"),
        ({"parameters": '{"Stack pressure [Pa]": {}}'}, "cannot be read .KeyError"),
        ({"parameters": '{"Stack pressure [Pa]": {"value": -1}}'}, "allowed interval"),
        ({"parameters": '{"No such thing": {"value": 1}}'}, "unknown parameter"),
        ({"cell": "another"}, "a result of cell another"),
    ],
)
def test_a_result_names_no_file_and_no_other_values(
    changed: dict[str, str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = load_cell("mann2025_li")
    recorded(saved(tmp_path), cell)
    monkeypatch.chdir(tmp_path)
    shipped = assets.find("experiments", "rest").read_text()
    (tmp_path / "mine.toml").write_text(shipped)
    with pytest.raises(TwinError, match=message):
        recorded(saved(tmp_path, **changed), cell)


def test_a_result_without_what_was_run_is_no_state(tmp_path: Path) -> None:
    data = xr.Dataset({}, {"time": [0.0]}, {"cell": "mann2025_li"})
    with pytest.raises(TwinError, match="not a result of 'twin run'"):
        recorded(results.save(data, tmp_path / "a.nc"), load_cell("mann2025_li"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[" * 100_000, "is no report of a fit"),
        ('{"parameters": [{"name": "a", "value": NaN, "fitted_to": []}]}', "no report"),
        (" " * 1_000_001, "larger than 1 MB"),
    ],
)
def test_broken_reports_of_fits_are_refused(
    content: str, message: str, tmp_path: Path
) -> None:
    shipped = assets.find("parameters", "mann2025_li", "cells").read_text()
    (tmp_path / "mann2025_li.toml").write_text(shipped)
    (tmp_path / "a.fit.json").write_text(content)
    with pytest.raises(RecordError, match=f"a.fit.json: .*{message}"):
        load_cell(tmp_path / "mann2025_li.toml")


VARIANT = 'title = "variant"\nbase = "{base}"\n'


def test_a_base_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    outside, box = tmp_path / "outside", tmp_path / "box"
    outside.mkdir()
    box.mkdir()
    (outside / "secret.toml").write_text(VARIANT.format(base="mann2025_li"))
    (box / "inner.toml").symlink_to(outside / "secret.toml")
    (box / "mine.toml").write_text(VARIANT.format(base="inner"))
    with pytest.raises(RecordError, match="'inner.toml' leaves the folder"):
        load_cell(box / "mine.toml")


def test_a_tower_of_bases_is_refused(tmp_path: Path) -> None:
    for number in range(1500):
        file = tmp_path / f"c{number}.toml"
        file.write_text(VARIANT.format(base=f"c{number + 1}"))
    with pytest.raises(RecordError, match="more than 20 bases one above the other"):
        load_cell(tmp_path / "c0.toml")


@pytest.mark.parametrize("name", ["cycles.jsonl", "checkpoint.npz", "checkpoint.new"])
def test_a_journal_does_not_write_where_a_link_leads(tmp_path: Path, name: str) -> None:
    folder, victim = tmp_path / "journal", tmp_path / "victim.txt"
    Journal(folder, {"cell": "mine"})
    victim.write_text("dear")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(victim)
    with pytest.raises(TwinError, match=f"holds links .{name}."):
        Journal(folder, {"cell": "mine"})
    assert victim.read_text() == "dear"


def test_text_that_would_order_the_terminal_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cell.toml"
    file.write_text('title = "red \\u001b[31m"\nbase = "mann2025_li"\n')
    with pytest.raises(RecordError, match="holds control characters; write plain text"):
        load_cell(file)
