//! Where optimal prices are not unique, clearing in levels shows the whole interval at every bus, also below an
//! interface: from the MWh saved to the MWh more, by clearing the common market again with both.

use super::random::{Shape, random_case};
use crate::testing::near::{at_most, relatively_near};
use fastrand::Rng;
use tandem::case::Case;
use tandem::case::balancing::{Injection, Segment};
use tandem::market::residual_supply::clear::Cleared;
use tandem::market::residual_supply::schemes;
use tandem::market::residual_supply::system::System;
use tandem::market::residual_supply::{ResidualSupply, Rsf, Scheme};
use tandem::network::formulation::feeder::Physics;

/// Load that is more or less, MW: less than half the way from one round number to the next.
const MORE_MW: f64 = 1e-3;
/// What is lost by dividing the difference of two costs by that.
const DERIVATIVE: f64 = 1e-6;

fn cleared(case: &Case, scheme: Scheme, physics: Physics) -> (System, Cleared) {
    let system = System::new(case).unwrap();
    let params = ResidualSupply {
        physics,
        rsf: Rsf {
            gap_usd: 1e-9,
            max_points: 300,
            ..Rsf::default()
        },
        ..ResidualSupply::default()
    };
    let market = schemes::run(&system, &params, scheme, Vec::new())
        .unwrap()
        .market;
    (system, market)
}

/// 5 MW are missing above, where 3 MW at 10 $/MWh and 9 MW at 30 stand; below 2 MW at 12 and 2 at 40. All of
/// 10 and 12 is used and nothing of 30: the last MWh costs 12 $, the next 30 $, at every bus. By hand.
const TIE: &str = r#"{"version":1,"name":"tie","base_mva":100,"buses":[{"id":"T"}],"branches":[],
  "feeders":[{"id":"F","base_kv":10,"root":"I","buses":[{"id":"I"},{"id":"D"}],
    "lines":[{"id":"I-D","from":"I","to":"D","r_ohm":0,"x_ohm":0}]}],
  "boundaries":[{"id":"B","bus":"T","feeder":"F"}],
  "balancing":{"periods":1,"imbalances":[{"id":"i","bus":"T","p_mw":[-5]}],"bids":[
    {"id":"t","bus":"T","offers":[{"period":1,"segments":[
      {"max_p_mw":3,"usd_per_mwh":10},{"max_p_mw":9,"usd_per_mwh":30}]}]},
    {"id":"d","bus":"D","offers":[{"period":1,"segments":[
      {"max_p_mw":2,"usd_per_mwh":12},{"max_p_mw":2,"usd_per_mwh":40}]}]}]}}"#;

#[test]
fn the_interval_of_an_interface_is_that_of_the_buses_behind_it() {
    let case = Case::from_json(TIE).unwrap();
    // A cone without losses is no other market, but goes to the interior point.
    for physics in [Physics::Lossless, Physics::LinDistFlow, Physics::BranchFlow] {
        let (system, market) = cleared(&case, Scheme::Rsf, physics);
        for (a, area) in system.areas.iter().enumerate() {
            for (i, bus) in area.buses.iter().enumerate() {
                let (low, high) = market.prices.interval[a][0][i];
                relatively_near(&format!("{bus}, {physics:?}, least"), low, 12.0, 1e-5);
                relatively_near(&format!("{bus}, {physics:?}, greatest"), high, 30.0, 1e-5);
            }
        }
    }
}

/// Half MW and whole $/MWh: limits are met exactly and bids are used up exactly.
fn round(case: &mut Case) {
    let half = |x: &mut f64| *x = x.signum() * (2.0 * x.abs()).ceil() / 2.0;
    let limit = |x: &mut Option<f64>| x.iter_mut().for_each(half);
    case.branches
        .iter_mut()
        .for_each(|b| limit(&mut b.max_p_mw));
    case.boundaries
        .iter_mut()
        .for_each(|b| limit(&mut b.max_p_mw));
    for line in case.feeders.iter_mut().flat_map(|f| &mut f.lines) {
        limit(&mut line.max_s_mva);
        limit(&mut line.min_p_mw);
        limit(&mut line.max_p_mw);
    }
    let balancing = case.balancing.as_mut().unwrap();
    balancing.minutes_per_period = 60.0;
    for injection in &mut balancing.imbalances {
        injection.p_mw.iter_mut().for_each(half);
    }
    let offers = balancing.bids.iter_mut().flat_map(|b| &mut b.offers);
    let segments: Vec<&mut Segment> = offers.flat_map(|o| &mut o.segments).collect();
    for segment in segments {
        half(&mut segment.min_p_mw);
        half(&mut segment.max_p_mw);
        segment.usd_per_mwh = segment.usd_per_mwh.round();
    }
}

/// Cost of the common market with more load at a bus, $.
fn cost_with(case: &Case, bus: &str, more_mw: f64) -> f64 {
    let mut case = case.clone();
    case.balancing.as_mut().unwrap().imbalances.push(Injection {
        id: "more".into(),
        bus: bus.into(),
        p_mw: vec![-more_mw],
        q_mvar: Vec::new(),
    });
    cleared(&case, Scheme::Common, Physics::Lossless)
        .1
        .objective_usd
}

#[test]
fn intervals_of_round_markets_are_both_one_sided_derivatives() {
    let (mut wide, mut all, mut elsewhere) = (0, 0, 0);
    for seed in 700..730 {
        let shape = Shape {
            zones: usize::from(seed % 3 == 0),
            ..Shape::SMALL
        };
        let mut case = random_case(&mut Rng::with_seed(seed), shape);
        round(&mut case);
        let (system, market) = cleared(&case, Scheme::Rsf, Physics::Lossless);
        let base = cleared(&case, Scheme::Common, Physics::Lossless)
            .1
            .objective_usd;
        let at = format!("seed {seed}");
        // Where energy is missing, functions may lead elsewhere: they say so, and have other prices.
        let (cost, error) = (market.cost_usd(&system), market.error_usd(&system));
        at_most(&format!("{at}, cost"), cost, base + error, 1e-7);
        if cost > base + 1e-6 * (1.0 + base.abs()) {
            elsewhere += 1;
            continue;
        }
        for (a, area) in system.areas.iter().enumerate().skip(1) {
            for (i, bus) in area.buses.iter().enumerate() {
                let (low, high) = market.prices.interval[a][0][i];
                let saved = (base - cost_with(&case, bus, -MORE_MW)) / MORE_MW;
                let next = (cost_with(&case, bus, MORE_MW) - base) / MORE_MW;
                relatively_near(&format!("{at}, {bus}, least"), low, saved, DERIVATIVE);
                relatively_near(&format!("{at}, {bus}, greatest"), high, next, DERIVATIVE);
                all += 1;
                wide += usize::from(next - saved > 1e-3);
            }
        }
    }
    assert!(elsewhere <= 3, "{elsewhere} markets cleared elsewhere");
    assert!(
        wide > 20 && wide < all,
        "{wide} of {all} prices are not unique"
    );
}
