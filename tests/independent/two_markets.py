"""The most that an owner earns in the DSO's market and expects of the TSO's, on random feeders.

The product opens the owner's bids and branches on the market's complementarity. Here the owner sets quantities: what it sells is
taken from the market of the others, whose conditions of optimality and the DSO's second stage stand in one mixed-integer program
for HiGHS; a quantity counts if some bid within the rules makes the market take it. Rows of the feeder are made anew from its paths.
"""
from judge import Mismatch, near
from networks import pick
from program import INF, Program

COUNT, LONG = 12, 200
OVERLOAD = 500.0
FAVOUR, LEAST_WORTH = 1e-4, 1e-3


def case(rng):
    n = rng.randint(4, 7)
    buses = [{"id": "0", "min_v_pu": 0.9, "max_v_pu": 1.1}]
    lines, above = [], {}
    for j in range(1, n):
        above[j] = rng.randint(max(0, j - 2), j - 1)
        buses.append({"id": str(j), "p_load_mw": round(rng.uniform(0.05, 0.4), 3), "q_load_mvar": round(rng.uniform(0, 0.2), 3),
                      "min_v_pu": 0.9, "max_v_pu": 1.1})
        lines.append({"id": f"l{j}", "from": str(above[j]), "to": str(j), "r_ohm": round(rng.uniform(0.1, 1.5), 3),
                      "x_ohm": round(rng.uniform(0.1, 1.0), 3)})
    periods = 2
    resources = []
    for k in range(4):
        up = round(rng.uniform(1.0, 1.4), 3)
        resources.append({"id": f"r{k}", "bus": str(rng.randint(1, n - 1)), "owner": "S" if k < 2 else f"R{k}",
                          "max_up_mw": round(rng.uniform(0.02, 0.2), 3), "max_down_mw": round(rng.uniform(0.02, 0.2), 3),
                          "up_cost": [up], "down_value": [round(rng.uniform(0.6, 0.95), 3)]})
    total = sum(r["max_up_mw"] for r in resources)
    market = {"feeder": "F", "periods": periods, "overload_usd_per_mwh": OVERLOAD,
              "imbalance_mwh": [round(rng.uniform(-0.9, 0.9) * total, 3) for _ in range(periods)],
              "day_ahead_usd_per_mwh": [round(rng.uniform(30, 70), 1) for _ in range(periods)],
              "tso_up": [1.5], "tso_down": [0.55], "resources": resources}
    flow = {j: sum(buses[i]["p_load_mw"] for i in range(1, n) if j in path(i, above)) for j in range(1, n)}
    for j in rng.sample(range(1, n), 2):
        side = pick(rng, "max_p_mw", "min_p_mw")
        lines[j - 1][side] = round(flow[j] * 1.02 + 0.02, 3) if side == "max_p_mw" else round(flow[j] * 0.9 - 0.05, 3)
    system = {"version": 1, "name": "random", "base_mva": 1.0, "buses": [{"id": "T"}], "branches": [],
              "feeders": [{"id": "F", "base_kv": 12.66, "root": "0", "buses": buses, "lines": lines}],
              "boundaries": [{"id": "B", "bus": "T", "feeder": "F"}], "local_market": market}
    expects = {"up_price": pick(rng, 1.3, 1.7, 2.2), "down_price": pick(rng, 0.3, 0.5), "up_share": pick(rng, 0.2, 0.5, 0.9),
               "down_share": pick(rng, 0.2, 0.6)}
    mechanism = {"kind": "bsp_bidding", "strategic": ["S"], "tso_market": expects, "weight": pick(rng, "volume", "value"),
                 "samples": 100}
    return {"version": 1, "title": "random", "case": system, "mechanism": mechanism}


def path(j, above):
    found = []
    while j in above:
        found.append(j)
        j = above[j]
    return found


def check(tandem, scenario):
    report = tandem.run(scenario)
    ours = report.quantity("both:S:strategic")
    theirs, held = 0.0, False
    for t in range(scenario["case"]["local_market"]["periods"]):
        profit, rows = best(scenario, t)
        theirs += profit
        held |= rows > 0
    near("earned in both markets, $", ours, theirs, absolute=2e-4)
    return "limits in reach" if held else "no limit in reach"


