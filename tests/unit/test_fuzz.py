"""Broken files: every reader reads them or says why not, in an error of this package.

Each mutation of a sound file is made from a number, so that what fails can be repeated.
The suite tries a few per reader; ``TWIN_FUZZ=2000`` tries that many.
"""

import copy
import json
import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from bpx_sample import BPX

from twin import assets, names
from twin.errors import TwinError
from twin.parts.bpx_files import read_bpx
from twin.parts.curve_tables import last_half_cycle, read_capacities, read_voltage_curve
from twin.parts.cycler_files import read_cycler
from twin.parts.lent_cathode import lent_records
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.parts.spectrum_files import read_spectrum
from twin.run import results
from twin.run.journal import Journal
from twin.run.recorded import recorded
from twin.studies.case_sets import cell_of
from twin.studies.cases import load_case
from twin.studies.store import CampaignStore
from twin.studies.tasks import Evaluated

#: Mutations of each reader; a result and a store take longer than the text files.
COUNT = int(os.environ.get("TWIN_FUZZ", "40"))
#: Mutations of one test, so that many of them spread over processes.
BLOCK = 20

NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])")
WORD = re.compile(rb"[A-Za-z_][\w ./()\[\]-]*")
#: In the place of a number.
ODD_NUMBERS = [
    *(b"nan", b"NaN", b"inf", b"-inf", b"Infinity", b"null", b"true", b""),
    *(b"0", b"-0.0", b"-1", b"1e308", b"-1e308", b"1e999", b"1e-320", b"9" * 400),
    *(b"2" + b"0" * 18, b"0x10", b"1_000", b"1.2.3", b"1e", b"1,5", b"'1'", b'"1"'),
    *(b"[1, 2]", b"{}", b"[]", b"{a = 1}", b'{"a": 1}', b"1979-05-27", b"\xd9\xa3"),
]
#: Put in anywhere.
ODD_TEXT = [
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\r", b"\x1a"),
    *("\u202e".encode(), "\u2028".encode(), "\N{PILE OF POO}".encode(), b"e\xcc\x81"),
    *(b"[" * 3000, b"{" * 3000, b"{a=" * 500, b'{"a":' * 500, b"(" * 3000, b'"' * 7),
    *(b",", b";", b"\t", b"\n\n", b"#", b"=", b"'''", b'"""', b"\\", b"\\u0000", b"%s"),
    *(
        b"x" * 20_000,
        b"y" * 140_000,
        b"../../etc/passwd",
        b"/dev/zero",
        b"~",
        b"$HOME",
        b"{0}",
        b"__class__",
    ),
]

Change = Callable[[random.Random, bytes], bytes]


def flipped(rng: random.Random, raw: bytes) -> bytes:
    bits = bytearray(raw)
    for _ in range(rng.choice([1, 1, 2, 8, 64]) if raw else 0):
        bits[rng.randrange(len(bits))] ^= 1 << rng.randrange(8)
    return bytes(bits)


def cut(rng: random.Random, raw: bytes) -> bytes:
    return raw[: rng.randrange(len(raw) + 1)]


def without_a_part(rng: random.Random, raw: bytes) -> bytes:
    start = rng.randrange(len(raw) + 1)
    return raw[:start] + raw[start + rng.choice([1, 4, 30, 500]) :]


def other_lines(rng: random.Random, raw: bytes) -> bytes:
    lines = raw.splitlines(keepends=True) or [b""]
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(4):
        case 0:
            lines.insert(two, lines[one])
        case 1:
            del lines[one]
        case 2:
            lines[one], lines[two] = lines[two], lines[one]
        case _:
            lines = lines[:one] * 2 + lines[one:]
    return b"".join(lines)


def _replaced(rng: random.Random, raw: bytes, what: re.Pattern[bytes], by: bytes) -> bytes:
    found = list(what.finditer(raw))
    if not found:
        return raw + by
    one = rng.choice(found)
    return raw[: one.start()] + by + raw[one.end() :]


