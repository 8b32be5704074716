//! The days of three communities: the published order, settlement, limits of the feeder, the coupling
//! with the ISO, and what is refused.

use crate::testing::changes::{changed, value};
use std::sync::LazyLock;
use tandem::case::{self, Case};
use tandem::chart::{self, View};
use tandem::market::MARKETS;
use tandem::market::community::clearing::{Kind, aggregate};
use tandem::market::community::network::{Network, Within};
use tandem::market::community::proof::schedule_program;
use tandem::market::community::roll::{self, Trace};
use tandem::market::community::system::System;
use tandem::market::community::iso_coupling::couple;
use tandem::market::community::{Baseline, BidForm, CommunityMarket, Comparator};
use tandem::network::formulation::feeder::Physics;
use tandem::opt::simplex;
use tandem::report::{Index, Report};
use tandem::scenario::{Mechanism, Scenario, gallery};
use tandem::session::Session;
use tandem::{run, sweep};

const IDS: [&str; 7] = [
    "theisen-week",
    "theisen-interval",
    "theisen-base",
    "theisen-tariff",
    "theisen-prices-to-devices",
    "theisen-feeder-limit",
    "theisen-thread",
];

static WEEK: LazyLock<Report> =
    LazyLock::new(|| run::run(&gallery::document("theisen-week").unwrap()).unwrap());

fn feeder_case() -> Case {
    case::builtin("theisen-feeder").unwrap()
}

/// The built-in case with `days` days, and what becomes of it by one way to buy.
fn days(n: usize, params: &CommunityMarket, c: Comparator) -> (System, Trace) {
    let params = CommunityMarket {
        days: Some(n),
        ..params.clone()
    };
    let system = System::new(&feeder_case(), &params).unwrap();
    let trace = roll::run(&system, &params, c, None).unwrap();
    (system, trace)
}

#[test]
fn every_preset_is_whole_and_every_chart_draws() {
    for id in IDS {
        let scenario = gallery::document(id).unwrap();
        assert!(
            matches!(scenario.mechanism, Mechanism::Community(_)),
            "{id}"
        );
        assert_eq!(scenario.problems(), [], "{id}");
        let text = scenario.to_value().to_string();
        assert_eq!(Scenario::from_json(&text).unwrap(), *scenario, "{id}");
        for section in Session::new(scenario.clone()).form() {
            let rows = section.table.iter().flat_map(|t| &t.rows);
            let cells = rows.flat_map(|r| r.cells.iter().flatten());
            for field in cells.chain(&section.fields) {
                assert!(
                    field.optional || !field.value.is_null(),
                    "{id}: {}",
                    field.path
                );
            }
        }
    }
    let entries = gallery::entries().unwrap();
    for id in [
        "theisen-week",
        "theisen-interval",
        "theisen-thread",
        "theisen-feeder-limit",
    ] {
        let report = run::run(&gallery::document(id).unwrap()).unwrap();
        let card = &entries.iter().find(|e| e.id == id).unwrap().thumbnail;
        assert!(report.chart(card).is_some(), "{id} has no chart {card}");
        for chart in &report.charts {
            let drawn = chart::draw(&report, &chart.id, &View::default());
            assert!(drawn.is_ok(), "{id}: {}", chart.id);
        }
        assert!(
            report.certificates.iter().all(|c| c.certified),
            "{id}: {:?}",
            report.certificates
        );
        assert!(!report.certificates.is_empty());
    }
}

