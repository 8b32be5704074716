//! The case as arrays: indices instead of ids, flows instead of reactances.

use crate::market::Failure;
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use crate::case::{Block, Branch, Case};
use crate::market::shared::offers::{
    MemberBlock, cost_usd_per_h, merit_order, split_by_merit, up_to,
};
use crate::network::{Lossy, Network, Reference, ptdf_row_after, rho_per_mw};
use crate::opt::unit;

use super::dc_line::{DcLine, dc_lines};
use super::factors::{capacity_shares, marginal_shares};
use super::known::Known;
use super::limit::{Cut, Limit};
use super::outages::{Loss, Security};
use crate::market::rt_sced::params::{LossModel, RtSced};

/// A generator or DER.
pub struct Resource {
    pub id: String,
    pub bus: usize,
    pub min_p_mw: f64,
    pub max_p_mw: f64,
    pub offer: Vec<Block>,
    /// Names of its blocks in a program.
    pub block_names: Vec<Arc<str>>,
    pub ramp_mw_per_min: Option<f64>,
}

/// A generator or DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    Generator(usize),
    Der(usize),
}

/// An aggregator: its members as indices into [`System::ders`] and their merit order.
pub struct Group {
    pub id: String,
    pub members: Vec<usize>,
    order: Vec<MemberBlock>,
    minima_mw: Vec<f64>,
    maxima_mw: Vec<f64>,
}

/// The aggregators of a case, and that of each of its DERs.
fn groups(case: &Case, ders: &[Resource]) -> Result<(Vec<Group>, Vec<Option<usize>>), Failure> {
    let mut group_of = vec![None; ders.len()];
    let mut groups = Vec::new();
    for (a, aggregator) in case.aggregators.iter().enumerate() {
        let mut members = Vec::new();
        for id in &aggregator.ders {
            let d = ders.iter().position(|d| d.id == *id).ok_or_else(|| {
                let a = &aggregator.id;
                format!("aggregator {a} names DER `{id}`, which is not in the case")
            })?;
            group_of[d] = Some(a);
            members.push(d);
        }
        groups.push(Group {
            id: aggregator.id.clone(),
            order: merit_order(members.iter().map(|&d| ders[d].offer.as_slice())),
            minima_mw: members.iter().map(|&d| ders[d].min_p_mw).collect(),
            maxima_mw: members.iter().map(|&d| ders[d].max_p_mw).collect(),
            members,
        });
    }
    Ok((groups, group_of))
}

/// What is said of an interval that has no dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// That it has none: while it is only tried whether it has.
    Nothing,
    /// The flows where the least has given way: while the losses that these meet are looked for.
    Flows,
    /// What is in conflict.
    Why,
}

/// Outputs closer than this are the same to a dispatch, MW.
const ROUNDING_MW: f64 = 1e-10;

/// Output of everything at one moment, MW.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub generators: Vec<f64>,
    pub ders: Vec<f64>,
    pub loads: Vec<f64>,
    /// Flows of DC lines; none before the first dispatch.
    pub dc_lines: Vec<f64>,
}

impl State {
    /// Whether two states differ by rounding alone.
    pub fn is_same(&self, other: &State) -> bool {
        let parts = |s: &State| {
            [&s.generators, &s.ders, &s.loads, &s.dc_lines]
                .map(Vec::clone)
                .concat()
        };
        let (mine, theirs) = (parts(self), parts(other));
        let mut pairs = mine.iter().zip(&theirs);
        mine.len() == theirs.len() && pairs.all(|(a, b)| (a - b).abs() <= ROUNDING_MW)
    }

    /// Scales the loads so that they take exactly what is produced; a measured state balances.
    pub fn balance(&mut self) {
        let supply: f64 = self.generators.iter().chain(&self.ders).sum();
        let demand: f64 = self.loads.iter().sum();
        if demand > 0.0 {
            let scale = supply / demand;
            self.loads.iter_mut().for_each(|p| *p *= scale);
        } else {
            self.generators.fill(0.0);
            self.ders.fill(0.0);
        }
    }
}

