//! What theory promises of residual supply functions, checked on the run at hand.
//!
//! The theorems are those of the convex case and of functions that were sampled where the clearing lands;
//! [`unmet`] names what a run lacks for that. The bound of T3 and T8 is one whatever is offered. Numbers are
//! those of section 2.5 of the model notes.

use crate::case::balancing::{Bid, PeriodOffer, Segment};
use crate::network::formulation::feeder::Physics;
use crate::opt::diving;

use super::super::params::{Form, ResidualSupply, StepPrice, Variant};
use super::ac::UNTIGHT_MVA;
use super::clear::{self, Cleared};
use super::curve::{Curve, Sample};
use super::program::{Export, write};
use super::schemes::{self, Coordination};
use super::settlement::{Payments, operator};
use super::system::{Area, System};

/// Relative size of what counts as equal, beside the certified error of the curves.
const EQUAL: f64 = 1e-5;

/// Energy without an answer below this is rounding, MWh.
const SHORT_MWH: f64 = 1e-5;

/// Buses times periods up to which promises that need another clearing are judged.
const CLEARED_AGAIN_UP_TO: usize = 300;

/// A promise with the figures that tell whether it is kept; those of another clearing are `None` where that
/// is not solved.
#[derive(Clone, Debug)]
pub enum Promise {
    /// T1: cost of the clearing and of the common optimum, $.
    Optimum { cost_usd: f64, common_usd: f64 },
    /// T2: how far interface prices are from the slopes of the areas' costs, $/MWh.
    InterfacePrice { off_usd_per_mwh: f64 },
    /// T3: what tangents prove, the common optimum, the clearing, $.
    Bracket {
        lower_usd: f64,
        common_usd: f64,
        upper_usd: f64,
    },
    /// T4: cost after a further exchange, $.
    FurtherExchange { after_usd: Option<f64> },
    /// T5: largest fall of a function's price, $/MWh.
    Ascent { fall_usd_per_mwh: f64 },
    /// T6: largest difference of an area's cost to what its function promised, $.
    Delivery { off_usd: f64 },
    /// T7: sum of all payments, what the TSO and the first operators below it keep, $.
    ZeroSum {
        sum_usd: f64,
        tso_usd: f64,
        operators_usd: Vec<(String, f64)>,
    },
    /// T8: cost with every area balanced by itself, and of the clearing, $.
    AreaByArea {
        apart_usd: Option<f64>,
        cost_usd: f64,
    },
    /// T9: cost with two equal feeders, and with one whose function is doubled, $.
    Twins { two_and_one_usd: Option<(f64, f64)> },
    /// T10: how far a zone's function is from its cost with its feeders written in, $.
    ZoneOfFeeders { off_usd: Option<f64> },
}

/// One promise, judged.
#[derive(Clone, Debug)]
pub struct Theorem {
    pub promise: Promise,
    /// `None` where the run says nothing about it.
    pub holds: Option<bool>,
    /// Whether its hypotheses are met, so that it has to hold.
    pub promised: bool,
}

/// A hypothesis of the theorems that a run does not meet.
#[derive(Clone, Copy, Debug)]
pub enum Unmet {
    Offers(NotConvex),
    /// Samples on an even grid, between which nothing is certified.
    EvenGrid(Variant),
    EqualExports,
    RightEnd,
    ConesNotTight,
    /// Functions end where an area has no answer of its own. With losses or voltages shedding there can be
    /// worth more than at the bus above.
    EnergyAtCap,
}

/// Bids by what is not convex in them, and exclusive groups.
#[derive(Clone, Copy, Debug)]
pub struct NotConvex {
    pub indivisible: usize,
    pub least_quantity: usize,
    pub start_stop: usize,
    pub minimum_duration: usize,
    pub groups: usize,
}

