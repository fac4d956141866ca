"""Whether a critical current density is a number or a bound, from how the run ended."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.run.levels import LEVEL
from twin.studies import ccd_sheet
from twin.studies.ccd_sheet import LEVELS, STAIRCASE, ccd_figure, symmetric
from twin.studies.evaluation import Study
from twin.studies.propagation import Figure


@pytest.fixture
def figure(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Of a run that an event ended, or none, at a level [A.m-2]."""

    def made(event: str, level: float) -> Figure:
        evaluator = SimpleNamespace(run=SimpleNamespace(used_inputs=()))
        run = SimpleNamespace(attrs={LEVEL: level})
        failure = SimpleNamespace(event=event, in_words="as it went")
        monkeypatch.setattr(Study, "prepare", lambda self: evaluator)
        monkeypatch.setattr(ccd_sheet, "evaluated", lambda *_: (np.array([[level]]), {}))
        monkeypatch.setattr(
            ccd_sheet, "GalvanostaticRun", lambda *_, **__: SimpleNamespace(run=lambda: run)
        )
        monkeypatch.setattr(ccd_sheet, "read_failure", lambda _: failure)
        cell = symmetric(load_cell("thin_llzo_ncm622"))
        staircase = load_experiment(STAIRCASE).with_arguments(LEVELS)
        found, reason = ccd_figure("ccd", cell, staircase, [], 1)
        assert reason == ""
        return found

    return made


def test_a_failure_between_the_levels_is_a_number(figure: Any) -> None:
    found = figure("Negative short circuit", 50.0)
    # 50 A/m2 are 5 mA/cm2
    assert (found.bound, found.value, found.remark) == ("=", 5.0, "as it went")


def test_no_failure_is_a_lower_bound(figure: Any) -> None:
    found = figure("", 200.0)
    # 20 mA/cm2 is the last level
    assert (found.bound, found.open_end) == (">=", True)
    assert found.remark == "no failure at any level of the staircase"
    assert not figure("Negative short circuit", 195.0).open_end


def test_a_failure_at_the_first_level_is_an_upper_bound(figure: Any) -> None:
    # the staircase starts with 0.5 mA/cm2
    assert figure("Negative short circuit", 5.0).bound == "<="
