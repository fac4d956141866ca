"""What the command line prints about critical current densities."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rich.table import Table

from twin import names
from twin.run.failure import SHORT, SURVIVED
from twin.studies.ccd_map import CCD, CONTINUOUS_CCD, MODE

if TYPE_CHECKING:
    import xarray as xr

    from twin.studies.ccd import CcdResult

#: Parameters shown in the terminal; the JSON file has all.
_SHOWN: Final = 8

#: A.m-2 in one mA.cm-2.
_MA_CM2: Final = 10.0


def ccd_sentence(result: CcdResult) -> str:
    """The answer in one sentence.

    Examples
    --------
    >>> from twin import ccd
    >>> found = ccd("mann2025_li", arguments={"end": "0.2 mA.cm-2"}, sensitivity=False)
    >>> ccd_sentence(found)
    'CCD >= 0.2 mA/cm2: no level failed up to the end of the sweep.'
    """
    value = result.critical_current_density / _MA_CM2
    failure = result.failure
    if failure.mode == SURVIVED:
        return f"CCD >= {value:.4g} mA/cm2: no level failed up to the end of the sweep."
    first = ", at the first level: lower 'start'" if result.bound == "<=" else ""
    return f"CCD {result.bound} {value:.4g} mA/cm2: {failure.in_words}{first}."


def ccd_table(result: CcdResult) -> Table:
    """The failure in numbers, and what was left of the way to the other one."""
    failure = result.failure
    table = Table(box=None, show_header=False, pad_edge=False)

    def sides(values: dict[str, float] | object, scale: float, unit: str) -> str:
        assert isinstance(values, dict)
        shown = (f"{side} {value / scale:.4g}{unit}" for side, value in values.items())
        return ", ".join(shown)

    table.add_row("cell, experiment", f"{result.cell}, {result.experiment}")
    if failure.event:
        table.add_row("ended by", failure.event)
    table.add_row(
        "at", f"cycle {failure.cycle}, step {failure.step}, {failure.time / 3600:.4g} h"
    )
    table.add_row("voltage", f"{failure.voltage:.4g} V")
    if failure.contact_fraction:
        table.add_row(names.CONTACT_FRACTION, sides(failure.contact_fraction, 1, ""))
    local = failure.local_current_density
    if local:
        table.add_row("local current density", sides(local, _MA_CM2, " mA/cm2"))
    if failure.filament_length:
        table.add_row("filament over separator", sides(failure.filament_length, 1, ""))
    table.add_row("margin", _margin(result))
    # the last level survived, and the share of the next one
    table.add_row("between the levels", f"{result.continuous / _MA_CM2:.4g} mA/cm2")
    return table


def _margin(result: CcdResult) -> str:
    """How far the failure that did not happen was away."""
    parts = []
    if result.failure.mode != SHORT and result.filament_left is not None:
        parts.append(f"{100 * result.filament_left:.3g} % of the separator to a short")
    if result.failure.mode in (SHORT, SURVIVED) and result.contact_left is not None:
        parts.append(f"{100 * result.contact_left:.3g} % of the initial contact left")
    return "; ".join(parts) or "none to tell: only one failure can occur in this model"


def elasticities_table(result: CcdResult) -> Table:
    """Parameters that the CCD is most sensitive to."""
    table = Table("most sensitive to", "elasticity", "status", box=None, pad_edge=False)
    for one in result.elasticities[:_SHOWN]:
        bounded = "at least " if one.bounded else ""
        table.add_row(one.name, f"{bounded}{one.elasticity:+z.2f}", one.status)
    return table


def map_sentence(found: xr.Dataset) -> str:
    """Extent of a map and its failures in one sentence."""
    modes, counts = zip(*_counts(found), strict=True)
    density = found[CCD] / _MA_CM2
    listed = ", ".join(f"{n} {mode}" for mode, n in zip(modes, counts, strict=True))
    return (
        f"CCD {float(density.min()):.4g} to {float(density.max()):.4g} mA/cm2 over "
        f"{found[CCD].size} designs; failures: {listed}"
    )


def _counts(found: xr.Dataset) -> list[tuple[str, int]]:
    modes = [str(mode) for mode in found[MODE].to_numpy().ravel()]
    named = {mode: f"{mode} (end of the sweep)" for mode in (SURVIVED,)}
    return [(named.get(m, m), modes.count(m)) for m in sorted(set(modes))]


def map_json(found: xr.Dataset) -> str:
    """A map as JSON: axes with units, and the results by row of y."""
    content = {
        **found.attrs,
        **{
            key: {
                "name": found[key].attrs["long_name"],
                "unit": found[key].attrs["units"],
                "values": found[key].to_numpy().tolist(),
            }
            for key in ("x", "y")
        },
        "units": {CCD: found[CCD].attrs["units"]},
        # a design that the solver failed at has no number
        **{key: _without_nan(found[key]) for key in (CCD, CONTINUOUS_CCD)},
        MODE: found[MODE].to_numpy().tolist(),
    }
    return json.dumps(content, indent=2) + "\n"


def _without_nan(values: xr.DataArray) -> list[list[float | None]]:
    rows = values.to_numpy().tolist()
    return [[None if value != value else value for value in row] for row in rows]
