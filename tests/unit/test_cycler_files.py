"""Measured tests of cyclers: columns, units, signs, and what is wrong with a file."""

import struct
import sys
import tracemalloc

import numpy as np
import pytest

from twin.errors import TwinError, UnitError, UnknownNameError
from twin.parts.curve_tables import (
    is_voltage_curve,
    last_half_cycle,
    read_capacities,
    read_voltage_curve,
)
from twin.parts.cycler_files import check_sign, flipped, read_cycler

BDF = "Test Time / s,Voltage / V,Current / A"


@pytest.fixture
def write(tmp_path):
    def to_file(text, name="cell.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return to_file


def discharge(header=BDF, rows=20, step=60.0, current=-1e-3, separator=","):
    """A discharge of 1 mA as cyclers write it: negative current, falling voltage."""
    lines = [header]
    for n in range(rows):
        lines.append(separator.join(f"{v:.9g}" for v in (step * n, 4 - 0.01 * n, current)))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "header",
    [
        BDF,
        "test_time_second,voltage_volt,current_ampere",
        "Test_Time(s),Voltage(V),Current(A)",
        "time/s,Ewe/V,<I>/A",
        "Time [s],Voltage [V],Current [A]",
    ],
)
def test_known_headers_and_the_sign_of_cyclers(write, header) -> None:
    data = read_cycler(write(discharge(header)))
    # 20 rows, a minute apart; positive is discharge here, negative there
    assert data.time.tolist() == [60.0 * n for n in range(20)]
    assert data.current == pytest.approx(np.full(20, 1e-3))
    assert (data.current_unit, data.repairs) == ("A", ())


def test_units_are_converted(write) -> None:
    """2 min, 3900 mV and -2 mA/cm2 are 120 s, 3.9 V and, here, 20 A/m2."""
    text = "Time / min,Voltage / mV,Current / mA/cm2\n0,4000,-2\n2,3900,-2\n"
    data = read_cycler(write(text))
    assert data.time[1] == pytest.approx(120)
    assert data.voltage[1] == pytest.approx(3.9)
    assert data.current[1] == pytest.approx(20)
    assert data.current_unit == "A.m-2"


def test_other_headers_are_mapped_with_or_without_a_unit(write) -> None:
    text = discharge("clock,U_cell / V,I_cell")
    mapping = {"time": "clock = s", "voltage": "U_cell / V", "current": "I_cell = mA"}
    data = read_cycler(write(text), mapping)
    assert data.current[0] == pytest.approx(1e-6)
    with pytest.raises(UnknownNameError, match="Did you mean 'clock'"):
        read_cycler(write(text), {**mapping, "time": "clok = s"})
    with pytest.raises(UnknownNameError, match="meaning of a column"):
        read_cycler(write(text), {"times": "clock"})


def test_semicolons_decimal_commas_and_comments(write) -> None:
    text = "# my cell\n\n" + discharge(separator=";").replace(".", ",")
    text = text.replace(BDF, BDF.replace(",", ";"))
    data = read_cycler(write(text, encoding="latin-1"))
    assert data.voltage[1] == pytest.approx(3.99)


def test_text_files_of_biologic(write) -> None:
    head = "EC-Lab ASCII FILE\nNb header lines : 5\nelectrode : 0,5 cm²\n\n"
    body = discharge("time/s\tEwe/V\tI/mA", separator="\t", current=-1.0)
    data = read_cycler(write(head + body, "cell.mpt", "latin-1"))
    assert data.current[3] == pytest.approx(1e-3)


def test_the_sign_is_flipped_in_one_place_and_checked(write) -> None:
    path = write(discharge())
    as_cyclers, other = read_cycler(path), read_cycler(path, None, "discharge")
    assert flipped(as_cyclers).current.tolist() == other.current.tolist()
    check_sign(as_cyclers, "charge")
    with pytest.raises(TwinError, match='"discharge", with .* write .* = "charge"$'):
        check_sign(other, "discharge")
    with pytest.raises(TwinError, match='"charge", with .* write .* = "discharge"$'):
        check_sign(flipped(as_cyclers), "charge")


