"""What a protocol amounts to: plain steps in SI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Action = Literal["strip", "plate", "discharge", "charge", "hold", "rest"]

#: Sign of the current of each action, positive when the negative electrode strips.
DIRECTIONS: Final[dict[Action, int]] = {
    "strip": 1,
    "discharge": 1,
    "plate": -1,
    "charge": -1,
    "rest": 0,
    "hold": 0,
}


@dataclass(frozen=True)
class Step:
    """One step with its numbers in SI; what is None does not apply.

    Attributes
    ----------
    action : what is done, seen from the negative electrode
    current_density : magnitude [A.m-2]
    c_rate : magnitude, in place of the current density [-]
    duration : longest duration [s]
    charge : longest charge, in place of the duration [C.m-2]
    voltage : cut-off of a charge or discharge, level of a hold [V]
    end_c_rate : C-rate at which a hold ends [-]
    """

    action: Action
    current_density: float | None = None
    c_rate: float | None = None
    duration: float | None = None
    charge: float | None = None
    voltage: float | None = None
    end_c_rate: float | None = None

    def signed_current_density(self, one_c: float | None) -> float:
        """Current density [A.m-2], positive when the negative electrode strips.

        Parameters
        ----------
        one_c : current density of 1C [A.m-2]; needed by steps given as C-rates

        Examples
        --------
        >>> Step("charge", c_rate=0.5).signed_current_density(20.0)
        -10.0
        """
        if self.current_density is not None:
            magnitude = self.current_density
        else:
            magnitude = (self.c_rate or 0.0) * (one_c or 0.0)
        return DIRECTIONS[self.action] * magnitude

    def longest(self, one_c: float | None) -> float | None:
        """Longest duration [s], from the duration or the charge; None without either.

        Parameters
        ----------
        one_c : current density of 1C [A.m-2]

        Examples
        --------
        >>> Step("strip", current_density=5.0, charge=3600.0).longest(None)
        720.0
        """
        if self.charge is None:
            return self.duration
        return self.charge / abs(self.signed_current_density(one_c))


@dataclass(frozen=True)
class Schedule:
    """Steps of every cycle, and what stops the whole run.

    Attributes
    ----------
    cycles : steps of each cycle in turn; equal cycles are the same object
    polarisation : magnitude of the voltage that ends the run [V], if any
    """

    cycles: tuple[tuple[Step, ...], ...]
    polarisation: float | None

    @property
    def steps(self) -> int:
        """Number of steps in all cycles together."""
        return sum(len(cycle) for cycle in self.cycles)

    @property
    def uses_c_rates(self) -> bool:
        """Whether a step is given as a C-rate, which needs a nominal capacity."""
        return any(
            step.c_rate is not None or step.end_c_rate is not None
            for cycle in self.cycles
            for step in cycle
        )
