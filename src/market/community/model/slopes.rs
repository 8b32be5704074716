//! The least of several piecewise linear functions: what a cost to go is where it is not convex.

/// A continuous piecewise linear function: widths with a slope each, from `start` on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slopes {
    pub start: f64,
    /// The value at `start`, $.
    pub value: f64,
    /// (width, slope).
    pub pieces: Vec<(f64, f64)>,
}

impl Slopes {
    pub(super) fn push(&mut self, width: f64, slope: f64) {
        if width <= 0.0 {
            return;
        }
        match self.pieces.last_mut() {
            Some(last) if last.1 == slope => last.0 += width,
            _ => self.pieces.push((width, slope)),
        }
    }

    pub(super) fn end(&self) -> f64 {
        self.start + self.pieces.iter().map(|p| p.0).sum::<f64>()
    }

    #[cfg(feature = "internals")]
    /// Slopes to the left and to the right of a point; the outer ones beyond the ends.
    pub fn at(&self, x: f64) -> (f64, f64) {
        let mut end = self.start;
        let mut left = f64::NEG_INFINITY;
        for (width, slope) in &self.pieces {
            if x <= end + 1e-9 {
                return (left, *slope);
            }
            end += width;
            left = *slope;
            if x < end - 1e-9 {
                return (left, left);
            }
        }
        (left, f64::INFINITY)
    }

    /// The same on a part of its ends.
    pub(super) fn cut(&self, low: f64, high: f64) -> Slopes {
        let mut part = Slopes {
            start: low.max(self.start),
            value: self.value,
            pieces: Vec::with_capacity(self.pieces.len()),
        };
        let mut at = self.start;
        for (width, slope) in &self.pieces {
            part.value += slope * (low - at).clamp(0.0, *width);
            part.push((at + width).min(high) - at.max(low), *slope);
            at += width;
        }
        part
    }

    /// Where a convex function begins to rise by more than `slope`.
    pub(super) fn reached(&self, slope: f64) -> f64 {
        let below = self
            .pieces
            .iter()
            .take_while(|piece| piece.1 < slope - 1e-12);
        self.start + below.map(|piece| piece.0).sum::<f64>()
    }

    pub(super) fn convex(&self) -> bool {
        self.pieces.is_sorted_by(|a, b| a.1 <= b.1)
    }

    /// Infimal convolution of convex functions, with the mirror image of `stage`, cut to
    /// [`low`, `high`].
    pub(super) fn convolved(&self, stage: &Slopes, low: f64, high: f64) -> Slopes {
        let mut at = self.start - stage.end();
        let mut sum = Slopes {
            start: low.max(at),
            value: self.value + stage.value + stage.pieces.iter().map(|p| p.0 * p.1).sum::<f64>(),
            pieces: Vec::with_capacity(self.pieces.len() + stage.pieces.len()),
        };
        let mut own = self.pieces.iter().copied().peekable();
        let mut other = stage.pieces.iter().rev().map(|(w, s)| (*w, -s)).peekable();
        while at < high {
            let next = match (own.peek(), other.peek()) {
                (Some(a), Some(b)) if a.1 <= b.1 => own.next(),
                (_, Some(_)) => other.next(),
                (Some(_), None) => own.next(),
                (None, None) => None,
            };
            let Some((width, slope)) = next else { break };
            sum.value += slope * (low - at).clamp(0.0, width);
            sum.push((at + width).min(high) - at.max(low), slope);
            at += width;
        }
        sum
    }

    /// V_t from V_(t+1) and the cost of the stage.
    pub(super) fn before(&self, stage: &Slopes, low: f64, high: f64) -> Slopes {
        if self.convex() && stage.convex() {
            return self.convolved(stage, low, high);
        }
        let (own, other) = (convex_parts(self), convex_parts(stage));
        let pairs = own.iter().flat_map(|v| other.iter().map(move |c| (v, c)));
        let all = pairs.map(|(v, c)| v.convolved(c, low, high));
        envelope(all.filter(|f| !f.pieces.is_empty()).collect())
    }
}

/// Energies closer than this are the same, kWh.
const NEAR_KWH: f64 = 1e-9;

/// A function into the parts on which it is convex, as long as they go.
pub(super) fn convex_parts(function: &Slopes) -> Vec<Slopes> {
    let mut parts: Vec<Slopes> = Vec::new();
    let (mut at, mut value) = (function.start, function.value);
    let mut before = f64::INFINITY;
    for &(width, slope) in &function.pieces {
        if slope < before {
            parts.push(Slopes {
                start: at,
                value,
                pieces: Vec::new(),
            });
        }
        if let Some(part) = parts.last_mut() {
            part.pieces.push((width, slope));
        }
        at += width;
        value += width * slope;
        before = slope;
    }
    if parts.is_empty() {
        parts.push(function.clone());
    }
    parts
}

