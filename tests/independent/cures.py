"""Infeasible intervals: every change offered clears the interval, one a little smaller does not, and where none is
offered no single limit could have cleared it.
"""
import copy

import networks
import tandem as product
from judge import Mismatch

COUNT, LONG = 60, 1000


def case(rng):
    case = networks.system(rng)
    kind = networks.pick(rng, "balance", "line", "ramp", "minimum", "any")
    if kind in ("balance", "any"):
        case["generators"] = case["generators"][: rng.randint(1, 2)]
        networks.pick(rng, *case["loads"])["p_mw"] += rng.randint(5, 30)
    if kind in ("line", "any"):
        for branch in case["branches"]:
            branch["max_p_mw"] = float(rng.randint(1, 4))
    initial = {}
    if kind in ("ramp", "any"):
        for one in case["generators"]:
            one["ramp_mw_per_min"] = networks.pick(rng, 0.05, 0.2, 0.5)
    if kind in ("minimum", "any"):
        for one in case["generators"]:
            one["min_p_mw"] = float(rng.randint(0, int(one["max_p_mw"])))
    if kind in ("ramp", "any"):
        for one in case["generators"]:
            low, high = one["min_p_mw"], one["max_p_mw"]
            initial[one["id"]] = round(low + rng.random() * (high - low), 1)
    reference = networks.pick(rng, "", *[bus["id"] for bus in case["buses"]])
    mechanism = {"method": "optimal", "intervals": 1, "interval_minutes": 5.0, "reference": reference}
    if initial:
        mechanism["initial"] = {"generators": initial, "ders": {}}
    return networks.scenario(case, **mechanism)


def ranges(scenario):
    """Outputs each unit can reach, MW."""
    mechanism = scenario["mechanism"]
    initial = mechanism.get("initial", {}).get("generators", {})
    reach = {}
    for one in networks.units(scenario["case"]):
        low, high = one["min_p_mw"], one["max_p_mw"]
        ramp = one.get("ramp_mw_per_min")
        if ramp is not None and one["id"] in initial:
            move = ramp * mechanism["interval_minutes"]
            low, high = max(low, initial[one["id"]] - move), min(high, initial[one["id"]] + move)
        if low > high + 1e-9:
            return None
        reach[one["id"]] = (low, max(low, high))
    return reach


def clears(scenario):
    reach = ranges(scenario)
    return reach is not None and networks.dispatch(scenario["case"], ranges=reach) is not None


def read(scenario, path):
    place = scenario
    for step in path.split("."):
        place = next(one for one in place if one["id"] == step) if isinstance(place, list) else place[step]
    return place


def check(tandem, scenario):
    report = tandem.run(scenario)
    if clears(scenario):
        if not report.solved:
            raise Mismatch(f"HiGHS clears it; the product: {report.data['headline']}")
        return "feasible"
    if report.solved:
        raise Mismatch("HiGHS finds no dispatch, the product does")
    for cure in report.cures():
        path, value = cure["path"], cure["value"]
        cured = copy.deepcopy(scenario)
        before = read(cured, path)
        product.put(cured, path, value)
        if not clears(cured):
            raise Mismatch(f"does not clear the interval: {cure['label']}")
        if not tandem.run(cured).solved:
            raise Mismatch(f"does not clear the interval in the product: {cure['label']}")
        # A value is written with few digits, rounded outwards: 2 % of the change, and never less than one unit of its last digit.
        product.put(cured, path, value - max(0.02 * abs(value - before), 2e-3) * (1 if value > before else -1))
        if clears(cured):
            raise Mismatch(f"a smaller change does, too: {cure['label']} (from {before})")
    if not report.cures():
        for name, single in singles(scenario):
            if clears(single):
                raise Mismatch(f"nothing is offered, but {name} alone clears it")
        return "no single cure"
    return "cured"


def singles(scenario):
    """The scenario with one limit out of the way at a time."""
    far = 1e4
    case = scenario["case"]
    for k, branch in enumerate(case["branches"]):
        if branch["max_p_mw"] is not None:
            changed = copy.deepcopy(scenario)
            changed["case"]["branches"][k]["max_p_mw"] = far
            yield f"the limit of line {branch['id']}", changed
    for k, load in enumerate(case["loads"]):
        for share in (0.0, 0.25, 0.5, 0.75):
            changed = copy.deepcopy(scenario)
            changed["case"]["loads"][k]["p_mw"] = share * load["p_mw"]
            yield f"load {load['id']}", changed
    for k, unit in enumerate(case["generators"]):
        for field, value in (("max_p_mw", far), ("min_p_mw", 0.0), ("ramp_mw_per_min", far)):
            if unit.get(field) is not None:
                changed = copy.deepcopy(scenario)
                changed["case"]["generators"][k][field] = value
                yield f"{field} of {unit['id']}", changed
