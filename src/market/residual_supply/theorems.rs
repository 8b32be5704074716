//! What theory promises of residual supply functions, checked on the run at hand.
//!
//! The theorems are those of the convex case and of functions that were sampled where the clearing lands;
//! [`unmet`] names what a run lacks for that. The bound of T3 and T8 is one whatever is offered. Numbers are
//! those of section 2.5 of the model notes.

use crate::case::balancing::{Bid, PeriodOffer, Segment};
use crate::flow::feeder::Physics;
use crate::report::{Ledger, plain};

use super::ac::UNTIGHT_MVA;
use super::clear::{self, Cleared};
use super::curve::{Curve, Form, Sample, StepPrice};
use super::integers;
use super::params::{ResidualSupply, Scheme, Variant};
use super::program::{Export, write};
use super::schemes::{self, Outcome};
use super::settlement::operator;
use super::system::System;
use crate::report::words::listed;

/// Relative size of what counts as equal, beside the certified error of the curves.
const EQUAL: f64 = 1e-5;

/// Energy without an answer below this is rounding, MWh.
const SHORT_MWH: f64 = 1e-5;

/// Buses times periods up to which promises that need another clearing are judged.
const CLEARED_AGAIN_UP_TO: usize = 300;

/// One promise.
#[derive(Clone, Debug)]
pub struct Theorem {
    pub id: &'static str,
    pub says: &'static str,
    /// `None` where the run says nothing about it.
    pub holds: Option<bool>,
    /// Whether its hypotheses are met, so that it has to hold.
    pub promised: bool,
    /// The figures.
    pub figures: String,
}

/// Checks every promise that the run can be asked about.
pub fn check(
    system: &System,
    params: &ResidualSupply,
    outcome: &Outcome,
    central: Option<&Cleared>,
    ledger: &Ledger,
) -> Vec<Theorem> {
    let market = &outcome.market;
    let cost = market.cost_usd(system);
    let gap: f64 = market.curves.iter().flatten().map(|c| c.gap_usd).sum();
    let near = EQUAL * (1.0 + cost.abs());
    let slack = if gap.is_finite() { gap } else { 0.0 };
    let mut list = Vec::new();
    let promised = unmet(system, params, outcome, central).is_empty();
    let mut add = |id, says, holds, figures| {
        list.push(Theorem {
            id,
            says,
            holds,
            promised,
            figures,
        });
    };
    if let Some(central) = central {
        let common = central.cost_usd(system);
        add(
            "T1",
            "Clearing with the residual supply functions reaches the common optimum.",
            Some((cost - common).abs() <= near + slack),
            format!("{} $ against {} $", plain(cost, 4), plain(common, 4)),
        );
    }
    let (low, high) = price_distance(system, market);
    add(
        "T2",
        "The price at the interface is a slope of the area's cost.",
        Some(low <= 1e-4 && high <= 1e-4),
        format!("off by at most {} $/MWh", plain(low.max(high), 6)),
    );
    let buses: usize = system.areas.iter().map(|a| a.buses.len()).sum();
    let small = buses * system.periods <= CLEARED_AGAIN_UP_TO;
    if let Some(central) = central.filter(|_| small) {
        bracket(system, outcome, central, near, &mut add);
    }
    let again = small.then(|| once_more(system, params, outcome)).flatten();
    add(
        "T4",
        "A further exchange at the cleared exports does not raise the cost.",
        again.map(|c| c <= cost + near),
        again.map_or("not judged here".into(), |c| {
            format!("{} $ after it", plain(c, 4))
        }),
    );
    let fall = worst_fall(market.curves.iter().flatten());
    add(
        "T5",
        "Residual supply functions ascend.",
        Some(fall <= 1e-4),
        format!("largest fall {} $/MWh", plain(fall, 6)),
    );
    let off = market
        .promised
        .iter()
        .map(|(cost, promised)| (cost - promised).abs())
        .filter(|d| d.is_finite())
        .fold(0.0, f64::max);
    add(
        "T6",
        "Each area can deliver what it sold at the cost its function promised.",
        Some(off <= near + slack),
        format!("off by at most {} $", plain(off, 4)),
    );
    let sum: f64 = ledger.parties().iter().map(|p| ledger.net_usd(p)).sum();
    let tso = ledger.net_usd("TSO");
    // Congestion that the schedule brings is redispatched at the TSO's expense.
    let scheduled = |area: &super::system::Area| {
        let all = area.scheduled_p_mw.iter().flatten();
        all.fold(0.0, |size, p| f64::max(size, p.abs())) > 0.0
    };
    let redispatched = system.areas.iter().any(scheduled);
    add(
        "T7",
        "All payments add up to zero, and without a schedule to cure the TSO keeps a surplus.",
        Some(sum.abs() <= near && (redispatched || tso >= -near)),
        format!(
            "sum {} $, TSO {} $, {}",
            plain(sum, 6),
            plain(tso, 2),
            ads(system, ledger)
        ),
    );
    let run = || schemes::run(system, params, Scheme::SharedBalancing, Vec::new()).ok();
    let shared = small.then(run).flatten();
    // What is scheduled may be more than a boundary carries: its redispatch belongs to it.
    let shared = shared.map(|o| o.cost_after_usd(system));
    let bound = market.bound_usd;
    add(
        "T8",
        "Balancing every area by itself costs no less.",
        shared
            .filter(|_| bound.is_finite())
            .map(|c| c >= bound - near),
        shared.map_or("not judged here".into(), |c| {
            format!("{} $ against {} $", plain(c, 2), plain(cost, 2))
        }),
    );
    let twins = small.then(|| twins(system, params, outcome)).flatten();
    add(
        "T9",
        "Two equal feeders at one bus clear as one whose function is added to itself.",
        twins.map(|(two, one)| (two - one).abs() <= near),
        twins.map_or("not judged here".into(), |(two, one)| {
            format!("{} $ against {} $", plain(two, 4), plain(one, 4))
        }),
    );
    let zone = small
        .then(|| zone_of_feeders(system, params, outcome))
        .flatten();
    add(
        "T10",
        "A zone sees its feeders' functions as it would see the feeders themselves.",
        zone.map(|off| off <= near + slack),
        zone.map_or("no zone with feeders here".into(), |off| {
            format!("off by at most {} $", plain(off, 4))
        }),
    );
    // Payments add up and bounds are some whatever is offered.
    let above = central.is_some_and(|c| bound > c.cost_usd(system) + near);
    for theorem in &mut list {
        theorem.promised |= match theorem.id {
            "T3" => above,
            "T7" => sum.abs() > near,
            "T8" => true,
            _ => false,
        };
    }
    list
}

