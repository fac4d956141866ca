"""What a stripped capacity depends on, near the cell's own values."""

import matplotlib.pyplot as plt

import twin

COLOURS = {"fitted": "#D55E00", "assumed": "#0072B2"}


def main(figure_file: str) -> float:
    """Write the figure; the result is the elasticity to the self-diffusivity [-]."""
    found = twin.sensitivity("mann2025_li", "full_stripping", method="local")
    elasticity = found.indices["elasticity"].sel(output="stripped capacity").fillna(0)
    largest = abs(elasticity).sortby(abs(elasticity))[-8:]["factor"].values
    status = {one.name: one.status for one in found.factors}
    figure, axis = plt.subplots(figsize=(8, 4.5))
    for kind, colour in COLOURS.items():
        named = [name for name in largest if status[name] == kind]
        bars = {"color": colour, "hatch": "//" if kind == "fitted" else None, "label": kind}
        places = [list(largest).index(name) for name in named]
        axis.barh(places, elasticity.sel(factor=named), **bars)
    axis.set_yticks(range(8), [name.split(" [")[0] for name in largest], fontsize=11)
    axis.axvline(0, color="black", lw=1)
    axis.set_xlabel("Change of capacity over change of parameter (%/%)", fontsize=13)
    axis.legend(frameon=False, fontsize=13, loc="lower right")
    figure.tight_layout()
    figure.savefig(figure_file, dpi=120)
    return float(elasticity.sel(factor="Lithium self-diffusivity at 25 C [m2.s-1]"))


if __name__ == "__main__":
    print(main("sensitivity.png"))