/// Checks every promise that the run can be asked about; `unmet` are the hypotheses it does not meet.
pub fn check(
    system: &System,
    params: &ResidualSupply,
    outcome: &Coordination,
    central: Option<&Cleared>,
    payments: &Payments,
    unmet: &[Unmet],
) -> Vec<Theorem> {
    let market = &outcome.market;
    let cost = market.cost_usd(system);
    let gap: f64 = market.curves.iter().flatten().map(|c| c.gap_usd).sum();
    let near = EQUAL * (1.0 + cost.abs());
    let slack = if gap.is_finite() { gap } else { 0.0 };
    let buses: usize = system.areas.iter().map(|a| a.buses.len()).sum();
    let small = buses * system.periods <= CLEARED_AGAIN_UP_TO;
    let mut list = Vec::new();
    // What must hold even where the hypotheses are not met.
    let mut add = |promise: Promise, holds: Option<bool>, whatever: bool| {
        list.push(Theorem {
            promise,
            holds,
            promised: unmet.is_empty() || whatever,
        });
    };
    if let Some(central) = central {
        let common_usd = central.cost_usd(system);
        let holds = (cost - common_usd).abs() <= near + slack;
        let promise = Promise::Optimum {
            cost_usd: cost,
            common_usd,
        };
        add(promise, Some(holds), false);
    }
    let off_usd_per_mwh = price_distance(system, market);
    let holds = Some(off_usd_per_mwh <= 1e-4);
    add(Promise::InterfacePrice { off_usd_per_mwh }, holds, false);
    if let Some(central) = central.filter(|_| small) {
        let (lower_usd, common_usd) = (market.bound_usd, central.cost_usd(system));
        let known = lower_usd.is_finite();
        let holds = lower_usd <= common_usd + near && common_usd <= cost + near;
        let promise = Promise::Bracket {
            lower_usd,
            common_usd,
            upper_usd: cost,
        };
        let above = lower_usd > common_usd + near;
        add(promise, known.then_some(holds), above);
    }
    let after_usd = small.then(|| once_more(system, params, outcome)).flatten();
    let holds = after_usd.map(|c| c <= cost + near);
    add(Promise::FurtherExchange { after_usd }, holds, false);
    let fall_usd_per_mwh = worst_fall(market.curves.iter().flatten());
    let holds = Some(fall_usd_per_mwh <= 1e-4);
    add(Promise::Ascent { fall_usd_per_mwh }, holds, false);
    let off = market.promised.iter();
    let off = off.map(|(cost, promised)| (cost - promised).abs());
    let off_usd = off.filter(|d| d.is_finite()).fold(0.0, f64::max);
    add(
        Promise::Delivery { off_usd },
        Some(off_usd <= near + slack),
        false,
    );
    let (promise, kept, sum) = zero_sum(system, payments, near);
    // Payments add up and bounds are some whatever is offered.
    add(promise, Some(kept), sum.abs() > near);
    let common_usd = central.map(|central| central.cost_usd(system));
    let apart = || schemes::apart_usd(system, params, common_usd).ok();
    let apart_usd = small.then(apart).flatten();
    let bound = Some(market.bound_usd).filter(|bound| bound.is_finite());
    let holds = apart_usd.zip(bound).map(|(c, bound)| c >= bound - near);
    let promise = Promise::AreaByArea {
        apart_usd,
        cost_usd: cost,
    };
    add(promise, holds, true);
    let two_and_one_usd = small.then(|| twins(system, params, outcome)).flatten();
    let holds = two_and_one_usd.map(|(two, one)| (two - one).abs() <= near);
    add(Promise::Twins { two_and_one_usd }, holds, false);
    let zone = || zone_of_feeders(system, params, outcome);
    let off_usd = small.then(zone).flatten();
    let holds = off_usd.map(|off| off <= near + slack);
    add(Promise::ZoneOfFeeders { off_usd }, holds, false);
    list
}

/// T7, whether it holds, and the sum of all payments, $.
fn zero_sum(system: &System, payments: &Payments, near: f64) -> (Promise, bool, f64) {
    let parties = payments.parties();
    let sum_usd: f64 = parties.iter().map(|p| payments.net_usd(p)).sum();
    let tso_usd = payments.net_usd("TSO");
    // Congestion that the schedule brings is redispatched at the TSO's expense.
    let scheduled = |area: &Area| {
        let all = area.scheduled_p_mw.iter().flatten();
        all.fold(0.0, |size, p| f64::max(size, p.abs())) > 0.0
    };
    let redispatched = system.areas.iter().any(scheduled);
    let kept = sum_usd.abs() <= near && (redispatched || tso_usd >= -near);
    let operators = system.exporting().take(4).map(|a| operator(system, a));
    let promise = Promise::ZeroSum {
        sum_usd,
        tso_usd,
        operators_usd: operators
            .map(|name| (name.clone(), payments.net_usd(&name)))
            .collect(),
    };
    (promise, kept, sum_usd)
}