/// What is not convex in the offers, in words; empty where every promise must hold.
pub fn whole(system: &System) -> String {
    let balancing = &system.balancing;
    let offers = |bid: &Bid, of: fn(&PeriodOffer) -> bool| bid.offers.iter().any(of);
    let bids = |of: &dyn Fn(&Bid) -> bool| balancing.bids.iter().filter(|b| of(b)).count();
    let indivisible = bids(&|b| offers(b, |o| o.segments.iter().any(|s| s.indivisible)));
    let least = bids(&|b| {
        offers(b, |o| {
            let apart = |s: &Segment| s.min_p_mw > 0.0 || s.max_p_mw < 0.0;
            o.segments.iter().any(|s| !s.indivisible && apart(s))
        })
    });
    let start = bids(&|b| offers(b, |o| o.start_stop || o.no_new_activation));
    let duration = bids(&|b| !b.minimum_duration.is_empty());
    let words = [
        (indivisible, "all or nothing"),
        (least, "with a least quantity"),
        (start, "that start and stop"),
        (duration, "with a minimum duration"),
    ];
    let bids = words.iter().filter(|(count, _)| *count > 0);
    let bids = bids.map(|(count, what)| match count {
        1 => format!("1 bid {what}"),
        many => format!("{many} bids {what}"),
    });
    let groups = balancing.exclusive.len();
    let groups = (groups > 0).then(|| match groups {
        1 => "1 exclusive group".to_string(),
        many => format!("{many} exclusive groups"),
    });
    listed(&bids.chain(groups).collect::<Vec<_>>())
}

fn ads(system: &System, ledger: &Ledger) -> String {
    let nets = system.exporting().take(4).map(|a| {
        let name = operator(system, a);
        format!("{name} {} $", plain(ledger.net_usd(&name), 2))
    });
    nets.collect::<Vec<_>>().join(", ")
}

/// How far interface prices lie below and above the slopes of the curves at the cleared exports.
fn price_distance(system: &System, market: &Cleared) -> (f64, f64) {
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for curve in market
        .curves
        .iter()
        .flatten()
        .filter(|c| c.form == Form::Steps)
    {
        for t in 0..system.periods {
            let price = market.prices.interface(system, curve.area, t);
            let export = market.dispatch.export_mw[curve.area][t];
            let (from, to) = curve.price_at(t, export);
            low = low.max(from - price);
            high = high.max(price - to);
        }
    }
    (low.max(0.0), high.max(0.0))
}

/// T3: cuts bound the common optimum from below, the clearing from above.
fn bracket(
    system: &System,
    outcome: &Outcome,
    central: &Cleared,
    near: f64,
    add: &mut impl FnMut(&'static str, &'static str, Option<bool>, String),
) {
    let market = &outcome.market;
    let (lower, common, upper) = (
        market.bound_usd,
        central.cost_usd(system),
        market.cost_usd(system),
    );
    add(
        "T3",
        "Tangents bound the common optimum from below, what the functions lead to from above.",
        lower
            .is_finite()
            .then_some(lower <= common + near && common <= upper + near),
        format!(
            "{} ≤ {} ≤ {} $",
            plain(lower, 4),
            plain(common, 4),
            plain(upper, 4)
        ),
    );
}

