//! Who moves, read from the variables of a program.

use super::held::Held;
use super::program::value;
use super::system::System;

/// Movements below this are none, MW per MW.
const LEAST: f64 = 1e-7;

/// Who moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// What a bid injects, with whether its segment gives, in place of taking.
    Bid(usize, bool),
    /// The export of an area that hands over a function.
    Function(usize),
    /// What comes from the area above to one that is cleared by itself.
    FromAbove(usize),
    /// The export of an area that is part of the program: its bids are told by themselves.
    Export(usize),
    /// Energy that is missing, or spilled, at the price cap: area, bus.
    Missing(usize, usize),
    Spilled(usize, usize),
}

/// Who moves by how much for a MW, at which price, and what that adds to the price, $/MWh; none for what is told by other
/// movers.
#[derive(Clone, Copy, Debug)]
pub struct Mover {
    pub who: Who,
    /// From 0.
    pub t: usize,
    pub by: f64,
    pub usd_per_mwh: Option<f64>,
    pub part: Option<f64>,
}

/// Who moves in a program when its variables move so, the asked period `t` first.
pub fn movers(system: &System, held: &Held, moves: &[f64], t: usize) -> Vec<Mover> {
    let mut all: Vec<Mover> = Vec::new();
    let mut add = |who: Who, t: usize, by: f64, usd_per_mwh: Option<f64>, part: Option<f64>| {
        if by.abs() > LEAST {
            all.push(Mover {
                who,
                t,
                by,
                usd_per_mwh,
                part,
            });
        }
    };
    let priced = |by: f64, price: f64| (Some(price), Some(by * price));
    let hours = system.hours;
    for block in held.program.blocks.iter().flatten() {
        for (b, vars) in &block.bids {
            let bid = &system.balancing.bids[*b];
            for (offer, segment, terms) in &vars.segments {
                let offer = &bid.offers[*offer];
                let segment = &offer.segments[*segment];
                let (gives, by) = (segment.max_p_mw > 0.0, value(terms, moves));
                let (price, part) = priced(by, segment.usd_per_mwh);
                add(Who::Bid(*b, gives), offer.period - 1, by, price, part);
            }
        }
        let cap = system.balancing.price_cap_usd_per_mwh;
        for slacks in [&block.slack_p, &block.slack_q] {
            for (t, at) in slacks.iter().enumerate() {
                for (i, (up, down)) in at.iter().enumerate() {
                    for (who, var) in [
                        (Who::Missing(block.area, i), up),
                        (Who::Spilled(block.area, i), down),
                    ] {
                        let by = moves[var.0];
                        let (price, part) = priced(by, cap);
                        add(who, t, by, price, part);
                    }
                }
            }
        }
        if block.area != held.top {
            for (t, var) in block.export.iter().enumerate() {
                add(Who::Export(block.area), t, moves[var.0], None, None);
            }
        }
    }
    let columns = held.model.vars();
    for (a, exports) in held.program.curved.iter().enumerate() {
        let costs = held.program.curve_costs[a].iter();
        let costs: Vec<f64> = costs
            .map(|of| {
                of.iter()
                    .map(|v| columns[v.0].cost * moves[v.0] / hours)
                    .sum()
            })
            .collect();
        let exports: Vec<f64> = exports.iter().flatten().map(|v| moves[v.0]).collect();
        let moving = exports.iter().filter(|by| by.abs() > LEAST).count();
        let first = exports.iter().position(|by| by.abs() > LEAST);
        for (period, &by) in exports.iter().enumerate() {
            // One cost of all periods is told with the first that moves.
            let part = match costs.len() == exports.len() {
                true => Some(costs[period]),
                false => costs.first().copied().filter(|_| first == Some(period)),
            };
            let alone = costs.len() == exports.len() || moving == 1;
            let price = part.filter(|_| alone).map(|part| part / by);
            add(Who::Function(a), period, by, price, part);
        }
    }
    for (t, exchange) in held.exchange.iter().enumerate() {
        let by = -moves[exchange.export.0];
        let earned = exchange.earns.iter();
        let part: f64 = earned.map(|v| columns[v.0].cost * moves[v.0] / hours).sum();
        add(Who::FromAbove(held.top), t, by, Some(part / by), Some(part));
    }
    crate::sort::by(&mut all, |a, b| (a.t != t).cmp(&(b.t != t)));
    all
}
