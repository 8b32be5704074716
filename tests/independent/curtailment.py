"""Curtailment before state estimation: the smallest redispatch that clears the overload, and the cheapest among the smallest.

The instructed outputs are read from the same scenario operated as instructed; from there two programs follow one another:
the least sum of moves, then the least cost of the outputs by their offers at that sum.
"""
import copy

import networks
from judge import Mismatch, near
from program import Program

COUNT, LONG = 40, 1000


def case(rng):
    case = networks.system(rng, ders=True)
    most = max(load["p_mw"] for load in case["loads"])
    # Wide generation, so that there is a dispatch; limits stay narrow.
    for one in case["generators"]:
        one["max_p_mw"] += most
    names = [one["id"] for one in case["ders"]]
    case["aggregators"] = [{"id": "A", "ders": names}]
    # The one left out takes the rest.
    share = {name: round(rng.random() / len(names), 2) for name in names[1:]}
    mechanism = {
        "method": "distribution_factors",
        "df": {"rule": "given", "given": share},
        "intervals": 1,
        "operation": "curtailed",
    }
    return networks.scenario(case, **mechanism)


def check(tandem, scenario):
    plain = copy.deepcopy(scenario)
    plain["mechanism"]["operation"] = "as_instructed"
    instructed = tandem.run(plain)
    if not instructed.solved:
        return "infeasible"
    case = scenario["case"]
    start = {one["id"]: instructed.series(f"p:{one['id']}")[0] for one in networks.units(case)}
    operated = tandem.run(scenario)
    least = moves(case, start)
    if least is None:
        if operated.solved:
            raise Mismatch("no redispatch clears the overload, the product finds one")
        return "no redispatch"
    if not operated.solved:
        raise Mismatch(f"a redispatch of {least[0]} MW exists; the product: {operated.data['headline']}")
    ours = {one["id"]: operated.series(f"p:{one['id']}")[0] for one in networks.units(case)}
    near("sum of moves, MW", sum(abs(ours[k] - start[k]) for k in ours), least[0], absolute=2e-6)
    near("cost after curtailment, $/h", operated.quantity("cost_last"), least[1], absolute=1e-4)
    return "curtailed" if least[0] > 1e-6 else "nothing to do"


def moves(case, start):
    """The least sum of moves in MW and the least cost in $/h at that sum."""

    def program(most):
        one = Program()
        injected = {bus["id"]: ([], 0.0) for bus in case["buses"]}
        for load in case["loads"]:
            terms, fixed = injected[load["bus"]]
            injected[load["bus"]] = (terms, fixed - load["p_mw"])
        moved = []
        for unit in networks.units(case):
            at = start[unit["id"]]
            up = one.var(0.0, max(0.0, unit["max_p_mw"] - at), 1.0 if most is None else 0.0)
            down = one.var(0.0, max(0.0, at - unit["min_p_mw"]), 1.0 if most is None else 0.0)
            moved += [(up, 1.0), (down, 1.0)]
            sizes = [one.var(0.0, size, 0.0 if most is None else price) for size, price in networks.blocks(unit)]
            one.row([(var, 1.0) for var in sizes] + [(up, -1.0), (down, 1.0)], at, at)
            injected[unit["bus"]][0].extend((var, 1.0) for var in sizes)
        if most is not None:
            one.row(moved, 0.0, most)
        networks.network_rows(one, case, injected)
        return one.solve()

    least = program(None)
    if least is None:
        return None
    return least, program(least + 1e-9)
