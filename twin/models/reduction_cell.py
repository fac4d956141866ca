"""Lithium | oxide that lithium reduces | lithium."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pybamm

from twin import names
from twin.models.integrator import integrator
from twin.models.parameter_values import parameter_values
from twin.models.symmetric_cell import CircuitParameters
from twin.parts.parameters import load_cell
from twin.parts.submodels.foil_contact import FoilContact
from twin.parts.submodels.isothermal import Isothermal
from twin.parts.submodels.reduced_conduction import ReducedConduction
from twin.parts.submodels.reduction_front import ReductionFront
from twin.parts.submodels.reduction_stack import ReductionStack


class ReductionCell(pybamm.BaseBatteryModel):
    """An oxide pellet that two lithium foils reduce, as an ordinary PyBaMM model.

    Contact improves by creep, a front moves in from each face, and the resistance falls
    from that of ions across grain boundaries to that of electrons. For rests and spectra:
    a current moves no front and strips no foil.

    Parameters
    ----------
    options : dict, optional
        "surface form": "false" (default; no capacitances) or "differential" (those of
        grains and grain boundaries, which impedance needs).
    name : str, optional
    build : bool, optional
        Pass False to replace submodels before ``build_model``.

    Examples
    --------
    >>> ReductionCell().name
    'Reduction of an oxide between lithium foils'
    """

    def __init__(
        self,
        options: Mapping[str, Any] | None = None,
        name: str = "Reduction of an oxide between lithium foils",
        build: bool = True,
    ) -> None:
        super().__init__(dict(options or {}), name)
        self.param = CircuitParameters()
        self.variables.update(
            {
                names.TIME: pybamm.t,
                names.TIME_MINUTES: pybamm.t / 60,
                names.TIME_HOURS: pybamm.t / 3600,
            }
        )
        self.set_external_circuit_submodel()
        self.submodels["temperature"] = Isothermal()
        self.submodels["foil contact"] = FoilContact()
        self.submodels["reduction front"] = ReductionFront()
        self.submodels["reduced conduction"] = ReducedConduction(self.options)
        self.submodels["stack"] = ReductionStack()
        if build:
            self.build_model()

    def set_voltage_variables(self) -> None:
        """Nothing to add: the voltage is the stack submodel's."""

    @property
    def default_parameter_values(self) -> pybamm.ParameterValues:
        """Parameter values of a published cell, zhu2025's Li | LLTO | Li."""
        return parameter_values(load_cell("zhu2025_llto_reduction"))

    @property
    def default_geometry(self) -> pybamm.Geometry:
        """None: no quantity varies within a layer."""
        return pybamm.Geometry({})

    @property
    def default_var_pts(self) -> dict[Any, int]:
        """None."""
        return {}

    @property
    def default_submesh_types(self) -> dict[str, Any]:
        """None."""
        return {}

    @property
    def default_spatial_methods(self) -> dict[str, Any]:
        """None."""
        return {}

    @property
    def default_solver(self) -> pybamm.BaseSolver:
        """IDAKLU at the tolerances of the other cells."""
        return integrator(every_unknown=True)

    @property
    def default_quick_plot_variables(self) -> list[Any]:
        """What ``pybamm.QuickPlot`` shows of this cell."""
        return [
            names.CELL_RESISTANCE,
            names.REDUCED_SHARE,
            names.variable_of(names.CONTACT_FRACTION, "negative"),
            names.TAKEN_LITHIUM,
            names.VOLTAGE,
        ]
