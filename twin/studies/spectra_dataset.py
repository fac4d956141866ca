"""Spectra along a run as one dataset, for what a paper reports of them."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import xarray as xr

from twin import names
from twin.run.results import ENDED_BY, TIME_DIMENSION
from twin.studies.eis_result import EisResult, StateSpectrum

#: Bounds of relaxation times between which zhu2025 (Fig 3g) tells resistances apart [s].
_BANDS: Final = {
    names.RELAXING_FAST: (0.0, 0.01),
    names.RELAXING_MEDIUM: (0.01, 1.0),
    names.RELAXING_SLOWLY: (1.0, 32.0),
}

#: Frequency whose real impedance a paper calls its high-frequency intercept [Hz].
_INTERCEPT: Final = 1e6


def spectra_dataset(result: EisResult) -> xr.Dataset:
    """Resistances in each of several spectra.

    Parameters
    ----------
    result : spectra of at least ten points

    Returns
    -------
    xarray.Dataset
        Over "time" [s], in Ohm.m2: modulus at the lowest frequency, real part at
        1 MHz, what relaxes within the bands of time constants of zhu2025 (Fig 3g; the
        first holds all that is faster too, the series resistance with it), and what the
        split says of the interfaces, in the first and the last spectrum only, as each
        split takes a second. Attributes: "area" [m2] and what ended the run.

    Examples
    --------
    >>> from twin.studies.eis import eis
    >>> found = spectra_dataset(eis("mann2025_lina", sweep="0.1:1 GHz:7"))
    >>> round(float(found[names.INTERFACE_PART][0]) * 1e4, 1)  # two of 1.46 Ohm.cm2
    2.9
    """
    impedance = np.array([one.spectrum.impedance for one in result.spectra])
    columns = {
        names.INTERCEPT: np.array([_at_intercept(one) for one in result.spectra]),
        names.LOWEST_FREQUENCY: abs(impedance[:, -1]),
    }
    for name, (shortest, longest) in _BANDS.items():
        columns[name] = np.array(
            [
                found.resistance_between(shortest, longest)
                + (found.ohmic if shortest == 0 else 0.0)
                for found in result.relaxation_times
            ]
        )
    interface = np.full(len(result.spectra), np.nan)
    for place in (0, -1):
        interface[place] = _interface(result.spectra[place])
    columns[names.INTERFACE_PART] = interface
    return xr.Dataset(
        {
            name: (TIME_DIMENSION, values, {"units": "Ohm.m2"})
            for name, values in columns.items()
        },
        coords={TIME_DIMENSION: [one.state.time for one in result.spectra]},
        attrs={"area": result.area, ENDED_BY: result.ended_by},
    )


def _at_intercept(spectrum: StateSpectrum) -> float:
    """Real part where the usual analysers end [Ohm.m2]."""
    of = spectrum.spectrum
    rising = np.log(of.frequency[::-1])
    return float(np.interp(math.log(_INTERCEPT), rising, of.impedance[::-1].real))


def _interface(spectrum: StateSpectrum) -> float:
    """Resistance of the interfaces [Ohm.m2]; NaN where the split finds none."""
    if spectrum.analysis is None:
        return float("nan")
    part = spectrum.analysis.split.parts.get("interface")
    return float("nan") if part is None else part.resistance