pub struct System {
    pub network: Arc<Network>,
    pub bus_ids: Vec<String>,
    pub branch_ids: Vec<String>,
    pub generators: Vec<Resource>,
    /// Cost of running at no output, of all generators, $/h.
    no_load_usd_per_h: f64,
    pub ders: Vec<Resource>,
    pub groups: Vec<Group>,
    /// Group of each DER; `None` for a DER that bids for itself at its own bus.
    pub group_of: Vec<Option<usize>>,
    pub dc_lines: Vec<DcLine>,
    pub load_ids: Vec<String>,
    pub load_bus: Vec<usize>,
    pub load_mw: Vec<f64>,
    /// Those of the lines as they are first, then those after an outage.
    pub limits: Vec<Limit>,
    pub reference: Reference,
    /// ρ = r / base by branch, 1/MW: it loses ρ f²; `None` where losses are not asked for.
    pub rho_per_mw: Option<Vec<f64>>,
    /// The outages that are held, where they are.
    pub security: Option<Security>,
    /// What is said of an interval without a dispatch.
    pub told: Told,
    /// No run has a dispatch in its first interval, nor will have with more limits.
    pub has_no_start: bool,
    /// Flows where the least gave way last in an interval without a dispatch, MW: what is in conflict is begun there.
    pub gave_way_mw: Option<Vec<f64>>,
    /// Unit of absolute tolerances, MW: 1 for cases of ordinary size.
    unit_mw: f64,
    /// Flow that phase shifters alone drive through every branch, MW.
    shifter_flows_mw: Vec<f64>,
    /// Bases of dispatches cleared so far: what is answered does not depend on them.
    pub known: RefCell<Known>,
}

impl System {
    /// Builds the arrays of a validated case.
    ///
    /// # Errors
    /// A sentence naming what is missing, if the case was not validated or has no network solution.
    pub fn new(case: &Case, params: &RtSced) -> Result<System, Failure> {
        let network = Network::new(case).map_err(|invalid| invalid.to_string())?;
        System::on(Arc::new(network), case, params)
    }

