"""Random transmission systems in round numbers, and their dispatch by bus angles (the product uses shift factors)."""
from program import INF, Program


def pick(rng, *values):
    return values[rng.randrange(len(values))]


def system(rng, ders=False):
    """A connected network of two to six buses; loads, offers and limits are whole numbers, so that ties are many."""
    n = rng.randint(2, 6)
    buses = [f"b{k}" for k in range(n)]
    pairs = [(rng.randrange(k), k) for k in range(1, n)]
    pairs += [tuple(rng.sample(range(n), 2)) for _ in range(rng.randint(0, n - 1)) if n > 2]
    branches = [
        {
            "id": f"l{k}",
            "from": buses[a],
            "to": buses[b],
            "x_pu": pick(rng, 0.1, 0.1, 0.2, 0.13, 0.4),
            "max_p_mw": pick(rng, None, float(rng.randint(1, 8)), float(rng.randint(4, 12))),
        }
        for k, (a, b) in enumerate(pairs)
    ]
    generators = [
        unit(rng, f"G{k}", pick(rng, *buses), float(rng.randint(4, 14))) for k in range(rng.randint(1, 4))
    ]
    loads = [
        {"id": f"L{k}", "bus": bus, "p_mw": float(rng.randint(1, 8))}
        for k, bus in enumerate(buses)
        if rng.random() < 0.6
    ] or [{"id": "L0", "bus": buses[0], "p_mw": 3.0}]
    case = {
        "version": 1,
        "name": "random",
        "base_mva": 100.0,
        "buses": [{"id": bus} for bus in buses],
        "branches": branches,
        "generators": generators,
        "loads": loads,
    }
    if ders:
        case["ders"] = [
            unit(rng, f"D{k}", pick(rng, *buses), float(rng.randint(2, 6))) for k in range(rng.randint(2, 5))
        ]
    return case


def unit(rng, name, bus, most):
    first = float(rng.randint(1, int(most)))
    price = float(rng.randint(5, 40))
    offer = [{"p_mw": first, "usd_per_mwh": price}]
    if first < most:
        offer.append({"p_mw": most - first, "usd_per_mwh": price + rng.randint(1, 20)})
    return {"id": name, "bus": bus, "min_p_mw": 0.0, "max_p_mw": most, "offer": offer}


def scenario(case, **mechanism):
    return {"version": 1, "title": "random", "case": case, "mechanism": {"kind": "rt_sced", **mechanism}}


def units(case):
    return case["generators"] + case.get("ders", [])


def blocks(unit):
    """Offer blocks cut to what the unit can give; the last price goes on to its maximum."""
    left = unit["max_p_mw"]
    for block in unit["offer"]:
        size = min(block["p_mw"], left)
        yield size, block["usd_per_mwh"]
        left -= size
    if left > 0:
        yield left, unit["offer"][-1]["usd_per_mwh"]


def network_rows(program, case, injected):
    """Writes flows and balances; `injected` are terms and MW by bus. Returns flow variables by branch."""
    angle = {bus["id"]: program.var(-INF, INF) for bus in case["buses"]}
    first = case["buses"][0]["id"]
    program.low[angle[first]] = program.high[angle[first]] = 0.0
    leaving = {bus: [] for bus in angle}
    flows = {}
    for branch in case["branches"]:
        most = INF if branch["max_p_mw"] is None else branch["max_p_mw"]
        flow = program.var(-most, most)
        a, b = branch["from"], branch["to"]
        program.row([(flow, branch["x_pu"]), (angle[a], -1.0), (angle[b], 1.0)], 0.0, 0.0)
        leaving[a].append((flow, 1.0))
        leaving[b].append((flow, -1.0))
        flows[branch["id"]] = flow
    for bus, (terms, fixed) in injected.items():
        program.row(leaving[bus] + [(var, -factor) for var, factor in terms], fixed, fixed)
    return flows


def dispatch(case, more=None, ranges=None):
    """Least cost in $/h with `more` MW of load by bus, or None; `ranges` of output by unit, for ramps."""
    program = Program()
    injected = {bus["id"]: ([], -(more or {}).get(bus["id"], 0.0)) for bus in case["buses"]}
    for load in case["loads"]:
        terms, fixed = injected[load["bus"]]
        injected[load["bus"]] = (terms, fixed - load["p_mw"])
    for one in units(case):
        variables = [program.var(0.0, size, price) for size, price in blocks(one)]
        low, high = (ranges or {}).get(one["id"], (one.get("min_p_mw", 0.0), one["max_p_mw"]))
        program.row([(var, 1.0) for var in variables], low, high)
        injected[one["bus"]][0].extend((var, 1.0) for var in variables)
    network_rows(program, case, injected)
    return program.solve()
