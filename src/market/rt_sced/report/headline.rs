//! The sentence with the numbers that matter.

use crate::report::amount;
use crate::report::words::share;

use super::conflict;
use super::look_ahead;
use super::losses;
use super::run::Run;
use super::security;
use super::summaries::prices_of;
use super::words::mw;
use crate::market::rt_sced::model::dispatch::clearing::NoDispatch;
use crate::market::rt_sced::model::stability::{Pattern, Stability, range};
use crate::market::rt_sced::params::{Method, Rule};

fn method_name(run: &Run) -> &'static str {
    match (run.params.method, run.params.df.rule) {
        (Method::Optimal, _) => "Dispatch of every DER at its own bus",
        (Method::UnionJack, _) => "Union Jack bids",
        (Method::ExactCurve, _) => "Exact cost curves",
        (_, Rule::Capacity) => "Fixed factors",
        (_, Rule::LatestSe) => "Factors from the latest state estimation",
        (_, Rule::Unscheduled) => "Factors from unscheduled capacity",
        (_, Rule::MovingAverage) => "Factors averaged over recent intervals",
        (_, Rule::MeanOfAll) => "Factors averaged over all intervals",
        (_, Rule::Smoothing) => "Exponentially smoothed factors",
        (_, Rule::Weighted) => "Factors in a weighted mean over recent intervals",
        (_, Rule::MeritOrder) => "Factors from the merit order of the bid blocks",
        (_, Rule::Block) => "Shift factors by bid block",
        (_, Rule::Given) => "The given factors",
    }
}

pub fn headline(run: &Run) -> String {
    let said = of_run(run);
    match run.outcome.roll.stopped {
        None => said + &losses::sentence(run) + &security::sentence(run),
        Some(_) => said,
    }
}

fn of_run(run: &Run) -> String {
    if let Some(NoDispatch::Infeasible(conflict)) = &run.outcome.roll.stopped {
        let t = run.intervals.len() + 1;
        let why = conflict::text(conflict, run.system);
        return match conflict.in_operation {
            true => format!("No redispatch clears the overload in interval {t}: {why}."),
            false => format!("No dispatch exists in interval {t}: {why}."),
        };
    }
    match (run.intervals.last(), run.stability) {
        (None, _) => "Nothing was dispatched.".into(),
        (Some(last), None) => format!(
            "Least cost is {} $/h; {}.",
            amount(last.cost_usd_per_h, ""),
            prices_of(last)
        ),
        (Some(_), Some(stability)) => {
            format!(
                "{}{}",
                of_pattern(run, stability),
                look_ahead::sentence(run)
            )
        }
    }
}

/// What the watched DER does in the long run, and which line that overloads.
fn of_pattern(run: &Run, stability: &Stability) -> String {
    let (name, der, overload) = (method_name(run), run.watched(), overload(run));
    let (low, high) = stability.tail_mw;
    match stability.pattern {
        Pattern::Steady { from } => {
            let last = run.intervals.last();
            let output = last.map_or(f64::NAN, |i| i.actual.ders[stability.watch.der]);
            let when = match from {
                0 => String::new(),
                from => format!(" from interval {}", from + 1),
            };
            let against = against_optimum(run);
            format!(
                "{name}: {der} holds {}{when}{against}{overload}.",
                mw(output)
            )
        }
        // What is left of the swing reads as one number.
        Pattern::Cycle { .. } if mw(low) == mw(high) => {
            format!("{name} make {der} come to rest near {}{overload}.", mw(low))
        }
        Pattern::Cycle { period, .. } => {
            let way = match period {
                2 => "alternate between".to_string(),
                _ => format!("repeat every {period} intervals between"),
            };
            let held = match stability.deciding() {
                Some(f) if f.abs() > 1.0 + 1e-3 => " as limits stop a growing error",
                _ => "",
            };
            format!(
                "{name} make {der} {way} {} and {} for ever{held}{overload}.",
                mw(low),
                mw(high)
            )
        }
        Pattern::Damped { ratio } | Pattern::Growing { ratio } => {
            let end = match stability.pattern {
                Pattern::Damped { .. } => "so it settles",
                _ => "until limits stop it",
            };
            // A change of load, or a ramp towards one, makes a new error: the ratio is that of the end.
            let loads = run.intervals.iter().map(|i| i.actual.loads.iter().sum());
            let (least, most) = range(loads);
            let when = match most - least > 1e-9 {
                true => "in the end ",
                false => "",
            };
            format!(
                "{name} make {der} swing, {when}each swing {} times the one before, {end}{overload}.",
                amount(ratio, "")
            )
        }
        Pattern::Irregular if high - low < 5e-4 => {
            format!("{name}: {der} ends at {}{overload}.", mw(high))
        }
        Pattern::Irregular => format!(
            "{name} keep {der} moving between {} and {}{overload}.",
            mw(low),
            mw(high)
        ),
    }
}

/// The cost of the last interval against the optimum.
fn against_optimum(run: &Run) -> String {
    let Some(t) = run.intervals.len().checked_sub(1) else {
        return String::new();
    };
    let cost = amount(run.intervals[t].cost_usd_per_h, "");
    match run.outcome.above_optimum_usd_per_h(t) {
        _ if run.params.method == Method::Optimal => format!(" at {cost} $/h, the global optimum"),
        Some(e) if e.abs() < 5e-4 => format!(", at the optimum of {cost} $/h"),
        Some(e) if e > 0.0 => format!(", {} $/h above the optimum", amount(e, "")),
        _ => String::new(),
    }
}

fn overload(run: &Run) -> String {
    let totals = &run.outcome.totals;
    if totals.overloaded.is_empty() {
        return String::new();
    }
    let mut worst = (0.0, "");
    for interval in run.intervals {
        for (&excess, limit) in interval.overloads_mw.iter().zip(&run.system.limits) {
            if excess > worst.0 {
                worst = (excess, limit.id.as_str());
            }
        }
    }
    format!(
        "; line {} is over its limit {}, by up to {}",
        worst.1,
        share(totals.overloaded.len(), run.intervals.len(), "interval"),
        mw(worst.0)
    )
}
