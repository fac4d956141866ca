"""Spectra of shipped cells in their states, against what papers report and by hand."""

import numpy as np
import pybamm
import pytest
from scipy.special import wrightomega

import twin
from twin import names
from twin.models.build import build_model
from twin.models.parameter_values import parameter_values
from twin.parts.moments import Moment
from twin.parts.parameters import load_cell
from twin.parts.protocols import load_experiment
from twin.run.small_signal import SmallSignal
from twin.run.states import FRESH, charged, journey

OHM_CM2 = 1e-4


def parts(spectrum):
    """Resistances of a spectrum's parts [Ohm.cm2]."""
    found = spectrum.analysis.split.parts
    return {name: part.resistance / OHM_CM2 for name, part in found.items()}


# --- zhu2025 ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "diffusivity"),  # cm2/s, Fig 2e
    [
        ("zhu2025_llto40", 1.5e-11),
        ("zhu2025_llto60", 4.5e-11),
        ("zhu2025_llto80", 1.8e-11),
    ],
)
def test_diffusivity_that_went_in_comes_back(cell, diffusivity):
    """From the slope in a window that the software chooses and states."""
    found = twin.eis(cell, settings={names.INITIAL_OCCUPANCY: 0.98}).last.analysis
    assert found.kramers_kronig.passed
    assert found.warburg.diffusivity * 1e4 == pytest.approx(diffusivity, rel=0.05, abs=0)
    low, high = found.warburg.window
    assert 1e-3 <= low * 1.001 and high <= 10.0
    assert high / low > 99  # two decades


@pytest.mark.parametrize(
    ("cell", "interfaces"),  # two of them, Ohm.cm2: zhu2025 Fig 2d, peng2025 Fig 2
    [
        ("zhu2025_llto40", 2 * 13.4),
        ("zhu2025_llto60", 2 * 13.5),
        ("zhu2025_llto80", 2 * 11.7),
        ("peng2025_0kco", 2 * 181.6),
        ("peng2025_1kco", 2 * 89.7),
        ("peng2025_5kco", 2 * 66.9),
        ("peng2025_10kco", 2 * 32.5),
        ("peng2025_15kco", 2 * 59.2),
        ("peng2025_20kco", 2 * 59.9),
    ],
)
def test_interface_resistances_of_papers_come_back(cell, interfaces):
    assert parts(twin.eis(cell).last)["interface"] == pytest.approx(interfaces, rel=0.05)


def test_stripping_of_zhu2025_with_a_spectrum_every_half_hour():
    """Comes off when too little lithium is left, and blocks a few spectra later.

    F c L = 96485.33 x 76900 x 0.86 x 21e-6 = 134000 C/m2; 1 - 0.724 of it are 36984 C/m2,
    73968 s at 0.5 A/m2, where the surface still holds 0.724 - i L / 3 F D c = 0.724 -
    0.5 x 21e-6 / (3 x 6.38096e9 x 4.5e-15) = 0.602. From then on the current leaves voids,
    0.5 / 6.38096e9 = 78.36e-12 m/s of them: contact falls e-fold in 0.09e-6 / 78.36e-12 =
    1148.6 s. The share s = 1/(1 + e^-y) of it does so that goes with y, how far the mean is
    below its limit in units of 1e-3, which take 268.0 s: y' (1 + e^y) = 1/268.0 s, so
    y + e^y = x with x = (t - t0)/268.0 s, and 268.0 s e^y of voiding are done; until the
    current crowds on what is left and all of it leaves voids, a factor of
    exp(-1800/1148.6) = 0.2086 from spectrum to spectrum. Reported: 83000 s;
    nothing below 0.01 s; a rise at 0.01 to 1 s from step 43, at 1 to 32 s from step 45.
    """
    found = twin.eis(
        "zhu2025_llto60",
        "full_stripping",
        arguments={"current_density": "0.05 mA.cm-2", "cut_off": "1.2 V"},
        every="30 min",
        sweep="1 mHz:1 GHz:6",
    )
    assert found.ended_by == names.POLARISATION_EVENT
    times = np.array([one.state.time for one in found.spectra])
    assert times[-1] == pytest.approx(83000, rel=0.005)
    assert np.diff(times[:-1]) == pytest.approx(1800.0, rel=1e-6)
    states = [one.linearised for one in found.spectra]
    contact = np.array([state.contact_fraction["negative"] for state in states])
    assert (contact[times < 73968 - 600] > 0.99).all()
    loose = times > 73968 + 600
    first = np.flatnonzero(loose)[0]
    done = 268.0 * wrightomega((times[first] - 73968) / 268.0)  # e^y
    assert contact[first] == pytest.approx(np.exp(-done / 1148.6), rel=0.02)
    falls = contact[first + 2 : -1] / contact[first + 1 : -2]
    assert falls == pytest.approx(np.full(3, 0.2086), rel=0.01)
    before = states[first - 2]
    assert before.surface_occupancy["negative"] == pytest.approx(0.602, abs=0.01)
    bands = [
        np.array([one.resistance_between(*bounds) for one in found.relaxation_times])
        / OHM_CM2
        for bounds in ((1e-12, 1e-2), (1e-2, 1.0), (1.0, 32.0))
    ]
    fast, medium, slow = bands
    # 1 mm at 0.31 and 1.25 mS/cm are 322.6 and 80 Ohm.cm2, the interfaces 27
    assert fast == pytest.approx(np.full(times.size, 429.6), rel=0.05)
    # number of a spectrum is its place plus one
    assert (medium[:41] < 5).all()
    assert medium[42] > 20
    assert medium[44] > 400
    assert (slow[:41] < 10).all()
    assert slow[46] > 5000


