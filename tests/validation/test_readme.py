"""The figures that the README quotes are those that its command prints."""

import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_the_table_is_what_the_first_command_prints() -> None:
    command = [str(Path(sys.executable).with_name("twin")), "validate", "mann2025"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    indented = [line[4:] for line in README.read_text().splitlines()]
    quoted = [line for line in indented if line.startswith("mann-")]
    rows = [line.rstrip() for line in printed.splitlines() if line.startswith("mann-")]
    assert len(rows) == 15
    # numbers to four digits: another processor may round the fifth otherwise
    for mine, theirs in zip(quoted, rows, strict=True):
        assert mine.split()[0] == theirs.split()[0]
        for a, b in zip(mine.split(), theirs.split(), strict=True):
            try:
                assert abs(float(a) - float(b)) <= 1e-3 * abs(float(b)) + 0.1
            except ValueError:
                assert a == b
    summary = printed.splitlines()[-1]
    assert "14 of 14 rows within tolerance" in summary  # the contradicted one aside
    assert summary in indented
