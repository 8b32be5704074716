//! The market on the branch-flow cone: a feeder of one line by hand, and the instance K33.
//!
//! By hand: a line of r = 0.1875 p.u. without reactance from a bus at 1 p.u., with d MW drawn at its end and
//! P entering it. ℓ = P² and P − rℓ = d give P = (1 − √(1 − 4rd)) / 2r, so that dP/dd = 1 / √(1 − 4rd): what
//! a MWh at the end is worth in MWh at the substation.

use super::k33;
use crate::testing::near::near;
use tandem::case::{Bus, Case, Feeder, FeederBus, FeederLine, LocalMarket, LocalResource};
use tandem::market::bsp_bidding::clear::{Bids, Cleared, clear};
use tandem::market::bsp_bidding::cone_bids::{answer, linearised};
use tandem::market::bsp_bidding::day::Day;
use tandem::market::bsp_bidding::system::System;
use tandem::market::bsp_bidding::{Behaviour, BspBidding, Method, Network};
use tandem::run;
use tandem::scenario::gallery;

/// A load of 0.8 MW and a shortage of 0.2 MW at the end of the line, a resource there, and the TSO
/// at 60 and 30 $/MWh.
fn one_line(max_up_mw: f64, up_cost: f64, max_p_mw: Option<f64>) -> Case {
    let bus = |id: &str, p_load_mw: f64| FeederBus {
        id: id.into(),
        p_load_mw,
        q_load_mvar: 0.0,
        min_v_pu: 0.5,
        max_v_pu: 1.1,
    };
    Case {
        version: tandem::case::CASE_VERSION,
        base_mva: 1.0,
        buses: vec![Bus::new("T")],
        feeders: vec![Feeder {
            id: "F".into(),
            base_kv: 10.0,
            root: "0".into(),
            root_v_pu: 1.0,
            buses: vec![bus("0", 0.0), bus("1", 0.8)],
            lines: vec![FeederLine {
                id: "0-1".into(),
                from: "0".into(),
                to: "1".into(),
                r_ohm: 18.75,
                x_ohm: 0.0,
                max_s_mva: None,
                min_p_mw: None,
                max_p_mw,
            }],
        }],
        local_market: Some(LocalMarket {
            feeder: "F".into(),
            periods: 1,
            minutes_per_period: 60.0,
            imbalance_mwh: vec![0.2],
            day_ahead_usd_per_mwh: vec![50.0],
            tso_up: vec![1.2],
            tso_down: vec![0.6],
            overload_usd_per_mwh: 500.0,
            resources: vec![LocalResource {
                id: "k".into(),
                bus: "1".into(),
                owner: "S".into(),
                max_up_mw,
                up_cost: vec![up_cost / 50.0],
                down_value: vec![0.0],
                ..LocalResource::default()
            }],
            ..LocalMarket::default()
        }),
        ..Case::default()
    }
}

fn cleared(case: &Case) -> Cleared {
    let system = System::new(case).unwrap().on_cone().unwrap();
    let hour = &system.hours[0];
    clear(hour, &Bids::truthful(hour)).unwrap()
}

#[test]
fn a_mwh_behind_a_line_is_worth_its_losses_too() {
    // Idle: d = 1, √(1 − 0.75) = 1/2, so twice the TSO's price; P = 4/3. The schedule draws 0.8.
    let idle = cleared(&one_line(0.5, 130.0, None));
    let schedule = (1.0 - 0.4_f64.sqrt()) / 0.375;
    near("price at the substation", idle.lambda, 60.0, 1e-5);
    // An interior point knows a price to about the root of its gap.
    near("price at the end", idle.dlmp[0], 120.0, 1e-4 * 120.0);
    near("from the TSO", idle.tso_up_mw, 4.0 / 3.0 - schedule, 1e-6);
    near("activated", idle.up_mw[0], 0.0, 1e-9);
    // At 100 $/MWh, dearer than the TSO, it is taken until √(1 − 0.75 d) = 0.6: d = 0.64 / 0.75.
    let taken = cleared(&one_line(0.5, 100.0, None));
    // The cost is flat there: a gap of 1e-8 of it leaves 1e-4 MW.
    near("activated", taken.up_mw[0], 1.0 - 0.64 / 0.75, 1e-4);
    near("its price", taken.dlmp[0], 100.0, 1e-4 * 100.0);
    near(
        "from the TSO",
        taken.tso_up_mw,
        0.4 / 0.375 - schedule,
        2e-4,
    );
    let flow = taken.flow.as_ref().unwrap();
    assert!(flow.is_tight() && flow.certificate.certified);
    near(
        "losses",
        flow.loss_mw,
        0.1875 * (0.4_f64 / 0.375).powi(2),
        1e-4,
    );
    // Without losses nobody would take it.
    let system = System::new(&one_line(0.5, 100.0, None)).unwrap();
    let linear = clear(&system.hours[0], &Bids::truthful(&system.hours[0])).unwrap();
    near("on the linear network", linear.up_mw[0], 0.0, 1e-12);
}

