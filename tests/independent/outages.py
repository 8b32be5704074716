"""Dispatch secure against the loss of any one line, or of any one line or unit: cost and LMPs against one program with the
whole network once more for every loss, by bus angles (the product adds rows by outage factors as they are violated). After
the loss of a unit all others give more in proportion to their greatest output. Half of them corrective: after the loss of
a line every generator has a movement of its own, within its ramp and range (the product adds rows of the outputs before it).
"""
import networks
from dispatch import same, slope_of, value
from judge import Mismatch, near
from program import INF, Program

COUNT, LONG = 60, 1500


def connected(case, without):
    """Whether every bus is reached without a branch."""
    near_to = {bus["id"]: set() for bus in case["buses"]}
    for branch in case["branches"]:
        if branch is not without and branch.get("in_service", True):
            near_to[branch["from"]].add(branch["to"])
            near_to[branch["to"]].add(branch["from"])
    first = case["buses"][0]["id"]
    reached, path = {first}, [first]
    while path:
        for bus in near_to[path.pop()] - reached:
            reached.add(bus)
            path.append(bus)
    return len(reached) == len(near_to)


def rows(program, case, injected, without, share):
    """The network without a branch (None: as it is), lines held to a share of their ratings."""
    angle = {bus["id"]: program.var(-INF, INF) for bus in case["buses"]}
    first = case["buses"][0]["id"]
    program.low[angle[first]] = program.high[angle[first]] = 0.0
    leaving = {bus: [] for bus in angle}
    for branch in case["branches"]:
        if branch is without or not branch.get("in_service", True):
            continue
        most = branch.get("max_p_mw")
        most = INF if most is None else share * most
        flow = program.var(-most, most)
        a, b = branch["from"], branch["to"]
        susceptance = case["base_mva"] / (branch["x_pu"] * branch.get("tap", 1.0))
        shift = branch.get("shift_deg", 0.0) * 0.017453292519943295
        program.row([(flow, 1.0 / susceptance), (angle[a], -1.0), (angle[b], 1.0)], -shift, -shift)
        leaving[a].append((flow, 1.0))
        leaving[b].append((flow, -1.0))
    for bus, (terms, fixed) in injected.items():
        program.row(leaving[bus] + [(var, -factor) for var, factor in terms], fixed, fixed)


def without(injected, case, of_unit, lost):
    """Injections after the loss of a unit, what it gave taken up by all others; None where there are no others."""
    others = [one for one in case["generators"] if one is not lost and one["max_p_mw"] > 0.0]
    total = sum(one["max_p_mw"] for one in others)
    if lost["max_p_mw"] <= 0.0 or total <= 0.0:
        return None
    after = {bus: (list(terms), fixed) for bus, (terms, fixed) in injected.items()}
    for var in of_unit[lost["id"]]:
        after[lost["bus"]][0].append((var, -1.0))
        for one in others:
            after[one["bus"]][0].append((var, one["max_p_mw"] / total))
    return after


def moved(program, case, injected, of_unit, minutes):
    """Injections after every generator has moved by its ramp times these minutes at most, within its range; total output
    stays."""
    after = {bus: (list(terms), fixed) for bus, (terms, fixed) in injected.items()}
    moves = []
    for one in case["generators"]:
        ramp = one.get("ramp_mw_per_min")
        reach = INF if ramp is None else ramp * minutes
        move = program.var(-reach, reach)
        then = [(var, 1.0) for var in of_unit[one["id"]]] + [(move, 1.0)]
        program.row(then, one.get("min_p_mw", 0.0), one["max_p_mw"])
        after[one["bus"]][0].append((move, 1.0))
        moves.append((move, 1.0))
    program.row(moves, 0.0, 0.0)
    return after


