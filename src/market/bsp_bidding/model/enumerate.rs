//! Best bids by candidate prices: just under a rival's offer, or the TSO's price.
//!
//! With rivals that offer steps the profit of an owner is largest where one of its bids sits just
//! short of a price at which the market changes: a rival's bid, the price of the TSO, or, behind a
//! binding limit, a price that the bids of others make at its bus. Prices of the last kind are found
//! on the way: those seen at own buses join the candidates until none is new.
//!
//! Section `[bsp]`(4.2) of the model notes. A bid short of a price by [`EPSILON`] stands for the tie
//! that the bilevel program resolves in the owner's favour, so profits agree within that.

use super::clear::{Bids, clear};
use super::player::Player;
use crate::market::Failure;

/// How far a bid undercuts, $/MWh.
pub const EPSILON: f64 = 1e-6;

/// Combinations up to which all are tried; beyond it bids are improved one after the other.
pub const MOST: usize = 4_096;

/// Markets cleared at most where the search only needs a first point.
const FIRST: usize = 64;

/// Rounds of new candidates.
const ROUNDS: usize = 3;

/// Prices seen behind limits that are kept.
const MOST_SEEN: usize = 64;

/// The best bids found.
#[derive(Clone, Debug)]
pub struct Best {
    pub bids: Bids,
    /// $ per hour.
    pub profit: f64,
    pub cleared: usize,
    /// All combinations of candidates were tried.
    pub exhaustive: bool,
}

impl Best {
    /// No candidate is tried: bids as given stand for a point that is worth nothing.
    pub fn none(bids: &Bids, profit: f64) -> Best {
        Best {
            bids: bids.clone(),
            profit,
            cleared: 0,
            exhaustive: false,
        }
    }
}

/// One own bid with its candidates.
struct Slot {
    k: usize,
    up: bool,
    candidates: Vec<f64>,
}

impl Slot {
    fn put(&self, bids: &mut Bids, price: f64) {
        bids.side_mut(self.up)[self.k] = price;
    }
}

/// A search with what it has found.
struct Search<'a> {
    player: &'a Player<'a>,
    slots: Vec<Slot>,
    /// Markets that may be cleared.
    budget: usize,
    best: Best,
    /// Prices at own buses behind limits, by resource.
    seen: Vec<(usize, f64)>,
}

/// Tries candidate bids. Unless `everything`, bids against the direction of the imbalance stay out
/// of the market: they pay only where someone's downward value exceeds another's upward cost.
///
/// # Errors
/// A market that cannot be cleared.
pub fn best(player: &Player, everything: bool) -> Result<Best, Failure> {
    let Player { hour, room, .. } = *player;
    let mut start = player.bids.clone();
    for k in player.resources() {
        for up in [true, false] {
            let (low, high) = room.side(up)[k];
            start.side_mut(up)[k] = hour.own_price(up)[k].clamp(low, high);
        }
    }
    let mut search = Search {
        player,
        slots: slots(player, everything),
        budget: if everything { usize::MAX } else { FIRST },
        best: Best {
            profit: f64::NEG_INFINITY,
            bids: start,
            cleared: 0,
            exhaustive: true,
        },
        seen: Vec::new(),
    };
    let rounds = if everything && !hour.limits.is_empty() {
        ROUNDS
    } else {
        1
    };
    for round in 1..=rounds {
        let mut sizes = search.slots.iter().map(|slot| slot.candidates.len());
        let combinations = sizes.try_fold(1_usize, usize::checked_mul);
        search.best.exhaustive = combinations.is_some_and(|n| n <= MOST.min(search.budget));
        match search.best.exhaustive {
            true => search.exhaust()?,
            false => search.climb()?,
        }
        if round == rounds || !search.grow() {
            break;
        }
    }
    Ok(search.best)
}

fn slots(player: &Player, everything: bool) -> Vec<Slot> {
    let Player {
        hour, bids, own, ..
    } = *player;
    let mut prices: Vec<f64> = vec![hour.tso_up, hour.tso_down];
    for k in (0..own.len()).filter(|&k| !own[k]) {
        prices.extend([bids.up[k], bids.down[k]]);
    }
    let mut slots = Vec::new();
    for k in player.resources() {
        for up in [true, false] {
            let wanted = (hour.imbalance_mw >= 0.0) == up;
            if hour.max_mw(up)[k] <= 0.0 || !(everything || wanted) {
                continue;
            }
            let (low, high) = player.room.side(up)[k];
            // At cost, where nothing is to be gained by waiting; and staying out.
            let truth = hour.own_price(up)[k];
            let mut candidates = vec![truth.clamp(low, high), if up { high } else { low }];
            candidates.extend(prices.iter().map(|p| short_of(*p, up, low, high)));
            if hour.limits.is_empty() {
                // Without limits a sale below cost earns nothing elsewhere.
                candidates.retain(|p| if up { *p >= truth } else { *p <= truth });
            }
            let candidates = distinct(candidates);
            slots.push(Slot { k, up, candidates });
        }
    }
    slots
}

