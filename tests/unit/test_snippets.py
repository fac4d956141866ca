"""Each Python snippet of the README works as pasted: names are imported, and exist."""

import ast
import builtins
import importlib
import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from twin.parts.catalogue import complete
from twin.parts.protocols import list_experiments

README = Path(__file__).parents[2] / "README.md"


def snippets(text: str) -> list[str]:
    """Indented blocks that are Python: they can be parsed, and call something."""
    found = []
    for block in re.findall(r"(?:^(?: {4}.*)?\n)+", text, re.MULTILINE):
        code = "\n".join(line[4:] for line in block.splitlines())
        try:
            tree = ast.parse(code)
        except SyntaxError:  # a command, a table, TOML
            continue
        if any(isinstance(node, ast.Call) for node in ast.walk(tree)):
            found.append(code)
    return found


def missing(code: str) -> set[str]:
    """Names that are used but neither imported nor assigned, and imports there are not."""
    known, used, absent = {*dir(builtins), "__name__"}, set(), set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            known |= {name.asname or name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            known |= {name.asname or name.name for name in node.names}
            module = importlib.import_module(str(node.module))
            absent |= {one.name for one in node.names if not hasattr(module, one.name)}
        elif isinstance(node, ast.Name):
            (known if isinstance(node.ctx, ast.Store) else used).add(node.id)
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "twin":
            if not hasattr(importlib.import_module("twin"), node.attr):
                absent.add(f"twin.{node.attr}")
    return (used - known) | absent


def test_snippets_are_found() -> None:
    assert len(snippets(README.read_text())) == 7


@pytest.mark.parametrize("code", snippets(README.read_text()))
def test_a_snippet_uses_nothing_that_it_does_not_have(code: str) -> None:
    assert missing(code) == set()


def test_what_is_missing_is_noticed() -> None:
    assert missing("found = twin.ccd('a')\nprint(found)\n") == {"twin"}
    assert missing("import twin\ntwin.cdc('a')\n") == {"twin.cdc"}
    assert missing("from twin.errors import Error\n") == {"Error"}


#: Options of commands that begin with the name of a parameter or an argument.
NAMED = ("--set", "--vary", "--range", "--map")


def named(line: str) -> Iterator[tuple[str, str]]:
    """Commands and the names that their options give."""
    words = shlex.split(line.split("  #")[0])
    for option, given in itertools.pairwise(words):
        if option in NAMED:
            yield words[1], given.partition("=")[0].strip()


def test_names_in_commands_of_the_readme_are_known() -> None:
    arguments = {name for one in list_experiments() for name in one.arguments}
    text = README.read_text().replace("\\\n", " ")  # lines that go on
    lines = re.findall(r"^ {4}(twin .*)$", text, re.MULTILINE)
    found = [pair for line in lines for pair in named(line)]
    assert len(found) > 30
    assert ("search", "pressure") in found
    for _, name in found:
        if name.replace(" ", "_") not in arguments:
            complete(name)  # raises where there is none
