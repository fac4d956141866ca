"""twin eis as a user types it."""

import csv
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from twin.parts.spectrum_files import read_spectrum

#: Few frequencies, for tests that do not look at the numbers.
FEW = ("--frequencies", "0.01:1e6:3")


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("twin")), "eis", *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=300,
        check=False,
    )


def test_a_spectrum_is_printed_written_drawn_and_compared(tmp_path: Path) -> None:
    files = ("--json", "one.json", "--csv", "one.csv", "--plot", "one.png")
    done = run(
        "zhu2025_llto60", "--set", "Initial lithium occupancy=0.98", *files, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "zhu2025_llto60, fresh: 1 spectrum at 121 frequencies" in done.stdout
    for words in ("grain boundary", "interface", "D = 4.5", "Kramers-Kronig test passed"):
        assert words in done.stdout
    content = json.loads((tmp_path / "one.json").read_text())
    assert content["state"] == "fresh" and content["area"] == pytest.approx(0.785e-4)
    (spectrum,) = content["spectra"]
    interface = spectrum["analysis"]["split"]["parts"]["interface"]["resistance"]
    assert interface == pytest.approx(27e-4, rel=0.05)
    # per area and of the cell differ by its area, 0.785 cm2
    lines = [*csv.DictReader((tmp_path / "one.csv").read_text().splitlines())]
    assert len(lines) == 121
    per_area, of_cell = (
        float(lines[-1][name]) for name in ("Re(Z) [Ohm.cm2]", "Re of the cell [Ohm]")
    )
    assert per_area / of_cell == pytest.approx(0.785)
    assert read_spectrum(tmp_path / "one.csv").unit == "Ohm.m2"
    for name in ("one.png", "one_bode.png", "one_relaxation.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    assert len([*tmp_path.iterdir()]) == 5

    again = run("zhu2025_llto60", "--compare", "one.csv", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "misfit over |Z|, root mean square" in again.stdout
    assert "measured" in again.stdout


def test_spectra_along_a_stripping(tmp_path: Path) -> None:
    done = run(
        "mann2025_lina",
        *("--state", "full_stripping", "--every", "10 mA.h.cm-2"),
        *("--plot", "strip.svg", "--csv", "strip.csv", *FEW),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "Polarisation cut-off reached): 4 spectra" in done.stdout
    assert "<svg" in (tmp_path / "strip_map.svg").read_text()
    lines = [*csv.DictReader((tmp_path / "strip.csv").read_text().splitlines())]
    times = sorted({float(line["Time [s]"]) for line in lines})
    # 0.2 mA/cm2: 50 h for 10 mAh/cm2
    assert times[:3] == pytest.approx([0, 180000, 360000])


def test_a_full_cell_at_a_state_of_charge(tmp_path: Path) -> None:
    done = run("peng2025_lfp_10kco", "--soc", "0.5", *FEW, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "state of charge 0.5" in done.stdout
    assert "the slope at low frequencies is the cathode's" in done.stdout


def test_few_frequencies_are_not_analysed(tmp_path: Path) -> None:
    done = run("mann2025_lina", "--frequencies", "1:10:2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "an analysis takes 10 frequencies or more" in done.stdout
    # 54 Ohm x 0.385 cm2, and a little diffusion
    assert "Ohm.cm2, 54" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mann2025_lina", "--frequencies", "0:10:5"), "is not above zero"),
        (("mann2025_lin",), "Did you mean 'mann2025_lina'"),
        (("mann2025_lina", "--state", "full_strippin"), "Did you mean 'full_stripping'"),
        (("mann2025_lina", "--state", "rate_test"), "runs on FullCell, AnodeFreeCell"),
        (("mann2025_lina", "--state", "none.nc"), "no such file"),
        (("mann2025_lina", "--state", "rest", "--at", "cycle 2"), "there is no cycle 2"),
        (("mann2025_lina", "--set", "Lithium thicknes=1 um"), "Lithium thickness [m]"),
        (("mann2025_lina", "--json", "none/out.json"), "the folder 'none' does not exist"),
        (("mann2025_lina", "--plot", "out.txt"), "figures are written as png, pdf, svg"),
        (("mann2025_lina", "--compare", "none.csv"), "no such file"),
        (("mann2025_lina", "--compare", "x", *FEW), "leave --frequencies out"),
        (("mann2025_lina", "--frequencies=-1:10:5"), "is not above zero"),
        (("mann2025_lina", "--frequencies", "10:1:5"), "give the lower frequency first"),
    ],
)
def test_wrong_requests_get_one_message(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert [*tmp_path.iterdir()] == []


def arc(shift: float = 1.0) -> list[tuple[float, float, float]]:
    """One arc of 40 Ohm; its imaginary part may be that of another one."""
    found = []
    for decade in range(61):
        f = 10 ** (5 - decade / 10)
        real, imaginary = (14 + 40 / (1 + 2j * math.pi * s * f * 4e-5) for s in (1, shift))
        found.append((f, real.real, -imaginary.imag))
    return found


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "has column names but no data"),
        ([(0.0, *arc()[0][1:]), *arc()[1:]], "frequency 0 Hz (point 1) is not above zero"),
        ([*arc()[:9], (-1.0, 50, 1)], "frequency -1 Hz (point 10) is not above zero"),
        ([*arc()[30:], *arc()[:30]], "sort them"),
        (arc(300.0), "is not causal"),
    ],
)
def test_impossible_measured_spectra_get_one_message(
    tmp_path: Path, rows: list[tuple[float, float, float]], message: str
) -> None:
    lines = ["Frequency [Hz],Re(Z) [Ohm],-Im(Z) [Ohm]"]
    lines += [",".join(f"{x:.9g}" for x in row) for row in rows]
    (tmp_path / "measured.csv").write_text("\n".join(lines) + "\n")
    done = run("mann2025_lina", "--compare", "measured.csv", cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
