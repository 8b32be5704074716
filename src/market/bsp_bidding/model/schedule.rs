//! The schedule of storage that earns its owner most, with bids that go with it hour by hour.
//!
//! An owner with storage chooses an amount for each storage and period beside its bids; profit π_t in period
//! t is the best answer of [`strategy`]. What joins the periods is what is stored. At values ν of stored
//! energy the periods separate:
//!
//! ```text
//! π*  ≤  Σ_t max [ π_t + Σ_s ν_st (η_c w_st − u_st / η_d) ] h  +  Σ_s max_e Σ_t ν_st (e_{s,t−1} − e_st)
//! ```
//!
//! for any ν (Lagrange), and each maximum is the same best answer with a storage that costs κ + ν / η_d to discharge
//! and is worth η_c ν when charged. Column generation looks for the ν with the least bound: a linear
//! program over the answers seen so far, a mixture of them in every period, gives the next ν.
//! Where it mixes two answers in a period neither may fit what is stored, so that the schedule is then
//! searched for: the mixture's amounts, and moves of energy between two periods while they gain.
//! What it earns is a real result of the market, and the bound says how much more any other could.
//!
//! Section `[bsp]`(4.8) of the model notes.

use crate::market::Failure;
use crate::opt::{DualFace, Model, Var, conic, simplex};

use super::super::params::BspBidding;
use super::clear::Bids;
use super::joint::{self, Amounts, Joint, states};
use super::strategy;
use super::system::{Hour, System};

/// What was found, and what is proven of it.
#[derive(Clone, Debug)]
pub struct Best {
    /// By period, of all storages.
    pub schedule: Vec<Amounts>,
    /// Of the owner, and what no schedule and bids exceed, $.
    pub profit: f64,
    pub bound: f64,
    pub rounds: usize,
}

/// Rounds of prices at most.
const ROUNDS: usize = 60;

/// Gap at which nothing more is looked for, relative to 1 $ and the profit.
const NEAR: f64 = 1e-6;

/// What pairs that count as met may do to a profit, relative to 1 $ and the profit.
const ROUNDED: f64 = 1e-5;

/// Moves of energy at most.
const MOVES: usize = 8;

/// Amounts, shares and gains below this are nothing.
const ROUNDING: f64 = 1e-9;

/// An answer of a period: amounts of all storages and what the owner earns, $ per hour.
#[derive(Clone, Debug)]
struct Column {
    amounts: Amounts,
    profit: f64,
}

/// A mixture of answers.
#[derive(Default)]
struct Mixture {
    /// $ per hour of all periods.
    profit: f64,
    /// ν by storage and period.
    value: Vec<Vec<f64>>,
    /// By period.
    amounts: Vec<Amounts>,
    /// Answers of the periods in which there is more than one.
    parts: Vec<(usize, Amounts)>,
}

struct Search<'a> {
    system: &'a System,
    params: &'a BspBidding,
    own: &'a [bool],
    /// Whether each storage is an own one.
    mine: &'a [bool],
    /// Periods with the others' storages fixed.
    hours: Vec<Hour>,
    /// By period.
    columns: Vec<Vec<Column>>,
}

/// The best schedule of the storages of the owner marked, among others at cost whose storages do what they do
/// on that day.
///
/// # Errors
/// A sentence when a program fails.
pub fn best(
    system: &System,
    params: &BspBidding,
    own: &[bool],
    joint: &Joint,
) -> Result<Best, Failure> {
    let mut search = Search {
        system,
        params,
        own,
        mine: &own[system.hours[0].first_storage()..],
        hours: system.hours.clone(),
        columns: Vec::new(),
    };
    let mut at_cost = Vec::new();
    for (t, hour) in search.hours.iter_mut().enumerate() {
        let amounts = joint.schedule[t].clone();
        for (s, mine) in search.mine.iter().enumerate() {
            if !mine {
                hour.fix(s, amounts[s]);
            }
        }
        // The day at cost is a result, too.
        let profit = joint.cleared[t].profit_of(hour, &Bids::default(), false, own);
        let column = Column { amounts, profit };
        at_cost.push(column.clone());
        search.columns.push(vec![column]);
    }
    let (bound, rounds, mixture) = search.bound(joint.value.clone())?;
    let found = search.found(mixture, at_cost, bound)?;
    let profit = total(&found) * system.hours_per_period;
    let mut schedule = Vec::new();
    for column in found {
        schedule.push(column.amounts);
    }
    Ok(Best {
        schedule,
        profit,
        // Below the profit by rounding alone it is the profit; further below it would be none.
        bound: match profit - bound < ROUNDED * (1.0 + profit.abs()) {
            true => bound.max(profit),
            false => f64::INFINITY,
        },
        rounds,
    })
}

/// $ per hour of all periods.
fn total(columns: &[Column]) -> f64 {
    let mut sum = 0.0;
    for column in columns {
        sum += column.profit;
    }
    sum
}

