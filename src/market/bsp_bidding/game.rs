//! Several owners that bid strategically: each answers the others in turn (diagonalisation).
//!
//! An owner that is taken at a price that another's bid sets comes a step below it, so that the
//! market everyone sees is the same. Bids that no longer move are an equilibrium only if nobody gains
//! by other bids: that is checked with the best answers of all, whatever the path. Where bids return
//! to earlier ones the answers go round in a circle.
//!
//! Section `[bsp]`(4.2) of the model notes.

use super::clear::{Bids, clear};
use super::params::{BspBidding, Settlement};
use super::strategy::{self, room};
use super::system::{Hour, LEAST_MW, System};

/// How the answers ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nobody gains by other bids.
    Settled,
    /// Bids came back to those of this many rounds before.
    Circle(usize),
    /// Neither within the rounds allowed.
    Open,
}

/// Bids of a period after all answers.
#[derive(Clone, Debug)]
pub struct Equilibrium {
    pub bids: Bids,
    pub end: End,
    pub rounds: usize,
    /// What each player could still gain by its best answer, $ per hour.
    pub gains: Vec<f64>,
}

/// How far a bid comes below a rival's, as a share of the day-ahead price: coarse enough for a war of
/// prices to come round within a few dozen rounds.
const BELOW: f64 = 5e-3;

/// Bids closer than this share of the day-ahead price are the same.
const SAME: f64 = 1e-4;

/// Plays a period.
///
/// # Errors
/// A sentence when a program fails.
pub fn play(
    system: &System,
    hour: &Hour,
    params: &BspBidding,
    players: &[usize],
) -> Result<Equilibrium, String> {
    let mut bids = Bids::truthful(hour);
    let mut path = vec![bids.clone()];
    let mut end = End::Open;
    let mut rounds = 0;
    while rounds < params.rounds.max(1) as usize {
        rounds += 1;
        for &player in players {
            bids = reply(system, hour, params, player, &bids)?;
        }
        let before = path.iter().rev().position(|old| same(hour, old, &bids));
        path.push(bids.clone());
        if let Some(back) = before {
            end = if back == 0 {
                End::Settled
            } else {
                End::Circle(back + 1)
            };
            break;
        }
    }
    let mut gains = Vec::new();
    let cleared = clear(hour, &bids)?;
    let pay_as_bid = params.settlement == Settlement::PayAsBid;
    for &player in players {
        let own = system.owned(player);
        let best = strategy::answer(hour, &bids, &own, params, params.method)?;
        let now = cleared.profit_of(hour, &bids, pay_as_bid, &own);
        let gain = best.profit - now;
        gains.push(gain.max(0.0));
        // What staying below a rival's bid costs is no gain.
        let capacity = (0..own.len()).filter(|&k| own[k]);
        let capacity = capacity.map(|k| hour.max_up_mw[k].max(hour.max_down_mw[k]));
        let step = BELOW * hour.day_ahead * capacity.sum::<f64>();
        if gain > step + 1e-6 && end == End::Settled {
            end = End::Open;
        }
    }
    Ok(Equilibrium {
        bids,
        end,
        rounds,
        gains,
    })
}

/// All bids with the player's best answer.
fn reply(
    system: &System,
    hour: &Hour,
    params: &BspBidding,
    player: usize,
    bids: &Bids,
) -> Result<Bids, String> {
    let own = system.owned(player);
    let best = strategy::answer(hour, bids, &own, params, params.method)?;
    let room = room(hour, params);
    let shade = BELOW * hour.day_ahead;
    let near = |price: f64, rival: f64| (price - rival).abs() < shade / 2.0;
    let mut next = best.bids;
    for k in (0..own.len()).filter(|&k| own[k]) {
        let mut rivals = (0..own.len()).filter(|&j| !own[j]);
        if best.cleared.up_mw[k] > LEAST_MW && rivals.any(|j| near(next.up[k], bids.up[j])) {
            next.up[k] = (next.up[k] - shade).max(room.up[k].0);
        }
        let mut rivals = (0..own.len()).filter(|&j| !own[j]);
        if best.cleared.down_mw[k] > LEAST_MW && rivals.any(|j| near(next.down[k], bids.down[j])) {
            next.down[k] = (next.down[k] + shade).min(room.down[k].1);
        }
    }
    Ok(next)
}

fn same(hour: &Hour, a: &Bids, b: &Bids) -> bool {
    let near = |x: &[f64], y: &[f64]| {
        let tolerance = SAME * hour.day_ahead;
        x.iter().zip(y).all(|(x, y)| (x - y).abs() < tolerance)
    };
    near(&a.up, &b.up) && near(&a.down, &b.down)
}
