"""Independent programs against the product, on seeded random cases.

    python run.py --binary ../../target/debug/tandem            the short round of `npm test`
    python run.py --binary … --long                             the long round, about an hour
    python run.py --binary … --kind dispatch --seed 7 --count 500

A scenario that disagrees is kept in target/independent and named.
"""
import argparse
import importlib
import json
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import tandem as product
from judge import Mismatch

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHOWN = 12
KINDS = [
    "dispatch", "rolling", "curtailment", "cures", "schemes", "groups", "certified", "batteries", "ties", "storage", "risk", "flows", "voltages",
    "limits", "services", "two_markets", "schedules", "losses", "regions", "outages", "lossy",
]


def one(program, tandem, kind, seed):
    """What became of one case, and the words where it failed."""
    scenario = program.case(random.Random(f"{kind} {seed}"))
    try:
        return program.check(tandem, scenario), None
    except product.Refused as refused:
        words = f"refused: {refused}"
        return ("refused", None) if getattr(program, "may_refuse", lambda _: False)(str(refused)) else ("failed", keep(kind, seed, scenario, words))
    except (Mismatch, AssertionError, RuntimeError) as failure:
        return "failed", keep(kind, seed, scenario, str(failure))


def keep(kind, seed, scenario, words):
    folder = os.path.join(ROOT, "target", "independent")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{kind}-{seed}.json")
    with open(path, "w") as file:
        json.dump(scenario, file)
    return f"{kind} {seed}: {words[:240]}\n    {os.path.relpath(path, ROOT)}"


def main():
    parser = argparse.ArgumentParser(description="Independent programs against Tandem.")
    parser.add_argument("--binary", default=os.path.join(ROOT, "target", "debug", "tandem"))
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int)
    parser.add_argument("--long", action="store_true")
    options = parser.parse_args()
    tandem = product.Tandem(os.path.abspath(options.binary))
    passed, failures = 0, []
    for kind in options.kind or KINDS:
        program = importlib.import_module(kind)
        count = options.count or (program.LONG if options.long else program.COUNT)
        start = time.monotonic()
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            seeds = range(options.seed, options.seed + count)
            results = list(pool.map(lambda seed: one(program, tandem, kind, seed), seeds))
        kinds = {}
        for what, words in results:
            kinds[what] = kinds.get(what, 0) + 1
            if words:
                failures.append(words)
        passed += count - kinds.get("failed", 0)
        told = ", ".join(f"{number} {what}" for what, number in sorted(kinds.items()))
        print(f"{kind}: {count} cases in {time.monotonic() - start:.0f} s: {told}", flush=True)
    for words in failures[:SHOWN]:
        print(words)
    if len(failures) > SHOWN:
        print(f"and {len(failures) - SHOWN} more in target/independent")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
