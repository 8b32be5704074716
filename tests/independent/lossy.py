"""A dispatch with losses: cost, losses and LMPs against a convex program by bus angles.

The product goes from dispatch to dispatch with marginal loss factors and shift factors. Here every line has a loss of its own, held
from below by tangents of r f² / base, added until none is missed by more than 2e-9 MW; half of it is drawn at either end. Where that
program burns power (a line loses more than r f² / base), prices prove nothing, and the product must not call its answer certified.
LMPs are held against both one-sided derivatives of the least cost.
"""
import networks
from dispatch import value
from judge import Mismatch, near
from program import INF, Program

COUNT, LONG = 40, 1500
STEP, MISSED = 2e-3, 2e-9


def case(rng):
    case = networks.system(rng)
    case["base_mva"] = 10.0
    for branch in case["branches"]:
        branch["r_pu"] = networks.pick(rng, 0.0, 0.01, 0.02, 0.05)
    if rng.random() < 0.2:
        # Somebody pays to produce: losing power may be worth something.
        unit = networks.pick(rng, *case["generators"])
        unit["offer"] = [{**block, "usd_per_mwh": block["usd_per_mwh"] - 60.0} for block in unit["offer"]]
    reference = networks.pick(rng, "", *[bus["id"] for bus in case["buses"]])
    if rng.random() < 0.25:
        # All share what is lost least with.
        for unit in networks.units(case):
            unit["offer"] = [{**block, "usd_per_mwh": 30.0} for block in unit["offer"]]
    return networks.scenario(case, method="optimal", intervals=1, reference=reference, losses="marginal")


def least(case, more=None, tangents=None):
    """Least cost in $/h, MW lost and MW burnt, or None; tangents found are kept for the next time."""
    tangents = {} if tangents is None else tangents
    while True:
        program = Program()
        injected = {bus["id"]: ([], -(more or {}).get(bus["id"], 0.0)) for bus in case["buses"]}
        for load in case["loads"]:
            terms, fixed = injected[load["bus"]]
            injected[load["bus"]] = (terms, fixed - load["p_mw"])
        for one in networks.units(case):
            variables = [program.var(0.0, size, price) for size, price in networks.blocks(one)]
            program.row([(var, 1.0) for var in variables], one.get("min_p_mw", 0.0), one["max_p_mw"])
            injected[one["bus"]][0].extend((var, 1.0) for var in variables)
        lost = {}
        for branch in case["branches"]:
            if branch["r_pu"] > 0.0:
                lost[branch["id"]] = program.var(0.0, INF)
                for end in ("from", "to"):
                    injected[branch[end]][0].append((lost[branch["id"]], -0.5))
        flows = networks.network_rows(program, case, injected)
        rho = {branch["id"]: branch["r_pu"] / case["base_mva"] for branch in case["branches"]}
        for line, at in tangents.items():
            for f in at:
                program.row([(lost[line], 1.0), (flows[line], -2 * rho[line] * f)], -rho[line] * f * f, INF)
        cost = program.solve()
        if cost is None:
            return None
        missed = {line: rho[line] * program.x[flows[line]] ** 2 - program.x[var] for line, var in lost.items()}
        new = [line for line, by in missed.items() if by > MISSED and all(abs(program.x[flows[line]] - f) > 1e-7 for f in tangents.get(line, []))]
        if not new:
            return cost, sum(program.x[var] for var in lost.values()), -min(missed.values(), default=0.0)
        for line in new:
            tangents.setdefault(line, []).append(program.x[flows[line]])


def slope(case, cost, tangents, bus, way):
    """One-sided derivative of the least cost in the load of a bus, its bend taken out; None where none is left."""
    ahead, half = (least(case, {bus: way * step}, tangents) for step in (STEP, STEP / 2))
    if half is None:
        return None
    if ahead is None:
        return float("nan")
    whole, first = (ahead[0] - cost) / STEP, (half[0] - cost) / (STEP / 2)
    return way * (2 * first - whole) if abs(whole - first) < 1e-3 else float("nan")


def check(tandem, scenario):
    case, tangents = scenario["case"], {}
    found = least(case, None, tangents)
    report = tandem.run(scenario)
    if found is None:
        if report.solved:
            raise Mismatch("HiGHS finds no dispatch, the product does")
        return "infeasible"
    cost, lost, burnt = found
    certified = report.solved and all(one["certified"] for one in report.data["certificates"])
    if report.solved and not certified and any(value(report, f"lmp:{one['id']}") < 0 for one in case["buses"]):
        return "not proven: a MWh lost is worth something"
    if burnt > 1e-6:
        if certified:
            raise Mismatch(f"{burnt} MW are burnt at the least cost, and the product calls its answer certified")
        return "burns, and is not certified"
    if not certified:
        raise Mismatch(f"HiGHS: {cost} $/h; the product: {report.data['headline']}")
    near("cost, $/h", report.quantity("cost_last"), cost)
    # Where the cost is flat, tangents know a flow to √(MISSED / ρ), 1e-3 MW.
    near("losses, MW", report.quantity("losses_last"), lost, absolute=2e-4)
    for bus in (one["id"] for one in case["buses"]):
        shown = value(report, f"lmp:{bus}")
        ranged = report.series(f"lmp_low:{bus}") is not None
        low = value(report, f"lmp_low:{bus}") if ranged else shown
        high = value(report, f"lmp_high:{bus}") if ranged else shown
        for name, ours, theirs in (
            (f"greatest LMP of {bus}", high, slope(case, cost, tangents, bus, 1.0)),
            (f"least LMP of {bus}", low, slope(case, cost, tangents, bus, -1.0)),
        ):
            # Below 0 the program burns, which the network does not.
            if theirs is not None and theirs == theirs and ours is not None and ours >= 0.0:
                near(name, ours, theirs, relative=2e-5, absolute=5e-4)
    return "solved with losses" if lost > 1e-6 else "solved, nothing lost"
