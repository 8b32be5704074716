"""Storage in the DSO's market: the day at cost as one program, and what no bids and no grid of schedules may exceed.

The product prices what is stored and answers hour by hour, with a bound. Here the day at cost is one linear program for HiGHS, and
the strategic day is tried out: every bid of the owner out of a list beside every amount of storage on a grid, cleared as a merit order
or, with limits in reach, by HiGHS, and the best way through the grid. Rows of the feeder are those of `two_markets.py`.
"""
import copy
import itertools

from judge import Mismatch, at_least, near
from networks import pick
from program import INF, Program
from two_markets import OVERLOAD, case as feeder, rows_of

COUNT, LONG = 16, 200
EPSILON = 1e-7


def case(rng):
    scenario = feeder(rng)
    market = scenario["case"]["local_market"]
    resources = market["resources"]
    for k, one in enumerate(resources):
        one["owner"] = "S" if k == 0 else f"R{k}"
    resources.pop(1)
    periods = rng.randint(2, 4)
    total = sum(one["max_up_mw"] for one in resources)
    market["periods"] = periods
    market["imbalance_mwh"] = [round(rng.uniform(-1.3, 1.3) * total, 3) for _ in range(periods)]
    market["day_ahead_usd_per_mwh"] = [round(rng.uniform(30, 70), 1) for _ in range(periods)]
    if rng.random() < 0.6:
        for line in scenario["case"]["feeders"][0]["lines"]:
            line.pop("max_p_mw", None)
            line.pop("min_p_mw", None)
    energy = round(rng.uniform(0.1, 0.5), 3)
    buses = [bus["id"] for bus in scenario["case"]["feeders"][0]["buses"][1:]]
    market["storage"] = [{
        "id": "B", "bus": pick(rng, *buses), "owner": pick(rng, "S", "S", "R2"),
        "max_up_mw": round(rng.uniform(0.05, 0.3), 3), "max_down_mw": round(rng.uniform(0.05, 0.3), 3),
        "energy_mwh": energy, "initial_mwh": round(rng.uniform(0, energy), 3), "charge_efficiency": pick(rng, 0.8, 0.95, 1.0),
        "discharge_efficiency": pick(rng, 0.85, 0.95, 1.0), "wear_usd_per_mwh": pick(rng, 0.0, 1.0, 5.0),
    }]
    scenario["mechanism"] = {"kind": "bsp_bidding", "strategic": ["S"], "samples": 10}
    return scenario


def check(tandem, scenario):
    report = tandem.run(scenario)
    if not report.certified():
        raise Mismatch("not certified")
    system, own = scenario["case"], scenario["case"]["local_market"]["storage"][0]
    limited = [rows_of(with_storage(system), t) for t in range(system["local_market"]["periods"])]
    least, over = at_cost(system, limited, own["initial_mwh"])
    if over < 1e-9:
        near("cost of the day, $", report.quantity("cost:truthful"), least, absolute=1e-5)
    # What is stored is worth what one more MWh saves: a subgradient of the convex cost.
    value = report.series("stored_value:B")[0]
    for step in (-0.03, 0.03):
        first = min(max(own["initial_mwh"] + step, 0.0), own["energy_mwh"])
        other = at_cost(system, limited, first)
        if other is not None:
            at_least("cost with more at first, $", other[0], least - value * (first - own["initial_mwh"]))
    keeps(report, "stored_strategic:B", own)
    keeps(report, "stored_truthful:B", own)
    if own["owner"] != "S":
        return "storage of another"
    profit, bound = report.quantity("schedule_profit"), report.quantity("schedule_bound")
    near("profit of the day, $", report.quantity("profit:S:strategic"), profit)
    at_least("the bound, $", bound, profit)
    at_least("profit at best, $", profit, report.quantity("profit:S:truthful"))
    tried = Tried(system, limited)
    at_least("the bound, $", bound, tried.grid(), absolute=1e-5)
    amounts = [max(p, 0.0) for p in report.series("p:B")], [max(-p, 0.0) for p in report.series("p:B")]
    replayed = sum(tried.beside(t, up, down) for t, (up, down) in enumerate(zip(*amounts)))
    at_least("profit with the schedule, $", profit, replayed, absolute=5e-5)
    if not any(limited):
        # A merit order has no better bids than those tried.
        near("profit with the schedule, $", profit, replayed, absolute=5e-5)
    proven = "proven" if bound - profit < 1e-4 * (1.0 + abs(profit)) else "a gap"
    return proven + (", limits in reach" if any(limited) else "")


