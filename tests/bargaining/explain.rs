//! Payments explained: the report's numbers, parts that add up, gains in proportion to the powers.

use tandem::report::{Explained, Report, SubjectKind};
use tandem::scenario::{Mechanism, gallery};
use tandem::session::Session;

fn near(ours: f64, expected: f64, within: f64) -> bool {
    (ours - expected).abs() <= within * (1.0 + expected.abs())
}

fn solved(id: &str, set: &[(&str, &str)]) -> (Session, Report) {
    let mut session = Session::new(gallery::document(id).unwrap());
    for (path, text) in set {
        session.set(path, text).unwrap();
    }
    session.solve().unwrap();
    let report = session.report().unwrap();
    (session, report)
}

/// Every payment of every player in every slot, by the rule the session has.
fn holds(session: &Session, report: &Report, rule: &str) -> usize {
    let mut count = 0;
    let series = report.series.iter();
    let payments = series.filter_map(|s| {
        let paid = format!("paid:{rule}:");
        let player = s.id.strip_prefix(&paid);
        let player = player.or_else(|| (s.id == format!("charge:{rule}")).then_some("ISO"));
        Some((player?.to_string(), s.values.clone()))
    });
    for (player, values) in payments {
        for (t, &value) in values.iter().enumerate() {
            let subject = SubjectKind::Party.of(&*player).unwrap();
            let one: Explained = session.explain(&subject, t + 1).unwrap();
            let what = format!("{rule} {player} {}: {one:?}", t + 1);
            assert!(near(one.value, value, 1e-9), "{value}, {what}");
            let parts = one.parts.iter().map(|part| part.value);
            let size = parts
                .clone()
                .fold(0.0_f64, |size, part| size.max(part.abs()));
            let off = (parts.sum::<f64>() - value).abs();
            assert!(
                off <= 1e-9 * (1.0 + value.abs()) + 1e-12 * size,
                "{off}, {what}"
            );
            let proved = one.proofs.iter();
            assert!(
                proved
                    .clone()
                    .all(|p| (p.solved - p.predicted).abs() <= 1e-7 * (1.0 + size)),
                "{what}"
            );
            count += 1;
        }
    }
    count
}

#[test]
fn every_payment_of_every_preset_adds_up_and_shares_as_stated() {
    let mut count = 0;
    for id in gallery::ids() {
        let scenario = gallery::document(id).unwrap();
        let Mechanism::Bargaining(params) = &scenario.mechanism else {
            continue;
        };
        let day = params.given.is_none();
        let (mut session, report) = solved(id, &[]);
        for rule in ["nash", "telescoping", "lmp"] {
            if rule == "lmp" && !day {
                continue;
            }
            session.set("mechanism.settlement", rule).unwrap();
            session.solve().unwrap();
            count += holds(&session, &report, rule);
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn where_payments_are_limited_the_others_share_in_proportion() {
    let (session, report) = solved("wang-day", &[("mechanism.most_paid_usd", "1")]);
    assert!(holds(&session, &report, "nash") > 20);
}

#[test]
fn who_does_not_bargain_is_told_so() {
    let (session, _) = solved("wang-table2", &[]);
    let why = |kind: SubjectKind, id: &str| {
        let problems = session.explain(&kind.of(id).unwrap(), 1).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<String>()
    };
    assert!(why(SubjectKind::Bus, "1").contains("ask for one of ISO"));
    assert!(why(SubjectKind::Party, "DSO11").contains("Did you mean DSO1?"));
}
