//! The bids of a case as rows.

use super::super::super::Case;
use super::super::super::balancing::{Bid, HalfPlane, Segment};
use super::super::LEAST_MW;
use super::super::bids::NO_REACTIVE;
use super::{Numbers, Out};
use std::collections::{HashMap, HashSet};

/// Q-bid numbers of a bid's offers: one each where there is one a period, else one for each id.
fn q_bids(bid: &Bid, next: &mut usize) -> Vec<String> {
    let given = |id: &str| id.parse::<i64>().is_ok();
    let mut periods = HashSet::new();
    let alone = bid.offers.iter().all(|offer| periods.insert(offer.period));
    let keep = !alone && bid.offers.iter().all(|offer| given(&offer.id));
    let mut of: HashMap<&str, String> = HashMap::new();
    let offers = bid.offers.iter();
    offers
        .map(|offer| {
            if keep {
                return offer.id.clone();
            }
            if let Some(known) = of.get(offer.id.as_str()).filter(|_| !alone) {
                return known.clone();
            }
            *next += 1;
            of.insert(&offer.id, next.to_string());
            next.to_string()
        })
        .collect()
}

/// The tables of bids and their conditions.
pub(super) fn write(
    case: &Case,
    bids: &[Bid],
    node: &Numbers,
    bid_number: &Numbers,
    out: &mut Out,
) {
    let feeder_buses: HashSet<&str> = case
        .feeders
        .iter()
        .flat_map(|feeder| feeder.buses.iter().map(|bus| bus.id.as_str()))
        .collect();
    let mut next = 0;
    let numbers: Vec<Vec<String>> = bids.iter().map(|bid| q_bids(bid, &mut next)).collect();
    segments(bids, &numbers, [node, bid_number], out);
    conditions(bids, &numbers, bid_number, out);
    half_planes(bids, &feeder_buses, bid_number, out);
    ratings(bids, &numbers, &feeder_buses, bid_number, out);
}

fn segments(
    bids: &[Bid],
    numbers: &[Vec<String>],
    [node, bid_number]: [&Numbers; 2],
    out: &mut Out,
) {
    out.table(
        "Bids",
        &[
            "Node",
            "QtBids",
            "QBid",
            "QBidSeg",
            "forT",
            "QuantityLoQ",
            "PriceLoQ",
            "QuantityHiQ",
            "PriceHiQ",
            "status",
            "Xlb",
            "Xub",
            "AlphaOmegaSet",
            "NoNewAct",
        ],
    );
    let mut segment_number = 0;
    for (bid, q) in bids.iter().zip(numbers) {
        for (offer, q) in bid.offers.iter().zip(q) {
            for (quantity, price, share) in offer.segments.iter().flat_map(rows) {
                if quantity != 0.0 && quantity.abs() < LEAST_MW {
                    out.note("Segments of less than 0.00001 MW are left out on reading.");
                }
                segment_number += 1;
                out.row([
                    node.of(&bid.bus),
                    bid_number.of(&bid.id),
                    q.clone(),
                    segment_number.to_string(),
                    offer.period.to_string(),
                    "0".to_string(),
                    format!("{price}"),
                    format!("{quantity}"),
                    format!("{price}"),
                    "1".to_string(),
                    format!("{share}"),
                    "1".to_string(),
                    u8::from(offer.start_stop).to_string(),
                    u8::from(offer.no_new_activation).to_string(),
                ]);
            }
        }
    }
}

fn half_planes(bids: &[Bid], feeder_buses: &HashSet<&str>, bid_number: &Numbers, out: &mut Out) {
    out.table(
        "HalfPlanes",
        &[
            "ID",
            "QtBid",
            "QPHPFrom",
            "QPHPTo",
            "QPHPSlope",
            "QPHPOffset",
            "QPHPConstr",
        ],
    );
    let mut id = 0;
    for bid in bids {
        let at_feeder = feeder_buses.contains(bid.bus.as_str());
        let planes: &[HalfPlane] = match bid.reactive {
            true => &bid.half_planes,
            false if at_feeder => &NO_REACTIVE,
            false => &[],
        };
        if bid.reactive && !at_feeder {
            out.note("Left out: reactive power of bids at transmission buses.");
            continue;
        }
        for plane in planes {
            id += 1;
            out.row([
                id.to_string(),
                bid_number.of(&bid.id),
                "-1".to_string(),
                "-1".to_string(),
                format!("{}", plane.slope),
                format!("{}", plane.offset_mvar),
                u8::from(plane.above).to_string(),
            ]);
        }
    }
}

