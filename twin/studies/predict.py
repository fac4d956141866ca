"""The performance sheet of a full cell, each number with its interval."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from twin import names
from twin.errors import RecordError, SolveError, TwinError, UnknownNameError
from twin.models.compat import Array
from twin.parts.cell import Cell
from twin.parts.lent_cathode import without_range
from twin.parts.parameters import load_cell
from twin.parts.protocols import MOST_CYCLES, Protocol, load_experiment
from twin.parts.stack import Layer, Stack
from twin.run.failure import POOR
from twin.run.inventory import check_first_cycle
from twin.run.notes import notes
from twin.run.requests import requested
from twin.run.solving import Progress
from twin.studies.campaign import executor
from twin.studies.ccd_sheet import (
    LEVELS,
    STAIRCASE,
    ccd_figure,
    half_cycle_levels,
    symmetric,
)
from twin.studies.life_sheet import FLOOR, LifeStudy, life, mechanisms
from twin.studies.prediction import Prediction
from twin.studies.propagation import METHOD, Figure, designs, evaluated, propagated
from twin.studies.provenance import rests_on
from twin.studies.ranges import Factor, factors_of
from twin.studies.rate_sheet import (
    ENDED_EARLY,
    OF_RATE,
    RESISTANCES,
    Cycling,
    RateStudy,
    fresh,
)
from twin.studies.stack_sheet import stack_figures
from twin.studies.temperature_sheet import SHARE, TemperatureWindow, temperature_window

#: Parts of the sheet that can be left out.
PARTS: Final = ("uncertainty", "ccd", "life", "temperature")

#: C-rates of the discharges, and the one that the rest of the sheet is for.
RATES: Final = (0.1, 0.2, 0.5, 1.0, 2.0)
RATE: Final = 0.5

#: Between which C-rates lie: a discharge of weeks, and one of seconds.
SLOWEST: Final = 1e-3
FASTEST: Final = 200.0

#: Experiment that cycles are those of.
CYCLING: Final = "rate_test"

#: Cycles after which a life is told as a lower bound.
LONGEST_LIFE: Final = 2000

#: Arguments of the experiment that a user sets; the sheet sets the others itself.
_SETTABLE: Final = ("charge_rate", "upper", "lower", "rest")

_MAH_CM2: Final = 36000.0


def predict(
    cell: str | Path | Cell,
    settings: Mapping[str, float] | None = None,
    arguments: Mapping[str, str] | None = None,
    *,
    rates: Sequence[float] = RATES,
    rate: float | None = None,
    ranges: Sequence[str] = (),
    without: Sequence[str] = (),
    longest_life: int = LONGEST_LIFE,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Prediction:
    """Performance of a full cell that need not exist.

    Capacities, energies, masses and resistances carry intervals from all uncertain
    parameters; the temperature window from those that dominate the capacity and from
    activation energies; the life from those of its fade mechanisms only.

    Parameters
    ----------
    cell : name, path or Cell
    settings : parameter values in SI by full name, in place of the cell's records
    arguments : of the experiment rate_test (upper, lower, charge_rate, rest), or
        "half_cycle_capacity" of the critical current density, as "VALUE unit"
    rates : C-rates of the discharges, from 0.001 to 200
    rate : the one that resistances, temperature window and life are for; if None, 0.5 or
        the middle one of ``rates``
    ranges : as "NAME=low:high unit", or "NAME" for that of the record; if there are none,
        those of all assumed and fitted parameters
    without : parts that are left out, of :data:`PARTS`
    longest_life : cycles after which a life is told as a lower bound
    workers : processes, as many as there are cores if None
    progress : called with the share of the work done

    Returns
    -------
    Prediction

    Raises
    ------
    TwinError
        If cell, rates or a value is not possible.
    SolveError
        If the cell itself cannot be run. Where a failure ends its run early, the sheet
        says so, and what was not reached is not a number.
    """
    for part in without:
        if part not in PARTS:
            raise UnknownNameError("part of the sheet", part, PARTS, where="--without")
    if workers is not None:
        executor(workers)  # refuses none
    if not 1 <= longest_life <= MOST_CYCLES:
        raise RecordError(
            f"{longest_life} cycles: give 1 to {MOST_CYCLES}", where="--longest-life"
        )
    sheet = _Sheet(cell, settings, dict(arguments or {}), rates, rate, ranges, without)
    sheet.workers = workers or os.cpu_count() or 1
    sheet.progress = progress or (lambda share: None)
    return sheet.made(longest_life)


class _Sheet:
    """A sheet in the making."""

    workers: int
    progress: Progress

    def __init__(
        self,
        cell: str | Path | Cell,
        settings: Mapping[str, float] | None,
        arguments: dict[str, str],
        rates: Sequence[float],
        rate: float | None,
        ranges: Sequence[str],
        without: Sequence[str],
    ) -> None:
        loaded = cell if isinstance(cell, Cell) else load_cell(cell)
        _check_model(loaded)
        half = arguments.pop("half_cycle_capacity", None)
        self.staircase = load_experiment(STAIRCASE).with_arguments(
            LEVELS if half is None else {**LEVELS, "half_cycle_capacity": half}
        )
        _check_arguments(arguments)
        one_cycle = {"cycles": "1", **arguments}
        self.cell, self.cycling = requested(loaded, CYCLING, settings, one_cycle)
        _check_rate(self.cycling.arguments["charge_rate"].value, "--set charge_rate")
        self.rates, self.rate = _rates(rates, rate)
        self.without = without
        if half is not None and "ccd" not in without:
            check_first_cycle(self.cell, self.staircase.schedule(), None)
        self.factors = []
        self.left_out: dict[str, str] = {}
        if "uncertainty" in without:
            self.left_out["uncertainty"] = "as asked for"
        else:
            self.factors = factors_of(self.cell, self.cycling, ranges)
        self.figures: dict[str, tuple[Figure, ...]] = {}
        self.conditions: dict[str, str] = {}
        self.notes = notes(self.cell, self.cycling.schedule())
        varied = {one.name for one in self.factors}
        lent = [name for name in without_range(self.cell.records) if name not in varied]
        if self.factors and lent:
            self.notes.append(
                f"{len(lent)} parameters of the positive electrode are lent, without "
                "ranges, and widen no interval; a table of the parameter in the design's "
                "file, with value, unit, range, status and source, gives one its range"
            )

    def made(self, longest_life: int) -> Prediction:
        self._rates()
        window = self._part("temperature", self._temperature)
        self._part("ccd", self._ccd)
        self._part("life", lambda: self._life(longest_life))
        return Prediction(
            cell=self.cell.name,
            title=self.cell.title,
            conditions=self.conditions,
            rates=self.rates,
            rate=self.rate,
            figures=self.figures,
            layers=self.layers,
            temperature=window,
            left_out=self.left_out,
            notes=tuple(self.notes),
            varied={one.name: (one.low, one.high) for one in self.factors},
            rests_on=rests_on(self.cell),
        )

    def _part(self, name: str, make: Any) -> Any:
        if name in self.without:
            self.left_out[name] = "as asked for"
            return None
        try:
            return make()
        except TwinError as error:
            self.left_out[name] = str(error)
        return None

    def _advance(self, start: float, end: float) -> Progress:
        return lambda share: self.progress(start + share * (end - start))

    # --- rates, masses, resistances ---------------------------------------------------

    def _rates(self) -> None:
        cycling = _cycling(self.cycling)
        cell = fresh(self.cell)
        study = RateStudy(cell, cycling, self.rates, (), self.rate)
        moving = self._moving(cell, study)
        study = replace(study, inputs=tuple(one.name for one in moving))
        values, reasons = evaluated(
            study, designs(moving), self.workers, self._advance(0.0, 0.5)
        )
        ended = _ended_early(reasons.get(0, ""), self.cell)
        if ended:
            self.notes.append(ended)
        # parameters of masses only change nothing in a run
        still = [one for one in self.factors if one not in moving]
        factors = [*moving, *still]
        values = np.vstack([values, np.repeat(values[:1], 2 * len(still), axis=0)])
        self._moving_factors, self._factors_of_rates = moving, factors
        nominal = _nominal(self.cell) / _MAH_CM2
        self.conditions |= {
            "charge": f"C/{1 / cycling.charge_rate:g} to {cycling.upper:g} V",
            "discharge": f"to {cycling.lower:g} V",
            "capacity": f"between these voltages; C-rates are those of the nominal "
            f"{nominal:.3g} mAh/cm2",
            "temperature": f"{self.cell.values[names.AMBIENT_TEMPERATURE] - 273.15:.4g} C",
            "pressure": f"{self.cell.values.get(names.STACK_PRESSURE, 0.0) / 1e6:.4g} MPa",
            "rates": "one after the other, the slowest first, as in a rate test: each "
            "finds the lithium as the ones before have left it",
        }
        if self.factors:
            self.conditions["intervals"] = METHOD
        per_rate = len(OF_RATE)
        columns = {
            (quantity, rate): values[:, per_rate * n + m]
            for n, rate in enumerate(self.rates)
            for m, quantity in enumerate(OF_RATE)
        }
        self.capacities = columns["capacity", self.rate]
        self.figures["rates"] = tuple(
            propagated(
                f"{quantity} at {rate:g}C",
                unit,
                columns[quantity, rate],
                factors,
                scale=scale,
                remark=ended
                if ended.endswith(f" at {rate:g}C")
                else _contact_in_words(float(columns["contact", rate][0])),
            )
            for rate in self.rates
            for quantity, unit, scale in (
                ("capacity", "mA.h.cm-2", _MAH_CM2),
                ("energy", "mW.h.cm-2", _MAH_CM2),
            )
        )
        self._stack(columns, factors)
        parts = values[:, per_rate * len(self.rates) :]
        whole = np.hstack([parts, parts.sum(axis=1, keepdims=True)])
        self.figures["resistance"] = tuple(
            propagated(
                name,
                "Ohm.cm2",
                whole[:, n],
                factors,
                scale=1e-4,
                least=0.0 if whole[0, n] >= 0 else -np.inf,
                ratios=True,
            )
            for n, name in enumerate((*RESISTANCES, "whole cell"))
            if np.any(whole[:, n])
        )

    def _moving(self, cell: Cell, study: RateStudy) -> list[Factor]:
        """The uncertain parameters that the cell's equations contain."""
        if not self.factors:
            return []
        wanted = [one for one in self.factors if one.name in cell.values]
        probe = replace(study, inputs=tuple(one.name for one in wanted)).prepare()
        return [one for one in wanted if one.name in probe.run.used_inputs]

    def _stack(
        self, columns: Mapping[tuple[str, float], Array], factors: Sequence[Factor]
    ) -> None:
        self.layers: tuple[Layer, ...] = ()
        try:
            stack = Stack(self.cell)
        except RecordError as error:
            self.left_out["stack"] = str(error)
            return
        self.layers = tuple(stack.layers())
        self.figures["stack"] = stack_figures(stack, self.rates, columns, factors)

    # --- temperature ------------------------------------------------------------------

    def _temperature(self) -> TemperatureWindow:
        window, figures = temperature_window(
            fresh(self.cell),
            _cycling(self.cycling),
            self.rate,
            self._chosen_for_temperature(),
            self.workers,
            self._advance(0.5, 0.65),
        )
        self.figures["temperature"] = figures
        self.conditions["temperature window"] = (
            f"capacity at {self.rate:g}C at least {100 * SHARE:g} % of that at the cell's "
            f"own temperature"
        )
        return window

    def _chosen_for_temperature(self) -> list[Factor]:
        """Those that dominate the capacity, and activation energies."""
        capacity = self.capacities[1:].reshape(-1, 2) - self.capacities[0]
        effect = np.abs(np.nan_to_num(capacity)).max(axis=1, initial=0.0)
        order = np.argsort(-effect, kind="stable")[:5]
        chosen = [self._factors_of_rates[n] for n in order if effect[n] > 0]
        energies = [one for one in self.factors if "activation energy" in one.name]
        return list(dict.fromkeys([*chosen, *energies]))

    # --- critical current density -----------------------------------------------------

    def _ccd(self) -> None:
        try:
            cell = symmetric(self.cell)
        except TwinError as error:
            self.left_out["ccd"] = str(error)
            return
        nominal = _nominal(self.cell)
        own = half_cycle_levels(nominal)
        found: list[Figure] = []
        staircases = (self.staircase, self.staircase.with_arguments(own))
        for number, staircase in enumerate(staircases):
            half = staircase.arguments["half_cycle_capacity"].value
            start = 0.65 + 0.1 * number
            figure, reason = ccd_figure(
                f"critical current density, half cycles of {half:g} mAh/cm2",
                cell,
                staircase,
                self.factors,
                self.workers,
                self._advance(start, start + 0.1),
            )
            if reason:
                raise _of_cell(reason, self.cell)
            found.append(figure)
        self.figures["ccd"] = tuple(found)
        self.conditions["critical current density"] = (
            f"{STAIRCASE} on the symmetric cell of the same lithium electrode and "
            f"separator, in steps of {LEVELS['step']}; of {own['step']} where each half "
            "cycle passes the full cell's own capacity. Longer half cycles fail sooner: "
            "voids deepen with the charge stripped at one go, filaments grow with the "
            "charge plated. Both electrodes are of lithium: the negative one, stripped "
            "first, stands in the place of the full cell's"
        )
        charge = self.cycling.arguments["charge_rate"].value
        plated, stripped = (rate * nominal / _MAH_CM2 for rate in (charge, self.rate))
        self.notes.append(
            "half cycles of a critical current density plate and strip at one current; "
            f"cycles of the cell plate at {plated:.3g} mA/cm2, by which filaments grow, "
            f"and strip at {stripped:.3g} mA/cm2, which costs contact"
        )

    # --- life ---------------------------------------------------------------------------

    def _life(self, longest: int) -> None:
        known = mechanisms(self.cell)
        if not known:
            self.left_out["life"] = "the cell has no fade mechanism"
            return
        protocol = self.cycling.with_arguments({"discharge_rate": f"{self.rate:g}"})
        driving = set(known.values())
        factors = [one for one in self.factors if one.name in driving]
        study = LifeStudy(self.cell, protocol, longest, tuple(one.name for one in factors))
        own = life(self.cell, protocol, longest)
        # a life is long: one a process at a time
        moved, _ = evaluated(
            study, designs(factors)[1:], self.workers, self._advance(0.85, 1.0), batch=1
        )
        values = np.array([own.cycles, *moved[:, 0]])
        self.conditions["life"] = (
            f"charge as above, discharge at {self.rate:g}C until one is below "
            f"{100 * FLOOR:g} % of the first; only the parameters that drive a fade "
            "mechanism are varied"
        )
        self.figures["life"] = (
            propagated(
                "cycle life",
                "cycles",
                values,
                factors,
                most=longest,
                ratios=True,
                bound=own.bound,
                remark=own.in_words,
            ),
        )


