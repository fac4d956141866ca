"""The layers of a cell between its current collectors, with thicknesses and masses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from twin import names
from twin.errors import RecordError
from twin.parts.cell import Cell
from twin.parts.formulas.cathode import electrode_thickness
from twin.parts.formulas.constants import FARADAY
from twin.parts.formulas.stack import LITHIUM_MOLAR_MASS, areal_mass, lithium_mass


@dataclass(frozen=True)
class Layer:
    """A layer of the stack, as made: uncharged, with the lithium it has at the start.

    Attributes
    ----------
    name : what it is
    thickness : [m]
    mass : per area [kg.m-2]
    """

    name: str
    thickness: float
    mass: float


class Stack:
    """Which layers a cell has, and their thicknesses and masses for any values.

    Counted are the two collectors (as far as they belong to one cell), the lithium, an
    interlayer with the lithium in it, the separator and the cathode with its electrolyte;
    not tabs, pouch and whatever presses the stack.

    Parameters
    ----------
    cell : Cell
        A full cell or one without lithium on the collector.

    Raises
    ------
    RecordError
        If a density or thickness is missing, with all that are.

    Examples
    --------
    >>> from twin.parts.parameters import load_cell
    >>> stack = Stack(load_cell("thin_llzo_ncm622"))
    >>> [layer.name for layer in stack.layers()][:3]
    ['negative collector', 'lithium', 'interlayer']
    """

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self.interlayer = cell.options.get("interlayer", "none") != "none"
        self.foil = cell.options.get("lithium", "slab") == "slab" and (
            cell.model == "FullCell"
        )
        self.wet = cell.options.get("electrolyte") == "liquid"
        missing = [name for name in self.needs() if name not in cell.values]
        if missing:
            listed = ", ".join(f"'{name}'" for name in missing)
            raise RecordError(
                f"no mass without {listed}; add a table for each, or a file that has them "
                "(materials/stack_garnet) to 'uses'",
                where=f"cell {cell.name}",
            )

    def needs(self) -> Iterator[str]:
        """Names of the parameters that masses and thicknesses follow from."""
        yield from (
            names.NEGATIVE_COLLECTOR_THICKNESS,
            names.NEGATIVE_COLLECTOR_DENSITY,
            names.POSITIVE_COLLECTOR_THICKNESS,
            names.POSITIVE_COLLECTOR_DENSITY,
            names.SEPARATOR_THICKNESS,
            names.SEPARATOR_DENSITY,
            names.LITHIUM_SITE_CONCENTRATION,
            names.CATHODE_LOADING,
            names.CATHODE_DENSITY,
            names.CATHODE_ACTIVE_FRACTION,
            names.CATHODE_POROSITY,
            names.CATHOLYTE_DENSITY,
            names.FILLER_DENSITY,
        )
        if self.foil:
            yield from (names.LITHIUM_THICKNESS, names.LITHIUM_VOLUME_FRACTION)
            if self._cell.values.get(names.LITHIUM_VOLUME_FRACTION, 1.0) < 1:
                yield names.SCAFFOLD_DENSITY
        if self.interlayer:
            yield from (
                names.INTERLAYER_THICKNESS,
                names.INTERLAYER_POROSITY,
                names.INTERLAYER_DENSITY,
            )
        if self.wet:
            yield names.SEPARATOR_POROSITY

    def layers(self, changed: Mapping[str, float] | None = None) -> Sequence[Layer]:
        """The layers from the negative collector to the positive one.

        Parameters
        ----------
        changed : values in SI in place of the cell's own
        """
        v = {**self._cell.values, **(changed or {})}
        found = [
            _foil("negative collector", v, *_NEGATIVE),
            *self._anode(v),
            self._separator(v),
            _cathode(v),
            _foil("positive collector", v, *_POSITIVE),
        ]
        return [layer for layer in found if layer.thickness > 0]

    def _anode(self, v: Mapping[str, float]) -> Iterator[Layer]:
        lithium = v[names.LITHIUM_SITE_CONCENTRATION] * LITHIUM_MOLAR_MASS
        plated = self._plated(v)
        if self.foil:
            share = v[names.LITHIUM_VOLUME_FRACTION]
            parts = [(share, lithium), (1 - share, v.get(names.SCAFFOLD_DENSITY, 0.0))]
            thickness = v[names.LITHIUM_THICKNESS]
            yield Layer("lithium", thickness, areal_mass(thickness, parts))
        in_pores = v.get(names.INTERLAYER_INITIAL_LITHIUM, 0.0)
        if self.interlayer:
            thickness, porosity = (
                v[names.INTERLAYER_THICKNESS],
                v[names.INTERLAYER_POROSITY],
            )
            if not self.foil and names.NP_RATIO in v:
                # what the pores cannot hold lies on the substrate
                in_pores = min(plated / (thickness * porosity), 0.95)
                plated -= in_pores * thickness * porosity
            parts = [
                (1 - porosity, v[names.INTERLAYER_DENSITY]),
                (porosity * in_pores, lithium),
            ]
            if self.wet:
                liquid = v[names.CATHOLYTE_DENSITY]
                parts.append((porosity * (1 - in_pores), liquid))
            stored = v.get(names.HOST_CAPACITY, 0.0) * v.get(
                names.HOST_INITIAL_STOICHIOMETRY, 0.0
            )
            mass = areal_mass(thickness, parts) + lithium_mass(stored * thickness)
            yield Layer("interlayer", thickness, mass)
        if not self.foil:
            yield Layer("lithium", plated, areal_mass(plated, [(1.0, lithium)]))

    def _plated(self, v: Mapping[str, float]) -> float:
        """Thickness of lithium that was plated before the first cycle [m]."""
        if names.NP_RATIO not in v:
            return v.get(names.PLATED_THICKNESS, 0.0)
        charge = v[names.NP_RATIO] * v[names.CATHODE_CAPACITY] * v[names.CATHODE_LOADING]
        return charge / (FARADAY * v[names.LITHIUM_SITE_CONCENTRATION])

    def _separator(self, v: Mapping[str, float]) -> Layer:
        thickness, density = v[names.SEPARATOR_THICKNESS], v[names.SEPARATOR_DENSITY]
        parts = [(1.0, density)]
        if self.wet:
            porosity = v[names.SEPARATOR_POROSITY]
            parts = [(1 - porosity, density), (porosity, v[names.CATHOLYTE_DENSITY])]
        return Layer("separator", thickness, areal_mass(thickness, parts))


_NEGATIVE = (names.NEGATIVE_COLLECTOR_THICKNESS, names.NEGATIVE_COLLECTOR_DENSITY)
_POSITIVE = (names.POSITIVE_COLLECTOR_THICKNESS, names.POSITIVE_COLLECTOR_DENSITY)


def _foil(name: str, v: Mapping[str, float], thickness: str, density: str) -> Layer:
    return Layer(name, v[thickness], areal_mass(v[thickness], [(1.0, v[density])]))


def _cathode(v: Mapping[str, float]) -> Layer:
    active, porosity = v[names.CATHODE_ACTIVE_FRACTION], v[names.CATHODE_POROSITY]
    density = v[names.CATHODE_DENSITY]
    thickness = electrode_thickness(v[names.CATHODE_LOADING], density, active)
    parts = [
        (active, density),
        (porosity, v[names.CATHOLYTE_DENSITY]),
        (1 - active - porosity, v[names.FILLER_DENSITY]),
    ]
    return Layer("cathode", thickness, areal_mass(thickness, parts))
