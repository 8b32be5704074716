//! What a number is between two samples: straight, a parabola, or a curve that only its samples know.

/// How near a sample must lie to a stroke or a parabola, relative to the size of its number.
pub const NEAR: f64 = 1e-9;
/// What a parabola is off its chords by at least, in the same measure: so that rounding is not taken for one.
const BENT: f64 = 100.0 * NEAR;
/// Samples in a row that tell a parabola: two more than it takes to draw one.
const TELLING: usize = 5;

/// What a solve says at one value.
#[derive(Clone, Debug)]
pub struct Sample {
    pub value: f64,
    /// Number by number, NaN where one has no value; `None` where the market has no answer.
    pub numbers: Option<Vec<f64>>,
}

/// What a number is from one breakpoint to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Straight,
    /// Of degree two: the cost of a dispatch where offers rise, or a price times an amount.
    Parabola,
    /// Known at its samples alone.
    Curve,
}

impl Shape {
    /// Samples that it takes to know it.
    pub fn samples(self) -> usize {
        match self {
            Shape::Straight | Shape::Curve => 2,
            Shape::Parabola => 3,
        }
    }
}

/// A number of all samples.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// For comparisons.
    pub size: f64,
    pub shape: Shape,
}

/// Number `k` of a sample; NaN where it has none.
pub fn number(sample: &Sample, k: usize) -> f64 {
    let numbers = sample.numbers.as_ref();
    let value = numbers.and_then(|n| n.get(k)).copied();
    value.filter(|v| v.is_finite()).unwrap_or(f64::NAN)
}

/// Number `k` at a value by the first and the last of these samples, and for a parabola by the one in their middle:
///
/// ```text
/// y(a) + (x − a) y[a, b] + (x − a)(x − b) y[a, m, b]        y[…] divided differences
/// ```
pub fn on(samples: &[Sample], k: usize, shape: Shape, value: f64) -> f64 {
    let [Some(a), Some(b)] = [samples.first(), samples.last()] else {
        return f64::NAN;
    };
    let (low, high) = (number(a, k), number(b, k));
    let slope = (high - low) / (b.value - a.value);
    let stroke = match value - a.value < b.value - value {
        true => low + slope * (value - a.value),
        false => high + slope * (value - b.value),
    };
    match shape {
        Shape::Straight | Shape::Curve => stroke,
        Shape::Parabola => stroke + bend(samples, k) * (value - a.value) * (value - b.value),
    }
}

/// The second divided difference over the first sample, the last, and the one in their middle; 0 where there is none.
pub fn bend(samples: &[Sample], k: usize) -> f64 {
    let [Some(a), Some(b)] = [samples.first(), samples.last()] else {
        return 0.0;
    };
    let middle = 0.5 * (a.value + b.value);
    let inner = samples.iter().skip(1).take(samples.len().saturating_sub(2));
    let nearest = inner.min_by(|p, q| {
        let away = |sample: &Sample| (sample.value - middle).abs();
        away(p).total_cmp(&away(q))
    });
    nearest.map_or(0.0, |m| {
        let slope = (number(b, k) - number(a, k)) / (b.value - a.value);
        let first = (number(m, k) - number(a, k)) / (m.value - a.value);
        (first - slope) / (m.value - b.value)
    })
}

/// Whether number `k` of every sample lies on what the samples at both ends (and the middle) say, or has no value
/// in any.
pub fn fits(samples: &[Sample], k: usize, of: &Number) -> bool {
    let missing = |sample: &Sample| number(sample, k).is_nan();
    let ends = [samples.first(), samples.last()];
    if ends.iter().flatten().any(|sample| missing(sample)) {
        return samples.iter().all(|s| s.numbers.is_some() && missing(s));
    }
    samples.iter().all(|sample| match of.shape {
        Shape::Curve => !missing(sample),
        shape => {
            let off = on(samples, k, shape, sample.value) - number(sample, k);
            off.abs() <= NEAR * of.size
        }
    })
}

/// Whether number `k` is a parabola on some of these samples: [`TELLING`] in a row lie on one, and none of the inner
/// ones on the chord of its neighbours.
pub fn bends(samples: &[Sample], k: usize, size: f64) -> bool {
    let parabola = Number {
        size,
        shape: Shape::Parabola,
    };
    let chords = |five: &[Sample]| {
        let mut threes = five.windows(3);
        threes.all(|three| {
            let on_chord = on(three, k, Shape::Straight, three[1].value);
            (on_chord - number(&three[1], k)).abs() > BENT * size
        })
    };
    let mut rows = samples.windows(TELLING);
    rows.any(|five| chords(five) && fits(five, k, &parabola))
}
