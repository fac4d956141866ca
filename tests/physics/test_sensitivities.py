"""Derivatives across the ends of steps, against differences and by hand."""

import numpy as np
import pybamm
import pytest

from twin import names
from twin.errors import SolveError, TwinError
from twin.models.symmetric_cell import SymmetricCell
from twin.run.sensitivities import CAPACITY, DURATION, at_end, derivative, sensitivities

AREA = 1e-4  # m2, of the cell of round numbers
CURRENT = 2.0  # A/m2
# a slab through which lithium diffuses in about the time of stripping it
STRIPPING = {
    names.LITHIUM_DIFFUSIVITY: 5e-14,
    names.POLARISATION_CUT_OFF: 1.0,
    names.CURRENT_FUNCTION: CURRENT * AREA,
}
LONG = 3e6  # s


def difference(capacity, nominal, relative):
    """Central difference of a function of a parameter."""
    step = relative * nominal
    return (capacity(nominal + step) - capacity(nominal - step)) / (2 * step)


# --- a stripping that ends in the collapse of contact --------------------------------
@pytest.fixture
def stripped(cell_values):
    """Capacity [A.h] of a stripping to 1 V without any derivatives."""

    def run(name, value):
        simulation = pybamm.Simulation(
            SymmetricCell(),
            parameter_values=cell_values({**STRIPPING, name: value}),
            solver=pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-11),
        )
        solution = simulation.solve([0, LONG])
        assert solution.termination == f"event: {names.POLARISATION_EVENT}"
        return solution[names.DISCHARGE_CAPACITY].entries[-1]

    return run


NOMINAL = {
    # nominal value and relative step of the difference
    names.LITHIUM_DIFFUSIVITY: (5e-14, 1e-3),
    names.LITHIUM_THICKNESS: (1e-4, 1e-3),
    # the area-specific resistance of the interface: a small share of the voltage
    names.INTERFACE_RESISTANCE: (1e-3, 2e-2),
    names.POLARISATION_CUT_OFF: (1.0, 1e-3),
}


@pytest.fixture
def stripping(cell_values):
    return sensitivities(
        SymmetricCell(),
        cell_values(STRIPPING),
        LONG,
        {name: nominal for name, (nominal, _) in NOMINAL.items()},
        [names.VOLTAGE],
    )


def test_capacity_to_a_cut_off(stripping, stripped):
    assert stripping.attrs["ended_by"] == names.POLARISATION_EVENT
    for name, (nominal, relative) in NOMINAL.items():
        got = float(stripping[derivative(CAPACITY)].sel(parameter=name, step=1))
        by_difference = difference(lambda p, n=name: stripped(n, p), nominal, relative)
        assert got == pytest.approx(by_difference, rel=1e-3), name


def test_duration_and_voltage_at_a_cut_off(stripping):
    """Q = I t at constant current, and the voltage at the end is the cut-off itself."""
    slope = stripping[derivative(CAPACITY)].values
    seconds = stripping[derivative(DURATION)].values
    assert slope == pytest.approx(seconds * CURRENT * AREA / 3600, rel=1e-6)
    at_cut_off = stripping[derivative(at_end(names.VOLTAGE))].sel(step=1)
    assert float(at_cut_off.sel(parameter=names.POLARISATION_CUT_OFF)) == pytest.approx(
        -1, rel=1e-6
    )
    others = at_cut_off.drop_sel(parameter=names.POLARISATION_CUT_OFF)
    scaled = others * others["value"]
    assert np.abs(scaled.values).max() < 1e-6


def test_idaklu_alone_sees_no_change_of_the_capacity(cell_values):
    """What the correction is for: at fixed time the charge passed is fixed too."""
    values = cell_values(STRIPPING)
    values[names.LITHIUM_DIFFUSIVITY] = "[input]"
    simulation = pybamm.Simulation(
        SymmetricCell(),
        parameter_values=values,
        solver=pybamm.IDAKLUSolver(rtol=1e-7, atol=1e-9),
    )
    solution = simulation.solve(
        [0, LONG],
        inputs={names.LITHIUM_DIFFUSIVITY: 5e-14},
        calculate_sensitivities=[names.LITHIUM_DIFFUSIVITY],
    )
    charge = solution[names.DISCHARGE_CAPACITY]
    at_end_of_run = np.ravel(charge.sensitivities[names.LITHIUM_DIFFUSIVITY])[-1]
    assert float(at_end_of_run) == 0


