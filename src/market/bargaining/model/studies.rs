//! What is asked about one slot of the day or about its plan: coalitions, the exchange of prices, a misreport.

use crate::case::Case;
use crate::market::shared::cooperative_game::Game;

use super::super::params::{Bargaining, Misreport};
use super::coalitions::Moment;
use super::dso::Past;
use super::misreport::{self, Reported};
use super::operation::{Dispatch, Generation, NoDispatch, RealTime, dispatch, generation};
use super::price_exchange::{Exchange, exchange, furthest};
use super::risk::AtRisk;
use super::settle::normalised;
use super::system::{Dso, System};

/// The studies of a day that were asked for.
#[derive(Default)]
pub struct Studies {
    /// From 0.
    pub slot: usize,
    pub coalitions: Option<Coalitions>,
    pub exchange: Option<Compared>,
    /// The same in real time, from the slot on.
    pub real_time_exchange: Option<Compared>,
    pub risk: Option<AtRisk>,
    pub misreport: Option<(Misreport, Vec<Reported>)>,
}

/// The game of a slot and how its surplus may be shared.
pub struct Coalitions {
    /// Every coalition with the ISO: its players, and what it is worth, $.
    pub worth_usd: Vec<(Vec<usize>, f64)>,
    /// By the Nash bargain, the Shapley value and the nucleolus.
    pub shares: [Shares; 3],
    /// What each player adds to all others, $.
    pub marginal_usd: Vec<f64>,
    /// Excess of the least core, $.
    pub least_core_usd: f64,
}

/// One way to share the surplus.
pub struct Shares {
    /// By player, $.
    pub player_usd: Vec<f64>,
    /// By coalition with the ISO, $.
    pub coalition_usd: Vec<f64>,
    /// Largest excess of a coalition, $.
    pub excess_usd: f64,
}

/// The exchange of prices beside the same in one program: largest differences from it.
pub struct Compared {
    pub exchange: Exchange,
    pub import_off_mw: f64,
    pub price_off_usd_per_mwh: f64,
    /// Of the exchange less that of the one program, $.
    pub welfare_off_usd: f64,
}

/// Answers what the inputs ask for at a moment of the day.
///
/// # Errors
/// A program that cannot be solved.
pub fn ask(
    case: &Case,
    params: &Bargaining,
    moment: Moment,
    powers: &[f64],
) -> Result<Studies, NoDispatch> {
    let mut found = Studies {
        slot: moment.slot,
        ..Studies::default()
    };
    if params.coalitions {
        found.coalitions = Some(coalitions(&moment.game()?, powers)?);
    }
    if params.decomposition {
        let (system, plan) = (moment.system, moment.plan);
        let past: Vec<Past> = system.dsos.iter().map(Past::new).collect();
        let done = exchange(system, &past, None)?;
        let cost = plan.day_cost_usd();
        found.exchange = Some(compared(system, &plan.dispatch, cost, done));
    }
    if params.real_time_exchange {
        found.real_time_exchange = Some(in_real_time(moment)?);
    }
    if params.misreport.percent > 0.0 {
        let mut asked = params.misreport.clone();
        if asked.dso.is_empty() {
            asked.dso.clone_from(&moment.system.dsos[0].id);
        }
        let gains = misreport::gains(case, &asked, moment, powers)?;
        found.misreport = Some((asked, gains));
    }
    Ok(found)
}

fn coalitions(game: &Game, powers: &[f64]) -> Result<Coalitions, NoDispatch> {
    let players = game.players();
    let members = |set: usize| (0..players).filter(move |k| set & (1 << k) != 0);
    // Bit 0 is the ISO.
    let sets = || (1..1_usize << players).step_by(2);
    let shares = |by: Vec<f64>| Shares {
        coalition_usd: sets()
            .map(|set| members(set).map(|k| by[k]).sum())
            .collect(),
        excess_usd: game.largest_excess(&by),
        player_usd: by,
    };
    // Without a surplus there is no deal.
    let powers = normalised(powers, players);
    let nash = powers.iter().map(|a| a * game.grand().max(0.0));
    Ok(Coalitions {
        worth_usd: sets()
            .map(|set| (members(set).collect(), game.value(set)))
            .collect(),
        shares: [
            shares(nash.collect()),
            shares(game.shapley()),
            shares(game.nucleolus()?),
        ],
        marginal_usd: game.marginal(),
        least_core_usd: game.least_core()?,
    })
}

/// The rest of the day from a slot on, by prices and quantities and in one program.
///
/// Eq. `[wang2017]`(1.3) b.
fn in_real_time(moment: Moment) -> Result<Compared, NoDispatch> {
    let Moment {
        system,
        plan,
        slot,
        past,
    } = moment;
    let members = vec![true; system.dsos.len()];
    let real = RealTime {
        now: slot,
        plan,
        members: &members,
    };
    let common = dispatch(system, past, Some(real))?;
    let costs = generation(system, plan, &common.output_mw, slot);
    let cost = costs.iter().flatten().map(Generation::total_usd).sum();
    let done = exchange(system, past, Some(real))?;
    Ok(compared(system, &common, cost, done))
}

fn compared(system: &System, common: &Dispatch, cost_usd: f64, done: Exchange) -> Compared {
    let utilities = common.dsos.iter().map(|d| d.utility_usd);
    let welfare = utilities.sum::<f64>() - cost_usd;
    let price = |dso: &Dso| common.lmp.iter().map(|lmp| lmp[dso.bus]).collect();
    let prices: Vec<Vec<f64>> = system.dsos.iter().map(price).collect();
    let imports: Vec<Vec<f64>> = common.dsos.iter().map(|d| d.import_mw.clone()).collect();
    Compared {
        import_off_mw: furthest(&done.import_mw, &imports),
        price_off_usd_per_mwh: furthest(&done.usd_per_mwh, &prices),
        welfare_off_usd: done.rounds.last().map_or(f64::NAN, |r| r.welfare_usd) - welfare,
        exchange: done,
    }
}
