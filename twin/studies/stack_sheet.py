"""Masses and thicknesses of a stack, and energy and power over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from twin.models.compat import Array
from twin.parts.formulas.stack import energy_density, specific_energy
from twin.parts.stack import Stack
from twin.studies.propagation import Figure, designs, propagated
from twin.studies.ranges import Factor

#: What is told of each rate: unit, and one of it in SI.
_OF_RATE: Final = {
    "specific energy": ("W.h.kg-1", 3.6e3),
    "energy density": ("W.h.L-1", 3.6e6),
    "specific power": ("W.kg-1", 1.0),
}


def stack_figures(
    stack: Stack,
    rates: Sequence[float],
    columns: Mapping[tuple[str, float], Array],
    factors: Sequence[Factor],
) -> tuple[Figure, ...]:
    """Mass and thickness of a stack, and energies and powers over them, with intervals.

    Parameters
    ----------
    stack : of the cell
    rates : C-rates
    columns : "energy" [J.m-2] and "power" [W.m-2] at each rate of all designs of
        :func:`twin.studies.propagation.designs`, shape (designs,)
    factors : that the designs vary
    """
    named = [one.name for one in factors]
    changed = [dict(zip(named, row, strict=True)) for row in designs(factors)]
    every = [stack.layers(one) for one in changed]
    mass = np.array([sum(layer.mass for layer in one) for one in every])
    thickness = np.array([sum(layer.thickness for layer in one) for one in every])
    found = [
        propagated("mass of the stack", "mg.cm-2", mass, factors, scale=0.01),
        propagated("thickness of the stack", "um", thickness, factors, scale=1e-6),
    ]
    for rate in rates:
        energy, power = columns["energy", rate], columns["power", rate]
        values = {
            "specific energy": specific_energy(energy, mass),
            "energy density": energy_density(energy, thickness),
            "specific power": power / mass,
        }
        for name, (unit, scale) in _OF_RATE.items():
            of_rate = f"{name} at {rate:g}C"
            found.append(propagated(of_rate, unit, values[name], factors, scale=scale))
    return tuple(found)
