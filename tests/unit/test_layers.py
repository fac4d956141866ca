"""The shape of the package: what may import what, and where names are spelled out."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import twin.names
from twin import names

PACKAGE = Path(twin.names.__file__).parent

# From the top. A module belongs to the layer that lists its first part below twin.
LAYERS = (
    (
        "face",
        {
            *("__init__", "__main__", "cli", "cli_ccd", "cli_eis", "cli_tools"),
            "cli_validate",
            *("cli_age", "plots_age", "report_age"),
            *("cli_fit", "report_fit"),
            *("cli_sensitivity", "report_sensitivity", "plots_sensitivity"),
            *("cli_search", "report_search", "plots_search"),
            *("cli_age", "report_age", "plots_age"),
            *("cli_predict", "report_predict", "plots_predict", "cli_new"),
            *("report", "report_ccd", "report_eis"),
            *("report_figures", "report_html", "report_merit"),
            *("plots", "plots_ccd", "plots_eis"),
            *("plots_impedance", "plots_interlayer"),
        },
    ),
    ("studies", {"studies"}),
    ("run", {"run"}),
    ("models", {"models"}),
    ("parts", {"parts"}),
    ("ground", {"names", "units", "errors", "assets"}),
)
# The modules that may use what PyBaMM keeps private: of its equations, and of its solvers.
COMPATIBILITY = ("models/compat.py", "models/compat_solvers.py")

NAMES = {
    value for key, value in vars(names).items() if key.isupper() and isinstance(value, str)
}


def files() -> list[Path]:
    found = sorted(PACKAGE.rglob("*.py"))
    assert PACKAGE / "parts/parameters.py" in found
    return found


def module_of(file: Path) -> str:
    parts = list(file.relative_to(PACKAGE).with_suffix("").parts)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(["twin", *parts]) if parts != ["__init__"] else "twin"


def depth(module: str) -> int:
    """Position of a module's layer, counted from the top."""
    first = (module.split(".") + ["__init__"])[1]
    for position, (_, members) in enumerate(LAYERS):
        if first in members:
            return position
    raise AssertionError(f"{module} belongs to no layer; add '{first}' to one")


def exists(module: str) -> bool:
    path = PACKAGE.parent.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def imports(tree: ast.AST, module: str, is_package: bool) -> Iterator[str]:
    """Modules of this package that a file imports, at any depth of its code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] == "twin")
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                above = module.split(".")
                above = above[: len(above) - node.level + is_package]
                source = ".".join([*above, source]).rstrip(".")
            if source.split(".")[0] == "twin":
                for alias in node.names:
                    inner = f"{source}.{alias.name}"
                    yield inner if exists(inner) else source


def upward_imports(code: str, module: str, is_package: bool = False) -> list[str]:
    own = depth(module)
    found = imports(ast.parse(code), module, is_package)
    return [target for target in found if depth(target) < own]


def private_uses(code: str) -> list[str]:
    """Names with a leading underscore that code takes from pybamm."""

    def private(path: str) -> bool:
        return any(
            part.startswith("_") and not part.startswith("__") for part in path.split(".")
        )

    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            paths = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            paths = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute):
            paths = [ast.unparse(node)]
        else:
            continue
        found += [p for p in paths if p.split(".")[0] == "pybamm" and private(p)]
    return found


def spelled_names(code: str) -> list[str]:
    """String literals that names.py has a constant for."""
    return [
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value in NAMES
    ]


def shown(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("file", files(), ids=shown)
def test_imports_go_down(file: Path) -> None:
    code = file.read_text(encoding="utf-8")
    found = upward_imports(code, module_of(file), file.name == "__init__.py")
    assert not found, f"{shown(file)} imports from a layer above it: {found}"


@pytest.mark.parametrize("file", files(), ids=shown)
def test_private_parts_of_pybamm_stay_in_their_modules(file: Path) -> None:
    if shown(file) not in COMPATIBILITY:
        found = private_uses(file.read_text(encoding="utf-8"))
        assert not found, f"{shown(file)} uses {found}; move it to {COMPATIBILITY[0]}"


@pytest.mark.parametrize("file", files(), ids=shown)
def test_names_are_spelled_once(file: Path) -> None:
    if shown(file) != "names.py":
        found = spelled_names(file.read_text(encoding="utf-8"))
        assert not found, f"{shown(file)} spells out {found}; import from twin.names"


def test_names_are_unique() -> None:
    values = [v for k, v in vars(names).items() if k.isupper() and isinstance(v, str)]
    assert len(values) == len(set(values))


# The rules themselves, on code that breaks them.
@pytest.mark.parametrize(
    ("code", "module", "found"),
    [
        ("from twin.run import nothing", "twin.parts.x", ["twin.run"]),
        ("from twin import studies", "twin.parts.x", ["twin.studies"]),
        ("from twin import load_cell", "twin.parts.x", ["twin"]),
        ("import twin.cli", "twin.studies.x", ["twin.cli"]),
        ("def f():\n  from twin.parts.files import check", "twin.units", None),
        ("from ..models import y", "twin.parts.x", ["twin.models"]),
        ("from . import parts", "twin.units", ["twin.parts"]),
        ("from twin import names, units", "twin.parts.x", []),
        ("from .files import check", "twin.parts.x", []),
        ("import pybamm, twinned", "twin.parts.x", []),
    ],
)
def test_upward_imports_are_seen(code: str, module: str, found: list[str] | None) -> None:
    expected = ["twin.parts.files"] if found is None else found
    assert upward_imports(code, module) == expected


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("from pybamm.solvers import _solver", 1),
        ("import pybamm._hidden", 1),
        ("from pybamm import _hidden", 1),
        ("x = pybamm.Solver._integrate", 1),
        ("x = pybamm.__version__", 0),
        ("x = self._integrate", 0),
        ("from twin import _hidden", 0),
    ],
)
def test_private_uses_are_seen(code: str, count: int) -> None:
    assert len(private_uses(code)) == count


def test_spelled_names_are_seen() -> None:
    name = names.LITHIUM_THICKNESS
    assert spelled_names(f"x = {{'{name}': 1}}") == [name]
    assert spelled_names(f'"""About {name}."""') == []


def test_an_unknown_module_needs_a_layer() -> None:
    with pytest.raises(AssertionError, match="add 'helpers' to one"):
        depth("twin.helpers")