#[test]
fn a_limit_is_exceeded_at_its_price_only_where_nothing_cures_it() {
    // P ≤ 1.2: d = P − rP² = 0.93, so 0.07 MW of the resource however dear.
    let cured = cleared(&one_line(0.5, 200.0, Some(1.2)));
    near("activated", cured.up_mw[0], 0.07, 1e-6);
    near("its price", cured.dlmp[0], 200.0, 1e-3);
    // With 0.05 MW there is d = 0.95, √(1 − 0.7125) and the price of the overload on top.
    let over = cleared(&one_line(0.05, 200.0, Some(1.2)));
    let root = 0.2875_f64.sqrt();
    near("activated", over.up_mw[0], 0.05, 1e-9);
    near("its price", over.dlmp[0], (60.0 + 500.0) / root, 0.1);
    let flow = over.flow.as_ref().unwrap();
    near(
        "overload",
        flow.overload_mw,
        (1.0 - root) / 0.375 - 1.2,
        1e-6,
    );
    assert!(flow.is_tight());
}

#[test]
fn a_limit_that_resources_can_only_cure_is_seen_on_both_networks() {
    // Without losses P = 1 ≤ 0.95 takes 0.05 MW of a resource that cannot be turned down.
    let system = System::new(&one_line(0.5, 200.0, Some(0.95))).unwrap();
    let hour = &system.hours[0];
    let cured = clear(hour, &Bids::truthful(hour)).unwrap();
    near("activated", cured.up_mw[0], 0.05, 1e-9);
    near("its price", cured.dlmp[0], 200.0, 1e-9);
}

#[test]
fn power_is_burnt_on_paper_to_keep_a_feeder_from_feeding_in_and_that_is_no_certificate() {
    let mut case = one_line(0.0, 100.0, None);
    case.feeders[0].buses[1].p_load_mw = -0.5;
    case.feeders[0].lines[0].min_p_mw = Some(0.0);
    let cleared = cleared(&case);
    let flow = cleared.flow.as_ref().unwrap();
    assert!(!flow.is_tight(), "{flow:?}");
    assert!(!flow.certificate.certified);
    assert!(flow.certified("market".into()).solve.contains("relaxation"));
}

#[test]
fn apparent_power_and_the_boundary_may_be_exceeded_at_the_price_of_an_overload() {
    let mut case = one_line(0.05, 200.0, None);
    case.feeders[0].lines[0].max_s_mva = Some(1.2);
    let root = 0.2875_f64.sqrt();
    let by_line = cleared(&case);
    near("price", by_line.dlmp[0], (60.0 + 500.0) / root, 0.1);
    let mut case = one_line(0.05, 200.0, None);
    case.boundaries = vec![tandem::case::Boundary {
        id: "B".into(),
        bus: "T".into(),
        feeder: "F".into(),
        max_p_mw: Some(1.2),
    }];
    let at_boundary = cleared(&case);
    near("price", at_boundary.dlmp[0], (60.0 + 500.0) / root, 0.1);
    let over = at_boundary.flow.as_ref().unwrap().overload_mw;
    near("overload", over, (1.0 - root) / 0.375 - 1.2, 1e-6);
}

#[test]
fn an_owner_behind_the_line_earns_its_losses() {
    // 0.1 MW whole, d = 0.9: √(1 − 0.675), whatever it bids up to the TSO's price.
    let system = System::new(&one_line(0.1, 50.0, None))
        .unwrap()
        .on_cone()
        .unwrap();
    let params = BspBidding {
        network: Network::Cone,
        ..BspBidding::default()
    };
    let day = Day::new(&system, &params, Behaviour::Strategic, None).unwrap();
    near(
        "profit",
        day.owner_usd(0),
        0.1 * (60.0 / 0.325_f64.sqrt() - 50.0),
        1e-5,
    );
    let found = day.answers().next().unwrap();
    assert!(found.bound.is_infinite(), "no bound is known");
    // The linear market promises the TSO's price.
    near("promised", found.linear.unwrap().0, 0.1 * 10.0, 1e-6);
}

