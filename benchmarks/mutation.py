"""How many changes of the physics the fast tests notice.

Each mutant is a module with one change: a sign dropped, an operator exchanged, a number
made a tenth larger, a comparison turned, a function of one argument left out. It counts
as killed when a fast test fails: the module's own examples, or a file of tests/unit that
imports from the module (or, where there is none, from a module that uses it). All run in
forks of one process, so that PyBaMM is imported once.

    python benchmarks/mutation.py [MODULE.py ...] [--json out.json]

prints the score of each module and every mutant that survived.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.machinery
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis.strategies  # noqa: F401  these four once for all forks
import pybamm  # noqa: F401
import pytest
import xarray  # noqa: F401
import zarr  # noqa: F401
from figures import write_figures

ROOT = Path(__file__).resolve().parents[1]
CPU_LIMIT = 60  # s per mutant; an endless loop counts as noticed

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
FUNCTIONS = {
    "abs",
    "arcsinh",
    "cosh",
    "exp",
    "log",
    "positive_part",
    "sinh",
    "sqrt",
    "tanh",
}


def changed(node: ast.AST) -> ast.AST | None:
    """The node with its one change; None if it has none."""
    match node:
        case ast.UnaryOp(op=ast.USub()):
            return node.operand
        case ast.BinOp(op=op) if type(op) in OPERATORS:
            return ast.BinOp(node.left, OPERATORS[type(op)](), node.right)
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            return ast.Compare(node.left, [COMPARISONS[type(op)]()], node.comparators)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[only]):
            return only if name in FUNCTIONS else None
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() | complex() as number):
            return ast.Constant(1.1 * number if number else 1)
    return None


def places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Parents, fields and positions of what may change, annotations left out."""
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "slice"}:
            continue
        for position, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST):
                yield node, field, position if isinstance(value, list) else None
                yield from places(child)


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Sources with one change each, and what to call the change."""
    tree = ast.parse(source)
    for parent, field, position in list(places(tree)):
        siblings = getattr(parent, field)
        old = siblings if position is None else siblings[position]
        new = changed(old)
        if new is None:
            continue
        for node in (new, old):
            if position is None:
                setattr(parent, field, node)
            else:
                siblings[position] = node
            if node is new:
                mutant = ast.unparse(ast.fix_missing_locations(tree))
                name = f"{ast.unparse(old)} -> {ast.unparse(new)}"
        yield f"line {getattr(old, 'lineno', '?')}: {name}", mutant


def tests_of(module: Path) -> list[str]:
    """The module's own examples, and the tests that name it, or what is made of it."""
    users = [f for f in module.parent.glob("*.py") if _names(f, [module])]
    files = sorted((ROOT / "tests" / "unit").glob("*.py"))
    named = [f for f in files if _names(f, [module])]
    return [str(f) for f in (module, *(named or (f for f in files if _names(f, users))))]


def _names(file: Path, modules: list[Path]) -> bool:
    text = file.read_text()
    return any(f"from {_dotted(module)} import" in text for module in modules)


def _dotted(module: Path) -> str:
    return ".".join(module.relative_to(ROOT).with_suffix("").parts)


def passes(module: Path, source: str, tests: list[str]) -> bool:
    """Whether all tests pass in a process in which the module has this source."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT, CPU_LIMIT))
        original = importlib.machinery.SourceFileLoader.get_code

        def get_code(loader: Any, name: str) -> Any:
            if Path(loader.path) == module:
                return compile(source, str(module), "exec")
            return original(loader, name)

        importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
        with Path(os.devnull).open("w") as nothing, contextlib.redirect_stdout(nothing):
            # no plugins, and no rewritten asserts, which would read the file itself
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
            options = "--assert=plain -x -q --tb=no -p no:cacheprovider -o addopts="
            modes = ["--doctest-modules", "--import-mode=importlib"]
            status = pytest.main([*options.split(), *modes, *tests])
        os._exit(int(status))
    status = os.waitpid(child, 0)[1]
    return status == 0


def main() -> None:
    """Print the scores, and write a file if one is named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE.py")
    parser.add_argument("--json", type=lambda name: Path(name).resolve())
    given = parser.parse_args()
    os.chdir(ROOT)
    default = [
        *ROOT.glob("twin/parts/formulas/*.py"),
        *ROOT.glob("twin/parts/submodels/*.py"),
    ]
    total = killed = uncounted = 0
    figures: dict[str, float] = {}
    for module in sorted(Path(path).resolve() for path in given.modules or default):
        source = module.read_text()
        found = list(mutants(source))
        if not found:
            continue
        tests = tests_of(module)
        if len(tests) == 1 and ">>>" not in source:
            print(f"{module.relative_to(ROOT)}: no fast test, {len(found)} not counted")
            uncounted += len(found)
            continue
        if not passes(module, source, tests):
            raise SystemExit(f"{module}: its tests fail without a change")
        survivors = [name for name, mutant in found if passes(module, mutant, tests)]
        figures[f"{module.relative_to(ROOT)}, changes"] = len(found)
        figures[f"{module.relative_to(ROOT)}, survivors"] = len(survivors)
        total, killed = total + len(found), killed + len(found) - len(survivors)
        print(
            f"{module.relative_to(ROOT)}: {len(found) - len(survivors)} of {len(found)} "
            "killed",
            *survivors,
            sep="\n    ",
            flush=True,
        )
    figures |= {"changes": total, "changes not counted": uncounted}
    if total:
        share = 100 * killed / total
        figures["share of changes killed, %"] = share
        print(f"all: {killed} of {total} killed, {share:.1f} %")
    if given.json:
        write_figures(figures, given.json)


if __name__ == "__main__":
    main()
