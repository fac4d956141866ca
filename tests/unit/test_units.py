import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin import names
from twin.errors import RecordError, TwinError, UnitError
from twin.studies.outputs import OUTPUTS
from twin.units import convert, parse_quantity, parse_unit, unit_of, written

# CODATA 2022: exact by the definition of the SI.
ELECTRON_VOLT_PER_MOLE = 1.602176634e-19 * 6.02214076e23


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Lithium thickness [m]", "m"),
        ("Lithium self-diffusivity at 25 C [m2.s-1]", "m2.s-1"),
        ("A [of] kind [V]", "V"),
        ("Contact fraction", None),
        ("[m] in front", None),
        ("", None),
    ],
)
def test_unit_of(name: str, unit: str | None) -> None:
    assert unit_of(name) == unit


def test_every_unit_of_names_can_be_read() -> None:
    texts = [v for k, v in vars(names).items() if k.isupper() and isinstance(v, str)]
    units = {unit for unit in map(unit_of, texts) if unit is not None}
    assert {"m2.s-1", "Ohm.m2", "A.h"} <= units
    for unit in units:
        parse_unit(unit)


@pytest.mark.parametrize(
    ("value", "given", "wanted", "result"),
    [
        (1, "mA.cm-2", "A.m-2", 10),
        (1, "mA/cm**2", "A.m-2", 10),
        (1, "mA/cm^2", "A.m-2", 10),
        (1, "mA/cm2", "A.m-2", 10),
        (1, "mA/cm²", "A.m-2", 10),
        (1, "mA cm-2", "A.m-2", 10),
        (1, "Ohm.cm2", "Ohm.m2", 1e-4),
        (1, "kOhm", "Ohm", 1000),
        (1, "cm2.s-1", "m2.s-1", 1e-4),
        (1, "mA.h.cm-2", "C.m-2", 36000),
        (1, "mAh/cm2", "C.m-2", 36000),
        (1, "mS.cm-1", "S.m-1", 0.1),
        (1, "kJ/(mol)", "J.mol-1", 1000),
        (1, "1/h", "s-1", 1 / 3600),
        (5, "%", None, 0.05),
        (5, "%", "-", 0.05),
        (5, "", "%", 500),
        (5, None, None, 5),
        (50, "um", "m", 5e-5),
        (50, "µm", "m", 5e-5),
        (25, "degC", "K", 298.15),
        (25, "°C", "K", 298.15),
        (300, "K", "degC", 26.85),
        (3, "W.m-2.degC-1", "W.m-2.K-1", 3),
        (1, "eV", "J.mol-1", ELECTRON_VOLT_PER_MOLE),
        (340, "meV", "kJ.mol-1", 0.34e-3 * ELECTRON_VOLT_PER_MOLE),
        (ELECTRON_VOLT_PER_MOLE, "J.mol-1", "eV", 1),
    ],
)
def test_convert(
    value: float, given: str | None, wanted: str | None, result: float
) -> None:
    assert convert(value, given, wanted) == pytest.approx(result, rel=1e-12)


def test_the_same_quantity_in_two_units_is_the_same_number() -> None:
    assert convert(50, "um", "m") == 5e-5
    assert convert(4.5e-11, "cm2.s-1", "m2.s-1") == 4.5e-15
    third = 1 / 3
    assert convert(third, "m", "m") == third  # no unit changed: not rounded


@given(st.floats(-1e12, 1e12), st.sampled_from(["um", "mm", "km", "nm"]))
@settings(max_examples=50, deadline=None)
def test_there_and_back(value: float, unit: str) -> None:
    back = convert(convert(value, unit, "m"), "m", unit)
    assert back == pytest.approx(value, rel=1e-13, abs=1e-300)