def rows_of(system, t):
    """Limits G a ≤ h in MW over net activations a: lines both ways, voltages both ways; those in reach of the resources."""
    feeder, market = system["feeders"][0], system["local_market"]
    above = {int(line["to"]): int(line["from"]) for line in feeder["lines"]}
    line_of = {int(line["to"]): line for line in feeder["lines"]}
    z = feeder["base_kv"] ** 2
    loads = [bus.get("p_load_mw", 0.0) for bus in feeder["buses"]]
    delta = market["imbalance_mwh"][t]
    p = [load + delta * load / sum(loads) for load in loads]
    q = [bus.get("q_load_mvar", 0.0) for bus in feeder["buses"]]
    paths = {j: path(j, above) for j in range(len(loads))}
    at = [paths[int(r["bus"])] for r in market["resources"]]
    low, high = [-r["max_down_mw"] for r in market["resources"]], [r["max_up_mw"] for r in market["resources"]]
    rows = []

    def add(g, h):
        scale = max(abs(a) for a in g)
        if scale == 0.0:
            return
        g, h = [a / scale for a in g], h / scale
        most = sum(max(a * u, a * w) for a, u, w in zip(g, high, low))
        if most > h - 1e-7:
            rows.append((g, h))

    def carried(j, load):
        return sum(load[i] for i in paths if j in paths[i])

    for j, line in line_of.items():
        if "max_p_mw" in line:
            add([-1.0 if j in way else 0.0 for way in at], line["max_p_mw"] - carried(j, p))
        if "min_p_mw" in line:
            add([1.0 if j in way else 0.0 for way in at], carried(j, p) - line["min_p_mw"])
    for j in above:
        w = 1.0 - 2.0 * sum(line_of[i]["r_ohm"] / z * carried(i, p) + line_of[i]["x_ohm"] / z * carried(i, q) for i in paths[j])
        effect = [2.0 * sum(line_of[i]["r_ohm"] / z for i in paths[j] if i in way) for way in at]
        bus = feeder["buses"][j]
        add(effect, bus["max_v_pu"] ** 2 - w)
        add([-a for a in effect], w - bus["min_v_pu"] ** 2)
    return rows