/// What is not convex in the offers; `None` where every promise must hold.
pub fn not_convex(system: &System) -> Option<NotConvex> {
    let balancing = &system.balancing;
    let offers = |bid: &Bid, of: fn(&PeriodOffer) -> bool| bid.offers.iter().any(of);
    let bids = |of: &dyn Fn(&Bid) -> bool| balancing.bids.iter().filter(|b| of(b)).count();
    let found = NotConvex {
        indivisible: bids(&|b| offers(b, |o| o.segments.iter().any(|s| s.indivisible))),
        least_quantity: bids(&|b| {
            offers(b, |o| {
                let apart = |s: &Segment| s.min_p_mw > 0.0 || s.max_p_mw < 0.0;
                o.segments.iter().any(|s| !s.indivisible && apart(s))
            })
        }),
        start_stop: bids(&|b| offers(b, |o| o.start_stop || o.no_new_activation)),
        minimum_duration: bids(&|b| !b.minimum_duration.is_empty()),
        groups: balancing.exclusive.len(),
    };
    let all = found.indivisible + found.least_quantity + found.start_stop;
    (all + found.minimum_duration + found.groups > 0).then_some(found)
}

/// How far interface prices lie from the slopes of the curves at the cleared exports, $/MWh.
fn price_distance(system: &System, market: &Cleared) -> f64 {
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
    low.max(0.0).max(high.max(0.0))
}

/// Which hypotheses of the theorems a run does not meet; none where every promise must hold.
pub fn unmet(
    system: &System,
    params: &ResidualSupply,
    outcome: &Coordination,
    central: Option<&Cleared>,
) -> Vec<Unmet> {
    let rsf = &params.rsf;
    let steps = rsf.form == Form::Steps;
    let found = || std::iter::once(&outcome.market).chain(central);
    let short = |c: &Cleared| c.dispatch.slack_mwh.iter().sum::<f64>() > SHORT_MWH;
    let burns = |c: &Cleared| c.power_flow.excess_before_mva > UNTIGHT_MVA;
    let others = [
        (
            rsf.variant != Variant::Relaxed,
            Unmet::EvenGrid(rsf.variant),
        ),
        (steps && system.periods > 1, Unmet::EqualExports),
        (
            steps && rsf.step_price == StepPrice::RightEnd,
            Unmet::RightEnd,
        ),
        (found().any(burns), Unmet::ConesNotTight),
        (
            params.physics != Physics::Lossless && found().any(short),
            Unmet::EnergyAtCap,
        ),
    ];
    let offers = not_convex(system).map(Unmet::Offers);
    let others = others
        .into_iter()
        .filter_map(|(is, what)| is.then_some(what));
    offers.into_iter().chain(others).collect()
}

/// Cost after one more exchange; where its exports are samples already it would clear the same.
fn once_more(system: &System, params: &ResidualSupply, outcome: &Coordination) -> Option<f64> {
    let (market, admitted) = (&outcome.market, &outcome.admitted);
    let mut curves = market.curves.clone();
    let moved = clear::taken_anew(system, params, admitted, &mut curves, &market.dispatch).ok()?;
    if !moved {
        return Some(market.cost_usd(system));
    }
    let mut params = params.clone();
    params.rsf.rounds = 0;
    let cleared = clear::in_levels(system, &params, admitted, curves, false).ok()?;
    Some(cleared.cost_usd(system))
}

/// T9: cost of the top clearing with a twin of its first area below beside it, and with that area's
/// function doubled, $.
fn twins(system: &System, params: &ResidualSupply, outcome: &Coordination) -> Option<(f64, f64)> {
    let curves = &outcome.market.curves;
    let a = *system.areas[0].below.first()?;
    let curve = curves.get(a)?.as_ref().filter(|c| c.form == Form::Steps)?;
    let cost = |system: &System, curves: &[Option<Curve>]| {
        let view = clear::common(params, curves, &outcome.admitted);
        let program = write(system, 0, view, Export::None);
        let whole = diving::solve(&program.model).ok()?;
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
fn zone_of_feeders(
    system: &System,
    params: &ResidualSupply,
    outcome: &Coordination,
) -> Option<f64> {
    let market = &outcome.market;
    let zones = system
        .exporting()
        .filter(|&a| !system.areas[a].below.is_empty());
    let off = zones.map(|a| {
        let view = clear::common(params, &[], &outcome.admitted);
        let export = Export::Fixed(&market.dispatch.export_mw[a]);
        let whole = diving::solve(&write(system, a, view, export).model).ok()?;
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
        let samples: Vec<&Sample> = curve.samples.iter().filter(|s| s.is_equal()).collect();
        for pair in samples.windows(2) {
            let sum = |s: &[f64]| s.iter().sum::<f64>();
            fall = fall.max(sum(&pair[0].above_usd_per_mwh) - sum(&pair[1].below_usd_per_mwh));
        }
    }
    fall
}
