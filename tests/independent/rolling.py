"""Rolling dispatch with distribution factors, one interval at a time and looking ahead.

Every interval is answered again from the state the product left: factors by their own recursion, the whole horizon as one
program in bus angles of the changes since that state. The product's first interval must cost no more than the best one does
over the horizon; its prices must lie between the one-sided derivatives of that cost by the load, and the ramp opportunity of
a generator between those of the later intervals by its output now.
"""
import numpy as np

import networks
from judge import Mismatch, near
from program import INF, Program

STEP = 1e-3
COUNT, LONG = 30, 1500


def case(rng):
    case = networks.system(rng, ders=True)
    most = sum(load["p_mw"] for load in case["loads"])
    for one in networks.units(case):
        # No two prices are equal, so that few dispatches are as good as another.
        one["offer"] = [{**block, "usd_per_mwh": block["usd_per_mwh"] + rng.random()} for block in one["offer"]]
        one["offer"].sort(key=lambda block: block["usd_per_mwh"])
    for one in case["generators"]:
        one["max_p_mw"] += most / len(case["generators"])
        if rng.random() < 0.7:
            one["ramp_mw_per_min"] = networks.pick(rng, 0.1, 0.2, 0.4, 0.8)
    names = [one["id"] for one in case["ders"]]
    cut = rng.randint(1, len(names))
    case["aggregators"] = [{"id": f"A{k}", "ders": some} for k, some in enumerate((names[:cut], names[cut:])) if some]
    start, left = {}, most
    for one in case["generators"]:
        start[one["id"]] = round(min(left, one["max_p_mw"]), 3)
        left -= start[one["id"]]
    weights = [round(rng.random(), 2) + 0.01 for _ in range(rng.randint(1, 4))]
    return networks.scenario(
        case,
        method=networks.pick(rng, "distribution_factors", "distribution_factors", "optimal"),
        df={"rule": networks.pick(rng, "capacity", "latest_se", "weighted", "merit_order"), "weights": weights},
        intervals=5,
        look_ahead_intervals=rng.randint(1, 4),
        load_profile=[round(0.7 + 0.6 * rng.random(), 2) for _ in range(rng.randint(1, 7))],
        initial={"generators": start, "ders": {}},
    )


def check(tandem, scenario):
    report = tandem.run(scenario)
    if not report.solved and not report.series("cost"):
        return "infeasible"
    case, ask = scenario["case"], scenario["mechanism"]
    seen = {a["id"]: [capacity(case, a)] for a in case["aggregators"]}
    state = start(case, ask)
    told = "one by one"
    for t in range(len(report.series("cost"))):
        factors = {a["id"]: factor(case, a, ask["df"], state, seen[a["id"]]) for a in case["aggregators"]}
        if ask["method"] == "optimal":
            factors = None
        else:
            for a in case["aggregators"]:
                for der, share in zip(a["ders"], factors[a["id"]]):
                    near(f"DF of {der}, interval {t + 1}", report.series(f"df:{der}")[t], share)
        now = {one["id"]: report.series(f"p:{one['id']}")[t] for one in networks.units(case)}
        ahead = interval(case, ask, state, factors, now, report, t)
        told = "looking ahead" if ahead else told
        loads = {load["id"]: report.series(f"load:{load['id']}")[t] for load in case["loads"]}
        state = {**now, **loads}
    return told


