"""Mixed-conducting interlayers: where lithium goes, and that none of it is lost."""

import numpy as np
import pybamm
import pytest

from twin import names
from twin.models.build import build_model
from twin.models.full_cell import FullCell
from twin.models.parameter_values import parameter_values
from twin.models.symmetric_cell import SymmetricCell
from twin.parts.formulas.interlayer import (
    linear_profile,
    polaron_conductivity,
    porous_resistance,
)
from twin.parts.parameters import load_cell

AREA = 1e-4  # m2, of the cell of round numbers
FARADAY = 96485.33212  # C.mol-1
THERMAL_VOLTAGE = 25.692579e-3  # RT/F at 298.15 K

# pore walls 3 x (1 - 0.4) / 1.8 um = 1e6 /m; full pores hold 7.419722e9 C/m3 x 0.4 x
# 20 um = 59357.8 C/m2, the host 1e9 C/m3 x 20 um = 20000 C/m2
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
    names.HOST_INITIAL_STOICHIOMETRY: 0.5,
}
POLARON = {names.INTERLAYER_POLARON_CONDUCTIVITY: 2.0, names.INTERLAYER_POLARON_EA: 0.0}
# far from either end: stripping and plating weigh tanh(0.5/1e-3) = 1
LINEAR = {names.INTERLAYER_INITIAL_LITHIUM: 0.5}
BLOCKED = {names.INTERFACE_RESISTANCE: 1e9}


def of_both(changes):
    """The same parameters of both electrodes of a symmetric cell."""
    there = {names.parameter_of(k, "positive"): v for k, v in changes.items()}
    return {**changes, **there}


def integral(solution, name):
    """Values over a layer times the widths of its mesh cells, at all times."""
    processed = solution[name]
    widths = np.diff(processed.mesh.edges)
    return widths[:, np.newaxis] * processed.entries


# --- the limit of linear kinetics ------------------------------------------------------
@pytest.fixture(scope="module")
def linear_layer():
    """Position, profile and resistance of a layer with a blocked foil.

    Of the stripped electrode, 1 ms into 1e-4 A/m2. One model for all.
    """
    built = {}

    def run(values, modulus, ratio, cells=None):
        # nu^2 = 1e6 x 1 A/m2 x (20 um)^2 / 25.692579 mV x (1/kappa + 1/sigma)
        resistivity = modulus**2 * THERMAL_VOLTAGE / (1e6 * 1.0 * 20e-6**2)
        ionic = (1 + ratio) / resistivity
        inputs = {
            names.INTERLAYER_MATRIX_CONDUCTIVITY: ionic,
            names.INTERLAYER_ELECTRONIC_CONDUCTIVITY: ionic / ratio,
        }
        if cells not in built:
            model = SymmetricCell(interlayer="porous")
            points = {
                key: cells if cells and key.name.startswith("y_") else count
                for key, count in model.default_var_pts.items()
            }
            changes = {**INTERLAYER, **LINEAR, names.INTERLAYER_EXCHANGE_CURRENT: 1.0}
            # either electrode's own refers to the other's
            changes = of_both(changes) | of_both(dict.fromkeys(inputs, "[input]"))
            built[cells] = pybamm.Simulation(
                model,
                parameter_values=values(
                    {**changes, **BLOCKED, names.CURRENT_FUNCTION: 1e-4 * AREA}
                ),
                var_pts=points,
                solver=pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-13),
            )
        solution = built[cells].solve([0, 1e-3], inputs=of_both(inputs))
        reaction = solution[names.variable_of(names.INTERLAYER_REACTION, "negative")]
        potential = solution[names.variable_of(names.STACK_POTENTIAL, "negative")]
        return (
            np.asarray(reaction.mesh.nodes),
            reaction.entries[:, -1] * 20e-6 / 1e-4,
            potential.entries[-1] / 1e-4,
            (ionic, ionic / ratio),
        )

    return run


