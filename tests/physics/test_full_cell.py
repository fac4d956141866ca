"""Full cells: PyBaMM's half cell as their limit, balances, resistances, ageing, options.

The cathode has round numbers: on 1 m2 it takes F x 50000 mol/m3 x 0.5 x 50 um =
120606.7 C from full to empty, so that 1C is 33.5 A/m2.
"""

import numpy as np
import pybamm
import pytest

from twin import names
from twin.models.full_cell import FullCell
from twin.models.parameter_values import parameter_values
from twin.parts.parameters import load_cell
from twin.parts.submodels.liquid_diffusion import LiquidDiffusion

AREA = 1e-4  # m2, of the cell of round numbers
FARADAY = 96485.33212  # C.mol-1


def _flat(stoichiometry):
    return 4.0 + 0 * stoichiometry


def _sloping(stoichiometry):
    return 4.0 - 0.5 * (stoichiometry - 0.5)


def _constant(value):
    """A function of anything that is always the same."""

    def function(*arguments):
        return value + 0 * arguments[0]

    return function


CATHODE = {
    names.CATHODE_THICKNESS: 50e-6,
    names.CATHODE_ACTIVE_FRACTION: 0.5,
    names.CATHODE_POROSITY: 0.3,
    names.CATHODE_MAXIMUM_CONCENTRATION: 50e3,
    names.CATHODE_INITIAL_CONCENTRATION: 25e3,
    names.CATHODE_RADIUS: 1e-6,
    names.CATHODE_CONDUCTIVITY: 100.0,
    names.CATHODE_BRUGGEMAN: 1.5,
    names.CATHODE_BRUGGEMAN_SOLID: 1.5,
    names.CATHODE_DOUBLE_LAYER: 0.2,
    names.CATHOLYTE_CONDUCTIVITY: 0.5,
    names.CATHOLYTE_CONDUCTIVITY_EA: 30e3,
    names.PARTICLE_DIFFUSIVITY_FUNCTION: 1e-14,
    names.EXCHANGE_CURRENT_FUNCTION: _constant(5.0),
    names.OPEN_CIRCUIT_POTENTIAL: _sloping,
    names.LOWER_VOLTAGE: 0.0,
    names.UPPER_VOLTAGE: 6.0,
    names.NOMINAL_CAPACITY: 3e-3,
    # slow enough a current for this lithium: no voids
    names.LITHIUM_DIFFUSIVITY: 1e-12,
    "Positive electrode OCP entropic change [V.K-1]": 0.0,
    "Negative electrode OCP [V]": 0.0,
    "Negative electrode OCP entropic change [V.K-1]": 0.0,
    "Negative electrode conductivity [S.m-1]": 1e7,
    "Negative electrode thickness [m]": 1e-4,
    "Positive electrode charge transfer coefficient": 0.5,
    "Contact resistance [Ohm]": 0.0,
    names.SEPARATOR_POROSITY: 0.5,
    names.SEPARATOR_BRUGGEMAN: 1.5,
    "Open-circuit voltage at 0% SOC [V]": 3.75,
    "Open-circuit voltage at 100% SOC [V]": 4.25,
    "Reference temperature [K]": 298.15,
    "Initial temperature [K]": 298.15,
}

SOLID = {
    "Initial concentration in electrolyte [mol.m-3]": 1000.0,
    "Cation transference number": 1.0,
    "Electrolyte diffusivity [m2.s-1]": 1e-10,
    "Electrolyte conductivity [S.m-1]": 1.0,
    "Thermodynamic factor": 1.0,
}


def _diffusivity(concentration, temperature):
    return 3e-10 * pybamm.exp(-concentration / 2000)


LIQUID = {
    **SOLID,
    "Cation transference number": 0.4,
    "Electrolyte diffusivity [m2.s-1]": _diffusivity,
}

