"""The cell is an ordinary PyBaMM model: simulations, experiments, inputs, derivatives."""

import numpy as np
import pybamm
import pytest

from twin import names
from twin.models.symmetric_cell import SymmetricCell
from twin.parts.catalogue import CATALOGUE


@pytest.fixture
def simulation(cell_values):
    def build(changes=None, **keywords):
        solver = keywords.pop("solver", pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10))
        return pybamm.Simulation(
            keywords.pop("model", None) or SymmetricCell(),
            parameter_values=cell_values(changes),
            solver=solver,
            **keywords,
        )

    return build


def test_experiment_in_words(simulation, of):
    """0.1 mA on 1 cm2 is 1 A/m2: 10 min carry 600 C/m2, and 12 mV fall."""
    experiment = pybamm.Experiment(
        [
            "Discharge at 0.1 mA for 10 minutes",
            "Rest for 5 minutes",
            "Charge at 0.1 mA for 10 minutes",
            "Hold at -0.05V for 10 minutes",
        ]
    )
    solution = simulation(experiment=experiment).solve(calc_esoh=False)
    discharged, rested, charged, held = (cycle.steps[0] for cycle in solution.cycles)
    assert discharged[names.AREAL_CAPACITY].entries[-1] == pytest.approx(600, rel=1e-6)
    assert discharged[names.VOLTAGE].entries[0] == pytest.approx(-0.012, rel=1e-3)
    assert rested[names.CURRENT].entries == pytest.approx(0, abs=1e-12)
    assert charged[names.AREAL_CAPACITY].entries[-1] == pytest.approx(0, abs=1e-6)
    assert held[names.VOLTAGE].entries == pytest.approx(-0.05, abs=1e-6)
    # 0.05 V over 12e-3 Ohm.m2 minus what the diluted lithium takes
    density = held[names.TOTAL_CURRENT_DENSITY].entries
    diluted = held[names.OPEN_CIRCUIT_VOLTAGE].entries
    assert density == pytest.approx((0.05 + diluted) / 12e-3, rel=2e-3)
    assert held[of.negative(names.STRIPPING_RATE)].entries.min() > 0


@pytest.mark.parametrize("amplitude", [1e-4, 1e-3])
def test_current_as_a_function_of_time(simulation, amplitude):
    """i = a sin(t / 20 s) from rest: a whole period carries nothing, half of it 40 a.

    With the default solver, whose start must cope with a current that begins at zero.
    """
    changes = {names.CURRENT_FUNCTION: lambda t: amplitude * pybamm.sin(t / 20)}
    solver = SymmetricCell().default_solver
    solution = simulation(changes, solver=solver).solve([0, 300])
    passed = solution[names.AREAL_CAPACITY]
    half = 40 * amplitude * 1e4  # C/m2
    assert passed(20 * np.pi) == pytest.approx(half, rel=1e-3)
    assert passed(40 * np.pi) == pytest.approx(0, abs=1e-3 * half)


def test_replacing_a_submodel(simulation, of):
    """A cell without creep closure, by PyBaMM's own way of changing a model."""

    class NoClosure(pybamm.BaseSubModel):
        def get_coupled_variables(self, variables):
            variables[of.negative(names.CREEP_CLOSURE)] = pybamm.Scalar(0)
            return variables

    model = SymmetricCell(build=False)
    model.submodels["negative CreepClosure"] = NoClosure(None)
    model.build_model()
    changes = {names.STACK_PRESSURE: 3e6}
    solution = simulation(changes, model=model).solve([0, 1])
    assert solution[of.negative(names.CREEP_CLOSURE)].entries[-1] == 0
    # 1 / 1084.44 s at 3 MPa
    positive = solution[of.positive(names.CREEP_CLOSURE)].entries[-1]
    assert positive == pytest.approx(9.22135e-4, rel=1e-4)


