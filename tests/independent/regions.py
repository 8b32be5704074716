"""Maps of one dispatch over a load and the limit of a line: how many regions, and cost and price at points of them.

PPOPT (Pistikopoulos and others) finds the critical regions of the same program written by bus angles, by listing active sets; the
product goes from region to region with shift factors. Cost and price at random points are those of HiGHS, there and a little further.
"""
import warnings

import networks
import numpy as np
from judge import Mismatch, near

try:
    from ppopt.mp_solvers.solve_mpqp import mpqp_algorithm, solve_mpqp
    from ppopt.mplp_program import MPLP_Program
    from ppopt.solver import Solver
except ImportError:
    # It is heavy: the long round installs it (requirements-long.txt), the short one asks HiGHS alone.
    MPLP_Program = None

COUNT, LONG = 12, 200

# That a program has no point anywhere is an answer.
warnings.filterwarnings("ignore", module="ppopt")
POINTS = 12
STEP = 1e-4


def case(rng):
    """Numbers without ties: PPOPT counts regions that lie on one another apart."""
    case = networks.system(rng)
    case["buses"], case["branches"] = case["buses"][:4], []
    buses = [bus["id"] for bus in case["buses"]]
    pairs = [(k - 1, k) for k in range(1, len(buses))] + ([(0, len(buses) - 1)] if len(buses) > 2 else [])
    for k, (a, b) in enumerate(pairs):
        branch = {"id": f"l{k}", "from": buses[a], "to": buses[b], "x_pu": rng.uniform(0.1, 0.4)}
        case["branches"].append({**branch, "max_p_mw": rng.uniform(3.0, 9.0) if k < 3 else None})
    case["loads"] = [{"id": f"L{k}", "bus": bus, "p_mw": rng.uniform(2.0, 6.0)} for k, bus in enumerate(buses)]
    case["generators"] = []
    for k in range(rng.randint(2, 3)):
        sizes, price = [rng.uniform(4.0, 9.0), rng.uniform(4.0, 9.0)], rng.uniform(5.0, 40.0)
        offer = [{"p_mw": sizes[0], "usd_per_mwh": price}, {"p_mw": sizes[1], "usd_per_mwh": price + rng.uniform(2.0, 20.0)}]
        unit = {"id": f"G{k}", "bus": buses[rng.randrange(len(buses))], "min_p_mw": 0.0, "max_p_mw": sum(sizes), "offer": offer}
        case["generators"].append(unit)
    load, line = case["loads"][rng.randrange(len(buses))], case["branches"][0]
    scenario = networks.scenario(case, method="optimal", intervals=1)
    axes = [(f"case.loads.{load['id']}.p_mw", 0.5, 14.5), (f"case.branches.{line['id']}.max_p_mw", 0.5, 8.5)]
    return {"scenario": scenario, "axes": axes, "seed": rng.random()}


def check(tandem, asked):
    scenario, axes = asked["scenario"], [tuple(axis) for axis in asked["axes"]]
    bus = scenario["case"]["buses"][0]["id"]
    report = tandem.map(scenario, *axes, bus)
    rows = report.table("regions")
    chart = next(one for one in report.data["charts"] if one["id"] == "map")
    cells = {int(cell["label"]): cell["corners"] for mark in chart["marks"] if mark["mark"] == "surface" for cell in mark["cells"]}
    share = sum(row["share of the map"] for row in rows)
    near("shares of the map, %", share, 100.0, relative=1e-9)
    spread = np.random.default_rng(int(asked["seed"] * 2**32))
    program = parametric(scenario["case"], axes)
    if program is not None and len(cells) != len(program.solution.critical_regions):
        raise Mismatch(f"{len(cells)} regions with a dispatch, PPOPT {len(program.solution.critical_regions)}")
    dispatched = 0
    for _ in range(POINTS):
        at = [low + (high - low) * spread.random() for _, low, high in axes]
        region = next((k for k, corners in cells.items() if holds(corners, at)), None)
        cost = networks.dispatch(moved(scenario["case"], axes, at))
        if region is None:
            if cost is not None:
                raise Mismatch(f"HiGHS has a dispatch at {at}, the map none")
            continue
        row = rows[region - 1]
        centre = np.mean([corner[:2] for corner in cells[region]], axis=0)
        slopes = [value for name, value in row.items() if name.startswith("cost by ")]
        ours = row["cost at its centre"] + slopes[0] * (at[0] - centre[0]) + slopes[1] * (at[1] - centre[1])
        near(f"cost at {at}, $/h", ours, cost)
        if program is not None:
            near(f"cost at {at} by PPOPT, $/h", ours, program.cost(at))
        there = moved(scenario["case"], axes, centre)
        price = networks.dispatch(there, {bus: STEP}) - networks.dispatch(there, {bus: -STEP})
        near(f"LMP at bus {bus} in region {region}", row[f"LMP at bus {bus}"], price / (2 * STEP), relative=1e-5, absolute=1e-4)
        dispatched += 1
    if program is None:
        return "compared with HiGHS alone"
    return "compared" if dispatched else "without dispatch"