#[test]
fn the_week_has_the_published_order() {
    let report = &*WEEK;
    let cost = |c: Comparator| value(report, &format!("cost:{}", c.id()));
    let costs = Comparator::ALL.map(cost);
    assert!(costs.windows(2).all(|w| w[0] > w[1]), "{costs:?}");
    // Base within 1 % of the printed total by construction of the loads, the rest by size: 1.3, 8.4, 11.2 % in the paper.
    assert!((costs[0] / 8647.72 - 1.0).abs() < 0.01);
    let saving = |c: Comparator| value(report, &format!("saving:{}", c.id()));
    assert!((0.5..3.0).contains(&saving(Comparator::Tariff)));
    assert!((5.0..10.0).contains(&saving(Comparator::PricesToDevices)));
    assert!((7.0..13.0).contains(&saving(Comparator::Transactive)));
    // Each district, too, gains by the market over prices to devices.
    for d in ["D1", "D2", "D3"] {
        let own = |c: &str| value(report, &format!("cost:{c}:{d}"));
        assert!(own("transactive") < own("prices_to_devices"), "{d}");
    }
    // The recomputed figure stands beside the stated one.
    let printed: Vec<f64> = report.published.iter().map(|p| p.printed).collect();
    assert!(printed.contains(&11.2) && printed.contains(&12.0));
    assert!(((1.0 - 7677.41 / 8647.72) * 100.0_f64 - 11.2).abs() < 0.05);
    // Charging at one time: a new peak, while the flat tariff lowers it.
    let peak = |c: &str| value(report, &format!("peak:{c}"));
    assert!(peak("prices_to_devices") > peak("base") + 0.1);
    assert!(peak("tariff") < peak("base"));
    // Nothing undercuts what is possible with everything known.
    assert!(value(report, "bound") < value(report, "cost_opportunity").min(costs[3]));
    assert!(value(report, "shared") > 20.0 && value(report, "traded") > 1.0);
    assert!(value(report, "imbalance").abs() < 10.0);
    assert!(value(report, "worth") > 0.0);
}

#[test]
fn the_money_of_the_week_adds_up() {
    for c in Comparator::ALL {
        let scenario = changed("theisen-week", [("mechanism.comparator", c.id())]).unwrap();
        let report = run::run(&scenario).unwrap();
        let ledger = &report.ledger;
        let net: f64 = ledger.parties().iter().map(|p| ledger.net_usd(p)).sum();
        assert!(net.abs() < 1e-6, "{}", c.id());
        let paid: f64 = ["D1", "D2", "D3"].iter().map(|d| -ledger.net_usd(d)).sum();
        let table = report.tables.iter().find(|t| t.id == "costs").unwrap();
        let row = Comparator::ALL.iter().position(|own| *own == c).unwrap();
        let at = table
            .columns
            .iter()
            .position(|col| col.name == "paid")
            .unwrap();
        let tandem::report::Cell::Number(printed) = table.rows[row][at] else {
            panic!()
        };
        assert!(
            (paid - printed).abs() < 1e-6,
            "{}: {paid} {printed}",
            c.id()
        );
        if c == Comparator::Transactive {
            // Without limits the LSE passes on what it pays, and imbalances cancel.
            assert!(ledger.net_usd("LSE").abs() < 1e-6);
        }
    }
}

#[test]
fn batteries_keep_their_bounds_and_their_books() {
    for (form, k) in [
        (BidForm::Published, 0.5),
        (BidForm::FourPoint, 0.5),
        (BidForm::Opportunity, 1.0),
    ] {
        let params = CommunityMarket {
            bid: form,
            sensitivity: k,
            ..CommunityMarket::default()
        };
        for c in Comparator::ALL {
            let (system, trace) = days(1, &params, c);
            for (j, member) in system.members.iter().enumerate() {
                let store = member.store.unwrap();
                let mut before = member.initial_kwh;
                for t in 0..system.intervals {
                    let kw = trace.battery_kw[j][t];
                    assert!(kw.abs() <= store.power_kw + 1e-6);
                    let change = kw.max(0.0) * store.efficiency - (-kw).max(0.0) / store.efficiency;
                    before += change * system.hours;
                    let after = trace.stored_kwh[j][t];
                    assert!((before - after).abs() < 1e-6, "{form:?} {c:?} {t}");
                    assert!(after >= store.least_kwh - 1e-6 && after <= store.most_kwh + 1e-6);
                    before = after;
                    let real = member.net_kw[t] + kw;
                    assert!((trace.q_kw[j][t] - real).abs() < 1e-9);
                    if c == Comparator::PricesToDevices {
                        assert!(real >= member.net_kw[t].min(0.0) - 1e-9);
                    }
                }
                let end = trace.stored_kwh[j][system.intervals - 1];
                if c != Comparator::Transactive && c != Comparator::Base {
                    assert!(end >= 0.5 * store.energy_kwh - 1e-6, "{c:?}");
                }
            }
            if c == Comparator::Transactive {
                for (t, cleared) in trace.cleared.iter().enumerate() {
                    assert!(cleared.usd_per_kwh <= system.lse[t] + 1e-12);
                    let (low, high) = cleared.interval;
                    assert!(low <= high + 1e-12, "{form:?} {t}: {cleared:?}");
                }
            }
        }
    }
}