@pytest.mark.parametrize(
    ("given", "wanted", "hint"),
    [
        ("s", "m", "expected a unit that converts to 'm'"),
        ("", "m", "expected a unit that converts to 'm'"),
        ("m", None, "expected a pure number"),
        ("C", "K", "degC"),
        ("J", "J.mol-1", "J.mol-1"),  # only eV is an energy per particle
        ("V", "J.mol-1", "J.mol-1"),
        ("degC.m", "K.s", "K.s"),
    ],
)
def test_another_dimension_is_refused(given: str, wanted: str | None, hint: str) -> None:
    with pytest.raises(UnitError, match=hint) as caught:
        convert(3.5, given, wanted, where="cell.toml")
    assert str(caught.value).startswith(f"cell.toml: given 3.5 {given}".strip())


@pytest.mark.parametrize(
    "text",
    [
        *("wibble", "mA.cm-", "cm--2", "5 m", "1e5", "nan", "m!", "(m", "m)"),
        *("m**2**2", "m**999", "__import__('os')", "m*" * 100 + "m", "\0", "m\n=3"),
    ],
)
def test_unknown_unit(text: str) -> None:
    with pytest.raises(UnitError, match="here: unknown unit"):
        parse_unit(text, where="here")


def test_unknown_unit_offers_the_nearest() -> None:
    with pytest.raises(UnitError, match=r"Did you mean 'mA.cm-2'"):
        parse_unit("mA.cn-2")


# A subprocess, because a hanging power could not be interrupted in this one.
def test_powers_of_numbers_are_never_worked_out() -> None:
    texts = ["9**9**9**9", "m**9**9**9", "(9)**(9**9**9)", "((((9)**9)**9)**9)**99"]
    code = (
        "import sys\nfrom twin.units import parse_unit\nfrom twin.errors import *\n"
        "for text in sys.argv[1:]:\n"
        "    try: parse_unit(text)\n"
        "    except UnitError: print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *texts], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["refused"] * len(texts), done.stderr


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("50 um", 50.0, "um"),
        ("50um", 50.0, "um"),
        ("50 [um]", 50.0, "um"),
        ("1e-11 cm2.s-1", 1e-11, "cm2.s-1"),
        (" -.5e+1  V ", -5.0, "V"),
        ("3", 3.0, None),
        ("3.", 3.0, None),
        ("3 -", 3.0, "-"),
        ("3 []", 3.0, ""),
        ("80 %", 80.0, "%"),
    ],
)
def test_parse_quantity(text: str, value: float, unit: str | None) -> None:
    assert parse_quantity(text) == (value, unit)


@pytest.mark.parametrize(
    "text",
    [
        *("nan", "inf", "-inf um", "Infinity", "1e999", "NaN m"),
        *("", "um", "abc", "- 5", "1.2.3 m", "0" * 201),
    ],
)
def test_text_that_is_no_finite_number(text: str) -> None:
    with pytest.raises(RecordError, match="here: "):
        parse_quantity(text, where="here")


@pytest.mark.parametrize("text", ["5 6 m", "1,5 mm", "0x10", "1_000 m", "5 [um"])
def test_number_with_an_unreadable_unit(text: str) -> None:
    with pytest.raises(UnitError, match="unknown unit"):
        parse_quantity(text)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_convert_refuses_what_is_not_finite(value: float) -> None:
    with pytest.raises(RecordError, match="finite"):
        convert(value, "m", "m")


def test_convert_refuses_overflow() -> None:
    with pytest.raises(RecordError, match="finite"):
        convert(1e308, "km", "nm")


@given(st.text(max_size=210))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_a_result_or_one_of_our_errors(text: str) -> None:
    for read in (parse_unit, parse_quantity):
        try:
            read(text)
        except TwinError as error:
            assert "\n" not in str(error) or "\n" in text


def test_import_leaves_pint_alone() -> None:
    code = "import sys, twin.units; print('pint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_units_on_axes_are_written_as_people_do() -> None:
    shown = [one.shown for one in OUTPUTS.values()]
    assert written("W.h.kg-1") == "Wh/kg"
    # none is left in PyBaMM's style, and none has become another unit
    for unit in shown:
        assert "." not in written(unit)
        if unit and unit != "Ohm.cm2":
            assert convert(1.0, written(unit), unit) == pytest.approx(1.0)
