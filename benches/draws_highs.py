"""Solves the draws that the bench draws wrote with HiGHS, warm from one to the next, and compares.

Times Highs.run alone, one thread. By itself a name stands for the program with the limits that some draw met and no
others, which favours HiGHS: our times include checking every limit of the network, prices and certificate. "all
limits" is the program with angles and every limit. Exit code 1 if a cost differs by more than 1e-9 relative.
"""

import csv
import json
import statistics
import sys
import time
from pathlib import Path

import highspy
import numpy

FOLDER = Path(__file__).resolve().parent.parent / "target" / "bench-draws"


def numbers(text):
    return numpy.array([float(value) for value in text.split()])


def bounds(draw, of):
    return numbers(draw[f"{of}_lower"]), numbers(draw[f"{of}_upper"])


def program(of, draw):
    lp = highspy.HighsLp()
    lp.num_col_ = len(of["costs"])
    lp.num_row_ = len(of["starts"]) - 1
    lp.col_cost_ = numpy.array(of["costs"])
    lp.col_lower_, lp.col_upper_ = bounds(draw, "column")
    lp.row_lower_, lp.row_upper_ = bounds(draw, "row")
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = numpy.array(of["starts"])
    lp.a_matrix_.index_ = numpy.array(of["columns"])
    lp.a_matrix_.value_ = numpy.array(of["values"])
    return lp


def main():
    csv.field_size_limit(sys.maxsize)
    worst_of_all = 0.0
    print(f"HiGHS {highspy.Highs().version()}")
    for listed in sorted(FOLDER.glob("*.csv")):
        of = json.loads(listed.with_suffix(".json").read_text())
        with open(listed, newline="") as file:
            draws = list(csv.DictReader(file))
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.passModel(program(of, draws[0]))
        rows = numpy.arange(len(of["starts"]) - 1, dtype=numpy.int32)
        columns = numpy.arange(len(of["costs"]), dtype=numpy.int32)
        times, worst, iterations = [], 0.0, 0
        for draw in draws:
            solver.changeRowsBounds(len(rows), rows, *bounds(draw, "row"))
            solver.changeColsBounds(len(columns), columns, *bounds(draw, "column"))
            start = time.perf_counter()
            solver.run()
            times.append(time.perf_counter() - start)
            iterations += solver.getInfo().simplex_iteration_count
            cost = float(draw["cost"])
            worst = max(worst, abs(solver.getObjectiveValue() - cost) / (1 + abs(cost)))
        # The first is cold.
        warm = times[1:] or times
        median, mean = 1e6 * statistics.median(warm), 1e6 * statistics.fmean(warm)
        known = of["known_us"]
        print(
            f"{listed.stem:38}{len(rows):6} x{len(columns):5} {len(draws):5} draws"
            f"  warm, median {median:9.1f} µs, mean {mean:9.1f} µs, iterations {iterations / len(draws):7.1f}"
            f"  known {known:8.2f} µs  ratio {median / known:7.1f}  cost {worst:.1e}"
        )
        worst_of_all = max(worst_of_all, worst)
    sys.exit(worst_of_all > 1e-9)


main()
