"""A DSO's market on a feeder with losses: what it costs, what a MWh is worth at a bus, and whether random bids earn more.

The product solves the branch-flow cone by interior point and reads prices from its multipliers. Here every hour is a linear program
for HiGHS with tangent planes of the cones, added until none is violated; a price is held between the one-sided differences of the
least cost in the load of its bus, whatever the multipliers are. The import of the schedule is swept anew.
"""
import random

import two_markets
from feeders import tangents
from judge import Mismatch, near
from program import INF, Program

COUNT, LONG = 6, 150
# Bids tried against the best found, per hour; load added and taken away for a price, MW.
DRAWN, STEP = 12, 2e-3
# A dispatch is printed and solved to this.
NEAR_MW = 2e-6


def case(rng):
    scenario = two_markets.case(rng)
    del scenario["mechanism"]["tso_market"]
    scenario["mechanism"]["network"] = "cone"
    for bus in scenario["case"]["feeders"][0]["buses"]:
        bus["q_load_mvar"] = bus.get("q_load_mvar", 0.0) / 2
    scenario["seed"] = rng.randint(1, 10**6)
    return scenario


def check(tandem, scenario):
    asked = {key: value for key, value in scenario.items() if key != "seed"}
    draw = random.Random(scenario["seed"])
    market = scenario["case"]["local_market"]
    view = {"outcome": "truthful", "step": 1}
    truth, best = tandem.run({**asked, "view": view}), tandem.run(asked)
    tight = all("relaxation" not in one["solve"] for one in truth.data["certificates"])
    for t in range(market["periods"]):
        hour = Hour(scenario["case"], t)
        bids = hour.costs()
        near(f"activation and overload at cost, period {t + 1}", worth(truth, hour, bids, t), hour.cost(bids), relative=2e-6, absolute=2e-6)
        for k, resource in enumerate(market["resources"]):
            bus = int(resource["bus"])
            middle = hour.cost(bids)
            below = (middle - hour.cost(bids, {bus: -STEP})) / STEP
            above = (hour.cost(bids, {bus: STEP}) - middle) / STEP
            price = truth.series(f"lmp:{resource['bus']}")[t]
            if not below - 5e-3 <= price <= above + 5e-3:
                raise Mismatch(f"price of r{k} in period {t + 1}: {price}, independently between {below} and {above}")
        found = [(best.series(f"bid_up:r{k}")[t], best.series(f"bid_down:r{k}")[t]) for k in range(len(hour.resources))]
        near(f"activation at the best bids, period {t + 1}", worth(best, hour, found, t), hour.cost(found), relative=2e-6, absolute=2e-6)
        profit = best.series("profit:S:strategic")[t]
        # Plans follow the power flow, which a relaxation is not.
        followed = not any("relaxation" in one["solve"] and f"period {t + 1}," in one["solve"] for one in best.data["certificates"])
        for _ in range(DRAWN if followed else 0):
            other = hour.drawn(draw)
            earned = hour.profit(other)
            if earned > profit + max(2e-3, 0.005 * abs(profit)):
                raise Mismatch(f"period {t + 1}: bids {other} earn S {earned}, the best found {profit}")
    if tight and not truth.quantity("cone_voltage") < 1e-5:
        raise Mismatch(f"a tight cone is {truth.quantity('cone_voltage')} p.u. off the power flow")
    return "tight" if tight else "relaxation"


def worth(report, hour, bids, t):
    """Objective of the market at the product's dispatch of the day shown; over limits as far as its TSO volume and activation leave them."""
    net = [report.series(f"p:r{k}")[t] for k in range(len(bids))]
    up_down = hour.volumes(net, bids)
    return hour.cost(bids, fixed=up_down)