# pore walls 3 x (1 - 0.4) / 1.8 um = 1e6 /m
INTERLAYER = {
    names.INTERLAYER_THICKNESS: 20e-6,
    names.INTERLAYER_POROSITY: 0.4,
    names.INTERLAYER_PARTICLE_RADIUS: 1.8e-6,
    names.INTERLAYER_CONDUCTOR_FRACTION: 0.0,
    names.INTERLAYER_CONDUCTOR_CONDUCTIVITY: 0.0,
    names.INTERLAYER_PERCOLATION_THRESHOLD: 0.1,
    names.INTERLAYER_PERCOLATION_EXPONENT: 2.0,
    names.INTERLAYER_MATRIX_CONDUCTIVITY: 0.01,
    names.INTERLAYER_IONIC_EA: 30e3,
    names.INTERLAYER_ELECTRONIC_CONDUCTIVITY: 10.0,
    names.INTERLAYER_EXCHANGE_CURRENT: 5.0,
    names.INTERLAYER_EXCHANGE_CURRENT_EA: 40e3,
    names.INTERLAYER_CAPACITANCE: 0.1,
    names.INTERLAYER_INITIAL_LITHIUM: 0.1,
    names.INTERLAYER_EMPTY_PORE: 1e-3,
}
HOST = {
    names.HOST_CAPACITY: 1e9,
    names.HOST_POTENTIAL: 0.3,
    names.HOST_SLOPE: 0.4,
    names.HOST_EXCHANGE_CURRENT: 1.0,
    names.HOST_INITIAL_STOICHIOMETRY: 0.9,
}
INTERPHASE = {
    # 1.8 C/m2 per square root of a second, as on Li6PS5Cl; 9 nm are 36 C/m2
    names.INTERPHASE_RATE: 3.24,
    names.INTERPHASE_RATE_EA: 60e3,
    names.INTERPHASE_CHARGE_DENSITY: 4e9,
    names.INTERPHASE_CONDUCTIVITY: 4e-6,
    names.INTERPHASE_CONDUCTIVITY_EA: 40e3,
    names.INTERPHASE_INITIAL_CHARGE: 360.0,
}


@pytest.fixture
def full_values(cell_values):
    """Parameter values of a full cell of round numbers, some of them changed."""

    def build(changes=None, electrolyte="solid"):
        liquid = SOLID if electrolyte == "solid" else LIQUID
        return cell_values({**CATHODE, **liquid, **(changes or {})})

    return build


@pytest.fixture
def full_cell(full_values):
    """Solution of an experiment, every step of it ended as expected."""

    def run(
        steps,
        changes=None,
        *,
        electrolyte="solid",
        options=None,
        ends=None,
        rtol=1e-8,
        **design,
    ):
        experiment = pybamm.Experiment(steps)
        simulation = pybamm.Simulation(
            FullCell(options, electrolyte=electrolyte, **design),
            experiment=experiment,
            parameter_values=full_values(changes, electrolyte),
            solver=pybamm.IDAKLUSolver(rtol=rtol, atol=rtol / 100),
        )
        solution = simulation.solve(calc_esoh=False)
        ended = [step.termination for c in solution.cycles for step in c.steps]
        # a failed or skipped step would otherwise only be logged
        assert ended == (ends or ["final time"] * len(experiment.steps))
        return solution

    return run


def _current(density, duration, **keywords):
    return pybamm.step.current(density * AREA, duration=duration, **keywords)


# --- the limit in which PyBaMM's own half cell is left ---------------------------------
HALF = {"working electrode": "positive"}


@pytest.fixture
def beside_pybamm(cell_values):
    """Voltages [V] of PyBaMM's half cell and of ours through a discharge to 3.5 V.

    Xu2019's cathode, on lithium that neither resists nor runs out.
    """

    def run(electrolyte, c_rate):
        theirs = pybamm.ParameterValues("Xu2019")
        theirs["Exchange-current density for lithium metal electrode [A.m-2]"] = _constant(
            1e9
        )
        if electrolyte == "solid":
            # 0.08 S/m in the separator of porosity 0.5, as ours with 0.1 and 0.4 S/m
            # in series
            theirs["Cation transference number"] = 1.0
            theirs["Electrolyte conductivity [S.m-1]"] = 0.1
            theirs["Separator porosity"] = 0.5
            theirs[names.SEPARATOR_BRUGGEMAN] = np.log(0.8) / np.log(0.5)
        lent = {k: v for k, v in theirs.items() if "gas constant" not in k}
        own = {
            names.LITHIUM_THICKNESS: 20e-3,
            names.LITHIUM_DIFFUSIVITY: 1e-5,
            names.INTERFACE_RESISTANCE: 1e-9,
            names.SEPARATOR_THICKNESS: lent[names.SEPARATOR_THICKNESS],
            names.ELECTRODE_AREA: lent["Electrode height [m]"]
            * lent["Electrode width [m]"],
            names.CATHOLYTE_CONDUCTIVITY: 0.1,
            names.CATHOLYTE_CONDUCTIVITY_EA: 0.0,
        }
        ours = cell_values({**lent, **own})
        if electrolyte == "solid":
            ours["Electrolyte conductivity [S.m-1]"] = 1.0
        step = pybamm.step.c_rate(
            c_rate, duration=7200 / c_rate, termination="3.5 V", period=20 / c_rate
        )
        full = FullCell(electrolyte=electrolyte)
        found = []
        for model, values, mesh in (
            (full, ours, None),
            (pybamm.lithium_ion.DFN(HALF), theirs, None),
            (_alike(electrolyte), theirs, _stretching(full)),
        ):
            simulation = pybamm.Simulation(
                model,
                experiment=pybamm.Experiment([step]),
                parameter_values=values,
                submesh_types=mesh,
                solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10),
            )
            solution = simulation.solve(calc_esoh=False)
            assert solution.termination == "event: Voltage < 3.5 [V] [experiment]"
            found.append(solution)
        return found

    return run


