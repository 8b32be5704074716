//! Which value to solve next, so that every breakpoint of a piecewise straight answer is found.
//!
//! Evenly spaced values come first. Then *runs* are looked for: neighbouring samples of which every number lies on
//! the straight stroke from the first to the last,
//!
//! ```text
//! |y_k(x) − (y_k(a) + (x − a)(y_k(b) − y_k(a)) / (b − a))| ≤ 1e-9 max(1, max |y_k|)     for all numbers k, a < x < b
//! ```
//!
//! A number that lies on no stroke may be a parabola, as the cost is where offers rise: it is known by three samples
//! ([`Shape`]). A run is a piece once it has two checks that are not among the evenly spaced values. Between two
//! pieces lies a breakpoint: where the strokes of a number that bends meet, confirmed by solves just on both sides;
//! where none bends (a price, the end of what is feasible), it is halved down. The widest place that is not settled
//! comes first. Numbers that are other curves are left out of the comparison where others remain. The plan is a
//! function of its samples alone.

use super::shape::{NEAR, Number, Shape, bend, bends, fits, number};

/// Checks of a piece beside the evenly spaced values.
const CHECKS: usize = 2;
/// "Just beside" a breakpoint, of the range: further than what a solve takes for tied.
const BESIDE: f64 = 1e-6;
/// What a jump is halved down to, of the range.
const JUMP: f64 = 1e-9;
/// The narrowest piece, of the range: on less, a curve would pass for straight.
const NARROWEST: f64 = 64.0 * BESIDE;
/// A bend smaller than this, of the number's size over the range, locates nothing.
const BENDS: f64 = 1e-6;
/// Where new samples go: never in the middle, so that nothing symmetric passes for straight.
const GOLDEN: f64 = 0.381_966;
/// So many samples in a row that belong to no piece may be of a curve.
const ALONE: usize = 8;
/// They are where they lie closer than this part of the even spacing and no three lie on a stroke.
const CURVE: f64 = 1.0 / 4.0;
/// They are taken for one where they lie closer than this: pieces that are too many and too short.
const CROWD: f64 = 1.0 / 64.0;

pub use super::shape::Sample;

/// Samples `first` to `last` on straight strokes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub first: usize,
    pub last: usize,
}

/// What lies between two neighbouring runs, or between one and an end of the range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Between {
    /// A breakpoint, or the end itself.
    At(f64),
    /// Samples of a curve.
    Curve,
    /// Not settled: where to solve next, and how wide the place is.
    Open { ask: f64, width: f64 },
}

/// A sweep under way.
pub struct Plan {
    /// Evenly spaced, ascending.
    grid: Vec<f64>,
    /// Solves that may be spent.
    most: usize,
    /// Breakpoints are looked for.
    refines: bool,
    /// Ascending.
    samples: Vec<Sample>,
    numbers: Vec<Number>,
}

impl Plan {
    /// A plan of the values of `grid`, then, where it `refines`, of what tells breakpoints, `most` in all.
    pub fn new(mut grid: Vec<f64>, most: usize, refines: bool) -> Plan {
        crate::sort::by(&mut grid, f64::total_cmp);
        grid.dedup();
        Plan {
            refines: refines && grid.len() > 1,
            grid,
            most,
            samples: Vec::new(),
            numbers: Vec::new(),
        }
    }

    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Whether every evenly spaced value is solved.
    pub fn is_sampled(&self) -> bool {
        self.grid.iter().all(|&value| self.is_known(value, 0.0))
    }

    /// The value to solve next; `None` where all is settled or the solves are spent.
    pub fn next(&self) -> Option<f64> {
        if self.samples.len() >= self.most {
            return None;
        }
        let first = self.grid.iter().find(|&&v| !self.is_known(v, 0.0));
        if let Some(&value) = first {
            return Some(value);
        }
        if !self.refines {
            return None;
        }
        let runs = self.runs();
        let open = self.betweens(&runs).into_iter();
        let open = open.filter_map(|between| match between {
            Between::Open { ask, width } => Some((width, ask)),
            _ => None,
        });
        let unchecked = runs.iter().filter(|run| !self.is_checked(run));
        let unchecked = unchecked.map(|run| self.inside(run.first, run.last));
        let widest = open.chain(unchecked).max_by(|a, b| a.0.total_cmp(&b.0));
        widest.map(|(_, ask)| ask)
    }

    /// Takes what was solved; its place among the samples.
    pub fn take(&mut self, sample: Sample) -> usize {
        let at = self.samples.partition_point(|s| s.value < sample.value);
        self.samples.insert(at, sample);
        self.numbers = (0..self.count()).map(|k| self.straight(k)).collect();
        if self.is_sampled() && self.refines {
            self.mark_parabolas();
            while self.mark_curves() {}
        }
        at
    }

