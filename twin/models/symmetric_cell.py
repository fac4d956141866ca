"""Lithium | separator | lithium."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pybamm

from twin import names
from twin.models.integrator import integrator
from twin.models.lithium_electrode import (
    ElectrodeDesign,
    electrode_geometry,
    electrode_meshes,
    electrode_methods,
    electrode_points,
    electrode_submodels,
)
from twin.models.parameter_values import parameter_values
from twin.names import Side
from twin.parts.parameters import load_cell
from twin.parts.submodels.electronic_leakage import ElectronicLeakage
from twin.parts.submodels.isothermal import Isothermal
from twin.parts.submodels.separator_conduction import SeparatorConduction
from twin.parts.submodels.symmetric_stack import SymmetricStack

SIDES: tuple[Side, Side] = ("negative", "positive")

#: Cells across an interlayer, fewer than in a full cell: a life has thousands of half
#: cycles, in each of which a front passes every cell. Against 40 cells, a life to a short
#: ends 0.3 % and a staircase 0.1 % earlier.
INTERLAYER_CELLS = 30


class CircuitParameters(pybamm.ElectricalParameters):
    """What PyBaMM's external circuits ask of a model's parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.A_cc = self.geo.A_cc


class SymmetricCell(pybamm.BaseBatteryModel):
    """Two lithium electrodes on a ceramic separator, as an ordinary PyBaMM model.

    Positive current is discharge in PyBaMM's sense: the negative electrode strips, the
    positive one is plated, and the voltage (positive minus negative, zero at rest) is
    negative.

    Parameters
    ----------
    options : dict, optional
        "surface form": "false" (default; no capacitances) or "differential" (double
        layers and separator capacitances, which impedance needs); other options of
        :class:`pybamm.BatteryModelOptions` that concern the external circuit.
    design : str keywords
        Mechanisms of both electrodes, see :class:`ElectrodeDesign`.
    name : str, optional
    build : bool, optional
        Pass False to replace submodels before ``build_model``.

    Raises
    ------
    twin.errors.UnknownNameError
        For a mechanism that does not exist.

    Examples
    --------
    >>> SymmetricCell().name
    'Symmetric lithium cell'
    """

    def __init__(
        self,
        options: Mapping[str, Any] | None = None,
        name: str = "Symmetric lithium cell",
        build: bool = True,
        **design: str,
    ) -> None:
        super().__init__(dict(options or {}), name)
        self.design = ElectrodeDesign(**design)
        self.param = CircuitParameters()
        self.variables.update(
            {
                names.TIME: pybamm.t,
                names.TIME_MINUTES: pybamm.t / 60,
                names.TIME_HOURS: pybamm.t / 3600,
            }
        )
        self.set_submodels(build)

    def set_submodels(self, build: bool) -> None:
        """Assemble the submodels; with ``build`` also the equations."""
        self.set_external_circuit_submodel()
        self.submodels["temperature"] = Isothermal()
        for side in SIDES:
            self.submodels.update(electrode_submodels(side, self.design, self.options))
        self.submodels["separator conduction"] = SeparatorConduction(self.options)
        self.submodels["electronic leakage"] = ElectronicLeakage(SIDES)
        self.submodels["stack"] = SymmetricStack()
        if build:
            self.build_model()

    def set_voltage_variables(self) -> None:
        """Nothing to add: the voltage is the stack submodel's."""

    @property
    def default_parameter_values(self) -> pybamm.ParameterValues:
        """Parameter values of a published cell, mann2025's LiNa | LLZO | LiNa."""
        return parameter_values(load_cell("mann2025_lina"))

    @property
    def default_geometry(self) -> pybamm.Geometry:
        """Scaled coordinates of the electrodes' layers."""
        return pybamm.Geometry(self._of_both(electrode_geometry))

    @property
    def default_var_pts(self) -> dict[Any, int]:
        """Mesh cells across each layer of the electrodes."""
        return self._of_both(partial(electrode_points, interlayer_cells=INTERLAYER_CELLS))

    @property
    def default_submesh_types(self) -> dict[str, Any]:
        """Graded meshes of the electrodes' layers."""
        return self._of_both(electrode_meshes)

    @property
    def default_spatial_methods(self) -> dict[str, Any]:
        """Finite volumes on the electrodes' layers."""
        return self._of_both(electrode_methods)

    def _of_both(
        self, function: Callable[[Side, ElectrodeDesign], dict[Any, Any]]
    ) -> dict[Any, Any]:
        return {
            **function("negative", self.design),
            **function("positive", self.design),
        }

    @property
    def default_solver(self) -> pybamm.BaseSolver:
        """IDAKLU with tolerances at which the balances and the CCD are converged.

        The ionic current, an algebraic unknown, is left out of the error test: it follows
        the current of the moment, and a current that rises from zero would ask for steps
        shorter than the solver can take.
        """
        return integrator()

    @property
    def default_quick_plot_variables(self) -> list[Any]:
        """What ``pybamm.QuickPlot`` shows of this cell."""
        of = names.variable_of
        return [
            names.VOLTAGE,
            names.CURRENT,
            [of(names.CONTACT_FRACTION, side) for side in SIDES],
            [of(names.SURFACE_OCCUPANCY, side) for side in SIDES],
            of(names.OCCUPANCY, "negative"),
        ]
