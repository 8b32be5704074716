"""Secure against the loss of any one line, and of any one line or unit: IEEE 14 and 30 buses, and MATPOWER files, against HiGHS
with every row written out.

    python benches/outages_highs.py [--binary target/debug/tandem] [FILE.m …]

HiGHS gets the network once more for every loss, by bus angles (tests/independent/outages.py); the product adds rows by
outage factors. Bids that rise are taken at the price of their first MW, the same for both. Lines without a limit get one:
1.3 times what they carry unsecured, 20 MW at least. Printed: cost without and with security, relative difference to HiGHS,
times of both (the product's with starting the program and reading the case).
"""
import argparse
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tests", "independent"))

import networks  # noqa: E402
import outages  # noqa: E402
import tandem as product  # noqa: E402

BUILT_IN = ["ieee14", "ieee30"]
SHARES = [1.0, 1.2, 1.5, 2.0]


def flat(case):
    """The case with offers of one price a block."""
    for unit in networks.units(case):
        for block in unit["offer"]:
            block.pop("end_usd_per_mwh", None)
    for branch in case["branches"]:
        branch.setdefault("max_p_mw", None)
    return case


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default=os.path.join(os.path.dirname(HERE), "target", "debug", "tandem"))
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    tandem = product.Tandem(options.binary, seconds=600)
    for name in BUILT_IN + options.files:
        done = subprocess.run([options.binary, "case", name], capture_output=True, text=True, check=True)
        case = flat(json.loads(done.stdout))
        ask = {"method": "optimal", "intervals": 1}
        unlimited = [branch for branch in case["branches"] if branch["max_p_mw"] is None]
        if unlimited:
            report = tandem.run(networks.scenario(case, **ask))
            for branch in unlimited:
                branch["max_p_mw"] = max(20.0, round(1.3 * abs(report.series(f"flow:{branch['id']}")[0]), 3))
        without = tandem.run(networks.scenario(case, **ask)).quantity("cost_last")
        for share, security in [(share, security) for share in SHARES for security in ("lines", "lines_and_units")]:
            start = time.monotonic()
            secured = tandem.run(networks.scenario(case, **ask, security=security, rating_after_outage=share))
            ours_s = time.monotonic() - start
            start = time.monotonic()
            theirs = outages.secure(case, share, units=security == "lines_and_units")
            theirs_s = time.monotonic() - start
            ours = secured.quantity("cost_last") if secured.solved else None
            if (ours is None) != (theirs is None):
                sys.exit(f"{name}, {share}: {ours} $/h, HiGHS {theirs} $/h")
            off = "-" if ours is None else f"{abs(ours - theirs) / (1.0 + abs(theirs)):.1e}"
            cost = "none" if ours is None else f"{ours:.4f}"
            print(
                f"{os.path.basename(name)}, {security}, {share} of ratings: {without:.4f} $/h without, {cost} with, HiGHS {off} apart, "
                f"{ours_s:.2f} and {theirs_s:.2f} s",
                flush=True,
            )
            if off != "-" and float(off) > 1e-6:
                sys.exit(f"{name}, {share}: {ours} $/h, HiGHS {theirs} $/h")


if __name__ == "__main__":
    main()
