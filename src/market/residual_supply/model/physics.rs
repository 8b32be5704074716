//! What the feeders do with a dispatch: losses, voltages and flows that a market did not see.
//!
//! Lossless: nothing. LinDistFlow: P_j and Q_j are what is drawn below, w_j = w_i − 2 (r P_j +
//! x Q_j). Cone: the AC power flow of the injections, which the cone relaxes.

use crate::case::Feeder;
use crate::network::distflow_rows::state;
use crate::network::formulation::feeder::Physics;
use crate::network::{LineFlow, Radial, sweep};

use super::ac::UNTIGHT_MVA;
use super::clear::Cleared;
use super::dispatch::Dispatch;
use super::system::{Kind, System};

/// A voltage this far outside its limits is outside, p.u.
pub const OUTSIDE_PU: f64 = 1e-5;

/// Losses below this are none, MWh.
const LOST_MWH: f64 = 1e-5;

/// What the feeders do with a market's dispatch.
#[derive(Clone, Debug, Default)]
pub struct Realized {
    /// Losses that the market did not serve, MWh.
    pub losses_mwh: f64,
    /// The voltage farthest outside its limits: bus, voltage and how far outside, p.u.
    pub voltage: Option<(String, f64, f64)>,
    /// Feeders that no power flow serves.
    pub without_flow: Vec<String>,
    /// Line whose cone is not tight, and what it burns, MVA: no power flow either.
    pub untight: Option<(String, f64)>,
}

impl Realized {
    /// Nothing that the market did not see.
    pub fn clean(&self) -> bool {
        self.losses_mwh <= LOST_MWH
            && self.voltage.is_none()
            && self.without_flow.is_empty()
            && self.untight.is_none()
    }

    /// How far the worst voltage is outside its limits, p.u.
    pub fn outside_pu(&self) -> f64 {
        self.voltage
            .as_ref()
            .map_or(0.0, |(_, _, outside)| *outside)
    }
}

/// Voltages and flows of one feeder; `None` where there is no power flow.
fn flow(
    feeder: &Feeder,
    tree: &Radial,
    physics: Physics,
    injected: &[(f64, f64)],
) -> Option<(Vec<f64>, Vec<LineFlow>)> {
    if physics != Physics::BranchFlow {
        let (p, q): (Vec<f64>, Vec<f64>) = injected.iter().map(|(p, q)| (-p, -q)).unzip();
        let found = state(tree, feeder.root_v_pu, &p, &q);
        let lines = found
            .p_mw
            .iter()
            .zip(&found.q_mvar)
            .map(|(&p, &q)| LineFlow {
                p_sent_mw: p,
                q_sent_mvar: q,
                p_received_mw: p,
                q_received_mvar: q,
                l_pu: 0.0,
            });
        let v_pu = found.w_pu2.iter().map(|w| w.max(0.0).sqrt());
        return Some((v_pu.collect(), lines.collect()));
    }
    let flow = sweep(tree, feeder.root_v_pu, injected).ok()?;
    Some((flow.v_pu, flow.lines))
}

/// Runs every feeder with what a market dispatched, and writes the flows and voltages into the
/// dispatch. Nobody serves the losses.
pub fn run(system: &System, physics: Physics, dispatch: &mut Dispatch) -> Realized {
    let mut found = Realized::default();
    if physics == Physics::Lossless {
        return found;
    }
    for a in system.exporting() {
        let Kind::Feeder { feeder, tree } = &system.areas[a].kind else {
            continue;
        };
        for t in 0..system.periods {
            let (p, q) = dispatch.injections(system, a, t);
            let injected: Vec<(f64, f64)> = p.into_iter().zip(q).collect();
            let Some((v_pu, lines)) = flow(feeder, tree, physics, &injected) else {
                dispatch.voltage_pu[a][t].fill(f64::NAN);
                found.without_flow.push(feeder.id.clone());
                continue;
            };
            for &j in &tree.order {
                let Some(above) = tree.above[j] else { continue };
                let line = lines[j];
                found.losses_mwh += (line.p_sent_mw - line.p_received_mw) * system.hours;
                dispatch.loading_mva[a][t][above.line] = line.loading_mva();
                dispatch.flow_mw[a][t][above.line] = if above.sign > 0.0 {
                    line.p_sent_mw
                } else {
                    -line.p_received_mw
                };
            }
            dispatch.voltage_pu[a][t] = v_pu;
        }
    }
    found.without_flow.dedup();
    found.voltage = farthest(system, dispatch);
    found
}

/// The same for a market that saw the feeders: what its own program leaves open.
pub fn seen(system: &System, market: &Cleared) -> Realized {
    let flow = &market.power_flow;
    Realized {
        voltage: farthest(system, &market.dispatch),
        untight: (flow.excess_mva > UNTIGHT_MVA).then(|| {
            let line = flow.untight.clone().unwrap_or_default();
            (line, flow.excess_mva)
        }),
        ..Realized::default()
    }
}

/// The voltage farthest outside its limits.
fn farthest(system: &System, dispatch: &Dispatch) -> Option<(String, f64, f64)> {
    let mut worst: Option<(String, f64, f64)> = None;
    for (a, area) in system.areas.iter().enumerate() {
        let Kind::Feeder { feeder, tree } = &area.kind else {
            continue;
        };
        for period in &dispatch.voltage_pu[a] {
            for &j in &tree.order {
                let (bus, v) = (&feeder.buses[j], period[j]);
                let outside = (bus.min_v_pu - v).max(v - bus.max_v_pu);
                if outside > worst.as_ref().map_or(OUTSIDE_PU, |w| w.2) {
                    worst = Some((bus.id.clone(), v, outside));
                }
            }
        }
    }
    worst
}

/// Export by period of a feeder with losses that has neither bids nor an area below: that of its
/// AC power flow. `None` where there is a choice, no power flow, or one out of limits.
pub fn only_export(
    system: &System,
    physics: Physics,
    admitted: &[bool],
    a: usize,
) -> Option<Vec<f64>> {
    let area = &system.areas[a];
    let Kind::Feeder { feeder, tree } = &area.kind else {
        return None;
    };
    let chosen = area.bids.iter().any(|&(b, _)| admitted[b]);
    if physics != Physics::BranchFlow || chosen || !area.below.is_empty() {
        return None;
    }
    let export = |t: usize| {
        let injected = area.fixed_p_mw[t].iter().zip(&area.fixed_q_mvar[t]);
        let injected: Vec<(f64, f64)> = injected.map(|(&p, &q)| (p, q)).collect();
        let flow = sweep(tree, feeder.root_v_pu, &injected).ok()?;
        let inside = tree.order.iter().all(|&j| {
            let (bus, at) = (&feeder.buses[j], flow.lines[j]);
            let Some(above) = tree.above[j] else {
                return true;
            };
            let line = &feeder.lines[above.line];
            let along = if above.sign > 0.0 {
                at.p_sent_mw
            } else {
                -at.p_sent_mw
            };
            (bus.min_v_pu..=bus.max_v_pu).contains(&flow.v_pu[j])
                && at.loading_mva() <= line.max_s_mva.unwrap_or(f64::INFINITY)
                && along <= line.max_p_mw.unwrap_or(f64::INFINITY)
                && along >= line.min_p_mw.unwrap_or(f64::NEG_INFINITY)
        });
        let most = area.max_export_mw.unwrap_or(f64::INFINITY);
        (inside && flow.import_p_mw.abs() <= most).then_some(-flow.import_p_mw)
    };
    (0..system.periods).map(export).collect()
}
