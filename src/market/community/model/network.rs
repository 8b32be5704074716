//! The feeder under the community: its limits in the clearing, and its power flow afterwards.
//!
//! ```text
//! max  Σ_j V_j(Q_j) − P^a g
//! s.t. the feeder with Q_j at the bus of j and g at its root      ↔ λ_i
//!      0 ≤ Σ_j Q_j ≤ C                                            ↔ μ
//! ```
//!
//! The price at a community is λ at its bus + μ: P^a, what limits add, and what sharing takes off.
//! The LSE keeps Σ p_j Q_j − P^a Σ Q_j. Eq. `[theisen2024]`(3.5), not in the paper.

use crate::market::Failure;
use crate::case::{Case, Feeder};
use crate::network::formulation::Injected;
use crate::network::formulation::feeder::{self, Physics, polygon};
use crate::network::{LineAbove, Radial, sweep};
use crate::opt::{self, Model, Row, Var, solve_priced};

use super::bid::Bid;
use super::clearing::{Cleared, Kind, Supply, finish};
use super::system::System;

const KW_PER_MW: f64 = 1000.0;

/// What a feeder's parts are called.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub buses: Vec<String>,
    /// Of the line above each bus.
    pub lines: Vec<Option<String>>,
    pub boundary: String,
}

/// Buses up to which the state of every bus is kept.
const SEEN: usize = 60;

/// A feeder with its communities.
pub struct Network<'a> {
    system: &'a System,
    pub feeder: &'a Feeder,
    tree: Radial,
    /// Bus of every member.
    place: Vec<usize>,
}

/// A clearing within the limits, with the price at each community, $/kWh.
#[derive(Clone, Debug)]
pub struct Within {
    pub cleared: Cleared,
    pub usd_per_kwh: Vec<f64>,
}

/// What a feeder went through, by interval.
#[derive(Clone, Debug, Default)]
pub struct Flows {
    /// Taken from above, MW; NaN where the power flow does not settle.
    pub import_mw: Vec<f64>,
    pub least_v_pu: Vec<f64>,
    pub most_v_pu: Vec<f64>,
    /// Largest apparent power as a share of its limit.
    pub loading: Vec<f64>,
    /// By bus, and of the line above each bus towards it (MW), for feeders of a size to look at.
    pub v_pu: Vec<Vec<f64>>,
    pub line_mw: Vec<Vec<f64>>,
    pub loss_mwh: f64,
    /// Intervals with a voltage or an apparent power beyond its limit.
    pub beyond: usize,
}

impl Flows {
    pub fn peak_mw(&self) -> f64 {
        self.import_mw.iter().copied().fold(f64::MIN, f64::max)
    }

    pub fn least_v_pu(&self) -> f64 {
        self.least_v_pu
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min)
    }
}