#[test]
fn at_a_slider_of_zero_the_market_nets_preferred_demands() {
    let params = CommunityMarket {
        bid: BidForm::FourPoint,
        sensitivity: 0.0,
        intercept_usd_per_kwh: 10.0,
        ..CommunityMarket::default()
    };
    let (system, trace) = days(1, &params, Comparator::Transactive);
    for t in 0..system.intervals {
        let wanted: f64 = trace.bids[t].iter().map(|b| b.preferred_kw).sum();
        let cleared = &trace.cleared[t];
        if wanted >= 0.0 {
            assert!((cleared.lse_kw - wanted).abs() < 1e-6);
            for (bid, kw) in trace.bids[t].iter().zip(&cleared.quantity_kw) {
                assert!((bid.preferred_kw - kw).abs() < 1e-6);
            }
        }
    }
}

#[test]
fn one_community_with_a_perfect_forecast_reaches_the_optimum() {
    let mut case = feeder_case();
    let all = case.communities.as_mut().unwrap();
    let hourly =
        |values: &[f64]| -> Vec<f64> { values.iter().step_by(12).take(24).copied().collect() };
    all.minutes_per_interval = 60.0;
    all.lse_usd_per_kwh = hourly(&all.lse_usd_per_kwh);
    (all.forecast_usd_per_kwh, all.background) = (Vec::new(), Vec::new());
    all.members.truncate(1);
    all.members[0].load_kw = hourly(&all.members[0].load_kw)
        .iter()
        .map(|kw| kw + 700.0)
        .collect();
    all.members[0].pv_kw = hourly(&all.members[0].pv_kw);
    for (form, k) in [(BidForm::FourPoint, 0.0), (BidForm::Opportunity, 1.0)] {
        let params = CommunityMarket {
            bid: form,
            sensitivity: k,
            intercept_usd_per_kwh: 10.0,
            baseline: Baseline::Forecast,
            ..CommunityMarket::default()
        };
        let system = System::new(&case, &params).unwrap();
        let trace = roll::run(&system, &params, Comparator::Transactive, None).unwrap();
        let aim = system.aim(0, &params, false);
        let member = &system.members[0];
        let model = schedule_program(
            &member.store.unwrap(),
            &system.stages(0, 0),
            &aim,
            member.initial_kwh,
        );
        let best = simplex::solve(&model).unwrap().objective;
        let paid = trace.bills[0].paid_usd();
        // The program counts a millionth of a dollar per kWh of wear.
        assert!((paid - best).abs() < 0.01, "{form:?}: {paid} {best}");
    }
}

#[test]
fn errors_of_forecasts_are_seeded_and_cost_money() {
    let at = |error: f64, seed: u64| {
        let params = CommunityMarket {
            forecast_error_percent: error,
            seed,
            ..CommunityMarket::default()
        };
        days(2, &params, Comparator::PricesToDevices).1.total_usd()
    };
    assert_eq!(at(10.0, 3), at(10.0, 3));
    assert_ne!(at(10.0, 3), at(10.0, 4));
    let wrong: f64 = (1..6).map(|seed| at(25.0, seed)).sum::<f64>() / 5.0;
    assert!(wrong > at(0.0, 1), "{wrong}");
}

#[test]
fn the_made_up_days_are_the_same_everywhere() {
    let all = feeder_case().communities.unwrap();
    assert_eq!(all.intervals(), 1440);
    let sum = |values: &[f64]| values.iter().sum::<f64>();
    // Exact sums of rounded values: another library of functions would move them.
    let sums = [
        sum(&all.lse_usd_per_kwh),
        sum(&all.members[0].load_kw),
        sum(&all.members[0].pv_kw),
        sum(&all.members[2].load_kw),
    ];
    let expected = SUMS;
    for (own, expected) in sums.iter().zip(expected) {
        assert!((own - expected).abs() < 1e-6, "{sums:?}");
    }
    // 30 ¢ on the fifth morning at 06:45.
    assert_eq!(all.lse_usd_per_kwh[1233], 0.3);
    let most = all.lse_usd_per_kwh.iter().copied().fold(0.0, f64::max);
    assert_eq!(most, 0.3);
}

const SUMS: [f64; 4] = [123.87655, 436_789.9, 59_255.7, 330_790.4];