def odd_number(rng: random.Random, raw: bytes) -> bytes:
    return _replaced(rng, raw, NUMBER, rng.choice(ODD_NUMBERS))


def odd_numbers_everywhere(rng: random.Random, raw: bytes) -> bytes:
    return NUMBER.sub(rng.choice(ODD_NUMBERS).replace(b"\\", b"\\\\"), raw)


def other_type(rng: random.Random, raw: bytes) -> bytes:
    """A text or a list in the place of a number, a number in that of a text."""
    quoted = re.compile(rb'"[^"\n]*"|\[[^\]\n]*\]|\{[^}\n]*\}')
    return _replaced(rng, raw, quoted, rng.choice(ODD_NUMBERS))


def swapped(rng: random.Random, raw: bytes) -> bytes:
    """Two words in each other's place: keys, names, values, columns."""
    found = list(WORD.finditer(raw))
    if len(found) < 2:
        return raw[::-1]
    one, two = sorted(rng.sample(found, 2), key=lambda match: match.start())
    return b"".join(
        [raw[: one.start()], two[0], raw[one.end() : two.start()], one[0], raw[two.end() :]]
    )


def odd_text(rng: random.Random, raw: bytes) -> bytes:
    place = rng.randrange(len(raw) + 1)
    return raw[:place] + rng.choice(ODD_TEXT) + raw[place:]


def other_encoding(rng: random.Random, raw: bytes) -> bytes:
    text = raw.decode("latin-1")
    return text.encode(rng.choice(["utf-16", "utf-32", "utf-8-sig", "utf-7"]))


def nothing(rng: random.Random, raw: bytes) -> bytes:
    return rng.choice([b"", b"\n", b" \t\r\n", b"\0" * 64, b"[]", b"{}", b"null"])


def noise(rng: random.Random, raw: bytes) -> bytes:
    place = rng.randrange(len(raw) + 1)
    junk = rng.randbytes(rng.choice([1, 16, 512]))
    return raw[:place] + junk + raw[place + len(junk) :]


BINARY: list[Change] = [flipped, flipped, cut, without_a_part, noise, nothing]
TEXT: list[Change] = [
    *(flipped, cut, without_a_part, other_lines, other_lines, odd_number, odd_number),
    *(odd_numbers_everywhere, other_type, swapped, swapped, odd_text, odd_text),
    *(other_encoding, nothing, noise),
]


def mutated(path: Path, rng: random.Random, changes: list[Change]) -> str:
    """Change a file once, or a few times; what was done."""
    raw, done = path.read_bytes(), []
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        change = rng.choice(changes)
        raw = change(rng, raw)
        done.append(change.__name__)
    path.write_bytes(raw)
    return ", ".join(done)


# --- sound files, and what reads them --------------------------------------------------
def toml(kind: str, name: str) -> Callable[[Path], Path]:
    def place(folder: Path) -> Path:
        source = next(assets.search_path(kind)[0].rglob(f"{name}.toml"))
        return Path(shutil.copy(source, folder / f"{name}.toml"))

    return place


def text(name: str, content: str) -> Callable[[Path], Path]:
    def place(folder: Path) -> Path:
        (folder / name).write_text(content, encoding="utf-8")
        return folder / name

    return place


def case(changed: str) -> Callable[[Path], Path]:
    def place(folder: Path) -> Path:
        source = assets.search_path("validation")[0] / "mann2025"
        shutil.copytree(source, folder / "case")
        return folder / "case" / changed

    return place


def fit_report(folder: Path) -> Path:
    """Beside a cell, whose records must say that a fit made them."""
    toml("parameters", "thin_llzo_ncm622")(folder)
    fitted = {"name": names.STACK_PRESSURE, "value": 123.0, "fitted_to": ["row"]}
    (folder / "a.fit.json").write_text(json.dumps({"parameters": [fitted] * 3}, indent=1))
    return folder / "a.fit.json"


def read_beside_report(path: Path) -> None:
    load_cell(path.parent / "thin_llzo_ncm622.toml")


