"""Spectra: the rules they keep, and their area."""

import json

import numpy as np
import pytest

from twin.errors import TwinError
from twin.parts.spectra import Spectrum

Z = [1 - 1j, 2 - 1j, 3 - 1j]


def test_rising_frequencies_are_turned_around() -> None:
    spectrum = Spectrum([1.0, 10.0, 100.0], Z)
    assert spectrum.frequency.tolist() == [100.0, 10.0, 1.0]
    assert spectrum.impedance.tolist() == Z[::-1]


def test_falling_frequencies_stay() -> None:
    spectrum = Spectrum([100.0, 10.0, 1.0], Z)
    assert spectrum.impedance.tolist() == Z


def test_a_spectrum_cannot_be_changed() -> None:
    frequency = np.array([100.0, 10.0, 1.0])
    spectrum = Spectrum(frequency, Z)
    frequency[0] = 5.0
    assert spectrum.frequency[0] == 100.0
    with pytest.raises(ValueError, match="read-only"):
        spectrum.impedance[0] = 0


@pytest.mark.parametrize(
    ("frequency", "impedance", "message"),
    [
        ([], [], "holds no point"),
        ([10.0, 1.0], Z, "2 frequencies and 3 impedances"),
        ([10.0, 0.0, 1.0], Z, r"frequency 0 Hz \(point 2\) is not above zero"),
        ([10.0, 1.0, -1.0], Z, r"-1 Hz \(point 3\) is not above zero"),
        ([10.0, np.nan, 1.0], Z, "frequency of point 2 is nan"),
        ([np.inf, 10.0, 1.0], Z, "frequency of point 1 is inf"),
        ([10.0, 10.0, 1.0], Z, "10 Hz is there twice"),
        ([10.0, 1.0, 10.0], Z, r"turn at 10 Hz \(point 3\)"),
        ([1.0, 10.0, 5.0], Z, r"turn at 5 Hz \(point 3\)"),
        ([10.0, 5.0, 1.0], [1, complex(np.nan, 1), 1], "impedance at 5 Hz is"),
        ([10.0, 5.0, 1.0], [1, 1, complex(0, np.inf)], "impedance at 1 Hz is"),
        ([10.0, 5.0, 1.0], [1, 0, 1], "impedance at 5 Hz is zero"),
        ([[10.0, 1.0]], [[1, 1]], "one impedance for each frequency"),
    ],
)
def test_rules(frequency, impedance, message) -> None:
    with pytest.raises(TwinError, match=message) as error:
        Spectrum(frequency, impedance, label="cell 7")
    assert str(error.value).startswith("cell 7: ")


def test_area_multiplies() -> None:
    """100 Ohm on 0.385 cm2 are 38.5 Ohm.cm2, 3.85e-3 Ohm.m2."""
    whole = Spectrum([1.0], [100 - 20j], unit="Ohm")
    for area in ("0.385 cm2", 0.385e-4):
        one = whole.per_area(area)
        assert one.unit == "Ohm.m2"
        assert one.impedance[0] == pytest.approx(3.85e-3 - 0.77e-3j, rel=1e-12)


@pytest.mark.parametrize(
    ("area", "message"),
    [
        ("0.5", "has no unit"),
        ("0.5 cm", "cm2|m2"),
        (0.0, "not above zero"),
        (-1.0, "not above zero"),
        (float("nan"), "not above zero"),
        ("large", "not a quantity"),
    ],
)
def test_impossible_areas(area, message) -> None:
    with pytest.raises(TwinError, match=message):
        Spectrum([1.0], [100 - 20j], unit="Ohm").per_area(area)


def test_an_area_is_given_once() -> None:
    with pytest.raises(TwinError, match="per area already"):
        Spectrum([1.0], [1 - 1j]).per_area(1e-4)


def test_json_round_trip() -> None:
    content = json.loads(json.dumps(Spectrum([10.0, 1.0], [1 - 2j, 3 - 4j]).to_json()))
    assert content["frequency"] == [10.0, 1.0]
    assert content["real"] == [1.0, 3.0]
    assert content["imaginary"] == [-2.0, -4.0]
    assert content["unit"] == "Ohm.m2"