def _alike(electrolyte):
    """PyBaMM's half cell with a boundary condition that does not make any salt.

    Its own gains 0.05 % in 800 s at 5C on its standard mesh, which costs 13 uV.
    """
    model = pybamm.lithium_ion.DFN(HALF, build=False)
    if electrolyte == "liquid":
        model.submodels["electrolyte diffusion"] = LiquidDiffusion(
            model.param, model.options
        )
    model.build_model()
    return model


def _stretching(full):
    """Our kind of mesh in PyBaMM's half cell: lengths are symbols."""
    ours = full.default_submesh_types
    standard = pybamm.lithium_ion.DFN(HALF)
    return {
        domain: ours.get(domain, mesh)
        for domain, mesh in standard.default_submesh_types.items()
    }


@pytest.mark.parametrize("c_rate", [1, 5])
@pytest.mark.parametrize("electrolyte", ["solid", "liquid"])
def test_reduces_to_pybamms_half_cell(beside_pybamm, electrolyte, c_rate):
    """Within 0.1 mV; on the same kind of mesh, and with salt conserved, within 2 uV.

    The foil holds 7.419722e9 C/m3 x 20 mm = 1.483944e8 C/m2; a charge q of it gone
    dilutes the rest, and the voltage is lower by (RT/F) ln[1 / (1 - q / 1.483944e8)].
    """
    ours, theirs, on_our_mesh = beside_pybamm(electrolyte, c_rate)
    last = min(theirs.t[-1], ours.t[-1])
    assert ours.t[-1] == pytest.approx(theirs.t[-1], rel=1e-3)
    assert last > 3000 / c_rate  # most of the capacity
    times = np.linspace(0, 0.999 * last, 200)
    voltage = ours[names.VOLTAGE](times)
    assert abs(voltage - theirs[names.VOLTAGE](times)).max() < 1e-4
    taken = ours[names.AREAL_CAPACITY](times) / 1.483944e8
    diluted = 25.692579e-3 * np.log(1 - taken)
    explained = on_our_mesh[names.VOLTAGE](times) + diluted
    assert abs(voltage - explained).max() < 2e-6


# --- balances --------------------------------------------------------------------------
DESIGNS = {
    "foil": ({}, {}),
    "interphase": ({"interphase": "growing"}, INTERPHASE),
    "interlayer": ({"interlayer": "porous"}, INTERLAYER),
    "interlayer with host": (
        {"interlayer": "porous", "interlayer_host": "insertion"},
        {**INTERLAYER, **HOST},
    ),
}


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("electrolyte", ["solid", "liquid catholyte", "liquid"])
def test_lithium_is_conserved(full_cell, electrolyte, design):
    """In foil, pores, host, interphase, particles and salt together, at all times."""
    options, parameters = DESIGNS[design]
    solution = full_cell(
        [(_current(-20, 1800), _current(0, 300), _current(20, 2400), _current(0, 300))],
        # a separator through which the salt keeps up
        {**parameters, names.SEPARATOR_THICKNESS: 40e-6},
        electrolyte=electrolyte,
        rtol=1e-6,
        **options,
    )
    # by hand: 76900 x 100 um in the foil, 25000 x 0.5 x 50 um in the particles
    expected = 7.69 + 0.625
    if electrolyte != "solid":
        expected += 1000 * 0.3 * 50e-6
    if electrolyte == "liquid":
        expected += 1000 * 0.5 * 40e-6
    if design == "interphase":
        expected += 360 / FARADAY
    if "interlayer" in design:
        expected += 76.9e3 * 0.4 * 0.1 * 20e-6
    if "host" in design:
        expected += 1e9 * 0.9 * 20e-6 / FARADAY
    lithium = solution[names.TOTAL_LITHIUM].entries
    assert lithium == pytest.approx(expected, rel=1e-8)
    # 36000 C/m2 went over and 48000 C/m2 came back: 0.373 and 0.497 mol/m2
    moved = solution[names.variable_of(names.ELECTRODE_LITHIUM, "negative")].entries
    if design != "interphase":
        assert moved.max() - moved[0] == pytest.approx(36e3 / FARADAY, rel=1e-6)
    assert moved[-1] - moved[0] == pytest.approx(-12e3 / FARADAY, rel=1e-6)


