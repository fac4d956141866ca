"""The example that the help of each verb prints runs, as it is printed."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

#: Files that an example writes, by verb; it writes no others.
WRITTEN = {
    "cells": [],
    "experiments": [],
    "run": [],
    "ccd": ["ccd.png"],
    "eis": ["eis.png", "eis_bode.png", "eis_map.png", "eis_relaxation.png"],
    "age": ["fade.png"],
    "validate": ["report.html"],
    "fit": ["myfit"],
    "sensitivity": [],
    "search": [],
    "predict": ["sheet.html"],
    "new": ["design.toml"],
}


def twin(arguments: list[str], folder: Path) -> str:
    """What a command prints, in a folder of its own; it must end well."""
    ended = subprocess.run(
        [sys.executable, "-m", "twin", *arguments],
        cwd=folder,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_every_verb_has_an_example_here(tmp_path: Path) -> None:
    commands = twin(["--help"], tmp_path).split("Commands:")[1]
    assert re.findall(r"^  (\w+)", commands, re.MULTILINE) == list(WRITTEN)


@pytest.mark.parametrize("verb", WRITTEN)
def test_the_example_runs_as_printed(verb: str, tmp_path: Path) -> None:
    printed = twin([verb, "--help"], tmp_path)
    example = re.search(r"  Example:\n((?:    .+\n)+)", printed)
    assert example, printed
    command = shlex.split(example[1].replace("\\\n", " "))
    assert command[:2] == ["twin", verb]
    twin(command[1:], tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == WRITTEN[verb]
