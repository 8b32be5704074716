//! What a preset says around its question: what to look at, and the answer in words.

use serde::Deserialize;

use crate::report::say::{follows_clock, holds, say};
use crate::report::{Look, Report, Status};

/// A sentence with numbers of the report, see [`crate::report::say`], and when it is true.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saying {
    /// Holds always where it is empty.
    #[serde(default)]
    when: String,
    say: String,
}

/// What to look at first: `picture` where no chart is named, and no chart that the report does not have.
pub fn look(named: Option<&Look>, picture: Option<&str>, report: &Report) -> Look {
    let mut look = named.cloned().unwrap_or_default();
    if look.chart.is_empty() {
        look.chart = picture.unwrap_or_default().into();
    }
    if report.chart(&look.chart).is_none() {
        look.chart.clear();
    }
    look
}

/// The first answer whose condition holds at a step: one sentence, or one for every step where some answer speaks
/// of a step. Empty where none holds, or where a number it speaks of is not in the report.
pub fn answer(sayings: &[Saying], report: &Report) -> Vec<String> {
    if report.status != Status::Solved {
        return Vec::new();
    }
    let at = |step: usize| {
        let holding = |own: &&Saying| holds(&own.when, report, step).unwrap_or(false);
        let own = sayings.iter().find(holding)?;
        say(&own.say, report, step).ok()
    };
    let speaks = |own: &Saying| follows_clock(&own.say, &own.when, report);
    let steps = report.clock.as_ref().map_or(1, |clock| clock.steps);
    let count = if sayings.iter().any(speaks) { steps } else { 1 };
    (0..count)
        .map(at)
        .collect::<Option<_>>()
        .unwrap_or_default()
}