# --- resistance of the cells of peng2025 -------------------------------------------------
# 1 mm at 0.52 mS/cm is 192.3 Ohm.cm2; with the interface, in Ohm.cm2
PENG = {
    "peng2025_lfp_0kco": 192.3 + 181.6,
    "peng2025_lfp_1kco": 192.3 + 89.7,
    "peng2025_lfp_5kco": 192.3 + 66.9,
    "peng2025_lfp_10kco": 192.3 + 32.5,
    "peng2025_lfp_15kco": 192.3 + 59.2,
    "peng2025_lfp_20kco": 192.3 + 59.9,
}

# a cathode that takes any current at 3.4 V
NO_CATHODE = {
    names.OPEN_CIRCUIT_POTENTIAL: lambda stoichiometry: 3.4 + 0 * stoichiometry,
    names.EXCHANGE_CURRENT_FUNCTION: _constant(1e6),
    names.CATHODE_CONDUCTIVITY: 1e6,
    "Electrolyte conductivity [S.m-1]": 1e6,
    "Electrolyte diffusivity [m2.s-1]": 1e-6,
}


def _peng(name, changes=None):
    values = parameter_values(load_cell(name))
    values.update(NO_CATHODE)
    values.update(changes or {})
    return values


@pytest.mark.parametrize("name", PENG)
def test_resistance_by_impedance(name):
    """Real part below the interface's arc (33 Hz at the slowest) less that above all.

    What no capacitance shorts is the constriction: at a contact of 0.179, with spots
    4 um apart, pi x 2 um x (1 - 0.42308)^1.5 / (4 x 0.052 S/m x 0.42308) = 3.1287e-5
    Ohm.m2. The foot of the arc, 181.6 / 33^2 Ohm.cm2, is 0.05 %.
    """
    simulation = pybamm.EISSimulation(
        FullCell({"surface form": "differential"}, electrolyte="liquid catholyte"),
        parameter_values=_peng(
            name, {names.INITIAL_OCCUPANCY: 0.999, names.LITHIUM_DIFFUSIVITY: 1e-11}
        ),
    )
    below, above = np.asarray(simulation.solve(np.array([1.0, 1e12])).impedance)
    area = 0.785  # cm2
    assert (below.real - above.real) * area == pytest.approx(PENG[name], rel=1e-3)
    if name == "peng2025_lfp_0kco":
        assert above.real * area == pytest.approx(0.31287, rel=1e-2)


@pytest.mark.parametrize("name", PENG)
def test_resistance_by_a_step_of_current(name):
    """The voltage falls by 0.1 mA/cm2 times the resistance at once."""
    solution = pybamm.Simulation(
        FullCell(electrolyte="liquid catholyte"),
        experiment=pybamm.Experiment(
            [
                pybamm.step.rest(duration=1, period=1),
                pybamm.step.current(0.785e-4, duration=0.01, period=0.01),
            ]
        ),
        parameter_values=_peng(name),
        solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10),
    ).solve(calc_esoh=False)
    rest, step = (cycle.steps[0][names.VOLTAGE].entries for cycle in solution.cycles)
    assert rest[-1] == pytest.approx(3.4, abs=1e-4)
    jump = rest[-1] - step[0]
    assert jump == pytest.approx(0.1e-3 * PENG[name], rel=5e-3)