@pytest.mark.parametrize("ratio", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("modulus", [0.1, 1.0, 3.0, 10.0, 30.0])
def test_profile_and_resistance_of_linear_kinetics(
    linear_layer, cell_values, modulus, ratio
):
    """Newman and Tobias: a i_n L / i = nu/sinh(nu) times

    [cosh(nu (1 - y))/kappa + cosh(nu y)/sigma] / (1/kappa + 1/sigma), written out here;
    the package's own formula gives the same.
    """
    y, found, resistance, (ionic, electronic) = linear_layer(cell_values, modulus, ratio)
    profile = (
        modulus
        / np.sinh(modulus)
        * (np.cosh(modulus * (1 - y)) + ratio * np.cosh(modulus * y))
        / (1 + ratio)
    )
    assert abs(found - profile).max() < 0.01 * profile.max()
    assert linear_profile(y, modulus, ionic, electronic) == pytest.approx(profile)
    bracket = 2 + (ratio + 1 / ratio) * np.cosh(modulus)
    by_hand = 20e-6 / (ionic + electronic) * (1 + bracket / (modulus * np.sinh(modulus)))
    assert resistance == pytest.approx(by_hand, rel=0.01)
    assert float(
        porous_resistance(20e-6, ionic, electronic, 1e6, 1.0, 298.15)
    ) == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize(
    ("modulus", "ratio", "ends"),
    [
        # nu/tanh(nu) and nu/sinh(nu)
        (3.0, 1e-3, (3.01491, 0.29946)),
        (3.0, 1e3, (0.29946, 3.01491)),
        # half of each
        (3.0, 1.0, (1.65739, 1.65739)),
    ],
)
def test_side_on_which_lithium_reacts(linear_layer, cell_values, modulus, ratio, ends):
    """kappa << sigma: at the separator; kappa >> sigma: at the collector."""
    y, found, *_ = linear_layer(cell_values, modulus, ratio)
    separator, collector = np.interp([0.0, 1.0], y, found)
    assert (separator, collector) == pytest.approx(ends, rel=0.02)


def test_profile_converges_with_the_mesh(linear_layer, cell_values, order_of):
    """Second order, as finite volumes with centred fluxes are."""
    errors = []
    for cells in (10, 20, 40, 80):
        y, found, *_ = linear_layer(cell_values, 10.0, 1e-3, cells)
        errors.append(abs(found - linear_profile(y, 10.0, 1e-3, 1.0)).max())
    assert order_of(errors) == pytest.approx([2, 2, 2], abs=0.25)


# --- where the anodes of yang2024 and an oxide plate -----------------------------------
@pytest.fixture
def charged():
    """Shares of a charge that plate near the separator, in the middle, near the collector

    and onto the foil itself.
    """

    def run(name, changes=None, c_rate=5):
        cell = load_cell(name)
        values = parameter_values(cell)
        # the host in equilibrium with lithium: 0.35 + 0.6 (1/2 - x) + 28.28 mV
        # ln[(1 - x)/x] = 0 at 55 C
        assert values[names.HOST_INITIAL_STOICHIOMETRY] == pytest.approx(0.9472, abs=1e-3)
        values.update(changes or {})
        current = c_rate * values[names.NOMINAL_CAPACITY]
        solution = pybamm.Simulation(
            build_model(cell),
            parameter_values=values,
            experiment=pybamm.Experiment(
                [pybamm.step.current(-current, duration=1800 / c_rate)]
            ),
            solver=pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8),
        ).solve(calc_esoh=False)
        assert solution.cycles[0].steps[0].termination == "final time"
        # in pores and host, mol/m3 of the layer: they trade lithium where they touch
        kinds = [
            names.variable_of(name, "negative")
            for name in (names.PORE_LITHIUM, names.HOST_LITHIUM)
        ]
        held = sum(integral(solution, kind) for kind in kinds)
        plated = values[names.INTERLAYER_THICKNESS] * (held[:, -1] - held[:, 0])
        y = np.asarray(solution[kinds[0]].mesh.nodes)
        foil = solution[names.variable_of(names.INVENTORY, "negative")].entries
        parts = (y < 1 / 3, (y >= 1 / 3) & (y <= 2 / 3), y > 2 / 3)
        amounts = np.array([*(plated[part].sum() for part in parts), foil[-1] - foil[0]])
        # all of it is lithium but for what leaks as electrons
        charge = 1800 / c_rate * current / values[names.ELECTRODE_AREA]
        assert amounts.sum() == pytest.approx(charge / FARADAY, rel=5e-3)
        return amounts / amounts.sum()

    return run


