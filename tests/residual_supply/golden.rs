//! The scenario suite, whose answers are known; see tests/golden/residual_supply/README.md.

use super::small_systems::{activated, case, cost_at, curve, loss_of, price, run, system, with};
use crate::testing::near::near;
use tandem::market::residual_supply::clear::Cleared;
use tandem::market::residual_supply::lost_opportunity_cost::lost_opportunity_cost;
use tandem::market::residual_supply::schemes::{Coordination, admitted};
use tandem::market::residual_supply::settlement::settle;
use tandem::market::residual_supply::system::System;
use tandem::market::residual_supply::{ResidualSupply, Scheme, Settlement};
use tandem::network::formulation::feeder::Physics;

/// Price cap of the suite, $/MWh.
const CAP: f64 = 3000.0;

fn interval(system: &System, market: &Cleared, bus: &str) -> (f64, f64) {
    let (a, i) = system.place[bus];
    market.prices.interval[a][0][i]
}

/// One scenario of the suite: cost, activations, export, prices, curve (start, then width at price).
struct Scenario {
    id: &'static str,
    cost: f64,
    p: &'static [(&'static str, f64)],
    export: f64,
    prices: &'static [(&'static str, f64)],
    start: f64,
    steps: &'static [(f64, f64)],
}

const SUITE: [Scenario; 7] = [
    Scenario {
        id: "mezghani-s1",
        cost: 14.5,
        p: &[("BSP1", 0.0), ("BSP2", 0.5), ("BSP3", 0.7)],
        export: 1.0,
        prices: &[("T", 15.0), ("I", 15.0), ("D", 10.0)],
        start: -0.2,
        steps: &[(0.7, 10.0), (1.0, 15.0)],
    },
    Scenario {
        id: "mezghani-s2",
        cost: 25.0,
        p: &[("BSP1", 1.5), ("BSP2", -0.5)],
        export: 0.0,
        prices: &[("T", 20.0), ("I", 20.0), ("D", 10.0)],
        start: -0.5,
        steps: &[(0.5, 10.0)],
    },
    Scenario {
        id: "mezghani-s3a",
        cost: 6.0,
        p: &[("BSP1", 0.0), ("BSP2", 0.6)],
        export: 0.6,
        prices: &[("T", 10.0), ("I", 10.0), ("D", 10.0)],
        start: 0.5,
        steps: &[(0.5, 10.0)],
    },
    Scenario {
        id: "mezghani-s3b",
        cost: 4.5,
        p: &[("BSP1", -0.1), ("BSP2", 0.5)],
        export: 0.5,
        prices: &[("T", 5.0), ("I", 5.0), ("D", 10.0)],
        start: 0.5,
        steps: &[(0.5, 10.0)],
    },
    Scenario {
        id: "mezghani-s4",
        cost: 5.0,
        p: &[("BSP1", -0.5), ("BSP2", 0.5)],
        export: 0.0,
        prices: &[("T", 20.0), ("I", 20.0), ("D", 20.0), ("D2", 20.0)],
        start: -0.5,
        steps: &[(1.0, 20.0)],
    },
    Scenario {
        id: "mezghani-s4-closed",
        cost: 5.0,
        p: &[("BSP1", -0.5), ("BSP2", 0.5)],
        export: 0.0,
        prices: &[("D", 20.0), ("D2", 20.0)],
        start: 0.0,
        steps: &[],
    },
    Scenario {
        id: "mezghani-s5",
        cost: 15.0,
        p: &[("BSP1", 0.5), ("BSP2", 0.5), ("BSP3", 0.0)],
        export: 0.5,
        prices: &[("T", 20.0), ("I", 20.0), ("D", 10.0)],
        start: 0.0,
        steps: &[(0.5, 10.0)],
    },
];

#[test]
fn the_scenario_suite_comes_out_in_one_program_and_in_levels() {
    for scenario in &SUITE {
        let system = system(scenario.id);
        // No line has impedance, so that the three models of a feeder are one.
        for physics in [Physics::Lossless, Physics::LinDistFlow, Physics::BranchFlow] {
            for scheme in [Scheme::Common, Scheme::Rsf] {
                let what = format!("{}, {physics:?}, {scheme:?}", scenario.id);
                let outcome = run(&system, &with(physics), scheme);
                let market = &outcome.market;
                near(&what, market.objective_usd, scenario.cost, 1e-9);
                near(&what, market.cost_usd(&system), scenario.cost, 1e-9);
                near(
                    &what,
                    market.dispatch.export_mw[1][0],
                    scenario.export,
                    1e-9,
                );
                near(
                    &what,
                    outcome.unserved_mwh + outcome.overload_mwh,
                    0.0,
                    1e-9,
                );
                for (bid, p) in scenario.p {
                    near(
                        &format!("{what}, {bid}"),
                        activated(&system, market, bid),
                        *p,
                        1e-9,
                    );
                }
                for (bus, expected) in scenario.prices {
                    let ours = price(&system, market, bus);
                    near(&format!("{what}, price at {bus}"), ours, *expected, 1e-9);
                }
            }
        }
    }
}

