"""Indices of functions whose indices are known."""

import numpy as np
import pytest

from twin.errors import TwinError
from twin.models.compat import Array
from twin.studies.indices import EFFECT, FIRST, SPREAD, TOTAL, Sampling, interval


def ishigami(shares: Array) -> Array:
    x = np.pi * (2 * shares - 1)
    return np.asarray(
        np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    )


def test_sobol_of_ishigami_within_its_intervals() -> None:
    """Variances with a = 7, b = 0.1, x from -pi to pi.

    V1 = (1 + b pi^4/5)^2/2 = 4.3459, V2 = a^2/8 = 6.125, V13 = 8 b^2 pi^8/225 = 3.3737,
    V = 13.8446.
    """
    sampling = Sampling("sobol", factors=3, size=1024, seed=1)
    found = sampling.indices(ishigami(sampling.shares())).isel(size=-1)
    expected = {
        FIRST: np.array([4.3459, 6.125, 0.0]) / 13.8446,
        TOTAL: np.array([4.3459 + 3.3737, 6.125, 3.3737]) / 13.8446,
    }
    for name, values in expected.items():
        off = np.abs(found[name].to_numpy() - values)
        assert (off <= found[interval(name)].to_numpy()).all()
        assert (found[interval(name)] < 0.1).all()


def test_sobol_of_sands_time_is_additive() -> None:
    """ln tau = ln(pi D (F c/2i)^2): ln D once, ln c and ln i twice.

    D over 1e-15 to 1e-14, c over 0.5 to 1, i over 1 to 1.5, evenly in the logarithms: the
    variances are to each other as (1 ln 10)^2 : (2 ln 2)^2 : (2 ln 1.5)^2 = 5.3019 :
    1.9218 : 0.6576 with the sum 7.8813, and nothing is joint.
    """
    sampling = Sampling("sobol", factors=3, size=512, seed=3)
    shares = sampling.shares()
    diffusivity = 1e-15 * 10 ** shares[:, 0]
    concentration = 76.9e3 * 0.5 * 2 ** shares[:, 1]
    density = 1.5 ** shares[:, 2]
    time = np.pi * diffusivity * (96485.33212 * concentration / (2 * density)) ** 2
    found = sampling.indices(np.log(time)).isel(size=-1)
    expected = np.array([5.3019, 1.9218, 0.6576]) / 7.8813
    for name in (FIRST, TOTAL):
        off = np.abs(found[name].to_numpy() - expected)
        assert (off <= found[interval(name)].to_numpy()).all()


def test_intervals_narrow_with_more_points() -> None:
    """By about the root of eight from an eighth of the points on."""
    sampling = Sampling("sobol", factors=3, size=1024, seed=2)
    found = sampling.indices(ishigami(sampling.shares()))
    assert found["size"].to_numpy().tolist() == [128, 256, 512, 1024]
    widths = found[interval(TOTAL)].max("factor").to_numpy()
    assert widths[-1] < widths[0] / 2


def test_morris_of_a_plane_is_its_slopes() -> None:
    """3 x - 2 y + 0 z over the unit cube: effects 3, 2 and 0, the same everywhere."""
    sampling = Sampling("morris", factors=3, size=8, seed=1)
    shares = sampling.shares()
    found = sampling.indices(3 * shares[:, 0] - 2 * shares[:, 1]).isel(size=-1)
    assert found[EFFECT].to_numpy() == pytest.approx([3, 2, 0], abs=1e-12)
    assert found[SPREAD].to_numpy() == pytest.approx([0, 0, 0], abs=1e-12)


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_a_failed_design_takes_its_block_with_it(method: str) -> None:
    sampling = Sampling(method, factors=3, size=64, seed=1)  # type: ignore[arg-type]  # one of two
    values = ishigami(sampling.shares())
    values[sampling.block + 1] = np.nan  # in the second block
    found = sampling.indices(values)
    assert found["blocks"].to_numpy().tolist() == [7, 15, 31, 63]
    assert np.isfinite(found.isel(size=-1).to_array()).all()


def test_the_same_seed_gives_the_same_bits() -> None:
    one, same, other = (Sampling("sobol", 3, 32, seed) for seed in (5, 5, 6))
    assert (one.shares() == same.shares()).all()
    assert (one.shares() != other.shares()).any()
    values = ishigami(one.shares())
    assert one.indices(values).identical(same.indices(values))


def test_half_a_design_is_the_design_of_half_the_size() -> None:
    for method in ("sobol", "morris"):
        whole = Sampling(method, 3, 32, 1).shares()  # type: ignore[arg-type]  # one of two
        half = Sampling(method, 3, 16, 1).shares()  # type: ignore[arg-type]  # one of two
        assert (whole[: len(half)] == half).all()


def test_sizes_that_do_not_fit_are_named() -> None:
    with pytest.raises(TwinError, match="powers of two; give 128"):
        Sampling("sobol", 3, 100, 1)
    with pytest.raises(TwinError, match="give at least 4"):
        Sampling("morris", 3, 2, 1)
    sampling = Sampling("morris", 3, 4, 1)
    values = np.full(16, np.nan)
    with pytest.raises(TwinError, match="only 0 of 4 blocks"):
        sampling.indices(values)