def best(scenario, t):
    """The most that S earns in period t, $, and the number of limits in reach."""
    system, asked = scenario["case"], scenario["mechanism"]
    market, expects = system["local_market"], asked["tso_market"]
    da, delta = market["day_ahead_usd_per_mwh"][t], market["imbalance_mwh"][t]
    top, floor = market["tso_up"][0] * da, market["tso_down"][0] * da
    rows = rows_of(system, t)
    resources = market["resources"]
    n = len(resources)
    own = [r["owner"] == "S" for r in resources]
    # By direction, upwards first: capacity, cost or value, margin expected, worth of a forwarded MW to the DSO.
    most = [[r["max_up_mw"] for r in resources], [r["max_down_mw"] for r in resources]]
    cost = [[r["up_cost"][0] * da for r in resources], [r["down_value"][0] * da for r in resources]]
    margin = [[expects["up_share"] * max(expects["up_price"] * da - c, 0.0) if mine else 0.0 for c, mine in zip(cost[0], own)],
              [expects["down_share"] * max(c - expects["down_price"] * da, 0.0) if mine else 0.0 for c, mine in zip(cost[1], own)]]
    gain = [[top - c for c in cost[0]], [c - floor for c in cost[1]]]
    greatest = max(margin[0] + margin[1])
    worth = [[(1.0 if asked["weight"] == "volume" else max(gain[d][k], 0.0) + LEAST_WORTH)
              + (FAVOUR * margin[d][k] / greatest if greatest > 0 else 0.0) for k in range(n)] for d in (0, 1)]
    model = Program()

    def either(slack, slack_constant, slack_most, dual, dual_constant, dual_most):
        """One of two affine expressions, neither negative, is zero."""
        z = model.var(0.0, 1.0, whole=True)
        model.row(slack + [(z, -slack_most)], -INF, -slack_constant)
        model.row(dual + [(z, dual_most)], -INF, dual_most - dual_constant)

    taken = [[model.var(0.0, most[d][k], (cost[d][k] if d == 0 else -cost[d][k])) for k in range(n)] for d in (0, 1)]
    net = [[(taken[0][k], 1.0), (taken[1][k], -1.0)] for k in range(n)]
    reach = sum(most[0]) + sum(most[1]) + abs(delta)
    bought, sold = model.var(0.0, reach, top), model.var(0.0, reach, -floor)
    price = model.var(floor, top, -delta)
    model.row(sum(net, []) + [(bought, 1.0), (sold, -1.0)], delta, delta)
    either([(bought, 1.0)], 0.0, reach, [(price, -1.0)], top, top - floor)
    either([(sold, 1.0)], 0.0, reach, [(price, 1.0)], -floor, top - floor)
    mu, over = [], []
    for g, h in rows:
        value = [(v, a * g[k]) for k in range(n) for v, a in net[k]]
        high = sum(max(g[k] * most[0][k], -g[k] * most[1][k]) for k in range(n))
        low = sum(min(g[k] * most[0][k], -g[k] * most[1][k]) for k in range(n))
        m, z = model.var(0.0, OVERLOAD, h), model.var(0.0, max(high - h, 0.0), OVERLOAD)
        model.row(value + [(z, -1.0)], -INF, h)
        either([(v, -a) for v, a in value] + [(z, 1.0)], h, max(h - low, 0.0), [(m, 1.0)], 0.0, OVERLOAD)
        either([(z, 1.0)], 0.0, max(high - h, 0.0), [(m, -1.0)], OVERLOAD, OVERLOAD)
        mu.append(m)
        over.append(z)
    wide = top + len(rows) * OVERLOAD + max(cost[0]) + 3.0 * da
    for k in range(n):
        at = [(price, 1.0)] + [(m, -g[k]) for m, (g, _) in zip(mu, rows)]
        back = [(v, -a) for v, a in at]
        for d, ahead, behind in ((0, at, back), (1, back, at)):
            v, sign = taken[d][k], 1.0 if d == 0 else -1.0
            if own[k]:
                # A bid that makes the market take this: no lower than the price unless all is taken, no higher if any is.
                lost = cost[d][k] + sign * margin[d][k]
                least, greatest_bid = (min(floor, lost), max(top, lost))
                stays, pays = (greatest_bid, least) if d == 0 else (least, greatest_bid)
                whole, some = model.var(0.0, 1.0, whole=True), model.var(0.0, 1.0, whole=True)
                model.row([(v, -1.0), (whole, most[d][k])], -INF, 0.0)
                model.row(ahead + [(whole, -wide)], -INF, sign * stays)
                model.row([(v, 1.0), (some, -most[d][k])], -INF, 0.0)
                model.row(behind + [(some, wide)], -INF, wide - sign * pays)
            else:
                # sign (price − bid) = rent − loss.
                rent, loss = model.var(0.0, wide, most[d][k]), model.var(0.0, wide)
                model.row(ahead + [(rent, -1.0), (loss, 1.0)], sign * cost[d][k], sign * cost[d][k])
                either([(v, -1.0)], most[d][k], most[d][k], [(rent, 1.0)], 0.0, wide)
                either([(v, 1.0)], 0.0, most[d][k], [(loss, 1.0)], 0.0, wide)
    # The DSO's second stage by its own conditions.
    forwarded = [[model.var(0.0, most[d][k], -margin[d][k]) for k in range(n)] for d in (0, 1)]
    use = [[max(g[k] if d == 0 else -g[k], 0.0) for k in range(n)] for g, _ in rows for d in (0, 1)]
    users = lambda l: [(d, k, use[2 * l + d][k]) for d in (0, 1) for k in range(n) if use[2 * l + d][k] > 0.0]
    bound = [max(worth[d][k] / a for d, k, a in users(l)) for l in range(len(rows))]
    nu = [model.var(0.0, bound[l]) for l in range(len(rows))]
    for d in (0, 1):
        for k in range(n):
            x, v, own_worth = forwarded[d][k], taken[d][k], worth[d][k]
            whole = model.var(0.0, own_worth)
            loss = [(whole, 1.0)] + [(nu[l], use[2 * l + d][k]) for l in range(len(rows)) if use[2 * l + d][k] > 0.0]
            model.row([(x, 1.0), (v, 1.0)], -INF, most[d][k])
            model.row(loss, own_worth, INF)
            either([(x, -1.0), (v, -1.0)], most[d][k], most[d][k], [(whole, 1.0)], 0.0, own_worth)
            spare = sum(a * bound[l] for l in range(len(rows)) for a in [use[2 * l + d][k]])
            either([(x, 1.0)], 0.0, most[d][k], loss, -own_worth, spare)
    for l, (g, h) in enumerate(rows):
        value = [(v, a * g[k]) for k in range(n) for v, a in net[k]] + [(over[l], -1.0)]
        value += [(forwarded[d][k], a) for d, k, a in users(l)]
        low = sum(min(g[k] * most[0][k], -g[k] * most[1][k]) for k in range(n))
        model.row(value, -INF, h)
        either([(v, -a) for v, a in value], h, max(h - low, 0.0), [(nu[l], 1.0)], 0.0, bound[l])
    # There always is a point; the presolve of HiGHS 1.16 loses it now and then.
    least = model.solve()
    least = model.solve(presolve="off") if least is None else least
    if least is None:
        raise Mismatch(f"period {t + 1}: no point")
    return -least, len(rows)