# --- slow changes ------------------------------------------------------------------------
def test_interphase_grows_with_the_square_root_of_time(full_cell):
    """q = sqrt(360^2 + 3.24 x 360000) = sqrt(1296000) = 1138.420 C/m2 after 100 h.

    R = 1138.420 / (4e9 x 4e-6) = 71.1512e-3 Ohm.m2. The foil has lost the charge grown,
    (1138.420 - 360) / 96485.33 = 8.06776e-3 mol/m2, beside what the cell has passed.
    """
    solution = full_cell(
        [_current(0, 360e3), _current(1, 1, period=1)],
        INTERPHASE,
        interphase="growing",
    )
    charge, resistance, foil = (
        solution[names.variable_of(name, "negative")]
        for name in (
            names.INTERPHASE_CHARGE,
            names.INTERPHASE_RESISTANCE,
            names.INVENTORY,
        )
    )
    assert charge(360e3) == pytest.approx(1138.420, rel=1e-5)
    assert resistance(360e3) == pytest.approx(71.1512e-3, rel=1e-5)
    assert foil(0) - foil(360e3) == pytest.approx(8.06776e-3, rel=1e-5)
    # and the cell feels it: R_interphase, 10 mOhm.m2 of separator, 1 mOhm.m2 of interface
    rest, step = (cycle.steps[0][names.VOLTAGE].entries for cycle in solution.cycles)
    assert rest[-1] - step[0] == pytest.approx(82.15e-3, rel=0.02)


@pytest.mark.parametrize(
    ("celsius", "factor"),
    # exp(60000 / 8.314463 x (1/298.15 - 1/T))
    [(25.0, 1.0), (55.0, 9.14076)],
)
def test_interphase_grows_faster_when_hot(full_cell, celsius, factor):
    """q^2 - 360^2 = 3.24 x factor x 36000 s."""
    kelvin = celsius + 273.15
    solution = full_cell(
        [_current(0, 36e3)],
        {
            **INTERPHASE,
            names.AMBIENT_TEMPERATURE: kelvin,
            "Initial temperature [K]": kelvin,
        },
        interphase="growing",
    )
    charge = solution[names.variable_of(names.INTERPHASE_CHARGE, "negative")].entries[-1]
    assert charge**2 - 360**2 == pytest.approx(116640 * factor, rel=1e-4)


def test_electrons_through_the_separator_discharge_a_resting_cell(full_cell):
    """1e-6 S/m x 4 V / 0.8 mm = 5 mA/m2: 180 C/m2 and 1.865568e-3 mol/m2 in 10 h."""
    solution = full_cell(
        [_current(0, 36e3)],
        {names.ELECTRONIC_CONDUCTIVITY: 1e-6, names.OPEN_CIRCUIT_POTENTIAL: _flat},
    )
    assert solution[names.CURRENT].entries == pytest.approx(0, abs=1e-12)
    assert solution[names.VOLTAGE].entries == pytest.approx(4.0, abs=2e-4)
    foil = solution[names.variable_of(names.INVENTORY, "negative")].entries
    particles = solution[names.POSITIVE_LITHIUM].entries / AREA
    assert foil[0] - foil[-1] == pytest.approx(1.865568e-3, rel=1e-4)
    assert particles[-1] - particles[0] == pytest.approx(1.865568e-3, rel=1e-4)
    assert solution[names.LEAKED_CHARGE].entries[-1] == pytest.approx(-180, rel=1e-4)


def test_leakage_lowers_the_voltage_of_a_sloping_cathode(full_cell):
    """dU/dq = 0.5 V over 120606.7 C/m2: 180 C/m2 take 0.7462 mV off 4 V."""
    solution = full_cell([_current(0, 36e3)], {names.ELECTRONIC_CONDUCTIVITY: 1e-6})
    voltage = solution[names.VOLTAGE].entries
    assert voltage[0] - voltage[-1] == pytest.approx(0.7462e-3, rel=0.01)