def test_soft_carbon_plates_at_the_separator(charged):
    """kappa of 1.6 uS/cm is far below sigma of 1 S/cm."""
    near, middle, far, foil = charged("yang2024_sc_0_2mAh")
    assert near > 0.95
    assert abs(middle) < 0.05
    assert abs(far + foil) < 0.05


def test_fine_garnet_spreads_the_plating_over_the_layer(charged):
    """With 34 times the conductivity of soft carbon alone every third and the foil plate.

    Not evenly: that would take a modulus below one, and 0.054 mS/cm leave it near
    three. A quarter at least lies beyond the first third at 50C as at 5C, where even
    plating would put two thirds and soft carbon alone puts less than a hundredth.
    """
    for rate in (50, 5):
        near, middle, far, foil = charged("yang2024_nano_0_2mAh", c_rate=rate)
        assert middle + far + foil > 0.25
        assert near > middle > far > 0.03
        assert foil > 0.03
    assert 1 - charged("yang2024_sc_0_2mAh", c_rate=50)[0] < 0.01


def test_oxide_without_carbon_plates_at_the_collector(charged):
    """An ionic conductor of 1 mS/cm with 0.1 uS/cm of electrons: all on the foil."""
    oxide = {
        names.INTERLAYER_MATRIX_CONDUCTIVITY: 0.1,
        names.INTERLAYER_ELECTRONIC_CONDUCTIVITY: 1e-5,
    }
    near, middle, far, foil = charged("yang2024_sc_0_2mAh", oxide, c_rate=0.5)
    assert far + foil > 0.95
    assert abs(near + middle) < 0.02


# --- overflow ---------------------------------------------------------------------------
def test_full_pores_send_the_current_to_the_foil(protocol, of):
    """Room 0.1 x 59357.8 = 5935.8 C/m2 for 20000 C/m2: 14064 C/m2 go to the foil.

    That much is 14064 / 7.419722e9 = 1.8955 um of new lithium; the foil takes a little
    more, as the last corners of the pores fill slowly.
    """
    # the foil, 300 Ohm.cm2, is the harder way as long as there is room
    changes = of_both(
        {
            **INTERLAYER,
            names.INTERLAYER_INITIAL_LITHIUM: 0.9,
            names.INTERFACE_RESISTANCE: 3e-2,
        }
    )
    solution = protocol(
        [(-20.0, 1000.0)], changes, model=SymmetricCell(interlayer="porous")
    )
    filling = solution[of.negative(names.PORE_FILLING)].entries
    assert filling.max() < 1 + 1e-6
    assert filling[:, -1].min() > 0.97
    grown = solution[of.negative(names.SLAB_THICKNESS)].entries
    assert 1.8955e-6 <= grown[-1] - grown[0] < 1.05 * 1.8955e-6
    # at first into the pores, in the end onto the foil: 20 A/m2 are 2.69552 nm/s
    rate = np.gradient(grown, solution.t)
    assert rate[1] < 0.2 * 2.69552e-9
    assert rate[-2] == pytest.approx(2.69552e-9, rel=0.02)


