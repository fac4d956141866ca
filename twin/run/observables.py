"""Numbers that papers report, read off a result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import xarray as xr

from twin import names
from twin.errors import UnknownNameError
from twin.run.results import TIME_DIMENSION


@dataclass(frozen=True)
class Observable:
    """A reported number: how it is read off a result, in SI.

    Attributes
    ----------
    unit : SI unit of what ``read`` returns
    meaning : one line
    read : function of a result
    """

    unit: str
    meaning: str
    read: Callable[[xr.Dataset], float]


def _last(name: str) -> Callable[[xr.Dataset], float]:
    return lambda result: float(result[name].isel({TIME_DIMENSION: -1}))


def _first(name: str) -> Callable[[xr.Dataset], float]:
    return lambda result: float(result[name].isel({TIME_DIMENSION: 0}))


#: Observables that a validation row can name.
OBSERVABLES: Final[dict[str, Observable]] = {
    "stripped capacity": Observable(
        "C.m-2",
        "charge passed when the run ends",
        _last(names.AREAL_CAPACITY),
    ),
    "initial polarisation": Observable(
        "V",
        "magnitude of the voltage when the current starts",
        _first(names.POLARISATION),
    ),
    "initial cell resistance": Observable(
        "Ohm.m2",
        "total resistance of the fresh cell, times its area",
        _first(names.CELL_RESISTANCE),
    ),
}


def observable(name: str, *, where: str | None = None) -> Observable:
    """The observable of a name.

    Raises
    ------
    UnknownNameError
        If there is none of that name.

    Examples
    --------
    >>> observable("stripped capacity").unit
    'C.m-2'
    """
    if name not in OBSERVABLES:
        raise UnknownNameError("observable", name, OBSERVABLES, where=where)
    return OBSERVABLES[name]