#[test]
fn other_inputs_stay_certified() {
    for (field, new) in [
        ("mechanism.baseline", "forecast"),
        ("mechanism.bid", "opportunity"),
        ("mechanism.sensitivity", "0"),
        ("mechanism.lse_capacity_kw", "600"),
        ("mechanism.terminal_soc", "null"),
        ("case.communities.members.D1.battery", "null"),
    ] {
        let changes = [
            ("mechanism.days", "2"),
            ("mechanism.show_interval", "100"),
            (field, new),
        ];
        let report = run::run(&changed("theisen-week", changes).unwrap()).unwrap();
        assert!(
            report.certificates.iter().all(|c| c.certified),
            "{field}: {:?}",
            report.certificates
        );
    }
}

#[test]
fn communities_come_and_go() {
    let scenario = changed(
        "theisen-week",
        [
            ("case.communities.members.D2.takes_part", "false"),
            ("mechanism.show_interval", "5"),
        ],
    )
    .unwrap();
    let report = run::run(&scenario).unwrap();
    assert!(report.quantity("cost:transactive:D2").is_none());
    let of = |report: &Report, id: &str| value(report, id);
    for d in ["D1", "D3"] {
        let id = format!("cost:prices_to_devices:{d}");
        assert!((of(&report, &id) - of(&WEEK, &id)).abs() < 1e-9, "{d}");
    }
    assert!(of(&report, "worth") <= of(&WEEK, "worth") + 1e-9);
}

