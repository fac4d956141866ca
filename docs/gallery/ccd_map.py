"""Critical current density over pressure and charge of a half cycle."""

import matplotlib.pyplot as plt
import numpy as np

import twin


def main(figure_file: str) -> np.ndarray:
    """Write the figure; the result is the map [mA.cm-2], charge by pressure."""
    found = twin.ccd_map(
        "mann2025_li",
        "pressure=0.1:10:4 MPa",
        "half_cycle_capacity=0.1:0.5:3 mA.h.cm-2",
        arguments={"start": "0.5 mA.cm-2", "step": "0.5 mA.cm-2", "end": "3 mA.cm-2"},
    )
    current = found["ccd"].values / 10  # to mA.cm-2
    figure, axis = plt.subplots(figsize=(6, 4.5))
    shown = axis.imshow(current, origin="lower", cmap="cividis", aspect="auto")
    axis.set_xticks(range(4), [f"{p:.2g}" for p in found["x"].values])
    axis.set_yticks(range(3), [f"{q:.2g}" for q in found["y"].values])
    for (row, column), value in np.ndenumerate(current):
        bound = ">=" if found["mode"].values[row, column] == "none" else ""
        dark = value < 0.6 * current.max()
        words = {"color": "white" if dark else "black", "fontsize": 13, "ha": "center"}
        axis.text(column, row, f"{bound}{value:.1f}", **words)
    axis.set_xlabel("Stack pressure (MPa)", fontsize=14)
    axis.set_ylabel("Half cycle (mAh cm$^{-2}$)", fontsize=14)
    figure.colorbar(shown, label="Critical current (mA cm$^{-2}$)")
    figure.tight_layout()
    figure.savefig(figure_file, dpi=120)
    return np.asarray(current)


if __name__ == "__main__":
    print(main("ccd_map.png"))