impl<'a> Network<'a> {
    /// The feeder that all communities are on; `None` where they are on several or on none.
    pub fn new(case: &'a Case, system: &'a System) -> Option<Network<'a>> {
        let first = &system.members.first()?.bus;
        let feeder = case
            .feeders
            .iter()
            .find(|f| f.buses.iter().any(|b| b.id == *first))?;
        let bus = |id: &str| feeder.buses.iter().position(|b| b.id == id);
        let place: Option<Vec<usize>> = system.members.iter().map(|m| bus(&m.bus)).collect();
        Some(Network {
            system,
            feeder,
            tree: Radial::new(feeder)?,
            place: place?,
        })
    }

    /// What every bus takes in interval `t`, communities at given demands, MW and Mvar.
    fn loads(&self, t: usize, kw: Option<&[f64]>) -> Vec<(f64, f64)> {
        let share = self.system.background[t];
        let buses = self.feeder.buses.iter();
        let mut loads: Vec<(f64, f64)> = buses
            .map(|b| (share * b.p_load_mw, share * b.q_load_mvar))
            .collect();
        for (j, member) in self.system.members.iter().enumerate() {
            let load = &mut loads[self.place[j]];
            load.0 += kw.map_or(0.0, |kw| kw[j]) / KW_PER_MW;
            load.1 += member.tan_phi * member.load_kw[t] / KW_PER_MW;
        }
        loads
    }

    /// Whether demands break a limit of the lossless linear power flow.
    pub fn over(&self, t: usize, kw: &[f64]) -> bool {
        let mut below = self.loads(t, Some(kw));
        for &j in self.tree.order.iter().rev() {
            if let Some(above) = self.tree.above[j] {
                let (p, q) = below[j];
                below[above.upper].0 += p;
                below[above.upper].1 += q;
            }
        }
        let mut w = vec![self.feeder.root_v_pu.powi(2); below.len()];
        self.tree.order.iter().any(|&j| {
            let Some(above) = self.tree.above[j] else {
                return false;
            };
            let (p, q) = below[j];
            w[j] = w[above.upper] - 2.0 * (above.r_pu * p + above.x_pu * q);
            let bus = &self.feeder.buses[j];
            let line = &self.feeder.lines[above.line];
            let outwards = above.sign * p;
            let beyond = |most: f64| polygon(most).any(|(a, b, right)| a * p + b * q > right);
            w[j] < bus.min_v_pu.powi(2)
                || w[j] > bus.max_v_pu.powi(2)
                || line.max_s_mva.is_some_and(beyond)
                || line.max_p_mw.is_some_and(|most| outwards > most)
                || line.min_p_mw.is_some_and(|least| outwards < least)
        })
    }

    /// Clears within the limits; `None` where the feeder's own loads break them.
    ///
    /// # Errors
    /// A sentence when the program cannot be solved.
    pub fn clear(
        &self,
        bids: &[Bid],
        supply: &Supply,
        t: usize,
        physics: Physics,
    ) -> Result<Option<Within>, Failure> {
        let program = self.write(bids, supply, t, physics);
        let solved = match solve_priced(&program.model) {
            Err(opt::Failure::Infeasible) => return Ok(None),
            solved => solved.map_err(|why| {
                format!("the clearing of interval {} within the feeder: {why}", t + 1)
            })?,
        };
        let Some(duals) = solved.duals else {
            return Err("the clearing within the feeder has no prices".into());
        };
        let at = |v: &Var| solved.x[v.0];
        let quantity: Vec<f64> = bids
            .iter()
            .enumerate()
            .map(|(j, bid)| {
                let steps: f64 = program.steps[j].iter().map(at).sum();
                // What is not served does not flow, what is spilled does not either.
                let kw = bid.min_kw + KW_PER_MW * steps;
                if kw.abs() < 1e-6 { 0.0 } else { kw }
            })
            .collect();
        let common = duals.rows[program.sum.0];
        let usd_per_kwh: Vec<f64> = self
            .place
            .iter()
            .map(|&i| (duals.rows[program.balance[i].0] + common) / KW_PER_MW)
            .collect();
        let lost: f64 = program.lost.iter().map(|(u, s)| at(u) - at(s)).sum();
        let total = quantity.iter().sum::<f64>() - KW_PER_MW * lost;
        let mut cleared = finish(bids, supply, quantity);
        cleared.lse_kw = total.max(0.0);
        cleared.unserved_kw = KW_PER_MW * program.lost.iter().map(|(u, _)| at(u)).sum::<f64>();
        cleared.spill_kw = KW_PER_MW * program.lost.iter().map(|(_, s)| at(s)).sum::<f64>();
        // The mean of what communities pay stands for the price.
        let weights: Vec<f64> = cleared.quantity_kw.iter().map(|q| q.abs()).collect();
        let weight: f64 = weights.iter().sum();
        if weight > 0.0 {
            let sum: f64 = usd_per_kwh.iter().zip(&weights).map(|(p, w)| p * w).sum();
            cleared.usd_per_kwh = sum / weight;
        }
        let ends = usd_per_kwh.iter().copied();
        cleared.interval = (
            ends.clone().fold(f64::INFINITY, f64::min),
            ends.fold(f64::NEG_INFINITY, f64::max),
        );
        let (low, high) = cleared.interval;
        let short = cleared.unserved_kw > 1e-6 || low > supply.lse_usd_per_kwh + 1e-9;
        if short {
            cleared.kind = Kind::Shortage;
        } else if high - low > 1e-9 {
            cleared.kind = Kind::Congested;
        }
        Ok(Some(Within {
            cleared,
            usd_per_kwh,
        }))
    }

    fn write(&self, bids: &[Bid], supply: &Supply, t: usize, physics: Physics) -> Program {
        let mut model = Model::new(format!(
            "community clearing within the feeder, interval {}",
            t + 1
        ));
        let free = f64::INFINITY;
        let pa = supply.lse_usd_per_kwh * KW_PER_MW;
        let root = model.var("import", -free, free, pa);
        let mut injected: Vec<Injected> = self
            .loads(t, None)
            .into_iter()
            .map(|(p, q)| Injected {
                p_mw: -p,
                q_mvar: -q,
                ..Injected::default()
            })
            .collect();
        injected[self.tree.root].p.push((root, 1.0));
        let (mut steps, mut lost, mut row) = (Vec::new(), Vec::new(), Vec::new());
        let mut base = 0.0;
        for (j, bid) in bids.iter().enumerate() {
            let place = &mut injected[self.place[j]];
            let name = &self.system.members[j].id;
            let own: Vec<Var> = bid
                .steps
                .iter()
                .enumerate()
                .map(|(k, s)| {
                    let cost = -s.usd_per_kwh * KW_PER_MW;
                    model.var(format!("{name}[{k}]"), 0.0, s.width_kw / KW_PER_MW, cost)
                })
                .collect();
            let cap = supply.cap_usd_per_kwh * KW_PER_MW;
            let unserved = model.var(format!("unserved[{name}]"), 0.0, free, cap);
            let floor = supply.floor_usd_per_kwh() * KW_PER_MW;
            let spill = model.var(format!("spill[{name}]"), 0.0, free, -floor);
            place.p_mw -= bid.min_kw / KW_PER_MW;
            place.p.extend(own.iter().map(|v| (*v, -1.0)));
            place.p.extend([(unserved, 1.0), (spill, -1.0)]);
            row.extend(own.iter().map(|v| (*v, -1.0)));
            row.extend([(unserved, 1.0), (spill, -1.0)]);
            base += bid.min_kw / KW_PER_MW;
            steps.push(own);
            lost.push((unserved, spill));
        }
        let flow = feeder::add(&mut model, self.feeder, &self.tree, physics, &injected, "");
        // 0 ≤ Σ Q ≤ C, with −Σ(steps) on the left.
        let lse = model.var("LSE", 0.0, supply.capacity_kw / KW_PER_MW, 0.0);
        row.push((lse, 1.0));
        let sum = model.row("communities", row, base, base);
        Program {
            model,
            steps,
            lost,
            sum,
            balance: flow.balance_p,
        }
    }

    /// Ids of buses, names of the lines above them, and the boundary, as series of the report have
    /// them.
    pub fn names(&self, case: &Case) -> Names {
        let feeder = self.feeder;
        let line = |above: &Option<LineAbove>| {
            let line = &feeder.lines[above.as_ref()?.line];
            Some(format!("{}/{}", feeder.id, line.id))
        };
        let boundary = case.boundaries.iter().find(|b| b.feeder == feeder.id);
        Names {
            buses: feeder.buses.iter().map(|b| b.id.clone()).collect(),
            lines: self.tree.above.iter().map(line).collect(),
            boundary: boundary.map_or(String::new(), |b| b.id.clone()),
        }
    }

    /// AC power flow of every interval.
    pub fn flows(&self, q_kw: &[Vec<f64>]) -> Flows {
        let mut flows = Flows::default();
        let buses = self.feeder.buses.len();
        if buses <= SEEN {
            flows.v_pu = vec![Vec::new(); buses];
            flows.line_mw = vec![Vec::new(); buses];
        }
        for t in 0..self.system.intervals {
            let kw: Vec<f64> = q_kw.iter().map(|q| q[t]).collect();
            let loads = self.loads(t, Some(&kw));
            let injections: Vec<(f64, f64)> = loads.into_iter().map(|(p, q)| (-p, -q)).collect();
            let Ok(flow) = sweep(&self.tree, self.feeder.root_v_pu, &injections) else {
                for list in [
                    &mut flows.import_mw,
                    &mut flows.least_v_pu,
                    &mut flows.most_v_pu,
                    &mut flows.loading,
                ] {
                    list.push(f64::NAN);
                }
                for list in flows.v_pu.iter_mut().chain(&mut flows.line_mw) {
                    list.push(f64::NAN);
                }
                flows.beyond += 1;
                continue;
            };
            for (list, v) in flows.v_pu.iter_mut().zip(&flow.v_pu) {
                list.push(*v);
            }
            let above = flow.lines.iter().zip(&self.tree.above);
            for (list, (line, above)) in flows.line_mw.iter_mut().zip(above) {
                let sign = above.as_ref().map_or(1.0, |a| a.sign);
                list.push(sign * line.p_sent_mw);
            }
            let mut beyond = false;
            for (bus, v) in self.feeder.buses.iter().zip(&flow.v_pu) {
                beyond |= *v < bus.min_v_pu - 1e-6 || *v > bus.max_v_pu + 1e-6;
            }
            let mut loading = 0.0_f64;
            for &j in &self.tree.order {
                let Some(above) = self.tree.above[j] else {
                    continue;
                };
                let line = flow.lines[j];
                let size = libm::hypot(line.p_sent_mw, line.q_sent_mvar);
                if let Some(most) = self.feeder.lines[above.line].max_s_mva {
                    loading = loading.max(size / most);
                }
            }
            beyond |= loading > 1.0 + 1e-6;
            flows.import_mw.push(flow.import_p_mw);
            flows
                .least_v_pu
                .push(flow.v_pu.iter().copied().fold(f64::INFINITY, f64::min));
            flows
                .most_v_pu
                .push(flow.v_pu.iter().copied().fold(0.0, f64::max));
            flows.loading.push(loading);
            flows.loss_mwh += flow.loss_p_mw * self.system.hours;
            flows.beyond += usize::from(beyond);
        }
        flows
    }
}

struct Program {
    model: Model,
    steps: Vec<Vec<Var>>,
    /// Unserved and spilled at every community.
    lost: Vec<(Var, Var)>,
    /// Σ Q = Q_LSE.
    sum: Row,
    balance: Vec<Row>,
}
