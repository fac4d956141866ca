"""Equations of pages and docstrings as MathML, which browsers draw without any script."""

import re
from typing import Any

from latex2mathml.converter import convert
from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

#: A directive with its indented lines, a block between dollars, a role in a sentence.
BLOCK = re.compile(r"^\.\. math::((?:.*)(?:\n+(?=[ \t]+\S).+)*)", re.MULTILINE)
DOLLARS = re.compile(r"^\$\$\n(.+?)\n\$\$$", re.MULTILINE | re.DOTALL)
ROLE = re.compile(r":math:`([^`]+)`")
#: Roles that name a function or class, which are shown as code.
NAME = re.compile(r":(?:func|class|data|meth|mod|attr):`~?([^`]+)`")


def mathml(equation: str, display: str) -> str:
    """An equation of LaTeX as MathML."""
    if "&" in equation:
        equation = rf"\begin{{aligned}}{equation}\end{{aligned}}"
    return convert(" ".join(equation.split()), display=display)


class Equations(Preprocessor):
    """Puts MathML where the text has LaTeX."""

    def run(self, lines: list[str]) -> list[str]:
        def block(found: re.Match[str]) -> str:
            drawn = mathml(found[1], "block")
            kept = self.md.htmlStash.store(f'<div class="equation">{drawn}</div>')
            return f"\n\n{kept}\n\n"

        text = DOLLARS.sub(block, BLOCK.sub(block, "\n".join(lines)))
        text = ROLE.sub(lambda m: self.md.htmlStash.store(mathml(m[1], "inline")), text)
        return NAME.sub(lambda m: f"`{m[1].rpartition('.')[2]}`", text).split("\n")


class MathExtension(Extension):
    """Before fences and HTML are set aside, after snippets are in."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Markdown's
        md.preprocessors.register(Equations(md), "equations", 28)


def on_config(config: Any) -> Any:
    """Hook of MkDocs; docstrings are converted with the extensions of the pages."""
    config["markdown_extensions"].append(MathExtension())
    return config