def test_loose_tolerances_do_not_spoil_the_collapse(cell_values, stripping):
    """The rate carried along takes out what the integrator gets wrong in common."""
    loose = sensitivities(
        SymmetricCell(),
        cell_values(STRIPPING),
        LONG,
        {names.LITHIUM_DIFFUSIVITY: 5e-14, names.LITHIUM_THICKNESS: 1e-4},
        rtol=1e-5,
        atol=1e-7,
    )
    assert abs(float(loose["slope_error"][0])) > 1e-2
    ratio = loose[derivative(CAPACITY)] / stripping[derivative(CAPACITY)]
    assert ratio.values == pytest.approx(1, abs=1e-3)


def test_sands_law(cell_values):
    """Occupancy at the separator falls to one half at t = pi D (F c / 2 / 2 i)^2.

    Q = i t A = pi D (F c / 2)^2 A / 4 i = pi x 1e-13 x (3.709861e9)^2 x 1e-4 / 40
    = 10.80948 C = 3.002633e-3 A.h, so that d ln Q / d ln D = 1 and
    dQ/dD = 3.002633e-3 / 1e-13 = 3.002633e10 A.h.s.m-2; d ln t / d ln c = 2.
    """
    surface = names.variable_of(names.SURFACE_OCCUPANCY, "negative")
    half = pybamm.step.CustomTermination("half empty", lambda v: v[surface] - 0.5)
    result = sensitivities(
        SymmetricCell(),
        cell_values({names.LITHIUM_THICKNESS: 1e-3}),
        [pybamm.step.current(10 * AREA, duration=1e5, termination=half)],
        {names.LITHIUM_DIFFUSIVITY: 1e-13, names.LITHIUM_SITE_CONCENTRATION: 76.9e3},
    )
    assert list(result["ended_by"].values) == ["half empty [experiment]"]
    capacity, slope = result[CAPACITY], result[derivative(CAPACITY)]
    diffusivity = slope.sel(parameter=names.LITHIUM_DIFFUSIVITY)
    assert float(capacity[0]) == pytest.approx(3.002633e-3, rel=2e-3)
    assert float(diffusivity[0]) == pytest.approx(3.002633e10, rel=2e-3)
    shares = (slope * result["value"] / capacity).values[:, 0]
    assert shares == pytest.approx([1, 2], abs=2e-3)


# --- PyBaMM's half-cell through an experiment ----------------------------------------
THICKNESS = pybamm.ParameterValues("Xu2019")["Positive electrode thickness [m]"]
SCALE = "Electrolyte conductivity scale"
HALF_CELL = {
    # nominal value and relative step of the difference
    "Positive electrode thickness [m]": (THICKNESS, 5e-3),
    "Positive particle diffusivity [m2.s-1]": (1e-14, 5e-3),
    SCALE: (1.0, 3e-2),  # hardly matters: a smaller step drowns in integration error
}
MESH = {"x_n": 5, "x_s": 5, "x_p": 8, "r_n": 5, "r_p": 8}
CYCLE = (
    "Discharge at C/2 until 3.5 V",
    "Rest for 20 minutes (2 minute period)",
    "Charge at C/2 until 4.2 V",
    "Hold at 4.2 V until C/20",
)


def half_cell():
    model = pybamm.lithium_ion.DFN({"working electrode": "positive"})
    values = pybamm.ParameterValues("Xu2019")
    conductivity = values["Electrolyte conductivity [S.m-1]"]
    values.update({SCALE: 1.0})
    values["Electrolyte conductivity [S.m-1]"] = lambda c, T: (
        conductivity(c, T) * pybamm.Parameter(SCALE)
    )
    meshes = dict(model.default_submesh_types)
    for domain in ("separator", "positive electrode"):
        meshes[domain] = pybamm.SymbolicUniform1DSubMesh
    return model, values, {"submesh_types": meshes, "var_pts": MESH}


