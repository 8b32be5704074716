//! Who pays whom where nothing moves, and what a schedule has paid for already.

use crate::testing::changes::{changed, value};
use tandem::case;
use tandem::case::balancing::Injection;
use tandem::market::residual_supply::settlement::settle;
use tandem::market::residual_supply::system::System;
use tandem::market::residual_supply::{ResidualSupply, Scheme, Settlement, schemes};
use tandem::network::formulation::feeder::Physics;
use tandem::report::Report;
use tandem::run;

fn of(preset: &str, settlement: &str) -> Report {
    let document = changed(preset, [("mechanism.settlement", settlement)]);
    run::run(&document.unwrap()).unwrap()
}

#[track_caller]
fn near(ours: f64, theirs: f64, by: f64) {
    assert!((ours - theirs).abs() < by, "{ours} is not {theirs}");
}

fn says(report: &Report, words: &str) -> bool {
    report.messages.iter().any(|m| m.text.contains(words))
}

/// By hand: behind the closed line BSP1 goes down 0.5 MWh at 10 $/MWh and BSP2 up 0.5 MWh at 20. Nothing
/// can cross to T, where nothing is either: no price of T is worth more than another. Each is paid at its
/// own bus, BSP1 −5 $, BSP2 10 $, and the DSO pays 5 $; the cap of 3,000 $/MWh is nobody's price.
#[test]
fn behind_a_closed_line_there_is_no_balancing_price() {
    for rule in ["nodal", "balancing_price"] {
        let report = of("mezghani-s4-closed", rule);
        for (id, usd) in [("net:BSP1", -5.0), ("net:BSP2", 10.0), ("net:ADS", -5.0)] {
            near(value(&report, id), usd, 1e-6);
        }
        near(value(&report, "loc:BSP2"), 0.0, 1e-6);
        let said = says(&report, "none is the balancing price");
        assert_eq!(said, rule == "balancing_price");
    }
}

/// By hand: with the line open T could be served by BSP2, at 20 $/MWh, though nothing is: BSP1 pays
/// 0.5 · 20 $, BSP2 is paid as much.
#[test]
fn where_nothing_is_exchanged_the_price_is_that_of_one_more_mwh() {
    let report = of("mezghani-s4", "balancing_price");
    for (id, usd) in [("net:BSP1", -10.0), ("net:BSP2", 10.0), ("net:ADS", 0.0)] {
        near(value(&report, id), usd, 1e-6);
    }
    assert!(says(&report, "one more MWh at T"));
    assert!(!says(&of("mezghani-s4", "nodal"), "one more MWh at T"));
}

/// A shortage and a surplus of 1 MW that meet at T, where nothing else is: any price is right, none is paid.
#[test]
fn where_any_price_is_right_nothing_is_paid() {
    let mut case = case::builtin("mezghani-s4-closed").unwrap();
    let imbalances = &mut case.balancing.as_mut().unwrap().imbalances;
    for (id, mw) in [("short", -1.0), ("long", 1.0)] {
        imbalances.push(Injection {
            id: id.into(),
            bus: "T".into(),
            p_mw: vec![mw],
            q_mvar: Vec::new(),
        });
    }
    let system = System::new(&case).unwrap();
    let params = ResidualSupply {
        physics: Physics::Lossless,
        ..ResidualSupply::default()
    };
    let market = schemes::run(&system, &params, Scheme::Rsf, Vec::new())
        .unwrap()
        .market;
    for rule in [Settlement::Nodal, Settlement::BalancingPrice] {
        let payments = settle(&system, &market, rule);
        for (party, usd) in [("short", 0.0), ("long", 0.0), ("BSP2", 10.0)] {
            near(payments.net_usd(party), usd, 1e-6);
        }
    }
}

/// By hand: 3.91768 MW are scheduled at T, for 3.715 MW of load and 0.202677 MW of losses with it. The
/// feeder draws 3.91768 MW again, so that it buys 3.91768 − 3.715 − 0.202677 = 0.000003 MWh at 62.6 $/MWh,
/// less than a tenth of a cent, and not 0.20268 MWh for 12.69 $. Prices at its buses: 66.80 at 25, 69.21 at
/// 30, 68.31 at 18, 69.15 at 33 and 63 at 22 $/MWh. It gets 0.5 · 66.80 + 0.3 · 69.21 and pays
/// 0.3 · 68.31 + 0.35 · 69.15 + 0.1352 · 63: 0.95 $ are left to it.
#[test]
fn scheduled_losses_are_paid_once() {
    let report = of("baran-wu-33", "nodal");
    near(value(&report, "net:TSO"), 0.0, 1e-3);
    let prices = 0.5 * 66.80 + 0.3 * 69.21 - 0.3 * 68.31 - 0.35 * 69.15 - 0.1352 * 63.0;
    near(value(&report, "net:ADS"), prices, 5e-3);
    // An area that balances itself keeps to what was scheduled: nothing is left for the TSO to sell.
    let changes = [("mechanism.scheme", "shared_balancing")];
    let report = run::run(&changed("baran-wu-33", changes).unwrap()).unwrap();
    let export = report.series("export:T-1").unwrap().values[0];
    near(export, -3.917_677, 1e-6);
}

/// A schedule of 3.81634 MW covers half of the losses: 0.10134 of 0.20268 MW. One that is in balance covers
/// none, and losses are bought in the balancing market.
#[test]
fn a_schedule_covers_losses_as_far_as_it_goes() {
    for (at_t, export) in [(3.816_34, -3.816_34), (3.715, -3.715), (4.0, -3.917_677)] {
        let mut case = case::builtin("baran-wu-33").unwrap();
        case.balancing.as_mut().unwrap().schedule[0].p_mw = vec![at_t];
        let system = System::new(&case).unwrap();
        near(system.scheduled_export_mw(1, 0), export, 1e-6);
    }
}