impl Search<'_> {
    /// The least bound found, $, the rounds it took, and the last mixture.
    fn bound(&mut self, mut centre: Vec<Vec<f64>>) -> Result<(f64, usize, Mixture), Failure> {
        let mut least = self.priced(&centre)?;
        let mut round = 2;
        loop {
            let mixture = self.mixture()?;
            let mixed = mixture.profit * self.system.hours_per_period;
            if least - mixed <= NEAR * (1.0 + mixed.abs()) || round == ROUNDS {
                return Ok((least, round, mixture));
            }
            // Half way to the new values: they swing far at first.
            for share in [0.5, 1.0] {
                let mut value = centre.clone();
                for (values, new) in value.iter_mut().zip(&mixture.value) {
                    for (value, new) in values.iter_mut().zip(new) {
                        *value += share * (new - *value);
                    }
                }
                let bound = self.priced(&value)?;
                if bound < least {
                    (least, centre) = (bound, value);
                    break;
                }
            }
            round += 1;
        }
    }

    /// The bound at values of stored energy, $; its answers join the columns.
    fn priced(&mut self, value: &[Vec<f64>]) -> Result<f64, Failure> {
        let (mut sum, h) = (0.0, self.system.hours_per_period);
        let last = self.hours.len() - 1;
        for t in 0..=last {
            let mut hour = self.hours[t].clone();
            for (s, own) in self.system.storage.iter().enumerate() {
                if !self.mine[s] {
                    continue;
                }
                let k = hour.first_storage() + s;
                hour.up_cost[k] -= own.stored_mw(value[s][t], 0.0);
                hour.down_value[k] += own.stored_mw(0.0, value[s][t]);
                // What the storage holds after the period.
                let low = if t < last { 0.0 } else { own.final_mwh() };
                let next = if t < last { value[s][t + 1] } else { 0.0 };
                let gain = next - value[s][t];
                sum += (gain * low).max(gain * own.energy_mwh);
                if t == 0 {
                    sum += value[s][0] * own.initial_mwh;
                }
            }
            let (column, bound) = self.answered(t, &hour)?;
            sum += h * bound;
            self.columns[t].push(column);
        }
        Ok(sum)
    }

    /// The best answer in a period as `hour` has it, at true costs, and its bound, $ per hour.
    fn answered(&self, t: usize, hour: &Hour) -> Result<(Column, f64), Failure> {
        let (params, own) = (self.params, self.own);
        let bids = Bids::truthful(hour);
        let answer = strategy::answer(hour, &bids, own, params, params.method)?;
        let cleared = &answer.cleared;
        let profit = cleared.profit_of(&self.hours[t], &answer.bids, false, own);
        let column = Column {
            amounts: joint::amounts(hour, cleared),
            // Where there is no answer nothing is earned.
            profit: if answer.profit > strategy::NONE {
                profit
            } else {
                strategy::NONE
            },
        };
        Ok((column, answer.bound))
    }

    /// The best answer in a period in which storages do these amounts.
    fn fixed(&self, t: usize, amounts: Amounts) -> Result<Column, Failure> {
        let mut hour = self.hours[t].clone();
        for (s, amount) in amounts.iter().enumerate() {
            hour.fix(s, *amount);
        }
        let profit = self.answered(t, &hour)?.0.profit;
        Ok(Column { amounts, profit })
    }

    /// What storage `s` adds to what it holds, MW.
    fn stored(&self, s: usize, amounts: &Amounts) -> f64 {
        self.system.storage[s].stored_mw(amounts[s].0, amounts[s].1)
    }

    /// The amounts of storage `s` that add this, and whether they are within its power.
    fn amount(&self, s: usize, stored_mw: f64) -> ((f64, f64), bool) {
        let own = &self.system.storage[s];
        let up = (-stored_mw).max(0.0) * own.discharge_efficiency;
        let down = stored_mw.max(0.0) / own.charge_efficiency;
        let within = up <= own.max_up_mw + ROUNDING && down <= own.max_down_mw + ROUNDING;
        ((up.min(own.max_up_mw), down.min(own.max_down_mw)), within)
    }

    /// A schedule near a mixture, or the one at cost, if that earns more; moves of energy while they gain
    /// and the bound, $, is not reached.
    fn found(
        &self,
        mixture: Mixture,
        at_cost: Vec<Column>,
        bound: f64,
    ) -> Result<Vec<Column>, Failure> {
        let mut found = Vec::new();
        for (t, amounts) in mixture.amounts.into_iter().enumerate() {
            found.push(self.fixed(t, amounts)?);
        }
        if total(&found) < total(&at_cost) {
            found = at_cost;
        }
        for _ in 0..MOVES {
            let earned = total(&found) * self.system.hours_per_period;
            if bound - earned <= NEAR * (1.0 + bound.abs()) {
                break;
            }
            let moved = self.moved(&found, &mixture.parts)?;
            if moved.is_empty() {
                break;
            }
            for (t, column) in moved {
                found[t] = column;
            }
        }
        Ok(found)
    }

    /// The move that gains most: in one period a storage does what one part of the mixture does there, and
    /// another period makes up for it. Empty where none gains.
    fn moved(
        &self,
        found: &[Column],
        parts: &[(usize, Amounts)],
    ) -> Result<Vec<(usize, Column)>, Failure> {
        let (mut most, mut best) = (ROUNDING, Vec::new());
        for (t, part) in parts {
            for s in 0..self.mine.len() {
                let now = &found[*t];
                let more = self.stored(s, part) - self.stored(s, &now.amounts);
                if more.abs() < ROUNDING {
                    continue;
                }
                let mut here = now.amounts.clone();
                here[s] = part[s];
                let here = self.fixed(*t, here)?;
                for other in 0..found.len() {
                    // The period itself stands for nothing made up.
                    let makes_up = if other == *t { 0.0 } else { more };
                    let rate = self.stored(s, &found[other].amounts) - makes_up;
                    let (amount, within) = self.amount(s, rate);
                    if !within || !self.fits(s, found, (*t, more), (other, makes_up)) {
                        continue;
                    }
                    let mut gain = here.profit - now.profit;
                    let mut list = vec![(*t, here.clone())];
                    if other != *t {
                        let mut there = found[other].amounts.clone();
                        there[s] = amount;
                        let there = self.fixed(other, there)?;
                        gain += there.profit - found[other].profit;
                        list.push((other, there));
                    }
                    if gain > most {
                        (most, best) = (gain, list);
                    }
                }
            }
        }
        Ok(best)
    }

    /// Whether storage `s` can hold what is left of a schedule with more in one period and less in another, MW.
    fn fits(&self, s: usize, found: &[Column], more: (usize, f64), less: (usize, f64)) -> bool {
        let own = &self.system.storage[s];
        let (mut held, mut fits) = (own.initial_mwh, true);
        for (t, column) in found.iter().enumerate() {
            let mut rate = self.stored(s, &column.amounts);
            rate += if t == more.0 { more.1 } else { 0.0 };
            rate -= if t == less.0 { less.1 } else { 0.0 };
            held += rate * self.system.hours_per_period;
            fits &= held > -ROUNDING && held < own.energy_mwh + ROUNDING;
        }
        fits && held > own.final_mwh() - ROUNDING
    }

    /// The mixture of answers that earns most.
    fn mixture(&self) -> Result<Mixture, Failure> {
        let mut model = Model::new("mixture of answers");
        let mut shares: Vec<Vec<Var>> = Vec::new();
        for columns in &self.columns {
            let (mut all, mut one) = (Vec::new(), Vec::new());
            for column in columns {
                let v = model.var("share", 0.0, f64::INFINITY, -column.profit);
                all.push(v);
                one.push((v, 1.0));
            }
            model.row("one", one, 1.0, 1.0);
            shares.push(all);
        }
        let mut rows = Vec::new();
        for s in 0..self.mine.len() {
            let mut amounts = Vec::new();
            for (columns, shares) in self.columns.iter().zip(&shares) {
                let (mut up, mut down) = (Vec::new(), Vec::new());
                for (column, v) in columns.iter().zip(shares) {
                    up.push((*v, column.amounts[s].0));
                    down.push((*v, column.amounts[s].1));
                }
                amounts.push((up, down));
            }
            // What others' storages hold is given.
            rows.push(match self.mine[s] {
                true => states(&mut model, self.system, s, amounts).1,
                false => Vec::new(),
            });
        }
        let x = simplex::solve(&model)?.x;
        // Any values give a bound: where rounding leaves a vertex none, those of the interior point will do.
        let vertex = DualFace::new(&model, &x).and_then(|face| face.duals(&[]));
        let duals = match vertex {
            Ok(duals) => duals,
            Err(_) => conic::solve(&model)?
                .duals
                .ok_or("no values of what is stored")?,
        };
        let mut mixture = Mixture {
            profit: -model.objective(&x),
            ..Mixture::default()
        };
        for rows in &rows {
            mixture.value.push(joint::values(rows, &duals.rows));
        }
        for (t, columns) in self.columns.iter().enumerate() {
            let mut used = Vec::new();
            for (column, v) in columns.iter().zip(&shares[t]) {
                if x[v.0] > ROUNDING {
                    used.push((x[v.0], &column.amounts));
                }
            }
            let mut amounts = columns[0].amounts.clone();
            for s in 0..self.mine.len() {
                if self.mine[s] {
                    let mut stored = 0.0;
                    for (share, amounts) in &used {
                        stored += share * self.stored(s, amounts);
                    }
                    amounts[s] = self.amount(s, stored).0;
                }
            }
            mixture.amounts.push(amounts);
            if used.len() > 1 {
                for (_, amounts) in used {
                    mixture.parts.push((t, amounts.clone()));
                }
            }
        }
        Ok(mixture)
    }
}
