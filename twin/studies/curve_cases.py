"""Whole curves of a validation case: the user's file, its columns, what is simulated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from twin import assets, units
from twin.errors import RecordError, UnitError
from twin.parts.cycler_files import PositiveCurrent
from twin.parts.records import Text

#: What a file holds: one half cycle's voltage, the capacity of each cycle, or of each rate.
Kind = Literal["voltage", "cycling", "rates"]
Half = Literal["charge", "discharge"]
Over = Literal["capacity", "time"]

#: Unit of the RMSE of each kind, in SI; capacities may be per mass or per area.
_RMSE_UNITS: Final[dict[Kind, tuple[str, ...]]] = {
    "voltage": ("V",),
    "cycling": ("C.kg-1", "C.m-2", "C"),
    "rates": ("C.kg-1", "C.m-2", "C"),
}

_Share = Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]


class CurveTable(BaseModel):
    """A table ``[[curves]]`` of a case file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text
    file: Text
    kind: Kind
    cell: Text
    experiment: Text
    arguments: dict[str, Text] = {}
    half_cycle: Half = "discharge"
    over: Over = "capacity"
    rate_arguments: tuple[Text, ...] = ()
    rmse: Text
    capacity_error: _Share | None = None
    reason: Text
    contradiction: Text | None = None
    columns: dict[str, Text] = {}
    positive_current: PositiveCurrent = "charge"
    area: Text | None = None

    def curve(self, case: Path) -> Curve:
        """The curve, with its file beside the case and its limits in SI.

        Parameters
        ----------
        case : path of the case file

        Raises
        ------
        RecordError, UnitError
            If the file leaves the folder of the case or a value does not fit.
        """
        where = f"{case}, curve {self.id}"
        if (self.kind == "rates") != bool(self.rate_arguments):
            raise RecordError(
                "rate_arguments lists the arguments of the experiment that take each "
                'rate, as ["charge_rate", "discharge_rate"], and goes with kind = "rates"',
                where=where,
            )
        value, unit = units.parse_quantity(self.rmse, where=f"{where}, rmse")
        for target in _RMSE_UNITS[self.kind]:
            try:
                limit = units.convert(value, unit, target)
            except UnitError:
                continue
            break
        else:
            wanted = "20 mV" if self.kind == "voltage" else "5 mA.h.g-1"
            raise UnitError(
                f"rmse = '{self.rmse}' needs a unit as in '{wanted}'", where=where
            )
        if limit <= 0:
            raise RecordError(f"rmse = '{self.rmse}' is not positive", where=where)
        area = None
        if self.area is not None:
            number, unit = units.parse_quantity(self.area, where=f"{where}, area")
            area = units.convert(number, unit, "m2", where=f"{where}, area")
        return Curve(
            id=self.id,
            path=assets.safe_child(case.parent, self.file),
            kind=self.kind,
            cell=self.cell,
            experiment=str(assets.file_beside(case, self.experiment) or self.experiment),
            arguments=dict(self.arguments),
            half_cycle=self.half_cycle,
            over=self.over,
            rate_arguments=self.rate_arguments,
            rmse=limit,
            capacity_error=self.capacity_error,
            reason=self.reason,
            contradiction=self.contradiction,
            columns=dict(self.columns),
            positive_current=self.positive_current,
            area=area,
        )


@dataclass(frozen=True)
class Curve:
    """A measured curve and what it is compared with.

    Attributes
    ----------
    id : name of the curve
    path : the user's file
    kind : "voltage" of one half cycle, capacities over "cycling", or over "rates"
    cell, experiment, arguments : what to simulate
    half_cycle : which half of the last cycle is compared
    over : what voltages are compared over
    rate_arguments : arguments of the experiment that take each C-rate of a table of rates
    rmse : largest root-mean-square error, in V, C.kg-1, C.m-2 or C
    capacity_error : largest relative error of the last capacity, None if it is not compared
    reason : why these limits
    contradiction : why no consistent model can meet them, if so
    columns : headers of the file by meaning, where it has other names
    positive_current : what a positive current means in the file
    area : of the electrode [m2]; the cell's own if None
    """

    id: str
    path: Path
    kind: Kind
    cell: str
    experiment: str
    arguments: dict[str, str]
    half_cycle: Half
    over: Over
    rate_arguments: tuple[str, ...]
    rmse: float
    capacity_error: float | None
    reason: str
    contradiction: str | None
    columns: dict[str, str]
    positive_current: PositiveCurrent
    area: float | None
