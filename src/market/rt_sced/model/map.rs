//! The map of one interval's dispatch over two inputs, every DER at its own bus: all critical regions of its program.
//!
//! ```text
//! LMP_i(θ) = λ(θ) + Σ_l y_l(θ) SF_li        cost(θ) = c(θ)·P(θ) + no-load        on each region
//! ```
//!
//! Where a bid rises along its block the cost is quadratic, and prices move within a region. A block of M is marginal, a limit of T is full ([`crate::opt::parametric::map`]). At a tie (a load that ends where
//! a block ends, whatever the inputs) the price is that of the next MWh of load spread as the load is.
//!
//! `Eq. [zuo2022](4)` to `(9)`; regions after Gal and Nedoma, Management Science 18 (1972) 406–422.

use std::collections::BTreeSet;

use crate::case::Case;
use crate::market::Failure;
pub use crate::opt::parametric::Linear;
use crate::opt::parametric::{
    Beyond, Cost, Cross, Edge, Family, Kind, Optimum, Region, map as regions,
};
use crate::opt::{At, Limit, Model, Row};

use super::dispatch::whole::{BALANCE, Whole, limit_of, sides};
use super::process::Process;
use super::system::{System, Unit};
use crate::market::rt_sced::params::{Method, RtSced};

/// Most regions of a map.
const MOST: usize = 2000;

/// One region of a map.
pub struct Place {
    pub corners: Vec<(f64, f64)>,
    pub centre: (f64, f64),
    /// Of the map.
    pub share: f64,
    pub held: Held,
    pub edges: Vec<Boundary>,
}

/// What holds in a region.
pub enum Held {
    Dispatch(Box<Dispatched>),
    /// The limits that leave no dispatch; empty where supply and load alone do.
    Nothing(Vec<usize>),
}

/// The dispatch of a region.
pub struct Dispatched {
    /// Marginal blocks, as columns of the program.
    blocks: BTreeSet<usize>,
    pub marginal: BTreeSet<Unit>,
    pub full: BTreeSet<usize>,
    /// $/h, with what runs at no output.
    pub cost: Cost,
    /// LMP of every bus, $/MWh.
    pub lmp: Vec<Linear>,
}

/// An edge with one neighbour.
pub struct Boundary {
    pub from: (f64, f64),
    pub to: (f64, f64),
    pub beyond: usize,
    pub changes: Vec<Change>,
}

/// One thing that changes from a region to the next.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A line becomes full.
    Full(usize),
    /// A line has room again.
    Room(usize),
    /// A unit that was marginal comes to the end of a block.
    End(Unit, End),
    /// The first is marginal in place of the second.
    InPlace(Unit, Unit),
    Marginal(Unit),
    /// A unit goes on to another of its blocks, at this price, $/MWh.
    Block(Unit, f64),
    /// There is no dispatch any more.
    Nothing,
    /// There is one again.
    Something,
    /// Another of several dispatches that cost the same.
    Equal,
}

/// Where a marginal unit comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    Maximum,
    Minimum,
    /// Of a block at this price, $/MWh: its end, or its beginning.
    Block(f64, bool),
}

/// A map of the dispatch.
pub struct DispatchMap {
    pub system: System,
    pub places: Vec<Place>,
    /// Pivots taken.
    pub pivots: usize,
}

