"""Nobody gets a fitted row called predicted: ways to try, and what becomes of each."""

import shutil
from pathlib import Path

import pytest
from fitted_cell import FITTED

from twin import assets, report
from twin.errors import RecordError
from twin.parts.parameters import load_cell
from twin.studies.cases import list_cases, load_case, own_file
from twin.studies.fitted_rows import fitted_elsewhere, fitted_to

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
    unit: str = "mA.h.cm-2",
) -> Path:
    folder.mkdir(exist_ok=True)
    text = CASE.format(id=id, cell=cell, density=density)
    (folder / "case.toml").write_text(text)
    (folder / "measurements.csv").write_text(
        f"id,quantity,value,unit,bound,locator\n{id},capacity,{value},{unit},=,p\n"
    )
    return folder


def fitted(folder: Path) -> bool:
    case = load_case(folder)
    (row,) = case.rows
    return fitted_to(row, case, load_cell(own_file(case, row.cell))) is not None


def test_what_makes_a_row_fitted_is_told(tmp_path: Path) -> None:
    case = load_case(own_case(tmp_path))
    found = fitted_to(case.rows[0], case, load_cell("mann2025_lina"))
    assert found is not None and found.datum == "mann-strip-60-1.0"
    # the two that materials/lithium_sodium_mann2025.toml fits to it
    assert {name.partition(" [")[0] for name in found.parameters} == {
        "Lithium self-diffusivity at 25 C",
        "Lithium thickness",
    }


def test_the_same_comparison_under_another_id_is_fitted(tmp_path: Path) -> None:
    # mann-strip-60-1.0, its current in other units and a default spelt out
    assert fitted(own_case(tmp_path / "renamed"))
    assert fitted(own_case(tmp_path / "units", density="10 A.m-2"))
    # with a number of another sample it is still what the diffusivity was fitted to
    assert fitted(own_case(tmp_path / "number", value=7.5))
    # another current is another measurement
    assert not fitted(own_case(tmp_path / "other", density="0.6 mA.cm-2"))


# another value than that of mann2025_lina, of no matter to what is stripped
CHANGED = (
    'title = "copy"\nbase = "mann2025_lina"\n\n["Interface capacitance [F.m-2]"]\n'
    'value = 0.3\nunit = "F.m-2"\nstatus = "assumed"\n'
    'source = { paper = "me2026", locator = "p" }\n'
)


def test_a_copy_of_the_cell_does_not_hide_the_same_data(tmp_path: Path) -> None:
    folder = own_case(tmp_path, cell="copy.toml")
    (folder / "copy.toml").write_text('title = "copy"\nbase = "mann2025_lina"\n')
    assert fitted(folder)
    # nor does one that differs in what does not matter here, with the same number
    (folder / "copy.toml").write_text(CHANGED)
    assert fitted(folder)
    assert not fitted(own_case(tmp_path, cell="copy.toml", value=7.5))


@pytest.mark.parametrize(
    ("value", "unit", "same"),
    [
        (7.129, "mA.h.cm-2", True),
        (7129, "uA.h.cm-2", True),
        (7.129, "mA.h/cm2", True),
        (256644, "C.m-2", True),  # 7.129 x 3.6 C / 1e-4 m2
        (25.6644, "C.cm-2", True),
        (7.2, "mA.h.cm-2", False),
        (7200, "uA.h.cm-2", False),
        (7.129, "C.m-2", False),
        (7.129, "uA.h.cm-2", False),
    ],
)
def test_the_same_number_in_another_unit_is_the_same(
    tmp_path: Path, value: float, unit: str, same: bool
) -> None:
    # mann-strip-60-1.0, that reports 7.129 mA.h.cm-2, on a cell that is another one
    folder = own_case(tmp_path, cell="copy.toml", value=value, unit=unit)
    (folder / "copy.toml").write_text(CHANGED)
    assert fitted(folder) is same


def test_a_copied_case_keeps_its_other_rows_predicted(tmp_path: Path) -> None:
    """peng-ccd-0 and peng-ccd-1 read the same number off the same staircase."""
    source = assets.find("validation", "peng2025").parent
    shutil.copytree(source, tmp_path / "copy")
    case = load_case(tmp_path / "copy")
    rows = {row.id: row for row in case.rows}
    found = {
        id: fitted_to(rows[id], case, load_cell(rows[id].cell)) is not None
        for id in ("peng-ccd-0", "peng-ccd-1")
    }
    assert found == {"peng-ccd-0": True, "peng-ccd-1": False}


