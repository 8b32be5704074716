//! Which value to solve next, so that every breakpoint of a piecewise straight answer is found.
//!
//! Evenly spaced values come first. Then *runs* are looked for: neighbouring samples of which every number lies on
//! the straight stroke from the first to the last,
//!
//! ```text
//! |y_k(x) − (y_k(a) + (x − a)(y_k(b) − y_k(a)) / (b − a))| ≤ 1e-9 max(1, max |y_k|)     for all numbers k, a < x < b
//! ```
//!
//! A run is a piece once it has two checks that are not among the evenly spaced values. Between two pieces lies a
//! breakpoint: where the strokes of a number that bends meet, confirmed by solves just on both sides; where none
//! bends (a price, the end of what is feasible), it is halved down. The widest place that is not settled comes first.
//! Where some numbers are curves and others are not, the curves are left out of the comparison. The plan is a function
//! of its samples alone.

/// How near a sample must lie to the stroke, relative to the size of its number.
const STRAIGHT: f64 = 1e-9;
/// Samples of a piece: both ends and two checks.
const SAMPLES: usize = 4;
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

/// What a solve says at one value.
#[derive(Clone, Debug)]
pub struct Sample {
    pub value: f64,
    /// Number by number, NaN where one has no value; `None` where the market has no answer.
    pub numbers: Option<Vec<f64>>,
}

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
    /// Size of each number, for comparisons; that of a curve is infinite, so that it is straight and never bends.
    sizes: Vec<f64>,
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
            sizes: Vec::new(),
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
        self.sizes = (0..self.numbers()).map(|k| self.greatest(k)).collect();
        if self.is_sampled() {
            while self.mark_curves() {}
        }
        at
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
            let mut alone = vec![f64::INFINITY; self.sizes.len()];
            alone[k] = self.sizes[k];
            let mut all = stretches.iter();
            self.sizes[k].is_finite() && all.any(|stretch| self.is_curved(stretch, &alone))
        };
        let marked: Vec<usize> = (0..self.sizes.len()).filter(|&k| curved(k)).collect();
        let left = self.sizes.iter().filter(|size| size.is_finite()).count();
        if marked.is_empty() || marked.len() >= left {
            return false;
        }
        for k in marked {
            self.sizes[k] = f64::INFINITY;
        }
        true
    }

    /// Whether number `k` is a curve beside others that are not.
    pub fn is_curve(&self, k: usize) -> bool {
        self.sizes.get(k).is_some_and(|size| size.is_infinite())
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

    /// Number `k` of a run at a value of its stroke, or a little beyond.
    pub fn on(&self, run: &Run, k: usize, value: f64) -> f64 {
        let (a, b) = (&self.samples[run.first], &self.samples[run.last]);
        let (low, high) = (number(a, k), number(b, k));
        let slope = (high - low) / (b.value - a.value);
        match value - a.value < b.value - value {
            true => low + slope * (value - a.value),
            false => high + slope * (value - b.value),
        }
    }

    /// Size of number `k`, for comparisons.
    pub fn size(&self, k: usize) -> f64 {
        self.sizes[k]
    }

    fn greatest(&self, k: usize) -> f64 {
        let values = self.samples.iter().map(|s| number(s, k).abs());
        values.fold(1.0, f64::max)
    }

    /// The runs, ascending; neighbours share at most a sample.
    pub fn runs(&self) -> Vec<Run> {
        if !self.refines {
            return Vec::new();
        }
        let (mut runs, mut first) = (Vec::new(), 0);
        while first + 1 < self.samples.len() {
            let mut last = first + 1;
            while last < self.samples.len() && self.is_straight(first, last, &self.sizes) {
                last += 1;
            }
            last -= 1;
            let width = self.samples[last].value - self.samples[first].value;
            let whole = last + 1 >= first + SAMPLES && width >= NARROWEST * self.range();
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
        if crowded || self.is_curved(&alone, &self.sizes) {
            return Between::Curve;
        }
        Between::Open { ask, width }
    }

    /// Whether neighbours among samples of no run, laid closely, are of a curve: no three of them lie on a stroke.
    fn is_curved(&self, alone: &std::ops::Range<usize>, sizes: &[f64]) -> bool {
        let close = CURVE * self.cell();
        let at = |k: usize| &self.samples[k];
        let mut windows = alone.clone().filter(|k| k + ALONE <= alone.end);
        windows.any(|first| {
            let last = first + ALONE - 1;
            let solved = (first..=last).all(|k| at(k).numbers.is_some());
            solved
                && (first..last).all(|k| at(k + 1).value - at(k).value < close)
                && !(first..last - 1).any(|k| self.is_straight(k, k + 2, sizes))
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
        for k in 0..self.numbers() {
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

    fn is_straight(&self, first: usize, last: usize, sizes: &[f64]) -> bool {
        let (a, b) = (&self.samples[first], &self.samples[last]);
        let between = &self.samples[first + 1..last];
        if a.numbers.is_none() || b.numbers.is_none() {
            let none = |s: &Sample| s.numbers.is_none();
            return none(a) && none(b) && between.iter().all(none);
        }
        sizes.iter().enumerate().all(|(k, size)| {
            let (low, high) = (number(a, k), number(b, k));
            if low.is_nan() || high.is_nan() {
                let none = |s: &Sample| s.numbers.is_some() && number(s, k).is_nan();
                return low.is_nan() && high.is_nan() && between.iter().all(none);
            }
            between.iter().all(|s| {
                let part = (s.value - a.value) / (b.value - a.value);
                (low + part * (high - low) - number(s, k)).abs() <= STRAIGHT * size
            })
        })
    }

    fn is_known(&self, value: f64, near: f64) -> bool {
        let at = self.samples.partition_point(|s| s.value < value - near);
        let next = self.samples.get(at);
        next.is_some_and(|s| s.value <= value + near)
    }

    /// How many numbers there are.
    fn numbers(&self) -> usize {
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

fn number(sample: &Sample, k: usize) -> f64 {
    let numbers = sample.numbers.as_ref();
    let value = numbers.and_then(|n| n.get(k)).copied();
    value.filter(|v| v.is_finite()).unwrap_or(f64::NAN)
}
