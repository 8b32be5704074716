"""Random balancing markets with feeders below, and the common optimum as one mixed-integer program for HiGHS.

Feeders are lossless, by LinDistFlow, w_j = w_i - 2 (r P + x Q) / kV^2 with P in MW, r in ohm, no losses, or by the relaxed
branch-flow cone, w_i l >= P^2 + Q^2 with l in MVA^2, which the program approaches from outside: a tangent plane where its last
point violates a cone, until none does.
"""
import math

from networks import pick
from program import INF, Program


def market(rng, physics="lossless", periods=1, whole=0.0, groups=False, ramps=False, durations=False, caps=(3000.0, 500.0)):
    """A balancing case; `whole` is the share of indivisible segments."""
    buses = [f"T{k}" for k in range(rng.randint(1, 3))]
    branches = [
        {"id": f"t{k}", "from": buses[k], "to": buses[k + 1], "x_pu": 0.1, "max_p_mw": pick(rng, None, float(rng.randint(1, 6)))}
        for k in range(len(buses) - 1)
    ]
    feeders = [feeder(rng, f"F{k}", physics) for k in range(rng.randint(1, 3))]
    boundaries = [
        {"id": f"B{k}", "bus": pick(rng, *buses), "feeder": one["id"], "max_p_mw": pick(rng, None, None, float(rng.randint(1, 5)))}
        for k, one in enumerate(feeders)
    ]
    below = [bus["id"] for one in feeders for bus in one["buses"] if bus["id"] != one["root"]]
    imbalances = [{"id": "i0", "bus": buses[0], "p_mw": [float(rng.randint(-8, 4)) for _ in range(periods)]}]
    if rng.random() < 0.5:
        imbalances.append({"id": "i1", "bus": pick(rng, *below), "p_mw": [float(rng.randint(-2, 2)) for _ in range(periods)]})
    bids = []
    for bus in [pick(rng, *buses), pick(rng, *buses)] + [pick(rng, *below) for _ in range(rng.randint(1, 5))]:
        bids.append(bid(rng, f"k{len(bids)}", bus, periods, whole, ramps, durations))
    balancing = {"periods": periods, "minutes_per_period": pick(rng, 60.0, 15.0), "price_cap_usd_per_mwh": pick(rng, *caps), "imbalances": imbalances, "bids": bids}
    if groups:
        names = [one["id"] for one in bids]
        balancing["exclusive"] = [{"id": "one of them", "bids": rng.sample(names, rng.randint(2, min(3, len(names))))}]
    return {
        "version": 1,
        "name": "random",
        "base_mva": 100.0,
        "buses": [{"id": bus} for bus in buses],
        "branches": branches,
        "feeders": feeders,
        "boundaries": boundaries,
        "balancing": balancing,
    }


def feeder(rng, name, physics):
    n = rng.randint(2, 5)
    loaded = physics != "lossless"
    buses = [{"id": f"{name}n{k}"} for k in range(n)]
    for bus in buses[1:] if loaded else []:
        bus["p_load_mw"] = round(0.5 * rng.random(), 2)
        bus["q_load_mvar"] = round(0.2 * rng.random(), 2)
        bus["min_v_pu"], bus["max_v_pu"] = 0.9, pick(rng, 1.02, 1.05, 1.1)
    lines = []
    for k in range(1, n):
        line = {"id": f"{name}-{k}", "from": buses[rng.randrange(k)]["id"], "to": buses[k]["id"], "r_ohm": 0.0, "x_ohm": 0.0}
        if loaded:
            line["r_ohm"], line["x_ohm"] = round(0.3 + 3.0 * rng.random(), 2), round(0.2 + rng.random(), 2)
        if rng.random() < 0.5:
            most = float(rng.randint(1, 3))
            line["min_p_mw"], line["max_p_mw"] = -most, most
        lines.append(line)
    return {"id": name, "base_kv": 10.0, "root": buses[0]["id"], "root_v_pu": 1.0, "buses": buses, "lines": lines}


