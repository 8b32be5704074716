//! What a clearing says: activations, exports, flows, voltages.

use crate::opt::{Model, Var};

use super::program::{AreaFlow, Block, Program, value};
use super::system::{Kind, System};

/// Overloads below this are rounding, MW.
pub const OVERLOAD_TOLERANCE_MW: f64 = 1e-5;

/// A physical outcome over all areas.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// By bid and period, MW and Mvar.
    pub p_mw: Vec<Vec<f64>>,
    pub q_mvar: Vec<Vec<f64>>,
    /// By area and period, MW; zeros for the top area.
    pub export_mw: Vec<Vec<f64>>,
    /// By area, period and line (branches, feeder lines from → to, zone limits), MW.
    pub flow_mw: Vec<Vec<Vec<f64>>>,
    /// Apparent power of feeder lines at their more loaded end, MVA; |flow| elsewhere.
    pub loading_mva: Vec<Vec<Vec<f64>>>,
    /// By area, period and bus, p.u.; NaN where not modelled.
    pub voltage_pu: Vec<Vec<Vec<f64>>>,
    /// Largest slack of a cone, p.u.: 0 where the flow is an exact power flow.
    pub cone_gap: f64,
    /// Missing or spilled energy by area, MWh (and Mvarh).
    pub slack_mwh: Vec<f64>,
    /// What each bid's activation costs at its own prices, $.
    pub bid_costs_usd: Vec<f64>,
}

/// A line over its limit.
#[derive(Clone, Debug)]
pub struct Overload {
    pub area: usize,
    pub line: String,
    pub over_mw: f64,
}

impl Dispatch {
    pub fn new(system: &System) -> Dispatch {
        let periods = system.periods;
        let bids = system.balancing.bids.len();
        let by_line: Vec<Vec<Vec<f64>>> = system
            .areas
            .iter()
            .map(|area| vec![vec![0.0; area.lines().len()]; periods])
            .collect();
        Dispatch {
            p_mw: vec![vec![0.0; periods]; bids],
            q_mvar: vec![vec![0.0; periods]; bids],
            export_mw: vec![vec![0.0; periods]; system.areas.len()],
            flow_mw: by_line.clone(),
            loading_mva: by_line,
            voltage_pu: system
                .areas
                .iter()
                .map(|area| vec![vec![f64::NAN; area.buses.len()]; periods])
                .collect(),
            cone_gap: 0.0,
            slack_mwh: vec![0.0; system.areas.len()],
            bid_costs_usd: vec![0.0; bids],
        }
    }

    /// Takes in every area that a solved program holds.
    pub fn read(&mut self, system: &System, program: &Program, x: &[f64]) {
        for block in program.blocks.iter().flatten() {
            self.read_block(system, &program.model, block, x);
        }
        for (area, exports) in program.curved.iter().enumerate() {
            for (t, var) in exports.iter().flatten().enumerate() {
                self.export_mw[area][t] = x[var.0];
            }
        }
    }

    fn read_block(&mut self, system: &System, model: &Model, block: &Block, x: &[f64]) {
        let a = block.area;
        for (b, vars) in &block.bids {
            let bid = &system.balancing.bids[*b];
            self.p_mw[*b].fill(0.0);
            self.q_mvar[*b].fill(0.0);
            self.bid_costs_usd[*b] = 0.0;
            for (offer, (p, q)) in bid.offers.iter().zip(vars.p.iter().zip(&vars.q)) {
                self.p_mw[*b][offer.period - 1] += value(p, x);
                self.q_mvar[*b][offer.period - 1] += q.map_or(0.0, |q| x[q.0]);
            }
            for (offer, segment, terms) in &vars.segments {
                let price = bid.offers[*offer].segments[*segment].usd_per_mwh;
                self.bid_costs_usd[*b] += price * value(terms, x) * system.hours;
            }
        }
        for (t, var) in block.export.iter().enumerate() {
            self.export_mw[a][t] = x[var.0];
        }
        let slacks = block.slack_p.iter().chain(&block.slack_q).flatten();
        let slack: f64 = slacks.map(|(up, down)| x[up.0] + x[down.0]).sum();
        self.slack_mwh[a] = slack * system.hours;
        for (t, flow) in block.flow.iter().enumerate() {
            self.read_flow(system, model, a, t, flow, x);
        }
    }

