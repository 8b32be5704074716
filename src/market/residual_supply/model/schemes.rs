//! The coordination schemes as functions of one table.
//!
//! | scheme | who clears what |
//! |---|---|
//! | common, by residual supply functions or in one program | everyone's bids, all networks |
//! | centralised market | everyone's bids, transmission network only |
//! | local market first | DSO against its own congestion, then the TSO with what is left |
//! | … filtered | the same, what is left cut to a safe box |
//! | shared balancing responsibility | every area for itself, exchange as scheduled |
//! | no distribution bids | transmission bids only |
//! | integrated flexibility market | common, with commercial bids |
//!
//! Whatever a market does not see, its redispatch pays for. The redispatch is the scheme's last
//! market cleared once more with every network and the physics chosen written in:
//!
//! ```text
//! redispatch = min Σ C p + cap · slack   over the same bids, all networks: losses, voltages, lines
//! cost after redispatch ≥ cost of the market,   cost after redispatch ≥ common optimum
//! ```
//!
//! A bid moved is charged or refunded at its own price. Bids that the scheme does not admit stay
//! out, what a local market activated stays activated, and what a filter withheld stays withheld.
//! So the market is a relaxation of the redispatch, and the redispatch a restriction of the common
//! market (of the integrated one, with commercial bids): both inequalities hold where bids are
//! divisible; the first but where losses rid the market of energy worth less than nothing. What no bid can cure is unserved or spilled at the price cap. A market that sees the
//! feeders has no redispatch, unless a cone of its residual supply functions is not tight: then
//! the common program, brought back to a power flow, is its redispatch.

use super::super::params::{ResidualSupply, Scheme};
use super::ac;
use super::bound;
use super::clear::{self, Cleared};
use super::curve::Curve;
use super::evaluator::Evaluator;
use super::local_market;
use super::physics::{self, Realized};
use super::program::View;
use super::system::System;
use crate::market::Failure;

/// Energy over limits below this is rounding, MWh.
const OVERLOADED_MWH: f64 = 1e-5;

/// A scheme's market and what becomes of it.
#[derive(Clone, Debug)]
pub struct Coordination {
    pub scheme: Scheme,
    /// Bids that took part.
    pub admitted: Vec<bool>,
    pub market: Cleared,
    /// What the feeders do with the market's dispatch.
    pub realized: Realized,
    /// The market after its redispatch, where the market did not see all of the physics.
    pub after: Option<Cleared>,
    pub overload_mwh: f64,
    /// Energy that nothing serves or takes, MWh.
    pub unserved_mwh: f64,
}

impl Coordination {
    /// What stands at the end: the redispatched market, or the market itself.
    pub fn last(&self) -> &Cleared {
        self.after.as_ref().unwrap_or(&self.market)
    }

    /// Cost at the end, $.
    pub fn cost_after_usd(&self, system: &System) -> f64 {
        self.last().cost_usd(system)
    }

    /// What physics costs on top of the market, $.
    pub fn redispatch_usd(&self, system: &System) -> f64 {
        self.cost_after_usd(system) - self.market.cost_usd(system)
    }

    /// Energy that nothing serves or takes even at the end, MWh.
    pub fn unserved_after_mwh(&self) -> f64 {
        self.last().dispatch.slack_mwh.iter().sum()
    }
}

/// Bids admitted by a scheme.
pub fn admitted(system: &System, scheme: Scheme) -> Vec<bool> {
    let bids = system.balancing.bids.iter();
    bids.map(|bid| {
        let above = system.place.get(&bid.bus).is_some_and(|&(a, _)| a == 0);
        match scheme {
            Scheme::Integrated => true,
            Scheme::NoDsoBids => above && !bid.commercial,
            _ => !bid.commercial,
        }
    })
    .collect()
}

