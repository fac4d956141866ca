"""Designs of Sobol and Morris, and the indices that come of them (SALib)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import xarray as xr
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from twin.errors import TwinError
from twin.models.compat import Array

Method = Literal["sobol", "morris"]

# variables of the indices
FIRST: Final = "first"
TOTAL: Final = "total"
EFFECT: Final = "effect"
SPREAD: Final = "spread"

#: Levels of a Morris design, an even number: each step is 2/3 of a range.
_LEVELS: Final = 4

#: Resamples of the bootstrap, and the share of them in an interval.
_RESAMPLES: Final = 500
CONFIDENCE: Final = 0.95

#: Sizes at which convergence is shown: halves of the whole, this often.
_HALVES: Final = 3

#: Fewer blocks tell nothing.
_FEWEST: Final = 4


def interval(name: str) -> str:
    """Name of the half width of an index's bootstrap interval.

    Examples
    --------
    >>> interval(TOTAL)
    'total_interval'
    """
    return f"{name}_interval"


@dataclass(frozen=True)
class Sampling:
    """Which designs are run, and how indices follow from what comes out.

    Attributes
    ----------
    method : "sobol" (Saltelli's scheme on a scrambled Sobol sequence) or "morris"
        (trajectories)
    factors : number of factors
    size : base points of Sobol, a power of two; trajectories of Morris
    seed : of the designs and the bootstrap

    Raises
    ------
    TwinError
        If the size does not fit the method.

    Examples
    --------
    >>> Sampling("sobol", factors=3, size=8, seed=1).shares().shape
    (40, 3)
    """

    method: Method
    factors: int
    size: int
    seed: int

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise TwinError("seeds count from 0", where=f"--seed {self.seed}")
        where = f"--samples {self.size}"
        if self.size < _FEWEST:
            raise TwinError(f"give at least {_FEWEST}", where=where)
        if self.method == "sobol" and self.size & (self.size - 1):
            near = 2 ** round(np.log2(self.size))
            raise TwinError(
                f"the sequence of Sobol is balanced at powers of two; give {near}",
                where=where,
            )

    @property
    def block(self) -> int:
        """Designs that belong together: one that fails takes the others with it."""
        return self.factors + (2 if self.method == "sobol" else 1)

    @property
    def runs(self) -> int:
        """Number of designs."""
        return self.size * self.block

    @property
    def sizes(self) -> list[int]:
        """Sizes at which convergence is shown, the last one the whole."""
        found = [self.size // 2**halves for halves in range(_HALVES, -1, -1)]
        return [size for size in found if size >= _FEWEST]

    def shares(self) -> Array:
        """Designs as shares of the ranges, shape (size x block, factors).

        The first half of them, by blocks, is the design of half the size.
        """
        if self.method == "sobol":
            found = sobol_sample.sample(
                self._problem, self.size, calc_second_order=False, seed=self.seed
            )
        else:
            found = morris_sample.sample(
                self._problem, self.size, num_levels=_LEVELS, seed=self.seed
            )
        return np.asarray(found, dtype=float)

    def indices(self, values: Array) -> xr.Dataset:
        """Indices of one output, and how they converged.

        Parameters
        ----------
        values : ndarray, shape (size x block,); not a number where a design failed, whose
            block is left out

        Returns
        -------
        xarray.Dataset
            Over "size" and "factor": of Sobol the first-order and the total index, of
            Morris the mean magnitude and the spread of the effects of going through the
            whole range; with the half widths of their bootstrap intervals. "blocks" is the
            number of whole blocks at each size.

        Raises
        ------
        TwinError
            If too few blocks are whole, or the output is the same in all of them.
        """
        finite = np.isfinite(values).reshape(-1, self.block)
        whole = np.asarray(finite.all(axis=1))
        analyse = self._sobol if self.method == "sobol" else self._morris
        found: list[dict[str, Array]] = []
        blocks = []
        for size in self.sizes:
            kept = np.repeat(whole[:size], self.block)
            blocks.append(int(whole[:size].sum()))
            found.append(self._analysed(analyse, values[: size * self.block], kept))
        if blocks[-1] < _FEWEST:
            raise TwinError(
                f"only {blocks[-1]} of {self.size} blocks of designs came through whole; "
                "narrow the ranges"
            )
        data = {
            name: (("size", "factor"), np.stack([one[name] for one in found]))
            for name in found[-1]
        }
        return xr.Dataset({**data, "blocks": ("size", blocks)}, {"size": self.sizes})

    def _analysed(
        self, analyse: Callable[[Array, Any], dict[str, Array]], values: Array, kept: Any
    ) -> dict[str, Array]:
        if kept.sum() < _FEWEST * self.block or np.ptp(values[kept]) == 0:
            names = (FIRST, TOTAL) if self.method == "sobol" else (EFFECT, SPREAD)
            unknown = np.full(self.factors, np.nan)
            found = dict.fromkeys((*names, *(interval(n) for n in names)), unknown)
            if self.method == "morris":
                del found[interval(SPREAD)]
            return found
        return analyse(values, kept)

    def _sobol(self, values: Array, kept: Any) -> dict[str, Array]:
        found = sobol_analysis.analyze(
            self._problem,
            values[kept],
            calc_second_order=False,
            num_resamples=_RESAMPLES,
            conf_level=CONFIDENCE,
            seed=self.seed,
        )
        return {
            FIRST: np.asarray(found["S1"]),
            interval(FIRST): np.asarray(found["S1_conf"]),
            TOTAL: np.asarray(found["ST"]),
            interval(TOTAL): np.asarray(found["ST_conf"]),
        }

    def _morris(self, values: Array, kept: Any) -> dict[str, Array]:
        found = morris_analysis.analyze(
            self._problem,
            self.shares()[: len(values)][kept],
            values[kept],
            num_resamples=_RESAMPLES,
            conf_level=CONFIDENCE,
            num_levels=_LEVELS,
            seed=self.seed,
        )
        return {
            EFFECT: np.asarray(found["mu_star"], dtype=float),
            interval(EFFECT): np.asarray(found["mu_star_conf"], dtype=float),
            SPREAD: np.asarray(found["sigma"], dtype=float),
        }

    @property
    def _problem(self) -> dict[str, Any]:
        return {
            "num_vars": self.factors,
            "names": [str(number) for number in range(self.factors)],
            "bounds": [[0.0, 1.0]] * self.factors,
        }