def read_case(path: Path) -> None:
    found = load_case(path.parent)
    for row in found.rows[:2]:
        cell_of(found, row)
    _ = found.findings


def read_test(path: Path) -> None:
    data = read_cycler(path)
    assert np.isfinite(data.time).all() and np.isfinite(data.voltage).all()
    assert np.isfinite(data.current).all() and (np.diff(data.time) >= 0).all()
    last_half_cycle(data, "discharge")


def read_mapped(path: Path) -> None:
    read_cycler(path, {"time": "zeit = h", "voltage": "U = mV", "current": "I = mA"})


def read_half_cell(path: Path) -> None:
    curve = read_voltage_curve(path)
    assert np.isfinite(curve.capacity).all() and np.isfinite(curve.voltage).all()


def read_rates(path: Path) -> None:
    table = read_capacities(path, "rate")
    assert np.isfinite(table.x).all() and np.isfinite(table.capacity).all()


def read_impedance(path: Path) -> None:
    spectrum = read_spectrum(path, area="0.5 cm2")
    assert np.isfinite(spectrum.impedance).all() and (spectrum.frequency > 0).all()


#: With a function and a table, whose readers are others than those of plain numbers.
RICH = copy.deepcopy(BPX)
RICH["Parameterisation"]["Positive electrode"]["OCP [V]"] = (
    "4.3 - 0.9 * x + tanh(-2 * (x - 0.5))"
)
RICH["Parameterisation"]["Electrolyte"]["Diffusivity [m2.s-1]"] = {
    "x": [0, 1000, 2000],
    "y": [3e-10, 2e-10, 1e-10],
}


def read_lent(path: Path) -> None:
    read_bpx(path)
    lent_records(path.name, path.parent / "cell.toml")


def result(folder: Path) -> Path:
    cell = load_cell("mann2025_li")
    dataset = xr.Dataset(
        {names.VOLTAGE: ("time", np.linspace(0, 1, 50), {"units": "V"})},
        {"time": ("time", np.arange(50.0), {"units": "s"})},
        {
            "cell": cell.name,
            "experiment": "rest",
            "arguments": "duration = 60 s",
            "parameters": results.records_of(cell),
        },
    )
    return results.save(dataset, folder / "result.nc")


def read_result(path: Path) -> None:
    results.load(path)
    recorded(path, load_cell("mann2025_li"))


def attributes(changed: str) -> Callable[[Path], Path]:
    """One attribute of a result, as a file that :func:`read_attributes` puts back."""

    def place(folder: Path) -> Path:
        dataset = results.load(result(folder))
        (folder / changed).write_text(dataset.attrs[changed])
        return folder / changed

    return place


def read_attributes(path: Path) -> None:
    file = path.with_name("result.nc")
    dataset = results.load(file)
    dataset.attrs[path.name] = path.read_bytes().replace(b"\0", b"").decode("latin-1")
    results.save(dataset, file)
    read_result(file)


def store(changed: str) -> Callable[[Path], Path]:
    def place(folder: Path) -> Path:
        made = CampaignStore(folder / "s.zarr", {"seed": 1}, samples=3, outputs=1, batch=2)
        made.write(0, Evaluated(np.array([[7.0], [np.nan]]), ("", "why")))
        return folder / "s.zarr" / changed

    return place


def read_store(path: Path) -> None:
    folder = next(one for one in path.parents if one.suffix == ".zarr")
    found = CampaignStore(folder, {"seed": 1}, samples=3, outputs=1, batch=2)
    found.pending(), found.values(), found.states(), found.reasons()


def journal(changed: str) -> Callable[[Path], Path]:
    def place(folder: Path) -> Path:
        made = Journal(folder / "j", {"cell": "a", "cycles": 3})
        made.append({"cycle": 1, "capacity": 0.5})
        made.append({"cycle": 2, "capacity": 0.4})
        made.save({"y": np.zeros(20)}, {"jumps": 0})
        return folder / "j" / changed

    return place


