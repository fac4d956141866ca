"""Impedance spectra along a stripping."""

import matplotlib.pyplot as plt

import twin


def main(figure_file: str) -> float:
    """Write the figure; the result is the fresh cell's resistance [Ohm.cm2]."""
    found = twin.eis("mann2025_lina", "full_stripping", every="7 mA.h.cm-2")
    figure, axis = plt.subplots(figsize=(6, 4.5))
    colours = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00")
    for one, colour, mark in zip(found.spectra, colours, "os^Dv", strict=False):
        impedance = one.spectrum.impedance * 1e4  # to Ohm.cm2
        label = f"{one.state.charge / 36000:.1f} mAh cm$^{{-2}}$"
        axis.plot(impedance.real, -impedance.imag, mark, color=colour, label=label)
    axis.set_xlim(0, 40)
    axis.set_ylim(0, 20)
    axis.set_xlabel("Re Z (Ohm cm$^2$)", fontsize=14)
    axis.set_ylabel("-Im Z (Ohm cm$^2$)", fontsize=14)
    axis.legend(frameon=False, fontsize=12)
    figure.tight_layout()
    figure.savefig(figure_file, dpi=120)
    fresh = found.spectra[0].spectrum
    return float(fresh.impedance[abs(fresh.frequency - 1).argmin()].real * 1e4)


if __name__ == "__main__":
    print(main("eis.png"), "Ohm.cm2")