def secure(case, share, more=None, units=False, minutes=0.0):
    """Least cost in $/h with the network within its ratings as it is and after every outage that leaves it whole, or None;
    with `units` also after the loss of every generator; with `minutes` after generators have moved where a line is lost."""
    program = Program()
    injected = {bus["id"]: ([], -(more or {}).get(bus["id"], 0.0)) for bus in case["buses"]}
    for load in case["loads"]:
        terms, fixed = injected[load["bus"]]
        injected[load["bus"]] = (terms, fixed - load["p_mw"])
    running, of_unit = 0.0, {}
    for one in networks.units(case):
        variables = [program.var(0.0, size, price) for size, price in networks.blocks(one)]
        program.row([(var, 1.0) for var in variables], one.get("min_p_mw", 0.0), one["max_p_mw"])
        injected[one["bus"]][0].extend((var, 1.0) for var in variables)
        of_unit[one["id"]] = variables
        running += one.get("no_load_usd_per_h", 0.0)
    rows(program, case, injected, None, 1.0)
    for branch in case["branches"]:
        if branch.get("in_service", True) and connected(case, branch):
            after = moved(program, case, injected, of_unit, minutes) if minutes > 0.0 else injected
            rows(program, case, after, branch, share)
    for lost in case["generators"] if units else []:
        after = without(injected, case, of_unit, lost)
        if after is not None:
            rows(program, case, after, None, share)
    cost = program.solve()
    return None if cost is None else cost + running


def case(rng):
    case = networks.system(rng)
    n = len(case["buses"])
    # Lines beside lines, so that there is a loss to be secure against.
    for k in range(rng.randint(1, 3)):
        like = networks.pick(rng, *case["branches"])
        a, b = rng.sample(range(n), 2)
        case["branches"].append({**like, "id": f"m{k}", "from": f"b{a}", "to": f"b{b}"})
    share = networks.pick(rng, 1.0, 1.0, 1.3)
    security = networks.pick(rng, "lines", "lines_and_units")
    minutes = networks.pick(rng, 0.0, 2.0, 10.0)
    for one in case["generators"] if minutes else []:
        one["ramp_mw_per_min"] = round(rng.uniform(0.05, 8.0), 2)
        if rng.random() < 0.2:
            del one["ramp_mw_per_min"]
    # A day to the first interval: ramps tell after a loss alone.
    return networks.scenario(
        case,
        method="optimal",
        intervals=1,
        interval_minutes=1440.0,
        security=security,
        rating_after_outage=share,
        corrective_minutes=minutes,
    )


def check(tandem, scenario):
    case, share = scenario["case"], scenario["mechanism"]["rating_after_outage"]
    units = scenario["mechanism"]["security"] == "lines_and_units"
    minutes = scenario["mechanism"]["corrective_minutes"]
    cost = secure(case, share, units=units, minutes=minutes)
    report = tandem.run(scenario)
    if cost is None:
        if report.solved:
            raise Mismatch("HiGHS finds no secure dispatch, the product does")
        return "infeasible"
    if not report.solved:
        raise Mismatch(f"HiGHS: {cost} $/h; the product: {report.data['headline']}")
    near("cost, $/h", report.quantity("cost_last"), cost)
    clear = lambda more: secure(case, share, more, units, minutes)  # noqa: E731
    for bus in (one["id"] for one in case["buses"]):
        shown = value(report, f"lmp:{bus}")
        ranged = report.series(f"lmp_low:{bus}") is not None
        low = value(report, f"lmp_low:{bus}") if ranged else shown
        high = value(report, f"lmp_high:{bus}") if ranged else shown
        up, down = slope_of(clear, cost, {bus: 1.0}), slope_of(clear, cost, {bus: -1.0})
        same(f"greatest LMP of {bus}", high, up)
        same(f"least LMP of {bus}", low, None if down is None else -down)
    dearer = cost > (networks.dispatch(case) or 0.0) + 1e-6
    held = "lines and units" if units else "lines"
    if minutes:
        held += ", corrective"
        preventive = secure(case, share, units=units)
        held += ", as preventive" if preventive is not None and cost >= preventive - 1e-6 else ""
    return f"solved for {held}, dearer than without" if dearer else f"solved for {held}"
