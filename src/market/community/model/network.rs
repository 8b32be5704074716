//! The feeders under the communities: what they carry, their limits, and their AC power flow.

use crate::case::{Boundary, Case, Feeder};
use crate::network::formulation::feeder::polygon;
use crate::network::{LineAbove, Radial, SweepFlow, sweep};

use super::system::System;

pub const KW_PER_MW: f64 = 1000.0;

/// Voltages beyond their band by less than this are within it, p.u.
pub const SLACK_PU: f64 = 1e-6;

/// What the parts of all feeders are called, one feeder after the other.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub buses: Vec<String>,
    /// Of the line above each bus.
    pub lines: Vec<Option<String>>,
    /// Feeders, and where each meets transmission.
    pub feeders: Vec<String>,
    pub boundaries: Vec<Option<String>>,
    /// Feeder of every member.
    pub of_member: Vec<usize>,
}

/// Buses up to which the state of every bus is kept.
const SEEN: usize = 60;

/// One feeder with communities.
pub struct Part<'a> {
    pub feeder: &'a Feeder,
    pub tree: Radial,
    boundary: Option<&'a Boundary>,
}

impl Part<'_> {
    /// Most that it exchanges with transmission in either direction, MW.
    pub fn most_mw(&self) -> f64 {
        self.boundary
            .and_then(|b| b.max_p_mw)
            .unwrap_or(f64::INFINITY)
    }
}

/// The feeders that have communities.
pub struct Network<'a> {
    pub(super) system: &'a System,
    pub feeders: Vec<Part<'a>>,
    /// Feeder and bus of every member.
    pub place: Vec<(usize, usize)>,
}

