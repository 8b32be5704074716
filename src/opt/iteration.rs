//! Iterations x⁺ = f(x) of one number: fixed points, their slopes, what a sequence does in the long run.

/// Values closer than this are the same.
pub const SAME: f64 = 1e-6;

/// What a sequence does in the long run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pattern {
    /// Constant from place `from` (from 0) on.
    Steady {
        from: usize,
    },
    /// Repeats every `period` places from place `from` (from 0) on.
    Cycle {
        period: usize,
        from: usize,
    },
    /// Each swing is about `ratio` < 1 times the one before.
    Damped {
        ratio: f64,
    },
    /// Each swing is about `ratio` > 1 times the one before.
    Growing {
        ratio: f64,
    },
    Irregular,
}

/// The crossing of the map with the diagonal nearest to `now`, by false position; a jump across
/// the diagonal is not a fixed point.
pub fn fixed_point(
    map: &[(f64, f64)],
    now: f64,
    next: &impl Fn(f64) -> Option<f64>,
) -> Option<f64> {
    let mut found: Option<f64> = None;
    let mut keep = |x: f64| {
        if found.is_none_or(|best: f64| (x - now).abs() < (best - now).abs()) {
            found = Some(x);
        }
    };
    for pair in map.windows(2) {
        let ((mut a, fa), (mut b, fb)) = (pair[0], pair[1]);
        let (mut ga, mut gb) = (fa - a, fb - b);
        if ga.abs() <= SAME {
            keep(a);
            continue;
        }
        if ga * gb >= 0.0 || ga.is_nan() || gb.is_nan() {
            continue;
        }
        for step in 0..60 {
            // False position; every third step halves the bracket so that it always shrinks.
            let m = if step % 3 == 2 {
                0.5 * (a + b)
            } else {
                a - ga * (b - a) / (gb - ga)
            };
            let Some(fm) = next(m) else { break };
            let gm = fm - m;
            if gm.abs() <= 1e-9 {
                keep(m);
                break;
            }
            if ga * gm < 0.0 {
                (b, gb) = (m, gm);
            } else {
                (a, ga) = (m, gm);
            }
            if b - a < 1e-10 {
                break;
            }
        }
    }
    if let Some(&(x, f)) = map.last()
        && (f - x).abs() <= SAME
    {
        keep(x);
    }
    found
}

/// Slopes of the map left and right of `x`; at an end of the range the one that exists, twice.
pub fn slopes(
    x: f64,
    low: f64,
    high: f64,
    next: &impl Fn(f64) -> Option<f64>,
) -> Option<(f64, f64)> {
    let h = 1e-4 * (high - low);
    let at = next(x)?;
    let left = (x - h >= low)
        .then(|| next(x - h))
        .flatten()
        .map(|f| (at - f) / h);
    let right = (x + h <= high)
        .then(|| next(x + h))
        .flatten()
        .map(|f| (f - at) / h);
    Some((left.or(right)?, right.or(left)?))
}

/// Least and greatest of a sequence; (NaN, NaN) when empty.
pub fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::NAN, f64::NAN), |(low, high), v| {
        (low.min(v), high.max(v))
    })
}

/// What the sequence does in the long run.
pub fn pattern(x: &[f64]) -> Pattern {
    let n = x.len();
    for period in 1..=8 {
        let repeats = |t: usize| (x[t] - x[t + period]).abs() <= SAME;
        // At least two whole rounds must repeat, so that one chance equality is not a cycle.
        let needed = if period == 1 { 1 } else { period + 1 };
        let same = (0..n.saturating_sub(period))
            .rev()
            .take_while(|&t| repeats(t))
            .count();
        if same >= needed {
            let from = n - period - same;
            return if period == 1 {
                Pattern::Steady { from }
            } else {
                Pattern::Cycle { period, from }
            };
        }
    }
    let swings: Vec<f64> = x.windows(2).map(|w| (w[1] - w[0]).abs()).collect();
    let ratios: Vec<f64> = swings
        .windows(2)
        .map(|w| w[1] / w[0])
        .filter(|r| r.is_finite())
        .collect();
    let last = &ratios[ratios.len().saturating_sub(3)..];
    if last.is_empty() {
        return Pattern::Irregular;
    }
    let ratio = libm::pow(last.iter().product(), 1.0 / last.len() as f64);
    if last.iter().all(|r| *r < 1.0) {
        Pattern::Damped { ratio }
    } else if last.iter().all(|r| *r > 1.0) {
        Pattern::Growing { ratio }
    } else {
        Pattern::Irregular
    }
}
