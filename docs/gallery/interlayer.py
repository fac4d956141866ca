"""Where lithium plates in an interlayer: the model at a small current, and a formula."""

import matplotlib.pyplot as plt
import pybamm

from twin import names
from twin.models.symmetric_cell import SymmetricCell
from twin.parts.formulas.arrhenius import arrhenius
from twin.parts.formulas.interlayer import linear_profile, reaction_modulus

KAPPA, CURRENT = names.INTERLAYER_MATRIX_CONDUCTIVITY, names.CURRENT_FUNCTION
KINETICS = names.INTERLAYER_EXCHANGE_CURRENT, names.INTERLAYER_EXCHANGE_CURRENT_EA
LAYER = names.INTERLAYER_AREA, names.INTERLAYER_IONIC_CONDUCTIVITY


def main(figure_file: str) -> float:
    """Write the figure; the result is the largest difference over the largest value [-]."""
    values = pybamm.ParameterValues("yang2024_nano")  # here without host, its foil blocked
    foil = {names.INTERFACE_RESISTANCE: 1e9, names.INTERFACE_RESISTANCE_EA: 0.0}
    values.update(foil | {names.parameter_of(n, "positive"): foil[n] for n in foil})
    values.update({names.INTERLAYER_INITIAL_LITHIUM: 0.5, KAPPA: "[input]", CURRENT: 1e-9})
    run = pybamm.Simulation(SymmetricCell(interlayer="porous"), parameter_values=values)
    length, kelvin = values[names.INTERLAYER_THICKNESS], values[names.AMBIENT_TEMPERATURE]
    exchange = arrhenius(*(values[name] for name in KINETICS), kelvin)
    scale = length * values[names.ELECTRODE_AREA] / values[CURRENT]
    plt.figure(figsize=(6, 4.5))
    electronic, errors = values[names.INTERLAYER_ELECTRONIC_CONDUCTIVITY], []
    for given, colour, mark in ((5e-3, "#D55E00", "o"), (0.1, "#0072B2", "s")):
        end = run.solve([0, 1], inputs={KAPPA: given})
        area, ionic = (end[f"Negative {n}"].entries.flat[-1] for n in LAYER)
        reaction = end[f"Negative {names.INTERLAYER_REACTION}"]
        y, found = reaction.mesh.nodes, reaction.entries[:, -1] * scale
        modulus = reaction_modulus(area, exchange, length, ionic, electronic, kelvin)
        expected = linear_profile(y, modulus, ionic, electronic)
        errors.append(abs(found - expected).max() / expected.max())
        plt.plot(y, expected, color=colour, lw=2, label=f"{ionic * 10:.2g} mS/cm, formula")
        plt.plot(y, found, mark, color=colour, label="model")
    plt.xlabel("Depth from the separator (-)", fontsize=14)
    plt.ylabel("Reaction over its mean (-)", fontsize=14)
    plt.legend(frameon=False, fontsize=12)
    plt.savefig(figure_file, dpi=120, bbox_inches="tight")
    return float(max(errors))


if __name__ == "__main__":
    print(main("interlayer.png"))
