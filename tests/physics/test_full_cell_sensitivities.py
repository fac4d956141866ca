"""Derivatives of a full cell with interlayer, through cut-offs, against differences.

Most of the current goes through the layer to the foil, whose surface is a fifth full at
the end of the first discharge: layer, foil and cathode all count.
"""

import numpy as np
import pybamm
import pytest

from twin import names
from twin.models.full_cell import FullCell
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import load_cell
from twin.run.sensitivities import CAPACITY, DURATION, derivative, sensitivities

NOMINAL = {
    names.INTERLAYER_THICKNESS: 20e-6,
    names.CATHODE_THICKNESS: 40e-6,
    names.LITHIUM_DIFFUSIVITY: 1e-15,
    names.INTERLAYER_MATRIX_CONDUCTIVITY: 1e-3,
}
CHANGES = {
    names.LITHIUM_THICKNESS: 10e-6,
    names.STACK_PRESSURE: 1e5,
    names.INTERLAYER_INITIAL_LITHIUM: 0.3,
    names.INTERLAYER_IONIC_EA: 0.0,
    names.INTERLAYER_EXCHANGE_CURRENT: 0.05,
    names.INTERLAYER_EXCHANGE_CURRENT_EA: 0.0,
    names.HOST_CAPACITY: 1e6,
    names.HOST_EXCHANGE_CURRENT: 0.01,
}
CURRENT = 10.0  # A/m2
# of the differences: large enough for the solver's noise, small enough for curvature
STEP = 1e-3
# d ln(result) / d ln(parameter) below which a difference of 1e-3 is noise; none of the
# comparisons below is left out for it
NEGLIGIBLE = 1e-3


@pytest.fixture(scope="module")
def model():
    return FullCell(
        interlayer="porous", interlayer_host="insertion", interface_kinetics="Butler-Volmer"
    )


@pytest.fixture(scope="module")
def values():
    given = parameter_values(load_cell("yang2024_sc_0_2mAh"))
    given.update({**CHANGES, **NOMINAL})
    half_full = 0.5 * given[names.CATHODE_MAXIMUM_CONCENTRATION]
    given[names.CATHODE_INITIAL_CONCENTRATION] = half_full
    return given


@pytest.fixture(scope="module")
def points(model):
    """A coarse mesh: differences see the same one."""
    coarse = {"x_p": 8, "r_p": 8, "xi_negative": 20, "y_negative": 12}
    return {
        key: coarse.get(getattr(key, "name", key), count)
        for key, count in model.default_var_pts.items()
    }


@pytest.fixture(scope="module")
def steps(values):
    amperes = CURRENT * values[names.ELECTRODE_AREA]
    cycle = (
        pybamm.step.current(amperes, duration=72000, termination="3.6 V"),
        pybamm.step.rest(duration=300),
        pybamm.step.current(-amperes, duration=72000, termination="4.1 V"),
        pybamm.step.rest(duration=300),
    )
    return [cycle, cycle]


def plain(model, values, points, experiment):
    """Solution [inputs -> pybamm.Solution] without any derivatives, built once."""
    open_values = values.copy()
    open_values.update(dict.fromkeys(NOMINAL, "[input]"))
    simulation = pybamm.Simulation(
        model,
        parameter_values=open_values,
        experiment=pybamm.Experiment(experiment),
        var_pts=points,
        solver=pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-11),
    )

    def run(name, factor):
        inputs = {**NOMINAL, name: NOMINAL[name] * factor}
        return simulation.solve(inputs=inputs, calc_esoh=False)

    return run


def elasticities(result_of):
    """d ln(results) / d ln(p) by central differences, for each parameter."""
    found = {}
    for name in NOMINAL:
        above, below = (np.log(np.abs(result_of(name, 1 + h))) for h in (STEP, -STEP))
        found[name] = (above - below) / (2 * STEP)
    return found


@pytest.fixture(scope="module")
def two_cycles(model, values, points, steps):
    return sensitivities(model, values, steps, NOMINAL, var_pts=points)


@pytest.fixture(scope="module")
def two_cycles_by_difference(model, values, points, steps):
    run = plain(model, values, points, steps)

    def capacities(name, factor):
        solution = run(name, factor)
        passed = [s for cycle in solution.cycles for s in cycle.steps][::2]
        assert all("Voltage" in step.termination for step in passed)
        charge = [step[names.DISCHARGE_CAPACITY].entries for step in passed]
        return np.array([q[-1] - q[0] for q in charge])

    return elasticities(capacities)


def test_steps_end_at_their_voltages(two_cycles):
    ends = ["Voltage < 3.6 [V] [experiment]", "Voltage > 4.1 [V] [experiment]"]
    assert list(two_cycles["ended_by"].values[::2]) == ends * 2
    sign = np.sign(two_cycles[CAPACITY].values[::2])
    assert list(sign) == [1, -1, 1, -1]


@pytest.mark.parametrize("name", NOMINAL)
@pytest.mark.parametrize(
    "step", [0, 1, 2, 3], ids=["to a cut-off", "charge", "second", "second charge"]
)
def test_capacities_through_two_cycles(two_cycles, two_cycles_by_difference, name, step):
    """The first discharge is the capacity to a cut-off; the others start where it ends."""
    expected = two_cycles_by_difference[name][step]
    slope = two_cycles[derivative(CAPACITY)].sel(parameter=name)[2 * step]
    got = float(slope) * NOMINAL[name] / float(two_cycles[CAPACITY][2 * step])
    assert abs(expected) > NEGLIGIBLE
    assert got == pytest.approx(expected, rel=1e-3)


def test_capacities_and_durations_are_one_thing(two_cycles, values):
    """Q = I t at constant current: 10 A/m2 on 0.785 cm2."""
    hours = two_cycles[derivative(DURATION)].values[:, ::2] / 3600
    signed = hours * np.array([1, -1, 1, -1]) * 10 * 0.785e-4
    assert two_cycles[derivative(CAPACITY)].values[:, ::2] == pytest.approx(
        signed, rel=1e-6
    )


def test_signs_are_those_of_the_resistances(two_cycles):
    """A charge into a thicker or less conducting layer is shorter; more cathode, longer."""
    slope = two_cycles[derivative(CAPACITY)]
    charge = {name: -float(slope.sel(parameter=name)[2]) for name in NOMINAL}
    assert charge[names.INTERLAYER_THICKNESS] < 0
    assert charge[names.INTERLAYER_MATRIX_CONDUCTIVITY] > 0
    assert charge[names.CATHODE_THICKNESS] > 0


def test_voltage_at_fixed_times(model, values, points):
    """Discharge of 40 min, at 10, 20 and 40 min; dV/d ln(p) to 1e-3 of itself."""
    amperes = CURRENT * values[names.ELECTRODE_AREA]
    experiment = [pybamm.step.current(amperes, duration=2400, period=600)]
    result = sensitivities(
        model, values, experiment, NOMINAL, [names.VOLTAGE], var_pts=points
    )
    times = result["time"].values
    assert times == pytest.approx(np.arange(5) * 600.0)
    run = plain(model, values, points, experiment)
    for name in NOMINAL:
        above, below = (
            run(name, 1 + h)[names.VOLTAGE](times[[1, 2, 4]]) for h in (STEP, -STEP)
        )
        expected = (above - below) / (2 * STEP)
        slope = result[derivative(names.VOLTAGE)].sel(parameter=name).values[[1, 2, 4]]
        print(name, expected, slope * NOMINAL[name] / expected - 1)
        assert slope * NOMINAL[name] == pytest.approx(expected, rel=1e-3), name
        assert abs(expected[-1]) > 1e-3, name