fn short_of(price: f64, up: bool, low: f64, high: f64) -> f64 {
    let at = if up { price - EPSILON } else { price + EPSILON };
    at.clamp(low, high)
}

fn distinct(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values.dedup_by(|a, b| (*a - *b).abs() < EPSILON / 2.0);
    values
}

impl Search<'_> {
    /// Adds prices seen at own buses; whether any is new.
    fn grow(&mut self) -> bool {
        let mut new = false;
        for slot in &mut self.slots {
            let (low, high) = self.player.room.side(slot.up)[slot.k];
            let own = self.seen.iter().filter(|(k, _)| *k == slot.k);
            let before = slot.candidates.len();
            let fresh = own.map(|(_, p)| short_of(*p, slot.up, low, high));
            slot.candidates.extend(fresh);
            slot.candidates = distinct(std::mem::take(&mut slot.candidates));
            new |= slot.candidates.len() > before;
        }
        self.seen.clear();
        new
    }

    /// Clears with `bids`, keeps them if they are the best; the profit.
    fn attempt(&mut self, bids: &Bids) -> Result<f64, Failure> {
        let player = self.player;
        let crossed = |k: usize| bids.up[k] < bids.down[k] - 2.0 * EPSILON;
        if player.resources().any(crossed) || self.best.cleared >= self.budget {
            return Ok(f64::NEG_INFINITY);
        }
        let cleared = clear(player.hour, bids)?;
        self.best.cleared += 1;
        let profit = player.profit(&cleared, bids)?;
        if cleared.mu.iter().any(|m| *m > 0.0) {
            for k in player.resources() {
                let price = cleared.dlmp[k];
                let near = |bid: f64, by: f64| (bid - price).abs() < by;
                // The price of a bid that is itself in part is that bid.
                let own = near(bids.up[k], 2.0 * EPSILON) || near(bids.down[k], 2.0 * EPSILON);
                let mut seen = self.seen.iter();
                let known = seen.any(|&(i, p)| i == k && near(p, EPSILON));
                if !own && !known && self.seen.len() < MOST_SEEN {
                    self.seen.push((k, price));
                }
            }
        }
        if profit > self.best.profit {
            self.best.profit = profit;
            self.best.bids = bids.clone();
        }
        Ok(profit)
    }

    /// The best bids with every open one at its candidate `i`, or its last.
    fn all_at(&self, i: usize) -> Bids {
        let mut bids = self.best.bids.clone();
        for slot in &self.slots {
            slot.put(&mut bids, slot.candidates[i.min(slot.candidates.len() - 1)]);
        }
        bids
    }

    /// Every combination.
    fn exhaust(&mut self) -> Result<(), Failure> {
        let mut index = vec![0_usize; self.slots.len()];
        let mut bids = self.all_at(0);
        loop {
            self.attempt(&bids)?;
            let mut at = index.iter().zip(&self.slots);
            let Some(next) = at.position(|(i, slot)| i + 1 < slot.candidates.len()) else {
                return Ok(());
            };
            index[..next].fill(0);
            index[next] += 1;
            for (i, slot) in index.iter().zip(&self.slots).take(next + 1) {
                slot.put(&mut bids, slot.candidates[*i]);
            }
        }
    }

    /// One bid after the other, from everyone at the same candidate and from cost.
    fn climb(&mut self) -> Result<(), Failure> {
        let sizes = self.slots.iter().map(|slot| slot.candidates.len());
        let mut starts = vec![self.best.bids.clone()];
        starts.extend((0..sizes.max().unwrap_or(0)).map(|i| self.all_at(i)));
        let mut scored = Vec::new();
        for bids in starts {
            scored.push((self.attempt(&bids)?, bids));
        }
        crate::sort::by(&mut scored, |a, b| b.0.total_cmp(&a.0));
        for (mut profit, mut bids) in scored.into_iter().take(2) {
            for _ in 0..4 {
                let before = profit;
                for s in 0..self.slots.len() {
                    let mut at = bids.side(self.slots[s].up)[self.slots[s].k];
                    for c in 0..self.slots[s].candidates.len() {
                        let price = self.slots[s].candidates[c];
                        self.slots[s].put(&mut bids, price);
                        let earned = self.attempt(&bids)?;
                        if earned > profit + 1e-9 {
                            (profit, at) = (earned, price);
                        }
                    }
                    self.slots[s].put(&mut bids, at);
                }
                if profit <= before + 1e-9 {
                    break;
                }
            }
        }
        Ok(())
    }
}