def test_both_directions_and_rests_have_the_right_sign(write) -> None:
    """A charge with an ohmic jump, a rest and a discharge: each of 0.1 V times 1 mA."""
    rows = [(0, 3.5, 0), (10, 3.6, 1), (100, 3.7, 1), (110, 3.65, 0), (200, 3.65, 0)]
    rows += [(210, 3.55, -1), (300, 3.45, -1), (310, 3.5, 0)]
    text = "Time / s,Voltage / V,Current / mA\n"
    text += "".join(f"{t},{v},{i}\n" for t, v, i in rows)
    check_sign(read_cycler(write(text)), "charge")


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", TwinError, "is empty"),
        ("\n\n# nothing\n", TwinError, "is empty"),
        (BDF + "\n", TwinError, "no data"),
        ("Test Time / s,Voltage / V\n0,4\n", TwinError, "no column of the current"),
        ("Time,Voltage / V,Current / A\n0,4,1\n", UnitError, "'Time' has no unit"),
        ("Time / s,Voltage / A,Current / A\n0,4,1\n", UnitError, "no unit of the voltage"),
        (BDF + "\n0,4,1\n1,four,1\n", TwinError, "line 3: 'four' in column 'Voltage / V'"),
        (BDF + "\n0,4,1\n1,inf,1\n", TwinError, "line 3: .*not a finite number"),
        (BDF + "\n0,4,1\n", TwinError, "fewer than two rows"),
        (BDF + "\n0,4,0\n1,4,0\n", TwinError, "no current flows"),
        ("Time / s,time/s,Voltage / V,Current / A\n0,0,4,1\n", TwinError, "both the time"),
        (
            BDF + "\n0,3900,1\n1,3800,1\n",
            TwinError,
            r"'Voltage / V' comes to 3800 V, .* voltage = \"Voltage / V = mV\"",
        ),
        (
            "Time / s,Voltage / mV,Current / A\n0,3900000,1\n1,3800000,1\n",
            TwinError,
            "'Voltage / mV' comes to 3800 V, which no cell has; check its unit and",
        ),
        (
            BDF + "\n0,3.9e6,1\n1,3.8e6,1\n",
            TwinError,
            "no cell has; check its unit and its numb",
        ),
        (
            BDF + "\n0,3.9,1\n,,\n1,3.8,1\n2,1000,0\n",
            TwinError,
            r"csv, line 5: column 'Voltage / V' comes to 1000 V, which no cell has; remove "
            "or correct",
        ),
        (
            BDF + "\n0,3.9,1\n1,-500,1\n2,1000,0\n3,3.8,1\n4,3.7,1\n",
            TwinError,
            "line 3: .* comes to -500 V, which no cell has, the first of 2 such rows",
        ),
    ],
)
def test_unusable_files_are_refused(write, text, error, words) -> None:
    with pytest.raises(error, match=words):
        read_cycler(write(text))


def test_binary_and_unknown_files_are_refused(write) -> None:
    with pytest.raises(TwinError, match="binary"):
        read_cycler(write("a\0b"))
    with pytest.raises(TwinError, match="no known format"):
        read_cycler(write("a", "cell.xlsx"))
    with pytest.raises(TwinError, match="no such file"):
        read_cycler("nowhere.csv")
    with pytest.raises(TwinError, match="no such file"):
        read_cycler("nowhere.mpr")


def test_duplicate_rows_are_removed_and_counted(write) -> None:
    lines = discharge().splitlines()
    data = read_cycler(write("\n".join([*lines, lines[5], lines[-1]])))
    assert data.time.size == 20
    assert data.repairs == ("2 duplicate rows removed",)


def test_a_row_at_the_wrong_place_is_sorted_and_said(write) -> None:
    lines = discharge().splitlines()
    lines[4], lines[5] = lines[5], lines[4]
    data = read_cycler(write("\n".join(lines)))
    assert (np.diff(data.time) > 0).all()
    assert data.repairs == ("1 row put in the order of time",)


def test_the_time_of_each_step_is_refused(write) -> None:
    rows = [f"{60 * (n % 5)},{4 - 0.01 * n},-1" for n in range(20)]
    with pytest.raises(TwinError, match="the time falls 3 times, first from 240 s to 0 s"):
        read_cycler(write("\n".join([BDF, *rows])))


def test_small_gaps_are_said_and_large_ones_refused(write) -> None:
    # 600 rows a minute apart; 12 h of 22 h of current are not there, 0.3 V below
    rows = [
        f"{60 * n + (43200 if n > 300 else 0)},{4 - 1e-3 * n - (0.3 if n > 300 else 0)},-1"
        for n in range(600)
    ]
    with pytest.raises(TwinError, match="1 gap .* 55 % of the charge"):
        read_cycler(write("\n".join([BDF, *rows])))
    rows = [
        f"{10 * n + (600 if n > 300 else 0)},{4 - 1e-4 * n - (0.03 if n > 300 else 0)},-1"
        for n in range(9000)
    ]
    (said,) = read_cycler(write("\n".join([BDF, *rows]))).repairs
    assert said.startswith("1 gap with a current, the longest of 610 s after 3000 s")