def interval(case, ask, state, factors, now, report, t):
    """Whether the horizon was longer than one interval."""
    longest = ask["look_ahead_intervals"] if any("ramp_mw_per_min" in g for g in case["generators"]) else 1

    def cost(length, **changed):
        return horizon(case, ask, state, factors, t, length, **changed)

    length = next((h for h in range(longest, 0, -1) if cost(h) is not None), None)
    if length is None:
        raise Mismatch(f"interval {t + 1}: HiGHS finds no dispatch, the product does")
    best = cost(length)
    held = cost(length, first=now)
    if held is None:
        raise Mismatch(f"interval {t + 1}: the product's dispatch breaks a limit")
    near(f"cost of the horizon from interval {t + 1} on, $/h", held, best, absolute=2e-5)
    for bus in (one["id"] for one in case["buses"]):
        more, less = cost(length, more={bus: STEP}), cost(length, more={bus: -STEP})
        price = report.series(f"lmp:{bus}")[t]
        between(f"LMP of {bus}, interval {t + 1}", price, less, best, more)
    for one in case["generators"]:
        series = report.series(f"ramp:{one['id']}")
        if series is None or length == 1:
            continue
        later = [cost(length, first={**now, one["id"]: now[one["id"]] + d}, later_only=True) for d in (-STEP, 0, STEP)]
        if later[1] is not None:
            # More output now saves what the later intervals cost less.
            between(f"ramp opportunity of {one['id']}, interval {t + 1}", -series[t], *later)
    return length > 1


def between(what, value, less, here, more):
    low = -INF if less is None else (here - less) / STEP
    high = INF if more is None else (more - here) / STEP
    if value is None or not low - 1e-3 <= value <= high + 1e-3:
        raise Mismatch(f"{what}: {value}, independently {low} to {high}")


def horizon(case, ask, state, factors, t, length, first=None, more=None, later_only=False):
    """Least cost in $/h over the horizon, or None; `first` holds the outputs of the first interval."""
    program = Program()
    measured = flows(case, state)
    before = None
    for k in range(length):
        injected = {bus["id"]: ([], (more or {}).get(bus["id"], 0.0) * (k == 0)) for bus in case["buses"]}

        def put(bus, terms, fixed):
            injected[bus] = (injected[bus][0] + terms, injected[bus][1] + fixed)

        for load in case["loads"]:
            put(load["bus"], [], load["p_mw"] * multiplier(ask, t + k) - state[load["id"]])
        outputs = {}
        free = 0.0 if k == 0 and later_only else 1.0
        for one in networks.units(case):
            blocks = [program.var(0.0, size, free * price) for size, price in networks.blocks(one)]
            outputs[one["id"]] = [(block, 1.0) for block in blocks]
        for one in case["generators"]:
            ramp = one.get("ramp_mw_per_min", INF) * ask.get("interval_minutes", 5.0)
            if k == 0:
                near_now = (max(0.0, state[one["id"]] - ramp), min(one["max_p_mw"], state[one["id"]] + ramp))
                program.row(outputs[one["id"]], *(near_now if not later_only else (0.0, INF)))
            else:
                fall = [(block, -1.0) for block, _ in before[one["id"]]]
                program.row(outputs[one["id"]] + fall, -ramp, ramp)
            put(one["bus"], [(v, -1.0) for v, _ in outputs[one["id"]]], state[one["id"]])
        buses = {one["id"]: one["bus"] for one in case["ders"]}
        for a in case["aggregators"]:
            total = [term for der in a["ders"] for term in outputs[der]]
            now = sum(state[der] for der in a["ders"])
            if factors is None:
                for der in a["ders"]:
                    put(buses[der], [(v, -1.0) for v, _ in outputs[der]], state[der])
            else:
                for der, share in zip(a["ders"], factors[a["id"]]):
                    put(buses[der], [(v, -share) for v, _ in total], share * now)
            if first and k == 0 and not later_only:
                asked = sum(first[der] for der in a["ders"])
                program.row(total, asked - 1e-7, asked + 1e-7)
        if first and k == 0:
            for one in case["generators"]:
                slack = 0.0 if later_only else 1e-7
                program.row(outputs[one["id"]], first[one["id"]] - slack, first[one["id"]] + slack)
        if not (k == 0 and later_only):
            network(program, case, injected, measured)
        before = outputs
    return program.solve()


