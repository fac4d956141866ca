"""Reads BPX files: JSON whose formulas are arithmetic, checked before anything else."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any, Final

from twin.errors import RecordError
from twin.parts.files import read_bytes

#: Bytes of a BPX file; tables of potentials take some, and a larger one is something else.
LARGEST: Final = 10_000_000

#: Characters of a formula.
_LONGEST: Final = 10_000

#: Nested tables and lists of a file.
_DEEPEST: Final = 40

#: Largest exponent: fits of potentials need no more, and larger ones fill the memory.
_POWER: Final = 100.0

_FUNCTIONS: Final = ("exp", "tanh", "cosh")
_VARIABLE: Final = "x"
_OPERATORS: Final = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_RULE: Final = (
    "formulas have numbers, x, + - * / **, brackets, exp, tanh and cosh, and powers of at "
    f"most {_POWER:g}"
)


def read_bpx(path: Path) -> dict[str, Any]:
    """The content of a BPX file, whose formulas cannot do anything but arithmetic.

    BPX writes functions of the stoichiometry as text, and its package turns that text into
    a Python function. Its own check lets any name be called, hence this one.

    Parameters
    ----------
    path : the file

    Returns
    -------
    dict
        As the file has it, with every number of a formula as a decimal number.

    Raises
    ------
    RecordError
        If the file cannot be read, is larger than 10 MB, is not JSON, or one of its
        formulas is more than arithmetic.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "nmc.json"
    >>> _ = path.write_text('{"Parameterisation": {"OCP [V]": "4 - x**2"}}')
    >>> read_bpx(path)["Parameterisation"]["OCP [V]"]
    '4.0 - x ** 2.0'
    """
    where = str(path)
    raw = read_bytes(path, LARGEST, kind="a BPX file", advice="thin out its tables")
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"is not JSON: {error}.", where=where) from None
    if not isinstance(content, dict):
        raise RecordError("is not BPX: it holds no tables.", where=where)
    # titles and references stand outside of these, and are never evaluated
    return {
        key: value if key == "Header" else _checked(value, f"{where}, {key}")
        for key, value in content.items()
    }


def _checked(value: Any, where: str, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise RecordError("is nested too deeply to be BPX.", where=where)
    if isinstance(value, dict):
        return {
            # a description is the one text that is no formula
            key: (
                one
                if key == "description"
                else _checked(one, f"{where}, {key}", depth + 1)
            )
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_checked(one, where, depth + 1) for one in value]
    return formula(value, where) if isinstance(value, str) else value


def formula(text: str, where: str) -> str:
    """A formula of one variable, refused if it is more than arithmetic.

    Parameters
    ----------
    text : as BPX writes it, in Python's notation with the variable x
    where : file and table, for the message

    Returns
    -------
    str
        The same formula, every number with a decimal point: powers of whole numbers could
        fill the memory, decimal ones end as too large.

    Raises
    ------
    RecordError
        If the formula is too long, cannot be read, or holds another name or operation.

    Examples
    --------
    >>> formula("1 + exp(-2*x)", "nmc.json")
    '1.0 + exp(-2.0 * x)'
    >>> formula("exit(1)", "nmc.json")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    twin.errors.RecordError: nmc.json: 'exit' in the formula 'exit(1)': formulas have ...
    """
    shown = text if len(text) <= 60 else f"{text[:60]}..."
    if len(text) > _LONGEST:
        raise RecordError(
            f"the formula '{shown}' is longer than {_LONGEST} characters.", where=where
        )
    try:
        tree = ast.parse(text.strip(), mode="eval")
        found = ast.unparse(_Decimal(shown, where).visit(tree))
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        raise RecordError(f"'{shown}' is no formula: {_RULE}.", where=where) from None
    return found


class _Decimal(ast.NodeTransformer):
    """Passes arithmetic, with decimal numbers, and refuses everything else."""

    def __init__(self, shown: str, where: str) -> None:
        self._shown = shown
        self._where = where

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Expression):
            return ast.Expression(self.visit(node.body))
        number = _number(node)
        if number is not None:
            return ast.Constant(number)
        if isinstance(node, ast.Name) and node.id == _VARIABLE:
            return node
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
            return ast.UnaryOp(node.op, self.visit(node.operand))
        if isinstance(node, ast.BinOp) and self._allowed(node):
            return ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _FUNCTIONS
            and len(node.args) == 1
            and not node.keywords
        ):
            return ast.Call(node.func, [self.visit(node.args[0])], [])
        inner = node.func if isinstance(node, ast.Call) else node
        raise RecordError(
            f"'{ast.unparse(inner):.40}' in the formula '{self._shown}': {_RULE}.",
            where=self._where,
        )

    def _allowed(self, node: ast.BinOp) -> bool:
        if not isinstance(node.op, ast.Pow):
            return isinstance(node.op, _OPERATORS)
        power = node.right
        if isinstance(power, ast.UnaryOp):
            power = power.operand
        number = _number(power)
        return number is not None and number <= _POWER


def _number(node: ast.AST) -> float | None:
    """Value of a number as written, which has no sign; None of anything else."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, bool):
        if isinstance(node.value, int | float):
            return float(node.value)
    return None
