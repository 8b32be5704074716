//! The case as a tree of areas: the transmission network on top, zones and feeders below.
//!
//! Every area has its own buses, bids and injections, and all but the top one an export to a bus of
//! the area above. The same code clears each of them.

use crate::market::Failure;
use std::collections::HashMap;

use crate::case::{Balancing, Case, Subject, SubjectKind};
use crate::network::Radial;
use crate::network::formulation::dc::DcBranch;
use crate::network::formulation::feeder::Physics;

pub use super::area::{Area, Kind, Line};
use super::scheduled_losses;

/// Bids below this are dropped, MW: no solver tells them from nothing.
pub const LEAST_BID_MW: f64 = 1e-5;

/// Buses times periods up to which the common optimum, lost opportunity costs of networks and the live
/// theorems are computed with every run.
pub const BESIDE_UP_TO: usize = 1_200;

/// The areas, the one above always before those below it.
#[derive(Clone, Debug)]
pub struct System {
    pub balancing: Balancing,
    pub areas: Vec<Area>,
    pub periods: usize,
    pub hours: f64,
    /// Area and bus of every bus id.
    pub place: HashMap<String, (usize, usize)>,
    /// Exclusive group of every bid.
    group: Vec<Option<usize>>,
}

impl System {
    /// Reads a validated case.
    ///
    /// # Errors
    /// A case without balancing data, or a feeder that is no tree.
    pub fn new(case: &Case) -> Result<System, Failure> {
        let balancing = case.balancing.clone().ok_or(
            "the case has no bids or imbalances: add `balancing` to the case, or start from a preset",
        )?;
        let mut areas = areas(case, &balancing)?;
        let mut place = HashMap::new();
        for (a, area) in areas.iter().enumerate() {
            for (i, bus) in area.buses.iter().enumerate() {
                place.insert(bus.clone(), (a, i));
            }
        }
        connect(case, &mut areas, &place)?;
        let order = order(&areas)?;
        let mut system = System {
            periods: balancing.periods,
            hours: balancing.minutes_per_period / 60.0,
            areas: Vec::new(),
            balancing,
            place: HashMap::new(),
            group: Vec::new(),
        };
        let position: HashMap<usize, usize> =
            order.iter().enumerate().map(|(k, &a)| (a, k)).collect();
        let mut areas: Vec<Option<Area>> = areas.into_iter().map(Some).collect();
        for &a in &order {
            let Some(mut area) = areas[a].take() else {
                continue;
            };
            area.above = area.above.map(|(up, bus)| (position[&up], bus));
            area.below = Vec::new();
            system.areas.push(area);
        }
        for a in 1..system.areas.len() {
            if let Some((up, _)) = system.areas[a].above {
                system.areas[up].below.push(a);
            }
        }
        for (a, area) in system.areas.iter().enumerate() {
            for (i, bus) in area.buses.iter().enumerate() {
                system.place.insert(bus.clone(), (a, i));
            }
        }
        system.fill(case);
        system.group = groups(&system.balancing);
        Ok(system)
    }

    /// Puts injections and bids at their buses.
    fn fill(&mut self, case: &Case) {
        let periods = self.periods;
        for area in &mut self.areas {
            let none = vec![vec![0.0; area.buses.len()]; periods];
            area.fixed_p_mw.clone_from(&none);
            area.fixed_q_mvar.clone_from(&none);
            area.scheduled_p_mw = none;
            area.scheduled_loss_mw = vec![0.0; periods];
        }
        let mut scheduled_q_mvar: Vec<Vec<Vec<f64>>> = self
            .areas
            .iter()
            .map(|area| area.fixed_q_mvar.clone())
            .collect();
        let mut add = |bus: &str, t: usize, p: f64, q: f64, scheduled: bool| {
            let Some(&(a, i)) = self.place.get(bus) else {
                return;
            };
            let area = &mut self.areas[a];
            area.fixed_p_mw[t][i] += p;
            area.fixed_q_mvar[t][i] += q;
            if scheduled {
                area.scheduled_p_mw[t][i] += p;
                scheduled_q_mvar[a][t][i] += q;
            }
        };
        for t in 0..periods {
            for load in &case.loads {
                add(&load.bus, t, -load.p_mw, -load.q_mvar, true);
            }
            for bus in case.feeders.iter().flat_map(|f| &f.buses) {
                add(&bus.id, t, -bus.p_load_mw, -bus.q_load_mvar, true);
            }
            for injection in &self.balancing.schedule {
                add(&injection.bus, t, injection.p(t), injection.q(t), true);
            }
            for injection in &self.balancing.imbalances {
                add(&injection.bus, t, injection.p(t), injection.q(t), false);
            }
        }
        for (b, bid) in self.balancing.bids.iter().enumerate() {
            if let Some(&(a, i)) = self.place.get(&bid.bus) {
                self.areas[a].bids.push((b, i));
            }
        }
        for t in 0..periods {
            let losses = scheduled_losses::of(&self.areas, t, &scheduled_q_mvar);
            for (area, loss) in self.areas.iter_mut().zip(losses) {
                area.scheduled_loss_mw[t] = loss;
            }
        }
    }

