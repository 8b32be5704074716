//! Intervals of prices below an interface whose price is an interval itself.
//!
//! An area sells its cleared export ê at the price of the interface. Where every price from μ⁻ to μ⁺ is
//! right there, it earns μ⁺ for the last MWh it exports and μ⁻ for the next:
//!
//! ```text
//! min Σ C p − μ⁻ u + μ⁺ d,   e − u + d = ê,   u, d ≥ 0
//! ```
//!
//! The multiplier of that row is any price between the two ends, so that the optimal prices of the buses are
//! all those that go with one of them. Over several periods the ends are those of each period by itself.
//!
//! Eq. `[mezghani2023]`(2.4).

use crate::opt::{DualFace, Failure, Model, SIMPLEX_COLUMNS, Solution, Var};

use super::prices::{AreaPrices, Prices};
use super::program::Program;
use super::system::System;
use crate::opt::diving;

/// Ends closer than this are one price, relative to 1 + the price.
const ONE_PRICE: f64 = 1e-6;

/// Least and greatest price of something, $/MWh.
type Ends = (f64, f64);

/// An area that sells its export at the price of its interface: the program, and its answer with the bids held.
pub struct Sold<'a> {
    pub area: usize,
    pub program: &'a Program,
    pub held: &'a Model,
    pub solution: &'a Solution,
}

/// The prices of an area with the intervals that the one of its interface brings.
pub fn widened(
    system: &System,
    sold: &Sold,
    export_mw: &[f64],
    above: &Prices,
    mut prices: Vec<AreaPrices>,
) -> Vec<AreaPrices> {
    let a = sold.area;
    let interface: Vec<Ends> = (0..system.periods)
        .map(|t| above.interface_interval(system, a, t))
        .collect();
    let known = interface.iter().all(|(low, high)| low <= high);
    let open = |&(low, high): &Ends| {
        let size = low.abs().max(high.abs());
        high - low > ONE_PRICE * (1.0 + size)
    };
    if !known || !interface.iter().any(open) {
        return prices;
    }
    let held = sold.held;
    let linear = held.cones().is_empty() && held.vars().len() <= SIMPLEX_COLUMNS;
    let found = if linear {
        face(system, sold, export_mw, &interface)
    } else {
        ends(system, sold, &interface)
    };
    // Without an answer the price at hand is all that is known.
    let Ok(found) = found else { return prices };
    for area in prices.iter_mut().filter(|area| area.area == a) {
        for (t, found) in found.iter().enumerate() {
            for (i, &(low, high)) in found.iter().enumerate() {
                // Functions with few points may not know the area's own price, which stays inside; where
                // nothing was determined before there is NaN, which `min` and `max` pass over.
                let at = area.lmp[t][i];
                let own = area.interval[t][i];
                area.interval[t][i] = (low.min(own.0).min(at), high.max(own.1).max(at));
            }
        }
    }
    prices
}

/// Export variables of the program's own area.
fn exports(program: &Program, a: usize) -> &[Var] {
    program.blocks[a].as_ref().map_or(&[], |b| &b.export)
}

/// From the face of optimal multipliers of the linear program above: by period and bus.
fn face(
    system: &System,
    sold: &Sold,
    export_mw: &[f64],
    interface: &[Ends],
) -> Result<Vec<Vec<Ends>>, Failure> {
    let (a, program) = (sold.area, sold.program);
    let mut model = sold.held.clone();
    // Without an end no price is too far: that way the export cannot go.
    let side = |price: f64| match price.is_finite() {
        true => (f64::INFINITY, price * system.hours),
        false => (0.0, 0.0),
    };
    for (t, &export) in exports(program, a).iter().enumerate() {
        let (next, last) = (side(interface[t].0), side(interface[t].1));
        model.set_cost(export, 0.0);
        let more = model.var("more export", 0.0, next.0, -next.1);
        let less = model.var("less export", 0.0, last.0, last.1);
        let terms = [(export, 1.0), (more, -1.0), (less, 1.0)];
        model.row("cleared export", terms, export_mw[t], export_mw[t]);
    }
    let solution = diving::priced(&model)?;
    let face = DualFace::new(&model, &solution.x)?;
    (0..system.periods)
        .map(|t| {
            (0..system.areas[a].buses.len())
                .map(|i| face.interval(&program.price_rows(system, a, t, i)))
                .collect()
        })
        .collect()
}

/// Between the prices at the two ends, where cones or their size keep a program from the simplex. At the
/// price cap there is no price of the area's own: that end is left out.
fn ends(system: &System, sold: &Sold, interface: &[Ends]) -> Result<Vec<Vec<Ends>>, Failure> {
    let (a, program) = (sold.area, sold.program);
    let cap = system.balancing.price_cap_usd_per_mwh * (1.0 - ONE_PRICE);
    let sold_at = |price: fn(&Ends) -> f64| -> Result<Vec<Vec<f64>>, Failure> {
        if interface.iter().any(|ends| price(ends).abs() >= cap) {
            return Err(Failure::Refused("a price at the cap".into()));
        }
        let mut model = sold.held.clone();
        for (export, ends) in exports(program, a).iter().zip(interface) {
            model.set_cost(*export, -price(ends) * system.hours);
        }
        let solution = diving::priced_near(&model, sold.solution)?;
        let duals = diving::duals(&solution)?;
        let periods = 0..system.periods;
        Ok(periods
            .map(|t| program.prices(system, duals, a, t))
            .collect())
    };
    let (low, high) = match (sold_at(|ends| ends.0), sold_at(|ends| ends.1)) {
        (Ok(low), Ok(high)) => (low, high),
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => (one.clone(), one),
        (Err(why), Err(_)) => return Err(why),
    };
    let pairs = low.iter().zip(&high);
    Ok(pairs
        .map(|(low, high)| {
            let buses = low.iter().zip(high);
            buses.map(|(x, y)| (x.min(*y), x.max(*y))).collect()
        })
        .collect())
}