class Hour:
    """One period, rows of a feeder in MW, Mvar, and kV² of impedance per unit on 1 MVA."""

    def __init__(self, system, t):
        self.system, self.t = system, t
        self.market, self.feeder = system["local_market"], system["feeders"][0]
        self.resources = self.market["resources"]
        self.da = self.market["day_ahead_usd_per_mwh"][t]
        self.top, self.floor = self.market["tso_up"][0] * self.da, self.market["tso_down"][0] * self.da
        self.z = self.feeder["base_kv"] ** 2
        self.lines = {int(line["to"]): line for line in self.feeder["lines"]}
        self.above = {j: int(line["from"]) for j, line in self.lines.items()}
        self.paths = {j: two_markets.path(j, self.above) for j in range(len(self.feeder["buses"]))}
        self.p = [bus.get("p_load_mw", 0.0) for bus in self.feeder["buses"]]
        self.q = [bus.get("q_load_mvar", 0.0) for bus in self.feeder["buses"]]
        self.scheduled = self.swept()

    def costs(self):
        return [(r["up_cost"][0] * self.da, r["down_value"][0] * self.da) for r in self.resources]

    def drawn(self, draw):
        """Bids of S between the TSO's prices, at cost or anywhere; the others at cost."""
        bids = []
        for (up, down), resource in zip(self.costs(), self.resources):
            if resource["owner"] == "S":
                up = draw.choice([up, draw.uniform(up, max(self.top, up))])
                down = draw.choice([down, draw.uniform(min(self.floor, down), down)])
            bids.append((up, down))
        return bids

    def swept(self):
        """Import of the schedule, MW, by currents from the ends and voltages from the root."""
        v = [1.0 + 0.0j] * len(self.p)
        for _ in range(200):
            current = [(complex(p, q) / at).conjugate() for p, q, at in zip(self.p, self.q, v)]
            for j in sorted(self.above, reverse=True):
                current[self.above[j]] += current[j]
            for j in sorted(self.above):
                line = self.lines[j]
                v[j] = v[self.above[j]] - complex(line["r_ohm"], line["x_ohm"]) / self.z * current[j]
        return (v[0] * current[0].conjugate()).real

    def volumes(self, net, bids):
        """Activation up and down of a net one, both where the owner asks to: whole down and up of what is cheaper."""
        found = []
        for a, (up, down), r in zip(net, bids, self.resources):
            if up < down:
                return None
            found.append((max(a, 0.0), max(-a, 0.0)))
        return found

    def program(self, bids, more=None, fixed=None):
        model = Program()
        overload = self.market["overload_usd_per_mwh"]
        delta = self.market["imbalance_mwh"][self.t]
        load = [p + delta * p / sum(self.p) + (more or {}).get(j, 0.0) for j, p in enumerate(self.p)]
        taken = []
        for k, ((up, down), r) in enumerate(zip(bids, self.resources)):
            most = (r["max_up_mw"], r["max_down_mw"])
            low, high = (0.0, 0.0), most
            if fixed is not None:
                low, high = [max(x - NEAR_MW, 0.0) for x in fixed[k]], [min(x + NEAR_MW, m) for x, m in zip(fixed[k], most)]
            taken.append((model.var(low[0], high[0], up), model.var(low[1], high[1], -down)))
        bought, sold = model.var(0.0, INF, self.top), model.var(0.0, INF, -self.floor)
        flow = {0: (None, None, None, model.var(1.0, 1.0))}
        for j, line in self.lines.items():
            flow[j] = (model.var(-INF), model.var(-INF), model.var(), model.var())
        cones = []
        for j in range(len(self.p)):
            ps, qs, p_load, q_load = [], [], load[j], self.q[j]
            if j == 0:
                ps += [(bought, 1.0), (sold, -1.0)]
                p_load -= self.scheduled
            else:
                p, q, current, w = flow[j]
                line = self.lines[j]
                r, x = line["r_ohm"] / self.z, line["x_ohm"] / self.z
                ps += [(p, 1.0), (current, -r)]
                qs += [(q, 1.0), (current, -x)]
                upper = flow[self.above[j]][3]
                model.row([(w, 1.0), (upper, -1.0), (p, 2 * r), (q, 2 * x), (current, -(r * r + x * x))], 0.0, 0.0)
                cones.append((p, q, upper, current))
                self.limits(model, j, p, w, overload)
            below = [i for i in self.above if self.above[i] == j]
            ps += [(flow[i][0], -1.0) for i in below]
            qs += [(flow[i][1], -1.0) for i in below]
            for (up, down), r in zip(taken, self.resources):
                if int(r["bus"]) == j:
                    ps += [(up, 1.0), (down, -1.0)]
            model.row(ps, p_load, p_load)
            if j == 0:
                continue
            model.row(qs, q_load, q_load)
        return model, cones, taken

    def limits(self, model, j, p, w, overload):
        """Limits of a line and a voltage, over which a MW costs the overload price; a voltage in MW of the best placed resource."""
        line, bus = self.lines[j], self.feeder["buses"][j]
        if "max_p_mw" in line:
            model.row([(p, 1.0), (model.var(0.0, INF, overload), -1.0)], -INF, line["max_p_mw"])
        if "min_p_mw" in line:
            model.row([(p, 1.0), (model.var(0.0, INF, overload), 1.0)], line["min_p_mw"], INF)
        common = [2 * sum(self.lines[i]["r_ohm"] / self.z for i in self.paths[j] if i in self.paths[int(r["bus"])]) for r in self.resources]
        scale = max(common) or 1.0
        model.row([(w, 1.0), (model.var(0.0, INF, overload), scale)], bus["min_v_pu"] ** 2, INF)
        model.row([(w, 1.0), (model.var(0.0, INF, overload), -scale)], -INF, bus["max_v_pu"] ** 2)

    def cost(self, bids, more=None, fixed=None):
        model, cones, _ = self.program(bids, more, fixed)
        return tangents(model, cones)

    def profit(self, bids):
        """What S earns, its price the slope of the least cost: at most that on the side of more load."""
        model, cones, taken = self.program(bids)
        least = tangents(model, cones)
        earned = 0.0
        for (up, down), r, (cost, value) in zip(taken, self.resources, self.costs()):
            if r["owner"] == "S":
                u, w = model.x[up], model.x[down]
                if u > 1e-6:
                    earned += u * ((least - self.cost(bids, {int(r["bus"]): -STEP})) / STEP - cost)
                if w > 1e-6:
                    earned += w * (value - (self.cost(bids, {int(r["bus"]): STEP}) - least) / STEP)
        return earned