    /// Whether a clearing takes long, whatever the scheme.
    pub fn is_large(&self) -> bool {
        let buses: usize = self.areas.iter().map(|area| area.buses.len()).sum();
        buses * self.periods > BESIDE_UP_TO
    }

    /// The areas with an export, in the order of their numbers.
    pub fn exporting(&self) -> std::ops::Range<usize> {
        1..self.areas.len()
    }

    /// One area without its bids and injections, as a system of its own.
    pub fn alone(&self, a: usize) -> System {
        let mut area = self.areas[a].clone();
        area.below.clear();
        area.bids.clear();
        let none = vec![vec![0.0; area.buses.len()]; self.periods];
        area.fixed_p_mw.clone_from(&none);
        area.scheduled_p_mw.clone_from(&none);
        area.scheduled_loss_mw = vec![0.0; self.periods];
        // Reactive power stays modelled where it was.
        let sign = |q: &f64| if *q == 0.0 { 0.0 } else { f64::MIN_POSITIVE };
        for period in &mut area.fixed_q_mvar {
            *period = period.iter().map(sign).collect();
        }
        System {
            areas: vec![area],
            ..self.clone()
        }
    }

    /// The area of an id.
    pub fn area(&self, id: &str) -> Option<usize> {
        self.areas.iter().position(|area| area.id == id)
    }

    /// The area of a boundary or zone.
    pub fn area_of(&self, subject: &Subject) -> Option<usize> {
        let meets = matches!(subject.kind, SubjectKind::Boundary | SubjectKind::Zone);
        let mut places = self.exporting().filter(|_| meets);
        places.find(|&a| self.areas[a].boundary == subject.id)
    }

    /// What an area exports by its schedule in period `t`, MW: its own and that of the areas below it, less
    /// the losses that are scheduled.
    pub fn scheduled_export_mw(&self, a: usize, t: usize) -> f64 {
        let area = &self.areas[a];
        let own: f64 = area.scheduled_p_mw[t].iter().sum();
        let below = area.below.iter().map(|&b| self.scheduled_export_mw(b, t));
        own + below.sum::<f64>() - area.scheduled_loss_mw[t]
    }

    /// The same, losses apart.
    pub fn scheduled_power_mw(&self, a: usize, t: usize) -> f64 {
        let area = &self.areas[a];
        let own: f64 = area.scheduled_p_mw[t].iter().sum();
        let below = area.below.iter().map(|&b| self.scheduled_power_mw(b, t));
        own + below.sum::<f64>()
    }
}

