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
use crate::opt::{DualFace, Model, Row, Var, conic, simplex};

use super::super::params::BspBidding;
use super::clear::Bids;
use super::joint::{Amounts, Joint, states};
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

/// Amounts closer than this are one answer, MW.
const SAME_MW: f64 = 1e-7;

/// What pairs that count as met may do to a profit, relative to 1 $ and the profit.
const ROUNDED: f64 = 1e-5;

/// Moves of energy at most.
const MOVES: usize = 8;

/// Amounts, shares and gains below this are nothing.
const ROUNDING: f64 = 1e-9;

/// An answer of a period: amounts of own storages and what the owner earns, $ per hour.
#[derive(Clone, Debug)]
struct Column {
    amounts: Amounts,
    profit: f64,
}

/// A mixture of answers.
struct Mixture {
    /// $ per hour of all periods.
    profit: f64,
    /// Of own storages by period.
    amounts: Vec<Amounts>,
    /// Answers of the periods in which there is more than one.
    parts: Vec<(usize, Amounts)>,
}

struct Search<'a> {
    system: &'a System,
    params: &'a BspBidding,
    own: &'a [bool],
    /// Indices of own storages.
    mine: Vec<usize>,
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
    let first = system.hours[0].first_storage();
    let all = 0..system.storage.len();
    let (mine, others): (Vec<usize>, Vec<usize>) = all.partition(|s| own[first + s]);
    let mut hours = system.hours.clone();
    for (hour, amounts) in hours.iter_mut().zip(&joint.schedule) {
        others.iter().for_each(|&s| hour.fix(s, amounts[s]));
    }
    let mut search = Search {
        system,
        params,
        own,
        mine,
        hours,
        columns: Vec::new(),
    };
    // The day at cost is a result, too.
    for (t, cleared) in joint.cleared.iter().enumerate() {
        let amounts = search.mine.iter().map(|&s| joint.schedule[t][s]).collect();
        let profit = cleared.profit_of(&search.hours[t], &Bids::default(), false, own);
        search.columns.push(vec![Column { amounts, profit }]);
    }
    let start = search
        .mine
        .iter()
        .map(|&s| joint.value[s].clone())
        .collect();
    let (bound, rounds, mixture) = search.bound(start)?;
    let at_cost = search.columns.iter().map(|all| all[0].clone()).collect();
    let found = search.found(mixture, at_cost, bound)?;
    let profit = found.iter().map(|c| c.profit).sum::<f64>();
    let h = system.hours_per_period;
    let mut schedule = joint.schedule.clone();
    for (all, column) in schedule.iter_mut().zip(&found) {
        for (&s, amount) in search.mine.iter().zip(&column.amounts) {
            all[s] = *amount;
        }
    }
    let profit = profit * h;
    Ok(Best {
        schedule,
        profit,
        // Below the profit by rounding alone it is the profit.
        bound: match profit - bound < ROUNDED * (1.0 + profit.abs()) {
            true => bound.max(profit),
            false => bound,
        },
        rounds,
    })
}

