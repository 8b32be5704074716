"""Heat stores and spinning reserve: one community that sees the prices of a day ahead.

Heat: what a heat pump pays by prices to devices, and reserve with energy: what the market pays, each against one linear program of
the whole day. The bids of the market are vertical at what is planned, and its forecasts are exact.
"""
import math

from judge import near
from networks import pick
from program import INF, Program

COUNT, LONG = 16, 200
HOURS = 24


def case(rng):
    prices = [round(rng.uniform(0.02, 0.3), 3) for _ in range(HOURS)]
    member = {"id": "C", "bus": "D", "load_kw": [float(rng.randint(300, 400)) for _ in range(HOURS)]}
    mechanism = {"kind": "community", "baseline": "forecast"}
    if rng.random() < 0.5:
        start = 20.0 + rng.randint(0, 6) / 2.0
        member["thermal"] = {
            "heat_kwh_per_k": float(pick(rng, 50, 200, 400)),
            "loss_kw_per_k": pick(rng, 0.0, 2.0, 6.0),
            "power_kw": float(pick(rng, 40, 90)),
            "cop": pick(rng, 2.5, 3.0, 4.0),
            "min_c": 20.0,
            "max_c": 23.0,
            "initial_c": start,
            "ambient_c": [float(rng.randint(-5, 12)) for _ in range(HOURS)],
        }
    else:
        energy = float(pick(rng, 50, 120, 200))
        member["battery"] = {"energy_kwh": energy, "power_kw": float(pick(rng, 20, 60, 100)), "efficiency": pick(rng, 0.9, 0.95), "min_soc": 0.1, "max_soc": 0.9, "initial_soc": pick(rng, 0.3, 0.5, 0.8)}
        mechanism.update({
            "bid": "four_point", "sensitivity": 0.0, "intercept_usd_per_kwh": 10.0, "terminal_soc": pick(rng, 0.1, 0.5),
            "reserve_usd_per_mw_h": float(pick(rng, 2, 15, 60)), "reserve_hours": pick(rng, 0.25, 0.5, 2.0),
        })
    world = {
        "version": 1, "name": "random", "base_mva": 1.0, "buses": [{"id": "T"}], "branches": [],
        "generators": [{"id": "G", "bus": "T", "max_p_mw": 1.0, "offer": [{"p_mw": 1.0, "usd_per_mwh": 1.0}]}],
        "feeders": [{"id": "F", "base_kv": 13.2, "root": "I", "buses": [{"id": "I"}, {"id": "D"}], "lines": [{"id": "I-D", "from": "I", "to": "D", "r_ohm": 0.1, "x_ohm": 0.1}]}],
        "boundaries": [{"id": "B", "bus": "T", "feeder": "F"}],
        "communities": {"minutes_per_interval": 60.0, "lse_usd_per_kwh": prices, "members": [member]},
    }
    return {"version": 1, "title": "random", "case": world, "mechanism": mechanism}


def check(tandem, scenario):
    report = tandem.run(scenario)
    assert report.certified(), "not certified"
    market = scenario["case"]["communities"]
    prices, member = market["lse_usd_per_kwh"], market["members"][0]
    fixed = sum(p * load for p, load in zip(prices, member["load_kw"]))
    if "thermal" in member:
        row = report.row("costs", "way to buy", "prices to devices")
        scenario["mechanism"]["comparator"] = "prices_to_devices"
        told = tandem.run(scenario)
        ends = told.series("temperature:C")
        thermal = member["thermal"]
        beyond = sum(max(thermal["min_c"] - c, c - thermal["max_c"], 0.0) for c in ends)
        missing = max(0.0, thermal["initial_c"] - ends[-1]) * thermal["heat_kwh_per_k"] / thermal["cop"]
        # What the heat pump cannot keep costs a hundred dollars for the energy of a kelvin, in an hour.
        comfort = 100.0 * thermal["heat_kwh_per_k"] / thermal["cop"]
        near("paid for heat with what is beyond the band, $", row["paid"] - fixed + comfort * beyond + missing, heat(prices, thermal, comfort), absolute=1e-4)
        return "cold" if beyond > 1e-6 else "heat"
    row = report.row("costs", "way to buy", "community market")
    battery, mechanism = member["battery"], scenario["mechanism"]
    end = report.series("soc:C")[-1] / 100.0
    missing = max(0.0, mechanism["terminal_soc"] - end) * battery["energy_kwh"]
    best = reserve(prices, battery, mechanism)
    # A millionth of a dollar per kWh breaks ties in the product.
    near("paid less reserve, $", row["paid"] - fixed + missing, best, absolute=2e-3)
    return "reserve"


def heat(prices, thermal, comfort):
    c, u, cop = thermal["heat_kwh_per_k"], thermal["loss_kw_per_k"], thermal["cop"]
    left = math.exp(-u / c)
    gain = cop * (1.0 - left) / u if u > 0.0 else cop / c
    program = Program()
    before = program.var(thermal["initial_c"], thermal["initial_c"])
    for price, ambient in zip(prices, thermal["ambient_c"]):
        power = program.var(0.0, thermal["power_kw"], price)
        after = program.var(-INF, INF)
        off = program.var(0.0, INF, comfort)
        program.row([(after, 1.0), (before, -left), (power, -gain)], (1.0 - left) * ambient, (1.0 - left) * ambient)
        program.row([(after, 1.0), (off, 1.0)], thermal["min_c"], INF)
        program.row([(after, 1.0), (off, -1.0)], -INF, thermal["max_c"])
        before = after
    short = program.var(0.0, INF, c / cop)
    program.row([(before, 1.0), (short, 1.0)], thermal["initial_c"], INF)
    return program.solve()


def reserve(prices, battery, mechanism):
    energy, power, eta = battery["energy_kwh"], battery["power_kw"], battery["efficiency"]
    income, lasts = mechanism["reserve_usd_per_mw_h"] / 1e3, mechanism["reserve_hours"]
    least = battery["min_soc"] * energy
    program = Program()
    stored = program.var(*[battery["initial_soc"] * energy] * 2)
    for price in prices:
        charge, discharge = program.var(0.0, power, price), program.var(0.0, power, -price)
        sold = program.var(0.0, power, -income)
        after = program.var(least, battery["max_soc"] * energy)
        program.row([(after, 1.0), (stored, -1.0), (charge, -eta), (discharge, 1.0 / eta)], 0.0, 0.0)
        program.row([(sold, 1.0), (discharge, 1.0), (charge, -1.0)], -INF, power)
        for end in (stored, after):
            program.row([(sold, lasts / eta), (end, -1.0)], -INF, -least)
        stored = after
    short = program.var(0.0, INF, 1.0)
    program.row([(stored, 1.0), (short, 1.0)], mechanism["terminal_soc"] * energy, INF)
    return program.solve()
