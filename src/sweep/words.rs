//! What changes at a breakpoint, in words.

use crate::report::words::{listed_up_to, share};
use crate::report::{Fact, Facts, Holds};

/// Names of numbers that a sentence lists at most.
const NAMED: usize = 3;
/// The same of units.
const UNITS: usize = 6;

/// What holds on the two sides of a breakpoint.
pub struct Sides<'a> {
    pub before: &'a Facts,
    pub after: &'a Facts,
    /// Whether the market has an answer there.
    pub solved: (bool, bool),
    /// Names of the numbers that jump, and of those that only change their slope.
    pub jumping: Vec<String>,
    pub bending: Vec<String>,
    /// The unit whose price is swept: what it bids is another at every value.
    pub priced: Option<&'a str>,
}

/// Phrases, each of which reads as a sentence without its full stop.
pub fn changes(sides: &Sides) -> Vec<String> {
    match sides.solved {
        (false, true) => return vec!["there is an answer from here on".into()],
        (true, false) => return vec!["there is no answer from here on".into()],
        _ => {}
    }
    let mut said = Vec::new();
    let gained = differences(sides.after, sides.before, sides.priced);
    let lost = differences(sides.before, sides.after, sides.priced);
    let phrase = |said: &mut Vec<String>, text: String, steps: &[usize]| {
        said.push(text + &within(sides.after, steps));
    };
    for fact in gained.iter().filter(|fact| fact.what == Holds::Full) {
        phrase(
            &mut said,
            format!("{} becomes full", fact.name),
            &fact.steps,
        );
    }
    for fact in lost.iter().filter(|fact| fact.what == Holds::Full) {
        phrase(
            &mut said,
            format!("{} is no longer full", fact.name),
            &fact.steps,
        );
    }
    // Who takes over from whom is told of the same steps together.
    let mut when: Vec<&[usize]> = Vec::new();
    for fact in gained.iter().chain(&lost) {
        if fact.what == Holds::Marginal && !when.contains(&fact.steps.as_slice()) {
            when.push(&fact.steps);
        }
    }
    for steps in when {
        let names = |of: &[Fact]| -> Vec<String> {
            let of = of
                .iter()
                .filter(|f| f.what == Holds::Marginal && f.steps == steps);
            of.map(|f| match sides.priced == Some(f.name.as_str()) {
                true => f.name.clone(),
                false => f.told(),
            })
            .collect()
        };
        let (new, old) = (names(&gained), names(&lost));
        let text = match (new.is_empty(), old.is_empty()) {
            (false, false) => format!(
                "{} {} marginal instead of {}",
                listed_up_to(UNITS, &new),
                are(&new),
                listed_up_to(UNITS, &old)
            ),
            (false, true) => format!("{} {} marginal too", listed_up_to(UNITS, &new), are(&new)),
            _ => format!(
                "{} {} no longer marginal",
                listed_up_to(UNITS, &old),
                are(&old)
            ),
        };
        phrase(&mut said, text, steps);
    }
    for fact in gained.iter().filter(|fact| fact.what == Holds::So) {
        phrase(
            &mut said,
            format!("from here on {}", fact.name),
            &fact.steps,
        );
    }
    if said.is_empty() {
        said.push(of_numbers(sides));
    }
    said
}

/// Whether the sides differ in what holds, not in numbers alone.
pub fn differ(sides: &Sides) -> bool {
    let (before, after) = (sides.before, sides.after);
    sides.solved.0 != sides.solved.1
        || !differences(after, before, sides.priced).is_empty()
        || !differences(before, after, sides.priced).is_empty()
}

fn are(names: &[String]) -> &'static str {
    if names.len() == 1 { "is" } else { "are" }
}

/// Which numbers jump, or else bend, where nothing else is known.
fn of_numbers(sides: &Sides) -> String {
    let (verb, names) = match (sides.jumping.as_slice(), sides.bending.as_slice()) {
        ([], []) => return "the numbers bend".into(),
        ([], bending) => ("bends", bending),
        (jumping, _) => ("jumps", jumping),
    };
    let more = names.len().saturating_sub(NAMED);
    let mut shown = names[..names.len() - more].join("; ");
    if more > 0 {
        shown = format!("{shown}; {more} more");
    }
    format!("{verb}: {shown}")
}

/// What holds on this side in steps in which it does not on the other.
fn differences(here: &Facts, there: &Facts, priced: Option<&str>) -> Vec<Fact> {
    let of = |fact: &Fact| {
        let any = priced == Some(fact.name.as_str());
        let same =
            |f: &&Fact| f.what == fact.what && f.name == fact.name && (any || f.at == fact.at);
        let others: Vec<&Fact> = there.list.iter().filter(same).collect();
        let steps = fact.steps.iter().copied();
        let steps = steps.filter(|step| !others.iter().any(|other| other.steps.contains(step)));
        Fact {
            steps: steps.collect(),
            ..fact.clone()
        }
    };
    let all = here.list.iter().map(of);
    all.filter(|fact| !fact.steps.is_empty()).collect()
}

/// Of how many steps it holds, where there are several.
fn within(facts: &Facts, steps: &[usize]) -> String {
    match facts.steps {
        0 | 1 => String::new(),
        all => format!(" ({})", share(steps.len(), all, facts.noun)),
    }
}
