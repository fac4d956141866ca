import dataclasses
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from twin import assets
from twin.errors import RecordError, TwinError, UnitError, UnknownNameError
from twin.parts.parameters import list_cells, load_cell, parse_setting

THICKNESS = "Lithium thickness [m]"
CONTACT = "Initial contact fraction"
PRESSURE = "Stack pressure [Pa]"

SOURCE = 'source = { paper = "a2025", locator = "Fig 1" }'


def record(name: str, value: str = "50", unit: str | None = "um", more: str = "") -> str:
    """A valid record, to be spoilt in one place."""
    given = f'unit = "{unit}"\n' if unit is not None else ""
    rest = more if "status" in more else f'status = "measured"\n{more}'
    rest = rest if "source" in rest else f"{rest}\n{SOURCE}"
    return f'["{name}"]\nvalue = {value}\n{given}{rest}\n'


HEAD = 'title = "A cell"\npaper = "a2025"\nmodel = "SymmetricCell"\n'

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of a parameters folder; returns its path."""

    def writer(
        content: str | bytes, name: str = "parameters/cells/cell.toml", head: str = HEAD
    ) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = content if isinstance(content, bytes) else (head + content).encode()
        path.write_bytes(raw)
        return path

    return writer


def part(write: Write, name: str, content: str) -> Path:
    return write(content, f"parameters/{name}.toml", 'title = "A part"\n')


# --- what a good file gives ----------------------------------------------------------


def test_a_record_arrives_in_si(write: Write) -> None:
    more = (
        'range = [40, 60]\nstatus = "fitted"\nfitted_to = ["a2025-1", "a2025-2"]\n'
        'note = "n"\nsource = { paper = "a2025", locator = "Fig 1", method = "SEM", '
        'doi = "10.1/x" }'
    )
    cell = load_cell(write(record(THICKNESS, more=more)))
    got = cell.records[THICKNESS]
    assert (got.value, got.low, got.high, got.unit) == (5e-5, 4e-5, 6e-5, "m")
    assert (got.status, got.fitted_to) == ("fitted", ("a2025-1", "a2025-2"))
    assert (got.note, got.file) == ("n", "cells/cell.toml")
    assert got.source.model_dump() == {
        "paper": "a2025",
        "locator": "Fig 1",
        "method": "SEM",
        "doi": "10.1/x",
    }
    assert cell.values == {THICKNESS: 5e-5}
    assert (cell.name, cell.title, cell.paper) == ("cell", "A cell", "a2025")


@pytest.mark.parametrize(
    ("name", "value", "unit", "si"),
    [
        ("Lithium self-diffusivity at 25 C [m2.s-1]", "4.5e-11", "cm2.s-1", 4.5e-15),
        ("Ambient temperature [K]", "60", "degC", 333.15),
        ("Lithium creep activation energy [J.mol-1]", "0.34", "eV", 32805.01292),
        (CONTACT, "80", "%", 0.8),
        (CONTACT, "1", None, 1.0),
        (CONTACT, "0.8", "-", 0.8),
        ("Positive lithium thickness [m]", "20", "um", 2e-5),
    ],
)
def test_units_are_converted(
    write: Write, name: str, value: str, unit: str | None, si: float
) -> None:
    cell = load_cell(write(record(name, value, unit)))
    assert cell.values[name] == pytest.approx(si, rel=1e-9)


def test_a_temperature_range_keeps_its_order(write: Write) -> None:
    text = record("Ambient temperature [K]", "25", "degC", "range = [20, 30]")
    got = load_cell(write(text)).records["Ambient temperature [K]"]
    assert (got.low, got.high) == (293.15, 303.15)


def test_own_wins_over_later_uses_over_earlier_over_base(write: Write) -> None:
    part(write, "materials/first", record(THICKNESS, "1") + record(CONTACT, "0.1", "-"))
    part(
        write,
        "interfaces/second",
        record(CONTACT, "0.2", "-") + record(PRESSURE, "2", "MPa"),
    )
    write(
        record("Void height [m]", "9") + record(THICKNESS, "9"),
        "parameters/cells/parent.toml",
        HEAD + 'options = { "void closure" = "creep", other = "a" }\n',
    )
    child = write(
        record(PRESSURE, "3", "MPa"),
        head='title = "Child"\nbase = "parent"\noptions = { other = "b" }\n'
        'uses = ["materials/first", "interfaces/second.toml"]\n',
    )
    cell = load_cell(child)
    assert cell.values == {
        "Void height [m]": 9e-6,
        THICKNESS: 1e-6,
        CONTACT: 0.2,
        PRESSURE: 3e6,
    }
    assert cell.records[THICKNESS].file == "materials/first.toml"
    assert cell.options == {"void closure": "creep", "other": "b"}
    assert (cell.title, cell.paper, cell.model) == ("Child", "a2025", "SymmetricCell")


def test_parts_come_from_beside_the_file_before_the_shared_ones(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared/parameters/materials"
    shared.mkdir(parents=True)
    (shared / "lithium.toml").write_text('title = "S"\n' + record(THICKNESS, "7"))
    (shared / "other.toml").write_text('title = "S"\n' + record(PRESSURE, "7", "Pa"))
    monkeypatch.setenv(assets.VARIABLE, str(tmp_path / "shared"))
    write(record(THICKNESS, "5"), "mine/materials/lithium.toml", 'title = "M"\n')
    uses = 'uses = ["materials/Lithium", "materials/other"]\n'
    cell = load_cell(write("", "mine/cell.toml", HEAD + uses))
    assert cell.values == {THICKNESS: 5e-6, PRESSURE: 7.0}


def test_relative_paths_find_the_same_parts(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    part(write, "materials/lithium", record(THICKNESS, "5"))
    cell = write("", head=HEAD + 'uses = ["materials/lithium"]\n')
    monkeypatch.chdir(cell.parent)
    assert load_cell("cell.toml").values == {THICKNESS: 5e-6}


def test_a_variant_may_have_the_name_of_its_base(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(record(THICKNESS, "5"), "shared/parameters/cells/a2025.toml")
    monkeypatch.setenv(assets.VARIABLE, str(tmp_path / "shared"))
    head = 'title = "Mine"\nbase = "a2025"\n'
    own = write(record(PRESSURE, "1", "MPa"), "mine/a2025.toml", head)
    assert load_cell(own).values == {THICKNESS: 5e-6, PRESSURE: 1e6}
    assert load_cell("a2025").values == {THICKNESS: 5e-6}


def test_a_base_beside_the_file_comes_before_a_shared_one(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(record(THICKNESS, "5"), "shared/parameters/cells/parent.toml")
    write(record(THICKNESS, "6"), "mine/parent.toml")
    monkeypatch.setenv(assets.VARIABLE, str(tmp_path / "shared"))
    child = write("", "mine/child.toml", 'title = "Child"\nbase = "parent"\n')
    assert load_cell(child).values == {THICKNESS: 6e-6}


def test_list_cells(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(record(THICKNESS), "parameters/cells/zz_parent.toml")
    head = 'title = "Child"\nbase = "zz_parent"\n'
    write("", "parameters/cells/zz_child.toml", head)
    monkeypatch.setenv(assets.VARIABLE, str(tmp_path))
    listed = {cell.name: cell for cell in list_cells()}
    child = listed["zz_child"]
    assert (child.title, child.paper, child.model) == (
        "Child",
        "a2025",
        "SymmetricCell",
    )
    assert "zz_parent" in listed


def test_cells_travel_to_other_processes(write: Write) -> None:
    cell = load_cell(write(record(THICKNESS)))
    assert pickle.loads(pickle.dumps(cell)) == cell


def test_as_dict_is_json(write: Write) -> None:
    more = 'status = "fitted"\nfitted_to = ["row"]'
    got = load_cell(write(record(THICKNESS, more=more))).records[THICKNESS]
    plain = json.loads(json.dumps(got.as_dict()))
    assert plain["source"] == {"paper": "a2025", "locator": "Fig 1"}
    assert plain["fitted_to"] == ["row"]
    assert plain["value"] == 5e-5
    assert "note" not in plain


# --- what is refused -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (
            record("Lithium thicknes [m]"),
            UnknownNameError,
            r"'Lithium thickness \[m\]'",
        ),
        (record("Lithium thickness"), UnknownNameError, r"'Lithium thickness \[m\]'"),
        (record("Voltage [V]", "1", "V"), UnknownNameError, "unknown parameter"),
        ("[option]\na = 'b'\n", UnknownNameError, "Did you mean 'options'"),
        (f'["{THICKNESS}"]\nvalue = 1\n', RecordError, "'status' is missing"),
        (
            f'["{THICKNESS}"]\nvalue = 1\nunit = "um"\nstatus = "measured"\n',
            RecordError,
            "'source' is missing",
        ),
        (
            record(THICKNESS, more='source = { paper = "a" }'),
            RecordError,
            "'source.locator' is missing",
        ),
        (
            record(THICKNESS, more='source = { paper = " ", locator = "Fig 1" }'),
            RecordError,
            "source.paper = ' '",
        ),
        (
            record(THICKNESS, more='source = { papr = "a", locator = "Fig 1" }'),
            RecordError,
            "unknown key 'source.papr'. Did you mean 'paper'",
        ),
        (record(THICKNESS, unit=None), UnitError, 'missing; add unit = "m"'),
        (record(THICKNESS, unit="s"), UnitError, "given 50 s, expected .* 'm'"),
        (record(THICKNESS, unit="microns?"), UnitError, "unknown unit 'microns"),
        (record(THICKNESS, unit=""), UnitError, "expected a unit"),
        (record(CONTACT, "0.5", "m"), UnitError, "expected a pure number"),
        (record(THICKNESS, "-50"), RecordError, r"allowed interval \(0, 0.1\] m"),
        (record(THICKNESS, "0"), RecordError, "allowed interval"),
        (record(THICKNESS, "50", "m"), RecordError, "check the value and its unit"),
        (record(CONTACT, "1.5", None), RecordError, "allowed interval"),
        (record(THICKNESS, "nan"), RecordError, "value = nan: .*finite"),
        (record(THICKNESS, "inf"), RecordError, "value = inf: .*finite"),
        (record(THICKNESS, "1e999"), RecordError, "finite"),
        (record(THICKNESS, "1" + "0" * 400), RecordError, "value = 1000"),
        (record(THICKNESS, '"50"'), RecordError, "value = '50': .*number"),
        (record(THICKNESS, "true"), RecordError, "value = True: .*number"),
        (record(THICKNESS, "[50]"), RecordError, "value"),
        (record(THICKNESS, more="range = [60, 70]"), RecordError, "does not contain"),
        (record(THICKNESS, more="range = [60, 40]"), RecordError, "does not contain"),
        (record(THICKNESS, more="range = [50]"), RecordError, "range"),
        (record(THICKNESS, more="range = [-1, 60]"), RecordError, "range: .*allowed"),
        (record(THICKNESS, more="range = [1, inf]"), RecordError, "finite"),
        (record(THICKNESS, more='status = "known"'), RecordError, "'measured'"),
        (record(THICKNESS, more='status = "fitted"'), RecordError, "names the rows"),
        (record(THICKNESS, more='fitted_to = ["a"]'), RecordError, "no other value"),
        (record(THICKNESS, more="notes = 'a'"), RecordError, "Did you mean 'note'"),
        (f'"{THICKNESS}" = 5e-5\n', RecordError, "needs a table with value, unit"),
        ("", RecordError, "has no parameters"),
        ("[Lithium thickness [m]]\n", RecordError, "line 4.*need quotes"),
        (record(THICKNESS)[:-5], RecordError, "line 9, the end"),
        (record(THICKNESS) * 2, RecordError, "not valid TOML.*line"),
        ("x = " + "[" * 5000, RecordError, "nested too deeply"),
        ("x = 1" + "0" * 5000, RecordError, "not valid TOML"),
        (b"", RecordError, "is empty"),
        (b"\n# nothing\n", RecordError, "is empty"),
        (b"\x7fELF\xff\xfe\x00", RecordError, "not a UTF-8 text file"),
        (b"title = 'a'\0", RecordError, "binary"),
        (b"#" * 1_000_001, RecordError, "larger than 1 MB"),
    ],
)
def test_a_bad_file_is_refused(
    write: Write, text: str | bytes, error: type[TwinError], message: str
) -> None:
    path = write(text)
    with pytest.raises(error, match=message) as caught:
        load_cell(path)
    assert str(caught.value).startswith(str(path))
    assert "pydantic" not in str(caught.value)
    assert len(str(caught.value)) < len(str(path)) + 400


def test_the_message_names_file_and_table(write: Write) -> None:
    path = write(record(THICKNESS, "-50"))
    with pytest.raises(RecordError) as caught:
        load_cell(path)
    assert str(caught.value).startswith(f'{path}, ["{THICKNESS}"]: ')


@pytest.mark.parametrize(
    ("head", "error", "message"),
    [
        (HEAD.replace("SymmetricCell", "SymetricCell"), UnknownNameError, "Symmetric"),
        (HEAD.replace('title = "A cell"', ""), RecordError, "'title' is missing"),
        (HEAD.replace('paper = "a2025"', ""), RecordError, "'paper' is missing"),
        (HEAD.replace('model = "SymmetricCell"', ""), RecordError, "'model' is miss"),
        (HEAD.replace('"A cell"', "3"), RecordError, "title = 3: write it in quotes"),
        (HEAD + 'uses = "materials/a"\n', RecordError, "uses = 'materials/a'"),
        (HEAD + "options = { a = 1 }\n", RecordError, "options.a = 1"),
        (HEAD + 'use = ["materials/a"]\n', UnknownNameError, "Did you mean 'uses'"),
        (HEAD + 'uses = ["materials/nope"]\n', UnknownNameError, "materials/nope"),
        (HEAD + 'uses = ["../../secret"]\n', RecordError, "leaves the folder"),
        (HEAD + 'uses = ["/etc/secret"]\n', RecordError, "leaves the folder"),
        (HEAD + 'base = "nope"\n', UnknownNameError, "unknown cell 'nope'"),
        (HEAD + 'base = "../cells/cell"\n', RecordError, "not the name of a cell"),
        (HEAD + 'base = "cell"\n', RecordError, "circular: cell -> cell"),
    ],
)
def test_a_bad_head_is_refused(
    write: Write, head: str, error: type[TwinError], message: str
) -> None:
    path = write(record(THICKNESS), head=head)
    with pytest.raises(error, match=message) as caught:
        load_cell(path)
    assert str(caught.value).startswith(str(path))


def test_unknown_part_offers_the_nearest(write: Write) -> None:
    part(write, "materials/lithium_foil", record(THICKNESS))
    path = write("", head=HEAD + 'uses = ["materials/lithium_fol"]\n')
    with pytest.raises(UnknownNameError, match="mean 'materials/lithium_foil'"):
        load_cell(path)


def test_a_link_out_of_the_folder_is_refused(write: Write, tmp_path: Path) -> None:
    secret = tmp_path / "secret.toml"
    secret.write_text('title = "S"\n' + record(THICKNESS))
    path = write("", head=HEAD + 'uses = ["materials/link"]\n')
    (tmp_path / "parameters/materials").mkdir()
    (tmp_path / "parameters/materials/link.toml").symlink_to(secret)
    with pytest.raises(RecordError, match="uses: .*leaves the folder"):
        load_cell(path)


def test_circular_bases_are_refused(write: Write) -> None:
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        head = f'{HEAD}base = "{base}"\n'
        path = write(record(THICKNESS), f"parameters/cells/{name}.toml", head)
    with pytest.raises(RecordError, match="circular: c -> a -> b -> c"):
        load_cell(path)


def test_an_error_in_a_part_names_the_part(write: Write) -> None:
    broken = part(write, "materials/broken", record(THICKNESS, unit="s"))
    path = write("", head=HEAD + 'uses = ["materials/broken"]\n')
    with pytest.raises(UnitError) as caught:
        load_cell(path)
    assert Path(str(caught.value).partition(",")[0]).samefile(broken)


def test_a_part_is_no_cell(write: Write) -> None:
    part(write, "materials/odd", 'model = "SymmetricCell"\n' + record(THICKNESS))
    path = write("", head=HEAD + 'uses = ["materials/odd"]\n')
    with pytest.raises(UnknownNameError, match="'model'"):
        load_cell(path)


@pytest.mark.parametrize("given", ["", "no-such-cell", "no/such.toml", "."])
def test_no_such_cell(given: str) -> None:
    with pytest.raises((RecordError, UnknownNameError)):
        load_cell(given)


def test_a_folder_or_a_pipe_is_no_cell(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(RecordError, match="is a folder"):
        load_cell(tmp_path / "folder.toml")
    with pytest.raises(RecordError, match="regular file"):
        load_cell(tmp_path / "pipe.toml")


def test_byte_order_mark_and_windows_lines_are_fine(write: Write) -> None:
    text = (HEAD + record(THICKNESS)).replace("\n", "\r\n")
    cell = load_cell(write(b"\xef\xbb\xbf" + text.encode()))
    assert cell.values == {THICKNESS: 5e-5}


# --- values given by the user --------------------------------------------------------


def test_with_values_replaces_and_labels(write: Write) -> None:
    cell = load_cell(write(record(THICKNESS, more="range = [40, 60]")))
    changed = cell.with_values({THICKNESS: 2e-5, CONTACT: 0.5}, "--set")
    assert changed.values == {THICKNESS: 2e-5, CONTACT: 0.5}
    got = changed.records[THICKNESS]
    assert (got.status, got.source.paper, got.source.locator) == (
        "assumed",
        "user",
        "--set",
    )
    assert (got.low, got.high) == (None, None)
    assert cell.values == {THICKNESS: 5e-5}
    assert dataclasses.replace(changed, records=cell.records) == cell


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        (THICKNESS, -1e-5, RecordError),
        (THICKNESS, float("nan"), RecordError),
        (CONTACT, 1.5, RecordError),
        ("Lithium thickness", 1e-5, UnknownNameError),
    ],
)
def test_with_values_refuses(
    write: Write, name: str, value: float, error: type[TwinError]
) -> None:
    cell = load_cell(write(record(THICKNESS)))
    with pytest.raises(error, match="^--set: "):
        cell.with_values({name: value}, "--set")


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Lithium thickness=50 um", THICKNESS, 5e-5),
        ("lithium thickness = 50um", THICKNESS, 5e-5),
        ("Lithium thickness [m]=5e-5", THICKNESS, 5e-5),
        ("Lithium thickness [m]=50 um", THICKNESS, 5e-5),
        ("Initial contact fraction=0.5", CONTACT, 0.5),
        ("Initial contact fraction=50 %", CONTACT, 0.5),
        ("Ambient temperature=60 degC", "Ambient temperature [K]", 333.15),
        ("Positive lithium thickness=9 um", "Positive lithium thickness [m]", 9e-6),
        ("pressure=2 MPa", "Stack pressure [Pa]", 2e6),
        ("Temperature=60 degC", "Ambient temperature [K]", 333.15),
        ("wetting=0.5", CONTACT, 0.5),
    ],
)
def test_parse_setting(text: str, name: str, value: float) -> None:
    assert parse_setting(text) == (name, pytest.approx(value, rel=1e-12))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("Lithium thickness=50", UnitError, "missing unit.*=50 m'"),
        ("Lithium thickness=50 s", UnitError, "expected"),
        ("Lithium thickness=50 wibble", UnitError, "unknown unit"),
        ("Lithium thickness [um]=50", UnknownNameError, r"'Lithium thickness \[m\]'"),
        ("Lithium thicknes=50 um", UnknownNameError, r"'Lithium thickness \[m\]'"),
        ("Lithium thickness=-50 um", RecordError, "allowed interval"),
        ("Lithium thickness=nan um", RecordError, "finite"),
        ("Lithium thickness=", RecordError, "not a quantity"),
        ("Lithium thickness", RecordError, "NAME=VALUE unit"),
        ("=50 um", RecordError, "NAME=VALUE unit"),
        ("", RecordError, "NAME=VALUE unit"),
        ("Current function [A]=1", UnknownNameError, "unknown parameter"),
    ],
)
def test_parse_setting_refuses(text: str, error: type[TwinError], message: str) -> None:
    with pytest.raises(error, match=message):
        parse_setting(text)