def keeps(report, name, own):
    held = report.series(name)
    least = own.get("min_final_mwh", own["initial_mwh"])
    if min(held) < -1e-6 or max(held) > own["energy_mwh"] + 1e-6 or held[-1] < least - 1e-6:
        raise Mismatch(f"{name}: {held} outside 0 to {own['energy_mwh']}, at last {least}")


def with_storage(system):
    """The system with storage among its resources, for rows."""
    changed = copy.deepcopy(system)
    market = changed["local_market"]
    market["resources"] = market["resources"] + market["storage"]
    return changed


def prices(market, t):
    """By resource: cost upwards and value downwards; the TSO's prices."""
    da = market["day_ahead_usd_per_mwh"][t]
    costs = [(one["up_cost"][0] * da, one["down_value"][0] * da) for one in market["resources"]]
    return costs, market["tso_up"][0] * da, market["tso_down"][0] * da


def at_cost(system, limited, first):
    """The least cost of the day from what is stored at first, $, and what of it is for overloads; None where it cannot be."""
    market = system["local_market"]
    own = market["storage"][0]
    last = own.get("min_final_mwh", own["initial_mwh"])
    model = Program()
    before, over = None, []
    for t in range(market["periods"]):
        costs, top, floor = prices(market, t)
        delta = market["imbalance_mwh"][t]
        net = []
        for one, (cost, value) in zip(market["resources"], costs):
            net.append([(model.var(0.0, one["max_up_mw"], cost), 1.0), (model.var(0.0, one["max_down_mw"], -value), -1.0)])
        up, down = model.var(0.0, own["max_up_mw"], own["wear_usd_per_mwh"]), model.var(0.0, own["max_down_mw"])
        net.append([(up, 1.0), (down, -1.0)])
        model.row(sum(net, []) + [(model.var(cost=top), 1.0), (model.var(cost=-floor), -1.0)], delta, delta)
        for g, h in limited[t]:
            value = [(v, a * g[k]) for k in range(len(net)) for v, a in net[k]]
            over.append(model.var(cost=OVERLOAD))
            model.row(value + [(over[-1], -1.0)], -INF, h)
        held = model.var(last if t + 1 == market["periods"] else 0.0, own["energy_mwh"])
        kept = first if before is None else 0.0
        row = [(held, 1.0), (down, -own["charge_efficiency"]), (up, 1.0 / own["discharge_efficiency"])]
        model.row(row + ([] if before is None else [(before, -1.0)]), kept, kept)
        before = held
    least = model.solve()
    return None if least is None else (least, OVERLOAD * sum(model.x[v] for v in over))


