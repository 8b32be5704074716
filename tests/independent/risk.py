"""The bargain before the day: its payments maximise the product of the players' certainty equivalents.

From the gains of the scenarios in the report, a program in payments maximises the sum of logarithms, each with its power, by tangents
added until none is missing (CVaR as the linear program of Rockafellar and Uryasev): once with payments that are sure, once with
payments that may differ by scenario. A scenario's gains are asked for again as a day of its own, its profiles written here.
"""
import copy
import math

import ties
from judge import Mismatch, near
from networks import pick
from program import INF, Program

COUNT, LONG = 6, 150

ROUNDS = 200


def case(rng):
    scenario = ties.case(rng)
    feeders = [one["id"] for one in scenario["case"]["feeders"]]
    weights = [pick(rng, 0.0, 0.2, 0.5, 1.0) for _ in range(len(feeders) + 1)]
    mechanism = scenario["mechanism"]
    mechanism["physics"] = "lossless"
    mechanism["powers"] = [{"id": one, "weight": pick(rng, 1.0, 1.0, 2.0)} for one in ["ISO", *feeders]]
    mechanism["risk"] = {
        "scenarios": rng.randint(3, 6),
        "seed": rng.randint(0, 1000),
        "spread": pick(rng, 0.5, 1.0, 2.0),
        "tail": pick(rng, 0.2, 0.25, 0.5, 0.7, 1.0),
        "aversion": [{"id": one, "weight": w} for one, w in zip(["ISO", *feeders], weights)],
    }
    return scenario


def check(tandem, scenario):
    report = tandem.run(scenario)
    assert report.solved and report.certified()
    mechanism, whole = scenario["mechanism"], scenario["case"]
    players = [one["id"] for one in mechanism["powers"]]
    rows = report.table("scenarios")
    gains = [[row[f"gain of {player}"] for row in rows] for player in players]
    one_scenario(tandem, scenario, report, rows[-1])
    powers = [one["weight"] for one in mechanism["powers"]]
    powers = [p / sum(powers) for p in powers]
    weights = [one["weight"] for one in mechanism["risk"]["aversion"]]
    tail = mechanism["risk"]["tail"]
    paid = [report.quantity(f"risk_paid:{player}") for player in players]
    has = [report.quantity(f"risk_benefit:{player}") for player in players]
    near("payments add up to nothing, $", sum(paid) + 1.0, 1.0)
    size = max(1.0, max(abs(x) for own in gains for x in own))
    sure = surplus(gains, weights, tail, False)
    near("surplus under risk, $", report.quantity("risk_surplus"), sure, absolute=1e-6 * size)
    shared = surplus(gains, weights, tail, True)
    near("surplus with payments by scenario, $", report.quantity("risk_shared"), shared, absolute=1e-6 * size)
    # Less than this is no gain, and no product to maximise.
    if sure <= 1e-3 * size:
        return "no deal" if sure <= 0.0 else "hardly a deal"
    best, benefits, payments = product(gains, weights, powers, tail, False)
    ours = sum(a * math.log(b) for a, b in zip(powers, has))
    near("sum of logarithms", ours, best, absolute=1e-6)
    # The product is flat about its maximum.
    for player, mine, theirs, pays, program in zip(players, has, benefits, paid, payments):
        near(f"certainty equivalent of {player}, $", mine, theirs, relative=0.0, absolute=3e-3 * sure)
        near(f"{player} pays, $", pays, program, relative=0.0, absolute=3e-3 * sure)
    by_scenario, _, _ = product(gains, weights, powers, tail, True)
    near("with payments by scenario", by_scenario, sum(a * math.log(a * shared) for a in powers), absolute=1e-6)
    return "a deal"


def one_scenario(tandem, scenario, report, row):
    """A scenario as a day of its own: the realised profiles are written here."""
    other = copy.deepcopy(scenario)
    other["mechanism"].pop("risk")
    for profile in other["case"]["day"]["profiles"]:
        factor, pairs = row[f"error of {profile['id']}"], zip(profile["forecast_mw"], profile["realised_mw"])
        profile["realised_mw"] = [max(0.0, ahead + factor * (real - ahead)) for ahead, real in pairs]
    day = tandem.run(other)
    gain = lambda co, non: day.series(co)[-1] - day.series(non)[-1]
    for one in other["case"]["feeders"]:
        near(f"gain of {one['id']}, $", row[f"gain of {one['id']}"], gain(f"u_co:{one['id']}", f"u_non:{one['id']}"), absolute=1e-6)
    near("gain of the ISO, $", row["gain of ISO"], -gain("cost_co", "cost_non"), absolute=1e-6)


def equivalents(program, gains, weights, tail, by_scenario):
    """Certainty equivalents as variables that may be no more than they are, and payments that add up to nothing."""
    count = len(gains[0])
    slots = range(count) if by_scenario else range(1)
    paid = [[program.var(-INF, INF) for _ in slots] for _ in gains]
    for s in slots:
        program.row([(own[s], 1.0) for own in paid], 0.0, 0.0)
    worth = []
    for own, payments, weight in zip(gains, paid, weights):
        value, at = program.var(-INF, INF), program.var(-INF, INF)
        # value ≤ (1 − w) mean(X − b) + w (at − Σ short / (tail N)),  short ≥ at − (X − b)
        terms, right = [(value, 1.0), (at, -weight)], 0.0
        for s, gain in enumerate(own):
            pays = payments[s if by_scenario else 0]
            short = program.var()
            program.row([(short, 1.0), (at, -1.0), (pays, -1.0)], -gain, INF)
            terms += [(short, weight / (tail * count)), (pays, (1.0 - weight) / count)]
            right += (1.0 - weight) * gain / count
        program.row(terms, -INF, right)
        worth.append(value)
    return worth, paid


def surplus(gains, weights, tail, by_scenario):
    """The largest sum of certainty equivalents."""
    program = Program()
    worth, paid = equivalents(program, gains, weights, tail, by_scenario)
    for value in worth:
        program.cost[value] = -1.0
    # Sure payments cancel in the sum.
    if not by_scenario:
        for own in paid:
            program.low[own[0]] = program.high[own[0]] = 0.0
    return -program.solve()


def product(gains, weights, powers, tail, by_scenario):
    """max Σ α log B by tangents of the logarithms."""
    scale = surplus(gains, weights, tail, by_scenario)
    gains = [[x / scale for x in own] for own in gains]
    cuts = [[1.0 / len(gains)] for _ in gains]
    for _ in range(ROUNDS):
        program = Program()
        worth, paid = equivalents(program, gains, weights, tail, by_scenario)
        logs = []
        for value, power, points in zip(worth, powers, cuts):
            log = program.var(-INF, INF, -power)
            logs.append(log)
            program.low[value] = 1e-6
            for at in points:
                program.row([(log, 1.0), (value, -1.0 / at)], -INF, math.log(at) - 1.0)
        bound = -program.solve()
        found = [program.x[v] for v in worth]
        reached = sum(a * math.log(b) for a, b in zip(powers, found))
        if bound - reached < 2e-7:
            shift = sum(powers) * math.log(scale)
            return reached + shift, [b * scale for b in found], [program.x[own[0]] * scale for own in paid]
        for points, at in zip(cuts, found):
            points.append(at)
    raise Mismatch(f"the tangents do not close: {bound} and {reached}")
