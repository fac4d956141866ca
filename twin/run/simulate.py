"""Run a cell through an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

import pybamm

from twin.models.integrator import LADDER
from twin.parts.parameters import Cell
from twin.parts.protocols import Protocol
from twin.run import results
from twin.run.notes import notes
from twin.run.requests import requested
from twin.run.solving import Progress, ended_by, solved

if TYPE_CHECKING:
    import xarray as xr


def simulate(
    cell: str | Cell,
    experiment: str | Protocol,
    settings: Mapping[str, float] | None = None,
    arguments: Mapping[str, str] | None = None,
    *,
    solver: pybamm.BaseSolver | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Run a cell through an experiment and return everything that happened.

    Parameters
    ----------
    cell : name, path or Cell
    experiment : name, path or Protocol
    settings : parameter values in SI by full name, in place of the cell's records
    arguments : arguments of the experiment as "VALUE unit"
    solver : PyBaMM solver; if not given, IDAKLU as the model sets it, and where that
        fails what :data:`twin.models.integrator.LADDER` lists
    progress : called after each step with the share of steps done

    Returns
    -------
    xarray.Dataset
        See :func:`twin.run.results.to_dataset`. The attribute "ended_by" names the
        event that ended the run, or says that the protocol was completed.

    Raises
    ------
    TwinError
        If cell, experiment or a value is not possible.
    SolveError
        If the solver fails.

    Examples
    --------
    >>> result = simulate("mann2025_lina", "current_pulse")
    >>> result.attrs["ended_by"]
    'protocol completed'
    """
    cell, protocol = requested(cell, experiment, settings, arguments)
    schedule = protocol.schedule()
    simulation, solution, attempts = solved(
        cell,
        schedule,
        where=f"experiment {protocol.name}",
        solver=solver,
        progress=progress,
    )
    used = {key: f"{a.value:.12g} {a.unit or ''}" for key, a in protocol.arguments.items()}
    return results.to_dataset(
        solution,
        cell,
        {
            "experiment": protocol.name,
            "experiment_title": protocol.title,
            "arguments": "; ".join(f"{k} = {v.strip()}" for k, v in used.items()),
            results.ENDED_BY: ended_by(solution),
            results.NOTES: "; ".join(notes(cell, schedule)),
            "relative_tolerance": float(simulation.solver.rtol),
            "absolute_tolerance": float(simulation.solver.atol),
            "solver": simulation.solver.name,
            "solver_attempts": attempts,
            results.RESCUED: LADDER[attempts - 1].name if attempts > 1 else "",
            "twin_version": version("solid-state-twin"),
            "pybamm_version": pybamm.__version__,
        },
    )
