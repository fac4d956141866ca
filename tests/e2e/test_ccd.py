"""twin ccd as a user types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("twin")), *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=300,
        check=False,
    )


FILAMENTS = """
title = "Bare lithium with filaments"
base = "mann2025_li_25C"
"""
WITHOUT = """
title = "Bare lithium without filaments"
base = "mann2025_li"

[options]
filament = "none"
"""
#: Steps so large that a sweep takes no time.
COARSE = ("--set", "step=0.5 mA.cm-2")


def test_a_ccd_is_printed_written_and_drawn(tmp_path: Path) -> None:
    charge = "--set", "half_cycle_capacity=0.4 mA.h.cm-2"
    files = "--json", "ccd.json", "--plot", "ccd.png"
    (tmp_path / "mine.toml").write_text(WITHOUT)
    done = run("ccd", "mine.toml", *COARSE, *charge, *files, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "contact loss, negative electrode" in done.stdout
    assert "most sensitive to" in done.stdout
    assert "a short circuit cannot occur" in done.stdout
    content = json.loads((tmp_path / "ccd.json").read_text())
    value = content["critical_current_density"] / 10
    assert f"CCD = {value:.4g} mA/cm2" in done.stdout
    assert content["elasticities"][0]["name"] in done.stdout
    assert (tmp_path / "ccd.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "ccd.json",
        "ccd.png",
        "mine.toml",
    ]


def test_a_users_own_cell_with_filaments_has_a_margin(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(FILAMENTS)
    done = run("ccd", "mine.toml", "--no-sensitivity", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "% of the separator to a short" in done.stdout
    assert "most sensitive to" not in done.stdout


def test_a_map_is_written_and_drawn(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(FILAMENTS)
    axes = (
        *("--map", "pressure=0.1:10:3 MPa"),
        *("--map", "half_cycle_capacity=0.05:0.4:2 mA.h.cm-2"),
    )
    files = "--json", "map.json", "--plot", "map.svg"
    done = run("ccd", "mine.toml", *COARSE, *axes, *files, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "over 6 designs" in done.stdout
    content = json.loads((tmp_path / "map.json").read_text())
    assert len(content["ccd"]) == 2 and len(content["ccd"][0]) == 3
    assert content["x"]["name"] == "Stack pressure [Pa]"
    assert "<svg" in (tmp_path / "map.svg").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--set", "step=0 mA.cm-2"), "step = 0 mA.cm-2: must be above zero"),
        (("--set", "end=0.01 mA.cm-2"), "the staircase goes up"),
        (("--set", "half_cycle_capacity=99 mA.h.cm-2"), "mAh/cm2 of lithium in the"),
        (("--experiment", "ccd_constant_tim"), "Did you mean 'ccd_constant_time'"),
        (("--experiment", "cycling_life"), "needs a [staircase]"),
        (("--experiment", "rate_test"), "runs on FullCell, AnodeFreeCell"),
        (("--map", "pressure=1:2 MPa"), "a map has two axes, not 1"),
        (("--json", "none/out.json"), "the folder 'none' does not exist"),
        (("--plot", "out.txt"), "figures are written as png, pdf, svg"),
    ],
)
def test_wrong_requests_get_one_message(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    done = run("ccd", "mann2025_li", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not list(tmp_path.iterdir())
