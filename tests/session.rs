//! A session solves when it is asked to, and never to show something. A program of its own: solves are counted
//! for the whole of it.

use std::sync::Mutex;

use tandem::opt::solves;
use tandem::report::Report;
use tandem::scenario::{Document, Mechanism, gallery, link};
use tandem::session::Session;

/// The counter is one for all threads.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Every view of a preset of each mechanism.
const VIEWS: [(&str, &[(&str, &str)]); 5] = [
    ("zuo-4node", &[("view.step", "3")]),
    (
        "mezghani-s5",
        &[("view.feeder", "D-net"), ("view.step", "1")],
    ),
    (
        "wang-table2",
        &[("view.players.0", "DSO3"), ("view.players.1", "ISO")],
    ),
    (
        "khojasteh-k33",
        &[
            ("view.step", "19"),
            ("view.outcome", "truthful"),
            ("view.outcome", "own"),
            ("view.outcome", "tso_only"),
        ],
    ),
    (
        "theisen-feeder-limit",
        &[
            ("view.step", "100"),
            ("view.outcome", "base"),
            ("view.outcome", "prices_to_devices"),
        ],
    ),
];

#[test]
fn a_view_solves_nothing() {
    let _alone = ONE_AT_A_TIME.lock();
    for (id, views) in VIEWS {
        let mut session = Session::preset(id).unwrap();
        session.solve().unwrap();
        let first = session.report().unwrap();
        let before = solves();
        for (field, value) in views {
            session.set(field, value).unwrap();
            assert!(session.is_solved(), "{id}: {field}");
            session.solve().unwrap();
            let report = session.report().unwrap();
            // Only where a market is cleared is there a clearing to be drawn.
            let charts = |report: &Report| {
                let ids = report.charts.iter().map(|chart| chart.id.clone());
                ids.filter(|id| id != "clearing").collect::<Vec<_>>()
            };
            assert_eq!(charts(&report), charts(&first), "{id}: {field} = {value}");
            for chart in &report.charts {
                tandem::chart::draw(&report, &chart.id, &tandem::chart::View::default()).unwrap();
            }
            session.form();
            session.link();
        }
        assert_eq!(solves() - before, 0, "{id}");
    }
}

#[test]
fn the_question_of_a_preset_is_solved_once_and_only_when_asked_for() {
    let _alone = ONE_AT_A_TIME.lock();
    let mut session = Session::preset("mezghani-s1").unwrap();
    session.set("mechanism.scheme", "common").unwrap();
    session.solve().unwrap();
    let before = solves();
    assert_eq!(session.report().unwrap().task.unwrap().answer, None);
    assert_eq!(solves(), before);
    // Mezghani et al., scenario 1: 2.5 $/MWh.
    assert!((session.task().unwrap().answer.unwrap() - 2.5).abs() < 1e-6);
    let once = solves();
    assert!(once > before);
    session.set("mechanism.scheme", "rsf").unwrap();
    assert!((session.task().unwrap().answer.unwrap() - 2.5).abs() < 1e-6);
    assert_eq!(solves(), once);
}

/// What once was an input and is now looked at: links and files of before open as they did.
#[test]
fn views_of_before_open() {
    let step = |fragment: &str| link::decode(fragment).unwrap().view.step;
    assert_eq!(
        step("p=theisen-week&v=1&mechanism.show_interval=100"),
        Some(100)
    );
    assert_eq!(step("p=khojasteh-k33&v=1&mechanism.show_hour=19"), Some(19));
    let outcome = |fragment: &str| link::decode(fragment).unwrap().view.outcome.unwrap();
    assert_eq!(
        outcome("p=theisen-week&v=1&mechanism.comparator=tariff"),
        "tariff"
    );
    assert_eq!(
        outcome("p=khojasteh-k33&v=1&mechanism.behaviour=truthful"),
        "truthful"
    );
    let bargain =
        link::decode("p=wang-day&v=1&mechanism.show_players.1=DSO4&mechanism.show_slot=3");
    let bargain = bargain.unwrap();
    assert_eq!(bargain.view.players, Some(("ISO".into(), "DSO4".into())));
    let Mechanism::Bargaining(params) = &bargain.mechanism else {
        panic!("another mechanism");
    };
    assert_eq!(params.slot, 3);
    // A whole scenario as it was written before.
    let mut value = gallery::document("khojasteh-k33").unwrap().to_value();
    value.as_object_mut().unwrap().remove("view");
    let mechanism = value["mechanism"].as_object_mut().unwrap();
    for name in ["hour", "resources"] {
        let value = mechanism.remove(name).unwrap();
        mechanism.insert(format!("show_{name}"), value);
    }
    mechanism.insert("behaviour".into(), "tso_only".into());
    let opened = Document::from_value(value).unwrap();
    let preset = gallery::document("khojasteh-k33").unwrap();
    assert_eq!(opened.mechanism, preset.mechanism);
    assert_eq!(opened.view.step, Some(7));
    assert_eq!(opened.view.outcome.as_deref(), Some("tso_only"));
}

#[test]
fn a_view_travels_in_a_link_beside_the_scenario() {
    let mut session = Session::preset("theisen-week").unwrap();
    session.set("view.step", "100").unwrap();
    let link = session.link();
    assert_eq!(link.fragment, "p=theisen-week&v=1&view.step=100");
    assert_eq!(link::decode(&link.fragment).unwrap(), *session.document());
    let refused = session.set("view.step", "1441").unwrap_err();
    assert_eq!(refused[0].field, "view.step");
    let refused = session.set("view.outcome", "cheapest").unwrap_err();
    assert_eq!(refused[0].field, "view.outcome");
    assert_eq!(session.view().step, Some(100));
}

/// Found by mutated input: `--set ==01` once was refused without a field.
#[test]
fn a_field_without_a_name_is_refused_by_one() {
    let mut value = gallery::document("zuo-4node").unwrap().to_value();
    tandem::scenario::set(&mut value, "", "=01").unwrap();
    let problems = Document::from_value(value).unwrap_err();
    assert_eq!(problems[0].field, "\"\"");
}
