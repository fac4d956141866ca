"""A self-diffusivity of lithium from one reported stripping of a bare foil."""

import matplotlib.pyplot as plt

import twin

NAME = "Lithium self-diffusivity at 25 C"
AT = {"current_density": "0.5 mA.cm-2"}


def main(figure_file: str) -> float:
    """Write the figure; the result is stripped with the fitted value [mA.h.cm-2]."""
    row = "mann-li-strip-60-0.5"
    found = twin.fit(["mann2025"], [f"{NAME} @ lithium_mann2025"], rows=[row])
    fitted = found.parameters[0]
    figure, axis = plt.subplots(figsize=(6, 4.5))
    end = 0.0
    axis.axvline(found.data[0].reported, color="black", lw=2, ls=":", label="reported")
    for value, colour, line, words in (
        (fitted.low, "#56B4E9", "--", "low end of 95 %"),
        (fitted.value, "#0072B2", "-", "fitted"),
        (fitted.high, "#D55E00", "-.", "high end of 95 %"),
    ):
        result = twin.simulate("mann2025_li", "full_stripping", {fitted.name: value}, AT)
        stripped = result["Areal discharge capacity [C.m-2]"] / 36000  # to mA.h.cm-2
        label = f"{words}: {value * 1e16:.2f}e-16 m$^2$/s"
        axis.semilogy(stripped, abs(result["Voltage [V]"]), line, color=colour, label=label)
        end = float(stripped[-1]) if words == "fitted" else end
    axis.set_xlabel("Stripped capacity (mAh cm$^{-2}$)", fontsize=14)
    axis.set_ylabel("Polarisation (V)", fontsize=14)
    axis.legend(frameon=False, fontsize=11)
    figure.savefig(figure_file, dpi=120, bbox_inches="tight")
    return end


if __name__ == "__main__":
    print(main("fit.png"), "mA.h.cm-2")
