"""What a user gets from the wheel: the package, its data, and no other import name."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KINDS = ("parameters", "experiments", "validation")
EXAMPLE = "title = 'Only here to be found'\n"
# Nested more deeply than any of the real data needs to be.
EXAMPLES = (
    *("parameters/cells/zz_example.toml", "parameters/materials/zz_example.toml"),
    *("parameters/interfaces/zz_example.toml", "experiments/zz_example.toml"),
    *("validation/zz_example/case.toml", "validation/zz_example/raw/table.csv"),
    "validation/zz_example/README.md",
)

LISTING = """
import importlib.util, json, pathlib, sys
from twin import assets
folders = [("parameters", s) for s in ("cells", "materials", "interfaces")]
folders += [("experiments", ""), ("validation", "")]
print(json.dumps({
    "package": assets.__file__,
    "listing": {
        f"{kind}/{sub}": {
            name: [str(path), path.read_text(encoding="utf-8")]
            for name, path in assets.listing(kind, sub).items()
        }
        for kind, sub in folders
    },
    "importable": [
        name
        for name in ("parameters", "experiments", "validation", "tests", "docs")
        if importlib.util.find_spec(name)
    ],
}))
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command without the settings of the tests' own environment."""
    hidden = ("PYTHONPATH", "TWIN_ASSETS")
    kept = {key: value for key, value in os.environ.items() if key not in hidden}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, so that building leaves no traces in the real one."""
    copy = tmp_path_factory.mktemp("checkout") / "copy"
    leave = shutil.ignore_patterns(
        *(".git", ".venv*", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")
    )
    shutil.copytree(ROOT, copy, ignore=leave)
    for name in EXAMPLES:
        file = copy / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(EXAMPLE, encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def installed(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the installed wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation"),
        *("--outdir", folder / "dist", checkout),
        cwd=folder,
    )
    (wheel,) = (folder / "dist").glob("*.whl")
    target = folder / "target"
    run(
        *(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index"),
        *("--disable-pip-version-check", "--target", target, wheel),
        cwd=folder,
    )
    return target


def look(first: Path, cwd: Path) -> dict[str, object]:
    """What a Python finds that has a folder first on its path.

    Packages come from the running environment's folders, named one by one. With -S
    their .pth files are left unread, and with them an editable install of the checkout.
    """
    packages = [path for path in sys.path if path.endswith("-packages")]
    path = os.pathsep.join([str(first), *packages])
    out = run(sys.executable, "-S", "-c", LISTING, cwd=cwd, PYTHONPATH=path)
    found: dict[str, object] = json.loads(out)
    return found


def contents(found: dict[str, object]) -> dict[str, dict[str, str]]:
    listing = found["listing"]
    assert isinstance(listing, dict)
    return {
        kind: {name: text for name, (_, text) in files.items()}
        for kind, files in listing.items()
    }


def test_wheel_and_checkout_find_the_same_data(
    checkout: Path, installed: Path, tmp_path: Path
) -> None:
    from_wheel = look(installed, tmp_path)
    from_checkout = look(checkout, tmp_path)
    assert str(from_wheel["package"]).startswith(str(installed))
    assert str(from_checkout["package"]).startswith(str(checkout))
    assert contents(from_wheel) == contents(from_checkout)
    for kind, files in contents(from_wheel).items():
        assert files["zz_example"] == EXAMPLE, kind
    listing = json.dumps(from_wheel["listing"])
    assert str(checkout) not in listing


def test_only_twin_can_be_imported(installed: Path, tmp_path: Path) -> None:
    assert look(installed, tmp_path)["importable"] == []
    names = {path.name for path in installed.iterdir() if not path.name.endswith("-info")}
    assert names <= {"twin", "bin"}


def test_every_module_and_data_file_is_in_the_wheel(
    checkout: Path, installed: Path
) -> None:
    modules = {
        path.relative_to(checkout)
        for path in (checkout / "twin").rglob("*")
        if path.suffix in (".py", ".html") or path.name == "py.typed"
    }
    assert Path("twin/parts/parameters.py") in modules
    assert Path("twin/templates/validation.html") in modules
    missing = {str(path) for path in modules if not (installed / path).is_file()}
    assert not missing, f"add their folders to packages in pyproject.toml: {missing}"
    data = {
        path.relative_to(checkout)
        for kind in KINDS
        for path in (checkout / kind).rglob("*")
        if path.suffix in (".toml", ".csv", ".md")
    }
    assert {Path(name) for name in EXAMPLES} <= data
    absent = {str(p) for p in data if not (installed / "twin" / "_assets" / p).is_file()}
    assert not absent


def test_an_editable_install_finds_the_checkouts_data(
    checkout: Path, tmp_path: Path
) -> None:
    """As `pip install -e` does it, into a folder that Python reads .pth files from."""
    target = tmp_path / "site"
    run(
        *(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index"),
        *("--no-build-isolation", "--disable-pip-version-check"),
        *("--target", target, "--editable", checkout),
        cwd=tmp_path,
    )
    assert not (target / "twin").exists()
    packages = [path for path in sys.path if path.endswith("-packages")]
    start = f"import site, sys; site.addsitedir({str(target)!r})\n{LISTING}"
    # First, because the running environment may have an install of the same name.
    path = os.pathsep.join([str(target), *packages])
    out = run(sys.executable, "-S", "-c", start, cwd=tmp_path, PYTHONPATH=path)
    found = json.loads(out)
    assert found["package"] == str(checkout / "twin/assets.py")
    assert found["importable"] == []
    assert contents(found) == contents(look(checkout, tmp_path))