/// The map over a box, from case and inputs at the samples of a [`Family`], for interval `t` (from 0).
///
/// # Errors
/// A sentence: a case that is no network, data that are not affine, more regions than can be told.
pub fn map(
    samples: &[(&Case, &RtSced)],
    ranges: [(f64, f64); 2],
    t: usize,
) -> Result<DispatchMap, Failure> {
    let mut models = Vec::new();
    let mut first = None;
    for (case, params) in samples {
        let params = seen_alone(case, params);
        let system = System::new(case, &params)?;
        if t > 0 && system.has_ramps() {
            let why = "with ramps the map is that of interval 1: what later intervals can do depends on the ones before";
            return Err(why.into());
        }
        let whole = Process::start(&system, &params, &[])?.whole(&system, &params, t);
        models.push(whole.model.clone());
        first.get_or_insert((system, whole));
    }
    let (system, whole) = first.ok_or("a map needs its samples")?;
    let family = Family::of(ranges, &models)?;
    let found = regions(&family, &more_load(&system, &whole.model), MOST)?;
    let held = found
        .regions
        .iter()
        .map(|region| held(&system, &whole, region));
    let held: Vec<Held> = held.collect();
    let edges: Vec<Vec<Boundary>> = found
        .regions
        .iter()
        .enumerate()
        .map(|(k, region)| boundaries(&whole, &held, k, &region.edges))
        .collect();
    let places = found.regions.into_iter().zip(held).zip(edges);
    let places = places.map(|((region, held), edges)| Place {
        corners: region.corners,
        centre: region.centre,
        share: region.share,
        held,
        edges,
    });
    Ok(DispatchMap {
        places: places.collect(),
        pivots: found.pivots,
        system,
    })
}

/// Every DER at its own bus, one interval at a time, prices about a bus that no load moves: what the program needs of
/// them is the same whatever the load.
fn seen_alone(case: &Case, params: &RtSced) -> RtSced {
    let bus = case.buses.first().map(|bus| bus.id.clone());
    RtSced {
        method: Method::Optimal,
        look_ahead_intervals: 1,
        reference: match params.reference.is_empty() {
            true => bus.unwrap_or_default(),
            false => params.reference.clone(),
        },
        ..params.clone()
    }
}

/// How limits move with more load, spread as it is.
fn more_load(system: &System, model: &Model) -> Vec<(Row, f64)> {
    let total: f64 = system.load_mw.iter().map(|p| p.abs()).sum();
    let shares: Vec<f64> = system
        .load_mw
        .iter()
        .map(|p| p.abs() / total.max(1e-9))
        .collect();
    let on_line = |k: usize| {
        let ptdf = system.ptdf(k);
        let loads = system.load_bus.iter().zip(&shares);
        loads.map(|(&bus, share)| ptdf[bus] * share).sum::<f64>()
    };
    let lines = (0..system.limits.len()).flat_map(|k| sides(k).map(|row| (row, on_line(k))));
    let all = std::iter::once((BALANCE, 1.0)).chain(lines);
    all.filter(|(row, _)| row.0 < model.rows().len()).collect()
}

fn held(system: &System, whole: &Whole, region: &Region) -> Held {
    match &region.kind {
        Kind::Empty(rows) => {
            let limits = rows.iter().filter_map(|&row| limit_of(row));
            let limits: BTreeSet<usize> = limits.map(|(k, _)| k).collect();
            Held::Nothing(limits.into_iter().collect())
        }
        Kind::Optimal(optimum) => Held::Dispatch(Box::new(dispatched(system, whole, optimum))),
    }
}

fn dispatched(system: &System, whole: &Whole, optimum: &Optimum) -> Dispatched {
    let columns = optimum.basis.columns.iter().enumerate();
    let blocks: BTreeSet<usize> = columns
        .filter(|(_, at)| at.is_none())
        .map(|(j, _)| j)
        .collect();
    let rows = optimum.basis.rows.iter();
    let full = rows.filter_map(|&(i, _)| limit_of(Row(i))).map(|(k, _)| k);
    let full: BTreeSet<usize> = full.collect();
    let lmp = (0..system.bus_ids.len()).map(|bus| {
        full.iter().fold(optimum.rows[BALANCE.0], |lmp, &k| {
            let factor = system.ptdf(k)[bus];
            let sides = sides(k).into_iter();
            sides.fold(lmp, |lmp, row| lmp.plus(factor, &optimum.rows[row.0]))
        })
    });
    let mut cost = optimum.cost;
    cost.linear.value += system.no_load_usd_per_h();
    Dispatched {
        marginal: blocks.iter().map(|&j| whole.blocks[j]).collect(),
        lmp: lmp.collect(),
        full,
        blocks,
        cost,
    }
}

