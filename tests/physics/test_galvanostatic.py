"""Schedules in one solve: charge, lithium, voltages, events, pieces and batches."""

import shutil

import numpy as np
import pytest
import xarray as xr

from twin import names, simulate
from twin.errors import RecordError
from twin.names import variable_of
from twin.parts.formulas.constants import FARADAY
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.parts.schedule import Schedule, Step
from twin.run import compilation
from twin.run.failure import OHMIC, OUTPUTS, read_failure
from twin.run.galvanostatic import FAILED, GalvanostaticRun
from twin.run.levels import CONTINUOUS, LEVEL
from twin.run.results import COMPLETED, ENDED_BY

CELL = "mann2025_lina"
INVENTORY = variable_of(names.INVENTORY, "negative")


def staircase(*milliamperes: float, charge: float = 360.0, rest: float = 0.0) -> Schedule:
    """Strip and plate at each current density [mA.cm-2], the same charge [C.m-2]."""
    cycles = []
    for current in milliamperes:
        steps = []
        for do in ("strip", "plate"):
            steps.append(Step(do, current_density=10 * current, charge=charge))
            if rest:
                steps.append(Step("rest", duration=rest))
        cycles.append(tuple(steps))
    return Schedule(tuple(cycles), polarisation=1.0)


def at_end(run: xr.Dataset, name: str, cycle: int, step: int) -> float:
    here = np.flatnonzero((run["cycle"] == cycle) & (run["step"] == step))
    return float(run[name][here[-1]])


def how_far(run: xr.Dataset) -> tuple[str, float]:
    return run.attrs[ENDED_BY], run.attrs[CONTINUOUS]


@pytest.mark.parametrize("rest", [0.0, 60.0])
def test_ramps_lose_neither_charge_nor_lithium(rest: float) -> None:
    """Each half cycle passes 360 C.m-2; the shortest one takes 7.2 s, the longest 360 s."""
    currents = (0.1, 0.5, 5.0, 0.2)
    outputs = [names.AREAL_CAPACITY, INVENTORY]
    run = GalvanostaticRun(load_cell(CELL), staircase(*currents, rest=rest), outputs).run()
    steps = range(1, 5 if rest else 3)
    ends = [
        at_end(run, names.AREAL_CAPACITY, cycle, step)
        for cycle in range(1, len(currents) + 1)
        for step in steps
    ]
    passed = np.diff([0.0, *ends])
    expected = [360.0, 0.0, -360.0, 0.0] if rest else [360.0, -360.0]
    assert passed == pytest.approx(expected * len(currents), abs=1e-6 * 360)
    taken = float(run[INVENTORY][0]) - at_end(run, INVENTORY, 1, 1)
    # integration error of a slab's sum, not the ramp's
    assert taken == pytest.approx(360.0 / FARADAY, rel=1e-5)


def test_agrees_with_an_experiment_of_pybamm() -> None:
    """Ends by contact loss in the same half cycle, with the same voltages on the way."""
    arguments = {
        "current_density": "2 mA.cm-2",
        "half_cycle_capacity": "0.2 mA.h.cm-2",
        "rest": "2 min",
        "cycles": "12",
    }
    reference = simulate("mann2025_li", "strip_plate_cycling", {}, arguments)
    protocol = load_experiment("strip_plate_cycling").with_arguments(arguments)
    cell = load_cell("mann2025_li")
    run = GalvanostaticRun(cell, protocol.schedule(), OUTPUTS, samples=3).run()
    assert reference.attrs[ENDED_BY] == run.attrs[ENDED_BY] == names.POLARISATION_EVENT
    last = int(reference["cycle"][-1]), int(reference["step"][-1])
    assert (int(run["cycle"][-1]), int(run["step"][-1])) == last
    assert last[0] > 1
    assert float(run["time"][-1]) == pytest.approx(float(reference["time"][-1]), rel=2e-4)
    places = [
        (cycle, step)
        for cycle in range(1, last[0] + 1)
        for step in range(1, 5)
        if (cycle, step) < last
    ]
    found, expected = (
        [at_end(one, names.VOLTAGE, *place) for place in places] for one in (run, reference)
    )
    assert found == pytest.approx(expected, abs=1e-4)