#[test]
fn the_suite_s_residual_supply_functions_have_the_listed_steps() {
    for scenario in &SUITE {
        let (id, system) = (scenario.id, system(scenario.id));
        let params = with(Physics::Lossless);
        let curve = curve(&system, &params);
        near(id, curve.start_mw[0], scenario.start, 1e-9);
        assert_eq!(
            curve.steps[0].len(),
            scenario.steps.len(),
            "{id}: {:?}",
            curve.steps
        );
        for (step, (width, price)) in curve.steps[0].iter().zip(scenario.steps) {
            near(id, step.width_mw, *width, 1e-9);
            near(id, step.usd_per_mwh, *price, 1e-9);
        }
        near(id, curve.gap_usd, 0.0, 1e-9);
        assert!(curve.samples.iter().all(|s| s.slack_mwh < 1e-9), "{id}");
        // Beyond the range energy is spilled or missing, at the cap.
        let (low, high) = curve.range_mw(0);
        let (_, below, above) = cost_at(&system, &params, low - 0.1);
        near(id, below, -CAP, 1e-9);
        near(id, above, -CAP, 1e-9);
        let (_, below, above) = cost_at(&system, &params, high + 0.1);
        near(id, below, CAP, 1e-9);
        near(id, above, CAP, 1e-9);
    }
}

#[test]
fn scenario_1_is_settled_as_printed() {
    let system = system("mezghani-s1");
    let market = run(&system, &with(Physics::Lossless), Scheme::Rsf).market;
    let ledger = settle(&system, &market, Settlement::Nodal);
    for (party, usd) in [
        ("BSP1", 0.0),
        ("BRP1", -15.0),
        ("TSO", 0.0),
        ("DSO", 2.5),
        ("BSP2", 7.5),
        ("BSP3", 7.0),
        ("BRP3", -2.0),
    ] {
        near(party, ledger.net_usd(party), usd, 1e-9);
    }
    let parties = ledger.parties();
    let total: f64 = parties.iter().map(|p| ledger.net_usd(p)).sum();
    near("sum", total, 0.0, 1e-12);
    // Prices of one linear program: nobody would rather do something else.
    let all = admitted(&system, Scheme::Rsf);
    let lost = lost_opportunity_cost(&system, &with(Physics::Lossless), &market, &all, true);
    near("lost opportunity costs", lost.total_usd(), 0.0, 1e-9);
}

#[test]
fn in_scenario_3_the_operator_bears_the_price_of_its_own_congestion() {
    // Who is short pays: 0.6 · 10, and 0.4 · 5, where BSP1 pays 0.1 · 5 for what it takes back. By hand.
    let all = [
        ("mezghani-s3a", 0.0, -6.0, 0.0),
        ("mezghani-s3b", -2.5, -2.0, -0.5),
    ];
    for (id, ads, short, taken_back) in all {
        let system = system(id);
        let market = run(&system, &with(Physics::Lossless), Scheme::Rsf).market;
        let ledger = settle(&system, &market, Settlement::Nodal);
        near(id, ledger.net_usd("DSO"), ads, 1e-9);
        near(id, ledger.net_usd("BRP1"), short, 1e-9);
        near(id, ledger.net_usd("BSP1"), taken_back, 1e-9);
        // Beside the sale at the interface nobody but its own provider is paid by it.
        near(id, ledger.net_usd("TSO"), 0.0, 1e-9);
    }
}

#[test]
fn in_scenario_4_the_price_behind_the_overloaded_line_is_an_interval() {
    for id in ["mezghani-s4", "mezghani-s4-closed"] {
        let system = system(id);
        for scheme in [Scheme::Common, Scheme::Rsf] {
            let market = run(&system, &with(Physics::Lossless), scheme).market;
            let (low, high) = interval(&system, &market, "D1");
            near(id, low, -CAP, 1e-9 * CAP);
            near(id, high, 10.0, 1e-9 * CAP);
            assert!(price(&system, &market, "D1") <= 10.0 + 1e-9 * CAP);
            // With I-D closed nothing ties transmission to the feeder.
            if id == "mezghani-s4-closed" {
                let (low, high) = interval(&system, &market, "T");
                near(id, low, -CAP, 1e-9 * CAP);
                near(id, high, CAP, 1e-9 * CAP);
            }
        }
        // With downward volume to spare the price is BSP1's.
        let mut wider = case(id);
        let balancing = wider.balancing.as_mut().unwrap();
        balancing.bids[0].offers[0].segments[0].min_p_mw = -0.6;
        let system = System::new(&wider).unwrap();
        let market = run(&system, &with(Physics::Lossless), Scheme::Rsf).market;
        near(id, price(&system, &market, "D1"), 10.0, 1e-9);
        near(id, market.cost_usd(&system), 5.0, 1e-9);
    }
}