def read_journal(path: Path) -> None:
    found = Journal(path.parent, {"cell": "a", "cycles": 3})
    found.load()
    assert all(isinstance(record, dict) for record in found.records())


TEST = "Test Time / s,Voltage / V,Current / A,Cycle Count / 1\n" + "".join(
    f"{60 * row},{3.9 - 0.01 * row:.3f},{-1e-3 if row else 0},1\n" for row in range(30)
)
MAPPED = "# a comment\nzeit;U;I\n" + "".join(
    f"{row / 60:.4f};{3900 - row};-1,5\n".replace(".", ",") for row in range(30)
)
HALF = "Capacity / mAh/g,Voltage / V\n" + "".join(
    f"{row},{4.1 - 0.01 * row:.2f}\n" for row in range(20)
)
RATES = "C-rate,Discharge capacity / mAh/g\n0.1,150\n0.2,140\n1,120\n5,60\n"
SPECTRUM = "freq/kHz,Re(Z)/Ohm,-Im(Z)/Ohm\n" + "".join(
    f"{10**-row:g},{100 + row},{5 * row + 1}\n" for row in range(12)
)

READERS: dict[
    str, tuple[Callable[[Path], Path], Callable[[Path], object], list[Change]]
] = {
    "cell": (toml("parameters", "zhu2025_lco_llto60"), load_cell, TEXT),
    "cell of records": (toml("parameters", "thin_llzo_ncm622"), load_cell, TEXT),
    "report of a fit": (fit_report, read_beside_report, TEXT),
    "staircase": (toml("experiments", "ccd_constant_charge"), load_experiment, TEXT),
    "rates": (toml("experiments", "rate_test"), load_experiment, TEXT),
    "case": (case("case.toml"), read_case, TEXT),
    "rows of a case": (case("measurements.csv"), read_case, TEXT),
    "test": (text("test.csv", TEST), read_test, TEXT),
    "test with a mapping": (text("test.csv", MAPPED), read_mapped, TEXT),
    "half cycle": (text("half.csv", HALF), read_half_cell, TEXT),
    "capacities": (text("rates.csv", RATES), read_rates, TEXT),
    "spectrum": (text("spectrum.csv", SPECTRUM), read_impedance, TEXT),
    "bpx": (text("nmc.json", json.dumps(RICH, indent=1)), read_lent, TEXT),
    "result": (result, read_result, BINARY),
    "parameters of a result": (attributes("parameters"), read_attributes, TEXT),
    "experiment of a result": (attributes("experiment"), read_attributes, TEXT),
    "arguments of a result": (attributes("arguments"), read_attributes, TEXT),
    "group of a store": (store("zarr.json"), read_store, TEXT),
    "array of a store": (store("values/zarr.json"), read_store, TEXT),
    "chunk of a store": (store("states/c/0"), read_store, BINARY),
    "request of a journal": (journal("request.json"), read_journal, TEXT),
    "records of a journal": (journal("cycles.jsonl"), read_journal, TEXT),
    "checkpoint of a journal": (journal("checkpoint.npz"), read_journal, BINARY),
}


@pytest.mark.parametrize("start", range(0, COUNT, BLOCK))
@pytest.mark.parametrize("reader", READERS)
def test_a_broken_file_is_read_or_refused(reader: str, start: int, tmp_path: Path) -> None:
    place, read, changes = READERS[reader]
    wrong: dict[str, list[Any]] = {}
    for seed in range(start, min(start + BLOCK, COUNT)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        path = place(folder)
        what = mutated(path, random.Random(f"{reader} {seed}"), changes)
        try:
            read(path)
        except TwinError:
            pass
        except Exception as error:
            shown = f"{type(error).__name__}: {str(error)[:200]}"
            wrong.setdefault(shown, []).append((seed, what))
        shutil.rmtree(folder)
    assert not wrong


@pytest.mark.parametrize("reader", READERS)
def test_the_sound_file_is_read(reader: str, tmp_path: Path) -> None:
    place, read, _ = READERS[reader]
    read(place(tmp_path))