/// Discs of active and reactive power.
fn ratings(
    bids: &[Bid],
    numbers: &[Vec<String>],
    feeder_buses: &HashSet<&str>,
    bid_number: &Numbers,
    out: &mut Out,
) {
    out.table(
        "QPDisc",
        &["QtBid", "QBids", "QPDCID", "QPDFrom", "QPDTo", "QPDMax"],
    );
    let rated = bids
        .iter()
        .zip(numbers)
        .filter_map(|(bid, q)| Some((bid, q, bid.max_s_mva?)));
    for (k, (bid, q, most)) in rated.enumerate() {
        if !feeder_buses.contains(bid.bus.as_str()) {
            out.note("Left out: ratings of bids at transmission buses.");
            continue;
        }
        for q in q {
            out.row([
                bid_number.of(&bid.id),
                q.clone(),
                (k + 1).to_string(),
                "-1".to_string(),
                "-1".to_string(),
                format!("{most}"),
            ]);
        }
    }
}

/// Quantity, price and least share of the rows of a segment: one, or two where it straddles zero.
fn rows(segment: &Segment) -> Vec<(f64, f64, f64)> {
    let (min, max, price) = (segment.min_p_mw, segment.max_p_mw, segment.usd_per_mwh);
    let share = |near: f64, far: f64| {
        if segment.indivisible {
            1.0
        } else if far == 0.0 {
            0.0
        } else {
            near / far + 0.0
        }
    };
    if min >= 0.0 {
        vec![(max, price, share(min, max))]
    } else if max <= 0.0 {
        vec![(min, 0.0 - price, share(max, min))]
    } else {
        vec![(max, price, 0.0), (min, 0.0 - price, 0.0)]
    }
}

/// Ramps and minimum durations.
fn conditions(bids: &[Bid], numbers: &[Vec<String>], bid_number: &Numbers, out: &mut Out) {
    let q_of = |bid: &Bid, q: &[String], id: &str, period: usize| {
        let mut offers = bid.offers.iter().zip(q);
        let found = offers.find(|(offer, _)| offer.id == id && offer.period == period);
        found.map_or(String::new(), |(_, q)| q.clone())
    };
    out.table(
        "RampConstraints",
        &[
            "QtBids",
            "QBid",
            "RampConstr",
            "RCFrom",
            "RCTo",
            "RCRealPowerIncr",
            "RCMin",
        ],
    );
    let mut id = 0;
    for (bid, q) in bids.iter().zip(numbers) {
        for ramp in &bid.ramps {
            let mut offers = bid.offers.iter().zip(q);
            let Some((_, q)) = offers.find(|(offer, _)| offer.period == ramp.period) else {
                out.note("Left out: ramps from periods in which the bid offers nothing.");
                continue;
            };
            for (change, lower) in [(ramp.max_mw, 0), (ramp.min_mw, 1)] {
                let Some(change) = change else { continue };
                id += 1;
                out.row([
                    bid_number.of(&bid.id),
                    q.clone(),
                    id.to_string(),
                    "-1".to_string(),
                    "-1".to_string(),
                    format!("{change}"),
                    lower.to_string(),
                ]);
            }
        }
    }
    out.table(
        "MinDurationPairs",
        &["QtBids", "QBid1", "QBid2", "Tau", "ForTime"],
    );
    for (bid, q) in bids.iter().zip(numbers) {
        for pair in &bid.minimum_duration {
            out.row([
                bid_number.of(&bid.id),
                q_of(bid, q, &pair.start, pair.start_period),
                q_of(bid, q, &pair.on, pair.on_period),
                pair.start_period.to_string(),
                pair.on_period.to_string(),
            ]);
        }
    }
}