def parametric(case, axes):
    """PPOPT's answer; None without it, or where it stops at a singular system of its own, in some 2 % of the cases."""
    if MPLP_Program is None:
        return None
    try:
        return Parametric(case, axes)
    except np.linalg.LinAlgError:
        return None


def moved(case, axes, at):
    """The case with a load and a limit of their own."""
    (load, _, _), (line, _, _) = axes
    load, line = load.split(".")[2], line.split(".")[2]
    loads = [{**one, "p_mw": at[0]} if one["id"] == load else one for one in case["loads"]]
    branches = [{**one, "max_p_mw": at[1]} if one["id"] == line else one for one in case["branches"]]
    return {**case, "loads": loads, "branches": branches}


def holds(corners, at):
    """Whether a convex polygon, counter-clockwise, has a point."""
    turned = corners[1:] + corners[:1]
    return all((b[0] - a[0]) * (at[1] - a[1]) - (b[1] - a[1]) * (at[0] - a[0]) >= -1e-9 for a, b in zip(corners, turned))


class Parametric:
    """The dispatch by bus angles as a multiparametric program: A x ≤ b + F θ."""

    def __init__(self, case, axes):
        rows, equal = self.rows(case, axes)
        order = [row for row in rows if row[3]] + [row for row in rows if not row[3]]
        matrix = np.array([row[0] for row in order])
        right = np.array([[row[1]] for row in order])
        moves = np.array([row[2] for row in order])
        bounds = np.array([[-1.0, 0.0], [1.0, 0.0], [0.0, -1.0], [0.0, 1.0]])
        ends = np.array([[-axes[0][1]], [axes[0][2]], [-axes[1][1]], [axes[1][2]]])
        costs, still = np.array([self.costs]).T, np.zeros((len(self.costs), 2))
        equal = list(range(equal))
        program = MPLP_Program(matrix, right, costs, still, bounds, ends, moves, equality_indices=equal, solver=Solver({"lp": "glpk"}))
        program.process_constraints()
        self.solution = solve_mpqp(program, mpqp_algorithm.combinatorial)

    def rows(self, case, axes):
        """(terms, right-hand side, its move with θ, equality)."""
        load, line = axes[0][0].split(".")[2], axes[1][0].split(".")[2]
        blocks = [(unit["bus"], size, price) for unit in case["generators"] for size, price in networks.blocks(unit)]
        buses = [bus["id"] for bus in case["buses"]]
        width = len(blocks) + len(buses) - 1
        self.costs = [price for _, _, price in blocks] + [0.0] * (len(buses) - 1)

        def flow(branch):
            terms = np.zeros(width)
            for bus, sign in ((branch["from"], 1.0), (branch["to"], -1.0)):
                if bus != buses[0]:
                    terms[len(blocks) + buses.index(bus) - 1] += sign / branch["x_pu"]
            return terms

        rows = []
        for bus in buses:
            terms = np.array([1.0 if at == bus else 0.0 for at, _, _ in blocks] + [0.0] * (len(buses) - 1))
            for branch in case["branches"]:
                if bus in (branch["from"], branch["to"]):
                    terms -= flow(branch) * (1.0 if bus == branch["from"] else -1.0)
            own = [one for one in case["loads"] if one["bus"] == bus]
            fixed = sum(one["p_mw"] for one in own if one["id"] != load)
            rows.append((terms, fixed, [float(any(one["id"] == load for one in own)), 0.0], True))
        for k, (_, size, _) in enumerate(blocks):
            terms = np.zeros(width)
            terms[k] = 1.0
            rows += [(terms, size, [0.0, 0.0], False), (-terms, 0.0, [0.0, 0.0], False)]
        for branch in case["branches"]:
            if branch["max_p_mw"] is None:
                continue
            moves = branch["id"] == line
            for sign in (1.0, -1.0):
                rows.append((sign * flow(branch), 0.0 if moves else branch["max_p_mw"], [0.0, float(moves)], False))
        return rows, len(buses)

    def cost(self, at):
        return float(np.array(self.costs) @ self.solution.evaluate(np.array([[at[0]], [at[1]]])).ravel())
