"""What a dispatch with losses says is lost, against an AC power flow of the same outputs.

    python benches/losses_ac.py FILE.m [--binary target/debug/tandem]

The file is read by pandapower's own converter. Generators give what the dispatch says (those at buses that hold a voltage), the
slack bus takes up the difference. Printed: MW lost by the dispatch (every voltage at 1 p.u., no reactive power) and by the power
flow, and marginal loss factors of both with the slack bus as the reference, those of the power flow by 1 MW more load at each bus.
Needs pandapower, numba and matpowercaseframes (`pip install`).
"""
import argparse
import json
import subprocess
import warnings

import numpy as np
import pandapower as pp
from matpowercaseframes import CaseFrames
from pandapower.converter.matpower.from_mpc import from_mpc

warnings.filterwarnings("ignore")


def answer(binary, path, reference):
    fields = {"losses": "marginal", "intervals": "1", "method": "optimal", "reference": reference}
    settings = [part for name, text in fields.items() for part in ("--set", f"mechanism.{name}={text}")]
    done = subprocess.run([binary, "run", path, "--json", *settings], capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    return {one["id"]: one["values"] for one in report["series"]}


def injected(frames, series):
    """Output by bus number, MW: the generators of a bus are named G1, G1-2 and so on."""
    seen, by_bus = {}, {}
    for bus, status in zip(frames.gen["GEN_BUS"].astype(int), frames.gen["GEN_STATUS"]):
        if status <= 0:
            continue
        seen[bus] = seen.get(bus, 0) + 1
        name = f"G{bus}" if seen[bus] == 1 else f"G{bus}-{seen[bus]}"
        by_bus[bus] = by_bus.get(bus, 0.0) + series[f"p:{name}"][0]
    return by_bus


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--binary", default="target/debug/tandem")
    options = parser.parse_args()
    frames = CaseFrames(options.file)
    slack = int(frames.bus.loc[frames.bus["BUS_TYPE"] == 3, "BUS_I"].iloc[0])
    series = answer(options.binary, options.file, str(slack))
    net = from_mpc(options.file, f_hz=60)
    numbers = frames.bus["BUS_I"].astype(int).tolist()
    place = {number: index for index, number in zip(net.bus.index, numbers)}
    given = injected(frames, series)
    net.gen["p_mw"] = 0.0
    for number, mw in given.items():
        rows = net.gen.index[net.gen.bus == place[number]]
        if len(rows):
            net.gen.loc[rows, "p_mw"] = mw / len(rows)
    pp.runpp(net, calculate_voltage_angles=True, enforce_q_lims=False)
    lost = lambda: net.res_line.pl_mw.sum() + net.res_trafo.pl_mw.sum() + net.res_impedance.pl_mw.sum()  # noqa: E731
    ours, theirs = series["losses"][0], lost()
    print(f"{options.file}: {ours:.2f} MW lost by the dispatch, {theirs:.2f} MW by AC power flow, {100 * (ours / theirs - 1):+.1f} %")
    slack_mw = net.res_ext_grid.p_mw.sum() + net.res_gen.p_mw[net.gen.bus == place[slack]].sum()
    print(f"  the slack bus gives {slack_mw:.2f} MW, by the dispatch {given.get(slack, 0.0):.2f} MW")
    price = series["energy"][0]
    pairs = []
    for number in numbers:
        if number == slack:
            continue
        load = pp.create_load(net, place[number], p_mw=1.0)
        pp.runpp(net, calculate_voltage_angles=True, init="results")
        by_ac = -(lost() - theirs)
        net.load.drop(load, inplace=True)
        pairs.append((number, -series[f"lmp_losses:{number}"][0] / price, by_ac))
    apart = np.array([ours - theirs for _, ours, theirs in pairs])
    both = np.corrcoef([[ours for _, ours, _ in pairs], [theirs for _, _, theirs in pairs]])[0, 1]
    worst = pairs[int(np.abs(apart).argmax())]
    print(f"  marginal loss factors at {len(pairs)} buses: correlation {both:.4f}, apart by {np.abs(apart).mean():.4f} on average,")
    print(f"  by {np.abs(apart).max():.4f} at most (bus {worst[0]}: {worst[1]:.4f}, by AC {worst[2]:.4f})")


if __name__ == "__main__":
    main()
