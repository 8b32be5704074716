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
use super::kkt::Player;

/// How far a bid undercuts, $/MWh.
pub const EPSILON: f64 = 1e-6;

/// Combinations up to which all are tried; beyond it bids are improved one after the other.
pub const MOST: usize = 4_096;

/// Markets cleared at most where the search only needs a first point.
const FIRST: usize = 64;

/// Rounds of new candidates.
const ROUNDS: usize = 3;

/// The best bids found.
#[derive(Clone, Debug)]
pub struct Best {
    pub bids: Bids,
    /// $ per hour.
    pub profit: f64,
    pub cleared: usize,
    /// All combinations of candidates were tried.
    pub exhaustive: bool,
    /// Markets that may be cleared.
    budget: usize,
}

/// One own bid with its candidates.
struct Slot {
    k: usize,
    up: bool,
    candidates: Vec<f64>,
}

/// Tries candidate bids. Unless `everything`, bids against the direction of the imbalance stay out
/// of the market: they pay only where someone's downward value exceeds another's upward cost.
///
/// # Errors
/// A market that cannot be cleared.
pub fn best(player: &Player, everything: bool) -> Result<Best, String> {
    let Player {
        hour, own, room, ..
    } = *player;
    let mut start = player.bids.clone();
    for k in (0..own.len()).filter(|&k| own[k]) {
        start.up[k] = hour.up_cost[k].clamp(room.up[k].0, room.up[k].1);
        start.down[k] = hour.down_value[k].clamp(room.down[k].0, room.down[k].1);
    }
    let mut slots = slots(player, everything);
    let mut best = Best {
        profit: f64::NEG_INFINITY,
        bids: start,
        cleared: 0,
        exhaustive: true,
        budget: if everything { usize::MAX } else { FIRST },
    };
    let mut seen: Vec<(usize, f64)> = Vec::new();
    for round in 0..ROUNDS {
        let combinations = slots
            .iter()
            .try_fold(1_usize, |n, slot| n.checked_mul(slot.candidates.len()));
        best.exhaustive = combinations.is_some_and(|n| n <= MOST.min(best.budget));
        if best.exhaustive {
            exhaust(player, &slots, &mut best, &mut seen)?;
        } else {
            climb(player, &slots, &mut best, &mut seen)?;
        }
        if round + 1 == ROUNDS
            || !everything
            || hour.limits.is_empty()
            || !grow(player, &mut slots, &mut seen)
        {
            break;
        }
    }
    Ok(best)
}

