"""Critical current density: the first current of a staircase that fails, and how."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import xarray as xr

from twin.parts.parameters import Cell
from twin.parts.protocols import Protocol
from twin.parts.schedule import Schedule
from twin.run.failure import OHMIC_LIMIT, OUTPUTS, SURVIVED, Failure, read_failure
from twin.run.galvanostatic import GalvanostaticRun
from twin.run.levels import CONTINUOUS, LEVEL, LEVEL_STEP, levels
from twin.run.notes import notes
from twin.run.requests import staircase_requested
from twin.run.solving import Progress
from twin.studies.ccd_sensitivity import Elasticity, elasticities
from twin.studies.provenance import rests_on

#: Experiment of a CCD where none is named.
EXPERIMENT: Final = "ccd_constant_charge"

#: Results in each half cycle beside those at its ends, enough for a figure.
_SAMPLES: Final = 12

_UNITS: Final = {
    "critical_current_density": "A.m-2",
    "continuous": "A.m-2",
    "step": "A.m-2",
    "time": "s",
    "voltage": "V",
    "local_current_density": "A.m-2",
    "contact_fraction": "1",
    "contact_left": "1",
    "filament_length": "1",
}


@dataclass(frozen=True)
class CcdResult:
    """A critical current density, its failure and what it depends on.

    Attributes
    ----------
    cell, experiment : names
    arguments : of the experiment, as "VALUE unit"
    critical_current_density : first level that fails, or the last one [A.m-2]
    bound : "=" if a level failed, ">=" if none did up to the end of the sweep, "<=" if
        the first one did already
    continuous : last level survived, plus the share of the failing one that was completed
        times the step [A.m-2]
    step : rise of the current from level to level there [A.m-2]
    failure : how it failed, and the state of the cell at that moment
    filament_left : share of the separator that no filament has crossed [-], None if none
        can grow
    contact_left : smallest share of its initial contact that an electrode has [-], None
        if contact cannot be lost
    elasticities : relative change of the continuous CCD with each parameter, largest first
    notes : remarks, one sentence each
    rests_on : names of the cell's assumed and fitted parameters
    run : voltage, current and states over time
    """

    cell: str
    experiment: str
    arguments: Mapping[str, str]
    critical_current_density: float
    bound: str
    continuous: float
    step: float
    failure: Failure
    filament_left: float | None
    contact_left: float | None
    elasticities: tuple[Elasticity, ...]
    notes: tuple[str, ...]
    rests_on: tuple[str, ...]
    run: xr.Dataset = field(repr=False, compare=False)

    def to_json(self) -> str:
        """The result without its run, as JSON in SI units, which it lists.

        Examples
        --------
        >>> found = ccd("mann2025_li", arguments={"end": "0.2 mA.cm-2"}, sensitivity=False)
        >>> json.loads(found.to_json())["units"]["critical_current_density"]
        'A.m-2'
        """
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        del fields["run"]
        content: dict[str, Any] = {
            **fields,
            "arguments": dict(self.arguments),
            "failure": dataclasses.asdict(self.failure),
            "elasticities": [dataclasses.asdict(e) for e in self.elasticities],
            "units": _UNITS,
            "twin_version": version("solid-state-twin"),
        }
        return json.dumps(content, indent=2) + "\n"


def ccd(
    cell: str | Path | Cell,
    experiment: str | Path | Protocol = EXPERIMENT,
    settings: Mapping[str, float] | None = None,
    arguments: Mapping[str, str] | None = None,
    *,
    sensitivity: bool = True,
    progress: Progress | None = None,
) -> CcdResult:
    """Critical current density of a cell: run a staircase and see what fails, and when.

    Parameters
    ----------
    cell : name, path or Cell
    experiment : name, path or Protocol of galvanostatic steps with rising levels
    settings : parameter values in SI by full name, in place of the cell's records
    arguments : arguments of the experiment as "VALUE unit"
    sensitivity : whether to change every fitted and assumed parameter by 20 % as well
    progress : called with the share of the changed runs done

    Returns
    -------
    CcdResult

    Raises
    ------
    TwinError
        If cell, experiment or a value is not possible, or the first half cycle takes more
        lithium than there is.
    SolveError
        If the solver fails.

    Examples
    --------
    >>> found = ccd("mann2025_li", arguments={"end": "0.2 mA.cm-2"}, sensitivity=False)
    >>> found.bound, round(found.critical_current_density, 9)
    ('>=', 2.0)
    """
    loaded, protocol = staircase_requested(cell, experiment, settings, arguments)
    schedule = protocol.schedule()
    run = GalvanostaticRun(loaded, schedule, OUTPUTS, samples=_SAMPLES).run()
    failure = read_failure(run)
    found: list[Elasticity] = []
    # a sweep that nothing ended does not tell how far it is to the next failure
    if sensitivity and failure.mode != SURVIVED:
        found = elasticities(
            loaded,
            schedule,
            float(run.attrs[CONTINUOUS]),
            progress,
        )
    filaments = failure.filament_length.values()
    return CcdResult(
        cell=loaded.name,
        experiment=protocol.name,
        arguments={
            key: f"{given.value:g} {given.unit or ''}".strip()
            for key, given in protocol.arguments.items()
        },
        critical_current_density=float(run.attrs[LEVEL]),
        bound=_bound(failure, run, schedule),
        continuous=float(run.attrs[CONTINUOUS]),
        step=float(run.attrs[LEVEL_STEP]),
        failure=failure,
        filament_left=1 - max(filaments) if filaments else None,
        contact_left=min(failure.contact_left.values(), default=None),
        elasticities=tuple(found),
        notes=tuple(_remarks(loaded, failure, sensitivity)),
        rests_on=rests_on(loaded),
        run=run.assign_attrs(cell=loaded.name, experiment_title=protocol.title),
    )


def _bound(failure: Failure, run: xr.Dataset, schedule: Schedule) -> str:
    if failure.mode == SURVIVED:
        return ">="
    lowest = levels(schedule, None)[0].density
    return "<=" if float(run.attrs[LEVEL]) <= lowest else "="


def _remarks(cell: Cell, failure: Failure, sensitivity: bool) -> list[str]:
    found = notes(cell)
    if cell.options.get("filament", "none") == "none":
        found.append(
            "the cell has no filament submodel (option filament = none), so that a short "
            "circuit cannot occur and the number is that of contact loss alone"
        )
    if failure.mode == SURVIVED:
        found.append(
            "no level failed up to the end of the sweep; raise 'end' to find the limit"
            + (" and what it is sensitive to" if sensitivity else "")
        )
    else:
        found.append(
            "the number belongs to this staircase: damage adds up from level to level, so "
            "that its start, step and number of cycles count"
        )
    if failure.mode == OHMIC_LIMIT:
        found.append(
            "the cut-off was reached with contact whole: it is the resistance of the cell, "
            "and a higher cut-off would find the real limit"
        )
    return found
