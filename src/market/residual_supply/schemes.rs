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
//! A scheme's market outcome may overload lines; the redispatch that cures it is the cheapest
//! feasible dispatch of all bids, which is the common optimum, and its cost the difference to what
//! the market's dispatch costs.

use super::bound;
use super::build::Evaluator;
use super::clear::{self, Cleared};
use super::curve::Curve;
use super::local;
use super::params::{ResidualSupply, Scheme};
use super::program::View;
use super::system::System;

/// A scheme's market and what becomes of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub scheme: Scheme,
    /// Bids that took part.
    pub admitted: Vec<bool>,
    pub market: Cleared,
    pub overload_mwh: f64,
    /// Energy that nothing serves or takes, MWh.
    pub unserved_mwh: f64,
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

/// Runs one scheme; `made` are residual supply functions already made, if any.
///
/// # Errors
/// A sentence when a program of the scheme cannot be solved.
pub fn run(
    system: &System,
    params: &ResidualSupply,
    scheme: Scheme,
    made: Vec<Curve>,
) -> Result<Outcome, String> {
    let admitted = admitted(system, scheme);
    let whole = clear::common(params, &[], &admitted);
    let unlimited = View {
        limits_below: false,
        ..whole
    };
    let market = match scheme {
        Scheme::Rsf => {
            let curves = clear::complete(system, params, &admitted, made)?;
            let mut market = clear::in_levels(system, params, &admitted, curves)?;
            let (export, cost) = (&market.dispatch.export_mw, market.cost_usd(system));
            market.bound_usd =
                bound::below(system, params, &admitted, &market.curves, export, cost)?;
            market
        }
        Scheme::Common | Scheme::Integrated => clear::in_one(system, whole)?,
        Scheme::CentralisedAs | Scheme::NoDsoBids => clear::in_one(system, unlimited)?,
        Scheme::SharedBalancing => shared(system, params, &admitted)?,
        Scheme::LocalAs => local::first(system, params, &admitted, false)?,
        Scheme::SequentialFiltered => local::first(system, params, &admitted, true)?,
    };
    Ok(Outcome {
        scheme,
        overload_mwh: market.dispatch.overload_mwh(system),
        unserved_mwh: market.dispatch.slack_mwh.iter().sum(),
        admitted,
        market,
    })
}

/// Every area balances itself: its curve is the one point of its scheduled export.
fn shared(system: &System, params: &ResidualSupply, admitted: &[bool]) -> Result<Cleared, String> {
    let mut curves: Vec<Option<Curve>> = vec![None; system.areas.len()];
    for a in system.exporting().rev() {
        let export: Vec<f64> = (0..system.periods)
            .map(|t| system.scheduled_export_mw(a, t))
            .collect();
        let view = clear::common(params, &curves, admitted);
        let sample = Evaluator::new(system, a, view, params.rsf.variant)?.at(&export)?;
        curves[a] = Some(Curve {
            area: a,
            limits_mw: export.iter().map(|&e| (e, e)).collect(),
            start_mw: export,
            steps: vec![Vec::new(); system.periods],
            samples: vec![sample],
            gap_usd: 0.0,
            off_usd: 0.0,
            form: params.rsf.form,
            evaluations: 1,
        });
    }
    clear::in_levels(system, params, admitted, curves)
}
