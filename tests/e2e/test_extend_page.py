"""What the page on your own materials, cells, cases and submodels says, done literally."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "extend.md"
FILE = re.compile(r'^``` \w+ title="([^"\n]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def test_files_and_commands_of_the_page(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    files = FILE.findall(text)
    assert len(files) == 5
    for name, content in files:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    commands = re.findall(r"^\$ (.+)$", text, re.MULTILINE)
    assert len(commands) == 3
    printed = []
    for command in commands:
        program, *arguments = shlex.split(command)
        module = ["-m", "twin"] if program == "twin" else []
        ended = subprocess.run(
            [sys.executable, *module, *arguments],
            cwd=tmp_path,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        printed.append(ended.stdout)
    assert (tmp_path / "my_cell.png").exists()
    assert "1 of 1 rows within tolerance" in printed[1]
    assert printed[2].strip() == "1e-05"