def test_rows_that_are_rare_where_nothing_changes_are_no_gap(write) -> None:
    rows = [f"{5 * n},{4 - 0.01 * n},-1" for n in range(20)]
    rows += [f"{100 + 3600 * n},{3.8 - 0.01 * n},-1" for n in range(5)]
    assert read_cycler(write("\n".join([BDF, *rows]))).repairs == ()


def test_a_gap_in_a_rest_is_none(write) -> None:
    rows = [f"{60 * n},{4 - 0.01 * n},-1" for n in range(50)]
    rows += ["2950,3.6,0", "90000,3.6,0"]
    assert read_cycler(write("\n".join([BDF, *rows]))).repairs == ()


def test_rows_without_a_number_are_left_out_and_counted(write) -> None:
    text = discharge().replace("\n120,3.98,", "\n120,,").replace("\n180,", "\n\n180,")
    data = read_cycler(write(text))
    assert data.time.size == 19
    assert data.repairs == ("1 row without a number left out",)


def test_the_file_is_never_changed(write) -> None:
    lines = discharge().splitlines()
    path = write("\n".join([*lines, lines[3]]))
    content, changed = path.read_bytes(), path.stat().st_mtime_ns
    read_cycler(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, changed)


def test_a_large_file_is_read_column_by_column(tmp_path) -> None:
    """100 MB of which three columns of five are needed: memory goes with these."""
    path = tmp_path / "large.csv"
    rows = 1_000_000
    filler = "x" * 70
    with path.open("w") as file:
        file.write(f"{BDF},Step Name,Temperature / degC\n")
        for start in range(0, rows, 10_000):
            file.writelines(
                f"{n},{4 - 1e-6 * n:.6f},-0.001,{filler},25.000\n"
                for n in range(start, start + 10_000)
            )
    assert path.stat().st_size > 95e6
    tracemalloc.start()
    data = read_cycler(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert data.time.size == rows
    # 3 columns x 8 bytes x 1e6 rows are 24 MB; some copies, and a piece of the text
    assert peak < 300e6


# --- curves ----------------------------------------------------------------------------
def test_the_last_half_cycle_counts_its_own_charge(write) -> None:
    """Two cycles; the second discharge passes 2 mA for 100 s with a rest in it."""
    rows = [(0, 3.5, 1), (100, 3.7, 1), (101, 3.6, -3), (200, 3.4, -3)]
    rows += [(201, 3.5, 1), (300, 3.7, 1), (301, 3.6, -2), (351, 3.5, -2)]
    rows += [(352, 3.55, 0), (400, 3.55, 0), (401, 3.5, -2), (451, 3.4, -2)]
    text = "Time / s,Voltage / V,Current / mA\n"
    text += "".join(f"{t},{v},{i}\n" for t, v, i in rows)
    half = last_half_cycle(read_cycler(write(text)), "discharge")
    # 50 s + 50 s at 2 mA, and half of it in the second before and after the rest
    assert half.capacity[-1] == pytest.approx(2e-3 * 101)
    assert (half.voltage[0], half.voltage[-1]) == (3.6, 3.4)
    assert half.time[-1] == pytest.approx(150)
    charged = last_half_cycle(read_cycler(write(text)), "charge")
    assert charged.capacity[-1] == pytest.approx(1e-3 * 99)


def test_a_half_cycle_that_is_not_there(write) -> None:
    data = read_cycler(write(discharge()))
    with pytest.raises(TwinError, match='has no charge: .* half_cycle = "discharge"'):
        last_half_cycle(data, "charge")


def test_tables_of_capacity_and_voltage(write) -> None:
    text = "Specific capacity / mAh/g,Voltage / V\n0,4.1\n10,4.0\n9.9,4.0\n20,3.9\n"
    path = write(text)
    assert is_voltage_curve(path)
    assert not is_voltage_curve(write(discharge(), "test.csv"))
    curve = read_voltage_curve(path)
    # 20 mAh/g are 72 kC/kg
    assert (curve.capacity[-1], curve.unit) == (pytest.approx(72e3), "C.kg-1")
    assert curve.repairs == ("1 row sorted by capacity",)
    falling = "Capacity / mAh,Voltage / V\n" + "".join(f"{9 - n},{n}\n" for n in range(9))
    with pytest.raises(TwinError, match="the capacity falls in 8 of 9 rows"):
        read_voltage_curve(write(falling))


def test_tables_of_capacities(write) -> None:
    text = "Cycle Count / 1,Discharging Capacity / Ah\n2,0.9e-3\n1,1e-3\n"
    found = read_capacities(write(text), "cycle")
    assert found.x.tolist() == [1, 2]
    assert (found.capacity[0], found.unit) == (pytest.approx(3.6), "C")
    with pytest.raises(TwinError, match="cycle 1 has more than one capacity"):
        read_capacities(write(text.replace("2,", "1,")), "cycle")
    with pytest.raises(TwinError, match="cycle of 0 is not above zero"):
        read_capacities(write(text.replace("2,", "0,")), "cycle")
    doubled = read_capacities(write(text + "1,1e-3\n"), "cycle")
    assert doubled.capacity.tolist() == found.capacity.tolist()
    assert doubled.repairs == ("1 duplicate row removed",)
    rates = read_capacities(write("Rate / C,Capacity / mAh/g\n0.1,150\n2,120\n"), "rate")
    assert rates.x.tolist() == [0.1, 2]


def _mpr(columns, rows, formats) -> bytes:
    """A BioLogic .mpr file: settings, and a table of columns by their numbers."""

    def module(shortname: bytes, data: bytes) -> bytes:
        head = shortname.ljust(10) + shortname.ljust(25)
        return b"MODULE" + head + struct.pack("<II", len(data), 0) + b"04/05/24" + data

    head = struct.pack("<IB", len(rows), len(columns)) + bytes(columns)
    table = b"".join(struct.pack(f"<{formats}", *row) for row in rows)
    magic = b"BIO-LOGIC MODULAR FILE\x1a".ljust(48) + b"\0\0\0\0"
    data = head.ljust(100, b"\0") + table
    return magic + module(b"VMP Set", b"") + module(b"VMP data", data)


def test_a_test_of_biologic(tmp_path) -> None:
    """Columns 4, 6 and 8 are time/s, Ewe/V and I/mA."""
    path = tmp_path / "cell.mpr"
    path.write_bytes(_mpr((4, 6, 8), [(0, 4.0, -2.5), (60, 3.5, -2.5)], "dff"))
    data = read_cycler(path)
    assert data.time.tolist() == [0, 60]
    assert data.voltage.tolist() == [4.0, 3.5]
    assert (data.current.tolist(), data.current_unit) == ([2.5e-3, 2.5e-3], "A")
    with pytest.raises(TwinError, match="columns are for tables only"):
        read_cycler(path, {"time": "t"})


def test_files_of_biologic_that_are_no_test(tmp_path) -> None:
    path = tmp_path / "cell.mpr"
    path.write_bytes(_mpr((4, 6), [(0, 4.0), (60, 3.5)], "df"))
    with pytest.raises(TwinError, match=r"has no current among 'time/s', 'Ewe/V'"):
        read_cycler(path)
    path.write_bytes(b"nothing")
    with pytest.raises(TwinError, match=r"cell.mpr: galvani cannot read it .* as CSV"):
        read_cycler(path)


def test_reading_a_test_needs_galvani(tmp_path, monkeypatch) -> None:
    path = tmp_path / "cell.mpr"
    path.write_bytes(b"nothing")
    monkeypatch.setitem(sys.modules, "galvani", None)
    with pytest.raises(TwinError, match=r"GPL-3.*solid-state-twin\[instruments\]"):
        read_cycler(path)


def test_half_cycles_that_hold_nothing(write) -> None:
    with pytest.raises(TwinError, match="needs two rows and a capacity above zero"):
        read_voltage_curve(write("Capacity / C,Voltage / V\n0,4\n0,3.9\n"))
    # its only discharge is one row before a charge
    rows = "".join(f"{60 * n},4,{1e-3 if n else -1e-3}\n" for n in range(9))
    with pytest.raises(TwinError, match="its last discharge is a single row"):
        last_half_cycle(read_cycler(write(f"{BDF}\n{rows}")), "discharge")


@pytest.mark.parametrize("cell", ["1" + "0" * 400, "1e308", "-1e308"])
def test_numbers_too_large_in_si_are_refused(write, cell) -> None:
    text = f"Test Time / h,Voltage / V,Current / A\n0,4,1\n{cell},4,1\n"
    with pytest.raises(TwinError, match=r"line 3: '-?1.* is not a finite number"):
        read_cycler(write(text))


def test_column_names_too_long_to_be_read(write) -> None:
    with pytest.raises(TwinError, match="its column names cannot be read"):
        read_cycler(write("t" * 140_000 + "\n0\n"))
