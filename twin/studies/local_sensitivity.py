"""Derivatives of outputs at the cell's own values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from twin import names
from twin.errors import SolveError
from twin.models.build import build_model
from twin.models.compat import Array
from twin.models.parameter_values import parameter_values
from twin.parts.catalogue import known
from twin.parts.cell import Cell
from twin.parts.schedule import Schedule
from twin.parts.stack import Layer, Stack
from twin.run.sensitivities import CAPACITY, at_end, derivative, sensitivities
from twin.run.solving import SET_ONE_C, pybamm_experiment
from twin.studies.outputs import OUTPUTS
from twin.studies.ranges import Factor
from twin.studies.tasks import Evaluate

#: How derivatives are found.
FORWARD: Final = "forward sensitivities"
DIFFERENCES: Final = "central differences"

#: Share of its range by which a factor is changed either way for a difference.
_STEP: Final = 0.005

#: Value and derivatives, in SI.
_Found = tuple[float, Array]


@dataclass(frozen=True)
class Gradient:
    """An output at the cell's values, and its derivatives.

    Attributes
    ----------
    value : in SI
    derivatives : ndarray, shape (factors,), per unit of each factor
    methods : how each was found
    """

    value: float
    derivatives: Array
    methods: tuple[str, ...]


def _last(run: xr.Dataset, sign: int) -> int:
    """The last step that passes charge in a direction."""
    passing = np.flatnonzero(sign * run[CAPACITY].to_numpy() > 0)
    if not passing.size:
        raise SolveError("the run ended before the step that is looked at")
    return int(passing[-1])


def _passed(run: xr.Dataset, area: float, step: int) -> _Found:
    scale = 3600 / area
    slopes = run[derivative(CAPACITY)].to_numpy()[:, step]
    return scale * float(run[CAPACITY][step]), scale * slopes


def _capacity(run: xr.Dataset, cell: Cell) -> _Found:
    return _passed(run, cell.values[names.ELECTRODE_AREA], _last(run, 1))


def _stripped(run: xr.Dataset, cell: Cell) -> _Found:
    return _passed(run, cell.values[names.ELECTRODE_AREA], -1)


def _per_mass(run: xr.Dataset, cell: Cell) -> _Found:
    value, slopes = _capacity(run, cell)
    loading = cell.values[names.CATHODE_LOADING]
    return value / loading, slopes / loading


def _energy(run: xr.Dataset, cell: Cell) -> _Found:
    name = at_end(names.DISCHARGE_ENERGY)
    step = _last(run, 1)
    scale = 3600 / cell.values[names.ELECTRODE_AREA]
    values, slopes = run[name].to_numpy(), run[derivative(name)].to_numpy()
    # the count starts at zero
    before = (values[step - 1], slopes[:, step - 1]) if step else (0.0, 0.0)
    return scale * float(values[step] - before[0]), scale * (slopes[:, step] - before[1])


def _mean_voltage(run: xr.Dataset, cell: Cell) -> _Found:
    energy, slopes = _energy(run, cell)
    charge, of_charge = _capacity(run, cell)
    return energy / charge, (slopes - energy / charge * of_charge) / charge


def _over(run: xr.Dataset, cell: Cell, size: Callable[[Layer], float]) -> _Found:
    """The energy over what the layers of the stack add up to."""
    stack = Stack(cell)

    def whole(changed: Mapping[str, float]) -> float:
        return sum(size(layer) for layer in stack.layers(changed))

    energy, slopes = _energy(run, cell)
    here, moved = whole({}), []
    for name in map(str, run["parameter"].to_numpy()):
        # sums of products: as good as exact
        step = 1e-6 * abs(cell.values[name]) or 1e-9
        ends = [whole({name: cell.values[name] + sign * step}) for sign in (1, -1)]
        moved.append((ends[0] - ends[1]) / (2 * step))
    return energy / here, slopes / here - energy / here**2 * np.array(moved)


def _specific_energy(run: xr.Dataset, cell: Cell) -> _Found:
    return _over(run, cell, lambda layer: layer.mass)


def _energy_density(run: xr.Dataset, cell: Cell) -> _Found:
    return _over(run, cell, lambda layer: layer.thickness)


#: Outputs whose derivatives follow from those of the steps.
_READ: Final[dict[str, Callable[[xr.Dataset, Cell], _Found]]] = {
    "capacity": _capacity,
    "discharge capacity": _per_mass,
    "stripped capacity": _stripped,
    "energy": _energy,
    "mean voltage": _mean_voltage,
    "specific energy": _specific_energy,
    "energy density": _energy_density,
}

#: What sets the currents of a schedule in A, the areas that outputs are divided by, or
#: what PyBaMM's experiments set themselves.
_NO_INPUTS: Final = (*SET_ONE_C, names.ELECTRODE_AREA, names.AMBIENT_TEMPERATURE)


def has_gradient(name: str) -> bool:
    """Whether the derivatives of an output follow from forward sensitivities.

    Examples
    --------
    >>> has_gradient("energy"), has_gradient("life in cycles")
    (True, False)
    """
    return name in _READ


def gradients(
    cell: Cell,
    schedule: Schedule,
    factors: Sequence[Factor],
    outputs: Sequence[str],
    evaluate: Evaluate,
    *,
    forward: bool = True,
) -> list[Gradient]:
    """Derivatives of outputs at the cell's values, each by the way that it has.

    Capacities and energies come from forward sensitivities, which stay right across the
    voltages that end steps; everything else, and what the temperature and the factors that
    set the currents do, from central differences.

    Parameters
    ----------
    cell, schedule : what is run
    factors : what varies
    outputs : names of outputs
    evaluate : of a study of all factors and outputs
    forward : False takes differences of everything, which cost a full cell much less

    Raises
    ------
    SolveError
        If the cell itself, or one of the changed ones, cannot be run.
    """
    smooth = [name for name in outputs if name in _READ]
    direct = [
        f.name for f in factors if not f.is_argument and f.name not in _NO_INPUTS
    ]
    exact: dict[str, _Found] = {}
    if smooth and direct and forward:
        exact = _forward(cell, schedule, direct, smooth)
    wanted = [
        place
        for place, factor in enumerate(factors)
        if factor.name not in direct or len(exact) < len(outputs)
    ]
    values, slopes = _differences(factors, wanted, len(outputs), evaluate)
    found = []
    for place, name in enumerate(outputs):
        value, derivatives = values[place], slopes[:, place].copy()
        methods = [DIFFERENCES] * len(factors)
        if name in exact:
            value, of_direct = exact[name]
            for number, factor in enumerate(factors):
                if factor.name in direct:
                    derivatives[number] = of_direct[direct.index(factor.name)]
                    methods[number] = FORWARD
        found.append(Gradient(float(value), derivatives, tuple(methods)))
    return found


def _forward(
    cell: Cell, schedule: Schedule, inputs: Sequence[str], outputs: Sequence[str]
) -> dict[str, _Found]:
    """Values and derivatives; empty where the integrator does not resolve them."""
    energy = any(names.DISCHARGE_ENERGY in OUTPUTS[name].needs for name in outputs)
    values = parameter_values(cell)
    if schedule.polarisation is not None:
        values[names.POLARISATION_CUT_OFF] = schedule.polarisation
    try:
        run = sensitivities(
            build_model(cell, energy=energy),
            values,
            pybamm_experiment(schedule, cell, f"cell {cell.name}"),
            {name: cell.values[name] for name in inputs},
            [names.DISCHARGE_ENERGY] if energy else [],
            solver_options={"suppress_algebraic_error": True},
        )
        return {name: _READ[name](run, cell) for name in outputs}
    except SolveError:  # differences remain
        return {}


def _differences(
    factors: Sequence[Factor], wanted: Sequence[int], outputs: int, evaluate: Evaluate
) -> tuple[Array, Array]:
    """Outputs at the cell's values, and slopes of those factors that are wanted."""
    nominal = np.array([factor.value for factor in factors])
    rows, ends = [nominal], []
    for place in wanted:
        factor = factors[place]
        step = _STEP * (factor.high - factor.low)
        if factor.logarithmic:
            step = min(step, _STEP * abs(factor.value))
        allowed = None if factor.is_argument else known(factor.name).allowed
        pair = []
        for sign in (-1, 1):
            # one-sided where the other side makes no sense
            moved = factor.value + sign * step
            possible = allowed is None or moved in allowed
            pair.append(moved if possible else factor.value)
        ends.append(pair)
        for value in pair:
            row = nominal.copy()
            row[place] = value
            rows.append(row)
    found = evaluate(np.stack(rows))
    for number, reason in enumerate(found.reasons):
        if reason:
            what = "the cell itself"
            if number:
                what = f"'{factors[wanted[(number - 1) // 2]].name}' changed a little"
            raise SolveError(f"{what} cannot be run: {reason}")
    slopes = np.full((len(factors), outputs), np.nan)
    for number, (place, (low, high)) in enumerate(zip(wanted, ends, strict=True)):
        rise = found.values[2 + 2 * number] - found.values[1 + 2 * number]
        slopes[place] = rise / (high - low)
    return found.values[0], slopes
