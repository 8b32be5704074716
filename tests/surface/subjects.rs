//! What of a case the parts of a report are of.

use std::collections::HashSet;

use tandem::case::Case;
use tandem::report::{Report, Subject, SubjectKind};
use tandem::session::Session;

fn things(case: &Case) -> HashSet<(&'static str, String)> {
    let mut all = HashSet::new();
    let mut add = |kind: SubjectKind, id: String| all.insert((name(kind), id));
    for bus in &case.buses {
        add(SubjectKind::Bus, bus.id.clone());
    }
    for branch in &case.branches {
        add(SubjectKind::Branch, branch.id.clone());
    }
    for party in case.parties() {
        add(SubjectKind::Party, party.into());
    }
    for boundary in &case.boundaries {
        add(SubjectKind::Boundary, boundary.id.clone());
    }
    for feeder in &case.feeders {
        for bus in &feeder.buses {
            add(SubjectKind::Bus, bus.id.clone());
        }
        for line in &feeder.lines {
            add(SubjectKind::Branch, format!("{}/{}", feeder.id, line.id));
        }
    }
    for zone in case.balancing.iter().flat_map(|b| &b.zones) {
        add(SubjectKind::Zone, zone.id.clone());
        for limit in &zone.limits {
            add(SubjectKind::Branch, format!("{}/{}", zone.id, limit.id));
        }
    }
    all
}

fn name(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Bus => "bus",
        SubjectKind::Branch => "branch",
        SubjectKind::Party => "party",
        SubjectKind::Boundary => "boundary",
        SubjectKind::Zone => "zone",
    }
}

fn subjects(report: &Report) -> impl Iterator<Item = (&str, &Subject)> {
    let series = report.series.iter().map(|s| (&*s.id, s.subject.as_ref()));
    let tables = report.tables.iter().flat_map(|table| {
        let columns = table.columns.iter().map(|column| column.subject.as_ref());
        let rows = table.row_subjects.iter().map(Option::as_ref);
        columns.chain(rows).map(|subject| (&*table.id, subject))
    });
    let parties = report.parties.iter().map(|party| ("parties", Some(party)));
    let all = series.chain(tables).chain(parties);
    all.filter_map(|(place, subject)| Some((place, subject?)))
}

/// What the parts of a solved preset's report are of is in its case, or plays there.
pub fn are_things_of_the_case(id: &str, session: &Session) {
    let report = session.report().unwrap();
    let known = things(&session.scenario().case);
    for (place, Subject { kind, id: of }) in subjects(&report) {
        let plays = *kind == SubjectKind::Party && report.explains_parties.contains(of);
        let found = plays || known.contains(&(name(*kind), of.clone()));
        assert!(found, "{id}, {place}: there is no {} {of}", name(*kind));
    }
    for table in report.tables.iter().filter(|t| !t.row_subjects.is_empty()) {
        assert_eq!(
            table.row_subjects.len(),
            table.rows.len(),
            "{id}, {}",
            table.id
        );
    }
    // Every flow, price and output can be selected.
    for series in &report.series {
        let item = series.id.split_once(':');
        let told = item
            .filter(|(kind, _)| ["flow", "loading", "lmp", "p", "load", "export"].contains(kind));
        assert!(
            told.is_none() || series.subject.is_some(),
            "{id}: {}",
            series.id
        );
    }
    for section in session.form() {
        for row in section.table.iter().flat_map(|table| &table.rows) {
            let Some(Subject { kind, id: of }) = &row.subject else {
                continue;
            };
            assert!(known.contains(&(name(*kind), of.clone())), "{id}: {of}");
        }
    }
}
