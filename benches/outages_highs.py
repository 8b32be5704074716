"""Secure against the loss of any one line, and of any one line or unit: IEEE 14 and 30 buses, and MATPOWER files, against HiGHS
with every row written out.

    python benches/outages_highs.py [--binary target/debug/tandem] [--shares 1.2,1.5] [--minutes 0,10] [FILE.m …]

HiGHS gets the network once more for every loss, by bus angles (tests/independent/outages.py), up to 300 buses; above, rows by
shift and outage factors of this file's own as a point exceeds them, the worst of each line and direction at a time, from the
basis it has. The product adds rows by outage factors, too. Bids that rise are taken at the price of their first MW, the same for both. Lines without a limit get one:
1.3 times what they carry unsecured, 20 MW at least. With `--minutes` above 0 generators move after the loss of a line, 1 % of
their greatest output a minute where the file has no ramp: HiGHS gets every movement after every loss, written out. Printed: cost without and with security, relative difference to HiGHS,
times of both (the product's with starting the program and reading the case).
"""
import argparse
import itertools
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tests", "independent"))

import highspy  # noqa: E402
import numpy as np  # noqa: E402

import networks  # noqa: E402
import outages  # noqa: E402
import tandem as product  # noqa: E402
from program import INF  # noqa: E402

BUILT_IN = ["ieee14", "ieee30"]
SHARES = [1.0, 1.2, 1.5, 2.0]
WRITTEN_OUT = 300
# Of its greatest output, what a generator without a ramp moves by in a minute.
RAMP = 0.01


def flat(case):
    """The case with offers of one price a block."""
    for unit in networks.units(case):
        for block in unit["offer"]:
            block.pop("end_usd_per_mwh", None)
    for one in case["generators"]:
        if one.get("ramp_mw_per_min") is None:
            one["ramp_mw_per_min"] = max(RAMP * one["max_p_mw"], 0.001)
    for branch in case["branches"]:
        branch.setdefault("max_p_mw", None)
    return case


def factors(case):
    """Shift factors, branches in service by buses, against the first bus; the branches and the place of every bus."""
    place = {bus["id"]: k for k, bus in enumerate(case["buses"])}
    branches = [branch for branch in case["branches"] if branch.get("in_service", True)]
    incidence = np.zeros((len(branches), len(place)))
    for k, branch in enumerate(branches):
        incidence[k, place[branch["from"]]], incidence[k, place[branch["to"]]] = 1.0, -1.0
    b = np.array([case["base_mva"] / (branch["x_pu"] * branch.get("tap", 1.0)) for branch in branches])
    flows = b[:, None] * incidence
    ptdf = np.zeros_like(incidence)
    ptdf[:, 1:] = np.linalg.solve((incidence.T @ flows)[1:, 1:], flows[:, 1:].T).T
    shift = np.array([branch.get("shift_deg", 0.0) * np.pi / 180.0 for branch in branches])
    driven = -b * shift - ptdf @ (incidence.T @ (-b * shift))
    return ptdf, incidence, branches, place, driven


