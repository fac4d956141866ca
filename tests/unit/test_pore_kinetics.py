"""Reactions in the pores of an interlayer, against numbers worked by hand."""

import numpy as np
import pytest
import xarray as xr

from twin import names
from twin.parts.formulas.interlayer import driven, pore_plating_current
from twin.run.observables import observable

#: 2RT/F at 298.15 K: one unit of the exponent.
UNIT = 2 * 8.314462618 * 298.15 / 96485.33212


@pytest.mark.parametrize(
    ("filling", "exponent", "expected"),
    [
        (0.5, 0.0, 0.0),  # metal is at 0 V, whatever its amount
        (0.1, 0.0, 0.0),
        (0.5, 1.0, 2.350402),  # e - 1/e
        (0.5, -1.0, -2.350402),
        (0.0, 1.0, -0.367879),  # nothing to strip: -1/e
        (1.0, -1.0, 0.367879),  # no room: 1/e
        # half of the width over which the last pores close: tanh(1/2) = 0.462117
        (0.975, 0.0, 0.537883),
        # at f_0 itself tanh(1) = 0.761594 of the lithium can be stripped
        (0.001, 0.0, -0.238406),
    ],
)
def test_current_of_the_pore_walls(filling, exponent, expected) -> None:
    found = pore_plating_current(exponent * UNIT, filling, 1e-3, 1.0, 298.15)
    assert float(found) == pytest.approx(expected, abs=1e-4)


def test_the_exponential_ends_at_the_limiting_current() -> None:
    """1 / (e^-x + 1e-5): half of the limit where e^x = 1e5, x = 11.512925."""
    assert float(driven(11.512925)) == pytest.approx(0.5e5, rel=1e-5)
    assert float(driven(60.0)) == pytest.approx(1e5, rel=1e-9)
    assert float(driven(-2.0)) == pytest.approx(0.135335, rel=1e-4)


def test_share_beyond_the_first_third() -> None:
    """Cells 0-0.2, 0.2-0.6, 0.6-1: 100 (0.2) + 40 (1/3 - 0.2) = 25.3333 of 50 A/m2."""
    reaction = names.variable_of(names.INTERLAYER_REACTION, "negative")
    result = xr.Dataset(
        {
            reaction: (
                ("time", "negative_interlayer_position"),
                np.array([[0.0, 0.0, 0.0], [-1e7, -4e6, -1e6]]),
            ),
            names.TOTAL_CURRENT_DENSITY: ("time", [0.0, -50.0]),
        },
        {"negative_interlayer_position": [0.1, 0.4, 0.8]},
        {"parameters": f'{{"{names.INTERLAYER_THICKNESS}": {{"value": 1e-5}}}}'},
    )
    share = observable("plated beyond the first third").read(result)
    assert share == pytest.approx(1 - 25.33333 / 50, abs=1e-5)
