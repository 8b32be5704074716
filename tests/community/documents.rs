//! Presets, inputs and reports of community markets.

use super::{IDS, WEEK, feeder_case};
use crate::testing::changes::changed;
use tandem::chart::{self, View};
use tandem::report::{Cell, Index, Mark, Report, Role};
use tandem::scenario::{Mechanism, Scenario, gallery};
use tandem::session::Session;
use tandem::{run, sweep};

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
        "theisen-voltages",
        "theisen-noise",
        "theisen-two-feeders",
        "theisen-thermal",
        "theisen-reserve",
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

fn badges(report: &Report) -> Vec<&str> {
    report.badges.iter().map(|b| &*b.text).collect()
}

/// Where nothing is cleared nothing is said, drawn or tabled of a clearing.
#[test]
fn only_the_market_is_told_as_a_market() {
    for (way, cleared) in [
        ("base", false),
        ("tariff", false),
        ("prices_to_devices", false),
        ("transactive", true),
    ] {
        let document = changed("theisen-week", [("view.outcome", way)]).unwrap();
        let report = run::run(&document).unwrap();
        let said = badges(&report);
        for text in [
            "interval 1234 as cleared: the communities serve each other",
            "payments sum to zero",
        ] {
            assert_eq!(said.contains(&text), cleared, "{way}: {said:?}");
        }
        assert_eq!(report.chart("clearing").is_some(), cleared, "{way}");
        let table = |id: &str| report.tables.iter().any(|t| t.id == id);
        assert_eq!((table("interval"), table("bids")), (cleared, cleared));
        assert!(said.contains(&"the metered flow stays within all limits"));
    }
}

/// Where the answer is about a peak, or the lowest voltage, the page opens at it.
#[test]
fn the_interval_that_opens_is_that_of_the_answer() {
    for (id, series, sign) in [
        ("theisen-tariff", "import:tariff", 1.0),
        ("theisen-prices-to-devices", "import:prices_to_devices", 1.0),
        ("theisen-voltages", "u0:D1", -1.0),
    ] {
        let report = run::run(&gallery::document(id).unwrap()).unwrap();
        let values = &report.series(series).unwrap().values;
        let shown = sign * values[report.start.unwrap()];
        assert!(values.iter().all(|v| sign * v <= shown), "{id}");
    }
}

/// The clearing and the flow each have their count, from the numbers that summary and table show.
#[test]
fn a_limit_is_reached_in_the_clearing_and_passed_by_the_flow() {
    let report = run::run(&gallery::document("theisen-feeder-limit").unwrap()).unwrap();
    let said = badges(&report);
    let reached = report.quantity("congested").unwrap().value.unwrap();
    let rows = &report
        .tables
        .iter()
        .find(|t| t.id == "feeder")
        .unwrap()
        .rows;
    let Some(Cell::Number(passed)) = rows[3].last() else {
        panic!("no count");
    };
    assert!(reached > 1.0 && *passed > 1.0, "{reached} {passed}");
    for text in [
        format!("the clearing reaches a limit in {reached} intervals"),
        format!("the metered flow passes a limit in {passed} intervals"),
    ] {
        assert!(said.contains(&&*text), "{said:?}");
    }
    let explained = format!("and passes a limit in {passed} intervals.");
    assert!(report.messages.iter().any(|m| m.text.ends_with(&explained)));
}

/// With the reaction in full lines, without it dashed, and of the community alone that would leave its band: the
/// others hardly move.
#[test]
fn voltages_show_who_would_leave_the_band() {
    let report = run::run(&gallery::document("theisen-voltages").unwrap()).unwrap();
    let marks = &report.chart("member_voltage").unwrap().marks;
    let lines = marks.iter().filter_map(|mark| match mark {
        Mark::Line {
            series,
            role,
            dashed,
            shown: true,
            ..
        } => Some((&**series, *role, *dashed)),
        _ => None,
    });
    // D2 would stay within it.
    let expected = [
        ("u:D1", Role::Aggregator, false),
        ("u:D3", Role::Aggregator, false),
        ("u0:D1", Role::Reference, true),
        ("u0:D3", Role::Reference, true),
    ];
    assert_eq!(lines.collect::<Vec<_>>(), expected);
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

/// The flows in the picture are metered, the badge of an interval is of its clearing: what lies between is told.
#[test]
fn metered_and_cleared_are_told_apart() {
    let report = run::run(&gallery::document("theisen-week").unwrap()).unwrap();
    let at = report.start.unwrap();
    let metered = report.series("net:transactive").unwrap().values[at];
    let number = |id: &str| report.quantity(id).unwrap().value.unwrap();
    let cleared: f64 = ["q:D1", "q:D2", "q:D3"].map(number).iter().sum();
    let off = metered - cleared;
    assert!(off > 1.0, "{off}");
    let text = format!("metered {off:.1}\u{a0}kW above the clearing");
    let said = badges(&report);
    assert!(said.contains(&&*text), "{text} {said:?}");
}

/// Where limits part the prices, what is drawn is what somebody pays.
#[test]
fn prices_that_are_paid_are_drawn() {
    for (id, network) in [
        ("theisen-feeder-limit", true),
        ("theisen-two-feeders", true),
        ("theisen-week", false),
    ] {
        let report = run::run(&gallery::document(id).unwrap()).unwrap();
        let marks = &report.chart("prices").unwrap().marks;
        let shown = |own: &str| {
            marks
                .iter()
                .any(|mark| matches!(mark, Mark::Line { series, shown: true, .. } if series == own))
        };
        assert_eq!(shown("price"), !network, "{id}");
        assert_eq!(shown("price:D1") && shown("price:D2"), network, "{id}");
        assert!(!shown("feeder_price:F"), "{id}");
    }
}

/// A line that may send back 100 kW and sends more is loaded by more than its limit, as the least import says.
#[test]
fn a_limit_of_one_direction_counts_as_loading() {
    let report = run::run(&gallery::document("theisen-two-feeders").unwrap()).unwrap();
    let greatest = report
        .series("loading:F/F0-F1")
        .unwrap()
        .values
        .iter()
        .copied()
        .fold(0.0, f64::max);
    let table = report.tables.iter().find(|t| t.id == "feeder").unwrap();
    let column = table
        .columns
        .iter()
        .position(|c| c.name == "largest loading")
        .unwrap();
    let Cell::Number(told) = table.rows[3][column] else {
        panic!("no loading");
    };
    assert!(
        told > 125.0 && told + 1e-6 >= 100.0 * greatest,
        "{told} {greatest}"
    );
}
