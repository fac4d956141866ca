"""A full stripping: voltage and contact against what was stripped."""

import matplotlib.pyplot as plt

import twin


def main(figure_file: str) -> float:
    """Write the figure; the result is the stripped capacity [mA.h.cm-2]."""
    result = twin.simulate(
        "mann2025_lina", "full_stripping", arguments={"current_density": "1 mA.cm-2"}
    )
    stripped = result["Areal discharge capacity [C.m-2]"] / 36000  # to mA.h.cm-2
    figure, (upper, lower) = plt.subplots(2, 1, sharex=True, figsize=(6, 6))
    upper.plot(stripped, abs(result["Voltage [V]"]), color="#0072B2", lw=3)
    upper.set_ylabel("Polarisation (V)", fontsize=14)
    contact = result["Negative contact fraction"]
    lower.plot(stripped, contact, color="#D55E00", lw=3)
    lower.set_ylabel("Contact fraction (-)", fontsize=14)
    lower.set_xlabel("Stripped capacity (mAh cm$^{-2}$)", fontsize=14)
    figure.tight_layout()
    figure.savefig(figure_file, dpi=120)
    return float(stripped[-1])


if __name__ == "__main__":
    print(main("strip.png"), "mA.h.cm-2")
