"""The certified error of residual supply functions: what they lead to costs at least the common optimum and at most the
certified error more, over one to four periods, with ramps, minimum durations, whole bids, both forms and step prices.
"""
import feeders
from judge import Mismatch, at_least, near

COUNT, LONG = 60, 800


def case(rng):
    physics = feeders.pick(rng, "lossless", "lin_dist_flow")
    case = feeders.market(
        rng,
        physics,
        periods=rng.randint(1, 4),
        whole=feeders.pick(rng, 0.0, 0.0, 0.3),
        ramps=rng.random() < 0.5,
        durations=rng.random() < 0.3,
    )
    rsf = {
        "form": feeders.pick(rng, "steps", "cuts"),
        "step_price": feeders.pick(rng, "chord", "right_end"),
        "grid": feeders.pick(rng, "adaptive", "uniform"),
        "points": rng.randint(3, 20),
    }
    return feeders.scenario(case, "rsf", physics, **rsf)


def check(tandem, scenario):
    mechanism = scenario["mechanism"]
    optimum = feeders.optimum(scenario["case"], mechanism["physics"])
    report = tandem.run(scenario)
    cost, error = report.quantity("cost"), report.quantity("gap")
    near("common optimum in the report, $", report.quantity("common_cost"), optimum, absolute=1e-5)
    at_least("cost by functions, $", cost, optimum)
    if error is None or error < -1e-9:
        raise Mismatch(f"certified error {error}")
    at_least("optimum and certified error, $", optimum + error, cost)
    broken = [row for row in report.table("theorems") if "fails" in row.values()]
    if broken:
        raise Mismatch(f"a promise that has to hold: {broken}")
    return "exact" if error < 0.01 else "with an error"
