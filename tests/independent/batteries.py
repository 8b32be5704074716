"""Battery schedules: a community that sees prices a day ahead, prices below zero included; it is paid nothing for what it feeds in
and discharges no further than its own load.

The mixed-integer program forbids charging and discharging at once; what the product's schedule pays is compared.
"""
from judge import near
from networks import pick
from program import INF, Program

COUNT, LONG = 40, 500


def case(rng):
    hours = 24
    floor = pick(rng, -0.3, -0.05, 0.0, 0.02)
    prices = [round(rng.uniform(floor, 0.3), pick(rng, 2, 3)) for _ in range(hours)]
    energy = float(pick(rng, 50, 120, 200))
    battery = {
        "energy_kwh": energy,
        "power_kw": float(pick(rng, 20, 60, 100)),
        "efficiency": pick(rng, 0.9, 0.95, 1.0),
        "min_soc": 0.1,
        "max_soc": 0.9,
        "initial_soc": pick(rng, 0.1, 0.5, 0.9),
    }
    sunny = rng.random() < 0.5
    member = {
        "id": "C",
        "bus": "D",
        "load_kw": [float(rng.randint(0, 100)) for _ in range(hours)],
        "pv_kw": [float(rng.randint(0, 120)) if sunny and 7 <= h < 18 else 0.0 for h in range(hours)],
        "tan_phi": 0.0,
        "battery": battery,
    }
    feeder = {
        "id": "F",
        "base_kv": 13.2,
        "root": "I",
        "buses": [{"id": "I"}, {"id": "D"}],
        "lines": [{"id": "I-D", "from": "I", "to": "D", "r_ohm": 0.1, "x_ohm": 0.1}],
    }
    case = {
        "version": 1,
        "name": "random",
        "base_mva": 1.0,
        "buses": [{"id": "T"}],
        "branches": [],
        "generators": [{"id": "G", "bus": "T", "max_p_mw": 1.0, "offer": [{"p_mw": 1.0, "usd_per_mwh": 1.0}]}],
        "loads": [{"id": "L", "bus": "T", "p_mw": 0.5}],
        "feeders": [feeder],
        "boundaries": [{"id": "B", "bus": "T", "feeder": "F"}],
        "communities": {"minutes_per_interval": 60.0, "lse_usd_per_kwh": prices, "members": [member]},
    }
    mechanism = {"kind": "community", "comparator": "prices_to_devices", "terminal_soc": pick(rng, 0.1, 0.5, 0.9)}
    return {"version": 1, "title": "random", "case": case, "mechanism": mechanism}


def check(tandem, scenario):
    market = scenario["case"]["communities"]
    member = market["members"][0]
    report = tandem.run(scenario)
    row = report.row("costs", "way to buy", "prices to devices")
    ours = row["paid"] + missing(report, scenario)
    near("paid, and a dollar for each kWh missing at the end, $", ours, schedule(market["lse_usd_per_kwh"], member, scenario["mechanism"]["terminal_soc"]), absolute=2e-3)
    return "below zero" if min(market["lse_usd_per_kwh"]) < 0 else "from zero on"


def missing(report, scenario):
    """Energy missing at the end, kWh, each at a dollar."""
    battery = scenario["case"]["communities"]["members"][0]["battery"]
    # The series is rounded to 0.01 %.
    soc = report.series("soc:C")[-1] / 100.0
    short = scenario["mechanism"]["terminal_soc"] - soc
    return short * battery["energy_kwh"] if short > 1e-4 else 0.0


def schedule(prices, member, terminal):
    battery = member["battery"]
    energy, power, eta = battery["energy_kwh"], battery["power_kw"], battery["efficiency"]
    program = Program()
    stored = program.var(*[battery["initial_soc"] * energy] * 2)
    for price, load, pv in zip(prices, member["load_kw"], member["pv_kw"]):
        charge, discharge = program.var(0.0, power), program.var(0.0, min(power, max(0.0, load - pv)))
        charging = program.var(0.0, 1.0, whole=True)
        program.row([(charge, 1.0), (charging, -power)], -INF, 0.0)
        program.row([(discharge, 1.0), (charging, power)], -INF, power)
        # Bought and fed in, never both at once: at a price below zero that would pay.
        most = power + load + pv
        bought, fed = program.var(0.0, most, price), program.var(0.0, most)
        buying = program.var(0.0, 1.0, whole=True)
        program.row([(bought, 1.0), (buying, -most)], -INF, 0.0)
        program.row([(fed, 1.0), (buying, most)], -INF, most)
        program.row([(bought, 1.0), (fed, -1.0), (charge, -1.0), (discharge, 1.0)], load - pv, load - pv)
        after = program.var(battery["min_soc"] * energy, battery["max_soc"] * energy)
        program.row([(after, 1.0), (stored, -1.0), (charge, -eta), (discharge, 1.0 / eta)], 0.0, 0.0)
        stored = after
    short = program.var(0.0, INF, 1.0)
    program.row([(stored, 1.0), (short, 1.0)], terminal * energy, INF)
    return program.solve()
