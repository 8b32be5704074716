//! The steps of a residual supply function in words.

use super::answer::Run;
use super::curve::Curve;
use crate::report::words::listed;

/// What each step of a curve is made of: the bids that move along it and the limit that ends it.
pub struct StepWords {
    pub from_mw: f64,
    pub to_mw: f64,
    pub usd_per_mwh: f64,
    pub resource: String,
    pub ended_by: String,
}

/// Limits that a sentence names; the rest is counted.
const NAMED: usize = 5;

/// A limit and the period it holds in, of `line 7, period 2`.
fn by_period(limit: &str) -> (&str, Option<usize>) {
    let parts = limit.rsplit_once(", period ");
    parts
        .and_then(|(name, period)| Some((name, Some(period.parse().ok()?))))
        .unwrap_or((limit, None))
}

/// Limits in words, each once with all its periods: `line 7 in periods 1-3 and 5`.
pub fn limit_words(limits: &[String]) -> Vec<String> {
    let mut grouped: Vec<(&str, Vec<usize>)> = Vec::new();
    for limit in limits {
        let (name, period) = by_period(limit);
        match grouped.iter_mut().find(|(known, _)| *known == name) {
            Some((_, periods)) => periods.extend(period),
            None => grouped.push((name, period.into_iter().collect())),
        }
    }
    grouped
        .into_iter()
        .map(|(name, mut periods)| {
            periods.sort_unstable();
            match periods.as_slice() {
                [] => name.to_string(),
                [one] => format!("{name} in period {one}"),
                many => format!("{name} in periods {}", ranges(many)),
            }
        })
        .collect()
}

/// `1-3, 5 and 7` of ascending numbers.
fn ranges(numbers: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &n in numbers {
        match runs.last_mut() {
            Some((_, to)) if n <= *to + 1 => *to = n,
            _ => runs.push((n, n)),
        }
    }
    let words = runs.iter().map(|&(from, to)| match to - from {
        0 => from.to_string(),
        _ => format!("{from}-{to}"),
    });
    listed(&words.collect::<Vec<_>>())
}

/// Limits for a sentence: the first by name, how many more.
pub fn limit_sentence(limits: &[String]) -> String {
    let mut words = limit_words(limits);
    if words.len() > NAMED + 1 {
        let more = words.len() - NAMED;
        words.truncate(NAMED);
        words.push(format!("and {more} more"));
    }
    words.join(", ")
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
            let (name, period) = by_period(limit);
            if !pair[0].limits.contains(limit) && period.is_none_or(|p| p == t + 1) {
                ended.push(format!("{name} is full"));
            }
        }
        let resource: Vec<String> = moving.iter().take(3).map(|m| m.1.clone()).collect();
        let more = moving.len().saturating_sub(3);
        let resource = match (resource.is_empty(), more) {
            (true, _) => "losses".to_string(),
            (_, 0) => listed(&resource),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_named_once() {
        let words = |limits: &[&str]| {
            let limits: Vec<String> = limits.iter().map(|l| l.to_string()).collect();
            limit_sentence(&limits)
        };
        let some = ["line 1, period 1", "line 2, period 1", "line 1, period 2"];
        assert_eq!(words(&some), "line 1 in periods 1-2, line 2 in period 1");
        let gap = [1, 2, 3, 5].map(|t| format!("line 1, period {t}"));
        assert_eq!(limit_words(&gap), ["line 1 in periods 1-3 and 5"]);
        assert_eq!(words(&["voltage at 7"]), "voltage at 7");
        let many: Vec<String> = (0..9).map(|k| format!("line {k}")).collect();
        assert!(limit_sentence(&many).ends_with("line 4, and 4 more"));
    }
}
