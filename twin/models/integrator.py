"""The integrator of all models, and what is tried in turn where it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pybamm


@dataclass(frozen=True)
class Attempt:
    """One way of solving.

    Attributes
    ----------
    name : what a message calls it
    every_unknown : whether algebraic unknowns are in the error test too, which takes more
        steps
    factor : on the tolerances
    raised : whether each step begins without current, which rises within
        :data:`RISE`
    halvings : of a step of Newton's method in its search for the first state
    """

    name: str
    every_unknown: bool
    factor: float = 1.0
    raised: bool = False
    halvings: int = 5


#: Time in which a step's current rises where it does so [s].
RISE: Final = 1e-3

#: What is tried in turn. Cold, and at a high rate, the unknowns that a current sets up from
#: the first moment lie many volts from where they were, along sinh laws that Newton's
#: method overshoots; raised from nothing, the integrator follows them. Halving Newton's
#: steps more often can end at a false state, and comes last: for cells that are far from
#: equilibrium even at rest. Where the conductivity of a liquid vanishes
#: at a concentration, as the borrowed laws have it in the cold, only tight tolerances see
#: the voltage break down. Where next to nothing is left, as in empty pores a volt away from
#: lithium, rounding times an exponential is all there is to see, and loose ones get past.
USUAL: Final = Attempt("the usual error test", every_unknown=False)
CAREFUL: Final = Attempt("every unknown in the error test", every_unknown=True)
RAISED: Final = Attempt(
    "the current raised from nothing in a millisecond", every_unknown=False, raised=True
)
TIGHT: Final = Attempt(
    "tolerances a hundred times tighter", every_unknown=True, factor=0.01
)
LOOSE: Final = Attempt("tolerances ten times looser", every_unknown=True, factor=10.0)
PATIENT: Final = Attempt(
    "smaller steps in the search for the first state", every_unknown=False, halvings=10
)
LADDER: Final = (USUAL, CAREFUL, RAISED, TIGHT, LOOSE, PATIENT)

#: Steps of the integrator that ought to get somewhere: whole runs at constant current take
#: some hundred, even those that are over in less than a second, and slow ones up to some
#: thousand.
_STEPS: Final = 1000

#: How far they ought to get at least [s], and as a share of how long a run is to last.
_LEAST_TIME: Final = 1.0
_LEAST_SHARE: Final = 1e-3

#: A step that its voltage ends sooner than this began at a false state [s].
NO_TIME: Final = 1e-12


def no_progress(lasts: float = 0.0) -> dict[str, float]:
    """Options of IDAKLU with which it gives up where it only trembles.

    Without them, a cell that is empty can take minutes to fail. They are none of the
    models' own solvers, which may be given any current.

    Parameters
    ----------
    lasts : about how long the shortest step of a run is to last [s]; 0 if that is open

    Examples
    --------
    A discharge of 10 hours gets on by 36 s in 1000 steps of the integrator

    >>> no_progress(36e3)
    {'num_steps_no_progress': 1000, 't_no_progress': 36.0}
    """
    least = max(_LEAST_TIME, _LEAST_SHARE * lasts)
    return {"num_steps_no_progress": _STEPS, "t_no_progress": least}


def integrator(
    rtol: float = 1e-6,
    atol: float = 1e-8,
    *,
    every_unknown: bool = False,
    halvings: int = 5,
) -> pybamm.IDAKLUSolver:
    """IDAKLU as the models use it.

    Parameters
    ----------
    rtol, atol : relative and absolute tolerance
    every_unknown : whether algebraic unknowns are in the error test too, which takes more
        steps
    halvings : as of :class:`Attempt`; 5 are IDA's own

    Examples
    --------
    >>> integrator(rtol=1e-7).rtol
    1e-07
    """
    options = {
        "suppress_algebraic_error": not every_unknown,
        "max_linesearch_backtracks_ic": halvings,
        # its failures come as errors, and another attempt may succeed
        "silence_sundials_errors": True,
    }
    return pybamm.IDAKLUSolver(rtol=rtol, atol=atol, options=options)
