"""What is installed with this package: licences, and that all that is imported is declared.

``pytest -n0 -s tests/packaging/test_dependencies.py`` prints the licence of each package.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
#: Licences under which a package may be needed by one under the BSD-3-Clause, by what they
#: are called. The LGPL and the MPL bind changes of the library itself, and no user of it.
FREE = re.compile(
    r"0?BSD|MIT|Apache|PSF|Python Software Foundation|ISC|Zlib|CC0|LGPL|Lesser General"
    r"|MPL|Mozilla|Permission is hereby granted, free of charge",
    re.IGNORECASE,
)
GPL = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public", re.IGNORECASE)
#: Packages that do not say it in their metadata, with what their licence file begins with.
IN_FILE = {"pybammsolvers": "BSD 3-Clause License"}


def needed(package: str, extras: frozenset[str], seen: dict[str, set[str]]) -> None:
    """Add a package and all that it needs on this machine, with their extras."""
    name = re.sub(r"[-_.]+", "-", package).lower()
    known = seen.get(name)
    if known is not None and extras <= known:
        return
    seen.setdefault(name, set()).update(extras)
    for text in distribution(name).requires or ():
        found = Requirement(text)
        if found.marker is None or any(
            found.marker.evaluate({"extra": extra}) for extra in extras or {""}
        ):
            needed(found.name, frozenset(found.extras), seen)


def closure(*extras: str) -> list[str]:
    seen: dict[str, set[str]] = {}
    needed("solid-state-twin", frozenset(extras), seen)
    return sorted(seen)


def licence(package: str) -> str:
    """What a package says of its licence: as expression, as class, or in words."""
    given = distribution(package).metadata
    classes = [
        text.rpartition("::")[2].strip()
        for text in given.get_all("Classifier") or []
        if text.startswith("License ::") and not text.endswith("OSI Approved")
    ]
    words = " ".join((given.get("License") or "").split())
    return given.get("License-Expression") or ", ".join(classes) or words


def licence_file(package: str) -> Iterator[str]:
    for path in distribution(package).files or ():
        if re.search(r"licen[cs]e", path.name, re.IGNORECASE):
            yield path.read_text()


@pytest.mark.parametrize("package", closure("bpx", "cluster"))
def test_licence_lets_this_package_be_under_the_bsd(package: str) -> None:
    said = licence(package)
    if package in IN_FILE:
        assert any(text.startswith(IN_FILE[package]) for text in licence_file(package))
        said = IN_FILE[package]
    print(f"{package}: {said:.60}")
    assert FREE.search(said), f"{package} says '{said}': read it, then add it here"
    assert not GPL.search(said), f"{package} is under '{said}'"


def test_only_the_readers_of_instruments_bring_the_gpl() -> None:
    optional = set(closure("instruments")) - set(closure("bpx", "cluster"))
    under = {package for package in optional if GPL.search(licence(package))}
    # odfpy lets one choose between the GPL and the Apache licence
    assert {"galvani", "pyimpspec"} <= under <= {"galvani", "pyimpspec", "odfpy"}


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    """By deptry, with the exceptions that pyproject.toml lists."""
    run = subprocess.run(
        [sys.executable, "-m", "deptry", "--no-ansi", "twin"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
