"""Nobody gets a fitted row called predicted: ways to try, and what becomes of each."""

import json
import shutil
from pathlib import Path

import pytest

from twin import assets
from twin.errors import RecordError, TwinError
from twin.parts.parameters import load_cell
from twin.studies.cases import load_case, own_file
from twin.studies.fit import fit
from twin.studies.fit_files import write_fit
from twin.studies.fitted_rows import is_fitted

BULK = "Separator bulk conductivity at 25 C [S.m-1]"
CASE = """
title = "A case of my own"
paper = "me2026"
reference = "notebook"

[[rows]]
id = "{id}"
cell = "{cell}"
experiment = "full_stripping"
arguments = {{ current_density = "{density}", cut_off = "1000 mV" }}
observable = "stripped capacity"
tolerance = 0.05
reason = "none"
"""


def own_case(
    folder: Path,
    *,
    id: str = "mine",
    cell: str = "mann2025_lina",
    density: str = "1 mA.cm-2",
    value: float = 7.129,
) -> Path:
    folder.mkdir(exist_ok=True)
    text = CASE.format(id=id, cell=cell, density=density)
    (folder / "case.toml").write_text(text)
    (folder / "measurements.csv").write_text(
        f"id,quantity,value,unit,bound,locator\n{id},capacity,{value},mA.h.cm-2,=,p\n"
    )
    return folder


def fitted(folder: Path) -> bool:
    case = load_case(folder)
    (row,) = case.rows
    return is_fitted(row, case, load_cell(own_file(case, row.cell)))


def test_the_same_comparison_under_another_id_is_fitted(tmp_path: Path) -> None:
    # mann-strip-60-1.0, its current in other units and a default spelt out
    assert fitted(own_case(tmp_path / "renamed"))
    assert fitted(own_case(tmp_path / "units", density="10 A.m-2"))
    # with a number of another sample it is still what the diffusivity was fitted to
    assert fitted(own_case(tmp_path / "number", value=7.5))
    # another current is another measurement
    assert not fitted(own_case(tmp_path / "other", density="0.6 mA.cm-2"))


def test_a_copy_of_the_cell_does_not_hide_the_same_data(tmp_path: Path) -> None:
    folder = own_case(tmp_path, cell="copy.toml")
    (folder / "copy.toml").write_text('title = "copy"\nbase = "mann2025_lina"\n')
    assert fitted(folder)
    # nor does one that differs in what does not matter here, with the same number
    changed = (
        'title = "copy"\nbase = "mann2025_lina"\n\n["Interface capacitance [F.m-2]"]\n'
        'value = 0.3\nunit = "F.m-2"\nstatus = "assumed"\n'
        'source = { paper = "me2026", locator = "p" }\n'
    )
    (folder / "copy.toml").write_text(changed)
    assert fitted(folder)
    assert not fitted(own_case(tmp_path, cell="copy.toml", value=7.5))


def test_a_copied_case_keeps_its_other_rows_predicted(tmp_path: Path) -> None:
    """peng-ccd-0 and peng-ccd-1 read the same number off the same staircase."""
    source = assets.find("validation", "peng2025").parent
    shutil.copytree(source, tmp_path / "copy")
    case = load_case(tmp_path / "copy")
    rows = {row.id: row for row in case.rows}
    found = {
        id: is_fitted(rows[id], case, load_cell(rows[id].cell))
        for id in ("peng-ccd-0", "peng-ccd-1")
    }
    assert found == {"peng-ccd-0": True, "peng-ccd-1": False}


REPEATED = """
title = "The fitted value as an assumption of mine"
base = "mann2025_lina"

["Separator bulk conductivity at 25 C [S.m-1]"]
value = {value}
unit = "mS.cm-1"
status = "{status}"
source = {{ paper = "me2026", locator = "p" }}
"""