impl Area {
    /// Its lines, in the order of their flows.
    pub fn lines(&self) -> Vec<Line<'_>> {
        fn line(id: &str, limits: [Option<f64>; 3]) -> Line<'_> {
            Line { id, limits }
        }
        match &self.kind {
            Kind::Dc { branches } => {
                let lines = branches.iter();
                lines
                    .map(|b| line(&b.name, [b.max_p_mw, None, None]))
                    .collect()
            }
            Kind::Zone { zone } => {
                let lines = zone.limits.iter();
                lines
                    .map(|l| line(&l.id, [Some(l.max_p_mw), None, None]))
                    .collect()
            }
            Kind::Feeder { feeder, .. } => {
                let lines = feeder.lines.iter();
                lines
                    .map(|l| line(&l.id, [l.max_s_mva, l.min_p_mw, l.max_p_mw]))
                    .collect()
            }
        }
    }

    /// Largest exchange to look at, MW: the limit of the boundary, else what lines, bids and
    /// injections can possibly carry, with the losses of that on the way where `physics` has losses.
    pub fn reach_mw(&self, system: &System, physics: Physics) -> f64 {
        if let Some(limit) = self.max_export_mw {
            return limit;
        }
        let bids = self.bids.iter().map(|&(b, _)| {
            let offers = &system.balancing.bids[b].offers;
            let size = |o: &crate::case::balancing::PeriodOffer| -> f64 {
                o.segments.iter().map(|s| s.whole_mw().abs()).sum()
            };
            offers.iter().map(size).fold(0.0, f64::max)
        });
        let fixed = |t: &Vec<f64>| t.iter().map(|p| p.abs()).sum::<f64>();
        let fixed = self.fixed_p_mw.iter().map(fixed).fold(0.0, f64::max);
        let below = self
            .below
            .iter()
            .map(|&a| system.areas[a].reach_mw(system, physics));
        let losses = match physics {
            Physics::BranchFlow => self.losses_mw(system),
            _ => 0.0,
        };
        (bids.sum::<f64>() + fixed + below.sum::<f64>() + losses).max(1e-3)
    }

    /// No more than what the lines of a feeder can lose while every bus draws or gives all it can,
    /// MW: r ℓ with ℓ = S²/V_min² for the sum S of all apparent power below a line, losses on the
    /// way included. No line delivers less than it loses: beyond that no power flow exists.
    fn losses_mw(&self, system: &System) -> f64 {
        let Kind::Feeder { feeder, tree } = &self.kind else {
            return 0.0;
        };
        let mut below_mva = vec![0.0; self.buses.len()];
        for (i, below) in below_mva.iter_mut().enumerate() {
            let given = self.fixed_p_mw.iter().zip(&self.fixed_q_mvar);
            *below = given.fold(0.0, |most: f64, (p, q)| most.max(p[i].abs() + q[i].abs()));
        }
        for &(b, i) in &self.bids {
            let bid = &system.balancing.bids[b];
            let segments = bid.offers.iter().flat_map(|o| &o.segments);
            below_mva[i] += segments.map(|s| s.whole_mw().abs()).sum::<f64>();
            below_mva[i] += bid.max_s_mva.unwrap_or(0.0);
        }
        let mut losses_mw = 0.0;
        for &j in tree.order.iter().rev() {
            let Some(above) = tree.above[j] else { continue };
            let size = libm::hypot(above.r_pu, above.x_pu);
            let least_v_pu = feeder.buses[j].min_v_pu.max(0.5);
            let lost = (size * (below_mva[j] / least_v_pu).powi(2)).min(below_mva[j]);
            losses_mw += lost;
            below_mva[above.upper] += below_mva[j] + lost;
        }
        losses_mw
    }
}