@pytest.fixture(scope="module")
def cycled():
    """Plain runs at shifted parameters: steps of (capacity, duration, voltages)."""
    model, values, options = half_cell()
    names_of = list(HALF_CELL)
    values.update(dict.fromkeys(names_of, "[input]"))
    simulation = pybamm.Simulation(
        model,
        parameter_values=values,
        experiment=pybamm.Experiment([CYCLE] * 2),
        solver=pybamm.IDAKLUSolver(
            rtol=1e-8, atol=1e-10, options={"silence_sundials_errors": True}
        ),
        **options,
    )

    def run(**changes):
        inputs = {name: nominal for name, (nominal, _) in HALF_CELL.items()} | changes
        solution = simulation.solve(inputs=inputs, calc_esoh=False)
        steps = [step for cycle in solution.cycles for step in cycle.steps]
        assert len(steps) == 8
        charge = [step[names.DISCHARGE_CAPACITY].entries for step in steps]
        return {
            CAPACITY: np.array([q[-1] - q[0] for q in charge]),
            DURATION: np.array([step.t[-1] - step.t[0] for step in steps]),
            at_end(names.VOLTAGE): np.array(
                [step[names.VOLTAGE].entries[-1] for step in steps]
            ),
            "in the second rest": steps[5][names.VOLTAGE].entries,
        }

    def shifted(name):
        """Fourth-order central difference, which bears steps that drown the noise."""
        nominal, step = HALF_CELL[name]
        far_below, below, above, far_above = (
            run(**{name: nominal * (1 + count * step)}) for count in (-2, -1, 1, 2)
        )
        return {
            key: (8 * (above[key] - below[key]) - (far_above[key] - far_below[key]))
            / (12 * step * nominal)
            for key in above
        }

    return {name: shifted(name) for name in HALF_CELL}


@pytest.fixture(scope="module")
def differentiated():
    model, values, options = half_cell()
    return sensitivities(
        model,
        values,
        pybamm.Experiment([CYCLE] * 2),
        {name: nominal for name, (nominal, _) in HALF_CELL.items()},
        [names.VOLTAGE],
        **options,
    )


@pytest.mark.parametrize("name", HALF_CELL)
def test_steps_of_an_experiment(differentiated, cycled, name):
    assert differentiated["cycle"].values.tolist() == [1] * 4 + [2] * 4
    of = differentiated.sel(parameter=name)
    resting = [1, 5]
    for quantity in (CAPACITY, DURATION):
        got, expected = of[derivative(quantity)].values, cycled[name][quantity]
        assert got[resting] == pytest.approx(0, abs=0)
        moving = np.delete(np.arange(8), resting)
        assert got[moving] == pytest.approx(expected[moving], rel=1e-3)
    voltage = of[derivative(at_end(names.VOLTAGE))].values
    expected = cycled[name][at_end(names.VOLTAGE)]
    assert voltage[resting] == pytest.approx(expected[resting], rel=1e-3)


def test_pybamm_alone_is_wrong_after_a_cut_off(cycled):
    """What the steps above are tested against has to tell the difference."""
    model, values, options = half_cell()
    name = "Positive particle diffusivity [m2.s-1]"
    values[name] = "[input]"
    simulation = pybamm.Simulation(
        model,
        parameter_values=values,
        experiment=pybamm.Experiment([CYCLE]),
        solver=pybamm.IDAKLUSolver(rtol=1e-7, atol=1e-9),
        **options,
    )
    solution = simulation.solve(
        inputs={name: HALF_CELL[name][0]},
        calculate_sensitivities=[name],
        calc_esoh=False,
    )
    rest = solution.cycles[0].steps[1][names.VOLTAGE]
    alone = float(np.ravel(rest.sensitivities[name])[-1])
    right = cycled[name][at_end(names.VOLTAGE)][1]
    assert abs(alone / right - 1) > 0.1


@pytest.mark.parametrize("name", HALF_CELL)
def test_time_series_is_at_fixed_time_since_the_start_of_the_step(
    differentiated, cycled, name
):
    """The second rest starts earlier or later with each parameter, which drops out."""
    rest = differentiated["step_of_sample"] == 6
    assert differentiated["time"][rest].values == pytest.approx(
        np.arange(0, 1201, 120), abs=1e-9
    )
    got = differentiated[derivative(names.VOLTAGE)].sel(parameter=name)[rest].values
    expected = cycled[name]["in the second rest"]
    assert got == pytest.approx(expected, rel=1e-3, abs=1e-3 * np.abs(expected).max())


def test_start_of_a_step_moves_with_the_ends_before_it(differentiated):
    starts = differentiated[derivative("Step start [s]")]
    durations = differentiated[derivative(DURATION)]
    assert starts.sel(step=1).values == pytest.approx(0, abs=0)
    assert starts.sel(step=8).values == pytest.approx(
        durations.sel(step=slice(1, 7)).sum("step").values, rel=1e-12
    )


def test_units_of_derivatives(differentiated):
    assert differentiated[CAPACITY].attrs["units"] == "A.h"
    one = sensitivities(
        pybamm.lithium_ion.SPM(),
        pybamm.ParameterValues("Chen2020"),
        60.0,
        {"Positive particle diffusivity [m2.s-1]": 4e-15},
    )
    assert one[derivative(CAPACITY)].attrs["units"] == "A.h/(m2.s-1)"


