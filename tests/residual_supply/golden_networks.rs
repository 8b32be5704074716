//! Small systems with networks, losses and blocks; see tests/golden/residual_supply/README.md.

use super::small_systems::{activated, cost_at, curve, loss_of, price, run, system, with};
use crate::testing::near::near;
use tandem::market::residual_supply::clear;
use tandem::market::residual_supply::curve::Curve;
use tandem::market::residual_supply::evaluator::Evaluator;
use tandem::market::residual_supply::lost_opportunity_cost::lost_opportunity_cost;
use tandem::market::residual_supply::schemes::admitted;
use tandem::market::residual_supply::settlement::{Item, settle};
use tandem::market::residual_supply::{Scheme, Settlement, Variant};
use tandem::network::formulation::feeder::Physics;

#[test]
fn three_nodes_with_losses_and_reactive_power() {
    let system = system("mezghani-3node");
    for scheme in [Scheme::Common, Scheme::Rsf] {
        let market = run(&system, &with(Physics::BranchFlow), scheme).market;
        let what = format!("{scheme:?}");
        // 7.5375 + 7 from p = 0.5025 with four decimals, printed as 14.54.
        near(&what, market.cost_usd(&system), 14.54, 5e-3);
        near(&what, activated(&system, &market, "BSP1"), 0.0, 1e-4);
        near(&what, activated(&system, &market, "BSP2"), 0.5025, 1e-4);
        near(&what, activated(&system, &market, "BSP3"), 0.7, 1e-4);
        for (bus, usd) in [("1", 15.0), ("2", 15.0), ("3", 10.0)] {
            near(
                &format!("{what}, {bus}"),
                price(&system, &market, bus),
                usd,
                1e-3,
            );
        }
        assert!(
            market.dispatch.cone_gap < 1e-5,
            "{}",
            market.dispatch.cone_gap
        );
    }
}

#[test]
fn lind_five_buses_and_a_feeder() {
    let system = system("lind-5bus");
    let params = with(Physics::Lossless);
    for scheme in [Scheme::Common, Scheme::Rsf] {
        let outcome = run(&system, &params, scheme);
        let market = &outcome.market;
        let what = format!("{scheme:?}");
        near(&what, market.cost_usd(&system), 15_108.45, 5e-3);
        near(&what, market.dispatch.export_mw[1][0], -8.0, 1e-6);
        near(&what, activated(&system, market, "FSP1"), -2.0, 1e-6);
        near(&what, activated(&system, market, "FSP2"), 0.0, 1e-6);
        near(&what, activated(&system, market, "FSP3"), 4.0, 1e-6);
        // Branch T3-T4 is full.
        near(&what, market.dispatch.flow_mw[0][0][2], 400.0, 1e-6);
        let (a, i) = system.place["T2"];
        near(&what, market.prices.lmp[a][0][i].abs(), 18.54, 5e-3);
    }
    for (import, usd) in [
        (5.0, 300.0),
        (6.0, 240.0),
        (7.0, 250.0),
        (8.0, 260.0),
        (9.0, 290.0),
        (10.0, 320.0),
    ] {
        near("TC", cost_at(&system, &params, -import).0, usd, 1e-6);
    }
    // By import: 10 to the left of 8, 30 to the right.
    let (_, below, above) = cost_at(&system, &params, -8.0);
    near("slope", -below, 30.0, 1e-6);
    near("slope", -above, 10.0, 1e-6);
    let all = admitted(&system, Scheme::Rsf);
    let known = curve(&system, &params);
    for (import, usd) in [
        (6.0, 15_125.53),
        (7.0, 15_116.99),
        (8.0, 15_108.45),
        (9.0, 15_119.91),
        (10.0, 15_131.37),
    ] {
        let view = clear::common(&params, &[], &all);
        let mut evaluator = Evaluator::new(&system, 1, view, Variant::Relaxed).unwrap();
        let only = Curve {
            start_mw: vec![-import],
            limits_mw: vec![(-import, -import)],
            steps: vec![Vec::new()],
            samples: vec![evaluator.at(&[-import]).unwrap()],
            ..known.clone()
        };
        let market =
            clear::in_levels(&system, &params, &all, vec![None, Some(only)], true).unwrap();
        near(&format!("import {import}"), market.objective_usd, usd, 5e-3);
        near(
            &format!("import {import}"),
            market.cost_usd(&system),
            usd,
            5e-3,
        );
    }
}

