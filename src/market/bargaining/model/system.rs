//! The case as the program needs it: one ISO, DSOs by index, powers of feeders per unit on the base
//! of the case.

use crate::market::Failure;
use std::collections::HashMap;

use crate::case::day::{Adjustable, Day, Deferrable, Renewable, Storage};
use crate::case::{Boundary, Case, Feeder, FeederLine, Generator};
use crate::market::shared::offers::up_to;
use crate::network::formulation::feeder::Physics;
use crate::network::{Network, Radial, Reference};

/// A part of a generator's cost: a·x² + b·x of an hour for x from 0 to `width_mw`; the parts of one
/// generator are filled in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    pub width_mw: f64,
    pub a: f64,
    pub b: f64,
}

impl Piece {
    /// Cost of x MW for an hour, $.
    pub fn cost_usd(&self, x: f64) -> f64 {
        (self.a * x + self.b) * x
    }

    /// Marginal cost at x MW, $/MWh.
    pub fn marginal_usd_per_mwh(&self, x: f64) -> f64 {
        2.0 * self.a * x + self.b
    }
}

/// A generator with convex cost.
#[derive(Clone, Debug)]
pub struct Unit {
    pub id: String,
    pub bus: usize,
    pub min_p_mw: f64,
    pub pieces: Vec<Piece>,
    /// Off in the plan of the day before.
    pub fast_start: bool,
}

impl Unit {
    pub fn max_p_mw(&self) -> f64 {
        self.pieces.iter().map(|piece| piece.width_mw).sum()
    }

    /// How far each piece is filled at `p_mw`.
    pub fn filled(&self, p_mw: f64) -> Vec<f64> {
        let mut rest = p_mw.max(0.0);
        let fill = |piece: &Piece| {
            let x = rest.min(piece.width_mw);
            rest -= x;
            x
        };
        self.pieces.iter().map(fill).collect()
    }

    /// G(p): cost of an hour, $.
    pub fn cost_usd(&self, p_mw: f64) -> f64 {
        let filled = self.filled(p_mw);
        let pieces = self.pieces.iter().zip(filled);
        pieces.map(|(piece, x)| piece.cost_usd(x)).sum()
    }
}

/// A distribution network and what is connected to it. Buses are positions in `feeder.buses`.
#[derive(Clone, Debug)]
pub struct Dso {
    /// Id of the feeder.
    pub id: String,
    pub boundary: String,
    /// Transmission bus.
    pub bus: usize,
    pub max_p_mw: Option<f64>,
    /// Limits of lines per unit on the base of the case.
    pub feeder: Feeder,
    /// Impedances per unit on the base of the case.
    pub tree: Radial,
    pub renewables: Vec<(usize, Renewable)>,
    pub adjustable: Vec<(usize, Adjustable)>,
    pub deferrable: Vec<(usize, Deferrable)>,
    pub storage: Vec<(usize, Storage)>,
}

/// A limited line: shift factor of every bus, towards bus 0.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: String,
    pub max_p_mw: f64,
    pub shift: Vec<f64>,
    /// Flow that phase shifts cause on their own, MW.
    pub base_mw: f64,
}

/// Everything the program reads.
#[derive(Clone, Debug)]
pub struct System {
    /// How feeders are modelled.
    pub physics: Physics,
    pub slots: usize,
    /// Hours of a slot.
    pub hours: f64,
    pub base_mva: f64,
    pub shortage_usd_per_mwh: f64,
    pub buses: Vec<String>,
    /// Load of each bus that nothing moves, MW.
    pub load_mw: Vec<f64>,
    pub units: Vec<Unit>,
    pub lines: Vec<Line>,
    pub network: Network,
    pub branches: Vec<String>,
    pub dsos: Vec<Dso>,
    profiles: HashMap<String, (Vec<f64>, Vec<f64>)>,
}

