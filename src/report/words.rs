//! Lists, counts and changes in a sentence.

use super::amount;

/// An amount of money.
pub fn usd(value: f64) -> String {
    amount(value, "$")
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// [`listed`]; of more than `most` names the first `most` less one, and how many more there are.
pub fn listed_up_to(most: usize, names: &[String]) -> String {
    if names.len() <= most {
        return listed(names);
    }
    let shown = most.saturating_sub(1);
    let more = format!("{} more", names.len() - shown);
    listed(&[&names[..shown], &[more]].concat())
}

/// Steps of the clock, ascending and counted from 1, with their noun: `hour 19`,
/// `hours 19 and 20`, `hours 1 to 5 and 8`.
pub fn steps(noun: &str, at: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &step in at {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == step => *last = step,
            _ => runs.push((step, step)),
        }
    }
    let words: Vec<String> = runs.iter().flat_map(|&(from, to)| span(from, to)).collect();
    let plural = if at.len() == 1 { "" } else { "s" };
    format!("{noun}{plural} {}", listed(&words))
}

/// Two neighbours by name, more as a range.
fn span(from: usize, to: usize) -> Vec<String> {
    match to - from {
        0 => vec![from.to_string()],
        1 => vec![from.to_string(), to.to_string()],
        _ => vec![format!("{from} to {to}")],
    }
}

/// A count with its noun: `no slots`, `1 slot`, `2 slots`.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// How often out of how many: `in none of 24 intervals`, `in all 24 intervals`, `in 3 of 24 intervals`.
pub fn share(count: usize, all: usize, noun: &str) -> String {
    match count {
        0 => format!("in none of {}", counted(all, noun)),
        _ if count == all && all > 1 => format!("in all {all} {noun}s"),
        _ => format!("in {count} of {}", counted(all, noun)),
    }
}

/// The change of an amount in per cent of what it was, 100 (now / before − 1); `None` where that says
/// nothing: the base is no cost but a gain or nothing, the sign changes, or it grows more than tenfold.
pub fn percent_change(now: f64, before: f64) -> Option<f64> {
    let told = before > 0.0 && (0.0..=10.0 * before).contains(&now);
    told.then(|| 100.0 * (now / before - 1.0))
}

/// A change of less than this share is none.
const SAME: f64 = 5e-5;

/// A change in words, in per cent or where that says nothing in its unit: `24.3 % less than`,
/// `5.44 $ more than`, `the same as`.
pub fn changed(now: f64, before: f64, unit: &str) -> String {
    let change = now - before;
    if !change.is_finite() {
        return "no comparison with".into();
    }
    let size = match percent_change(now, before) {
        Some(percent) => amount(percent.abs(), "%"),
        None => amount(change.abs(), unit),
    };
    match change < 0.0 {
        _ if change.abs() <= SAME * before.abs().max(1.0) => "the same as".into(),
        true => format!("{size} less than"),
        false => format!("{size} more than"),
    }
}