    /// Number `k` before any sample says that it is not straight.
    fn straight(&self, k: usize) -> Number {
        let values = self.samples.iter().map(|s| number(s, k).abs());
        Number {
            size: values.fold(1.0, f64::max),
            shape: Shape::Straight,
        }
    }

    /// Marks the numbers that are parabolas somewhere.
    fn mark_parabolas(&mut self) {
        for (k, number) in self.numbers.iter_mut().enumerate() {
            if bends(&self.samples, k, number.size) {
                number.shape = Shape::Parabola;
            }
        }
    }

    /// Marks the numbers that are curves somewhere, where others remain; whether it did.
    fn mark_curves(&mut self) -> bool {
        let runs = self.runs();
        let betweens = self.betweens(&runs).into_iter().enumerate();
        let curves = betweens.filter(|(_, between)| *between == Between::Curve);
        let stretches = curves.map(|(k, _)| {
            let before = k.checked_sub(1).map(|k| &runs[k]);
            self.stretch(before, runs.get(k)).1
        });
        let stretches: Vec<_> = stretches.collect();
        let curved = |k: usize| {
            let mut alone = self.numbers.clone();
            let others = alone
                .iter_mut()
                .enumerate()
                .filter(|(other, _)| *other != k);
            others.for_each(|(_, number)| number.shape = Shape::Curve);
            let mut all = stretches.iter();
            !self.is_curve(k) && all.any(|stretch| self.is_curved(stretch, &alone))
        };
        let marked: Vec<usize> = (0..self.numbers.len()).filter(|&k| curved(k)).collect();
        let left = (0..self.numbers.len()).filter(|&k| !self.is_curve(k));
        if marked.is_empty() || marked.len() >= left.count() {
            return false;
        }
        for k in marked {
            self.numbers[k].shape = Shape::Curve;
        }
        true
    }

    /// Whether number `k` is a curve, known at its samples alone, beside others that are not.
    pub fn is_curve(&self, k: usize) -> bool {
        self.is(k, Shape::Curve)
    }

    /// Whether number `k` is a parabola on some pieces.
    pub fn is_parabola(&self, k: usize) -> bool {
        self.is(k, Shape::Parabola)
    }

    /// Whether number `k` is not the same at all samples.
    pub fn changes(&self, k: usize) -> bool {
        let values = self.samples.iter().map(|sample| number(sample, k));
        let mut known = values.filter(|value| !value.is_nan());
        let first = known.next();
        first.is_some_and(|first| known.any(|value| value != first))
    }

    fn is(&self, k: usize, shape: Shape) -> bool {
        self.numbers
            .get(k)
            .is_some_and(|number| number.shape == shape)
    }

    /// Whether breakpoints are looked for.
    pub fn refines(&self) -> bool {
        self.refines
    }

    /// Whether a piece has its checks.
    pub fn is_checked(&self, run: &Run) -> bool {
        let inner = &self.samples[run.first + 1..run.last];
        let own = inner.iter().filter(|s| !self.grid.contains(&s.value));
        own.count() >= CHECKS
    }

    /// Number `k` of a run at a value of its stroke or parabola, or a little beyond.
    pub fn on(&self, run: &Run, k: usize, value: f64) -> f64 {
        let shape = self.numbers[k].shape;
        super::shape::on(&self.samples[run.first..=run.last], k, shape, value)
    }

    /// Size of number `k`, for comparisons; of a curve it is infinite, so that it never bends.
    pub fn size(&self, k: usize) -> f64 {
        match self.is_curve(k) {
            true => f64::INFINITY,
            false => self.numbers[k].size,
        }
    }

    /// The runs, ascending; neighbours share at most a sample.
    pub fn runs(&self) -> Vec<Run> {
        if !self.refines {
            return Vec::new();
        }
        let (mut runs, mut first) = (Vec::new(), 0);
        let shapes = self.numbers.iter().map(|number| number.shape);
        let needed = shapes.map(|shape| shape.samples()).max();
        let needed = needed.unwrap_or(0) + CHECKS;
        while first + 1 < self.samples.len() {
            let mut last = first + 1;
            while last < self.samples.len() && self.fits(first, last, &self.numbers) {
                last += 1;
            }
            last -= 1;
            let width = self.samples[last].value - self.samples[first].value;
            let whole = last + 1 >= first + needed && width >= NARROWEST * self.range();
            if whole {
                runs.push(Run { first, last });
            }
            first = if whole { last } else { first + 1 };
        }
        runs
    }

