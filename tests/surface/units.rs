//! One currency and one unit of power in a case: what stands side by side can be compared.

use std::collections::{BTreeMap, BTreeSet};

use tandem::report::units::read_in;
use tandem::report::{Guess, Index, Report};
use tandem::session::Session;

/// What a unit is of; nothing where there is no choice of another.
fn kind(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "MW" | "kW" => "power",
        "MVA" | "kVA" => "apparent power",
        "Mvar" | "kvar" => "reactive power",
        "MWh" | "kWh" => "energy",
        "$" | "€" | "¢" | "k$" => "money",
        unit if unit.contains(' ') => return None,
        unit if unit.ends_with("/MWh") || unit.ends_with("/kWh") => "price",
        _ => return None,
    })
}

type Found = BTreeMap<&'static str, BTreeSet<String>>;

fn note(found: &mut Found, unit: &str) {
    if let Some(kind) = kind(unit) {
        found.entry(kind).or_default().insert(unit.into());
    }
}

/// Units of everything that stands in a report, as it is read.
fn of_report(report: &Report, found: &mut Found) {
    for series in &report.series {
        note(found, &series.unit);
        if let Index::Numbers { unit, .. } = &series.index {
            note(found, unit);
        }
    }
    for quantity in &report.summary {
        note(found, &quantity.unit);
    }
    for table in &report.tables {
        for column in &table.columns {
            note(found, &column.unit);
        }
        for cell in table.rows.iter().flatten() {
            if let tandem::report::Cell::Text(text) = cell {
                note(found, text);
            }
        }
    }
    for chart in &report.charts {
        note(found, &chart.x.unit);
        note(found, &chart.y.unit);
    }
    // A sentence has a number before a unit, a no-break space between.
    for text in sentences(report) {
        for (_, after) in text.match_indices('\u{a0}').map(|(k, _)| text.split_at(k)) {
            let unit = after
                .trim_start_matches('\u{a0}')
                .split([' ', ',', ';', ':', '.', ')']);
            note(found, unit.take(1).next().unwrap_or_default());
        }
    }
}

/// What is said outside of parentheses.
fn sentences(report: &Report) -> Vec<String> {
    let charts = report.charts.iter().map(|c| &c.summary);
    let notes = report.tables.iter().map(|t| &t.note);
    let badges = report.badges.iter().map(|b| &b.text);
    let all = [&report.headline, &report.situation].into_iter();
    let all = all
        .chain(&report.answer)
        .chain(charts)
        .chain(notes)
        .chain(badges);
    all.map(|text| outside(text)).collect()
}

fn outside(text: &str) -> String {
    let mut depth = 0_i32;
    let keep = |c: &char| {
        depth += i32::from(*c == '(');
        let kept = depth == 0;
        depth -= i32::from(*c == ')');
        kept
    };
    text.chars().filter(keep).collect()
}

/// Two kinds of places may have another unit: in parentheses the ISO's own $/MWh, where the subject is the market of
/// transmission (the thread from a community's bid to the LMP); and a printed number beside ours, in the unit it is
/// printed in, which is compared digit by digit. Nothing else.
pub fn are_one_in_a_case(id: &str, session: &Session) {
    let mut found = Found::new();
    let report = session.report().unwrap();
    let asked = report.lesson.iter().flat_map(|lesson| &lesson.predict);
    for predict in asked {
        if let Guess::Number { unit, .. } | Guess::Sketch { unit, .. } = &predict.guess {
            note(&mut found, unit);
        }
    }
    if let Some(task) = &report.task {
        note(&mut found, &task.unit);
    }
    of_report(&report.read(), &mut found);
    for field in session.form().iter().flat_map(|section| section.all()) {
        note(&mut found, &field.unit);
    }
    let several = found.iter().filter(|(_, units)| units.len() > 1);
    let mixed: Vec<String> = several
        .map(|(kind, units)| format!("{id}: {kind} in {units:?}"))
        .collect();
    assert!(mixed.is_empty(), "{mixed:#?}");
    let of = |kind: &str| found.get(kind).and_then(|units| units.first());
    if id.starts_with("theisen") {
        assert_eq!(of("price").map(String::as_str), Some("¢/kWh"), "{id}");
        assert_eq!(of("power").map(String::as_str), Some("kW"), "{id}");
    }
}

/// What is handed on keeps the units of the system: 11.42 ¢/kWh are read, 114.2 $/MWh stand in the report.
#[test]
fn a_report_is_read_in_other_units_than_it_is_handed_on() {
    let mut session = Session::preset("theisen-thread").unwrap();
    session.solve().unwrap();
    let report = session.report().unwrap();
    let of = |report: &Report, id: &str| {
        let quantity = report.quantity(id).unwrap();
        (quantity.value.unwrap(), quantity.unit.clone())
    };
    let (handed, read) = (
        of(&report, "lmp_rigid"),
        of(&report.clone().read(), "lmp_rigid"),
    );
    assert!((handed.0 - 114.2).abs() < 1e-6 && handed.1 == "$/MWh");
    assert!((read.0 - 11.42).abs() < 1e-7 && read.1 == "¢/kWh");
    let series = |report: &Report| report.series("load:D2").unwrap().clone();
    let (handed, read) = (series(&report), series(&report.clone().read()));
    assert_eq!((handed.unit.as_str(), read.unit.as_str()), ("MW", "kW"));
    assert!((1000.0 * handed.values[0] - read.values[0]).abs() < 1e-9);
    assert_eq!(read_in(&report.units, "$/MWh"), ("¢/kWh", 0.1));
}

/// An input is read in ¢/kWh and typed in it: 10.42 of the form are 0.1042 of the document, digit by digit.
#[test]
fn an_input_keeps_its_path_and_its_digits() {
    let session = Session::preset("theisen-interval").unwrap();
    let path = "mechanism.given.bids.D1.top_usd_per_kwh";
    let sections = session.form();
    let mut all = sections.iter().flat_map(|section| section.all());
    let field = all.find(|field| field.path == path).unwrap();
    assert_eq!((field.unit.as_str(), field.times), ("¢/kWh", Some(100.0)));
    assert_eq!(field.value.as_f64(), Some(10.42));
    assert_eq!(field.step, Some(0.01));
}
