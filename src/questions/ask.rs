//! The numbers of a report that a question may ask for, in words.

use fastrand::Rng;

use super::shown;
use crate::case::Case;
use crate::report::{Explained, Index, Report, Series, Subject, SubjectKind};
use crate::session::Session;

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The price at a bus.
    Price,
    /// What a line carries.
    Flow,
    /// What a unit gives.
    Output,
    /// What more of a limit saves.
    Shadow,
    /// What a party is paid less what it pays.
    Net,
    /// A number of the summary.
    Sum,
}

/// A number of a report, in the units it is read in.
#[derive(Clone, Debug)]
pub struct Number {
    pub kind: Kind,
    /// The id of a series, `net:` and a party, or `sum:` and the id of a number of the summary.
    pub key: String,
    pub subject: Option<Subject>,
    pub value: f64,
    /// Where any value between two is right.
    pub range: Option<(f64, f64)>,
    pub unit: String,
    /// What a party pays is asked, less what it is paid.
    pub pays: bool,
    /// Of the clock, from 1; absent where it is of the whole run.
    pub step: Option<usize>,
}

/// Starts of the ids of series that are asked for.
const SERIES: [(&str, Kind, SubjectKind); 4] = [
    ("lmp:", Kind::Price, SubjectKind::Bus),
    ("flow:", Kind::Flow, SubjectKind::Branch),
    ("p:", Kind::Output, SubjectKind::Party),
    ("mu:", Kind::Shadow, SubjectKind::Branch),
];

/// Starts of the ids of numbers of the summary that say what a market is about, not how it was solved.
const SUMS: [&str; 22] = [
    "cost_mean",
    "cost:",
    "payment:",
    "rent:",
    "profit:",
    "welfare_co",
    "surplus",
    "paid:",
    "benefit:",
    "charge:",
    "lmp_peak",
    "price",
    "lse",
    "q:",
    "interface_price",
    "apart_saving",
    "common_cost",
    "loss_kw",
    "least_v",
    "import_mw",
    "local_mwh:",
    "tso_mwh:",
];

/// Ids of the summary that are ends of an interval, or another name of a number.
const NOT_SUMS: [&str; 3] = ["price_low", "price_high", "surplus_least"];

/// Smaller numbers are not asked for: what is left over, or read off badly.
const LEAST: f64 = 0.05;

/// What an answer may be off: half a percent, as three significant digits are at most; of a voltage 0.0005 p.u., as of
/// what is next to nothing.
pub fn tolerance(value: f64, unit: &str) -> f64 {
    match unit {
        "p.u." => 0.0005,
        _ => (0.005 * value.abs()).max(0.0005),
    }
}

/// Every number of a report that may be asked for, of one step of the clock.
pub fn numbers(report: &Report, case: &Case, look: &str, rng: &mut Rng) -> Vec<Number> {
    let steps = report.clock.as_ref().map_or(0, |clock| clock.steps);
    let step = 1 + rng.u64(..steps.max(1) as u64) as usize;
    let series = report
        .series
        .iter()
        .filter_map(|one| of_series(one, step, case));
    let parties = report.ledger.parties().into_iter();
    let net = parties.map(|party| Number {
        kind: Kind::Net,
        key: format!("net:{party}"),
        subject: None,
        value: match pays(case, party) {
            true => -report.ledger.net_usd(party),
            false => report.ledger.net_usd(party),
        },
        range: None,
        unit: "$".into(),
        pays: pays(case, party),
        step: None,
    });
    let sums = report.summary.iter().filter_map(|one| {
        let id = one.id.as_str();
        let named = SUMS.iter().any(|start| id.starts_with(start)) && !NOT_SUMS.contains(&id);
        if !(named || id == look) {
            return None;
        }
        let end = |id: &str| report.quantity(id).and_then(|own| own.value);
        // The one price of a summary that has ends.
        let range = (id == "price")
            .then(|| end("price_low").zip(end("price_high")))
            .flatten();
        Some(Number {
            kind: Kind::Sum,
            key: format!("sum:{id}"),
            subject: None,
            value: one.value?,
            range: range.filter(|(low, high)| high - low > 1e-6 * (1.0 + high.abs())),
            unit: one.unit.clone(),
            pays: false,
            step: None,
        })
    });
    let asked = |one: &Number| one.value.is_finite() && one.value.abs() >= LEAST;
    series.chain(net).chain(sums).filter(asked).collect()
}

fn of_series(series: &Series, step: usize, case: &Case) -> Option<Number> {
    if !matches!(series.index, Index::Clock) {
        return None;
    }
    let (start, kind, of) = SERIES
        .into_iter()
        .find(|(start, ..)| series.id.starts_with(start))?;
    let subject = series
        .subject
        .clone()
        .filter(|subject| subject.kind == of)?;
    // The series of that subject alone, not `lmp:` of something else of the same name.
    if series.id.strip_prefix(start) != Some(subject.id.as_str()) {
        return None;
    }
    let id = &subject.id;
    let known = match kind {
        Kind::Flow => ends(case, id).is_some(),
        Kind::Output => role(case, id).is_some(),
        Kind::Shadow => limited(case, id).is_some(),
        _ => true,
    };
    if !known {
        return None;
    }
    let value = *series.values.get(step - 1)?;
    Some(Number {
        kind,
        key: series.id.clone(),
        // What more of the limit saves, whatever way the line is full.
        value: if kind == Kind::Shadow {
            value.abs()
        } else {
            value
        },
        subject: Some(subject),
        range: None,
        unit: series.unit.clone(),
        pays: false,
        step: Some(step),
    })
}