/// Top, zones, feeders; not yet connected.
fn areas(case: &Case, balancing: &Balancing) -> Result<Vec<Area>, Failure> {
    let blank = |id: &str, kind: Kind, buses: Vec<String>| Area {
        id: id.to_string(),
        boundary: id.to_string(),
        kind,
        buses,
        above: None,
        below: Vec::new(),
        max_export_mw: None,
        bids: Vec::new(),
        fixed_p_mw: Vec::new(),
        fixed_q_mvar: Vec::new(),
        scheduled_p_mw: Vec::new(),
        scheduled_loss_mw: Vec::new(),
    };
    let zoned = |bus: &str| {
        balancing
            .zones
            .iter()
            .any(|z| z.buses.iter().any(|b| b == bus))
    };
    let top: Vec<String> = case
        .buses
        .iter()
        .filter(|bus| balancing.zones.is_empty() || !zoned(&bus.id))
        .map(|bus| bus.id.clone())
        .collect();
    let index: HashMap<&str, usize> = top
        .iter()
        .enumerate()
        .map(|(i, b)| (b.as_str(), i))
        .collect();
    let branches = case
        .branches
        .iter()
        .filter(|branch| branch.in_service)
        .filter_map(|branch| {
            Some(DcBranch {
                name: branch.id.clone(),
                from: *index.get(branch.from.as_str())?,
                to: *index.get(branch.to.as_str())?,
                b_mw_per_rad: case.base_mva / (branch.x_pu * branch.tap),
                shift_rad: branch.shift_deg.to_radians(),
                max_p_mw: branch.max_p_mw,
            })
        })
        .collect();
    let mut areas = vec![blank("transmission", Kind::Dc { branches }, top)];
    for zone in &balancing.zones {
        let mut area = blank(
            &zone.id,
            Kind::Zone { zone: zone.clone() },
            zone.buses.clone(),
        );
        area.max_export_mw = zone.max_p_mw;
        areas.push(area);
    }
    for feeder in &case.feeders {
        let tree = Radial::new(feeder)
            .ok_or_else(|| format!("feeder \"{}\" is not a tree about its root", feeder.id))?;
        let buses = feeder.buses.iter().map(|bus| bus.id.clone()).collect();
        let feeder = feeder.clone();
        areas.push(blank(
            &feeder.id.clone(),
            Kind::Feeder { feeder, tree },
            buses,
        ));
    }
    Ok(areas)
}

/// Says to which bus of which area each area exports.
fn connect(
    case: &Case,
    areas: &mut [Area],
    place: &HashMap<String, (usize, usize)>,
) -> Result<(), Failure> {
    for area in areas.iter_mut().skip(1) {
        let bus = match &area.kind {
            Kind::Zone { zone } => zone.bus.clone(),
            _ => {
                let boundary = case.boundaries.iter().find(|b| b.feeder == area.id);
                let boundary =
                    boundary.ok_or_else(|| format!("feeder \"{}\" has no boundary", area.id))?;
                area.boundary.clone_from(&boundary.id);
                area.max_export_mw = boundary.max_p_mw;
                boundary.bus.clone()
            }
        };
        let at = place
            .get(&bus)
            .ok_or_else(|| format!("\"{}\" meets a bus \"{bus}\" that does not exist", area.id))?;
        area.above = Some(*at);
    }
    Ok(())
}

/// Areas ordered so that the one above comes first.
fn order(areas: &[Area]) -> Result<Vec<usize>, Failure> {
    let mut order = vec![0];
    let mut next = 0;
    while let Some(&up) = order.get(next) {
        let below = (1..areas.len()).filter(|&a| areas[a].above.is_some_and(|(u, _)| u == up));
        order.extend(below);
        next += 1;
    }
    if order.len() == areas.len() {
        Ok(order)
    } else {
        Err("the zones contain one another in a circle".into())
    }
}

impl System {
    /// Exclusive group of a bid, by index.
    pub fn group_of(&self, bid: usize) -> Option<usize> {
        self.group.get(bid).copied().flatten()
    }

    /// An exclusive group, by index, with admitted bids in several areas.
    pub fn group_apart(&self, admitted: &[bool]) -> Option<usize> {
        let mut area: Vec<Option<usize>> = vec![None; self.balancing.exclusive.len()];
        for (b, bid) in self.balancing.bids.iter().enumerate() {
            let (Some(g), Some(&(a, _))) = (self.group_of(b), self.place.get(&bid.bus)) else {
                continue;
            };
            if admitted[b] && area[g].replace(a).is_some_and(|other| other != a) {
                return Some(g);
            }
        }
        None
    }
}

fn groups(balancing: &Balancing) -> Vec<Option<usize>> {
    let index: HashMap<&str, usize> = balancing
        .bids
        .iter()
        .enumerate()
        .map(|(b, bid)| (bid.id.as_str(), b))
        .collect();
    let mut group = vec![None; balancing.bids.len()];
    for (g, exclusive) in balancing.exclusive.iter().enumerate() {
        for bid in &exclusive.bids {
            if let Some(&b) = index.get(bid.as_str()) {
                group[b] = Some(g);
            }
        }
    }
    group
}
