"""Which parameters matter: local derivatives, Morris and Sobol."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from twin.errors import RecordError, TwinError, UnknownNameError
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.lent_cathode import OPTION as LENT
from twin.parts.protocols import Protocol
from twin.parts.stack import Stack
from twin.run.levels import levels
from twin.run.requests import requested
from twin.run.solving import Progress, one_c
from twin.studies.argument_study import ArgumentStudy
from twin.studies.campaign import executor, run_campaign, unit_rows
from twin.studies.evaluation import Study
from twin.studies.indices import EFFECT, FIRST, SPREAD, TOTAL, Sampling, interval
from twin.studies.local_sensitivity import gradients
from twin.studies.outputs import OUTPUTS, default_output, output
from twin.studies.provenance import rests_on
from twin.studies.ranges import Factor, factors_of, far_from
from twin.studies.tasks import Evaluate, Task, commonest

METHODS: Final = ("sobol", "morris", "local")

#: Runs from which on compiling the equations in each process pays.
_MANY: Final = 2000

#: Runs that a campaign may have: its designs are held in memory by one program.
_MOST: Final = 10_000_000

#: Base points of Sobol and trajectories of Morris where no number is given.
SIZES: Final = {"sobol": 64, "morris": 16}

# variables of local indices
DERIVATIVE: Final = "derivative"
ELASTICITY: Final = "elasticity"
BY: Final = "by"

#: What an index of each method is ranked by.
RANKED: Final = {"sobol": TOTAL, "morris": EFFECT, "local": EFFECT}


@dataclass(frozen=True)
class SensitivityResult:
    """What some outputs depend on.

    Attributes
    ----------
    cell, experiment : names
    arguments : of the experiment, as "VALUE unit"
    method : "sobol", "morris" or "local"
    size, seed : of the designs; 0 of a local study
    factors : what varied
    left_out : parameters that were asked for, or have ranges, and that the model of this
        cell does not contain
    indices : over "output" and "factor", those of Sobol and Morris over "size" too, see
        :meth:`twin.studies.indices.Sampling.indices`; local ones are the derivative (SI),
        the elasticity, and the effect: the derivative times the range, of ranges of a
        decade or more the value times that of its logarithm. In SI.
    samples : every design with its outputs, over "sample"; empty of a local study
    failed : why samples failed, by their number
    notes : remarks, one sentence each
    rests_on : names of the cell's assumed and fitted parameters
    """

    cell: str
    experiment: str
    arguments: Mapping[str, str]
    method: str
    size: int
    seed: int
    factors: tuple[Factor, ...]
    left_out: tuple[str, ...]
    indices: xr.Dataset = field(repr=False, compare=False)
    samples: xr.Dataset = field(repr=False, compare=False)
    failed: Mapping[int, str]
    notes: tuple[str, ...]
    rests_on: tuple[str, ...]

    @property
    def outputs(self) -> list[str]:
        """Names of the outputs."""
        return [str(name) for name in self.indices["output"].to_numpy()]

    def ranking(self, name: str) -> list[int]:
        """Numbers of the factors of an output, the one that matters most first."""
        of = self.indices.sel(output=name)[RANKED[self.method]]
        values = np.abs((of.isel(size=-1) if "size" in of.dims else of).to_numpy())
        return [int(n) for n in np.argsort(-np.nan_to_num(values), kind="stable")]

    def to_json(self) -> str:
        """The result without its samples, as JSON in SI units."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        del fields["samples"], fields["indices"]
        content: dict[str, Any] = {
            **fields,
            "arguments": dict(self.arguments),
            "factors": [dataclasses.asdict(one) for one in self.factors],
            "failed": {str(number): why for number, why in self.failed.items()},
            "outputs": {name: OUTPUTS[name].unit or "1" for name in self.outputs},
            "indices": {
                str(name): _plain(values.to_numpy())
                for name, values in self.indices.data_vars.items()
            },
            "dimensions": {
                str(name): list(map(str, values.dims))
                for name, values in self.indices.data_vars.items()
            },
            "twin_version": version("solid-state-twin"),
        }
        if "size" in self.indices:
            content["sizes"] = self.indices["size"].to_numpy().tolist()
        return json.dumps(content, indent=2) + "\n"


def _plain(values: np.ndarray[Any, Any]) -> Any:
    """Nested lists without what JSON cannot hold."""
    if values.ndim:
        return [_plain(one) for one in values]
    item = values.item()
    return None if isinstance(item, float) and not np.isfinite(item) else item