# --- host -------------------------------------------------------------------------------
def test_host_takes_lithium_before_metal_plates(protocol, of):
    """From x = 0.1, 0.3 + 0.4 x 0.4 + 25.69 mV ln 9 = 0.51645 V, to 0 V at x = 0.985.

    0.885 x 20000 C/m2 = 17700 C/m2 pass before: at 10 A/m2 after 1770 s.
    """
    empty = {names.HOST_INITIAL_STOICHIOMETRY: 0.1, names.INTERLAYER_INITIAL_LITHIUM: 0.0}
    # the other electrode has enough to give
    other = {
        names.HOST_INITIAL_STOICHIOMETRY: 0.95,
        names.INTERLAYER_INITIAL_LITHIUM: 0.8,
        names.INTERFACE_RESISTANCE: 1e-3,
    }
    solution = protocol(
        [(-10.0, 3000.0)],
        of_both({**INTERLAYER, **HOST, **other}) | empty | BLOCKED,
        model=SymmetricCell(interlayer="porous", interlayer_host="insertion"),
        period=10.0,
    )
    # against lithium, less what reaction and conduction in the layer take, 27 mV
    potential = solution[of.negative(names.STACK_POTENTIAL)]
    assert potential(0) == pytest.approx(0.51645, abs=0.03)
    assert potential(1500) > 0.05
    assert potential(2900) < 0
    metal = integral(solution, of.negative(names.PORE_FILLING)).sum(0)
    host = integral(solution, of.negative(names.HOST_STOICHIOMETRY)).sum(0)
    time = solution.t
    # 10 A/m2 fill the host by 5e-4 /s
    early = time <= 1500
    assert host[early] == pytest.approx(0.1 + 5e-4 * time[early], abs=5e-3)
    begun = time[np.argmax(metal > 0.002)]
    assert 1600 < begun < 2000
    # and what the host no longer takes plates: 10 / 59357.8 per second
    late = time >= 2300
    slope = np.diff(metal[late]) / np.diff(time[late])
    assert slope == pytest.approx(10 / 59357.8, rel=0.02)


# --- conductivity that follows the reduction -------------------------------------------
@pytest.mark.parametrize(
    ("stoichiometry", "expected"),
    # 2.0 x 4x(1 - x) x exp(-20000 / 8.314463 / 298.15) + 0.01; the exponential is
    # 3.13438e-4
    [(0.5, 1.0626876e-2), (0.1, 1.0225675e-2), (0.0, 0.01), (1.0, 0.01)],
)
def test_polaron_conductivity(stoichiometry, expected):
    found = float(polaron_conductivity(stoichiometry, 2.0, 0.01, 20e3, 298.15))
    assert found == pytest.approx(expected, rel=1e-5)


@pytest.fixture
def reduced(cell_values):
    """A layer of an oxide that rests in contact with lithium, its host empty at first."""

    def run(duration):
        changes = {
            **INTERLAYER,
            **HOST,
            **POLARON,
            names.HOST_INITIAL_STOICHIOMETRY: 0.02,
            names.HOST_POTENTIAL: 1.3,
            names.INTERLAYER_MATRIX_CONDUCTIVITY: 0.1,
            names.INTERLAYER_ELECTRONIC_CONDUCTIVITY: 1e-6,
            names.INTERLAYER_POLARON_CONDUCTIVITY: 1e-3,
            # no metal in the pores
            names.INTERLAYER_INITIAL_LITHIUM: 0.0,
            # and no lack of lithium at the foil's surface
            names.LITHIUM_DIFFUSIVITY: 1e-10,
        }
        simulation = pybamm.Simulation(
            SymmetricCell(
                interlayer="porous",
                interlayer_host="insertion",
                interlayer_conduction="polaron",
            ),
            parameter_values=cell_values(of_both(changes)),
            solver=pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8),
        )
        return simulation.solve(np.linspace(0, duration, 201))

    return run


def test_reduction_front_moves_in_from_the_foil(reduced, of):
    solution = reduced(3000.0)
    processed = solution[of.negative(names.HOST_STOICHIOMETRY)]
    y, x, time = processed.mesh.nodes, processed.entries, solution.t
    assert x.max() < 1 + 1e-6
    assert (x[:, -1] > 0.5).all()
    reached = np.array([np.interp(0.5, row, time) for row in x])
    # the nearer to the foil, the sooner
    assert (np.diff(reached) < 0).all()
    assert reached[0] > 5 * reached[-1]
    # a front: when the foil's side is half reduced, the separator's is as it was
    begun = np.argmax(x[-1] > 0.5)
    assert x[0, begun] < 0.021
    assert x[np.argmin(abs(y - 0.5)), begun] < 0.1
    # while conductivities vary steeply over the layer nothing is lost
    lithium = solution[names.TOTAL_LITHIUM].entries
    assert lithium == pytest.approx(lithium[0], rel=1e-10)
    # behind it electrons move more easily: 1e-3 x 4x(1 - x) + 1e-6
    conductivity = solution[of.negative(names.INTERLAYER_ELECTRONIC)].entries
    assert conductivity == pytest.approx(1e-3 * 4 * x * (1 - x) + 1e-6, rel=1e-3)