/// Runs one scheme and its redispatch; `made` are residual supply functions already made, if any.
///
/// # Errors
/// A sentence when a program of the scheme cannot be solved.
pub fn run(
    system: &System,
    params: &ResidualSupply,
    scheme: Scheme,
    made: Vec<Curve>,
) -> Result<Coordination, Failure> {
    let admitted = admitted(system, scheme);
    let whole = clear::common(params, &[], &admitted);
    let again = |view: View| clear::in_one(system, view, params.recover_ac);
    let (mut market, after) = match scheme {
        Scheme::Rsf => {
            apart(system, &admitted)?;
            let made = fixed_feeders(system, params, &admitted, made)?;
            let curves = clear::complete(system, params, &admitted, made)?;
            let mut market = clear::in_levels(system, params, &admitted, curves, true)?;
            let cost = market.cost_usd(system);
            match bound::below(system, params, &admitted, &market, cost) {
                Ok(bound) => market.bound_usd = bound,
                Err(why) => market.unbounded = Some(why.to_string()),
            }
            let burns = market.power_flow.excess_before_mva > ac::UNTIGHT_MVA;
            // One program over a country takes longer than all else: there the market's own power flow stands.
            let apart = burns && !system.is_large();
            let after = apart.then(|| again(whole)).transpose()?;
            (market, after)
        }
        Scheme::SharedBalancing => {
            apart(system, &admitted)?;
            let curves = scheduled(system, params, &admitted)?;
            let market = clear::in_levels(system, params, &admitted, curves, true)?;
            // What is scheduled may be more than a boundary carries.
            let beyond = market.dispatch.overload_mwh(system) > OVERLOADED_MWH;
            let after = beyond.then(|| again(whole)).transpose()?;
            (market, after)
        }
        Scheme::Common | Scheme::Integrated => (again(whole)?, None),
        Scheme::CentralisedAs | Scheme::NoDsoBids => {
            (clear::unseen(system, whole)?, Some(again(whole)?))
        }
        Scheme::LocalAs | Scheme::SequentialFiltered => {
            let filtered = scheme == Scheme::SequentialFiltered;
            let above = self::admitted(system, Scheme::NoDsoBids);
            let kept = local_market::first(system, params, &admitted, &above, filtered)?;
            let left = View {
                kept: Some(&kept),
                ..whole
            };
            (clear::unseen(system, left)?, Some(again(left)?))
        }
    };
    let sees_feeders = matches!(
        scheme,
        Scheme::Rsf | Scheme::SharedBalancing | Scheme::Common | Scheme::Integrated
    );
    let realized = if !sees_feeders {
        physics::run(system, params.physics, &mut market.dispatch)
    } else {
        physics::seen(system, &market)
    };
    market.answers = Vec::new();
    Ok(Coordination {
        scheme,
        overload_mwh: market.dispatch.overload_mwh(system),
        unserved_mwh: market.dispatch.slack_mwh.iter().sum(),
        admitted,
        market,
        realized,
        after,
    })
}

/// Refuses exclusive groups whose bids would be cleared in different areas.
fn apart(system: &System, admitted: &[bool]) -> Result<(), Failure> {
    match system.group_apart(admitted) {
        None => Ok(()),
        Some(g) => Err(format!(
            "exclusive group \"{}\" has bids in areas that clear apart, which cannot keep it",
            system.balancing.exclusive[g].id
        )
        .into()),
    }
}

/// Functions of the feeders that have no choice at all, neither bids nor an area below: the export
/// of their AC power flow.
fn fixed_feeders(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
    mut made: Vec<Curve>,
) -> Result<Vec<Curve>, Failure> {
    for a in system.exporting() {
        if made.iter().any(|curve| curve.area == a) {
            continue;
        }
        if let Some(export) = physics::only_export(system, params.physics, admitted, a) {
            made.push(point(system, params, &[], admitted, a, export)?);
        }
    }
    Ok(made)
}

/// A function of one point.
fn point(
    system: &System,
    params: &ResidualSupply,
    curves: &[Option<Curve>],
    admitted: &[bool],
    a: usize,
    export: Vec<f64>,
) -> Result<Curve, Failure> {
    let view = clear::common(params, curves, admitted);
    let sample = Evaluator::new(system, a, view, params.rsf.variant)?.at(&export)?;
    Ok(Curve {
        area: a,
        limits_mw: export.iter().map(|&e| (e, e)).collect(),
        start_mw: export,
        steps: vec![Vec::new(); system.periods],
        samples: vec![sample],
        gap_usd: 0.0,
        off_usd: 0.0,
        form: params.rsf.form.handed_over(),
        evaluations: 1,
    })
}

/// Every area balances itself: its curve is the one point of its scheduled export.
fn scheduled(
    system: &System,
    params: &ResidualSupply,
    admitted: &[bool],
) -> Result<Vec<Option<Curve>>, Failure> {
    let mut curves: Vec<Option<Curve>> = vec![None; system.areas.len()];
    for a in system.exporting().rev() {
        let export: Vec<f64> = (0..system.periods)
            .map(|t| system.scheduled_export_mw(a, t))
            .collect();
        curves[a] = Some(point(system, params, &curves, admitted, a, export)?);
    }
    Ok(curves)
}

/// Cost with every area balanced by itself, $; `common_usd` is that of the common market, to which its
/// redispatch comes where a boundary carries less than is scheduled.
///
/// # Errors
/// As [`run`].
pub fn apart_usd(
    system: &System,
    params: &ResidualSupply,
    common_usd: Option<f64>,
) -> Result<f64, Failure> {
    let admitted = admitted(system, Scheme::SharedBalancing);
    apart(system, &admitted)?;
    let curves = scheduled(system, params, &admitted)?;
    let market = clear::in_levels(system, params, &admitted, curves, false)?;
    match common_usd {
        _ if market.dispatch.overload_mwh(system) <= OVERLOADED_MWH => Ok(market.cost_usd(system)),
        Some(common_usd) => Ok(common_usd),
        None => {
            let whole = clear::common(params, &[], &admitted);
            Ok(clear::in_one(system, whole, params.recover_ac)?.cost_usd(system))
        }
    }
}
