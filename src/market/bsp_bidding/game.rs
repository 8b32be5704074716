//! Several owners that bid strategically: each answers the others in turn (diagonalisation).
//!
//! An owner that is taken at a price that another's bid sets comes a step below it, so that the
//! market everyone sees is the same; once bids rest, the step is made as small as rounding allows.
//! Bids that no longer move are an equilibrium only if nobody gains by other bids: that is checked with
//! the best answers of all, whatever the path, and what could still be gained is said. Where bids
//! return to earlier ones the answers go round in a circle.
//!
//! Section `[bsp]`(4.2) of the model notes.

use super::clear::{Bids, clear};
use super::params::{BspBidding, Settlement};
use super::strategy::{self, room};
use super::system::{Hour, LEAST_MW, System};

/// How the answers ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nobody gains by other bids: an equilibrium.
    Settled,
    /// Bids rest, and what someone could still gain is no more than staying a step below a rival
    /// costs: an equilibrium up to that gain.
    Near,
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
    /// What each player earns by its best answer, $ per hour.
    pub best: Vec<f64>,
}

impl Equilibrium {
    /// Most that anyone could gain by other bids: $ per hour, and % of what it would then earn.
    pub fn epsilon(&self) -> (f64, f64) {
        let all = self.gains.iter().zip(&self.best);
        all.fold((0.0, 0.0), |most, (gain, best)| {
            let share = if *gain > 0.0 && *best > 0.0 {
                100.0 * gain / best
            } else {
                0.0
            };
            (most.0.max(*gain), most.1.max(share))
        })
    }
}

/// How far a bid comes below a rival's, as a share of the day-ahead price: coarse enough for a war of
/// prices to come round within a few dozen rounds.
const BELOW: f64 = 5e-3;

/// The same once bids rest: no more than what rounding decides.
const HAIR: f64 = 1e-7;

/// Rounds with [`HAIR`].
const FINE_ROUNDS: usize = 3;

/// Gains below this share of 1 $ and of what is earned are rounding.
const ROUNDING: f64 = 1e-6;

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
            bids = reply(system, hour, params, player, &bids, BELOW)?;
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
    let mut left = Left::of(system, hour, params, players, &bids)?;
    if end == End::Settled {
        let mut finer = bids.clone();
        for _ in 0..FINE_ROUNDS {
            for &player in players {
                finer = reply(system, hour, params, player, &finer, HAIR)?;
            }
        }
        let then = Left::of(system, hour, params, players, &finer)?;
        if then.most() < left.most() {
            (bids, left) = (finer, then);
        }
        end = left.end(hour, BELOW);
    }
    Ok(Equilibrium {
        bids,
        end,
        rounds,
        gains: left.gains,
        best: left.best,
    })
}

/// What is left to gain at some bids, by player.
struct Left {
    gains: Vec<f64>,
    best: Vec<f64>,
    capacity_mw: Vec<f64>,
}

impl Left {
    fn of(
        system: &System,
        hour: &Hour,
        params: &BspBidding,
        players: &[usize],
        bids: &Bids,
    ) -> Result<Left, String> {
        let mut left = Left {
            gains: Vec::new(),
            best: Vec::new(),
            capacity_mw: Vec::new(),
        };
        let cleared = clear(hour, bids)?;
        let pay_as_bid = params.settlement == Settlement::PayAsBid;
        for &player in players {
            let own = system.owned(player);
            let best = strategy::answer(hour, bids, &own, params, params.method)?;
            let now = cleared.profit_of(hour, bids, pay_as_bid, &own);
            left.gains.push((best.profit - now).max(0.0));
            left.best.push(best.profit);
            let capacity = (0..own.len()).filter(|&k| own[k]);
            let capacity = capacity.map(|k| hour.max_up_mw[k].max(hour.max_down_mw[k]));
            left.capacity_mw.push(capacity.sum());
        }
        Ok(left)
    }

    fn most(&self) -> f64 {
        self.gains.iter().copied().fold(0.0, f64::max)
    }

    /// What bids at rest are, with steps of a share of the day-ahead price.
    fn end(&self, hour: &Hour, step: f64) -> End {
        let within =
            |of: &dyn Fn(usize) -> f64| (0..self.gains.len()).all(|k| self.gains[k] <= of(k));
        if within(&|k| ROUNDING * (1.0 + self.best[k].abs())) {
            End::Settled
        } else if within(&|k| ROUNDING + step * hour.day_ahead * self.capacity_mw[k]) {
            End::Near
        } else {
            End::Open
        }
    }
}

/// All bids with the player's best answer, `below` (as a share of the day-ahead price) a rival's.
fn reply(
    system: &System,
    hour: &Hour,
    params: &BspBidding,
    player: usize,
    bids: &Bids,
    below: f64,
) -> Result<Bids, String> {
    let own = system.owned(player);
    let best = strategy::answer(hour, bids, &own, params, params.method)?;
    let room = room(hour, params);
    let shade = below * hour.day_ahead;
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
