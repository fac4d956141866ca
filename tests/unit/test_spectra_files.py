"""Measured spectra: tables with all kinds of columns, and files of instruments."""

import struct
import sys

import numpy as np
import pytest

from twin.errors import TwinError
from twin.parts.spectrum_files import read_spectrum

#: f [Hz], Z [Ohm] of a cell; capacitive, so the imaginary part is negative.
FREQUENCY = [1000.0, 100.0, 10.0]
IMPEDANCE = [100 - 5j, 110 - 20j, 130 - 8j]


@pytest.fixture
def write(tmp_path):
    def to_file(text, name="cell.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return to_file


def table(header, sign=-1.0, separator=","):
    """The spectrum under a header; sign -1 for columns of -Z''."""
    lines = [header]
    for f, z in zip(FREQUENCY, IMPEDANCE, strict=True):
        lines.append(separator.join(f"{v:g}" for v in (f, z.real, sign * z.imag)))
    return "\n".join(lines) + "\n"


def assert_is_the_spectrum(found, factor=1.0) -> None:
    assert found.frequency == pytest.approx(FREQUENCY)
    assert found.impedance == pytest.approx(np.array(IMPEDANCE) * factor)


@pytest.mark.parametrize(
    ("header", "sign"),
    [
        ("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm", -1),
        ("Frequency [Hz],Z' [Ohm],-Z'' [Ohm]", -1),
        ("frequency (Hz),Z' (Ω),Z'' (Ω)", 1),
        ("f/Hz,Re/Ohm,Im/Ohm", 1),
        ("FREQ/Hz,Zreal/Ohm,Zimag/Ohm", 1),
        ("Frequency/Hz,Z′/Ω,−Z″/Ω", -1),
        ("freq/Hz,Z_re/Ohm,-Z_im/Ohm", -1),
    ],
)
def test_known_columns(write, header, sign) -> None:
    found = read_spectrum(write(table(header, sign)))
    assert_is_the_spectrum(found)
    assert found.unit == "Ohm"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(write, separator) -> None:
    header = separator.join(["f/Hz", "Re/Ohm", "-Im/Ohm"])
    assert_is_the_spectrum(read_spectrum(write(table(header, -1, separator))))


def test_comments_blank_lines_and_byte_order_mark(write) -> None:
    text = "\ufeff# cell 7\n\n" + table("f/Hz,Re/Ohm,-Im/Ohm").replace("\n100,", "\n\n100,")
    assert_is_the_spectrum(read_spectrum(write(text)))


def test_decimal_commas(write) -> None:
    text = "f/Hz;Re/Ohm;-Im/Ohm\n1000;100,0;5,0\n100;110,0;20,0\n10;130,0;8,0\n"
    assert_is_the_spectrum(read_spectrum(write(text)))


def test_units_of_columns(write) -> None:
    """1 kHz, 0.1 kOhm: 1000 Hz, 100 Ohm."""
    text = "f/kHz,Re/kOhm,-Im/Ohm\n1,0.1,5\n0.1,0.11,20\n0.01,0.13,8\n"
    assert_is_the_spectrum(read_spectrum(write(text)))


def test_impedance_per_area(write) -> None:
    found = read_spectrum(write(table("f/Hz,Re/Ohm.cm2,-Im/Ohm.cm2")))
    assert found.unit == "Ohm.m2"
    assert_is_the_spectrum(found, 1e-4)


def test_area(write) -> None:
    found = read_spectrum(write(table("f/Hz,Re/Ohm,-Im/Ohm")), area="0.5 cm2")
    assert found.unit == "Ohm.m2"
    assert_is_the_spectrum(found, 0.5e-4)


def test_mapping(write) -> None:
    text = table("Hertz,resistive,capacitive")
    columns = {
        "frequency": "Hertz = Hz",
        "real": "resistive = Ohm",
        "minus_imaginary": "capacitive = Ohm",
    }
    assert_is_the_spectrum(read_spectrum(write(text), mapping=columns))
    columns |= {"real": "resistive = mOhm", "minus_imaginary": "capacitive = mOhm"}
    assert_is_the_spectrum(read_spectrum(write(text), mapping=columns), 1e-3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("# only a comment\n", "is empty"),
        ("f,Re,Im\n", "no data"),
        ("f,Re\n1,2\n", "no column of the imaginary part among 'f', 'Re'"),
        ("Re,Im\n1,2\n", "no column of the frequency among"),
        ("f,Re,Re(Z),Im\n1,2,3,4\n", "'Re' and 'Re\\(Z\\)' are both the real"),
        ("f,Re,Im,-Im\n1,2,-3,3\n", "both signs"),
        ("f,Re/Ohm,Im/Ohm\n1,2,-3\n", "column 'f' has no unit.* as 'f/Hz'"),
        ("f/Hz,Re,Im\n1,2,-3\n", "'Re' has no unit.* as 'Re/Ohm' or 'Re/Ohm.cm2'"),
        ("f/Hz,Re/Ohm,Im\n1,2,-3\n", "'Im' has no unit"),
        ("f,Re,Im\n1,x,3\n", "line 2: 'x' is not a finite number"),
        ("f,Re,Im\n1,2,-3\n2,nan,3\n", "line 3: 'nan' is not a finite number"),
        ("f,Re,Im\n1,2\n", "line 2: has 2 cells"),
        ("f/rad.s-1,Re,Im\n1,2,-3\n", "divide radians per second by 2 pi"),
        ("f/s,Re,Im\n1,2,-3\n", "expected Hz"),
        ("f/Hz,Re/V,Im/V\n1,2,-3\n", "expected a unit of resistance"),
        ("f/Hz,Re/Ohm,Im/Ohm.cm2\n1,2,-3\n", "differ in unit"),
        ("f/Hz,Re/Ohm,Im/Ohm\n1,2,3\n", "the imaginary part is positive"),
        ("f/Hz,Re/Ohm,Im/Ohm\n1,2,-3\n0,2,-3\n", "not above zero"),
    ],
)
def test_faulty_tables(write, text, message) -> None:
    with pytest.raises(TwinError, match=message) as error:
        read_spectrum(write(text))
    assert "cell.csv" in str(error.value)


