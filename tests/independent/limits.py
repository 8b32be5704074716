"""One interval of communities on several feeders with limits: what is cleared, the prices and what coalitions are worth.

The bids are those of the report; the clearing is found again as one linear program for HiGHS in which every limit of a line is an
interval of what the communities below it take in all, and so is every coalition's worth: its members deliver to each other, the
others only take.
"""
from itertools import combinations

from judge import near
from networks import pick
from program import INF, Program

COUNT, LONG = 25, 300
CAP = 1.0


def case(rng):
    price = round(rng.uniform(0.05, 0.2), 3)
    feeders, boundaries, members = [], [], []
    for f in range(rng.randint(1, 3)):
        n = rng.randint(2, 4)
        lines = []
        for k in range(1, n):
            line = {"id": f"{f}-{k}", "from": f"F{f}n{rng.randrange(k)}", "to": f"F{f}n{k}", "r_ohm": 0.01, "x_ohm": 0.01}
            if rng.random() < 0.8:
                line["min_p_mw"], line["max_p_mw"] = -float(rng.randint(0, 3)) / 10, float(rng.randint(1, 6)) / 10
            lines.append(line)
        buses = [{"id": f"F{f}n{k}", "min_v_pu": 0.5, "max_v_pu": 1.5} for k in range(n)]
        feeders.append({"id": f"F{f}", "base_kv": 13.2, "root": f"F{f}n0", "buses": buses, "lines": lines})
        boundaries.append({"id": f"B{f}", "bus": "T", "feeder": f"F{f}", "max_p_mw": pick(rng, None, 0.3, 0.6)})
        for _ in range(rng.randint(1, 2)):
            power = float(pick(rng, 150, 300, 600))
            members.append({
                "id": f"C{len(members)}",
                "bus": f"F{f}n{rng.randint(1, n - 1)}",
                "load_kw": [float(rng.randint(0, 300))],
                "battery": {"energy_kwh": 2.0 * power, "power_kw": power, "efficiency": 0.95, "initial_soc": pick(rng, 0.2, 0.5, 0.8)},
            })
    world = {
        "version": 1, "name": "random", "base_mva": 1.0, "buses": [{"id": "T"}], "branches": [],
        "generators": [{"id": "G", "bus": "T", "max_p_mw": 1.0, "offer": [{"p_mw": 1.0, "usd_per_mwh": 1.0}]}],
        "feeders": feeders, "boundaries": boundaries,
        "communities": {
            "minutes_per_interval": 60.0,
            "lse_usd_per_kwh": [price],
            "forecast_usd_per_kwh": [round(price * rng.uniform(0.5, 1.3), 3)],
            "members": members[:5],
        },
    }
    mechanism = {"kind": "community", "network": True, "steps": 5, "sensitivity": 0.0, "intercept_usd_per_kwh": round(rng.uniform(0.002, 0.03), 3), "terminal_soc": pick(rng, 0.3, 0.5, 0.7), "cap_usd_per_kwh": CAP}
    return {"version": 1, "title": "random", "case": world, "mechanism": mechanism}


def clear(world, bids, groups):
    """Greatest welfare where the members of each group deliver to each other, $/h; None where limits cannot be met."""
    price = world["communities"]["lse_usd_per_kwh"][0]
    members = world["communities"]["members"]
    program = Program()
    net = {}
    for m in members:
        least, steps = bids[m["id"]]
        terms = [(program.var(0.0, width, -worth), 1.0) for width, worth in steps]
        # Not served at the cap, spilled for nothing.
        terms += [(program.var(0.0, INF, CAP), -1.0), (program.var(0.0, INF, 0.0), 1.0)]
        net[m["id"]] = (least, terms)

    def total(ids, low, high, more=()):
        base = sum(net[one][0] for one in ids)
        terms = [term for one in ids for term in net[one][1]]
        program.row(terms + list(more), low - base, high - base)

    for group in groups:
        lse = program.var(0.0, INF, price)
        total(group, 0.0, 0.0, [(lse, -1.0)])
    for feeder, boundary in zip(world["feeders"], world["boundaries"]):
        below = {bus["id"]: {bus["id"]} for bus in feeder["buses"]}
        for line in reversed(feeder["lines"]):
            below[line["from"]] |= below[line["to"]]
        limits = [(line["to"], 1e3 * line.get("min_p_mw", -INF), 1e3 * line.get("max_p_mw", INF)) for line in feeder["lines"]]
        if boundary["max_p_mw"] is not None:
            limits.append((feeder["root"], -1e3 * boundary["max_p_mw"], 1e3 * boundary["max_p_mw"]))
        for bus, low, high in limits:
            ids = [m["id"] for m in members if m["bus"] in below[bus]]
            if ids:
                total(ids, low, high)
    cost = program.solve()
    return None if cost is None else -cost


def check(tandem, scenario):
    report = tandem.run(scenario)
    world = scenario["case"]
    ids = [m["id"] for m in world["communities"]["members"]]
    bids = {}
    for row in report.table("interval"):
        bids[row["community"]] = (row["least"], [])
    for row in report.table("bids"):
        bids[row["community"]][1].append((row["to"] - row["from"], row["price"] / 100.0))
    assert report.certified(), "not certified"
    price = world["communities"]["lse_usd_per_kwh"][0]

    def value(one, kw):
        left, worth = kw - bids[one][0], 0.0
        for width, usd in bids[one][1]:
            worth += min(max(left, 0.0), width) * usd
            left -= width
        return worth

    best = clear(world, bids, [ids])
    if best is None:
        return "beyond limits"
    taken = {row["community"]: row["cleared"] for row in report.table("interval")}
    unserved = report.quantity("lse") - sum(taken.values())
    if abs(unserved) > 1e-6:
        return "short or spilled"
    welfare = sum(value(one, kw) for one, kw in taken.items()) - price * report.quantity("lse")
    near("welfare, $/h", welfare, best, absolute=1e-6)
    if len(ids) < 2:
        return "alone"
    worth = {row["communities"]: row["worth"] for row in report.table("coalitions")}
    apart = clear(world, bids, [[one] for one in ids])
    for size in range(2, len(ids) + 1):
        for some in combinations(ids, size):
            groups = [list(some)] + [[one] for one in ids if one not in some]
            near(f"worth of {some}, $", worth[" + ".join(some)], clear(world, bids, groups) - apart, absolute=1e-6)
    free = dict(world, feeders=[dict(f, lines=[{k: v for k, v in l.items() if k not in ("min_p_mw", "max_p_mw")} for l in f["lines"]]) for f in world["feeders"]], boundaries=[dict(b, max_p_mw=None) for b in world["boundaries"]])
    return "limited" if clear(free, bids, [ids]) > best + 1e-6 else "free"
