"""The page and the tables of a performance sheet made up by hand."""

import base64
import json
import re
from dataclasses import replace

from typer.testing import CliRunner

from twin import report_predict
from twin.cli import app
from twin.errors import TwinError, UnknownNameError
from twin.parts.stack import Layer
from twin.studies.prediction import Prediction
from twin.studies.propagation import Figure
from twin.studies.temperature_sheet import TemperatureWindow


def figure(name: str, unit: str, value: float) -> Figure:
    dominant = (("Interlayer thickness [m]", 0.7),)
    return Figure(name, unit, value, 0.9 * value, 1.2 * value, dominated_by=dominant)


SHEET = Prediction(
    cell="made_up",
    title="Li <20 um> | LLZO",
    conditions={"charge": "C/10 to 4.3 V"},
    rates=(0.5,),
    rate=0.5,
    figures={
        "rates": (figure("capacity at 0.5C", "mA.h.cm-2", 3.0),),
        "stack": (
            figure("specific energy at 0.5C", "W.h.kg-1", 260.0),
            figure("specific power at 0.5C", "W.kg-1", 120.0),
        ),
        "resistance": (figure("cathode", "Ohm.cm2", 14.0),),
        "temperature": (figure("lowest temperature", "degC", 10.0),),
    },
    layers=(Layer("lithium", 20e-6, 0.0107), Layer("separator", 20e-6, 0.104)),
    temperature=TemperatureWindow((0.0, 25.0), (2.0, 3.0), 2.4),
    left_out={"life": "the cell has no fade mechanism"},
    notes=("a remark",),
    varied={"Interlayer thickness [m]": (2e-5, 4e-5)},
    rests_on=(),
)


def test_the_page_needs_nothing_else() -> None:
    page = report_predict.sheet_page(SHEET)
    assert "Li &lt;20 um&gt; | LLZO" in page
    sources = re.findall(r"src='([^']*)'", page)
    assert len(sources) == 5
    for source in sources:
        svg = base64.b64decode(source.removeprefix("data:image/svg+xml;base64,"))
        assert b"</svg>" in svg
    assert "href=" not in page
    assert "the cell has no fade mechanism" in page


def test_an_open_interval_is_written_as_one() -> None:
    one = replace(figure("ccd", "mA.cm-2", 5.0), high=20.0, open_end=True)
    figures = {**SHEET.figures, "ccd": (one,)}
    page = report_predict.sheet_page(replace(SHEET, figures=figures))
    assert "<td>4.5 to &gt;= 20</td>" in page


def test_numbers_stand_with_their_intervals() -> None:
    page = report_predict.sheet_page(SHEET)
    row = "<td>specific energy at 0.5C</td><td>260</td><td>Wh/kg</td><td>234 to 312</td>"
    assert row + "<td>Interlayer thickness 70%</td>" in page
    # 20 + 20 um, 1.07 + 10.40 mg/cm2
    assert "<td>together</td><td>40.0</td><td>11.47</td>" in page


def test_without_intervals_there_are_no_columns_for_them() -> None:
    page = report_predict.sheet_page(replace(SHEET, varied={}))
    assert "interval" not in page


def test_json_has_every_figure() -> None:
    content = json.loads(SHEET.to_json())
    assert content["figures"]["stack"][0]["value"] == 260.0
    assert content["layers"][1]["mass"] == 0.104
    assert content["units"]["mass"] == "kg.m-2"


def test_wrong_requests_are_told_before_anything_runs() -> None:
    def said(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["predict", "thin_llzo_ncm622", *arguments])
        assert isinstance(result.exception, TwinError)
        return str(result.exception)

    assert "0.1,0.5,2" in said("--rates", "fast")
    assert "temperature" in said("--without", "temperatures")
    assert "is not below" in said("--range", "pressure=2:1 MPa")
    try:
        SHEET.figure("capacity at 0.2C")
    except UnknownNameError as error:
        assert "capacity at 0.5C" in str(error)
    else:
        raise AssertionError