def lazily(case, share, units):
    """Least cost in $/h with rows as they are exceeded, or None."""
    ptdf, incidence, branches, place, driven = factors(case)
    within = ptdf @ incidence.T
    own = 1.0 - np.diag(within)
    held = np.flatnonzero(own > 1e-9)
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    generators, columns, owner, prices, running = networks.units(case), [], [], [], 0.0
    for g, one in enumerate(generators):
        running += one.get("no_load_usd_per_h", 0.0)
        for size, price in networks.blocks(one):
            columns.append(size)
            owner.append(g)
            prices.append(price)
    n = len(columns)
    model.addVars(n, np.zeros(n), np.array(columns))
    model.changeColsCost(n, np.arange(n, dtype=np.int32), np.array(prices))
    every = np.arange(n, dtype=np.int32)
    owner = np.array(owner)
    for g, one in enumerate(generators):
        mine = every[owner == g]
        model.addRow(one.get("min_p_mw", 0.0), one["max_p_mw"], len(mine), mine, np.ones(len(mine)))
    at = np.array([place[one["bus"]] for one in generators])
    load = np.zeros(len(place))
    for one in case["loads"]:
        load[place[one["bus"]]] += one["p_mw"]
    model.addRow(load.sum(), load.sum(), n, every, np.ones(n))
    limits = np.array([INF if branch["max_p_mw"] is None else branch["max_p_mw"] for branch in branches])
    most = np.array([one["max_p_mw"] for one in case["generators"]])
    lost_units = [g for g in range(len(most)) if most[g] > 0.0 and most.sum() > most[g]] if units else []
    by_unit, fixed = ptdf[:, at], driven - ptdf @ load
    while True:
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        p = np.zeros(len(generators))
        np.add.at(p, owner, np.array(model.getSolution().col_value))
        flows = by_unit @ p + fixed
        found = {}

        def see(after, limits, row_of):
            for sign in (1.0, -1.0):
                excess = sign * after - limits
                for m in np.flatnonzero(excess > 1e-6):
                    if excess[m] > found.get((m, sign), (0.0, None))[0]:
                        found[m, sign] = (excess[m], row_of(m), limits[m])

        see(flows, limits, lambda m: (by_unit[m], fixed[m]))
        for k in held if not found else []:
            lodf = within[:, k] / own[k]
            lodf[k] = -1.0
            see(flows + lodf * flows[k], share * limits,
                lambda m, k=k, lodf=lodf: (by_unit[m] + lodf[m] * by_unit[k], fixed[m] + lodf[m] * fixed[k]))
        for g in lost_units if not found else []:
            others = most.copy()
            others[g] = 0.0
            moved = by_unit[:, : len(most)] @ (others / others.sum()) - by_unit[:, g]
            unit = np.zeros(len(generators))
            unit[g] = 1.0
            see(flows + moved * p[g], share * limits, lambda m, moved=moved, unit=unit: (by_unit[m] + moved[m] * unit, fixed[m]))
        if not found:
            return model.getInfo().objective_function_value + running
        for (m, sign), (_, (row, constant), limit) in found.items():
            model.addRow(-INF, limit - sign * constant, n, every, sign * row[owner])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default=os.path.join(os.path.dirname(HERE), "target", "debug", "tandem"))
    parser.add_argument("--shares", default=",".join(map(str, SHARES)))
    parser.add_argument("--minutes", default="0")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    tandem = product.Tandem(options.binary, seconds=600)
    for name in BUILT_IN + options.files:
        done = subprocess.run([options.binary, "case", name], capture_output=True, text=True, check=True)
        case = flat(json.loads(done.stdout))
        # A day to the first interval: ramps tell after a loss alone.
        ask = {"method": "optimal", "intervals": 1, "interval_minutes": 1440.0}
        unlimited = [branch for branch in case["branches"] if branch["max_p_mw"] is None]
        if unlimited:
            report = tandem.run(networks.scenario(case, **ask))
            for branch in unlimited:
                branch["max_p_mw"] = max(20.0, round(1.3 * abs(report.series(f"flow:{branch['id']}")[0]), 3))
        without = tandem.run(networks.scenario(case, **ask)).quantity("cost_last")
        asked = itertools.product(options.minutes.split(","), options.shares.split(","), ("lines", "lines_and_units"))
        for minutes, share, security in asked:
            minutes, share = float(minutes), float(share)
            held = {"security": security, "rating_after_outage": share, "corrective_minutes": minutes}
            start = time.monotonic()
            secured = tandem.run(networks.scenario(case, **ask, **held))
            ours_s = time.monotonic() - start
            start = time.monotonic()
            units = security == "lines_and_units"
            written_out = len(case["buses"]) <= WRITTEN_OUT or minutes > 0.0
            ours = secured.quantity("cost_last") if secured.solved else None
            try:
                theirs = outages.secure(case, share, units=units, minutes=minutes) if written_out else lazily(case, share, units)
            except RuntimeError as why:
                print(f"{os.path.basename(name)}, {security}, {share} of ratings, {minutes:g} min: ours {ours}; {why}", flush=True)
                continue
            theirs_s = time.monotonic() - start
            if (ours is None) != (theirs is None):
                sys.exit(f"{name}, {share}: {ours} $/h, HiGHS {theirs} $/h")
            off = "-" if ours is None else f"{abs(ours - theirs) / (1.0 + abs(theirs)):.1e}"
            cost = "none" if ours is None else f"{ours:.4f}"
            print(
                f"{os.path.basename(name)}, {security}, {share} of ratings, {minutes:g} min: {without:.4f} $/h without, {cost} with, HiGHS {off} apart, "
                f"{ours_s:.2f} and {theirs_s:.2f} s",
                flush=True,
            )
            if off != "-" and float(off) > 1e-6:
                sys.exit(f"{name}, {share}: {ours} $/h, HiGHS {theirs} $/h")


if __name__ == "__main__":
    main()
