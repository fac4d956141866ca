"""The file of figures that each benchmark writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path


def write_figures(figures: Mapping[str, object], path: Path) -> None:
    """Write figures by name as JSON, whole or not at all."""
    part = path.with_name(f".part-{path.name}")
    part.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    part.replace(path)
