//! The community market of one interval: merit order, its price, and the same as a linear program.
//!
//! ```text
//! max  Σ_j V_j(Q_j) − P^a Q_LSE − cap·unserved
//! s.t. Σ_j Q_j = Q_LSE + unserved − spill        ↔ p
//!      0 ≤ Q_LSE ≤ C,  spill ≥ 0,  unserved ≥ 0
//! ```
//!
//! Eq. `[theisen2024]`(3.1) d. The LSE does not buy back; what nobody takes is spilled, at no more
//! than a price of 0 and of P^a.
//!
//! Ties: steps of one price share what is left in proportion to their widths, and at P^a demand is
//! served in full. Where the price is not unique it is the middle of its interval, or its lower end
//! where nothing but the cap ends it: the cap is what energy that nobody can deliver costs, and all is
//! delivered there.

use crate::opt::{Model, Var};

use super::bid::Bid;

/// Where the energy of an interval comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Supply {
    /// P^a, the price at which the LSE sells, $/kWh.
    pub lse_usd_per_kwh: f64,
    /// C; infinite where the LSE has no limit.
    pub capacity_kw: f64,
    /// Price of a kWh that nobody can deliver.
    pub cap_usd_per_kwh: f64,
}

impl Supply {
    /// Price at which surplus is spilled, $/kWh.
    pub fn floor_usd_per_kwh(&self) -> f64 {
        self.lse_usd_per_kwh.min(0.0)
    }

    /// The same with a cap that no bid exceeds.
    fn above(&self, bids: &[Bid]) -> Supply {
        let tops = bids.iter().filter_map(|b| b.steps.first());
        let top = tops.map(|s| s.usd_per_kwh).fold(f64::MIN, f64::max);
        let cap = self.cap_usd_per_kwh.max(self.lse_usd_per_kwh);
        Supply {
            cap_usd_per_kwh: cap.max(top),
            ..*self
        }
    }
}

/// Who sets the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The LSE delivers and sets the price.
    LseMarginal,
    /// The communities serve each other, below the price of the LSE.
    Shared,
    /// The LSE delivers all it can, and the price rises above its own.
    Shortage,
    /// More is fed in than anyone takes.
    Surplus,
    /// Limits of the feeder part the communities' prices.
    Congested,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::LseMarginal => "the LSE sets the price",
            Kind::Shared => "the communities serve each other",
            Kind::Shortage => "the LSE is short",
            Kind::Surplus => "more is fed in than taken",
            Kind::Congested => "a limit of the feeder is reached",
        }
    }

    /// As a number in a series.
    pub fn code(self) -> f64 {
        match self {
            Kind::LseMarginal => 0.0,
            Kind::Shared => 1.0,
            Kind::Shortage => 2.0,
            Kind::Surplus => 3.0,
            Kind::Congested => 4.0,
        }
    }
}

/// A cleared interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Cleared {
    pub quantity_kw: Vec<f64>,
    pub lse_kw: f64,
    pub spill_kw: f64,
    pub unserved_kw: f64,
    /// The middle of `interval`, or its lower end where only the cap ends it.
    pub usd_per_kwh: f64,
    /// All optimal prices.
    pub interval: (f64, f64),
    pub kind: Kind,
}

impl Cleared {
    /// Σ V_j(Q_j) − P^a Q_LSE − cap·unserved, less what spilling costs, $/h.
    pub fn welfare_usd_per_h(&self, bids: &[Bid], supply: &Supply) -> f64 {
        let supply = supply.above(bids);
        let value: f64 = bids
            .iter()
            .zip(&self.quantity_kw)
            .map(|(bid, kw)| bid.value_usd_per_h(*kw))
            .sum();
        value - supply.lse_usd_per_kwh * self.lse_kw - supply.cap_usd_per_kwh * self.unserved_kw
            + supply.floor_usd_per_kwh() * self.spill_kw
    }
}

/// A step of one of the bids.
struct Entry {
    bid: usize,
    width_kw: f64,
    usd_per_kwh: f64,
}

/// Clears by merit order, O(n log n) in the steps.
///
/// Eq. `[theisen2024]`(3.1) d.
pub fn clear(bids: &[Bid], supply: &Supply) -> Cleared {
    finish(bids, supply, fill(bids, supply))
}

/// What each takes by merit order, kW.
pub fn fill(bids: &[Bid], supply: &Supply) -> Vec<f64> {
    let pa = supply.lse_usd_per_kwh;
    let mut quantity_kw: Vec<f64> = bids.iter().map(|b| b.min_kw).collect();
    let base: f64 = quantity_kw.iter().sum();
    let mut stack: Vec<Entry> = bids
        .iter()
        .enumerate()
        .flat_map(|(bid, own)| {
            own.steps.iter().map(move |s| Entry {
                bid,
                width_kw: s.width_kw,
                usd_per_kwh: s.usd_per_kwh,
            })
        })
        .collect();
    // Stable: equal prices stay in the order of the communities.
    crate::sort::by(&mut stack, |a, b| b.usd_per_kwh.total_cmp(&a.usd_per_kwh));
    // Demand that is served whatever the LSE can do is met by what others feed in (total up to 0), then
    // by the LSE down to its price and up to its capacity.
    let mut total = base;
    let mut k = 0;
    while k < stack.len() {
        let price = stack[k].usd_per_kwh;
        // How far the total may rise for demand at this price.
        let room = if price >= pa {
            supply.capacity_kw - total
        } else {
            -total
        };
        if room <= 0.0 || price < supply.floor_usd_per_kwh() {
            break;
        }
        let end = k + stack[k..]
            .iter()
            .take_while(|e| e.usd_per_kwh == price)
            .count();
        let width: f64 = stack[k..end].iter().map(|e| e.width_kw).sum();
        let share = (room / width).min(1.0);
        for entry in &stack[k..end] {
            quantity_kw[entry.bid] += share * entry.width_kw;
        }
        total += share * width;
        k = end;
        if share < 1.0 {
            break;
        }
    }
    quantity_kw
}

