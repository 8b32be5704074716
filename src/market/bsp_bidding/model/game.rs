//! Several owners that bid strategically: each answers the others in turn (diagonalisation).
//!
//! An owner that is taken at a price that another's bid sets comes a step below it, so that the
//! market everyone sees is the same; once bids rest, the step is made as small as rounding allows.
//! Bids that no longer move are an equilibrium only if nobody gains by other bids: that is checked with
//! the best answers of all, whatever the path, and what could still be gained is said. Where bids
//! return to earlier ones the answers go round in a circle.
//!
//! Section `[bsp]`(4.2) of the model notes.

use super::super::params::BspBidding;
use super::clear::{Bids, clear};
use super::strategy::{self, room};
use super::system::{Hour, LEAST_MW, System};
use crate::market::Failure;

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
    /// What each player earns by its best answer, and could earn at most, $ per hour.
    pub best: Vec<f64>,
    pub bounds: Vec<f64>,
}

impl Equilibrium {
    /// Most that anyone could gain by other bids: $ per hour, and % of what it would then earn.
    pub fn epsilon(&self) -> (f64, f64) {
        let all = self.gains.iter().zip(self.gains_percent());
        all.fold((0.0, 0.0), |most, (gain, share)| {
            (most.0.max(*gain), most.1.max(share))
        })
    }

    /// What each player could still gain in % of what it would then earn; 0 where that says nothing.
    pub fn gains_percent(&self) -> impl Iterator<Item = f64> {
        let all = self.gains.iter().zip(&self.best);
        all.map(|(gain, best)| match *gain > 0.0 && *best > 0.0 {
            true => 100.0 * gain / best,
            false => 0.0,
        })
    }
}

/// How far a bid comes below a rival's, as a share of the day-ahead price: coarse enough for a war of
/// prices to come round within a few dozen rounds.
const BELOW: f64 = 5e-3;

/// The same once bids rest: no more than what rounding decides.
const BARELY_BELOW: f64 = 1e-7;

/// Rounds with [`BARELY_BELOW`].
const FINE_ROUNDS: usize = 3;

/// Gains below this share of 1 $ and of what is earned are rounding.
const ROUNDING: f64 = 1e-6;

/// Bids closer than this share of the day-ahead price are the same.
const SAME: f64 = 1e-4;

/// A period with those who play it.
struct Game<'a> {
    system: &'a System,
    hour: &'a Hour,
    params: &'a BspBidding,
    players: &'a [usize],
}

/// Plays a period.
///
/// # Errors
/// A sentence when a program fails.
pub fn play(
    system: &System,
    hour: &Hour,
    params: &BspBidding,
    players: &[usize],
) -> Result<Equilibrium, Failure> {
    let game = Game {
        system,
        hour,
        params,
        players,
    };
    let mut path = vec![Bids::truthful(hour)];
    let mut end = End::Open;
    for _ in 0..params.rounds.max(1) {
        let bids = game.round(&path[path.len() - 1], BELOW)?;
        let before = path.iter().rev().position(|old| same(hour, old, &bids));
        path.push(bids);
        if let Some(back) = before {
            end = match back {
                0 => End::Settled,
                _ => End::Circle(back + 1),
            };
            break;
        }
    }
    let rounds = path.len() - 1;
    let mut found = game.left(path.swap_remove(rounds), end, rounds)?;
    if end == End::Settled {
        let mut finer = found.bids.clone();
        for _ in 0..FINE_ROUNDS {
            finer = game.round(&finer, BARELY_BELOW)?;
        }
        let then = game.left(finer, end, rounds)?;
        if then.most() < found.most() {
            found = then;
        }
        found.end = game.end(&found, BELOW);
    }
    Ok(found)
}

impl Equilibrium {
    /// Most that anyone could gain, $ per hour.
    fn most(&self) -> f64 {
        self.gains.iter().copied().fold(0.0, f64::max)
    }
}

impl Game<'_> {
    /// What is left to gain at some bids.
    fn left(&self, bids: Bids, end: End, rounds: usize) -> Result<Equilibrium, Failure> {
        let (hour, params) = (self.hour, self.params);
        let cleared = clear(hour, &bids)?;
        let (mut gains, mut best, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
        for &player in self.players {
            let own = self.system.owned(player);
            let answer = strategy::answer(hour, &bids, &own, params, params.method)?;
            let now = cleared.profit_of(hour, &bids, params.pay_as_bid(), &own);
            gains.push((answer.profit - now).max(0.0));
            best.push(answer.profit);
            bounds.push(answer.bound);
        }
        Ok(Equilibrium {
            bids,
            end,
            rounds,
            gains,
            best,
            bounds,
        })
    }

    /// What bids at rest are, with steps of a share of the day-ahead price.
    fn end(&self, found: &Equilibrium, step: f64) -> End {
        let capacity = |player: usize| -> f64 {
            let own = self.system.owned(player);
            let own = (0..own.len()).filter(|&k| own[k]);
            own.map(|k| self.hour.max_up_mw[k].max(self.hour.max_down_mw[k]))
                .sum()
        };
        let within = |most: &dyn Fn(usize) -> f64| {
            let mut gains = found.gains.iter().enumerate();
            gains.all(|(k, gain)| *gain <= most(k))
        };
        if within(&|k| ROUNDING * (1.0 + found.best[k].abs())) {
            End::Settled
        } else if within(&|k| ROUNDING + step * self.hour.day_ahead * capacity(self.players[k])) {
            End::Near
        } else {
            End::Open
        }
    }

    /// The best answers of all players in turn, each `below` (as a share of the day-ahead price) a
    /// rival's bid.
    fn round(&self, bids: &Bids, below: f64) -> Result<Bids, Failure> {
        let mut bids = bids.clone();
        for &player in self.players {
            bids = self.reply(player, &bids, below)?;
        }
        Ok(bids)
    }

    /// All bids with the player's best answer.
    fn reply(&self, player: usize, bids: &Bids, below: f64) -> Result<Bids, Failure> {
        let (hour, params) = (self.hour, self.params);
        let own = self.system.owned(player);
        let best = strategy::answer(hour, bids, &own, params, params.method)?;
        let room = room(hour, params);
        let shade = below * hour.day_ahead;
        let mut next = best.bids;
        for k in (0..own.len()).filter(|&k| own[k]) {
            for up in [true, false] {
                let bid = next.side(up)[k];
                let mut rivals = own.iter().zip(bids.side(up)).filter(|(own, _)| !**own);
                let taken = best.cleared.taken_mw(up)[k] > LEAST_MW;
                if taken && rivals.any(|(_, rival)| (bid - rival).abs() < shade / 2.0) {
                    let (low, high) = room.side(up)[k];
                    next.side_mut(up)[k] = match up {
                        true => (bid - shade).max(low),
                        false => (bid + shade).min(high),
                    };
                }
            }
        }
        Ok(next)
    }
}

fn same(hour: &Hour, a: &Bids, b: &Bids) -> bool {
    let near = |x: &[f64], y: &[f64]| {
        let tolerance = SAME * hour.day_ahead;
        x.iter().zip(y).all(|(x, y)| (x - y).abs() < tolerance)
    };
    near(&a.up, &b.up) && near(&a.down, &b.down)
}