impl System {
    /// Reads a validated case.
    ///
    /// # Errors
    /// A case without a day or without feeders, or a feeder that is no tree.
    pub fn new(case: &Case, physics: Physics) -> Result<System, Failure> {
        let day = case.day.as_ref().ok_or(
            "the case has no day of operation: add `day` to the case, or start from a preset",
        )?;
        let network = Network::new(case).map_err(|invalid| invalid.to_string())?;
        let bus = |id: &str| {
            let found = network.bus(id);
            found.ok_or_else(|| format!("there is no bus \"{id}\""))
        };
        let mut load_mw = vec![0.0; case.buses.len()];
        for load in &case.loads {
            load_mw[bus(&load.bus)?] += load.p_mw;
        }
        let units = case
            .generators
            .iter()
            .map(|g| Ok(unit(g, day, bus(&g.bus)?)));
        let units = units.collect::<Result<_, Failure>>()?;
        let still = network.flows_mw(&vec![0.0; case.buses.len()]);
        let branches = case.branches.iter().zip(still).enumerate();
        let lines = branches.filter(|(_, (branch, _))| branch.in_service);
        let lines = lines.filter_map(|(l, (branch, base_mw))| {
            Some(Line {
                id: branch.id.clone(),
                max_p_mw: branch.max_p_mw?,
                shift: network.ptdf_row(l, &Reference::Bus(0)),
                base_mw,
            })
        });
        let lines = lines.collect();
        let dsos = case
            .boundaries
            .iter()
            .map(|at| dso(case, day, at, bus(&at.bus)?));
        let dsos = dsos.collect::<Result<Vec<_>, _>>()?;
        if dsos.is_empty() {
            return Err("the case has no feeder with a boundary, so no DSO".into());
        }
        let profiles = day.profiles.iter().map(|p| {
            let known = (p.forecast_mw.clone(), p.realised_mw.clone());
            (p.id.clone(), known)
        });
        Ok(System {
            physics,
            slots: day.periods,
            hours: day.hours(),
            base_mva: case.base_mva,
            shortage_usd_per_mwh: day.shortage_usd_per_mwh,
            buses: case.buses.iter().map(|b| b.id.clone()).collect(),
            load_mw,
            units,
            lines,
            branches: case.branches.iter().map(|b| b.id.clone()).collect(),
            dsos,
            network,
            profiles: profiles.collect(),
        })
    }

    /// What is known at slot `now` of a profile at slot `t`, MW: realised up to now, forecast after;
    /// the forecast alone on the day before.
    pub fn latest_mw(&self, profile: &str, t: usize, now: Option<usize>) -> f64 {
        let Some((forecast, realised)) = self.profiles.get(profile) else {
            return 0.0;
        };
        let values = match now.is_some_and(|now| t <= now) {
            true => realised,
            false => forecast,
        };
        values.get(t).copied().unwrap_or(0.0)
    }
}

fn unit(generator: &Generator, day: &Day, bus: usize) -> Unit {
    let own = day.cost(&generator.id);
    Unit {
        id: generator.id.clone(),
        bus,
        min_p_mw: generator.min_p_mw,
        pieces: match own {
            Some(cost) => vec![Piece {
                width_mw: generator.max_p_mw,
                a: cost.a_usd_per_mw2h,
                b: cost.b_usd_per_mwh,
            }],
            None => blocks(generator),
        },
        fast_start: own.is_some_and(|cost| cost.fast_start),
    }
}

/// The offer's blocks up to the capacity; the last price goes on.
fn blocks(generator: &Generator) -> Vec<Piece> {
    let blocks = up_to(&generator.offer, generator.max_p_mw).into_iter();
    let pieces = blocks.map(|block| Piece {
        width_mw: block.p_mw,
        a: 0.5 * block.slope(),
        b: block.usd_per_mwh,
    });
    pieces.filter(|piece| piece.width_mw > 0.0).collect()
}

fn dso(case: &Case, day: &Day, boundary: &Boundary, bus: usize) -> Result<Dso, Failure> {
    let id = &boundary.feeder;
    let feeder = case.feeders.iter().find(|f| f.id == *id);
    let feeder = feeder.ok_or_else(|| format!("there is no feeder \"{id}\""))?;
    let tree = Radial::new(feeder);
    let mut tree = tree.ok_or_else(|| format!("feeder \"{id}\" is not a tree about its root"))?;
    for line in tree.above.iter_mut().flatten() {
        line.r_pu *= case.base_mva;
        line.x_pu *= case.base_mva;
    }
    let at = |bus: &str| feeder.buses.iter().position(|own| own.id == bus);
    let per_unit = |limit: Option<f64>| limit.map(|p| p / case.base_mva);
    let lines = feeder.lines.iter().map(|line| FeederLine {
        max_s_mva: per_unit(line.max_s_mva),
        min_p_mw: per_unit(line.min_p_mw),
        max_p_mw: per_unit(line.max_p_mw),
        ..line.clone()
    });
    Ok(Dso {
        id: id.clone(),
        boundary: boundary.id.clone(),
        bus,
        max_p_mw: boundary.max_p_mw,
        renewables: placed(&day.renewables, |r| at(&r.bus)),
        adjustable: placed(&day.adjustable, |a| at(&a.bus)),
        deferrable: placed(&day.deferrable, |d| at(&d.bus)),
        storage: placed(&day.storage, |s| at(&s.bus)),
        feeder: Feeder {
            lines: lines.collect(),
            ..feeder.clone()
        },
        tree,
    })
}

fn placed<T: Clone>(list: &[T], at: impl Fn(&T) -> Option<usize>) -> Vec<(usize, T)> {
    let items = list.iter();
    items
        .filter_map(|item| Some((at(item)?, item.clone())))
        .collect()
}
