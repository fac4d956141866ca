"""A cell with round numbers, and short ways to run it.

Every parameter is written out here, so that the expected numbers in the tests can be
worked out by hand and do not move when a record of a published cell changes.
"""

import math
from types import SimpleNamespace

import pybamm
import pytest
from scipy.optimize import brentq

from twin import names
from twin.models.symmetric_cell import SymmetricCell
from twin.parts.catalogue import CATALOGUE

AREA = 1e-4  # m2

ROUND_NUMBERS = {
    # lithium: F c = 96485.33212 x 76900 = 7.419722e9 C.m-3
    names.LITHIUM_THICKNESS: 1e-4,
    names.LITHIUM_VOLUME_FRACTION: 1.0,
    names.LITHIUM_SITE_CONCENTRATION: 76.9e3,
    names.INITIAL_OCCUPANCY: 1.0,
    names.LITHIUM_DIFFUSIVITY: 1e-15,
    names.LITHIUM_DIFFUSIVITY_EA: 40e3,
    names.EXHAUSTED_FRACTION: 1e-3,
    # voids and contact
    names.INITIAL_CONTACT: 1.0,
    names.SCAFFOLD_FLOOR: 0.0,
    names.SCAFFOLD_AREA_RATIO: 1.0,
    names.CRITICAL_OCCUPANCY: 0.1,
    names.ADHESION_OCCUPANCY: 0.0,
    names.CROWDING_EXPONENT: 0.5,
    names.VOID_HEIGHT: 1e-7,
    names.REFILLING_HEIGHT: 5e-7,
    names.OCCLUDED_FRACTION: 0.9,
    names.LOST_CONTACT: 1e-6,
    names.CREEP_RATE: 7.7e-3,
    names.CREEP_EXPONENT: 6.6,
    names.CREEP_EA: 37e3,
    names.STACK_PRESSURE: 0.1e6,
    # interface: 10 Ohm.cm2
    names.INTERFACE_RESISTANCE: 1e-3,
    names.INTERFACE_RESISTANCE_EA: 60e3,
    names.EXCHANGE_CURRENT: 20.0,
    names.EXCHANGE_CURRENT_EA: 50e3,
    names.INTERFACE_CAPACITANCE: 0.1,
    names.SPOT_HALF_SPACING: 2e-6,
    # separator: 80 Ohm.cm2 of grains, 20 Ohm.cm2 of grain boundaries
    names.SEPARATOR_THICKNESS: 0.8e-3,
    names.BULK_CONDUCTIVITY: 0.1,
    names.BULK_CONDUCTIVITY_EA: 35e3,
    names.GB_CONDUCTIVITY: 0.4,
    names.GB_CONDUCTIVITY_EA: 45e3,
    names.ELECTRONIC_CONDUCTIVITY: 0.0,
    names.BULK_CAPACITANCE: 1e-7,
    names.GB_CAPACITANCE: 1e-4,
    # cell
    names.ELECTRODE_AREA: AREA,
    names.AMBIENT_TEMPERATURE: 298.15,
    names.NOMINAL_CAPACITY: 1e-3,
    names.POLARISATION_CUT_OFF: 5.0,
}


@pytest.fixture
def cell_values():
    """Parameter values of the cell of round numbers, some of them changed."""

    def build(changes=None):
        values = {
            names.parameter_of(name, "positive"): pybamm.Parameter(name)
            for name in ROUND_NUMBERS
            if CATALOGUE[name].per_electrode
        }
        values |= ROUND_NUMBERS
        values |= {
            names.CURRENT_FUNCTION: 0.0,
            names.ELECTRODE_HEIGHT: 1.0,
            names.ELECTRODE_WIDTH: AREA,
            names.PARALLEL_ELECTRODES: 1.0,
            names.SERIES_CELLS: 1.0,
        }
        return pybamm.ParameterValues(values | dict(changes or {}))

    return build


@pytest.fixture
def mesh():
    """Number of mesh cells per slab, as PyBaMM wants it."""

    def build(cells):
        return dict.fromkeys(SymmetricCell().default_var_pts, cells)

    return build


@pytest.fixture
def constant_current(cell_values, mesh):
    """Solution at a constant current density [A.m-2] for a time [s].

    Positive strips the negative electrode. The run ends earlier if an event ends it.
    """

    def run(
        current_density,
        duration,
        changes=None,
        *,
        cells=None,
        rtol=1e-6,
        atol=1e-8,
        solver=None,
        model=None,
    ):
        values = cell_values(changes)
        values[names.CURRENT_FUNCTION] = current_density * AREA
        simulation = pybamm.Simulation(
            model or SymmetricCell(),
            parameter_values=values,
            solver=solver or pybamm.IDAKLUSolver(rtol=rtol, atol=atol),
            var_pts=mesh(cells) if cells else None,
        )
        return simulation.solve([0, duration])

    return run


@pytest.fixture
def protocol(cell_values, mesh):
    """Solution of steps (current density [A.m-2], duration [s]), repeated."""

    def run(
        steps, changes=None, *, repeat=1, cells=None, solver=None, model=None, period=None
    ):
        cycle = tuple(
            pybamm.step.current(
                density * AREA, duration=duration, period=period or duration / 50
            )
            for density, duration in steps
        )
        simulation = pybamm.Simulation(
            model or SymmetricCell(),
            experiment=pybamm.Experiment([cycle] * repeat),
            parameter_values=cell_values(changes),
            solver=solver or pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8),
            var_pts=mesh(cells) if cells else None,
        )
        solution = simulation.solve(calc_esoh=False)
        ended = [step.termination for c in solution.cycles for step in c.steps]
        # a failed or skipped step would otherwise only be logged
        assert ended == ["final time"] * (len(steps) * repeat)
        return solution

    return run


@pytest.fixture
def of():
    """Short names of the electrodes' variables: ``of.negative(names.INVENTORY)``."""
    return SimpleNamespace(
        negative=lambda name: names.variable_of(name, "negative"),
        positive=lambda name: names.variable_of(name, "positive"),
    )


@pytest.fixture
def depletion_time(of):
    """Time [s] at which voids of the stripped electrode take a twentieth of its current.

    At depletion the lattice hands over gradually: it can keep up the critical occupancy
    with less and less current. A twentieth marks the beginning to within half a percent.
    """

    def find(solution, electrode=None):
        side = electrode or of.negative
        voids, rate = (
            solution[side(name)] for name in (names.VOID_GROWTH_RATE, names.STRIPPING_RATE)
        )
        begun = voids.entries > 0.05 * rate.entries
        assert begun.any(), "never depleted"
        first = int(begun.argmax())
        bracket = solution.t[first - 1], solution.t[first]
        return brentq(lambda t: float(voids(t)) / float(rate(t)) - 0.05, *bracket)

    return find


@pytest.fixture
def order_of():
    """Observed order of convergence of errors at successive halvings of the mesh."""

    def measure(errors):
        return [
            math.log2(abs(coarse / fine))
            for coarse, fine in zip(errors, errors[1:], strict=False)
        ]

    return measure