    /// [`System::new`] on a network that is known to be that of the case.
    ///
    /// # Errors
    /// As there.
    pub fn on(network: Arc<Network>, case: &Case, params: &RtSced) -> Result<System, Failure> {
        let bus_of = |id: &str, what: &str| -> Result<usize, Failure> {
            network
                .bus_of(case, id)
                .ok_or_else(|| format!("{what} names bus `{id}`, which is not in the case").into())
        };
        let resource = |id: &str, bus: &str, (min_p_mw, max_p_mw): (f64, f64), offer: &[Block]| {
            let offer = up_to(offer, max_p_mw);
            Ok(Resource {
                id: id.into(),
                bus: bus_of(bus, id)?,
                min_p_mw,
                max_p_mw,
                block_names: (1..=offer.len())
                    .map(|k| format!("{id}_{k}").into())
                    .collect(),
                offer,
                ramp_mw_per_min: None,
            })
        };
        let generators = case.generators.iter().map(|g| {
            Ok(Resource {
                ramp_mw_per_min: g.ramp_mw_per_min,
                ..resource(&g.id, &g.bus, (g.min_p_mw, g.max_p_mw), &g.offer)?
            })
        });
        let generators = generators.collect::<Result<Vec<_>, Failure>>()?;
        let ders = case.ders.iter();
        let ders = ders.map(|d| resource(&d.id, &d.bus, (d.min_p_mw, d.max_p_mw), &d.offer));
        let ders = ders.collect::<Result<Vec<_>, Failure>>()?;
        let (groups, group_of) = groups(case, &ders)?;
        let dc_lines = dc_lines(case, bus_of)?;
        let load_bus = case.loads.iter().map(|l| bus_of(&l.bus, &l.id));
        let load_bus = load_bus.collect::<Result<Vec<_>, Failure>>()?;
        let limit = |(l, b): (usize, &Branch)| {
            Some(Limit {
                branch: l,
                id: b.id.clone(),
                max_p_mw: b.max_p_mw.filter(|_| b.in_service)?,
                outage: None,
                cut: None,
                row_names: ["min", "max"].map(|side| format!("flow_{}_{side}", b.id).into()),
                ptdf: OnceCell::new(),
            })
        };
        let limits = case.branches.iter().enumerate().filter_map(limit).collect();
        let load_mw: Vec<f64> = case.loads.iter().map(|l| l.p_mw).collect();
        let reference = if params.reference.is_empty() {
            // Without load there is no share by load; any bus serves as well.
            Reference::by_load(case, &network).unwrap_or(Reference::Bus(0))
        } else {
            Reference::Bus(bus_of(&params.reference, "the reference")?)
        };
        let largest = generators.iter().chain(&ders).map(|r| r.max_p_mw);
        let largest = largest.fold(load_mw.iter().sum::<f64>().abs(), f64::max);
        let shifter_flows_mw = network.flows_mw(&vec![0.0; case.buses.len()]);
        let units = generators.iter().map(|g| (g.bus, g.max_p_mw)).collect();
        let asked = params.losses == LossModel::Marginal;
        let rho_per_mw = asked.then(|| rho_per_mw(case));
        let security = Security::new(case, params, &network, units);
        Ok(System {
            bus_ids: case.buses.iter().map(|b| b.id.clone()).collect(),
            branch_ids: case.branches.iter().map(|b| b.id.clone()).collect(),
            generators,
            no_load_usd_per_h: case.generators.iter().map(|g| g.no_load_usd_per_h).sum(),
            ders,
            groups,
            group_of,
            dc_lines,
            load_ids: case.loads.iter().map(|l| l.id.clone()).collect(),
            load_bus,
            load_mw,
            limits,
            reference,
            rho_per_mw,
            security,
            told: Told::Why,
            has_no_start: false,
            gave_way_mw: None,
            unit_mw: unit(largest),
            shifter_flows_mw,
            network,
            known: RefCell::default(),
        })
    }

    pub fn unit(&self, unit: Unit) -> &Resource {
        match unit {
            Unit::Generator(g) => &self.generators[g],
            Unit::Der(d) => &self.ders[d],
        }
    }

    /// Some generator has a ramp limit.
    pub fn has_ramps(&self) -> bool {
        self.generators.iter().any(|g| g.ramp_mw_per_min.is_some())
    }

    /// Net injection by bus, MW: generators, DERs and ends of DC lines minus loads.
    pub fn injection_mw(&self, state: &State) -> Vec<f64> {
        let mut injection = vec![0.0; self.bus_ids.len()];
        for (g, p) in self.generators.iter().zip(&state.generators) {
            injection[g.bus] += p;
        }
        for (d, p) in self.ders.iter().zip(&state.ders) {
            injection[d.bus] += p;
        }
        for (bus, p) in self.load_bus.iter().zip(&state.loads) {
            injection[*bus] -= p;
        }
        for (line, p) in self.dc_lines.iter().zip(&state.dc_lines) {
            for (bus, share) in line.spread() {
                injection[bus] += share * p;
            }
        }
        injection
    }

    /// Flow on every branch, from → to, MW; where the loss of units is held, or units move after a loss, the output of every generator behind them.
    pub fn flows_mw(&self, state: &State) -> Vec<f64> {
        let injection = self.injection_mw(state);
        let mut flows = match &self.rho_per_mw {
            None => self.network.flows_mw(&injection),
            Some(rho) => self.lossy_flows_mw(rho, injection),
        };
        if self.has_outputs() {
            flows.extend(&state.generators);
        }
        flows
    }

