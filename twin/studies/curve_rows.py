"""Rows of a validation that a compared curve comes to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from twin import units
from twin.studies.curve_cases import Curve
from twin.studies.curves import CurveResult
from twin.studies.traces import Trace, thinned

if TYPE_CHECKING:
    from twin.studies.validate import Comparison

#: Units in which errors of curves are shown, by their SI unit.
_SHOWN: Final = {
    "V": "mV",
    "C": "mA.h",
    "C.m-2": "mA.h.cm-2",
    "C.kg-1": "mA.h.g-1",
}


def rows_of_curve(
    unknown: Comparison, curve: Curve, result: CurveResult
) -> list[Comparison]:
    """The row of a curve's RMSE and, where the case limits it, that of its last capacity.

    The RMSE is compared with none at all; its relative error refers to the span of the
    measured voltages or to the mean of the measured capacities.

    Parameters
    ----------
    unknown : row of the curve before anything was simulated
    curve : Curve
    result : of its comparison

    Returns
    -------
    list of Comparison, one or two
    """
    name = f"{curve.kind} over {curve.over}" if curve.kind == "voltage" else curve.kind
    shown = _SHOWN[result.unit]
    rows = [
        replace(
            unknown,
            id=f"{curve.id}:rmse",
            quantity=f"{name} ({curve.half_cycle}), RMSE",
            unit=shown,
            simulated=units.convert(result.rmse, result.unit, shown),
            error=result.rmse / result.scale,
            tolerance=result.limit / result.scale,
            tolerance_below=result.limit / result.scale,
            relative_to="span" if curve.kind == "voltage" else "mean",
            passed=result.rmse <= result.limit,
            repairs=result.repairs,
            trace=_trace(result),
        )
    ]
    if curve.capacity_error is not None:
        unit = result.capacity_unit
        shown = _SHOWN[unit]
        error = result.simulated_capacity / result.measured_capacity - 1
        rows.append(
            replace(
                unknown,
                id=f"{curve.id}:capacity",
                quantity=f"{name} ({curve.half_cycle}), last capacity",
                unit=shown,
                reported=units.convert(result.measured_capacity, unit, shown),
                simulated=units.convert(result.simulated_capacity, unit, shown),
                error=error,
                tolerance=curve.capacity_error,
                tolerance_below=curve.capacity_error,
                passed=abs(error) <= curve.capacity_error,
            )
        )
    return rows


def _trace(result: CurveResult) -> Trace:
    columns = {}
    curves = {
        "measured": (result.measured_x, result.measured_y),
        "simulated": (result.simulated_x, result.simulated_y),
    }
    for whose, (x, y) in curves.items():
        columns[f"{whose} x"], columns[f"{whose} y"] = thinned(x, y)
    return Trace("curve", columns, labels=(result.x_name, result.y_name))