/// Which hypotheses of the theorems a run does not meet, in words; empty where every promise must hold.
pub fn unmet(
    system: &System,
    params: &ResidualSupply,
    outcome: &Outcome,
    central: Option<&Cleared>,
) -> String {
    let rsf = &params.rsf;
    let steps = rsf.form == Form::Steps;
    let mut words = Vec::new();
    let whole = whole(system);
    if !whole.is_empty() {
        words.push(whole);
    }
    // Samples on an even grid, between which nothing is certified.
    match rsf.variant {
        Variant::Relaxed => {}
        Variant::ConvexHull => words.push("convex hulls over an even grid".into()),
        Variant::FixAndPrice => words.push("slopes with whole bids held, on an even grid".into()),
        Variant::SafeChord => words.push("chords above what was achieved, on an even grid".into()),
    }
    if steps && system.periods > 1 {
        words.push("functions of equal exports in all periods".into());
    }
    if steps && rsf.step_price == StepPrice::RightEnd {
        words.push("steps priced at their right end".into());
    }
    let found = || std::iter::once(&outcome.market).chain(central);
    if found().any(|c| c.power_flow.excess_before_mva > UNTIGHT_MVA) {
        words.push("cones that are not tight".into());
    }
    // Functions end where an area has no answer of its own. With losses or voltages shedding there can be
    // worth more than at the bus above.
    let short = |c: &Cleared| c.dispatch.slack_mwh.iter().sum::<f64>() > SHORT_MWH;
    if params.physics != Physics::Lossless && found().any(short) {
        words.push("energy at the price cap, where functions end".into());
    }
    listed(&words)
}

/// Cost after one more exchange.
fn once_more(system: &System, params: &ResidualSupply, outcome: &Outcome) -> Option<f64> {
    let mut params = params.clone();
    params.rsf.rounds = 1;
    let curves = outcome.market.curves.clone();
    let cleared = clear::in_levels(system, &params, &outcome.admitted, curves).ok()?;
    Some(cleared.cost_usd(system))
}

/// T9: cost of the top clearing with a twin of its first area below beside it, and with that area's
/// function doubled, $.
fn twins(system: &System, params: &ResidualSupply, outcome: &Outcome) -> Option<(f64, f64)> {
    let curves = &outcome.market.curves;
    let a = *system.areas[0].below.first()?;
    let curve = curves.get(a)?.as_ref().filter(|c| c.form == Form::Steps)?;
    let cost = |system: &System, curves: &[Option<Curve>]| {
        let view = clear::common(params, curves, &outcome.admitted);
        let program = write(system, 0, view, Export::None);
        let whole = integers::solve(&program.model).ok()?;
        Some(whole.solution.objective)
    };
    let mut two = system.clone();
    let twin = two.areas.len();
    two.areas.push(two.areas[a].clone());
    two.areas[0].below.push(twin);
    let mut beside = curves.clone();
    beside.push(Some(Curve {
        area: twin,
        ..curve.clone()
    }));
    let mut doubled = curves.clone();
    let mut one = system.clone();
    one.areas[a].max_export_mw = one.areas[a].max_export_mw.map(|most| 2.0 * most);
    doubled[a] = Some(curve.doubled());
    Some((cost(&two, &beside)?, cost(&one, &doubled)?))
}

/// T10: how far the cost of a zone at its cleared export is from that with all below it in one
/// program, $; `None` without a zone that has feeders.
fn zone_of_feeders(system: &System, params: &ResidualSupply, outcome: &Outcome) -> Option<f64> {
    let market = &outcome.market;
    let zones = system
        .exporting()
        .filter(|&a| !system.areas[a].below.is_empty());
    let off = zones.map(|a| {
        let view = clear::common(params, &[], &outcome.admitted);
        let export = Export::Fixed(&market.dispatch.export_mw[a]);
        let whole = integers::solve(&write(system, a, view, export).model).ok()?;
        let promised = market.promised.get(a)?.1;
        Some((whole.solution.objective - promised).abs())
    });
    let off: Vec<f64> = off.collect::<Option<_>>()?;
    off.into_iter().reduce(f64::max)
}

/// Largest fall of price from one step to the next.
fn worst_fall<'a>(curves: impl Iterator<Item = &'a Curve>) -> f64 {
    let mut fall = 0.0_f64;
    for curve in curves {
        for steps in &curve.steps {
            for pair in steps.windows(2) {
                fall = fall.max(pair[0].usd_per_mwh - pair[1].usd_per_mwh);
            }
        }
        // Samples of unequal exports have no order.
        let equal = |s: &&Sample| s.export_mw.iter().all(|e| *e == s.export_mw[0]);
        let samples: Vec<&Sample> = curve.samples.iter().filter(equal).collect();
        for pair in samples.windows(2) {
            let sum = |s: &[f64]| s.iter().sum::<f64>();
            fall = fall.max(sum(&pair[0].above_usd_per_mwh) - sum(&pair[1].below_usd_per_mwh));
        }
    }
    fall
}
