"""Dispatch and prices with ties: cost, and the interval of every LMP against both one-sided derivatives.

The cost of a dispatch is a convex, piecewise linear function of the loads. Its slope upwards at a bus is the greatest
optimal price there, its slope downwards the least; the price shown is the slope along the load as it is distributed.
Slopes are taken by clearing again with a little more or less load, by angles, with HiGHS.
"""
import networks
from judge import Mismatch, near

STEP = 1e-3
COUNT, LONG = 80, 2000


def slope(case, cost, direction):
    """One-sided derivative of the cost along a direction of load; None where no dispatch is left, NaN where a kink is near."""
    return slope_of(lambda more: networks.dispatch(case, more), cost, direction)


def slope_of(clear, cost, direction):
    """The same of the least cost that `clear` gives with more load by bus."""
    ahead = clear({bus: STEP * w for bus, w in direction.items()})
    half = clear({bus: STEP / 2 * w for bus, w in direction.items()})
    if half is None:
        return None
    if ahead is None:
        return float("nan")
    whole = (ahead - cost) / STEP
    first = (half - cost) / (STEP / 2)
    return first if abs(whole - first) < 1e-4 else float("nan")


def case(rng):
    case = networks.system(rng)
    reference = networks.pick(rng, "", *[bus["id"] for bus in case["buses"]])
    return networks.scenario(case, method="optimal", intervals=1, reference=reference)


def check(tandem, scenario):
    case = scenario["case"]
    cost = networks.dispatch(case)
    report = tandem.run(scenario)
    if cost is None:
        if report.solved:
            raise Mismatch("HiGHS finds no dispatch, the product does")
        return "infeasible"
    if not report.solved:
        raise Mismatch(f"HiGHS: {cost} $/h; the product: {report.data['headline']}")
    near("cost, $/h", report.quantity("cost_last"), cost)
    total = sum(load["p_mw"] for load in case["loads"])
    spread = {}
    for load in case["loads"]:
        spread[load["bus"]] = spread.get(load["bus"], 0.0) + load["p_mw"] / total
    along = 0.0
    for bus in (one["id"] for one in case["buses"]):
        shown = value(report, f"lmp:{bus}")
        low, high = value(report, f"lmp_low:{bus}"), value(report, f"lmp_high:{bus}")
        ranged = report.series(f"lmp_low:{bus}") is not None
        up, down = slope(case, cost, {bus: 1.0}), slope(case, cost, {bus: -1.0})
        down = None if down is None else -down
        if not ranged:
            low = high = shown
        same(f"greatest LMP of {bus}", high, up)
        same(f"least LMP of {bus}", low, down)
        if shown is not None:
            along += spread.get(bus, 0.0) * shown
        elif spread.get(bus):
            along = None
            break
    if along is not None:
        # Of the next MWh; where none can be served, the last one saved is what the price may be.
        up = slope(case, cost, spread)
        if up is not None:
            same("price of one more MWh of load, spread as it is", along, up)
    return "solved"


def value(report, name):
    values = report.series(name)
    return None if values is None else values[0]


def same(what, ours, theirs):
    if theirs != theirs:
        return
    if theirs is None or ours is None:
        if theirs is not ours:
            raise Mismatch(f"{what}: {ours}, independently {theirs}")
        return
    near(what, ours, theirs, absolute=1e-5)
