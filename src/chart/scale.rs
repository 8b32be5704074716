//! Where does a value stand on an axis? Ranges, ticks and their labels.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use crate::report::grouped;

/// Values beyond this cannot be drawn and count as missing.
const HUGE: f64 = 1e300;

/// Whether a value can be drawn.
pub fn drawable(value: f64) -> bool {
    value.abs() <= HUGE
}

/// The smallest interval that holds the values shown to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    pub low: f64,
    pub high: f64,
}

impl Extent {
    pub const EMPTY: Self = Self {
        low: f64::INFINITY,
        high: f64::NEG_INFINITY,
    };

    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut extent = Self::EMPTY;
        values.into_iter().for_each(|v| extent.include(v));
        extent
    }

    /// The smallest interval that holds both.
    pub fn with(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }

    /// Widens the interval to hold `value`; missing values are skipped.
    pub fn include(&mut self, value: f64) {
        if drawable(value) {
            self.low = self.low.min(value);
            self.high = self.high.max(value);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.low > self.high
    }

    pub fn span(&self) -> f64 {
        self.high - self.low
    }

    pub fn middle(&self) -> f64 {
        0.5 * self.low + 0.5 * self.high
    }

    fn size(&self) -> f64 {
        self.low.abs().max(self.high.abs())
    }

    /// A millionth of the value is the solver's noise, not a movement worth the axis.
    pub fn is_flat(&self) -> bool {
        self.span() <= 1e-6 * self.size()
    }

    /// The range drawn for these data: 6 % air at either end, none at a zero that bounds
    /// the data from below or above; a lone value stands in the middle.
    pub fn padded(mut self) -> (f64, f64) {
        if self.is_empty() {
            return (0.0, 1.0);
        }
        if self.is_flat() {
            let size = self.size();
            let half = if size == 0.0 { 1.0 } else { 0.15 * size };
            return (self.middle() - half, self.middle() + half);
        }
        let air = 0.06 * self.span();
        if self.low != 0.0 {
            self.low -= air;
        }
        if self.high != 0.0 {
            self.high += air;
        }
        (self.low, self.high)
    }
}

/// What the ticks of an axis say.
#[derive(Clone, Debug, PartialEq)]
pub enum Ticks {
    /// Numbers with so many decimals.
    Numbers { decimals: usize },
    /// Names at 1, 2, …
    Names(Vec<String>),
    /// Steps of so many minutes from midnight on, as days and times.
    Times { minutes: f64 },
}

/// Lengths between ticks of time, min.
const TIMES: [f64; 9] = [15.0, 30.0, 60.0, 120.0, 180.0, 360.0, 720.0, DAY, 2.0 * DAY];
const DAY: f64 = 1440.0;

/// One axis: its range and its ticks.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub low: f64,
    pub high: f64,
    pub at: Vec<f64>,
    pub ticks: Ticks,
}

impl Scale {
    fn new((low, high): (f64, f64), at: Vec<f64>, ticks: Ticks) -> Self {
        Self {
            low,
            high,
            at,
            ticks,
        }
    }

    /// At most `most` ticks at 1, 2 or 5 times a power of ten; whole numbers if `whole`.
    pub fn numbers((low, high): (f64, f64), most: usize, whole: bool) -> Self {
        let step = nice_step(high - low, most, whole);
        let decimals = decimals(step);
        let at = multiples(low, high, step).collect();
        Self::new((low, high), at, Ticks::Numbers { decimals })
    }

    /// At most `most` ticks at round times; step 1 begins at midnight of day 1.
    pub fn times((low, high): (f64, f64), most: usize, minutes: f64) -> Self {
        let span = (high - low) * minutes;
        let fits = |t: &&f64| span / **t <= most as f64;
        let step = TIMES.iter().find(fits).copied();
        let step = step.unwrap_or((span / (most as f64 * DAY)).ceil() * DAY) / minutes;
        let passed = multiples(low - 1.0, high - 1.0, step);
        let at = passed.map(|t| 1.0 + t).collect();
        Self::new((low, high), at, Ticks::Times { minutes })
    }

    /// Every `every`-th of the names at 1, 2, …
    pub fn names((low, high): (f64, f64), names: Vec<String>, every: usize) -> Self {
        let at = (0..names.len())
            .step_by(every.max(1))
            .map(|k| k as f64 + 1.0)
            .filter(|x| (low..=high).contains(x))
            .collect();
        Self::new((low, high), at, Ticks::Names(names))
    }

    /// The text of the tick at `value`.
    pub fn label(&self, value: f64) -> String {
        match &self.ticks {
            Ticks::Numbers { decimals } => number(value, *decimals),
            Ticks::Names(names) => {
                let name = names.get((value.round() - 1.0) as usize);
                name.cloned().unwrap_or_default()
            }
            Ticks::Times { minutes } => {
                let passed = ((value - 1.0) * minutes).round();
                let (day, time) = ((passed / DAY).floor(), passed.rem_euclid(DAY));
                match time == 0.0 {
                    true => format!("day {}", day + 1.0),
                    false => format!("{:02}:{:02}", (time / 60.0).floor(), time % 60.0),
                }
            }
        }
    }

    pub fn labels(&self) -> impl Iterator<Item = String> + '_ {
        self.at.iter().map(|v| self.label(*v))
    }
}

/// Multiples of `step` within [low, high].
fn multiples(low: f64, high: f64, step: f64) -> impl Iterator<Item = f64> {
    let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
    let count = (last - first + 1.0).clamp(0.0, 200.0) as usize;
    // `+ 0.0` turns a negative zero into zero.
    (0..count).map(move |k| (first + k as f64) * step + 0.0)
}

/// The smallest of 1, 2, 5 · 10^k that cuts `span` into at most `most` pieces.
fn nice_step(span: f64, most: usize, whole: bool) -> f64 {
    let raw = span / most.max(1) as f64;
    if !(raw.is_finite() && raw > 0.0) {
        return 1.0;
    }
    let step = round_step(raw, &[1.0, 2.0, 5.0]);
    if whole { step.max(1.0) } else { step }
}

/// The smallest of `factors`, ascending, or 10, times 10^k that is not below `raw`.
pub fn round_step(raw: f64, factors: &[f64]) -> f64 {
    let magnitude = libm::pow(10.0, libm::log10(raw).floor());
    let enough = |f: &&f64| **f * magnitude >= raw * (1.0 - 1e-9);
    factors.iter().find(enough).unwrap_or(&10.0) * magnitude
}

/// Decimals that tell multiples of `step` apart.
fn decimals(step: f64) -> usize {
    (-(libm::log10(step) + 1e-9).floor()).clamp(0.0, 15.0) as usize
}

/// `value` with `decimals` decimals, a true minus sign, and thin spaces from 10 000 on.
pub fn number(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e9 || (value != 0.0 && value.abs() < 1e-9) {
        return format!("{value:e}").replace('-', "−");
    }
    let plain = format!("{:.decimals$}", value.abs());
    let mut out = String::new();
    if value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('−');
    }
    out + &grouped(&plain)
}

impl Ranged for Scale {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        let part = (value - self.low) / (self.high - self.low);
        (f64::from(from) + f64::from(to - from) * part).round() as i32
    }

    /// The ticks, as the bold lines of the mesh; it has no light ones.
    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            Vec::new()
        } else {
            self.at.clone()
        }
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Scale {
    fn format_ext(&self, value: &f64) -> String {
        self.label(*value)
    }
}
