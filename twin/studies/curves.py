"""Compare whole measured curves with simulated ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from twin import names
from twin.errors import RecordError
from twin.parts.columns import IMPOSSIBLE, find_columns, typical, unit_hint
from twin.parts.curve_tables import (
    CapacityTable,
    HalfCycleCurve,
    is_voltage_curve,
    last_half_cycle,
    read_capacities,
    read_voltage_curve,
)
from twin.parts.cycler_files import TABLES, CyclerData, check_sign, read_cycler
from twin.parts.parameters import Cell
from twin.parts.table_files import FloatArray, header_of
from twin.run.cycles import cycles_of
from twin.run.fade_curve import CYCLE
from twin.run.observables import CYCLES_ASKED
from twin.run.results import TIME_DIMENSION
from twin.run.simulate import simulate
from twin.studies.aged import aged
from twin.studies.curve_cases import Curve, Half
from twin.studies.curve_metrics import rmse_over


@dataclass(frozen=True)
class CurveResult:
    """A measured curve beside the simulated one.

    Attributes
    ----------
    x_name, y_name : what is drawn, with the unit of the numbers below
    measured_x, measured_y, simulated_x, simulated_y : the curves, in these units
    rmse, scale, limit : error, what it is related to (span of the measured voltages, or
        mean of the measured capacities), and largest error that agrees; SI
    unit : SI unit of these three
    measured_capacity, simulated_capacity : at the end of the curve, in ``capacity_unit``
    repairs : what was changed after reading the file
    """

    x_name: str
    y_name: str
    measured_x: FloatArray
    measured_y: FloatArray
    simulated_x: FloatArray
    simulated_y: FloatArray
    rmse: float
    scale: float
    limit: float
    unit: str
    measured_capacity: float
    simulated_capacity: float
    capacity_unit: str
    repairs: tuple[str, ...]


def compare_curve(curve: Curve, cell: Cell) -> CurveResult:
    """Simulate what a measured curve shows, and how far the two are apart.

    Parameters
    ----------
    curve : Curve
    cell : the cell it was measured on

    Returns
    -------
    CurveResult

    Raises
    ------
    TwinError
        If the file cannot be read or does not hold such a curve, or the run is impossible.
    SolveError
        If the solver fails.
    """
    if curve.kind == "voltage":
        return _voltages(curve, cell)
    if curve.kind == "cycling":
        return _cycling(curve, cell)
    return _rates(curve, cell)


def _voltages(curve: Curve, cell: Cell) -> CurveResult:
    measured = measured_half(curve, cell)
    to_areal = areal_factor(measured.unit, curve, cell)
    result = simulate(cell, curve.experiment, arguments=curve.arguments)
    simulated = simulated_half(result, curve.half_cycle, where=f"curve {curve.id}")
    symmetric = cell.model == "SymmetricCell"
    voltage = np.abs(measured.voltage) if symmetric else measured.voltage
    model_voltage = np.abs(simulated.voltage) if symmetric else simulated.voltage
    if curve.over == "time":
        if measured.time is None or simulated.time is None:
            raise RecordError(
                'has capacities but no times; compare it over = "capacity"',
                where=str(curve.path),
            )
        x, x_model, x_name = measured.time / 3600, simulated.time / 3600, "Time (h)"
    else:
        unit, factor = _shown_capacity(cell)
        x = measured.capacity * to_areal / factor
        x_model = simulated.capacity / factor
        x_name = f"Capacity ({unit})"
    return CurveResult(
        x_name=x_name,
        y_name="Polarisation (V)" if symmetric else "Voltage (V)",
        measured_x=x,
        measured_y=voltage,
        simulated_x=x_model,
        simulated_y=model_voltage,
        rmse=rmse_over(x, voltage, x_model, model_voltage),
        scale=float(np.ptp(voltage)) or float(np.abs(voltage).max()),
        limit=curve.rmse,
        unit="V",
        measured_capacity=float(measured.capacity[-1]),
        simulated_capacity=float(simulated.capacity[-1]) / to_areal,
        capacity_unit=measured.unit,
        repairs=measured.repairs,
    )


def measured_half(curve: Curve, cell: Cell) -> HalfCycleCurve:
    """The measured half cycle, from a test over time or a table over capacity.

    Parameters
    ----------
    curve : of kind "voltage"
    cell : that it was measured on

    Raises
    ------
    TwinError
        If the file cannot be read or does not hold one, its current has the wrong sign, or
        it is above 0.5 A/cm2.
    """
    if is_voltage_curve(curve.path, curve.columns):
        return read_voltage_curve(curve.path, curve.columns)
    data = read_cycler(curve.path, curve.columns, curve.positive_current)
    _refuse_currents(data, curve, cell)
    if cell.model != "SymmetricCell":
        check_sign(data, curve.positive_current)
    return last_half_cycle(data, curve.half_cycle)


def _refuse_currents(data: CyclerData, curve: Curve, cell: Cell) -> None:
    """Refuse currents that no cell bears; say which row or which unit makes them."""
    areal = areal_factor(data.current_unit.replace("A", "C"), curve, cell)
    density, limit = np.abs(data.current) * areal, IMPOSSIBLE["A.m-2"]
    beyond = np.flatnonzero(density > limit)
    if not beyond.size:
        return
    middle = typical(density)
    if middle <= limit:
        first = beyond[0]
        others = f", the first of {beyond.size} such rows" if beyond.size > 1 else ""
        raise RecordError(
            f"its current in the row at {data.time[first]:g} s comes to "
            f"{density[first] / 1e4:.3g} A/cm2, which no such cell bears{others}; remove "
            "or correct what is no measurement",
            where=str(curve.path),
        )
    instead = ["check its unit"]
    if curve.path.suffix.lower() in TABLES:
        header, where = header_of(curve.path), str(curve.path)
        found = find_columns(header, ("current",), mapping=curve.columns, where=where)
        instead = [unit_hint(found["current"], "current", middle / limit)]
    if data.current_unit == "A":
        known = curve.area is not None
        instead.append("check its area" if known else "give the curve its area")
    raise RecordError(
        f"its current comes to {middle / 1e4:.3g} A/cm2, which no such cell bears; "
        f"{', or '.join(instead)}",
        where=str(curve.path),
    )


def simulated_half(result: xr.Dataset, half: Half, *, where: str) -> HalfCycleCurve:
    """The last charge or discharge of a result, from the row at which its current flows.

    Parameters
    ----------
    result : as :func:`twin.simulate` returns it
    half : "charge" or "discharge"
    where : for messages

    Raises
    ------
    RecordError
        If there is none.
    """
    cycle, step = result["cycle"].to_numpy(), result["step"].to_numpy()
    density = result[names.TOTAL_CURRENT_DENSITY].to_numpy()
    edges = np.flatnonzero((np.diff(cycle) != 0) | (np.diff(step) != 0)) + 1
    starts = np.concatenate([[0], edges])
    ends = np.concatenate([edges, [cycle.size]])
    sign = 1 if half == "discharge" else -1
    # the direction of a step is that of its end: its first row is the end of the last one
    directions = np.sign(density[ends - 1])
    wanted = np.flatnonzero(directions == sign)
    if not wanted.size:
        raise RecordError(f"the experiment has no {half}", where=where)
    last = wanted[-1]
    opposite = np.flatnonzero(directions[:last] == -sign)
    first = wanted[wanted > (opposite[-1] if opposite.size else -1)][0]
    part = slice(starts[first], ends[last])
    charge = result[names.AREAL_CAPACITY].to_numpy()[part]
    time = result[TIME_DIMENSION].to_numpy()[part]
    kept = np.sign(density[part]) == sign
    return HalfCycleCurve(
        sign * (charge - charge[0])[kept],
        "C.m-2",
        result[names.VOLTAGE].to_numpy()[part][kept],
        (time - time[0])[kept],
    )


def _cycling(curve: Curve, cell: Cell) -> CurveResult:
    measured = read_capacities(curve.path, "cycle", curve.columns)
    numbers, found = aged_capacities(curve, cell, measured)
    there = np.interp(measured.x, numbers, found, right=0.0)
    return _capacities(curve, cell, measured, there, "Cycle (-)", numbers, found)


def aged_capacities(
    curve: Curve, cell: Cell, measured: CapacityTable
) -> tuple[FloatArray, FloatArray]:
    """Numbers of the cycles that a cell comes to, and the capacity of each [C.m-2].

    Parameters
    ----------
    curve : of kind "cycling"
    cell : Cell
    measured : whose last cycle is the last one that is run, if the curve's arguments do
        not say how many there are

    Raises
    ------
    TwinError
        If the cell cannot be aged so, or fewer cycles are asked for than were measured.
    """
    last = int(measured.x[-1])
    result = aged(cell, curve.experiment, curve.arguments, cycles=last)
    if result.attrs[CYCLES_ASKED] < last:
        raise RecordError(
            f"the experiment has {result.attrs[CYCLES_ASKED]} cycles, the file {last}; set "
            "its argument of the number of cycles, or leave it out",
            where=f"curve {curve.id}",
        )
    discharge = curve.half_cycle == "discharge"
    name = names.CYCLE_DISCHARGED if discharge else names.CYCLE_CHARGED
    return result[CYCLE].to_numpy().astype(float), result[name].to_numpy()


def _rates(curve: Curve, cell: Cell) -> CurveResult:
    measured = read_capacities(curve.path, "rate", curve.columns)
    found = rate_capacities(curve, cell, measured)
    return _capacities(curve, cell, measured, found, "C-rate (-)", measured.x, found)


def rate_capacities(curve: Curve, cell: Cell, measured: CapacityTable) -> FloatArray:
    """Capacity of the last cycle at each rate that was measured [C.m-2].

    Parameters
    ----------
    curve : of kind "rates"
    cell : Cell
    measured : capacities over rates

    Raises
    ------
    TwinError
        If the experiment cannot be run so.
    """
    simulated = []
    for rate in measured.x:
        rates = {name: f"{rate:.12g}" for name in curve.rate_arguments}
        arguments = {**curve.arguments, **rates}
        cycles = cycles_of(simulate(cell, curve.experiment, arguments=arguments))
        one = cycles[max(cycles)]
        half = one.discharged if curve.half_cycle == "discharge" else one.charged
        simulated.append(half.charge)
    return np.array(simulated)


def _capacities(
    curve: Curve,
    cell: Cell,
    measured: CapacityTable,
    simulated: FloatArray,
    x_name: str,
    x_drawn: FloatArray,
    drawn: FloatArray,
) -> CurveResult:
    """Measured capacities beside simulated ones [C.m-2] at the same cycles or rates."""
    to_areal = areal_factor(measured.unit, curve, cell)
    unit, factor = _shown_capacity(cell)
    there = simulated / to_areal
    return CurveResult(
        x_name=x_name,
        y_name=f"{curve.half_cycle.capitalize()} capacity ({unit})",
        measured_x=measured.x,
        measured_y=measured.capacity * to_areal / factor,
        simulated_x=x_drawn,
        simulated_y=drawn / factor,
        rmse=float(np.sqrt(np.mean((there - measured.capacity) ** 2))),
        scale=float(np.mean(measured.capacity)),
        limit=curve.rmse,
        unit=measured.unit,
        measured_capacity=float(measured.capacity[-1]),
        simulated_capacity=float(there[-1]),
        capacity_unit=measured.unit,
        repairs=measured.repairs,
    )


def areal_factor(unit: str, curve: Curve, cell: Cell) -> float:
    """What a capacity in a unit is multiplied with to be one per electrode area [C.m-2].

    Parameters
    ----------
    unit : "C", "C.m-2" or "C.kg-1"
    curve, cell : that the capacity belongs to

    Raises
    ------
    RecordError
        If capacities are per mass and the cell has no active material.
    """
    if unit == "C.m-2":
        return 1.0
    if unit == "C":
        return 1 / (curve.area or cell.values[names.ELECTRODE_AREA])
    loading = cell.values.get(names.CATHODE_LOADING)
    if loading is None:
        raise RecordError(
            f"has capacities per mass, but cell {cell.name} has no active material",
            where=str(curve.path),
        )
    return loading


def _shown_capacity(cell: Cell) -> tuple[str, float]:
    """Unit in which a cell's capacities are shown, and C.m-2 in it."""
    loading = cell.values.get(names.CATHODE_LOADING)
    return ("mAh/cm²", 36000.0) if loading is None else ("mAh/g", 3600.0 * loading)
