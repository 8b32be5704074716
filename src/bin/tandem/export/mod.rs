//! Charts and tables of a report as files for papers and slides.

pub mod cite;

use tandem::chart::{self, Drawing, View};
use tandem::report::{Cell, Chart, Mark, Report, Table};
use tandem_figures::{self as figures, Column, Curve, Figure, Frame, Key, Sheet, mm_per_px};

/// How a figure is to look.
#[derive(Clone, Debug)]
pub struct Style {
    pub width_mm: f64,
    /// As suits the chart, where empty.
    pub height_mm: Option<f64>,
    pub text_pt: f64,
    pub margin_mm: f64,
    /// What bars and paths show; without it bars the step that tells most, paths their whole length.
    pub step: Option<usize>,
    pub dark: bool,
    pub grey: bool,
    pub title: bool,
    pub legend: bool,
    pub caption: bool,
    pub source: bool,
}

/// Where numbers are from, and where they can be opened.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub text: String,
    pub link: String,
}

/// Height of a drawing that is `width` wide, px, as on the page.
fn fitting(chart: &Chart, width: f64) -> f64 {
    let rows = chart.marks.iter().find_map(|mark| match mark {
        Mark::Rows { names, .. } => Some(names),
        _ => None,
    });
    let plane = |mark: &Mark| {
        matches!(
            mark,
            Mark::Surface { .. }
                | Mark::Edges { .. }
                | Mark::Outline { .. }
                | Mark::Triangulation { .. }
        )
    };
    if let Some(names) = rows {
        // Names that are long stand over their rows.
        let longest = names
            .iter()
            .map(|name| name.chars().count())
            .max()
            .unwrap_or(0);
        let each = if longest as f64 * 7.0 > 0.42 * width {
            46.0
        } else {
            30.0
        };
        return 70.0 + names.len() as f64 * each;
    }
    if chart.square {
        return width.min(340.0);
    }
    if chart.probe.is_some() || chart.marks.iter().any(plane) {
        return (0.62 * width).clamp(330.0, 460.0);
    }
    (0.52 * width).clamp(190.0, 300.0)
}

/// A chart set for a sheet.
///
/// # Errors
/// A chart that there is not, a sheet too small.
pub fn figure(report: &Report, id: &str, style: &Style, source: &Source) -> Result<Figure, String> {
    let each = mm_per_px(style.text_pt);
    let width = (style.width_mm - 2.0 * style.margin_mm) / each;
    let chart = report.chart(id);
    let bars = |chart: &&Chart| {
        chart
            .marks
            .iter()
            .any(|mark| matches!(mark, Mark::Bars { .. }))
    };
    let start = || chart.filter(bars).map(|_| report.start.unwrap_or(0));
    let mut view = View {
        width: width.floor().clamp(1.0, 8192.0) as u32,
        dark: style.dark,
        grey: style.grey,
        curves: true,
        cursor: style.step.or_else(start),
        ..View::default()
    };
    if let Some(chart) = chart {
        view.height = fitting(chart, width) as u32;
    }
    let drawn = |view: &View| -> Result<Figure, String> {
        let drawing = chart::draw(report, id, view)?;
        Ok(set(report, id, drawing, style, source, view.cursor))
    };
    let mut figure = drawn(&view)?;
    let Some(height_mm) = style.height_mm else {
        return Ok(figure);
    };
    // A lower drawing may have its names below it, which takes height in turn.
    for _ in 0..MOST_DRAWN {
        let left = height_mm / each - Sheet::around(&figure)?;
        view.height = left.floor().clamp(0.0, 8192.0) as u32;
        figure = drawn(&view)?;
        if Sheet::around(&figure)? + f64::from(view.height) <= height_mm / each {
            return Ok(Figure {
                height_mm,
                ..figure
            });
        }
    }
    Err("the words and the drawing do not fit: give more height, smaller letters (--text-pt), or leave words out (--without)".into())
}

/// So often a figure of a given height is drawn until its words fit.
const MOST_DRAWN: usize = 4;

/// A drawing with its words.
fn set(
    report: &Report,
    id: &str,
    drawing: Drawing,
    style: &Style,
    source: &Source,
    step: Option<usize>,
) -> Figure {
    let steps = report.captions.iter().find(|captions| captions.chart == id);
    let of_step = steps.and_then(|captions| captions.steps.get(step?));
    let chart = report.chart(id);
    let word = |on: bool, of: &dyn Fn(&Chart) -> String| match on {
        true => chart.map(of).unwrap_or_default(),
        false => String::new(),
    };
    let shown = drawing
        .legend
        .into_iter()
        .filter(|item| item.shown && style.legend);
    let legend = shown.filter_map(|item| {
        let name = item.together.unwrap_or(item.name);
        let swatch = item.swatch;
        (!name.is_empty()).then_some(Key { name, swatch })
    });
    let curves = drawing.curves.into_iter().map(|curve| Curve {
        series: curve.series,
        name: curve.name,
        runs: curve.runs,
    });
    let [ink, muted, ground] = chart::tones(style.dark).map(str::to_string);
    let frame = drawing.frame;
    let said = |text: &str| {
        if style.source {
            text.to_string()
        } else {
            String::new()
        }
    };
    Figure {
        picture: drawing.svg,
        title: word(style.title, &|chart| chart.title.clone()),
        legend: legend.collect(),
        key: drawing.key,
        caption: word(style.caption, &|chart| {
            of_step.unwrap_or(&chart.summary).clone()
        }),
        source: said(&source.text),
        link: said(&source.link),
        width_mm: style.width_mm,
        text_pt: style.text_pt,
        margin_mm: style.margin_mm,
        ink,
        muted,
        ground: if style.dark { ground } else { "#ffffff".into() },
        curves: curves.collect(),
        height_mm: 0.0,
        frame: Frame {
            left: frame.left,
            right: frame.right,
            top: frame.top,
            bottom: frame.bottom,
            x0: frame.x0,
            x1: frame.x1,
            y0: frame.y0,
            y1: frame.y1,
        },
    }
}

/// A table of a report for LaTeX; cells that follow the clock have their value at the start.
pub fn table(report: &Report, table: &Table, source: &Source) -> figures::Table {
    let start = report.start.unwrap_or(0);
    let cell = |cell: &Cell| match cell {
        Cell::Number(value) if value.is_finite() => figures::Cell::Number(*value),
        Cell::Text(text) => figures::Cell::Text(text.clone()),
        Cell::At { series } => {
            let values = report.series(series).map(|series| &series.values);
            let value = values.and_then(|values| values.get(start)).copied();
            let finite = value.filter(|value| value.is_finite());
            finite.map_or(figures::Cell::Empty(()), figures::Cell::Number)
        }
        _ => figures::Cell::Empty(()),
    };
    let column = |column: &tandem::report::Column| Column {
        name: column.name.clone(),
        unit: match column.unit.as_str() {
            "1" => String::new(),
            unit => unit.to_string(),
        },
    };
    figures::Table {
        title: table.title.clone(),
        note: table.note.clone(),
        columns: table.columns.iter().map(column).collect(),
        rows: table
            .rows
            .iter()
            .map(|row| row.iter().map(cell).collect())
            .collect(),
        source: source.text.clone(),
        link: source.link.clone(),
    }
}
