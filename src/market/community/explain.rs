//! Which price of the communities is asked about.

use crate::case::text::nearest;
use crate::case::{Case, Subject, SubjectKind};
use crate::market::Failure;
use crate::opt::solve_priced;
use crate::report::Explained;
use crate::report::words::listed;

use super::model::limited::{self, Within};
use super::model::marginal::sides;
use super::model::network::Network;
use super::outcome::{Days, Outcome, Shown};
use super::params::CommunityMarket;
use super::report;
use super::report::explain::{Asked, limits, one_price};

/// Why the price at a community is what it is in interval `step` (from 1).
///
/// # Errors
/// A sentence: no such community or interval, bids that are not kept, or a price that they do not make.
pub fn explain(
    case: &Case,
    outcome: &Outcome,
    params: &CommunityMarket,
    subject: &Subject,
    step: usize,
) -> Result<Explained, Failure> {
    let days = outcome.days.as_deref();
    let steps = days.map_or(1, |days| days.system.intervals);
    if step == 0 || step > steps {
        return Err(format!("there is no interval {step}; choose 1 to {steps}").into());
    }
    let shown = match days {
        Some(days) => days.interval(step - 1, params),
        None => report::given(outcome),
    };
    let shown = shown.ok_or(
        "the bids of so many communities are not kept, so that their price is not explained",
    )?;
    let j = member(&shown, subject)?;
    let moved = days.is_some_and(|days| {
        let market = days.traces.last();
        market.is_some_and(|market| market.congested.contains(&(step - 1)))
    });
    let asked = Asked {
        shown: &shown,
        days,
        j,
        step,
    };
    match days.filter(|_| moved) {
        Some(days) => {
            let within = within(case, (days, params), &shown, step - 1, j)?;
            limits(&asked, &within)
        }
        None => one_price(&asked, &sides(&shown.bids, &shown.supply)?),
    }
}

/// The place of a community.
fn member(shown: &Shown, subject: &Subject) -> Result<usize, Failure> {
    if subject.kind != SubjectKind::Party {
        return Err("communities are told their price: ask for that at one of them".into());
    }
    let id = &subject.id;
    shown
        .ids
        .iter()
        .position(|known| known == id)
        .ok_or_else(|| {
            let near = nearest(id, shown.ids.iter().map(String::as_str));
            let meant = match near {
                Some(near) => format!("Did you mean {near}?"),
                None => format!("Ask for one of {}.", listed(&shown.ids)),
            };
            format!("there is no community `{id}`. {meant}").into()
        })
}

/// The clearing within the limits, once more, with what its price at community `j` is made of.
fn within(
    case: &Case,
    (days, params): (&Days, &CommunityMarket),
    shown: &Shown,
    t: usize,
    j: usize,
) -> Result<Within, Failure> {
    let network = Network::new(case, &days.system).ok_or("the communities are on no feeder")?;
    let all = [(0..shown.bids.len()).collect()];
    let program = network.write(&shown.bids, &shown.supply, t, params.physics, &all);
    let solved = solve_priced(&program.model)?;
    let duals = solved
        .duals
        .ok_or("the clearing within the feeder has no prices")?;
    Ok(limited::read(&network, &shown.supply, &program, &duals).at(j))
}
