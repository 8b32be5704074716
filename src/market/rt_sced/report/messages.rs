//! What the user should know about a run: badges and messages.

use std::cmp::Ordering;

use crate::report::plots::message;
use crate::report::words::counted;
use crate::report::{Badge, Level, Message, Report, Status, Tone, amount};

use super::cures;
use super::look_ahead;
use super::losses;
use super::run::Run;
use super::security;
use crate::market::rt_sced::model::dispatch::clearing::NoDispatch;
use crate::market::rt_sced::model::stability::{Pattern, Stability};
use crate::market::rt_sced::params::{Method, Operation};

pub fn badges(run: &Run, report: &Report) -> Vec<Badge> {
    let mut badges = Vec::new();
    let all = report.certificates.len();
    let certified = report.certificates.iter().filter(|c| c.certified);
    let solves = counted(all, "solve");
    match all - certified.count() {
        _ if all == 0 => {}
        0 => badges.push(Badge::judged(true, format!("certified: {solves}")).of_solving()),
        n => {
            badges.push(Badge::judged(false, format!("{n} of {solves} not certified")).of_solving())
        }
    }
    if report.status == Status::Infeasible {
        badges.push(Badge::judged(false, "infeasible"));
        return badges;
    }
    let intervals = counted(run.intervals.len(), "interval");
    badges.push(match run.outcome.totals.overloaded.len() {
        0 => Badge::judged(true, "within limits"),
        n => Badge::judged(false, format!("{n} of {intervals} over a limit")),
    });
    badges.extend(security::badge(run));
    if let Some(stability) = run.stability
        && let Some(factor) = stability.deciding()
    {
        let (word, tone) = settling(stability, factor, run.intervals.len());
        let of = match stability.memory_decides() {
            true => "error of the factors",
            false => "error",
        };
        let factor = amount(factor, "");
        let text = format!("{of} × {factor} per interval: {word}");
        badges.push(Badge::new(text, tone));
    }
    badges
}

/// What became of the error in the run, and where that is no pattern, what its factor makes of it.
fn settling(stability: &Stability, factor: f64, intervals: usize) -> (String, Tone) {
    // Within the accuracy of a numerical slope, ±1 is the boundary itself.
    let size = match factor.abs() {
        f if (f - 1.0).abs() < 1e-3 => Ordering::Equal,
        f => f.total_cmp(&1.0),
    };
    let (word, tone) = match (stability.pattern, size) {
        (Pattern::Cycle { .. }, Ordering::Greater) => ("limits hold the swing", Tone::Bad),
        (Pattern::Cycle { .. }, Ordering::Equal) => ("swings for ever", Tone::Bad),
        (Pattern::Irregular, Ordering::Equal) => {
            let all = counted(intervals, "interval");
            return (format!("does not settle in {all}"), Tone::Bad);
        }
        (_, Ordering::Less) => ("settles", Tone::Good),
        (_, Ordering::Equal) => ("neither grows nor settles", Tone::Neutral),
        (_, Ordering::Greater) => ("grows", Tone::Bad),
    };
    (word.into(), tone)
}

