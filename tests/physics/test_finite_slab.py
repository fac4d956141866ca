"""Constant current on a thin slab at long times: a parabolic profile."""

import pytest

from twin import names

# L = 20 um, D = 4.5e-15 m2/s, i = 0.5 A/m2: D t / L^2 = 2.4 at depletion
THIN = {
    names.LITHIUM_THICKNESS: 20e-6,
    names.LITHIUM_DIFFUSIVITY: 4.5e-15,
    names.EXHAUSTED_FRACTION: 0.0,
    # keeps the contact whole until depletion
    names.VOID_HEIGHT: 1e-5,
}


@pytest.mark.parametrize(
    ("changes", "critical", "expected"),
    [
        # 1 - 0.5 x 20e-6 / (3 x 7.419722e9 x 4.5e-15) = 1 - 0.09983
        ({}, 0.0, 0.90017),
        # the critical occupancy takes its own share off: 0.90017 - 0.1
        ({}, 0.1, 0.80017),
        # half the thickness: half the loss, 1 - 0.04992
        ({names.LITHIUM_THICKNESS: 10e-6}, 0.0, 0.95008),
        # fast diffusion strips nearly everything: 1 - 0.000449
        ({names.LITHIUM_DIFFUSIVITY: 1e-12}, 0.0, 0.99955),
    ],
)
def test_utilisation_at_depletion(
    constant_current, depletion_time, of, changes, critical, expected
):
    changes = {**THIN, **changes, names.CRITICAL_OCCUPANCY: critical}
    solution = constant_current(0.5, 3.5e5, changes)
    utilisation = solution[of.negative(names.UTILISATION)](depletion_time(solution))
    assert utilisation == pytest.approx(expected, rel=5e-3)


def test_share_of_the_volume_that_is_lithium_counts(constant_current, depletion_time, of):
    """At half the lithium per volume the loss doubles: 1 - 2 x 0.09983 = 0.80033."""
    changes = {
        **THIN,
        names.CRITICAL_OCCUPANCY: 0.0,
        names.LITHIUM_VOLUME_FRACTION: 0.5,
    }
    solution = constant_current(0.5, 2e5, changes)
    utilisation = solution[of.negative(names.UTILISATION)](depletion_time(solution))
    assert utilisation == pytest.approx(0.80033, rel=5e-3)


def test_profile_is_a_parabola(constant_current, of):
    """u(collector) - u(separator) = i L / (2 F c_Li D) = 0.14975 at long times."""
    solution = constant_current(0.5, 1e5, THIN)
    profile = solution[of.negative(names.OCCUPANCY)]
    surface = solution[of.negative(names.SURFACE_OCCUPANCY)].entries[-1]
    assert profile.entries[-1, -1] - surface == pytest.approx(0.14975, rel=2e-3)


def test_diffusivity_follows_arrhenius(constant_current, of):
    """40 kJ/mol from 25 to 60 C: factor exp(4810.89 x 3.52371e-4) = 5.44770.

    The parabola flattens by that factor: 0.14975 / 5.4477 = 0.027489.
    """
    solution = constant_current(0.5, 1e5, {**THIN, names.AMBIENT_TEMPERATURE: 333.15})
    profile = solution[of.negative(names.OCCUPANCY)]
    surface = solution[of.negative(names.SURFACE_OCCUPANCY)].entries[-1]
    assert profile.entries[-1, -1] - surface == pytest.approx(0.027489, rel=2e-3)