def test_faulty_mappings(write) -> None:
    path = write(table("Hertz,resistive,capacitive"))
    with pytest.raises(
        TwinError, match="unknown meaning of a column 'freqency'.*frequency"
    ):
        read_spectrum(path, mapping={"freqency": "Hertz"})
    with pytest.raises(TwinError, match="unknown column 'Herz'.*Hertz"):
        read_spectrum(path, mapping={"frequency": "Herz"})


def test_files_that_are_none(tmp_path, write) -> None:
    with pytest.raises(TwinError, match="no such file"):
        read_spectrum(tmp_path / "none.csv")
    with pytest.raises(TwinError, match="no such file"):
        read_spectrum(tmp_path)
    with pytest.raises(TwinError, match="'.docx' is no known format.*export it as CSV"):
        read_spectrum(write("x", "cell.docx"))
    with pytest.raises(TwinError, match="not a text table"):
        read_spectrum(write("f,Re,Im\0\n"))


# Files of instruments, with as little in them as their readers ask for.
BIOLOGIC_TEXT = (
    "EC-Lab ASCII FILE\nNb header lines : 4\n\n"
    "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\tPhase(Z)/deg\ttime/s\n"
    + "".join(
        f"{f:.7E}\t{z.real:.7E}\t{-z.imag:.7E}\t{abs(z):.7E}\t0.0\t1.0\n"
        for f, z in zip(FREQUENCY, IMPEDANCE, strict=True)
    )
)
GAMRY = (
    "EXPLAIN\nTAG\tEISPOT\nTITLE\tLABEL\tcell\tTest &Identifier\nZCURVE\tTABLE\n"
    "\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\tIERange\n"
    "\t#\ts\tHz\tohm\tohm\tV\tohm\t°\tA\tV\t#\n"
    + "".join(
        f"\t{n}\t{n}\t{f:g}\t{z.real:g}\t{z.imag:g}\t1\t{abs(z):g}\t0\t0\t0\t8\n"
        for n, (f, z) in enumerate(zip(FREQUENCY, IMPEDANCE, strict=True))
    )
)
ZPLOT = (
    "ZPLOT2 ASCII\n  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange\n"
    "End Comments\n"
    + "".join(
        f"{f:.6E}\t1.0E-02\t0.0E+00\t{n}\t{z.real:.4E}\t{z.imag:.4E}\t0.0E+00\t0\t3\n"
        for n, (f, z) in enumerate(zip(FREQUENCY, IMPEDANCE, strict=True))
    )
)


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("cell.mpt", BIOLOGIC_TEXT, "latin-1"),
        ("cell.DTA", GAMRY, "latin-1"),
        ("cell.z", ZPLOT, "utf-8"),
    ],
)
def test_text_files_of_instruments(write, name, text, encoding) -> None:
    found = read_spectrum(write(text, name, encoding), area="1 cm2")
    assert_is_the_spectrum(found, 1e-4)


def _module(shortname: bytes, data: bytes) -> bytes:
    """A module of an .mpr file: names, length, version 0, date, content."""
    head = shortname.ljust(10) + shortname.ljust(25)
    return b"MODULE" + head + struct.pack("<II", len(data), 0) + b"04/05/24" + data


def test_binary_files_of_biologic(tmp_path) -> None:
    """Columns 32, 37 and 38 are freq/Hz, Re(Z)/Ohm and -Im(Z)/Ohm."""
    rows = [(0.0, 0.0, 0.0)]  # recorded before the sweep
    rows += [(f, z.real, -z.imag) for f, z in zip(FREQUENCY, IMPEDANCE, strict=True)]
    head = struct.pack("<IB3B", len(rows), 3, 32, 37, 38).ljust(100, b"\0")
    data = head + b"".join(struct.pack("<3f", *row) for row in rows)
    magic = b"BIO-LOGIC MODULAR FILE\x1a".ljust(48) + b"\0\0\0\0"
    path = tmp_path / "cell.mpr"
    path.write_bytes(magic + _module(b"VMP Set", b"") + _module(b"VMP data", data))
    assert_is_the_spectrum(read_spectrum(path))


@pytest.mark.parametrize("name", ["cell.mpr", "cell.dta", "cell.z"])
def test_broken_files_of_instruments(write, name) -> None:
    with pytest.raises(TwinError, match="export the spectrum as CSV") as error:
        read_spectrum(write("nothing\n", name))
    assert name in str(error.value)


def test_two_sweeps_in_one_file(write) -> None:
    twice = BIOLOGIC_TEXT + BIOLOGIC_TEXT.partition("time/s\n")[2]
    with pytest.raises(TwinError, match="holds 2 spectra"):
        read_spectrum(write(twice, "cell.mpt"))


@pytest.mark.parametrize(
    ("name", "library"), [("cell.mpr", "galvani"), ("cell.dta", "pyimpspec")]
)
def test_missing_library(write, monkeypatch, name, library) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(TwinError, match=rf"{library}.*solid-state-twin\[instruments\]"):
        read_spectrum(write("nothing\n", name))


def test_a_mapping_is_for_tables(write) -> None:
    with pytest.raises(TwinError, match="for tables only"):
        read_spectrum(write(ZPLOT, "cell.z"), mapping={"frequency": "f"})