impl Search<'_> {
    /// The least bound found, $, the rounds it took, and the last mixture.
    fn bound(&mut self, start: Vec<Vec<f64>>) -> Result<(f64, usize, Mixture), Failure> {
        let h = self.system.hours_per_period;
        let mut centre = start;
        let mut least = self.priced(&centre)?;
        for round in 2..=ROUNDS {
            let (mixture, value) = self.mixture()?;
            let mixed = mixture.profit * h;
            if least - mixed <= NEAR * (1.0 + mixed.abs()) || round == ROUNDS {
                return Ok((least, round, mixture));
            }
            // Half way to the new values: they swing far at first.
            let half =
                |a: &Vec<f64>, b: &Vec<f64>| a.iter().zip(b).map(|(a, b)| 0.5 * (a + b)).collect();
            let between: Vec<Vec<f64>> =
                centre.iter().zip(&value).map(|(a, b)| half(a, b)).collect();
            for value in [between, value] {
                let bound = self.priced(&value)?;
                if bound < least {
                    (least, centre) = (bound, value);
                    break;
                }
            }
        }
        Err("no round".into())
    }

    /// The bound at values of stored energy, $; its answers join the columns.
    fn priced(&mut self, value: &[Vec<f64>]) -> Result<f64, Failure> {
        let (mut sum, h) = (0.0, self.system.hours_per_period);
        for t in 0..self.hours.len() {
            let mut hour = self.hours[t].clone();
            for (&s, value) in self.mine.iter().zip(value) {
                let (k, own) = (hour.first_storage() + s, &self.system.storage[s]);
                hour.up_cost[k] -= own.stored_mw(value[t], 0.0);
                hour.down_value[k] += own.stored_mw(0.0, value[t]);
            }
            let (column, bound) = self.answered(t, &hour)?;
            sum += h * bound;
            self.join(t, column);
        }
        for (&s, value) in self.mine.iter().zip(value) {
            let own = &self.system.storage[s];
            sum += value[0] * own.initial_mwh;
            for t in 0..value.len() {
                let next = value.get(t + 1).copied().unwrap_or(0.0);
                let low = if t + 1 < value.len() {
                    0.0
                } else {
                    own.final_mwh()
                };
                let gain = next - value[t];
                sum += (gain * low).max(gain * own.energy_mwh);
            }
        }
        Ok(sum)
    }

    /// Adds an answer that is not known yet.
    fn join(&mut self, t: usize, column: Column) {
        let near =
            |a: &(f64, f64), b: &(f64, f64)| (a.0 - b.0).abs().max((a.1 - b.1).abs()) < SAME_MW;
        let same = |c: &Column| {
            c.amounts
                .iter()
                .zip(&column.amounts)
                .all(|(a, b)| near(a, b))
        };
        match self.columns[t].iter_mut().skip(1).find(|c| same(c)) {
            Some(known) if known.profit >= column.profit => {}
            Some(known) => *known = column,
            None => self.columns[t].push(column),
        }
    }

    /// The best answer in a period as `hour` has it, at true costs, and its bound, $ per hour.
    fn answered(&self, t: usize, hour: &Hour) -> Result<(Column, f64), Failure> {
        let (params, own) = (self.params, self.own);
        let bids = Bids::truthful(hour);
        let answer = strategy::answer(hour, &bids, own, params, params.method)?;
        let (cleared, first) = (&answer.cleared, hour.first_storage());
        let profit = match answer.profit > strategy::NONE {
            true => cleared.profit_of(&self.hours[t], &answer.bids, false, own),
            false => strategy::NONE,
        };
        let amounts = self.mine.iter().map(|&s| {
            let k = first + s;
            (cleared.up_mw[k], cleared.down_mw[k])
        });
        let amounts = amounts.collect();
        Ok((Column { amounts, profit }, answer.bound))
    }

    /// The best answer in a period in which own storages do these amounts.
    fn fixed(&self, t: usize, amounts: Amounts) -> Result<Column, Failure> {
        let mut hour = self.hours[t].clone();
        for (&s, amount) in self.mine.iter().zip(&amounts) {
            hour.fix(s, *amount);
        }
        let profit = self.answered(t, &hour)?.0.profit;
        Ok(Column { amounts, profit })
    }

    /// What amounts of own storage `i` add to what it holds, MW.
    fn stored(&self, i: usize, (up, down): (f64, f64)) -> f64 {
        self.system.storage[self.mine[i]].stored_mw(up, down)
    }

    /// The amounts that add this, and whether they are within its power.
    fn amount(&self, i: usize, stored_mw: f64) -> ((f64, f64), bool) {
        let own = &self.system.storage[self.mine[i]];
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
        let periods = mixture.amounts.into_iter().enumerate();
        let found: Result<Vec<Column>, Failure> =
            periods.map(|(t, amounts)| self.fixed(t, amounts)).collect();
        let sum = |all: &[Column]| all.iter().map(|c| c.profit).sum::<f64>();
        let mut found = found?;
        if sum(&found) < sum(&at_cost) {
            found = at_cost;
        }
        for _ in 0..MOVES {
            let earned = sum(&found) * self.system.hours_per_period;
            if bound - earned <= NEAR * (1.0 + bound.abs()) {
                break;
            }
            let Some(moved) = self.moved(&found, &mixture.parts)? else {
                break;
            };
            for (t, column) in moved {
                found[t] = column;
            }
        }
        Ok(found)
    }

    /// The move that gains most: in one period a storage does what one part of the mixture does there, and another period
    /// makes up for it.
    fn moved(
        &self,
        found: &[Column],
        parts: &[(usize, Amounts)],
    ) -> Result<Option<Vec<(usize, Column)>>, Failure> {
        let (mut most, mut best) = (ROUNDING, None);
        for (t, part) in parts {
            for i in 0..self.mine.len() {
                let now = &found[*t];
                let more = self.stored(i, part[i]) - self.stored(i, now.amounts[i]);
                if more.abs() < ROUNDING {
                    continue;
                }
                let mut here = now.amounts.clone();
                here[i] = part[i];
                let here = self.fixed(*t, here)?;
                let gain = here.profit - now.profit;
                for other in 0..found.len() {
                    let rate = |c: &Column| self.stored(i, c.amounts[i]);
                    let mut rates: Vec<f64> = found.iter().map(rate).collect();
                    rates[*t] += more;
                    // The period itself stands for nothing made up.
                    let made_up = other != *t;
                    rates[other] -= if made_up { more } else { 0.0 };
                    let (amount, within) = self.amount(i, rates[other]);
                    if !within || !self.fits(i, &rates) {
                        continue;
                    }
                    let (mut list, mut gain) = (vec![(*t, here.clone())], gain);
                    if made_up {
                        let mut there = found[other].amounts.clone();
                        there[i] = amount;
                        let there = self.fixed(other, there)?;
                        gain += there.profit - found[other].profit;
                        list.push((other, there));
                    }
                    if gain > most {
                        (most, best) = (gain, Some(list));
                    }
                }
            }
        }
        Ok(best)
    }

    /// Whether own storage `i` can hold what these rates make of it.
    fn fits(&self, i: usize, rates_mw: &[f64]) -> bool {
        let own = &self.system.storage[self.mine[i]];
        let mut held = own.initial_mwh;
        let mut fits = true;
        for rate in rates_mw {
            held += rate * self.system.hours_per_period;
            fits &= (-ROUNDING..=own.energy_mwh + ROUNDING).contains(&held);
        }
        fits && held >= own.final_mwh() - ROUNDING
    }

    /// The mixture of answers that earns most, and the values of what is stored.
    fn mixture(&self) -> Result<(Mixture, Vec<Vec<f64>>), Failure> {
        let mut model = Model::new("mixture of answers");
        let mut shares: Vec<Vec<Var>> = Vec::new();
        for (t, columns) in self.columns.iter().enumerate() {
            let share = |(j, c): (usize, &Column)| {
                model.var(format!("x{t}[{j}]"), 0.0, f64::INFINITY, -c.profit)
            };
            let all: Vec<Var> = columns.iter().enumerate().map(share).collect();
            model.row(format!("one[{t}]"), all.iter().map(|v| (*v, 1.0)), 1.0, 1.0);
            shares.push(all);
        }
        let mut rows: Vec<Vec<Row>> = Vec::new();
        for (i, &s) in self.mine.iter().enumerate() {
            let amounts = self.columns.iter().zip(&shares).map(|(columns, shares)| {
                let both = || shares.iter().zip(columns);
                let up = both().map(|(v, c)| (*v, c.amounts[i].0)).collect();
                (up, both().map(|(v, c)| (*v, c.amounts[i].1)).collect())
            });
            rows.push(states(&mut model, self.system, s, amounts).1);
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
        let of = |row: &Row| -duals.rows[row.0];
        let value = rows.iter().map(|rows| rows.iter().map(of).collect());
        let mut parts = Vec::new();
        let mut amounts = Vec::new();
        for (t, (columns, shares)) in self.columns.iter().zip(&shares).enumerate() {
            let used = || {
                shares
                    .iter()
                    .zip(columns)
                    .filter(|(v, _)| x[v.0] > ROUNDING)
            };
            if used().count() > 1 {
                parts.extend(used().map(|(_, c)| (t, c.amounts.clone())));
            }
            let mixed = (0..self.mine.len()).map(|i| {
                let all = used().map(|(v, c)| x[v.0] * self.stored(i, c.amounts[i]));
                self.amount(i, all.sum()).0
            });
            amounts.push(mixed.collect());
        }
        let mixture = Mixture {
            profit: -model.objective(&x),
            amounts,
            parts,
        };
        Ok((mixture, value.collect()))
    }
}
