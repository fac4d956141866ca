"""What the figures show; how they look is judged by eye."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import SymLogNorm
from matplotlib.figure import Figure

import twin
from twin import names, plots, plots_ccd, plots_interlayer
from twin.parts.formulas.constants import FARADAY
from twin.studies.validate import Comparison


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Figure]]:
    """Figures that are drawn, in place of their files."""
    figures: list[Figure] = []
    for module in (plots, plots_ccd, plots_interlayer):
        monkeypatch.setattr(module, "save_figure", lambda figure, _: figures.append(figure))
    yield figures
    plt.close("all")


@pytest.fixture(scope="module")
def overflow() -> xr.Dataset:
    """15 mAh/cm2 of cathode over pores that hold two."""
    return twin.simulate("yang2024_nano_15mAh", "rate_test", arguments={"cycles": "1"})


@pytest.fixture(scope="module")
def anode_free() -> xr.Dataset:
    arguments = {"cycles": "1", "charge_rate": "1", "discharge_rate": "1"}
    return twin.simulate("llto_cnt2025_ncm_cu_anode_free", "rate_test", arguments=arguments)


def test_pores_host_and_foil_gain_what_the_cathode_gives(overflow: xr.Dataset) -> None:
    found = plots_interlayer.gained(overflow, "negative")
    assert set(found) == {"pores", "host", "foil"}
    stripped = overflow[names.AREAL_CAPACITY].to_numpy()
    stripped = stripped - overflow[names.LEAKED_CHARGE].to_numpy()
    assert sum(found.values()) == pytest.approx(-stripped, abs=1e-3 * abs(stripped).max())
    held = overflow[names.variable_of(names.INTERLAYER_LITHIUM, "negative")].to_numpy()
    inside = found["pores"] + found["host"]
    assert inside == pytest.approx(FARADAY * (held - held[0]), abs=1e-6 * abs(inside).max())
    # 30 um x 0.35 x 0.95 x 2061 mAh/cm3 is all that the pores can take
    assert found["pores"].max() / 36000 <= 2.06
    assert found["foil"].max() > found["pores"].max()


def test_the_interlayer_figure_shows_where_the_lithium_goes(
    overflow: xr.Dataset, drawn: list[Figure]
) -> None:
    plots_interlayer.plot_interlayer(overflow, Path("x.png"))
    (figure,) = drawn
    labels = " ".join(axis.get_ylabel() for axis in figure.axes)
    for words in ("Voltage", "Lithium gained", "Pore filling", "Host stoichiometry"):
        assert words in labels
    lithium = figure.axes[1]
    shown = {line.get_label(): line.get_ydata() for line in lithium.get_lines()}
    foil = overflow[names.variable_of(names.INVENTORY, "negative")].to_numpy()
    assert shown["foil"] == pytest.approx(FARADAY * (foil - foil[0]) / 36000)
    assert {"pores", "host"} <= set(shown)
    assert "negative electrode" in figure.get_suptitle()


def test_a_short_burst_does_not_bleach_the_reaction(
    overflow: xr.Dataset, drawn: list[Figure]
) -> None:
    """A burst of a thousand times the rest: the rest keeps a visible colour."""
    name = names.variable_of(names.INTERLAYER_REACTION, "negative")
    burst = overflow.copy(deep=True)
    burst[name][:] = -1e5
    burst[name][3, 0] = -1e8
    plots_interlayer.plot_interlayer(burst, Path("x.png"))
    norm = drawn[0].axes[2].collections[0].norm
    assert isinstance(norm, SymLogNorm)
    # A.m-3 in mA.cm-3; 0.5 is white, 1 the burst
    assert float(norm(1e2)) > 0.6
    assert norm.vmax == pytest.approx(1e5)
    label = drawn[0].axes[-3].get_ylabel()
    assert "log" in label and f"10^{{{int(np.log10(norm.linthresh))}}}" in label


def test_no_panel_for_a_host_there_is_not(
    overflow: xr.Dataset, drawn: list[Figure]
) -> None:
    host = names.variable_of(names.HOST_STOICHIOMETRY, "negative")
    without = overflow.drop_vars(host)
    assert set(plots_interlayer.gained(without, "negative")) == {"pores", "foil"}
    plots_interlayer.plot_interlayer(without, Path("x.png"))
    assert "Host" not in " ".join(axis.get_ylabel() for axis in drawn[0].axes)


def test_every_panel_of_a_run_has_data(
    overflow: xr.Dataset, anode_free: xr.Dataset, drawn: list[Figure]
) -> None:
    plots.plot_run(anode_free, Path("x.png"))
    plots.plot_run(overflow, Path("x.png"))
    labels = [[axis.get_ylabel() for axis in figure.axes] for figure in drawn]
    # a plated film has no vacancies
    assert labels[0] == ["Voltage (V)", "Contact fraction (-)"]
    assert labels[1] == [*labels[0], "Surface occupancy (-)"]
    assert all(axis.get_lines() for figure in drawn for axis in figure.axes)


def test_conditions_never_part_a_number_from_its_unit(overflow: xr.Dataset) -> None:
    # at widths from 84 on, some break would lie within "upper = 2.5 V" else
    for filler in range(30):
        arguments = f"{'x' * (30 + filler)} = 1; upper = 2.5 V; lower = 1 V; rest = 5 min"
        text = plots.conditions(overflow.assign_attrs(arguments=arguments))
        for line in text.splitlines()[:-1]:
            assert line.endswith(";") and len(line) <= 84
        assert "upper = 2.5 V;" in text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("last", "cut", "marker"), [(1.0, True, "^"), (-1.0, True, "v"), (0.15, False, "o")]
)
def test_a_voltage_beyond_the_axis_of_a_staircase_is_said(
    drawn: list[Figure], last: float, cut: bool, marker: str
) -> None:
    voltage = np.append(np.tile([0.1, -0.1], 200), last)
    run = xr.Dataset(
        {
            names.VOLTAGE: ("time", -voltage),
            names.TOTAL_CURRENT_DENSITY: ("time", 10 * np.sign(voltage)),
        },
        coords={"time": np.arange(401.0)},
    )
    failure = SimpleNamespace(mode="contact loss", in_words="contact loss")
    result = SimpleNamespace(
        **{"run": run, "failure": failure, "bound": "=", "critical_current_density": 10.0},
        **{"cell": "cell", "arguments": {}, "experiment": "staircase"},
    )
    plots_ccd.plot_ccd(result, "x.png")  # type: ignore[arg-type]
    axis = drawn[0].axes[0]
    # the axis ends at 1.75 x 1.6 x 0.1 V or at 1.75 x 0.15 V
    assert axis.get_ylim()[1] == pytest.approx(0.28 if cut else 0.2625)
    assert ("axis cut: it comes to 1 V" in axis.get_ylabel()) is cut
    assert axis.lines[-1].get_marker() == marker


def test_met_bounds_do_not_stretch_the_axis_of_errors(drawn: list[Figure]) -> None:
    def row(bound: str, simulated: float) -> Comparison:
        return Comparison(
            *("row", "paper", "cell", "capacity", "mA.h.cm-2", 2.0, bound, simulated),
            *("=", simulated / 2 - 1, 0.1, 0.1, True, "predicted", (), ""),
        )

    plots.plot_validation([row("=", 2.1), row(">=", 20.0)], Path("x.png"))
    axis = drawn[0].axes[0]
    # tolerance of 10 %, and a tenth of room; 900 % are not drawn
    assert axis.get_xlim() == pytest.approx((-11, 11))
    assert any("met: 20 for >= 2" in text.get_text() for text in axis.texts)
    low, high = sorted(axis.get_ylim())
    assert low < 0 and high > 1
