"""The integrator of all models, and what is tried in turn where it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pybamm

#: How IDA looks for the algebraic unknowns that a current sets up from the first moment.
#: Cold, and at a high rate, these lie many volts from where they were, along sinh laws that
#: Newton's method overshoots: with IDA's 5 halvings of a step and 100 steps, a charge of
#: yang2024's cells at -20 C and 10C did not begin (16 V, from which the voltage ends it at
#: once); with 20 and 1000 it did. Where 5 and 100 are enough, nothing changes.
STARTING: Final[dict[str, Any]] = {
    "max_linesearch_backtracks_ic": 50,
    "max_num_iterations_ic": 1000,
}


@dataclass(frozen=True)
class Attempt:
    """One way of solving.

    Attributes
    ----------
    name : what a message calls it
    every_unknown : whether algebraic unknowns are in the error test too, which takes more
        steps
    factor : on the tolerances
    """

    name: str
    every_unknown: bool
    factor: float = 1.0


#: What is tried in turn. Where the conductivity of a liquid vanishes at a concentration, as
#: the borrowed laws have it in the cold, only tight tolerances see the voltage break down.
#: Where next to nothing is left, as in empty pores a volt away from lithium, rounding times
#: an exponential is all there is to see, and loose ones get past it.
USUAL: Final = Attempt("the usual error test", every_unknown=False)
CAREFUL: Final = Attempt("every unknown in the error test", every_unknown=True)
TIGHT: Final = Attempt(
    "tolerances a hundred times tighter", every_unknown=True, factor=0.01
)
LOOSE: Final = Attempt("tolerances ten times looser", every_unknown=True, factor=10.0)
LADDER: Final = (USUAL, CAREFUL, TIGHT, LOOSE)


def integrator(
    rtol: float = 1e-6, atol: float = 1e-8, *, every_unknown: bool = False
) -> pybamm.IDAKLUSolver:
    """IDAKLU as the models use it.

    Parameters
    ----------
    rtol, atol : relative and absolute tolerance
    every_unknown : whether algebraic unknowns are in the error test too, which takes more
        steps

    Examples
    --------
    >>> integrator(rtol=1e-7).rtol
    1e-07
    """
    options = {**STARTING, "suppress_algebraic_error": not every_unknown}
    return pybamm.IDAKLUSolver(rtol=rtol, atol=atol, options=options)