def _rates(rates: Sequence[float], rate: float | None) -> tuple[tuple[float, ...], float]:
    if not rates:
        raise RecordError("give at least one rate", where="--rates")
    for one in rates:
        _check_rate(one, "--rates")
    if rate is not None:
        _check_rate(rate, "--rate")
    ordered = tuple(sorted(set(rates)))
    if rate is None:
        rate = RATE if RATE in ordered else ordered[len(ordered) // 2]
    if rate not in ordered:
        ordered = tuple(sorted((*ordered, rate)))
    return ordered, rate


def _nominal(cell: Cell) -> float:
    """Nominal capacity [C.m-2]."""
    return cell.values[names.CATHODE_CAPACITY] * cell.values[names.CATHODE_LOADING]


def _check_rate(rate: float, where: str) -> None:
    if not SLOWEST <= rate <= FASTEST:  # nor is what is not a number
        raise RecordError(
            f"{rate:g}C: C-rates are numbers from {SLOWEST:g} to {FASTEST:g}", where=where
        )


def _check_model(cell: Cell) -> None:
    """Refuse a cell that has no capacity of its own."""
    models = load_experiment(CYCLING).models
    if cell.model not in models:
        raise RecordError(
            f"is a {cell.model}, and twin predict is for {' or '.join(models)}; use twin "
            "ccd for its critical current density, twin run for an experiment",
            where=f"cell {cell.name}",
        )


def _check_arguments(arguments: Mapping[str, str]) -> None:
    """Refuse those that the sheet sets itself, or has no use for."""
    protocol = load_experiment(CYCLING)
    for name in arguments:
        known = protocol.argument_name(name)
        if known is None or known in _SETTABLE:
            continue
        instead = {
            "discharge_rate": "its discharges are those of --rates and --rate",
            "cycles": "it has one cycle at each of --rates, and as many as a life takes",
        }
        raise RecordError(
            f"is not for the sheet: {instead.get(known, 'its charges have no hold')}; "
            f"{', '.join(_SETTABLE)} can be set",
            where=f"--set {known}",
        )


def _cycling(protocol: Protocol) -> Cycling:
    value = {name: one.value for name, one in protocol.arguments.items()}
    rest = value["rest"] * 60
    return Cycling(value["charge_rate"], value["upper"], value["lower"], rest)


def _contact_in_words(left: float) -> str:
    """What a discharge has left of the lithium's contact, if that is little."""
    if not left < POOR:  # nor if there is no number
        return ""
    return f"{100 * left:.2g} % of the lithium's contact left at the end of the discharge"


def _ended_early(reason: str, cell: Cell) -> str:
    """By what failure the cell's run ended; without any numbers there is no sheet."""
    if reason and not reason.startswith(ENDED_EARLY):
        raise _of_cell(reason, cell)
    return reason


def _of_cell(reason: str, cell: Cell) -> SolveError:
    """A reason that may name the cell itself."""
    where = f"cell {cell.name}"
    return SolveError(reason.removeprefix(f"{where}: "), where=where)
