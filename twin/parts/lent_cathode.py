"""A positive electrode from elsewhere: a PyBaMM parameter set, or a BPX file."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from twin import assets, names
from twin.errors import RecordError, TwinError, UnknownNameError
from twin.parts.bpx_files import read_bpx
from twin.parts.catalogue import known
from twin.parts.formulas.constants import GAS_CONSTANT, REFERENCE_TEMPERATURE
from twin.parts.records import Record, Source, check_allowed

if TYPE_CHECKING:
    import pybamm

#: Option of a cell's file that names the lender.
OPTION: Final = "cathode from"

#: Option that names who lends the open-circuit potential alone.
POTENTIAL: Final = "cathode potential"

_BPX: Final = ".json"

#: Where in a source a lent record stands.
_FILE: Final = "BPX file"
_SET: Final = "PyBaMM"

#: What is taken over as it is, where it is a number.
_NUMBERS: Final = (
    names.CATHODE_MAXIMUM_CONCENTRATION,
    names.CATHODE_RADIUS,
    names.CATHODE_ACTIVE_FRACTION,
    names.CATHODE_POROSITY,
    names.CATHODE_CONDUCTIVITY,
    names.CATHODE_BRUGGEMAN,
    names.CATHODE_BRUGGEMAN_SOLID,
    names.CATHODE_DOUBLE_LAYER,
)

#: Temperature at which functions are read again for their activation energy [K].
_WARMER: Final = REFERENCE_TEMPERATURE + 10.0


def placed(name: str, beside: Path) -> str:
    """The lender as options keep it: a BPX file by its full path.

    Parameters
    ----------
    name : of a PyBaMM parameter set, or of a BPX file (.json) beside the cell's
    beside : the cell's file

    Raises
    ------
    RecordError
        If there is no such file.

    Examples
    --------
    >>> placed("Chen2020", Path("cell.toml"))
    'Chen2020'
    """
    if not name.endswith(_BPX):
        return name
    path = assets.safe_child(beside.absolute().parent, name)
    if not path.is_file():
        where = f"{beside}, {OPTION}"
        raise RecordError(f"no BPX file '{name}' beside the cell's file", where=where)
    return str(path)


def lender(name: str, where: str) -> pybamm.ParameterValues:
    """PyBaMM's parameter values of a lender.

    Parameters
    ----------
    name : of a PyBaMM parameter set, or path of a BPX file (.json)
    where : what messages name as the place

    Raises
    ------
    UnknownNameError
        If there is no such set.
    RecordError, TwinError
        If the file is no BPX, as :func:`twin.parts.bpx_files.read_bpx` says, or its
        package is not installed.
    """
    import pybamm

    if not name.endswith(_BPX):
        # our own cells are PyBaMM parameter sets too, and lend nothing
        own = assets.listing("parameters", "cells")
        known = [one for one in pybamm.parameter_sets if one not in own]
        if name not in known:
            raise UnknownNameError("PyBaMM parameter set", name, known, where=where)
        return pybamm.ParameterValues(name)
    content = read_bpx(Path(name))
    try:
        with warnings.catch_warnings():
            # of the package's own parser, and of defaults that concern no cathode
            warnings.simplefilter("ignore")
            return pybamm.ParameterValues.create_from_bpx_obj(content)
    except ImportError as error:
        raise TwinError(
            "BPX files need the package bpx (pip install 'solid-state-twin[bpx]'): "
            f"{error}",
            where=where,
        ) from None
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise RecordError(f"'{name}' is not read as BPX: {error}", where=where) from None


def lent_records(name: str, beside: Path) -> dict[str, Record]:
    """Records of a positive electrode from elsewhere.

    The particle diffusivity and the exchange-current density are read at half filling and
    25 C, their activation energies from 35 C. Loading, density, nominal capacity and
    initial stoichiometry are the design's own.

    Parameters
    ----------
    name, beside : as of :func:`placed`

    Returns
    -------
    dict of parameter name to Record, with the status "assumed"

    Raises
    ------
    TwinError
        As :func:`placed` and :func:`lender`.

    Examples
    --------
    >>> lent_records("Chen2020", Path("cell.toml"))[names.CATHODE_RADIUS].value
    5.22e-06
    """
    values = lender(placed(name, beside), f"{beside}, {OPTION}")
    found = {}
    for one in _NUMBERS:
        if one in values and isinstance(values[one], (int, float)):
            found[one] = float(values[one])
    for at_25, energy, read in (
        (names.CATHODE_DIFFUSIVITY, names.CATHODE_DIFFUSIVITY_EA, _diffusivity),
        (names.CATHODE_EXCHANGE_CURRENT, names.CATHODE_EXCHANGE_CURRENT_EA, _exchange),
    ):
        cold, warm = (read(values, kelvin) for kelvin in (REFERENCE_TEMPERATURE, _WARMER))
        found[at_25] = cold
        span = 1 / REFERENCE_TEMPERATURE - 1 / _WARMER
        found[energy] = max(0.0, GAS_CONSTANT * math.log(warm / cold) / span)
    locator = _FILE if name.endswith(_BPX) else _SET
    source = Source(paper=name, locator=locator)
    return {one: _record(one, value, source, beside) for one, value in found.items()}


def without_range(records: Mapping[str, Record]) -> list[str]:
    """Names of what a lender gave: its values have no ranges.

    Parameters
    ----------
    records : of a cell, by name

    Examples
    --------
    >>> len(without_range(lent_records("Chen2020", Path("cell.toml"))))
    12
    """
    return [name for name, one in records.items() if one.source.locator in (_FILE, _SET)]


def _record(name: str, value: float, source: Source, beside: Path) -> Record:
    where = f"{beside}, {OPTION} {source.paper}"
    entry = known(name, where=where)
    check_allowed(value, entry, where=where)
    return Record(
        name, value, entry.unit, None, None, "assumed", source, (), None, str(beside)
    )


def _diffusivity(values: pybamm.ParameterValues, kelvin: float) -> float:
    given = values[names.PARTICLE_DIFFUSIVITY_FUNCTION]
    return _number(values, given, (0.5, kelvin))


def _exchange(values: pybamm.ParameterValues, kelvin: float) -> float:
    maximum = float(values[names.CATHODE_MAXIMUM_CONCENTRATION])
    salt = values.get(names.LIQUID_CONCENTRATION, 1000.0)
    given = values[names.EXCHANGE_CURRENT_FUNCTION]
    return _number(values, given, (float(salt), maximum / 2, maximum, kelvin))


def _number(
    values: pybamm.ParameterValues, given: Any, at: tuple[float, ...]
) -> float:
    """A number, or a function at a point."""
    import numpy as np
    import pybamm

    if not callable(given):
        return float(given)
    found = given(*(pybamm.Scalar(one) for one in at))
    if isinstance(found, pybamm.Symbol):
        found = values.process_symbol(found).evaluate()
    return float(np.squeeze(found))