# --- other models and controls -------------------------------------------------------
def test_drive_cycle_and_parameter_of_the_initial_state():
    """A current that varies in time gives the event a slope of its own."""
    values = pybamm.ParameterValues("Chen2020")
    time = np.linspace(0, 8000, 81)
    current = np.column_stack([time, 4 + 1.5 * np.sin(time / 300)])
    experiment = pybamm.Experiment(
        [
            (
                "Discharge at 1C for 5 minutes",
                pybamm.step.current(current, termination="< 3.4 V"),
            )
        ]
    )
    name = "Initial concentration in positive electrode [mol.m-3]"
    nominal = values[name]
    result = sensitivities(pybamm.lithium_ion.SPM(), values, experiment, {name: nominal})
    shifted = values.copy()
    shifted[name] = "[input]"
    simulation = pybamm.Simulation(
        pybamm.lithium_ion.SPM(),
        parameter_values=shifted,
        experiment=experiment,
        solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10),
    )

    def capacity(value):
        solution = simulation.solve(inputs={name: value}, calc_esoh=False)
        charge = solution.cycles[0].steps[1][names.DISCHARGE_CAPACITY].entries
        return charge[-1] - charge[0]

    got = float(result[derivative(CAPACITY)][0, 1])
    assert got == pytest.approx(difference(capacity, nominal, 1e-3), rel=1e-3)


def test_step_beyond_its_limit_is_skipped():
    result = sensitivities(
        pybamm.lithium_ion.SPM(),
        pybamm.ParameterValues("Chen2020"),
        [
            (
                "Discharge at 1C for 10 minutes",
                "Discharge at 1C until 4.1 V",
                "Rest for 1 hour",
            )
        ],
        {"Positive particle diffusivity [m2.s-1]": 4e-15},
        [names.VOLTAGE],
    )
    assert result["ended_by"].values.tolist() == ["final time", "skipped", "final time"]
    assert result[DURATION].values.tolist() == pytest.approx([600, 0, 3600])
    assert float(result[derivative(CAPACITY)][0, 1]) == 0


# --- what is refused -----------------------------------------------------------------
DIFFUSIVITY = "Positive particle diffusivity [m2.s-1]"


@pytest.mark.parametrize(
    ("experiment", "parameter", "outputs", "message"),
    [
        (["Rest for 1 hour"], "Positive thickness", [], "unknown parameter"),
        (["Rest for 1 hour"], "Ambient temperature [K]", [], "as an input"),
        (["Rest for 1 hour"], "Positive electrode OCP [V]", [], "is a function"),
        (["Rest for 1 hour"], DIFFUSIVITY, ["Volts"], "unknown variable"),
        (["Rest for 1 hour"], DIFFUSIVITY, [names.TIME], "start of the run"),
        (
            ["Rest for 1 hour"],
            DIFFUSIVITY,
            ["Positive particle concentration [mol.m-3]"],
            "values at each time",
        ),
        (
            pybamm.Experiment(["Rest for 1 hour"], termination="80% capacity"),
            DIFFUSIVITY,
            [],
            "termination of its own",
        ),
        (0.0, DIFFUSIVITY, [], "longer than 0 s"),
    ],
)
def test_refusals(experiment, parameter, outputs, message):
    values = pybamm.ParameterValues("Chen2020")
    with pytest.raises(TwinError, match=message):
        sensitivities(
            pybamm.lithium_ion.SPM(), values, experiment, {parameter: 4e-15}, outputs
        )


def test_thickness_needs_a_mesh_that_stretches():
    model, values, options = half_cell()
    name = "Positive electrode thickness [m]"
    experiment = ["Discharge at C/2 for 1 hour"]
    with pytest.raises(TwinError, match="SymbolicUniform1DSubMesh"):
        sensitivities(model, values, experiment, {name: THICKNESS}, var_pts=MESH)
    options["submesh_types"]["separator"] = pybamm.Uniform1DSubMesh
    with pytest.raises(TwinError, match="add separator"):
        sensitivities(model, values, experiment, {name: THICKNESS}, **options)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("Discharge at 1C until 4.3 V", "every step is beyond"),
        (pybamm.step.current(1e-3, termination="3 V"), "no limit was reached"),
    ],
)
def test_steps_that_have_no_end(step, message):
    with pytest.raises(SolveError, match=message):
        sensitivities(
            pybamm.lithium_ion.SPM(),
            pybamm.ParameterValues("Chen2020"),
            [step],
            {DIFFUSIVITY: 4e-15},
        )