def cell_file(folder: Path, value: float, status: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(REPEATED.format(value=value, status=status))
    return path


@pytest.mark.parametrize("status", ["assumed", "measured", "derived"])
def test_a_cell_cannot_repeat_a_fitted_value_as_another(
    tmp_path: Path, status: str
) -> None:
    for value in (1.061, 1.0611):
        with pytest.raises(RecordError, match=r"repeats the value .* mann-rtot-60"):
            load_cell(cell_file(tmp_path, value, status))
    assert load_cell(cell_file(tmp_path, 0.9, status)).records[BULK].status == status


def test_a_part_cannot_repeat_a_fitted_value_as_another(tmp_path: Path) -> None:
    part = REPEATED.format(value=1.061, status="assumed").replace(
        'base = "mann2025_lina"\n', ""
    )
    (tmp_path / "part.toml").write_text(part)
    cell = tmp_path / "mine.toml"
    cell.write_text('title = "mine"\nbase = "mann2025_lina"\nuses = ["part"]\n')
    with pytest.raises(RecordError, match="of .*part.toml.*repeats the value"):
        load_cell(cell)


def test_a_value_derived_from_a_fitted_one_carries_its_rows(tmp_path: Path) -> None:
    path = cell_file(tmp_path, 0.9, "derived")
    path.write_text(path.read_text() + 'fitted_to = ["mine"]\n')
    case = load_case(own_case(tmp_path / "case", density="0.6 mA.cm-2"))
    assert is_fitted(case.rows[0], case, load_cell(path))
    for status in ("measured", "assumed"):
        path.write_text(path.read_text().replace('"derived"', f'"{status}"'))
        with pytest.raises(RecordError, match="no other value does"):
            load_cell(path)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fits") / "new"
    found = fit(["mann2025"], [BULK], rows=["mann-rtot-60"])
    paths = write_fit(found, folder, "mine")
    assert {path.name for path in paths} == {
        "llzo_mann2025_fitted.toml",
        "mann2025_lina_fitted.toml",
        "mine.fit.json",
    }
    return folder


def test_a_fit_writes_records_and_a_cell_that_uses_them(written: Path) -> None:
    record = load_cell(written / "mann2025_lina_fitted.toml").records[BULK]
    before = load_cell("mann2025_lina").records[BULK]
    assert (record.status, record.fitted_to) == ("fitted", ("mann-rtot-60",))
    assert record.value == pytest.approx(before.value, rel=0.01)
    assert record.file.endswith("llzo_mann2025_fitted.toml")
    assert (record.low, record.high) == pytest.approx((before.low, before.high))
    assert "95 % interval" in str(record.source.method)
    assert not list(written.glob(".part-*"))


def test_files_that_exist_are_left_alone(written: Path, tmp_path: Path) -> None:
    found = fit(["mann2025"], [BULK], rows=["mann-rtot-60"])
    (tmp_path / "mine.fit.json").write_text("precious")
    with pytest.raises(TwinError, match="exists already"):
        write_fit(found, tmp_path, "mine")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.fit.json"]
    assert (tmp_path / "mine.fit.json").read_text() == "precious"
    write_fit(found, tmp_path, "mine", force=True)
    assert json.loads((tmp_path / "mine.fit.json").read_text())["converged"] is True


def test_taking_the_rows_out_of_a_written_record_is_refused(
    written: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(written, folder)
    records = folder / "llzo_mann2025_fitted.toml"
    cell = folder / "mann2025_lina_fitted.toml"
    text = records.read_text()

    emptied = text.replace('fitted_to = ["mann-rtot-60"]', "fitted_to = []")
    records.write_text(emptied)
    with pytest.raises(RecordError, match="fitted value names the rows"):
        load_cell(cell)
    records.write_text(emptied.replace('"fitted"', '"assumed"'))
    with pytest.raises(RecordError, match=r"mine.fit.json fitted to mann-rtot-60"):
        load_cell(cell)
    records.write_text(text.replace("mann-rtot-60", "another-row"))
    with pytest.raises(RecordError, match="does not list mann-rtot-60"):
        load_cell(cell)
    # moved into the cell's own tables the value is still the report's
    cell.write_text(
        'title = "mine"\nbase = "mann2025_lina"\n'
        + text[text.index("[") :].replace('"fitted"', '"assumed"').partition("fitted_to")[0]
    )
    with pytest.raises(RecordError, match="fitted to mann-rtot-60"):
        load_cell(cell)
    # a report that cannot be read does not let anything through
    (folder / "mine.fit.json").write_text("{}")
    with pytest.raises(RecordError, match="is no report of a fit"):
        load_cell(cell)