# --- PyBaMM's experiments ----------------------------------------------------------------
def test_experiment_in_words(full_cell):
    """CC to 4.1 V, CV to C/50, rest, discharge and a second one at 35 C.

    35 C against 25 C: grains exp(35000/R x 1.088436e-4) = 1.58119 better, boundaries
    exp(45000/R x 1.088436e-4) = 1.80235: 80/1.58119 + 20/1.80235 = 61.691 Ohm.cm2.
    """
    solution = full_cell(
        [
            "Charge at C/5 for 10 hours or until 4.1 V",
            "Hold at 4.1 V until C/50",
            "Rest for 10 minutes",
            "Discharge at C/2 for 10 minutes",
            pybamm.step.string("Discharge at C/2 for 10 minutes", temperature="35oC"),
        ],
        ends=[
            "event: Voltage > 4.1 [V] [experiment]",
            "event: C-rate cut-off [experiment]",
            "final time",
            "final time",
            "final time",
        ],
    )
    charge, hold, rest, cold, warm = (cycle.steps[0] for cycle in solution.cycles)
    assert charge[names.VOLTAGE].entries[-1] == pytest.approx(4.1, abs=1e-6)
    assert charge[names.CURRENT].entries[-1] == pytest.approx(-0.6e-3, rel=1e-6)
    assert hold[names.VOLTAGE].entries == pytest.approx(4.1, abs=1e-6)
    assert hold[names.CURRENT].entries[-1] == pytest.approx(-0.06e-3, rel=1e-4)
    assert rest[names.CURRENT].entries == pytest.approx(0, abs=1e-12)
    # 0.06 mA through a little more than 111 Ohm.cm2 is what the rest gives back
    given_back = 4.1 - rest[names.VOLTAGE].entries[-1]
    assert 0.06e-3 * 111 < given_back < 0.06e-3 * 150
    for step, kelvin, resistance in ((cold, 298.15, 100.0), (warm, 308.15, 61.691)):
        assert step[names.CELL_TEMPERATURE].entries[-1] == pytest.approx(kelvin)
        separator = step[names.SEPARATOR_RESISTANCE].entries[-1] * 1e4
        assert separator == pytest.approx(resistance, rel=1e-4)
        passed = step[names.AREAL_CAPACITY].entries
        # 1.5 mA for 600 s on 1 cm2
        assert passed[-1] - passed[0] == pytest.approx(9000, rel=1e-6)


# --- impedance ---------------------------------------------------------------------------
@pytest.fixture
def impedance(full_values):
    """Z [Ohm.cm2] of a cell on lithium that diffuses fast and is a little short of full."""

    def run(frequencies, changes=None, **design):
        simulation = pybamm.EISSimulation(
            FullCell({"surface form": "differential"}, **design),
            parameter_values=full_values(
                {
                    names.INITIAL_OCCUPANCY: 0.999,
                    names.LITHIUM_DIFFUSIVITY: 1e-10,
                    **(changes or {}),
                }
            ),
        )
        return np.asarray(simulation.solve(np.asarray(frequencies)).impedance)

    return run


# cathode on 1 m2: pore walls 1.5e6 /m x 50 um = 75 m2/m2, and
# RT/(F i0 75) = 25.6926 mV / 375 A/m2 = 0.685136 Ohm.cm2 if it conducts well
CONDUCTING = {
    names.CATHODE_CONDUCTIVITY: 1e4,
    names.CATHOLYTE_CONDUCTIVITY: 1e4,
    names.OPEN_CIRCUIT_POTENTIAL: _flat,
}


def test_impedance_of_a_full_cell(impedance):
    """80 + 20 of the separator, 10 of the foil, 0.685 Ohm.cm2 of the cathode."""
    frequencies = np.logspace(12, 0, 61)
    z = impedance(frequencies, CONDUCTING)
    assert (z.real > 0).all()
    assert z[0].real < 1e-3
    assert z[-1].real == pytest.approx(110.685, rel=1e-3)
    # the real part only grows on the way
    assert (np.diff(z.real) > -1e-9 * 110).all()


# exp(F x / 2RT) f/(f + f0) with f0 = f^2: 1 - f both ways, in equilibrium at 0 V
AT_REST = {
    names.INTERLAYER_INITIAL_LITHIUM: 1e-4,
    names.INTERLAYER_EMPTY_PORE: 1e-8,
    # the foil does not take part
    names.INTERFACE_RESISTANCE: 1e6,
}


