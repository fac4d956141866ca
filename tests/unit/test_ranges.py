"""Which parameters a study varies, and how a user says so."""

import numpy as np
import pytest

from twin import names
from twin.errors import TwinError
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.studies.ranges import Factor, factors_of

CELL = load_cell("mann2025_li")
PROTOCOL = load_experiment("full_stripping")


def one(text: str) -> Factor:
    (found,) = factors_of(CELL, PROTOCOL, [text])
    return found


def test_units_are_converted_and_short_names_known() -> None:
    found = one("pressure=0.1:2 MPa")
    assert (found.name, found.low, found.high) == (names.STACK_PRESSURE, 1e5, 2e6)
    assert one("Lithium thickness [m]=1e-5:2e-5").high == 2e-5
    assert one("temperature=25:60 degC").low == pytest.approx(298.15)


def test_a_name_alone_takes_the_range_of_its_record() -> None:
    record = CELL.records[names.VOID_HEIGHT]
    found = one("void height")
    assert (found.low, found.high) == (record.low, record.high)


def test_a_decade_is_sampled_in_its_logarithm() -> None:
    wide, narrow = one("pressure=0.1:10 MPa"), one("pressure=0.1:0.9 MPa")
    # the middle of 0.1 to 10 MPa is 1 MPa, that of 0.1 to 0.9 MPa is 0.5 MPa
    assert wide.at(np.array([0.5]))[0] == pytest.approx(1e6)
    assert narrow.at(np.array([0.5]))[0] == pytest.approx(0.5e6)
    for factor in (wide, narrow):
        assert factor.share(float(factor.at(np.array([0.3]))[0])) == pytest.approx(0.3)
    # degrees have no ratios: 30 to 400 K is not a decade
    assert not Factor(names.AMBIENT_TEMPERATURE, 30.0, 400.0, 300.0, "assumed").logarithmic


def test_all_uncertain_parameters_vary_by_default() -> None:
    found = factors_of(CELL, PROTOCOL)
    assert {factor.status for factor in found} == {"assumed", "fitted"}
    assert names.VOID_HEIGHT in [factor.name for factor in found]
    assert names.LOST_CONTACT not in [factor.name for factor in found]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pressure=2:0.1 MPa", "2 is not below 0.1"),
        ("presure=0.1:2 MPa", "Did you mean"),
        ("pressure=0.1:2 m", "m"),
        ("pressure=0.1:2", "missing unit"),
        ("pressure=0.1 MPa", 'write "NAME=low:high unit"'),
        ("pressure=a:b MPa", "a"),
        ("pressure=-1:2 MPa", "outside the allowed interval"),
        ("current_density=1:2 mA.cm-2", "is an argument of the experiment"),
        ("Separator thickness", "its record has no range"),
        ("Interlayer thickness=1:2 um", "unknown parameter of this cell"),
    ],
)
def test_wrong_ranges_are_named(text: str, words: str) -> None:
    with pytest.raises(TwinError) as caught:
        one(text)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"--range '{text}'")


def test_a_range_is_given_once() -> None:
    with pytest.raises(TwinError, match="is given twice"):
        factors_of(CELL, PROTOCOL, ["pressure=0.1:2 MPa", "pressure=0.1:3 MPa"])


def test_arguments_of_the_experiment_vary_where_that_is_asked_for() -> None:
    (found,) = factors_of(
        CELL, PROTOCOL, ["Current density=1:5 A.m-2"], arguments=True
    )
    assert found.name == "current_density [mA.cm-2]"
    assert found.is_argument and found.argument == "current_density"
    assert (found.low, found.high) == pytest.approx((0.1, 0.5))
    assert found.text(0.2) == "0.2 mA.cm-2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("current_density=2:1 mA.cm-2", "2 is not below 1"),
        ("current_density=1:2 V", "V"),
        ("current_density=0:2 mA.cm-2", "must be"),
        ("current_density", 'write "NAME=low:high unit"'),
    ],
)
def test_wrong_ranges_of_arguments_are_named(text: str, words: str) -> None:
    with pytest.raises(TwinError) as caught:
        factors_of(CELL, PROTOCOL, [text], arguments=True)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"--range '{text}'")


def test_a_number_of_cycles_is_no_range() -> None:
    cycling = load_experiment("strip_plate_cycling")
    with pytest.raises(TwinError, match="whole"):
        factors_of(CELL, cycling, ["cycles=1:10"], arguments=True)
