//! What the variants of a residual supply function do to its samples.

use super::curve::Sample;
use super::params::Variant;

/// What a variant does to its samples.
pub fn shaped(mut samples: Vec<Sample>, variant: Variant) -> Vec<Sample> {
    match variant {
        Variant::Relaxed | Variant::FixAndPrice => samples,
        Variant::ConvexHull => lower_envelope(samples),
        Variant::SafeChord => {
            safe(&mut samples);
            samples
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
