"""Protocols: experiments as data, read from TOML and turned into plain steps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from twin import assets, units
from twin.errors import RecordError, UnknownNameError
from twin.parts.files import check, read_toml
from twin.parts.records import Number
from twin.parts.schedule import Action, Schedule, Step

#: Unit in which each quantity of a step reaches the solver.
_STEP_UNITS: Final = {
    "current_density": "A.m-2",
    "duration": "s",
    "capacity": "C.m-2",
    "polarisation": "V",
    "voltage": "V",
    "c_rate": "",
    "end_c_rate": "",
}

#: What each action must have, and what it may have.
_RULES: Final[dict[Action, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "strip": (("current_density|c_rate", "duration|capacity"), ("voltage",)),
    "plate": (("current_density|c_rate", "duration|capacity"), ("voltage",)),
    "discharge": (("current_density|c_rate", "voltage"), ("duration", "capacity")),
    "charge": (("current_density|c_rate", "voltage"), ("duration", "capacity")),
    "hold": (("voltage", "duration|end_c_rate"), ("duration", "end_c_rate")),
    "rest": (("duration",), ()),
}


#: What a step becomes where the order of the half cycles is turned round.
_OPPOSITE: Final[dict[Action, Action]] = {
    "strip": "plate",
    "plate": "strip",
    "discharge": "charge",
    "charge": "discharge",
}

#: Why a current has no sign.
_DIRECTION: Final = "the kind of step (strip, plate, charge, discharge) says the direction"

#: Beyond what any lithium cell is charged or discharged to [V].
_HIGHEST: Final = 10.0

#: More than any test runs; a larger number is a slip.
MOST_CYCLES: Final = 100_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Argument(_Strict):
    value: Number
    unit: str | None = None
    meaning: str


class _Step(_Strict):
    do: Action
    current_density: str | None = None
    duration: str | None = None
    capacity: str | None = None
    voltage: str | None = None
    c_rate: str | None = None
    end_c_rate: str | None = None

    def given(self) -> dict[str, str]:
        """The keys that the step has, with the arguments they name."""
        keys = type(self).model_fields.keys() - {"do"}
        found = {key: getattr(self, key) for key in keys}
        return {key: name for key, name in found.items() if name is not None}


class _Stop(_Strict):
    polarisation: str | None = None


class _Repeat(_Strict):
    cycles: str


class _Order(_Strict):
    as_written: str


class _Staircase(_Strict):
    raises: Annotated[list[str], Field(min_length=1)]
    start: str
    step: str
    end: str


class _File(_Strict):
    title: str
    paper: str
    models: list[str]
    arguments: dict[str, _Argument] = Field(default_factory=dict)
    stop: _Stop = Field(default_factory=_Stop)
    repeat: _Repeat | None = None
    staircase: _Staircase | None = None
    order: _Order | None = None
    steps: list[_Step] = Field(min_length=1)


@dataclass(frozen=True)
class Argument:
    """A number that a protocol leaves to its user: value in the unit it is shown in."""

    value: float
    unit: str | None
    meaning: str


@dataclass(frozen=True)
class Protocol:
    """An experiment as read from its file.

    Attributes
    ----------
    name : name of the file without its ending
    title, paper : what it is and where it was used
    models : names of the models that can run it
    arguments : the numbers a user can set, with their defaults
    path : the file
    """

    name: str
    title: str
    paper: str
    models: tuple[str, ...]
    arguments: Mapping[str, Argument]
    path: Path
    _content: _File = field(repr=False)

    @property
    def is_staircase(self) -> bool:
        """Whether its levels rise from cycle to cycle."""
        return self._content.staircase is not None

    def with_arguments(self, settings: Mapping[str, str]) -> Protocol:
        """The protocol with some arguments changed.

        Parameters
        ----------
        settings : mapping of argument name to "VALUE unit"; the unit may be left out
            only for an argument that has none

        Raises
        ------
        UnknownNameError, UnitError, RecordError
            For an argument that does not exist, a wrong unit or a value that no
            protocol can use.
        """
        changed = dict(self.arguments)
        for name, text in settings.items():
            key = self.argument_name(name)
            if key is None:
                raise UnknownNameError(
                    "argument", name, self.arguments, where=f"experiment {self.name}"
                )
            where = f"experiment {self.name}, argument {key}"
            if not isinstance(text, str):
                raise RecordError(f"{text!r}: give text, as in '5 mA.cm-2'", where=where)
            value, unit = units.parse_quantity(text, where=where)
            known = changed[key]
            if known.unit is not None:
                if unit is None:
                    raise RecordError(
                        f"'{text}' has no unit; write for instance '{text} {known.unit}'",
                        where=where,
                    )
                value = units.convert(value, unit, known.unit, where=where)
            elif unit not in (None, "", "-"):
                raise RecordError(f"'{text}' must be a plain number", where=where)
            changed[key] = Argument(value, known.unit, known.meaning)
        result = Protocol(
            self.name,
            self.title,
            self.paper,
            self.models,
            changed,
            self.path,
            self._content,
        )
        result.schedule()  # refuses impossible values here, not in the solver
        return result

    def argument_name(self, name: str) -> str | None:
        """The argument meant by a name ("Current density" is current_density)."""
        key = name.strip().lower().replace(" ", "_").replace("-", "_")
        return key if key in self.arguments else None

    def schedule(self) -> Schedule:
        """Steps in SI.

        Raises
        ------
        RecordError
            If a number is not positive, a charge, discharge or hold is to more than 10 V,
            or a step has no end.
        """
        polarisation = None
        if self._content.stop.polarisation is not None:
            polarisation = self._quantity("polarisation", self._content.stop.polarisation)
            self._check_positive(self._content.stop.polarisation, polarisation)
        cycles: list[tuple[Step, ...]] = []
        for stage in self._stages():
            steps = tuple(
                step
                for number, given in enumerate(self._content.steps, start=1)
                if (step := stage._step(given, number)) is not None
            )
            if not steps:
                raise RecordError("every step has zero length", where=self._where)
            self._check_window(steps)
            cycles += [steps] * self._repeats()
        return Schedule(tuple(cycles), polarisation)

    def _check_window(self, steps: tuple[Step, ...]) -> None:
        """Refuse a charge that ends below the end of a discharge."""
        upper = [s.voltage for s in steps if s.action == "charge" and s.voltage]
        lower = [s.voltage for s in steps if s.action == "discharge" and s.voltage]
        if upper and lower and min(upper) <= max(lower):
            raise RecordError(
                f"the charge ends at {min(upper):g} V, not above the {max(lower):g} V at "
                "which the discharge ends; widen the window",
                where=self._where,
            )

    def _repeats(self) -> int:
        """How often each cycle is run."""
        if self._content.repeat is None:
            return 1
        name = self._content.repeat.cycles
        count = self._argument(name).value
        if not 1 <= count <= MOST_CYCLES or count % 1:
            raise RecordError(
                f"{name} = {count:g}: give a whole number from 1 to {MOST_CYCLES}",
                where=self._where,
            )
        return int(count)

    def _stages(self) -> list[Protocol]:
        """The protocol at each level of its staircase; itself if it has none."""
        stairs = self._content.staircase
        if stairs is None:
            return [self]
        for name in stairs.raises:
            if name in self.arguments:
                raise RecordError(
                    f"the staircase sets {name} at each level, so that it is no argument; "
                    f"remove [arguments.{name}]",
                    where=str(self.path),
                )
        start, step, end = (
            self._argument(name).value for name in (stairs.start, stairs.step, stairs.end)
        )
        for name, value in ((stairs.start, start), (stairs.step, step)):
            self._check_positive(name, value, "the staircase goes up")
        if not end >= start:
            raise RecordError(
                f"{stairs.end} = {end:g} is below {stairs.start} = {start:g}; the "
                "staircase goes up",
                where=self._where,
            )
        # a hair more than the end, so that rounding does not lose the last level
        levels_above = (end - start) / step * (1 + 1e-9) + 1e-9
        if not levels_above < MOST_CYCLES:
            raise RecordError(
                f"{levels_above:.0f} levels are more than {MOST_CYCLES}; raise "
                f"{stairs.step}",
                where=self._where,
            )
        count = math.floor(levels_above) + 1
        first = self._argument(stairs.start)
        stages = []
        for level in range(count):
            raised = replace(first, value=start + level * step)
            levels = dict.fromkeys(stairs.raises, raised)
            stages.append(replace(self, arguments={**self.arguments, **levels}))
        return stages

    @property
    def _where(self) -> str:
        return f"experiment {self.name}"

    def _argument(self, name: str) -> Argument:
        if name not in self.arguments:
            raise UnknownNameError("argument", name, self.arguments, where=str(self.path))
        return self.arguments[name]

    def _quantity(self, kind: str, name: str) -> float:
        argument = self._argument(name)
        return units.convert(
            argument.value,
            argument.unit or "",
            _STEP_UNITS[kind],
            where=f"{self._where}, argument {name}",
        )

    def _check_positive(self, name: str, value: float, why: str = "") -> None:
        if not value > 0:
            shown = self._argument(name)
            unit = f" {shown.unit}" if shown.unit else ""
            reason = f", for {why}" if why else ""
            instead = f"write {-shown.value:g}{unit}" if shown.value < 0 else "raise it"
            raise RecordError(
                f"{name} = {shown.value:g}{unit}: must be above zero{reason}; {instead}",
                where=self._where,
            )

    def _check_voltage(self, name: str, value: float) -> None:
        if not abs(value) <= _HIGHEST:
            shown = self._argument(name)
            instead = "check the number and its unit"
            if shown.unit == "V" and 0.1 <= abs(value) / 1e3 <= _HIGHEST:
                instead = f"if it is in mV, write {shown.value:g} mV"
            raise RecordError(
                f"{name} = {shown.value:g} {shown.unit}: no cell is charged or discharged "
                f"to more than {_HIGHEST:g} V; {instead}",
                where=self._where,
            )

    def _turned_round(self) -> bool:
        """Whether every step runs in the direction opposite to the one written."""
        if self._content.order is None:
            return False
        name = self._content.order.as_written
        value = self._argument(name).value
        if value not in (0, 1):
            raise RecordError(
                f"{name} = {value:g}: give 1 for yes or 0 for no", where=self._where
            )
        return value == 0

    def _step(self, given: _Step, number: int) -> Step | None:
        """The step in SI; None if it is a rest or a hold of zero length."""
        where = f"{self.path}, step {number}"
        keys = given.given()
        needed, allowed = _RULES[given.do]
        for alternatives in needed:
            choices = alternatives.split("|")
            if sum(choice in keys for choice in choices) != 1 and given.do != "hold":
                raise RecordError(
                    f"'{given.do}' needs {' or '.join(choices)}, one of them",
                    where=where,
                )
            if not any(choice in keys for choice in choices):
                raise RecordError(f"'{given.do}' needs {' or '.join(choices)}", where=where)
        known = {c for n in needed for c in n.split("|")} | set(allowed)
        for key in keys:
            if key not in known:
                raise RecordError(
                    f"'{given.do}' has no {key}; it has {', '.join(sorted(known))}",
                    where=where,
                )
        values = {key: self._quantity(key, name) for key, name in keys.items()}
        if given.do in ("rest", "hold") and values.get("duration") == 0:
            return None
        for key, name in keys.items():
            if key != "voltage":
                flows = key in ("current_density", "c_rate")
                self._check_positive(name, values[key], _DIRECTION if flows else "")
        if "voltage" in keys and given.do in ("charge", "discharge", "hold"):
            self._check_voltage(keys["voltage"], values["voltage"])
        if "capacity" in values:
            values["charge"] = values.pop("capacity")
        action = _OPPOSITE.get(given.do, given.do) if self._turned_round() else given.do
        return Step(action, **values)


def load_experiment(name_or_path: str | Path) -> Protocol:
    """Read a protocol by its name or from a user's own file.

    Raises
    ------
    UnknownNameError, RecordError, UnitError
        If there is none of that name or the file breaks a rule.

    Examples
    --------
    >>> load_experiment("full_stripping").arguments["cut_off"].value
    1.0
    """
    path = assets.find("experiments", str(name_or_path))
    parsed = check(_File, read_toml(path), where=str(path))
    arguments = {
        key: Argument(given.value, given.unit, given.meaning)
        for key, given in parsed.arguments.items()
    }
    protocol = Protocol(
        assets.name_of(path),
        parsed.title,
        parsed.paper,
        tuple(parsed.models),
        arguments,
        path,
        parsed,
    )
    protocol.schedule()
    return protocol


def list_experiments() -> list[Protocol]:
    """All protocols that can be named, in alphabetical order."""
    return [
        load_experiment(path) for _, path in sorted(assets.listing("experiments").items())
    ]
