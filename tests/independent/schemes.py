"""Coordination schemes under the physics of the feeders: whatever a scheme's market does not see its redispatch pays for, so
that none ends below the common optimum.
"""
import feeders
from judge import at_least, near

COUNT, LONG = 40, 500


def case(rng):
    return feeders.scenario(feeders.market(rng, "lin_dist_flow"), "rsf", "lin_dist_flow")


def check(tandem, scenario):
    optimum = feeders.optimum(scenario["case"], "lin_dist_flow")
    rows = tandem.compare(scenario).table("schemes")
    for row in rows:
        after = row["cost after redispatch"]
        if after is None:
            continue
        # Remainders of bids below 1e-5 MW are dropped; at the most each is worth the price cap.
        dropped = 2e-5 * scenario["case"]["balancing"]["price_cap_usd_per_mwh"]
        at_least(f"{row['scheme']}, cost after redispatch, $", after, optimum, absolute=dropped)
        if row["scheme"] == "common market in one program":
            near("common market, $", after, optimum, absolute=1e-5)
    return "compared"
