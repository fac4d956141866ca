"""The submodels of one lithium electrode, and the mesh of its slab."""

from __future__ import annotations

import pybamm

from twin import names
from twin.names import Side
from twin.parts.submodels.base import ElectrodeSubModel
from twin.parts.submodels.concentration_overpotential import (
    ConcentrationOverpotential,
)
from twin.parts.submodels.constriction import Constriction
from twin.parts.submodels.contact import Contact
from twin.parts.submodels.creep_closure import CreepClosure
from twin.parts.submodels.interface_butler_volmer import InterfaceButlerVolmer
from twin.parts.submodels.interface_kinetics import InterfaceKinetics
from twin.parts.submodels.interface_resistance import InterfaceResistance
from twin.parts.submodels.lattice_supply import LatticeSupply
from twin.parts.submodels.lithium_diffusion import LithiumDiffusion
from twin.parts.submodels.lithium_growth import LithiumGrowth
from twin.parts.submodels.void_growth import VoidGrowth
from twin.parts.submodels.void_refilling import VoidRefilling
from twin.parts.submodels.void_volume import VoidVolume

#: Laws of charge transfer that a cell can name in its option "interface kinetics".
INTERFACE_LAWS: dict[str, type[InterfaceKinetics]] = {
    "resistance": InterfaceResistance,
    "Butler-Volmer": InterfaceButlerVolmer,
}

#: Cells across the slab, and how much wider the last one is than the first (log).
SLAB_CELLS = 100
SLAB_STRETCH = 4.0


def electrode_submodels(
    side: Side, law: str, options: pybamm.BatteryModelOptions
) -> dict[str, pybamm.BaseSubModel]:
    """Submodels of a lithium electrode, one mechanism each.

    Parameters
    ----------
    side : "negative" or "positive"
    law : key of ``INTERFACE_LAWS``
    options : options of the model; "surface form" decides about the double layer

    Returns
    -------
    dict of submodel name to submodel, in the order in which a reader would list them
    """
    mechanisms: list[type[ElectrodeSubModel]] = [
        LithiumDiffusion,
        VoidVolume,
        Contact,
        INTERFACE_LAWS[law],
        VoidGrowth,
        VoidRefilling,
        LithiumGrowth,
        LatticeSupply,
        CreepClosure,
        ConcentrationOverpotential,
        Constriction,
    ]
    return {
        f"{side} {mechanism.__name__}": mechanism(side, options)
        for mechanism in mechanisms
    }


def _coordinate(side: Side) -> pybamm.SpatialVariable:
    return pybamm.SpatialVariable(
        names.lithium_coordinate(side),
        domain=names.lithium_domain(side),
        coord_sys="cartesian",
    )


def slab_geometry(
    side: Side,
) -> dict[str, dict[pybamm.SpatialVariable, dict[str, float]]]:
    """PyBaMM geometry of a slab on its scaled coordinate, 0 to 1."""
    return {names.lithium_domain(side): {_coordinate(side): {"min": 0, "max": 1}}}


def slab_points(side: Side) -> dict[pybamm.SpatialVariable, int]:
    """Number of mesh cells across a slab."""
    return {_coordinate(side): SLAB_CELLS}


def slab_mesh(side: Side) -> dict[str, pybamm.MeshGenerator]:
    """Mesh of a slab, graded towards the separator, where depletion begins."""
    graded = pybamm.MeshGenerator(
        pybamm.Exponential1DSubMesh, {"side": "left", "stretch": SLAB_STRETCH}
    )
    return {names.lithium_domain(side): graded}


def slab_method(side: Side) -> dict[str, pybamm.SpatialMethod]:
    """Finite volumes with a surface value of second order, as the fluxes are."""
    orders = {
        "extrapolation": {"order": {"gradient": "quadratic", "value": "quadratic"}}
    }
    return {names.lithium_domain(side): pybamm.FiniteVolume(orders)}
