"""One campaign as long as you like: samples per second, memory on the way, and its store.

    python benchmarks/campaign_memory.py [--samples 10000] [--seconds 900] [--workers 2]
        [--json out.json]

The samples are those of benchmarks/campaign.py. A run that takes longer than it may is
stopped, and tells what it reached. Memory is what each process holds in RAM, read from
/proc (Linux). At the end the store is read again from the disk: each batch has been
written once, no sample is missing, and two batches evaluated anew give the same bits.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pybamm
from campaign import LARGE, rows
from figures import write_figures

from twin.studies.campaign import BATCH, executor, run_campaign, versions
from twin.studies.store import FAILED, PENDING, CampaignStore
from twin.studies.tasks import Evaluated

IDENTITY = {"benchmark": 1}
MARKS = (64, 500, 1_000, 2_000, 5_000, 7_500, 10_000)


class OutOfTime(Exception):
    """The run has had its time."""


def descendants(process: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *descendants(child)]
    return found


def status(process: int, key: str) -> float:
    """A figure of a process [MiB]."""
    text = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in text.splitlines() if line.startswith(key + ":"))
    return int(line.split()[1]) / 1024


def cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Watch:
    """Notes time and memory as samples come, and counts how often a batch is written."""

    def __init__(self, count: int, seconds: float) -> None:
        self.count, self.seconds = count, seconds
        self.marks = [mark for mark in MARKS if mark < count] + [count]
        self.start = time.perf_counter()
        self.notes: list[tuple[int, float, float]] = []
        self.memory: list[dict[str, float]] = []

    def __call__(self, share: float) -> None:
        done, spent = round(share * self.count), time.perf_counter() - self.start
        late = spent > self.seconds and done < self.count
        if done >= self.marks[0] or late:
            self.note(done, spent)
        if late:
            raise OutOfTime

    def note(self, done: int, spent: float) -> None:
        while self.marks and self.marks[0] <= done:
            del self.marks[0]
        own = os.getpid()
        every = [own, *descendants(own)]
        cpu = sum(map(cpu_seconds, every))
        held = sorted((status(one, "VmRSS") for one in every[1:]), reverse=True)
        self.notes.append((done, spent, cpu))
        program = status(own, "VmRSS")
        self.memory.append({"program": program, "largest worker": max(held, default=0.0)})
        print(
            f"{done:6d} samples, {spent:6.1f} s, {cpu:7.1f} CPU s; "
            f"program {program:.0f} MiB, workers "
            + ", ".join(f"{one:.0f}" for one in held if one > 100)
            + " MiB",
            flush=True,
        )


def main() -> None:
    """Run, print what it costs, and read the store again."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    pybamm.set_logging_level("ERROR")
    count, designs = given.samples, rows(given.samples)
    written: list[int] = []
    plain = CampaignStore.write

    def counted(self: CampaignStore, number: int, found: Evaluated) -> None:
        written.append(number)
        plain(self, number, found)

    # counted where the campaign writes: it makes its own store
    CampaignStore.write = counted  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "samples.zarr")
        watch = Watch(count, given.seconds)
        try:
            by = executor(given.workers)
            run_campaign(LARGE, designs, IDENTITY, by, place, progress=watch)
        except OutOfTime:
            print(f"stopped after {given.seconds:.0f} s")
        whole = {**IDENTITY, **versions(), "samples": count, "batch": BATCH}
        store = CampaignStore(place, whole, count, LARGE.width, BATCH)
        states, values = store.states(), store.values()
        size = sum(one.stat().st_size for one in place.rglob("*") if one.is_file())
        print(
            f"{store.done} of {count} samples in the store, "
            f"{(states == FAILED).sum()} failed; "
            f"{len(written)} batches written, {len(set(written))} different ones; "
            f"{size / store.done:.0f} bytes a sample"
        )
        batches = set(range(-(-count // BATCH)))
        assert sorted(written) == sorted(batches - set(store.pending()))
        assert np.isfinite(values[(states != FAILED) & (states != PENDING)]).all()
        evaluate = LARGE.prepare()
        for number in (min(written), max(written)):
            part = slice(number * BATCH, (number + 1) * BATCH)
            again = evaluate(designs[part]).values
            assert np.array_equal(again, values[part], equal_nan=True), number
        print("two batches evaluated anew: the same bits")
    figures = {
        "samples": count,
        "samples in the store": store.done,
        "share of samples that failed, %": 100 * (states == FAILED).sum() / store.done,
        "bytes a sample": size / store.done,
    }
    (first, then, before), (last, now, after) = watch.notes[0], watch.notes[-1]
    if last > first:
        rate, cost = (last - first) / (now - then), 1e3 * (after - before) / (last - first)
        print(f"beyond the first {first}: {rate:.3g} samples/s, {cost:.4g} CPU ms/sample")
        figures |= {"samples/s": rate, "CPU ms/sample": cost}
    for when, held in (("at first", watch.memory[0]), ("at the end", watch.memory[-1])):
        figures |= {f"memory of the {who} {when}, MiB": one for who, one in held.items()}
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest memory of a worker: {largest:.0f} MiB")
    figures["peak memory of a worker, MiB"] = largest
    if given.json:
        write_figures(figures, given.json)


if __name__ == "__main__":
    main()