#[test]
fn limits_of_the_feeder_part_the_prices() {
    let mut case = feeder_case();
    let line = case.feeders[0]
        .lines
        .iter_mut()
        .find(|l| l.id == "F4-F5")
        .unwrap();
    line.max_s_mva = Some(1.2);
    let params = CommunityMarket {
        network: true,
        days: Some(1),
        ..CommunityMarket::default()
    };
    let system = System::new(&case, &params).unwrap();
    let network = Network::new(&case, &system).unwrap();
    let free = roll::run(&system, &params, Comparator::Transactive, None).unwrap();
    let held = roll::run(&system, &params, Comparator::Transactive, Some(&network)).unwrap();
    assert!(!held.congested.is_empty() && held.unmet.is_empty());
    assert!(free.congested.is_empty() && held.rent_usd > 0.0);
    for &t in &held.congested {
        let quantities: Vec<f64> = held.cleared_kw.iter().map(|q| q[t] - 1e-4).collect();
        assert!(!network.over(t, &quantities), "interval {t}");
        let price: Vec<f64> = held.price.iter().map(|p| p[t]).collect();
        // D1 is before the narrow line, D2 and D3 are behind it.
        assert!((price[0] - system.lse[t]).abs() < 1e-6 || held.cleared[t].lse_kw < 1e-6);
        assert!(price[1] >= price[0] - 1e-9 && (price[1] - price[2]).abs() < 1e-6);
    }
    // Everyone pays its price; what the LSE does not pass on is the rent.
    let mut kept = 0.0;
    for t in 0..system.intervals {
        let paid: f64 = (0..3)
            .map(|j| held.price[j][t] * held.cleared_kw[j][t])
            .sum();
        kept += (paid - system.lse[t] * held.cleared[t].lse_kw) * system.hours;
    }
    assert!((kept - held.rent_usd).abs() < 1e-6);
    // The cone adds the price of losses.
    let t = held.congested[0];
    let supply = roll::supply(system.lse[t], &params);
    let linear = network
        .clear(&held.bids[t], &supply, t, Physics::LinDistFlow)
        .unwrap()
        .unwrap();
    let cone = network
        .clear(&held.bids[t], &supply, t, Physics::BranchFlow)
        .unwrap()
        .unwrap();
    for j in 0..3 {
        let (a, b) = (linear.usd_per_kwh[j], cone.usd_per_kwh[j]);
        assert!(b > a - 1e-6 && b < 1.08 * a, "{j}: {a} {b}");
    }
    let behind = |c: &Within| c.cleared.quantity_kw[1] + c.cleared.quantity_kw[2];
    // Losses only lower what is worth buying behind the line.
    assert!(behind(&cone) < behind(&linear) + 1.0);
    // Feeder loads alone beyond a limit: said, not hidden.
    let tight = &mut case.clone();
    tight.feeders[0].lines[0].max_s_mva = Some(0.1);
    let network = Network::new(tight, &system).unwrap();
    let supply = roll::supply(system.lse[0], &params);
    assert!(
        network
            .clear(&free.bids[0], &supply, 0, Physics::LinDistFlow)
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_short_lse_keeps_the_rent_of_its_capacity() {
    let params = CommunityMarket {
        lse_capacity_kw: Some(900.0),
        ..CommunityMarket::default()
    };
    let (system, trace) = days(1, &params, Comparator::Transactive);
    assert!(roll::count(&trace, Kind::Shortage) > 0);
    let mut rent = 0.0;
    for (t, cleared) in trace.cleared.iter().enumerate() {
        assert!(cleared.lse_kw <= 900.0 + 1e-9);
        let above = cleared.usd_per_kwh - system.lse[t];
        if cleared.kind == Kind::Shortage && cleared.unserved_kw == 0.0 {
            assert!(above > 0.0 && (cleared.lse_kw - 900.0).abs() < 1e-6);
        }
        let total: f64 = cleared.quantity_kw.iter().sum();
        rent += system.hours * (cleared.usd_per_kwh * total - system.lse[t] * cleared.lse_kw);
    }
    assert!((rent - trace.rent_usd).abs() < 1e-6 && rent > 0.0);
}

#[test]
fn the_thread_reaches_the_iso_and_returns() {
    let scenario = gallery::document("theisen-thread").unwrap();
    let report = run::run(&scenario).unwrap();
    let number = |id: &str| value(&report, id);
    assert!(number("lmp") < number("lmp_rigid") && (number("lmp_rigid") - 114.2).abs() < 1e-6);
    assert!(number("bill") < number("bill_rigid"));
    // From the bids of the week as well.
    let (system, trace) = days(1, &CommunityMarket::default(), Comparator::Transactive);
    let params = CommunityMarket::default();
    for t in [0, 100, 150, 200] {
        let supply = roll::supply(system.lse[t], &params);
        let coupling = couple(
            &MARKETS,
            &feeder_case(),
            &trace.bids[t],
            &supply,
            system.hours,
        )
        .unwrap();
        let (demand, up) = (&coupling.demand, &coupling.responsive);
        assert_eq!(*demand, aggregate(&trace.bids[t]));
        // What the ISO serves is what the curve asks for at its LMP.
        let (least, most) = demand.at(up.lmp_usd_per_mwh / 1000.0);
        let (low, high) = (least - 1e-3, most + 1e-3);
        assert!(
            (low..=high).contains(&(1000.0 * up.taken_mw)),
            "{t}: {} {least} {most}",
            up.taken_mw
        );
        // The residual supply function made above is the curve, by ascending price.
        let width: f64 = up.rsf.iter().map(|s| s.0).sum();
        let own: f64 = demand.steps.iter().map(|s| s.width_kw).sum();
        assert!((1000.0 * width - own).abs() < 1e-3, "{t}: {width} {own}");
        assert!(up.rsf.windows(2).all(|s| s[0].1 <= s[1].1 + 1e-9));
        // Communities share what the LSE was given.
        let sum: f64 = coupling.cleared.quantity_kw.iter().sum();
        assert!((sum - 1000.0 * up.taken_mw).abs() < 1e-3);
        let paid: f64 = coupling.bill_usd.iter().sum();
        assert!((paid - coupling.cleared.usd_per_kwh * sum * system.hours).abs() < 1e-9);
    }
}

#[test]
fn inputs_out_of_range_are_refused_by_name() {
    for (id, field, value, named) in [
        (
            "theisen-week",
            "mechanism.sensitivity",
            "-1",
            "mechanism.sensitivity",
        ),
        ("theisen-week", "mechanism.steps", "0", "mechanism.steps"),
        (
            "theisen-week",
            "mechanism.show_interval",
            "1441",
            "view.step",
        ),
        (
            "theisen-week",
            "mechanism.terminal_soc",
            "1.5",
            "mechanism.terminal_soc",
        ),
        ("theisen-week", "mechanism.slider", "1", "mechanism.slider"),
        (
            "theisen-feeder-limit",
            "case.communities.members.D2.load_kw",
            "[1,2]",
            "case.communities.members.D2.load_kw",
        ),
        (
            "theisen-feeder-limit",
            "case.communities.minutes_per_interval",
            "0",
            "case.communities.minutes_per_interval",
        ),
        (
            "theisen-week",
            "case.communities.members.D1.bus",
            "L",
            "case.communities.members.D1.bus",
        ),
        (
            "theisen-week",
            "case.communities.members.D1.load_kw",
            "[1,2]",
            "case.communities.members.D1.load_kw",
        ),
        (
            "theisen-week",
            "case.communities.members.D1.battery.efficiency",
            "1.2",
            "case.communities.members.D1.battery.efficiency",
        ),
        (
            "theisen-week",
            "case.communities.members.D1.battery.initial_soc",
            "0.95",
            "case.communities.members.D1.battery.initial_soc",
        ),
        (
            "theisen-week",
            "case.communities.minutes_per_interval",
            "7",
            "case.communities.minutes_per_interval",
        ),
        (
            "theisen-week",
            "case.communities.lse_usd_per_kwh.7",
            "\"x\"",
            "case.communities.lse_usd_per_kwh.7",
        ),
        (
            "theisen-interval",
            "mechanism.given.bids.D2.min_kw",
            "400",
            "mechanism.given.bids.D2.preferred_kw",
        ),
        (
            "theisen-interval",
            "mechanism.given.bids.D2.top_usd_per_kwh",
            "0.05",
            "mechanism.given.bids.D2.top_usd_per_kwh",
        ),
    ] {
        let problems = changed(id, [(field, value)]).unwrap_err();
        assert!(
            problems.iter().any(|p| p.field == named),
            "{field}: {problems:?}"
        );
        assert!(
            problems.iter().all(|p| p.message.len() > 20),
            "{problems:?}"
        );
    }
    let nobody = ["D1", "D2", "D3"].map(|d| format!("case.communities.members.{d}.takes_part"));
    let nobody: Vec<(&str, &str)> = nobody.iter().map(|f| (f.as_str(), "false")).collect();
    assert!(changed("theisen-week", nobody).is_err());
}

#[test]
fn the_report_is_lean_and_can_be_swept_and_written_as_a_program() {
    let report = &*WEEK;
    let by_clock = report
        .series
        .iter()
        .filter(|s| matches!(s.index, Index::Clock));
    assert!(by_clock.clone().all(|s| s.values.len() == 1440));
    assert!(by_clock.count() < 60);
    let size = serde_json::to_string(report).unwrap().len();
    assert!(size < 1_300_000, "{size}");
    let scenario = gallery::document("theisen-interval").unwrap();
    let point = sweep::point(
        &mut Session::new(scenario.clone()),
        &scenario,
        "mechanism.given.lse_usd_per_kwh",
        0.09,
    )
    .unwrap();
    let price = point
        .iter()
        .find(|q| q.id == "price")
        .unwrap()
        .value
        .unwrap();
    assert!((price - 9.0).abs() < 1e-9);
    let lp = run::lp_file(&gallery::document("theisen-week").unwrap(), 1234).unwrap();
    assert!(lp.contains("balance") && lp.contains("LSE"));
    assert!(run::lp_file(&gallery::document("theisen-week").unwrap(), 1441).is_err());
}

/// Prices are those of the case, and demands add up, far below what a rounded series could.
#[test]
fn series_keep_every_digit() {
    let report = &*WEEK;
    let values = |id: &str| &report.series(id).unwrap().values;
    let case = feeder_case();
    let market = case.communities.as_ref().unwrap();
    for (ours, lse) in values("lse_price").iter().zip(&market.lse_usd_per_kwh) {
        assert_eq!(*ours, 100.0 * lse);
    }
    for t in 0..1440 {
        let sum: f64 = ["D1", "D2", "D3"]
            .iter()
            .map(|id| values(&format!("q:{id}"))[t])
            .sum();
        let net = values("net:transactive")[t];
        assert!(
            (sum - net).abs() < 1e-9 * (1.0 + net.abs()),
            "{t}: {sum} {net}"
        );
        for id in ["D1", "D2", "D3"] {
            let (kw, mw) = (
                values(&format!("q:{id}"))[t],
                values(&format!("load:{id}"))[t],
            );
            assert_eq!(mw, kw / 1e3, "{id} at {t}");
        }
    }
}

#[test]
fn the_week_is_the_same_everywhere() {
    // The page's tests hold the WebAssembly module to the same number.
    let scenario = gallery::document("theisen-week").unwrap();
    let report = tandem::run::run(&scenario).unwrap();
    let value = |id: &str| report.quantity(id).unwrap().value.unwrap();
    assert!((value("cost:transactive") - 7915.3052).abs() < 1e-3);
    assert!((value("cost:prices_to_devices") - 8039.2430).abs() < 1e-3);
}
