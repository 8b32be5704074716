//! Bars from zero that follow the clock, with their heights where there is room.

use crate::chart::Readout;
use crate::chart::canvas::PathData;
use crate::chart::metric::{TEXT, room};
use crate::chart::painter::{Painter, tenths};
use crate::chart::palette;
use crate::chart::rect::{Point, Rect};
use crate::chart::scale::number;
use crate::report::{Role, Series, half_up};

use super::figure::Figure;
use super::join::{Join, Layer};

/// One bar: its series and the height at the cursor.
struct Bar<'r> {
    series: &'r Series,
    value: f64,
}

pub struct Bars<'r> {
    names: &'r [String],
    bars: Vec<Bar<'r>>,
    colour: &'static str,
    /// Which of the groups that stand beside one another.
    group: usize,
}

impl<'r> Bars<'r> {
    /// # Errors
    /// A series that the report does not hold, bars without names.
    pub fn new(
        join: &mut Join<'r, '_>,
        names: &'r [String],
        ids: &[String],
        role: Role,
    ) -> Result<Self, String> {
        if names.len() != ids.len() {
            let (chart, bars, names) = (&join.chart.id, ids.len(), names.len());
            return Err(format!(
                "chart `{chart}` has {bars} bars and {names} names for them"
            ));
        }
        let bar = |id: &String| {
            let series = join.series(id)?;
            let last = series.values.len().saturating_sub(1);
            let value = series.values.get(join.view.cursor.unwrap_or(0).min(last));
            let value = value.copied().unwrap_or(f64::NAN);
            Ok(Bar { series, value })
        };
        let bars = ids.iter().map(bar).collect::<Result<_, String>>()?;
        let (_, group) = join.place(Layer::Bars, role);
        Ok(Self {
            names,
            bars,
            colour: palette::shades(role, join.view.dark)[group % 3],
            group,
        })
    }

    /// Room for a bar and for all of one name, px.
    fn widths(&self, painter: &Painter) -> (f64, f64) {
        let pitch = painter.frame().width() / painter.window().width();
        ((0.7 * pitch).min(56.0) / painter.groups as f64, pitch)
    }

    /// The middle of the end of bar `k`, and the height it starts from, px; none out of view.
    fn place(&self, painter: &Painter, k: usize) -> Option<(Point, f64)> {
        let (window, middle, value) = (painter.window(), k as f64 + 1.0, self.bars[k].value);
        if !(middle > window.x0 && middle < window.x1 && value.is_finite()) {
            return None;
        }
        let (x, end) = painter.px((middle, value.clamp(window.y0, window.y1)));
        let (_, base) = painter.px((middle, 0f64.clamp(window.y0, window.y1)));
        let beside = self.group as f64 - 0.5 * (painter.groups as f64 - 1.0);
        Some(((x + beside * self.widths(painter).0, end), base))
    }
}

impl<'r> Figure<'r> for Bars<'r> {
    fn layer(&self) -> Layer {
        Layer::Bars
    }

    fn bars(&self) -> Option<(&'r [String], Vec<&'r Series>)> {
        Some((self.names, self.bars.iter().map(|b| b.series).collect()))
    }

    fn reach(&self) -> Vec<Point> {
        let values = self.bars.iter().flat_map(|b| &b.series.values);
        let all = values
            .copied()
            .chain((!self.bars.is_empty()).then_some(0.0));
        all.map(|v| (f64::NAN, v)).collect()
    }

    fn visible(&self) -> bool {
        self.bars.iter().any(|b| b.value.is_finite())
    }

    fn draw(&self, painter: &mut Painter) {
        painter.group("bars", &[("fill", self.colour)]);
        let (frame, window) = (painter.frame(), painter.window());
        let (width, pitch) = self.widths(painter);
        let widest = self.bars.iter().map(|b| room(&short(b.value)));
        let space = if painter.groups > 1 { width } else { pitch };
        let written = widest.fold(0.0, f64::max) + 4.0 <= space;
        for (k, Bar { series, value }) in self.bars.iter().enumerate() {
            let Some(((x, end), base)) = self.place(painter, k) else {
                continue;
            };
            let (x0, x1) = (
                (x - 0.5 * width).max(frame.x0),
                (x + 0.5 * width).min(frame.x1),
            );
            let area = Rect::new(x0, x1, base.min(end), base.max(end));
            painter.occupied.block(area);
            let mut path = PathData::default();
            path.rectangle(tenths((x0, base)), tenths((x1, end)));
            let id = [("data-series", series.id.as_str())];
            painter.canvas.path(&path, [""; 4], &id);
            if written && (window.y0..=window.y1).contains(value) {
                let y = if *value < 0.0 { end + TEXT } else { end - 4.0 };
                painter.write(&short(*value), (x, y), "middle", painter.sheet.ink);
            }
        }
        painter.end();
    }

    fn readouts(&self, painter: &Painter) -> Vec<Readout> {
        let bars = self.bars.iter().zip(self.names).enumerate();
        let readout = |(k, (bar, name)): (usize, (&Bar, &String))| Readout {
            series: bar.series.id.clone(),
            name: name.clone(),
            unit: bar.series.unit.clone(),
            at: self.place(painter, k).map(|(end, _)| end),
        };
        bars.map(readout).collect()
    }
}

/// A bar's height in words: at most two decimals, none that say nothing.
fn short(value: f64) -> String {
    let digits = if value.abs() >= 1000.0 { 0 } else { 2 };
    let text = number(half_up(value, digits), usize::from(digits));
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}
