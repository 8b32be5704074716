//! What a reader should know before believing the numbers.

use crate::report::plots::message;
use crate::report::words::steps;
use crate::report::{Level, Message, amount};

use super::super::model::game::End;
use super::super::outcome::Variant;
use super::super::params::{Behaviour, Method, Settlement};
use super::on_cone;
use super::run::Run;

pub fn messages(run: &Run) -> Vec<Message> {
    let strategic = run.outcome.variant(Behaviour::Strategic);
    let said = [
        strategic.and_then(|v| search_stopped(run, v)),
        strategic.and_then(no_equilibrium),
        overload(run),
        voltages(run),
        losses(run),
        paid_as_bid(run),
        expectation(run),
        super::storage::said(run),
    ];
    let said = said.into_iter().flatten();
    said.chain(on_cone::messages(run)).collect()
}

fn say(level: Level, text: impl Into<String>) -> Option<Message> {
    Some(message(level, text.into()))
}

/// `hours 1 to 3 and 7`; `None` where there is none.
fn hours(which: impl Iterator<Item = bool>) -> Option<String> {
    let which = which.enumerate().filter(|(_, is)| *is);
    let at: Vec<usize> = which.map(|(t, _)| t + 1).collect();
    (!at.is_empty()).then(|| steps("hour", &at))
}

fn search_stopped(run: &Run, strategic: &Variant) -> Option<Message> {
    let answers = || strategic.day.periods.iter().map(|p| p.answer.as_ref());
    let stopped = hours(answers().map(|a| a.is_some_and(|a| a.stopped)))?;
    let gaps = answers().flatten().map(|a| a.bound - a.profit);
    let gap = gaps.fold(0.0, f64::max);
    let bound = match gap.is_finite() {
        true => format!(
            "no bids earn more than {} $ an hour above those shown",
            amount(gap, "")
        ),
        false => "no bound is known".into(),
    };
    let cure = match run.params.method {
        Method::Milp => ", or branch on complementarity",
        _ => "",
    };
    let limit = run.params.node_limit;
    say(
        Level::Warning,
        format!(
            "The search ended at its limit of {limit} nodes in {stopped}: the bids shown are the best found, and {bound}. Raise the limit{cure}."
        ),
    )
}

fn no_equilibrium(strategic: &Variant) -> Option<Message> {
    let ends = strategic.day.periods.iter().map(|p| p.equilibrium.as_ref());
    let open = |end: End| !matches!(end, End::Settled | End::Near);
    let open = hours(ends.map(|e| e.is_some_and(|e| open(e.end))))?;
    say(
        Level::Info,
        format!(
            "The owners' answers do not settle in {open}: there an owner would still gain by other bids, and what is shown is the state after the last round."
        ),
    )
}

fn overload(run: &Run) -> Option<Message> {
    let over = hours(run.shown.day.rates.iter().map(|r| r.overload_mw > 1e-6))?;
    let mwh = amount(run.shown.day.totals.overload_mwh, "");
    say(
        Level::Warning,
        format!("Lines carry {mwh} MWh more than they may, in {over}."),
    )
}

fn voltages(run: &Run) -> Option<Message> {
    if run.shown.day.totals.voltage_over_pu2 <= 1e-6 {
        return None;
    }
    say(
        Level::Warning,
        match run.outcome.beside {
            None => {
                "Voltages leave their limits in the linear model; no activation of the resources cures it."
            }
            Some(_) => "Voltages leave their limits; no activation of the resources cures it.",
        },
    )
}

fn losses(run: &Run) -> Option<Message> {
    let all = run.shown.second_stage.iter();
    let before = all.map(|s| s.safety.ac_before_line_over_mw);
    let before = before.fold(0.0, f64::max);
    if before == f64::INFINITY {
        return say(
            Level::Warning,
            "The AC power flow has no solution after stage one: the feeder cannot carry what the linear model lets through.",
        );
    }
    if before <= 1e-6 || run.outcome.beside.is_some() || run.behaviour() == Behaviour::TsoOnly {
        return None;
    }
    let over = amount(before, "");
    say(
        Level::Info,
        format!(
            "The market has no losses. By AC power flow a line is {over} MW over its limit after stage one: losses that the linear model leaves out."
        ),
    )
}

fn expectation(run: &Run) -> Option<Message> {
    let market = run.params.tso_market?;
    let proof = match run.outcome.beside {
        None => {
            "The proof of its best bids holds for this expectation, with stage two as the DSO solves it"
        }
        Some(_) => "Plans of its bids take what a MWh would bring there as a cost",
    };
    let percent = |share: f64| amount(100.0 * share, "");
    say(
        Level::Info,
        format!(
            "{} expects the TSO to pay {} times the day-ahead price upwards for {} % of what is forwarded, and to ask {} times it downwards for {} %. It offers there at cost and does not move that price. {proof}; of boxes of the same worth the one with more for {0} is taken.",
            run.player(),
            amount(market.up_price, ""),
            percent(market.up_share),
            amount(market.down_price, ""),
            percent(market.down_share),
        ),
    )
}

fn paid_as_bid(run: &Run) -> Option<Message> {
    if run.params.settlement != Settlement::PayAsBid {
        return None;
    }
    say(
        Level::Info,
        match run.outcome.beside {
            None => {
                "Paid as bid, an owner that knows the market bids its price: the strategic owner earns what it earns at uniform prices, and only owners at cost earn less."
            }
            Some(_) => {
                "Bids end at the TSO's prices, also at a bus where a MWh is worth more: paid as bid, even the strategic owner may earn less than at uniform prices."
            }
        },
    )
}
