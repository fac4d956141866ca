"""Submodels on a mesh of a few cells, with numbers in the place of what others make."""

from typing import Any, NamedTuple

import numpy as np
import pybamm
import pytest

from twin import names


class Layer(NamedTuple):
    """A domain from ``start`` to ``end``, cut into even cells.

    Fields over layers that are PyBaMM's own have its current collector as second domain.
    """

    coordinate: str
    start: float
    end: float
    cells: int
    second: str | None = None


class Meshed:
    """A submodel on a mesh: its rates, residuals and variables at a state.

    Parameters
    ----------
    layers : by domain, from left to right, no two sets of neighbours with the same number
        of cells
    states : values of its unknowns, a list for a field
    given : values of the variables that other submodels make, a list for a field over the
        layers that have as many cells
    """

    def __init__(
        self,
        model: Any,
        layers: dict[str, Layer],
        states: dict[str, Any],
        given: dict[str, Any],
        parameters: dict[str, Any],
    ) -> None:
        # a positive electrode has parameters of its own
        side = getattr(model, "side", "negative")
        own = {names.parameter_of(k, side): v for k, v in parameters.items()}
        self.parameters = pybamm.ParameterValues({**parameters, **own})
        self.model = model
        self.layers = layers
        self.variables = {
            name: self._field(name, len(value))
            if isinstance(value, list)
            else pybamm.Scalar(value)
            for name, value in given.items()
        }
        fields = {name: value for name, value in given.items() if isinstance(value, list)}
        self.variables |= model.get_fundamental_variables()
        self.variables |= model.get_coupled_variables(self.variables)
        for step in (
            model.set_rhs,
            model.set_algebraic,
            model.set_boundary_conditions,
            model.set_initial_conditions,
            model.add_events_from,
        ):
            step(self.variables)
        states = {**states, **fields}
        self.unknowns = {
            name: self.parameters.process_symbol(self.variables[name]) for name in states
        }
        self.disc = self._discretisation()
        self.disc.set_variable_slices(list(self.unknowns.values()))
        self.disc.bcs = self.disc.process_boundary_conditions(self._conditions())
        # the solver's numbers are those of the unknowns over their scales
        self.y = np.concatenate(
            [[], *(np.atleast_1d(v) / self.scale(name) for name, v in states.items())]
        )

    def _field(self, name: str, cells: int) -> pybamm.Variable:
        domains = list(self.layers)
        for first, domain in enumerate(domains):
            second = self.layers[domain].second
            for last in range(first + 1, len(domains) + 1):
                found = domains[first:last]
                if sum(self.layers[one].cells for one in found) == cells:
                    behind = {"secondary": second} if second else None
                    return pybamm.Variable(name, found, behind)
        raise ValueError(f"no layers with {cells} cells")

    def _discretisation(self) -> pybamm.Discretisation:
        geometry: dict[str, Any] = {"current collector": {"z": {"position": 1}}}
        points = {}
        for domain, layer in self.layers.items():
            x = pybamm.SpatialVariable(layer.coordinate, [domain], coord_sys="cartesian")
            geometry[domain] = {x: {"min": layer.start, "max": layer.end}}
            points[x] = layer.cells
        meshes = {domain: pybamm.Uniform1DSubMesh for domain in self.layers}
        methods = {domain: pybamm.FiniteVolume() for domain in self.layers}
        return pybamm.Discretisation(
            pybamm.Mesh(
                geometry, {**meshes, "current collector": pybamm.SubMesh0D}, points
            ),
            {**methods, "current collector": pybamm.ZeroDimensionalSpatialMethod()},
        )

    def _conditions(self) -> Any:
        found = pybamm.BaseModel()
        found.boundary_conditions = {
            self.parameters.process_symbol(key): {
                side: (self.parameters.process_symbol(symbol), kind)
                for side, (symbol, kind) in ends.items()
            }
            for key, ends in self.model.boundary_conditions.items()
        }
        return found

    def numbers(self, symbol: pybamm.Symbol) -> list[float]:
        processed = self.disc.process_symbol(self.parameters.process_symbol(symbol))
        return list(np.ravel(processed.evaluate(t=0, y=self.y[:, np.newaxis])))

    def scale(self, name: str) -> float:
        return float(self.unknowns[name].scale.evaluate())

    def value(self, name: str) -> list[float]:
        return self.numbers(self.variables[name])

    def rate(self, name: str) -> list[float]:
        return self.numbers(self.model.rhs[self.variables[name]])

    def residual(self, name: str) -> list[float]:
        return self.numbers(self.model.algebraic[self.variables[name]])

    def start(self, name: str) -> list[float]:
        return self.numbers(self.model.initial_conditions[self.variables[name]])

    def gradient(self, name: str, end: str) -> list[float]:
        symbol, kind = self.model.boundary_conditions[self.variables[name]][end]
        assert kind == "Neumann"
        return self.numbers(symbol)


def near(*expected: float) -> Any:
    return pytest.approx(list(expected), rel=1e-6, abs=1e-15)