pub fn messages(run: &Run) -> Vec<Message> {
    let mut messages = Vec::new();
    if let Some(offers) = &run.outcome.cures {
        // The headline names the limits in conflict; this says what to do about them.
        let text = cures::remedy(offers, run.intervals.len() + 1);
        let cures = offers.cures.iter().map(|change| cures::cure(run, change));
        messages.push(Message {
            cures: cures.collect(),
            ..message(Level::Error, text)
        });
    }
    let mut say = |level: Level, text: String| messages.push(message(level, text));
    if let Some(optimum) = &run.outcome.optimum
        && let Some(failure) = &optimum.stopped
    {
        let why = match failure {
            NoDispatch::Infeasible(_) => {
                "no dispatch of every DER at its own bus is feasible".to_string()
            }
            NoDispatch::Unsolved(why) => why.to_string(),
        };
        let t = optimum.intervals.len() + 1;
        say(
            Level::Warning,
            format!("No optimum to compare with from interval {t} on: {why}."),
        );
    }
    for text in of_prices(run) {
        say(Level::Info, text);
    }
    if run.params.operation == Operation::Curtailed && run.params.method != Method::Optimal {
        say(
            Level::Info,
            "Overloads are curtailed before state estimation: the smallest redispatch in MW, at least cost among equals.".into(),
        );
    }
    for (level, text) in look_ahead::notes(run) {
        say(level, text);
    }
    let given = &run.params.initial.generators;
    let silent = run.system.generators.iter().map(|g| g.id.as_str());
    let silent: Vec<&str> = silent
        .filter(|id| !given.is_empty() && !given.contains_key(*id))
        .collect();
    if !silent.is_empty() {
        say(
            Level::Warning,
            format!(
                "The output before the first interval is given for some generators; the others start at 0 MW: {}.",
                silent.join(", ")
            ),
        );
    }
    let ders = run.system.ders.iter().zip(&run.system.group_of);
    let alone = ders.filter(|(_, group)| group.is_none());
    let alone: Vec<&str> = alone.map(|(der, _)| der.id.as_str()).collect();
    if !alone.is_empty() {
        let alone = alone.join(", ");
        say(
            Level::Info,
            format!("DERs outside any aggregator bid at their own bus: {alone}."),
        );
    }
    messages.extend(losses::message_of(run));
    messages.extend(security::messages(run));
    messages
}

/// One sentence for each kind of price in the run that is not one number: ties, scarcity, none.
fn of_prices(run: &Run) -> Vec<String> {
    let mut notes = Vec::new();
    if !run.outcome.has_ties() {
        return notes;
    }
    let intervals = run.intervals.iter().enumerate();
    let ties = intervals.filter(|(_, i)| i.dispatch.prices.lmp_range.is_some());
    let ties: Vec<usize> = ties.map(|(t, _)| t + 1).collect();
    notes.push(format!(
        "The optimal prices are not unique in {}: a block end and a limit meet. The price shown is that of one more MWh of load; the tables give the least and greatest.",
        listed("interval", "intervals", &ties)
    ));
    let open = |(low, high): (f64, f64)| high.is_infinite() && low.is_finite();
    if let Some((buses, intervals)) = places(run, open) {
        notes.push(format!(
            "No finite price is high enough for one more MWh at {buses} in {intervals}: it cannot be served. There is no greatest LMP there, and the LMP shown is that of the last MWh served."
        ));
    }
    let none = |(low, high): (f64, f64)| high.is_infinite() && low.is_infinite();
    if let Some((buses, intervals)) = places(run, none) {
        notes.push(format!(
            "There is no price at {buses} in {intervals}: neither more nor less can be taken there, so that any price is as good as another. The LMP is left empty, and what would be paid there is not in the settlement."
        ));
    }
    notes
}

/// Buses and intervals whose range of prices is of a kind; `None` where there are none.
fn places(run: &Run, kind: impl Fn((f64, f64)) -> bool) -> Option<(String, String)> {
    let at = |bus: usize, t: usize| {
        let ranges = &run.intervals[t].dispatch.prices.lmp_range;
        ranges.as_ref().is_some_and(|ranges| kind(ranges[bus]))
    };
    let (buses, times) = (0..run.system.bus_ids.len(), 0..run.intervals.len());
    let scarce = buses.clone().filter(|&b| times.clone().any(|t| at(b, t)));
    let ids: Vec<&String> = scarce.map(|b| &run.system.bus_ids[b]).collect();
    let when = times.filter(|&t| buses.clone().any(|b| at(b, t)));
    let when: Vec<usize> = when.map(|t| t + 1).collect();
    let buses = listed("bus", "buses", &ids);
    (!ids.is_empty()).then(|| (buses, listed("interval", "intervals", &when)))
}

/// "interval 3", "intervals 1, 2, 3", "intervals 1, …, 8 and 4 more".
fn listed<T: ToString>(one: &str, many: &str, items: &[T]) -> String {
    let texts: Vec<String> = items.iter().map(T::to_string).collect();
    match texts.as_slice() {
        [single] => format!("{one} {single}"),
        few if few.len() <= 8 => format!("{many} {}", few.join(", ")),
        all => format!("{many} {} and {} more", all[..8].join(", "), all.len() - 8),
    }
}
