"""Solves the programs written by the benches lp_native and equivalent with HiGHS and compares.

Times Highs.run alone: reading the file and building the model are left out, which favours
HiGHS, as our times include building the model. One thread, fresh solver per run, default
options otherwise; integer programs also with no gap, as ours are solved, since the default
stops at 1e-4. Exit code 1 if a cost differs by more than 1e-7 relative (1e-6 with integers).
"""

import csv
import statistics
import sys
import time
from pathlib import Path

import highspy

FOLDER = Path(__file__).resolve().parent.parent / "target" / "bench-lps"
REPEATS = 7
# A program that takes longer is solved fewer times.
BUDGET_S = 5


def solve(path, **options):
    """Objective and median microseconds of the program in `path`."""
    times = []
    while not times or (len(times) < REPEATS and sum(times) < BUDGET_S * 1e6):
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        for option, value in options.items():
            solver.setOptionValue(option, value)
        solver.readModel(str(path))
        start = time.perf_counter()
        solver.run()
        times.append((time.perf_counter() - start) * 1e6)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        sys.exit(f"{path.name}: {solver.getModelStatus()}")
    return solver.getObjectiveValue(), statistics.median(times)


def read(folder):
    with open(folder / "ours.csv", newline="") as file:
        return list(csv.DictReader(file))


def off(theirs, ours):
    return abs(theirs - float(ours)) / (1 + abs(theirs))


def dispatches(folder):
    ours = read(folder)
    theirs = [solve(folder / f"{row['name']}.lp") for row in ours]
    worst = max(off(cost, row["objective"]) for row, (cost, _) in zip(ours, theirs))
    highs_us = statistics.median(us for _, us in theirs)
    lazy_us = statistics.median(float(row["lazy_us"]) + float(row["prices_us"]) for row in ours)
    full_us = statistics.median(float(row["full_us"]) + float(row["prices_us"]) for row in ours)
    print(f"HiGHS {highspy.Highs().version()}, run()   {highs_us:8.1f} µs (median)")
    print(f"HiGHS / ours, limits lazily, prices included   {highs_us / lazy_us:6.1f}")
    print(f"HiGHS / ours, all limits, prices included      {highs_us / full_us:6.1f}")
    print(f"largest difference in cost, relative           {worst:.1e}")
    return worst <= 1e-7


def equivalents(folder):
    print("\n| program | interval ms | whole program ms | HiGHS ms | at its own gap | HiGHS / interval | HiGHS / whole |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    worst = 0.0
    for row in read(folder):
        path = folder / f"{row['name']}.lp"
        cost, exact_us = solve(path, mip_rel_gap=0.0, mip_abs_gap=1e-9)
        worst = max(worst, off(cost, row["objective"]))
        _, loose_us = solve(path)
        ours_ms = float(row["interval_ms"])
        whole = row["whole_ms"]
        of_whole = f"{exact_us / 1e3 / float(whole):.2f}" if whole else ""
        print(
            f"| {row['name']} | {ours_ms:.3g} | {whole} | {exact_us / 1e3:.3g} | {loose_us / 1e3:.3g}"
            f" | {exact_us / 1e3 / ours_ms:.2g} | {of_whole} |"
        )
    print(f"largest difference in cost, relative           {worst:.1e}")
    return worst <= 1e-6


def main():
    fine = [part(folder) for part, folder in [(dispatches, FOLDER), (equivalents, FOLDER / "equivalent")]
            if (folder / "ours.csv").exists()]
    sys.exit(not (fine and all(fine)))


main()
