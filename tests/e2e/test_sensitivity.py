"""twin sensitivity and twin search as a user types them."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from twin.cli import main


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command line in this process: another one loads PyBaMM first, each time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def type_in(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["twin", *words])
        with pytest.raises(SystemExit) as caught:
            main()
        out, err = capsys.readouterr()
        return Done(int(caught.value.code or 0), out, err)

    return type_in


CELL = "mann2025_li"
PULSE = (CELL, "current_pulse")
VARIED = (
    *("--range", "Separator thickness=0.5:1 mm"),
    *("--range", "Initial contact fraction"),
)


def test_a_study_is_printed_written_drawn_and_kept(tmp_path: Path, run: Run) -> None:
    words = (
        *("sensitivity", *PULSE, "--output", "initial cell resistance", *VARIED),
        *("--samples", "16", "--workers", "1", "--store", "s.zarr"),
        *("--json", "s.json", "--plot", "s.png"),
    )
    done = run(*words)
    assert done.returncode == 0, done.stderr
    assert "in 9 of 10 of 64 samples" in done.stdout
    content = json.loads((tmp_path / "s.json").read_text())
    assert content["method"] == "sobol" and content["sizes"] == [4, 8, 16]
    assert content["dimensions"]["total"] == ["output", "size", "factor"]
    assert len(content["indices"]["total"][0][-1]) == 2
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")
    # another seed is another study
    other = run(*words, "--seed", "2")
    assert other.returncode == 2
    assert "the store of another campaign (seed: 1 there, 2 here)" in other.stderr
    # the same again takes what is there: the same to the last bit
    first = (tmp_path / "s.json").read_bytes()
    assert run(*words).returncode == 0
    assert (tmp_path / "s.json").read_bytes() == first


def test_a_search_is_printed_written_and_drawn(tmp_path: Path, run: Run) -> None:
    done = run(
        *("search", *PULSE, "--minimise", "initial polarisation"),
        *("--subject", "initial cell resistance >= 100 Ohm.cm2"),
        *("--vary", "Separator thickness=0.5:4 mm", "--evaluations", "64"),
        *("--json", "f.json", "--plot", "f.svg"),
    )
    assert done.returncode == 0, done.stderr
    assert "smallest initial polarisation" in done.stdout
    content = json.loads((tmp_path / "f.json").read_text())
    assert content["feasible"] and len(content["front"]) > 1
    assert "<svg" in (tmp_path / "f.svg").read_text()


def test_a_limit_that_nothing_keeps_is_said(tmp_path: Path, run: Run) -> None:
    done = run(
        *("search", *PULSE, "--minimise", "initial polarisation"),
        *("--subject", "initial cell resistance <= 1 Ohm.cm2"),
        *("--vary", "Separator thickness=0.5:1 mm", "--evaluations", "16"),
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
    tmp_path: Path, run: Run, words: tuple[str, ...], message: str
) -> None:
    varied = () if "--range" in words else VARIED
    named = () if "--output" in words else ("--output", "initial cell resistance")
    done = run("sensitivity", *PULSE, *named, *varied, *words)
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
    tmp_path: Path, run: Run, words: tuple[str, ...], message: str
) -> None:
    vary = ("--vary", "Separator thickness=0.5:4 mm")
    done = run("search", *PULSE, *vary, *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
