"""Single-ion conducting separators."""

from __future__ import annotations

from twin.parts.formulas.typing import Quantity


def series_conductivity(bulk: Quantity, grain_boundary: Quantity) -> Quantity:
    r"""Conductivity of grains and grain boundaries in series.

    .. math:: 1/\kappa = 1/\kappa_b + 1/\kappa_{gb}

    Both conductivities refer to the thickness of the whole separator (brick-layer
    convention), so that each part's area-specific resistance is thickness over
    conductivity.

    Parameters
    ----------
    bulk, grain_boundary : conductivities [S.m-1]

    Returns
    -------
    kappa [S.m-1]

    Examples
    --------
    >>> round(float(series_conductivity(0.1, 0.4)), 3)
    0.08
    """
    return bulk * grain_boundary / (bulk + grain_boundary)
