//! The steps of a residual supply function in words.

use super::answer::Run;
use super::curve::Curve;

/// What each step of a curve is made of: the bids that move along it and the limit that ends it.
pub struct StepWords {
    pub from_mw: f64,
    pub to_mw: f64,
    pub usd_per_mwh: f64,
    pub resource: String,
    pub ended_by: String,
}

/// The steps between neighbouring samples in one period, in words.
pub fn step_words(run: &Run, curve: &Curve, t: usize) -> Vec<StepWords> {
    let system = run.system;
    let admitted = &run.outcome.admitted;
    let bids: Vec<usize> = system.areas[curve.area]
        .bids
        .iter()
        .map(|&(b, _)| b)
        .filter(|&b| admitted[b])
        .collect();
    let mut words = Vec::new();
    for pair in curve.samples.windows(2) {
        let (from, to) = (pair[0].export_mw[t], pair[1].export_mw[t]);
        if to - from <= 1e-9 {
            continue;
        }
        let small = 0.02 * (to - from);
        let mut moving = Vec::new();
        let mut ended = Vec::new();
        for (k, &b) in bids.iter().enumerate() {
            let (Some(p), Some(q)) = (pair[0].p_mw.get(k), pair[1].p_mw.get(k)) else {
                continue;
            };
            let change = q[t] - p[t];
            if change.abs() <= small {
                continue;
            }
            let bid = &system.balancing.bids[b];
            moving.push((change.abs(), bid.id.clone()));
            let offers = bid.offers.iter().filter(|o| o.period == t + 1);
            let (low, high) = offers
                .flat_map(|o| &o.segments)
                .fold((0.0, 0.0), |(l, h), s| {
                    (l + s.min_p_mw.min(0.0), h + s.max_p_mw.max(0.0))
                });
            if (q[t] - high).abs() <= 1e-5 * (1.0 + f64::abs(high)) {
                ended.push(format!("{} is fully used", bid.id));
            } else if (q[t] - low).abs() <= 1e-5 * (1.0 + f64::abs(low)) {
                ended.push(format!("{} is fully used downwards", bid.id));
            } else if q[t].abs() <= 1e-6 {
                ended.push(format!("{} is back at zero", bid.id));
            }
        }
        moving.sort_by(|a, b| b.0.total_cmp(&a.0));
        for limit in &pair[1].limits {
            if !pair[0].limits.contains(limit) {
                ended.push(format!("{limit} is full"));
            }
        }
        let resource: Vec<String> = moving.iter().take(3).map(|m| m.1.clone()).collect();
        let more = moving.len().saturating_sub(3);
        let resource = match (resource.is_empty(), more) {
            (true, _) => "losses".to_string(),
            (_, 0) => resource.join(" and "),
            (_, more) => format!("{} and {more} more", resource.join(", ")),
        };
        let hours = system.hours * (to - from);
        let price = if curve.start_mw.len() == 1 {
            (pair[1].cost_usd - pair[0].cost_usd) / hours
        } else {
            0.5 * (pair[0].above_usd_per_mwh[t] + pair[1].below_usd_per_mwh[t])
        };
        words.push(StepWords {
            from_mw: from,
            to_mw: to,
            usd_per_mwh: price,
            resource,
            ended_by: ended.join(", "),
        });
    }
    merged(words)
}

/// Neighbouring steps of one price and one resource are one step.
fn merged(words: Vec<StepWords>) -> Vec<StepWords> {
    let mut list: Vec<StepWords> = Vec::new();
    for step in words {
        if let Some(last) = list.last_mut()
            && (last.usd_per_mwh - step.usd_per_mwh).abs() <= 1e-6 * (1.0 + step.usd_per_mwh.abs())
            && last.resource == step.resource
        {
            last.to_mw = step.to_mw;
            last.ended_by = step.ended_by;
        } else {
            list.push(step);
        }
    }
    list
}