def sensitivity(
    cell: str | Path | Cell,
    experiment: str | Path | Protocol,
    settings: Mapping[str, float] | None = None,
    arguments: Mapping[str, str] | None = None,
    *,
    method: str = "sobol",
    outputs: Sequence[str] = (),
    ranges: Sequence[str] = (),
    size: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    scheduler: str | None = None,
    store: str | Path | None = None,
    progress: Progress | None = None,
) -> SensitivityResult:
    """Which parameters some outputs of an experiment depend on, and how much.

    Parameters
    ----------
    cell, experiment : name, path or what was loaded already; steps of constant current
    settings : parameter values in SI by full name, in place of the cell's records
    arguments : arguments of the experiment as "VALUE unit"
    method : "sobol", shares of the variance, from size x (factors + 2) runs; "morris",
        effects over the range, from size x (factors + 1) runs; "local", derivatives
    outputs : names, see :data:`twin.studies.outputs.OUTPUTS`
    ranges : "NAME=low:high unit" or "NAME"; those of all assumed and fitted parameters if
        empty. NAME may be an argument of the experiment: each value of it costs a build
    size : base points of Sobol, a power of two, or trajectories of Morris
    seed : of designs and bootstrap; the same seed gives the same numbers to the last bit
        on one machine, however many workers there are
    workers : processes; as many as there are cores if None. A script that asks for more
        than one needs ``if __name__ == "__main__":``, as the processes import it
    scheduler : address of a Dask scheduler, or "local"
    store : folder of a zarr store, in which an interrupted study goes on
    progress : called with the share of the runs done

    Raises
    ------
    TwinError
        If a request is not possible.
    SolveError
        If the cell itself cannot be run, or the cluster is lost.

    Examples
    --------
    >>> found = sensitivity(
    ...     "mann2025_li",
    ...     "full_stripping",
    ...     method="local",
    ...     ranges=["Lithium self-diffusivity at 25 C=1e-15:2e-15 m2.s-1"],
    ... )
    >>> bool(found.indices[ELASTICITY][0, 0] > 0)
    True
    """
    if method not in METHODS:
        raise UnknownNameError("method", method, METHODS)
    loaded, protocol = requested(cell, experiment, settings, arguments)
    named = [" ".join(one.lower().split()) for one in outputs]
    named = list(dict.fromkeys(named or [default_output(protocol)]))
    for name in named:
        output(name, loaded, protocol)
    cores = os.cpu_count() or 1
    by = executor(cores if workers is None else workers, scheduler)
    asked = factors_of(loaded, protocol, ranges, arguments=True)
    factors, evaluate, study = _of_the_model(loaded, protocol, asked, named)
    common: dict[str, Any] = {
        "cell": loaded.name,
        "experiment": protocol.name,
        "arguments": _arguments(protocol),
        "method": method,
        "factors": tuple(factors),
        "left_out": tuple(one.name for one in asked if one not in factors),
        "rests_on": rests_on(loaded),
    }
    if method == "local":
        if store is not None or size is not None or scheduler is not None:
            raise RecordError(
                "a local study has no samples: it takes no --samples, --store or "
                "--scheduler",
                where="--method local",
            )
        indices = _local(loaded, protocol, factors, named, evaluate)
        return SensitivityResult(
            **common, size=0, seed=0, indices=indices, samples=xr.Dataset(), failed={},
            notes=(),
        )  # fmt: skip
    sampling = Sampling(
        "sobol" if method == "sobol" else "morris",
        len(factors),
        SIZES[method] if size is None else size,
        seed,
    )
    if sampling.runs > _MOST:
        raise RecordError(
            f"these are {sampling.runs} runs, more than {_MOST}; vary fewer parameters, or "
            "share them out in studies with a seed each",
            where="--samples",
        )
    rows = unit_rows(sampling.shares(), factors)
    if isinstance(study, Study) and len(rows) >= _MANY:
        study = replace(study, compiled=True)
    identity = _identity(common, loaded, protocol, named, sampling, rows)
    path = None if store is None else Path(store)
    kept = run_campaign(study, rows, identity, by, path, progress=progress)
    values = kept.values()
    failed = kept.reasons()
    try:
        per_output = [sampling.indices(values[:, place]) for place in range(len(named))]
    except TwinError as error:
        raise TwinError(f"{error}{_commonest(failed)}") from None
    indices = xr.concat(per_output, "output").assign_coords(
        output=named, factor=[factor.name for factor in factors]
    )
    return SensitivityResult(
        **common,
        size=sampling.size,
        seed=seed,
        indices=indices,
        samples=_samples(rows, values, factors, named),
        failed=failed,
        notes=(*far_from(factors), *_remarks(protocol, loaded, named, values)),
    )