ITEMS = """
title = "Curves and rows of my own"
paper = "me2026"
reference = "notebook"
{items}"""
CURVE = """
[[curves]]
id = "{id}"
file = "{file}"
kind = "voltage"
cell = "{cell}"
experiment = "full_stripping"
arguments = {{ current_density = "{density} mA.cm-2" }}
rmse = "5 mV"
reason = "none"
"""
ROW = """
[[rows]]
id = "{id}"
cell = "{cell}"
experiment = "full_stripping"
arguments = {{ current_density = "{density} mA.cm-2" }}
observable = "{observable}"
tolerance = 0.05
reason = "none"
"""


def curve(id: str, cell: str, density: float, file: str) -> str:
    return CURVE.format(id=id, cell=cell, density=density, file=file)


def row(id: str, cell: str, density: float, observable: str = "stripped capacity") -> str:
    return ROW.format(id=id, cell=cell, density=density, observable=observable)


def statuses(folder: Path, *items: str) -> dict[str, bool]:
    """Whether each is fitted, in a folder with files of curves and a fitted cell."""
    (folder / "mine.toml").write_text(FITTED)
    for name, text in (("one.csv", "1"), ("same.csv", "1"), ("other.csv", "2")):
        (folder / name).write_text(text)
    (folder / "case.toml").write_text(ITEMS.format(items="".join(items)))
    lines = ["id,quantity,value,unit,bound,locator"]
    for item in items:
        if "[[rows]]" in item:
            unit = "mA.h.cm-2" if "capacity" in item else "Ohm.cm2"
            lines.append(f"{item.split(chr(34))[1]},q,7,{unit},=,p")
    (folder / "measurements.csv").write_text("\n".join(lines) + "\n")
    case = load_case(folder)
    return {
        one.id: fitted_to(one, case, load_cell(own_file(case, one.cell))) is not None
        for one in (*case.rows, *case.curves)
    }


def test_a_curve_of_a_fitted_run_or_file_is_fitted(tmp_path: Path) -> None:
    assert statuses(
        tmp_path,
        curve("first", "mine.toml", 0.6, "one.csv"),
        curve("run", "mine.toml", 0.6, "other.csv"),
        curve("file", "mine.toml", 0.3, "same.csv"),
        curve("neither", "mine.toml", 0.3, "other.csv"),
        # nothing of this cell was fitted to "first"
        curve("elsewhere", "mann2025_li", 0.6, "same.csv"),
        row("read", "mine.toml", 0.6),
        row("resistance", "mine.toml", 0.6, "initial cell resistance"),
        row("spectrum", "mine.toml", 0.6, "interface resistance"),
        row("not-read", "mine.toml", 0.3),
    ) == {
        "first": True,
        "run": True,
        "file": True,
        "neither": False,
        "elsewhere": False,
        "read": True,
        "resistance": True,
        "spectrum": False,
        "not-read": False,
    }


@pytest.mark.parametrize(
    ("first", "again", "same"),
    [
        ('at = "22.5 h"', 'at = "22.50 h"', True),
        ('at = "22.5 h"', 'at = "1350 min"', True),
        ('at = "22.5 h"', 'at = "81000 s"', True),
        ('at = "22.5 h"', 'at = "22.6 h"', False),
        ('at = "22.5 h"', 'at = "22.500001 h"', False),
        ('at = "22.5 h"', "", False),
        ('at = "22.5 h"', 'at = "22.5 h"\nevery = "30 min"', False),
        # there is one cycle of one step
        ('at = "cycle 1"', 'at = "Cycle 01, step 1"', True),
        ('at = "step 1"', "", True),
        ('every = "30 min"', 'every = "0.5 h"', True),
        ('every = "30 min"', 'every = "1800 s"', True),
        ('every = "30 min"', 'every = "31 min"', False),
        ('every = "30 min"', 'every = "1800 C.m-2"', False),
        ('every = "0.1 mA.h.cm-2"', 'every = "0.36 C.cm-2"', True),
        ('every = "0.1 mA.h.cm-2"', 'every = "3.6 C.cm-2"', False),
    ],
)
def test_the_same_moments_in_other_words_are_the_same(
    tmp_path: Path, first: str, again: str, same: bool
) -> None:
    spectrum = "interface resistance"
    assert statuses(
        tmp_path,
        row("first", "mine.toml", 0.6, spectrum) + first + "\n",
        row("again", "mine.toml", 0.6, spectrum) + again + "\n",
    ) == {"first": True, "again": same}


