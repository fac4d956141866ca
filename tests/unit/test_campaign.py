"""What tells campaigns apart, and designs that raise what nobody foresaw."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bpx_sample import BPX

from twin import names
from twin.errors import TwinError
from twin.parts.cell import Cell
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.studies.campaign import executor, run_campaign, unit_rows, versions
from twin.studies.evaluation import Evaluator
from twin.studies.indices import Sampling
from twin.studies.ranges import Factor
from twin.studies.search import search
from twin.studies.sensitivity import _commonest, _identity, sensitivity
from twin.studies.store import DONE, FAILED, LOST, CampaignStore
from twin.studies.tasks import Evaluated, nothing

PULSE = ("mann2025_li", "current_pulse")
FACTOR = Factor(names.SEPARATOR_THICKNESS, 0.5e-3, 1e-3, 0.7e-3, "assumed")

STRIPPING = """
title = "Mine"
paper = "me"
models = ["SymmetricCell"]
[arguments.current_density]
value = 1
unit = "mA.cm-2"
meaning = "current density"
[arguments.duration]
value = 1
unit = "h"
meaning = "length"
[[steps]]
do = "{do}"
current_density = "current_density"
duration = "duration"
"""


def identity(
    cell: Cell, *, outputs: tuple[str, ...] = ("energy",), file: Path | None = None
) -> dict[str, Any]:
    protocol = load_experiment(file or "current_pulse")
    sampling = Sampling("sobol", factors=1, size=4, seed=1)
    common = {
        "cell": cell.name,
        "experiment": "mine",
        "arguments": {},
        "method": "sobol",
        "factors": (FACTOR,),
    }
    rows = unit_rows(sampling.shares(), [FACTOR])
    return _identity(common, cell, protocol, outputs, sampling, rows)


def differing(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {key for key in one if one[key] != other[key]}


def test_parameters_outputs_and_steps_tell_studies_apart(tmp_path: Path) -> None:
    cell = load_cell("mann2025_li")
    plain = identity(cell)
    assert differing(plain, identity(cell)) == set()
    changed = cell.with_values({names.STACK_PRESSURE: 1e6}, origin="a test")
    assert differing(plain, identity(changed)) == {"parameters"}
    assert differing(plain, identity(cell, outputs=("capacity",))) == {"outputs"}
    file = tmp_path / "mine.toml"
    found = []
    for do in ("strip", "plate"):
        file.write_text(STRIPPING.format(do=do))
        found.append(identity(cell, file=file))
    assert differing(*found) == {"digest of steps"}


def test_the_content_of_a_lent_cathode_tells_studies_apart(tmp_path: Path) -> None:
    file = tmp_path / "design.toml"
    file.write_text(
        'title = "design"\nbase = "thin_llzo_ncm622"\n'
        '[options]\n"cathode from" = "lent.json"\n'
    )
    lender = tmp_path / "lent.json"
    found = []
    for title in ("first", "second"):
        lender.write_text(json.dumps({**BPX, "Header": {**BPX["Header"], "Title": title}}))
        found.append(identity(load_cell(file)))
    assert differing(*found) == {"digest of lent cathode"}


def test_whatever_decides_the_last_bit_is_in_the_identity() -> None:
    packages = {"solid-state-twin", "pybamm", "pybammsolvers", "casadi", "numpy"}
    packages |= {"scipy", "SALib"}  # which draw the designs
    assert set(versions()) == {f"version of {name}" for name in packages}


class Inverse:
    """1/x, which zero has not."""

    width = 1

    def prepare(self) -> Callable[[np.ndarray], Evaluated]:
        return self

    def __call__(self, rows: np.ndarray) -> Evaluated:
        if (rows == 0).any():
            raise ZeroDivisionError("no inverse")
        return Evaluated(1 / rows, ("",) * len(rows))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_design_that_raises_fails_alone(workers: int) -> None:
    rows = np.array([[1.0], [2.0], [0.0], [4.0]])
    kept = run_campaign(Inverse(), rows, {}, executor(workers), batch=2)
    assert kept.reasons() == {2: "ZeroDivisionError: no inverse"}
    assert kept.values()[[0, 1, 3], 0].tolist() == [1.0, 0.5, 0.25]


def test_what_the_machine_lacked_is_tried_again(tmp_path: Path) -> None:
    class Starved(Inverse):
        full = True

        def __call__(self, rows: np.ndarray) -> Evaluated:
            if self.full and (rows == 2).any():
                raise MemoryError("the machine is full")
            return super().__call__(rows)

    def run() -> CampaignStore:
        rows, place = np.array([[1.0], [2.0], [0.0], [4.0]]), tmp_path / "s.zarr"
        return run_campaign(task, rows, {}, executor(1), place, batch=2)

    task = Starved()
    assert run().states().tolist() == [DONE, LOST, FAILED, DONE]
    task.full = False
    assert run().states().tolist() == [DONE, DONE, FAILED, DONE]


def test_a_search_without_any_design_says_the_commonest_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(self: Evaluator, rows: np.ndarray) -> Evaluated:
        if len(rows) > 1:
            raise ArithmeticError("one by one")
        cold = rows[0, 0] < 0.6e-3
        return nothing(1, 1, "too thin" if cold else "too thick")

    monkeypatch.setattr(Evaluator, "__call__", fails)
    with pytest.raises(TwinError, match=r"no design of 17 can be run; .* too thick$"):
        search(
            *PULSE,
            goal="initial cell resistance",
            vary=["Separator thickness=0.5:1 mm"],
        )


@pytest.mark.parametrize(("slope", "told"), [(0.0, True), (5e-4, True), (5e-3, False)])
def test_a_goal_that_nothing_changes_is_told(
    monkeypatch: pytest.MonkeyPatch, slope: float, told: bool
) -> None:
    def ramp(self: Evaluator, rows: np.ndarray) -> Evaluated:
        # by so much from one end of the range to the other
        values = 2 * (1 + slope * (rows[:, :1] - 0.5e-3) / 0.5e-3)
        return Evaluated(values, ("",) * len(rows))

    monkeypatch.setattr(Evaluator, "__call__", ramp)
    found = search(
        *PULSE,
        goal="initial cell resistance",
        vary=["Separator thickness=0.5:1 mm"],
        evaluations=40,
    )
    assert any("one is as good as the other" in note for note in found.notes) is told


def test_a_study_without_whole_blocks_says_the_commonest_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(self: Evaluator, rows: np.ndarray) -> Evaluated:
        return nothing(len(rows), 1, "too thick")

    monkeypatch.setattr(Evaluator, "__call__", fails)
    expected = "only 0 of 4 blocks .*; 12 samples failed, 12 of them: too thick$"
    with pytest.raises(TwinError, match=expected):
        sensitivity(
            *PULSE,
            outputs=["initial cell resistance"],
            ranges=["Separator thickness=0.5:1 mm"],
            size=4,
            workers=1,
        )


def test_the_commonest_reason_is_said() -> None:
    assert _commonest({}) == ""
    found = _commonest({0: "too cold", 3: "short", 7: "short"})
    assert found == "; 3 samples failed, 2 of them: short"


@pytest.mark.parametrize(
    ("words", "keywords"),
    [
        ("--seed -1: seeds count from 0", {"seed": -1}),
        ("--samples: these are 201326592 runs, more than 10000000", {"size": 2**26}),
        ("takes no --samples, --store or --scheduler", {"method": "local", "size": 4}),
        ("--scheduler 'foo': is no address", {"scheduler": "foo"}),
    ],
)
def test_studies_that_cannot_be_are_refused(words: str, keywords: dict[str, Any]) -> None:
    with pytest.raises(TwinError, match=re.escape(words)):
        sensitivity(
            *PULSE,
            outputs=["initial cell resistance"],
            ranges=["Separator thickness=0.5:1 mm"],
            **keywords,
        )


@pytest.mark.parametrize(
    ("words", "keywords"),
    [("--seed -1: seeds", {"seed": -1}), ("--evaluations 0: give", {"evaluations": 0})],
)
def test_searches_that_cannot_be_are_refused(words: str, keywords: dict[str, Any]) -> None:
    with pytest.raises(TwinError, match=re.escape(words)):
        search(
            *PULSE,
            goal="initial cell resistance",
            vary=["Separator thickness=0.5:1 mm"],
            **keywords,
        )


def test_a_script_without_its_guard_is_told(tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(
        "import numpy as np\n"
        "from twin.studies.campaign import executor, run_campaign\n"
        "from twin.studies.tasks import Evaluated\n"
        "class Same:\n"
        "    width = 1\n"
        "    def prepare(self):\n"
        "        return lambda rows: Evaluated(rows, ('',) * len(rows))\n"
        "run_campaign(Same(), np.ones((4, 1)), {}, executor(2), batch=2)\n"
    )
    ended = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 1
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith(
        "twin.errors.TwinError: the processes do not start: a script keeps"
    )
    assert 'under if __name__ == "__main__":' in last