def _of_the_model(
    cell: Cell, protocol: Protocol, asked: Sequence[Factor], named: Sequence[str]
) -> tuple[list[Factor], Evaluate, Task]:
    """Those factors that the outputs depend on, and the study of them, ready here."""
    schedule = protocol.schedule()
    inputs = tuple(one.name for one in asked if not one.is_argument)
    study = Study(cell, schedule, inputs, tuple(named))
    evaluate = study.prepare()
    used = set(evaluate.run.used_inputs)
    if any(OUTPUTS[name].stack for name in named):
        used |= set(Stack(cell).needs())
    factors = [one for one in asked if one.is_argument or one.name in used]
    if not factors:
        raise TwinError(
            "none of these parameters is in the model of this cell: "
            + ", ".join(f"'{one.name}'" for one in asked),
            where=f"cell {cell.name}",
        )
    if any(one.is_argument for one in factors):
        by_arguments = ArgumentStudy(cell, protocol, tuple(factors), tuple(named))
        return factors, by_arguments.prepare(), by_arguments
    if len(factors) < len(asked):
        study = dataclasses.replace(study, inputs=tuple(one.name for one in factors))
        evaluate = study.prepare()
    return factors, evaluate, study


def _arguments(protocol: Protocol) -> dict[str, str]:
    return {
        key: f"{given.value:g} {given.unit or ''}".strip()
        for key, given in protocol.arguments.items()
    }


def _identity(
    common: Mapping[str, Any],
    cell: Cell,
    protocol: Protocol,
    named: Sequence[str],
    sampling: Sampling,
    rows: Array,
) -> dict[str, Any]:
    """What tells one campaign from another."""
    kept = ("cell", "experiment", "arguments", "method")
    lent = Path(cell.options.get(LENT, ""))
    return {
        **{key: common[key] for key in kept},
        "digest of steps": _digest(repr(protocol.schedule()).encode()),
        "parameters": cell.values,
        "options": dict(cell.options),
        "digest of lent cathode": _digest(lent.read_bytes()) if lent.is_file() else "",
        "digest of designs": _digest(rows.tobytes()),
        "factors": {one.name: [one.low, one.high] for one in common["factors"]},
        "outputs": list(named),
        "size": sampling.size,
        "seed": sampling.seed,
    }


def _local(
    cell: Cell,
    protocol: Protocol,
    factors: Sequence[Factor],
    named: Sequence[str],
    evaluate: Evaluate,
) -> xr.Dataset:
    found = gradients(cell, protocol.schedule(), factors, named, evaluate)
    slopes = np.stack([one.derivatives for one in found])
    values = np.array([[one.value] for one in found])
    nominal = np.array([factor.value for factor in factors])
    widths = np.array([factor.width for factor in factors])
    dimensions = ("output", "factor")
    with np.errstate(divide="ignore", invalid="ignore"):
        elasticity = slopes * nominal / values
    return xr.Dataset(
        {
            "value": ("output", values[:, 0]),
            DERIVATIVE: (dimensions, slopes),
            ELASTICITY: (dimensions, elasticity),
            EFFECT: (dimensions, slopes * widths),
            BY: (dimensions, np.array([one.methods for one in found])),
        },
        {"output": list(named), "factor": [factor.name for factor in factors]},
    )


def _samples(
    rows: Array, values: Array, factors: Sequence[Factor], named: Sequence[str]
) -> xr.Dataset:
    data: dict[str, Any] = {
        factor.name: ("sample", rows[:, n]) for n, factor in enumerate(factors)
    }
    data.update(
        {
            name: ("sample", values[:, n], {"units": OUTPUTS[name].unit or "1"})
            for n, name in enumerate(named)
        }
    )
    return xr.Dataset(data)


def _remarks(
    protocol: Protocol, cell: Cell, named: Sequence[str], values: Array
) -> list[str]:
    """Say where a limit was not reached: variance that the end of the schedule cuts off."""
    schedule = protocol.schedule()
    tops = {
        "critical current density": levels(schedule, one_c(cell))[-1].density,
        "life in cycles": float(len(schedule.cycles)),
    }
    found = []
    for place, name in enumerate(named):
        if name not in tops:
            continue
        survived = int((values[:, place] >= tops[name] * (1 - 1e-9)).sum())
        if survived:
            found.append(
                f"{survived} of {len(values)} samples came to the end of the schedule, "
                f"where {name} is only a lower bound; lengthen it"
            )
    return found


#: Indices of each method, with their intervals, in the order of tables.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "sobol": (TOTAL, interval(TOTAL), FIRST, interval(FIRST)),
    "morris": (EFFECT, interval(EFFECT), SPREAD),
    "local": (EFFECT, ELASTICITY, DERIVATIVE),
}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _commonest(failed: Mapping[int, str]) -> str:
    """The reason that most of the failed samples have, begun with a semicolon."""
    if not failed:
        return ""
    reason, times = commonest(failed.values())
    return f"; {len(failed)} samples failed, {times} of them: {reason}"