#[test]
fn the_linearised_hour_has_the_slopes_of_the_power_flow() {
    let system = System::new(&one_line(0.5, 100.0, Some(1.2)))
        .unwrap()
        .on_cone()
        .unwrap();
    let hour = &system.hours[0];
    let cone = hour.cone.as_ref().unwrap();
    let flat = linearised(hour, cone, &[0.1]).unwrap();
    let root = 0.325_f64.sqrt();
    near("worth at the substation", flat.worth[0], 1.0 / root, 1e-6);
    near("capacity there", flat.hour.max_up_mw[0], 0.5 / root, 1e-6);
    // The line carries P(0.9) − (a − 0.1) / √ on the tangent, at most 1.2.
    let limit = flat
        .hour
        .limits
        .iter()
        .find(|l| l.name == "line 0-1")
        .unwrap();
    let room = 1.2 - (1.0 - root) / 0.375 - 0.1 / root;
    near("room", limit.h_mw, room, 1e-6);
    near("effect", limit.g[0], -1.0, 1e-6);
}

#[test]
fn on_k33_every_cone_is_a_power_flow_and_best_bids_beat_cost_and_the_linear_networks() {
    let system = k33().on_cone().unwrap();
    let params = BspBidding {
        network: Network::Cone,
        ..BspBidding::default()
    };
    let own = system.owned(0);
    for t in [0, 5, 10, 15, 19] {
        let hour = &system.hours[t];
        let others = Bids::truthful(hour);
        let truth = clear(hour, &others).unwrap();
        let flow = truth.flow.as_ref().unwrap();
        assert!(
            flow.is_tight() && flow.certificate.certified,
            "hour {}",
            t + 1
        );
        let cone = hour.cone.as_ref().unwrap();
        let ac = cone
            .grid
            .sweep(&hour.load_mw, &hour.load_mvar, &truth.net_mw())
            .unwrap();
        near("losses", flow.loss_mw, ac.loss_p_mw, 2e-6);
        for (ours, theirs) in flow.v_pu.iter().zip(&ac.v_pu) {
            near("voltage", *ours, *theirs, 1e-6);
        }
        // A price is the slope of the least cost; here by the power flow alone, the TSO's price given.
        if truth.tso_up_mw > 0.0 && flow.overload_mw == 0.0 {
            let mut load = hour.load_mw.clone();
            load[system.at[0]] += 1e-4;
            let more = cone
                .grid
                .sweep(&load, &hour.load_mvar, &truth.net_mw())
                .unwrap();
            let slope = (more.import_p_mw - ac.import_p_mw) / 1e-4;
            near("price", truth.dlmp[0], hour.tso_up * slope, 5e-3);
        }
        let found = answer(hour, &others, &own, &params, Method::Branching).unwrap();
        let (_, paid) = found.linear.unwrap();
        let at_cost = truth.profit_of(hour, &others, false, &own);
        assert!(found.profit >= paid.max(at_cost) - 1e-6, "hour {}", t + 1);
        assert!(found.tried <= 60, "{}", found.tried);
    }
}

#[test]
fn the_report_says_what_is_of_which_network_and_claims_no_proof() {
    let report = run::run(&gallery::document("khojasteh-k33-cone").unwrap()).unwrap();
    assert!(
        report
            .certificates
            .iter()
            .all(|c| c.certified && c.solve.ends_with("on the cone"))
    );
    let badges: Vec<&str> = report.badges.iter().map(|b| b.text.as_str()).collect();
    assert!(badges.contains(&"cone tight in every hour"), "{badges:?}");
    assert!(badges.iter().any(|b| b.contains("no bound")), "{badges:?}");
    assert!(!badges.iter().any(|b| b.contains("proven")), "{badges:?}");
    let value = |id: &str| report.summary.iter().find(|q| q.id == id).unwrap().value;
    let of = |id: &str| value(id).unwrap();
    assert!(of("cone_best") >= of("cone_paid"));
    near("promised", of("cone_promised"), 28.743, 6e-4);
    assert!(of("cone_voltage") < 1e-6 && of("cone_losses") < 2e-6);
    assert!(report.summary.iter().all(|q| q.id != "gap"));
    // The linear network leaves out losses that it causes; by AC power flow they are paid.
    let networks = report.tables.iter().find(|t| t.id == "networks").unwrap();
    assert_eq!(networks.rows.len(), 4);
    let surface = report.charts.iter().find(|c| c.id == "landscape").unwrap();
    assert!(surface.probe.is_none() && surface.title.contains("linear network"));
    let net: f64 = report
        .ledger
        .parties()
        .iter()
        .map(|p| report.ledger.net_usd(p))
        .sum();
    assert!(net.abs() < 1e-9);
}

#[test]
fn an_lp_file_of_the_cone_is_refused_with_its_field() {
    let params = BspBidding {
        network: Network::Cone,
        ..BspBidding::default()
    };
    let case = one_line(0.5, 100.0, None);
    let refused = tandem::market::bsp_bidding::inside::lp_file(&case, &params, 1);
    assert!(refused.unwrap_err().to_string().contains("`network`"));
}
