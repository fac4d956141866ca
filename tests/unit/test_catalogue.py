import ast
import math
from pathlib import Path

import pytest

from twin import names
from twin.errors import RecordError, UnknownNameError
from twin.parts.catalogue import CATALOGUE, Interval, complete, known
from twin.units import unit_of

# PyBaMM's own, which the cell's area and protocol determine.
NOT_FOR_USERS = {
    names.CURRENT_FUNCTION,
    names.ELECTRODE_HEIGHT,
    names.ELECTRODE_WIDTH,
    names.PARALLEL_ELECTRODES,
    names.SERIES_CELLS,
    # functions of PyBaMM, and what follows from loading and stoichiometry
    names.CATHODE_THICKNESS,
    names.CATHODE_INITIAL_CONCENTRATION,
    names.PARTICLE_DIFFUSIVITY_FUNCTION,
    names.EXCHANGE_CURRENT_FUNCTION,
    names.OPEN_CIRCUIT_POTENTIAL,
    names.LOWER_VOLTAGE,
    names.UPPER_VOLTAGE,
    # of a hold, for PyBaMM
    names.VOLTAGE_FUNCTION,
}


def parameter_constants() -> set[str]:
    """Constants in the sections of names.py whose heading starts with "parameters"."""
    source = Path(names.__file__).read_text(encoding="utf-8")
    heading, found = "", set()
    lines = source.splitlines()
    starts = {i: line for i, line in enumerate(lines, 1) if line.startswith("# --- ")}
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            heading = starts[max(i for i in starts if i < node.lineno)]
            if heading.startswith("# --- parameters"):
                found.add(getattr(names, node.target.id))
    return found


def test_the_catalogue_has_every_parameter_and_nothing_else() -> None:
    constants = parameter_constants()
    assert names.LITHIUM_THICKNESS in constants and names.VOLTAGE not in constants
    assert set(CATALOGUE) == constants - NOT_FOR_USERS


def test_entries_are_complete() -> None:
    for name, entry in CATALOGUE.items():
        assert entry.name == name
        assert entry.meaning and "\n" not in entry.meaning
        assert entry.allowed.low < entry.allowed.high
        assert math.nan not in entry.allowed and math.inf not in entry.allowed


@pytest.mark.parametrize(
    ("fragment", "inside", "outside"),
    [
        ("thickness [m]", [5e-5], [-5e-5, 50]),
        ("fraction", [0.5], [-0.1, 1.1]),
        ("temperature [K]", [150, 298.15, 600], [25, 149, 601]),
        ("diffusivity at 25 C", [1e-15], [0, -1e-15]),
        ("resistance at 25 C", [0, 1], [-1]),
        ("activation energy", [0, 3e4], [-1, 1e7]),
        ("exponent", [2.0], [-1]),
        ("conductivity", [0.1], [-0.1]),
        ("capacitance", [1e-9, 1], [-1]),
        ("pressure", [0, 1e5], [-1]),
    ],
)
def test_bounds_are_physical(
    fragment: str, inside: list[float], outside: list[float]
) -> None:
    entries = [
        entry
        for name, entry in CATALOGUE.items()
        if fragment in name.lower().replace(" c ", " C ").replace("[k]", "[K]")
        or fragment in name
    ]
    assert entries
    for entry in entries:
        if fragment == "conductivity" and "activation" in entry.name:
            continue
        for value in inside:
            assert value in entry.allowed, entry.name
        for value in outside:
            assert value not in entry.allowed, entry.name


@pytest.mark.parametrize(
    ("ends", "low_in", "high_in"),
    [
        ("[]", True, True),
        ("(]", False, True),
        ("[)", True, False),
        ("()", False, False),
    ],
)
def test_interval_ends(ends: str, low_in: bool, high_in: bool) -> None:
    interval = Interval(0, 1, ends)  # type: ignore[arg-type]
    assert (0.0 in interval, 0.5 in interval, 1.0 in interval) == (
        low_in,
        True,
        high_in,
    )


def test_own_parameters_of_the_positive_electrode() -> None:
    own = names.parameter_of(names.LITHIUM_THICKNESS, "positive")
    assert known(own).name == own
    assert known(own).allowed == known(names.LITHIUM_THICKNESS).allowed
    with pytest.raises(UnknownNameError, match="'Separator thickness"):
        known(names.parameter_of(names.SEPARATOR_THICKNESS, "positive"))


def test_unknown_names_offer_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"mean 'Lithium thickness \[m\]'"):
        known("Lithium thicknes [m]")
    with pytest.raises(UnknownNameError, match=r"here: .*'Positive lithium thick"):
        known("Positive lithium thicknes [m]", where="here")
    for name in ("Lithium thickness", "lithium thickness [m]", "", names.VOLTAGE):
        with pytest.raises(UnknownNameError):
            known(name)


def test_complete_adds_the_unit() -> None:
    for full in CATALOGUE:
        bare = full[: full.rindex("[")].strip() if unit_of(full) else full
        assert complete(bare) == complete(bare.upper()) == complete(full) == full
    assert complete(" positive  lithium thickness") == "Positive lithium thickness [m]"
    for name in ("Lithium thickness [um]", "Lithium", "", "[m]"):
        with pytest.raises(UnknownNameError):
            complete(name)


def test_short_names_of_papers() -> None:
    assert complete("N/P") == complete(" n/p ") == names.NP_RATIO
    with pytest.raises(UnknownNameError):
        complete("P/N")


@pytest.mark.parametrize(
    ("given", "instead"),
    [
        ("positive electrode thickness", names.CATHODE_LOADING),
        (names.CATHODE_THICKNESS, names.CATHODE_LOADING),
        (names.CATHODE_INITIAL_CONCENTRATION, names.CATHODE_INITIAL_STOICHIOMETRY),
    ],
)
def test_what_follows_from_another_names_that(given: str, instead: str) -> None:
    with pytest.raises(RecordError) as raised:
        complete(given, where="here")
    assert f"follows from '{instead}'; set that" in str(raised.value)
    assert str(raised.value).startswith("here: ")