def bid(rng, name, bus, periods, whole, ramps, durations):
    offers = []
    for t in range(periods):
        if periods > 1 and rng.random() < 0.2:
            continue
        segments, price = [], float(rng.randint(5, 30))
        for _ in range(rng.randint(1, 2)):
            segment = {"min_p_mw": 0.0, "max_p_mw": float(rng.randint(1, 4)), "usd_per_mwh": price}
            if rng.random() < whole:
                segment["indivisible"] = True
            segments.append(segment)
            price += rng.randint(1, 20)
        if rng.random() < 0.4:
            segments.append({"min_p_mw": -float(rng.randint(1, 3)), "max_p_mw": 0.0, "usd_per_mwh": float(rng.randint(-10, 4))})
        offers.append({"period": t + 1, "segments": segments})
    offers = offers or [{"period": 1, "segments": [{"min_p_mw": 0.0, "max_p_mw": 2.0, "usd_per_mwh": 20.0}]}]
    one = {"id": name, "bus": bus, "offers": offers}
    offered = [offer["period"] for offer in offers]
    pairs = [t for t in offered if t + 1 in offered]
    if ramps and pairs and rng.random() < 0.5:
        one["ramps"] = [{"period": t, "min_mw": -float(rng.randint(1, 2)), "max_mw": float(rng.randint(1, 2))} for t in pairs]
    if durations and pairs and rng.random() < 0.4:
        one["minimum_duration"] = [{"start_period": t, "on_period": t + 1} for t in pairs]
    return one


def scenario(case, scheme, physics, **rsf):
    mechanism = {"kind": "residual_supply", "scheme": scheme, "physics": physics}
    if rsf:
        mechanism["rsf"] = rsf
    return {"version": 1, "title": "random", "case": case, "mechanism": mechanism}


def optimum(case, physics):
    """Least cost of everyone's bids over all networks, slack at the price cap, $."""
    market = case["balancing"]
    hours = market["minutes_per_period"] / 60.0
    cap = market["price_cap_usd_per_mwh"] * hours
    program = Program()
    lines, cones = case["feeders"], []
    everywhere = [bus["id"] for bus in case["buses"]] + [bus["id"] for one in lines for bus in one["buses"]]
    injected = [{bus: ([], 0.0) for bus in everywhere} for _ in range(market["periods"])]
    for imbalance in market["imbalances"]:
        for t, p in enumerate(imbalance["p_mw"]):
            terms, fixed = injected[t][imbalance["bus"]]
            injected[t][imbalance["bus"]] = (terms, fixed + p)
    taken = {}
    grouped = {name for group in market.get("exclusive", []) for name in group["bids"]}
    for one in market["bids"]:
        bid_rows(program, one, one["id"] in grouped, hours, injected, taken)
    for group in market.get("exclusive", []):
        program.row([(taken[name], 1.0) for name in group["bids"]], -INF, 1.0)
    for at in injected:
        for bus in everywhere:
            at[bus][0].extend([(program.var(cost=cap), 1.0), (program.var(cost=cap), -1.0)])
        for boundary in case["boundaries"]:
            one = next(feeder for feeder in lines if feeder["id"] == boundary["feeder"])
            most = INF if boundary["max_p_mw"] is None else boundary["max_p_mw"]
            export = program.var(-most, most)
            cones += feeder_rows(program, one, physics, at, export, cap)
            at[boundary["bus"]][0].append((export, 1.0))
        transmission_rows(program, case, at)
    return tangents(program, cones)


# A cone violated by less than this share of 1 + P^2 + Q^2 is met, as the solver keeps a plane to 1e-9; rounds of tangent planes.
MET, ROUNDS = 1e-8, 200


def tangents(program, cones):
    """The least cost with every cone w l >= P^2 + Q^2: |(2P, 2Q, w - l)| <= w + l, by its tangent planes."""
    for _ in range(ROUNDS):
        cost = program.solve()
        if cost is None:
            return None
        met = True
        for p, q, w, current in cones:
            at = [program.x[var] for var in (p, q, w, current)]
            power = at[0] ** 2 + at[1] ** 2
            if power <= at[2] * at[3] + MET * (1.0 + power):
                continue
            met = False
            u = [2 * at[0], 2 * at[1], at[2] - at[3]]
            size = math.hypot(*u)
            a, b, c = (part / size for part in u)
            program.row([(p, 2 * a), (q, 2 * b), (w, c - 1.0), (current, -c - 1.0)], -INF, 0.0)
        if met:
            return cost
    raise RuntimeError("tangent planes did not close in on the cones")


