"""What the command line prints about sensitivities."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.table import Table

from twin import units
from twin.studies.indices import CONFIDENCE, EFFECT, FIRST, SPREAD, TOTAL, interval
from twin.studies.outputs import OUTPUTS
from twin.studies.sensitivity import BY, ELASTICITY, RANKED

if TYPE_CHECKING:
    from twin.studies.sensitivity import SensitivityResult

#: Parameters shown in the terminal; the JSON file has all.
_SHOWN: Final = 12

#: An index whose interval is wider than this has not converged, in what it is itself.
_WIDE: Final = 0.1


def in_shown_unit(name: str, value: float) -> float:
    """A value of an output, from SI to the unit of tables and figures.

    Parameters
    ----------
    name : of the output
    value : in SI

    Examples
    --------
    >>> in_shown_unit("capacity", 36000.0)
    1.0
    """
    of = OUTPUTS[name]
    return units.convert(value, of.unit, of.shown)


def shown_unit(name: str) -> str:
    """Unit of an output in tables and figures, with a space in front; empty without one.

    Examples
    --------
    >>> shown_unit("capacity"), shown_unit("life in cycles")
    (' mA.h.cm-2', '')
    """
    unit = OUTPUTS[name].shown
    return f" {unit}" if unit else ""


def sentence(result: SensitivityResult, name: str) -> str:
    """An output's values in one sentence."""
    unit = shown_unit(name)
    if result.method == "local":
        value = in_shown_unit(name, float(result.indices["value"].sel(output=name)))
        return f"{name} {value:.4g}{unit}; what small changes of the parameters do to it:"
    values = result.samples[name].to_numpy()
    kept = values[np.isfinite(values)]
    low, middle, high = (
        in_shown_unit(name, float(q)) for q in np.quantile(kept, [0.05, 0.5, 0.95])
    )
    return (
        f"{name} {middle:.4g}{unit} in the middle, {low:.4g} to {high:.4g}{unit} in 9 of "
        f"10 of {kept.size} samples:"
    )


def indices_table(result: SensitivityResult, name: str) -> Table:
    """Indices of an output, of the parameters that matter most."""
    of = result.indices.sel(output=name)
    if "size" in of.dims:
        of = of.isel(size=-1)
    ranked = result.ranking(name)[:_SHOWN]
    unit = shown_unit(name)
    if result.method == "sobol":
        table = Table("parameter", "share with others", "share alone", "status", box=None)
        for n in ranked:
            cells = [
                f"{float(of[index][n]):.3f} ± {float(of[interval(index)][n]):.3f}"
                for index in (TOTAL, FIRST)
            ]
            table.add_row(result.factors[n].name, *cells, result.factors[n].status)
    elif result.method == "morris":
        table = Table(
            "parameter", f"effect over its range{unit}", "spread", "status", box=None
        )
        for n in ranked:
            effect, width, spread = (
                in_shown_unit(name, float(of[key][n]))
                for key in (EFFECT, interval(EFFECT), SPREAD)
            )
            cells = [f"{effect:.3g} ± {width:.2g}", f"{spread:.3g}"]
            table.add_row(result.factors[n].name, *cells, result.factors[n].status)
    else:
        table = Table(
            "parameter", f"slope x range{unit}", "elasticity", "by", "status", box=None
        )
        for n in ranked:
            effect = in_shown_unit(name, float(of[EFFECT][n]))
            cells = [f"{effect:+z.3g}", f"{float(of[ELASTICITY][n]):+z.3f}"]
            by = str(of[BY][n].to_numpy())
            table.add_row(result.factors[n].name, *cells, by, result.factors[n].status)
    table.pad_edge = False
    return table


def remarks(result: SensitivityResult) -> list[str]:
    """What a reader should know of the numbers."""
    found = list(result.notes)
    if result.left_out:
        few = ", ".join(result.left_out[:4]) + (", ..." if len(result.left_out) > 4 else "")
        found.append(
            f"{len(result.left_out)} parameters are not in the model of this cell and were "
            f"not varied: {few}"
        )
    if result.failed:
        reason, count = Counter(result.failed.values()).most_common(1)[0]
        found.append(
            f"{len(result.failed)} samples failed and are left out with their block; "
            f"{count} of them: {reason}"
        )
    if result.method == "local":
        return found
    for name in result.outputs:
        of = result.indices.sel(output=name).isel(size=-1)
        ranked = RANKED[result.method]
        widths, values = (of[key].to_numpy() for key in (interval(ranked), ranked))
        if not np.isfinite(values).all():
            found.append(f"{name} is the same in all samples: nothing to rank")
            continue
        scale = 1.0 if result.method == "sobol" else float(values.max())
        widest = float(widths.max()) / scale
        if widest > _WIDE:
            of_what = "variance" if result.method == "sobol" else "largest effect"
            found.append(
                f"{name}: {100 * CONFIDENCE:.0f} % intervals are as wide as ± {widest:.2f} "
                f"of the {of_what}; raise --samples for more than a ranking"
            )
    return found
