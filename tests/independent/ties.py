"""A day of ISO and DSOs without losses: which of its equally good dispatches is taken.

Plan and every slot of real time are quadratic programs of their own (power balances by DSO, one generator); a second one takes
from their optimal points the one with the least sum of squares of the DSOs' powers. Imports as planned and as drawn are compared.
"""
import highspy
import numpy as np
from judge import near
from networks import pick

INF = highspy.kHighsInf
COUNT, LONG = 20, 300

# Solvers of quadratic programs leave 1e-5 to 1e-3 MW, and what one slot leaves the next one takes over.
AGREES_MW = 2e-3
# What rounding of the first program may leave open in the rows of the second.
ROUNDING = 1e-8


class Unsolved(Exception):
    """The independent solver has no answer."""


class Quadratic:
    """min Σ c x + q x² with rows and bounds."""

    def __init__(self):
        self.low, self.high, self.cost, self.square, self.rows = [], [], [], {}, []

    def var(self, low, high, cost=0.0, square=0.0):
        self.low.append(low)
        self.high.append(high)
        self.cost.append(cost)
        if square:
            self.square[len(self.cost) - 1] = square
        return len(self.cost) - 1

    def row(self, terms, right):
        self.rows.append((terms, right, right))

    def solve(self):
        model = highspy.HighsModel()
        lp, n = model.lp_, len(self.cost)
        lp.num_col_, lp.num_row_ = n, len(self.rows)
        lp.col_cost_ = np.array(self.cost, float)
        lp.col_lower_, lp.col_upper_ = np.array(self.low, float), np.array(self.high, float)
        lp.row_lower_ = np.array([low for _, low, _ in self.rows], float)
        lp.row_upper_ = np.array([high for _, _, high in self.rows], float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0] + [len(terms) for terms, _, _ in self.rows]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([v for terms, _, _ in self.rows for v, _ in terms], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([a for terms, _, _ in self.rows for _, a in terms], float)
        hessian = model.hessian_
        hessian.dim_, hessian.format_ = n, highspy.HessianFormat.kTriangular
        hessian.start_ = np.cumsum([0] + [j in self.square for j in range(n)]).astype(np.int32)
        hessian.index_ = np.array(sorted(self.square), dtype=np.int32)
        hessian.value_ = np.array([2.0 * self.square[j] for j in sorted(self.square)], float)
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.passModel(model)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Unsolved
        return list(solver.getSolution().col_value)

    def least_squares(self, powers):
        """Of the optimal points the one with the least sum of squares of some variables."""
        x = self.solve()
        second = Quadratic()
        second.low, second.high = list(self.low), list(self.high)
        for j in self.square:
            second.low[j] = second.high[j] = x[j]
        second.cost = [0.0] * len(x)
        second.square = dict.fromkeys(powers, 1.0)
        second.rows = [(terms, low - ROUNDING, high + ROUNDING) for terms, low, high in self.rows]
        linear = [(j, c) for j, c in enumerate(self.cost) if c and j not in self.square]
        second.rows.append((linear, -INF, sum(c * x[j] for j, c in linear) + ROUNDING))
        return second.solve()


def case(rng):
    slots, ids = pick(rng, 2, 3, 4), ["A", "B", "C"][: pick(rng, 2, 3)]
    profiles, renewables, adjustable, deferrable = [], [], [], []

    def profile(name, low, high):
        forecast = [round(rng.uniform(low, high), 2) for _ in range(slots)]
        realised = [round(max(0.0, p + rng.uniform(-0.3, 0.3)), 2) for p in forecast]
        profiles.append({"id": name, "forecast_mw": forecast, "realised_mw": realised})
        return name

    for one in ids:
        bus = f"{one}1"
        if rng.random() < 0.7:
            renewables.append({"id": f"R{one}", "bus": bus, "profile": profile(f"wind {one}", 0.0, 1.5)})
        load = {"id": f"L{one}", "bus": bus, "profile": profile(f"load {one}", 1.5, 2.5), "tan_phi": 0.0}
        adjustable.append({**load, "usd_per_mw2h": pick(rng, 20.0, 50.0)})
        load = {"id": f"D{one}", "bus": bus, "max_p_mw": pick(rng, 1.0, 2.0, 3.0), "first_period": 1, "last_period": slots}
        deferrable.append({**load, "energy_mwh": round(rng.uniform(1.0, 4.0), 2), "usd_per_mwh2": pick(rng, 30.0, 100.0)})

    def feeder(one):
        line = {"id": f"{one}01", "from": f"{one}0", "to": f"{one}1", "r_ohm": 0.01, "x_ohm": 0.01}
        return {"id": one, "base_kv": 10.0, "root": f"{one}0", "buses": [{"id": f"{one}0"}, {"id": f"{one}1"}], "lines": [line]}

    whole = {
        "version": 1,
        "name": "random",
        "base_mva": 1.0,
        "buses": [{"id": "1"}],
        "branches": [],
        "generators": [{"id": "G", "bus": "1", "max_p_mw": 100.0, "offer": [{"p_mw": 100.0, "usd_per_mwh": 10.0}]}],
        "feeders": [feeder(one) for one in ids],
        "boundaries": [{"id": f"at {one}", "bus": "1", "feeder": one} for one in ids],
        "day": {
            "periods": slots,
            "minutes_per_period": 60.0,
            "shortage_usd_per_mwh": 3000.0,
            "profiles": profiles,
            "costs": [{"generator": "G", "a_usd_per_mw2h": 1.0, "b_usd_per_mwh": 10.0}],
            "renewables": renewables,
            "adjustable": adjustable,
            "deferrable": deferrable,
        },
    }
    mechanism = {"kind": "bargaining", "physics": pick(rng, "lossless", "lin_dist_flow")}
    return {"version": 1, "title": "random", "case": whole, "mechanism": mechanism}


class Dispatch:
    """The joint dispatch from a slot on: the plan where `plan` is None, else real time against it."""

    def __init__(self, whole, start, plan, had):
        day = whole["day"]
        self.program, self.powers, self.imports, self.loads, self.output = Quadratic(), [], {}, {}, {}
        now = None if plan is None else start
        slots = range(start, day["periods"])
        program = self.program

        def known(name, t):
            own = next(p for p in day["profiles"] if p["id"] == name)
            return own["realised_mw" if now is not None and t <= now else "forecast_mw"][t]

        def power(low, high, cost=0.0, square=0.0):
            self.powers.append(program.var(low, high, cost, square))
            return self.powers[-1]

        for one in (f["id"] for f in whole["feeders"]):
            at_bus = lambda items: [item for item in day[items] if item["bus"] == f"{one}1"]
            for t in slots:
                self.imports[one, t] = power(-INF, INF)
                balance = [(self.imports[one, t], 1.0)]
                balance += [(power(0.0, known(r["profile"], t)), 1.0) for r in at_bus("renewables")]
                for load in at_bus("adjustable"):
                    u = load["usd_per_mw2h"]
                    self.loads[load["id"], t] = power(0.0, INF, -2.0 * u * known(load["profile"], t), u)
                    balance.append((self.loads[load["id"], t], -1.0))
                for load in at_bus("deferrable"):
                    self.loads[load["id"], t] = power(0.0, load["max_p_mw"])
                    balance.append((self.loads[load["id"], t], -1.0))
                program.row(balance, 0.0)
        for load in day["adjustable"]:
            wanted = sum(known(load["profile"], t) for t in range(day["periods"]))
            missed = [(program.var(0.0, INF, day["shortage_usd_per_mwh"]), sign) for sign in (1.0, -1.0)]
            program.row([(self.loads[load["id"], t], 1.0) for t in slots] + missed, wanted - had.get(load["id"], 0.0))
        for load in day["deferrable"]:
            u, so_far = load["usd_per_mwh2"], had.get(load["id"], 0.0)
            energy = program.var(0.0, max(load["energy_mwh"], so_far), -2.0 * u * load["energy_mwh"], u)
            program.row([(energy, 1.0)] + [(self.loads[load["id"], t], -1.0) for t in slots], so_far)
        for t in slots:
            if plan is None:
                planned, moves = 0.0, [(program.var(0.0, 100.0, 10.0, 1.0), 1.0)]
            else:
                # Below the plan the lost opportunity is paid; the price of the plan is the marginal cost.
                planned = plan[t]
                marginal = 2.0 * planned + 10.0
                up = program.var(0.0, 100.0 - planned, marginal, 1.0)
                moves = [(up, 1.0), (program.var(0.0, planned, -marginal, 2.0), -1.0)]
            self.output[t] = moves
            drawn = [(v, -1.0) for (_, s), v in self.imports.items() if s == t]
            program.row(moves + drawn, -planned)

    def settle(self):
        self.x = self.program.least_squares(self.powers)


def check(tandem, scenario):
    try:
        return compare(tandem, scenario)
    except Unsolved:
        return "not solved independently"


def compare(tandem, scenario):
    whole = scenario["case"]
    report = tandem.run(scenario)
    assert report.solved and report.certified()
    slots, ids = range(whole["day"]["periods"]), [f["id"] for f in whole["feeders"]]
    before = Dispatch(whole, 0, None, {})
    before.settle()
    output = [sum(a * before.x[v] for v, a in before.output[t]) for t in slots]
    had = {}
    for t in slots:
        now = Dispatch(whole, t, output, had)
        now.settle()
        for one in ids:
            planned, drawn = before.x[before.imports[one, t]], now.x[now.imports[one, t]]
            near(f"{one} planned in slot {t + 1}", report.series(f"plan_import:at {one}")[t], planned, absolute=AGREES_MW)
            near(f"{one} in slot {t + 1}", report.series(f"import:at {one}")[t], drawn, absolute=AGREES_MW)
        for (load, slot), v in now.loads.items():
            if slot == t:
                had[load] = had.get(load, 0.0) + now.x[v]
    return "with a tie" if any(table["id"] == "ties" for table in report.data["tables"]) else "without"