# --- balance ----------------------------------------------------------------------------
DESIGNS = {
    "metal in pores": ({}, {}),
    "host": ({"interlayer_host": "insertion"}, HOST),
    "polaron": (
        {"interlayer_host": "insertion", "interlayer_conduction": "polaron"},
        {**HOST, **POLARON},
    ),
}


@pytest.fixture
def cycled(cell_values):
    def run(parameters, cells, options):
        model = SymmetricCell(interlayer="porous", **options)
        steps = [(10.0, 400.0), (0.0, 60.0), (-10.0, 800.0), (0.0, 60.0), (10.0, 400.0)]
        solution = pybamm.Simulation(
            model,
            experiment=pybamm.Experiment(
                [pybamm.step.current(i * AREA, duration=t) for i, t in steps]
            ),
            parameter_values=cell_values(of_both({**INTERLAYER, **parameters})),
            var_pts=dict.fromkeys(model.default_var_pts, cells) if cells else None,
            solver=pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8),
        ).solve(calc_esoh=False)
        assert len(solution.cycles) == len(steps)
        return solution

    return run


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("cells", [None, 12])
def test_lithium_is_conserved(cycled, cells, design, of):
    """Twice 7.69 in the foil, 0.1 x 59357.8 / F = 0.06152 in pores, 0.103643 in the host.

    4000 C/m2 go over, 8000 come back and 4000 go over again, with rests.
    """
    options, parameters = DESIGNS[design]
    solution = cycled(parameters, cells, options)
    by_hand = 7.69 + 0.4 * 0.1 * 20e-6 * 76.9e3
    if "interlayer_host" in options:
        by_hand += 0.5 * 20000 / FARADAY
    lithium = solution[names.TOTAL_LITHIUM].entries
    assert lithium == pytest.approx(2 * by_hand, rel=1e-8)
    # each electrode for itself: what it lost is what passed
    passed = solution[names.AREAL_CAPACITY].entries
    for side, sign in ((of.negative, -1), (of.positive, 1)):
        held = solution[side(names.ELECTRODE_LITHIUM)].entries
        assert pytest.approx(sign * passed, abs=1e-8 * FARADAY * by_hand) == FARADAY * (
            held - held[0]
        )
    # and the layer took part
    moved = np.ptp(solution[of.negative(names.INTERLAYER_LITHIUM)].entries)
    assert moved > 1000 / FARADAY


def test_full_cell_conserves_lithium_when_its_pores_overflow(cell_values):
    """10 mAh/cm2; 30 um x 0.35 of pores hold 2.1 mAh/cm2."""
    cell = load_cell("yang2024_nano_10mAh")
    values = parameter_values(cell)
    solution = pybamm.Simulation(
        FullCell(
            interlayer="porous",
            interlayer_host="insertion",
            interface_kinetics="Butler-Volmer",
        ),
        parameter_values=values,
        experiment=pybamm.Experiment(
            [
                (
                    "Charge at C/10 until 4.2 V",
                    "Rest for 5 minutes",
                    "Discharge at C/10 until 3 V",
                )
            ]
        ),
        solver=pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8),
    ).solve(calc_esoh=False)
    assert len(solution.cycles[0].steps) == 3
    lithium = solution[names.TOTAL_LITHIUM].entries
    assert lithium == pytest.approx(lithium[0], rel=1e-8)
    filling = solution[names.variable_of(names.PORE_FILLING, "negative")].entries
    assert filling.max() < 1 + 1e-6
    slab = solution[names.variable_of(names.SLAB_THICKNESS, "negative")].entries
    assert slab.max() > slab[0] + 1e-6
