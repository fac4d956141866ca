"""Submodels with numbers in the place of their variables and parameters.

No cell is built: a submodel gets its variables as numbers, and what it adds is evaluated.
At twice the reference temperature and with ``ONE`` as activation energy, an Arrhenius
factor is e.
"""

from typing import Any

import pybamm
import pytest

from twin import names
from twin.names import Side, variable_of

F = 96485.33212
THERMAL = 0.02569257912  # RT/F [V] at 298.15 K
E = 2.718281828
ONE = 4957.914059  # R x 596.3 K
HOT = 596.3
COLD = 298.15
FALSE = {"surface form": "false"}
DIFFERENTIAL = {"surface form": "differential"}
SIDES: tuple[tuple[Side, int], ...] = (("negative", 1), ("positive", -1))


class Numbers:
    """What a submodel makes of variables and parameters that are numbers.

    Names without a side are given plainly, those of an electrode as they stand in
    ``twin.names``; ``value``, ``rate`` and ``start`` take them alike.
    """

    def __init__(
        self,
        model: pybamm.BaseSubModel,
        variables: dict[str, float],
        parameters: dict[str, Any],
    ) -> None:
        self.side: Side = getattr(model, "side", "negative")
        # a positive electrode has parameters of its own
        own = {names.parameter_of(k, self.side): v for k, v in parameters.items()}
        self.parameters = pybamm.ParameterValues({**parameters, **own})
        self.variables = model.get_fundamental_variables()
        self.numbers = {
            symbol: pybamm.Scalar(variables[name])
            for name, symbol in self.variables.items()
            if isinstance(symbol, pybamm.Variable) and name in variables
        }
        self.variables = {
            **{name: pybamm.Scalar(value) for name, value in variables.items()},
            **self.variables,
        }
        self.variables |= model.get_coupled_variables(self.variables)
        model.set_rhs(self.variables)
        model.set_algebraic(self.variables)
        model.set_initial_conditions(self.variables)
        model.add_events_from(self.variables)
        self.model = model

    def number(self, symbol: pybamm.Symbol) -> float:
        return float(self.parameters.process_symbol(self._known(symbol)).evaluate())

    def _known(self, symbol: pybamm.Symbol) -> pybamm.Symbol:
        """The expression with numbers in the place of its states."""
        if symbol in self.numbers:
            return self.numbers[symbol]
        children = [self._known(child) for child in symbol.children]
        return symbol.create_copy(new_children=children) if children else symbol

    def value(self, name: str) -> float:
        return self.number(self.variables[name])

    def rate(self, name: str) -> float:
        return self.number(self.model.rhs[self.variables[name]])

    def start(self, name: str) -> float:
        return self.number(self.model.initial_conditions[self.variables[name]])

    def events(self) -> list[float]:
        return [self.number(event.expression) for event in self.model.events]


def at(side: Side, **values: Any) -> dict[str, Any]:
    """Variables of one electrode, by the constants of ``twin.names``."""
    return {variable_of(getattr(names, key), side): v for key, v in values.items()}


def parameters(**values: Any) -> dict[str, Any]:
    return {getattr(names, key): value for key, value in values.items()}


def near(expected: float, rel: float = 1e-6) -> Any:
    return pytest.approx(expected, rel=rel, abs=0)
