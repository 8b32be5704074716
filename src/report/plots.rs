//! Charts, numbers and messages of a report, in short.

use crate::case::Feeder;
use crate::network::Radial;

use super::number::plain;
use super::{Axis, Chart, Index, Level, Mark, Message, Quantity, Role, Series, Subject, Topic};

/// A chart of a sweep: lines of numbers of the summary over the swept input.
pub struct Picture {
    pub id: &'static str,
    pub title: &'static str,
    /// Label and unit of the vertical axis, and whether it shows zero.
    pub y: (&'static str, &'static str, bool),
    /// Ids of the numbers, their roles, and whether their lines are dashed.
    pub series: &'static [(&'static str, Role, bool)],
}

/// A [`Picture`] in one call, for constants.
pub const fn picture(
    id: &'static str,
    title: &'static str,
    y: (&'static str, &'static str, bool),
    series: &'static [(&'static str, Role, bool)],
) -> Picture {
    Picture {
        id,
        title,
        y,
        series,
    }
}

/// An axis with its unit; `zero` keeps zero in view even where the data stay away from it.
pub fn axis(label: &str, unit: &str, zero: bool) -> Axis {
    Axis {
        label: label.into(),
        unit: unit.into(),
        zero,
        holds: None,
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
        topic: Topic::of_unit(&y.unit),
        y,
        marks,
        summary: summary.into(),
        square: false,
        probe: None,
        home: None,
        small: false,
        layers: Vec::new(),
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

/// [`line()`] with every value marked.
pub fn marked(series: String, role: Role, dashed: bool, shown: bool) -> Mark {
    Mark::Line {
        series,
        role,
        step: true,
        points: true,
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

/// A chart over any axis.
pub fn plot(
    id: &str,
    title: String,
    (x, y): (Axis, Axis),
    marks: Vec<Mark>,
    summary: String,
) -> Chart {
    Chart {
        x,
        ..chart("", id, title, y, marks, &summary)
    }
}

/// A series joined by straight strokes.
pub fn path(series: &str, role: Role, points: bool, dashed: bool) -> Mark {
    Mark::Line {
        series: series.into(),
        role,
        step: false,
        points,
        dashed,
        shown: true,
    }
}

/// A series over numbers of a name and unit: pairs of where and how much.
pub fn over(
    id: &str,
    name: impl Into<String>,
    unit: &str,
    (over, of): (&str, &str),
    points: &[(f64, f64)],
) -> Series {
    Series {
        id: id.into(),
        name: name.into(),
        unit: unit.into(),
        index: Index::Numbers {
            name: over.into(),
            unit: of.into(),
            at: points.iter().map(|p| p.0).collect(),
        },
        values: points.iter().map(|p| p.1).collect(),
        subject: None,
    }
}

/// The voltages of a feeder bus by bus, in the band that they may have, p.u. by bus.
pub fn voltage_chart(id: &str, feeder: &Feeder, tree: &Radial, v_pu: &[f64]) -> (Series, Chart) {
    let along = "bus, in the order of the feeder";
    let series = voltage_profile(id, along, tree, v_pu);
    let mut marks = vec![path(id, Role::Line, true, false)];
    marks.extend(voltage_band(feeder));
    let known = || (0..v_pu.len()).filter(|j| v_pu[*j].is_finite());
    let said = |bus: Option<usize>| {
        bus.map_or(String::new(), |j| {
            format!("{} p.u. at bus {}", plain(v_pu[j], 4), feeder.buses[j].id)
        })
    };
    let summary = format!(
        "Voltages from {} to {}.",
        said(known().min_by(|i, j| v_pu[*i].total_cmp(&v_pu[*j]))),
        said(known().max_by(|i, j| v_pu[*i].total_cmp(&v_pu[*j])))
    );
    let title = format!("Voltages of {}", feeder.id);
    let axes = (axis(along, "", false), axis("voltage", "p.u.", false));
    (series, plot("voltage", title, axes, marks, summary))
}

/// The voltages of a feeder bus by bus, broken where the next bus is not fed from the one before it. Buses
/// without a voltage are left out.
fn voltage_profile(id: &str, along: &str, tree: &Radial, v_pu: &[f64]) -> Series {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let known = (0..v_pu.len()).filter(|j| v_pu[*j].is_finite());
    let mut before = None;
    for (number, j) in (1..).map(f64::from).zip(known) {
        let joined = |a: usize, b: usize| tree.above[b].is_some_and(|line| line.upper == a);
        if before.is_some_and(|i| !joined(i, j) && !joined(j, i)) {
            points.push((number - 0.5, f64::NAN));
        }
        points.push((number, v_pu[j]));
        before = Some(j);
    }
    over(id, "voltage", "p.u.", (along, ""), &points)
}

/// The band that the voltages of a feeder may have: the narrowest of its buses. A bus held at one voltage, as a
/// root may be, says nothing about the band of the others.
fn voltage_band(feeder: &Feeder) -> impl Iterator<Item = Mark> {
    let free = || feeder.buses.iter().filter(|b| b.min_v_pu < b.max_v_pu);
    let least = free().map(|b| b.min_v_pu).fold(0.0, f64::max);
    let most = free().map(|b| b.max_v_pu).fold(f64::INFINITY, f64::min);
    let ends = [(least, "least voltage"), (most, "greatest voltage")].into_iter();
    let known = ends.filter(|(value, _)| *value > 0.0 && value.is_finite());
    known.map(|(value, label)| {
        let label = label.into();
        Mark::Rule { value, label }
    })
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

/// Id, name, value, unit and note of a number of the summary.
pub type Row<'a> = (&'a str, &'a str, f64, &'a str, &'a str);

/// The numbers of several [`Row`]s, absent where they are not finite.
pub fn quantities(rows: &[Row]) -> impl Iterator<Item = Quantity> {
    let rows = rows.iter();
    rows.map(|&(id, name, value, unit, note)| quantity(id.into(), name.into(), value, unit, note))
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
        subject: None,
    }
}

/// The load of a feeder's buses at each step as a share of that in the case: the diagram draws it.
pub const LOAD_SHARE: &str = "load_share";
pub const LOAD_SHARE_NAME: &str = "load of the feeder's buses as a share of the case's";

/// A series by clock of one thing of the case, called `kind:<its id>`; `kind` where it is of none.
pub fn about(
    kind: &str,
    subject: Option<Subject>,
    name: String,
    unit: &str,
    values: Vec<f64>,
) -> Series {
    let id = subject.as_ref().map(|of| format!("{kind}:{}", of.id));
    Series {
        subject,
        ..by_clock(id.unwrap_or_else(|| kind.into()), name, unit, values)
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
