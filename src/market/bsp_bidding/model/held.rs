//! The market of a period with its bids held as they are: what is asked of it, who moves, and what a MW costs.

use crate::market::shared::step::Step;
use crate::network::distflow_rows::Of;

use super::clear::{Bids, Cleared};
use super::system::{Hour, System};

/// Prices closer than this share of 1 + them are one.
const DIGITS: f64 = 1e-6;

/// What is asked of the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Push {
    /// Load at a bus.
    Load(usize),
    /// Of the limit of the line above a bus.
    Limit(usize),
}

/// Who moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Up(usize),
    Down(usize),
    TsoUp,
    TsoDown,
    /// What exceeds a limit of the hour.
    Over(usize),
}

/// Who moves by how much for a MW, and at which price: the objective rises by their product.
#[derive(Clone, Copy, Debug)]
pub struct Mover {
    pub who: Who,
    pub by: f64,
    pub usd_per_mwh: f64,
}

/// The next MWh, or the last.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Of a MW more: what the next costs, what the last costs.
    pub usd_per_mwh: f64,
    pub movers: Vec<Mover>,
    pub proof: Option<Step>,
}

/// Both sides of a number.
#[derive(Clone, Debug)]
pub struct Sides {
    pub next: Side,
    pub last: Side,
    /// Half of what a step more and a step less differ by, where costs bend on the way.
    pub around: Option<Step>,
    /// Whether the price changes only as costs bend.
    pub smooth: bool,
}

impl Sides {
    /// Whether the next MWh costs what the last does.
    pub fn meet(&self) -> bool {
        let (next, last) = (self.next.usd_per_mwh, self.last.usd_per_mwh);
        self.smooth || (next - last).abs() <= DIGITS * (1.0 + next.abs())
    }
}

/// How much more is taken per MW: of resources upwards and downwards, from and to the TSO.
pub struct Moved {
    pub mw: [Vec<f64>; 2],
    pub tso_mw: [f64; 2],
}

/// The market of a period with its bids.
pub struct Held<'a> {
    pub system: &'a System,
    pub hour: Hour,
    pub bids: &'a Bids,
    pub cleared: &'a Cleared,
}

impl Held<'_> {
    /// What resource `k` bids and offers, and what is taken of it.
    pub fn side(&self, up: bool, k: usize) -> (f64, f64, f64) {
        let taken = self.cleared.taken_mw(up)[k];
        (self.bids.side(up)[k], self.hour.max_mw(up)[k], taken)
    }

    /// What the balance and the limits give way by for a MW.
    pub(super) fn room(&self, push: Push) -> (f64, Vec<f64>) {
        let limits = self.hour.limits.iter();
        match push {
            Push::Load(bus) => {
                let effects = limits.map(|l| l.effect(&self.system.tree, bus));
                (1.0, effects.collect())
            }
            Push::Limit(j) => {
                let line = self.system.tree.above[j].map(|above| Of::Line(above.line));
                let own = limits.map(|l| match Some(l.of) == line {
                    true => 1.0 / l.scale,
                    false => 0.0,
                });
                (0.0, own.collect())
            }
        }
    }

    /// What the market shown says a MW costs, $/MWh.
    pub fn price(&self, push: Push) -> f64 {
        let cleared = self.cleared;
        if let Some(flow) = &cleared.flow {
            return match push {
                Push::Load(bus) => flow.price[bus],
                Push::Limit(j) => -flow.shadow[j].unwrap_or(0.0),
            };
        }
        let (balance, room) = self.room(push);
        let rent = room.iter().zip(&cleared.mu).map(|(room, mu)| room * mu);
        balance * cleared.lambda - rent.sum::<f64>()
    }

    /// Who moved for a MW by more than `least`, with its bid.
    pub fn movers(&self, moved: &Moved, least: f64) -> Vec<Mover> {
        let mut movers = Vec::new();
        let mut add = |who: Who, by: f64, usd_per_mwh: f64| {
            if by.abs() > least {
                movers.push(Mover {
                    who,
                    by,
                    usd_per_mwh,
                });
            }
        };
        for k in 0..self.bids.up.len() {
            add(Who::Up(k), moved.mw[0][k], self.bids.up[k]);
            add(Who::Down(k), moved.mw[1][k], -self.bids.down[k]);
        }
        add(Who::TsoUp, moved.tso_mw[0], self.hour.tso_up);
        add(Who::TsoDown, moved.tso_mw[1], -self.hour.tso_down);
        movers
    }
}
