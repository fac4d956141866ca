"""Critical current density of the lithium side of a full cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from twin.errors import TwinError
from twin.models.lithium_electrode import ELECTRODE_OPTIONS
from twin.parts.cell import Cell
from twin.parts.protocols import Protocol
from twin.run.failure import OUTPUTS, read_failure
from twin.run.galvanostatic import GalvanostaticRun
from twin.run.levels import LEVEL, levels
from twin.run.solving import Progress
from twin.studies.evaluation import Study
from twin.studies.propagation import Figure, designs, evaluated, propagated
from twin.studies.ranges import Factor

#: Experiment of critical current densities.
STAIRCASE: Final = "ccd_constant_charge"

#: Its levels: coarser than twin ccd's, and the share of the failing level that was
#: completed is counted.
LEVELS: Final = {"start": "0.5 mA.cm-2", "step": "0.5 mA.cm-2", "end": "20 mA.cm-2"}

_CCD: Final = "critical current density"
_MAH_CM2: Final = 36000.0

_SURVIVED: Final = "no failure at any level of the staircase"

_OPTIONS: Final = tuple(name.replace("_", " ") for name in ELECTRODE_OPTIONS)


def symmetric(cell: Cell) -> Cell:
    """The symmetric cell of a full cell's lithium electrode and separator.

    Raises
    ------
    TwinError
        If the full cell has no lithium of its own, or a liquid separator: critical current
        densities are those of lithium foils on a solid.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> symmetric(load_cell("thin_llzo_ncm622")).model
    'SymmetricCell'
    """
    where = f"cell {cell.name}"
    if cell.model != "FullCell":
        raise TwinError("has no lithium foil to make a symmetric cell of", where=where)
    if cell.options.get("electrolyte") == "liquid":
        raise TwinError("has a liquid separator, which no filament crosses", where=where)
    # a share of lithium lost does nothing within a staircase
    kept = {n: v for n, v in cell.options.items() if n in _OPTIONS and n != "lithium loss"}
    return replace(cell, model="SymmetricCell", options=kept)


def half_cycle_levels(charge: float) -> dict[str, str]:
    """Arguments of the staircase for half cycles of a full cell's own capacity.

    Its levels start lower and rise less: half cycles that long fail sooner.

    Parameters
    ----------
    charge : capacity [C.m-2]

    Examples
    --------
    >>> half_cycle_levels(108000.0)["half_cycle_capacity"]
    '3 mA.h.cm-2'
    """
    return {
        "start": "0.25 mA.cm-2",
        "step": "0.25 mA.cm-2",
        "end": "10 mA.cm-2",
        "half_cycle_capacity": f"{charge / _MAH_CM2:.3g} mA.h.cm-2",
    }


def ccd_figure(
    name: str,
    cell: Cell,
    protocol: Protocol,
    factors: Sequence[Factor],
    workers: int,
    progress: Progress | None = None,
) -> tuple[Figure, str]:
    """A critical current density with its interval, and why there is none, or empty.

    Parameters
    ----------
    name : of the figure
    cell : a symmetric one
    protocol : staircase
    factors : parameters that are varied, as far as the model contains them
    workers : processes
    progress : called with the share of the work done
    """
    schedule = protocol.schedule()
    known = tuple(one for one in factors if one.name in cell.values)
    study = Study(cell, schedule, tuple(one.name for one in known), (_CCD,))
    used = study.prepare().run.used_inputs
    varied = [one for one in known if one.name in used]
    study = replace(study, inputs=tuple(one.name for one in varied))
    values, reasons = evaluated(study, designs(varied), workers, progress)
    run = GalvanostaticRun(cell, schedule, OUTPUTS, threads=1).run()
    failure = read_failure(run)
    all_levels = levels(schedule, None)
    lowest, highest = all_levels[0].density, all_levels[-1].density
    bound = "=" if failure.event else ">="
    if failure.event and float(run.attrs[LEVEL]) <= lowest:
        bound = "<="
    figure = propagated(
        name, "mA.cm-2", values[:, 0], varied, scale=10.0, ratios=True, bound=bound,
        most=highest / 10, remark=failure.in_words if failure.event else _SURVIVED,
    )  # fmt: skip
    return figure, reasons.get(0, "")
