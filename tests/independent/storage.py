"""A day of ISO and DSOs without losses, with batteries: the plan, the first slot of real time, and a DSO on its own.

Each is a quadratic program of its own, in which what a battery holds is a sum of its powers, and not a variable; the plan is solved
again without batteries for what they add. Optimal values are compared, and what batteries are said to do is followed slot by slot.
"""
import copy

import ties
from judge import Mismatch, near
from networks import pick
from ties import INF, Quadratic

COUNT, LONG = 12, 300

# What a MWh lost in a battery, and one left without a use, costs a DSO that must keep its import.
LOSS, UNUSED = 0.1, 0.01
# Interior points leave this of a value of the whole day.
RELATIVE = 2e-7


def case(rng):
    scenario = ties.case(rng)
    day = scenario["case"]["day"]
    ids = [one["id"] for one in scenario["case"]["feeders"]]
    holders = [one for one in ids if rng.random() < 0.7] or ids[:1]
    day["storage"] = []
    for one in holders:
        energy, power = pick(rng, 1.0, 2.0, 4.0), pick(rng, 0.5, 1.0, 2.0)
        first = round(rng.uniform(0.0, energy), 2)
        stored, fed = pick(rng, 0.8, 0.9, 0.95, 1.0), pick(rng, 0.8, 0.9, 1.0)
        most = first + stored * power * day["periods"]
        day["storage"].append(
            {
                "id": f"S{one}",
                "bus": f"{one}1",
                "max_p_mw": power,
                "energy_mwh": energy,
                "charge_efficiency": stored,
                "discharge_efficiency": fed,
                "initial_mwh": first,
                "min_final_mwh": round(min(energy, 0.9 * most) * rng.random(), 2),
            }
        )
    return scenario


class Day:
    """Loads, renewables and batteries of some DSOs over the whole day as known on the day before (`now` None) or in slot 0."""

    def __init__(self, whole, now=None):
        self.day, self.now, self.program, self.constant = whole["day"], now, Quadratic(), 0.0
        self.slots = range(self.day["periods"])

    def known(self, name, t):
        own = next(p for p in self.day["profiles"] if p["id"] == name)
        return own["realised_mw" if self.now is not None and t <= self.now else "forecast_mw"][t]

    def dso(self, one, kept):
        """What the DSO feeds in by slot, as terms; with its import kept, losses in batteries have their small price."""
        program, fed = self.program, {t: [] for t in self.slots}
        mine = lambda items: [item for item in self.day.get(items, []) if item["bus"] == f"{one}1"]
        for item in mine("renewables"):
            for t in self.slots:
                fed[t].append((program.var(0.0, self.known(item["profile"], t)), 1.0))
        for item in mine("adjustable"):
            u, energy = item["usd_per_mw2h"], []
            for t in self.slots:
                p = program.var(0.0, INF, -2.0 * u * self.known(item["profile"], t), u)
                fed[t].append((p, -1.0))
                energy.append((p, 1.0))
            wanted = sum(self.known(item["profile"], t) for t in self.slots)
            missing = [(program.var(0.0, INF, self.day["shortage_usd_per_mwh"]), sign) for sign in (1.0, -1.0)]
            program.row(energy + missing, wanted)
        for item in mine("deferrable"):
            u, wanted = item["usd_per_mwh2"], item["energy_mwh"]
            energy = program.var(0.0, wanted, -2.0 * u * wanted, u)
            powers = [program.var(0.0, item["max_p_mw"]) for _ in self.slots]
            for t, p in zip(self.slots, powers):
                fed[t].append((p, -1.0))
            program.row([(energy, 1.0)] + [(p, -1.0) for p in powers], 0.0)
        for item in mine("storage"):
            eta, out = item["charge_efficiency"], 1.0 / item["discharge_efficiency"]
            held = []
            for t in self.slots:
                charge = program.var(0.0, item["max_p_mw"], LOSS * (1.0 - eta) if kept else 0.0)
                discharge = program.var(0.0, item["max_p_mw"], LOSS * (out - 1.0) if kept else 0.0)
                fed[t] += [(charge, -1.0), (discharge, 1.0)]
                held += [(charge, eta), (discharge, -out)]
                least = item["min_final_mwh"] if t == self.slots[-1] else 0.0
                bounds = (least - item["initial_mwh"], item["energy_mwh"] - item["initial_mwh"])
                program.rows.append((list(held), *bounds))
        return fed

    def solve(self):
        self.x = self.program.solve()
        squares = sum(q * self.x[j] ** 2 for j, q in self.program.square.items())
        return squares + sum(c * x for c, x in zip(self.program.cost, self.x))