# --- mann2025 --------------------------------------------------------------------------
def test_resistances_of_mann2025_at_two_temperatures():
    """54 Ohm x 0.385 cm2 at 60 C; 4.5 times the pellet and 50 times the interface at 25."""
    hot = twin.eis("mann2025_lina").last
    cold = parts(twin.eis("mann2025_lina_25C").last)
    warm = parts(hot)
    pellet = warm["bulk"] + warm["grain boundary"]
    assert pellet + warm["interface"] == pytest.approx(54 * 0.385, rel=0.01)
    ratio = (cold["bulk"] + cold["grain boundary"]) / pellet
    assert ratio == pytest.approx(4.5, rel=0.02)
    assert cold["interface"] / warm["interface"] == pytest.approx(50, rel=0.03)
    # of the whole cell, at a frequency between interface and diffusion
    whole = hot.spectrum.of_cell(hot.cell_area)
    at = np.argmin(abs(whole.frequency - 10))
    assert whole.impedance[at].real == pytest.approx(54, rel=0.01)


def test_interface_of_mann2025_is_constant_until_the_end_of_a_stripping():
    found = twin.eis("mann2025_lina", "full_stripping", every="3 mA.h.cm-2")
    *before, last = found.spectra
    assert len(before) == 8  # fresh, then 3 to 21 of 21.6 mAh/cm2
    for one in before:
        assert parts(one)["interface"] == pytest.approx(2.92, rel=0.05)
    assert parts(last)["interface"] > 100 * 2.92
    assert last.linearised.contact_fraction["negative"] < 0.01


# --- against the time domain -----------------------------------------------------------
def sine(cell, state, frequency, amplitude, periods=6, points=400):
    """Z [Ohm.m2] by Fourier over the last period of a sine through the whole model.

    Half the difference of two opposite sines: what relaxes by itself is in both.
    """
    values = parameter_values(cell)
    area = values[names.ELECTRODE_AREA]
    wave = amplitude * area * pybamm.sin(2 * np.pi * frequency * pybamm.t)
    times = np.linspace(0, periods / frequency, periods * points + 1)
    voltages = []
    for sign in (1, -1):
        values[names.CURRENT_FUNCTION] = sign * wave
        simulation = pybamm.Simulation(build_model(cell), parameter_values=values)
        simulation.build()
        built = simulation.built_model
        if state.solution is not None:
            built.set_initial_conditions_from(state.solution)
        solver = pybamm.IDAKLUSolver(
            rtol=1e-9, atol=1e-12, options={"suppress_algebraic_error": True}
        )
        solution = solver.solve(built, times[[0, -1]], t_interp=times)
        voltages.append(solution[names.VOLTAGE].entries[-points - 1 : -1])
    half = (voltages[0] - voltages[1]) / 2
    turning = np.exp(-2j * np.pi * frequency * times[-points - 1 : -1])
    # the sine itself turns into -i/2 of its amplitude; positive current discharges
    return -(half @ turning) / points / (-0.5j * amplitude)


def test_a_sine_in_time_gives_the_spectrum_of_diffusing_lithium():
    """What the lithium adds to its 429.58 Ohm.cm2, within 1 % of what it adds.

    The usual form has no capacitances; of the alternating current the interfaces of
    13.5 Ohm.cm2 and 5e-4 F/cm2 let 1 / (1 + i omega R C) through to the lithium, which is
    undone by hand. Separator: 1 mm at 0.31 and at 1.25 mS/cm, 322.58 and 80 Ohm.cm2.
    """
    cell = load_cell("zhu2025_llto60").with_values({names.INITIAL_OCCUPANCY: 0.98}, "test")
    frequencies = np.logspace(0, -3, 10)
    linear = SmallSignal(cell).at(FRESH, frequencies).spectrum.impedance / OHM_CM2
    separator, ohmic = 322.5806 + 80, 322.5806 + 80 + 27
    let_through = 1 / (1 + 2j * np.pi * frequencies * 13.5 * 5e-4)
    uncharged = separator + (linear - separator) / let_through
    for f, z in zip(frequencies, uncharged, strict=True):
        # the occupancy at the surface moves by about as much at any frequency
        found = sine(cell, FRESH, f, 0.1 * np.sqrt(f)) / OHM_CM2
        assert abs(found - z) < 0.01 * abs(z - ohmic)


