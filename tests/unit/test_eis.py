"""Requests for spectra, their tables and figures."""

import csv
import io
import json

import pytest

import twin
from twin import names
from twin.errors import TwinError
from twin.plots_eis import plot_eis
from twin.report_eis import all_notes
from twin.studies.eis_result import full_sides

CELL, FULL = "mann2025_lina", "peng2025_lfp_10kco"


@pytest.mark.parametrize(
    ("cell", "asked", "message"),
    [
        (CELL, {"at": "5 h"}, "name it as the state"),
        (CELL, {"every": "5 h"}, "name it as the state"),
        (CELL, {"arguments": {"duration": "5 h"}}, "name it as the state"),
        (CELL, {"state_of_charge": 0.5}, "has no cathode"),
        (FULL, {"state_of_charge": 1.5}, "not between 0 and 1"),
        (FULL, {"state_of_charge": float("nan")}, "not between 0 and 1"),
        (FULL, {"state": "rate_test", "state_of_charge": 0.5}, "give one"),
        (CELL, {"state": "rest", "at": "cycle 2"}, "no cycle 2"),
        (CELL, {"state": "rest", "at": "48 h"}, "over after 24 h"),
        (CELL, {"state": "rest", "every": "1 s"}, "take a longer interval"),
        (CELL, {"state": "rest", "arguments": {"hours": "1 h"}}, "argument 'hours'"),
        (CELL, {"state": "rate_test"}, "runs on FullCell"),
        (
            CELL,
            {"state": "full_stripping", "at": "1000 h"},
            r"ended after 107.\d h \(Polarisation cut-off reached\)",
        ),
        (CELL, {"sweep": [1.0, 0.0]}, "not above zero"),
        (CELL, {"settings": {"Lithium thicknes [m]": 1e-6}}, "Lithium thickness"),
    ],
)
def test_impossible_requests_are_refused(cell, asked, message):
    with pytest.raises(TwinError, match=message):
        twin.eis(cell, **{"sweep": [1.0], **asked})


def test_a_result_of_another_cell_is_refused(tmp_path):
    run = twin.simulate("mann2025_li", "rest", arguments={"duration": "60 s"})
    file = twin.save(run, tmp_path / "rest.nc")
    with pytest.raises(TwinError, match="a result of cell mann2025_li, not of"):
        twin.eis(CELL, file, sweep=[1.0])
    twin.save(run.drop_attrs(), tmp_path / "bare.nc")
    with pytest.raises(TwinError, match="name the experiment"):
        twin.eis(CELL, tmp_path / "bare.nc", sweep=[1.0])


def test_both_electrodes_must_have_vacancies_for_a_diffusivity():
    assert full_sides({"negative": 1.0, "positive": 0.9999}) == ["negative", "positive"]
    assert full_sides({"negative": 0.98, "positive": 0.99}) == []
    fresh = twin.eis(CELL)
    assert fresh.last.lattice is None
    assert any("fills its lattice" in note for note in all_notes(fresh))
    vacant = twin.eis(CELL, settings={names.INITIAL_OCCUPANCY: 0.98})
    assert vacant.last.lattice.occupancy == pytest.approx(0.98, rel=1e-6)
    assert not any("fills its lattice" in note for note in all_notes(vacant))


def test_lost_contact_makes_a_smaller_diffusivity_and_says_so():
    """Crowding at a contact of 0.179 lowers D by 0.179^1.2 = 0.127."""
    found = twin.eis("peng2025_0kco", settings={names.INITIAL_OCCUPANCY: 0.98})
    contact = found.last.linearised.contact_fraction["negative"]
    assert contact == pytest.approx(0.179, abs=0.001)
    given = found.cell.values[names.LITHIUM_DIFFUSIVITY]
    expected = given * contact ** (2 * found.cell.values[names.CROWDING_EXPONENT])
    diffusivity = found.last.analysis.warburg.diffusivity
    assert diffusivity == pytest.approx(expected, rel=0.15, abs=0)
    assert any("contact is not whole" in note for note in all_notes(found))


def test_tables_hold_all_spectra_per_area_and_of_the_cell():
    found = twin.eis(
        CELL,
        "full_stripping",
        arguments={"time_limit": "2 h"},
        every="1 h",
        sweep=[1.0, 100.0],
    )
    lines = [*csv.DictReader(io.StringIO(found.to_csv()))]
    assert [float(line[names.TIME]) for line in lines] == [0, 0, 3600, 3600, 7200, 7200]
    # 0.2 mA/cm2 for an hour
    assert float(lines[2]["Discharge [C.m-2]"]) == pytest.approx(7200, rel=1e-6)
    assert float(lines[0]["Frequency [Hz]"]) == 100
    assert float(lines[0]["Re(Z) [Ohm.cm2]"]) == pytest.approx(20.79, rel=0.01)
    assert float(lines[0]["Re of the cell [Ohm]"]) == pytest.approx(54.0, rel=0.01)
    content = json.loads(found.to_json())
    assert [one["time"] for one in content["spectra"]] == [0, 3600, 7200]
    assert content["spectra"][0]["analysis"] is None
    assert content["arguments"]["time_limit"] == "2 h"
    assert content["units"]["spectrum"] == "Ohm.m2"


def test_progress_rises_to_one():
    seen = []
    twin.eis(CELL, "rest", every="12 h", sweep=[1.0], progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == pytest.approx(1.0)


def test_figures_of_a_series_leave_out_a_lost_contact(tmp_path, monkeypatch):
    found = twin.eis(CELL, "full_stripping", every="5 mA.h.cm-2", sweep="0.1:1e6:4")
    sizes = [abs(one.spectrum.impedance).max() for one in found.spectra]
    assert sizes[-1] > 2 * sizes[0]
    drawn, asked = {}, {}

    def kept(kind):
        def keep(path, points, lines, **options):
            drawn[kind], asked[kind] = lines, options

        return keep

    monkeypatch.setattr("twin.plots_eis.plot_nyquist", kept("nyquist"))
    monkeypatch.setattr("twin.plots_eis.plot_bode", kept("bode"))
    written = plot_eis(found, tmp_path / "a.png")
    small = [size < 2 * sizes[0] for size in sizes]
    within = [one for one, is_small in zip(found.spectra, small, strict=True) if is_small]
    assert drawn["nyquist"] == [one.spectrum for one in within]
    assert drawn["bode"] == [one.spectrum for one in found.spectra]
    # every one has its time, and what is not drawn is said
    assert asked["nyquist"]["hours"] == [one.state.time / 3600 for one in within]
    assert len(asked["bode"]["hours"]) == len(sizes)
    title = asked["nyquist"]["title"]
    assert title.startswith(f"Not drawn: {small.count(False)} of {len(sizes)} spectra")
    assert f"{found.last.state.time / 3600:.4g} h" in title
    assert [path.name for path in written] == [
        "a.png",
        "a_bode.png",
        "a_relaxation.png",
        "a_map.png",
    ]
    assert (tmp_path / "a_map.png").read_bytes().startswith(b"\x89PNG")