@pytest.mark.parametrize(
    ("again", "same"),
    [
        ("cycle 2", True),
        ("cycle 02", True),
        ("cycle 2, step 2", True),  # it strips and plates, without rests
        ("cycle 2, step 1", False),
        ("cycle 1", False),
        ("cycle 3", False),
    ],
)
def test_a_cycle_and_its_last_step_end_at_once(
    tmp_path: Path, again: str, same: bool
) -> None:
    one, other = (
        row(id, "mine.toml", 0.6, "interface resistance").replace(
            "full_stripping", "strip_plate_cycling"
        )
        + f'at = "{at}"\n'
        for id, at in (("first", "cycle 2"), ("again", again))
    )
    assert statuses(tmp_path, one, other) == {"first": True, "again": same}


RATES = """
[[curves]]
id = "{id}"
file = "{id}.csv"
kind = "rates"
cell = "mine.toml"
experiment = "rate_test"
arguments = {{ {arguments} }}
rate_arguments = ["{rate}"]
rmse = "5 mA.h.g-1"
reason = "none"
"""


def test_rates_are_the_same_however_their_arguments_are_written(tmp_path: Path) -> None:
    given = {
        "first": ('charge_rate = "1", rest = "5 min"', "discharge_rate"),
        "again": ('charge_rate = "1.0", rest = "300 s"', "Discharge rate"),
        "slower": ('charge_rate = "0.4", rest = "5 min"', "discharge_rate"),
        "charged": ('discharge_rate = "1", rest = "5 min"', "charge_rate"),
    }
    cell = FITTED.replace("mann2025_lina", "zhu2025_lco_llto60")
    (tmp_path / "mine.toml").write_text(cell)
    text = ""
    for number, (id, (arguments, rate)) in enumerate(given.items()):
        text += RATES.format(id=id, arguments=arguments, rate=rate)
        (tmp_path / f"{id}.csv").write_text(str(number))
    (tmp_path / "case.toml").write_text(ITEMS.format(items=text))
    case, cell = load_case(tmp_path), load_cell(tmp_path / "mine.toml")
    found = {one.id: fitted_to(one, case, cell) is not None for one in case.curves}
    assert found == {"first": True, "again": True, "slower": False, "charged": False}


def test_what_was_fitted_before_the_fit_made_the_cell(tmp_path: Path) -> None:
    """The case keeps the fitted datum on the cell that the fit began with."""
    for first in (
        curve("first", "mann2025_lina", 0.6, "one.csv"),
        row("first", "mann2025_lina", 0.6),
    ):
        found = statuses(
            tmp_path,
            first,
            curve("run", "mine.toml", 0.6, "other.csv"),
            row("read", "mine.toml", 0.6),
            row("not-read", "mine.toml", 0.3),
        )
        assert not found.pop("first")  # the cell of before has no value of it
        assert found == {"run": True, "read": True, "not-read": False}


def test_a_curve_of_the_run_of_a_shipped_fitted_row_is_fitted(tmp_path: Path) -> None:
    assert statuses(
        tmp_path,
        curve("shipped", "mann2025_lina", 1.0, "one.csv"),
        curve("other", "mann2025_lina", 0.6, "one.csv"),
    ) == {"shipped": True, "other": False}


def test_a_datum_that_no_case_has_is_told(tmp_path: Path) -> None:
    statuses(tmp_path, row("renamed", "mine.toml", 0.6), row("r", "mann2025_lina", 0.6))
    found = fitted_elsewhere(load_case(tmp_path))
    assert found == {"first": ["mine"]}
    (line,) = report.fitted_to_unknown(found)
    assert "mine: fitted to 'first', which no case here has" in line
    # but not where the case has it
    statuses(tmp_path, curve("first", "mine.toml", 0.6, "one.csv"))
    assert fitted_elsewhere(load_case(tmp_path)) == {}


@pytest.mark.parametrize("name", list_cases())
def test_shipped_cells_are_fitted_to_what_is_shipped(name: str) -> None:
    assert fitted_elsewhere(load_case(name)) == {}


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
    assert fitted_to(case.rows[0], case, load_cell(path))
    for status in ("measured", "assumed"):
        path.write_text(path.read_text().replace('"derived"', f'"{status}"'))
        with pytest.raises(RecordError, match="no other value does"):
            load_cell(path)