def network(program, case, injected, measured):
    """Angles of the changes: what leaves a bus and what is taken there sum to nothing."""
    angle = {bus["id"]: program.var(-INF, INF) for bus in case["buses"]}
    first = case["buses"][0]["id"]
    program.low[angle[first]] = program.high[angle[first]] = 0.0
    leaving = {bus: [] for bus in angle}
    for branch in case["branches"]:
        most = INF if branch["max_p_mw"] is None else branch["max_p_mw"]
        flow = program.var(-most - measured[branch["id"]], most - measured[branch["id"]])
        a, b = branch["from"], branch["to"]
        program.row([(flow, branch["x_pu"]), (angle[a], -1.0), (angle[b], 1.0)], 0.0, 0.0)
        leaving[a].append((flow, 1.0))
        leaving[b].append((flow, -1.0))
    for bus, (terms, taken) in injected.items():
        program.row(leaving[bus] + terms, -taken, -taken)


def flows(case, state):
    """Flows of a state by bus angles, MW."""
    place = {bus["id"]: k for k, bus in enumerate(case["buses"])}
    matrix, given = np.zeros((len(place), len(place))), np.zeros(len(place))
    for branch in case["branches"]:
        a, b = place[branch["from"]], place[branch["to"]]
        matrix[[a, b], [a, b]] += 1 / branch["x_pu"]
        matrix[[a, b], [b, a]] -= 1 / branch["x_pu"]
    for one in networks.units(case):
        given[place[one["bus"]]] += state[one["id"]]
    for load in case["loads"]:
        given[place[load["bus"]]] -= state[load["id"]]
    matrix[0], given[0] = 0.0, 0.0
    matrix[0, 0] = 1.0
    angle = np.linalg.solve(matrix, given)
    between = {b["id"]: (angle[place[b["from"]]] - angle[place[b["to"]]]) / b["x_pu"] for b in case["branches"]}
    return {name: float(flow) for name, flow in between.items()}


def multiplier(ask, t):
    profile = ask.get("load_profile") or [1.0]
    return profile[min(t, len(profile) - 1)]


def start(case, ask):
    """Outputs and loads before the first interval; loads are scaled to what is produced."""
    given = ask["initial"]
    state = {one["id"]: given["generators"].get(one["id"], 0.0) for one in case["generators"]}
    state.update({one["id"]: given["ders"].get(one["id"], 0.0) for one in case["ders"]})
    produced, taken = sum(state.values()), sum(load["p_mw"] for load in case["loads"])
    return {**state, **{load["id"]: load["p_mw"] * produced / taken for load in case["loads"]}}


def capacity(case, a):
    most = [next(d for d in case["ders"] if d["id"] == der)["max_p_mw"] for der in a["ders"]]
    return [p / sum(most) for p in most]


def factor(case, a, rule, state, seen):
    """Factors by the rule; `seen` is every one there was so far, newest last, the first by capacity."""
    outputs = [state[der] for der in a["ders"]]
    total = sum(outputs)
    if rule["rule"] == "merit_order":
        blocks = []
        for k, der in enumerate(a["ders"]):
            unit = next(d for d in case["ders"] if d["id"] == der)
            blocks += [(price, k, size) for size, price in networks.blocks(unit)]
        used = np.cumsum([size for _, _, size in sorted(blocks)])
        ahead = [k for (_, k, _), end in zip(sorted(blocks), used) if end > total + 1e-9]
        who = ahead[0] if ahead else sorted(blocks)[-1][1]
        return [float(k == who) for k in range(len(outputs))]
    if rule["rule"] == "capacity":
        return seen[0]
    if total <= 1e-9:
        return seen[-1] if rule["rule"] == "latest_se" else mean(rule["weights"], seen)
    seen.append([p / total for p in outputs])
    return seen[-1] if rule["rule"] == "latest_se" else mean(rule["weights"], seen)


def mean(weights, seen):
    used = list(zip(weights, reversed(seen)))
    total = sum(w for w, _ in used)
    return [sum(w * one[k] for w, one in used) / total for k in range(len(seen[0]))]
