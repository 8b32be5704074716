"""Solves the draws that the bench draws wrote with HiGHS, warm from one to the next, and compares.

Times Highs.run alone, one thread; HiGHS is given only the limits that some draw met, which favours it: our times
include building the program, checking every limit, prices and certificate. Exit code 1 if a cost differs by more than
1e-9 relative.
"""

import csv
import statistics
import sys
import time
from pathlib import Path

import highspy
import numpy

FOLDER = Path(__file__).resolve().parent.parent / "target" / "bench-draws"


def numbers(text):
    return numpy.array([float(value) for value in text.split()])


def places(names, listed):
    """Where HiGHS has what the columns of the draws are of."""
    at = {name: k for k, name in enumerate(names)}
    return numpy.array([at[name] for name in listed.read_text().split()], dtype=numpy.int32)


def main():
    worst_of_all = 0.0
    for listed in sorted(FOLDER.glob("*.csv")):
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.readModel(str(listed.with_suffix(".lp")))
        times, worst = [], 0.0
        with open(listed, newline="") as file:
            draws = list(csv.DictReader(file))
        rows = places(solver.getLp().row_names_, listed.with_suffix(".rows"))
        columns = places(solver.getLp().col_names_, listed.with_suffix(".columns"))
        for draw in draws:
            low, high = numbers(draw["row_lower"]), numbers(draw["row_upper"])
            solver.changeRowsBounds(len(rows), rows, low, high)
            low, high = numbers(draw["column_lower"]), numbers(draw["column_upper"])
            solver.changeColsBounds(len(columns), columns, low, high)
            start = time.perf_counter()
            solver.run()
            times.append(time.perf_counter() - start)
            cost = float(draw["cost"])
            worst = max(worst, abs(solver.getObjectiveValue() - cost) / (1 + abs(cost)))
        median = statistics.median(times)
        known = float(draws[0]["known_us"])
        print(
            f"{listed.stem:30} HiGHS {highspy.Highs().version()}, warm {1e6 * median:9.1f} µs"
            f"   known {known:9.1f} µs   ratio {1e6 * median / known:6.1f}   cost {worst:.1e}"
        )
        worst_of_all = max(worst_of_all, worst)
    sys.exit(worst_of_all > 1e-9)


main()
