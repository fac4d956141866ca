"""A BPX file that is made up."""

from typing import Any

#: An electrode made up for these tests: 0.5 of the volume active, a straight potential.
ELECTRODE: dict[str, Any] = {
    "Particle radius [m]": 4e-6,
    "Thickness [m]": 6e-5,
    "Diffusivity [m2.s-1]": 2e-14,
    "Diffusivity activation energy [J.mol-1]": 15000,
    "OCP [V]": "4.3 - 0.9 * x",
    "Entropic change coefficient [V.K-1]": 0,
    "Conductivity [S.m-1]": 0.8,
    "Surface area per unit volume [m-1]": 3.75e5,
    "Porosity": 0.3,
    "Transport efficiency": 0.1643,
    "Reaction rate constant [mol.m-2.s-1]": 1e-5,
    "Reaction rate constant activation energy [J.mol-1]": 35000,
    "Maximum concentration [mol.m-3]": 48000,
    "Minimum stoichiometry": 0.3,
    "Maximum stoichiometry": 0.95,
}
BPX = {
    "Header": {"BPX": "1.0.0", "Title": "made up", "Model": "DFN"},
    "Parameterisation": {
        "Cell": {
            "Electrode area [m2]": 0.01,
            "External surface area [m2]": 0.02,
            "Volume [m3]": 1e-5,
            "Number of electrode pairs connected in parallel to make a cell": 1,
            "Nominal cell capacity [A.h]": 0.3,
            "Lower voltage cut-off [V]": 2.8,
            "Upper voltage cut-off [V]": 4.2,
            "Reference temperature [K]": 298.15,
            "Density [kg.m-3]": 2000,
            "Specific heat capacity [J.K-1.kg-1]": 1000,
        },
        "Electrolyte": {
            "Cation transference number": 0.26,
            "Conductivity [S.m-1]": 1.0,
            "Diffusivity [m2.s-1]": 3e-10,
        },
        "Negative electrode": {**ELECTRODE, "OCP [V]": "0.2 - 0.1 * x"},
        "Positive electrode": ELECTRODE,
        "Separator": {"Thickness [m]": 2e-5, "Porosity": 0.5, "Transport efficiency": 0.35},
    },
    "State": {
        "Initial conditions": {
            "Initial temperature [K]": 298.15,
            "Initial electrolyte concentration [mol.m-3]": 1000,
        },
        "Thermal environment": {"Ambient temperature [K]": 298.15},
    },
}