def test_an_event_that_the_new_current_meets_at_once_is_found() -> None:
    """20.78 Ohm.cm2: 0.2 mA.cm-2 is 4.2 mV, 0.3 mA.cm-2 is 6.2 mV, the cut-off is 5 mV."""
    schedule = Schedule(staircase(0.1, 0.2, 0.3, 0.4).cycles, polarisation=0.005)
    run = GalvanostaticRun(load_cell(CELL), schedule, OUTPUTS).run()
    assert run.attrs[LEVEL] == pytest.approx(3.0)
    failure = read_failure(run)
    assert (failure.event, failure.cause) == (names.POLARISATION_EVENT, OHMIC)
    # the two cycles before: 360 C.m-2 at 1 and at 2 A.m-2, each way
    assert failure.time == pytest.approx(2 * 360 + 2 * 180, abs=0.01)


def test_pieces_of_a_schedule_are_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    cell, schedule = load_cell("mann2025_li"), staircase(*[3.0] * 5, charge=1800.0)
    whole = GalvanostaticRun(cell, schedule, OUTPUTS).run()
    monkeypatch.setattr(compilation, "CHUNK", 4)
    pieces = GalvanostaticRun(cell, schedule, OUTPUTS).run()
    assert pieces.sizes == whole.sizes
    assert pieces["time"].values == pytest.approx(whole["time"].values, rel=1e-6)
    assert pieces["cycle"].values.tolist() == whole["cycle"].values.tolist()
    for cycle in range(1, 6):
        for step in (1, 2):
            place = names.VOLTAGE, cycle, step
            assert at_end(pieces, *place) == pytest.approx(at_end(whole, *place), abs=1e-5)
    levels = [one.attrs[LEVEL] for one in (whole, pieces)]
    assert levels == [30.0, 30.0]


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no compiler")
def test_compiled_cycles_are_the_same_cycles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight equal cycles: two as they are, then two pieces of three with one model."""
    cell = load_cell("mann2025_li")
    cycle = staircase(3.0, charge=1800.0).cycles[0]
    schedule = Schedule((cycle,) * 8, None)
    whole = GalvanostaticRun(cell, schedule, OUTPUTS).run()
    monkeypatch.setattr(compilation, "_LONG", 16)
    monkeypatch.setattr(compilation, "_TRIED", 1)
    monkeypatch.setattr(compilation, "CHUNK", 8)
    assert compilation.cuts(schedule) == [
        (range(0, 4), False),
        (range(4, 10), True),
        (range(10, 16), True),
    ]
    compiled = GalvanostaticRun(cell, schedule, OUTPUTS)
    found = compiled.run()
    assert len(compiled._pieces._built) == 2
    assert found["time"].values[-1] == pytest.approx(whole["time"].values[-1])
    for number in range(1, 9):
        place = names.VOLTAGE, number, 2
        assert at_end(found, *place) == pytest.approx(at_end(whole, *place), abs=1e-5)


def test_one_built_model_serves_many_designs() -> None:
    cell, schedule = load_cell("mann2025_li"), staircase(1.0, 2.0, 3.0, 4.0, charge=3600.0)
    inputs = [names.LITHIUM_DIFFUSIVITY, names.ELECTRODE_AREA, names.STACK_PRESSURE]
    many = GalvanostaticRun(cell, schedule, OUTPUTS, inputs)
    thin = {names.LITHIUM_DIFFUSIVITY: cell.values[names.LITHIUM_DIFFUSIVITY] / 20}
    found = many.run_many([{}, thin, {names.ELECTRODE_AREA: 1.0}])
    alone = [
        GalvanostaticRun(one, schedule, OUTPUTS).run()
        for one in (cell, cell.with_values(thin, origin="this test"))
    ]
    for one, other in zip(found, alone, strict=False):
        assert how_far(one) == (other.attrs[ENDED_BY], pytest.approx(how_far(other)[1]))
        assert float(one[names.VOLTAGE][-1]) == pytest.approx(
            float(other[names.VOLTAGE][-1]), abs=1e-5
        )
    assert how_far(found[0]) != how_far(found[1])
    # current densities, not currents, are the protocol's
    assert how_far(found[2])[1] == pytest.approx(how_far(found[0])[1], rel=1e-5)


def test_every_parameter_of_a_full_cell_can_be_given_with_each_run() -> None:
    cell = load_cell("yang2024_nano_0_2mAh")
    protocol = load_experiment("rate_test").with_arguments({"cycles": "1", "rest": "0 min"})
    run = GalvanostaticRun(cell, protocol.schedule(), [], inputs=list(cell.values))
    assert names.CATHODE_MAXIMUM_CONCENTRATION in run.used_inputs
    # what stands in the file, and what comes with the run, are the same cell
    own = GalvanostaticRun(cell, protocol.schedule(), [names.VOLTAGE]).run()
    given = run.run(cell.values)
    assert float(given["time"][-1]) == pytest.approx(float(own["time"][-1]), rel=1e-4)
    # a tenth more sites take about a tenth longer to empty and to fill
    name = names.CATHODE_MAXIMUM_CONCENTRATION
    more = run.run({**cell.values, name: 1.1 * cell.values[name]})
    assert float(more["time"][-1] / own["time"][-1]) == pytest.approx(1.1, abs=0.05)


def test_equations_are_written_out_and_tables_are_not() -> None:
    cell = load_cell("yang2024_nano_0_2mAh")
    protocol = load_experiment("rate_test").with_arguments({"cycles": "1", "rest": "0 min"})
    ended_by_voltage = GalvanostaticRun(cell, protocol.schedule(), [])
    ended_by_voltage.run()
    function = ended_by_voltage._piece(0).model.rhs_algebraic_eval
    assert function.is_a("SXFunction")
    symmetric = GalvanostaticRun(load_cell(CELL), staircase(0.1), [])
    symmetric.run()
    assert symmetric._piece(0).model.rhs_algebraic_eval.is_a("MXFunction")


def test_a_design_that_cannot_start_does_not_stop_the_others() -> None:
    run = GalvanostaticRun(load_cell(CELL), staircase(0.5), OUTPUTS, [names.LOST_CONTACT])
    lost = {names.LOST_CONTACT: 2.0}
    found = run.run_many([{}, lost])
    assert [one.attrs[ENDED_BY] == FAILED for one in found] == [False, True]
    with pytest.raises(RecordError, match="Positive contact lost' is met as soon"):
        run.run(lost)


def test_voltages_end_steps_and_not_the_run() -> None:
    """As PyBaMM's experiment: same lengths and capacities, and the next step follows."""
    arguments = {"cycles": "2", "charge_rate": "0.5", "discharge_rate": "1"}
    name = "yang2024_nano_0_2mAh"
    reference = simulate(name, "rate_test", {}, arguments)
    schedule = load_experiment("rate_test").with_arguments(arguments).schedule()
    outputs = [names.AREAL_CAPACITY]
    run = GalvanostaticRun(load_cell(name), schedule, outputs).run()
    assert run.attrs[ENDED_BY] == COMPLETED
    steps = [(cycle, step) for cycle in (1, 2) for step in (1, 2, 3, 4)]
    for name in ("time", names.AREAL_CAPACITY):
        expected = [at_end(reference, name, *place) for place in steps]
        assert [at_end(run, name, *place) for place in steps] == pytest.approx(
            expected, rel=5e-4, abs=1e-3
        )
    assert at_end(run, names.VOLTAGE, 1, 1) == pytest.approx(4.2, abs=1e-5)
    assert at_end(run, names.VOLTAGE, 2, 3) == pytest.approx(2.5, abs=1e-5)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step("hold", voltage=1.0, duration=5.0), "'hold' keeps a voltage"),
        (Step("strip", c_rate=1.0, duration=5.0), "no cathode"),
        # 76900 mol.m-3 x 1 x 0.1 mm is 20.6 mAh.cm-2
        (Step("plate", current_density=10.0, charge=800e3), "22.22 .* than the 20.61 mAh"),
    ],
)
def test_what_cannot_be_run_is_named(step: Step, words: str) -> None:
    changes = {
        names.LITHIUM_THICKNESS: 1e-4,
        names.LITHIUM_VOLUME_FRACTION: 1.0,
        names.INITIAL_OCCUPANCY: 1.0,
    }
    cell = load_cell(CELL).with_values(changes, origin="this test")
    with pytest.raises(RecordError, match=words):
        GalvanostaticRun(cell, Schedule(((step,),), None), OUTPUTS)
