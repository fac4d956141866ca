"""twin fit as a user types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from twin.parts.parameters import load_cell

BULK = "Separator bulk conductivity at 25 C"


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("twin")), "fit", *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=600,
        check=False,
    )


def test_a_fit_is_printed_and_written(tmp_path: Path) -> None:
    row = "--row", "mann-rtot-60"
    files = "-o", "mine", "--json", "fit.json", "--ensemble", "5"
    done = run("mann2025", "-p", BULK, *row, *files, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    content = json.loads((tmp_path / "fit.json").read_text())
    (one,) = content["parameters"]
    assert f"{one['low']:.4g} to {one['high']:.4g}" in done.stdout
    assert one["fitted_to"] == ["mann-rtot-60"]
    assert len(content["ensemble"]) == 5
    cell = load_cell(tmp_path / "mine" / "mann2025_lina_fitted.toml")
    assert cell.records[one["name"]].value == one["value"]
    again = run("mann2025", "-p", BULK, *row, *files, cwd=tmp_path)
    assert again.returncode == 2
    assert "exists already" in again.stderr and "--force" in again.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["mann2025", "-p", BULK, "--row", "mann-rtot"], "Did you mean 'mann-rtot-60'"),
        (["mann2025", "-p", BULK, "--bounds", f"{BULK}=2:1 S.m-1"], "not below"),
        (["mann2025", "-p", BULK, "--leave-one-out"], "--leave-one-out: fits"),
    ],
)
def test_a_wrong_request_gets_one_message(
    tmp_path: Path, words: list[str], message: str
) -> None:
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
