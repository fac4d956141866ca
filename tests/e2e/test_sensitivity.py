"""twin sensitivity and twin search as a user types them."""

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
        timeout=590,
        check=False,
    )


CELL = "mann2025_li"
PULSE = (CELL, "current_pulse")
VARIED = (
    *("--range", "Separator thickness=0.5:1 mm"),
    *("--range", "Initial contact fraction"),
)


def test_a_study_is_printed_written_drawn_and_kept(tmp_path: Path) -> None:
    words = (
        *("sensitivity", *PULSE, "--output", "initial cell resistance", *VARIED),
        *("--samples", "16", "--workers", "1", "--store", "s.zarr"),
        *("--json", "s.json", "--plot", "s.png"),
    )
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "in 9 of 10 of 64 samples" in done.stdout
    content = json.loads((tmp_path / "s.json").read_text())
    assert content["method"] == "sobol" and content["sizes"] == [4, 8, 16]
    assert content["dimensions"]["total"] == ["output", "size", "factor"]
    assert len(content["indices"]["total"][0][-1]) == 2
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")
    # another seed is another study
    other = run(*words, "--seed", "2", cwd=tmp_path)
    assert other.returncode == 2
    assert "the store of another campaign (seed: 1 there, 2 here)" in other.stderr
    # the same again takes what is there: the same to the last bit
    first = (tmp_path / "s.json").read_bytes()
    assert run(*words, cwd=tmp_path).returncode == 0
    assert (tmp_path / "s.json").read_bytes() == first


def test_a_search_is_printed_written_and_drawn(tmp_path: Path) -> None:
    done = run(
        *("search", *PULSE, "--minimise", "final polarisation"),
        *("--subject", "initial cell resistance >= 100 Ohm.cm2"),
        *("--vary", "Separator thickness=0.5:4 mm", "--evaluations", "64"),
        *("--json", "f.json", "--plot", "f.svg"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "smallest final polarisation" in done.stdout
    content = json.loads((tmp_path / "f.json").read_text())
    assert content["feasible"] and len(content["front"]) > 1
    assert "<svg" in (tmp_path / "f.svg").read_text()


def test_a_limit_that_nothing_keeps_is_said(tmp_path: Path) -> None:
    done = run(
        *("search", *PULSE, "--minimise", "final polarisation"),
        *("--subject", "initial cell resistance <= 1 Ohm.cm2"),
        *("--vary", "Separator thickness=0.5:1 mm", "--evaluations", "16"),
        cwd=tmp_path,
    )
    assert done.returncode == 1, done.stderr
    assert "no design keeps all limits" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--range", "pressure=2:1 MPa"), "2 is not below 1"),
        (("--range", "presure=1:2 MPa"), "Did you mean 'pressure'"),
        (("--output", "energie"), "unknown output 'energie'. Did you mean 'energy'"),
        (("--output", "energy"), "does not apply: experiment current_pulse has no step"),
        (("--output", "plated beyond the first third"), "does not apply"),
        (("--output", "critical current density"), "runs at one level"),
        (("--method", "sobl"), "Did you mean 'sobol'"),
        (("--samples", "10"), "powers of two; give 8"),
        (("--workers", "0"), "give at least 1"),
        (("--store", "s.nc"), "end the name with .zarr"),
        (("--json", "none/s.json"), "the folder 'none' does not exist"),
        (("--method", "local", "--samples", "8"), "a local study has no samples"),
    ],
)
def test_wrong_requests_get_one_message(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    varied = () if "--range" in words else VARIED
    named = () if "--output" in words else ("--output", "initial cell resistance")
    done = run("sensitivity", *PULSE, *named, *varied, *words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "give one of them"),
        (("--maximise", "life", "--minimise", "life"), "give one of them"),
        (("--maximise", "energy"), "does not apply"),
        (("--maximise", "initial polarisation", "--subject", "life > 1"), "with <="),
        (("--maximise", "initial polarisation", "--subject", "lif >= 1 h"), "'life'"),
    ],
)
def test_wrong_searches_get_one_message(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    vary = ("--vary", "Separator thickness=0.5:4 mm")
    done = run("search", *PULSE, *vary, *words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