/// The edges of region `k` that have a neighbour, with what changes.
fn boundaries(whole: &Whole, held: &[Held], k: usize, edges: &[Edge]) -> Vec<Boundary> {
    let edges = edges.iter().filter_map(|edge| match edge.beyond {
        Beyond::Nothing => None,
        Beyond::Region(beyond) => Some(Boundary {
            from: edge.from,
            to: edge.to,
            beyond,
            changes: changes(whole, &edge.crosses, &held[k], &held[beyond]),
        }),
    });
    edges.collect()
}

/// What changes from one region to the next: lines, then who comes to an end, then who is marginal instead.
fn changes(whole: &Whole, crosses: &[Cross], here: &Held, there: &Held) -> Vec<Change> {
    let (Held::Dispatch(here), Held::Dispatch(there)) = (here, there) else {
        return vec![match there {
            Held::Dispatch(_) => Change::Something,
            Held::Nothing(_) => Change::Nothing,
        }];
    };
    let mut changes: Vec<Change> = Vec::new();
    changes.extend(there.full.difference(&here.full).map(|&k| Change::Full(k)));
    changes.extend(here.full.difference(&there.full).map(|&k| Change::Room(k)));
    let ended = |j: usize| {
        crosses.iter().find_map(|cross| match cross {
            Cross::Reaches(Limit::VarUpper(v)) if v.0 == j => Some(At::Upper),
            Cross::Reaches(Limit::VarLower(v)) if v.0 == j => Some(At::Lower),
            _ => None,
        })
    };
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    for &j in here.blocks.difference(&there.blocks) {
        let unit = whole.blocks[j];
        match ended(j) {
            _ if there.marginal.contains(&unit) => {}
            Some(at) => changes.push(Change::End(unit, end_of(whole, j, at))),
            None => gone.push(unit),
        }
    }
    for &j in there.blocks.difference(&here.blocks) {
        let unit = whole.blocks[j];
        match here.marginal.contains(&unit) {
            true => {
                // It comes from the block below, or from that above.
                let up = here
                    .blocks
                    .iter()
                    .any(|&k| whole.blocks[k] == unit && k < j);
                let at = if up { At::Lower } else { At::Upper };
                changes.push(Change::Block(unit, price(&whole.model, j, at)));
            }
            false => come.push(unit),
        }
    }
    let mut gone = gone.into_iter();
    changes.extend(come.into_iter().map(|unit| match gone.next() {
        Some(other) => Change::InPlace(unit, other),
        None => Change::Marginal(unit),
    }));
    match changes.is_empty() {
        true => vec![Change::Equal],
        false => changes,
    }
}

/// Where a unit comes to at the end of block `j`: to its own end where no block of a width lies beyond.
fn end_of(whole: &Whole, j: usize, at: At) -> End {
    let wide = |k: &usize| {
        let column = &whole.model.vars()[*k];
        *k != j && whole.blocks[*k] == whole.blocks[j] && column.lower < column.upper
    };
    let upper = at == At::Upper;
    let mut others = (0..whole.blocks.len()).filter(wide);
    match others.any(|k| (k > j) == upper) {
        true => End::Block(price(&whole.model, j, at), upper),
        false if upper => End::Maximum,
        false => End::Minimum,
    }
}

/// Marginal price of a block at one of its ends, $/MWh.
fn price(model: &Model, j: usize, at: At) -> f64 {
    let column = &model.vars()[j];
    let terms = model.quadratic_terms().iter();
    let bent: f64 = terms
        .filter(|(of, _, _)| of.0 == j)
        .map(|(_, _, q)| q)
        .sum();
    let end = match at {
        At::Lower => column.lower,
        At::Upper => column.upper,
    };
    match bent == 0.0 {
        true => column.cost,
        false => column.cost + 2.0 * bent * end,
    }
}
