"""The certified error of residual supply functions: what they lead to costs at least the common optimum and at most the
certified error more, over one to four periods, with ramps, minimum durations, whole bids, every variant, all forms and step
prices, cones, and price caps below what some bids ask.
"""
import feeders
from judge import Mismatch, at_least, near

COUNT, LONG = 60, 800

# What an interior point leaves open, relative: the product's with cones.
CONE = 1e-5


def case(rng):
    physics = feeders.pick(rng, "lossless", "lin_dist_flow", "branch_flow")
    cone = physics == "branch_flow"
    case = feeders.market(
        rng,
        physics,
        periods=rng.randint(1, 2 if cone else 4),
        whole=0.0 if cone else feeders.pick(rng, 0.0, 0.0, 0.3),
        ramps=rng.random() < 0.5,
        durations=not cone and rng.random() < 0.3,
        caps=(3000.0, 500.0, 60.0, 25.0),
    )
    rsf = {
        "variant": feeders.pick(rng, "relaxed", "relaxed", "convex_hull", "fix_and_price", "safe_chord"),
        "form": feeders.pick(rng, "steps", "cuts", "nested_cuts"),
        "step_price": feeders.pick(rng, "chord", "right_end"),
        "grid": feeders.pick(rng, "adaptive", "uniform"),
        "points": rng.randint(3, 20),
        "max_points": feeders.pick(rng, 4, 40),
    }
    if rsf["form"] == "nested_cuts":
        rsf["variant"] = "relaxed"
    scenario = feeders.scenario(case, "rsf", physics, **rsf)
    scenario["mechanism"]["recover_ac"] = rng.random() < 0.5
    return scenario


def convex(market):
    """Whether every bid may be taken in part and on its own."""
    return not any(bid.get("minimum_duration") for bid in market["bids"]) and not any(
        segment.get("indivisible") for bid in market["bids"] for offer in bid["offers"] for segment in offer["segments"]
    )


def check(tandem, scenario):
    mechanism = scenario["mechanism"]
    cone = mechanism["physics"] == "branch_flow"
    optimum = feeders.optimum(scenario["case"], mechanism["physics"])
    report = tandem.run(scenario)
    cost, error, common = (report.quantity(name) for name in ("cost", "gap", "common_cost"))
    digits = {"relative": CONE, "absolute": CONE} if cone else {"absolute": 1e-5}
    # Stepping back from a cone that is not tight costs more than the relaxation.
    if cone and mechanism["recover_ac"]:
        at_least("common optimum in the report, $", common, optimum, **digits)
    else:
        near("common optimum in the report, $", common, optimum, **digits)
    at_least("cost by functions, $", cost, optimum, **digits)
    # With a cone that burns no solve proves the power flow shown.
    relaxed = any("relaxed" in proof["solve"] for proof in report.data["certificates"])
    if report.certified() == relaxed:
        raise Mismatch(f"certificates: {report.data['certificates']}")
    broken = [row for row in report.table("theorems") if "fails" in row.values()]
    if broken:
        raise Mismatch(f"a promise that has to hold: {broken}")
    # Nested cuts reach the optimum of a convex market, over all periods together; a line without losses never
    # makes energy missing below worth more than above.
    rsf, market = mechanism["rsf"], scenario["case"]["balancing"]
    if rsf["form"] == "nested_cuts" and mechanism["physics"] == "lossless" and convex(market) and market["price_cap_usd_per_mwh"] >= 500:
        at_least("optimum and the gap of nested cuts, $", optimum + 0.011, cost, **digits)
    if error is None:
        if not report.reason("gap"):
            raise Mismatch("no certified error and no reason")
        return "withheld"
    if error < 0.0:
        raise Mismatch(f"certified error {error}")
    at_least("optimum and certified error, $", optimum + error, cost, **digits)
    at_least("common optimum shown and certified error, $", common + error, cost, **digits)
    return "exact" if error < 0.01 else "with an error"
