//! Which price of the communities is asked about, and what makes it.

use crate::case::text::nearest;
use crate::case::{Case, Subject, SubjectKind};
use crate::market::Failure;
use crate::opt::solve_priced;

use super::model::limited::{self, Within};
use super::model::marginal::{Side, sides};
use super::model::network::Network;
use super::outcome::{Days, Outcome, Shown};
use super::params::CommunityMarket;

/// What makes the price of a community in an interval.
pub struct Found {
    pub shown: Shown,
    /// The community, by its place.
    pub j: usize,
    pub by: By,
}

/// Who or what makes it.
pub enum By {
    /// The next and the last kWh of all.
    All([Option<Side>; 2]),
    /// What limits of the feeder make of the price of the LSE.
    Limits(Within),
}

/// What makes the price at a community in interval `step` (from 1); `given` is the interval of a market without days.
///
/// # Errors
/// A sentence: no such community or interval, or bids that are not kept.
pub fn explain(
    case: &Case,
    (outcome, given): (&Outcome, Option<Shown>),
    params: &CommunityMarket,
    subject: &Subject,
    step: usize,
) -> Result<Found, Failure> {
    let days = outcome.days.as_deref();
    let steps = days.map_or(1, |days| days.system.intervals);
    if step == 0 || step > steps {
        return Err(format!("there is no interval {step}; choose 1 to {steps}").into());
    }
    let t = step - 1;
    let shown = match days {
        Some(days) => days.interval(t, params),
        None => given,
    };
    let shown = shown.ok_or(
        "the bids of so many communities are not kept, so that their price is not explained",
    )?;
    let j = member(&shown, subject)?;
    let moved = days.filter(|days| {
        let market = days.traces.last();
        market.is_some_and(|market| market.congested.contains(&t))
    });
    let by = match moved {
        Some(days) => By::Limits(within(case, (days, params), &shown, t, j)?),
        None => By::All(sides(&shown.bids, &shown.supply)?),
    };
    Ok(Found { shown, j, by })
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
                None => format!("Ask for one of {}.", shown.ids.join(", ")),
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
