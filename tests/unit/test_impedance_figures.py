"""Figures of spectra: what is drawn, and what cannot be."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from twin import plots_impedance
from twin.errors import TwinError
from twin.parts.formulas.impedance import arc, warburg
from twin.parts.spectra import Spectrum
from twin.plots_eis import _alike, _left_out
from twin.studies.impedance_analysis import relaxation_series

F = np.logspace(6, -2, 41)
MEASURED = Spectrum(F, 60e-4 + arc(F, 20e-4, 1e-1) + warburg(F, 1e-4), label="measured")
SIMULATED = Spectrum(F, 59e-4 + arc(F, 21e-4, 1e-1) + warburg(F, 1e-4), label="simulated")


@pytest.fixture
def drawn(monkeypatch):
    """Keeps figures instead of writing them."""
    kept = []
    monkeypatch.setattr(
        plots_impedance, "save_figure", lambda figure, _: kept.append(figure)
    )
    yield kept
    plt.close("all")


def series():
    return relaxation_series(
        [Spectrum(F, 60e-4 + arc(F, r * 1e-4, 0.1)) for r in (20, 40, 80)]
    )


def test_nyquist(drawn) -> None:
    """Equal axes, Ohm.cm2, -Z'' upwards; measured as points, simulated as a line."""
    plots_impedance.plot_nyquist("x.png", [MEASURED], [SIMULATED])
    (axis,) = drawn[0].axes
    assert axis.get_aspect() == 1
    points, line = axis.lines[:2]
    assert points.get_xdata() == pytest.approx(MEASURED.impedance.real * 1e4)
    assert points.get_ydata() == pytest.approx(-MEASURED.impedance.imag * 1e4)
    assert (points.get_linestyle(), points.get_marker()) == ("None", "o")
    assert (line.get_linestyle(), line.get_marker()) == ("-", "None")
    assert points.get_color() == line.get_color()
    marks = [text.get_text() for text in axis.texts]
    assert "1 kHz" in marks or "10 Hz" in marks
    low, high = axis.get_xlim()
    assert low < 60 < high and axis.get_ylim()[1] > 10


def boxes(figure, axis):
    """Where the labels in an axis are."""
    figure.canvas.draw()
    return [text.get_window_extent() for text in axis.texts]


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
def test_labels_of_frequencies_do_not_overlap(drawn, slope) -> None:
    """Twelve decades along a line, denser and denser towards one end."""
    along = (1e-3 + 1e-3 * np.linspace(0, 1, 121) ** 2) * (1 - slope * 1j)
    spectrum = Spectrum(np.logspace(9, -3, 121), along)
    plots_impedance.plot_nyquist("x.png", [], [spectrum])
    (axis,) = drawn[0].axes
    found = boxes(drawn[0], axis)
    assert len(found) >= 3
    for place, one in enumerate(found):
        assert not any(one.overlaps(other) for other in found[:place])


def test_a_series_is_told_apart_by_colour_with_a_bar_of_the_time(drawn) -> None:
    spectra = [Spectrum(F, 60e-4 + arc(F, r * 1e-4, 0.1)) for r in (20, 40, 80)]
    plots_impedance.plot_nyquist("x.png", [MEASURED], spectra, [0.0, 1.0, 4.0], "three")
    plots_impedance.plot_bode("x.png", [], spectra, [0.0, 1.0, 4.0])
    for figure in drawn:
        axis, bar = figure.axes[0], figure.axes[-1]
        assert bar.get_ylabel() == "Time (h)"
        assert bar.get_ylim() == pytest.approx((0, 4))
        lines = [line for line in axis.lines if line.get_linewidth() == 1.2]
        assert len({line.get_color() for line in lines}) == 3
    # only what the bar does not tell is named
    named, unnamed = (figure.axes[0].get_legend() for figure in drawn)
    assert [text.get_text() for text in named.get_texts()] == ["measured"]
    assert unnamed is None
    assert drawn[0].get_suptitle() == "three"


@pytest.mark.parametrize("hours", [[3.0], [2.0, 2.0]])
def test_spectra_of_one_time_have_their_names_and_no_bar(drawn, hours) -> None:
    spectra = [SIMULATED] * len(hours)
    plots_impedance.plot_nyquist("x.png", [], spectra, hours)
    plots_impedance.plot_bode("x.png", [], spectra, hours)
    assert [len(figure.axes) for figure in drawn] == [1, 2]
    for figure in drawn:
        legend = figure.axes[0].get_legend()
        assert legend.get_texts()[0].get_text() == "simulated"


@pytest.mark.parametrize(
    ("sizes", "drawn_places", "words"),
    [
        ([1, 1.1, 1.9], [0, 1, 2], None),
        ([1, 40, 1.1, 40, 1.2], [0, 2, 4], "2 of 5 spectra, at 1 and 3 h, {first}"),
        ([1, 1, 3], [0, 1], "1 of 3 spectra, at 2 h, {first}"),
        ([1, 3, 1, 3, 3], [0, 2], "3 of 5 spectra, at 1, 3 and 4 h, {first}"),
        ([1, 1, 3, 3, 3, 3], [0, 1], "4 of 6 spectra, from 2 to 5 h, {first}"),
        ([1, 3, 1, 3, 3, 3], [0, 2], "4 of 6 spectra, among those from 1 to 5 h, {first}"),
        # the first one is the large one; most are large
        ([40, 1, 1.1, 1.2], [1, 2, 3], "1 of 4 spectra, at 0 h, {median}"),
        ([1, 40, 60], [0], "2 of 3 spectra, at 1 and 2 h, {first}"),
    ],
)
def test_what_is_too_large_to_be_drawn_beside_the_others_is_said(
    sizes, drawn_places, words
) -> None:
    spectra = [Spectrum(F, np.full(F.size, size + 0j)) for size in sizes]
    alike, scale = _alike(spectra)
    assert alike == drawn_places
    said = _left_out([float(k) for k in range(len(sizes))], alike, scale)
    whose = {
        "first": "with |Z| above 2 times the first one's;\nthe Bode plot has all",
        "median": "with |Z| above 2 times their median;\nthe Bode plot has all",
    }
    assert said == (f"Not drawn: {words.format(**whose)}" if words else "")


def test_nyquist_of_a_line_is_not_flat(drawn) -> None:
    plots_impedance.plot_nyquist("x.png", [Spectrum(F, np.linspace(1, 2, 41) + 0j)])
    (axis,) = drawn[0].axes
    assert np.ptp(axis.get_ylim()) > 0.2 * np.ptp(axis.get_xlim())


def test_bode(drawn) -> None:
    plots_impedance.plot_bode("x.png", [], [SIMULATED])
    upper, lower = drawn[0].axes
    assert upper.lines[0].get_ydata() == pytest.approx(abs(SIMULATED.impedance) * 1e4)
    phase = -np.degrees(np.angle(SIMULATED.impedance))
    assert lower.lines[0].get_ydata() == pytest.approx(phase)


def test_relaxation_times(drawn) -> None:
    found = series()
    pairs = [("fresh", found[0]), ("aged", found[2])]
    plots_impedance.plot_relaxation_times("x.png", pairs, "Ohm.m2")
    (axis,) = drawn[0].axes
    assert axis.lines[1].get_ydata() == pytest.approx(found[2].density * 1e4)
    assert [text.get_text() for text in axis.texts] == [
        f"{found[0].peaks[0].resistance * 1e4:.3g}"
    ]
    assert "each peak of fresh in" in axis.get_title()


def test_the_number_of_a_peak_stands_above_all_curves(drawn) -> None:
    """20 and 80 Ohm.cm2, both with a relaxation time of 0.2 ms."""
    arcs = [arc(F, 20e-4, 0.1), arc(F, 80e-4, 0.025)]
    low, high = relaxation_series([Spectrum(F, 60e-4 + z) for z in arcs])
    pairs = [("low", low), ("high", high)]
    plots_impedance.plot_relaxation_times("x.png", pairs, "Ohm.m2")
    (number,) = drawn[0].axes[0].texts
    assert number.get_text() == f"{low.peaks[0].resistance * 1e4:.3g}"
    assert number.xy[1] == pytest.approx(high.density.max() * 1e4)


def test_relaxation_map(drawn) -> None:
    found = series()
    plots_impedance.plot_relaxation_map("x.png", [1, 2, 4], found, "Ohm.m2")
    mesh = drawn[0].axes[0].collections[0]
    values = np.asarray(mesh.get_array())
    # the density of the third is four times that of the first
    assert values[:, 2].max() == pytest.approx(found[2].density.max() * 1e4, rel=0.02)
    assert values[:, 2].max() == pytest.approx(4 * values[:, 0].max(), rel=0.25)


def test_files_are_written(tmp_path) -> None:
    plots_impedance.plot_nyquist(tmp_path / "a.png", [MEASURED])
    plots_impedance.plot_relaxation_map(tmp_path / "b.svg", [1, 2, 3], series(), "Ohm")
    assert {path.name for path in tmp_path.iterdir()} == {"a.png", "b.svg"}


def test_what_cannot_be_drawn(tmp_path) -> None:
    path = tmp_path / "a.png"
    with pytest.raises(TwinError, match="no spectrum is given"):
        plots_impedance.plot_nyquist(path)
    whole = Spectrum(F, 100 + arc(F, 20, 1e-5), unit="Ohm")
    with pytest.raises(TwinError, match="one spectrum is per area and another is not"):
        plots_impedance.plot_bode(path, [MEASURED], [whole])
    with pytest.raises(TwinError, match="no distribution"):
        plots_impedance.plot_relaxation_times(path, [], "Ohm")
    with pytest.raises(TwinError, match="2 steps and 3 distributions"):
        plots_impedance.plot_relaxation_map(path, [1, 2], series(), "Ohm")
    with pytest.raises(TwinError, match="must rise"):
        plots_impedance.plot_relaxation_map(path, [1, 3, 2], series(), "Ohm")
    assert not path.exists()
