"""What pages of the documentation say about your own cells and cases, done literally."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
FILE = re.compile(r'^``` \w+ title="([^"\n]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def printed_by(page: str, folder: Path, files: int) -> list[str]:
    """What the commands of a page print, in a folder with the files of the page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = FILE.findall(text)
    assert len(found) == files
    for name, content in found:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    printed = []
    for command in re.findall(r"^\$ (.+)$", text, re.MULTILINE):
        program, *arguments = shlex.split(command)
        module = ["-m", "twin"] if program == "twin" else []
        ended = subprocess.run(
            [sys.executable, *module, *arguments],
            cwd=folder,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        printed.append(ended.stdout)
    return printed


def test_your_own_material_cell_case_and_submodel(tmp_path: Path) -> None:
    printed = printed_by("extend.md", tmp_path, files=5)
    assert len(printed) == 3
    assert (tmp_path / "my_cell.png").exists()
    assert "1 of 1 rows within tolerance" in printed[1]
    assert printed[2].strip() == "1e-05"


def test_the_ten_minute_start(tmp_path: Path) -> None:
    _, sheet, case = printed_by("index.md", tmp_path, files=2)
    assert "specific energy at 1C" in sheet
    assert (tmp_path / "sheet.html").stat().st_size > 10_000
    # the shipped diffusivity was fitted to a stripping at 1 mA.cm-2
    assert "2 of 2 rows within tolerance" in case
