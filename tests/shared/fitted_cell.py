"""A cell whose diffusivity was fitted to a row of a case of its own."""

FITTED = """
title = "mine"
base = "mann2025_lina"

["Lithium self-diffusivity at 25 C [m2.s-1]"]
value = 2e-14
unit = "m2.s-1"
status = "fitted"
source = { paper = "me2026", locator = "p" }
fitted_to = ["first"]
"""
