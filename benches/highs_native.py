"""Solves the LPs written by the bench lp_native with HiGHS and compares.

Times Highs.run alone: reading the file and building the model are left out, which favours
HiGHS, as our times include building the model. One thread, fresh solver per run, default
options otherwise. Exit code 1 if a cost differs by more than 1e-7 relative.
"""

import csv
import statistics
import sys
import time
from pathlib import Path

import highspy

FOLDER = Path(__file__).resolve().parent.parent / "target" / "bench-lps"
REPEATS = 7


def solve(path):
    """Objective and median microseconds of the LP in `path`."""
    times = []
    for _ in range(REPEATS):
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.readModel(str(path))
        start = time.perf_counter()
        solver.run()
        times.append((time.perf_counter() - start) * 1e6)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        sys.exit(f"{path.name}: {solver.getModelStatus()}")
    return solver.getObjectiveValue(), statistics.median(times)


def main():
    with open(FOLDER / "ours.csv", newline="") as file:
        ours = list(csv.DictReader(file))
    theirs = [solve(FOLDER / f"{row['name']}.lp") for row in ours]
    worst = max(
        abs(objective - float(row["objective"])) / (1 + abs(objective))
        for row, (objective, _) in zip(ours, theirs)
    )
    highs_us = statistics.median(us for _, us in theirs)
    lazy_us = statistics.median(float(row["lazy_us"]) + float(row["prices_us"]) for row in ours)
    full_us = statistics.median(float(row["full_us"]) + float(row["prices_us"]) for row in ours)
    print(f"HiGHS {highspy.Highs().version()}, run()   {highs_us:8.1f} µs (median)")
    print(f"HiGHS / ours, limits lazily, prices included   {highs_us / lazy_us:6.1f}")
    print(f"HiGHS / ours, all limits, prices included      {highs_us / full_us:6.1f}")
    print(f"largest difference in cost, relative           {worst:.1e}")
    sys.exit(worst > 1e-7)


main()