    fn read_flow(
        &mut self,
        system: &System,
        model: &Model,
        a: usize,
        t: usize,
        flow: &AreaFlow,
        x: &[f64],
    ) {
        let at = |v: Option<Var>| v.map_or(0.0, |v| x[v.0]);
        match (flow, &system.areas[a].kind) {
            (AreaFlow::Dc(flow), _) => {
                self.flow_mw[a][t] = flow.flow.iter().map(|v| x[v.0]).collect();
                self.loading_mva[a][t] = flow.flow.iter().map(|v| x[v.0].abs()).collect();
            }
            (AreaFlow::Zone { limits, .. }, Kind::Zone { zone }) => {
                for (k, (limit, &row)) in zone.limits.iter().zip(limits).enumerate() {
                    // The row holds what the choices add.
                    let fixed = system.areas[a].fixed_p_mw[t].iter();
                    let buses = fixed.zip(&system.areas[a].buses);
                    let given: f64 = buses.map(|(p, bus)| limit.factor(bus) * p).sum();
                    let flow = model.row_value(row, x) + given + limit.flow_mw;
                    self.flow_mw[a][t][k] = flow;
                    self.loading_mva[a][t][k] = flow.abs();
                }
            }
            (AreaFlow::Feeder(flow), Kind::Feeder { feeder, tree }) => {
                for j in 0..feeder.buses.len() {
                    self.voltage_pu[a][t][j] = flow.voltage_pu(feeder, tree, x, j);
                    let Some(above) = tree.above[j] else { continue };
                    let (p, q, l) = (at(flow.p[j]), at(flow.q[j]), flow.l_pu(x, j));
                    let (far_p, far_q) = (p - above.r_pu * l, q - above.x_pu * l);
                    self.flow_mw[a][t][above.line] = if above.sign > 0.0 { p } else { -far_p };
                    self.loading_mva[a][t][above.line] =
                        libm::hypot(p, q).max(libm::hypot(far_p, far_q));
                    let gap = flow.cone_gap(feeder, tree, x, j);
                    self.cone_gap = self.cone_gap.max(gap);
                }
                if flow.w.iter().all(Option::is_none) {
                    self.voltage_pu[a][t].fill(f64::NAN);
                }
            }
            _ => {}
        }
    }

    /// Every line that carries more than it may, boundaries included.
    pub fn overloads(&self, system: &System) -> Vec<Overload> {
        let mut found = Vec::new();
        for (a, area) in system.areas.iter().enumerate() {
            for t in 0..system.periods {
                let mut add = |line: &str, over_mw: f64| {
                    if over_mw > OVERLOAD_TOLERANCE_MW {
                        found.push(Overload {
                            area: a,
                            line: line.to_string(),
                            over_mw,
                        });
                    }
                };
                for (k, line) in area.lines().into_iter().enumerate() {
                    let (flow, loading) = (self.flow_mw[a][t][k], self.loading_mva[a][t][k]);
                    let [most, low, high] = line.limits;
                    let over = (loading - most.unwrap_or(f64::INFINITY))
                        .max(flow - high.unwrap_or(f64::INFINITY))
                        .max(low.unwrap_or(f64::NEG_INFINITY) - flow);
                    // Of a feeder's limit 1e-5 relative is the solver's, not the line's.
                    let rounding = match area.kind {
                        Kind::Feeder { .. } => 1e-5 * (1.0 + most.unwrap_or(0.0)),
                        _ => 0.0,
                    };
                    if over > rounding {
                        add(line.id, over);
                    }
                }
                if let Some(limit) = area.max_export_mw {
                    add(&area.boundary, self.export_mw[a][t].abs() - limit);
                }
            }
        }
        found
    }

    /// All overloads, MWh.
    pub fn overload_mwh(&self, system: &System) -> f64 {
        let overloads = self.overloads(system);
        overloads.iter().fold(0.0, |sum, o| sum + o.over_mw) * system.hours
    }

    /// What is injected at every bus of an area in period `t`, exports from below included, slack
    /// apart: MW and Mvar.
    pub fn injections(&self, system: &System, a: usize, t: usize) -> (Vec<f64>, Vec<f64>) {
        let area = &system.areas[a];
        let mut p = area.fixed_p_mw[t].clone();
        let mut q = area.fixed_q_mvar[t].clone();
        for &(b, i) in &area.bids {
            p[i] += self.p_mw[b][t];
            q[i] += self.q_mvar[b][t];
        }
        for &below in &area.below {
            let bus = system.areas[below].above.map_or(0, |(_, bus)| bus);
            p[bus] += self.export_mw[below][t];
        }
        (p, q)
    }

    /// What the bids of one area cost at their own prices, and its slack at the price cap, $.
    pub fn area_cost_usd(&self, system: &System, a: usize) -> f64 {
        let bids = system.areas[a]
            .bids
            .iter()
            .map(|&(b, _)| self.bid_costs_usd[b]);
        bids.sum::<f64>() + system.balancing.price_cap_usd_per_mwh * self.slack_mwh[a]
    }

    /// What the activated bids cost at their own prices, $.
    pub fn bid_cost_usd(&self) -> f64 {
        self.bid_costs_usd.iter().sum()
    }

    /// Bid costs and slack at the price cap, $.
    pub fn cost_usd(&self, system: &System) -> f64 {
        let cap = system.balancing.price_cap_usd_per_mwh;
        self.bid_cost_usd() + cap * self.slack_mwh.iter().sum::<f64>()
    }
}
