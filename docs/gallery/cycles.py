"""Twenty thousand cycles at 30C, most of them jumped over."""

import matplotlib.pyplot as plt

import twin


def main(figure_file: str) -> float:
    """Write the figure; the result is the capacity that is left [%]."""
    aged = twin.age(
        "yang2024_nano_0_2mAh",
        "rate_test",
        20_000,
        arguments={"charge_rate": "30", "discharge_rate": "30", "rest": "0 min"},
        estimate=False,  # the run that tells the error costs as much again
    )
    capacity = aged["Discharge capacity [C.m-2]"]
    left = 100 * capacity / capacity[0]
    run = aged["resolved"]
    figure, axis = plt.subplots(figsize=(6, 4.5))
    axis.plot(left["cycle"], left, color="#0072B2", lw=3, label="model")
    axis.plot(left["cycle"][run], left[run], "k|", ms=10, label="cycles that were run")
    axis.plot(20_000, 80, "D", color="#D55E00", ms=10, clip_on=False, label="reported")
    axis.set_xlabel("Cycle (-)", fontsize=14)
    axis.set_ylabel("Discharge over the first (%)", fontsize=14)
    axis.legend(frameon=False, fontsize=14)
    figure.tight_layout()
    figure.savefig(figure_file, dpi=120)
    return float(left[-1])


if __name__ == "__main__":
    print(main("cycles.png"), "%")
