//! Shortages between whole bids, by hand.

use crate::testing::near::near;
use tandem::case::Case;
use tandem::market::residual_supply::clear::{self, Cleared};
use tandem::market::residual_supply::schemes::admitted;
use tandem::market::residual_supply::system::System;
use tandem::market::residual_supply::{ResidualSupply, Scheme};
use tandem::network::formulation::feeder::Physics;

/// 0.2 MW are missing above, where BSP1 sells in part at 20 $/MWh, and 0.3 MW below, where the block of 1 MW at
/// 12 $/MWh sets the price: relaxed, half of it.
const BLOCK_BELOW: &str = r#"{"version":1,"name":"a block below","base_mva":1,"buses":[{"id":"T"}],"branches":[],
  "feeders":[{"id":"F","base_kv":10,"root":"I","buses":[{"id":"I"},{"id":"D"}],
    "lines":[{"id":"I-D","from":"I","to":"D","r_ohm":0,"x_ohm":0}]}],
  "boundaries":[{"id":"B","bus":"T","feeder":"F"}],
  "balancing":{"periods":1,"imbalances":[{"id":"i","bus":"T","p_mw":[-0.2]},{"id":"d","bus":"D","p_mw":[-0.3]}],"bids":[
    {"id":"BSP1","bus":"T","offers":[{"period":1,"segments":[{"max_p_mw":3,"usd_per_mwh":20}]}]},
    {"id":"block","bus":"D","offers":[{"period":1,"segments":[{"max_p_mw":1,"usd_per_mwh":12,"indivisible":true}]}]}]}}"#;

fn cleared() -> (System, Cleared) {
    let case = Case::from_json(BLOCK_BELOW).unwrap();
    let system = System::new(&case).unwrap();
    let params = ResidualSupply {
        physics: Physics::Lossless,
        ..ResidualSupply::default()
    };
    let all = admitted(&system, Scheme::Rsf);
    let curves = clear::curves(&system, &params, &all).unwrap();
    let cleared = clear::in_levels(&system, &params, &all, curves, true).unwrap();
    (system, cleared)
}

/// An export of 0.2 MW would leave 0.5 MWh missing or spilled below, 1500 $. Without the block the area draws
/// 0.3 MW and BSP1 gives 0.5 MW: 10 $. With it the 0.5 MW too many have no taker.
#[test]
fn an_area_takes_the_export_that_its_whole_bids_have() {
    let (system, cleared) = cleared();
    near("cost", cleared.cost_usd(&system), 10.0, 1e-6);
    near("export", cleared.dispatch.export_mw[1][0], -0.3, 1e-6);
    near(
        "missing",
        cleared.dispatch.slack_mwh.iter().sum(),
        0.0,
        1e-6,
    );
    assert_eq!(cleared.moved.len(), 1);
    near("moved", cleared.moved[0].1, 0.5, 1e-6);
    near("price", cleared.prices.interface(&system, 1, 0), 12.0, 1e-6);
    assert!(cleared.certificates.iter().all(|proof| proof.certified));
}
