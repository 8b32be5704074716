"""Solves the mixed-integer programs written by the bench bsp_bidding with HiGHS and compares.

Times Highs.run alone, one thread, no gap, at most 60 s each. Run benches/run.sh first, which
installs highspy into target/bench-venv, then
`target/bench-venv/bin/python benches/bsp_highs.py`. Exit code 1 if a profit differs by more than
1e-5 relative where both are proven.
"""

import csv
import sys
import time
from pathlib import Path

import highspy

FOLDER = Path(__file__).resolve().parent.parent / "target" / "bench-lps" / "bsp"
LIMIT_S = 60

worst = 0.0
times = ["name,highs_ms"]
print("program   binaries    HiGHS ms   branching ms   HiGHS / branching")
with open(FOLDER / "ours.csv", newline="") as file:
    for row in csv.DictReader(file):
        solver = highspy.Highs()
        for option, value in [("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("time_limit", LIMIT_S)]:
            solver.setOptionValue(option, value)
        solver.readModel(str(FOLDER / f"{row['name']}.lp"))
        binaries = sum(kind == highspy.HighsVarType.kInteger for kind in solver.getLp().integrality_)
        start = time.perf_counter()
        solver.run()
        took = (time.perf_counter() - start) * 1e3
        times.append(f"{row['name']},{took}")
        ours = float(row["branching_us"]) / 1e3
        note = ""
        if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            theirs = solver.getObjectiveValue()
            off = abs(theirs - float(row["objective"])) / (1 + abs(theirs))
            worst = max(worst, off)
            note = "" if off <= 1e-5 else f"  differs: {theirs} and {row['objective']}"
        else:
            note = "  stopped at the time limit"
        print(f"{row['name']:8} {binaries:9} {took:11.1f} {ours:14.2f} {took / ours:19.1f}{note}")
(FOLDER / "highs.csv").write_text("\n".join(times) + "\n")
print(f"largest difference of a profit, relative: {worst:.1e}")
sys.exit(worst > 1e-5)