/// One number, every kind as likely as another, which is then no longer in the list.
pub fn pick(numbers: &mut Vec<Number>, rng: &mut Rng) -> Option<Number> {
    let mut kinds: Vec<Kind> = Vec::new();
    for number in numbers.iter() {
        if !kinds.contains(&number.kind) {
            kinds.push(number.kind);
        }
    }
    let below = |n: usize, rng: &mut Rng| rng.u64(..n.max(1) as u64) as usize;
    let kind = *kinds.get(below(kinds.len(), rng))?;
    let places = (0..numbers.len()).filter(|&k| numbers[k].kind == kind);
    let places: Vec<usize> = places.collect();
    let at = *places.get(below(places.len(), rng))?;
    Some(numbers.remove(at))
}

/// The ends of a line of transmission or of a feeder.
pub fn ends<'a>(case: &'a Case, id: &str) -> Option<(&'a str, &'a str)> {
    let own = case.branches.iter().find(|line| line.id == id);
    if let Some(line) = own {
        return Some((&line.from, &line.to));
    }
    let (feeder, line) = id.split_once('/')?;
    let feeder = case.feeders.iter().find(|own| own.id == feeder)?;
    let line = feeder.lines.iter().find(|own| own.id == line)?;
    Some((&line.from, &line.to))
}

/// The limit of a line of transmission, MW.
pub fn limited(case: &Case, id: &str) -> Option<f64> {
    case.branches.iter().find(|line| line.id == id)?.max_p_mw
}

/// What a party does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Runs,
    IsActivated,
}

pub fn role(case: &Case, id: &str) -> Option<Role> {
    let bids = case.balancing.iter().flat_map(|own| &own.bids);
    let local = case.local_market.iter().flat_map(|own| &own.resources);
    if bids
        .map(|own| &own.id)
        .chain(local.map(|own| &own.id))
        .any(|own| own == id)
    {
        return Some(Role::IsActivated);
    }
    let units = case.generators.iter().map(|own| &own.id);
    let mut units = units.chain(case.ders.iter().map(|own| &own.id));
    units.any(|own| own == id).then_some(Role::Runs)
}

/// Whether a party is one that pays: a load.
fn pays(case: &Case, party: &str) -> bool {
    case.loads.iter().any(|load| load.id == party)
}

impl Number {
    /// The same number of another report.
    pub fn read(&self, report: &Report) -> Option<f64> {
        let value = match self.kind {
            Kind::Net => match report.ledger.net_usd(self.key.strip_prefix("net:")?) {
                net if self.pays => -net,
                net => net,
            },
            Kind::Sum => report.quantity(self.key.strip_prefix("sum:")?)?.value?,
            _ => *report.series(&self.key)?.values.get(self.step? - 1)?,
        };
        let value = if self.kind == Kind::Shadow {
            value.abs()
        } else {
            value
        };
        value.is_finite().then_some(value)
    }

    /// Why it is what it is, where the mechanism says so of its subject.
    pub fn explained(&self, session: &Session) -> Option<Explained> {
        let explained = session
            .explain(self.subject.as_ref()?, self.step.unwrap_or(1))
            .ok()?;
        Some(explained.read(&session.units()))
    }

    /// The question for it.
    pub fn words(&self, report: &Report, case: &Case) -> String {
        let clock = report.clock.as_ref().filter(|clock| clock.steps > 1);
        let at = match (self.step, clock) {
            (Some(step), Some(clock)) => format!(" in {} {step}", clock.name),
            _ => String::new(),
        };
        let id = self.subject.as_ref().map_or("", |subject| &subject.id);
        let name = self.key.split_once(':').map_or("", |(_, name)| name);
        let unit = &self.unit;
        match self.kind {
            Kind::Price => format!("What is the price at bus {id}{at}, in {unit}?"),
            Kind::Flow => {
                let (from, to) = ends(case, id).unwrap_or_default();
                format!(
                    "How much does line {id} carry from {from} to {to}{at}, in {unit}? It is negative where the power goes from {to} to {from}."
                )
            }
            Kind::Output => match role(case, id) {
                Some(Role::IsActivated) => {
                    format!("How much of {id} is activated{at}, in {unit}? Downwards is negative.")
                }
                _ => format!("What is the output of {id}{at}, in {unit}?"),
            },
            Kind::Shadow => format!(
                "By how much would the cost fall with one more MW of the limit of line {id}{at}, in {unit}?"
            ),
            Kind::Net => self.of_party(name, report),
            Kind::Sum => {
                let sum = report.quantity(name);
                let (name, note) = sum.map_or((name, ""), |sum| (&sum.name, &sum.note));
                let note = if note.is_empty() {
                    String::new()
                } else {
                    format!(" ({note})")
                };
                let unit = match unit.as_str() {
                    "" | "1" => String::new(),
                    unit => format!(", in {unit}"),
                };
                format!("What is this number of the result: {name}{note}{unit}?")
            }
        }
    }

    fn of_party(&self, name: &str, report: &Report) -> String {
        let over = match report.clock.as_ref().filter(|clock| clock.steps == 1) {
            Some(clock) => format!(
                "in the {} of {}",
                clock.name,
                shown(clock.minutes_per_step, "min")
            ),
            None => "over the whole run".into(),
        };
        let unit = &self.unit;
        let entries = || report.ledger.entries.iter();
        let both = entries().any(|e| e.payer == name) && entries().any(|e| e.payee == name);
        match (self.pays, both) {
            (true, _) => format!("What does {name} pay {over}, in {unit}?"),
            (false, false) => {
                format!("What is {name} paid {over}, in {unit}? It is negative where it pays.")
            }
            (false, true) => format!(
                "What is left with {name} {over}: all that it is paid less all that it pays, in {unit}?"
            ),
        }
    }
}
