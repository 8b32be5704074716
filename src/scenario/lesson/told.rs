//! A lesson told with the numbers of a report, and what in it cannot be told.

use super::{Lesson, Predict, Saying};
use crate::case::Problem;
use crate::report::say::{follows_clock, holds, say, value, value_in};
use crate::report::units::read_in;
use crate::report::{self, Guess, LessonStep, Look, Prediction, Report, Status};

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

impl Lesson {
    /// Whether there is more than a question and its answer.
    pub fn is_told(&self) -> bool {
        self.predict.is_some() || !self.steps.is_empty() || !self.why.is_empty()
    }

    /// The lesson with the numbers of a report, at the step where it begins; `next` is for who knows the presets.
    /// What cannot be said is left out: [`Lesson::problems`] names it.
    pub fn told(&self, report: &Report) -> report::Lesson {
        let step = report.start.unwrap_or(0);
        let text = |text: &str| say(text, report, step).unwrap_or_default();
        let true_now = |when: &str| holds(when, report, step).unwrap_or(false);
        let steps = self.steps.iter().map(|own| LessonStep {
            say: text(&own.say),
            change: own.change.clone().into_iter().collect(),
            watch: own.watch.clone(),
            done: !own.until.is_empty() && true_now(&own.until),
        });
        let why = self.why.iter().filter(|own| true_now(&own.when));
        report::Lesson {
            predict: self.predict.as_ref().map(|own| own.told(report, step)),
            steps: steps.collect(),
            why: why
                .map(|own| text(&own.say))
                .filter(|said| !said.is_empty())
                .collect(),
            next: Vec::new(),
        }
    }

    /// Everything that is wrong with it beside the report of its own scenario, field by field.
    pub fn problems(&self, report: &Report) -> Vec<Problem> {
        let step = report.start.unwrap_or(0);
        let mut found = Vec::new();
        let mut note = |at: String, checked: Result<(), String>| {
            found.extend(
                checked
                    .err()
                    .map(|why| Problem::error(format!("lesson.{at}"), why)),
            );
        };
        let said = |text: &str| say(text, report, step).map(|_| ());
        let judged = |when: &str| holds(when, report, step).map(|_| ());
        for (name, list) in [("answer", &self.answer), ("why", &self.why)] {
            for (k, own) in list.iter().enumerate() {
                note(format!("{name}.{k}.when"), judged(&own.when));
                note(format!("{name}.{k}.say"), said(&own.say));
            }
        }
        for (k, own) in self.steps.iter().enumerate() {
            note(format!("steps.{k}.say"), said(&own.say));
            note(format!("steps.{k}.until"), judged(&own.until));
        }
        if let Some(predict) = &self.predict {
            for (at, why) in predict.problems(report, step) {
                note(format!("predict.{at}"), Err(why));
            }
        }
        found
    }
}

impl Predict {
    fn told(&self, report: &Report, step: usize) -> Prediction {
        let text = |text: &str| say(text, report, step).unwrap_or_default();
        let (ask, hide, guess) = match self {
            Predict::Choose { ask, choices, hide } => {
                let choices = choices.iter().map(|own| report::Choice {
                    say: text(&own.say),
                    right: holds(&own.when, report, step).unwrap_or(false),
                    reply: text(&own.reply),
                });
                let choices = choices.collect();
                (ask, hide, Guess::Choose { choices })
            }
            Predict::Number {
                ask,
                of,
                unit,
                tolerance,
                sign,
                between,
                reply,
                hide,
            } => {
                let answer = value_in(of, unit, report, step).ok();
                let guess = Guess::Number {
                    answer: answer.filter(|number| number.is_finite()),
                    unit: unit.clone(),
                    tolerance: *tolerance,
                    sign: *sign,
                    between: *between,
                    reply: text(reply),
                };
                (ask, hide, guess)
            }
            Predict::Sketch {
                ask,
                of,
                from,
                between,
                reply,
                hide,
            } => {
                let series = report.series(of);
                let own = series.map_or("", |s| s.unit.as_str());
                let times = read_in(&report.units, own).1;
                let guess = Guess::Sketch {
                    series: of.clone(),
                    name: series.map_or_else(String::new, |s| s.name.clone()),
                    unit: read_in(&report.units, own).0.to_string(),
                    from: *from,
                    between: (between.0 * times, between.1 * times),
                    reply: text(reply),
                };
                (ask, hide, guess)
            }
        };
        Prediction {
            ask: text(ask),
            hide: hide.clone(),
            guess,
        }
    }

    /// What is wrong with it: where, and why.
    fn problems(&self, report: &Report, step: usize) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut sentence = |at: &str, text: &str| {
            found.extend(
                say(text, report, step)
                    .err()
                    .map(|why| (at.to_string(), why)),
            );
        };
        match self {
            Predict::Choose { ask, choices, .. } => {
                sentence("ask", ask);
                for (k, own) in choices.iter().enumerate() {
                    sentence(&format!("choices.{k}.say"), &own.say);
                    sentence(&format!("choices.{k}.reply"), &own.reply);
                }
                let judged = choices.iter().map(|own| holds(&own.when, report, step));
                let judged: Vec<Result<bool, String>> = judged.collect();
                for (k, one) in judged.iter().enumerate() {
                    found.extend(
                        one.clone()
                            .err()
                            .map(|why| (format!("choices.{k}.when"), why)),
                    );
                }
                let right = judged.iter().filter(|one| **one == Ok(true)).count();
                if right != 1 {
                    let why = format!(
                        "{right} of the {} choices hold; exactly one has to be right",
                        choices.len()
                    );
                    found.push(("choices".into(), why));
                }
            }
            Predict::Number { ask, of, reply, .. } => {
                sentence("ask", ask);
                sentence("reply", reply);
                match value(of, report, step) {
                    Ok((number, _)) if number.is_finite() => {}
                    Ok(_) => found.push(("of".into(), format!("“{of}” has no value"))),
                    Err(why) => found.push(("of".into(), why)),
                }
            }
            Predict::Sketch {
                ask,
                of,
                from,
                reply,
                ..
            } => {
                sentence("ask", ask);
                sentence("reply", reply);
                let steps = report.series(of).map_or(0, |s| s.values.len());
                if steps == 0 {
                    found.push(("of".into(), format!("the report has no series “{of}”")));
                } else if !(1..=steps).contains(from) {
                    let why =
                        format!("the series has {steps} steps; give a number from 1 to {steps}");
                    found.push(("from".into(), why));
                }
            }
        }
        found
    }
}