    /// Flow in the middle of every branch, MW; NaN where injections do not bring what is lost.
    fn lossy_flows_mw(&self, rho_per_mw: &[f64], injection_mw: Vec<f64>) -> Vec<f64> {
        let size: f64 = injection_mw.iter().map(|p| p.abs()).sum();
        let found = Lossy::new(&self.network, rho_per_mw, &self.reference, injection_mw);
        let balanced = found.filter(|found| found.slack_mw.abs() <= 1e-6 * size.max(1.0));
        balanced.map_or_else(
            || vec![f64::NAN; self.branch_ids.len()],
            |found| found.flows_mw,
        )
    }

    /// Whether outputs stand behind flows.
    pub fn has_outputs(&self) -> bool {
        let security = self.security.as_ref();
        security.is_some_and(|s| s.has_units() || s.corrective.is_some())
    }

    /// Where what a loss takes away stands among flows.
    pub fn place_of(&self, lost: Loss) -> usize {
        match lost {
            Loss::Line(branch) => branch,
            Loss::Unit(g) => self.branch_ids.len() + g,
        }
    }

    /// Shift factors of limit `k` at every bus, for the reference of the scenario.
    pub fn ptdf(&self, k: usize) -> &[f64] {
        self.ptdf_of(&self.limits[k])
    }

    /// Shift factors of a limit, of the system or of what is looked for.
    pub fn ptdf_of<'l>(&'l self, limit: &'l Limit) -> &'l [f64] {
        limit.ptdf.get_or_init(|| {
            if let Some(cut) = &limit.cut {
                return self.ptdf_of_cut(cut);
            }
            let Some(outage) = limit.outage else {
                return self.network.ptdf_row(limit.branch, &self.reference);
            };
            let row = self.row_of(limit.branch);
            match outage.lost {
                Loss::Line(lost) => ptdf_row_after(&row, (&self.row_of(lost), outage.share)),
                Loss::Unit(_) => row.into_owned(),
            }
        })
    }

    /// Σ_m w_m (SF_m + LODF_mk SF_k).
    fn ptdf_of_cut(&self, cut: &Cut) -> Vec<f64> {
        let mut sum = vec![0.0; self.bus_ids.len()];
        for line in &cut.lines {
            let row = self.row_of(line.branch);
            let pairs = sum.iter_mut().zip(row.iter());
            pairs.for_each(|(sum, factor)| *sum += line.weight * factor);
        }
        let share: f64 = cut.lines.iter().map(|m| m.weight * m.share).sum();
        ptdf_row_after(&sum, (&self.row_of(cut.lost), share))
    }