def test_every_parameter_can_be_an_input(cell_values, of):
    """One build, all numbers given at solve time, geometry included."""
    expected = pybamm.Simulation(
        SymmetricCell(),
        parameter_values=cell_values({names.CURRENT_FUNCTION: 1e-3}),
        solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10),
    ).solve([0, 380])
    values = cell_values({names.CURRENT_FUNCTION: 1e-3})
    numbers = {}
    for name in values:
        plain = name.removeprefix("Positive ")
        plain = plain[0].upper() + plain[1:]
        if plain in CATALOGUE:
            numbers[name] = float(values[plain])
    assert len(numbers) >= 50
    values.update(dict.fromkeys(numbers, "[input]"))
    simulation = pybamm.Simulation(
        SymmetricCell(),
        parameter_values=values,
        solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10),
    )
    solution = simulation.solve([0, 380], inputs=numbers)
    times = np.linspace(0, 380, 20)
    for name in (names.VOLTAGE, of.negative(names.CONTACT_FRACTION)):
        assert solution[name](times) == pytest.approx(expected[name](times), rel=1e-6)
    # and they act: twice the separator, 10 x (20e-3 + 2e-3) V, without a new build
    numbers[names.SEPARATOR_THICKNESS] *= 2
    thicker = simulation.solve([0, 1], inputs=numbers)
    assert thicker[names.VOLTAGE].entries[0] == pytest.approx(-0.22, rel=1e-5)
    # half the lithium: 76900 x 50e-6
    numbers[names.LITHIUM_THICKNESS] /= 2
    thinner = simulation.solve([0, 1], inputs=numbers)
    inventory = thinner[of.negative(names.INVENTORY)].entries[0]
    assert inventory == pytest.approx(3.845, rel=1e-9)


# parameters to differentiate by, and where
FREE = {
    names.LITHIUM_DIFFUSIVITY: 4.5e-15,
    names.LITHIUM_THICKNESS: 20e-6,
    names.INTERFACE_RESISTANCE: 1e-3,
}


@pytest.fixture
def free_simulation(simulation):
    """A thin slab, six tenths of it stripped at 0.5 A/m2, with three numbers left open."""

    def build():
        return simulation(
            {**dict.fromkeys(FREE, "[input]"), names.CURRENT_FUNCTION: 0.5e-4},
            solver=pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-11),
        )

    return build


@pytest.mark.parametrize("name", FREE)
def test_forward_sensitivities(free_simulation, name):
    """dV/dp from IDAKLU against central differences, through most of a stripping."""
    times = np.array([0.0, 2e4, 6e4, 1.2e5, 1.8e5])
    solution = free_simulation().solve(
        times, t_interp=times, inputs=FREE, calculate_sensitivities=[name]
    )
    sensitivity = np.asarray(solution[names.VOLTAGE].sensitivities[name]).ravel()
    plain = free_simulation()
    step = 1e-4 * FREE[name]
    above, below = (
        plain.solve(times, t_interp=times, inputs={**FREE, name: FREE[name] + change})[
            names.VOLTAGE
        ].entries
        for change in (step, -step)
    )
    differences = (above - below) / (2 * step)
    largest = abs(differences).max()
    assert largest * FREE[name] > 1e-4  # at least 0.1 mV per unit of ln(p)
    assert sensitivity == pytest.approx(differences, rel=1e-3, abs=1e-3 * largest)


def test_sensitivity_to_the_interface_resistance_is_the_current(free_simulation):
    """V = ... - i (ASR- + ASR+): dV/dASR = -2 i = -1 A/m2."""
    times = np.array([0.0, 2e4, 6e4])
    name = names.INTERFACE_RESISTANCE
    solution = free_simulation().solve(
        times, t_interp=times, inputs=FREE, calculate_sensitivities=[name]
    )
    sensitivity = np.asarray(solution[names.VOLTAGE].sensitivities[name]).ravel()
    assert sensitivity == pytest.approx(-1.0, rel=5e-3)


def test_batch_of_inputs(free_simulation):
    """A list of inputs gives what the single solves give."""
    times = np.linspace(0, 1.5e5, 20)
    batch = [
        FREE,
        {**FREE, names.LITHIUM_DIFFUSIVITY: 9e-15},
        {**FREE, names.LITHIUM_THICKNESS: 30e-6},
    ]
    together = free_simulation().solve(times, t_interp=times, inputs=batch)
    voltages = [solution[names.VOLTAGE].entries for solution in together]
    for inputs, voltage in zip(batch, voltages, strict=True):
        alone = free_simulation().solve(times, t_interp=times, inputs=inputs)
        assert voltage == pytest.approx(alone[names.VOLTAGE].entries, rel=1e-9)
    assert abs(voltages[0] - voltages[1]).max() > 1e-4
    assert abs(voltages[0] - voltages[2]).max() > 1e-4
