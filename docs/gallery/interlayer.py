"""Where lithium plates in an interlayer: the model at a small current, and a formula."""

import matplotlib.pyplot as plt
import pybamm

from twin import names
from twin.models.symmetric_cell import SymmetricCell
from twin.parts.formulas.interlayer import linear_profile, reaction_modulus

KAPPA, FILLED = names.INTERLAYER_MATRIX_CONDUCTIVITY, names.INTERLAYER_INITIAL_LITHIUM
LAYER = "pore wall area per volume [m-1]", "ionic conductivity [S.m-1]"


def main(figure_file: str) -> float:
    """Write the figure; the result is the error of the steeper profile [-]."""
    model = SymmetricCell(interlayer="porous", interface_kinetics="Butler-Volmer")
    values = pybamm.ParameterValues("yang2024_nano")  # at 25 C, no host, its foil blocked
    values.update({names.AMBIENT_TEMPERATURE: 298.15, names.EXCHANGE_CURRENT: 1e-9})
    small = {names.ELECTRODE_AREA: 1e-4, names.CURRENT_FUNCTION: 1e-9}  # 1e-5 A.m-2
    values.update(small | {KAPPA: "[input]", FILLED: 0.5})
    run = pybamm.Simulation(model, parameter_values=values)
    length = values[names.INTERLAYER_THICKNESS]
    rate = values[names.INTERLAYER_EXCHANGE_CURRENT]
    sigma = values[names.INTERLAYER_ELECTRONIC_CONDUCTIVITY]
    figure, axis = plt.subplots(figsize=(5, 4))
    for given, colour, mark in ((0.1, "#0072B2", "s"), (5e-3, "#D55E00", "o")):
        end = run.solve([0, 1], inputs={KAPPA: given})
        walls, ionic = (end[f"Negative interlayer {n}"].entries.flat[-1] for n in LAYER)
        reaction = end[f"Negative {names.INTERLAYER_REACTION}"]
        y, found = reaction.mesh.nodes, reaction.entries[:, -1] * length / 1e-5
        modulus = reaction_modulus(walls, rate, length, ionic, sigma, 298.15)
        expected = linear_profile(y, modulus, ionic, sigma)
        axis.plot(y, expected, "-", y, found, mark, color=colour, label=f"{ionic:.2g} S/m")
    axis.set(xlabel="Depth from the separator (-)", ylabel="Reaction over its mean (-)")
    axis.legend(title="lines: formula, marks: model", frameon=False)
    figure.savefig(figure_file, dpi=120, bbox_inches="tight")
    return float(abs(found - expected).max() / expected.max())


if __name__ == "__main__":
    print(main("interlayer.png"))