    /// Shift factors of a branch.
    pub fn row_of(&self, branch: usize) -> Cow<'_, [f64]> {
        let lines = &self.limits[self.line_limits()];
        match lines.binary_search_by_key(&branch, |limit| limit.branch) {
            Ok(k) => Cow::Borrowed(self.ptdf(k)),
            Err(_) => Cow::Owned(self.network.ptdf_row(branch, &self.reference)),
        }
    }

    /// What limit `k` bounds of the flows on all branches: that on its own, and its share of that on the branch that is
    /// lost.
    pub fn flow_on(&self, k: usize, flows_mw: &[f64]) -> f64 {
        self.limits[k].flow_mw(flows_mw)
    }

    /// Flow that phase shifters alone drive through what limit `k` bounds, with what corrections put on it, MW.
    pub fn shifter_flow_mw(&self, k: usize) -> f64 {
        self.shifter_flow_of(&self.limits[k])
    }

    /// The same of a limit that need not be one of the system.
    pub fn shifter_flow_of(&self, limit: &Limit) -> f64 {
        limit.flow_mw(&self.shifter_flows_mw)
    }

    /// Limits of the lines as they are: the first ones.
    pub fn line_limits(&self) -> std::ops::Range<usize> {
        0..self.limits.partition_point(|limit| limit.outage.is_none())
    }

    /// The limit of the line that limit `k` bounds, as it is.
    pub fn line_of(&self, k: usize) -> usize {
        let branch = self.limits[k].branch;
        let own = self.limits.iter().position(|limit| limit.branch == branch);
        own.unwrap_or(k)
    }

    /// Id of the branch whose flow limit `k` bounds.
    pub fn branch_of(&self, k: usize) -> &str {
        &self.branch_ids[self.limits[k].branch]
    }

    /// Shares of capacity of the members of aggregator `a`.
    pub fn capacity_shares(&self, a: usize) -> Vec<f64> {
        capacity_shares(&self.groups[a].maxima_mw)
    }

    /// Factors of the next change of aggregator `a` by the merit order of its bid blocks.
    pub fn marginal_shares(&self, a: usize, ders: &[f64]) -> Vec<f64> {
        let group = &self.groups[a];
        let total = self.group_output_mw(a, ders);
        marginal_shares(&group.order, &group.minima_mw, &group.maxima_mw, total)
    }

    /// Amount by which each limit is exceeded, MW; zero where it holds but for rounding.
    pub fn overloads_mw(&self, flows_mw: &[f64]) -> Vec<f64> {
        let excess = |k: usize| {
            let limit = &self.limits[k];
            limit.loaded_mw(self.flow_on(k, flows_mw)) - limit.max_p_mw
        };
        let rounding = self.tolerance_mw(1e-9);
        let beyond_rounding = |over: f64| if over > rounding { over } else { 0.0 };
        let all = 0..self.limits.len();
        all.map(|k| beyond_rounding(excess(k))).collect()
    }

    /// A tolerance of cases of ordinary size at the size of this one, MW.
    pub fn tolerance_mw(&self, ordinary: f64) -> f64 {
        ordinary * self.unit_mw
    }

    /// Loads of one interval, MW.
    pub fn loads_mw(&self, multiplier: f64) -> Vec<f64> {
        self.load_mw.iter().map(|p| p * multiplier).collect()
    }

    /// Cost of a state, $/h: every output on its own offer, and what runs at no output.
    pub fn cost_usd_per_h(&self, state: &State) -> f64 {
        let resources = self.generators.iter().chain(&self.ders);
        let outputs = state.generators.iter().chain(&state.ders);
        let outputs_usd_per_h: f64 = resources
            .zip(outputs)
            .map(|(r, p)| cost_usd_per_h(&r.offer, *p))
            .sum();
        self.no_load_usd_per_h + outputs_usd_per_h
    }

    /// Cost of running at no output, of all generators, $/h.
    pub fn no_load_usd_per_h(&self) -> f64 {
        self.no_load_usd_per_h
    }

    /// Output of each member of aggregator `a`, MW.
    pub fn members_mw(&self, a: usize, ders: &[f64]) -> Vec<f64> {
        self.groups[a].members.iter().map(|&d| ders[d]).collect()
    }

    /// Output of aggregator `a`, MW.
    pub fn group_output_mw(&self, a: usize, ders: &[f64]) -> f64 {
        self.groups[a].members.iter().map(|&d| ders[d]).sum()
    }

    /// Writes the least-cost split of `p_mw` over the members of aggregator `a` into `ders`.
    pub fn split_group(&self, a: usize, p_mw: f64, ders: &mut [f64]) {
        let group = &self.groups[a];
        let split = split_by_merit(&group.order, &group.minima_mw, &group.maxima_mw, p_mw);
        for (&d, p) in group.members.iter().zip(split) {
            ders[d] = p;
        }
    }

    /// Largest output of aggregator `a`, MW.
    pub fn group_max_mw(&self, a: usize) -> f64 {
        self.groups[a].maxima_mw.iter().sum()
    }

    /// Least output of aggregator `a`, MW.
    pub fn group_min_mw(&self, a: usize) -> f64 {
        self.groups[a].minima_mw.iter().sum()
    }
}
