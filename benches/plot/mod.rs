//! Plots of what the benchmarks found, for `docs/`.

use std::path::Path;

use tandem::chart::{self, View};
use tandem::report::{Axis, Chart, Index, Mark, Report, Role, Series};

/// Seconds at growing sizes.
pub struct Line<'a> {
    pub name: &'a str,
    pub points: &'a [(f64, f64)],
}

/// Draws seconds against `what` into `docs/<file>.svg`.
pub fn draw(file: &str, title: &str, what: &str, lines: &[Line]) {
    let axis = |label: &str, unit: &str| Axis {
        label: label.into(),
        unit: unit.into(),
        zero: true,
        holds: None,
    };
    let series = lines.iter().map(|line| Series {
        id: line.name.into(),
        name: line.name.into(),
        unit: "s".into(),
        index: Index::Numbers {
            name: what.into(),
            unit: String::new(),
            at: line.points.iter().map(|p| p.0).collect(),
        },
        values: line.points.iter().map(|p| p.1).collect(),
        subject: None,
    });
    let marks = lines.iter().enumerate().map(|(k, line)| Mark::Line {
        series: line.name.into(),
        role: if k == 0 {
            Role::Aggregator
        } else {
            Role::Reference
        },
        step: false,
        points: true,
        dashed: k > 0,
        shown: true,
    });
    let report = Report {
        series: series.collect(),
        charts: vec![Chart {
            id: "scaling".into(),
            title: title.into(),
            x: axis(what, ""),
            y: axis("time", "s"),
            marks: marks.collect(),
            summary: String::new(),
            topic: tandem::report::Topic::default(),
            square: false,
            probe: None,
            home: None,
            small: false,
            layers: Vec::new(),
        }],
        ..Report::default()
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{file}.svg"));
    match chart::draw(&report, "scaling", &View::default()) {
        Ok(drawing) => std::fs::write(path, drawing.svg).expect("docs can be written"),
        Err(why) => eprintln!("{file}: {why}"),
    }
}