def test_a_sine_in_time_gives_the_spectrum_of_a_half_charged_cell():
    """Charged halfway at C/10 and rested, on lithium with vacancies.

    On a full lattice a sine of any size meets new metal in one half and vacancies in the
    other, and no linear response is within 1 % of it.
    """
    # so few sites filled would be below the adhesion limit
    cell = load_cell("zhu2025_lco_llto60").with_values(
        {names.INITIAL_OCCUPANCY: 0.5, names.ADHESION_OCCUPANCY: 0.0}, "test"
    )
    state = journey(cell, charged(cell, 0.5), where="test").states[-1]
    frequencies = np.logspace(0, -3.5, 10)
    linear = SmallSignal(cell).at(state, frequencies).spectrum.impedance
    for f, z in zip(frequencies, linear, strict=True):
        assert abs(sine(cell, state, f, 0.02) - z) < 0.01 * abs(z)
    # not the separator alone: cathode and lithium add a good part at the low end
    assert abs(linear[-1] - linear[0]) > 0.5 * abs(linear[0])


# --- states ----------------------------------------------------------------------------
def test_state_of_charge_changes_the_cathodes_diffusion_only():
    half, full = (
        twin.eis("zhu2025_lco_llto60", state_of_charge=soc, sweep=[1e6, 1e-3]).last
        for soc in (0.2, 0.6)
    )
    fast, slow = np.abs(half.spectrum.impedance / full.spectrum.impedance)
    assert fast == pytest.approx(1, rel=1e-3)
    assert abs(slow - 1) > 0.01
    # 0.2 and 0.6 of the nominal 155 mAh/g x 2 mg/cm2, or whatever the cell has
    given = load_cell("zhu2025_lco_llto60").values
    whole = given[names.CATHODE_CAPACITY] * given[names.CATHODE_LOADING]
    assert -half.state.charge == pytest.approx(0.2 * whole, rel=1e-6)
    assert -full.state.charge == pytest.approx(0.6 * whole, rel=1e-6)


def test_a_state_is_that_of_the_run_up_to_there():
    """2 h at 1 mA/cm2 are 72000 C/m2, however the moment is named."""
    cell = load_cell("mann2025_lina")
    protocol = load_experiment("strip_plate_cycling").with_arguments(
        {"current_density": "1 mA.cm-2", "half_cycle_capacity": "2 mA.h.cm-2"}
    )
    schedule = protocol.schedule()
    ends = [
        journey(cell, schedule, where="test", at=at).states[-1]
        for at in (Moment(time=7200.0), Moment(cycle=1, step=1))
    ]
    for end in ends:
        assert end.time == pytest.approx(7200.0, abs=1e-6)
        assert end.charge == pytest.approx(72000.0, rel=1e-6)
    first, second = (SmallSignal(cell).at(end, np.array([1e-3])) for end in ends)
    assert first.spectrum.impedance == pytest.approx(second.spectrum.impedance, rel=1e-5)
    assert first.voltage == pytest.approx(second.voltage, rel=1e-5)
    # and the stripped side's lattice is short of lithium, the plated one's is not
    assert first.surface_occupancy["negative"] < 0.95
    assert first.surface_occupancy["positive"] == pytest.approx(1.0, abs=0.01)


def test_a_saved_result_brings_its_state(tmp_path):
    settings = {names.LITHIUM_THICKNESS: 100e-6}
    arguments = {"current_density": "1 mA.cm-2", "time_limit": "3 h"}
    run = twin.simulate("mann2025_lina", "full_stripping", settings, arguments)
    file = twin.save(run, tmp_path / "strip.nc")
    of_file = twin.eis("mann2025_lina", file, sweep=[1e-3, 1.0])
    of_name = twin.eis(
        "mann2025_lina", "full_stripping", settings, arguments, sweep=[1e-3, 1.0]
    )
    assert of_file.last.state.time == pytest.approx(3 * 3600)
    both = [found.last.spectrum.impedance for found in (of_file, of_name)]
    assert both[0] == pytest.approx(both[1], rel=1e-9)
    assert of_file.cell.values[names.LITHIUM_THICKNESS] == 100e-6


def test_without_current_nothing_but_lithium_is_out_of_balance():
    """RT/F ln u of the stripped side at once after the current: the Ohmic drop is gone."""
    found = twin.eis(
        "zhu2025_llto60",
        "full_stripping",
        arguments={"current_density": "0.05 mA.cm-2"},
        at="20 h",
        sweep=[1.0],
    ).last.linearised
    u = found.surface_occupancy
    expected = 25.69258e-3 * np.log(u["negative"] / u["positive"])
    assert found.voltage == pytest.approx(expected, rel=1e-3)
    assert u["negative"] < 0.9


@pytest.mark.parametrize("cell", ["yang2024_nano", "llto_cnt2025_ncm_anode_free"])
def test_interlayers_and_plated_films_have_spectra_after_a_run(cell):
    symmetric = load_cell(cell).model == "SymmetricCell"
    found = twin.eis(
        cell,
        "strip_plate_cycling" if symmetric else None,
        at="cycle 2" if symmetric else None,
        state_of_charge=None if symmetric else 0.3,
        sweep="1e-2:1e6:5",
    )
    z = found.last.spectrum.impedance
    assert (z.real > 0).all()
    assert (z.imag < 1e-9).all()
    assert found.last.analysis.kramers_kronig.passed
    assert found.last.lattice is None
