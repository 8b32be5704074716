//! What the variants of a residual supply function do to its samples.

use super::super::params::Variant;
use super::curve::Sample;

/// Digits of a solver's price, as a share of 1 + the price cap.
const DIGITS: f64 = 1e-6;

/// What a variant does to its samples, by ascending export.
pub fn shaped(mut samples: Vec<Sample>, variant: Variant, cap_usd_per_mwh: f64) -> Vec<Sample> {
    level(&mut samples, DIGITS * (1.0 + cap_usd_per_mwh));
    match variant {
        Variant::Relaxed | Variant::FixAndPrice => samples,
        Variant::ConvexHull => lower_envelope(samples),
        Variant::SafeChord => {
            safe(&mut samples);
            samples
        }
    }
}

/// Makes slopes ascend where they fall by no more than a solver's digits, $/MWh: with s_k = Σ_t μ_kt the nearest
/// ascending numbers, neighbours that fall being one, and the difference shared by the periods.
fn level(samples: &mut [Sample], digits: f64) {
    let sum = |slopes: &[f64]| slopes.iter().sum::<f64>();
    let sums = samples
        .iter()
        .flat_map(|s| [sum(&s.below_usd_per_mwh), sum(&s.above_usd_per_mwh)]);
    // Sum and count of neighbours that are one.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for slope in sums {
        let mut pool = (slope, 1);
        while let Some(last) = pools.pop_if(|last| last.0 / last.1 as f64 > pool.0 / pool.1 as f64)
        {
            pool = (last.0 + pool.0, last.1 + pool.1);
        }
        pools.push(pool);
    }
    let means = pools
        .into_iter()
        .flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f64, count));
    let slopes = samples
        .iter_mut()
        .flat_map(|s| [&mut s.below_usd_per_mwh, &mut s.above_usd_per_mwh]);
    for (slopes, mean) in slopes.zip(means) {
        let off = mean - sum(slopes);
        if off.abs() <= digits {
            let share = off / slopes.len() as f64;
            slopes.iter_mut().for_each(|slope| *slope += share);
        }
    }
}

/// The samples on the lower convex envelope of (export, TC).
fn lower_envelope(samples: Vec<Sample>) -> Vec<Sample> {
    let mut hull: Vec<Sample> = Vec::new();
    for sample in samples {
        while let [.., first, second] = hull.as_slice() {
            let run = |a: &Sample, b: &Sample| b.export_mw[0] - a.export_mw[0];
            let rise = |a: &Sample, b: &Sample| b.cost_usd - a.cost_usd;
            let above = rise(first, second) * run(first, &sample)
                >= rise(first, &sample) * run(first, second) - 1e-12;
            if !above {
                break;
            }
            hull.pop();
        }
        hull.push(sample);
    }
    hull
}

/// Raises costs so that the chords ascend and lie nowhere below what was achieved, from the sample
/// of least cost outwards.
fn safe(samples: &mut [Sample]) {
    let Some(anchor) =
        (0..samples.len()).min_by(|&a, &b| samples[a].cost_usd.total_cmp(&samples[b].cost_usd))
    else {
        return;
    };
    let mut slope = f64::NEG_INFINITY;
    for k in anchor + 1..samples.len() {
        let width = samples[k].export_mw[0] - samples[k - 1].export_mw[0];
        slope = slope.max((samples[k].cost_usd - samples[k - 1].cost_usd) / width);
        samples[k].cost_usd = samples[k - 1].cost_usd + slope * width;
    }
    let mut slope = f64::INFINITY;
    for k in (0..anchor).rev() {
        let width = samples[k + 1].export_mw[0] - samples[k].export_mw[0];
        slope = slope.min((samples[k + 1].cost_usd - samples[k].cost_usd) / width);
        samples[k].cost_usd = samples[k + 1].cost_usd - slope * width;
    }
}
