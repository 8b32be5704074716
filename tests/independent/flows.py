"""The AC power flow of random feeders by Newton's method on the whole bus admittance matrix, where the product sweeps along
the tree; and the load beyond which there is none."""
import numpy as np

from feeders import feeder
from judge import Mismatch, near
from networks import pick

COUNT, LONG = 12, 400
ROUNDS = 40
# Beyond a load so much smaller or greater both must agree whether there is a flow.
NEAR = 0.02


def case(rng):
    physics = "lindistflow"
    feeders = [feeder(rng, f"F{k}", physics) for k in range(rng.randint(1, 3))]
    generation = {}
    for one in feeders:
        one["root_v_pu"] = pick(rng, 1.0, 1.02, 0.98)
        bus = pick(rng, *one["buses"][1:])
        if rng.random() < 0.5:
            generation[bus["id"]] = round(4.0 * rng.random() - 1.0, 2)
    return {
        "version": 1,
        "title": "random feeders",
        "case": {
            "version": 1,
            "name": "random",
            "base_mva": 100.0,
            "buses": [{"id": "T"}],
            "branches": [],
            "feeders": feeders,
            "boundaries": [{"id": f"B-{one['id']}", "bus": "T", "feeder": one["id"]} for one in feeders],
        },
        "mechanism": {"kind": "power_flow", "load_factor": round(3.0 * rng.random() * pick(rng, 1, 1, 20), 2), "generation_mw": generation},
        "view": {"feeder": feeders[-1]["id"]},
    }


def voltages(one, factor, generation):
    """Complex voltages, admittances, injections and the root; None where Newton finds no voltages."""
    place = {bus["id"]: k for k, bus in enumerate(one["buses"])}
    n, base = len(place), one["base_kv"] ** 2
    admittance = np.zeros((n, n), complex)
    for line in one["lines"]:
        i, j = place[line["from"]], place[line["to"]]
        y = base / complex(line["r_ohm"], line["x_ohm"])
        admittance[i, i] += y
        admittance[j, j] += y
        admittance[i, j] -= y
        admittance[j, i] -= y
    power = np.array(
        [generation.get(bus["id"], 0.0) - factor * complex(bus.get("p_load_mw", 0.0), bus.get("q_load_mvar", 0.0)) for bus in one["buses"]]
    )
    root = place[one["root"]]
    rest = [k for k in range(n) if k != root]
    v = np.full(n, one["root_v_pu"], complex)
    for _ in range(ROUNDS):
        current = admittance @ v
        left = (v * np.conj(current) - power)[rest]
        worst = np.max(np.abs(left))
        if worst < 1e-12:
            return v, admittance, power, root
        if not np.isfinite(worst):
            return None
        # d(v conj(Yv)) = conj(Yv) dv + v conj(Y) conj(dv), by real and imaginary part of dv.
        by_v = np.diag(np.conj(current[rest]))
        by_conj = np.diag(v[rest]) @ np.conj(admittance[np.ix_(rest, rest)])
        real, imaginary = by_v + by_conj, 1j * (by_v - by_conj)
        jacobian = np.block([[real.real, imaginary.real], [real.imag, imaginary.imag]])
        try:
            step = np.linalg.solve(jacobian, np.concatenate([left.real, left.imag]))
        except np.linalg.LinAlgError:
            return None
        v[rest] -= step[: len(rest)] + 1j * step[len(rest) :]
    return None


def check(tandem, scenario):
    question = scenario["mechanism"]
    feeders = scenario["case"]["feeders"]
    generation, factor = question["generation_mw"], question["load_factor"]
    found = {one["id"]: voltages(one, factor, generation) for one in feeders}
    report = tandem.run(scenario)
    if not report.solved:
        if all(voltages(one, (1 + NEAR) * factor, generation) for one in feeders):
            raise Mismatch("no power flow although there is one at more load")
        cure = report.cures()[0]["value"]
        carried = [voltages(one, k * cure, generation) for one in feeders for k in (1 - NEAR,)]
        if not all(carried):
            raise Mismatch(f"the cure {cure} has no power flow")
        return "no flow, cured"
    if any(flow is None for flow in found.values()):
        if all(voltages(one, (1 - NEAR) * factor, generation) for one in feeders):
            return "at the edge"
        raise Mismatch("a power flow where none is found independently")
    if not report.certified():
        raise Mismatch("no certified power flow where there is one")
    for one in feeders:
        v = found[one["id"]][0]
        for bus, theirs in zip(one["buses"], v):
            near(f"voltage of {bus['id']}", report.series(f"v:{bus['id']}")[0], abs(theirs), relative=1e-9)
    v, admittance, power, root = found[feeders[-1]["id"]]
    drawn = v[root] * np.conj(admittance[root] @ v) - power[root]
    lost = np.sum(v * np.conj(admittance @ v))
    near("import", report.quantity("import_mw"), drawn.real, absolute=1e-8)
    near("losses", report.quantity("loss_kw"), 1e3 * lost.real, absolute=1e-5)
    near("reactive losses", report.quantity("loss_kvar"), 1e3 * lost.imag, absolute=1e-5)
    return "flows"
