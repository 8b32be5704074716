//! The AC power flow of feeders: by hand, against other programs, and where there is none.

use tandem::case::{Case, builtin};
use tandem::chart;
use tandem::market::power_flow::PowerFlow;
use tandem::market::{View, run};
use tandem::report::{Index, Report, Status};
use tandem::run as asked;
use tandem::scenario::gallery;

fn value(report: &Report, id: &str) -> f64 {
    report.quantity(id).unwrap().value.unwrap()
}

fn with(case: &Case, change: impl FnOnce(&mut PowerFlow)) -> Report {
    let mut question = PowerFlow::default();
    change(&mut question);
    run(case, &question).unwrap()
}

/// One line of 1 ohm and 2 ohm at 10 kV, 0.01 and 0.02 p.u., with 3 MW and 1 Mvar at its end.
fn line() -> Case {
    let mut case = builtin("baran-wu-33").unwrap();
    case.balancing = None;
    let feeder = &mut case.feeders[0];
    feeder.base_kv = 10.0;
    feeder.buses.truncate(2);
    feeder.lines.truncate(1);
    (feeder.buses[1].p_load_mw, feeder.buses[1].q_load_mvar) = (3.0, 1.0);
    (feeder.lines[0].r_ohm, feeder.lines[0].x_ohm) = (1.0, 2.0);
    case
}

#[test]
fn a_line_by_hand() {
    // With u = |V_2|²: u² + u (2 (rP + xQ) − V_1²) + (r² + x²)(P² + Q²) = 0,
    // u² − 0.9 u + 0.005 = 0, so u = 0.45 + √0.1975; the losses are r (P² + Q²) / u.
    let u = 0.45 + 0.1975_f64.sqrt();
    let report = with(&line(), |_| ());
    assert!((value(&report, "least_v") - u.sqrt()).abs() < 1e-9);
    assert!((value(&report, "loss_kw") - 1e3 * 0.01 * 10.0 / u).abs() < 1e-6);
    assert!((value(&report, "loss_kvar") - 1e3 * 0.02 * 10.0 / u).abs() < 1e-6);
    assert!((value(&report, "import_mw") - 3.0 - 0.1 / u).abs() < 1e-9);
    assert!(report.certificates.iter().all(|c| c.certified));
    assert_eq!(report.status, Status::Solved);
}

#[test]
fn a_load_that_no_voltage_carries() {
    // A root u exists while (1 − 2k(rP + xQ))² ≥ 4 k² (r² + x²)(P² + Q²), 1 − 0.1 k ≥ 2 k √0.005:
    // k up to 1 / (0.1 + 2 √0.005) = 4.142.
    let settled = with(&line(), |q| q.load_factor = 4.1);
    assert_eq!(settled.status, Status::Solved);
    let report = with(&line(), |q| q.load_factor = 4.3);
    assert_eq!(report.status, Status::Infeasible);
    let message = &report.messages[0];
    assert_eq!(message.field.as_deref(), Some("mechanism.load_factor"));
    let cure = &message.cures[0];
    assert!((4.0..4.15).contains(&cure.value), "{}", cure.value);
    let cured = with(&line(), |q| q.load_factor = cure.value);
    assert_eq!(cured.status, Status::Solved);
    assert!(report.certificates.is_empty());
}

#[test]
fn limits_passed_are_counted_and_generation_lifts_the_voltage() {
    let mut case = line();
    case.feeders[0].buses[1].min_v_pu = 0.96;
    case.feeders[0].lines[0].max_s_mva = Some(3.0);
    let report = with(&case, |_| ());
    let badges: Vec<&str> = report.badges.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(
        badges,
        ["equations met", "1 voltage outside", "1 line outside"]
    );
    let bus = case.feeders[0].buses[1].id.clone();
    let lifted = with(&case, |q| {
        q.generation_mw.insert(bus, 5.0);
    });
    assert!(value(&lifted, "import_mw") < 0.0);
    assert!(lifted.headline.contains("sends up"), "{}", lifted.headline);
    assert!(value(&lifted, "least_v") > value(&report, "least_v"));
}

#[test]
fn every_preset_agrees_with_what_others_found() {
    // 33 buses: as printed. 69 buses: by another program, the fixed point of V = w + Y⁻¹ (S/V)*.
    for (id, numbers) in [
        ("baran-wu-33-flow", 2),
        ("baran-wu-69-flow", 3),
        ("baran-wu-33", 2),
    ] {
        let report = asked::run(&gallery::document(id).unwrap()).unwrap();
        let rows: Vec<_> = report
            .published
            .iter()
            .chain(&report.also_computed)
            .collect();
        assert_eq!(rows.len(), numbers, "{id}");
        for row in rows {
            assert!(row.agrees, "{id} {}: {:?}", row.item, row.ours);
        }
        assert!(report.certificates.iter().all(|c| c.certified), "{id}");
    }
}

#[test]
fn the_feeder_shown_is_the_one_asked_for() {
    let document = gallery::document("wang-day").unwrap().power_flow().unwrap();
    assert_eq!(
        document.view.feeder.as_deref(),
        Some(document.case.feeders[0].id.as_str())
    );
    let mut session = tandem::session::Session::new(document);
    session.solve().unwrap();
    let view = View {
        feeder: Some("DSO3".into()),
        ..View::default()
    };
    session.look(view).unwrap();
    let report = session.report().unwrap();
    assert!(report.headline.starts_with("DSO3"), "{}", report.headline);
    let problems = session.set("view.feeder", "DSO9").unwrap_err();
    assert!(problems[0].message.contains("DSO1"), "{}", problems[0]);
    // A case without a feeder says so.
    let problems = gallery::document("zuo-4node")
        .unwrap()
        .power_flow()
        .unwrap_err();
    assert_eq!(problems[0].field, "case.feeders");
}

/// Buses 19, 23 and 26 of Baran and Wu's feeder hang on buses 2, 3 and 6: nothing joins them to 18, 22 and 25.
#[test]
fn the_profile_of_voltages_is_broken_where_a_branch_ends() {
    let report = asked::run(&gallery::document("baran-wu-33-flow").unwrap()).unwrap();
    let profile = report.series("profile").unwrap();
    let Index::Numbers { at, .. } = &profile.index else {
        panic!("{:?}", profile.index)
    };
    let pairs = at.iter().zip(&profile.values);
    let broken: Vec<f64> = pairs.filter(|(_, v)| v.is_nan()).map(|(x, _)| *x).collect();
    assert_eq!(broken, [18.5, 22.5, 25.5]);
    let table = chart::table(&report, "voltage").unwrap();
    assert_eq!(table.rows.len(), 33);
}
