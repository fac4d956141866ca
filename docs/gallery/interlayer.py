"""Where lithium plates in an interlayer that conducts ions and electrons."""

import matplotlib.pyplot as plt

import twin


def main(figure_file: str) -> float:
    """Write the figure; the result is the largest over the mean reaction at the end."""
    result = twin.simulate("yang2024_nano_0_2mAh", "discharge")
    reaction = result["Negative interlayer reaction current density [A.m-3]"]
    depth = result["negative_interlayer_position"]
    figure, axis = plt.subplots(figsize=(6, 4.5))
    for share, colour, line in ((0.1, "#0072B2", "-"), (0.9, "#D55E00", "--")):
        moment = int(share * (len(result["time"]) - 1))
        label = f"{float(result['time'][moment]) / 60:.0f} min"
        axis.plot(depth, reaction[moment] / 1e6, line, color=colour, lw=3, label=label)
    axis.set_xlabel("Depth from the separator (-)", fontsize=14)
    axis.set_ylabel("Reaction current (A cm$^{-3}$)", fontsize=14)
    axis.legend(frameon=False, fontsize=14)
    figure.tight_layout()
    figure.savefig(figure_file, dpi=120)
    middle = reaction[len(result["time"]) // 2]
    return float(abs(middle).max() / abs(middle.mean()))


if __name__ == "__main__":
    print(main("interlayer.png"))
