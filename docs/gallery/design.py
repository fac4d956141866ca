"""A cell that does not exist yet: its energy over rate, and the mass of its layers."""

import matplotlib.pyplot as plt

import twin


def main(figure_file: str) -> float:
    """Write the figure; the result is the interval of the mass upwards [kg.m-2]."""
    sheet = twin.predict(
        "thin_llzo_ncm622",
        rates=[0.5, 2.0],
        ranges=["Separator thickness=10:50 um", "Lithium thickness=5:40 um"],
        workers=1,
        without=["ccd", "life", "temperature"],
    )
    figure, (energy, mass) = plt.subplots(1, 2, figsize=(9, 4.5))
    found = [sheet.figure(f"specific energy at {rate:g}C") for rate in sheet.rates]
    value = [one.value for one in found]
    ends = [[one.value - one.low for one in found], [one.high - one.value for one in found]]
    energy.errorbar(sheet.rates, value, ends, fmt="o-", color="#0072B2", capsize=8, lw=2)
    energy.set_ylim(0)
    energy.set_xlabel("Rate (C)", fontsize=14)
    energy.set_ylabel("Specific energy (Wh kg$^{-1}$)", fontsize=14)
    for layer in sheet.layers[::-1]:
        mass.barh(layer.name, layer.mass * 100, color="#0072B2")
    mass.tick_params(axis="y", labelsize=12)
    mass.set_xlabel("Mass (mg cm$^{-2}$)", fontsize=14)
    figure.tight_layout()
    figure.savefig(figure_file, dpi=120)
    stack = sheet.figure("mass of the stack")
    return (stack.high - stack.value) / 100


if __name__ == "__main__":
    print(main("design.png"))
