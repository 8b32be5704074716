//! The scenarios between A and B, and what each change makes of a number.

use std::collections::HashMap;

use serde_json::Value;

use super::changes::Change;
use super::{MOST_IN_TURN, MOST_SHARED};
use crate::report::{Report, Status};
use crate::scenario::{Document, path as fields};

/// Numbers of a scenario by their ids, or why it has none.
pub type Numbers = Result<HashMap<String, f64>, String>;

/// What the changes make.
pub struct Causes {
    /// Changes made together, in turn, with the numbers after each; the last is B.
    pub steps: Vec<(Vec<usize>, HashMap<String, f64>)>,
    /// Why there are none.
    pub refused: String,
    /// By number: the fair share of each change; why there is none.
    pub shares: Result<HashMap<String, Vec<f64>>, String>,
}

/// Numbers of a report.
pub fn numbers(report: &Report) -> HashMap<String, f64> {
    let all = report.summary.iter();
    all.filter_map(|q| Some((q.id.clone(), q.value?))).collect()
}

pub fn causes(a: &Document, changes: &[Change], ends: &[Report; 2]) -> Causes {
    let refused = |why: &str| Causes {
        steps: Vec::new(),
        refused: why.into(),
        shares: Err(why.into()),
    };
    if changes.iter().any(|change| change.path == "mechanism") {
        return refused(
            "The two are of different mechanisms, so no change leads from one to the other.",
        );
    }
    if changes.len() > MOST_IN_TURN {
        let why = format!(
            "{} inputs differ: more than {MOST_IN_TURN} are not taken apart.",
            changes.len()
        );
        return refused(&why);
    }
    if ends.iter().any(|end| end.status != Status::Solved) {
        return refused("One of the two has no answer, so there is no difference to explain.");
    }
    let mut way = Way {
        a: a.to_value(),
        changes,
        known: HashMap::new(),
    };
    way.known.insert(0, Ok(numbers(&ends[0])));
    way.known
        .insert((1 << changes.len()) - 1, Ok(numbers(&ends[1])));
    Causes {
        steps: way.in_turn(),
        refused: String::new(),
        shares: way.shares(),
    }
}

/// Scenarios by the set of changes that are made.
struct Way<'c> {
    a: Value,
    changes: &'c [Change],
    known: HashMap<u64, Numbers>,
}

impl Way<'_> {
    /// Numbers of A with the changes of a set.
    fn numbers(&mut self, set: u64) -> &Numbers {
        if !self.known.contains_key(&set) {
            let found = self.run(set);
            self.known.insert(set, found);
        }
        &self.known[&set]
    }

    fn run(&self, set: u64) -> Numbers {
        let first = |problems: Vec<crate::case::Problem>| {
            let mut all = problems.into_iter().filter(|p| p.is_error());
            all.next()
                .map_or_else(String::new, |p| format!("{}: {}", p.field, p.message))
        };
        let mut document = self.a.clone();
        for (k, change) in self.changes.iter().enumerate() {
            if set >> k & 1 == 1 {
                put(&mut document, change)?;
            }
        }
        let document = Document::from_value(document).map_err(first)?;
        let report = crate::run::run(&document).map_err(first)?;
        match report.status {
            Status::Solved => Ok(numbers(&report)),
            Status::Infeasible => Err(report.headline),
        }
    }

    /// Each change after the other; those without an answer together with the next.
    fn in_turn(&mut self) -> Vec<(Vec<usize>, HashMap<String, f64>)> {
        let mut steps = Vec::new();
        let mut together = Vec::new();
        let mut set = 0;
        for k in 0..self.changes.len() {
            set |= 1 << k;
            together.push(k);
            if let Ok(numbers) = self.numbers(set) {
                steps.push((std::mem::take(&mut together), numbers.clone()));
            }
        }
        steps
    }

    fn shares(&mut self) -> Result<HashMap<String, Vec<f64>>, String> {
        let n = self.changes.len();
        if n > MOST_SHARED {
            return Err(format!(
                "{n} inputs differ: the orders of more than {MOST_SHARED} are too many, so each is only made in turn."
            ));
        }
        for set in 0..1u64 << n {
            if let Err(why) = self.numbers(set) {
                let why = why.clone();
                let made = (0..n).filter(|k| set >> k & 1 == 1);
                let made: Vec<&str> = made.map(|k| self.changes[k].label.as_str()).collect();
                return Err(format!(
                    "Fair shares need an answer to every set of changes. There is none with only: {}. {why}",
                    made.join(", ")
                ));
            }
        }
        let all = |set: u64| self.known[&set].as_ref().ok();
        let (first, last) = (all(0), all((1 << n) - 1));
        let ids: Vec<String> = first
            .into_iter()
            .flat_map(|own| own.keys().cloned())
            .collect();
        let mut shares = HashMap::new();
        for id in ids
            .into_iter()
            .filter(|id| last.is_some_and(|own| own.contains_key(id)))
        {
            let value = |set: u64| all(set).and_then(|own| own.get(&id)).copied();
            if (0..1u64 << n).any(|set| value(set).is_none()) {
                continue;
            }
            let value = |set: u64| value(set).unwrap_or(f64::NAN);
            let share = |k: usize| -> f64 {
                let without = (0..1u64 << n).filter(|set| set >> k & 1 == 0);
                let part = |set: u64| {
                    weight(set.count_ones() as usize, n) * (value(set | 1 << k) - value(set))
                };
                without.map(part).sum()
            };
            shares.insert(id.clone(), (0..n).map(share).collect());
        }
        Ok(shares)
    }
}

/// |S|! (n − |S| − 1)! / n!
fn weight(size: usize, n: usize) -> f64 {
    let factorial = |k: usize| (1..=k).map(|i| i as f64).product::<f64>();
    factorial(size) * factorial(n - size - 1) / factorial(n)
}

/// Puts a value at a path; takes the field away where B has none.
fn put(document: &mut Value, change: &Change) -> Result<(), String> {
    let parent = change
        .path
        .rsplit_once('.')
        .map_or("", |(parent, _)| parent);
    let (value, open) = match &change.to {
        Some(value) => (value.clone(), Vec::new()),
        None => (Value::Null, vec![parent]),
    };
    fields::set_value(document, &change.path, value, &open)
        .map_err(|p| format!("{}: {}", p.field, p.message))
}
