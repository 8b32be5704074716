//! What storage does on a day under every behaviour, and what the day is without it.

use super::super::params::{Behaviour, BspBidding};
use super::day::{Day, own_of, strategic};
use super::joint::{self, Amounts, Joint};
use super::schedule::{self, Best};
use super::system::System;
use crate::case::Case;
use crate::market::Failure;

/// Storage of a day.
pub struct Storage {
    /// Everyone at cost.
    pub joint: Joint,
    /// Of the strategic owner, where it has storage.
    pub best: Option<Best>,
    /// The same case without storage.
    pub without: Without,
    /// Storage at rest, as at cost, and as on the strategic day.
    systems: [System; 3],
}

/// A day without storage: its cost and payment with everyone at cost, and the payment and the first strategic
/// owner's profit with its best bids, $; none where the owner has nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Without {
    pub cost_usd: f64,
    pub payment_usd: f64,
    pub profit_at_cost_usd: f64,
    pub best_payment_usd: f64,
    pub best_profit_usd: f64,
}

impl Storage {
    /// Finds every schedule.
    ///
    /// # Errors
    /// A sentence when a program fails.
    pub fn new(case: &Case, params: &BspBidding, system: &System) -> Result<Storage, Failure> {
        let joint = joint::clear(system)?;
        let system = &joint.valued(system);
        let own = own_of(system, params);
        let stored = own[system.hours[0].first_storage()..].contains(&true);
        let best = match stored && strategic(system, params).len() == 1 {
            true => Some(schedule::best(system, params, &own, &joint)?),
            false => None,
        };
        let rest: Vec<Amounts> = vec![vec![(0.0, 0.0); system.storage.len()]; system.hours.len()];
        let chosen = best.as_ref().map_or(&joint.schedule, |best| &best.schedule);
        Ok(Storage {
            systems: [&rest, &joint.schedule, chosen].map(|s| system.scheduled(s)),
            without: Without::new(case, params, system)?,
            joint,
            best,
        })
    }

    /// The system with what storage does under a behaviour.
    pub fn system(&self, behaviour: Behaviour) -> &System {
        match behaviour {
            Behaviour::TsoOnly => &self.systems[0],
            Behaviour::Truthful => &self.systems[1],
            Behaviour::Strategic | Behaviour::Own => &self.systems[2],
        }
    }
}

impl Without {
    fn new(case: &Case, params: &BspBidding, system: &System) -> Result<Without, Failure> {
        let mut case = case.clone();
        if let Some(market) = &mut case.local_market {
            market.storage.clear();
        }
        let bare = System::new(&case)?;
        let player = strategic(system, params).first().copied();
        let name = player.map(|player| &system.owners[player]);
        let owner = bare.owners.iter().position(|own| Some(own) == name);
        let day = |behaviour| Day::new(&bare, params, behaviour, None);
        let truthful = day(Behaviour::Truthful)?;
        let best = match owner {
            Some(_) => day(Behaviour::Strategic)?,
            None => truthful.clone(),
        };
        let profit = |day: &Day| owner.map_or(0.0, |owner| day.owner_usd(owner));
        Ok(Without {
            cost_usd: truthful.totals.cost_usd,
            payment_usd: truthful.totals.payment_usd,
            profit_at_cost_usd: profit(&truthful),
            best_payment_usd: best.totals.payment_usd,
            best_profit_usd: profit(&best),
        })
    }
}
