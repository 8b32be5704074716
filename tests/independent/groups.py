"""Exclusive groups over feeders and levels: the common market in one program reaches the optimum of a mixed-integer
program that knows the group; by functions the group is honoured or refused by name.
"""
import copy

import feeders
import tandem as product
from judge import Mismatch, at_least, near

COUNT, LONG = 40, 500


def case(rng):
    whole = 0.3 if rng.random() < 0.5 else 0.0
    return feeders.scenario(feeders.market(rng, whole=whole, groups=True), "common", "lossless")


def may_refuse(words):
    return "exclusive" in words or "group" in words


def check(tandem, scenario):
    optimum = feeders.optimum(scenario["case"], "lossless")
    try:
        common = tandem.run(scenario)
    except product.Refused as refused:
        raise Mismatch(f"the common market is refused: {refused}") from refused
    near("cost of the common market, $", common.quantity("cost"), optimum, absolute=1e-5)
    functions = copy.deepcopy(scenario)
    functions["mechanism"]["scheme"] = "rsf"
    report = tandem.run(functions)
    at_least("cost by functions, $", report.quantity("cost"), optimum)
    for group in scenario["case"]["balancing"]["exclusive"]:
        taken = [name for name in group["bids"] if any(abs(p) > 1e-6 for p in report.series(f"p:{name}") or [])]
        if len(taken) > 1:
            raise Mismatch(f"by functions all of {taken} are taken")
    return "solved"
