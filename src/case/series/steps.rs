//! Lines on a grid of times: what is missing, and other lengths of interval.

use super::super::Problem;
use super::clock::may_be_put_forward;
use super::{Reading, few};

/// The most frequent distance of two lines, s; at a tie the one nearest to whole minutes, then the least.
pub(super) fn usual_step(times: &[(i64, u64)]) -> i64 {
    let mut steps: Vec<i64> = times.windows(2).map(|w| w[1].0 - w[0].0).collect();
    crate::sort::by(&mut steps, Ord::cmp);
    let runs = steps.chunk_by(|a, b| a == b);
    let off_minute = |step: i64| (step.rem_euclid(60)).min(60 - step.rem_euclid(60));
    let best = runs
        .filter_map(|run| Some((run.len(), *run.first()?)))
        .max_by_key(|&(count, step)| (count, -off_minute(step), -step));
    best.map_or(60, |(_, step)| step).max(1)
}

/// Says where lines are missing.
pub(super) fn gaps(
    times: &[(i64, u64)],
    step: i64,
    reading: &Reading,
    notes: &mut Vec<Problem>,
) -> Result<(), Vec<Problem>> {
    let mut wrong = Vec::new();
    for pair in times.windows(2) {
        let (from, to) = (pair[0].0, pair[1].0);
        let away = to - from;
        if away == step {
            continue;
        }
        let field = format!("line {}", pair[1].1);
        if reading.local_times && away == step + 3600 && may_be_put_forward(from, to) {
            let message = "An hour is missing here, in a night from Saturday to Sunday. Where clocks were put forward, state the offset in every time, such as +01:00 before and +02:00 from here on; where they were not, state one offset for the whole file.";
            wrong.push(Problem::error(field, message));
            continue;
        }
        if away % step != 0 {
            let message = format!(
                "This line is {} after the one before, others {}. Put lines on one grid of times.",
                length(away),
                length(step)
            );
            wrong.push(Problem::error(field, message));
            continue;
        }
        let missing = away / step - 1;
        if (away - step) as f64 > 60.0 * reading.longest_gap_minutes {
            let message = format!(
                "{} before this one, more than {} min. Fill the gap in the file.",
                lines_missing(missing),
                reading.longest_gap_minutes
            );
            wrong.push(Problem::error(field, message));
        } else {
            let message = format!(
                "{} before this one; the values between were filled straight.",
                lines_missing(missing)
            );
            notes.push(Problem::warning(field, message));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(few(wrong))
    }
}

fn lines_missing(count: i64) -> String {
    match count {
        1 => "1 line is missing".to_string(),
        n => format!("{n} lines are missing"),
    }
}

/// `5 min`, `4 min 59 s`.
fn length(seconds: i64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, s) => format!("{s} s"),
        (min, 0) => format!("{min} min"),
        (min, s) => format!("{min} min {s} s"),
    }
}

/// One value per step of the file, gaps filled straight between their neighbours.
pub(super) fn fill(
    name: &str,
    times: &[(i64, u64)],
    values: &mut [f64],
    step: i64,
    reading: &Reading,
    notes: &mut Vec<Problem>,
) -> Result<Vec<f64>, Problem> {
    let first = times[0].0;
    let n = ((times[times.len() - 1].0 - first) / step + 1) as usize;
    let mut held = vec![f64::NAN; n];
    let mut empty: Option<(u64, u64)> = None;
    let mut runs = Vec::new();
    for ((time, line), value) in times.iter().zip(values.iter()) {
        held[((time - first) / step) as usize] = *value;
        if value.is_nan() {
            let from = empty.map_or(*line, |(from, _)| from);
            empty = Some((from, *line));
        } else if let Some(run) = empty.take() {
            runs.push(run);
        }
    }
    runs.extend(empty);
    for (from, to) in runs {
        let lines = if from == to {
            format!("line {from}")
        } else {
            format!("lines {from} to {to}")
        };
        let message = "There is no value; it was filled from its neighbours.".to_string();
        notes.push(Problem::warning(format!("{lines}, {name}"), message));
    }
    let mut k = 0;
    while k < n {
        if !held[k].is_nan() {
            k += 1;
            continue;
        }
        let end = (k..n).find(|&i| !held[i].is_nan()).unwrap_or(n);
        let before = k.checked_sub(1).map(|i| held[i]);
        let after = held.get(end).copied();
        if (end - k) as f64 * step as f64 > 60.0 * reading.longest_gap_minutes {
            let message = format!(
                "There is no value for {} min, more than {} min. Fill the gap in the file.",
                (end - k) as f64 * step as f64 / 60.0,
                reading.longest_gap_minutes
            );
            return Err(Problem::error(
                format!("line {}, {name}", times.get(k).map_or(0, |t| t.1)),
                message,
            ));
        }
        let Some(left) = before.or(after) else {
            return Err(Problem::error(
                format!("line 2, {name}"),
                "There is no value in the whole column. Fill it or remove it.",
            ));
        };
        let right = after.unwrap_or(left);
        for (i, slot) in held[k..end].iter_mut().enumerate() {
            *slot = left + (right - left) * (i + 1) as f64 / (end - k + 1) as f64;
        }
        k = end;
    }
    Ok(held)
}

/// Means over intervals of `minutes` of values that hold for `step` seconds each.
pub(super) fn resampled(held: &[f64], step: i64, minutes: f64) -> Vec<f64> {
    let (own, wanted) = (step as f64, minutes * 60.0);
    let n = (held.len() as f64 * own / wanted + 1e-9).floor() as usize;
    (0..n)
        .map(|k| {
            let (from, to) = (k as f64 * wanted, (k + 1) as f64 * wanted);
            let first = (from / own + 1e-9).floor() as usize;
            let last = ((to / own - 1e-9).ceil() as usize).min(held.len());
            let mut sum = 0.0;
            for (i, value) in held.iter().enumerate().take(last).skip(first) {
                let (a, b) = (i as f64 * own, (i + 1) as f64 * own);
                sum += value * (b.min(to) - a.max(from)).max(0.0);
            }
            // Ten decimals: no traces of the division.
            (sum / wanted * 1e10).round() / 1e10
        })
        .collect()
}
