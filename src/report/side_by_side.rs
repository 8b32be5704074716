//! What was run side by side, on one scale: a row for each, its numbers as dots.

use super::plots::{axis, over, plot};
use super::{Alternative, Chart, Mark, Report, Role, Series, amount};

/// What was run side by side, in the order of the picture.
pub struct SideBySide {
    /// One of them, in a word: `scheme`.
    pub one: &'static str,
    pub rows: Vec<Row>,
}

/// One of what was run side by side.
pub struct Row {
    pub alternative: Alternative,
    /// What it does beyond a limit, in words; empty for nothing.
    pub over: String,
}

impl Row {
    /// One that has an answer.
    pub fn new(id: &str, name: &str, changes: Vec<(String, serde_json::Value)>) -> Row {
        Row {
            alternative: Alternative {
                id: id.into(),
                name: name.into(),
                changes,
                opens: String::new(),
                now: false,
                refused: String::new(),
            },
            over: String::new(),
        }
    }

    /// Beyond a limit by so much, in words.
    pub fn over(self, over: String) -> Row {
        Row { over, ..self }
    }
}

/// A number of every row; NaN where a row has none.
pub struct Dots {
    pub id: String,
    pub name: String,
    pub role: Role,
    /// Not the last word: a ring.
    pub hollow: bool,
    /// Of one party: joined from row to row.
    pub joined: bool,
    pub values: Vec<f64>,
}

impl Dots {
    /// Full dots.
    pub fn new(id: String, name: impl Into<String>, role: Role, values: Vec<f64>) -> Dots {
        Dots {
            id,
            name: name.into(),
            role,
            hollow: false,
            joined: false,
            values,
        }
    }

    /// As rings.
    pub fn hollow(self) -> Dots {
        Dots {
            hollow: true,
            ..self
        }
    }

    /// Joined from row to row.
    pub fn joined(self) -> Dots {
        Dots {
            joined: true,
            ..self
        }
    }
}

impl SideBySide {
    /// A dot plot of some numbers, all in the unit of its scale.
    pub fn chart(
        &self,
        (id, title): (&str, String),
        (label, unit): (&str, &str),
        dots: Vec<Dots>,
        summary: String,
    ) -> (Vec<Series>, Chart) {
        let of = |row: &Row| row.alternative.id.clone();
        let mut marks = vec![Mark::Rows {
            names: self
                .rows
                .iter()
                .map(|r| r.alternative.name.clone())
                .collect(),
            alternatives: self.rows.iter().map(of).collect(),
            over: match self.rows.iter().all(|r| r.over.is_empty()) {
                true => Vec::new(),
                false => self.rows.iter().map(|r| r.over.clone()).collect(),
            },
        }];
        let mut series = Vec::new();
        for own in dots
            .into_iter()
            .filter(|d| d.values.iter().any(|v| v.is_finite()))
        {
            let values = (1..).map(f64::from).zip(own.values.iter().copied());
            let values: Vec<(f64, f64)> = values.collect();
            series.push(over(&own.id, own.name, unit, (self.one, ""), &values));
            marks.push(Mark::Dots {
                series: own.id,
                role: own.role,
                hollow: own.hollow,
                joined: own.joined,
                shown: true,
            });
        }
        let axes = (axis(label, unit, false), axis(self.one, "", false));
        (series, plot(id, title, axes, marks, summary))
    }

    /// Puts a dot plot into a report, and what its rows are.
    pub fn add(&self, (series, chart): (Vec<Series>, Chart), report: &mut Report) {
        report.series.extend(series);
        report.charts.push(chart);
        report.alternatives = self
            .rows
            .iter()
            .map(|row| row.alternative.clone())
            .collect();
    }
}

/// From the least to the most of a number, with who has it: `from 14.5 $ to 24 $; least: NAME; most: NAME`. Rows without a
/// number are left out.
pub fn extremes(rows: &[(String, f64)], unit: &str) -> String {
    /// Numbers this near to each other are written alike.
    const SAME: f64 = 1e-6;
    let finite = || rows.iter().filter(|(_, value)| value.is_finite());
    let (Some(least), Some(most)) = (
        finite().min_by(|a, b| a.1.total_cmp(&b.1)),
        finite().max_by(|a, b| a.1.total_cmp(&b.1)),
    ) else {
        return String::new();
    };
    let near = |value: f64| (value - least.1).abs() <= SAME * least.1.abs().max(1.0);
    let (of_least, of_most) = (amount(least.1, unit), amount(most.1, unit));
    if near(most.1) {
        return format!("{of_least} by every one of them");
    }
    let first = finite().find(|(_, value)| near(*value)).unwrap_or(least);
    let (least, most) = (&first.0, &most.0);
    match finite().filter(|(_, value)| near(*value)).count() {
        1 => format!("from {of_least} to {of_most}; least: {least}; most: {most}"),
        n => format!(
            "from {of_least}, by {n} of them, to {of_most}; least, first of them: {least}; most: {most}"
        ),
    }
}
