"""Lithium | (interlayer) | separator | composite cathode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pybamm

from twin import names
from twin.errors import UnknownNameError
from twin.models.integrator import integrator
from twin.models.lithium_electrode import (
    ElectrodeDesign,
    electrode_geometry,
    electrode_meshes,
    electrode_methods,
    electrode_points,
    electrode_submodels,
)
from twin.parts.submodels.cathode_conduction import CathodeConduction
from twin.parts.submodels.cathode_interphase import CathodeInterphase
from twin.parts.submodels.catholyte_diffusion import CatholyteDiffusion
from twin.parts.submodels.electronic_leakage import ElectronicLeakage
from twin.parts.submodels.filmed_kinetics import FilmedKinetics
from twin.parts.submodels.half_cell_anode import HalfCellAnode
from twin.parts.submodels.ionic_current_collector import IonicCurrentCollector
from twin.parts.submodels.liquid_diffusion import LiquidDiffusion
from twin.parts.submodels.liquid_separator import LiquidSeparator
from twin.parts.submodels.separator_conduction import SeparatorConduction

#: Values of each option that concerns the fade of the cathode; the first is the default.
CATHODE_INTERPHASES = ("none", "growing")
ACTIVE_MATERIALS = ("constant", "current-driven")

#: Where liquid electrolyte is: nowhere, in the cathode only, or in the whole cell.
ELECTROLYTES = ("solid", "liquid catholyte", "liquid")


class FullCell(pybamm.lithium_ion.DFN):
    """PyBaMM's half-cell DFN with a lithium anode and separator of this package.

    The positive electrode, the external circuit and the thermal side are PyBaMM's own
    submodels, with their options; the lithium metal, its contact and the separator are
    those of :class:`SymmetricCell`.

    Parameters
    ----------
    options : dict, optional
        Options of :class:`pybamm.BatteryModelOptions`; "working electrode" is always
        "positive". With "surface form" at "differential" double layers and separator
        capacitances are included, which impedance needs.
    electrolyte : str, optional
        "solid" (default), "liquid catholyte" (liquid in the cathode's pores behind a
        solid separator) or "liquid" (throughout).
    cathode_interphase : str, optional
        "none" (default) or "growing", a resistance on the particles, whose kinetics are
        then symmetric Butler-Volmer whatever ``options`` say.
    active_material : str, optional
        "constant" (default) or "current-driven", lost with the charge that passes.
    name : str, optional
    build : bool, optional
        Pass False to replace submodels before ``build_model``.
    design : str keywords
        Mechanisms of the lithium electrode, see :class:`ElectrodeDesign`.

    Raises
    ------
    twin.errors.UnknownNameError
        For a mechanism or electrolyte that does not exist.

    Examples
    --------
    >>> FullCell().name
    'Solid-state lithium-metal cell'
    """

    def __init__(
        self,
        options: Mapping[str, Any] | None = None,
        electrolyte: str = "solid",
        name: str = "Solid-state lithium-metal cell",
        build: bool = True,
        *,
        cathode_interphase: str = "none",
        active_material: str = "constant",
        **design: str,
    ) -> None:
        for option, given, known in (
            ("electrolyte", electrolyte, ELECTROLYTES),
            ("cathode interphase", cathode_interphase, CATHODE_INTERPHASES),
            ("active material", active_material, ACTIVE_MATERIALS),
        ):
            if given not in known:
                raise UnknownNameError(option, given, known)
        self.design = ElectrodeDesign(**design)
        self.electrolyte = electrolyte
        self.cathode_interphase = cathode_interphase
        self.active_material = active_material
        fixed = {"working electrode": "positive"}
        if active_material != "constant":
            fixed["loss of active material"] = active_material
        super().__init__({**(options or {}), **fixed}, name, build=build)

    # --- what replaces PyBaMM's own submodels ----------------------------------------

    def set_li_metal_counter_electrode_submodels(self) -> None:
        """Anode and separator of this package instead of PyBaMM's lithium electrode."""
        self.submodels.update(electrode_submodels("negative", self.design, self.options))
        if self.electrolyte == "liquid":
            self.submodels["separator conduction"] = LiquidSeparator(self.param)
        else:
            self.submodels["separator conduction"] = SeparatorConduction(self.options)
        self.submodels["electronic leakage"] = ElectronicLeakage(["negative"])
        self.submodels["half-cell anode"] = HalfCellAnode(self.param, self.options)

    def set_current_collector_submodel(self) -> None:
        """Collectors that pass on the ionic current only."""
        self.submodels["current collector"] = IonicCurrentCollector(self.param)

    def set_transport_efficiency_submodels(self) -> None:
        """Conductivity of the cathode's electrolyte; the separator has its own."""
        super().set_transport_efficiency_submodels()
        if self.electrolyte != "liquid":
            self.submodels["electrolyte transport efficiency"] = CathodeConduction(
                self.param, self.options, solid=self.electrolyte == "solid"
            )

    def set_electrolyte_concentration_submodel(self) -> None:
        """No salt in a solid; salt in the cathode only behind a solid separator."""
        if self.electrolyte == "solid":
            submodel = pybamm.electrolyte_diffusion.ConstantConcentration(
                self.param, self.options
            )
        elif self.electrolyte == "liquid catholyte":
            submodel = CatholyteDiffusion(self.param, self.options)
        else:
            submodel = LiquidDiffusion(self.param, self.options)
        self.submodels["electrolyte diffusion"] = submodel

    def set_intercalation_kinetics_submodel(self) -> None:
        """PyBaMM's kinetics, behind a film if the cathode has one."""
        super().set_intercalation_kinetics_submodel()
        if self.cathode_interphase != "none":
            self.submodels["cathode interphase"] = CathodeInterphase(
                self.param, self.options
            )
            self.submodels["positive primary interface"] = FilmedKinetics(
                self.param, "positive", "lithium-ion main", self.options, "primary"
            )

    def set_voltage_variables(self) -> None:
        """PyBaMM's voltages, and the lithium in the whole cell."""
        super().set_voltage_variables()
        area = pybamm.Parameter(names.ELECTRODE_AREA)
        self.variables[names.POLARISATION] = abs(
            self.variables[names.OPEN_CIRCUIT_VOLTAGE] - self.variables[names.VOLTAGE]
        )
        self.variables[names.AREAL_CAPACITY] = (
            self.variables[names.DISCHARGE_CAPACITY] * 3600 / area
        )

    def set_degradation_variables(self) -> None:
        """PyBaMM's, and the lithium balance over all parts of the cell."""
        super().set_degradation_variables()
        area = pybamm.Parameter(names.ELECTRODE_AREA)
        total = self.variables[names.POSITIVE_LITHIUM] / area
        if self.active_material != "constant":
            capacity = self.variables[names.POSITIVE_CAPACITY]
            lost = self.variables[names.LITHIUM_IN_LOST_MATERIAL] / area
            self.variables[names.CATHODE_LITHIUM_LOST] = lost
            self.variables[names.CATHODE_CAPACITY_LOST] = (
                (self.param.p.Q_init - capacity) * 3600 / area
            )
            total += lost
        total += self.variables[names.variable_of(names.ELECTRODE_LITHIUM, "negative")]
        if self.electrolyte == "liquid":
            total += self.variables[names.ELECTROLYTE_LITHIUM] / area
        elif self.electrolyte == "liquid catholyte":
            salt = pybamm.x_average(self.variables[names.POSITIVE_SALT])
            total += salt * self.param.p.L
        self.variables[names.TOTAL_LITHIUM] = total

    # --- defaults --------------------------------------------------------------------

    @property
    def default_geometry(self) -> pybamm.Geometry:
        """PyBaMM's half cell, and the scaled coordinate of the lithium slab."""
        return pybamm.Geometry(
            {**super().default_geometry, **electrode_geometry("negative", self.design)}
        )

    @property
    def default_var_pts(self) -> dict[Any, int]:
        """Mesh cells; few in the separator, which is resolved only if it is liquid."""
        separator = 20 if self.electrolyte == "liquid" else 3
        return {
            **super().default_var_pts,
            "x_s": separator,
            **electrode_points("negative", self.design),
        }

    @property
    def default_submesh_types(self) -> dict[str, Any]:
        """Meshes whose lengths are symbols, so that thicknesses and radii are inputs."""
        meshes: dict[str, Any] = dict(super().default_submesh_types)
        for domain, mesh in meshes.items():
            if mesh is pybamm.Uniform1DSubMesh and "size" not in domain:
                meshes[domain] = pybamm.SymbolicUniform1DSubMesh
        return {**meshes, **electrode_meshes("negative", self.design)}

    @property
    def default_spatial_methods(self) -> dict[str, Any]:
        """PyBaMM's, and finite volumes on the slab."""
        return {
            **super().default_spatial_methods,
            **electrode_methods("negative", self.design),
        }

    @property
    def default_solver(self) -> pybamm.BaseSolver:
        """IDAKLU, with algebraic unknowns left out of the error test."""
        return integrator()

    @property
    def default_quick_plot_variables(self) -> list[Any]:
        """What ``pybamm.QuickPlot`` shows of this cell.

        No field over separator and cathode together: PyBaMM cannot draw those on meshes
        whose lengths are symbols.
        """
        shown = [
            names.VOLTAGE,
            names.CURRENT,
            names.POSITIVE_SURFACE_STOICHIOMETRY,
            names.variable_of(names.CONTACT_FRACTION, "negative"),
            names.variable_of(names.INVENTORY, "negative"),
        ]
        if self.design.has_interlayer:
            shown.append(names.variable_of(names.INTERLAYER_LITHIUM, "negative"))
        return shown