def bid_rows(program, one, grouped, hours, injected, taken):
    """Segments, whole bids, minimum durations, ramps; binaries only where something asks for them."""
    offered = {}
    tied = grouped or one.get("minimum_duration")
    if grouped:
        taken[one["id"]] = program.var(0.0, 1.0, whole=True)
    on = {}
    for offer in one["offers"]:
        t = offer["period"]
        offered[t] = []
        if tied:
            on[t] = program.var(0.0, 1.0, whole=True)
            if grouped:
                program.row([(on[t], 1.0), (taken[one["id"]], -1.0)], -INF, 0.0)
        for segment in offer["segments"]:
            low, high = min(segment["min_p_mw"], 0.0), max(segment["max_p_mw"], 0.0)
            cost = segment["usd_per_mwh"] * hours
            if segment.get("indivisible"):
                size = high if high > -low else low
                switch = program.var(0.0, 1.0, cost * size, whole=True)
                term = (switch, size)
            else:
                switch = program.var(low, high, cost)
                term = (switch, 1.0)
            if tied:
                if segment.get("indivisible"):
                    program.row([(switch, 1.0), (on[t], -1.0)], -INF, 0.0)
                else:
                    program.row([(switch, 1.0), (on[t], -high)], -INF, 0.0)
                    program.row([(switch, 1.0), (on[t], -low)], 0.0, INF)
            offered[t].append(term)
        injected[t - 1][one["bus"]][0].extend(offered[t])
    for pair in one.get("minimum_duration", []):
        start, stay = pair["start_period"], pair["on_period"]
        before = [(on[start - 1], -1.0)] if start - 1 in on else []
        # On where it started: on(stay) >= on(start) - on(start - 1).
        program.row([(on[stay], -1.0), (on[start], 1.0)] + before, -INF, 0.0)
    for ramp in one.get("ramps", []):
        t = ramp["period"]
        change = offered.get(t + 1, []) + [(var, -factor) for var, factor in offered.get(t, [])]
        program.row(change, ramp["min_mw"], ramp["max_mw"])


def feeder_rows(program, feeder, physics, at, export, cap):
    """Balances, voltages and limits of one feeder in one period; `export` leaves it at the root. Returns (P, Q, w, l) of its cones."""
    voltages, cone = physics != "lossless", physics == "branch_flow"
    reactive = cone or voltages and any(bus.get("q_load_mvar") for bus in feeder["buses"])
    p, q, w, current = {}, {}, {}, {}
    up = {line["to"]: line for line in feeder["lines"]}
    for bus in feeder["buses"]:
        name = bus["id"]
        if name == feeder["root"]:
            w[name] = program.var(*[feeder["root_v_pu"] ** 2] * 2)
            continue
        line = up[name]
        p[name] = program.var(line.get("min_p_mw", -INF), line.get("max_p_mw", INF))
        q[name] = program.var(-INF, INF)
        current[name] = program.var(0.0, INF if cone else 0.0)
        limits = (bus.get("min_v_pu", 0.9) ** 2, bus.get("max_v_pu", 1.1) ** 2) if voltages else (-INF, INF)
        w[name] = program.var(*limits)
    for bus in feeder["buses"]:
        name = bus["id"]
        terms, fixed = at[name]
        below = [line["to"] for line in feeder["lines"] if line["from"] == name]
        leaving = [(p[other], -1.0) for other in below]
        if name == feeder["root"]:
            program.row([(export, -1.0)] + terms + leaving, *[bus.get("p_load_mw", 0.0) - fixed] * 2)
            continue
        line = up[name]
        r, x = (line[part] / feeder["base_kv"] ** 2 for part in ("r_ohm", "x_ohm"))
        arriving = [(p[name], 1.0), (current[name], -r)]
        program.row(arriving + terms + leaving, *[bus.get("p_load_mw", 0.0) - fixed] * 2)
        if reactive:
            slack = [(program.var(cost=cap), 1.0), (program.var(cost=cap), -1.0)]
            arriving = [(q[name], 1.0), (current[name], -x)]
            program.row(arriving + slack + [(q[other], -1.0) for other in below], *[bus.get("q_load_mvar", 0.0)] * 2)
        if voltages:
            drop = [(p[name], 2 * r), (current[name], -(r * r + x * x))]
            if reactive:
                drop.append((q[name], 2 * x))
            program.row([(w[name], 1.0), (w[line["from"]], -1.0)] + drop, 0.0, 0.0)
    return [(p[name], q[name], w[up[name]["from"]], current[name]) for name in current] if cone else []


def transmission_rows(program, case, at):
    angle = {bus["id"]: program.var(-INF, INF) for bus in case["buses"]}
    leaving = {bus: [] for bus in angle}
    for branch in case["branches"]:
        most = INF if branch["max_p_mw"] is None else branch["max_p_mw"]
        flow = program.var(-most, most)
        program.row([(flow, branch["x_pu"]), (angle[branch["from"]], -1.0), (angle[branch["to"]], 1.0)], 0.0, 0.0)
        leaving[branch["from"]].append((flow, -1.0))
        leaving[branch["to"]].append((flow, 1.0))
    for bus in angle:
        terms, fixed = at[bus]
        program.row(terms + leaving[bus], -fixed, -fixed)
