//! Lists and counts in a sentence.

/// `a`, `a and b`, `a, b and c`.
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_in_a_sentence() {
        assert_eq!(steps("hour", &[19]), "hour 19");
        assert_eq!(steps("hour", &[19, 20]), "hours 19 and 20");
        assert_eq!(
            steps("slot", &[1, 2, 3, 8, 10, 11]),
            "slots 1 to 3, 8, 10 and 11"
        );
        assert_eq!(counted(0, "slot"), "no slots");
        assert_eq!(counted(1, "slot"), "1 slot");
    }
}