def test_impedance_of_a_full_cell_with_interlayer(impedance):
    """The layer's 15.6 Ohm.cm2 in place of the foil's 10, by hand:

    nu^2 = 1e6 x 5 x (20 um)^2 / 25.6926 mV x (1/0.01 + 1/10) = 7.79205, nu = 2.79142;
    cosh = 8.18253, sinh = 8.12120; L / (kappa + sigma) = 1.998002e-6 Ohm.m2;
    1 + [2 + 1000.001 x 8.18253] / (2.79142 x 8.12120) = 362.042: 7.23360e-4 Ohm.m2.
    """
    frequencies = np.logspace(12, 0, 61)
    z = impedance(frequencies, {**CONDUCTING, **INTERLAYER, **AT_REST}, interlayer="porous")
    assert (z.real > 0).all()
    # what the capacitances cannot short: the layer's conductors in parallel, 0.01998,
    # and the ions' way to the middle of the first mesh cell, 0.03
    assert z[0].real == pytest.approx(0.05, abs=0.01)
    assert z[-1].real == pytest.approx(100 + 0.685 + 7.2336, rel=1e-3)
    assert (np.diff(z.real) > -1e-9 * 110).all()


# --- PyBaMM's options --------------------------------------------------------------------
SIDES, PARTS = ("Negative", "Positive"), ("electrode", "current collector")
# adiabatic: 1e6 J/m3/K x (100 um + 800 um + 50 um + 2 x 25 um) = 1000 J/m2/K
THERMAL = {
    f"{layer} {name}": value
    for layer in (
        *(f"{side} {part}" for side in SIDES for part in PARTS),
        "Separator",
    )
    for name, value in {
        "density [kg.m-3]": 1e3,
        "specific heat capacity [J.kg-1.K-1]": 1e3,
        "thermal conductivity [W.m-1.K-1]": 10.0,
    }.items()
}
THERMAL |= {f"{side} current collector thickness [m]": 25e-6 for side in SIDES}
THERMAL |= {f"{side} current collector conductivity [S.m-1]": 1e8 for side in SIDES}
THERMAL |= {
    "Cell volume [m3]": 1e-3 * AREA,
    "Cell cooling surface area [m2]": AREA,
    "Total heat transfer coefficient [W.m-2.K-1]": 0.0,
}


@pytest.mark.parametrize("design", ["foil", "interlayer"])
def test_heat_of_a_lumped_cell(full_cell, design):
    """All of I (U - V) becomes heat, and warms 0.1 J/K."""
    options, parameters = DESIGNS[design]
    solution = full_cell(
        [_current(20, 1800)],
        {**parameters, **THERMAL, names.OPEN_CIRCUIT_POTENTIAL: _flat},
        options={"thermal": "lumped"},
        **options,
    )
    power = 20 * AREA * (4.0 - solution[names.VOLTAGE].entries)
    heat = np.trapezoid(power, solution.t)
    warmed = solution[names.CELL_TEMPERATURE].entries
    assert heat > 0.5
    assert warmed[-1] - warmed[0] == pytest.approx(heat / 0.1, rel=0.01)


def test_loss_of_active_material(full_cell):
    """d eps/dt = -1e-6 /s for half an hour: 0.5 - 1.8e-3."""
    solution = full_cell(
        [_current(20, 1800)],
        {"Positive electrode current-driven LAM rate": _constant(-1e-6)},
        options={"loss of active material": "current-driven"},
    )
    fraction = solution[
        "X-averaged positive electrode active material volume fraction"
    ].entries
    assert fraction[0] - fraction[-1] == pytest.approx(1.8e-3, rel=1e-4)


def test_swelling_particles(full_cell):
    """Partial molar volume 2e-6 m3/mol: dc = 36000 C/m2 / F / 25 um, 14924.5 mol/m3.

    A free sphere's strain is Omega dc / 3: 9.94967e-3 of its radius.
    """
    solution = full_cell(
        [_current(20, 1800), _current(0, 3600)],
        {
            "Positive electrode partial molar volume [m3.mol-1]": 2e-6,
            "Positive electrode Young's modulus [Pa]": 1e11,
            "Positive electrode Poisson's ratio": 0.3,
            "Positive electrode reference concentration for free of deformation "
            "[mol.m-3]": 25e3,
            "Positive electrode volume change": lambda x: 2e-6 * 50e3 / 3 * (x - 0.5),
        },
        options={"particle mechanics": "swelling only"},
    )
    displaced = solution["X-averaged positive particle surface displacement [m]"].entries
    assert displaced[-1] - displaced[0] == pytest.approx(9.94967e-9, rel=1e-2)
