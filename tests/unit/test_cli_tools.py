"""What long commands say while they run and when they are stopped."""

import subprocess
import sys

import pytest
import typer

from twin import cli_tools
from twin.cli_tools import STOPPED, check_written, counted_bar, progress_bar
from twin.errors import TwinError


def test_a_stopped_command_says_what_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, progress_bar("ageing", "look in a/"):
        raise KeyboardInterrupt
    assert ended.value.exit_code == STOPPED == 130
    assert capsys.readouterr().err == "twin: stopped; look in a/\n"


def test_the_works_own_words_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), progress_bar("a study", "unsaid"):
        raise KeyboardInterrupt("stopped: 3 of 5 samples are done")
    assert capsys.readouterr().err == "twin: stopped: 3 of 5 samples are done\n"
    with pytest.raises(typer.Exit), counted_bar("cases"):
        raise KeyboardInterrupt
    assert capsys.readouterr().err.endswith("twin: stopped\n")


def test_progress_without_a_terminal_is_a_line_a_minute(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(cli_tools.time, "monotonic", lambda: now)
    with progress_bar("ageing") as advance:
        for now in (10.0, 59.0, 61.0, 62.0, 122.0):
            advance(now / 200)
    assert capsys.readouterr().err == "twin: ageing: 30%\ntwin: ageing: 61%\n"


@pytest.mark.parametrize(
    "words",
    [
        ("ccd", "mine.toml", "--json", "mine.toml"),
        ("ccd", "mine.toml", "--json=./mine.toml"),
        ("eis", "mann2025_lina", "--compare", "m.csv", "--csv", "m.csv"),
        ("eis", "mann2025_lina", "--csv", "same.x", "--json", "same.x"),
        ("age", "mine.toml", "rate_test", "--cycles", "9", "-o", "mine.toml"),
    ],
)
def test_nothing_is_written_over_what_is_read(words: tuple[str, ...]) -> None:
    with pytest.raises(TwinError, match="is named twice; write to another file"):
        check_written(list(words))


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("ccd", "mine.toml", "--json", "mine.json", "--plot", "mine.png"),
        ("sensitivity", "a", "b", "--output", "energy", "--output", "energy"),
    ],
)
def test_other_files_are_written(words: tuple[str, ...]) -> None:
    check_written(list(words))


def test_a_warning_is_a_line_of_the_program() -> None:
    script = (
        "import sys, warnings; from twin import cli; sys.argv = ['twin']; "
        "cli.app = lambda: warnings.warn('all workers\\nare gone', RuntimeWarning); "
        "cli.main()"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "twin: all workers\n      are gone\n")
