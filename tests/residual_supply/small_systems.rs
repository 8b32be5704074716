//! What the tests on small known systems share.

use tandem::case::Case;
use tandem::market::residual_supply::clear::{self, Cleared};
use tandem::market::residual_supply::curve::Curve;
use tandem::market::residual_supply::evaluator::Evaluator;
use tandem::market::residual_supply::lost_opportunity_cost::LostOpportunityCost;
use tandem::market::residual_supply::schemes::{self, Coordination, admitted};
use tandem::market::residual_supply::system::System;
use tandem::market::residual_supply::{ResidualSupply, Scheme, Variant};
use tandem::network::formulation::feeder::Physics;

pub fn case(id: &str) -> Case {
    let text = std::fs::read_to_string(format!("src/case/builtin/{id}.json")).unwrap();
    Case::from_json(&text).unwrap_or_else(|why| panic!("{id}: {why:?}"))
}

pub fn system(id: &str) -> System {
    System::new(&case(id)).unwrap()
}

pub fn with(physics: Physics) -> ResidualSupply {
    ResidualSupply {
        physics,
        ..ResidualSupply::default()
    }
}

/// Every certificate of a clearing must hold.
#[track_caller]
pub fn certified(
    system: &System,
    params: &ResidualSupply,
    scheme: Scheme,
    what: &str,
) -> Coordination {
    let outcome = schemes::run(system, params, scheme, Vec::new())
        .unwrap_or_else(|why| panic!("{what}, {scheme:?}: {why}"));
    for proof in &outcome.market.certificates {
        assert!(proof.certified, "{what}, {scheme:?}: {proof:?}");
    }
    outcome
}

#[track_caller]
pub fn run(system: &System, params: &ResidualSupply, scheme: Scheme) -> Coordination {
    certified(system, params, scheme, "known system")
}

/// Activation of a bid, MW.
pub fn activated(system: &System, market: &Cleared, bid: &str) -> f64 {
    let bids = &system.balancing.bids;
    let b = bids.iter().position(|b| b.id == bid).unwrap();
    market.dispatch.p_mw[b][0]
}

pub fn price(system: &System, market: &Cleared, bus: &str) -> f64 {
    let (a, i) = system.place[bus];
    market.prices.lmp[a][0][i]
}

pub fn loss_of(system: &System, lost: &LostOpportunityCost, bid: &str) -> f64 {
    let bids = &system.balancing.bids;
    lost.bids_usd[bids.iter().position(|b| b.id == bid).unwrap()]
}

/// The residual supply function of the only area below the top.
pub fn curve(system: &System, params: &ResidualSupply) -> Curve {
    let all = admitted(system, Scheme::Rsf);
    let mut curves = clear::curves(system, params, &all).unwrap();
    curves[1].take().unwrap()
}

/// TC and its slopes at one export, all areas below given whole.
pub fn cost_at(system: &System, params: &ResidualSupply, e: f64) -> (f64, f64, f64) {
    let all = admitted(system, Scheme::Rsf);
    let view = clear::common(params, &[], &all);
    let mut evaluator = Evaluator::new(system, 1, view, Variant::Relaxed).unwrap();
    let at = evaluator.at(&[e]).unwrap();
    (
        at.cost_usd,
        at.below_usd_per_mwh[0],
        at.above_usd_per_mwh[0],
    )
}
