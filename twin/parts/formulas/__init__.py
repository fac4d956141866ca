"""Formulas of the model as plain functions of floats, arrays or PyBaMM symbols."""
