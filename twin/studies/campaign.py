"""Campaigns: many designs, evaluated in batches and kept as they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from twin.errors import SolveError, TwinError
from twin.studies.cluster import Cluster
from twin.studies.executors import Batch, Executor, Processes, Serial
from twin.studies.store import CampaignStore
from twin.studies.tasks import Task

if TYPE_CHECKING:
    from twin.models.compat import Array
    from twin.run.solving import Progress

#: Designs in a batch. It does not depend on who evaluates it, so that a store made with
#: two processes goes on with two hundred.
BATCH: Final = 32


def executor(workers: int, scheduler: str | None = None) -> Executor:
    """Who evaluates.

    Parameters
    ----------
    workers : processes; with one, this process
    scheduler : of a Dask cluster, or "local"; None for processes of this machine

    Raises
    ------
    TwinError
        If there is less than one worker, or Dask is needed and not installed.

    Examples
    --------
    >>> type(executor(1)).__name__
    'Serial'
    """
    if workers < 1:
        raise TwinError(f"{workers} workers: give at least 1", where="--workers")
    if scheduler is not None:
        return Cluster(scheduler, workers)
    return Serial() if workers == 1 else Processes(workers)


def run_campaign(
    task: Task,
    rows: Array,
    identity: Mapping[str, Any],
    by: Executor,
    path: Path | None = None,
    batch: int = BATCH,
    progress: Progress | None = None,
) -> CampaignStore:
    """Evaluate designs and keep what comes, from where an earlier run stopped.

    Parameters
    ----------
    task : what evaluates
    rows : ndarray, shape (designs, inputs)
    identity : what the campaign is, plain JSON data; the versions of the packages that
        decide the last bit are added
    by : who evaluates
    path : folder of the store; None keeps everything in memory
    batch : designs in a batch
    progress : called with the share of the designs done

    Raises
    ------
    TwinError
        If the store is that of another campaign.
    SolveError
        If the cluster is lost; what was done until then is kept.
    """
    whole = {**identity, **versions(), "samples": len(rows), "batch": batch}
    store = CampaignStore(path, whole, len(rows), task.width, batch)

    def batches() -> Iterator[Batch]:
        for number in store.pending():
            yield Batch(number, rows[number * batch : (number + 1) * batch])

    try:
        # closed before anything is said: it may end processes
        with closing(by.run(task, batches())) as results:
            for number, found in results:
                store.write(number, found)
                if progress is not None:
                    progress(store.done / len(rows))
    except SolveError as error:
        raise SolveError(f"{error}; {_kept(store)}") from None
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"stopped: {_kept(store)}") from None
    return store


def _kept(store: CampaignStore) -> str:
    done = f"{store.done} of {store.samples} samples are done"
    if store.path is None:
        return f"{done}, and lost without a store"
    return f"{done} and kept in {store.path}: the same request goes on there"


def versions() -> dict[str, str]:
    """Versions of the packages that decide the last bit of a result.

    Examples
    --------
    >>> "version of pybamm" in versions()
    True
    """
    packages = (
        "solid-state-twin", "pybamm", "pybammsolvers", "casadi", "numpy", "scipy", "SALib",
    )  # fmt: skip
    return {f"version of {name}": version(name) for name in packages}


def unit_rows(shares: Array, factors: Any) -> Array:
    """Values of factors at shares of their ranges.

    Parameters
    ----------
    shares : ndarray, shape (designs, factors), from 0 to 1
    factors : sequence of :class:`twin.studies.ranges.Factor`

    Examples
    --------
    >>> from twin.studies.ranges import Factor
    >>> unit_rows(np.array([[0.5]]), [Factor("a", 2.0, 4.0, 3.0, "assumed")])
    array([[3.]])
    """
    columns = [factor.at(shares[:, place]) for place, factor in enumerate(factors)]
    return np.column_stack(columns)
