"""The command line as a user types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import twin
from twin import names


def run(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("twin")), *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=300,
        check=False,
    )


def test_listings_name_what_there_is() -> None:
    cells = run("cells")
    assert cells.returncode == 0
    line = next(x for x in cells.stdout.splitlines() if x.startswith("mann2025_li "))
    assert "Li | LLZO | Li" in line and "SymmetricCell" in line
    experiments = run("experiments")
    assert "cut_off = 1 V" in experiments.stdout


def test_run_writes_result_and_figure(tmp_path: Path) -> None:
    done = run(
        *(
            "run",
            "mann2025-lina",
            "full_stripping",
            "-o",
            "out.nc",
            "--plot",
            "out.png",
        ),
        *("--set", "current_density=1 mA/cm^2", "--set", "Lithium thickness=100 um"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "Polarisation cut-off reached" in done.stdout
    assert "Lithium self-diffusivity at 25 C [m2.s-1]" in done.stdout
    assert "Lithium thickness [m]" not in done.stdout  # assumed: counted, not named
    result = twin.load(tmp_path / "out.nc")
    assert float(result[names.CURRENT][0]) == pytest.approx(10 * 0.385e-4)
    thickness = names.variable_of(names.SLAB_THICKNESS, "negative")
    assert float(result[thickness][0]) == pytest.approx(100e-6)
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.nc", "out.png"]


def test_validate_exits_0_and_writes_json(tmp_path: Path) -> None:
    done = run(
        "validate",
        "mann2025",
        "--test",
        "full stripping",
        "--json",
        "rows.json",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "rows.json").read_text())
    assert {"id", "paper", "cell", "quantity", "unit", "reported", "bound"} <= set(rows[0])
    assert {"simulated", "error", "tolerance", "passed", "status", "rests_on"} <= set(
        rows[0]
    )
    assert all(row["passed"] for row in rows)
    assert sum(row["status"] == "fitted" for row in rows) == 3


def test_validate_exits_1_when_a_row_fails(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(
        'title = "t"\npaper = "p"\nreference = "r"\n[[rows]]\nid = "a"\n'
        'cell = "mann2025_lina"\nexperiment = "current_pulse"\n'
        'observable = "initial polarisation"\ntolerance = 0.05\nreason = "r"\n'
    )
    (tmp_path / "measurements.csv").write_text(
        "id,quantity,value,unit,bound,locator\na,voltage,99,mV,=,here\n"
    )
    done = run("validate", ".", "--json", "-", cwd=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)[0]["passed"] is False


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "mann2025_lin", "rest"), "Did you mean 'mann2025_lina'"),
        (("run", "mann2025_lina", "full_strip"), "Did you mean 'full_stripping'"),
        (
            ("run", "mann2025_lina", "rest", "--set", "Lithium thicknes=5 um"),
            "Did you mean 'Lithium thickness [m]'",
        ),
        (
            ("run", "mann2025_lina", "rest", "--set", "Lithium thickness=5"),
            "missing unit",
        ),
        (
            ("run", "mann2025_lina", "rest", "--set", "Lithium thickness=5 V"),
            "converts to 'm'",
        ),
        (
            ("run", "mann2025_lina", "rest", "--set", "Lithium thickness=-5 um"),
            "outside the allowed interval",
        ),
        (
            ("run", "mann2025_lina", "rest", "--set", "Lithium thickness=nan um"),
            "nan",
        ),
        (("run", "mann2025_lina", "rest", "--set", "duration"), "NAME=VALUE unit"),
        (
            (
                "run",
                "zhu2025_lco_llto60",
                "rest",
                "--set",
                "Positive electrode thickness=9 um",
            ),
            "active material loading",
        ),
        (
            ("run", "yang2024_nano", "rest", "--set", "Interlayer porosity=0.99"),
            "= 0.99 (settings of this run)",
        ),
        (("run", "mann2025_lina", "rest", "-o", "none/x.nc"), "does not exist"),
        (("run", "mann2025_lina", "rest", "--plot", "x.jpeg2"), "png, pdf, svg"),
        (("validate", "mann2024"), "Did you mean 'mann2025'"),
        (("validate", "mann2025", "--json", "none/x.json"), "does not exist"),
        (("valdate",), "valdate"),
    ],
)
def test_a_wrong_request_gets_one_message_and_code_2(
    words: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ('title = "half', "not valid TOML"),
        (
            'title = "t"\n["Lithium thickness [m]"]\nvalue = 1e-5\nunit = "m"\n',
            "missing",
        ),
    ],
)
def test_a_broken_cell_file_is_named(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text)
    done = run("run", "mine.toml", "rest", cwd=tmp_path)
    assert done.returncode == 2
    assert "mine.toml" in done.stderr and message in done.stderr
    assert "Traceback" not in done.stderr


def test_help_does_not_load_pybamm_and_import_loads_no_plotting() -> None:
    code = (
        "import sys; sys.argv = ['twin', '--help']\n"
        "from twin.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code\n"
        "assert 'pybamm' not in sys.modules and 'matplotlib' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "validate" in done.stdout
    code = "import sys, twin; assert not {'pybamm', 'matplotlib'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