    /// What lies before the first run, between runs, and behind the last; one more than there are runs.
    pub fn betweens(&self, runs: &[Run]) -> Vec<Between> {
        let of = |k: usize| {
            let before = k.checked_sub(1).map(|k| runs[k]);
            self.between(before, runs.get(k).copied())
        };
        (0..=runs.len()).map(of).collect()
    }

    /// The samples that bound what lies between two runs, and those that belong to none.
    fn stretch(
        &self,
        before: Option<&Run>,
        after: Option<&Run>,
    ) -> ((usize, usize), std::ops::Range<usize>) {
        let end = self.samples.len().saturating_sub(1);
        let lo = before.map_or(0, |run| run.last);
        let hi = after.map_or(end, |run| run.first);
        let alone = before.map_or(lo, |_| lo + 1)..after.map_or(hi + 1, |_| hi);
        ((lo, hi), alone)
    }

    fn between(&self, before: Option<Run>, after: Option<Run>) -> Between {
        let ((lo, hi), alone) = self.stretch(before.as_ref(), after.as_ref());
        let end = self.samples.len().saturating_sub(1);
        let at = |k: usize| self.samples[k].value;
        if self.samples.is_empty() || (lo == hi && (before.is_none() || after.is_none())) {
            return Between::At(self.samples.get(lo).map_or(f64::NAN, |s| s.value));
        }
        let (width, beside) = (at(hi) - at(lo), BESIDE * self.range());
        let meeting = || self.meeting(&before?, &after?);
        let contact = || {
            self.contact(&before?, &after?)
                .filter(|_| meeting().is_none())
        };
        if let Some((c, _)) = contact().filter(|(_, beside)| width <= *beside) {
            return Between::At(c);
        }
        let suspect = match alone.len() {
            _ if lo == hi => Some(at(lo)),
            1 => meeting().or(Some(at(alone.start))),
            _ => meeting(),
        };
        if let Some(c) = suspect {
            let probes = [c - beside, c + beside].into_iter();
            let mut new =
                probes.filter(|&x| at(0) < x && x < at(end) && !self.is_known(x, beside / 4.0));
            if let Some(ask) = new.next() {
                return Between::Open {
                    ask,
                    width: width.max(beside),
                };
            }
            if width <= 2.5 * beside {
                return Between::At(c);
            }
        }
        let none_alone = alone.is_empty();
        if none_alone && width <= JUMP * self.range() {
            return Between::At(at(lo) + width / 2.0);
        }
        let has_run = before.is_some() || after.is_some();
        if !none_alone && has_run && width <= 2.5 * beside {
            return Between::At(at(alone.start));
        }
        let (gap, ask) = self.inside(lo, hi);
        let ask = if none_alone {
            at(lo) + width / 2.0
        } else {
            ask
        };
        if self.is_known(ask, 0.0) {
            return Between::At(ask);
        }
        let crowded = alone.len() >= ALONE && gap < CROWD * self.cell();
        if crowded || self.is_curved(&alone, &self.numbers) {
            return Between::Curve;
        }
        Between::Open { ask, width }
    }

    /// Whether neighbours among samples of no run, laid closely, are of a curve: no three of them lie on a stroke, or
    /// no four on a parabola.
    fn is_curved(&self, alone: &std::ops::Range<usize>, numbers: &[Number]) -> bool {
        let shapes = numbers.iter().map(|number| number.shape);
        let known = shapes.map(|shape| shape.samples()).max().unwrap_or(2);
        let close = CURVE * self.cell();
        let at = |k: usize| &self.samples[k];
        let mut windows = alone.clone().filter(|k| k + ALONE <= alone.end);
        windows.any(|first| {
            let last = first + ALONE - 1;
            let solved = (first..=last).all(|k| at(k).numbers.is_some());
            solved
                && (first..last).all(|k| at(k + 1).value - at(k).value < close)
                && !(first..=last - known).any(|k| self.fits(k, k + known, numbers))
        })
    }

    /// The even spacing.
    fn cell(&self) -> f64 {
        self.range() / (self.grid.len() - 1) as f64
    }

    /// Where the strokes of the number that bends most meet between two runs, where they do.
    fn meeting(&self, before: &Run, after: &Run) -> Option<f64> {
        let (p, q) = (
            self.samples[before.last].value,
            self.samples[after.first].value,
        );
        let rounding = JUMP * self.range();
        let mut found: Option<(f64, f64)> = None;
        for k in (0..self.count()).filter(|&k| self.is(k, Shape::Straight)) {
            let bend = self.slope(before, k) - self.slope(after, k);
            let size = bend.abs() * self.range() / self.size(k);
            let c = p + (self.on(after, k, p) - self.on(before, k, p)) / bend;
            let inside = p - rounding <= c && c <= q + rounding;
            if size > BENDS && inside && found.is_none_or(|(most, _)| size > most) {
                found = Some((size, c.clamp(p, q)));
            }
        }
        let (_, c) = found?;
        // A sample there is the value itself.
        let near = [p, q].into_iter().find(|x| (x - c).abs() <= rounding);
        Some(near.unwrap_or(c))
    }

