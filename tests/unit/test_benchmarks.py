"""The command that runs all benchmarks: its table, and that failures lose nothing."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).parents[2] / "benchmarks" / "all.py"
HEADER = "| benchmark | figure | median | lowest | highest | runs |"


@pytest.fixture
def every() -> ModuleType:
    spec = importlib.util.spec_from_file_location("all_benchmarks", SOURCE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def script(every: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Puts a script in the place of a benchmark."""
    monkeypatch.setattr(every, "HERE", tmp_path)

    def put(name: str, text: str) -> None:
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")

    return put


def rows(text: str) -> list[str]:
    lines = text.splitlines()
    return lines[lines.index(HEADER) + 2 :]


# --- the table ------------------------------------------------------------------------


def test_medians_and_ends_of_what_compares_between_machines(every: ModuleType) -> None:
    runs = {
        "ccd": [
            {"ratio a / b": 4.0, "map, wall s": 60.0, "peak memory, MiB": 250.0},
            {"ratio a / b": 1.25, "map, wall s": 61.0, "peak memory, MiB": 252.0},
            {"ratio a / b": 2.0, "map, wall s": 90.0},
        ],
        "fuzz": [{"runs": 1300.0, "share of runs, hang, %": 0.05, "CPU s a run": 1.0}],
        "jumps": [{"copper, largest error, points": 0.0002}],
    }
    assert rows(every.table(runs, [])) == [
        "| ccd | ratio a / b | 2 | 1.25 | 4 | 3 |",
        "| ccd | peak memory, MiB | 251 | 250 | 252 | 2 |",
        "| fuzz | share of runs, hang, % | 0.05 | 0.05 | 0.05 | 1 |",
        "| jumps | copper, largest error, points | 0.0002 | 0.0002 | 0.0002 | 1 |",
    ]


def test_the_table_tells_what_failed(every: ModuleType) -> None:
    failed = {"benchmark": "ccd", "run": 2, "reason": "ended with 1. KeyError: 'x'"}
    text = every.table({"ccd": []}, [failed])
    assert rows(text) == ["", "ccd, run 2 failed: ended with 1. KeyError: 'x'"]


# --- one run --------------------------------------------------------------------------

WRITES = """
import json, sys
figures = {"ratio": 2.5, "cycles": 3, "none": float("nan"), "pybamm": "26.10"}
open(sys.argv[-1], "w").write(json.dumps({**figures, "words": len(sys.argv) - 2}))
"""


def test_only_numbers_of_a_benchmark_are_figures(
    every: ModuleType, script: Callable[[str, str], None]
) -> None:
    script("campaign", WRITES)
    # its words are --samples 2048 --json, and then the file
    assert every.measured("campaign") == {"ratio": 2.5, "cycles": 3, "words": 3}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("raise ValueError('of no use')", "ended with 1. ValueError: of no use"),
        ("import os; os.kill(os.getpid(), 9)", "ended with -9"),
        ("", "No such file"),
        ("import sys; open(sys.argv[-1], 'w').write('{')", "Expecting property name"),
    ],
)
def test_a_failing_benchmark_is_noted_and_the_others_go_on(
    every: ModuleType,
    script: Callable[[str, str], None],
    tmp_path: Path,
    text: str,
    reason: str,
) -> None:
    script("stripping", text)
    script("full_cell", WRITES)
    out = tmp_path / "all.json"
    with pytest.raises(SystemExit) as ended:
        every.main([str(out), "--repeats", "2", "--only", "stripping", "full_cell"])
    assert ended.value.code == 1
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["runs"]["stripping"] == []
    assert [one["ratio"] for one in found["runs"]["full_cell"]] == [2.5, 2.5]
    assert [(one["benchmark"], one["run"]) for one in found["failures"]] == [
        ("stripping", 1),
        ("stripping", 2),
    ]
    assert all(reason in one["reason"] for one in found["failures"])


# --- all of them ----------------------------------------------------------------------


@pytest.fixture
def asked(every: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the benchmarks that were run, in order; none of them is."""
    names: list[str] = []

    def measured(name: str) -> dict[str, float]:
        names.append(name)
        return {"ratio": float(len(names))}

    monkeypatch.setattr(every, "measured", measured)
    return names


PLAIN = ["stripping", "full_cell", "ccd", "impedance", "ageing", "campaign"]


def test_long_ones_run_once_and_only_if_asked_for(
    every: ModuleType, asked: list[str], tmp_path: Path
) -> None:
    every.main([str(tmp_path / "plain.json"), "--repeats", "2"])
    assert asked == PLAIN * 2
    asked.clear()
    every.main([str(tmp_path / "long.json"), "--repeats", "2", "--long"])
    assert asked[:12] == PLAIN * 2
    assert sorted(asked[12:]) == [
        "campaign_memory",
        "fitted_parameters",
        "fuzz",
        "jumps",
        "mutation",
        "search",
        "synthetic_fit",
        "validate",
    ]
    asked.clear()
    every.main([str(tmp_path / "two.json"), "--only", "fuzz", "ccd"])
    assert asked == ["ccd", "ccd", "ccd", "fuzz"]


def test_every_benchmark_is_a_script(every: ModuleType) -> None:
    for name in every.EVERY:
        assert SOURCE.with_name(f"{name}.py").is_file(), name
    assert set(every.MINUTES) == set(every.LONG)


def test_the_same_command_goes_on_where_it_was_broken_off(
    every: ModuleType, asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, table = tmp_path / "all.json", tmp_path / "table.md"
    command = [str(out), "--table", str(table), "--only", "ccd", "stripping", "fuzz"]
    whole = every.measured

    def broken_off(name: str) -> dict[str, float]:
        if len(asked) == 3:
            raise KeyboardInterrupt
        return whole(name)

    monkeypatch.setattr(every, "measured", broken_off)
    with pytest.raises(SystemExit, match="goes on with"):
        every.main(command)
    assert asked == ["ccd", "stripping", "ccd"]
    assert not table.exists()
    monkeypatch.setattr(every, "measured", whole)
    every.main(command)
    assert asked[3:] == ["stripping", "ccd", "stripping", "fuzz"]
    runs = json.loads(out.read_text(encoding="utf-8"))["runs"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["all.json", "table.md"]
    # the numbers of the calls
    assert [one["ratio"] for one in runs["ccd"]] == [1, 3, 5]
    assert [one["ratio"] for one in runs["stripping"]] == [2, 4, 6]
    assert rows(table.read_text(encoding="utf-8")) == [
        "| ccd | ratio | 3 | 1 | 5 | 3 |",
        "| stripping | ratio | 4 | 2 | 6 | 3 |",
        "| fuzz | ratio | 7 | 7 | 7 | 1 |",
    ]


def test_figures_of_another_machine_are_not_mixed_in(
    every: ModuleType, asked: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "all.json"
    text = json.dumps({"machine": {"processor": "another"}, "runs": {"ccd": []}})
    out.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match="name another file"):
        every.main([str(out)])
    assert asked == []
    assert out.read_text(encoding="utf-8") == text


def test_a_file_that_cannot_be_written_is_told_before_anything_is_run(
    every: ModuleType,
    asked: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        every.main([str(tmp_path / "none" / "all.json")])
    assert "none/all.json does not exist; create it" in capsys.readouterr().err
    assert asked == []