/// What the feeders went through, by interval.
#[derive(Clone, Debug, Default)]
pub struct Flows {
    /// Taken from above by all feeders, MW; NaN where the power flow does not settle.
    pub import_mw: Vec<f64>,
    /// The same by feeder.
    pub by_feeder_mw: Vec<Vec<f64>>,
    pub least_v_pu: Vec<f64>,
    pub most_v_pu: Vec<f64>,
    /// At every member's point of connection.
    pub member_v_pu: Vec<Vec<f64>>,
    /// Intervals with a voltage beyond its band there, by member and of anyone.
    pub outside: Vec<usize>,
    pub any_outside: usize,
    /// Largest apparent power as a share of its limit.
    pub loading: Vec<f64>,
    /// By bus, and of the line above each bus towards it (MW), for feeders of a size to look at.
    pub v_pu: Vec<Vec<f64>>,
    pub line_mw: Vec<Vec<f64>>,
    /// Share of its limits that this line takes; NaN where its apparent power is not limited.
    pub line_share: Vec<Vec<f64>>,
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
    /// The feeders that the communities are on; `None` where one is on no radial feeder.
    pub fn new(case: &'a Case, system: &'a System) -> Option<Network<'a>> {
        let mut feeders: Vec<Part> = Vec::new();
        let mut place = Vec::with_capacity(system.members.len());
        for member in &system.members {
            let bus = |f: &Feeder| f.buses.iter().position(|b| b.id == member.bus);
            let (feeder, bus) = case.feeders.iter().find_map(|f| Some((f, bus(f)?)))?;
            let known = feeders.iter().position(|p| p.feeder.id == feeder.id);
            place.push((known.unwrap_or(feeders.len()), bus));
            if known.is_none() {
                feeders.push(Part {
                    feeder,
                    tree: Radial::new(feeder)?,
                    boundary: case.boundaries.iter().find(|b| b.feeder == feeder.id),
                });
            }
        }
        (!place.is_empty()).then_some(Network {
            system,
            feeders,
            place,
        })
    }

    /// A name that is of one feeder among several.
    pub(super) fn named(&self, name: &str, f: usize) -> String {
        match self.feeders.len() {
            0 | 1 => name.into(),
            _ => format!("{name}[{}]", self.feeders[f].feeder.id),
        }
    }

    /// What every bus of a feeder takes in interval `t`, communities at given demands, MW and Mvar.
    pub(super) fn loads(&self, f: usize, t: usize, kw: Option<&[f64]>) -> Vec<(f64, f64)> {
        let share = self.system.background[t];
        let buses = self.feeders[f].feeder.buses.iter();
        let mut loads: Vec<(f64, f64)> = buses
            .map(|b| (share * b.p_load_mw, share * b.q_load_mvar))
            .collect();
        for (j, member) in self.system.members.iter().enumerate() {
            let (own, bus) = self.place[j];
            if own == f {
                let load = &mut loads[bus];
                load.0 += kw.map_or(0.0, |kw| kw[j]) / KW_PER_MW;
                load.1 += member.tan_phi * member.load_kw[t] / KW_PER_MW;
            }
        }
        loads
    }

    /// Powers of the lines of a feeder towards each bus by the lossless flow; at the root what the
    /// feeder takes.
    pub(super) fn lossless(&self, f: usize, t: usize, kw: Option<&[f64]>) -> Vec<(f64, f64)> {
        let tree = &self.feeders[f].tree;
        let mut below = self.loads(f, t, kw);
        for &j in tree.order.iter().rev() {
            if let Some(above) = tree.above[j] {
                let (p, q) = below[j];
                below[above.upper].0 += p;
                below[above.upper].1 += q;
            }
        }
        below
    }

    /// Whether demands break a limit of the lossless linear power flow.
    pub fn over(&self, t: usize, kw: &[f64]) -> bool {
        self.feeders.iter().enumerate().any(|(f, part)| {
            let (feeder, tree) = (part.feeder, &part.tree);
            let below = self.lossless(f, t, Some(kw));
            let mut w = vec![feeder.root_v_pu.powi(2); below.len()];
            let within = tree.order.iter().any(|&j| {
                let Some(above) = tree.above[j] else {
                    return false;
                };
                let (p, q) = below[j];
                w[j] = w[above.upper] - 2.0 * (above.r_pu * p + above.x_pu * q);
                let bus = &feeder.buses[j];
                let line = &feeder.lines[above.line];
                let outwards = above.sign * p;
                let beyond = |most: f64| polygon(most).any(|(a, b, right)| a * p + b * q > right);
                w[j] < bus.min_v_pu.powi(2)
                    || w[j] > bus.max_v_pu.powi(2)
                    || line.max_s_mva.is_some_and(beyond)
                    || line.max_p_mw.is_some_and(|most| outwards > most)
                    || line.min_p_mw.is_some_and(|least| outwards < least)
            });
            within || below[tree.root].0.abs() > part.most_mw()
        })
    }

    /// Ids of buses, of the lines above them, of feeders and boundaries, as series of the report have
    /// them.
    pub fn names(&self) -> Names {
        let mut names = Names {
            of_member: self.place.iter().map(|place| place.0).collect(),
            ..Names::default()
        };
        for part in &self.feeders {
            let feeder = part.feeder;
            let line = |above: &Option<LineAbove>| {
                let line = &feeder.lines[above.as_ref()?.line];
                Some(format!("{}/{}", feeder.id, line.id))
            };
            names
                .buses
                .extend(feeder.buses.iter().map(|b| b.id.clone()));
            names.lines.extend(part.tree.above.iter().map(line));
            names.feeders.push(feeder.id.clone());
            names.boundaries.push(part.boundary.map(|b| b.id.clone()));
        }
        names
    }

    /// Least and greatest voltage of the band at a member's point of connection, p.u.
    pub fn band_pu(&self, member: usize) -> (f64, f64) {
        let (f, bus) = self.place[member];
        let bus = &self.feeders[f].feeder.buses[bus];
        (bus.min_v_pu, bus.max_v_pu)
    }

    /// AC power flow of every feeder in interval `t`, with what inverters inject, kvar; `None` where
    /// one does not settle.
    pub fn power_flow(&self, t: usize, kw: &[f64], kvar: &[f64]) -> Option<Vec<SweepFlow>> {
        let one = |(f, part): (usize, &Part)| {
            let mut injections: Vec<(f64, f64)> = self
                .loads(f, t, Some(kw))
                .into_iter()
                .map(|(p, q)| (-p, -q))
                .collect();
            for ((own, bus), kvar) in self.place.iter().zip(kvar) {
                if *own == f {
                    injections[*bus].1 += kvar / KW_PER_MW;
                }
            }
            sweep(&part.tree, part.feeder.root_v_pu, &injections).ok()
        };
        self.feeders.iter().enumerate().map(one).collect()
    }

    /// Voltage at every member's point of connection, p.u.
    pub fn member_v_pu<'b>(&'b self, flow: &'b [SweepFlow]) -> impl Iterator<Item = f64> + 'b {
        self.place.iter().map(|&(f, bus)| flow[f].v_pu[bus])
    }

    /// AC power flow of every interval of the days, with what inverters inject where they do.
    pub fn flows(&self, q_kw: &[Vec<f64>], kvar: &[Vec<f64>]) -> Flows {
        let members = self.place.len();
        let mut flows = Flows {
            by_feeder_mw: vec![Vec::new(); self.feeders.len()],
            member_v_pu: vec![Vec::new(); members],
            outside: vec![0; members],
            ..Flows::default()
        };
        let buses: usize = self.feeders.iter().map(|p| p.feeder.buses.len()).sum();
        if buses <= SEEN {
            flows.v_pu = vec![Vec::new(); buses];
            flows.line_mw = vec![Vec::new(); buses];
            flows.line_share = vec![Vec::new(); buses];
        }
        for t in 0..self.system.intervals {
            let kw: Vec<f64> = q_kw.iter().map(|q| q[t]).collect();
            let kvar: Vec<f64> = kvar.iter().map(|q| q[t]).collect();
            match self.power_flow(t, &kw, &kvar) {
                Some(flow) => self.note(&flow, &mut flows),
                None => flows.unsettled(),
            }
        }
        flows
    }

    /// Adds what one interval's power flow says.
    fn note(&self, flow: &[SweepFlow], flows: &mut Flows) {
        let mut beyond = false;
        let (mut least, mut most, mut loading) = (f64::INFINITY, 0.0_f64, 0.0_f64);
        let (mut import_mw, mut at) = (0.0, 0);
        for ((part, flow), own) in self.feeders.iter().zip(flow).zip(&mut flows.by_feeder_mw) {
            for (j, (bus, v)) in part.feeder.buses.iter().zip(&flow.v_pu).enumerate() {
                beyond |= *v < bus.min_v_pu - SLACK_PU || *v > bus.max_v_pu + SLACK_PU;
                (least, most) = (least.min(*v), most.max(*v));
                let line = flow.lines[j];
                let above = part.tree.above[j];
                let along = above.map_or(1.0, |a| a.sign) * line.p_sent_mw;
                if let Some(list) = flows.v_pu.get_mut(at + j) {
                    list.push(*v);
                }
                if let Some(list) = flows.line_mw.get_mut(at + j) {
                    list.push(along);
                }
                let share =
                    above.and_then(|a| part.feeder.lines[a.line].share(along, line.loading_mva()));
                loading = loading.max(share.unwrap_or(0.0));
                if let Some(list) = flows.line_share.get_mut(at + j) {
                    list.push(share.unwrap_or(f64::NAN));
                }
            }
            at += flow.v_pu.len();
            for &j in &part.tree.order {
                let Some(above) = part.tree.above[j] else {
                    continue;
                };
                let line = flow.lines[j];
                let limits = &part.feeder.lines[above.line];
                let full = |most: f64| line.loading_mva() / most > 1.0 + 1e-6;
                beyond |= limits.max_s_mva.is_some_and(full);
                let outwards = above.sign * line.p_sent_mw;
                beyond |= limits.max_p_mw.is_some_and(|most| outwards > most + 1e-6)
                    || limits.min_p_mw.is_some_and(|least| outwards < least - 1e-6);
            }
            beyond |= flow.import_p_mw.abs() > part.most_mw() + 1e-6;
            own.push(flow.import_p_mw);
            import_mw += flow.import_p_mw;
            flows.loss_mwh += flow.loss_p_mw * self.system.hours;
        }
        flows.import_mw.push(import_mw);
        flows.least_v_pu.push(least);
        flows.most_v_pu.push(most);
        flows.loading.push(loading);
        flows.beyond += usize::from(beyond);
        let mut any = false;
        for (j, v) in self.member_v_pu(flow).enumerate() {
            let (low, high) = self.band_pu(j);
            let out = v < low - SLACK_PU || v > high + SLACK_PU;
            flows.outside[j] += usize::from(out);
            any |= out;
            flows.member_v_pu[j].push(v);
        }
        flows.any_outside += usize::from(any);
    }
}

impl Flows {
    /// Adds an interval whose power flow does not settle.
    fn unsettled(&mut self) {
        let own = [
            &mut self.import_mw,
            &mut self.least_v_pu,
            &mut self.most_v_pu,
            &mut self.loading,
        ];
        let lists = own.into_iter().chain(&mut self.by_feeder_mw);
        let lists = lists.chain(&mut self.member_v_pu);
        let by_bus = [&mut self.v_pu, &mut self.line_mw, &mut self.line_share];
        for list in lists.chain(by_bus.into_iter().flatten()) {
            list.push(f64::NAN);
        }
        self.outside.iter_mut().for_each(|n| *n += 1);
        self.any_outside += 1;
        self.beyond += 1;
    }
}
