"""The submodels of one lithium electrode, its design, and the meshes of its layers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pybamm

from twin import names
from twin.errors import UnknownNameError
from twin.names import Side
from twin.parts.submodels.base import ElectrodeSubModel
from twin.parts.submodels.concentration_overpotential import (
    ConcentrationOverpotential,
)
from twin.parts.submodels.constriction import Constriction
from twin.parts.submodels.contact import Contact
from twin.parts.submodels.creep_closure import CreepClosure
from twin.parts.submodels.electrode_stack import ElectrodeStack
from twin.parts.submodels.filament import Filament, NoFilament
from twin.parts.submodels.interface_butler_volmer import InterfaceButlerVolmer
from twin.parts.submodels.interface_kinetics import InterfaceKinetics
from twin.parts.submodels.interface_resistance import InterfaceResistance
from twin.parts.submodels.interlayer_host import InterlayerHost, NoInterlayerHost
from twin.parts.submodels.interlayer_plating import InterlayerPlating
from twin.parts.submodels.interlayer_potential import InterlayerPotential
from twin.parts.submodels.interlayer_properties import (
    InterlayerProperties,
    PolaronInterlayerProperties,
)
from twin.parts.submodels.interphase import Interphase, NoInterphase
from twin.parts.submodels.lattice_supply import LatticeSupply
from twin.parts.submodels.lithium_diffusion import LithiumDiffusion
from twin.parts.submodels.lithium_growth import LithiumGrowth
from twin.parts.submodels.lithium_loss import LithiumLoss, NoLithiumLoss
from twin.parts.submodels.plated_lithium import PlatedLithium
from twin.parts.submodels.void_growth import VoidGrowth
from twin.parts.submodels.void_refilling import VoidRefilling
from twin.parts.submodels.void_volume import VoidVolume

#: Laws of charge transfer that a cell can name in its option "interface kinetics".
INTERFACE_LAWS: dict[str, type[InterfaceKinetics]] = {
    "resistance": InterfaceResistance,
    "Butler-Volmer": InterfaceButlerVolmer,
}

#: Values of each option of an electrode; the first is the default.
ELECTRODE_OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "lithium": ("slab", "plated"),
    "interface_kinetics": tuple(INTERFACE_LAWS),
    "interlayer": ("none", "porous"),
    "interlayer_host": ("none", "insertion"),
    "interlayer_conduction": ("constant", "polaron"),
    "interphase": ("none", "growing"),
    "filament": ("none", "growing"),
    "lithium_loss": ("none", "Coulombic"),
}

#: Cells across the slab, and how much wider the last one is than the first (log).
SLAB_CELLS = 100
SLAB_STRETCH = 4.0

#: Cells across a foil behind an interlayer, which takes what the layer leaves to it.
FOIL_CELLS = 40

#: Cells across an interlayer, and how strongly they crowd at both of its faces.
INTERLAYER_CELLS = 40
INTERLAYER_CROWDING = 2.2


@dataclass(frozen=True)
class ElectrodeDesign:
    """Which mechanisms a lithium electrode has.

    Parameters
    ----------
    lithium : "slab" with vacancies and voids, or "plated" as a dense film on a substrate
        that may have none at the start
    interface_kinetics : "resistance" or "Butler-Volmer"; a plated film has its own
    interlayer : "none" or "porous"
    interlayer_host : "none" or "insertion" of lithium before it plates
    interlayer_conduction : "constant" or "polaron", which rises with the reduction of
        the host
    interphase : "none" or "growing", where a sulfide touches bare lithium
    filament : "none" or "growing" through the separator while plating
    lithium_loss : "none" or "Coulombic", a share of what is plated becomes dead

    Raises
    ------
    UnknownNameError
        For a value that does not exist, or a combination that means nothing.
    """

    lithium: str = "slab"
    interface_kinetics: str = "resistance"
    interlayer: str = "none"
    interlayer_host: str = "none"
    interlayer_conduction: str = "constant"
    interphase: str = "none"
    filament: str = "none"
    lithium_loss: str = "none"

    def __post_init__(self) -> None:
        for field in fields(self):
            known = ELECTRODE_OPTIONS[field.name]
            given = getattr(self, field.name)
            if given not in known:
                raise UnknownNameError(field.name.replace("_", " "), given, known)
        if self.lithium == "plated" and self.interphase != "none":
            raise UnknownNameError(
                "interphase of plated lithium", self.interphase, ["none"]
            )
        if self.interlayer_conduction == "polaron" and self.interlayer_host == "none":
            raise UnknownNameError("interlayer host", "none", ["insertion"])
        if self.has_interlayer and self.interphase != "none":
            # the foil does not touch the separator there
            raise UnknownNameError(
                "interphase behind an interlayer", self.interphase, ["none"]
            )

    @property
    def has_interlayer(self) -> bool:
        """Whether a mixed-conducting layer stands between foil and separator."""
        return self.interlayer != "none"


def electrode_submodels(
    side: Side, design: ElectrodeDesign, options: pybamm.BatteryModelOptions
) -> dict[str, pybamm.BaseSubModel]:
    """Submodels of a lithium electrode, one mechanism each.

    Parameters
    ----------
    side : "negative" or "positive"
    design : which mechanisms it has
    options : options of the model; "surface form" decides about the double layer

    Returns
    -------
    dict of submodel name to submodel, in the order in which a reader would list them
    """
    submodels: dict[str, pybamm.BaseSubModel] = {}
    law: PlatedLithium | InterfaceKinetics
    if design.lithium == "plated":
        mechanisms: list[type[ElectrodeSubModel]] = [NoInterphase]
        law = PlatedLithium(side, options)
    else:
        mechanisms = _slab_mechanisms(design)
        law = INTERFACE_LAWS[design.interface_kinetics](side, options)
    law.behind_interlayer = design.has_interlayer
    if design.has_interlayer:
        mechanisms += _interlayer_mechanisms(design)
    else:
        mechanisms.append(ElectrodeStack)
    submodels.update(
        {f"{side} {found.__name__}": found(side, options) for found in mechanisms}
    )
    submodels[f"{side} {type(law).__name__}"] = law
    filament = (Filament if design.filament == "growing" else NoFilament)(side, options)
    filament.behind_interlayer = design.has_interlayer
    submodels[f"{side} {type(filament).__name__}"] = filament
    loss = (NoLithiumLoss if design.lithium_loss == "none" else LithiumLoss)(side, options)
    loss.behind_interlayer = design.has_interlayer
    submodels[f"{side} {type(loss).__name__}"] = loss
    return submodels


def _slab_mechanisms(design: ElectrodeDesign) -> list[type[ElectrodeSubModel]]:
    interphase = Interphase if design.interphase == "growing" else NoInterphase
    mechanisms: list[type[ElectrodeSubModel]] = [
        LithiumDiffusion,
        VoidVolume,
        Contact,
        VoidGrowth,
        VoidRefilling,
        LithiumGrowth,
        LatticeSupply,
        CreepClosure,
        ConcentrationOverpotential,
        interphase,
    ]
    return mechanisms if design.has_interlayer else [*mechanisms, Constriction]


def _interlayer_mechanisms(design: ElectrodeDesign) -> list[type[ElectrodeSubModel]]:
    hosted = design.interlayer_host == "insertion"
    polaron = design.interlayer_conduction == "polaron"
    return [
        InterlayerPotential,
        InterlayerPlating,
        InterlayerHost if hosted else NoInterlayerHost,
        PolaronInterlayerProperties if polaron else InterlayerProperties,
    ]


# --- meshes --------------------------------------------------------------------------


def _variable(name: str, domain: str) -> pybamm.SpatialVariable:
    return pybamm.SpatialVariable(name, domain=domain, coord_sys="cartesian")


def _layers(side: Side, design: ElectrodeDesign) -> dict[str, pybamm.SpatialVariable]:
    """Coordinate of each layer's domain."""
    found = {}
    if design.lithium == "slab":
        slab = names.lithium_domain(side)
        found[slab] = _variable(names.lithium_coordinate(side), slab)
    if design.has_interlayer:
        layer = names.interlayer_domain(side)
        found[layer] = _variable(names.interlayer_coordinate(side), layer)
    return found


