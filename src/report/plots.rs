//! Charts, numbers and messages of a report, in short.

use super::{Axis, Chart, Index, Level, Mark, Message, Quantity, Role, Series};

pub fn axis(label: &str, unit: &str, zero: bool) -> Axis {
    Axis {
        label: label.into(),
        unit: unit.into(),
        zero,
    }
}

/// A chart over the steps called `step`.
pub fn chart(
    step: &str,
    id: &str,
    title: impl Into<String>,
    y: Axis,
    marks: Vec<Mark>,
    summary: &str,
) -> Chart {
    Chart {
        id: id.into(),
        title: title.into(),
        x: axis(step, "", false),
        y,
        marks,
        summary: summary.into(),
        square: false,
        probe: None,
    }
}

/// A series drawn in steps.
pub fn line(series: String, role: Role, dashed: bool, shown: bool) -> Mark {
    Mark::Line {
        series,
        role,
        step: true,
        points: false,
        dashed,
        shown,
    }
}

/// Bars with their labels and the series they show.
pub fn bars(
    id: &str,
    title: impl Into<String>,
    y: Axis,
    role: Role,
    (labels, series): (Vec<String>, Vec<String>),
    summary: &str,
) -> Chart {
    let mark = Mark::Bars {
        labels,
        series,
        role,
    };
    chart("", id, title, y, vec![mark], summary)
}

/// A number of the summary, absent where it is not finite.
pub fn quantity(id: String, name: String, value: f64, unit: &str, note: &str) -> Quantity {
    Quantity {
        id,
        name,
        value: value.is_finite().then_some(value + 0.0),
        unit: unit.into(),
        note: note.into(),
    }
}

/// The numbers of a summary, in order.
#[derive(Default)]
pub struct Numbers(pub Vec<Quantity>);

impl Numbers {
    /// Adds a [`quantity`], to be followed by [`Quantity::noted`] where its name does not say it all.
    pub fn add(
        &mut self,
        id: impl Into<String>,
        name: impl Into<String>,
        value: f64,
        unit: &str,
    ) -> &mut Quantity {
        let at = self.0.len();
        self.0
            .push(quantity(id.into(), name.into(), value, unit, ""));
        &mut self.0[at]
    }
}

impl Quantity {
    /// What the number means, in a few words.
    pub fn noted(&mut self, note: &str) {
        self.note = note.into();
    }
}

/// A series over the steps of the clock.
pub fn by_clock(id: String, name: String, unit: &str, values: Vec<f64>) -> Series {
    Series {
        id,
        name,
        unit: unit.into(),
        index: Index::Clock,
        values: values.into_iter().map(|v| v + 0.0).collect(),
    }
}

/// A series over numbers with a name and a unit of their own.
pub fn over(
    (along, its_unit, at): (&str, &str, Vec<f64>),
    (id, name, unit): (&str, &str, &str),
    values: Vec<f64>,
) -> Series {
    let index = Index::Numbers {
        name: along.into(),
        unit: its_unit.into(),
        at,
    };
    Series {
        id: id.into(),
        name: name.into(),
        unit: unit.into(),
        index,
        values,
    }
}

/// A message about no input in particular.
pub fn message(level: Level, text: String) -> Message {
    Message {
        level,
        text,
        field: None,
        cures: Vec::new(),
    }
}