class Tried:
    """What the owner S of one resource and a storage earns with bids out of a list."""

    def __init__(self, system, limited):
        self.market, self.limited = system["local_market"], limited
        self.own = self.market["storage"][0]

    def grid(self, levels=9):
        """The best way through a grid of what is stored, $."""
        own, known = self.own, {}
        step = own["energy_mwh"] / (levels - 1)
        held = sorted({own["initial_mwh"]} | {k * step for k in range(levels)})
        best = {own["initial_mwh"]: 0.0}
        for t in range(self.market["periods"]):
            after = {}
            for e, earned in best.items():
                for next_e in held:
                    change = round(next_e - e, 9)
                    up, down = max(-change, 0.0) * own["discharge_efficiency"], max(change, 0.0) / own["charge_efficiency"]
                    if up > own["max_up_mw"] or down > own["max_down_mw"]:
                        continue
                    if (t, change) not in known:
                        known[t, change] = self.most(t, up, down)
                    after[next_e] = max(after.get(next_e, -INF), earned + known[t, change])
            best = after
        last = own.get("min_final_mwh", own["initial_mwh"])
        return max(earned for e, earned in best.items() if e >= last - 1e-9)

    def beside(self, t, up, down):
        """The most with these amounts or a hair beside them: the best often ends a step of a rival exactly."""
        moves = (0.0, -EPSILON, EPSILON)
        return max(self.most(t, up + a if up > EPSILON else up, down + b if down > EPSILON else down)
                   for a in moves[: 3 if up > EPSILON else 1] for b in moves[: 3 if down > EPSILON else 1])

    def most(self, t, up, down):
        """The most in an hour in which storage does this, $; bids a hair beside every price that others make."""
        costs, top, floor = prices(self.market, t)
        rivals = [p for pair in costs[1:] for p in pair] + [top, floor]
        near_by = {p + side for p in rivals for side in (-EPSILON, EPSILON)}
        asks, bids = {costs[0][0], top} | near_by, {costs[0][1], floor} | near_by
        asks = [a for a in asks if min(floor, costs[0][0]) <= a <= max(top, costs[0][0])]
        bids = [b for b in bids if min(floor, costs[0][1]) <= b <= max(top, costs[0][1])]
        if not self.limited[t]:
            return max(self.merit(t, a, b, up, down) for a, b in itertools.product(asks, bids) if a >= b)
        # Behind limits every market is a program of its own: bids on one side, the other out of the way.
        pairs = [(a, min(costs[0][1], a)) for a in asks] + [(max(costs[0][0], b), b) for b in bids]
        return max(self.program(t, a, b, up, down) for a, b in pairs)

    def earned(self, t, price, at_storage, taken, up, down):
        (cost, value), own = prices(self.market, t)[0][0], self.own
        sold = (price - cost) * taken[0] + (value - price) * taken[1]
        return sold + (at_storage - own["wear_usd_per_mwh"]) * up - at_storage * down

    def merit(self, t, ask, bid, up, down):
        """A merit order without limits, what storage does taken from the imbalance."""
        costs, top, floor = prices(self.market, t)
        need = self.market["imbalance_mwh"][t] - up + down
        offers = [(ask, bid)] + costs[1:]
        steps = []
        for k, (one, (a, b)) in enumerate(zip(self.market["resources"], offers)):
            steps += [(a, k, 0, one["max_up_mw"]), (b, k, 1, one["max_down_mw"])]
            need += one["max_down_mw"]
        taken = [[0.0, one["max_down_mw"]] for one in self.market["resources"]]
        price = None
        for at, k, side, width in sorted(steps):
            if price is not None:
                break
            if at < floor:
                use = width
            elif need <= 1e-12 or at > top:
                price = min(max(at, floor), top)
                break
            else:
                use = min(width, need)
            need -= use
            taken[k][side] += use if side == 0 else -use
            if use < width:
                price = at
        price = top if need > 1e-12 else floor if need < -1e-12 else top if price is None else price
        return self.earned(t, price, price, taken[0], up, down)

    def program(self, t, ask, bid, up, down):
        costs, top, floor = prices(self.market, t)
        delta = self.market["imbalance_mwh"][t] - up + down
        model, net = Program(), []
        for one, (a, b) in zip(self.market["resources"], [(ask, bid)] + costs[1:]):
            net.append([(model.var(0.0, one["max_up_mw"], a), 1.0), (model.var(0.0, one["max_down_mw"], -b), -1.0)])
        model.row(sum(net, []) + [(model.var(cost=top), 1.0), (model.var(cost=-floor), -1.0)], delta, delta)
        for g, h in self.limited[t]:
            value = [(v, a * g[k]) for k in range(len(net)) for v, a in net[k]]
            model.row(value + [(model.var(cost=OVERLOAD), -1.0)], -INF, h - g[-1] * (up - down))
        model.solve()
        mu = [-y for y in model.duals[1:]]
        at = [model.duals[0] - sum(m * g[k] for m, (g, _) in zip(mu, self.limited[t])) for k in (0, -1)]
        if up > 0.0 and at[1] < floor or down > 0.0 and at[1] > top:
            return -INF
        return self.earned(t, at[0], at[1], (model.x[0], model.x[1]), up, down)