fn slots(player: &Player, everything: bool) -> Vec<Slot> {
    let Player {
        hour,
        bids,
        own,
        room,
        ..
    } = *player;
    let mut prices: Vec<f64> = vec![hour.tso_up, hour.tso_down];
    for k in (0..own.len()).filter(|&k| !own[k]) {
        prices.extend([bids.up[k], bids.down[k]]);
    }
    let mut slots = Vec::new();
    for k in (0..own.len()).filter(|&k| own[k]) {
        for up in [true, false] {
            let wanted = (hour.imbalance_mw >= 0.0) == up;
            let cap = if up {
                hour.max_up_mw[k]
            } else {
                hour.max_down_mw[k]
            };
            if cap <= 0.0 || !(everything || wanted) {
                continue;
            }
            let (low, high) = if up { room.up[k] } else { room.down[k] };
            // At cost, where nothing is to be gained by waiting; and staying out.
            let truth = if up {
                hour.up_cost[k]
            } else {
                hour.down_value[k]
            };
            let mut candidates = vec![truth.clamp(low, high), if up { high } else { low }];
            candidates.extend(prices.iter().map(|p| short_of(*p, up, low, high)));
            if hour.limits.is_empty() {
                // Without limits a sale below cost earns nothing elsewhere.
                candidates.retain(|p| if up { *p >= truth } else { *p <= truth });
            }
            slots.push(Slot {
                k,
                up,
                candidates: distinct(candidates),
            });
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

/// Adds prices seen at own buses; whether any is new.
fn grow(player: &Player, slots: &mut [Slot], seen: &mut Vec<(usize, f64)>) -> bool {
    let mut new = false;
    for slot in slots.iter_mut() {
        let (low, high) = if slot.up {
            player.room.up[slot.k]
        } else {
            player.room.down[slot.k]
        };
        let own = seen.iter().filter(|(k, _)| *k == slot.k);
        let fresh: Vec<f64> = own.map(|(_, p)| short_of(*p, slot.up, low, high)).collect();
        let before = slot.candidates.len();
        slot.candidates.extend(fresh);
        slot.candidates = distinct(std::mem::take(&mut slot.candidates));
        new |= slot.candidates.len() > before;
    }
    seen.clear();
    new
}

fn put(bids: &mut Bids, slot: &Slot, price: f64) {
    if slot.up {
        bids.up[slot.k] = price;
    } else {
        bids.down[slot.k] = price;
    }
}

/// Clears with `bids`, keeps them if they are the best; the profit.
fn attempt(
    player: &Player,
    bids: &Bids,
    best: &mut Best,
    seen: &mut Vec<(usize, f64)>,
) -> Result<f64, String> {
    let crossed = |k: usize| player.own[k] && bids.up[k] < bids.down[k] - 2.0 * EPSILON;
    if (0..player.own.len()).any(crossed) {
        return Ok(f64::NEG_INFINITY);
    }
    if best.cleared >= best.budget {
        return Ok(f64::NEG_INFINITY);
    }
    let cleared = clear(player.hour, bids)?;
    best.cleared += 1;
    let profit = cleared.profit_of(player.hour, bids, player.pay_as_bid, player.own);
    if cleared.mu.iter().any(|m| *m > 0.0) {
        for k in (0..player.own.len()).filter(|&k| player.own[k]) {
            let price = cleared.dlmp[k];
            // The price of a bid that is itself in part is that bid.
            let own_price = (bids.up[k] - price).abs() < 2.0 * EPSILON
                || (bids.down[k] - price).abs() < 2.0 * EPSILON;
            let known = seen
                .iter()
                .any(|(i, p)| *i == k && (p - price).abs() < EPSILON);
            if !own_price && !known && seen.len() < 64 {
                seen.push((k, price));
            }
        }
    }
    if profit > best.profit {
        best.profit = profit;
        best.bids = bids.clone();
    }
    Ok(profit)
}

/// Every combination.
fn exhaust(
    player: &Player,
    slots: &[Slot],
    best: &mut Best,
    seen: &mut Vec<(usize, f64)>,
) -> Result<(), String> {
    let mut index = vec![0_usize; slots.len()];
    let mut bids = best.bids.clone();
    for slot in slots {
        put(&mut bids, slot, slot.candidates[0]);
    }
    loop {
        attempt(player, &bids, best, seen)?;
        let Some(next) = (0..slots.len()).find(|&i| index[i] + 1 < slots[i].candidates.len())
        else {
            return Ok(());
        };
        for (i, slot) in slots.iter().enumerate().take(next) {
            index[i] = 0;
            put(&mut bids, slot, slot.candidates[0]);
        }
        index[next] += 1;
        put(&mut bids, &slots[next], slots[next].candidates[index[next]]);
    }
}

/// One bid after the other, from everyone at the same candidate and from cost.
fn climb(
    player: &Player,
    slots: &[Slot],
    best: &mut Best,
    seen: &mut Vec<(usize, f64)>,
) -> Result<(), String> {
    let widest = slots.iter().map(|s| s.candidates.len()).max().unwrap_or(0);
    let mut starts = vec![best.bids.clone()];
    for i in 0..widest {
        let mut bids = best.bids.clone();
        for slot in slots {
            put(
                &mut bids,
                slot,
                slot.candidates[i.min(slot.candidates.len() - 1)],
            );
        }
        starts.push(bids);
    }
    let mut scored = Vec::new();
    for bids in starts {
        let profit = attempt(player, &bids, best, seen)?;
        scored.push((profit, bids));
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (mut profit, mut bids) in scored.into_iter().take(2) {
        for _ in 0..4 {
            let before = profit;
            for slot in slots {
                let kept = if slot.up {
                    bids.up[slot.k]
                } else {
                    bids.down[slot.k]
                };
                let mut at = kept;
                for &price in &slot.candidates {
                    put(&mut bids, slot, price);
                    let earned = attempt(player, &bids, best, seen)?;
                    if earned > profit + 1e-9 {
                        (profit, at) = (earned, price);
                    }
                }
                put(&mut bids, slot, at);
            }
            if profit <= before + 1e-9 {
                break;
            }
        }
    }
    Ok(())
}