def joint(whole, plan=None):
    """Generation cost less utilities: of the plan, or of the first slot of real time beside a plan of outputs."""
    day = Day(whole, None if plan is None else 0)
    fed = [day.dso(one["id"], kept=False) for one in whole["feeders"]]
    moves = {}
    for t in day.slots:
        if plan is None:
            planned, moves[t] = 0.0, [(day.program.var(0.0, 100.0, 10.0, 1.0), 1.0)]
        else:
            planned = plan[t]
            marginal = 2.0 * planned + 10.0
            day.constant += planned**2 + 10.0 * planned
            up = day.program.var(0.0, 100.0 - planned, marginal, 1.0)
            moves[t] = [(up, 1.0), (day.program.var(0.0, planned, -marginal, 2.0), -1.0)]
        day.program.row(moves[t] + [term for own in fed for term in own[t]], -planned)
    day.value = day.solve() + day.constant
    day.output = [sum(a * day.x[v] for v, a in moves[t]) for t in day.slots]
    day.imports = [[-sum(a * day.x[v] for v, a in own[t]) for t in day.slots] for own in fed]
    return day


def alone(whole, one, imports):
    """Utility of a DSO that keeps its import, as expected in slot 0."""
    day = Day(whole, 0)
    fed = day.dso(one, kept=True)
    for t in day.slots:
        unused = day.program.var(0.0, INF, UNUSED)
        day.program.row(fed[t] + [(unused, -1.0)], -imports[t])
    day.solve()
    # Utility without the small prices of losses and of what has no use.
    total = 0.0
    for j, (cost, x) in enumerate(zip(day.program.cost, day.x)):
        small = 0.0 < cost < 1.0
        total -= (0.0 if small else cost * x) + day.program.square.get(j, 0.0) * x * x
    return total


def check(tandem, scenario):
    try:
        return compare(tandem, scenario)
    except ties.Unsolved:
        return "not solved independently"


def compare(tandem, scenario):
    whole = scenario["case"]
    report = tandem.run(scenario)
    assert report.solved and report.certified()
    plan = joint(whole)
    size = abs(plan.value) + 1.0
    same = lambda what, ours, theirs: near(what, ours, theirs, relative=0.0, absolute=RELATIVE * size + 2e-4)
    bare = copy.deepcopy(whole)
    del bare["day"]["storage"]
    same("batteries add, as planned, $", report.quantity("storage_planned"), joint(bare).value - plan.value)
    # What the plan leaves each DSO on its own follows the product's own imports, where several plans are as good.
    ids = [(one["id"], f"at {one['id']}") for one in whole["feeders"]]
    for one, at in ids:
        imports = report.series(f"plan_import:{at}")
        same(f"{one} on its own, $", report.series(f"u_non:{one}")[0], alone(whole, one, imports))
    output = report.series("plan:G")
    same("welfare with cooperation, slot 1, $", report.series("welfare_co")[0], -joint(whole, output).value)
    worth = follow(whole, report)
    return worth if report.quantity("storage_planned") > 1e-3 else "idle as planned"


def follow(whole, report):
    """What a battery holds is what it was charged and discharged by, within its limits."""
    moved = False
    for item in whole["day"]["storage"]:
        for power, held in (("p", "stored"), ("alone", "stored_alone"), ("plan", "stored_plan")):
            energy = item["initial_mwh"]
            for p, after in zip(report.series(f"{power}:{item['id']}"), report.series(f"{held}:{item['id']}")):
                energy += -p * item["charge_efficiency"] if p < 0.0 else -p / item["discharge_efficiency"]
                moved = moved or abs(p) > 1e-2
                near(f"energy in {item['id']}, {held}", after, energy, absolute=1e-3)
                if not -1e-6 <= after <= item["energy_mwh"] + 1e-6:
                    raise Mismatch(f"{item['id']} holds {after} MWh")
            if after < item["min_final_mwh"] - 1e-5:
                raise Mismatch(f"{item['id']} ends with {after} MWh")
    return "batteries move" if moved else "idle"