/// What follows from quantities: the LSE's part, the interval of prices, the case.
pub fn finish(bids: &[Bid], supply: &Supply, quantity_kw: Vec<f64>) -> Cleared {
    let supply = supply.above(bids);
    let pa = supply.lse_usd_per_kwh;
    let size: f64 = quantity_kw.iter().map(|q| q.abs()).sum::<f64>() + 1.0;
    let total: f64 = quantity_kw.iter().sum();
    // What rounding leaves beside 0 or beside the capacity is nothing.
    let near = |x: f64| x.abs() <= 1e-9 * size;
    let total = match total {
        total if near(total) => 0.0,
        total if near(total - supply.capacity_kw) => supply.capacity_kw,
        total => total,
    };
    let spill_kw = (-total).max(0.0);
    let lse_kw = total.clamp(0.0, supply.capacity_kw);
    let unserved_kw = (total - supply.capacity_kw).max(0.0);
    // The price is at least what could still be had is worth, at most what was taken is worth.
    let (mut low, mut high) = (supply.floor_usd_per_kwh(), f64::INFINITY);
    for (bid, kw) in bids.iter().zip(&quantity_kw) {
        let (next, last) = bid.marginal(*kw);
        low = low.max(next);
        high = high.min(last);
    }
    if lse_kw > 0.0 {
        low = low.max(pa);
    }
    if lse_kw < supply.capacity_kw {
        high = high.min(pa);
    }
    if unserved_kw > 0.0 {
        low = low.max(supply.cap_usd_per_kwh);
    }
    let bounded = high <= supply.cap_usd_per_kwh;
    high = high.min(supply.cap_usd_per_kwh);
    if spill_kw > 0.0 {
        high = high.min(supply.floor_usd_per_kwh());
        low = low.min(high);
    }
    let usd_per_kwh = match bounded || low > high {
        true => 0.5 * (low + high),
        false => low,
    };
    let kind = if spill_kw > 0.0 {
        Kind::Surplus
    } else if unserved_kw > 0.0 || usd_per_kwh > pa {
        Kind::Shortage
    } else if lse_kw > 0.0 || usd_per_kwh >= pa {
        Kind::LseMarginal
    } else {
        Kind::Shared
    };
    Cleared {
        quantity_kw,
        lse_kw,
        spill_kw,
        unserved_kw,
        usd_per_kwh,
        interval: (low, high),
        kind,
    }
}

/// The clearing as a linear program, in kW and $/kWh: one variable per step, then LSE, spill and
/// unserved.
pub struct Program {
    pub model: Model,
    /// Variable of every step, by bid.
    pub steps: Vec<Vec<Var>>,
    pub lse: Var,
    pub spill: Var,
    pub unserved: Var,
}

/// Writes the program.
///
/// Eq. `[theisen2024]`(3.1) d.
pub fn program(bids: &[Bid], supply: &Supply) -> Program {
    let supply = supply.above(bids);
    let mut model = Model::new("community clearing");
    let steps: Vec<Vec<Var>> =
        bids.iter()
            .enumerate()
            .map(|(j, bid)| {
                let vars = bid.steps.iter().enumerate().map(|(k, s)| {
                    model.var(format!("step[{j},{k}]"), 0.0, s.width_kw, -s.usd_per_kwh)
                });
                vars.collect()
            })
            .collect();
    let pa = supply.lse_usd_per_kwh;
    let lse = model.var("LSE", 0.0, supply.capacity_kw, pa);
    let free = f64::INFINITY;
    let spill = model.var("spill", 0.0, free, -supply.floor_usd_per_kwh());
    let unserved = model.var("unserved", 0.0, free, supply.cap_usd_per_kwh);
    let base: f64 = bids.iter().map(|b| b.min_kw).sum();
    let mut row: Vec<(Var, f64)> = steps.iter().flatten().map(|v| (*v, -1.0)).collect();
    row.extend([(lse, 1.0), (spill, -1.0), (unserved, 1.0)]);
    model.row("balance", row, base, base);
    Program {
        model,
        steps,
        lse,
        spill,
        unserved,
    }
}

/// The bids of several as one: what an LSE hands on to a market above it. Demand below a total of 0
/// stays within, because the LSE does not buy back.
pub fn aggregate(bids: &[Bid]) -> Bid {
    let mut steps: Vec<super::bid::Step> = bids.iter().flat_map(|b| b.steps.clone()).collect();
    crate::sort::by(&mut steps, |a, b| b.usd_per_kwh.total_cmp(&a.usd_per_kwh));
    let mut sum = Bid {
        min_kw: bids.iter().map(|b| b.min_kw).sum(),
        preferred_kw: bids.iter().map(|b| b.preferred_kw).sum::<f64>().max(0.0),
        steps: Vec::with_capacity(steps.len()),
    };
    for mut step in steps {
        if sum.min_kw < 0.0 {
            let within = step.width_kw.min(-sum.min_kw);
            sum.min_kw += within;
            step.width_kw -= within;
        }
        if step.width_kw > super::bid::NARROW_KW {
            sum.steps.push(step);
        }
    }
    sum.min_kw = sum.min_kw.max(0.0);
    sum
}
