"""Communities that react to their voltage: volt-var and back-off, with the feeder's AC power flow, until it settles.

The product's batteries are told by its report what they wanted to do; what they do, the PV that is curtailed, the reactive power
and the voltages are found here again: complex backward and forward sweeps in Ohm and kV, the curves as tables, and the fixed
point by small damped steps.
"""
import math

from judge import near
from networks import pick

COUNT, LONG = 12, 150


def case(rng):
    hours = 12
    n = rng.randint(3, 6)
    buses = [{"id": "n0"}] + [
        {"id": f"n{k}", "p_load_mw": round(0.3 * rng.random(), 3), "q_load_mvar": round(0.1 * rng.random(), 3), "min_v_pu": 0.95, "max_v_pu": 1.05}
        for k in range(1, n)
    ]
    lines = [
        {"id": f"l{k}", "from": f"n{rng.randrange(k)}", "to": f"n{k}", "r_ohm": round(0.5 + 3.0 * rng.random(), 2), "x_ohm": round(0.5 + 2.0 * rng.random(), 2)}
        for k in range(1, n)
    ]
    members = []
    for k in range(rng.randint(1, 3)):
        power = float(pick(rng, 200, 500, 900))
        member = {
            "id": f"C{k}",
            "bus": f"n{rng.randint(1, n - 1)}",
            "load_kw": [float(rng.randint(0, 600)) for _ in range(hours)],
            "pv_kw": [float(rng.randint(0, 1200)) if rng.random() < 0.6 else 0.0 for _ in range(hours)],
            "tan_phi": pick(rng, 0.0, 0.3),
            "battery": {"energy_kwh": 2.0 * power, "power_kw": power, "efficiency": 0.95},
        }
        if rng.random() < 0.5:
            member["inverter_kva"] = power + float(pick(rng, 600, 1200))
        members.append(member)
    prices = [round(rng.uniform(0.02, 0.3), 3) for _ in range(hours)]
    world = {
        "version": 1,
        "name": "random",
        "base_mva": 1.0,
        "buses": [{"id": "T"}],
        "branches": [],
        "generators": [{"id": "G", "bus": "T", "max_p_mw": 1.0, "offer": [{"p_mw": 1.0, "usd_per_mwh": 1.0}]}],
        "feeders": [{"id": "F", "base_kv": 9.0, "root": "n0", "root_v_pu": pick(rng, 0.97, 1.0, 1.03), "buses": buses, "lines": lines}],
        "boundaries": [{"id": "B", "bus": "T", "feeder": "F"}],
        "communities": {"minutes_per_interval": 60.0, "lse_usd_per_kwh": prices, "members": members},
    }
    mechanism = {"kind": "community", "reaction": pick(rng, "volt_var", "back_off", "both")}
    return {"version": 1, "title": "random", "case": world, "mechanism": mechanism}


def table(v, points):
    """Straight between points of a table, level outside."""
    if v <= points[0][0]:
        return points[0][1]
    for (a, fa), (b, fb) in zip(points, points[1:]):
        if v <= b:
            return fa + (fb - fa) * (v - a) / (b - a)
    return points[-1][1]


VAR = [(0.92, 0.44), (0.98, 0.0), (1.02, 0.0), (1.08, -0.44)]
CHARGE = [(0.95, 0.0), (0.97, 1.0)]
FEED = [(1.03, 1.0), (1.05, 0.0)]


def answer(member, reaction, v, pv, wanted):
    """Battery (charging +), curtailed, kvar."""
    power = member["battery"]["power_kw"]
    kva = member.get("inverter_kva", power + max(member["pv_kw"] + [0.0]))
    battery, curtailed, kvar = wanted, 0.0, 0.0
    if reaction in ("back_off", "both"):
        if wanted > 0.0:
            battery = min(wanted, power * table(v, CHARGE))
        allowed = kva * table(v, FEED)
        if pv - battery > allowed and battery < 0.0:
            battery = min(0.0, pv - allowed)
        if pv - battery > allowed:
            curtailed = min(pv, pv - battery - allowed)
    if reaction in ("volt_var", "both"):
        p = pv - curtailed - battery
        most = math.sqrt(max(0.0, kva**2 - p**2))
        kvar = max(-most, min(most, kva * table(v, VAR)))
    return battery, curtailed, kvar


def voltages(feeder, taken):
    """Per-unit voltage by bus; `taken` in MVA by bus."""
    kv = feeder["base_kv"]
    up = {}
    for line in feeder["lines"]:
        up[line["to"]] = (line["from"], complex(line["r_ohm"], line["x_ohm"]))
    order = [bus["id"] for bus in feeder["buses"]]
    v = {bus: complex(feeder["root_v_pu"] * kv) for bus in order}
    for _ in range(500):
        current = {bus: (taken[bus] / v[bus]).conjugate() for bus in order}
        for bus in reversed(order[1:]):
            current[up[bus][0]] += current[bus]
        moved = 0.0
        for bus in order[1:]:
            new = v[up[bus][0]] - up[bus][1] * current[bus]
            moved = max(moved, abs(new - v[bus]))
            v[bus] = new
        if moved < 1e-13:
            return {bus: abs(v[bus]) / kv for bus in order}
    raise RuntimeError("the sweeps do not settle")


def check(tandem, scenario):
    report = tandem.run(scenario)
    world = scenario["case"]
    feeder, members = world["feeders"][0], world["communities"]["members"]
    reaction = scenario["mechanism"]["reaction"]
    assert report.certified(), "not certified"
    reacted = 0
    for t in range(len(world["communities"]["lse_usd_per_kwh"])):
        told = [report.series(f"battery:{m['id']}")[t] + report.series(f"held:{m['id']}")[t] for m in members]

        def state(v):
            does = [answer(m, reaction, v[m["bus"]], m["pv_kw"][t], w) for m, w in zip(members, told)]
            taken = {bus["id"]: complex(bus.get("p_load_mw", 0.0), bus.get("q_load_mvar", 0.0)) for bus in feeder["buses"]}
            for m, (battery, curtailed, kvar) in zip(members, does):
                kw = m["load_kw"][t] - m["pv_kw"][t] + curtailed + battery
                taken[m["bus"]] += complex(kw, m["tan_phi"] * m["load_kw"][t] - kvar) / 1e3
            return does, voltages(feeder, taken)

        v = {bus["id"]: feeder["root_v_pu"] for bus in feeder["buses"]}
        for _ in range(3000):
            does, to = state(v)
            off = max(abs(to[bus] - v[bus]) for bus in v)
            if off < 1e-11:
                break
            v = {bus: v[bus] + 0.15 * (to[bus] - v[bus]) for bus in v}
        else:
            raise RuntimeError(f"no fixed point in interval {t + 1}: {off}")
        for m, (battery, curtailed, kvar) in zip(members, does):
            one = m["id"]
            near(f"voltage of {one} at {t + 1}, p.u.", report.series(f"u:{one}")[t], v[m["bus"]], absolute=1e-8)
            near(f"battery of {one} at {t + 1}, kW", report.series(f"battery:{one}")[t], battery, absolute=1e-4)
            near(f"curtailed at {one} at {t + 1}, kW", report.series(f"curtailed:{one}")[t], curtailed, absolute=1e-4)
            near(f"injected by {one} at {t + 1}, kvar", report.series(f"kvar:{one}")[t], kvar, absolute=1e-4)
            reacted += abs(kvar) > 1.0 or curtailed > 1.0 or abs(battery - told[members.index(m)]) > 1.0
    return "reacted" if reacted else "quiet"
