"""Runs that a fit repeats at many values of its parameters, each built once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import xarray as xr

from twin import names
from twin.errors import RecordError, SolveError
from twin.models.build import build_model
from twin.models.compat import Array
from twin.models.parameter_values import parameter_values
from twin.parts.cell import Cell
from twin.parts.protocols import Protocol
from twin.run.galvanostatic import FAILED, GalvanostaticRun
from twin.run.observables import observable
from twin.run.results import ENDED_BY
from twin.run.sensitivities import SensitivityRun
from twin.run.solving import pybamm_experiment
from twin.studies.cases import Row
from twin.studies.fit_curve_runs import FileGroup, shifted_value
from twin.studies.fit_curves import FileDatum
from twin.studies.fit_data import CurveDatum, Datum, RowDatum
from twin.studies.fit_readings import DIFFERENTIABLE, Prediction, along_curve, read_off
from twin.studies.fit_unknowns import Unknown
from twin.studies.validate import run_row

#: Parameters that turn C-rates and current densities into currents before a model is
#: built, so that they cannot be inputs of it.
REBUILT: Final = (names.ELECTRODE_AREA, names.CATHODE_LOADING, names.CATHODE_CAPACITY)

#: Change of a parameter, as a share of its bounds' distance on the scale of the fit: for
#: smooth numbers, and for limits, which events make uneven.
_CHANGE: Final = 1e-3
_CHANGE_OF_LIMITS: Final = 2e-2

#: From values of the parameters by name to results.
_Runner = Callable[[list[dict[str, float]]], list[xr.Dataset]]


class SensitivityGroup:
    """Data that are read off one run with IDAKLU's sensitivities, across its cut-offs.

    Parameters
    ----------
    cell, protocol : what is run
    data : observables in :data:`twin.studies.fit_readings.DIFFERENTIABLE`, and curves
    unknowns : of the whole fit; those that act on the cell become inputs
    """

    def __init__(
        self,
        cell: Cell,
        protocol: Protocol,
        data: Sequence[Datum],
        unknowns: Sequence[Unknown],
    ) -> None:
        self._cell, self._protocol = cell, protocol
        self._count = len(unknowns)
        self._acting = [k for k, u in enumerate(unknowns) if u.acts_on(cell)]
        self._names = [unknowns[k].name for k in self._acting]
        values = parameter_values(cell)
        schedule = protocol.schedule()
        if schedule.polarisation is not None:
            values[names.POLARISATION_CUT_OFF] = schedule.polarisation
        where = f"experiment {protocol.name}"
        self._run = SensitivityRun(
            build_model(cell),
            values,
            pybamm_experiment(schedule, cell, where),
            {unknowns[k].name: unknowns[k].start for k in self._acting},
            _outputs(data),
        )

    def predict(self, data: Sequence[Datum], values: Array) -> list[Prediction]:
        """Numbers of some of the data at values of all unknowns.

        Parameters
        ----------
        data : of this group
        values : shape (unknowns,), in SI

        Raises
        ------
        SolveError
            If the run fails.
        """
        own = (float(values[k]) for k in self._acting)
        found = self._run.at(dict(zip(self._names, own, strict=True)))
        return [self._read(found, datum) for datum in data]

    def _read(self, found: xr.Dataset, datum: Datum) -> Prediction:
        if isinstance(datum, CurveDatum):
            own = along_curve(found, datum)
        else:
            assert isinstance(datum, RowDatum)
            value, slope = DIFFERENTIABLE[datum.row.observable][1](found, self._protocol)
            scale = 1.0
            if datum.row.observable == "discharge capacity":
                own_values = self._cell.values
                scale = 1 / (
                    own_values[names.CATHODE_LOADING] * own_values[names.ELECTRODE_AREA]
                )
            own = Prediction(np.array([value * scale]), slope[np.newaxis] * scale)
        slope = np.zeros((own.value.size, self._count))
        slope[:, self._acting] = own.slope
        return Prediction(own.value, slope)


def _outputs(data: Sequence[Datum]) -> list[str]:
    wanted = [
        DIFFERENTIABLE[datum.row.observable][0]
        if isinstance(datum, RowDatum)
        else names.VOLTAGE
        for datum in data
    ]
    return list(dict.fromkeys(name for name in wanted if name is not None))


class DifferenceGroup:
    """Data that are read off one run, differentiated by running it once more for each.

    Parameters
    ----------
    cell, protocol : what is run
    data : rows, all of one kind of run
    unknowns : of the whole fit
    """

    def __init__(
        self,
        cell: Cell,
        protocol: Protocol,
        data: Sequence[RowDatum],
        unknowns: Sequence[Unknown],
    ) -> None:
        self._cell, self._protocol = cell, protocol
        self._unknowns = list(unknowns)
        self._acting = [k for k, u in enumerate(unknowns) if u.acts_on(cell)]
        wanted = observable(data[0].row.observable)
        self._change = _CHANGE_OF_LIMITS if wanted.limit else _CHANGE
        self._run = self._runner(data[0].row, wanted.by == "schedule")
        self._constant: list[xr.Dataset] | None = None

    def _runner(self, row: Row, to_the_limit: bool) -> _Runner:
        given = [self._unknowns[k].name for k in self._acting]
        if not to_the_limit:
            return lambda many: [
                run_row(self._cell.with_values(one, "fit"), row) for one in many
            ]
        schedule = self._protocol.schedule()
        if any(name in REBUILT for name in given):
            return lambda many: [
                GalvanostaticRun(self._cell.with_values(one, "fit"), schedule, ()).run()
                for one in many
            ]
        return GalvanostaticRun(self._cell, schedule, (), given).run_many

    def predict(self, data: Sequence[Datum], values: Array) -> list[Prediction]:
        """Numbers of some of the data at values of all unknowns.

        Parameters
        ----------
        data : rows of this group
        values : shape (unknowns,), in SI

        Raises
        ------
        SolveError
            If a run fails.
        """
        base = {self._unknowns[k].name: float(values[k]) for k in self._acting}
        shifted = [
            shifted_value(self._unknowns[k], float(values[k]), self._change)
            for k in self._acting
        ]
        designs = [
            base,
            *(
                base | {self._unknowns[k].name: value}
                for k, value in zip(self._acting, shifted, strict=True)
            ),
        ]
        found = self._results(designs)
        predictions = []
        for datum in data:
            assert isinstance(datum, RowDatum)
            numbers, step = [], 0.0
            for result in found:
                number, step = read_off(datum.row.observable, result, self._protocol)
                numbers.append(number)
            slope = np.zeros((1, len(self._unknowns)))
            for k, value, number in zip(self._acting, shifted, numbers[1:], strict=True):
                slope[0, k] = (number - numbers[0]) / (value - float(values[k]))
            predictions.append(Prediction(np.array(numbers[:1]), slope, step))
        return predictions

    def _results(self, designs: list[dict[str, float]]) -> list[xr.Dataset]:
        if self._constant is not None:
            return self._constant
        found = self._run(designs)
        if any(result.attrs.get(ENDED_BY) == FAILED for result in found):
            raise SolveError(
                "the solver failed",
                where=f"cell {self._cell.name}, experiment {self._protocol.name}",
            )
        if not self._acting:  # nothing of the fit changes it
            self._constant = found
        return found


class RatioGroup:
    """Reported ratios of two cells' numbers, each read off a run of its own.

    Parameters
    ----------
    cell, over, protocol : what is run
    data : rows, all of one kind of run
    unknowns : of the whole fit
    """

    def __init__(
        self,
        cell: Cell,
        over: Cell,
        protocol: Protocol,
        data: Sequence[RowDatum],
        unknowns: Sequence[Unknown],
    ) -> None:
        self._above = DifferenceGroup(cell, protocol, data, unknowns)
        self._below = DifferenceGroup(over, protocol, data, unknowns)

    def predict(self, data: Sequence[Datum], values: Array) -> list[Prediction]:
        """As :meth:`DifferenceGroup.predict`."""
        pairs = zip(
            self._above.predict(data, values),
            self._below.predict(data, values),
            strict=True,
        )
        return [
            Prediction(
                a.value / b.value, a.slope / b.value - b.slope * a.value / b.value**2
            )
            for a, b in pairs
        ]


Group = SensitivityGroup | DifferenceGroup | RatioGroup | FileGroup


def grouped(
    data: Sequence[Datum], unknowns: Sequence[Unknown]
) -> list[tuple[Group, list[int]]]:
    """Runs for some data, with the places of the data that share each.

    Parameters
    ----------
    data : rows and curves
    unknowns : of the fit

    Raises
    ------
    TwinError
        If a cell or an experiment cannot be run.
    """
    places: dict[object, list[int]] = {}
    for place, datum in enumerate(data):
        places.setdefault(_key(datum, unknowns), []).append(place)
    groups: list[tuple[Group, list[int]]] = []
    for shared in places.values():
        own = [data[place] for place in shared]
        cell, protocol = own[0].cell, own[0].protocol
        rows = [datum for datum in own if isinstance(datum, RowDatum)]
        if isinstance(own[0], FileDatum):
            groups.append((FileGroup(cell, unknowns), shared))
        elif _by_sensitivities(own[0], unknowns):
            groups.append((SensitivityGroup(cell, protocol, own, unknowns), shared))
        elif rows[0].over is not None:
            ratio = RatioGroup(cell, rows[0].over, protocol, rows, unknowns)
            groups.append((ratio, shared))
        else:
            groups.append((DifferenceGroup(cell, protocol, rows, unknowns), shared))
    return groups


def _by_sensitivities(datum: Datum, unknowns: Sequence[Unknown]) -> bool:
    acting = [unknown.name for unknown in unknowns if unknown.acts_on(datum.cell)]
    if isinstance(datum, CurveDatum):
        _check_curve(datum, acting)
        return True
    if isinstance(datum, FileDatum) or datum.over is not None:
        return False
    smooth = datum.row.observable in DIFFERENTIABLE
    return smooth and bool(acting) and not any(name in REBUILT for name in acting)


def _check_curve(datum: CurveDatum, acting: Sequence[str]) -> None:
    where = f"curve {datum.id}"
    if not acting:
        raise RecordError(
            f"cell {datum.cell.name} has none of the fitted parameters", where=where
        )
    for name in acting:
        if name in REBUILT:
            raise RecordError(
                f"'{name}' sets the current and cannot be fitted to a curve", where=where
            )


def _key(datum: Datum, unknowns: Sequence[Unknown]) -> object:
    how: object = _by_sensitivities(datum, unknowns)
    if isinstance(datum, FileDatum):
        how = datum.id
    elif not how and isinstance(datum, RowDatum):
        row = datum.row
        how = (observable(row.observable).by, row.at, row.every, row.over)
    arguments = {key: (a.value, a.unit) for key, a in datum.protocol.arguments.items()}
    return (
        str(datum.cell.path),
        tuple(sorted(datum.cell.values.items())),
        str(datum.protocol.path),
        tuple(sorted(arguments.items())),
        how,
    )