#[test]
fn in_scenario_5_the_balancing_price_invites_underbidding_and_the_bus_price_does_not() {
    let system = system("mezghani-s5");
    let all = admitted(&system, Scheme::Rsf);
    for (rule, bsp2, bsp3) in [
        (Settlement::Nodal, 0.0, 0.0),
        (Settlement::BalancingPrice, 15.0, 10.0),
    ] {
        let params = ResidualSupply {
            settlement: rule,
            ..with(Physics::Lossless)
        };
        let market = run(&system, &params, Scheme::Rsf).market;
        let lost = lost_opportunity_cost(&system, &params, &market, &all, false);
        near("BSP1", loss_of(&system, &lost, "BSP1"), 0.0, 1e-9);
        near("BSP2", loss_of(&system, &lost, "BSP2"), bsp2, 1e-9);
        near("BSP3", loss_of(&system, &lost, "BSP3"), bsp3, 1e-9);
    }
    // After a price war BSP3 may be the one behind the line: half a megawatt-hour 5 dearer.
    let mut war = case("mezghani-s5");
    let bids = &mut war.balancing.as_mut().unwrap().bids;
    bids[2].offers[0].segments[0].usd_per_mwh = 9.0;
    let system = System::new(&war).unwrap();
    let market = run(&system, &with(Physics::Lossless), Scheme::Rsf).market;
    let true_cost = 20.0 * activated(&system, &market, "BSP1")
        + 10.0 * activated(&system, &market, "BSP2")
        + 15.0 * activated(&system, &market, "BSP3");
    near("welfare loss", true_cost - 15.0, 2.5, 1e-9);
}

#[test]
fn the_other_schemes_err_as_listed() {
    let params = with(Physics::Lossless);
    let cost = |outcome: &Coordination| outcome.market.dispatch.bid_cost_usd();

    let s1 = system("mezghani-s1");
    let shared = run(&s1, &params, Scheme::SharedBalancing);
    near("S1 shared", shared.market.cost_usd(&s1), 22.0, 1e-9);
    near(
        "S1 shared",
        activated(&s1, &shared.market, "BSP3"),
        0.2,
        1e-9,
    );
    // The other reading, BSP1 serving the feeder's imbalance, too: 1.2 at 20.
    let none = run(&s1, &params, Scheme::NoDsoBids);
    near("S1 no distribution bids", cost(&none), 24.0, 1e-9);
    let blind = run(&s1, &params, Scheme::CentralisedAs);
    near("S1 centralised", cost(&blind), 13.0, 1e-9);
    near("S1 centralised", blind.overload_mwh, 0.3, 1e-9);
    let (d, line) = (1, 0);
    let flow = blind.market.dispatch.loading_mva[d][0][line];
    near("S1 centralised, flow of I-D", flow, 0.8, 1e-9);
    let cured = run(&s1, &params, Scheme::Common).market.cost_usd(&s1);
    near("S1 after redispatch", cured, 14.5, 1e-9);

    let s2 = system("mezghani-s2");
    let blind = run(&s2, &params, Scheme::CentralisedAs);
    near(
        "S2 centralised",
        activated(&s2, &blind.market, "BSP2"),
        1.0,
        1e-9,
    );
    near("S2 centralised", blind.overload_mwh, 1.5, 1e-9);
    let none = run(&s2, &params, Scheme::NoDsoBids);
    near(
        "S2 no distribution bids",
        activated(&s2, &none.market, "BSP1"),
        1.0,
        1e-9,
    );
    near("S2 no distribution bids", none.overload_mwh, 0.5, 1e-9);

    for id in ["mezghani-s3a", "mezghani-s3b"] {
        let s3 = system(id);
        // The feeder cannot relieve its line without exporting: half a megawatt-hour is spilled. The
        // TSO has no upward bid: its own imbalance stays, too.
        let shared = run(&s3, &params, Scheme::SharedBalancing);
        near(id, shared.market.dispatch.slack_mwh[1], 0.5, 1e-9);
    }

    let s5 = system("mezghani-s5");
    let blind = run(&s5, &params, Scheme::CentralisedAs);
    near(
        "S5 centralised",
        activated(&s5, &blind.market, "BSP2"),
        1.0,
        1e-9,
    );
    near("S5 centralised", cost(&blind), 10.0, 1e-9);
    near("S5 centralised", blind.overload_mwh, 0.5, 1e-9);
}