    /// Where two parabolas touch of which nothing straight bends, and how far beside it they are not told apart:
    ///
    /// ```text
    /// y_after(x) − y_before(x) = α (x − c)²        not told apart where |x − c| ≤ √(1e-9 max |y| / |α|)
    /// ```
    fn contact(&self, before: &Run, after: &Run) -> Option<(f64, f64)> {
        let end = self.samples[before.last].value;
        let start = self.samples[after.first].value;
        let parabolas = (0..self.count()).filter(|&k| self.is_parabola(k));
        let touching = parabolas.filter_map(|k| {
            let within = |alpha: f64| libm::sqrt(NEAR * self.size(k) / alpha.abs());
            let bend = |run: &Run| bend(&self.samples[run.first..=run.last], k);
            let beside = within(bend(after) - bend(before));
            // Their last samples may lie beyond it.
            let (before, after) = self.trimmed(before, after, 2.0 * beside)?;
            let alpha = bend(&after) - bend(&before);
            let off = |x: f64| self.on(&after, k, x) - self.on(&before, k, x);
            let width = self.samples[after.last].value - self.samples[before.first].value;
            let (low, high) = (end - width, end + width);
            let c = end - (off(high) - off(low)) / (4.0 * alpha * width);
            let touch = off(c).abs() <= 2.0 * NEAR * self.size(k);
            let inside = end - 2.0 * beside <= c && c <= start + 2.0 * beside;
            (touch && inside).then_some((c, beside))
        });
        touching.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The same runs without what lies within `by` of the ends that face each other; `None` where too little is left.
    fn trimmed(&self, before: &Run, after: &Run, by: f64) -> Option<(Run, Run)> {
        let at = |k: usize| self.samples[k].value;
        let (end, start) = (at(before.last) - by, at(after.first) + by);
        let last = (before.first..before.last).rfind(|&k| at(k) <= end)?;
        let first = (after.first + 1..=after.last).find(|&k| at(k) >= start)?;
        let enough = |first: usize, last: usize| last >= first + Shape::Parabola.samples() - 1;
        let kept = enough(before.first, last) && enough(first, after.last);
        kept.then_some((Run { last, ..*before }, Run { first, ..*after }))
    }

    fn slope(&self, run: &Run, k: usize) -> f64 {
        let (a, b) = (&self.samples[run.first], &self.samples[run.last]);
        (number(b, k) - number(a, k)) / (b.value - a.value)
    }

    /// The widest gap between neighbours from sample `lo` to `hi`, and a value in it.
    fn inside(&self, lo: usize, hi: usize) -> (f64, f64) {
        let pairs = self.samples[lo..=hi].windows(2);
        let gaps = pairs.map(|pair| (pair[1].value - pair[0].value, pair[0].value));
        let widest = gaps.fold(
            (0.0, f64::NAN),
            |most, gap| if gap.0 > most.0 { gap } else { most },
        );
        (widest.0, widest.1 + GOLDEN * widest.0)
    }

    fn fits(&self, first: usize, last: usize, numbers: &[Number]) -> bool {
        let samples = &self.samples[first..=last];
        let mut solved = samples.iter().map(|sample| sample.numbers.is_some());
        match (
            samples[0].numbers.is_some(),
            samples[last - first].numbers.is_some(),
        ) {
            (true, true) => numbers
                .iter()
                .enumerate()
                .all(|(k, number)| fits(samples, k, number)),
            (false, false) => !solved.any(|solved| solved),
            _ => false,
        }
    }

    fn is_known(&self, value: f64, near: f64) -> bool {
        let at = self.samples.partition_point(|s| s.value < value - near);
        let next = self.samples.get(at);
        next.is_some_and(|s| s.value <= value + near)
    }

    /// How many numbers there are.
    fn count(&self) -> usize {
        let numbers = self.samples.iter().filter_map(|s| s.numbers.as_ref());
        numbers.map(Vec::len).max().unwrap_or(0)
    }

    fn range(&self) -> f64 {
        match (self.grid.first(), self.grid.last()) {
            (Some(first), Some(last)) => last - first,
            _ => 0.0,
        }
    }
}