def electrode_geometry(side: Side, design: ElectrodeDesign) -> dict[str, Any]:
    """PyBaMM geometry of an electrode's layers, each on a scaled coordinate 0 to 1."""
    layers = _layers(side, design).items()
    return {domain: {x: {"min": 0, "max": 1}} for domain, x in layers}


def electrode_points(
    side: Side, design: ElectrodeDesign, interlayer_cells: int = INTERLAYER_CELLS
) -> dict[Any, int]:
    """Number of mesh cells across each layer."""
    layers = _layers(side, design)
    slab = names.lithium_domain(side)
    slab_cells = FOIL_CELLS if design.has_interlayer else SLAB_CELLS
    return {
        x: slab_cells if domain == slab else interlayer_cells
        for domain, x in layers.items()
    }


class CrowdedSubMesh(pybamm.SubMesh1D):
    r"""Cells that crowd at both ends of 0 to 1, where the reaction of a layer sits.

    .. math:: y_k = \tfrac{1}{2}[1 + \tanh(g(2k/N - 1))/\tanh g]
    """

    def __init__(self, lims: dict[Any, Any], npts: dict[str, int]) -> None:
        variable, _, tabs = self.read_lims(lims)
        even = np.linspace(-1, 1, npts[variable.name] + 1)
        graded = np.tanh(INTERLAYER_CROWDING * even) / np.tanh(INTERLAYER_CROWDING)
        super().__init__(0.5 * (1 + graded), variable.coord_sys, tabs=tabs)


def electrode_meshes(side: Side, design: ElectrodeDesign) -> dict[str, Any]:
    """Meshes: the slab's graded towards the separator, an interlayer's at both faces."""
    graded = pybamm.MeshGenerator(
        pybamm.Exponential1DSubMesh, {"side": "left", "stretch": SLAB_STRETCH}
    )
    meshes: dict[str, Any] = {}
    if design.lithium == "slab":
        meshes[names.lithium_domain(side)] = graded
    if design.has_interlayer:
        meshes[names.interlayer_domain(side)] = CrowdedSubMesh
    return meshes


def electrode_methods(side: Side, design: ElectrodeDesign) -> dict[str, Any]:
    """Finite volumes with surface values of second order, as the fluxes are."""
    orders = {"extrapolation": {"order": {"gradient": "quadratic", "value": "quadratic"}}}
    return {domain: pybamm.FiniteVolume(orders) for domain in _layers(side, design)}