/// A walk along a function from left to right.
struct Walker<'a> {
    function: &'a Slopes,
    piece: usize,
    begin: f64,
    value: f64,
}

impl Walker<'_> {
    /// Value at `a` and slope of the piece that covers [`a`, `b`]; none outside of its ends.
    fn line(&mut self, a: f64, b: f64) -> Option<(f64, f64)> {
        let middle = 0.5 * (a + b);
        while let Some(&(width, slope)) = self.function.pieces.get(self.piece) {
            if middle < self.begin {
                return None;
            }
            if middle < self.begin + width {
                return Some((self.value + (a - self.begin) * slope, slope));
            }
            self.begin += width;
            self.value += width * slope;
            self.piece += 1;
        }
        None
    }
}

/// The least of functions that together cover an interval without a gap.
pub(super) fn envelope(functions: Vec<Slopes>) -> Slopes {
    let mut ends: Vec<f64> = Vec::new();
    for function in &functions {
        let mut at = function.start;
        ends.push(at);
        for (width, _) in &function.pieces {
            at += width;
            ends.push(at);
        }
    }
    ends.sort_by(f64::total_cmp);
    ends.dedup_by(|next, last| *next - *last <= NEAR_KWH);
    let mut walkers: Vec<Walker> = functions
        .iter()
        .map(|function| Walker {
            function,
            piece: 0,
            begin: function.start,
            value: function.value,
        })
        .collect();
    let mut least = Slopes::default();
    for (k, pair) in ends.windows(2).enumerate() {
        let lines: Vec<(f64, f64)> = walkers
            .iter_mut()
            .filter_map(|w| w.line(pair[0], pair[1]))
            .collect();
        if k == 0 {
            least.start = pair[0];
            least.value = lines.iter().map(|l| l.0).fold(f64::INFINITY, f64::min);
        }
        lowest(&lines, pair[1] - pair[0], &mut least);
    }
    least
}

/// Appends the least of some lines, given by value and slope at 0, over [0, `width`].
fn lowest(lines: &[(f64, f64)], width: f64, least: &mut Slopes) {
    let order = |a: &&(f64, f64), b: &&(f64, f64)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
    let Some(mut line) = lines.iter().min_by(order) else {
        return;
    };
    let mut at = 0.0;
    while at < width {
        // Where the first of the flatter lines comes to lie below.
        let meets = |other: &(f64, f64)| (other.0 - line.0) / (line.1 - other.1);
        let flatter = lines.iter().filter(|other| other.1 < line.1);
        let next = flatter
            .min_by(|a, b| meets(a).total_cmp(&meets(b)).then(a.1.total_cmp(&b.1)))
            .map(|other| (meets(other).clamp(at, width), other));
        let end = next.map_or(width, |n| n.0);
        push(least, end - at, line.1);
        at = end;
        match next {
            Some((meet, other)) if meet < width => line = other,
            _ => break,
        }
    }
}

/// Appends a piece; slopes that differ by rounding are one.
fn push(function: &mut Slopes, width: f64, slope: f64) {
    if width <= 0.0 {
        return;
    }
    match function.pieces.last_mut() {
        Some(last) if (last.1 - slope).abs() <= 1e-12 * (1.0 + slope.abs()) => last.0 += width,
        _ => function.pieces.push((width, slope)),
    }
}

/// The best change of stored energy from `from` to `to` where costs are not convex: it lies at a bend
/// of the stage's cost or of the cost to go. Among equals, the one nearest to none.
pub(super) fn best_bend(cost: &Slopes, after: &Slopes, stored_kwh: f64, from: f64, to: f64) -> f64 {
    let now = values(cost, 0.0);
    let then = values(after, stored_kwh);
    let bends = now
        .iter()
        .chain(&then)
        .map(|p| p.0.clamp(from, to.max(from)));
    let mut best = (f64::INFINITY, 0.0_f64);
    for x in bends {
        let total = value(&now, x) + value(&then, x);
        let same = (total - best.0).abs() <= 1e-10 * (1.0 + total.abs());
        if (same && x.abs() < best.1.abs()) || (!same && total < best.0) {
            best = (total, x);
        }
    }
    best.1
}

/// Bends of a function moved by `-shift`, with its values.
fn values(function: &Slopes, shift: f64) -> Vec<(f64, f64)> {
    let mut points = vec![(function.start - shift, function.value)];
    let (mut at, mut value) = points[0];
    for &(width, slope) in &function.pieces {
        at += width;
        value += width * slope;
        points.push((at, value));
    }
    points
}

/// The value between bends.
fn value(points: &[(f64, f64)], x: f64) -> f64 {
    let next = points.partition_point(|p| p.0 < x);
    match (next.checked_sub(1).map(|k| points[k]), points.get(next)) {
        (Some(a), Some(&b)) => a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0),
        (None, Some(&b)) => b.1,
        (Some(a), None) => a.1,
        (None, None) => 0.0,
    }
}
