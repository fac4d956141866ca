"""Contact stays whole for nearly the whole stripping and then goes at once."""

import numpy as np
import pytest

from twin import names, simulate


@pytest.fixture(params=["0.2 mA/cm2", "1 mA/cm2"], scope="module")
def stripping(request):
    """Stripping of a published cell, LiNa | LLZO | LiNa at 60 C, to 1 V."""
    return simulate(
        "mann2025_lina",
        "full_stripping",
        arguments={"current_density": request.param, "cut_off": "1 V"},
    )


def _of_the_run(result, share, name):
    """Value of a variable when a share of the run's time has passed."""
    time = result["time"].values
    return np.interp(share * time[-1], time, result[name].values)


def test_nine_tenths_with_whole_contact(stripping):
    contact = names.variable_of(names.CONTACT_FRACTION, "negative")
    early = stripping["time"] < 0.9 * stripping["time"][-1]
    assert float(stripping[contact][early].min()) > 0.9
    assert float(stripping[contact][0]) == 1.0


def test_then_a_steep_fall_to_the_cut_off(stripping):
    """1 V over the current is far above the fresh cell: theta must go to about zero.

    Fresh cell at 60 C: 20.8 Ohm.cm2, of which one interface 1.46 Ohm.cm2. The cut-off
    at 1 mA/cm2 is 1000 Ohm.cm2, so theta < 1.46 / 900 there and less at 0.2 mA/cm2;
    what constriction and concentration take leaves a little more.
    """
    contact = names.variable_of(names.CONTACT_FRACTION, "negative")
    assert stripping.attrs["ended_by"] == names.POLARISATION_EVENT
    assert float(stripping[names.POLARISATION][-1]) == pytest.approx(1.0, abs=1e-6)
    assert float(stripping[contact][-1]) < 2e-3
    # nine tenths of the contact go in the last twentieth of the run
    assert _of_the_run(stripping, 0.95, contact) > 0.9


def test_resistance_is_flat_and_then_rises(stripping):
    resistance = stripping[names.CELL_RESISTANCE]
    early = stripping["time"] < 0.9 * stripping["time"][-1]
    assert float(resistance[early].max()) < 1.01 * float(resistance[0])
    assert float(resistance[-1]) > 10 * float(resistance[0])


def test_only_the_stripped_electrode_loses_contact(stripping):
    contact = names.variable_of(names.CONTACT_FRACTION, "positive")
    assert float(stripping[contact].min()) == pytest.approx(1.0, abs=1e-9)