#[test]
fn chao_peck_below_a_european_platform() {
    for (id, g2, g3) in [
        ("chao-peck-export", 18.09, 21.91),
        ("chao-peck", 10.78, 29.22),
    ] {
        let system = system(id);
        let params = with(Physics::Lossless);
        for scheme in [Scheme::Common, Scheme::Rsf] {
            let market = run(&system, &params, scheme).market;
            let what = format!("{id}, {scheme:?}");
            near(&what, activated(&system, &market, "G1"), 0.0, 1e-6);
            near(&what, activated(&system, &market, "G2"), g2, 5e-3);
            near(&what, activated(&system, &market, "G3"), g3, 5e-3);
            for (bus, usd) in [("1", 26.66), ("2", 25.0), ("3", 27.5), ("hub", 27.04)] {
                near(
                    &format!("{what}, {bus}"),
                    price(&system, &market, bus),
                    usd,
                    5e-3,
                );
            }
            let ledger = settle(&system, &market, Settlement::Nodal);
            if id == "chao-peck" {
                near(&what, ledger.net_usd("G2"), 270.0, 1.0);
                near(&what, ledger.net_usd("G3"), 803.0, 1.0);
            } else {
                // 40 MW at the price of the hub, printed with 27 $/MWh.
                let sold = ledger
                    .entries
                    .iter()
                    .find(|e| e.item == Item::InterfaceEnergy);
                near(&what, sold.unwrap().amount_usd, 1080.0, 2.0);
            }
        }
        // A zonal clearing takes the cheapest 40 MW, and line 2-3 carries
        // 163.8 + 0.47·40 (+ 0.105·40) of its 170 MW.
        let zonal = run(&system, &params, Scheme::CentralisedAs);
        near(id, activated(&system, &zonal.market, "G2"), 40.0, 1e-6);
        let over = if id == "chao-peck" { 16.8 } else { 12.6 };
        near(id, zonal.overload_mwh, over, 1e-6);
    }
    // The residual supply function's price at +40 MW.
    let system = system("chao-peck-export");
    let (_, below, above) = cost_at(&system, &with(Physics::Lossless), 290.0);
    near("below", below, 27.04, 5e-3);
    near("above", above, 27.04, 5e-3);
}

#[test]
fn a_block_that_cannot_be_cut() {
    let system = system("mezghani-block");
    let all = admitted(&system, Scheme::Rsf);
    let params = with(Physics::Lossless);
    let curve = curve(&system, &params);
    let steps: Vec<(f64, f64)> = curve.steps[0]
        .iter()
        .map(|s| (s.width_mw, s.usd_per_mwh))
        .collect();
    assert_eq!(steps.len(), 2, "{steps:?}");
    for (ours, expected) in steps.iter().zip([(1.0, 12.0), (1.0, 15.0)]) {
        near("width", ours.0, expected.0, 1e-9);
        near("price", ours.1, expected.1, 1e-9);
    }
    let market = run(&system, &params, Scheme::Rsf).market;
    near("export", market.dispatch.export_mw[1][0], 0.5, 1e-9);
    near("promised", market.promised[1].1, 6.0, 1e-9);
    near("achieved", market.promised[1].0, 7.5, 1e-9);
    near("cost", market.cost_usd(&system), 7.5, 1e-9);
    near("Block", activated(&system, &market, "Block"), 0.0, 1e-9);
    near("BSP3", activated(&system, &market, "BSP3"), 0.5, 1e-9);
    for bus in ["T", "I", "D"] {
        near(bus, price(&system, &market, bus), 12.0, 1e-9);
    }
    let at_rsf = lost_opportunity_cost(&system, &params, &market, &all, true).total_usd();
    near("lost at the price of the curve", at_rsf, 1.5, 1e-9);
    near(
        "duality gap",
        market.promised[1].0 - market.promised[1].1,
        at_rsf,
        1e-9,
    );
    // Prices of the program with the block held out.
    let whole = run(&system, &params, Scheme::Common).market;
    near("cost in one program", whole.cost_usd(&system), 7.5, 1e-9);
    near("integer price", price(&system, &whole, "T"), 15.0, 1e-9);
    let at_ip = lost_opportunity_cost(&system, &params, &whole, &all, true);
    near("lost at the integer price", at_ip.total_usd(), 3.0, 1e-9);
    near("Block", loss_of(&system, &at_ip, "Block"), 3.0, 1e-9);
    // Paid at what they see, the books close either way.
    for market in [&market, &whole] {
        let ledger = settle(&system, market, Settlement::Nodal);
        let sum: f64 = ledger.parties().iter().map(|p| ledger.net_usd(p)).sum();
        near("sum", sum, 0.0, 1e-12);
    }
}
