"""Types shared by the formulas, and elementary functions that accept any of them."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pybamm

#: A float, a NumPy array or a PyBaMM symbol: formulas work on all three alike.
Quantity: TypeAlias = Any


def exp(x: Quantity) -> Quantity:
    """Exponential of a number, array or symbol (dimensionless)."""
    return pybamm.exp(x) if isinstance(x, pybamm.Symbol) else np.exp(x)


def log(x: Quantity) -> Quantity:
    """Natural logarithm of a number, array or symbol (dimensionless)."""
    return pybamm.log(x) if isinstance(x, pybamm.Symbol) else np.log(x)


def sqrt(x: Quantity) -> Quantity:
    """Square root of a number, array or symbol."""
    return pybamm.sqrt(x) if isinstance(x, pybamm.Symbol) else np.sqrt(x)


def arcsinh(x: Quantity) -> Quantity:
    """Inverse hyperbolic sine of a number, array or symbol (dimensionless)."""
    return pybamm.arcsinh(x) if isinstance(x, pybamm.Symbol) else np.arcsinh(x)


def sinh(x: Quantity) -> Quantity:
    """Hyperbolic sine of a number, array or symbol (dimensionless)."""
    return pybamm.sinh(x) if isinstance(x, pybamm.Symbol) else np.sinh(x)


def tanh(x: Quantity) -> Quantity:
    """Hyperbolic tangent of a number, array or symbol (dimensionless)."""
    return pybamm.tanh(x) if isinstance(x, pybamm.Symbol) else np.tanh(x)


def positive_part(x: Quantity) -> Quantity:
    """max(x, 0) of a number, array or symbol, in the units of x."""
    return pybamm.maximum(x, 0) if isinstance(x, pybamm.Symbol) else np.maximum(x, 0)
