"""Capacities, energies and resistances of a fresh full cell at several rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import xarray as xr

from twin import names
from twin.errors import TwinError
from twin.models.compat import Array
from twin.models.parameter_values import check_values
from twin.parts.cell import Cell
from twin.parts.fade import FADE
from twin.parts.schedule import Schedule, Step
from twin.run.galvanostatic import FAILED, REASON, GalvanostaticRun
from twin.run.results import COMPLETED, ENDED_BY
from twin.studies.outputs import discharged
from twin.studies.tasks import Evaluated

#: Options of mechanisms that do nothing to a fresh cell.
_SLOW: Final = ("lithium loss", "active material", "cathode interphase")

#: How the reason begins of a design that a failure of the cell ended.
ENDED_EARLY: Final = "the run ended early: "

#: What each rate gives, in this order.
OF_RATE: Final = ("capacity", "energy", "power", "contact")

#: Parts of the resistance, from the anode to the cathode; they add up to the whole.
RESISTANCES: Final = (
    "lithium and its interface",
    "interlayer",
    "separator, bulk",
    "separator, grain boundaries",
    "cathode",
)

_STACK: Final = names.variable_of(names.STACK_POTENTIAL, "negative")
_FOIL: Final = names.variable_of(names.FOIL_POTENTIAL, "negative")

_CONTACT: Final = names.variable_of(names.CONTACT_FRACTION, "negative")

_KEPT: Final = (
    names.TOTAL_CURRENT_DENSITY,
    names.AREAL_CAPACITY,
    names.DISCHARGE_ENERGY,
    _CONTACT,
    names.POLARISATION,
    names.SEPARATOR_BULK_DROP,
    names.SEPARATOR_GB_DROP,
    _STACK,
    _FOIL,
)


@dataclass(frozen=True)
class Cycling:
    """How a full cell is charged before every discharge.

    Attributes
    ----------
    charge_rate : C-rate of the charge
    upper, lower : voltages that end charge and discharge [V]
    rest : after either [s]
    """

    charge_rate: float
    upper: float
    lower: float
    rest: float

    def schedule(self, rates: tuple[float, ...]) -> Schedule:
        """A charge and a discharge for each rate, in turn.

        Examples
        --------
        >>> Cycling(0.1, 4.2, 2.5, 300.0).schedule((0.1, 1.0)).steps
        8
        """
        rest = [Step("rest", duration=self.rest)] if self.rest else []
        charge = Step("charge", c_rate=self.charge_rate, voltage=self.upper)
        return Schedule(
            tuple(
                (
                    charge,
                    *rest,
                    Step("discharge", c_rate=rate, voltage=self.lower),
                    *rest,
                )
                for rate in rates
            ),
            None,
        )


@dataclass(frozen=True)
class RateStudy:
    """A fresh cell at several rates, for many designs.

    Attributes
    ----------
    cell : Cell
    cycling : how it is charged
    rates : C-rates of the discharges, rising
    inputs : names of the parameters that vary
    split_at : rate at half of whose discharge the resistance is split; None without
    """

    cell: Cell
    cycling: Cycling
    rates: tuple[float, ...]
    inputs: tuple[str, ...]
    split_at: float | None = None

    @property
    def width(self) -> int:
        """The numbers of each rate, and the parts of the resistance."""
        parts = len(RESISTANCES) if self.split_at is not None else 0
        return len(OF_RATE) * len(self.rates) + parts

    def prepare(self) -> RateRuns:
        """Build the model."""
        return RateRuns(self)


class RateRuns:
    """Runs of a :class:`RateStudy`, built once.

    Each design gives capacity [C.m-2], energy [J.m-2] and mean power [W.m-2] of each
    discharge, and, where the resistance is asked for, the share of the lithium's contact
    that is left at its end [-], and the parts of the resistance [Ohm.m2]. Where a
    failure of the cell ends the run, the reason says by which event and at which rate;
    what was discharged until then is kept, and what was not reached is not a number.
    """

    def __init__(self, study: RateStudy) -> None:
        self.study = study
        schedule = study.cycling.schedule(study.rates)
        self.run = GalvanostaticRun(
            study.cell,
            schedule,
            _KEPT if study.split_at is not None else _KEPT[:3],
            study.inputs,
            samples=0 if study.split_at is None else 1,
            threads=1,
        )

    def __call__(self, rows: Array) -> Evaluated:
        """Numbers of some designs, shape (designs, width)."""
        study = self.study
        given = [dict(zip(study.inputs, map(float, row), strict=True)) for row in rows]
        reasons = [self._impossible(one) for one in given]
        possible = [place for place, reason in enumerate(reasons) if not reason]
        values = np.full((len(given), study.width), np.nan)
        runs = self.run.run_many([given[place] for place in possible])
        for place, run in zip(possible, runs, strict=True):
            if run.attrs[ENDED_BY] == FAILED:
                reasons[place] = str(run.attrs[REASON])
            else:
                values[place] = self._read(run, given[place])
                reasons[place] = self._ended_early(run)
        return Evaluated(values, tuple(reasons))

    def _impossible(self, given: Mapping[str, float]) -> str:
        try:
            check_values(self.study.cell.with_values(given, origin="a range"))
        except TwinError as error:
            return str(error)
        return ""

    def _ended_early(self, run: xr.Dataset) -> str:
        event = str(run.attrs[ENDED_BY])
        if event == COMPLETED:
            return ""
        rate = self.study.rates[int(run["cycle"][-1]) - 1]
        sign = np.sign(float(run[names.TOTAL_CURRENT_DENSITY][-1]))
        step = {1: "in", -1: "in the charge before"}.get(int(sign), "in a rest beside")
        words = f"{event[0].lower()}{event[1:]}"
        return f"{ENDED_EARLY}{words} {step} the discharge at {rate:g}C"

    def _read(self, run: xr.Dataset, given: Mapping[str, float]) -> list[float]:
        study = self.study
        values = {**study.cell.values, **given}
        completed = run.attrs[ENDED_BY] == COMPLETED
        found: list[float] = []
        for number in range(1, len(study.rates) + 1):
            charge = discharged(run, names.AREAL_CAPACITY, number)
            if charge <= 0 and not completed:
                found += [np.nan] * len(OF_RATE)
                continue
            energy = discharged(run, names.DISCHARGE_ENERGY, number)
            energy *= 3600 / values[names.ELECTRODE_AREA]
            one_c = values[names.CATHODE_CAPACITY] * values[names.CATHODE_LOADING] / 3600
            duration = charge / (one_c * study.rates[number - 1])
            power = energy / duration if duration > 0 else 0.0
            found += [charge, energy, power, contact_left(run, number)]
        if study.split_at is not None:
            number = study.rates.index(study.split_at) + 1
            found += split_resistance(run, number)
        return found


def contact_left(run: xr.Dataset, number: int) -> float:
    """Share of the first contact of the lithium that a cycle's discharge leaves [-].

    Parameters
    ----------
    run : with the contact over time, or without
    number : of the cycle

    Returns
    -------
    float, not a number without contact or without discharge
    """
    density = run[names.TOTAL_CURRENT_DENSITY].to_numpy()
    at = np.flatnonzero((density > 0) & (run["cycle"].to_numpy() == number))
    if _CONTACT not in run or not at.size:
        return np.nan
    contact = run[_CONTACT].to_numpy()
    return float(contact[at[-1]] / contact[0])


def split_resistance(run: xr.Dataset, number: int) -> list[float]:
    """Parts of the resistance at half of a cycle's discharge [Ohm.m2].

    Each is the potential that the part takes, over the current density; the lithium's
    contains what the depletion of its lattice takes while it is stripped. The cathode has
    what is left of the distance between open-circuit voltage and voltage: its electrolyte,
    its kinetics, and the diffusion in its particles.

    Parameters
    ----------
    run : with the potentials over time
    number : of the cycle

    Returns
    -------
    list of float, in the order of :data:`RESISTANCES`; not a number without discharge
    """
    cycle = run["cycle"].to_numpy()
    density = run[names.TOTAL_CURRENT_DENSITY].to_numpy()
    at = np.flatnonzero((density > 0) & (cycle == number))
    if at.size < 2:
        return [np.nan] * len(RESISTANCES)
    charge = run[names.AREAL_CAPACITY].to_numpy()[at]
    half = 0.5 * (charge[0] + charge[-1])

    def part(name: str) -> float:
        if name not in run:
            return 0.0
        drop = float(np.interp(half, charge, run[name].to_numpy()[at]))
        return drop / float(density[at[-1]])

    whole = abs(part(names.POLARISATION))
    stack, foil = part(_STACK), part(_FOIL)
    bulk, boundaries = part(names.SEPARATOR_BULK_DROP), part(names.SEPARATOR_GB_DROP)
    # an interlayer's own loss is what the potential changes from the foil to the separator
    interface, interlayer = (foil, stack - foil) if _FOIL in run else (stack, 0.0)
    left = whole - stack - bulk - boundaries
    return [interface, interlayer, bulk, boundaries, left]


def fresh(cell: Cell) -> Cell:
    """The cell without the mechanisms by which its cathode and its inventory fade.

    What they do within a few cycles is less than any interval, and their equations cost
    as much as the cell's own.
    """
    off = {
        fade.option: "none" if fade.value != "current-driven" else "constant"
        for fade in FADE.values()
        if fade.option in _SLOW and cell.options.get(fade.option) == fade.value
    }
    return replace(cell, options={**cell.options, **off})
