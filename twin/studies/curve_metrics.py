"""How far two curves are apart."""

from __future__ import annotations

from typing import Final

import numpy as np

from twin.parts.table_files import FloatArray

#: Points at which curves are compared, evenly spread over what both cover.
_POINTS: Final = 400
#: Steps of voltage into which charge is sorted for dQ/dV.
_BINS: Final = 120


def rmse_over(
    x: FloatArray, measured: FloatArray, x_simulated: FloatArray, simulated: FloatArray
) -> float:
    r"""Root-mean-square difference of two curves over what both cover.

    .. math:: \sqrt{\frac{1}{b - a} \int_a^b (y_s - y_m)^2 dx}

    so that neither the spacing of the rows nor where a curve ends has a weight of its own;
    how far each goes is the capacity error. Both are interpolated linearly.

    Parameters
    ----------
    x, measured : measured curve; x does not fall
    x_simulated, simulated : simulated curve; x does not fall

    Returns
    -------
    float
        In the unit of the curves; NaN if they share no x.

    Examples
    --------
    A difference that rises from 0 to 0.3 has an RMSE of 0.3/sqrt(3)

    >>> x = np.linspace(0, 1, 50)
    >>> round(rmse_over(x, 0 * x, x, 0.3 * x), 4)
    0.1732
    """
    low, high = max(x[0], x_simulated[0]), min(x[-1], x_simulated[-1])
    if high <= low:
        return float("nan")
    # middles of equal intervals: the midpoint rule
    at = low + (high - low) * (np.arange(_POINTS) + 0.5) / _POINTS
    difference = np.interp(at, x_simulated, simulated) - np.interp(at, x, measured)
    return float(np.sqrt(np.mean(difference**2)))


def differential_capacity(
    voltage: FloatArray, capacity: FloatArray, low: float, high: float
) -> tuple[FloatArray, FloatArray]:
    """dQ/dV by sorting the charge into equal steps of voltage.

    Noise of the voltage spreads charge over neighbouring steps but makes no spikes, as a
    quotient of differences would.

    Parameters
    ----------
    voltage, capacity : of one charge or discharge; the capacity does not fall
    low, high : ends of the voltages that are sorted

    Returns
    -------
    tuple of two ndarrays, shape (120,)
        Middle of each step, and the charge in it over its width; positive.

    Examples
    --------
    3 of capacity spread evenly over 0.5 V are 6 a volt

    >>> v, q = np.linspace(4.0, 3.5, 1000), np.linspace(0.0, 3.0, 1000)
    >>> middle, density = differential_capacity(v, q, 3.5, 4.0)
    >>> round(float(density.mean()), 6)
    6.0
    """
    fine = np.linspace(capacity[0], capacity[-1], 50 * _BINS + 1)
    middle = np.interp((fine[1:] + fine[:-1]) / 2, capacity, voltage)
    charge, edges = np.histogram(
        middle, bins=_BINS, range=(low, high), weights=np.diff(fine)
    )
    return (edges[1:] + edges[:-1]) / 2, charge / np.diff(edges)
